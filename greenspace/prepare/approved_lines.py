"""Approved lines: green lines as somebody drew them, fit to be held against what came later.

Question   Is each line one closed, simple shape with a number of its own?
Enters     A layer of lines, as polygons or as closed rings.
Leaves     Polygons with number, status, category, class and name; or a refusal that names lines.
Elsewhere  Drawing lines from parcels: delimit/green_line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.closed_lines import closed_lines
from greenspace.prepare.line_columns import kinds_unknown, line_columns
from greenspace.prepare.lines import LINEAR
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.repair import Layer

MOST_NAMED: Final = 5
TOLERANCE_M: Final = 0.5
REDRAW = Text(
    zh="请在 CAD 或 GIS 中改正这些线，或用 greenspace validate --repair 看清问题所在。",
    en="Put these lines right in CAD or GIS; greenspace validate --repair shows where they fail.",
)


def approved_lines(
    layer: Layer, name: str, *, edition: str | None = None, tolerance_m: float = TOLERANCE_M
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return lines as polygons with their words, and what had to be taken for granted.

    Lines are law, so none is mended: a ring that is open, crosses itself or has no ground is
    refused, and so is a number that two lines bear. A ring whose ends all but meet is closed, and
    rings drawn inside a ring of their status are taken out of it; both are counted.

    Parameters
    ----------
    layer
        Polygons, or closed rings; columns ``number``, ``status``, ``category``, ``class`` and
        ``name`` as far as there are any. Without numbers, the rows count from 1.
    edition
        Of the codes in ``class``, which say the category where no column does.
    tolerance_m
        How far the ends of a ring may be apart.

    Returns
    -------
    GeoDataFrame
        Columns ``number``, ``status``, ``category``, ``class``, ``name``; rows count from 0.

    Raises
    ------
    GeometryError
        A line is open, crosses itself, has no ground, or is no polygon at all.
    ColumnError
        A number stands twice or is missing, or a status or category is not known.

    Examples
    --------
    >>> two = gpd.GeoDataFrame({"number": [7, 8]}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4547)
    >>> approved_lines(two, "green_lines")[0]["number"].tolist()
    ['7', '8']
    """
    drawn = np.isin(shapely.get_type_id(as_frame(layer, name).geometry), LINEAR)
    frame, shut = closed_lines(layer, name, tolerance_m=tolerance_m)
    numbers, told = _numbers(frame, name)
    shapes = _polygons(frame, numbers, name)
    words = line_columns(frame, name, status=None, edition=edition, category="other")
    if not edition and "class" in frame:
        words["class"] = [name_of(cell) for cell in frame["class"]]
    columns = {role: list(words[role]) for role in ("status", "category", "class", "name")}
    found = gpd.GeoDataFrame({"number": numbers, **columns}, geometry=shapes, crs=frame.crs)
    unknown = kinds_unknown(frame, name, words["category"])
    found, nested = _without_nested(found, drawn, frame.index, name)
    return found, (*shut, *told, *unknown, *_without_status(frame, name), *nested)


def _numbers(frame: gpd.GeoDataFrame, name: str) -> tuple[list[str], tuple[Finding, ...]]:
    if "number" not in frame:
        text = Text(
            zh="绿线没有编号字段，按行号从 1 编号。",
            en="The lines have no column of numbers; their rows are counted from 1.",
        )
        told = Finding(code="lines_unnumbered", text=text, layer=name, count=len(frame))
        return [str(row) for row in range(1, len(frame) + 1)], (told,)
    numbers = [name_of(cell) for cell in frame["number"]]
    blank = np.array([not number for number in numbers], dtype=bool)
    if blank.any():
        raise ColumnError(
            f"有 {int(blank.sum())} 条绿线没有编号。",
            f"Green lines without a number: {int(blank.sum())}.",
            remedy=Text(zh="请补上编号。", en="Give each its number."),
            layer=name,
            column="number",
            rows=frame.index[blank],
            found=int(blank.sum()),
        )
    bearers: dict[str, list[int]] = {}
    for row, number in enumerate(numbers):
        bearers.setdefault(number, []).append(row)
    twice = {number: rows for number, rows in bearers.items() if len(rows) > 1}
    if twice:
        listed = ", ".join(list(twice)[:MOST_NAMED])
        raise ColumnError(
            f"有 {len(twice)} 个绿线编号重复：{listed}。",
            f"{len(twice)} numbers of green lines stand more than once: {listed}.",
            remedy=Text(
                zh="请让每条绿线有唯一的编号；一条绿线有几块时，请合并为一个多部分面。",
                en="Give each line a number of its own; where a line has several parts, make them "
                "one multipolygon.",
            ),
            layer=name,
            column="number",
            rows=[frame.index[row] for rows in twice.values() for row in rows],
            found=tuple(twice),
        )
    return numbers, ()


def _polygons(frame: gpd.GeoDataFrame, numbers: list[str], name: str) -> NDArray[Any]:
    shapes = frame.geometry.to_numpy()
    solid = np.isin(
        shapely.get_type_id(shapes),
        (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
    )
    _refuse(frame, numbers, name, ~solid, "不是面", "are no polygons")
    _refuse(frame, numbers, name, ~shapely.is_valid(shapes), "自相交", "cross themselves")
    _refuse(frame, numbers, name, ~(shapely.area(shapes) > 0), "没有面积", "have no ground")
    found: NDArray[Any] = shapely.force_2d(shapes)
    return found


def _refuse(
    frame: gpd.GeoDataFrame,
    numbers: list[str],
    name: str,
    wrong: NDArray[np.bool_],
    zh: str,
    en: str,
) -> None:
    if not wrong.any():
        return
    which = [numbers[row] for row in np.flatnonzero(wrong)]
    listed = ", ".join(which[:MOST_NAMED])
    raise GeometryError(
        f"有 {len(which)} 条绿线{zh}：{listed}。",
        f"{len(which)} green lines {en}: {listed}.",
        remedy=REDRAW,
        layer=name,
        rows=frame.index[wrong],
        found=tuple(which),
    )


def _without_status(frame: gpd.GeoDataFrame, name: str) -> tuple[Finding, ...]:
    if "status" in frame:
        return ()
    text = Text(
        zh="绿线没有状态字段，全部按现状绿线计。",
        en="The lines have no column of statuses; all are taken as existing lines.",
    )
    return (Finding(code="lines_without_status", text=text, layer=name, count=len(frame)),)


def _without_nested(
    lines: gpd.GeoDataFrame, drawn: NDArray[np.bool_], rows: Any, name: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return rings that were drawn less those of the same status inside them."""
    shapes, status = lines.geometry.to_numpy(), lines["status"].to_numpy()
    area = shapely.area(shapes)
    outer, inner = shapely.STRtree(shapes).query(shapes, predicate="contains")
    own = drawn[outer] & (status[outer] == status[inner]) & (area[outer] > area[inner])
    outer, inner = outer[own], inner[own]
    around = np.unique(outer)
    if not len(around):
        return lines, ()
    ground = shapes.copy()
    for spot in around:
        holes = shapely.union_all(shapes[inner[outer == spot]])
        ground[spot] = shapely.difference(shapes[spot], holes)
    text = Text(
        zh=f"{len(around)} 条绿线内套有绿线，内部已挖去。",
        en=f"Lines with lines of their status inside, which were taken out: {len(around)}.",
    )
    finding = Finding(
        code="nested_lines", text=text, layer=name, rows=tuple(rows[around]), count=len(around)
    )
    return lines.set_geometry(gpd.GeoSeries(ground, crs=lines.crs)), (finding,)
