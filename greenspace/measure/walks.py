"""Walks: which parts of a network are reached, and how far one can still go from there.

Question   Along which parts of which edges does a walk get, and with how much reach left?
Enters     A network, what is left of the reach at its nodes, and at gates in mid-edge.
Leaves     Walks of edges on which the reach that is left falls evenly, and their lines.
Elsewhere  Distances to the nodes: measure/network. The ground beside them: walk_service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.network import WalkNetwork
    from greenspace.model.snaps import Snaps

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROUNDING_M = 1e-9


@dataclass(frozen=True, eq=False)
class Walks:
    """Parts of edges, each walked one way: what is left falls by a metre a metre.

    Attributes
    ----------
    edge
        Position of the edge.
    near_m, far_m
        Where the stretch begins, as one walks, and ends: metres from the edge's first node.
    left_m
        What is left of the reach where it begins, in metres.
    source
        Position of the gate that the walk comes from.
    """

    edge: Ints
    near_m: Floats
    far_m: Floats
    left_m: Floats
    source: Ints

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.edge)

    @property
    def length_m(self) -> Floats:
        """Length of each stretch."""
        return np.abs(self.far_m - self.near_m)

    def take(self, rows: Any) -> Walks:
        """Return some of the stretches."""
        return Walks(
            self.edge[rows],
            self.near_m[rows],
            self.far_m[rows],
            self.left_m[rows],
            self.source[rows],
        )

    def core(self, cap_m: float) -> Walks:
        """Return what is walked with at least `cap_m` left: parts of these, none is empty."""
        length = np.minimum(self.length_m, self.left_m - cap_m)
        far = self.near_m + np.sign(self.far_m - self.near_m) * length
        part = Walks(self.edge, self.near_m, far, self.left_m, self.source)
        return part.take(length > 0)

    def tail(self, cap_m: float) -> Walks:
        """Return what is walked with less than `cap_m` left: parts of these, none is empty."""
        skipped = np.clip(self.left_m - cap_m, 0.0, self.length_m)
        near = self.near_m + np.sign(self.far_m - self.near_m) * skipped
        part = Walks(self.edge, near, self.far_m, self.left_m - skipped, self.source)
        return part.take(skipped < self.length_m)

    def every(self, step_m: float) -> Walks:
        """Return the stretches cut into parts of at most `step_m`."""
        count = np.maximum(np.ceil(self.length_m / step_m), 1).astype(np.int64)
        part = self.take(np.repeat(np.arange(len(self)), count))
        step = np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count)
        share = np.stack([step, step + 1]) / np.repeat(count, count)
        near, far = part.near_m + share * (part.far_m - part.near_m)
        left = part.left_m - share[0] * part.length_m
        return Walks(part.edge, near, far, left, part.source)


def reached(
    network: WalkNetwork, node_left_m: Floats, node_source: Ints, sources: Snaps, left_m: Floats
) -> tuple[Walks, Ints]:
    """Return what is reached of each edge, and the gates that no other one makes needless.

    Where waves from two sides meet, the edge is divided. A gate that is passed by a walk from
    another one, with at least as much reach left, adds nothing.

    Parameters
    ----------
    node_left_m
        What is left at each node; not positive where it is not reached.
    node_source
        Position of the gate that each node is reached from.
    sources
        The gates on their edges.
    left_m
        What is left of the reach at each gate, once on the network.

    Examples
    --------
    A street of 100 m, entered at its beginning with 90 m to go, and at 80 m with 30 m to go: the
    walks meet where both have 20 m left.

    >>> from greenspace.model.network import WalkNetwork
    >>> from greenspace.model.snaps import Snaps
    >>> street = WalkNetwork.of_edges([(0, 0), (100, 0)], [(0, 1)])
    >>> gate = Snaps(np.array([0]), np.array([80.0]), np.array([0.0]), np.array([[80.0, 0.0]]))
    >>> parts, gates = reached(
    ...     street, np.array([90.0, 10.0]), np.array([-1, 0]), gate, np.array([30.0]))
    >>> parts.near_m.tolist(), parts.far_m.tolist(), gates.tolist()
    ([0.0, 80.0, 80.0], [70.0, 70.0, 100.0], [0])
    """
    posts = _posts(network, node_left_m, node_source, sources, left_m)
    edge, at, left, source = (posts[name].to_numpy() for name in ("edge", "at", "left", "source"))
    gates = np.sort(posts["gate"].to_numpy()[posts["gate"].to_numpy() >= 0])
    pair = edge[1:] == edge[:-1]
    here, there = np.flatnonzero(pair), np.flatnonzero(pair) + 1
    gap = at[there] - at[here]
    with np.errstate(invalid="ignore"):
        ahead = (gap + left[here] - left[there]) / 2.0
    ahead = np.clip(np.nan_to_num(ahead, nan=0.0), 0.0, gap)
    forth, back = np.minimum(ahead, left[here]), np.minimum(gap - ahead, left[there])
    both = Walks(
        np.concatenate([edge[here], edge[there]]),
        np.concatenate([at[here], at[there]]),
        np.concatenate([at[here] + forth, at[there] - back]),
        np.concatenate([left[here], left[there]]),
        np.concatenate([source[here], source[there]]),
    )
    order = np.lexsort((np.minimum(both.near_m, both.far_m), both.edge))
    kept = order[np.concatenate([forth, back])[order] > ROUNDING_M]
    return both.take(kept), gates


def _posts(
    network: WalkNetwork, node_left_m: Floats, node_source: Ints, sources: Snaps, left_m: Floats
) -> pd.DataFrame:
    """Return nodes and gates along each edge, but for gates that another post makes needless."""
    starts = np.flatnonzero((sources.edge >= 0) & (left_m > 0))
    lively = np.any(node_left_m[network.edges] > 0, axis=1).reshape(-1)
    lively[sources.edge[starts]] = True
    edges = np.flatnonzero(lively)
    ends = network.edges[edges]
    along = np.minimum(sources.along_m[starts], network.length_m[sources.edge[starts]])
    none = np.full(len(edges), -1)
    posts = pd.DataFrame(
        {
            "edge": np.concatenate([edges, edges, sources.edge[starts]]),
            "at": np.concatenate([np.zeros(len(edges)), network.length_m[edges], along]),
            "left": np.concatenate(
                [node_left_m[ends[:, 0]], node_left_m[ends[:, 1]], left_m[starts]]
            ),
            "source": np.concatenate([node_source[ends[:, 0]], node_source[ends[:, 1]], starts]),
            "gate": np.concatenate([none, none, starts]),
            "rank": np.repeat([0, 2, 1], [len(edges), len(edges), len(starts)]),
        }
    ).sort_values(["edge", "at", "rank", "left"], kind="stable", ignore_index=True)
    return posts[(posts["gate"] < 0) | ~_needless(posts)].reset_index(drop=True)


def _needless(posts: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which posts a walk from another post of their edge passes with more left."""
    edge, at, left = posts["edge"], posts["at"], posts["left"]
    ahead = (left + at).groupby(edge).cummax().groupby(edge).shift(fill_value=-np.inf) - at
    turned = (left - at)[::-1].groupby(edge[::-1]).cummax()[::-1]
    behind = turned.groupby(edge).shift(-1, fill_value=-np.inf) + at
    most = np.maximum(ahead.to_numpy(), behind.to_numpy())
    passed: NDArray[np.bool_] = most > left.to_numpy() + ROUNDING_M
    return passed


