"""Network: the ways that can be walked, as nodes and the edges between them.

Question   Which stretches of way meet where, how long are they, and which hang together?
Enters     Arrays of nodes, edges and vertices in a measuring CRS.
Leaves     A frozen network; its pieces by length, its edges as lines.
Elsewhere  Making one from lines: prepare/walkways. Distances along it: measure/network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from greenspace.model.links import Links, links_of, nearest_neighbours

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pyproj import CRS

    from greenspace.model.source import Finding

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """A network that is walked in both directions.

    Attributes
    ----------
    nodes
        Coordinates, one row a node.
    edges
        Positions of the first and the second node, one row an edge. Parallel edges and loops
        from a node to itself may be there.
    coords, first
        The vertices of edge ``e``, from its first node to its second, are
        ``coords[first[e]:first[e + 1]]``.
    length_m
        Length of each edge, along its vertices.
    kinds
        Class of each edge, ``""`` where it is not known.
    crs
        The measuring CRS.
    findings
        What was noticed and changed on the way here.
    level
        0 for edges on the ground, above it for bridges and below for tunnels; ``None`` where
        all lie on the ground. Bridges and tunnels are entered and left at their ends only.

    Examples
    --------
    >>> network = WalkNetwork.of_edges([(0, 0), (3, 4), (9, 9), (9, 10)], [(0, 1), (2, 3)])
    >>> network.length_m.tolist(), network.component.tolist()
    ([5.0, 1.0], [0, 0, 1, 1])
    """

    nodes: Floats
    edges: Ints
    coords: Floats
    first: Ints
    length_m: Floats
    kinds: NDArray[np.object_]
    crs: CRS | None
    findings: tuple[Finding, ...] = field(default=())
    level: Ints | None = None

    @classmethod
    def of_edges(
        cls,
        nodes: ArrayLike,
        edges: ArrayLike,
        crs: Any = None,
        *,
        length_m: ArrayLike | None = None,
    ) -> WalkNetwork:
        """Return a network of straight edges.

        Parameters
        ----------
        nodes, edges
            Coordinates, and pairs of positions among them.
        crs
            The measuring CRS.
        length_m
            Lengths to walk, where they are not those of the straight edges.
        """
        spots = np.asarray(nodes, dtype=np.float64).reshape(-1, 2)
        pairs = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
        straight = np.hypot(*(spots[pairs[:, 1]] - spots[pairs[:, 0]]).T)
        return cls(
            nodes=spots,
            edges=pairs,
            coords=spots[pairs].reshape(-1, 2),
            first=np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.int64),
            length_m=straight if length_m is None else np.asarray(length_m, dtype=np.float64),
            kinds=np.full(len(pairs), "", dtype=object),
            crs=crs,
        )

    @property
    def lines(self) -> NDArray[np.object_]:
        """The edges as lines, from first to second node."""
        if not len(self.edges):
            return np.empty(0, dtype=object)
        owner = np.repeat(np.arange(len(self.edges)), np.diff(self.first))
        lines: NDArray[np.object_] = shapely.linestrings(self.coords, indices=owner)
        return lines

    @property
    def on_ground(self) -> NDArray[np.bool_]:
        """Which edges are neither bridges nor tunnels: these are entered and left anywhere."""
        ground = np.ones(len(self.edges), dtype=bool)
        if self.level is not None:
            ground[:] = self.level == 0
        return ground

    @cached_property
    def open_nodes(self) -> NDArray[np.bool_]:
        """Where one may step on or off: nodes of an edge on the ground, and loose ends of others."""
        size = len(self.nodes)
        ground = np.bincount(self.edges[self.on_ground].ravel(), minlength=size) > 0
        loose: NDArray[np.bool_] = np.bincount(self.edges.ravel(), minlength=size) == 1
        return ground | loose

    @property
    def mouths(self) -> tuple[Ints, Ints]:
        """Bridges and tunnels with a loose end, and whether that is the first (0) or second (1)."""
        loose = np.bincount(self.edges.ravel(), minlength=len(self.nodes)) == 1
        edge, side = np.nonzero(loose[self.edges] & ~self.on_ground[:, None])
        return edge, side

    @cached_property
    def links(self) -> Links:
        """The ends of edges at each node."""
        return links_of(self.edges, self.length_m, len(self.nodes))

    @cached_property
    def neighbours(self) -> Any:
        """The length of the shortest edge between two nodes, both ways, as a sparse matrix."""
        return nearest_neighbours(self.edges, self.length_m, len(self.nodes))

    def piece(self, edge: Any) -> Ints:
        """Return the piece that edges belong to."""
        own: Ints = self.component[self.edges[edge, 0]]
        return own

    @cached_property
    def component(self) -> Ints:
        """The piece of each node: 0 is the one with the greatest length, then by length."""
        count, piece = self._pieces
        rank = np.empty(count, dtype=np.int64)
        rank[np.argsort(-self._piece_m, kind="stable")] = np.arange(count)
        ranked: Ints = rank[piece]
        return ranked

    @cached_property
    def piece_length_m(self) -> Floats:
        """The length of each piece, greatest first."""
        return np.sort(self._piece_m)[::-1]

    @cached_property
    def _pieces(self) -> tuple[int, NDArray[np.int32]]:
        size = len(self.nodes)
        here, there = self.edges.T
        joined = coo_array((np.ones(len(here), dtype=bool), (here, there)), shape=(size, size))
        count, piece = connected_components(joined, directed=False)
        return int(count), piece

    @cached_property
    def _piece_m(self) -> Floats:
        count, piece = self._pieces
        lengths: Floats = np.bincount(
            piece[self.edges[:, 0]], self.length_m, minlength=count
        ).astype(np.float64)
        return lengths
