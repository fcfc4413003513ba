"""Approved lines: green lines that stand already, read as they are.

Question   Which lines has the city approved, and are they closed, valid and apart?
Enters     A layer of polygons or closed lines with number, status, class and name.
Leaves     `GreenLines` without limits: nothing was drawn anew.
Elsewhere  Drawing lines around parcels: delimitation. What was built in them: guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.class_codes import coded_table
from greenspace.delimit.fabric import on_grid
from greenspace.delimit.line_checks import line_checks, overlapping
from greenspace.delimit.line_tables import changes_ledger, lines_ledger
from greenspace.errors import ColumnError
from greenspace.model.crs import parse_crs
from greenspace.model.green_line import COLUMNS, GreenLines
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.closed_lines import closed_lines
from greenspace.prepare.line_columns import line_columns
from greenspace.prepare.lines import lines_and_polygons
from greenspace.prepare.ready import Ready

if TYPE_CHECKING:
    from greenspace.prepare.repair import Layer

TOLERANCE_M = 0.5
LAYER = "green_lines"


def approved_lines(
    approved: Layer,
    *,
    edition: str | None = None,
    tolerance_m: float = TOLERANCE_M,
    crs: Any = None,
) -> GreenLines:
    """Take green lines as they were approved (已批准的绿线).

    Nothing is moved but to whole millimetres. Lines that were drawn as lines are closed where
    their ends lie within `tolerance_m`; a line inside another one of its status is taken out of it.

    Parameters
    ----------
    approved
        Polygons or closed lines; columns ``number``, ``status`` (existing without it), ``category``,
        ``class``, ``name``, as far as there are any.
    edition
        Of CJJ/T 85; demanded where there are class codes.
    tolerance_m
        How far the ends of a line may be apart.
    crs
        CRS of the lines; default: that of the layer where it may measure.

    Returns
    -------
    GreenLines
        `limits` is ``None``; the checks say what does not hold.

    Raises
    ------
    GeometryError
        A line does not close.
    ColumnError
        Codes without an edition, a status that is not known, or a number that stands twice.
    CrsError
        The layer has no CRS, or none that may measure.

    References
    ----------
    docs/explanation/green_lines.md; standards: order 112 (2002) and GB/T 51163-2016

    Examples
    --------
    >>> drawn = gpd.GeoDataFrame({"number": ["7"], "status": ["现状"]},
    ...     geometry=[shapely.box(500_000, 0, 500_030, 20).exterior], crs=4547)
    >>> lines = approved_lines(drawn)
    >>> lines.lines[["number", "status", "area_m2"]].values.tolist()
    [['7', 'existing', 600.0]]
    """
    shut, told = closed_lines(approved, LAYER, tolerance_m=tolerance_m)
    ready = Ready(None if crs is None else parse_crs(crs), shut, LAYER)
    frame = ready.layer(shut, LAYER, overlaps=False)
    rows = coded_rows(frame, LAYER, status=None, edition=edition, category="other")
    rows["number"] = _numbers(frame)
    drawn = lines_and_polygons(approved, LAYER)[0].index
    nested, noticed = _without_nested(frame, rows, frame.index.isin(drawn))
    shapes, row = shapely.get_parts(on_grid(nested), return_index=True)
    several = np.bincount(row, minlength=len(rows))
    table = rows.iloc[row].reset_index(drop=True)
    turn = pd.Series(row).groupby(row).cumcount().to_numpy() + 1
    table["number"] = [
        f"{number}-{part}" if number and several[at] > 1 else number
        for number, part, at in zip(table["number"], turn, row, strict=True)
    ]
    table["number"] = _filled(table["number"].tolist())
    lines = lines_frame(table, shapes, ready.crs)
    parks = lines[["category", "geometry"]][:0]
    return GreenLines(
        lines=lines,
        changes=changes_ledger(None, []),
        limits=None,
        checks=line_checks(lines, parks, tolerance_m=tolerance_m)[:-1],
        findings=(*told, *ready.findings, *noticed),
        sources=ready.sources,
        ledgers=(lines_ledger(lines),),
    )


def lines_frame(table: pd.DataFrame, shapes: Any, crs: Any) -> gpd.GeoDataFrame:
    """Return the rows of `GreenLines` from their words and polygons."""
    facts = {"area_m2": shapely.area(shapes), "length_m": shapely.length(shapes)}
    return gpd.GeoDataFrame(table.assign(**facts)[list(COLUMNS)], geometry=shapes, crs=crs)


def coded_rows(
    frame: gpd.GeoDataFrame, layer: str, *, status: str | None, edition: str | None, category: str
) -> pd.DataFrame:
    """Return status, category, class and name of each row, codes held against their edition.

    Raises
    ------
    ColumnError
        There are codes and no edition, or as in `coded_table` and `line_columns`.
    """
    coded = "class" in frame.columns and frame["class"].notna().any()
    if coded and edition is None:
        raise ColumnError(
            f"{layer} 有分类代码，却没有说明 CJJ/T 85 的版本。",
            f"{layer} has class codes, but the edition of CJJ/T 85 is not named.",
            remedy=Text(
                zh='请写 edition="2002" 或 edition="2017"：G2、G3 在两版中含义不同。',
                en='Pass edition="2002" or edition="2017": G2 and G3 differ between the two.',
            ),
            layer=layer,
            column="class",
            expected=("2002", "2017"),
        )
    if coded:
        coded_table(frame, str(edition), layer)
    return line_columns(
        frame, layer, status=status, edition=edition if coded else None, category=category
    )


def _numbers(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the number of each row, "" where it has none; a number that stands twice is refused."""
    if "number" not in frame.columns:
        return [""] * len(frame)
    cells = ["" if pd.isna(cell) else str(cell).strip() for cell in frame["number"]]
    written = pd.Series(cells, index=frame.index)
    twice = (written != "") & written.duplicated(keep=False)
    if twice.any():
        found = tuple(dict.fromkeys(written[twice]))
        raise ColumnError(
            f"绿线编号重复：{'、'.join(found[:5])}。",
            f"Numbers of lines stand twice: {', '.join(found[:5])}.",
            remedy=Text(zh="请给每条绿线唯一的编号。", en="Give every line a number of its own."),
            layer=LAYER,
            column="number",
            rows=frame.index[twice],
            found=found,
        )
    return cells


