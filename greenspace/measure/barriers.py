"""Barriers: ground about a path that one reaches without crossing water.

Question   What of the ground about a path is reached straight from it, and where does it cross?
Enters     Stretches and how far ground counts about them; polygons nobody crosses but by a path.
Leaves     The ground, polygons; the parts of lines that lie on land.
Elsewhere  What is seen from a point: measure/sight. Which stretches are walked: measure/walks.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.expanse import Expanse, in_threads, polygons_only
from greenspace.measure.ribbons import ribbons
from greenspace.measure.sight import seen, walls

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

BANK_M = 5e-4  # a path this near the outline lies on land
SHARE = 0.1  # of the distance that ground counts about a path: stretches seen from their middle
LOOK = 1.2  # times as far as ground counts, so that what is seen is exact there


class Barriers:
    """Polygons that nobody crosses but by a path.

    Off the paths people go straight: ground counts where the straight line from the path to it
    meets no barrier. Lines are drawn from the middle of stretches of at most a tenth of the
    distance that ground counts, wherever a barrier is as near as that.

    Parameters
    ----------
    shapes
        Valid polygons; they may overlap.

    Examples
    --------
    A disc on the bank of a river of 20 m does not count on the other bank.

    >>> river = Barriers(np.array([shapely.box(10, -500, 30, 500)]))
    >>> bank = np.array([[0.0, 0.0]])
    >>> [round(side, 1) for side in river.ground(bank, bank, np.array([100.0])).bounds]
    [-100.0, -100.0, 10.0, 100.0]
    """

    def __init__(self, shapes: Shapes) -> None:
        self._water = shapely.union_all(shapes)

    @cached_property
    def _wet(self) -> Shapes:
        return Expanse(_less(self._water, BANK_M)).pieces

    @cached_property
    def _walls(self) -> tuple[Shapes, Floats]:
        return walls(Expanse(_less(self._water, 2 * BANK_M)).parts)

    def ground(self, begin: Floats, end: Floats, radius_m: Floats) -> Any:
        """Return the ground within a radius of segments that is reached straight from them.

        Segments lie on land; they may be points. The ground is joined.
        """
        close = self.near((begin + end) / 2, radius_m + np.hypot(*(end - begin).T) / 2)
        free = ribbons(begin[~close], end[~close], radius_m[~close])
        begin, end, radius_m = cut(begin[close], end[close], radius_m[close])
        whole, middle = ribbons(begin, end, radius_m), (begin + end) / 2
        far_m = LOOK * (radius_m + np.hypot(*(end - begin).T) / 2)
        lines, edges = self._walls
        spot, edge = shapely.STRtree(lines).query(
            shapely.points(middle), predicate="dwithin", distance=far_m
        )
        order = np.argsort(spot, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(spot, minlength=len(middle)))])
        behind = np.flatnonzero(np.diff(first))
        bounds = np.concatenate([[0], np.cumsum(np.diff(first)[behind])])
        views = seen(middle[behind], bounds, edges[edge[order]], far_m[behind])
        whole[behind] = polygons_only(in_threads(shapely.intersection, whole[behind], views))
        return shapely.difference(shapely.union_all(np.concatenate([free, whole])), self._water)

    def near(self, spots: Floats, radius_m: Floats) -> NDArray[np.bool_]:
        """Return whether a barrier lies within a distance of each spot."""
        found = np.zeros(len(spots), dtype=bool)
        tree = shapely.STRtree(self._wet)
        found[tree.query(shapely.points(spots), predicate="dwithin", distance=radius_m)[0]] = True
        return found

    def on_land(self, lines: Shapes) -> tuple[Shapes, Ints]:
        """Return the parts of lines beside the barriers, and the position of the line of each.

        Examples
        --------
        >>> river = Barriers(np.array([shapely.box(10, -500, 30, 500)]))
        >>> bridge = shapely.linestrings([[[0.0, 0.0], [50.0, 0.0]]])
        >>> [round(part.length, 2) for part in river.on_land(bridge)[0]]
        [10.0, 20.0]
        """
        tree = shapely.STRtree(self._wet)
        line, piece = tree.query(lines, predicate="intersects")
        wet = np.unique(line)
        dry = np.setdiff1d(np.arange(len(lines)), wet)
        rest = lines[wet]
        for row, place in enumerate(wet):
            near = self._wet[piece[line == place]]
            rest[row] = shapely.difference(rest[row], shapely.union_all(near))
        parts, owner = shapely.get_parts(rest, return_index=True)
        real = shapely.length(parts) > 0
        return (
            np.concatenate([lines[dry], parts[real]]),
            np.concatenate([dry, wet[owner[real]]]),
        )


def cut(begin: Floats, end: Floats, radius_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Return segments as stretches of at most a tenth of the radius about them.

    Examples
    --------
    >>> begin, end, _ = cut(np.array([[0.0, 0.0]]), np.array([[25.0, 0.0]]), np.array([100.0]))
    >>> begin[:, 0].round(1).tolist(), end[:, 0].round(1).tolist()
    ([0.0, 8.3, 16.7], [8.3, 16.7, 25.0])
    """
    length = np.hypot(*(end - begin).T)
    count = np.maximum(np.ceil(length / (SHARE * radius_m)), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(begin)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    along = (end - begin)[owner] / count[owner][:, None]
    at = begin[owner] + along * step[:, None]
    return at, at + along, radius_m[owner]


def _less(shape: Any, by_m: float) -> Any:
    return shapely.buffer(shape, -by_m, join_style="mitre")
