"""Park rows: rows of parks that lie so near each other that they may be one park.

Question   What would rows be together with those that they touch?
Enters     Parks of one measuring CRS, row by row.
Leaves     The joined shapes, and which of them each row belongs to.
Elsewhere  What would change by it: measure/service and measure/park_sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shapes = NDArray[Any]

NEAR_M = 0.05  # between rows that touch, as they are drawn


def joined_rows(shapes: Shapes) -> tuple[Shapes, NDArray[np.int64]]:
    """Return what rows within `NEAR_M` of each other are together, and the piece of each row.

    A row that is alone, or has no area, belongs to no piece: -1. Gaps between the rows of a piece
    are closed.

    Examples
    --------
    >>> rows = shapely.box([0, 5.01, 20], 0, [5, 10, 30], 4)
    >>> whole, piece = joined_rows(rows)
    >>> shapely.area(whole).round(6).tolist(), piece.tolist()
    ([40.0], [0, 0, -1])
    """
    piece = np.full(len(shapes), -1)
    there = np.flatnonzero(shapely.area(shapes) > 0)
    solid = shapes[there]
    pairs = shapely.STRtree(solid).query(solid, predicate="dwithin", distance=NEAR_M)
    left, right = pairs[:, pairs[0] != pairs[1]]
    links = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=2 * (len(solid),))
    near = np.unique(left)
    group = connected_components(links, directed=False)[1][near] if len(near) else near
    _, group = np.unique(group, return_inverse=True)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group))[:-1]
    runs = np.split(solid[near[order]], ends) if len(near) else []
    whole = np.full(len(runs), None, dtype=object)
    whole[:] = [_as_one(run) for run in runs]
    piece[there[near]] = group
    return whole, piece


def _as_one(rows: Shapes) -> Any:
    """Return the union of rows, gaps up to `NEAR_M` included."""
    half = NEAR_M / 2 * (1 + 1e-6)
    wide = shapely.union_all(shapely.buffer(rows, half, join_style="mitre"))
    return shapely.union_all([*rows, shapely.buffer(wide, -half, join_style="mitre")])
