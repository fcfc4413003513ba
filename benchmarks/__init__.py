"""Figures that the project promises, measured side by side: ``python -m benchmarks``."""
