"""Stretches: lines cut at given points, and put together as nodes and edges.

Question   Which stretches lie between these points, and which of their ends are one node?
Enters     Lines, and points on them.
Leaves     Nodes, and edges with their vertices and the line that each was cut from.
Elsewhere  Which points: prepare/noding.
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
COLLAPSED_M = 4 * SAME_SPOT_M
SAME_COURSE_M = 5 * SAME_SPOT_M
LEVEL_APART_M = 1e7  # levels lie apart like this in the third coordinate


@dataclass(frozen=True, slots=True)
class Cuts:
    """Points at which lines are cut."""

    line: Ints
    xy: Floats

    def and_(self, others: Cuts) -> Cuts:
        """Return these and others."""
        line = np.concatenate([self.line, others.line])
        return Cuts(line, np.concatenate([self.xy, others.xy]))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Vertices of edges, ``coords[first[e]:first[e + 1]]``, and the line of each edge."""

    coords: Floats
    first: Ints
    line: Ints


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


def cut_lines(lines: Lines, cuts: Cuts) -> Pieces:
    """Return the stretches of lines between the points; a point becomes a vertex.

    Examples
    --------
    >>> bent = shapely.from_wkt(["LINESTRING (0 0, 4 0, 4 4)"])
    >>> pieces = cut_lines(bent, Cuts(np.array([0]), np.array([[4.0, 1.0]])))
    >>> pieces.coords.tolist(), pieces.first.tolist()
    ([[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [4.0, 1.0], [4.0, 4.0]], [0, 3, 5])
    """
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    starts = np.searchsorted(owner, np.arange(len(lines)))
    run = np.cumsum(np.r_[0.0, np.hypot(*np.diff(coords, axis=0).T)])
    along = run - run[starts][owner]
    cuts, at = _sorted(lines, _apart_from_ends(cuts, coords, starts))
    line = np.concatenate([owner, cuts.line])
    is_cut = np.repeat([False, True], [len(owner), len(at)])
    order = np.lexsort((is_cut, np.concatenate([along, at]), line))
    line, is_cut = line[order], is_cut[order]
    xy = np.concatenate([coords, cuts.xy])[order]
    stops = is_cut | _ends(line)
    kept = stops | ~_beside_a_cut(xy, line, is_cut)
    return _between_stops(line[kept], xy[kept], np.flatnonzero(stops[kept]))


def _sorted(lines: Lines, cuts: Cuts) -> tuple[Cuts, Floats]:
    """Return the cuts in order along their lines, each place once, and how far along they are."""
    at = shapely.line_locate_point(lines[cuts.line], shapely.points(cuts.xy))
    order = np.lexsort((at, cuts.line))
    line, xy, at = cuts.line[order], cuts.xy[order], at[order]
    new = np.r_[True, ~_close(xy, line)][: len(line)]
    return Cuts(line[new], xy[new]), at[new]


def _close(xy: Floats, line: Ints) -> Mask:
    """Return whether points lie where the next one on the same line does."""
    close: Mask = (np.hypot(*np.diff(xy, axis=0).T) <= SAME_SPOT_M) & (np.diff(line) == 0)
    return close


def _apart_from_ends(cuts: Cuts, coords: Floats, starts: Ints) -> Cuts:
    """Return the cuts that are not at an end of their line anyway."""
    lasts = np.r_[starts[1:], len(coords)] - 1
    away = np.ones(len(cuts.line), dtype=bool)
    for ends in (starts, lasts):
        away &= np.hypot(*(coords[ends[cuts.line]] - cuts.xy).T) > SAME_SPOT_M
    return Cuts(cuts.line[away], cuts.xy[away])


def _ends(line: Ints) -> Mask:
    """Return the first and last vertex of every line."""
    change = np.diff(line) != 0
    ends: Mask = np.r_[True, change] | np.r_[change, True]
    return ends


