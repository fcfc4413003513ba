"""Enclosed: water that green land lies around on every side.

Question   Which waters have parks and green parcels all along their shore?
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
SHORE_M = 0.1  # how wide a strip of land along the water is looked at
OPEN_M = 0.1  # of shore at most without green: corners, no mouths


def enclosed_waters(water: NDArray[Any], green: NDArray[Any]) -> NDArray[Any]:
    """Return the connected waters with green land all along their outer shore.

    They may lie in parcels of green land, or in holes that they fill. A pond amid concrete in
    a hole of a green belt is not enclosed, nor a lake at the outer edge of its park, nor a river
    that leaves it. What islands are does not matter.

    Examples
    --------
    >>> from shapely import box
    >>> park = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    >>> lake, pond, river = box(40, 40, 60, 60), box(45, 45, 55, 55), box(90, 0, 110, 10)
    >>> [shape.area for shape in enclosed_waters(np.array([lake, river]), np.array([park]))]
    [400.0]
    >>> enclosed_waters(np.array([pond]), np.array([park])).tolist()
    []
    """
    pieces = shapely.get_parts(shapely.union_all(water))
    pieces = pieces[shapely.area(pieces) > 0]
    if not len(pieces) or not len(green):
        return np.empty(0, dtype=object)
    whole = shapely.polygons(shapely.get_exterior_ring(pieces))
    shores = shapely.difference(shapely.buffer(whole, SHORE_M), whole)
    parts = shapely.get_parts(shapely.union_all(green))
    near = shapely.STRtree(parts).query(pieces, predicate="dwithin", distance=2 * SHORE_M)[1]
    ground = shapely.union_all(parts[np.unique(near)]).buffer(TOUCH_M)
    shapely.prepare(ground)
    bare = np.where(
        shapely.covers(ground, shores), 0.0, shapely.area(shapely.difference(shores, ground))
    )
    return np.asarray(pieces[bare <= SHORE_M * OPEN_M])
