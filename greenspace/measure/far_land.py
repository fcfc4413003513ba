"""Far land: how much ground lies farther than a distance from every path.

Question   About how many square metres of this land are too far from any path to be served?
Enters     Polygons, and the edges of a network by place.
Leaves     Square metres, good to some metres along the line between near and far.
Elsewhere  Ground near paths that are reached: measure/walk_service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import polygon_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.snapping import EdgeIndex

    Shapes = NDArray[Any]

SQUARE = 2**0.5  # its side, by half its diagonal
SMALL_M = 8.0  # from the middle of a piece to its corners: such pieces are not quartered again


def far_area(land: Shapes, index: EdgeIndex, limit_m: float) -> float:
    """Return about how much land is farther than `limit_m` from every edge.

    Pieces that the distance of their middle leaves open are quartered, down to some 11 m across;
    of those the share is taken that this distance suggests.

    Examples
    --------
    >>> from greenspace.measure.snapping import EdgeIndex
    >>> from greenspace.model.network import WalkNetwork
    >>> street = WalkNetwork.of_edges([(0, 0), (1000, 0)], [(0, 1)])
    >>> land = np.array([shapely.box(200, 50, 300, 150)])
    >>> round(far_area(land, EdgeIndex(street), 100.0), 3)
    5000.0
    """
    parts, _ = polygon_parts(land)
    total = 0.0
    while len(parts):
        west, south, east, north = shapely.bounds(parts).T
        half = np.hypot(east - west, north - south) / 2
        middle = np.column_stack([west + east, south + north]) / 2
        away = index.snap(middle, limit_m + float(half.max())).offset_m
        beyond = np.where(np.isnan(away), np.inf, away - limit_m)
        small = half <= SMALL_M
        share = np.where(small, np.clip(0.5 + beyond / (SQUARE * half), 0.0, 1.0), beyond >= half)
        total += float((shapely.area(parts) * share).sum())
        parts = _quarters(parts[~small & (np.abs(beyond) < half)])
    return total


def _quarters(parts: Shapes) -> Shapes:
    west, south, east, north = shapely.bounds(parts).T
    x, y = (west + east) / 2, (south + north) / 2
    boxes = [
        shapely.box(*corners)
        for corners in (
            (west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)
        )
    ]  # fmt: skip
    pieces = [shapely.intersection(parts, box) for box in boxes]
    return polygon_parts(np.concatenate(pieces))[0]
