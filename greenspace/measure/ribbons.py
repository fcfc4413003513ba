"""Ribbons: the ground within a distance of lines and points, round and true to area.

Question   Which ground lies within so many metres of these stretches?
Enters     Straight segments and points of one measuring CRS.
Leaves     Polygons, one a segment or point, to be joined.
Elsewhere  Which stretches: measure/walks. On their side of the water: measure/barriers. Buffers of parks: measure/round_buffer.
"""

from __future__ import annotations

from math import pi, sin, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[Any]

HALF = 48  # edges that a half circle is drawn with


def ribbons(begin: Floats, end: Floats, radius_m: Floats) -> Shapes:
    """Return all ground within a radius of straight segments, of no length where these are points.

    A half circle has 48 edges and the area of the true one: they lie at most 0.02 % of the
    radius inside it, 0.04 % outside.

    Examples
    --------
    >>> street = ribbons(np.array([[0.0, 0.0]]), np.array([[50.0, 0.0]]), np.array([100.0]))
    >>> round(street[0].area, 6) == round(2 * 100 * 50 + pi * 100**2, 6)
    True
    """
    if not len(begin):
        return np.empty(0, dtype=object)
    along = end - begin
    bearing = np.arctan2(along[:, 1], along[:, 0])
    step, push = pi / HALF, _push()
    turn = np.arange(HALF + 1) * step - pi / 2
    angle = bearing[:, None] + np.concatenate([turn, turn + pi])
    reach = np.tile(np.r_[1.0, np.full(HALF - 1, push), 1.0], 2) * radius_m[:, None]
    centre = np.repeat(np.stack([end, begin], axis=1), HALF + 1, axis=1)
    ring = centre + reach[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    closed = np.concatenate([ring, ring[:, :1]], axis=1)
    drawn: Shapes = shapely.polygons(closed)
    return drawn


def _push() -> float:
    """Return how far the points inside a drawn half circle lie out, for its area to be true."""
    inner = HALF - 2
    return (sqrt(1.0 + inner * pi / sin(pi / HALF)) - 1.0) / inner


def segments(lines: Shapes) -> tuple[Floats, Floats]:
    """Return beginning and end of every segment of lines.

    Examples
    --------
    >>> begin, end = segments(np.array([shapely.LineString([(0, 0), (1, 0), (1, 2)])]))
    >>> begin.tolist(), end.tolist()
    ([[0.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 2.0]])
    """
    points, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return points[:-1][same], points[1:][same]
