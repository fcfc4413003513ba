"""The made-up sample city."""
