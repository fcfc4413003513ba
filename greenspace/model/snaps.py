"""Snaps: points laid on edges of a network.

Question   Where on which edges does each point join the network, and how far is it from there?
Enters     Arrays, one entry a place on an edge.
Leaves     Frozen values: the nearest edge of each point, or that of each piece of the network.
Elsewhere  Finding the nearest edge: measure/snapping. Walking on from there: measure/entering.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Snaps:
    """Points on edges.

    Attributes
    ----------
    edge
        Position of the edge; -1 where none lies within the limit.
    along_m
        Way along the edge from its first node; nan where there is none.
    offset_m
        Straight from the point to the edge; nan where there is none.
    xy
        The place on the edge; nan where there is none.
    """

    edge: NDArray[np.int64]
    along_m: Floats
    offset_m: Floats
    xy: Floats

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.edge)

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which points have an edge near enough."""
        return self.edge >= 0

    def at(self, chosen: Any) -> Snaps:
        """Return some of the points, by a mask or by positions."""
        return Snaps(
            self.edge[chosen], self.along_m[chosen], self.offset_m[chosen], self.xy[chosen]
        )

    def and_(self, *others: Snaps) -> Snaps:
        """Return these and others, one after the other."""
        every = (self, *others)
        return Snaps(
            np.concatenate([each.edge for each in every]),
            np.concatenate([each.along_m for each in every]),
            np.concatenate([each.offset_m for each in every]),
            np.concatenate([each.xy for each in every]),
        )


@dataclass(frozen=True, eq=False)
class Entries:
    """Where points may join a network: of each piece that is near enough, at its nearest edge.

    Attributes
    ----------
    snaps
        The places, all on an edge, point by point and the nearest first.
    point
        Position of the point that each place is of.
    count
        How many points there are; those that are far from every edge have no place.
    """

    snaps: Snaps
    point: NDArray[np.int64]
    count: int

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which points have an edge near enough."""
        return np.bincount(self.point, minlength=self.count) > 0

    @property
    def single(self) -> bool:
        """Whether no point has more than one place."""
        return bool((np.diff(self.point) > 0).all())

    def at(self, chosen: Any) -> Entries:
        """Return some of the places, by a mask."""
        return Entries(self.snaps.at(chosen), self.point[chosen], self.count)
