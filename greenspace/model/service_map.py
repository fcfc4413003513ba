"""Service map: which homes parks serve, in a straight line and on foot, with all that stands behind it.

Question   What is served, by which park, and where does nothing reach?
Enters     What the composer gathered.
Leaves     A frozen value to be shown and written.
Elsewhere  Gathering: service_map (the composer). Files and pictures: present/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.definition import Tiers
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.source import Finding
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMap:
    """Residential land and people within reach of parks.

    Attributes
    ----------
    ratios
        Of all residential land, then of all residents, by indicator: in a straight line, and
        on foot where there are paths.
    zones
        The same of each zone, by indicator; empty where no zones are given.
    parks
        In the order of the file: ``row`` (from 0), ``name``, ``area_m2``, ``radius_m`` (0: below every
        tier) and ``alone_m2`` (residential land that no other park reaches).
    blocks
        Residential land without overlaps: ``row``, ``name``, ``area_m2``, ``served_m2``,
        ``unserved_m2``, ``served_share``, ``park``, ``park_row`` and ``park_m`` (the nearest
        park with a radius, in a straight line from the block's edge). On foot the same with
        ``foot_`` before; ``foot_m`` is the way on foot from a point within to the nearest park
        with a radius, ``foot_edge_m`` the least from its outline: infinite where no such park can
        be reached (``foot_reason``: ``no_way``), and not a number where no path lies within the
        snap limit (``no_path``). With a population
        ``persons``, ``persons_served`` and ``foot_persons_served``.
    ground
        Geometry by name: ``service_area``, ``served``, ``unserved``, and on foot
        ``foot_service_area``, ``foot_served``, ``foot_lost`` (served in a straight line, not on
        foot), ``network`` (``walk_m``: the way from a park to the middle of the stretch, not a
        number where it is out of reach), ``gates`` and ``barriers``; ``zones`` where there are any.
    tiers, tiers_note
        Which park reaches how far, and where that stands.
    snap_m
        How far a home may lie from a path, where there are paths.
    taken
        The date of the data, where it is given.
    files
        What was read, and must not be overwritten.
    asked
        The options, for run.json.
    """

    ratios: Mapping[str, Ratio]
    parks: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame
    ground: Mapping[str, gpd.GeoDataFrame]
    tiers: Tiers
    tiers_note: Text
    findings: tuple[Finding, ...]
    zones: Mapping[str, RatioTable] = field(default_factory=dict)
    snap_m: float | None = None
    taken: date | None = None
    files: tuple[Path, ...] = ()
    asked: Mapping[str, object] = field(default_factory=dict)

    @property
    def on_foot(self) -> bool:
        """Whether there are paths to walk."""
        return "network" in self.ground

    @property
    def reach_m(self) -> float:
        """The greatest radius of a tier."""
        return max(radius for _, radius in self.tiers)
