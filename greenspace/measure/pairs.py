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

BRANCHES = 4
ROOM = 1024


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


@njit(nogil=True, cache=True)
def _larger(values):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202  # pragma: no cover
    """Return an array with twice the room."""
    room = np.empty(2 * len(values), values.dtype)
    room[: len(values)] = values
    return room


@njit(nogil=True, cache=True)
def _push(
    keys: Floats, items: Ints, size: int, key: float, item: int
) -> None:  # pragma: no cover - compiled
    """Add an item to a heap that has room for it."""
    at = size
    while at > 0:
        above = (at - 1) // BRANCHES
        if keys[above] <= key:
            break
        keys[at], items[at] = keys[above], items[above]
        at = above
    keys[at], items[at] = key, item


@njit(nogil=True, cache=True)
def _drop(keys: Floats, items: Ints, size: int) -> None:  # pragma: no cover - compiled
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
    edge: int,
    way: float,
    along: float,
    goals: Goals,
    limit: float,
    target_m: Floats,
    found: Ints,
    count: int,
) -> tuple[Ints, int]:  # pragma: no cover - compiled
    """Reach the targets of an edge from a place on it."""
    for k in range(goals.first[edge], goals.first[edge + 1]):
        total = way + abs(goals.along_m[k] - along) + goals.offset_m[k]
        target = goals.target[k]
        if total <= limit and total < target_m[target]:
            if target_m[target] == np.inf:
                if count == len(found):
                    found = _larger(found)
                found[count] = target
                count += 1
            target_m[target] = total
    return found, count


@njit(nogil=True, cache=True)
def _enter(
    node: int,
    way: float,
    node_m: Floats,
    heap: tuple[Floats, Ints, Ints],
    size: int,
    marked: int,
) -> tuple[int, int]:  # pragma: no cover - compiled
    """Note a shorter way to a node, in a heap that has room for it."""
    keys, items, touched = heap
    if node_m[node] == np.inf:
        touched[marked] = node
        marked += 1
    node_m[node] = way
    _push(keys, items, size, way, node)
    return size + 1, marked


@njit(nogil=True, cache=True)
def _begin(
    group: int, starts: Starts, edges: Ints, length_m: Floats, limit: float, node_m: Floats
) -> tuple[Floats, Ints, Ints, int, int]:  # pragma: no cover - compiled
    """Enter both ends of the edges on which the sources of a group lie."""
    first, last = starts.first[group], starts.first[group + 1]
    room = max(ROOM, 2 * (last - first))
    keys, items, touched = np.empty(room), np.empty(room, np.int64), np.empty(room, np.int64)
    size = marked = 0
    for i in range(first, last):
        edge, along, walked = starts.edge[i], starts.along_m[i], starts.start_m[i]
        for side in range(2):
            node = edges[edge, side]
            way = walked + (along if side == 0 else length_m[edge] - along)
            if way <= limit and way < node_m[node]:
                heap = (keys, items, touched)
                size, marked = _enter(node, way, node_m, heap, size, marked)
    return keys, items, touched, size, marked


@njit(nogil=True, cache=True)
def _on_own_edges(
    group: int, starts: Starts, goals: Goals, limit: float, target_m: Floats
) -> tuple[Ints, int]:  # pragma: no cover - compiled
    """Reach the targets that lie on the edges of the sources, the direct way."""
    found, count = np.empty(ROOM, np.int64), 0
    for i in range(starts.first[group], starts.first[group + 1]):
        edge, along, walked = starts.edge[i], starts.along_m[i], starts.start_m[i]
        found, count = _reach(edge, walked, along, goals, limit, target_m, found, count)
    return found, count


@njit(nogil=True, cache=True)
def _group(
    group: int,
    starts: Starts,
    goals: Goals,
    links: Links,
    edges: Ints,
    length_m: Floats,
    limit: float,
    node_m: Floats,
    target_m: Floats,
) -> Ints:  # pragma: no cover - compiled
    """Reach the targets of one group; return which they are."""
    found, count = _on_own_edges(group, starts, goals, limit, target_m)
    keys, items, touched, size, marked = _begin(group, starts, edges, length_m, limit, node_m)
    while size > 0:
        way, node = keys[0], items[0]
        size -= 1
        _drop(keys, items, size)
        if way > node_m[node]:
            continue
        first, last = links.first[node], links.first[node + 1]
        while size + last - first > len(keys):
            keys, items = _larger(keys), _larger(items)
        while marked + last - first > len(touched):
            touched = _larger(touched)
        for link in range(first, last):
            edge = links.end[link] >> 1
            if goals.first[edge] < goals.first[edge + 1]:
                along = 0.0 if links.end[link] & 1 == 0 else length_m[edge]
                found, count = _reach(edge, way, along, goals, limit, target_m, found, count)
            other, further = links.node[link], way + links.length_m[link]
            if further <= limit and further < node_m[other]:
                heap = (keys, items, touched)
                size, marked = _enter(other, further, node_m, heap, size, marked)
    for node in touched[:marked]:
        node_m[node] = np.inf
    return np.sort(found[:count])


@njit(nogil=True, cache=True)
def search(
    groups: Ints,
    starts: Starts,
    goals: Goals,
    links: Links,
    edges: Ints,
    length_m: Floats,
    limit: float,
    node_m: Floats,
    target_m: Floats,
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
    node_m, target_m
        Room to work in: infinite everywhere, before and after.

    Returns
    -------
    tuple of arrays
        Position of the group, target, and distance.
    """
    owner, goal, distance = np.empty(ROOM, np.int64), np.empty(ROOM, np.int64), np.empty(ROOM)
    total = 0
    for group in groups:
        reached = _group(group, starts, goals, links, edges, length_m, limit, node_m, target_m)
        while total + len(reached) > len(owner):
            owner, goal, distance = _larger(owner), _larger(goal), _larger(distance)
        for target in reached:
            owner[total], goal[total], distance[total] = group, target, target_m[target]
            target_m[target] = np.inf
            total += 1
    return owner[:total].copy(), goal[:total].copy(), distance[:total].copy()
