"""Expanse: one large shape that very many small ones are held against.

Question   Which part of each small shape lies on a large one, and which beside it?
Enters     Valid polygons of one measuring CRS.
Leaves     Whether each lies inside, across or outside; square metres; both parts as polygons.
Elsewhere  Many shapes joined within each zone: measure/areas. Service radii: measure/service.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import POLYGON, polygon_parts, within
from greenspace.model.streaming import thread_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Shapes = NDArray[Any]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OUTSIDE, ACROSS, INSIDE = -1, 0, 1
MOST_VERTICES = 256  # of a piece that small shapes are intersected with
RUN = 16  # edges of the outline that are looked up together
DEEPEST = 40  # times that a shape is quartered: then its box is as small as digits go
ALONE = 64  # shapes that are not worth a second thread
LOST = 1e-10  # of a shape, at most, that quartering may add or lose
NOTHING = shapely.MultiPolygon()


class Expanse:
    """A large shape, ready to be held against many small ones.

    Only small shapes that its outline crosses are intersected, and only with pieces of it that
    lie near; one point decides each of the others. Pieces are quarters, cut until each has at
    most 256 vertices.

    Parameters
    ----------
    shape
        A valid polygon or multipolygon.

    Examples
    --------
    >>> large = Expanse(shapely.box(0, 0, 10, 10))
    >>> small = shapely.box([1, 8, 20], 1, [2, 12, 21], 2)
    >>> large.relation(small).tolist()
    [1, 0, -1]
    >>> large.area_within(small).tolist()
    [1.0, 2.0, 0.0]
    """

    def __init__(self, shape: Any) -> None:
        self.parts, _ = polygon_parts(np.array([shape], dtype=object))

    @cached_property
    def pieces(self) -> Shapes:
        """The shape in pieces of few vertices that do not overlap."""
        return _quartered(self.parts)

    @cached_property
    def _tree(self) -> Any:
        return shapely.STRtree(self.pieces)

    @cached_property
    def _runs(self) -> Shapes:
        return _runs(self.parts)

    def relation(self, shapes: Shapes) -> Ints:
        """Return -1 for shapes outside, 1 for those inside, 0 for those across the outline.

        A shape that only touches the outline may count as across.
        """
        parts, owner = polygon_parts(shapes)
        place = self._relation(parts)
        lowest = np.full(len(shapes), INSIDE)
        highest = np.full(len(shapes), OUTSIDE)
        np.minimum.at(lowest, owner, place)
        np.maximum.at(highest, owner, place)
        empty = lowest > highest
        return np.where(empty, OUTSIDE, np.where(lowest == highest, lowest, ACROSS))

    def _relation(self, polygons: Shapes) -> Ints:
        """Return the relation of polygons, each of one part."""
        place = np.full(len(polygons), OUTSIDE)
        if not len(polygons) or not len(self.parts):
            return place
        tree = shapely.STRtree(polygons)
        _, across = tree.query(self._runs, predicate="intersects")
        corners = shapely.get_coordinates(polygons)
        counts = shapely.get_num_coordinates(polygons)
        x, y = corners[np.cumsum(counts) - counts].T
        piece, near = tree.query(self.pieces)
        shapely.prepare(self.pieces)
        inside = shapely.intersects_xy(self.pieces[piece], x[near], y[near])
        place[near[inside]] = INSIDE
        place[across] = ACROSS
        return place

    def area_within(self, shapes: Shapes) -> Floats:
        """Return how much of each small shape lies on the large one."""
        polygons, owner = polygon_parts(shapes)
        place = self._relation(polygons)
        whole = shapely.area(polygons)
        share = np.where(place == INSIDE, whole, 0.0)
        across = np.flatnonzero(place == ACROSS)
        small, piece = self._tree.query(polygons[across])
        meets = in_threads(shapely.intersection, polygons[across[small]], self.pieces[piece])
        share[across] = np.bincount(small, shapely.area(meets), len(across))
        total = np.bincount(owner, within(share, whole), len(shapes)).astype(float)
        return within(total, shapely.area(shapes))

    def divided(self, shapes: Shapes) -> tuple[Shapes, Shapes]:
        """Return the part of each small shape on the large one, and the part beside it.

        Examples
        --------
        >>> on, off = Expanse(shapely.box(0, 0, 10, 10)).divided(shapely.box([8], 0, [12], 1))
        >>> on[0].bounds, off[0].bounds
        ((8.0, 0.0, 10.0, 1.0), (10.0, 0.0, 12.0, 1.0))
        """
        place = self.relation(shapes)
        on, off = shapes.astype(object), shapes.astype(object)
        on[place == OUTSIDE] = NOTHING
        off[place == INSIDE] = NOTHING
        across = np.flatnonzero(place == ACROSS)
        near = self._near(shapes[across])
        on[across] = polygons_only(in_threads(shapely.intersection, shapes[across], near))
        off[across] = polygons_only(in_threads(shapely.difference, shapes[across], near))
        return on, off

    def _near(self, shapes: Shapes) -> Shapes:
        """Return the pieces near each shape, joined."""
        small, piece = self._tree.query(shapes)
        order = np.argsort(small, kind="stable")
        ends = np.cumsum(np.bincount(small, minlength=len(shapes)))[:-1]
        joined = np.full(len(shapes), NOTHING, dtype=object)
        for row, run in enumerate(np.split(piece[order], ends) if len(shapes) else ()):
            joined[row] = shapely.union_all(self.pieces[run]) if len(run) else NOTHING
        return joined


def polygons_only(shapes: Shapes) -> Shapes:
    """Return the polygons of each shape, without lines and points.

    Examples
    --------
    >>> mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    >>> polygons_only(np.array([mixed, shapely.box(0, 0, 2, 2)])).tolist()
    [<MULTIPOLYGON (((1 0, 1 1, 0 1, 0 0, 1 0)))>, <POLYGON ((2 0, 2 2, 0 2, 0 0, 2 0))>]
    """
    kept = shapes.copy()
    plain = np.isin(shapely.get_type_id(kept), (POLYGON, shapely.GeometryType.MULTIPOLYGON))
    mixed = np.flatnonzero(~plain)
    parts, owner = polygon_parts(kept[mixed])
    kept[mixed] = NOTHING
    for row in np.unique(owner):
        kept[mixed[row]] = shapely.multipolygons(parts[owner == row])
    return kept


def in_threads(work: Callable[[Shapes, Shapes], Shapes], left: Shapes, right: Shapes) -> Shapes:
    """Return what work makes of two columns of shapes, done in several threads."""
    threads = thread_count(parallel=len(left) > ALONE)
    shares = zip(np.array_split(left, threads), np.array_split(right, threads), strict=True)
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(lambda share: work(*share), shares)))


def _runs(polygons: Shapes) -> Shapes:
    """Return the outlines as short lines."""
    points, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
    if not len(points):
        return np.empty(0, dtype=object)
    count = np.bincount(ring)
    first = np.cumsum(count) - count
    lines = -(-(count - 1) // RUN)
    ring_of = np.repeat(np.arange(len(count)), lines)
    step = np.arange(len(ring_of)) - np.repeat(np.cumsum(lines) - lines, lines)
    start = first[ring_of] + step * RUN
    length = np.minimum(start + RUN, first[ring_of] + count[ring_of] - 1) - start + 1
    line = np.repeat(np.arange(len(start)), length)
    inner = np.arange(len(line)) - np.repeat(np.cumsum(length) - length, length)
    return np.asarray(shapely.linestrings(points[np.repeat(start, length) + inner], indices=line))


def _quartered(polygons: Shapes) -> Shapes:
    """Return polygons cut into quarters until none has many vertices."""
    done, large = [], polygons
    for _ in range(DEEPEST):
        many = shapely.get_num_coordinates(large) > MOST_VERTICES
        done.append(large[~many])
        quarters = [quarter for shape in large[many] for quarter in _quarters(shape)]
        large, _ = polygon_parts(np.array(quarters, dtype=object))
        if not len(large):
            break
    return np.concatenate([*done, large])


def _quarters(shape: Any) -> list[Any]:
    """Return the four quarters of a shape's box; by the exact way where the quick one fails."""
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    boxes = [(west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)]
    quick = [shapely.clip_by_rect(shape, *box) for box in boxes]
    whole = shapely.area(shape)
    if shapely.is_valid(quick).all() and abs(sum(shapely.area(quick)) - whole) <= LOST * whole:
        return quick
    return list(shapely.intersection(shape, [shapely.box(*box) for box in boxes]))
