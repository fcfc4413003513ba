"""The only room that opens a file for reading."""
