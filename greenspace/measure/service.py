"""Service: how much residential land has a park within its service radius.

Question   What share of residential land lies within reach of a park, in a straight line?
Enters     Parks and residential land in the measuring CRS, and tiers of size and radius.
Leaves     The served ground as geometry, and a Ratio or RatioTable: m² over m².
Elsewhere  Walking distance: another indicator, under another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import covered_area, within
from greenspace.model.quantity import Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.definition import Tiers

INDICATOR = "service_coverage"
QUAD_SEGMENTS = 256
AREA_NOISE = 1e-9


@dataclass(frozen=True)
class Reach:
    """Residential land and the part of it that parks serve.

    Attributes
    ----------
    blocks
        Residential land, dissolved, in connected pieces.
    buffers
        What each park that has a tier serves.
    """

    blocks: NDArray[Any]
    buffers: NDArray[Any]
    crs: CRS

    @cached_property
    def area(self) -> Any:
        """All ground within reach, residential or not."""
        return shapely.union_all(self.buffers)

    @property
    def served(self) -> Any:
        """Residential land within reach."""
        return shapely.union_all(shapely.intersection(self.blocks, self.area))

    @property
    def unserved(self) -> Any:
        """Residential land out of reach."""
        return shapely.union_all(shapely.difference(self.blocks, self.area))


def radii(park_area_m2: NDArray[np.float64], tiers: Tiers) -> NDArray[np.float64]:
    """Return the service radius of each park, 0 where it is below every tier.

    A park belongs to the tier of the greatest minimum that it reaches; the minimum itself
    is reached. Areas within 1e-9 of a minimum count as on it (coordinates are rounded).

    Examples
    --------
    >>> radii(np.array([5000.0, 4999.9, 1999.9]), ((5000, 500), (2000, 300)))
    array([500., 300.,   0.])
    """
    radius = np.zeros(len(park_area_m2))
    for minimum, reach in sorted(tiers):
        radius[park_area_m2 >= minimum * (1.0 - AREA_NOISE)] = reach
    return radius


def cut_parks(parks: gpd.GeoSeries, tiers: Tiers) -> int:
    """Count the rows that would reach further if parks that share an edge were one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> halves = gpd.GeoSeries([box(0, 0, 50, 50), box(50, 0, 100, 50), box(0, 90, 9, 99)])
    >>> cut_parks(halves, ((5000, 500), (2000, 300)))
    2
    """
    shapes = parks.to_numpy()
    whole = shapely.get_parts(shapely.union_all(shapes))
    row, piece = shapely.STRtree(whole).query(shapely.point_on_surface(shapes), "intersects")
    joined = radii(shapely.area(whole), tiers)
    alone = radii(shapely.area(shapes), tiers)
    return int(np.count_nonzero(joined[piece] > alone[row]))


def reach_of(parks: gpd.GeoSeries, residential: gpd.GeoSeries, tiers: Tiers) -> Reach:
    """Return what parks reach, from their boundary outwards.

    Arcs are drawn with 256 segments a quarter: a drawn circle lacks 6e-6 of the true one.
    """
    shapes = parks.to_numpy()
    radius = radii(shapely.area(shapes), tiers)
    has_tier = radius > 0
    buffers = shapely.buffer(shapes[has_tier], radius[has_tier], quad_segs=QUAD_SEGMENTS)
    blocks = shapely.get_parts(shapely.union_all(residential.to_numpy()))
    return Reach(blocks, buffers, parks.crs)


def service_coverage(reach: Reach) -> Ratio:
    """Measure service-radius coverage (公园绿化活动场地服务半径覆盖率).

    ``area(residential ∩ union(buffers)) / area(residential)``: land, not people.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> park = gpd.GeoSeries([box(0, 0, 100, 50)], crs=6933)
    >>> homes = gpd.GeoSeries([box(100, 0, 1100, 50)], crs=6933)
    >>> round(service_coverage(reach_of(park, homes, ((5000, 500),))).value, 4)
    0.5
    """
    whole = shapely.area(reach.blocks).sum()
    served = within(covered_area(reach.buffers, reach.blocks).sum(), whole)
    return Ratio(INDICATOR, float(served), float(whole), "1", reach.crs)


def service_coverage_by_zone(reach: Reach, zones: gpd.GeoDataFrame) -> RatioTable:
    """Measure service-radius coverage of the residential land in each zone."""
    tree = shapely.STRtree(reach.blocks)
    ground = zones.geometry.to_numpy()
    zone, block = tree.query(ground, predicate="intersects")
    pieces = shapely.intersection(reach.blocks[block], ground[zone])
    whole = np.bincount(zone, shapely.area(pieces), len(ground)).astype(float)
    served = np.bincount(zone, covered_area(reach.buffers, pieces), len(ground)).astype(float)
    return RatioTable(INDICATOR, zones, within(served, whole), whole, "1", zones.crs)
