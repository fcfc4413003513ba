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
DUST = 1e-9  # of a shape, at most
SLACK = 64  # by how many last digits of a coordinate an outline may be off
POLYGON = shapely.GeometryType.POLYGON


def within(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return parts that are no more than their wholes, and equal where rounding alone differs.

    Examples
    --------
    >>> within(np.array([1.0 + 1e-15, 0.5]), np.array([1.0, 1.0]))
    array([1. , 0.5])
    """
    return np.where(part >= whole * (1.0 - ROUNDING), whole, part)


def dust(
    areas: NDArray[np.float64], boxes: NDArray[np.float64], last_digit: float
) -> NDArray[np.float64]:
    """Return below which area nothing can be told from the rounding of coordinates, by shape.

    A strip along the outline as wide as coordinates are off, but no more than a billionth of
    the shape: what is left is ground.

    Examples
    --------
    >>> dust(np.array([1.0, 1e10]), np.array([[0, 0, 1, 1], [0, 0, 1e5, 1e5]]), 1e-9).tolist()
    [1e-09, 0.0138]
    """
    across = boxes[:, 2] - boxes[:, 0] + boxes[:, 3] - boxes[:, 1]
    off = SLACK * last_digit * across + ROUNDING * areas / 10
    return np.fmin(DUST * areas, off)


def covered_area(shapes: NDArray[Any], zones: NDArray[Any]) -> NDArray[np.float64]:
    """Return the area of ``union(shapes) ∩ zone`` for each zone.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> covered_area(squares, np.array([shapely.box(0, 0, 10, 1), shapely.box(2, 0, 4, 1)]))
    array([3., 1.])
    """
    return within(shapely.area(covered(shapes, zones)), shapely.area(zones))


def covered(shapes: NDArray[Any], zones: NDArray[Any]) -> NDArray[Any]:
    """Return ``union(shapes) ∩ zone`` for each zone: polygons, empty where they do not meet.

    Shapes near a zone are clipped to it before they are joined, so no union is ever larger
    than a zone; those that lie inside one are not clipped.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> near, far = covered(squares, np.array([shapely.box(2, 0, 4, 1), shapely.box(8, 0, 9, 1)]))
    >>> near.bounds, far.is_empty
    ((2.0, 0.0, 3.0, 1.0), True)
    """
    joined = np.full(len(zones), shapely.MultiPolygon(), dtype=object)
    zone, shape = shapely.STRtree(shapes).query(zones, predicate="intersects")
    order = np.argsort(zone, kind="stable")
    zone, pieces = zone[order], shapes.astype(object)[shape[order]]
    shapely.prepare(zones)
    cut = ~shapely.contains_properly(zones[zone], pieces)
    pieces[cut] = shapely.intersection(pieces[cut], zones[zone[cut]])
    polygons, piece = polygon_parts(pieces)
    zone = zone[piece]
    starts = np.flatnonzero(np.diff(zone, prepend=-1))
    for near, run in zip(zone[starts], np.split(polygons, starts)[1:], strict=True):
        joined[near] = run[0] if len(run) == 1 else shapely.disjoint_subset_union_all(run)
    return joined


def polygon_parts(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the polygons that have an area, and the position of the shape each is part of.

    Examples
    --------
    >>> mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    >>> polygon_parts(np.array([shapely.Point(0, 0), mixed]))[1].tolist()
    [1]
    """
    if (shapely.get_type_id(shapes) == POLYGON).all():
        owner = np.flatnonzero(shapely.area(shapes) > 0)
        return shapes[owner], owner
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, whole = shapely.get_parts(parts, return_index=True)
    real = (shapely.get_type_id(parts) == POLYGON) & (shapely.area(parts) > 0)
    return parts[real], owner[whole[real]]
