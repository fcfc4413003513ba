"""Yardsticks: what lies near each home, and what each living circle has of its own.

Question   Which share of a home has green space, trees or canopy as near as a rule asks?
Enters     Counted homes, parks, trees and canopy of one measuring CRS.
Leaves     One number a home: a share within reach, a count of trees, a share of canopy.
Elsewhere  Ratios from shares: measure/counted. On foot: measure/walk_service. Rules: model/yardsticks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.measure.areas import covered_area, within
from greenspace.measure.service import AREA_NOISE, radii, reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from greenspace.model.counted import Counted
    from greenspace.model.yardsticks import Circle, ReachRule

WIDTH_NOISE_M = 0.01


def wide_enough(parks: gpd.GeoSeries, rule: ReachRule) -> gpd.GeoSeries:
    """Return the parks that meet a rule's least width."""
    if not rule.least_width_m:
        return parks
    large = parks[radii(shapely.area(parks.to_numpy()), rule.tiers) > 0]
    return large[park_width_m(large.to_numpy()) >= rule.least_width_m]


def park_width_m(parks: NDArray[Any]) -> NDArray[np.float64]:
    """Return how wide each park is at its widest: the diameter of the largest circle inside.

    It is the greatest width by which the park can be eroded, half from each side, before
    nothing is left; found to the centimetre and rounded up by as much.

    Examples
    --------
    >>> park_width_m(np.array([shapely.box(0, 0, 300, 80)])).round(1).tolist()
    [80.0]
    """
    circles = shapely.maximum_inscribed_circle(parks, tolerance=WIDTH_NOISE_M / 2)
    return np.asarray(2 * shapely.length(circles) + WIDTH_NOISE_M, dtype=float)


def straight_share(counted: Counted, parks: gpd.GeoSeries, rule: ReachRule) -> NDArray[np.float64]:
    """Return which share of each home has such a park within reach, in a straight line.

    What counts as a whole is within reach or not, at the distance itself too; of a block the
    share of its ground.
    """
    parks = wide_enough(parks, rule)
    if counted.whole:
        near = parks.to_numpy()[radii(shapely.area(parks.to_numpy()), rule.tiers) > 0]
        return within_distance(counted.shapes, near, rule.within_m).astype(float)
    blocks = gpd.GeoSeries(counted.shapes, crs=counted.crs)
    reach = reach_of(parks, blocks, rule.tiers)
    share: NDArray[np.float64] = within(reach.served_m2, reach.block_m2) / reach.block_m2
    return share


def within_distance(
    homes: NDArray[Any], others: NDArray[Any], distance_m: float
) -> NDArray[np.bool_]:
    """Return which homes have one of the others within a distance, itself included.

    Examples
    --------
    >>> homes, trees = shapely.points([[0, 0], [9, 0]]), shapely.points([[0, 5]])
    >>> within_distance(homes, trees, 5.0).tolist()
    [True, False]
    """
    return number_within(homes, others, distance_m) > 0


def number_within(homes: NDArray[Any], others: NDArray[Any], distance_m: float) -> NDArray[Any]:
    """Return how many of the others lie within a distance of each home."""
    home, _ = shapely.STRtree(others).query(homes, predicate="dwithin", distance=distance_m)
    return np.bincount(home, minlength=len(homes))


def canopy_share(canopy: NDArray[Any], neighbourhoods: NDArray[Any]) -> NDArray[np.float64]:
    """Return the share of each neighbourhood under the union of the canopy.

    Examples
    --------
    >>> crowns = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> canopy_share(crowns, np.array([shapely.box(0, 0, 10, 1)])).tolist()
    [0.3]
    """
    share: NDArray[np.float64] = covered_area(canopy, neighbourhoods) / shapely.area(neighbourhoods)
    return share


def circle_of_each(parks: NDArray[Any], circles: Sequence[Circle]) -> NDArray[np.int64]:
    """Return the position of the circle that each park is counted in, -1 in none.

    The first circle whose least size and width a park meets, and no other: a park of the
    15-minute circle is none of the 10-minute one.

    Examples
    --------
    >>> from greenspace.model.yardsticks import living_circle_rules
    >>> parks = np.array([shapely.box(0, 0, 500, 100), shapely.box(0, 0, 1000, 50)])
    >>> circle_of_each(parks, living_circle_rules()).tolist()
    [0, 1]
    """
    area, width = shapely.area(parks), park_width_m(parks)
    circle = np.full(len(parks), -1)
    for position, rule in reversed([(i, c.reach) for i, c in enumerate(circles)]):
        large = area >= rule.least_m2 * (1.0 - AREA_NOISE)
        circle[large & (width >= rule.least_width_m)] = position
    return circle
