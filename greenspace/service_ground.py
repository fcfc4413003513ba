"""Service ground: what parks serve of some land, number by number and block by block.

Question   Which part of each block is served, in a straight line and on foot, and by which park?
Enters     Layers in any CRS, and tiers.
Leaves     Ratios, tables by zone, facts of parks and blocks, ground, and every finding.
Elsewhere  Files and folders: service_map. One number in a script: api, walking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.measure import service, walk_service
from greenspace.measure.nearest import nearest_parks
from greenspace.measure.park_gain import contributions
from greenspace.measure.residents import (
    ON_FOOT,
    STRAIGHT,
    persons_served,
    residents_served,
    residents_served_by_zone,
)
from greenspace.measure.unwalked import unwalked
from greenspace.measure.walks import lines_of
from greenspace.model.tiers import tier_source
from greenspace.on_foot import foot_findings, reach_on_foot, ready_ways
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.park_points import base_with, parks_ready
from greenspace.prepare.ready import Ready, length_findings
from greenspace.remarks import cut_park_findings
from greenspace.residents import residents_of
from greenspace.service_remarks import idle_parks, osm_columns, zone_findings
from greenspace.walking import require_length, ways_of_homes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.measure.service import Reach
    from greenspace.measure.walk_service import WalkReach
    from greenspace.model.definition import Tiers
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.source import Finding
    from greenspace.model.words import Text
    from greenspace.on_foot import Ways

    Floats = NDArray[np.float64]
    Layers = Mapping[str, gpd.GeoDataFrame]


class ServiceGround:
    """What parks serve, gathered step by step: in a straight line first.

    Parameters
    ----------
    layers
        ``parks`` and ``residential``; ``zones``, ``paths``, ``entrances`` and ``barriers`` where
        there are any.
    tiers, note
        Which park reaches how far, and where that stands.
    population
        As in `residents.residents_of`.

    Attributes
    ----------
    ratios, zones
        By indicator.
    parks, blocks, ground
        As in `ServiceMap`.
    """

    def __init__(
        self,
        layers: Layers,
        tiers: Tiers,
        note: Text,
        *,
        crs: CRS | None = None,
        population: str | None = None,
        point_radius_m: float | None = None,
    ) -> None:
        self.layers = layers
        self._ready = Ready(crs, *base_with(layers["residential"], layers["parks"]))
        land = self._ready.layer(layers["residential"], "residential", overlaps=False)
        self._land, shared = disjoint_blocks(land)
        self._green, points = parks_ready(
            layers["parks"], self._ready, point_radius_m=point_radius_m
        )
        self._rule = tier_source(tiers, note)
        self._reach = service.reach_of(
            self._green.geometry, self._land.geometry, tiers, point_radius_m=point_radius_m
        )
        cut = cut_park_findings(self._green.geometry, tiers)
        self._findings: dict[Finding, None] = {}
        self._note((*shared, *points, *cut, *length_findings(self._ready.crs, self._land)))
        self._note(osm_columns(layers.items()))
        self._note(idle_parks(self._green, self._reach.radius))
        self._places = self._ready.zones(layers["zones"]) if "zones" in layers else None
        self.parks = _park_facts(self._green, self._reach)
        self.blocks = _block_facts(self._land, self._reach, self.parks)
        self.ratios: dict[str, Ratio] = {}
        self.zones: dict[str, RatioTable] = {}
        reached = {"service_area": self._reach.area}
        reached |= {"served": self._reach.served, "unserved": self._reach.unserved}
        self.ground = {name: self._pieces(shape) for name, shape in reached.items()}
        self._persons = None if population is None else self._people(population)
        self._straight()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noticed."""
        read = [f for layer in self.layers.values() for f in layer.attrs.get("findings", ())]
        return tuple(dict.fromkeys((*read, *self._ready.findings, *self._findings)))

    def _straight(self) -> None:
        reach = self._reach
        self._keep(service.service_coverage(reach))
        if self._places is not None:
            table = service.service_coverage_by_zone(reach, self._places)
            self.zones[service.INDICATOR] = table
            self.ground["zones"] = named(self._places)
            self._note(zone_findings(reach, self._places, table))
        if self._persons is not None:
            self.blocks["persons"] = self._persons
            self._count(STRAIGHT, "persons_served", self._persons, reach)

    def walk(self, *, snap_m: float, every_m: float) -> None:
        """Measure the same on foot, along the layer of paths.

        Raises
        ------
        InputError
            As `on_foot.ready_ways`, or a distance is no length above 0.
        """
        snap_m, every_m = require_length(snap_m, "snap_m"), require_length(every_m, "every_m")
        ways, shifted, _ = ready_ways(
            self._ready,
            self._green,
            self.layers["paths"],
            self.layers.get("entrances"),
            snap_m=snap_m,
            every_m=every_m,
        )
        walls = None
        if "barriers" in self.layers:
            walls = self._ready.layer(self.layers["barriers"], "barriers", overlaps=False)
            self.ground["barriers"] = named(walls)
        reach = reach_on_foot(self._reach, ways, walls)
        self._note((*shifted, *ways.findings, *foot_findings(reach, ways)))
        self._keep(walk_service.network_service_coverage(reach))
        if self._persons is not None:
            self._count(ON_FOOT, "foot_persons_served", self._persons, reach)
        if self._places is not None:
            table = walk_service.network_service_coverage_by_zone(reach, self._places)
            self.zones[walk_service.INDICATOR] = table
        self._foot_facts(reach, ways.only(self._reach.radius > 0))
        self.ground |= {name: self._pieces(shape) for name, shape in _foot_ground(reach).items()}
        self.ground["network"] = _network(reach, ways)
        of_gates = self.parks.iloc[ways.gates.park]
        self.ground["gates"] = ways.gates.to_frame().assign(
            park=of_gates["row"].to_numpy(),
            radius_m=of_gates["radius_m"].to_numpy(),
            on_path=ways.entries.found,
        )

    def _foot_facts(self, reach: WalkReach, ways: Ways) -> None:
        blocks = self.blocks
        blocks["foot_served_m2"] = reach.served_m2
        blocks["foot_unserved_m2"] = reach.block_m2 - reach.served_m2
        blocks["foot_served_share"] = _share(reach.served_m2, reach.block_m2)
        walked = ways_of_homes(ways, self._land.geometry.to_numpy())
        blocks["foot_m"] = walked["distance_m"].to_numpy()
        blocks["foot_edge_m"] = walked["edge_distance_m"].to_numpy()
        blocks["foot_reason"] = _reason(blocks["foot_m"].to_numpy())
        blocks["foot_park_row"] = _rows(walked["park"])
        names = dict(zip(self.parks["row"], self.parks["name"], strict=True))
        told = [None if row is None else names[row] for row in walked["park"]]
        blocks["foot_park"] = pd.Series(told, dtype=object)

    def _people(self, population: str) -> Floats:
        found = residents_of(self._land, population, self._ready)
        self._note(found.findings)
        return found.persons

    def _count(
        self, indicator: str, column: str, persons: Floats, reach: Reach | WalkReach
    ) -> None:
        whole = (persons, reach.served_m2, reach.block_m2)
        self.blocks[column] = persons_served(*whole)
        self._keep(residents_served(*whole, self._ready.crs, indicator))
        if self._places is not None:
            self.zones[indicator] = residents_served_by_zone(
                persons, reach.served_parts, self._reach.blocks, self._places, indicator
            )

    def _keep(self, ratio: Ratio) -> None:
        self.ratios[ratio.indicator] = ratio.with_sources(*self._ready.sources, self._rule)

    def _note(self, findings: Iterable[Finding]) -> None:
        self._findings |= dict.fromkeys(findings)

    def _pieces(self, shape: Any) -> gpd.GeoDataFrame:
        parts = shapely.get_parts(shape)
        area = shapely.area(parts)
        kept = area > 0
        facts = {"area_m2": area[kept]}
        return gpd.GeoDataFrame(facts, geometry=parts[kept], crs=self._ready.crs)


