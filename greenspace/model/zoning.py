"""Zoning: a protected area cut into control areas and function zones by a scheme.

Question   Which ground is in which zone, and does the cut keep the scheme's rules?
Enters     What delimit/zoning measured.
Leaves     A frozen value.
Elsewhere  Measuring: delimit/zoning. Schemes: read/zonings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from greenspace.model.ledger import Ledger
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zoning:
    """The zones of one protected area.

    Attributes
    ----------
    zones
        One row a zone: ``zone`` and ``level`` (ids of the scheme), ``title`` (what the scheme
        calls the zone), ``name``, ``area_m2`` and a shape.
    boundary
        The ground that the zones must cover.
    scheme
        What the scheme is called, with its number.
    """

    zones: gpd.GeoDataFrame
    boundary: gpd.GeoSeries
    scheme: Text
    checks: tuple[PlanCheck, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def crs(self) -> CRS:
        """The CRS of the zones: projected, in metres."""
        crs: CRS = self.zones.crs
        return crs
