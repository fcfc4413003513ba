"""Line checks: what must hold of green lines before anybody approves them.

Question   Is every line closed, valid and on the grid; do they overlap; is every park inside one?
Enters     Lines with number, status and one polygon each, and the parcels that they enclose.
Leaves     One `PlanCheck` a rule, with the places where it does not hold.
Elsewhere  Before and after a revision: delimit/revision. Drawing the lines: delimit/green_line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from greenspace.model.green_line import GRID_M
from greenspace.model.plan_check import PlanCheck
from greenspace.model.words import Text

if TYPE_CHECKING:
    from greenspace.delimit.fabric import Ints, Shapes

POLYGON: Final = 3
TOUCH_M = 0.002  # on average: what setting vertices to millimetres does
PARK: Final = "park"


def line_checks(
    lines: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame | None, *, tolerance_m: float
) -> tuple[PlanCheck, ...]:
    """Return the checks of some lines.

    Parameters
    ----------
    lines
        Columns ``number``, ``status``, and geometry.
    parcels
        Columns ``category`` and geometry: those that should lie inside; ``None`` where unknown.
    tolerance_m
        A parcel lies inside where no part of it wider than this is outside.

    Examples
    --------
    >>> one = gpd.GeoDataFrame({"number": ["L001"], "status": "existing", "category": "park"},
    ...     geometry=[shapely.box(0, 0, 9, 9)], crs=4547)
    >>> [check.passed for check in line_checks(one, one, tolerance_m=1.0)]
    [True, True, True, True, True, True]
    """
    shapes = lines.geometry.to_numpy()
    return (
        _shape_check("closed", CLOSED, ~_closed(shapes), lines),
        _shape_check("valid", VALID, ~shapely.is_valid(shapes), lines),
        _shape_check("on_grid", ON_GRID, ~_on_grid(shapes), lines),
        _overlap_check("existing_planned_apart", APART, lines, same=False),
        _overlap_check("no_overlap", OVERLAP, lines, same=True),
        _enclosed_check(lines, parcels, tolerance_m),
    )


CLOSED = Text("绿线闭合", "every line is closed")
VALID = Text("绿线图形有效", "every line is a valid polygon")
ON_GRID = Text("坐标为整毫米", "every coordinate is a whole number of millimetres")
APART = Text("现状与规划绿线不重叠", "existing and planned lines do not overlap")
OVERLAP = Text("同一状态的绿线不重叠", "lines of one status do not overlap")
ENCLOSED = Text("公园绿地均在绿线内", "every park lies inside a line")


def _closed(shapes: Shapes) -> Any:
    rings, row = shapely.get_rings(shapes, return_index=True)
    plain = (shapely.get_type_id(shapes) == POLYGON) & ~shapely.is_empty(shapes)
    plain[row[~shapely.is_closed(rings)]] = False
    return plain


def _on_grid(shapes: Shapes) -> Any:
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    fits = np.ones(len(shapes), dtype=bool)
    fits[row[(np.rint(xy / GRID_M) / (1 / GRID_M) != xy).any(axis=1)]] = False
    return fits


def _shape_check(key: str, title: Text, bad: Any, lines: gpd.GeoDataFrame) -> PlanCheck:
    found = lines[bad]
    count = len(found)
    listed = ", ".join(found["number"].head(5))
    text = (
        Text(f"{len(lines)} 条绿线均符合。", f"It holds of all {len(lines)} lines.")
        if not count
        else Text(f"{count} 条不符合：{listed}。", f"It does not hold of {count} lines: {listed}.")
    )
    return PlanCheck(
        id=key,
        title=title,
        passed=not count,
        text=text,
        mark="weak" if key == "closed" else None,
        count=count,
        area_m2=None,
        places=found.geometry.boundary,
    )


def overlapping(shapes: Shapes) -> tuple[Ints, Ints, Shapes]:
    """Return the pairs of shapes that share ground, and what they share.

    Examples
    --------
    >>> pair = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> [shape.area for shape in overlapping(pair)[2]]
    [1.0]
    """
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    crossing = ~shapely.touches(shapes[left], shapes[right])
    left, right = left[crossing], right[crossing]
    shared = shapely.intersection(shapes[left], shapes[right])
    real = shapely.area(shared) > TOUCH_M * shapely.length(shared) / 2
    return left[real], right[real], shared[real]


def _overlap_check(key: str, title: Text, lines: gpd.GeoDataFrame, *, same: bool) -> PlanCheck:
    sound = lines[lines.geometry.is_valid]
    status = sound["status"].to_numpy()
    left, right, shared = overlapping(sound.geometry.to_numpy())
    plane = status != "control"
    asked = status[left] == status[right]
    if not same:
        asked = ~asked & plane[left] & plane[right]
    number = sound["number"].to_numpy()
    pairs = [f"{number[i]}–{number[j]}" for i, j in zip(left[asked], right[asked], strict=True)]
    area = float(shapely.area(shared[asked]).sum())
    text = (
        Text(f"没有重叠，共 {len(lines)} 条绿线。", f"No overlap among {len(lines)} lines.")
        if not pairs
        else Text(
            f"{len(pairs)} 处重叠，共 {area:.2f} 平方米：{'、'.join(pairs[:5])}。",
            f"{len(pairs)} overlaps of {area:.2f} m² in all: {', '.join(pairs[:5])}.",
        )
    )
    return PlanCheck(
        id=key,
        title=title,
        passed=not pairs,
        text=text,
        count=len(pairs),
        area_m2=area,
        places=gpd.GeoSeries(shared[asked], crs=lines.crs),
    )


def _enclosed_check(
    lines: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame | None, tolerance_m: float
) -> PlanCheck:
    parks = None if parcels is None else parcels[parcels["category"] == PARK]
    if parks is None or parks.empty:
        text = Text("没有公园绿地图斑，无从核对。", "No parcel is a park (G1): nothing to test.")
        return PlanCheck(id="parks_enclosed", title=ENCLOSED, passed=None, text=text)
    outside = left_outside(parks.geometry.to_numpy(), lines.geometry.to_numpy(), tolerance_m)
    some = ~shapely.is_empty(outside)
    count, area = int(some.sum()), float(shapely.area(outside).sum())
    rows = ", ".join(map(str, parks.index[some][:5]))
    text = (
        Text(
            f"{len(parks)} 个公园绿地图斑均在绿线内（线外部分宽度不超过 {tolerance_m:g} 米）。",
            f"All {len(parks)} parks lie inside, up to edges {tolerance_m:g} m wide.",
        )
        if not count
        else Text(
            f"{count} 个公园绿地图斑有 {area:.2f} 平方米在绿线外，行：{rows}。",
            f"{count} parks have {area:.2f} m² outside; rows: {rows}.",
        )
    )
    return PlanCheck(
        id="parks_enclosed",
        title=ENCLOSED,
        passed=not count,
        text=text,
        count=count,
        area_m2=area,
        places=gpd.GeoSeries(outside[some], crs=lines.crs),
    )


def left_outside(parcels: Shapes, lines: Shapes, tolerance_m: float) -> Shapes:
    """Return the part of each parcel outside all lines where it is wider than a tolerance.

    Examples
    --------
    >>> parcel, line = shapely.box(0, 0, 10, 10), shapely.box(0, 0, 9.5, 9)
    >>> left_outside(np.array([parcel]), np.array([line]), 0.8)[0].area
    14.5
    >>> left_outside(np.array([parcel]), np.array([line]), 1.5)[0].is_empty
    True
    """
    tree = shapely.STRtree(lines)
    row, line = tree.query(parcels, predicate="intersects")
    near = np.split(line, np.searchsorted(row, np.arange(1, len(parcels))))
    rest = np.empty(len(parcels), dtype=object)
    for spot, some in enumerate(near):
        ground = shapely.union_all(lines[some])
        pieces = shapely.get_parts(shapely.difference(parcels[spot], ground))
        wide = ~shapely.is_empty(shapely.buffer(pieces, -tolerance_m / 2))
        rest[spot] = shapely.union_all(pieces[wide]) if wide.any() else shapely.Polygon()
    return rest
