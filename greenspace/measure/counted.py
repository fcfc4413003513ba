"""Counted: shares of residents, homes or land, over all or by zone.

Question   What share of those who are counted has something within reach?
Enters     Counted homes, and for each shape a share from 0 to 1.
Leaves     A Ratio, or a RatioTable where the homes are split by zones.
Elsewhere  The shares: measure/yardsticks. Making homes ready: prepare/counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from greenspace.measure.areas import within
from greenspace.model.quantity import Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.counted import Counted


def by_zone(counted: Counted, zones: gpd.GeoDataFrame) -> Counted:
    """Return homes split by zones.

    A block is cut at a zone's line, its amount going with its ground. What counts as a whole
    counts in every zone that its point (one on its surface) lies inside; on the lines alone, in
    the first of the zones that touch it. What lies in no zone is in none of them.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from greenspace.model.counted import Counted
    >>> block = Counted(np.array([shapely.box(0, 0, 4, 1)]), np.array([100.0]), "residents",
    ...     np.array([0]), None)
    >>> halves = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 9, 1)])
    >>> by_zone(block, halves).amount.tolist()
    [25.0, 75.0]
    """
    ground = zones.geometry.to_numpy()
    if counted.whole:
        tree = shapely.STRtree(shapely.point_on_surface(counted.shapes))
        zone, shape = tree.query(ground, predicate="contains")
        edge_zone, edge = tree.query(ground, predicate="touches")
        inside = np.isin(edge, shape)
        edge, first = np.unique(edge[~inside], return_index=True)
        zone = np.concatenate((zone, edge_zone[~inside][first]))
        shape = np.concatenate((shape, edge))
        shapes, amount = counted.shapes[shape], counted.amount[shape]
    else:
        zone, shape = shapely.STRtree(counted.shapes).query(ground, predicate="intersects")
        cut = shapely.intersection(counted.shapes[shape], ground[zone])
        part = shapely.area(cut) / shapely.area(counted.shapes[shape])
        real = part > 0
        shapes, zone, shape = cut[real], zone[real], shape[real]
        amount = counted.amount[shape] * np.minimum(part[real], 1.0)
    return replace(
        counted, shapes=shapes, amount=amount, row=counted.row[shape], zones=zones, zone=zone
    )


def share_of(rule: str, counted: Counted, share: NDArray[np.float64]) -> Ratio | RatioTable:
    """Return the share of a rule over all that is counted, by zone where it is split.

    Examples
    --------
    >>> from greenspace.model.counted import Counted
    >>> homes = Counted(np.zeros(3), np.array([10.0, 20.0, 70.0]), "residents", np.arange(3), None)
    >>> ratio = share_of("who_300", homes, np.array([1.0, 0.5, 0.0]))
    >>> ratio.indicator, ratio.value
    ('who_300', 0.2)
    """
    indicator = counted.indicator(rule)
    reached = counted.amount * share
    if counted.zones is None or counted.zone is None:
        whole = counted.amount.sum()
        part = within(reached.sum(), whole)
        return Ratio(indicator, float(part), float(whole), "1", counted.crs)
    count = len(counted.zones)
    whole = np.bincount(counted.zone, counted.amount, count).astype(float)
    part = within(np.bincount(counted.zone, reached, count).astype(float), whole)
    return RatioTable(indicator, counted.zones, part, whole, "1", counted.crs)
