"""Footways: which piece of footway or cycle path belongs to which road, and on which side.

Question   Beside which road, and on which side of it, does this footway run?
Enters     Footways as lines or polygons and the roads of a city, in one measuring CRS.
Leaves     Pieces with their road and side, and findings for those that belong to none.
Elsewhere  Roads: prepare/roads. How far they are shaded: measure/shade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.clip import polygonal
from greenspace.prepare.roads import word_of

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.prepare.roads import Roads

    Ints = NDArray[np.int64]
    Words = NDArray[np.object_]

SLACK_M = 1.0  # by which a footway may lie beyond the red line
SIDES = {
    "left": ("left", "l", "左", "左侧"),
    "right": ("right", "r", "右", "右侧"),
}
KINDS = {
    "footway": ("footway", "sidewalk", "pavement", "人行道", "步道", "人行"),
    "cycle": ("cycle", "cycleway", "cycle path", "bike", "非机动车道", "自行车道", "慢行道"),
}
NO_ROAD = Text(
    zh="人行道或非机动车道有 {count} 个要素不属于任何参评道路，未用：其道路名不在道路图层中，"
    "或没有路名且不在任何道路的红线内。",
    en="Footways or cycle paths that belong to no road were not used: {count} rows. Their road is "
    "none of the road layer, or they name none and lie inside no red line.",
)


def road_of(points: NDArray[Any], names: Words, roads: Roads) -> Ints:
    """Return the road beside each point, -1 for none.

    It is the nearest of the name that is given, else the nearest whose red line holds the point.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from greenspace.prepare.roads import Roads
    >>> lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 90 0)", "LINESTRING (0 50, 90 50)"])
    >>> frame = gpd.GeoDataFrame({"name": ["甲", "乙"], "width": [20.0, 20.0]}, geometry=lines)
    >>> points = shapely.points([[5, 9], [5, 41], [5, 25]])
    >>> road_of(points, np.array(["甲", "", ""], dtype=object), Roads(frame, ())).tolist()
    [0, 1, -1]
    """
    lines = roads.lines
    road = np.full(len(points), -1)
    for name in set(names):
        rows = np.flatnonzero(names == name)
        known = np.flatnonzero(roads.names == name) if name else np.arange(len(lines))
        if not len(known):
            continue
        point, near = shapely.STRtree(lines[known]).query_nearest(points[rows], all_matches=False)
        found = known[near]
        inside = np.ones(len(found), dtype=bool)
        if not name:
            away = shapely.distance(points[rows[point]], lines[found])
            inside = away <= roads.width_m[found] / 2 + SLACK_M
        road[rows[point[inside]]] = found[inside]
    return road


def left_of(points: NDArray[Any], lines: NDArray[Any]) -> NDArray[np.bool_]:
    """Return whether each point lies left of its line, in the direction the line is drawn.

    Examples
    --------
    >>> way = shapely.linestrings([[0, 0], [9, 0]])
    >>> left_of(shapely.points([[1, 2], [1, -2]]), np.array([way, way])).tolist()
    [True, False]
    """
    parts, row = shapely.get_parts(lines, return_index=True)
    away = shapely.distance(parts, points[row])
    order = np.lexsort((away, row))
    nearest = order[np.append(True, np.diff(row[order]) > 0)] if len(order) else order
    part = parts[nearest]
    way = shapely.line_locate_point(part, points)
    length = shapely.length(part)
    span = np.minimum(1.0, length / 2)
    start, end = (
        shapely.get_coordinates(shapely.line_interpolate_point(part, at))
        for at in (np.maximum(way - span, 0.0), np.minimum(way + span, length))
    )
    along, across = end - start, shapely.get_coordinates(points) - start
    return np.asarray(along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0] > 0)


def side_words(values: pd.Series | None, left: NDArray[np.bool_]) -> Words:
    """Return the side of each piece: what the layer says, else where it lies.

    Words other than left and right, such as north and south, stay as they are.
    """
    lies = np.where(left, "left", "right").astype(object)
    if values is None:
        return lies
    known = {word: side for side, words in SIDES.items() for word in words}
    said = np.array([word_of(value).lower() for value in values], dtype=object)
    said = np.array([known.get(word, word) for word in said], dtype=object)
    return np.where(said == "", lies, said)


def kind_words(values: pd.Series | None, count: int) -> Words:
    """Return ``footway`` or ``cycle`` for each row, "" where it is not said; others as they are."""
    if values is None:
        return np.full(count, "", dtype=object)
    known = {word: kind for kind, words in KINDS.items() for word in words}
    said = [word_of(value).lower() for value in values]
    return np.array([known.get(word, word) for word in said], dtype=object)


def polygons_by_road(
    polygons: gpd.GeoDataFrame, roads: Roads, land: NDArray[Any]
) -> tuple[NDArray[Any], Ints, Ints]:
    """Return polygons of footways cut to the roads that they belong to.

    A polygon that names its road is shared among the rows of that road by their land; one that
    names none, among all roads.

    Parameters
    ----------
    polygons
        Valid footways; ``road`` names the road.
    land
        The land of each road, empty without a width.

    Returns
    -------
    tuple of arrays
        The pieces, the row of the polygon and the position of the road of each.
    """
    shapes = polygons.geometry.to_numpy()
    names = names_of(polygons)
    row, road = shapely.STRtree(land).query(shapes, predicate="intersects")
    same = (names[row] == "") | (names[row] == roads.names[road])
    row, road = row[same], road[same]
    pieces = polygonal(shapely.intersection(shapes[row], land[road]))
    real = shapely.area(pieces) > 0
    return pieces[real], row[real], road[real]


def names_of(footways: pd.DataFrame) -> Words:
    """Return the road that each footway names, "" where it names none."""
    if "road" not in footways:
        return np.full(len(footways), "", dtype=object)
    return np.array([word_of(value) for value in footways["road"]], dtype=object)


def lost_findings(rows: list[object], name: str = "footways") -> tuple[Finding, ...]:
    """Return the footways that belong to no road."""
    if not rows:
        return ()
    count = len(rows)
    text = Text(zh=NO_ROAD.zh.format(count=count), en=NO_ROAD.en.format(count=count))
    return (
        Finding(
            code="footways_without_road",
            text=text,
            severity="warning",
            layer=name,
            rows=tuple(rows),
            count=count,
        ),
    )
