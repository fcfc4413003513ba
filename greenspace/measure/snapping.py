"""Snapping: the nearest edge of a network to each point, exactly.

Question   On which edges, and where along them, does a point join the network?
Enters     A network, points in its CRS, and how far they may be from it.
Leaves     Snaps: edge, way along it, and the straight line from the point to it; or Entries: the
           same for every piece of the network that is near enough.
Elsewhere  The grid of cells: measure/edge_cells. Walking on from there: measure/entering.

Rings of cells round a point are looked at from the inside out, until no cell further out can hold
anything nearer.
"""

from __future__ import annotations

from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numba import njit

from greenspace.measure.edge_cells import PAD, Cells, Lines, cells_of, lines_of_entry
from greenspace.measure.pairs import larger
from greenspace.model.snaps import Entries, Snaps
from greenspace.model.streaming import streamed, thread_count

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from numpy.typing import ArrayLike, NDArray

    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = NDArray[np.int32]

ROUNDING = 1e-12
AT_ONCE = 4096  # points that a thread takes
AT_FIRST = 1024
T = TypeVar("T")


class EdgeIndex:
    """The segments of a network by the cells that they pass through; built once, asked often.

    Bridges and tunnels are walked along, but joined at their open ends only.

    Parameters
    ----------
    network
        Whose edges are looked for.
    among
        Which of the edges; by default all.

    Examples
    --------
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (100, 0)], [(0, 1)])
    >>> snaps = EdgeIndex(network).snap([(30, 40), (30, 400)], limit_m=100)
    >>> snaps.edge.tolist(), snaps.along_m.tolist(), snaps.offset_m.tolist()
    ([0, -1], [30.0, nan], [40.0, nan])
    """

    def __init__(self, network: WalkNetwork, among: NDArray[np.bool_] | None = None) -> None:
        self._network = network
        self._lines = lines_of_entry(network, among)
        coords = self._lines.coords
        self._corner = coords.min(axis=0) if len(coords) else np.zeros(2)
        self._cells = cells_of(self._lines, coords - self._corner)

    def snap(self, xy: ArrayLike, limit_m: float = np.inf) -> Snaps:
        """Return where points join the network at the nearest edge.

        Parameters
        ----------
        xy
            Points in the CRS of the network, one row a point. A point without finite
            coordinates joins nowhere.
        limit_m
            How far an edge may be.

        Returns
        -------
        Snaps
            One entry a point. Of edges at the same distance it is the first that counts.
        """
        points = self._points(xy)
        count, limit, cells = len(points), float(limit_m), self._cells
        edge = np.full(count, -1, dtype=np.int64)
        along, offset = np.full(count, np.nan), np.full(count, np.nan)
        place = np.full((count, 2), np.nan)

        def stream(parts: Iterator[Ints]) -> Generator[None, None, None]:
            for part in parts:
                yield _snap(points, part, cells, self._lines, limit, edge, along, offset, place)

        self._streamed(stream, points)
        return Snaps(edge, along, offset, place + self._corner)

    def entries(self, xy: ArrayLike, limit_m: float = np.inf) -> Entries:
        """Return where points may join the network: at the nearest edge of each piece.

        Pieces do not hang together, and the nearest one may lead nowhere.

        Parameters
        ----------
        xy, limit_m
            As for `snap`.

        Examples
        --------
        >>> from greenspace.model.network import WalkNetwork
        >>> network = WalkNetwork.of_edges([(0, 0), (9, 0), (4, 5), (5, 5)], [(0, 1), (2, 3)])
        >>> entries = EdgeIndex(network).entries([(4, 3), (1, -2)], limit_m=4)
        >>> entries.point.tolist(), entries.snaps.edge.tolist(), entries.snaps.offset_m.tolist()
        ([0, 0, 1], [1, 0, 0], [2.0, 3.0, 2.0])
        """
        snaps = self.snap(xy, limit_m)
        several = np.empty(0, dtype=np.int64)
        if self._rest is not None:
            several = self._rest.near(xy, limit_m)
        if not len(several):
            found = np.flatnonzero(snaps.found)
            return Entries(snaps.at(found), found, len(snaps))
        one = np.setdiff1d(np.flatnonzero(snaps.found), several, assume_unique=True)
        point, each = self._of_each_piece(xy, several, float(limit_m))
        both = np.concatenate([one, point])
        every = snaps.at(one).and_(each)
        order = np.argsort(both, kind="stable")
        return Entries(every.at(order), both[order], len(snaps))

    def near(self, xy: ArrayLike, limit_m: float) -> Ints:
        """Return the positions of the points that have an edge within a limit."""
        points = self._points(xy)
        return np.flatnonzero(_near(points, self._cells, float(limit_m)))

    @cached_property
    def _piece(self) -> Ints:
        """The piece of each line."""
        return self._network.piece(self._lines.edge)

    @cached_property
    def _rest(self) -> EdgeIndex | None:
        """What does not hang together with the largest piece."""
        beside = self._network.piece(slice(None)) > 0
        return EdgeIndex(self._network, beside) if beside.any() else None

    def _of_each_piece(self, xy: ArrayLike, chosen: Ints, limit: float) -> tuple[Ints, Snaps]:
        """Return the nearest place of each piece to some points, point by point, nearest first."""
        points, cells, lines, piece = (
            self._points(xy)[chosen],
            self._cells,
            self._lines,
            self._piece,
        )

        def stream(parts: Iterator[Ints]) -> Generator[tuple[Ints, Snaps], None, None]:
            for part in parts:
                near, segment, square, share = _each(points, part, cells, piece, limit)
                size = len(near)
                edge, along, place = np.empty(size, np.int64), np.empty(size), np.empty((size, 2))
                _note(segment, share, cells, lines, edge, along, place)
                yield near, Snaps(edge, along, np.sqrt(square), place + self._corner)

        found = self._streamed(stream, points)
        every = found[0][1].and_(*(snaps for _, snaps in found[1:]))
        point = chosen[np.concatenate([near for near, _ in found])]
        order = np.lexsort((every.offset_m, point))
        return point[order], every.at(order)

    def _points(self, xy: ArrayLike) -> Floats:
        return np.asarray(xy, dtype=np.float64).reshape(-1, 2) - self._corner

    def _streamed(
        self, stream: Callable[[Iterator[Ints]], Generator[T, None, None]], points: Floats
    ) -> list[T]:
        """Share finite points among threads, neighbours together: they find the same in memory."""
        cells = self._cells
        finite = np.flatnonzero(np.isfinite(points).all(axis=1))
        whole = np.array([cells.cols, cells.rows])
        col, row = np.clip(points[finite] / cells.size_m, 0, whole).astype(np.int64).T
        order = finite[np.argsort(row * cells.cols + col)]
        parts: list[Ints] = np.array_split(order, 1 + len(order) // AT_ONCE)
        return streamed(stream, [[part] for part in parts], threads=thread_count(parallel=True))


@njit(nogil=True, cache=True, inline="always")
def _segment(
    x: float, y: float, places: Floats, i: int
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return the square of the distance to a segment, and the share of it up to the nearest place."""
    x0, y0 = places[i, 0], places[i, 1]
    east, north = places[i + 1, 0] - x0, places[i + 1, 1] - y0
    square = east * east + north * north
    share = 0.0
    if square > 0.0:
        share = min(1.0, max(0.0, ((x - x0) * east + (y - y0) * north) / square))
    east, north = x - x0 - share * east, y - y0 - share * north
    return east * east + north * north, share


@njit(nogil=True, cache=True, inline="always")
def _gap(value: float, cell: int, size: float) -> float:  # pragma: no cover - compiled
    """Return how far a value is from the span of a cell."""
    return max(0.0, max(cell * size - value, value - (cell + 1) * size) - PAD * size)


@njit(nogil=True, cache=True, inline="always")
def _ring(
    point: tuple[float, float],
    centre: tuple[int, int, int],
    shape: tuple[int, int, float],
    places: Floats,
    owner: Rows,
    first: Ints,
    segment: Rows,
    best: tuple[float, int, float],
) -> tuple[float, int, float]:  # pragma: no cover - compiled
    """Return the best of what was found so far and of the cells of a ring that may hold better."""
    (x, y), (col, row, ring), (cols, rows, size) = point, centre, shape
    nearest, start, share = best
    for line in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
        north = _gap(y, line, size) ** 2
        whole = line == row - ring or line == row + ring
        for column in range(col - ring, col + ring + 1, 1 if whole else max(1, 2 * ring)):
            if not 0 <= column < cols or north + _gap(x, column, size) ** 2 > nearest:
                continue
            at = line * cols + column
            for k in range(first[at], first[at + 1]):
                i = int(segment[k])
                square, part = _segment(x, y, places, i)
                if square > nearest:
                    continue
                if square < nearest or start < 0 or owner[i] < owner[start]:
                    nearest, start, share = square, i, part
    return nearest, start, share


@njit(nogil=True, cache=True, inline="always")
def _nearest(
    point: tuple[float, float],
    shape: tuple[int, int, float],
    places: Floats,
    owner: Rows,
    first: Ints,
    segment: Rows,
    limit: float,
) -> tuple[float, int, float]:  # pragma: no cover - compiled
    """Return the square of the distance to the nearest segment, which it is, and where on it."""
    (x, y), (cols, rows, size) = point, shape
    inside_x, inside_y = min(max(x, 0.0), cols * size), min(max(y, 0.0), rows * size)
    away = (x - inside_x) ** 2 + (y - inside_y) ** 2
    col, row = min(int(inside_x / size), cols - 1), min(int(inside_y / size), rows - 1)
    best = (limit * limit * (1.0 + ROUNDING), -1, 0.0)
    for ring in range(max(cols, rows) + 1):
        # nothing that is still unseen lies nearer than the border of what was seen
        sides = min(inside_x - (col - ring + 1) * size, (col + ring) * size - inside_x)
        ends = min(inside_y - (row - ring + 1) * size, (row + ring) * size - inside_y)
        if away + max(0.0, min(sides, ends)) ** 2 > best[0]:
            break
        best = _ring(point, (col, row, ring), shape, places, owner, first, segment, best)
    return best


@njit(nogil=True, cache=True, inline="always")
def _place(
    i: int, share: float, owner: Rows, walked: Floats, lines: Lines
) -> tuple[int, float]:  # pragma: no cover - compiled
    """Return edge and way along it; in proportion where a length is not that of the line."""
    line = owner[i]
    way = walked[i] + share * (walked[i + 1] - walked[i])
    whole, length = walked[lines.first[line + 1] - 1], lines.length_m[line]
    if whole != length:
        way = way / whole * length if whole > 0.0 else 0.0
    return lines.edge[line], lines.begin_m[line] + min(way, length)


@njit(nogil=True, cache=True)
def _snap(
    points: Floats,
    order: Ints,
    cells: Cells,
    lines: Lines,
    limit: float,
    edges: Ints,
    alongs: Floats,
    offsets: Floats,
    spots: Floats,
) -> None:  # pragma: no cover - compiled
    """Write down where points join at the nearest edge."""
    places, owner, walked, first, segment, cols, rows, size = cells
    shape = (cols, rows, size)
    for point in order:
        spot = (points[point, 0], points[point, 1])
        square, i, share = _nearest(spot, shape, places, owner, first, segment, limit)
        if i < 0 or sqrt(square) > limit:
            continue
        edges[point], alongs[point] = _place(i, share, owner, walked, lines)
        offsets[point] = sqrt(square)
        for axis in range(2):
            here, there = places[i, axis], places[i + 1, axis]
            spots[point, axis] = here + share * (there - here)


@njit(nogil=True, cache=True)
def _near(
    points: Floats, cells: Cells, limit: float
) -> NDArray[np.bool_]:  # pragma: no cover - compiled
    """Return whether there is a segment within the limit of each point."""
    places, owner, _, first, segment, cols, rows, size = cells
    found = np.zeros(len(points), dtype=np.bool_)
    for point in range(len(points)):
        spot = (points[point, 0], points[point, 1])
        if np.isfinite(spot[0]) and np.isfinite(spot[1]):
            square, i, _ = _nearest(spot, (cols, rows, size), places, owner, first, segment, limit)
            found[point] = i >= 0 and sqrt(square) <= limit
    return found


@njit(nogil=True, cache=True)
def _note(
    segments: Ints,
    shares: Floats,
    cells: Cells,
    lines: Lines,
    edges: Ints,
    alongs: Floats,
    spots: Floats,
) -> None:  # pragma: no cover - compiled
    """Write down edge, way and place of shares of segments."""
    places = cells.places
    for k in range(len(segments)):
        i, share = segments[k], shares[k]
        edges[k], alongs[k] = _place(i, share, cells.owner, cells.walked_m, lines)
        for axis in range(2):
            spots[k, axis] = places[i, axis] + share * (places[i + 1, axis] - places[i, axis])


@njit(nogil=True, cache=True)
def _span(
    value: float, limit: float, size: float, count: int
) -> tuple[int, int]:  # pragma: no cover - compiled
    """Return the first and the last cell within a limit; the last before the first where none is."""
    low = max(0.0, (value - limit) / size - PAD)
    high = min(count - 1.0, (value + limit) / size + PAD)
    return (int(low), int(high)) if low < count and high >= 0.0 else (0, -1)


@njit(nogil=True, cache=True)
def _each(
    points: Floats, order: Ints, cells: Cells, piece: Ints, limit: float
) -> tuple[Ints, Ints, Floats, Floats]:  # pragma: no cover - compiled
    """Return the nearest segment of each piece to points: point, segment, square, and share."""
    places, owner, _, first, segment, cols, rows, size = cells
    near, found = np.empty(AT_FIRST, np.int64), np.empty(AT_FIRST, np.int64)
    squares, shares = np.empty(AT_FIRST), np.empty(AT_FIRST)
    begin = total = 0
    for point in order:
        x, y = points[point, 0], points[point, 1]
        west, east = _span(x, limit, size, cols)
        south, north = _span(y, limit, size, rows)
        for line in range(south, north + 1):
            for k in range(first[line * cols + west], first[line * cols + east + 1]):
                i = int(segment[k])
                square, share = _segment(x, y, places, i)
                if sqrt(square) > limit:
                    continue
                at = begin
                while at < total and piece[owner[found[at]]] != piece[owner[i]]:
                    at += 1
                if at == len(near):
                    near, found = larger(near), larger(found)
                    squares, shares = larger(squares), larger(shares)
                new = at == total
                nearer = new or square < squares[at]
                if nearer or (square == squares[at] and owner[i] < owner[found[at]]):
                    near[at], found[at], squares[at], shares[at] = point, i, square, share
                total += int(new)
        begin = total
    return near[:total].copy(), found[:total].copy(), squares[:total].copy(), shares[:total].copy()
