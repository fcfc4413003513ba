"""Plants: trees, shrubs, lawns and planted roofs, as the crowns' projections show them.

Question   Which ground is under leaves on the newer date?
Enters     Parcels, gardens, streets and buildings.
Leaves     Rows of a layer (tree, shrub, grass, roof) and a shape; layers lie over each other.
Elsewhere  What an image makes of it: image. Its exact area: truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from shapely import Polygon

from greenspace.sample.frame import stream
from greenspace.sample.plan import ARTERIAL, BRANCH, FAST, SECONDARY
from greenspace.sample.shapes import along, crowns, direction, multi, polygons_of, scatter, turned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.gardens import Garden
    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout, Road
    from greenspace.sample.plots import Building, Built

Layer = Literal["tree", "shrub", "grass", "roof"]
Row = tuple[Layer, "BaseGeometry"]
WOODED = {"EG2", "EG12", "EG19", "G2"}
TREES_PER_HA = {"RG": 62.0, "AG": 55.0, "BG": 40.0, "MG": 36.0, "WG": 25.0, "UG": 40.0, "G3": 48.0}
STREET_TREES = {FAST: (11.0, 2.2), ARTERIAL: (8.0, 3.3), SECONDARY: (8.0, 3.0), BRANCH: (9.0, 2.4)}
PLANTED_MARGIN_M = 70.0
HEDGED, KEPT = 0.35, 0.92


def grow(
    layout: Layout,
    parcels: Iterable[Parcel],
    insides: Iterable[Garden],
    built: Built,
    seed: int,
) -> list[Row]:
    """Return all vegetation of the newer date."""
    rows: list[Row] = []
    for parcel in parcels:
        rng = stream(seed, f"plants {parcel.name} {round(parcel.shape.area)}")
        if parcel.code.startswith("EG") or parcel.code == "G2":
            rows += _wild(parcel, rng)
        elif not parcel.code.startswith("G1"):
            rows += _attached(parcel, rng)
    for garden in insides:
        rows += _garden(garden, stream(seed, f"lawns {garden.park.name}"))
    rows += _street_trees(layout, stream(seed, "street trees"))
    rows += _lane_trees(built, stream(seed, "lane trees"))
    rows += _edge_trees(layout, stream(seed, "edge trees"))
    rows += [("roof", house.shape.buffer(-1.5)) for house in built.buildings if house.planted]
    return [row for row in rows if row[1].area > 0]


def _attached(parcel: Parcel, rng: np.random.Generator) -> list[Row]:
    """Return lawns, hedges and scattered trees of a plot's green."""
    if parcel.code == "SG":
        return [("grass", parcel.shape)]
    lawn = parcel.shape.buffer(-14.0 if parcel.code == "G3" else -0.3, join_style="mitre")
    rim = parcel.shape.difference(parcel.shape.buffer(-1.7, join_style="mitre"))
    hedges = [part for part in polygons_of(rim, least_m2=40) if rng.random() < HEDGED]
    old = parcel.code == "RG" and "新村" in parcel.name
    points = scatter(parcel.shape, rng, per_ha=TREES_PER_HA[parcel.code] * (1.9 if old else 1.0))
    low, high = (2.6, 4.6) if old else (1.7, 3.5)
    rows: list[Row] = [("grass", multi(lawn)), ("shrub", multi(shapely.union_all(hedges)))]
    return rows + _trees(points, rng.uniform(low, high, len(points)), rng)


def _wild(parcel: Parcel, rng: np.random.Generator) -> list[Row]:
    """Return woods with clearings, nursery rows or marsh."""
    shape = parcel.shape
    if parcel.code == "EG4":
        return _nursery(shape)
    rows: list[Row] = [("grass", shape)]
    holes = _patches(shape, rng, per_ha=2.0, low_m=5, high_m=16)
    if parcel.code in WOODED:
        wood = shape.buffer(2.0, quad_segs=2) if parcel.code != "G2" else shape.buffer(-1.5)
        return [*rows, ("tree", multi(wood.difference(holes), least_m2=20))]
    rows.append(("shrub", multi(holes.intersection(shape), least_m2=10)))
    points = scatter(shape, rng, per_ha=40)
    return rows + _trees(points, rng.uniform(2, 4, len(points)), rng)


def _nursery(shape: BaseGeometry) -> list[Row]:
    """Return straight rows of young trees with bare soil between."""
    body = polygons_of(shape)
    rows: list[Row] = []
    for part in body:
        angle, middle = direction(part) + 0.3, part.centroid
        level = turned(part, -angle, middle)
        west, south, east, north = level.bounds
        lines = [shapely.box(west, y, east, y + 5.0) for y in np.arange(south + 4, north - 4, 8.0)]
        strips = [turned(line.intersection(level.buffer(-4)), angle, middle) for line in lines]
        rows += [
            ("shrub" if number % 7 in {5, 6} else "tree", multi(strip))
            for number, strip in enumerate(strips)
        ]
    return rows


