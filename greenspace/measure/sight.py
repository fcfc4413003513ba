"""Sight: what can be reached from a point in a straight line, past barriers.

Question   Which ground about a point has no barrier between it and the point?
Enters     Points of one measuring CRS, and polygons that block the way.
Leaves     One polygon a point, exact within a distance of it but for 5 cm of each barrier.
Elsewhere  Which points: measure/barriers. Trees seen from homes count otherwise: three_thirty.
"""

from __future__ import annotations

from math import inf, pi
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

BASE = 16  # rays that are cast wherever the barriers lie
ASIDE = 1e-7  # radians to both sides of a corner: 0.01 mm at 100 m
BEYOND_M = 0.05  # how far into a wall one sees: views then share no edges, and join quickly
END = 1e-9  # by how much of its length an edge reaches beyond its ends


def walls(polygons: Shapes) -> tuple[Shapes, Floats]:
    """Return the edges of polygons, each with the ground behind it to its left.

    Examples
    --------
    >>> lines, edges = walls(np.array([shapely.box(0, 0, 1, 2)]))
    >>> edges[0].tolist()
    [1.0, 0.0, 1.0, 2.0]
    """
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    edges = np.hstack([points[:-1][same], points[1:][same]])
    return shapely.linestrings(edges.reshape(-1, 2, 2)), edges


def seen(spots: Floats, first: Ints, edges: Floats, far_m: Floats) -> Shapes:
    """Return what is seen from each spot.

    Parameters
    ----------
    spots
        Points beside the polygons that the edges are of, not on their outline.
    first
        Where the edges of each spot begin: those of spot i are ``edges[first[i]:first[i + 1]]``,
        all that lie within ``far_m`` of it.
    edges
        As `walls` returns them.
    far_m
        How far to look: what is seen within 0.98 of it is exact, with 5 cm of what is in the
        way.

    Examples
    --------
    Behind a wall of 20 m in the south nothing is seen.

    >>> _, edges = walls(np.array([shapely.box(-10, -20, 10, -10)]))
    >>> view = seen(np.array([[0.0, 0.0]]), np.array([0, 4]), edges, np.array([100.0]))[0]
    >>> bool(view.covers(shapely.Point(0, 50))), bool(view.covers(shapely.Point(18, -16)))
    (True, True)
    >>> bool(view.covers(shapely.Point(0, -30))), bool(view.covers(shapely.Point(25, -26)))
    (False, False)
    """
    if not len(spots):
        return np.empty(0, dtype=object)
    spot = np.repeat(np.arange(len(spots)), np.diff(first))
    corners = edges.reshape(-1, 2, 2) - spots[spot][:, None]
    bearing = np.arctan2(corners[..., 1], corners[..., 0]).ravel()
    angle = np.concatenate(
        [
            np.tile(np.arange(BASE) * 2 * pi / BASE - 3.0, len(spots)),
            bearing - ASIDE,
            bearing + ASIDE,
        ]
    )
    owner = np.concatenate(
        [np.repeat(np.arange(len(spots)), BASE), np.repeat(spot, 2), np.repeat(spot, 2)]
    )
    order = np.lexsort([angle, owner])
    owner, ray = owner[order], np.column_stack([np.cos(angle), np.sin(angle)])[order]
    away = _hits(ray, owner, first, corners.reshape(-1, 4))
    away = np.where(np.isinf(away), far_m[owner], away + BEYOND_M)
    outline = shapely.linearrings(spots[owner] + away[:, None] * ray, indices=owner)
    views: Shapes = shapely.make_valid(shapely.polygons(outline))
    return views


@njit(cache=True)
def _hits(ray: Floats, owner: Ints, first: Ints, near: Floats) -> Floats:  # pragma: no cover
    """Return how far each ray gets from the origin before it enters a polygon."""
    away = np.full(len(ray), inf)
    for row in range(len(ray)):
        for wall in range(first[owner[row]], first[owner[row] + 1]):
            away[row] = min(away[row], _hit(near[wall], ray[row, 0], ray[row, 1]))
    return away


@njit(cache=True)
def _hit(wall: Floats, x: float, y: float) -> float:  # pragma: no cover - compiled
    """Return how far a ray gets from the origin before it enters the ground left of a wall."""
    along_x, along_y = wall[2] - wall[0], wall[3] - wall[1]
    entering = along_x * y - along_y * x
    if entering <= 0.0:
        return inf
    away = (along_x * wall[1] - along_y * wall[0]) / entering
    along = (away * x - wall[0]) * along_x + (away * y - wall[1]) * along_y
    share = along / (along_x * along_x + along_y * along_y)
    return away if away >= 0.0 and -END <= share <= 1.0 + END else inf
