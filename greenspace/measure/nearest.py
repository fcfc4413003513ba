"""Nearest: which park is closest to each block, in a straight line.

Question   How far is it from the edge of a block to the edge of the nearest park?
Enters     Parks and blocks in the measuring CRS.
Leaves     Metres and the row of the park, by block.
Elsewhere  The way on foot: measure/network. What parks serve: measure/service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def nearest_parks(
    parks: NDArray[Any], blocks: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the distance from each block to the nearest park, and the row of that park.

    Of parks equally near the first one is meant. Without a park, or without ground, the
    distance is not a number and the row -1.

    Examples
    --------
    >>> from shapely import box
    >>> metres, park = nearest_parks(
    ...     np.array([box(0, 0, 1, 1), box(9, 0, 10, 1)]), np.array([box(6, 0, 7, 1)])
    ... )
    >>> metres.tolist(), park.tolist()
    ([2.0], [1])
    """
    metres = np.full(len(blocks), np.nan)
    park = np.full(len(blocks), -1, dtype=np.int64)
    if not len(parks):
        return metres, park
    (block, near), distance = shapely.STRtree(parks).query_nearest(
        blocks, return_distance=True, all_matches=True
    )
    order = np.lexsort((near, block))
    block, first = np.unique(block[order], return_index=True)
    metres[block], park[block] = distance[order][first], near[order][first]
    return metres, park
