"""Gardens: what lies inside a park besides plants.

Question   Where are a park's entrances, paths, ponds and paved places?
Enters     One park and the streets around it.
Leaves     Entrances on its edge, path lines that meet exactly, water and paving.
Elsewhere  Trees and lawns: plants. The walking network: paths.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from greenspace.sample.frame import stream
from greenspace.sample.shapes import largest, multi, polygons_of

if TYPE_CHECKING:
    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout

LOOP_LEAST_M2 = 1_900.0
LAKE_LEAST_M2 = 40_000.0
POND_LEAST_M2 = 15_000.0
ROAD_NEAR_M = 6.0
SECOND_GATE_M2 = (1_500.0, 8_000.0)
NARROW_M = 2.0


@dataclass(frozen=True, slots=True)
class Garden:
    """The inside of one park."""

    park: Parcel
    entrances: tuple[Point, ...]
    paths: tuple[LineString, ...]
    water: MultiPolygon
    paved: BaseGeometry
    pavilions: tuple[Polygon, ...] = field(default=())


def gardens(layout: Layout, parks: list[Parcel], seed: int) -> list[Garden]:
    """Return the inside of every park."""
    return [_garden(layout, park, stream(seed, f"garden {park.name}")) for park in parks]


def _garden(layout: Layout, park: Parcel, rng: np.random.Generator) -> Garden:
    shape = largest(polygons_of(park.shape))
    entrances = _entrances(layout, shape)
    ring = _loop(shape)
    paths, inner = _walks(shape, ring, entrances)
    water = _water(inner, shape, rng)
    width = 1.2 + 0.9 * min(1.0, shape.area / 30_000)
    places = [entrance.buffer(0.035 * math.sqrt(shape.area)) for entrance in entrances]
    pavilions = _pavilions(inner, water, shape, rng)
    walks = shapely.union_all([line.buffer(width) for line in paths])
    paved = shapely.union_all([walks, *places, *(roof.buffer(4) for roof in pavilions)])
    return Garden(
        park=park,
        entrances=tuple(entrances),
        paths=tuple(paths),
        water=water,
        paved=paved.intersection(shape).difference(water),
        pavilions=tuple(pavilions),
    )


def _entrances(layout: Layout, shape: Polygon) -> list[Point]:
    """Return points on the edge, evenly spaced, as near to a street as the edge comes."""
    wanted = 1 + sum(shape.area > least for least in SECOND_GATE_M2) + int(shape.area / 25_000)
    edge = shape.exterior
    steps = np.arange(0.5, edge.length, 4.0)
    points = shapely.line_interpolate_point(edge, steps)
    distance = shapely.distance(points, layout.road_area)
    good = np.flatnonzero(distance <= max(ROAD_NEAR_M, float(distance.min()) + 0.5))
    chosen = good[np.linspace(0, len(good), wanted, endpoint=False).astype(int)]
    return [Point(np.round(shapely.get_coordinates(points[i])[0], 3)) for i in chosen]


def _loop(shape: Polygon) -> LineString | None:
    """Return a path that runs round inside the park, starting anywhere."""
    if shape.area < LOOP_LEAST_M2:
        return None
    inset = 0.13 * math.sqrt(shape.area)
    while inset > NARROW_M:
        turn = 0.35 * inset
        soft = shape.buffer(-inset - turn).buffer(2 * turn, quad_segs=5).buffer(-turn, quad_segs=5)
        inner = polygons_of(soft)
        if sum(part.area for part in inner) > 0.15 * shape.area:
            line = largest(inner).exterior.simplify(0.6).segmentize(12.0)
            xy = shapely.get_coordinates(line)
            return LineString(np.round(xy + 0.22 * inset * np.sin(xy[:, ::-1] / 21), 3))
        inset *= 0.7
    return None


def _walks(
    shape: Polygon, ring: LineString | None, entrances: list[Point]
) -> tuple[list[LineString], Polygon]:
    """Return loop and spurs, the loop with a vertex where every spur arrives."""
    if ring is None:
        middle = shape.representative_point()
        middle = Point(round(middle.x, 3), round(middle.y, 3))
        return [LineString([entrance, middle]) for entrance in entrances], Polygon()
    spurs, stops = [], {float(shapely.line_locate_point(ring, Point(p))): p for p in ring.coords}
    for entrance in entrances:
        at = float(shapely.line_locate_point(ring, entrance))
        stop = stops.get(at)
        if stop is None:
            near = ring.interpolate(at)
            stop = (round(near.x, 3), round(near.y, 3))
            stops[at] = stop
        spurs.append(LineString([entrance, stop]))
    ordered = [stops[at] for at in sorted(stops)]
    closed = LineString([*ordered, ordered[0]])
    return [closed, *spurs], Polygon(ring)


def _water(inner: Polygon, shape: Polygon, rng: np.random.Generator) -> MultiPolygon:
    """Return a lake or a pond inside the loop of a larger park."""
    if shape.area < POND_LEAST_M2 or inner.is_empty:
        return multi(Polygon())
    share = 0.13 if shape.area >= LAKE_LEAST_M2 else 0.06
    room = inner.buffer(-8)
    middle = room.representative_point()
    angle = np.linspace(0, 2 * math.pi, 36, endpoint=False)
    reach = math.sqrt(share * shape.area / math.pi)
    wobble = 1 + 0.2 * np.sin(2 * angle + rng.uniform(0, 6)) + 0.12 * np.sin(3 * angle)
    x = middle.x + 1.25 * reach * wobble * np.cos(angle)
    y = middle.y + 0.8 * reach * wobble * np.sin(angle)
    return multi(Polygon(np.round(np.column_stack([x, y]), 2)).intersection(room), least_m2=150)


def _pavilions(
    inner: Polygon, water: MultiPolygon, shape: Polygon, rng: np.random.Generator
) -> list[Polygon]:
    """Return a few small buildings inside the loop."""
    room = inner.buffer(-12).difference(water.buffer(8))
    roofs = []
    for part in polygons_of(room, least_m2=300)[: 1 + int(shape.area / 40_000)]:
        middle = part.representative_point()
        size = float(rng.uniform(5, 9))
        if part.buffer(-10).distance(middle) < 1.0:
            roofs.append(middle.buffer(size, quad_segs=2))
    return roofs
