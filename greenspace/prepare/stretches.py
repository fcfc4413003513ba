"""Stretches: lines cut at given places, and put together as nodes and edges.

Question   Which stretches lie between these places, and which of their ends are one node?
Enters     Lines, places along them, and which places are one spot.
Leaves     Nodes, and edges with their vertices and the line that each was cut from.
Elsewhere  Which places: prepare/noding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Lines = NDArray[np.object_]

SAME_SPOT_M = 1e-3
AN_END, A_CUT, A_BEND = 0, 1, 2  # which of the places at one spot counts
COLLAPSED_M = 4 * SAME_SPOT_M
SAME_COURSE_M = 5 * SAME_SPOT_M


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines as arrays: line ``k`` has the vertices ``coords[first[k]:first[k + 1]]``.

    ``line`` and ``along`` are the line of each vertex and how far along it lies.
    """

    coords: Floats
    first: Ints
    line: Ints
    along: Floats

    @property
    def is_end(self) -> Mask:
        """Whether each vertex is an end of its line."""
        ends = np.zeros(len(self.coords), dtype=bool)
        ends[self.first[:-1]] = ends[self.first[1:] - 1] = True
        return ends

    @property
    def length_m(self) -> Floats:
        """The length of each line."""
        return self.along[self.first[1:] - 1]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Places on lines: how far along, and the point that becomes a vertex there."""

    line: Ints
    at: Floats
    xy: Floats

    def and_(self, others: Cuts) -> Cuts:
        """Return these and others."""
        line, at = np.r_[self.line, others.line], np.r_[self.at, others.at]
        return Cuts(line, at, np.concatenate([self.xy, others.xy]))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Vertices of edges, ``coords[first[e]:first[e + 1]]``, and the line of each edge.

    ``ends`` are the stops that each runs between, which lie at ``stop_xy``.
    """

    coords: Floats
    first: Ints
    line: Ints
    ends: Ints
    stop_xy: Floats


@dataclass(frozen=True, slots=True)
class Stretches:
    """Nodes and edges; `repeated` edges were left out because another has the same course."""

    nodes: Floats
    edges: Ints
    coords: Floats
    first: Ints
    length_m: Floats
    line: Ints
    repeated: int


def drawn_lines(lines: Lines) -> Drawn:
    """Return lines as arrays."""
    coords, line = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(line, np.arange(len(lines) + 1)).astype(np.int64)
    steps = np.r_[0.0, np.hypot(*np.diff(coords, axis=0).T)]
    steps[first[:-1]] = 0.0
    run = np.cumsum(steps)
    return Drawn(coords, first, line.astype(np.int64), run - run[first[:-1]][line])


def turning_points(drawn: Drawn) -> Cuts:
    """Return the bends at which a line turns back along itself."""
    bend = np.flatnonzero(~drawn.is_end)
    back, on = (drawn.coords[bend + step] - drawn.coords[bend] for step in (-1, 1))
    longer = np.maximum(np.hypot(*back.T), np.hypot(*on.T))
    aside = np.abs(back[:, 0] * on[:, 1] - back[:, 1] * on[:, 0])
    tip = bend[(aside <= SAME_SPOT_M * longer) & ((back * on).sum(axis=1) > 0)]
    return Cuts(drawn.line[tip], drawn.along[tip], drawn.coords[tip])


def cut_lines(drawn: Drawn, cuts: Cuts) -> tuple[Pieces, Ints]:
    """Return the stretches of lines between the cuts, and the stop of each cut.

    Examples
    --------
    >>> bent = drawn_lines(shapely.from_wkt(["LINESTRING (0 0, 4 0, 4 4)"]))
    >>> cut = Cuts(np.array([0]), np.array([5.0]), np.array([[4.0, 1.0]]))
    >>> pieces, stop = cut_lines(bent, cut)
    >>> pieces.coords.tolist(), pieces.first.tolist(), stop.tolist()
    ([[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [4.0, 1.0], [4.0, 4.0]], [0, 3, 5], [1])
    """
    rank = np.r_[np.where(drawn.is_end, AN_END, A_BEND), np.full(len(cuts.at), A_CUT)]
    line = np.concatenate([drawn.line, cuts.line])
    at = np.concatenate([drawn.along, np.clip(cuts.at, 0, drawn.length_m[cuts.line])])
    xy = np.concatenate([drawn.coords, cuts.xy])
    order = np.lexsort((at, line))
    group = _groups(line[order], at[order], rank[order])
    stop_of = np.empty(len(order), dtype=np.int64)
    stop_of[order] = group
    by_rank = np.lexsort((rank[order], group))
    chief = order[by_rank[np.r_[True, np.diff(group[by_rank]) != 0]]]
    stops = np.flatnonzero(rank[chief] < A_BEND)
    renamed = np.cumsum(rank[chief] < A_BEND) - 1
    pieces = _between_stops(line[chief], xy[chief], stops)
    return pieces, renamed[stop_of[len(drawn.coords) :]]


