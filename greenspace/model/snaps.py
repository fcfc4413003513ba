"""Snaps: points laid on the nearest edge of a network.

Question   Where on which edge does each point join the network, and how far is it from there?
Enters     Arrays, one entry a point.
Leaves     A frozen value; -1 and nan where no edge is near enough.
Elsewhere  Finding the nearest edge: measure/snapping. Walking on from there: measure/network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
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
