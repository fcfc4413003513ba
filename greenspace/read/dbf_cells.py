"""DBF cells: numbers and dates that stand as text, held to their form before anybody reads them.

Question   Is every number of this table a number as it stands, and every date a day?
Enters     The header of a .dbf, and the names of its fields.
Leaves     How many numbers are asterisks; a refusal of what would be read as another number.
Elsewhere  The bytes: read/dbf. Reading the values: GDAL, through read/ogr.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from greenspace.errors import ColumnError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from greenspace.read.dbf import DbfField, DbfTable

NUMBERS, DATE = "NF", "D"
WHOLE_BELOW = 19  # GDAL reads a number without decimals, in a narrower field, as a whole one
EMPTY = rb"[ \0]*|[ \0]*\*+[ \0]*"
WHOLE = re.compile(rb" *[+-]?\d+(\.0*)?[ \0]*|" + EMPTY)
REAL = re.compile(
    rb" *[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)[ \0]*|" + EMPTY, re.IGNORECASE
)
NO_DAY = re.compile(rb"[ \0]*|0+[ \0]*|\*+")
EIGHT_DIGITS = re.compile(rb"\d{8}")
SHOWN = 3
AS_NUMBERS = Text(
    zh="请在 GIS 软件或表格软件中改成普通数字（如 24240 或 12.5：不带千分位、单位或逗号小数点）后另存。",
    en="Write plain numbers (24240, 12.5: no thousands separator, unit or decimal comma) "
    "and save it anew.",
)
AS_DAYS = Text(
    zh="请改成 年月日 八位数字（如 20260501）或清空，再另存。",
    en="Write eight digits, year, month and day (20260501), or nothing, and save it anew.",
)


def require_cells(table: DbfTable, names: Sequence[str], path: Path) -> None:
    """Refuse a table in which a number or a date is not what its field says.

    GDAL would read ``24,240`` as 24 and ``12abc`` as 12.

    Raises
    ------
    ColumnError
        A cell is neither empty nor a number, or a day, of its field.
    """
    for field, name in zip(table.fields, names, strict=True):
        if field.kind in NUMBERS:
            form = WHOLE if field.decimals == 0 and field.width < WHOLE_BELOW else REAL
            _require(table, field, name, path, form.fullmatch)
        elif field.kind == DATE:
            _require(table, field, name, path, _is_day)


def asterisks(table: DbfTable) -> int:
    """Return how many numbers stand as asterisks."""
    fields = [field for field in table.fields if field.kind in NUMBERS]
    return sum(table.starred(field) for field in fields)


def _require(
    table: DbfTable, field: DbfField, name: str, path: Path, is_right: Callable[[bytes], object]
) -> None:
    cells = table.cells(field)
    wrong = {cell for cell in set(cells) if not is_right(cell)}
    if not wrong:
        return
    rows = [row for row, cell in enumerate(cells) if cell in wrong]
    found = tuple(dict.fromkeys(ascii(_shown(cells[row])) for row in rows))[:SHOWN]
    day = field.kind == DATE
    kind_zh, kind_en = ("日期", "dates") if day else ("数字", "numbers")
    if not day and field.decimals == 0:
        kind_zh, kind_en = "该字段的数字", "numbers of this field"
    raise ColumnError(
        f"字段 {name} 有 {len(rows)} 个值不是{kind_zh}：{'、'.join(found)}。",
        f"Values of {name} that are no {kind_en}: {len(rows)} ({', '.join(found)}).",
        remedy=AS_DAYS if day else AS_NUMBERS,
        file=path,
        layer=path.stem,
        column=name,
        rows=rows,
        found=found,
    )


def _shown(cell: bytes) -> str:
    return cell.decode("ascii", "replace").strip(" \0")


def _is_day(cell: bytes) -> bool:
    if NO_DAY.fullmatch(cell):
        return True
    if EIGHT_DIGITS.fullmatch(cell) is None:
        return False
    try:
        date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
    except ValueError:
        return False
    return True
