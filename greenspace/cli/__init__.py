"""The command line: words in, a table or a folder out, and an exit code."""

from greenspace.cli.root import app, main

__all__ = ["app", "main"]
