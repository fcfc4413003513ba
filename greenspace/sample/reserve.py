"""Reserve: a made-up national park west of the city, cut into zones.

Question   Where does the park end, and which ground is in which zone?
Enters     The layout.
Leaves     The park's boundary and its zones, which cover it exactly.
Elsewhere  The hill within the city: parks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString

from greenspace.sample.frame import stream
from greenspace.sample.layers import table

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.sample.layout import Layout

NAME = "清河山国家公园（虚构）"
CORE, GENERAL = "核心保护区", "一般控制区"
AROUND = (  # bearing where a piece of the rest begins, its function zone, its name
    (-0.9, "生态保育区", "南坡保育区"),
    (0.55, "科教游憩区", "东门科教区"),
    (1.35, "生态保育区", "北坡保育区"),
    (3.05, "生产生活区", "西村生活区"),
)


def reserve(layout: Layout, seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Return boundary and zones of the park; zones share their edges vertex by vertex."""
    rng, half = stream(seed, "reserve"), layout.plan.half_m
    middle = (-1.9 * half, -0.1 * half)
    edge = layout.frame.blob(middle, (0.62 * half, 0.55 * half), rng)
    core = layout.frame.blob(middle, (0.46 * half, 0.41 * half), rng)
    centre = layout.frame.point(*middle)
    rays = [
        LineString(
            [
                centre,
                (centre.x + 2 * half * math.cos(turn), centre.y + 2 * half * math.sin(turn)),
            ]
        )
        for turn, _, _ in AROUND
    ]
    cuts = [ray.intersection(edge).difference(core) for ray in rays]
    net = shapely.union_all([edge.exterior, core.exterior, *cuts], grid_size=0.001)
    pieces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts([net]))))
    rows = []
    for piece in pieces:
        point = piece.representative_point()
        if core.contains(point):
            rows.append(("严格保护区", CORE, "清河山核心区", None, piece))
            continue
        turn = math.atan2(point.y - centre.y, point.x - centre.x)
        starts = np.array([start for start, _, _ in AROUND])
        place = int(np.argmin((turn - starts) % (2 * math.pi)))
        _, zone, name = AROUND[place]
        rows.append((zone, GENERAL, name, None, piece))
    rows.sort(key=lambda row: (row[1] != CORE, row[2]))
    whole = shapely.coverage_union_all([row[-1] for row in rows])
    return {
        "park_boundary": table(["NAME"], [(NAME, whole)]),
        "park_zones": table(["ZONE", "LEVEL", "NAME", "SEASON"], rows),
    }
