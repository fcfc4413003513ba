"""Refuse a copyleft licence among what ``pip install greenspace`` and its extras bring along.

Reads the metadata of the installed packages, from greenspace downwards through the
requirements that hold on this machine. The extras are those that users install; what only
the tests, the documentation or the development needs is left out.
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
LINKED = "LGPL; imported unchanged from its own package, in the extra postgis alone"
ADMITTED = {"psycopg": LINKED, "psycopg-binary": LINKED}
# The MPL-2.0 (certifi, tqdm) asks only for changes to its own files; it is let through.
EXTRAS = ("interactive", "osm", "parquet", "postgis", "scale")
LONGEST_NAME = 80


def runtime(
    name: str, extras: tuple[str, ...], seen: dict[tuple[str, str], Distribution]
) -> dict[str, Distribution]:
    """Add a package and everything that it requires, with the extras that are asked for."""
    for extra in ("", *extras):
        key = (canonicalize_name(name), extra)
        if key in seen:
            continue
        try:
            seen[key] = distribution(name)
        except PackageNotFoundError:
            sys.exit(f"{name} is required and not installed")
        for line in seen[key].requires or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                runtime(wanted.name, tuple(sorted(wanted.extras)), seen)
    return {name: package for (name, _), package in seen.items()}


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
    for name, package in sorted(runtime("greenspace", EXTRAS, {}).items()):
        stated = licence(package)
        refused = not stated or REFUSED.search(stated) is not None
        admitted = ADMITTED.get(name) if refused else None
        bad += refused and admitted is None
        remark = f"  admitted: {admitted}" if admitted else "  REFUSED" if refused else ""
        print(f"{name:<24}{stated or 'no licence stated'}{remark}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
