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

from greenspace.measure.areas import within
from greenspace.measure.expanse import Expanse
from greenspace.measure.service import AREA_NOISE, radii, reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from greenspace.measure.service import Reach
    from greenspace.measure.walk_service import WalkReach
    from greenspace.model.counted import Counted
    from greenspace.model.yardsticks import Circle, ReachRule

WIDTH_NOISE_M = 0.01
AT_ONCE = 1_000  # neighbourhoods whose pieces of canopy are held at a time


def fit_for(parks: gpd.GeoSeries, rule: ReachRule) -> gpd.GeoSeries:
    """Return parks row by row, those too narrow for a rule as empty shapes.

    Parks too small for it stay: `reach_of` and `serves` see to them.
    """
    if not rule.least_width_m:
        return parks
    shapes = parks.to_numpy().copy()
    large = np.flatnonzero(radii(shapely.area(shapes), rule.tiers))
    narrow = park_width_m(shapes[large]) < rule.least_width_m
    shapes[large[narrow]] = shapely.Polygon()
    return gpd.GeoSeries(shapes, index=parks.index, crs=parks.crs)


def serves(parks: gpd.GeoSeries, rule: ReachRule) -> NDArray[np.bool_]:
    """Return which parks are large enough for a rule."""
    shapes = parks.to_numpy()
    there: NDArray[np.bool_] = ~shapely.is_empty(shapes)
    return there & (radii(shapely.area(shapes), rule.tiers) > 0)


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
    parks = fit_for(parks, rule)
    if counted.whole:
        near = parks.to_numpy()[serves(parks, rule)]
        return (number_within(counted.shapes, near, rule.within_m) > 0).astype(float)
    blocks = gpd.GeoSeries(counted.shapes, crs=counted.crs)
    return share_of_blocks(reach_of(parks, blocks, rule.tiers))


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
