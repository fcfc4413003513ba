"""Field names: the names of columns that were too long for a shapefile.

Question   What were these fields called before a shapefile cut their names?
Enters     A shapefile's path, and the fields of its table.
Leaves     Field to name from the name map beside it, or a finding that it does not fit.
Elsewhere  Writing the map: present/shapefile. Reading the fields: read/shapefile.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.model.written import NAME_MAP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_BYTES: Final = 1 << 20


def long_names(path: Path, fields: Sequence[str]) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return field to column name, from the name map beside a shapefile; else nothing.

    Every field of the map has to be in the table, and every name to be new to it: another
    map than the table's own is told and left alone.
    """
    table = path.with_suffix(NAME_MAP)
    if path.suffix.lower() != ".shp" or not table.is_file():
        return {}, ()
    names = _read(table)
    kept = [field for field in fields if field not in names]
    whole = [*kept, *names.values()]
    if not names or not set(names) <= set(fields) or len(set(whole)) < len(whole):
        text = Text(
            zh=f"{table.name} 与字段不符，未用它恢复字段名。",
            en=f"{table.name} does not fit the fields; their names are left as they are.",
        )
        return {}, (Finding(code="name_map_unfit", text=text, severity="warning"),)
    text = Text(
        zh=f"按 {table.name} 恢复了 {len(names)} 个字段名。",
        en=f"{len(names)} field names were restored from {table.name}.",
    )
    return names, (Finding(code="names_restored", text=text, count=len(names)),)


def _read(table: Path) -> dict[str, str]:
    try:
        if table.stat().st_size > MOST_BYTES:
            return {}
        with table.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = csv.reader(stream)
    except (OSError, ValueError, csv.Error):
        return {}
    if head != ["field", "name"] or any(len(row) != len(head) for row in rows):
        return {}
    pairs = [(field.removeprefix("'"), name.removeprefix("'")) for field, name in rows]
    names = dict(pairs)
    sound = len(names) == len(pairs) and all(name and name.isprintable() for name in names.values())
    return names if sound else {}
