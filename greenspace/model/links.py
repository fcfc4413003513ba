"""Links: what leads from each node of a network to its neighbours.

Question   Which edges end at a node, and how far is the nearest way to each neighbour?
Enters     Pairs of nodes, and the length of the edge between them.
Leaves     Arrays by node, and a sparse matrix that graph routines take.
Elsewhere  The network itself: model/network. Searching it: measure/network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Links(NamedTuple):
    """The ends of edges at each node.

    Attributes
    ----------
    first
        Those of node ``n`` are ``first[n]`` to ``first[n + 1]``.
    end
        Twice the edge, plus 1 where the node is its second: a loop is there twice.
    node
        The node at the other end.
    length_m
        Of the edge.
    """

    first: NDArray[np.int64]
    end: NDArray[np.int32]
    node: NDArray[np.int32]
    length_m: Floats


def links_of(edges: Ints, length_m: Floats, nodes: int) -> Links:
    """Return the ends of edges at each node.

    Examples
    --------
    >>> links_of(np.array([(0, 1), (1, 1)]), np.array([5.0, 7.0]), 2).end.tolist()
    [0, 1, 2, 3]
    """
    ends = edges.ravel()
    count = len(ends)
    lone = (np.ones(count, dtype=bool), ends, np.arange(count + 1))
    turned = csr_array(lone, shape=(count, nodes)).tocsc()  # sorts by node in one pass
    end = turned.indices.astype(np.int32)
    return Links(
        turned.indptr.astype(np.int64),
        end,
        ends[end ^ 1].astype(np.int32),
        length_m[end >> 1],
    )


def nearest_neighbours(edges: Ints, length_m: Floats, nodes: int) -> Any:
    """Return the length of the shortest edge between neighbours, both ways, as a sparse matrix.

    Sparse matrices add what stands twice at one place, so of parallel edges the shortest is
    taken here. Lengths of zero are kept. Loops lead nowhere and are left out.

    Examples
    --------
    >>> edges = np.array([(0, 1), (1, 0), (1, 1)])
    >>> nearest_neighbours(edges, np.array([5.0, 3.0, 1.0]), 2).toarray().tolist()
    [[0.0, 3.0], [3.0, 0.0]]
    """
    low, high = edges.min(axis=1), edges.max(axis=1)
    key = np.where(low < high, low * nodes + high, -1)
    order = np.argsort(key, kind="stable")
    order = order[np.searchsorted(key, 0, sorter=order) :]
    firsts = np.flatnonzero(np.diff(key[order], prepend=-1))
    least = np.minimum.reduceat(length_m[order], firsts) if len(order) else np.empty(0)
    here, there = low[order][firsts], high[order][firsts]
    places = (np.concatenate((here, there)), np.concatenate((there, here)))
    return coo_array((np.concatenate((least, least)), places), shape=(nodes, nodes)).tocsr()
