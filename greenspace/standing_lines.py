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
from greenspace.delimit.line_checks import line_checks
from greenspace.delimit.line_tables import changes_ledger, lines_ledger
from greenspace.errors import ColumnError
from greenspace.model.crs import parse_crs
from greenspace.model.green_line import COLUMNS, GreenLines
from greenspace.model.words import Text
from greenspace.prepare.approved_lines import TOLERANCE_M
from greenspace.prepare.approved_lines import approved_lines as rows_of_lines
from greenspace.prepare.ready import Ready
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.repair import Layer

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
        A line does not close, crosses itself or has no ground: lines are law, so none is mended.
    ColumnError
        Codes without an edition, a status that is not known, a number that stands twice or lacks.
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
    require_edition(as_frame(approved, LAYER), LAYER, edition)
    rows, told = rows_of_lines(approved, LAYER, edition=edition, tolerance_m=tolerance_m)
    ready = Ready(None if crs is None else parse_crs(crs), rows, LAYER)
    frame = ready.layer(rows, LAYER, overlaps=False)
    shapes, row = shapely.get_parts(on_grid(frame.geometry.to_numpy()), return_index=True)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name)).iloc[row].reset_index(drop=True)
    table["number"] = _of_parts(frame["number"].to_numpy()[row], row)
    lines = lines_frame(table, shapes, ready.crs)
    return GreenLines(
        lines=lines,
        changes=changes_ledger(None, []),
        limits=None,
        checks=line_checks(lines, None, tolerance_m=tolerance_m)[:-1],
        findings=(*told, *ready.findings),
        sources=ready.sources,
        ledgers=(lines_ledger(lines),),
    )


def lines_frame(table: pd.DataFrame, shapes: Any, crs: Any) -> gpd.GeoDataFrame:
    """Return the rows of `GreenLines` from their words and polygons."""
    facts = {"area_m2": shapely.area(shapes), "length_m": shapely.length(shapes)}
    return gpd.GeoDataFrame(table.assign(**facts)[list(COLUMNS)], geometry=shapes, crs=crs)


def require_edition(frame: gpd.GeoDataFrame, layer: str, edition: str | None) -> bool:
    """Return whether a layer has class codes; they are held against their edition.

    Raises
    ------
    ColumnError
        There are codes and no edition, or as in `coded_table`.
    """
    coded = bool("class" in frame.columns and frame["class"].notna().any())
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
        _require_every_code(frame, layer)
        coded_table(frame, str(edition), layer)
    return coded


def _require_every_code(frame: gpd.GeoDataFrame, layer: str) -> None:
    blank = [pd.isna(code) or not str(code).strip() for code in frame["class"]]
    if any(blank):
        raise ColumnError(
            f"{layer} 有 {sum(blank)} 行没有分类代码。",
            f"{layer}: rows without a class code among rows that have one: {sum(blank)}.",
            remedy=Text(zh="请为这些行填上代码。", en="Give these rows their codes."),
            layer=layer,
            column="class",
            rows=frame.index[blank],
        )


def _of_parts(numbers: NDArray[Any], row: NDArray[Any]) -> list[str]:
    """Return a number for each part: that of its row, counted where the row has several."""
    several = np.bincount(row)[row] > 1
    turn = pd.Series(row).groupby(row).cumcount().to_numpy() + 1
    for mark in "-./":
        named = [
            f"{number}{mark}{part}" if split else str(number)
            for number, part, split in zip(numbers, turn, several, strict=True)
        ]
        if len(set(named)) == len(named):
            break
    return named
