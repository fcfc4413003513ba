"""Survey: everything that can be measured of one city, each number once.

Question   Which indicators do this city's layers give, and why not the others?
Enters     A City.
Leaves     Measured numbers with their zones, reasons for the missing, layers for maps.
Elsewhere  The ground: terrain. Vegetation: cover. Judging: pipeline. One indicator alone: api.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from greenspace import remarks
from greenspace.class_codes import class_table
from greenspace.cover import NO_VEGETATION, Cover
from greenspace.errors import InputError
from greenspace.measure import green_space, service, walk_service
from greenspace.model.check import Measured
from greenspace.model.source import Finding, finding_of
from greenspace.model.tiers import CHECK_UP_TIERS, historic_tiers_at, tier_source, tiers_at
from greenspace.model.words import Text
from greenspace.on_foot import named_paths, on_foot_of_city, snap_source
from greenspace.per_head import park_area_of_places
from greenspace.prepare.classify import (
    GREEN_SPACE,
    OTHER_GREEN_CAP,
    cap_findings,
    unlisted_findings,
)
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.park_findings import parks_that_count
from greenspace.prepare.ready import length_findings
from greenspace.read.people import disagreement_findings
from greenspace.residents import people_of_places, people_raster
from greenspace.scope import Scope, entered, no_layer
from greenspace.terrain import PEOPLE, Terrain
from greenspace.water_cover import beside_enclosed_water

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from greenspace.image_held import ImageStrips
    from greenspace.model.check import Picture
    from greenspace.model.city import City
    from greenspace.model.declared import Chip
    from greenspace.model.definition import Parameter, Profile, Tiers
    from greenspace.model.gauged import Gauged
    from greenspace.model.ledger import Ledger
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.source import Source
    from greenspace.model.tiers import Historic
    from greenspace.residents import People

NO_VALUE = Text(zh="各区都没有数值。", en="No district has a value.")
NO_DISTRICT_PEOPLE = Text(
    zh="分区没有人口，无法计算最低城区。",
    en="The districts have no population, so no lowest one is known.",
)
COVERAGE, PARK_AREA, SERVICE = "green_coverage", "park_area_per_capita", "service_coverage"
TIERS = ("tiers", "historic_tiers")
TREE_SHRUB = "tree_shrub_share"
ON_FOOT = walk_service.INDICATOR
LOWEST = tuple(f"lowest_district_{name}" for name in (GREEN_SPACE, PARK_AREA))
MEASURABLE = frozenset({COVERAGE, GREEN_SPACE, PARK_AREA, SERVICE, *LOWEST})
LACKING = {
    "population": Text(zh="清单没有给出人口。", en="The manifest gives no population."),
    "vegetation": NO_VEGETATION,
}


class Survey:
    """Numbers of one city, gathered step by step.

    Attributes
    ----------
    ratios
        City-wide numbers by indicator, the lowest districts among them.
    missing
        Why an indicator has no number.
    measured
        Every number with its zones, in the order of measuring.
    """

    def __init__(self, city: City, strips: ImageStrips | None = None) -> None:
        self.city = city
        self.terrain = Terrain(city)
        self.cover = Cover(self.terrain, strips)
        self.ratios: dict[str, Ratio] = {}
        self.missing: dict[str, Text] = {}
        self.measured: list[Measured] = []
        self.picture: Picture | None = None
        self.layers: dict[str, gpd.GeoDataFrame] = self.terrain.layers()
        self.ledgers: list[Ledger] = []
        self.chips: tuple[Chip, ...] = ()
        self._used: set[str] = set()
        self._findings: dict[Finding, None] = {}
        self._people: People | None = None
        self._count_people()
        self._reach: service.Reach | None = None
        self._tiers: tuple[Tiers, tuple[Source, ...]] = (CHECK_UP_TIERS, ())

    def _count_people(self) -> None:
        """Count the persons of the built-up area and of each district, where a raster has them."""
        raster = self.city.population_raster
        if raster is None or self.terrain.built_up is None:
            return
        grid = (reader := people_raster(raster)).grid
        self.terrain.require_overlap(grid.bounds, grid.crs, raster.name, what=PEOPLE)
        people = people_of_places(reader, self.terrain.places, self.terrain.place_names)
        self._people = people
        self.city = replace(self.city, population=people.city)
        self._note(people.findings)
        if people.city is not None:
            self._note(disagreement_findings(people.city, self.terrain.districts))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noticed, each once, the gravest first."""
        order = {"error": 0, "warning": 1, "note": 2}
        every = dict.fromkeys((*self.city.findings, *self.terrain.findings, *self._findings))
        return tuple(sorted(every, key=lambda finding: order[finding.severity]))

    def measure_coverage(self) -> None:
        """Measure green coverage by all that shows it, and its share of trees and shrubs."""
        if self.terrain.built_up is None:
            self._lack("built_up", COVERAGE, TREE_SHRUB)
            return
        witnesses = self.cover.witnesses()
        if not witnesses:
            self._lack("vegetation", COVERAGE)
        witnesses, told = beside_enclosed_water(self.cover, witnesses)
        self._note(told)
        for witness in witnesses:
            self._split(witness.table, label=witness.label, judged=witness.judged)
        storeys = self.cover.storeys()
        if isinstance(storeys, Text):
            self.missing[TREE_SHRUB] = storeys
        else:
            self._split(storeys)
        self._note(self.cover.findings)
        self.picture = self.cover.picture

    def measure_green_space(self, cap: Parameter | None = None) -> None:
        """Measure the green-space ratio of the city, its districts and the lowest of them.

        `cap` is what the standard says of other green, where it says anything.
        """
        most = OTHER_GREEN_CAP if cap is None else float(cap.value)  # type: ignore[arg-type]
        indicator, lowest = GREEN_SPACE, f"lowest_district_{GREEN_SPACE}"
        built_up, green = self.terrain.built_up, self.layers.get("green")
        if built_up is None or green is None:
            self._lack("built_up" if built_up is None else "green", indicator, lowest)
            return
        table, parts = self.terrain.green_parts
        unlisted = () if table is None else unlisted_findings(green["class"], table, "green")
        self._note((*unlisted, *parts.findings, *cap_findings(parts, most)))
        ratio = green_space.green_space_ratio(
            parts.inside,
            parts.adjacent,
            built_up,
            other_green_cap=most,
            crs=self.terrain.crs,
        ).with_sources(*self.city.sources("green", "built_up", "construction_land"), *entered(cap))
        by_zone = green_space.green_space_ratio_by_zone(
            parts.inside,
            parts.adjacent,
            built_up,
            self.terrain.places,
            other_green_cap=most,
        ).sourced(ratio.sources)
        item = self._split(by_zone, city=ratio)
        self._lowest(item, lowest)

    def measure_park_area(self) -> None:
        """Measure park area per head of the city, its districts and the lowest of them."""
        indicator, lowest = PARK_AREA, f"lowest_district_{PARK_AREA}"
        people, built_up, parks = self._people, self.terrain.built_up, self._serving
        if built_up is None or parks is None:
            self._lack("built_up" if built_up is None else "parks", indicator, lowest)
            return
        if self.city.population is None and people is None:
            self._lack("population", indicator, lowest)
            return
        inside = clip_polygons(parks, built_up).geometry
        item = park_area_of_places(self.terrain, self.city, people, inside)
        self._keep(item)
        if item.zones is None and self.terrain.districts is not None:
            self.missing[lowest] = NO_DISTRICT_PEOPLE
        else:
            self._lowest(item, lowest)

    @cached_property
    def _serving(self) -> gpd.GeoDataFrame | None:
        """The rows of the layer of parks that are no other green land by their code."""
        parks = self.layers.get("parks")
        if parks is None:
            return None
        counts, told = parks_that_count(parks, class_table(self.city, "parks", parks))
        self._note(told)
        return parks[counts]

    def measure_service(self, profile: Profile, level: str, *, judged: bool) -> Ratio | None:
        """Measure service-radius coverage by the tiers of a standard."""
        homes, parks = self.terrain.homes, self._serving
        if homes is None or parks is None:
            self._lack("residential" if homes is None else "parks", SERVICE)
            return None
        tiers, note = tiers_at(profile, level)
        relaxed = historic_tiers_at(profile, level)
        old, rules = self.terrain.historic_rule(relaxed)
        rules = (tier_source(tiers, note), *rules)
        names = [rule.name for rule in rules]
        known = [
            item
            for item in self.measured
            if item.tiers == tiers
            and item.ratio.indicator == SERVICE
            and [source.name for source in item.ratio.sources if source.role in TIERS] == names
        ]
        item = known[0] if known else self._reach_by(tiers, parks, homes, rules, old, judged=judged)
        inputs = (source for source in item.ratio.sources if source.role not in TIERS)
        return replace(item.ratio, sources=(*inputs, *rules))

    def _reach_by(
        self,
        tiers: Tiers,
        parks: gpd.GeoDataFrame,
        homes: gpd.GeoDataFrame,
        rules: tuple[Source, ...],
        old: Historic | None,
        *,
        judged: bool,
    ) -> Measured:
        self._note(length_findings(self.terrain.crs, homes))
        if judged:
            self._note(remarks.cut_park_findings(parks.geometry, tiers, historic=old))
        reach = service.reach_of(parks.geometry, homes.geometry, tiers, historic=old)
        roles = ("parks", "residential", *(() if old is None else ("historic",)))
        self._used.update(roles)
        sources = (*self.city.sources(*roles), *rules)
        ratio = service.service_coverage(reach).with_sources(*sources)
        if judged:
            self._reach, self._tiers = reach, (tiers, rules)
            self._keep_parts(reach)
        if not len(self.terrain.places):
            item = Measured(ratio=ratio, tiers=tiers, judged=judged)
            self._keep(item)
            return item
        table = service.service_coverage_by_zone(reach, self.terrain.places).sourced(sources)
        return self._split(table, city=ratio, tiers=tiers, judged=judged)

    def measure_on_foot(self) -> None:
        """Measure what the same parks serve on foot, where there are paths; it is never judged.

        Water is crossed by paths alone. Paths that do not fit the parks are told, and nothing
        is measured by them.
        """
        paths, straight = self.city.layers.get("paths"), self._reach
        if paths is None or straight is None:
            return
        try:
            layers = {**self.layers, "parks": self._serving}
            reach, told = on_foot_of_city(self.terrain, straight, layers)
        except InputError as error:
            told = (replace(finding_of(error), severity="warning", indicators=(ON_FOOT,)),)
            self._note(told)
            return
        self._note(told)
        tiers, rules = self._tiers
        inputs = self.city.sources("parks", "residential", "paths", "entrances", "water")
        sources = (*inputs, *rules, snap_source(reach.snap_m))
        ratio = walk_service.network_service_coverage(reach).with_sources(*sources)
        self._keep_parts(reach, "_on_foot")
        self.layers["walking_network"] = named_paths(reach, layers["parks"])
        if not len(self.terrain.places):
            self._keep(Measured(ratio=ratio, tiers=tiers, judged=False))
            return
        table = walk_service.network_service_coverage_by_zone(reach, self.terrain.places)
        self._split(table.sourced(sources), city=ratio, tiers=tiers, judged=False)

    def _keep_parts(self, reach: service.Reach | walk_service.WalkReach, suffix: str = "") -> None:
        kept = {"served": reach.served_parts, "unserved": reach.unserved_parts}
        kept["service_area"] = np.array([reach.area], dtype=object)
        if isinstance(reach, walk_service.WalkReach):
            kept["lost"] = reach.lost_parts
        for name, shapes in kept.items():
            parts = shapely.get_parts(shapely.union_all(shapes))
            self.layers[f"{name}{suffix}"] = gpd.GeoDataFrame(
                geometry=parts[shapely.area(parts) > 0], crs=reach.crs
            )

    def _split(
        self,
        table: RatioTable,
        *,
        city: Ratio | None = None,
        label: Text | None = None,
        tiers: Tiers | None = None,
        judged: bool = True,
    ) -> Measured:
        """Keep a table over `terrain.places` as the city, its districts and what lies outside."""
        count = len(self.terrain.district_names)
        start = self.terrain.first_district
        rows = list(range(start, start + count))
        whole = table.ratio(0, place=None) if city is None else city
        beyond = start + count < len(table)
        item = Measured(
            ratio=replace(whole, place=None),
            zones=table.take(rows) if rows else None,
            zone_names=self.terrain.district_names,
            outside=table.ratio(start + count, place="outside") if beyond else None,
            tiers=tiers,
            label=label,
            judged=judged,
        )
        self._keep(item)
        return item

    def _keep(self, item: Measured) -> None:
        self.measured.append(item)
        if item.judged:
            self.ratios[item.ratio.indicator] = item.ratio

    def _lowest(self, item: Measured, indicator: str) -> None:
        if item.zones is None:
            self.ratios[indicator] = replace(item.ratio, indicator=indicator)
            return
        values = item.zones.value.to_numpy()
        blank = [name for name, v in zip(item.zone_names, values, strict=True) if np.isnan(v)]
        self._note(remarks.undefined_findings(item.ratio.indicator, blank))
        unknown = [why for why in item.zones.undefined if why is not None]
        if unknown or np.isnan(values).all():
            self.missing[indicator] = unknown[0] if unknown else NO_VALUE
            return
        lowest = int(np.nanargmin(values))
        ratio = item.zones.ratio(lowest, place=item.zone_names[lowest])
        self.ratios[indicator] = replace(ratio, indicator=indicator)

    def _lack(self, what: str, *indicators: str) -> None:
        self.missing |= dict.fromkeys(indicators, LACKING.get(what) or no_layer(what))

    def scope(self, profile: Profile, level: str) -> Scope:
        """Return what a gauge may look at."""
        return Scope(
            city=self.city,
            terrain=self.terrain,
            cover=self.cover,
            people=self._people,
            profile=profile,
            level=level,
        )

    def take(self, found: Gauged, asked: Collection[str] | None = None) -> None:
        """Take in what a gauge found; what warns only of numbers that nobody asks for is a note."""
        for item in found.measured:
            self._keep(item)
        self.missing |= found.missing
        self._note(remarks.weighed(found.findings, asked))
        self.layers |= found.layers
        self.ledgers.extend(found.ledgers)
        self.chips += found.chips
        self._used |= found.used

    def remark(self) -> None:
        """Add remarks that need several numbers, or none: pairs, declared, unused."""
        self._note(
            (
                *remarks.unused_findings(self.city, self._used),
                *remarks.reused_findings(self.city),
                *remarks.pair_findings(self.ratios),
                *remarks.declared_findings(self.city, self.ratios),
                *remarks.supplied_findings(self.city, self.ratios, MEASURABLE),
            )
        )

    def _note(self, findings: Iterable[Finding]) -> None:
        self._findings |= dict.fromkeys(findings)
