"""Planned: what the city's plan draws, and the city beyond its built-up line.

Question   Which green does the plan ask for, how large is the city, which farmland became wood?
Enters     The layout and its green parcels.
Leaves     Planned green, the city area, returned farmland.
Elsewhere  Green that exists: parks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.sample.frame import stream
from greenspace.sample.layers import table
from greenspace.sample.shapes import multi

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout

BELT_M = 34.0  # planned beside the railway; built ones are narrower
SLIT_M = 0.3  # half the width of slits that a plan does not draw
NEW_PARK = "北湖公园（规划）"


def plans(layout: Layout, parcels: list[Parcel], seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Return planned green, the city area and returned farmland."""
    return {
        "planned_green": table(["CLASS", "NAME"], _planned(layout, parcels)),
        "city_area": table(["NAME"], [("清河市", _city_area(layout))]),
        "returned_farmland": table(["NAME", "YEAR"], _returned(layout, seed)),
    }


def _planned(layout: Layout, parcels: list[Parcel]) -> list[tuple[Any, ...]]:
    """Return parks and belts as they are, a wider belt along the railway, and a park to come."""
    scale = layout.plan.width_scale
    built = [parcel for parcel in parcels if parcel.code[:2] in {"G1", "G2"}]
    rail = layout.rail_line.buffer(layout.plan.rail[2] + BELT_M * scale, cap_style="flat")
    taken = [parcel.shape for parcel in parcels] + [layout.road_area, layout.river]
    belt = rail.intersection(layout.built_up).difference(layout.rail_area)
    wider = belt.difference(shapely.union_all(taken))
    (u, v), (along, across) = layout.plan.extension
    park = layout.frame.blob((u, v), (along / 4, across / 4), stream(0, "planned park"))
    free = park.difference(shapely.union_all([*taken, layout.rail_area, layout.built_up]))
    rows: list[tuple[Any, ...]] = [(parcel.code, parcel.name, parcel.shape) for parcel in built]
    whole = wider.buffer(SLIT_M, join_style="mitre").buffer(-SLIT_M, join_style="mitre")
    rows.append(("G2", "铁路防护绿地（规划）", multi(whole)))
    rows.append(("G12", NEW_PARK, multi(free)))
    return [row for row in rows if row[-1].area > 0]


def _city_area(layout: Layout) -> shapely.Polygon:
    """Return the administrative area: it reaches beyond the image."""
    around = layout.extent.union(layout.built_up).convex_hull
    shape = around.buffer(0.3 * layout.plan.half_m, quad_segs=4)
    return shapely.Polygon(np.round(shapely.get_coordinates(shape), 3))


def _returned(layout: Layout, seed: int) -> list[tuple[Any, ...]]:
    """Return two plots of returned farmland outside the built-up line."""
    rng, rows = stream(seed, "returned"), []
    for name, year, (middle, radii) in (
        ("东郊退耕地", 2019, layout.plan.outer_wood),
        ("西山退耕地", 2022, layout.plan.hill),
    ):
        at = (middle[0] * 1.12, middle[1] * 1.12)
        shape = layout.frame.blob(at, (radii[0] / 3, radii[1] / 3), rng)
        rows.append((name, year, multi(shape.difference(layout.built_up))))
    return [row for row in rows if row[-1].area > 0]
