"""Areas: how much ground several shapes cover together, counted once.

Question   What area of each zone lies under the union of some shapes?
Enters     Valid polygons of one measuring CRS.
Leaves     Square metres, one number a zone.
Elsewhere  Ratios: the measures beside this file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


ROUNDING = 1e-12


def within(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return parts that are no more than their wholes, and equal where rounding alone differs.

    Examples
    --------
    >>> within(np.array([1.0 + 1e-15, 0.5]), np.array([1.0, 1.0]))
    array([1. , 0.5])
    """
    return np.where(part >= whole * (1.0 - ROUNDING), whole, part)


def covered_area(shapes: NDArray[Any], zones: NDArray[Any]) -> NDArray[np.float64]:
    """Return the area of ``union(shapes) ∩ zone`` for each zone.

    Shapes near a zone are clipped to it before they are joined, so no union is ever larger
    than a zone.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> covered_area(squares, np.array([shapely.box(0, 0, 10, 1), shapely.box(2, 0, 4, 1)]))
    array([3., 1.])
    """
    tree = shapely.STRtree(shapes)
    near_zone, near_shape = tree.query(zones, predicate="intersects")
    area = np.zeros(len(zones))
    for zone in np.unique(near_zone):
        pieces = shapely.intersection(shapes[near_shape[near_zone == zone]], zones[zone])
        area[zone] = shapely.area(shapely.union_all(pieces))
    return within(area, shapely.area(zones))
