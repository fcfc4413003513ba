"""Edge cells: the segments of a network by the square cells that they pass through.

Question   Which stretches of which edges lie about here?
Enters     A network, and which of its edges are looked for.
Leaves     The lines where they may be entered, and a grid of cells that holds their segments.
Elsewhere  Finding the nearest: measure/snapping.

An edge on the ground is entered anywhere, a bridge or a tunnel at its open ends only.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = NDArray[np.int32]

PAD = 1e-6  # of a cell: a segment on a border belongs to both sides, whatever is rounded


class Lines(NamedTuple):
    """Where a network is entered.

    Attributes
    ----------
    coords, first
        The vertices of line ``i`` are ``coords[first[i]:first[i + 1]]``.
    edge
        The edge that each lies on.
    begin_m
        The way along the edge to where the line begins.
    length_m
        The way along the line.
    """

    coords: Floats
    first: Ints
    edge: Ints
    begin_m: Floats
    length_m: Floats


class Cells(NamedTuple):
    """What each cell of the grid holds.

    Attributes
    ----------
    places
        The vertices of all lines, from the south-west corner of the grid.
    owner, walked_m
        The line of each vertex, and the way along it to there.
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


def lines_of_entry(network: WalkNetwork, among: NDArray[np.bool_] | None = None) -> Lines:
    """Return where a network is entered: edges on the ground, and open ends of others.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from greenspace.model.network import WalkNetwork
    >>> made = WalkNetwork.of_edges([(0, 0), (9, 0), (9, 5)], [(0, 1), (1, 2)])
    >>> lines_of_entry(replace(made, level=np.array([0, 1]))).coords.tolist()
    [[0.0, 0.0], [9.0, 0.0], [9.0, 5.0], [9.0, 5.0]]
    """
    edge = np.arange(len(network.edges))
    if among is None and network.level is None:
        return Lines(network.coords, network.first, edge, np.zeros(len(edge)), network.length_m)
    chosen = np.ones(len(edge), dtype=bool) if among is None else among
    ground = chosen & network.on_ground
    mouth, side = network.mouths
    mouth, side = mouth[chosen[mouth]], side[chosen[mouth]]
    spots = np.repeat(network.nodes[network.edges[mouth, side]], 2, axis=0)
    count = np.diff(network.first)
    sizes = np.concatenate([count[ground], np.full(len(mouth), 2)])
    begin = np.where(side == 1, network.length_m[mouth], 0.0)
    return Lines(
        np.concatenate([network.coords[np.repeat(ground, count)], spots]),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        np.concatenate([edge[ground], mouth]),
        np.concatenate([np.zeros(int(ground.sum())), begin]),
        np.concatenate([network.length_m[ground], np.zeros(len(mouth))]),
    )


def cells_of(lines: Lines, places: Floats) -> Cells:
    """Return the grid: cells as large as segments are long, or larger, so that few hold few."""
    owner, walked = np.empty(len(places), dtype=np.int32), np.empty(len(places))
    total = _walk(places, lines.first, owner, walked)
    segments = max(1, len(places) - len(lines.edge))
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
    """Note the line of each vertex and the way to it; return the length of all."""
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
