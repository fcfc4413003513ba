"""Service: how much residential land has a park within its service radius.

Question   What share of residential land lies within reach of a park, in a straight line?
Enters     Parks and blocks of residential land that share no ground, and tiers of size and radius.
Leaves     The served and unserved part of each block, and a Ratio or RatioTable: m² over m².
Elsewhere  Blocks without overlaps: prepare/blocks. Round buffers: measure/round_buffer. Walking
           distance: another indicator, under another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import pi, sin, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import within
from greenspace.measure.expanse import Expanse
from greenspace.measure.park_rows import joined_rows
from greenspace.measure.round_buffer import round_buffers
from greenspace.model.quantity import NO_HOMES, Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.definition import Tiers
    from greenspace.model.tiers import Historic

INDICATOR = "service_coverage"
AREA_NOISE = 1e-9
QUAD_SEGMENTS = 64
_TURN = pi / (2 * QUAD_SEGMENTS)
DISC = sqrt(_TURN / sin(_TURN))  # by which a drawn disc is wider, so that its area is true


@dataclass(frozen=True, eq=False)
class Reach:
    """Blocks of residential land and what of each parks serve.

    Attributes
    ----------
    blocks
        Residential land in the caller's rows, which share no ground; some may be empty.
    radius
        How far each park reaches, in metres; 0 below every tier.
    buffers
        What parks serve, in pieces; those of one park may overlap.
    park
        The row of the park that each piece belongs to.
    """

    blocks: NDArray[Any]
    radius: NDArray[np.float64]
    buffers: NDArray[Any]
    park: NDArray[np.int64]
    crs: CRS

    @cached_property
    def area(self) -> Any:
        """All ground within reach, residential or not."""
        return shapely.union_all(self.buffers)

    @cached_property
    def expanse(self) -> Expanse:
        """All ground within reach, ready to be held against many shapes."""
        return Expanse(self.area)

    @cached_property
    def block_m2(self) -> NDArray[np.float64]:
        """The area of each block."""
        return np.asarray(shapely.area(self.blocks), dtype=float)

    @cached_property
    def served_m2(self) -> NDArray[np.float64]:
        """How much of each block is within reach."""
        return self.expanse.area_within(self.blocks)

    @cached_property
    def _parts(self) -> tuple[NDArray[Any], NDArray[Any]]:
        return self.expanse.divided(self.blocks)

    @property
    def served_parts(self) -> NDArray[Any]:
        """The part of each block within reach, empty where there is none."""
        return self._parts[0]

    @property
    def unserved_parts(self) -> NDArray[Any]:
        """The part of each block out of reach, empty where there is none."""
        return self._parts[1]

    @cached_property
    def served(self) -> Any:
        """Residential land within reach."""
        return shapely.disjoint_subset_union_all(self.served_parts)

    @cached_property
    def unserved(self) -> Any:
        """Residential land out of reach."""
        return shapely.disjoint_subset_union_all(self.unserved_parts)


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


def park_radii(
    shapes: NDArray[Any], tiers: Tiers, historic: Historic | None = None
) -> NDArray[np.float64]:
    """Return the service radius of each park by its area and by where it lies.

    A park lies in the historic district if more than half of it does; there it has the larger
    of both radii, for whatever homes are near it.

    Examples
    --------
    >>> from greenspace.model.tiers import Historic
    >>> parks = shapely.box([0, 30, 90], 0, [30, 60, 120], 40)  # 1 200 m2 each
    >>> old = Historic(shapely.box(0, 0, 45, 40), ((1000, 300),))
    >>> park_radii(parks, ((5000, 500), (2000, 300)), old).tolist()
    [300.0, 0.0, 0.0]
    """
    area = shapely.area(shapes)
    radius = radii(area, tiers)
    if historic is None:
        return radius
    inside = shapely.area(shapely.intersection(shapes, historic.ground))
    relaxed = np.where(inside > area / 2, radii(area, historic.tiers), 0.0)
    return np.maximum(radius, relaxed)


def cut_parks(
    parks: gpd.GeoSeries, tiers: Tiers, historic: Historic | None = None
) -> NDArray[np.bool_]:
    """Return which rows would reach further if parks that touch, or nearly so, were one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> halves = gpd.GeoSeries(shapely.box([0, 50, 0], [0, 0, 90], [50, 100, 9], [50, 50, 99]))
    >>> cut_parks(halves, ((5000, 500), (2000, 300))).tolist()
    [True, True, False]
    """
    shapes = parks.to_numpy()
    whole, piece = joined_rows(shapes)
    alone = park_radii(shapes, tiers, historic)
    joined = np.append(park_radii(whole, tiers, historic), 0.0)
    return np.asarray(joined[piece] > alone)


def reach_of(
    parks: gpd.GeoSeries,
    residential: gpd.GeoSeries,
    tiers: Tiers,
    *,
    point_radius_m: float | None = None,
    historic: Historic | None = None,
) -> Reach:
    """Return what parks reach, from their boundary outwards.

    Rows of residential land share no ground; `prepare/blocks` sees to that. Parks that are
    points have no tier: they reach as far as `point_radius_m` says.
    """
    buffers, park, radius = served_ground(
        parks, tiers, point_radius_m=point_radius_m, historic=historic
    )
    return Reach(residential.to_numpy(), radius, buffers, park, parks.crs)


def served_ground(
    parks: gpd.GeoSeries,
    tiers: Tiers,
    *,
    point_radius_m: float | None = None,
    historic: Historic | None = None,
) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.float64]]:
    """Return the pieces of ground that parks serve, the row of each, and all radii."""
    shapes = parks.to_numpy()
    radius = park_radii(shapes, tiers, historic)
    points = shapely.get_dimensions(shapes) == 0
    radius[points] = point_radius_m or 0.0
    rows = np.flatnonzero((radius > 0) & ~points)
    around = np.flatnonzero((radius > 0) & points)
    buffers, owner = round_buffers(shapes[rows], radius[rows])
    discs = shapely.buffer(shapes[around], radius[around] * DISC, quad_segs=QUAD_SEGMENTS)
    return np.concatenate([buffers, discs]), np.concatenate([rows[owner], around]), radius


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
    whole = float(reach.block_m2.sum())
    served = min(float(reach.served_m2.sum()), whole)
    why = None if whole else NO_HOMES
    return Ratio(INDICATOR, served, whole, "1", reach.crs, undefined=why)


def service_coverage_by_zone(reach: Reach, zones: gpd.GeoDataFrame) -> RatioTable:
    """Measure service-radius coverage of the residential land in each zone.

    Only blocks that a zone's edge cuts are measured anew.
    """
    ground = zones.geometry.to_numpy()
    zone, block = shapely.STRtree(reach.blocks).query(ground, predicate="intersects")
    shapely.prepare(ground)
    inside = shapely.contains_properly(ground[zone], reach.blocks[block])
    cut = shapely.intersection(reach.blocks[block[~inside]], ground[zone[~inside]])
    whole = np.where(inside, reach.block_m2[block], 0.0)
    served = np.where(inside, reach.served_m2[block], 0.0)
    whole[~inside] = shapely.area(cut)
    served[~inside] = reach.expanse.area_within(cut)
    total, part = (np.bincount(zone, each, len(ground)).astype(float) for each in (whole, served))
    table = RatioTable(INDICATOR, zones, within(part, total), total, "1", zones.crs)
    return table.undefined_by([None if land else NO_HOMES for land in total])
