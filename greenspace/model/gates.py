"""Gates: the points where people on the network enter a park.

Question   Where is each park entered, how far is that from it, and how is it known?
Enters     Points, each with its park.
Leaves     A frozen list of gates, and a layer of them to look at.
Elsewhere  Finding gates: prepare/gates. Walking from them: measure/network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import geopandas as gpd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.source import Finding

GateOrigin = Literal["given", "crossing", "edge"]


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
        How the gate is known: ``given`` by the user, where a path is ``crossing`` the park's
        edge, or a point of the ``edge`` of a park that no path crosses.
    findings
        How many parks have gates of which origin, and which have none.
    crs
        The measuring CRS.

    Examples
    --------
    >>> import numpy as np
    >>> gates = Gates(np.array([[1.0, 2.0]]), np.array([0]), np.array([0.0]), np.array(["edge"]))
    >>> gates.to_frame()[["park", "origin"]].values.tolist()
    [[0, 'edge']]
    """

    xy: NDArray[np.float64]
    park: NDArray[np.int64]
    offset_m: NDArray[np.float64]
    origin: NDArray[np.object_]
    findings: tuple[Finding, ...] = field(default=())
    crs: CRS | None = None

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the gates as a layer of points, so that they can be checked on a map."""
        columns = {"park": self.park, "origin": self.origin, "offset_m": self.offset_m}
        points = gpd.points_from_xy(*self.xy.T)
        return gpd.GeoDataFrame(columns, geometry=points, crs=self.crs)
