"""Print the commands of one marked block of README.md, as a script for bash.

A block is marked by an HTML comment on a line of its own, ``<!-- ci:NAME -->``, and is the next
fenced block, ``console`` (lines that begin with ``$`` are commands, with ``>`` they go on, the
rest is output) or ``bash`` (every line is a command).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

BLOCK = r"<!-- ci:{} -->\s*\n```(console|bash)\n(.*?)\n```"


def commands(text: str, name: str) -> list[str]:
    """Return the commands of the block, in their order."""
    found = re.search(BLOCK.format(re.escape(name)), text, re.DOTALL)
    if found is None:
        sys.exit(f"README.md has no console or bash block marked <!-- ci:{name} -->")
    kind, body = found.groups()
    lines = body.splitlines()
    if kind == "console":
        lines = [line[1:].strip() for line in lines if line.startswith(("$", ">"))]
    lines = [line for line in lines if line.strip()]
    if not lines:
        sys.exit(f"The block marked <!-- ci:{name} --> in README.md holds no command")
    return lines


if __name__ == "__main__":
    readme = Path(__file__).resolve().parents[1] / "README.md"
    print("\n".join(commands(readme.read_text(encoding="utf-8"), sys.argv[1])))
