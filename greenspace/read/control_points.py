"""Control points: what a table of them says, cell by cell, before it is held against itself.

Question   Which column is north, which is east, and which line does each row belong to?
Enters     A table as CSV, Excel or Word, by `ControlPoints.write` or by others.
Leaves     Rows in whole mm with their places in the file, and the CRS that the file names.
Elsewhere  Cells of files: read/point_rows. Whether rings close: delimit/point_table.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenspace.errors import ColumnError, CrsError, InputError
from greenspace.model.control_points import FACTS, HEADS, PointTable
from greenspace.model.crs import GIVE_CRS, parse_crs
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.csv_columns import plain
from greenspace.read.csv_table import NUMBER
from greenspace.read.point_rows import read_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pyproj import CRS

    from greenspace.read.point_rows import Block

NAMES = {
    "line": {"线号", "绿线号", "绿线", "line", "lineid", "linenumber"},
    "ring": {"环", "圈号", "ring"},
    "order": {"顺序", "顺序号", "order", "seq"},
    "point": {"点", "控制点", "控制点号", "拐点号", "界址点号", "point", "pointid", "pointnumber"},
    "x": {"x", "x坐标", "纵坐标"},
    "y": {"y", "y坐标", "横坐标"},
    "edge_m": {"边长", "距离", "edge", "edgelength"},
    "length_m": {"周长", "perimeter"},
    "area_m2": {"面积", "area"},
}
NEEDED = ("line", "point", "x", "y")
MM = 1000
MOST_METRES, MOST_WHOLE = 10**8, 10**15
SMALLEST = Decimal("0.0001")  # of a mm: what a float of metres has in noise
LOOKED_AT = 60  # rows for the heads
EPSG = re.compile(r"\bEPSG:\d+")
WKT = re.compile(r"\b[A-Z]+\[.*\]$")


def read_point_table(path: Path | str, crs: Any = None) -> PointTable:
    """Read a table of control points, one row a corner.

    Raises
    ------
    InputError
        The file cannot be opened, or holds no such table or several.
    ColumnError
        A cell that is needed is empty or no number.
    CrsError
        The file names no CRS and none is given, or another than the one given.
    EncodingError
        Text that cannot be decoded.
    """
    blocks, told = read_blocks(path)
    block, at, roles = _the_table(blocks, path)
    heads, used = block.rows[at][1], sorted(roles.values())
    rows = [
        (row, cells) for row, cells in block.rows[at + 1 :] if not _is_aside(cells, heads, used)
    ]
    facts = _facts(block, at)
    cells = _Cells(rows, roles, path)
    table = pd.DataFrame({"row": [row for row, _ in rows]})
    table["line"] = cells.texts("line")
    table["ring"] = cells.wholes("ring") if "ring" in roles else 0
    if "order" in roles:
        table["order"] = cells.wholes("order")
    table["point"] = cells.wholes("point")
    for role in ("x", "y"):
        table[role] = cells.millimetres(role)
    for role in ("edge_m", "length_m", "area_m2"):
        table[role] = cells.amounts(role)
    if table.empty:
        raise InputError("控制点表没有行。", "The table has no rows.", remedy=OURS, file=path)
    found = [*told, *cells.findings]
    counts = {key: _count(facts.get(key, ())) for key in ("lines", "points")}
    return PointTable(
        rows=table, crs=_crs(facts.get("crs", ()), crs, path), findings=tuple(found), **counts
    )


OURS = Text(
    zh="一行一点，表头为：绿线编号、环号、序号、点号、X（北）、Y（东）、边长（m）；可用 "
    "gs.control_points(...).write 写一份对照。",
    en="One row a point under the heads: Green line, Ring, Order, Point, X (north), Y (east), "
    "Edge (m); compare what gs.control_points(...).write makes.",
)


def _the_table(blocks: Sequence[Block], path: Path | str) -> tuple[Block, int, dict[str, int]]:
    """Return the one block with a row of heads, that row, and the columns by what they are."""
    found = [
        (block, at, roles)
        for block in blocks
        for at, roles in [_heads(block)]
        if set(NEEDED) <= set(roles)
    ]
    if len(found) == 1:
        _require_single(*found[0], path)
        return found[0]
    known = [_heads(block)[1] for block in blocks]
    lacking = [role for role in NEEDED if all(role not in roles for roles in known)]
    said = "、".join(HEADS[role].zh for role in lacking or NEEDED)
    en = ", ".join(HEADS[role].en for role in lacking or NEEDED)
    problem = Text(zh=f"表中找不到列：{said}。", en=f"No row of heads has these columns: {en}.")
    if found:
        problem = Text(
            zh=f"有 {len(found)} 张表都像控制点表。",
            en=f"Sheets that look like the table: {len(found)}.",
        )
    raise InputError(
        problem.zh,
        problem.en,
        remedy=OURS,
        file=path,
        expected=NEEDED,
        found=tuple(block.name for block, _, _ in found) or tuple(lacking),
    )


def _require_single(block: Block, at: int, roles: dict[str, int], path: Path | str) -> None:
    """Refuse heads of which two mean one column."""
    cells = block.rows[at][1]
    twice = [
        cell for spot, cell in enumerate(cells) if role_of(cell) and spot not in roles.values()
    ]
    if twice:
        raise ColumnError(
            f"表头重复：{twice[0]}，无法得知指哪一列。",
            f"Two heads mean one column, and nothing tells which counts: {twice[0]}.",
            remedy=Text(zh="请删去或改名其中一列。", en="Remove or rename one of them."),
            file=path,
            column=str(twice[0]),
            found=tuple(map(str, cells)),
        )


def _heads(block: Block) -> tuple[int, dict[str, int]]:
    """Return the row of heads: that which has the most columns that are known."""
    best: tuple[int, dict[str, int]] = (0, {})
    for at, (_, cells) in enumerate(block.rows[:LOOKED_AT]):
        roles: dict[str, int] = {}
        for spot, cell in enumerate(cells):
            role = role_of(cell)
            if role is not None:
                roles.setdefault(role, spot)
        if len(roles) > len(best[1]):
            best = (at, roles)
    return best


def role_of(cell: Any) -> str | None:
    """Return what a head calls its column; a direction in it decides between x and y.

    Examples
    --------
    >>> role_of("X（北）"), role_of("X(East)"), role_of("边长（m）"), role_of("备注")
    ('x', 'y', 'edge_m', None)
    """
    if not isinstance(cell, str):
        return None
    name = plain(cell)
    for role, texts in HEADS.items():
        known = {plain(texts.zh), plain(texts.en), *NAMES[role]}
        if role in {"x", "y"}:
            continue
        if name in known:
            return role
    return _axis(unicodedata.normalize("NFKC", cell).casefold(), name)


def _axis(cell: str, name: str) -> str | None:
    north, east = ("北" in cell or "north" in cell), ("东" in cell or "east" in cell)
    bare = next((role for role in ("x", "y") if name in NAMES[role]), None)
    named = name in {"北坐标", "东坐标", "north", "northing", "east", "easting"}
    if bare is None and not named:
        return None
    if north != east:
        return "x" if north else "y"
    return bare


def _is_aside(cells: tuple[Any, ...], heads: tuple[Any, ...], used: Sequence[int]) -> bool:
    """Return whether a row is empty in the columns that are used, or says the heads again."""
    filled = [at for at in used if at < len(cells) and cells[at] not in (None, "")]
    return all(cells[at] == heads[at] for at in filled)


def _facts(block: Block, at: int) -> dict[str, tuple[Any, ...]]:
    """Return what stands above the table, by what it is."""
    known = {label: key for key, text in FACTS.items() for label in (text.zh, text.en)}
    facts: dict[str, tuple[Any, ...]] = {}
    for _, cells in block.rows[:at]:
        label = known.get(str(cells[0]).strip()) if cells else None
        if label is not None:
            facts[label] = tuple(cell for cell in cells[1:] if cell not in (None, ""))
    return facts


def _count(cells: tuple[Any, ...]) -> int | None:
    text = name_of(cells[0]) if cells else ""
    return int(text) if text.isdecimal() else None


def _crs(said: tuple[Any, ...], asked: Any, path: Path | str) -> CRS:
    texts = [str(cell) for cell in said]
    codes = [found[0] for text in texts if (found := EPSG.search(text))]
    words = codes or [found[0] for text in texts if (found := WKT.search(text))]
    there = parse_crs(words[0]) if words else None
    given = None if asked is None else parse_crs(asked)
    chosen = given if there is None else there
    if chosen is None:
        raise CrsError(
            "控制点表没有写坐标系。",
            "The table names no CRS.",
            remedy=GIVE_CRS,
            file=path,
        )
    if given is not None and chosen != given:
        raise CrsError(
            f"控制点表写的坐标系是 {chosen.name}，而不是 {given.name}。",
            f"The table says that it is in {chosen.name}, not in {given.name}.",
            remedy=Text(
                zh="请去掉 crs；读入后再用 gs.control_points(…, crs=…) 换带。",
                en="Leave crs out; lead to another zone with gs.control_points(..., crs=...) then.",
            ),
            file=path,
            expected=given.name,
            found=chosen.name,
        )
    return chosen


@dataclass(slots=True)
class _Cells:
    """The cells of the table by their columns, with what had to be told of them."""

    rows: list[tuple[object, tuple[Any, ...]]]
    roles: dict[str, int]
    path: Path | str
    findings: tuple[Finding, ...] = ()

    def texts(self, role: str) -> list[str]:
        """Return names; an empty cell is refused, since nothing says that it means the one above."""
        return self._each(
            role,
            name_of,
            Text(
                "一个名称（合并的单元格请拆开填满）", "a name (split merged cells, and fill them)"
            ),
        )

    def wholes(self, role: str) -> list[int]:
        """Return whole numbers."""
        return self._each(role, _whole, Text("整数", "a whole number"))

    def millimetres(self, role: str) -> list[int]:
        """Return metres as whole mm, told where they had more decimals."""
        exact = self._each(role, _metres, Text("以米计的十进制数", "a decimal number of metres"))
        whole = [int((value * MM).to_integral_value()) for value in exact]
        rows = [
            row
            for (row, _), value, mm in zip(self.rows, exact, whole, strict=True)
            if abs(value * MM - mm) > SMALLEST
        ]
        if rows:
            text = Text(
                zh=f"{HEADS[role].zh} 有 {len(rows)} 个坐标不止三位小数，已取至毫米。",
                en=f"Coordinates of {HEADS[role].en} with more than three decimals, rounded to "
                f"mm: {len(rows)}.",
            )
            self.findings += (
                Finding(
                    code="control_points_rounded",
                    text=text,
                    severity="warning",
                    rows=tuple(rows),
                    count=len(rows),
                ),
            )
        return whole

    def amounts(self, role: str) -> list[float]:
        """Return numbers, NaN where there are none."""
        if role not in self.roles:
            return [float("nan")] * len(self.rows)
        found = self._each(role, _amount, Text("数，或留空", "a number, or nothing"))
        return [float(value) for value in found]

    def _each(self, role: str, understood: Callable[[Any], Any], expected: Text) -> list[Any]:
        spot = self.roles[role]
        cells = [cells[spot] if spot < len(cells) else None for _, cells in self.rows]
        values = [understood(cell) for cell in cells]
        wrong = [at for at, value in enumerate(values) if value is None or value == ""]
        if wrong:
            raise ColumnError(
                f"{HEADS[role].zh} 有 {len(wrong)} 个单元格读不出：{cells[wrong[0]]!r}。",
                f"Cells of {HEADS[role].en} that cannot be read: {len(wrong)}, "
                f"{cells[wrong[0]]!r} first.",
                remedy=Text(zh=f"请填{expected.zh}。", en=f"Write {expected.en}."),
                file=self.path,
                column=HEADS[role].zh,
                rows=self._names(wrong),
                expected=expected.en,
                found=cells[wrong[0]],
            )
        return values

    def _names(self, places: Iterable[int]) -> list[object]:
        return [self.rows[at][0] for at in places]


def _decimal(cell: Any) -> Decimal | None:
    """Return a number as it is written, as a cell or as text."""
    if isinstance(cell, bool) or cell is None:
        return None
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    return Decimal(text) if re.fullmatch(NUMBER, text) else None


def _metres(cell: Any) -> Decimal | None:
    value = _decimal(cell)
    return None if value is None or abs(value) >= MOST_METRES else value


def _whole(cell: Any) -> int | None:
    value = _decimal(cell)
    if value is None or not 0 <= value < MOST_WHOLE or value != value.to_integral_value():
        return None
    return int(value)


def _amount(cell: Any) -> Decimal | None:
    return Decimal("nan") if cell in (None, "") else _decimal(cell)
