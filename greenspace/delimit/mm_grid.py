"""Millimetre grid: rings as whole numbers, so that a table and a polygon cannot differ.

Question   Which whole millimetres are the corners of these polygons, none of them beside an edge?
Enters     Polygons in metres on a plane.
Leaves     Rings in whole mm; corners that lie on a neighbour's edge are corners of both.
Elsewhere  Order and numbers: delimit/control_points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Millimetres = NDArray[np.int64]

MM = 1000.0
BESIDE_MM = 1.5  # a corner on an edge, the ends of which were rounded too: at most the root of 2
MOST_PASSES = 10
LEAST_CORNERS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """One ring: the place of its line, whether it is the outer one, and its corners.

    ``corners`` are east and north in mm, the first not said again at the end.
    """

    line: int
    shell: bool
    corners: Millimetres

    @property
    def twice_area(self) -> int:
        """Twice the area in mm², exact; above zero where the ring runs anticlockwise.

        The sum may run over 64 bits on its way and comes back: the result fits.
        """
        east, north = (self.corners - self.corners[0]).T
        return int(np.sum(east[:-1] * north[1:] - east[1:] * north[:-1]))

    @property
    def steps(self) -> Millimetres:
        """East and north from each corner to the next, the last to the first."""
        return np.diff(self.corners, axis=0, append=self.corners[:1])


@dataclass(frozen=True, slots=True)
class Noded:
    """Rings after corners were put into edges that they lie on, and what that changed."""

    rings: list[Ring]
    count: int
    farthest_mm: float
    lines: tuple[int, ...]


def in_millimetres(metres: NDArray[np.float64]) -> Millimetres:
    """Return coordinates as whole mm.

    Examples
    --------
    >>> in_millimetres(np.array([38500000.1234, 0.0004999])).tolist()
    [38500000123, 0]
    """
    return np.rint(metres * MM).astype(np.int64)


def in_metres(millimetres: Millimetres) -> NDArray[np.float64]:
    """Return mm as metres: each the float that its decimals are read as.

    Examples
    --------
    >>> float(in_metres(np.array([38500000123]))[0]) == float("38500000.123")
    True
    """
    return np.asarray(millimetres / MM, dtype=np.float64)


def rings_of(shapes: NDArray[np.object_]) -> list[Ring]:
    """Return the rings of polygons on the grid, corners that fall together once.

    Examples
    --------
    >>> [ring.corners.tolist() for ring in rings_of(np.array([shapely.box(0, 0, 1, 2)]))]
    [[[1000, 2000], [0, 2000], [0, 0], [1000, 0]]]
    """
    rings, of_line = shapely.get_rings(shapes, return_index=True)
    spots, of_ring = shapely.get_coordinates(rings, return_index=True)
    ends = np.flatnonzero(np.diff(of_ring)) + 1
    first = np.ones(len(rings), dtype=bool)
    first[1:] = np.diff(of_line) > 0
    return [
        Ring(int(line), bool(shell), _once(corners))
        for line, shell, corners in zip(
            of_line, first, np.split(in_millimetres(spots), ends), strict=True
        )
    ]


def _once(corners: Millimetres) -> Millimetres:
    fresh = np.diff(corners, axis=0, prepend=corners[-1:]).any(axis=1)
    return np.asarray(corners[fresh], dtype=np.int64)


def as_keys(corners: Millimetres) -> NDArray[np.complex128]:
    """Return corners as one number each, by which they are sorted and told apart quickly."""
    return np.asarray(corners[:, 0] + 1j * corners[:, 1], dtype=np.complex128)


def polygons_of(rings: Sequence[Ring], count: int) -> NDArray[np.object_]:
    """Return the polygons of rings in metres, as many as there are lines."""
    shells: list[shapely.LinearRing | None] = [None] * count
    holes: list[list[shapely.LinearRing]] = [[] for _ in range(count)]
    for ring in rings:
        drawn = shapely.linearrings(in_metres(ring.corners))
        if ring.shell:
            shells[ring.line] = drawn
        else:
            holes[ring.line].append(drawn)
    return np.array(
        [shapely.Polygon(shell, inner) for shell, inner in zip(shells, holes, strict=True)],
        dtype=object,
    )


def noded(rings: Sequence[Ring]) -> Noded:
    """Put corners into the edges of other rings that they lie on, to within the grid.

    A corner counts as on an edge up to 1.5 mm beside it: that is what rounding three points to
    whole mm can do. Corners of a ring are never put into an edge of the same ring.

    Examples
    --------
    >>> boxes = np.array([shapely.box(0, 0, 1, 2), shapely.box(1, 0, 2, 1)])
    >>> done = noded(rings_of(boxes))
    >>> done.count, done.farthest_mm, done.lines, len(done.rings[0].corners)
    (1, 0.0, (0,), 5)
    """
    now, count, farthest = list(rings), 0, 0.0
    touched: set[int] = set()
    for _ in range(MOST_PASSES):
        found = _beside(now)
        if not found:
            break
        for at, inserts in found.items():
            now[at] = _with(now[at], inserts)
            count += len(inserts)
            farthest = max(farthest, *(insert[2] for insert in inserts))
            touched.add(now[at].line)
    return Noded(now, count, farthest, tuple(sorted(touched)))


Insert = tuple[int, float, float, tuple[int, int]]  # edge, how far along, how far beside, corner


def _beside(rings: Sequence[Ring]) -> dict[int, list[Insert]]:
    """Return the corners that lie on edges of other rings, by the ring that they are put into."""
    origin = rings[0].corners[0] if rings else np.zeros(2, dtype=np.int64)
    starts = np.concatenate([ring.corners for ring in rings])
    ends = starts + np.concatenate([ring.steps for ring in rings])
    sizes = [len(ring.corners) for ring in rings]
    owner = np.repeat(np.arange(len(rings)), sizes)
    place = np.concatenate([np.arange(size) for size in sizes])
    _, met, which = np.unique(as_keys(starts), return_index=True, return_inverse=True)
    corners = starts[met]
    belongs = set(zip(which.tolist(), owner.tolist(), strict=True))
    edges = shapely.linestrings(
        np.stack([starts - origin, ends - origin], axis=1).astype(np.float64)
    )
    spots = shapely.points((corners - origin).astype(np.float64))
    corner, edge = shapely.STRtree(edges).query(spots, predicate="dwithin", distance=BESIDE_MM)
    found: dict[int, list[Insert]] = {}
    along, across = _offsets(corners[corner], starts[edge], ends[edge])
    inside = np.flatnonzero((along > 0) & (along < 1))
    for at in inside.tolist():
        ring = int(owner[edge[at]])
        if (int(corner[at]), ring) in belongs:
            continue
        east, north = corners[corner[at]].tolist()
        insert = (int(place[edge[at]]), float(along[at]), float(across[at]), (east, north))
        found.setdefault(ring, []).append(insert)
    return {ring: _single(inserts) for ring, inserts in found.items()}


def _offsets(
    corner: Millimetres, start: Millimetres, end: Millimetres
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how far along an edge (0 to 1) and beside it (mm) each corner lies."""
    edge, way = end - start, corner - start
    square = (edge * edge).sum(axis=1)
    along = (edge * way).sum(axis=1) / square
    beside = np.abs(edge[:, 0] * way[:, 1] - edge[:, 1] * way[:, 0]) / np.sqrt(square)
    return along, beside


def _single(inserts: list[Insert]) -> list[Insert]:
    """Return each corner once, at the edge that it lies on best, in the order of the ring."""
    best: dict[tuple[int, int], Insert] = {}
    for insert in sorted(inserts, key=lambda item: item[2]):
        best.setdefault(insert[3], insert)
    return sorted(best.values())


def _with(ring: Ring, inserts: Sequence[Insert]) -> Ring:
    at = [insert[0] + 1 for insert in inserts]
    new = np.array([insert[3] for insert in inserts], dtype=np.int64)
    return replace(ring, corners=np.insert(ring.corners, at, new, axis=0))
