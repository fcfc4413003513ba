"""Round buffers: all ground within a distance of each shape.

Question   What lies within its radius of each of these shapes?
Enters     Valid shapes of one measuring CRS, and a radius in metres for each.
Leaves     Polygons, and which shape each belongs to; together they are its buffer.
Elsewhere  What parks serve: measure/service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUAD_SEGMENTS = 256


def round_buffers(
    shapes: NDArray[Any], radius: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return polygons whose union, by owner, is the buffer of each shape, and their owners.

    Examples
    --------
    >>> pieces, owner = round_buffers(np.array([shapely.Point(0, 0)]), np.array([1.0]))
    >>> round(float(shapely.area(pieces)[0]), 4), owner.tolist()
    (3.1416, [0])
    """
    return shapely.buffer(shapes, radius, quad_segs=QUAD_SEGMENTS), np.arange(len(shapes))
