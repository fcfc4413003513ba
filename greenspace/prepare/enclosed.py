"""Enclosed: water that green land lies around on every side.

Question   Which waters are wholly enclosed by parks and green parcels?
Enters     Shapes of water and of green land, valid, in the measuring CRS.
Leaves     The enclosed waters, each a polygon; a river that leaves the green is none of them.
Elsewhere  Counting them as coverage: water_cover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOUCH_M = 0.01  # two layers that were drawn apart meet within it


def enclosed_waters(water: NDArray[Any], green: NDArray[Any]) -> NDArray[Any]:
    """Return the connected waters that lie wholly within green land, or within a hole of it.

    Examples
    --------
    >>> from shapely import box
    >>> park = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    >>> lake, river = box(40, 40, 60, 60), box(90, 0, 110, 10)
    >>> [shape.area for shape in enclosed_waters(np.array([lake, river]), np.array([park]))]
    [400.0]
    """
    pieces = shapely.get_parts(shapely.union_all(water))
    pieces = pieces[shapely.area(pieces) > 0]
    if not len(pieces) or not len(green):
        return np.empty(0, dtype=object)
    parts = shapely.get_parts(shapely.union_all(green))
    parts = parts[shapely.area(parts) > 0]
    filled = shapely.polygons(shapely.get_exterior_ring(parts))
    near = shapely.STRtree(filled).query(pieces, predicate="dwithin", distance=2 * TOUCH_M)[1]
    ground = shapely.union_all(filled[np.unique(near)]).buffer(TOUCH_M)
    shapely.prepare(ground)
    return np.asarray(pieces[shapely.covers(ground, pieces)])