def named(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rows, names and shapes alone."""
    facts = {"row": list(frame.index), "name": names_of(frame)}
    return gpd.GeoDataFrame(facts, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def names_of(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the names of rows, empty where there are none."""
    names = frame.get("name", pd.Series("", index=frame.index)).fillna("")
    return [str(name) for name in names]


def _park_facts(parks: gpd.GeoDataFrame, reach: Reach) -> gpd.GeoDataFrame:
    facts = named(parks)
    facts["area_m2"] = facts.geometry.area
    facts["radius_m"] = reach.radius
    facts["alone_m2"] = contributions(reach)
    return facts


def _block_facts(
    blocks: gpd.GeoDataFrame, reach: Reach, parks: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    facts = named(blocks)
    facts["area_m2"], facts["served_m2"] = reach.block_m2, reach.served_m2
    facts["unserved_m2"] = reach.block_m2 - reach.served_m2
    facts["served_share"] = _share(reach.served_m2, reach.block_m2)
    with_radius = parks[reach.radius > 0]
    metres, nearest = nearest_parks(with_radius.geometry.to_numpy(), blocks.geometry.to_numpy())
    facts["park_m"] = metres
    names, rows = [*with_radius["name"], None], [*with_radius["row"], None]  # -1: there is none
    facts["park"] = pd.Series([names[place] for place in nearest], dtype=object)
    facts["park_row"] = _rows([rows[place] for place in nearest])
    return facts


def _rows(labels: Iterable[Any]) -> pd.Series[Any]:
    """Return labels of rows, whole numbers as such, although some blocks have none."""
    told = pd.Series(list(labels), dtype=object)
    known = told.dropna()
    whole = all(isinstance(label, int | np.integer) for label in known)
    return told.astype("Int64") if whole else told


def _reason(metres: Floats) -> NDArray[np.object_]:
    """Return why there is no way: no path near, or none that leads to a park with a radius."""
    return np.select([np.isnan(metres), np.isinf(metres)], ["no_path", "no_way"], "").astype(object)


def _share(part: Floats, whole: Floats) -> Floats:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _foot_ground(reach: WalkReach) -> dict[str, Any]:
    """Return the ground served on foot, residential or not, and what is lost on the way to it."""
    return {
        "foot_service_area": reach.area,
        "foot_served": shapely.union_all(reach.served_parts),
        "foot_lost": shapely.union_all(reach.lost_parts),
    }


def _network(reach: WalkReach, ways: Ways) -> gpd.GeoDataFrame:
    """Return the stretches that are reached with the way to their middle, then all others."""
    near = reach.paths()[["from_m", "to_m", "geometry"]]
    near["walk_m"] = (near["from_m"] + near["to_m"]) / 2
    lines = lines_of(ways.network, *unwalked(ways.network, reach.walks))
    shapes = np.concatenate([near.geometry.to_numpy(), lines])
    facts = pd.DataFrame(near.drop(columns="geometry")).reindex(range(len(shapes)))
    return gpd.GeoDataFrame(facts, geometry=shapes, crs=near.crs)