def _garden(garden: Garden, rng: np.random.Generator) -> list[Row]:
    """Return a park's lawn, its stands of trees, its shrubs and single trees."""
    shape = garden.park.shape
    lawn = shape.difference(shapely.union_all([garden.water, garden.paved])).buffer(-0.3)
    stands = _patches(shape, rng, per_ha=9.0, low_m=5.0, high_m=15.0)
    stands = stands.difference(garden.water.buffer(1.0)).intersection(shape.buffer(1.5))
    bushes = _patches(shape, rng, per_ha=7.0, low_m=2.0, high_m=5.0).intersection(lawn)
    points = scatter(lawn, rng, per_ha=22)
    rows: list[Row] = [
        ("grass", multi(lawn, least_m2=4)),
        ("tree", multi(stands, least_m2=10)),
        ("shrub", multi(bushes, least_m2=4)),
    ]
    return rows + _trees(points, rng.uniform(2.0, 4.5, len(points)), rng)


def _patches(
    shape: BaseGeometry, rng: np.random.Generator, *, per_ha: float, low_m: float, high_m: float
) -> BaseGeometry:
    """Return uneven round patches, united."""
    points = scatter(shape, rng, per_ha=per_ha)
    return shapely.union_all(crowns(points, rng.uniform(low_m, high_m, len(points)), rng))


def _trees(points: np.ndarray, radii: np.ndarray, rng: np.random.Generator) -> list[Row]:
    return [("tree", crown) for crown in crowns(points, radii, rng)]


def _street_trees(layout: Layout, rng: np.random.Generator) -> list[Row]:
    """Return trees on both footways; old streets have wide crowns that meet."""
    near = layout.built_up.buffer(PLANTED_MARGIN_M)
    shapely.prepare(near)
    rows: list[Row] = []
    for road in layout.roads:
        every, reach = STREET_TREES[road.kind]
        shady = float(rng.choice([0.75, 1.0, 1.0, 1.4]))
        blocked = _crossed(layout, road)
        for side in (-1.0, 1.0):
            offset = side * (road.width_m / 2 - 2.6 * layout.plan.width_scale)
            points = along(road.line, every_m=every, offset_m=offset)
            points += rng.uniform(-0.6, 0.6, points.shape)
            keep = shapely.contains_xy(near, points[:, 0], points[:, 1])
            keep &= ~shapely.contains_xy(blocked, points[:, 0], points[:, 1])
            keep &= rng.random(len(points)) < KEPT
            points = points[keep]
            rows += _trees(points, reach * shady * rng.uniform(0.8, 1.2, len(points)), rng)
    return rows


def _crossed(layout: Layout, road: Road) -> BaseGeometry:
    """Return where a street has no trees: crossings, river and railway."""
    others = [
        other.line.buffer(other.width_m / 2 + 4, cap_style="flat")
        for other in layout.roads
        if other.key != road.key
    ]
    blocked = shapely.union_all([*others, layout.river.buffer(3), layout.rail_area.buffer(3)])
    shapely.prepare(blocked)
    return blocked


def _lane_trees(built: Built, rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for lane in built.lanes:
        for side in (-3.4, 3.4):
            points = along(lane, every_m=9.0, offset_m=side)
            points = points[rng.random(len(points)) < KEPT]
            rows += _trees(points, rng.uniform(1.8, 3.2, len(points)), rng)
    return rows


def _edge_trees(layout: Layout, rng: np.random.Generator) -> list[Row]:
    """Return trees along the built-up line, many of whose crowns cross it."""
    points = along(layout.built_up.exterior, every_m=13.0, offset_m=0.0)
    points = points + rng.uniform(-4, 4, points.shape)
    blocked = shapely.union_all([layout.road_area, layout.river.buffer(3), layout.rail_area])
    points = points[~shapely.contains_xy(blocked, points[:, 0], points[:, 1])]
    return _trees(points, rng.uniform(2.5, 4.5, len(points)), rng)


def shade(house: Building, *, sun_azimuth: float, cot_elevation: float) -> Polygon:
    """Return the ground that a building shades, itself included."""
    reach = house.height_m * cot_elevation
    east, north = -np.sin(np.radians(sun_azimuth)) * reach, -np.cos(np.radians(sun_azimuth)) * reach
    moved = shapely.transform(house.shape, lambda xy: np.add(xy, (east, north)))
    return Polygon(shapely.union(house.shape, moved).convex_hull)
