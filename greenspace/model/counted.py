"""Counted: who or what a share is a share of.

Question   Does this share count residents, homes or residential land?
Enters     Homes as points or blocks, and an amount for each.
Leaves     Counted, whose kind stands in the identifier of every ratio made from it.
Elsewhere  Making it ready: prepare/counted. Sharing it out: measure/counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS

Kind = Literal["residents", "homes", "land"]
SUFFIXES: dict[Kind, str] = {"residents": "", "homes": "_of_homes", "land": "_of_land"}


@dataclass(frozen=True, eq=False)
class Counted:
    """Homes, and how much each counts.

    Attributes
    ----------
    shapes
        Points or polygons in the measuring CRS.
    amount
        Persons, homes or m2 at each shape.
    kind
        What `amount` is.
    row
        The caller's row (by position) of each shape.
    whole
        Each shape is reached or not, as points and single homes are; of others a part may be.
    zones, zone
        The zones and the zone (by position) of each shape, where shares are asked for by zone.
    """

    shapes: NDArray[Any]
    amount: NDArray[np.float64]
    kind: Kind
    row: NDArray[np.int64]
    crs: CRS
    whole: bool = False
    zones: gpd.GeoDataFrame | None = None
    zone: NDArray[np.int64] | None = None

    def indicator(self, rule: str) -> str:
        """Return the identifier of a rule's share: residents are meant where nothing is added.

        Examples
        --------
        >>> import numpy as np
        >>> one = np.ones(1)
        >>> Counted(one, one, "land", np.zeros(1, dtype=np.int64), None).indicator("who_300")
        'who_300_of_land'
        """
        return rule + SUFFIXES[self.kind]