def _filled(numbers: list[str]) -> list[str]:
    """Return numbers with free ones for those that are missing."""
    taken, free = set(numbers), 0
    found = []
    for number in numbers:
        own = number
        while not own:
            free += 1
            own = f"L{free:03d}" if f"L{free:03d}" not in taken else ""
        taken.add(own)
        found.append(own)
    return found


def _without_nested(
    frame: gpd.GeoDataFrame, rows: pd.DataFrame, drawn: Any
) -> tuple[Any, tuple[Finding, ...]]:
    """Return the ground of lines less that of lines of the same status inside them."""
    shapes = frame.geometry.to_numpy().copy()
    status = rows["status"].to_numpy()
    left, right, _ = overlapping(shapes)
    pairs = np.concatenate((np.column_stack((left, right)), np.column_stack((right, left))))
    outer, inner = pairs[drawn[pairs[:, 0]] & (status[pairs[:, 0]] == status[pairs[:, 1]])].T
    within = shapely.contains(shapes[outer], shapes[inner])
    within &= shapely.area(shapes[outer]) > shapely.area(shapes[inner])
    outer, inner = outer[within], inner[within]
    if not len(outer):
        return shapes, ()
    whole = shapes.copy()
    for spot in np.unique(outer):
        holes = shapely.union_all(whole[inner[outer == spot]])
        shapes[spot] = shapely.difference(whole[spot], holes)
    text = Text(
        zh=f"{len(np.unique(outer))} 条绿线内套有绿线，内部已挖去。",
        en=f"Lines with lines of their status inside, which were taken out: {len(np.unique(outer))}.",
    )
    found = frame.index[np.unique(outer)]
    finding = Finding(
        code="nested_lines", text=text, layer=LAYER, rows=tuple(found), count=len(found)
    )
    return shapes, (finding,)