def lines_of(network: WalkNetwork, edge: Ints, from_m: Floats, to_m: Floats) -> NDArray[Any]:
    """Return the line of each part of an edge, from one distance along it to another.

    Examples
    --------
    >>> from greenspace.model.network import WalkNetwork
    >>> street = WalkNetwork.of_edges([(0, 0), (100, 0)], [(0, 1)])
    >>> lines_of(street, np.array([0]), np.array([30.0]), np.array([10.0]))[0].wkt
    'LINESTRING (30 0, 10 0)'
    """
    if not len(edge):
        return np.empty(0, dtype=object)
    along = _along(network)
    begin, last = network.first[edge], network.first[edge + 1] - 1
    drawn = along[last] - along[begin]
    walked = network.length_m[edge]
    scale = np.divide(drawn, walked, out=np.zeros_like(drawn), where=walked > 0)
    low_m, high_m = np.sort([from_m * scale, to_m * scale], axis=0)
    low_m, high_m = along[begin] + low_m, along[begin] + np.minimum(high_m, drawn)
    after = np.clip(np.searchsorted(along, low_m, side="right"), begin + 1, last)
    until = np.clip(np.searchsorted(along, high_m, side="left"), after, last)
    count = until - after
    owner = np.repeat(np.arange(len(edge)), count)
    inner = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + after[owner]
    vertices = np.vstack(
        [
            _points(network.coords, along, low_m, after),
            network.coords[inner],
            _points(network.coords, along, high_m, until),
        ]
    )
    part = np.concatenate([np.arange(len(edge)), owner, np.arange(len(edge))])
    order = np.argsort(part, kind="stable")
    lines: NDArray[Any] = shapely.linestrings(vertices[order], indices=part[order])
    return np.where(from_m > to_m, shapely.reverse(lines), lines)


def _along(network: WalkNetwork) -> Floats:
    """Return for each vertex how far it lies along all edges, laid end to end."""
    step = np.hypot(*np.diff(network.coords, axis=0, prepend=network.coords[:1]).T)
    step[network.first[:-1]] = 0.0
    return np.cumsum(step)


def _points(coords: Floats, along: Floats, at_m: Floats, after: Ints) -> Floats:
    """Return the point at each distance, given the vertex that follows it."""
    gap = along[after] - along[after - 1]
    share = np.divide(at_m - along[after - 1], gap, out=np.zeros_like(gap), where=gap > 0)
    found: Floats = coords[after - 1] + share[:, None] * (coords[after] - coords[after - 1])
    return found