def _beside_a_cut(xy: Floats, line: Ints, is_cut: Mask) -> Mask:
    close = _close(xy, line)
    beside: Mask = np.r_[False, close & is_cut[:-1]] | np.r_[close & is_cut[1:], False]
    return beside


def _between_stops(line: Ints, xy: Floats, stops: Ints) -> Pieces:
    """Return the vertices from each stop to the next one on the same line."""
    same = line[stops[1:]] == line[stops[:-1]]
    start, stop = stops[:-1][same], stops[1:][same]
    sizes = stop - start + 1
    first = np.r_[0, np.cumsum(sizes)]
    places = np.arange(first[-1]) + np.repeat(start - first[:-1], sizes)
    return Pieces(xy[places], first, line[start])


def assembled(pieces: Pieces, level: Ints, joins: Cuts, ends_level: Ints) -> Stretches:
    """Return nodes and edges; ends of one level within a millimetre are one node.

    Parameters
    ----------
    pieces, level
        Stretches, and the level of each line.
    joins, ends_level
        Points of lines at which another line ends, and the level of that other line.
    """
    lasts = pieces.first[1:] - 1
    ends = np.concatenate([pieces.first[:-1], lasts])
    height = level[np.concatenate([pieces.line, pieces.line])] * LEVEL_APART_M
    spots, spot = distinct(np.column_stack([pieces.coords[ends], height]))
    label = _one_node(spots, joins, level[joins.line], ends_level)
    _, chief = np.unique(label, return_index=True)
    nodes = spots[chief, :2]
    edges = label[spot].reshape(2, -1).T
    coords = pieces.coords.copy()
    coords[pieces.first[:-1]], coords[lasts] = nodes[edges[:, 0]], nodes[edges[:, 1]]
    length_m = _lengths(coords, pieces.first)
    kept = (edges[:, 0] != edges[:, 1]) | (length_m > COLLAPSED_M)
    repeats = _repeats(edges, coords, pieces.first, length_m, kept)
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


def distinct(xyz: Floats) -> tuple[Floats, Ints]:
    """Return the distinct points in order, and which of them each point is."""
    order = np.lexsort(xyz.T[::-1])
    new = np.r_[True, (np.diff(xyz[order], axis=0) != 0).any(axis=1)][: len(xyz)]
    which = np.empty(len(xyz), dtype=np.int64)
    which[order] = np.cumsum(new) - 1
    return xyz[order][new], which


def _one_node(spots: Floats, joins: Cuts, own_level: Ints, other_level: Ints) -> Ints:
    """Return the node of each spot: those close by on one level, and those joined across."""
    tree = KDTree(spots)
    near = tree.query_pairs(SAME_SPOT_M, output_type="ndarray")
    apart = own_level != other_level
    across = [
        tree.query(np.column_stack([joins.xy[apart], heights[apart] * LEVEL_APART_M]))[1]
        for heights in (own_level, other_level)
    ]
    here, there = np.concatenate([near.T, np.stack(across)], axis=1)
    links = coo_array((np.ones(len(here), dtype=bool), (here, there)), shape=(len(spots),) * 2)
    label: Ints = connected_components(links, directed=False)[1].astype(np.int64)
    return label


def _lengths(coords: Floats, first: Ints) -> Floats:
    steps = np.r_[np.hypot(*np.diff(coords, axis=0).T), 0.0]
    steps[first[1:] - 1] = 0.0
    lengths: Floats = np.add.reduceat(steps, first[:-1]) if len(first) > 1 else steps[:0]
    return lengths


def _repeats(edges: Ints, coords: Floats, first: Ints, length_m: Floats, kept: Mask) -> Mask:
    """Return the edges that run where an earlier one between the same nodes does."""
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
    order = np.lexsort((asked, *np.round(facts / SAME_COURSE_M).T[::-1]))
    same = (np.abs(np.diff(facts[order], axis=0)) <= SAME_COURSE_M).all(axis=1)
    repeats[asked[order[1:][same]]] = True
    return repeats
