"""Parks: parks, squares, protective belts and the green land beyond construction land.

Question   Where do the larger green parcels lie, and of which class are they?
Enters     A layout and its free ground.
Leaves     Parcels of classes G1, G2, G3 and EG; the ground without them.
Elsewhere  Green land attached to plots and roads: plots. What grows there: plants.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely
from shapely import Point

from greenspace.sample.frame import stream
from greenspace.sample.ground import Ground, Parcel
from greenspace.sample.plan import ARTERIAL, FAST
from greenspace.sample.shapes import direction, exact_quadrilateral, largest, multi, parts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.layout import Layout, Road

EXACT_AREA_M2 = 5000
EXACT_NAME = "银杏公园"
CROSSING_NAME = "东坡公园"
BANK_M = 80.0  # the widest strip between river and quay


def beyond_construction(layout: Layout, ground: Ground, seed: int) -> list[Parcel]:
    """Return hill, wetland, island, nursery and outer wood: classes EG."""
    plan, rng = layout.plan, stream(seed, "beyond")
    front = layout.frame.blob(plan.hill[0], plan.hill[1], rng)
    back = layout.frame.blob(
        (plan.hill[0][0] - 0.09 * plan.half_m, plan.hill[0][1] - 0.09 * plan.half_m),
        (plan.hill[1][0] * 0.8, plan.hill[1][1] * 0.8),
        rng,
    )
    nursery = layout.frame.blob(plan.nursery[0], plan.nursery[1], rng)
    wood = layout.frame.blob(plan.outer_wood[0], plan.outer_wood[1], rng)
    marsh = layout.frame.blob(plan.marsh[0], plan.marsh[1], rng)
    rows = [
        ("EG2", "北坡生态林", ground.take(front.intersection(back))),
        ("EG12", "西山森林公园", ground.take(front)),
        ("EG4", "清河苗圃", ground.take(nursery)),
        ("EG2", "东河滩生态林", ground.take(marsh)),
        ("EG19", "东郊林地", ground.take(wood)),
        ("EG13", "清河湿地公园", [ground.take_block(layout.place(plan.wetland))]),
        ("EG19", "江心洲", [layout.island]),
    ]
    return [
        Parcel(code, name, largest(pieces) if len(pieces) == 1 else shapely.MultiPolygon(pieces))
        for code, name, pieces in rows
        if pieces
    ]


def parks(layout: Layout, ground: Ground, seed: int) -> list[Parcel]:
    """Return the parks of the plan, one of exactly 5000 m2, one across the built-up line."""
    rng = stream(seed, "parks")
    rows = [_exact_park(layout, ground)]
    blob = layout.frame.blob(*layout.plan.crossing_park, rng)
    rows.append(Parcel("G12", CROSSING_NAME, largest(ground.take(blob))))
    for spec in layout.plan.parks:
        place = layout.place(spec.place)
        if spec.area_m2 is None:
            shape = ground.take_block(place)
        else:
            wave = min(7.0, 0.05 * math.sqrt(spec.area_m2))
            shape = ground.carve(place, area_m2=spec.area_m2, wave_m=wave)
        rows.append(Parcel(spec.code, spec.name, shape))
    return rows


def _exact_park(layout: Layout, ground: Ground) -> Parcel:
    """Return a park of exactly 5000 m2, on whole metres, somewhere in its block."""
    place = layout.place(layout.plan.exact_park)
    block = ground.find(place)
    angle = direction(block)
    for ring in range(12):
        for turn in range(1 if ring == 0 else 12):
            bearing = turn * math.pi / 6
            near = Point(
                place.x + 5 * ring * math.cos(bearing), place.y + 5 * ring * math.sin(bearing)
            )
            shape = exact_quadrilateral(near, angle=angle, area_m2=EXACT_AREA_M2)
            if block.contains(shape):
                ground.take(shape)
                return Parcel("G12", EXACT_NAME, shape)
    raise AssertionError("the plan leaves room for this park")


def belts(layout: Layout, ground: Ground) -> list[Parcel]:
    """Return protective belts along expressway and railway, and unused river banks."""
    scale = layout.plan.width_scale
    reach = layout.built_up.buffer(90 * scale)
    fast = [
        road.line.buffer(road.width_m / 2 + 34 * scale, cap_style="flat")
        for road in layout.roads
        if road.kind == FAST
    ]
    rail = layout.rail_line.buffer(layout.plan.rail[2] + 20 * scale, cap_style="flat")
    rows = []
    for name, band in (("环城西路防护绿地", shapely.union_all(fast)), ("铁路防护绿地", rail)):
        pieces = ground.take(band.intersection(reach), least_m2=200 * scale)
        rows += [Parcel("G2", name, piece) for piece in pieces]
    return rows


def banks(layout: Layout, ground: Ground) -> list[Parcel]:
    """Return strips between river and quay that are no park: protective green."""
    reach = layout.built_up.buffer(40)
    rows = []
    for block in list(ground.free):
        thin = block.buffer(-BANK_M * layout.plan.width_scale / 2).is_empty
        if thin and block.distance(layout.river) < 1.0 and block.intersects(layout.built_up):
            pieces = ground.take(block.intersection(reach))
            rows += [Parcel("G2", "清河防护绿地", piece) for piece in pieces]
    return rows


def squares(layout: Layout, ground: Ground) -> list[Parcel]:
    """Return the square before the town hall."""
    scale = layout.plan.width_scale**2
    place = layout.place(layout.plan.square)
    return [Parcel("G3", "府前广场", ground.carve(place, area_m2=9_000 * scale, wave_m=0.5))]


def road_green(layout: Layout) -> list[Parcel]:
    """Return medians and side strips of the wide streets: class SG, one row per street."""
    rows: dict[str, list[BaseGeometry]] = {}
    near = layout.built_up.buffer(60)
    for road in layout.roads:
        if road.kind in {FAST, ARTERIAL}:
            strips = _strips(road, layout)
            rows.setdefault(road.name, []).append(strips.intersection(near))
    shapes = {name: multi(shapely.union_all(found), least_m2=8.0) for name, found in rows.items()}
    return [Parcel("SG", f"{name}绿化带", shape) for name, shape in shapes.items() if shape.area]


def _strips(road: Road, layout: Layout) -> BaseGeometry:
    scale, width = layout.plan.width_scale, road.width_m
    side = width / 2 - 5.5 * scale
    edges = [(0.0, 2.6 * scale), (side, 1.5 * scale), (-side, 1.5 * scale)]
    bands = []
    for offset, half in edges:
        line = road.line.offset_curve(offset, join_style="mitre") if offset else road.line
        bands.append(line.buffer(half, cap_style="flat"))
    gaps = [layout.river.buffer(8 * scale), layout.rail_area.buffer(8 * scale)]
    for other in layout.roads:
        if other.name != road.name and other.line.intersects(road.line):
            cross = other.line.intersection(road.line)
            gaps += [
                piece.buffer(other.width_m / 2 + 14 * scale)
                for piece in (shapely.get_parts(cross) if not parts(cross) else [])
            ]
    inside = shapely.union_all(bands).intersection(layout.road_area)
    return inside.difference(shapely.union_all(gaps))


def construction_land(layout: Layout, beyond: list[Parcel], seed: int) -> BaseGeometry:
    """Return construction land: the built-up area and an extension, less water and classes EG."""
    extension = layout.frame.blob(*layout.plan.extension, stream(seed, "extension"))
    outside = shapely.union_all([layout.river, *(parcel.shape for parcel in beyond)])
    planned = layout.built_up.union(extension).intersection(layout.extent)
    return multi(planned.difference(outside), least_m2=1.0)
