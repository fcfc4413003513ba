"""Yardsticks: what lies near each home.

Question   Which share of a home has green space, trees or canopy as near as a rule asks?
Enters     Counted homes, parks, trees and canopy of one measuring CRS.
Leaves     One number a home: a share within reach, a count of trees, a share of canopy.
Elsewhere  Ratios from shares: measure/counted. On foot: measure/walk_service. Which parks are large
           and wide enough: measure/park_sizes. Rules: model/yardsticks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.measure.areas import within
from greenspace.measure.expanse import Expanse
from greenspace.measure.service import reach_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.park_sizes import ParkSizes
    from greenspace.measure.service import Reach
    from greenspace.measure.walk_service import WalkReach
    from greenspace.model.counted import Counted
    from greenspace.model.yardsticks import ReachRule

AT_ONCE = 1_000  # neighbourhoods whose pieces of canopy are held at a time


def fit_for(parks: ParkSizes, rule: ReachRule) -> NDArray[Any]:
    """Return parks row by row, those too small or narrow for a rule as empty shapes."""
    shapes = parks.shapes.copy()
    shapes[~parks.meet(rule)] = shapely.Polygon()
    return shapes


def straight_share(counted: Counted, parks: ParkSizes, rule: ReachRule) -> NDArray[np.float64]:
    """Return which share of each home has such a park within reach, in a straight line.

    What counts as a whole is within reach or not, at the distance itself too; of a block the
    share of its ground.
    """
    if counted.whole:
        near = parks.shapes[parks.meet(rule)]
        return (number_within(counted.shapes, near, rule.within_m) > 0).astype(float)
    blocks = gpd.GeoSeries(counted.shapes, crs=counted.crs)
    green = gpd.GeoSeries(fit_for(parks, rule), crs=counted.crs)
    return share_of_blocks(reach_of(green, blocks, rule.tiers))


def share_of_blocks(reach: Reach | WalkReach) -> NDArray[np.float64]:
    """Return the share of each block that is served."""
    share: NDArray[np.float64] = within(reach.served_m2, reach.block_m2) / reach.block_m2
    return share


def number_within(homes: NDArray[Any], others: NDArray[Any], distance_m: float) -> NDArray[Any]:
    """Return how many of the others lie within a distance of each home, itself included.

    Examples
    --------
    >>> homes, trees = shapely.points([[0, 0], [9, 0]]), shapely.points([[0, 5]])
    >>> number_within(homes, trees, 5.0).tolist()
    [1, 0]
    """
    home, _ = shapely.STRtree(others).query(homes, predicate="dwithin", distance=distance_m)
    return np.bincount(home, minlength=len(homes))


def canopy_share(canopy: NDArray[Any], neighbourhoods: NDArray[Any]) -> NDArray[np.float64]:
    """Return the share of each neighbourhood under the union of the canopy.

    Neighbourhoods may overlap, as those about homes do. The canopy is joined once, and only the
    pieces of it that a neighbourhood's line crosses are cut.

    Examples
    --------
    >>> crowns = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> canopy_share(crowns, np.array([shapely.box(0, 0, 10, 1)])).tolist()
    [0.3]
    """
    pieces = Expanse(shapely.union_all(canopy)).pieces
    tree, area = shapely.STRtree(pieces), shapely.area(pieces)
    whole = shapely.area(neighbourhoods)
    covered = np.zeros(len(neighbourhoods))
    for start in range(0, len(neighbourhoods), AT_ONCE):
        places = neighbourhoods[start : start + AT_ONCE]
        place, piece = tree.query(places, predicate="intersects")
        shapely.prepare(places)
        cut = ~shapely.contains_properly(places[place], pieces[piece])
        shared = area[piece]
        shared[cut] = shapely.area(shapely.intersection(pieces[piece[cut]], places[place[cut]]))
        covered[start : start + AT_ONCE] = np.bincount(place, shared, len(places))
    share: NDArray[np.float64] = within(covered, whole) / whole
    return share
