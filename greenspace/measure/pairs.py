"""Pairs: bounded searches from many groups of sources, compiled.

Question   Which targets does each group reach within a limit, and how far are they?
Enters     The links of a network, starts by group, goals by edge, and room to work in.
Leaves     Group, target and distance of each pair, sorted.
Elsewhere  Making ready and sharing among threads: measure/network.

Each group is one Dijkstra search with a heap of four branches a node. A node is written to the heap
again when a shorter way to it turns up, and passed over when the longer one comes out. Only what a
search has touched is reset for the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.links import Links

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Rows = NDArray[np.int32]

BRANCHES = 4
AT_FIRST = 1024


class Starts(NamedTuple):
    """Sources by group: those of group ``g`` are ``first[g]`` to ``first[g + 1]``."""

    first: NDArray[np.int64]
    edge: NDArray[np.int64]
    along_m: NDArray[np.float64]
    start_m: NDArray[np.float64]


class Goals(NamedTuple):
    """Targets by edge: those on edge ``e`` are ``first[e]`` to ``first[e + 1]``."""

    first: NDArray[np.int32]
    target: NDArray[np.int64]
    along_m: NDArray[np.float64]
    offset_m: NDArray[np.float64]


class Room(NamedTuple):
    """Where a thread works: infinite distances, and places for as much as may ever be reached.

    Attributes
    ----------
    node_m, target_m
        Infinite everywhere, before and after a search.
    keys, items
        The heap.
    touched, found
        Nodes and targets that one search has reached.
    """

    node_m: NDArray[np.float64]
    target_m: NDArray[np.float64]
    keys: NDArray[np.float64]
    items: NDArray[np.int32]
    touched: NDArray[np.int32]
    found: NDArray[np.int64]

    @classmethod
    def of(cls, links: Links, sources: int, targets: int) -> Room:
        """Return room for any search: a node is entered once by each edge and source at most.

        What is never used is never taken from the memory of the machine.
        """
        nodes, most = len(links.first) - 1, len(links.end) + 2 * sources
        return cls(
            np.full(nodes, np.inf),
            np.full(targets, np.inf),
            np.empty(most),
            np.empty(most, dtype=np.int32),
            np.empty(nodes, dtype=np.int32),
            np.empty(targets, dtype=np.int64),
        )


@njit(nogil=True, cache=True)
def larger(values):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201  # pragma: no cover
    """Return an array with twice the room."""
    room = np.empty(2 * len(values), values.dtype)
    room[: len(values)] = values
    return room


@njit(nogil=True, cache=True)
def _push(
    keys: Floats, items: Rows, size: int, key: float, item: int
) -> None:  # pragma: no cover - compiled
    """Add an item to a heap that has room for it."""
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if keys[above] <= key:
            break
        keys[at], items[at] = keys[above], items[above]
        at = above
    keys[at], items[at] = key, item


@njit(nogil=True, cache=True)
def _drop(keys: Floats, items: Rows, size: int) -> None:  # pragma: no cover - compiled
    """Take the least item from a heap; `size` is how many stay."""
    key, item = keys[size], items[size]
    at = 0
    while True:
        child = BRANCHES * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + BRANCHES, size)):
            if keys[other] < keys[least]:
                least = other
        if keys[least] >= key:
            break
        keys[at], items[at] = keys[least], items[least]
        at = least
    keys[at], items[at] = key, item


@njit(nogil=True, cache=True)
def _reach(
    edge: int, way: float, place: float, goals: Goals, limit: float, target_m: Floats, found: Ints
) -> int:  # pragma: no cover - compiled
    """Reach the targets of an edge from a place on it; return how many are new."""
    count = 0
    for k in range(goals.first[edge], goals.first[edge + 1]):
        total = way + abs(goals.along_m[k] - place) + goals.offset_m[k]
        target = goals.target[k]
        if total <= limit and total < target_m[target]:
            if target_m[target] == np.inf:
                found[count] = target
                count += 1
            target_m[target] = total
    return count


@njit(nogil=True, cache=True)
def _begin(
    group: int,
    starts: Starts,
    goals: Goals,
    edges: Ints,
    length_m: Floats,
    limit: float,
    room: Room,
) -> tuple[int, int, int]:  # pragma: no cover - compiled
    """Reach what lies on the edges of a group's sources, and enter the ends of these edges.

    Returns how many stand in the heap, are touched, and are found.
    """
    node_m, target_m, keys, items, touched, found = room
    size = marked = count = 0
    for i in range(starts.first[group], starts.first[group + 1]):
        edge, along, walked = starts.edge[i], starts.along_m[i], starts.start_m[i]
        count += _reach(edge, walked, along, goals, limit, target_m, found[count:])
        for side in range(2):
            node = edges[edge, side]
            way = walked + (along if side == 0 else length_m[edge] - along)
            if way <= limit and way < node_m[node]:
                if node_m[node] == np.inf:
                    touched[marked] = node
                    marked += 1
                node_m[node] = way
                _push(keys, items, size, way, node)
                size += 1
    return size, marked, count


@njit(nogil=True, cache=True)
def _group(
    begun: tuple[int, int, int],
    goals: Goals,
    links: Links,
    length_m: Floats,
    limit: float,
    room: Room,
) -> int:  # pragma: no cover - compiled
    """Search on from where a group has begun; return how many targets it finds."""
    size, marked, count = begun
    node_m, target_m, keys, items, touched, found = room
    first, ends, nodes, lengths = links
    goal_first = goals.first
    while size > 0:
        way, node = keys[0], items[0]
        size -= 1
        _drop(keys, items, size)
        if way > node_m[node]:
            continue
        for link in range(first[node], first[node + 1]):
            edge = ends[link] >> 1
            if goal_first[edge] < goal_first[edge + 1]:
                place = 0.0 if ends[link] & 1 == 0 else length_m[edge]
                count += _reach(edge, way, place, goals, limit, target_m, found[count:])
            other, further = nodes[link], way + lengths[link]
            if further <= limit and further < node_m[other]:
                if node_m[other] == np.inf:
                    touched[marked] = other
                    marked += 1
                node_m[other] = further
                _push(keys, items, size, further, other)
                size += 1
    for node in touched[:marked]:
        node_m[node] = np.inf
    return count


@njit(nogil=True, cache=True)
def search(
    groups: Ints,
    starts: Starts,
    goals: Goals,
    links: Links,
    edges: Ints,
    length_m: Floats,
    limit: float,
    room: Room,
) -> tuple[Ints, Ints, Floats]:  # pragma: no cover - compiled
    """Search from some groups, one after the other.

    Parameters
    ----------
    groups
        Which groups, by their position in `starts`.
    starts, goals
        Where the walks begin and end.
    links, edges, length_m
        Of the network.
    limit
        How far to walk at most.
    room
        To work in.

    Returns
    -------
    tuple of arrays
        Position of the group, target, and distance.
    """
    owner, goal, distance = (
        np.empty(AT_FIRST, np.int64),
        np.empty(AT_FIRST, np.int64),
        np.empty(AT_FIRST),
    )
    total = 0
    for group in groups:
        begun = _begin(group, starts, goals, edges, length_m, limit, room)
        count = _group(begun, goals, links, length_m, limit, room)
        while total + count > len(owner):
            owner, goal, distance = larger(owner), larger(goal), larger(distance)
        for target in np.sort(room.found[:count]):
            owner[total], goal[total], distance[total] = group, target, room.target_m[target]
            room.target_m[target] = np.inf
            total += 1
    return owner[:total].copy(), goal[:total].copy(), distance[:total].copy()
