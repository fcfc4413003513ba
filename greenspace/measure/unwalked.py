"""Unwalked: what of a network no walk reaches.

Question   Which stretches of the ways lie beyond every walk?
Enters     A network, and the stretches that are walked.
Leaves     Parts of edges: the edge, and from and to which metre along it.
Elsewhere  The walks: measure/walks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.walks import Walks
    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SHORTEST_M = 1e-6  # less is rounding where two walks meet


def unwalked(network: WalkNetwork, walks: Walks) -> tuple[Ints, Floats, Floats]:
    """Return the parts of edges that no walk covers, in the order of the edges.

    Examples
    --------
    >>> from greenspace.measure.walks import Walks
    >>> from greenspace.model.network import WalkNetwork
    >>> street = WalkNetwork.of_edges([(0, 0), (100, 0), (100, 50)], [(0, 1), (1, 2)])
    >>> far, near = np.array([40.0]), np.array([10.0])
    >>> walk = Walks(np.array([0]), near, far, np.array([30.0]), np.array([0]))
    >>> [part.tolist() for part in unwalked(street, walk)]
    [[0, 0, 1], [0.0, 40.0, 0.0], [10.0, 100.0, 50.0]]
    """
    every = np.arange(len(network.length_m))
    ends = np.concatenate([walks.edge, every, every])
    low = np.concatenate(
        [np.minimum(walks.near_m, walks.far_m), np.zeros(len(every)), network.length_m]
    )
    high = np.concatenate(
        [np.maximum(walks.near_m, walks.far_m), np.zeros(len(every)), network.length_m]
    )
    order = np.lexsort((high, low, ends))
    ends, low, high = ends[order], low[order], high[order]
    shift = ends * (float(network.length_m.max(initial=0.0)) + 1.0)  # edges one behind another
    covered = np.maximum.accumulate(high + shift)[:-1] - shift[:-1]
    gap = (ends[1:] == ends[:-1]) & (low[1:] - covered > SHORTEST_M)
    return ends[:-1][gap], covered[gap], low[1:][gap]
