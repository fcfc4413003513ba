"""Network: how far it is on foot, from many places at once.

Question   How far is the nearest source along the network, which is it, and what lies within reach?
Enters     A network, sources and targets snapped to its edges, and a limit.
Leaves     Distances in metres: infinite where nothing is within the limit.
Elsewhere  Snapping: measure/snapping. The compiled search of pairs: measure/pairs.

A source has walked `start_m` before it stands on its edge (from the park to its gate, from the gate
to the network, a handicap). A target adds its own `offset_m`. Two points on the same edge may also
take the direct way between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from greenspace.measure.pairs import Goals, Room, Starts, search
from greenspace.model.streaming import streamed, thread_count

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import ArrayLike, NDArray

    from greenspace.model.network import WalkNetwork
    from greenspace.model.snaps import Snaps

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHUNKS = 64  # parts of the groups that threads share


class Spread(NamedTuple):
    """How far each node is from the nearest source, and which source that is.

    Attributes
    ----------
    node_m
        Infinite where no source is within the limit.
    node_source
        Position of the source; -1 where there is none.
    """

    node_m: Floats
    node_source: Ints


class Pairs(NamedTuple):
    """Which targets each group of sources reaches: sorted by group, then by target."""

    group: Ints
    target: Ints
    distance_m: Floats


def spread(
    network: WalkNetwork, sources: Snaps, start_m: ArrayLike, limit_m: float = np.inf
) -> Spread:
    """Return how far each node is from the nearest source.

    Parameters
    ----------
    network
        What is walked, in both directions.
    sources
        Where the walks begin; sources without an edge are left out.
    start_m
        What each has walked before: a number, or one a source.
    limit_m
        How far to walk at most, with `start_m`.

    Examples
    --------
    >>> from greenspace.measure.snapping import EdgeIndex
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (100, 0), (100, 80)], [(0, 1), (1, 2)])
    >>> gates = EdgeIndex(network).snap([(30, 0)], limit_m=10)
    >>> spread(network, gates, 5.0, 120).node_m.tolist()
    [35.0, 75.0, inf]
    """
    taken, distance, origin = _search(network, sources, _starts(sources, start_m), limit_m)
    return Spread(distance, _positions(taken, origin - len(distance)))


def nearest(
    network: WalkNetwork,
    sources: Snaps,
    start_m: ArrayLike,
    targets: Snaps,
    limit_m: float = np.inf,
) -> tuple[Floats, Ints]:
    """Return how far the nearest source is from each target, and which it is.

    Parameters
    ----------
    network, sources, start_m
        As for `spread`.
    targets
        Where the walks end; what lies between the target and the network is added.
    limit_m
        How far to walk at most, with all that is added.

    Returns
    -------
    tuple of arrays
        Distance in metres, infinite where no source is within the limit; position of the
        source, -1 where there is none.

    Examples
    --------
    >>> from greenspace.measure.snapping import EdgeIndex
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (100, 0), (100, 80)], [(0, 1), (1, 2)])
    >>> gates = EdgeIndex(network).snap([(30, 0)], limit_m=10)
    >>> homes = EdgeIndex(network).snap([(50, 7), (103, 20)], limit_m=10)
    >>> [each.tolist() for each in nearest(network, gates, 0.0, homes)]
    [[27.0, 93.0], [0, 0]]
    """
    if not len(network.edges):
        return np.full(len(targets), np.inf), np.full(len(targets), -1, dtype=np.int64)
    start = _starts(sources, start_m)
    taken, node_m, origin = _search(network, sources, start, limit_m)
    distance, node = _from_nodes(network, node_m, targets)
    source = _positions(taken, origin[node] - len(node_m))
    for way, other in _along_edges(network, sources, start, targets):
        shorter = way < distance
        distance[shorter], source[shorter] = way[shorter], other[shorter]
    distance += targets.offset_m
    beyond = ~(distance <= limit_m) | np.isinf(distance)
    distance[beyond], source[beyond] = np.inf, -1
    return distance, source


def pairs(
    network: WalkNetwork,
    sources: Snaps,
    group: ArrayLike,
    start_m: ArrayLike,
    targets: Snaps,
    limit_m: float,
) -> Pairs:
    """Return every target within the limit of every group of sources, and how far it is.

    Parameters
    ----------
    network, start_m
        As for `spread`.
    sources
        Where the walks begin: the gates of all parks.
    group
        The park of each source; its sources are taken together.
    targets
        Where the walks end; what lies between the target and the network is added.
    limit_m
        How far to walk at most, with all that is added.

    Returns
    -------
    Pairs
        Group, position of the target, distance in metres; sorted by group, then by target.

    Examples
    --------
    >>> from greenspace.measure.snapping import EdgeIndex
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (100, 0), (100, 80)], [(0, 1), (1, 2)])
    >>> gates = EdgeIndex(network).snap([(30, 0), (100, 80)], limit_m=10)
    >>> homes = EdgeIndex(network).snap([(50, 7), (103, 20)], limit_m=10)
    >>> [each.tolist() for each in pairs(network, gates, [4, 9], 0.0, homes, 90)]
    [[4, 9], [0, 1], [27.0, 63.0]]
    """
    start, limit = _starts(sources, start_m), float(limit_m)
    owner = np.asarray(group, dtype=np.int64)
    taken = np.flatnonzero(start <= limit_m)
    taken = taken[np.argsort(owner[taken], kind="stable")]
    groups, firsts = np.unique(owner[taken], return_index=True)
    begin = Starts(
        np.append(firsts, len(taken)).astype(np.int64),
        sources.edge[taken],
        sources.along_m[taken],
        start[taken],
    )
    goals = _goals(network, targets)

    def stream(parts: Iterator[Ints]) -> Generator[Pairs, None, None]:
        room = Room.of(network.links, len(taken), len(targets))
        ways = (network.links, network.edges, network.length_m)
        for part in parts:
            place, target, distance = search(part, begin, goals, *ways, limit, room)
            yield Pairs(groups[place], target, distance)

    parts = np.array_split(np.arange(len(groups)), min(CHUNKS, max(1, len(groups))))
    found: list[Pairs] = streamed(
        stream, [[part] for part in parts], threads=thread_count(parallel=True)
    )
    return Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _starts(sources: Snaps, start_m: ArrayLike) -> Floats:
    """Return what each source has walked before; infinite where it stands on no edge."""
    walked = np.broadcast_to(np.asarray(start_m, dtype=np.float64), len(sources))
    return np.where(sources.found & np.isfinite(walked), walked, np.inf)


def _search(
    network: WalkNetwork, sources: Snaps, start: Floats, limit_m: float
) -> tuple[Ints, Floats, NDArray[np.int32]]:
    """Return the sources that walk, how far each node is, and the node of its source."""
    size = len(network.nodes)
    taken = np.flatnonzero(start <= min(limit_m, np.finfo(np.float64).max))
    joined = _with_sources(network, sources.at(taken), start[taken])
    distance, _, origin = dijkstra(
        joined,
        indices=np.arange(size, joined.shape[0]),
        limit=limit_m,
        min_only=True,
        return_predecessors=True,
    )
    return taken, distance[:size], origin[:size]


def _positions(taken: Ints, rank: NDArray[np.int32]) -> Ints:
    """Return which sources stand at some ranks among those that walk; -1 below the first."""
    return np.append(taken, -1)[np.maximum(rank, -1)]


def _with_sources(network: WalkNetwork, sources: Snaps, start: Floats) -> csr_array:
    """Return the network with a node more for each source, which leads to both ends of its edge."""
    known, size = network.neighbours, len(network.nodes)
    ends = network.edges[sources.edge]
    ways = start[:, None] + _both_ways(network, sources)
    loop = ends[:, 0] == ends[:, 1]  # one way to its node, the shorter
    ways[loop, 0] = ways[loop].min(axis=1)
    kept = np.stack((np.ones(len(loop), dtype=bool), ~loop), axis=1)
    rows = known.indptr[-1] + np.cumsum(kept.sum(axis=1))
    return csr_array(
        (
            np.concatenate((known.data, ways[kept])),
            np.concatenate((known.indices, ends[kept].astype(known.indices.dtype))),
            np.concatenate((known.indptr, rows.astype(known.indptr.dtype))),
        ),
        shape=(size + len(loop), size + len(loop)),
    )


def _both_ways(network: WalkNetwork, snaps: Snaps) -> Floats:
    """Return the way from each point to the first and to the second node of its edge."""
    return np.stack((snaps.along_m, network.length_m[snaps.edge] - snaps.along_m), axis=1)


def _from_nodes(network: WalkNetwork, node_m: Floats, targets: Snaps) -> tuple[Floats, Ints]:
    """Return how far each place on an edge is from the nearer end, and which node that is."""
    ends = network.edges[targets.edge]  # where there is no edge, its way is nan
    ways = node_m[ends] + _both_ways(network, targets)
    second = ways[:, 1] < ways[:, 0]
    return np.where(second, ways[:, 1], ways[:, 0]), np.where(second, ends[:, 1], ends[:, 0])


def _along_edges(
    network: WalkNetwork, sources: Snaps, start: Floats, targets: Snaps
) -> Iterator[tuple[Floats, Ints]]:
    """Yield how far each target is from a source on its own edge, before it and behind it."""
    begin = np.flatnonzero(np.isfinite(start))
    shared = np.zeros(len(network.edges), dtype=bool)
    shared[sources.edge[begin]] = True
    goal = np.flatnonzero(targets.found & shared[targets.edge])
    for sign in (1.0, -1.0):
        mine, theirs = sign * sources.along_m, sign * targets.along_m
        sorted_begin = begin[np.lexsort((mine[begin], sources.edge[begin]))]
        sorted_goal = goal[np.lexsort((theirs[goal], targets.edge[goal]))]
        distance = np.full(len(targets), np.inf)
        source = np.full(len(targets), -1, dtype=np.int64)
        _pass(
            (sorted_begin, sources.edge, mine, start),
            (sorted_goal, targets.edge, theirs),
            distance,
            source,
        )
        yield distance, source


@njit(nogil=True, cache=True)
def _pass(
    begin: tuple[Ints, Ints, Floats, Floats],
    goal: tuple[Ints, Ints, Floats],
    distance: Floats,
    source: Ints,
) -> None:  # pragma: no cover - compiled
    """Walk along each edge once, with the nearest of the sources that were passed."""
    begins, edges, alongs, starts = begin
    goals, goal_edges, goal_alongs = goal
    k, nearest, walked, place, edge = 0, -1, np.inf, 0.0, -1
    for target in goals:
        here, along = goal_edges[target], goal_alongs[target]
        while k < len(begins):
            i = begins[k]
            if edges[i] > here or (edges[i] == here and alongs[i] > along):
                break
            if edges[i] != edge:
                edge, walked = edges[i], np.inf
            walked += alongs[i] - place
            if starts[i] < walked:
                nearest, walked = i, starts[i]
            place = alongs[i]
            k += 1
        if edge == here:
            distance[target], source[target] = walked + (along - place), nearest


def _goals(network: WalkNetwork, targets: Snaps) -> Goals:
    """Return the targets by the edge on which they lie."""
    found = np.flatnonzero(targets.found)
    order = found[np.argsort(targets.edge[found], kind="stable")]
    edges, counts = np.unique(targets.edge[order], return_counts=True)
    firsts = np.zeros(len(network.edges) + 1, dtype=np.int32)
    firsts[edges + 1] = counts
    np.cumsum(firsts, out=firsts)
    return Goals(firsts, order, targets.along_m[order], targets.offset_m[order])
