"""Tree zones: the ground protected around old trees, and what is built or planned on it.

Question   Which ground must be kept for each tree, by which rule, and who is in its way?
Enters     What delimit/old_trees drew.
Leaves     A frozen value that tables and maps are made of.
Elsewhere  Drawing: delimit/old_trees. Grades by age: model/old_trees. Green lines: delimit/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from pyproj import CRS

    from greenspace.model.ledger import Ledger
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding, Source

RULES: Final[Mapping[str, Text]] = {
    "crown_and_trunk": Text(
        "树冠外 5 米与胸径倍数之并", "5 m outside the crown, and trunk diameters"
    ),
    "crown": Text("树冠外 5 米", "5 m outside the crown"),
    "trunk": Text("胸径倍数", "trunk diameters"),
    "stand": Text("林地外缘树冠外 5 米", "stand: 5 m outside the outer crowns"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreeZones:
    """The protection zones of a city's old trees.

    Attributes
    ----------
    zones
        One row a zone: ``zone`` (from 1), ``tree`` (the caller's row label, ``None`` for a stand),
        ``trees`` (how many), ``name``, ``age`` (of a stand: of its oldest tree), ``stand``,
        ``rule`` (a key of `RULES`), ``complete`` (whether crown and trunk were both known where
        the rule asks for both), ``mark``, ``crown_reach_m`` and ``trunk_reach_m`` (how far each
        part reaches from the trunk; NaN where it has none), ``area_m2`` and a shape.
    trees
        One point a tree, on the caller's rows in their order: ``tree``, ``name``, ``age``,
        ``dbh_cm``, ``crown_ew_m``, ``crown_ns_m``, ``stand``, ``famous``, ``zone`` (missing where
        the tree has none).
    crowns
        The projection of each known crown: ``tree``, ``zone`` and a shape.
    conflicts
        One row for each project on each zone: ``zone``, ``tree`` (of a stand: the one nearest to
        the project), ``name``, ``stand``, ``kind``, ``project``, ``row`` (its label), ``area_m2``
        (of the zone that it takes), ``share`` (of the zone), ``crown_m2`` and ``in_crown``,
        ``distance_m`` (from the middle of the nearest trunk), ``crown_gap_m`` (from the nearest
        crown; NaN where none is known), and the ground as shape.
    """

    zones: gpd.GeoDataFrame
    trees: gpd.GeoDataFrame
    crowns: gpd.GeoDataFrame
    conflicts: gpd.GeoDataFrame
    checks: tuple[PlanCheck, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    findings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def crs(self) -> CRS:
        """The CRS of the zones: projected, in metres."""
        crs: CRS = self.zones.crs
        return crs
