"""Refuse a copyleft licence among what ``pip install greenspace`` brings along.

Reads the metadata of the installed packages, from greenspace downwards through the
requirements that hold on this machine (extras are left out: they are not shipped).
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REFUSED = re.compile(r"GPL|General Public License|Affero")
# Never the GPL or AGPL. An LGPL library, or a choice that offers another licence, is entered
# here with its reason.
ADMITTED: dict[str, str] = {}
LONGEST_NAME = 80


def runtime(name: str, seen: dict[str, Distribution]) -> dict[str, Distribution]:
    """Add a package and everything that it requires without an extra."""
    key = canonicalize_name(name)
    if key in seen:
        return seen
    try:
        seen[key] = distribution(name)
    except PackageNotFoundError:
        sys.exit(f"{name} is required and not installed")
    for line in seen[key].requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            runtime(requirement.name, seen)
    return seen


def licence(package: Distribution) -> str:
    """Return what a package says of its licence: expression, classifiers, or first line."""
    meta = package.metadata
    expression = meta.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in meta.get_all("Classifier") or ()
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    first = next(iter((meta.get("License") or "").strip().splitlines()), "")[:LONGEST_NAME]
    return " / ".join([*classifiers, first] if first else classifiers)


def main() -> int:
    """Print one line a package; 1 where a licence is refused or not stated."""
    bad = 0
    for name, package in sorted(runtime("greenspace", {}).items()):
        stated = licence(package)
        refused = not stated or REFUSED.search(stated) is not None
        admitted = ADMITTED.get(name) if refused else None
        bad += refused and admitted is None
        remark = f"  admitted: {admitted}" if admitted else "  REFUSED" if refused else ""
        print(f"{name:<24}{stated or 'no licence stated'}{remark}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
