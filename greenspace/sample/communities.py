"""Communities: who lives in which part of the made-up city.

Question   Into which communities does the built-up area fall, and who lives there?
Enters     The layout, its districts and its homes.
Leaves     Communities that partition the districts, the centre area, and sources of noise.
Elsewhere  The rounds of inspection: lists. Homes: plots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.ops import polygonize

from greenspace.sample.frame import stream
from greenspace.sample.layers import table
from greenspace.sample.plan import BRANCH
from greenspace.sample.shapes import polygons_of, scatter

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.layout import Layout

LEAST_M2 = 40_000.0  # of the large plan
PERSONS_A_HOME = 2.7
FIRST, SECOND = "清文德仁和安永兴", "泉昌善爱平康宁华"
NOISES = ("夜市", "建筑工地", "冷却塔", "汽修店", "卸货场", "娱乐场所")


def communities(
    layout: Layout, districts: gpd.GeoDataFrame, residential: gpd.GeoDataFrame, seed: int
) -> gpd.GeoDataFrame:
    """Return communities between the larger streets; their people add up to the districts'."""
    homes = shapely.union_all(residential.geometry.to_numpy())
    rng = stream(seed, "communities")
    rows: list[tuple[Any, ...]] = []
    shapes = districts.geometry.to_numpy()
    cells = _cells(layout, shapes)
    for shape, persons in zip(shapes, districts["POP"].tolist(), strict=True):
        inside = [cell for cell in cells if shape.contains(cell.representative_point())]
        merged = _merged(inside, homes, LEAST_M2 * layout.plan.width_scale**2)
        living = [float(homes.intersection(part).area) for part in merged]
        for part, count in zip(merged, apportioned(persons, living), strict=True):
            floating = round(count * float(rng.uniform(0.05, 0.20)))
            households = round(count / PERSONS_A_HOME)
            rows.append((_name(len(rows)), count, households, count - floating, floating, part))
    return table(["NAME", "POP", "HOUSEHOLDS", "RESIDENT", "FLOATING"], rows)


def _cells(layout: Layout, districts: NDArray[Any]) -> list[Polygon]:
    streets = [road.line for road in layout.roads if road.kind != BRANCH]
    lines = shapely.union_all([*shapely.boundary(districts), *streets])
    inside = layout.built_up
    found = [cell for cell in polygonize(lines) if inside.contains(cell.representative_point())]
    return polygons_of(shapely.MultiPolygon(found), least_m2=0.0)


def _merged(cells: list[Polygon], homes: BaseGeometry, least_m2: float) -> list[Polygon]:
    """Join cells that are small, or where nobody lives, to the neighbour they share most with."""
    left = list(cells)
    while len(left) > 1:
        poor = [c for c in left if c.area < least_m2 or homes.intersection(c).area < least_m2 / 40]
        if not poor:
            break
        cell = min(poor, key=lambda part: (part.area, part.centroid.x))
        left.remove(cell)
        edges = [cell.intersection(other).length for other in left]
        near = int(np.argmax(edges))
        left[near] = shapely.union(left[near], cell)
    return polygons_of(shapely.MultiPolygon(left), least_m2=0.0)


def apportioned(total: int, weights: list[float]) -> list[int]:
    """Return whole numbers in the ratio of the weights that add up to a total.

    Examples
    --------
    >>> apportioned(10, [1.0, 1.0, 1.0])
    [4, 3, 3]
    """
    shares = np.asarray(weights) / sum(weights) * total
    whole = np.floor(shares).astype(int)
    for index in np.argsort(whole - shares, kind="stable")[: total - int(whole.sum())]:
        whole[index] += 1
    return [int(value) for value in whole]


def _name(number: int) -> str:
    first = FIRST[number % len(FIRST)]
    second = SECOND[(number + number // len(FIRST)) % len(SECOND)]
    return f"{first}{second}社区"


def centre(found: gpd.GeoDataFrame, town: Polygon) -> gpd.GeoDataFrame:
    """Return the centre area: the communities of which much is old town, as one."""
    shares = found.intersection(town).area / found.area
    chosen = found[shares > min(0.3, shares.max() * 0.99)]
    shape = shapely.union_all(chosen.geometry.to_numpy())
    return table(["NAME", "POP"], [("中心城区", int(chosen["POP"].sum()), shape)])


def noise_sources(found: gpd.GeoDataFrame, seed: int) -> gpd.GeoDataFrame:
    """Return registered sources of noise, none to three a community."""
    rng = stream(seed, "noise")
    rows = []
    for name, shape in zip(found["NAME"], found.geometry, strict=True):
        for xy in scatter(shape.buffer(-10), rng, per_ha=1.0)[: int(rng.integers(0, 4))]:
            kind = NOISES[int(rng.integers(len(NOISES)))]
            rows.append((kind, name, Point(np.round(xy, 2))))
    return table(["NAME", "COMMUNITY"], rows)
