"""Gates: the points where people on the network enter a park.

Question   Where is each park entered, how far is that from it, and how is it known?
Enters     Points, each with its park.
Leaves     A frozen list of gates, and a layer of them to look at.
Elsewhere  Finding gates: prepare/gates. Walking from them: measure/network.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import geopandas as gpd
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.source import Finding

GateOrigin = Literal["given", "crossing", "edge"]
OF_ALL: Final = {"findings", "crs", "crossed"}  # what is no list of one entry a gate


@dataclass(frozen=True, eq=False)
class Gates:
    """The gates of parks.

    Attributes
    ----------
    xy
        Coordinates, one row a gate.
    park
        Position of the gate's park among the parks.
    offset_m
        Straight way from the gate to its park, 0 on its edge or inside.
    origin
        How the gate is known: ``given`` by the user, as a point or as a park that is one; where
        a path is ``crossing`` the park's edge; or a point of the ``edge`` of a park, for pieces of
        the network that do not cross it.
    part
        Which part of a park each gate is of, where parks have several; given ones are of none, -1.
    findings
        How many parks have gates of which origin, and which have none.
    crs
        The measuring CRS.
    crossed
        Part and piece of the network, one row for each piece that enters a part.

    Examples
    --------
    >>> import numpy as np
    >>> facts = {"offset_m": np.array([0.0]), "origin": np.array(["edge"]), "part": np.array([0])}
    >>> gates = Gates(xy=np.array([[1.0, 2.0]]), park=np.array([0]), **facts)
    >>> gates.to_frame()[["park", "origin"]].values.tolist()
    [[0, 'edge']]
    """

    xy: NDArray[np.float64]
    park: NDArray[np.int64]
    offset_m: NDArray[np.float64]
    origin: NDArray[np.object_]
    part: NDArray[np.int64]
    findings: tuple[Finding, ...] = field(default=())
    crs: CRS | None = None
    crossed: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))

    def at(self, chosen: NDArray[np.bool_]) -> Gates:
        """Return some of the gates, by a mask, each with all that is known of it."""
        names = [each.name for each in fields(self) if each.name not in OF_ALL]
        facts: dict[str, Any] = {name: getattr(self, name)[chosen] for name in names}
        return replace(self, **facts)

    def lead_to(self, gate: NDArray[np.int64], piece: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each of some gates leads to a piece of the network.

        Points of the edge do not where the piece itself crosses it: there is a better gate.
        """
        if not len(self.crossed):
            return np.ones(len(gate), dtype=bool)
        known = set(map(tuple, self.crossed.tolist()))
        asked = zip(self.part[gate].tolist(), piece.tolist(), strict=True)
        better = np.fromiter((each in known for each in asked), dtype=bool, count=len(gate))
        spared: NDArray[np.bool_] = better & (self.origin[gate] == "edge")
        return ~spared

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the gates as a layer of points, so that they can be checked on a map."""
        columns = {"park": self.park, "origin": self.origin, "offset_m": self.offset_m}
        points = gpd.points_from_xy(*self.xy.T)
        return gpd.GeoDataFrame(columns, geometry=points, crs=self.crs)
