"""Shapes: small acts of drawing that several parts of the city need.

Question   How is a block cut, carved or filled?
Enters     Polygons on the ground.
Leaves     Polygons on the ground, in an order that does not depend on the GEOS version.
Elsewhere  Deciding where to cut: parks, plots.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

HALVINGS = 50
EXACT_REACH = 15
CORNER_PARK_M2 = 1000.0


def parts(shape: BaseGeometry) -> list[Any]:
    """Return the single shapes inside a shape, those that are lines or polygons."""
    return [part for part in shapely.get_parts(shape) if part.length > 0]


def polygons_of(shape: BaseGeometry, *, least_m2: float = 1.0) -> list[Polygon]:
    """Return the polygons of a shape that are not crumbs, from south-west to north-east."""
    found = [
        part
        for part in shapely.get_parts(shape)
        if isinstance(part, Polygon) and part.area >= least_m2
    ]
    return sorted(found, key=_order)


def _order(shape: Polygon) -> tuple[float, float]:
    middle = shape.centroid
    return (round(middle.y, 1), round(middle.x, 1))


def multi(shape: BaseGeometry, *, least_m2: float = 1.0) -> MultiPolygon:
    """Return the polygons of a shape as one."""
    return MultiPolygon(polygons_of(shape, least_m2=least_m2))


def direction(shape: Polygon) -> float:
    """Return the bearing of a block's long side, in radians from east, in (-pi/4, pi/4].

    Examples
    --------
    >>> from shapely import box
    >>> direction(box(0, 0, 30, 10))
    0.0
    """
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    sides = np.diff(corners[:3], axis=0)
    east, north = sides[np.argmax(np.hypot(sides[:, 0], sides[:, 1]))]
    angle = math.atan2(north, east) % (math.pi / 2)
    return angle - math.pi / 2 if angle > math.pi / 4 else angle


def turned(shape: Any, angle: float, origin: Point) -> Any:
    """Return a shape turned about a point."""
    cos, sin = math.cos(angle), math.sin(angle)

    def turn(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, 0] - origin.x, xy[:, 1] - origin.y
        return np.column_stack([origin.x + x * cos - y * sin, origin.y + x * sin + y * cos])

    return shapely.transform(shape, turn)


def carve(block: Polygon, toward: Point, *, area_m2: float, wave_m: float) -> Polygon:
    """Return the part of a block on the side of a point, cut off by a wavy line.

    Examples
    --------
    >>> from shapely import box
    >>> round(carve(box(0, 0, 100, 50), Point(90, 25), area_m2=1000, wave_m=3.0).area)
    1000
    """
    middle = block.centroid
    angle = math.atan2(toward.y - middle.y, toward.x - middle.x)
    if area_m2 > CORNER_PARK_M2:  # larger ones lie along a side
        along = direction(block)
        angle = along + round((angle - along) / (math.pi / 2)) * math.pi / 2
    west, south, east, north = turned(block, -angle, middle).bounds
    y = np.linspace(south - 1, north + 1, 30)
    bow = wave_m * np.sin((y - middle.y) / 17.0) + 0.5 * wave_m * np.sin((y - middle.y) / 7.3)

    def beyond(x: float) -> BaseGeometry:
        cut = np.column_stack([x + bow, y]).tolist()
        far = [(east + 99, north + 1), (east + 99, south - 1)]
        return block.intersection(turned(Polygon([*cut, *far]), angle, middle))

    low, high = west - 3 * wave_m, east + 3 * wave_m
    for _ in range(HALVINGS):
        x = (low + high) / 2
        low, high = (x, high) if beyond(x).area > area_m2 else (low, x)
    return largest(polygons_of(beyond(high), least_m2=0.0))


def exact_quadrilateral(near: Point, *, angle: float, area_m2: int) -> Polygon:
    """Return a four-cornered shape on whole metres whose area is exact to the last bit.

    Examples
    --------
    >>> exact_quadrilateral(Point(0, 0), angle=0.2, area_m2=5000).area
    5000.0
    """
    long, wide = math.sqrt(area_m2 * 1.6), math.sqrt(area_m2 / 1.6)
    start = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (long / 2, wide / 2)
    rectangle = turned(Polygon(np.add(start, (near.x, near.y))), angle, near)
    corners = np.round(shapely.get_coordinates(rectangle)[:4])
    reach = range(-EXACT_REACH, EXACT_REACH + 1)
    steps = sorted(((x, y) for x in reach for y in reach), key=lambda s: s[0] ** 2 + s[1] ** 2)
    nudges = [(x, y) for x in range(4) for y in range(4)]  # each reaches other areas
    for nudge in nudges:
        for step in steps:
            moved = corners.copy()
            moved[1] += nudge
            moved[2] += step
            if Polygon(moved).area == area_m2:
                return Polygon(moved)
    raise AssertionError("whole metres always reach a whole area nearby")


def split(shape: Polygon, *, largest_m2: float, gap_m: float) -> tuple[list[Polygon], list[Any]]:
    """Return a block cut crosswise until no piece is too large, and the lanes between pieces."""
    if shape.area <= largest_m2:
        return [shape], []
    corners = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    if np.hypot(*first) < np.hypot(*second):
        corners, first, second = np.roll(corners[:4], -1, axis=0), second, -first
    middle = corners[0] + first / 2
    lane = LineString([middle - second * 0.01, middle + second * 1.01])
    pieces: list[Polygon] = []
    lanes = parts(lane.intersection(shape))
    for half in polygons_of(shape.difference(lane.buffer(gap_m / 2)), least_m2=200.0):
        done, more = split(half, largest_m2=largest_m2, gap_m=gap_m)
        pieces += done
        lanes += more
    return pieces, lanes


def shrunk_to(shape: BaseGeometry, *, area_m2: float, least_m2: float) -> MultiPolygon:
    """Return a shape drawn in at its edges until it has about a given area."""
    if shape.area <= area_m2:
        return multi(shape, least_m2=least_m2)
    low, high = 0.0, 8.0
    for _ in range(7):
        inset = (low + high) / 2
        left = shape.buffer(-inset, join_style="mitre").area
        low, high = (inset, high) if left > area_m2 else (low, inset)
    return multi(shape.buffer(-(low + high) / 2, join_style="mitre"), least_m2=least_m2)


def scatter(shape: BaseGeometry, rng: np.random.Generator, *, per_ha: float) -> NDArray[np.float64]:
    """Return random points inside a shape."""
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    count = int((east - west) * (north - south) / 1e4 * per_ha)
    points = rng.uniform((west, south), (east, north), (count, 2))
    shapely.prepare(shape)
    return np.asarray(points[shapely.contains_xy(shape, points[:, 0], points[:, 1])])


def crowns(
    points: NDArray[np.float64], radii: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.object_]:
    """Return tree crowns: uneven nine-cornered shapes, rounded to centimetres."""
    if len(points) == 0:
        return np.empty(0, dtype=object)
    angle = np.linspace(0, 2 * math.pi, 9, endpoint=False) + rng.uniform(0, 1, (len(points), 1))
    reach = radii[:, None] * rng.uniform(0.9, 1.12, angle.shape)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=-1) * reach[..., None]
    ring = np.round(ring + points[:, None, :], 2)
    return np.asarray(shapely.polygons(ring))


def along(line: LineString, *, every_m: float, offset_m: float) -> NDArray[np.float64]:
    """Return points beside a line at even distances: offset to the left where positive."""
    at = np.arange(every_m / 2, line.length, every_m)
    if len(at) == 0:
        return np.empty((0, 2))
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 0.5))
    behind = shapely.get_coordinates(shapely.line_interpolate_point(line, at - 0.5))
    east, north = (ahead - behind).T
    length = np.hypot(east, north)
    return np.asarray(here + offset_m * np.column_stack([-north / length, east / length]))


def largest(shapes: Iterable[Polygon]) -> Polygon:
    """Return the largest of some polygons."""
    return max(shapes, key=lambda shape: shape.area)
