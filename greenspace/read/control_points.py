"""Control points: what a table of them says, cell by cell, before it is held against itself.

Question   Which column is north, which is east, and which line does each row belong to?
Enters     A table as CSV, Excel or Word, by `ControlPoints.write` or by others.
Leaves     Rows in whole mm with their places in the file, and the CRS that the file names.
Elsewhere  Cells of files: read/point_rows. Above the heads: read/point_head. Whether rings close: delimit/point_table.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenspace.errors import ColumnError, InputError
from greenspace.model.control_points import HEADS, PointTable
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.csv_columns import plain
from greenspace.read.csv_table import NUMBER
from greenspace.read.point_head import count_of, crs_of_table, facts_of
from greenspace.read.point_rows import read_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from greenspace.read.point_rows import Block

NAMES = {
    "line": {"线号", "绿线号", "绿线", "line", "lineid", "linenumber"},
    "ring": {"环", "圈号", "ring"},
    "order": {"顺序", "顺序号", "order", "seq"},
    "point": {"点", "控制点", "控制点号", "拐点号", "界址点号", "point", "pointid", "pointnumber"},
    "x": {"x", "x坐标", "纵坐标", "纵坐标x", "x纵坐标"},  # surveyors' X is up the page
    "y": {"y", "y坐标", "横坐标", "横坐标y", "y横坐标"},
    "edge_m": {"边长", "距离", "edge", "edgelength"},
    "length_m": {"周长", "perimeter"},
    "area_m2": {"面积", "area"},
}
DIRECTIONS = {
    *("北坐标", "北坐标x", "x北坐标", "north", "northing"),
    *("东坐标", "东坐标y", "y东坐标", "east", "easting"),
}
PREFIXED = re.compile(r"([A-Za-z])(\d+)")  # J12, as cadastral tables number corners
NEEDED = ("line", "point", "x", "y")
MM = 1000
MOST_METRES, MOST_WHOLE = 10**8, 10**15
SMALLEST = Decimal("0.0001")  # of a mm: what a float of metres has in noise
LOOKED_AT = 60  # rows for the heads


def read_point_table(path: Path | str, crs: Any = None) -> PointTable:
    """Read a table of control points, one row a corner.

    Raises
    ------
    InputError
        The file cannot be opened, or holds no such table or several.
    ColumnError
        A cell that is needed is empty or no number.
    CrsError
        The file names no CRS and none is given, another than the one given, or contradicts itself.
    EncodingError
        Text that cannot be decoded.
    """
    blocks, told = read_blocks(path)
    block, at, roles = _the_table(blocks, path)
    heads, used = block.rows[at][1], sorted(roles.values())
    rows = [
        (row, cells) for row, cells in block.rows[at + 1 :] if not _is_aside(cells, heads, used)
    ]
    facts = facts_of(block.rows[:at])
    cells = _Cells(rows, roles, path)
    cells.require_points()
    table = pd.DataFrame({"row": [row for row, _ in rows]})
    table["line"] = cells.texts("line")
    table["ring"] = cells.wholes("ring") if "ring" in roles else 0
    if "order" in roles:
        table["order"] = cells.wholes("order")
    table["point"] = cells.numbers("point")
    for role in ("x", "y"):
        table[role] = cells.millimetres(role)
    for role in ("edge_m", "length_m", "area_m2"):
        table[role] = cells.amounts(role)
    if table.empty:
        raise InputError("控制点表没有行。", "The table has no rows.", remedy=OURS, file=path)
    found = [*told, *cells.findings, *_one_ring(roles, table)]
    counts = {key: count_of(facts.get(key, ())) for key in ("lines", "points")}
    return PointTable(
        rows=table, crs=crs_of_table(facts, crs, path), findings=tuple(found), **counts
    )


def _one_ring(roles: dict[str, int], table: pd.DataFrame) -> tuple[Finding, ...]:
    """Tell that holes of a table without rings would have been drawn into the outer ring."""
    if "ring" in roles:
        return ()
    count = table["line"].nunique()
    text = Text(
        zh=f"表中没有环号：{count} 条绿线各按一个环读出；有洞的绿线会把洞的点连进外环，请与批准的面积核对，"
        "或加上环号（外环 0、洞 1 起）。",
        en=f"The table has no column Ring: {count} lines were read as one ring each. Corners of a "
        "hole would be drawn into the outer ring: compare the areas with those approved, or add "
        "the column (outer ring 0, holes from 1).",
    )
    return (
        Finding(code="control_points_one_ring", text=text, severity="warning", count=int(count)),
    )


OURS = Text(
    zh="一行一点，表头为：绿线编号、环号、序号、点号、X（北）、Y（东）、边长（m）；可用 "
    "gs.control_points(...).write 写一份对照。",
    en="One row a point under the heads: Green line, Ring, Order, Point, X (north), Y (east), "
    "Edge (m); compare what gs.control_points(...).write makes.",
)


NUMBERS = Text(
    zh="点号须为全市统一的整数；可带同一个字母（J1、J2……）。",
    en="Points have whole numbers, each once in the city; one letter may stand before all (J1, J2).",
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
    named = name in DIRECTIONS
    if bare is None and not named:
        return None
    if north != east:
        return "x" if north else "y"
    return bare


def _is_aside(cells: tuple[Any, ...], heads: tuple[Any, ...], used: Sequence[int]) -> bool:
    """Return whether a row is empty in the columns that are used, or says the heads again."""
    filled = [at for at in used if at < len(cells) and cells[at] not in (None, "")]
    return all(cells[at] == heads[at] for at in filled)


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
        letter = Text(
            "整数，或同一字母加整数（J1）", "a whole number, with one letter before all or none"
        )
        whole = Text("整数", "a whole number")
        return self._each(role, _whole, letter if role == "point" else whole)

    def numbers(self, role: str) -> list[int]:
        """Return whole numbers, without a letter that all of them begin with, which is told."""
        spot = self.roles[role]
        texts = [str(cells[spot]).strip() if spot < len(cells) else "" for _, cells in self.rows]
        found = [PREFIXED.fullmatch(unicodedata.normalize("NFKC", text)) for text in texts]
        letters = {match[1] for match in found if match}
        if not letters:
            return self.wholes(role)
        if len(letters) > 1 or not all(found):
            raise ColumnError(
                f"{HEADS[role].zh} 的字母不一致：有的点号带 {min(letters)}，有的不带或带别的字母。",
                f"{HEADS[role].en}: some numbers begin with {min(letters)}, others do not.",
                remedy=NUMBERS,
                file=self.path,
                column=HEADS[role].zh,
                rows=self._names(at for at, match in enumerate(found) if not match),
                found=tuple(sorted(letters)),
            )
        letter = letters.pop()
        text = Text(
            zh=f"点号前的字母 {letter} 没有保留（{letter}1 读作 1）。",
            en=f"The letter {letter} before the numbers of points was left out: {letter}1 is 1.",
        )
        self.findings += (
            Finding(code="control_points_letter", text=text, severity="warning", count=len(found)),
        )
        return [int(match[2]) for match in found if match]

    def require_points(self) -> None:
        """Refuse rows that are no points, such as a note or signatures below the table."""
        spots = [self.roles[role] for role in ("point", "x", "y")]
        notes = [
            at
            for at, (_, cells) in enumerate(self.rows)
            if not any(_has_digit(cells[spot]) for spot in spots if spot < len(cells))
        ]
        if notes:
            said = " ".join(str(cell) for cell in self.rows[notes[0]][1] if cell not in (None, ""))
            raise ColumnError(
                f"有 {len(notes)} 行没有点号和坐标，不是控制点：{said}。",
                f"Rows with neither a point's number nor coordinates: {len(notes)}; {said}.",
                remedy=Text(
                    zh="备注、签字和小计请移到表外或删去这些行；少填的坐标请补上。",
                    en="Move notes, signatures and sums out of the table, or delete these rows; "
                    "fill in coordinates that are missing.",
                ),
                file=self.path,
                rows=self._names(notes),
                expected="a point a row",
                found=said,
            )

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


def _has_digit(cell: Any) -> bool:
    return any(sign.isdigit() for sign in str(cell))


def _whole(cell: Any) -> int | None:
    value = _decimal(cell)
    if value is None or not 0 <= value < MOST_WHOLE or value != value.to_integral_value():
        return None
    return int(value)


def _amount(cell: Any) -> Decimal | None:
    return Decimal("nan") if cell in (None, "") else _decimal(cell)
