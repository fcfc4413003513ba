"""Entering: ways on foot between points that may join a network on several of its pieces.

Question   How far is the nearest gate from each home, or each gate within a limit, by any piece?
Enters     A network, gates and homes with their entries, and what was walked before the gates.
Leaves     Distances in metres by point: of all ways in, the one that makes for the shortest counts.
Elsewhere  The search between places on edges: measure/network. Ways in: measure/snapping.

Whoever drew a path that hangs together with nothing takes nothing away: the other pieces near a
point are still entered. So no distance grows by a piece that hangs together with no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from greenspace.measure.network import Pairs, nearest, pairs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from greenspace.model.network import WalkNetwork
    from greenspace.model.snaps import Entries

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Walked(NamedTuple):
    """How far each home is from the nearest gate.

    Attributes
    ----------
    distance_m
        Infinite where no way leads to one within the limit.
    gate
        Position of the gate, -1 where there is none.
    offset_m
        From the home to the edge where it joins that way, or to the nearest one; nan where no
        edge is near enough.
    """

    distance_m: Floats
    gate: Ints
    offset_m: Floats


def started_m(gates: Entries, before_m: ArrayLike) -> Floats:
    """Return how much has been walked at each entry, given what was walked before each gate."""
    before = np.broadcast_to(np.asarray(before_m, dtype=np.float64), gates.count)
    started: Floats = before[gates.point] + gates.snaps.offset_m
    return started


def walked(
    network: WalkNetwork,
    gates: Entries,
    before_m: ArrayLike,
    homes: Entries,
    limit_m: float = np.inf,
) -> Walked:
    """Return how far the nearest gate is from each home.

    Parameters
    ----------
    network
        What is walked, in both directions.
    gates, homes
        Where they may join it.
    before_m
        What was walked before a gate, from its park; a number, or one a gate.
    limit_m
        How far to walk at most, with all that is added.

    Examples
    --------
    A path beside the home leads nowhere; the street is entered past it.

    >>> from greenspace.measure.snapping import EdgeIndex
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (90, 0), (40, 5), (50, 5)], [(0, 1), (2, 3)])
    >>> index = EdgeIndex(network)
    >>> gates, homes = index.entries([(0, 0)], 4), index.entries([(45, 6)], 10)
    >>> walked(network, gates, 0.0, homes).distance_m.tolist()
    [51.0]
    """
    start = started_m(gates, before_m)
    each, place = nearest(network, gates.snaps, start, homes.snaps, limit_m)
    best = np.arange(len(each))
    if not homes.single:
        first = _first(homes.point)
        least = np.minimum.reduceat(each, np.flatnonzero(first))[np.cumsum(first) - 1]
        best = np.flatnonzero(each == least)
        best = best[_first(homes.point[best])]
    point = homes.point[best]
    distance, offset = np.full(homes.count, np.inf), np.full(homes.count, np.nan)
    gate = np.full(homes.count, -1, dtype=np.int64)
    distance[point], offset[point] = each[best], homes.snaps.offset_m[best]
    gate[point] = np.append(gates.point, -1)[place[best]]
    return Walked(distance, gate, offset)


def walked_pairs(
    network: WalkNetwork,
    gates: Entries,
    group: ArrayLike,
    before_m: ArrayLike,
    homes: Entries,
    limit_m: float,
) -> Pairs:
    """Return every home within the limit of every group of gates, and how far it is.

    Parameters
    ----------
    network, gates, before_m, homes, limit_m
        As for `walked`.
    group
        The park of each gate; its gates are taken together.

    Examples
    --------
    >>> from greenspace.measure.snapping import EdgeIndex
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(0, 0), (90, 0), (40, 5), (50, 5)], [(0, 1), (2, 3)])
    >>> index = EdgeIndex(network)
    >>> gates, homes = index.entries([(0, 0)], 4), index.entries([(45, 6)], 10)
    >>> [each.tolist() for each in walked_pairs(network, gates, [7], 0.0, homes, 100)]
    [[7], [0], [51.0]]
    """
    start, owner = started_m(gates, before_m), np.asarray(group, dtype=np.int64)[gates.point]
    found = pairs(network, gates.snaps, owner, start, homes.snaps, limit_m)
    point = homes.point[found.target]
    if homes.single:
        return found._replace(target=point)
    first = np.flatnonzero(_first(found.group) | _first(point))  # places lie point by point
    least = np.minimum.reduceat(found.distance_m, first) if len(first) else found.distance_m
    return Pairs(found.group[first], point[first], least)


def _first(values: Ints) -> NDArray[np.bool_]:
    """Return which values are not what the one before them is."""
    changed = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed
