"""Street land: what streets, river and railway are made of, beside their centre lines.

Question   Which land is a road's, what is it paved with, and which corridors lead into the city?
Enters     The layout and its green parcels.
Leaves     Road land, paving, corridors, greenways and river banks.
Elsewhere  Centre lines and footways: layers. Green strips: parks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from greenspace.sample.layers import table
from greenspace.sample.layout import DISTRICT_NAMES
from greenspace.sample.plan import WIDTHS_M
from greenspace.sample.shapes import multi, parts

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout

FOOTWAY_M, BANK_M = 4.0, 15.0
SEALED = DISTRICT_NAMES[2]  # the district whose footways are not permeable
SHORT_M = 20.0
DEMONSTRATION = frozenset({"文昌路", "滨河北路", "府前街", "枫桥路", "清河大道", "滨河南路"})
Rows = list[tuple[Any, ...]]


def street_land(layout: Layout, parcels: list[Parcel]) -> dict[str, gpd.GeoDataFrame]:
    """Return every layer of land and lines that belongs to streets, river and railway."""
    return {
        "road_land": table(["ROAD", "CLASS"], _road_land(layout)),
        "paving": table(["KIND", "RUNOFF", "PERMEABLE"], _paving(layout, parcels)),
        "corridors": table(["NAME", "KIND", "WIDTH"], _corridors(layout)),
        "greenways": table(["NAME"], _greenways(layout)),
        "riverbanks": table(["NAME"], _riverbanks(layout)),
    }


def demonstration(roads: gpd.GeoDataFrame) -> list[str]:
    """Return which streets are demonstration streets."""
    return ["是" if name in DEMONSTRATION else "否" for name in roads["NAME"]]


def _road_land(layout: Layout) -> Rows:
    """Return the land between each street's red lines; a crossing belongs to the wider street."""
    rows: Rows = []
    taken: BaseGeometry = shapely.MultiPolygon()
    for kind in WIDTHS_M:
        for name in dict.fromkeys(road.name for road in layout.roads if road.kind == kind):
            lines = [road for road in layout.roads if road.name == name]
            bands = [road.line.buffer(road.width_m / 2, cap_style="flat") for road in lines]
            band = shapely.union_all(bands).intersection(layout.extent)
            rows.append((name, kind, multi(band.difference(taken))))
            taken = shapely.union(taken, band)
    return rows


def _paving(layout: Layout, parcels: list[Parcel]) -> Rows:
    """Return carriageways, footways and squares, without what is planted between them."""
    planted = shapely.union_all([p.shape for p in parcels if p.code == "SG"])
    land = layout.road_area.intersection(layout.built_up).difference(planted)
    inner = layout.road_area.buffer(-FOOTWAY_M * layout.plan.width_scale, join_style="mitre")
    side = land.difference(inner)
    sealed = next(shape for name, shape in layout.districts if name == SEALED)
    square = shapely.union_all([p.shape for p in parcels if p.code == "G3"])
    rows = [
        ("车行道", 0.90, "否", multi(land.intersection(inner))),
        ("人行道", 0.45, "是", multi(side.difference(sealed))),
        ("人行道", 0.85, "否", multi(side.intersection(sealed))),
        ("广场", 0.55, "是", multi(square)),
    ]
    return [row for row in rows if row[-1].area > 0]


def _corridors(layout: Layout) -> Rows:
    """Return the entry road on both sides of the city, and the railway through it."""
    half, entry = layout.plan.half_m, [r for r in layout.roads if r.key == "A1"]
    ring = layout.built_up.buffer(0.05 * half).difference(layout.built_up.buffer(-0.3 * half))
    rows: Rows = [
        (f"{road.name}（出入口）", "entry", road.width_m, part)
        for road in entry
        for part in parts(road.line.intersection(ring))
    ]
    line = layout.rail_line.intersection(layout.built_up)
    return [*rows, *(("清河铁路", "railway", 2 * layout.plan.rail[2], p) for p in parts(line))]


def _greenways(layout: Layout) -> Rows:
    """Return a greenway on each bank, between the river and its street."""
    gap = 3.0 * layout.plan.width_scale
    rows: Rows = []
    for key, name, side in (("QN", "清河北岸绿道", -1), ("QS", "清河南岸绿道", 1)):
        for road in (road for road in layout.roads if road.key == key):
            line = road.line.offset_curve(side * (road.width_m / 2 + gap), join_style="mitre")
            inside = line.intersection(layout.built_up)
            rows += [(name, part) for part in parts(inside) if part.length > SHORT_M]
    return rows


def _riverbanks(layout: Layout) -> Rows:
    """Return the strips beside the river in the built-up area that no street takes."""
    reach = layout.river.buffer(BANK_M * layout.plan.width_scale, join_style="mitre")
    strips = reach.difference(layout.river).difference(layout.road_area)
    south = next(shape for name, shape in layout.districts if name == SEALED)
    inside = strips.intersection(layout.built_up)
    rows = [
        ("清河北岸", multi(inside.difference(south))),
        ("清河南岸", multi(inside.intersection(south))),
    ]
    return [row for row in rows if row[-1].area > 0]