def _groups(line: Ints, at: Floats, rank: Ints) -> Ints:
    """Return the group of each place, in order along the lines.

    Cuts within a millimetre of each other or of an end are one, and so is a bend beside them.
    Two bends are never one.
    """
    apart = (np.diff(line) != 0) | (np.diff(at) > SAME_SPOT_M)
    apart |= (rank[1:] == A_BEND) & (rank[:-1] == A_BEND)
    group: Ints = np.r_[0, np.cumsum(apart)]
    return group


def _between_stops(line: Ints, xy: Floats, stops: Ints) -> Pieces:
    """Return the vertices from each stop to the next one on the same line."""
    same = line[stops[1:]] == line[stops[:-1]]
    start, stop = stops[:-1][same], stops[1:][same]
    sizes = stop - start + 1
    first = np.r_[0, np.cumsum(sizes)]
    places = np.arange(first[-1]) + np.repeat(start - first[:-1], sizes)
    begin = np.flatnonzero(same)
    return Pieces(xy[places], first, line[start], np.column_stack([begin, begin + 1]), xy[stops])


def with_links(pieces: Pieces, ends: Ints, line: Ints) -> Pieces:
    """Return pieces and straight links between stops; ``line`` is what each link is called."""
    coords = pieces.stop_xy[ends].reshape(-1, 2)
    first = len(pieces.coords) + 2 * np.arange(1, len(ends) + 1)
    return Pieces(
        np.concatenate([pieces.coords, coords]),
        np.r_[pieces.first, first],
        np.r_[pieces.line, line],
        np.concatenate([pieces.ends, ends]),
        pieces.stop_xy,
    )


def nodes_of(one_spot: Ints, stops: int) -> Ints:
    """Return the node of each stop, where each pair in `one_spot` is one node."""
    here, there = one_spot.T
    joined = coo_array((np.ones(len(here), dtype=bool), (here, there)), shape=(stops, stops))
    node: Ints = connected_components(joined, directed=False)[1].astype(np.int64)
    return node


def assembled(pieces: Pieces, node: Ints, height: Ints) -> Stretches:
    """Return nodes and edges, given the node of each stop.

    Of pieces on one course the one nearest to the ground stays: ``height`` by line, 0 on it.
    """
    _, chief = np.unique(node, return_index=True)
    nodes = pieces.stop_xy[chief]
    edges = node[pieces.ends]
    coords = pieces.coords.copy()
    lasts = pieces.first[1:] - 1
    coords[pieces.first[:-1]], coords[lasts] = nodes[edges[:, 0]], nodes[edges[:, 1]]
    length_m = _lengths(coords, pieces.first)
    kept = (edges[:, 0] != edges[:, 1]) | (length_m > COLLAPSED_M)
    repeats = _repeats(edges, coords, pieces.first, length_m, kept, height[pieces.line])
    kept &= ~repeats
    used, renamed = np.unique(edges[kept], return_inverse=True)
    sizes = np.diff(pieces.first)
    return Stretches(
        nodes=nodes[used],
        edges=renamed.reshape(-1, 2).astype(np.int64),
        coords=coords[np.repeat(kept, sizes)],
        first=np.r_[0, np.cumsum(sizes[kept])].astype(np.int64),
        length_m=length_m[kept],
        line=pieces.line[kept],
        repeated=int(repeats.sum()),
    )


def _lengths(coords: Floats, first: Ints) -> Floats:
    steps = np.r_[np.hypot(*np.diff(coords, axis=0).T), 0.0]
    steps[first[1:] - 1] = 0.0
    lengths: Floats = np.add.reduceat(steps, first[:-1]) if len(first) > 1 else steps[:0]
    return lengths


def _repeats(
    edges: Ints, coords: Floats, first: Ints, length_m: Floats, kept: Mask, height: Ints
) -> Mask:
    """Return the edges that run where a lower one, or an earlier one as high, does too."""
    low, high = edges.min(axis=1), edges.max(axis=1)
    order = np.lexsort((high, low))
    twin = (np.diff(low[order]) == 0) & (np.diff(high[order]) == 0)
    asked = np.sort(order[np.r_[twin, False] | np.r_[False, twin]])
    asked = asked[kept[asked]]
    repeats = np.zeros(len(edges), dtype=bool)
    if not len(asked):
        return repeats
    sizes = np.diff(first)[asked]
    starts = np.r_[0, np.cumsum(sizes)]
    places = np.arange(starts[-1]) + np.repeat(first[asked] - starts[:-1], sizes)
    lines = shapely.linestrings(coords[places], indices=np.repeat(np.arange(len(asked)), sizes))
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    facts = np.column_stack([low[asked], high[asked], length_m[asked], middle])
    twins = KDTree(facts).query_pairs(SAME_COURSE_M, p=np.inf, output_type="ndarray")
    one, other = asked[twins.min(axis=1)], asked[twins.max(axis=1)]
    repeats[np.where(height[one] > height[other], one, other)] = True
    return repeats
