"""Barriers: ground about a path that one reaches without crossing water.

Question   What of the ground about a path hangs together with it, and where do ways cross water?
Enters     Ribbons and the lines they lie about, and polygons that nobody crosses but by a path.
Leaves     The ribbons, cut; the parts of lines that lie on land.
Elsewhere  Ribbons: measure/ribbons. Which stretches are walked: measure/walks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import polygon_parts
from greenspace.measure.expanse import Expanse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

TOUCH_M = 1e-6


class Barriers:
    """Polygons that nobody crosses but by a path.

    Parameters
    ----------
    shapes
        Valid polygons; they may overlap.

    Examples
    --------
    A disc on the bank of a river of 20 m does not count on the other bank.

    >>> river = Barriers(np.array([shapely.box(10, -500, 30, 500)]))
    >>> disc, centre = shapely.box([-50], -50, 50, 50), shapely.points([[0.0, 0.0]])
    >>> river.cut(disc, centre)[0].bounds
    (-50.0, -50.0, 10.0, 50.0)
    """

    def __init__(self, shapes: Shapes) -> None:
        self._expanse = Expanse(shapely.union_all(shapes))

    def cut(self, ground: Shapes, path: Shapes) -> Shapes:
        """Return what of each ground hangs together with its path, without the barriers."""
        touched = np.flatnonzero(self._expanse.relation(ground) >= 0)
        _, land = self._expanse.divided(ground[touched])
        parts, owner = polygon_parts(land)
        kept = shapely.dwithin(parts, path[touched][owner], TOUCH_M)
        return np.concatenate([np.delete(ground, touched), parts[kept]])

    def crossed(self, lines: Shapes) -> Ints:
        """Return the positions of the lines that meet a barrier."""
        line, _ = shapely.STRtree(self._expanse.pieces).query(lines, predicate="intersects")
        return np.unique(line)

    def on_land(self, lines: Shapes) -> tuple[Shapes, Ints]:
        """Return the parts of lines beside the barriers, and the position of the line of each.

        Examples
        --------
        >>> river = Barriers(np.array([shapely.box(10, -500, 30, 500)]))
        >>> bridge = shapely.linestrings([[[0.0, 0.0], [50.0, 0.0]]])
        >>> [part.length for part in river.on_land(bridge)[0]]
        [10.0, 20.0]
        """
        wet = self.crossed(lines)
        dry = np.setdiff1d(np.arange(len(lines)), wet)
        tree = shapely.STRtree(self._expanse.pieces)
        rest = lines[wet]
        for row, line in enumerate(rest):
            near = self._expanse.pieces[tree.query(line)]
            rest[row] = shapely.difference(line, shapely.union_all(near))
        parts, owner = shapely.get_parts(rest, return_index=True)
        real = shapely.length(parts) > 0
        return (
            np.concatenate([lines[dry], parts[real]]),
            np.concatenate([dry, wet[owner[real]]]),
        )
