"""Bands: the ground on both sides of a road on which its footways lie, crossings apart.

Question   On which side of which road does this shape run along, and for how much of its length?
Enters     Centre lines of roads and shapes beside them, in one measuring CRS.
Leaves     Faces with their road and side, and truths a shape.
Elsewhere  Shapes that follow bends, and lengths: measure/beside. Names and sides that are said: prepare/footways. How far they are shaded: measure/shade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.roads import NOTHING, road_land

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Shapes = NDArray[Any]

CROSSING_DEGREES = 30.0  # from which on roads cross rather than run beside each other
ALONG_DEGREES = 45.0  # up to which a footway runs along its road
LONG = 2.0  # as long as wide: what is rounder has no direction
BEYOND_M, SAME_M = 0.01, 1e-6
NEAR_M = 5.0  # red lines farther apart share no footway


@dataclass(frozen=True, slots=True)
class Bands:
    """Faces on both sides of roads: the road of each, and whether it lies left of the line."""

    faces: Shapes
    road: Ints
    left: Mask
    lines: Shapes

    def nearest(self, points: Shapes, road: Ints, said: Shapes, names: Shapes) -> Mask:
        """Return whether no other road is nearer to each point of those whose face holds it.

        Of the roads, by their `names`, those of the name that is said come into question, or all
        where "" is said.
        """
        point, face = shapely.STRtree(self.faces).query(points, predicate="intersects")
        fits = (said[point] == "") | (said[point] == names[self.road[face]])
        point, face = point[fits], face[fits]
        least = np.full(len(points), np.inf)
        away = shapely.distance(points[point], self.lines[self.road[face]])
        np.minimum.at(least, point, away)
        own = shapely.distance(points, self.lines[road])
        return np.asarray(own <= least + SAME_M)


def bands_beside(
    lines: Shapes, reach_m: Floats, ground: Any | None = None, taken: Shapes | None = None
) -> Bands:
    """Return the ground on both sides of lines as far as `reach_m`, without what is taken of it.

    It ends with the line, square to it. Without a reach (NaN) there is none.

    Examples
    --------
    >>> way = np.array([shapely.linestrings([[0, 0], [100, 0]])])
    >>> found = bands_beside(way, np.array([10.0]))
    >>> shapely.area(found.faces).tolist(), sorted(found.left.tolist())
    ([1000.0, 1000.0], [False, True])
    """
    bands = road_land(lines, 2 * reach_m, ground)
    faces, road = [np.empty(0, dtype=object)], [np.empty(0, dtype=np.int64)]
    for row in np.flatnonzero(~shapely.is_empty(bands)):
        edges = shapely.union(shapely.boundary(bands[row]), _longer(lines[row]))
        parts = shapely.get_parts(shapely.polygonize([edges]))
        inside = shapely.intersects(shapely.point_on_surface(parts), bands[row])
        faces.append(parts[inside])
        road.append(np.full(int(inside.sum()), row))
    every, owner = np.concatenate(faces), np.concatenate(road)
    left = left_of(shapely.point_on_surface(every), lines[owner])
    if taken is not None:
        every = shapely.difference(every, taken[owner])
    return Bands(every, owner, left, lines)


def _longer(line: Any) -> Any:
    """Return a line reaching a little beyond its ends, so that it cuts its band in two."""
    parts = []
    for part in shapely.get_parts(line):
        corners = shapely.get_coordinates(part)
        if not part.is_closed:
            for end, before in ((0, 1), (-1, -2)):
                step = corners[end] - corners[before]
                corners[end] += step / max(np.hypot(*step), SAME_M) * BEYOND_M
        parts.append(shapely.LineString(corners))
    return shapely.union_all(parts)


def crossings(lines: Shapes, bands: Shapes) -> Shapes:
    """Return of each band the ground that it shares with those of roads that cross it.

    Examples
    --------
    >>> ways = np.array([shapely.linestrings([[0, 0], [100, 0]]),
    ...     shapely.linestrings([[50, 0], [50, -90]]), shapely.linestrings([[0, 8], [100, 8]])])
    >>> bands = shapely.buffer(ways[:2], 10.0, cap_style="flat")
    >>> shapely.area(crossings(ways[:2], bands)).tolist()
    [200.0, 200.0]
    >>> beside = shapely.buffer(ways[::2], 10.0, cap_style="flat")
    >>> shapely.area(crossings(ways[::2], beside)).tolist()
    [0.0, 0.0]
    """
    one, other = shapely.STRtree(bands).query(bands, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    parts, pair = shapely.get_parts(
        shapely.intersection(bands[one], bands[other]), return_index=True
    )
    real = shapely.area(parts) > 0
    parts, one, other = parts[real], one[pair[real]], other[pair[real]]
    middle = shapely.centroid(parts)
    cross = ~_alike(
        directions(lines[one], middle), directions(lines[other], middle), CROSSING_DEGREES
    )
    owner = np.append(one[cross], other[cross])
    shared = np.append(parts[cross], parts[cross])
    taken = np.full(len(lines), NOTHING, dtype=object)
    for row in np.unique(owner):
        taken[row] = shapely.union_all(shared[owner == row])
    return taken


def held_elsewhere(red: Shapes) -> Shapes:
    """Return for each road the ground inside the red lines of others and not inside its own.

    Examples
    --------
    >>> red = np.array([shapely.box(0, 0, 9, 5), shapely.box(0, 4, 9, 9)])
    >>> [shape.bounds for shape in held_elsewhere(red)]
    [(0.0, 5.0, 9.0, 9.0), (0.0, 0.0, 9.0, 4.0)]
    """
    one, other = shapely.STRtree(red).query(red, predicate="dwithin", distance=NEAR_M)
    one, other = one[one != other], other[one != other]
    held = np.full(len(red), NOTHING, dtype=object)
    for row in np.unique(one):
        held[row] = shapely.union_all(red[other[one == row]]).difference(red[row])
    return held


def _alike(first: Floats, second: Floats, degrees: float) -> Mask:
    return np.asarray(np.abs((first * second).sum(axis=1)) >= np.cos(np.radians(degrees)))


def directions(lines: Shapes, points: Shapes) -> Floats:
    """Return the direction of each line where it is nearest to its point, of length one.

    Examples
    --------
    >>> bent = np.array([shapely.linestrings([[0, 0], [9, 0], [9, 9]])])
    >>> directions(bent, shapely.points([[5.0, 3.0]])).tolist()
    [[1.0, 0.0]]
    """
    return _steps(lines, points)[1]


def left_of(points: Shapes, lines: Shapes) -> Mask:
    """Return whether each point lies left of its line, in the direction the line is drawn.

    Examples
    --------
    >>> way = shapely.linestrings([[0, 0], [9, 0]])
    >>> left_of(shapely.points([[1, 2], [1, -2]]), np.array([way, way])).tolist()
    [True, False]
    """
    start, along = _steps(lines, points)
    across = shapely.get_coordinates(points) - start
    return np.asarray(along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0] > 0)


def _steps(lines: Shapes, points: Shapes) -> tuple[Floats, Floats]:
    """Return where a step of each line begins where it is nearest to its point, and its way."""
    if not len(points):
        return np.empty((0, 2)), np.empty((0, 2))
    parts, row = shapely.get_parts(lines, return_index=True)
    order = np.lexsort((shapely.distance(parts, points[row]), row))
    nearest = order[np.append(True, np.diff(row[order]) > 0)]
    part = parts[nearest]
    way = shapely.line_locate_point(part, points)
    length = shapely.length(part)
    span = np.minimum(1.0, length / 2)
    start, end = (
        shapely.get_coordinates(shapely.line_interpolate_point(part, at))
        for at in (np.maximum(way - span, 0.0), np.minimum(way + span, length))
    )
    along = end - start
    return start, along / np.maximum(np.hypot(*along.T), SAME_M)[:, None]


def run_along(shapes: Shapes, points: Shapes, lines: Shapes) -> Mask:
    """Return whether shapes run along their lines; those as wide as long have no direction.

    Examples
    --------
    >>> way = np.array([shapely.linestrings([[0, 0], [90, 0]])] * 2)
    >>> shapes = np.array([shapely.box(0, 5, 90, 8), shapely.box(40, 0, 43, 30)])
    >>> run_along(shapes, shapely.centroid(shapes), way).tolist()
    [True, False]
    """
    longest, directed = long_sides(shapes)
    return ~directed | _alike(longest, directions(lines, points), ALONG_DEGREES)


def long_sides(shapes: Shapes) -> tuple[Floats, Mask]:
    """Return the way of the long side of each shape, and whether it is long enough to be one."""
    longest = np.zeros((len(shapes), 2))
    directed = np.zeros(len(shapes), dtype=bool)
    for row, shape in enumerate(shapely.oriented_envelope(shapes)):
        sides = np.diff(shapely.get_coordinates(shape)[:3], axis=0)
        lengths = np.hypot(*sides.T)
        if len(lengths) > 1:
            longest[row] = sides[int(lengths.argmax())] / max(float(lengths.max()), SAME_M)
            directed[row] = lengths.max() > LONG * lengths.min()
        elif len(lengths):
            longest[row], directed[row] = sides[0] / lengths[0], True
    return longest, directed
