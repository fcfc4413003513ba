"""Say whether an advisory service answered a pip-audit run, and report what it knew.

``audited.py FILE`` exits 0 where at least one package was looked up, else 1; with ``--report``
it prints each known vulnerability and exits 1 where there is one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(file: str, *options: str) -> int:
    """Read pip-audit's JSON."""
    path = Path(file)
    if not path.is_file() or not path.read_text(encoding="utf-8").strip():
        return 1
    packages = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    answered = [package for package in packages if "skip_reason" not in package]
    if "--report" not in options:
        return 0 if answered else 1
    known = [(package, hole) for package in answered for hole in package["vulns"]]
    for package, hole in known:
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}")
    print(f"{len(answered)} packages looked up, {len(packages) - len(answered)} not known there")
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
