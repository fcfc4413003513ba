"""Snapping: the nearest edge of a network to each point, exactly.

Question   On which edge, and where along it, does a point join the network?
Enters     A network, points in its CRS, and how far they may be from it.
Leaves     Snaps: edge, way along it, and the straight line from the point to it.
Elsewhere  Walking on from there: measure/network.

A grid of square cells holds for each cell the segments that pass through it. Rings of cells round a
point are looked at from the inside out, until no cell further out can hold anything nearer.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from greenspace.model.snaps import Snaps
from greenspace.model.streaming import streamed, thread_count

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import ArrayLike, NDArray

    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = NDArray[np.int32]

PAD = 1e-6  # of a cell: a segment on a border belongs to both sides, whatever is rounded
ROUNDING = 1e-12
AT_ONCE = 4096  # points that a thread takes


class Cells(NamedTuple):
    """What each cell of the grid holds.

    Attributes
    ----------
    places
        The vertices of all edges, from the south-west corner of the grid.
    owner, walked_m
        The edge of each vertex, and the way along its edge to there.
    first, segment
        Those of a cell are ``segment[first[cell]:first[cell + 1]]``, each by its first vertex.
    cols, rows, size_m
        Of the grid, row by row from the south.
    """

    places: NDArray[np.float64]
    owner: NDArray[np.int32]
    walked_m: NDArray[np.float64]
    first: NDArray[np.int64]
    segment: NDArray[np.int32]
    cols: int
    rows: int
    size_m: float


class EdgeIndex:
    """The segments of a network by the cells that they pass through; built once, asked often.

    Parameters
    ----------
    network
        Whose edges are looked for.

    Examples
    --------
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (100, 0)], [(0, 1)])
    >>> snaps = EdgeIndex(network).snap([(30, 40), (30, 400)], limit_m=100)
    >>> snaps.edge.tolist(), snaps.along_m.tolist(), snaps.offset_m.tolist()
    ([0, -1], [30.0, nan], [40.0, nan])
    """

    def __init__(self, network: WalkNetwork) -> None:
        self._network = network
        coords = network.coords
        self._corner = coords.min(axis=0) if len(coords) else np.zeros(2)
        self._cells = _cells(network, coords - self._corner)

    def snap(self, xy: ArrayLike, limit_m: float = np.inf) -> Snaps:
        """Return where points join the network.

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
        points = np.asarray(xy, dtype=np.float64).reshape(-1, 2) - self._corner
        count, cells = len(points), self._cells
        edge = np.full(count, -1, dtype=np.int64)
        along, offset = np.full(count, np.nan), np.full(count, np.nan)
        place = np.full((count, 2), np.nan)
        finite = np.flatnonzero(np.isfinite(points).all(axis=1))
        whole = np.array([cells.cols, cells.rows])
        col, row = np.clip(points[finite] / cells.size_m, 0, whole).astype(np.int64).T
        order = finite[np.argsort(row * cells.cols + col)]  # neighbours find the same in memory
        lines = (self._network.first, self._network.length_m)

        def stream(parts: Iterator[Ints]) -> Generator[None, None, None]:
            for part in parts:
                yield _snap(points, part, cells, lines, float(limit_m), edge, along, offset, place)

        parts = np.array_split(order, 1 + len(order) // AT_ONCE)
        streamed(stream, [[part] for part in parts], threads=thread_count(parallel=True))
        return Snaps(edge, along, offset, place + self._corner)


def _cells(network: WalkNetwork, places: Floats) -> Cells:
    """Return the grid: cells as large as segments are long, or larger, so that few hold few."""
    owner, walked = np.empty(len(places), dtype=np.int32), np.empty(len(places))
    total = _walk(places, network.first, owner, walked)
    segments = max(1, len(places) - len(network.edges))
    width, height = places.max(axis=0) if len(places) else (0.0, 0.0)
    size = max(total / segments, sqrt(width * height / (2 * segments))) or 1.0
    cols, rows = int(width / size) + 1, int(height / size) + 1
    first = np.zeros(cols * rows + 1, dtype=np.int64)
    none = np.empty(0, dtype=np.int32)
    _register(Cells(places, owner, walked, first[1:], none, cols, rows, size))
    np.cumsum(first, out=first)
    segment = np.empty(first[-1], dtype=np.int32)
    _register(Cells(places, owner, walked, first.copy(), segment, cols, rows, size))
    return Cells(places, owner, walked, first, segment, cols, rows, size)


@njit(nogil=True, cache=True)
def _walk(
    places: Floats, first: Ints, owner: Rows, walked: Floats
) -> float:  # pragma: no cover - compiled
    """Note the edge of each vertex and the way to it; return the length of all."""
    total = 0.0
    for edge in range(len(first) - 1):
        way = 0.0
        for i in range(first[edge], first[edge + 1]):
            if i > first[edge]:
                east, north = places[i, 0] - places[i - 1, 0], places[i, 1] - places[i - 1, 1]
                way += np.hypot(east, north)
            owner[i] = edge
            walked[i] = way
        total += way
    return total


@njit(nogil=True, cache=True)
def _register(cells: Cells) -> None:  # pragma: no cover - compiled
    """Count the segments of each cell or, where there is room for them, write them down."""
    places, size = cells.places, cells.size_m
    for i in range(len(places) - 1):
        if cells.owner[i] != cells.owner[i + 1]:
            continue
        xa, ya = places[i, 0] / size, places[i, 1] / size
        xb, yb = places[i + 1, 0] / size, places[i + 1, 1] / size
        if ya > yb:
            xa, ya, xb, yb = xb, yb, xa, ya
        low, high = max(0, floor(ya - PAD)), min(cells.rows - 1, floor(yb + PAD))
        for row in range(low, high + 1):
            near, far = xa, xb
            if low < high and yb > ya:
                near = xa + (xb - xa) * min(1.0, max(0.0, (row - PAD - ya) / (yb - ya)))
                far = xa + (xb - xa) * min(1.0, max(0.0, (row + 1 + PAD - ya) / (yb - ya)))
            if near > far:
                near, far = far, near
            left, right = max(0, floor(near - PAD)), min(cells.cols - 1, floor(far + PAD))
            for at in range(row * cells.cols + left, row * cells.cols + right + 1):
                if len(cells.segment):
                    cells.segment[cells.first[at]] = i
                cells.first[at] += 1


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


@njit(nogil=True, cache=True)
def _snap(
    points: Floats,
    order: Ints,
    cells: Cells,
    lines: tuple[Ints, Floats],
    limit: float,
    edges: Ints,
    alongs: Floats,
    offsets: Floats,
    spots: Floats,
) -> None:  # pragma: no cover - compiled
    """Write down where points join; ways are in proportion where a length is not that of a line."""
    vertex, length = lines
    places, owner, walked, first, segment, cols, rows, size = cells
    shape = (cols, rows, size)
    for point in order:
        spot = (points[point, 0], points[point, 1])
        square, i, share = _nearest(spot, shape, places, owner, first, segment, limit)
        if i < 0 or sqrt(square) > limit:
            continue
        edge = owner[i]
        way = walked[i] + share * (walked[i + 1] - walked[i])
        whole = walked[vertex[edge + 1] - 1]
        if whole != length[edge]:
            way = way / whole * length[edge] if whole > 0.0 else 0.0
        edges[point], alongs[point] = edge, min(way, length[edge])
        offsets[point] = sqrt(square)
        for axis in range(2):
            here, there = places[i, axis], places[i + 1, axis]
            spots[point, axis] = here + share * (there - here)
