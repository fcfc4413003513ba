"""Road gauge: how green the roads of a city are, by the standard that it is held against.

Question   Which numbers and which list of roads do this city's layers give, and why not the others?
Enters     A Scope.
Leaves     Numbers of roads with their districts, the ledger of roads, reasons for the missing.
Elsewhere  One layer at a time: streets. Corridors, greenways, paving: linear_gauge.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import InputError
from greenspace.measure.linear import SECTION_M
from greenspace.measure.roads import (
    belt_share,
    belt_share_by_zone,
    length_share,
    length_share_by_zone,
)
from greenspace.measure.shade import LEAST_CANOPY
from greenspace.model.check import Measured
from greenspace.model.classes import spell
from greenspace.model.gauged import Gauged
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.source import Finding, Source, finding_of
from greenspace.model.words import Text
from greenspace.prepare.ready import length_findings
from greenspace.prepare.roads import city_roads
from greenspace.prepare.storeys import kind_of_rows
from greenspace.read.roads import read_road_classes
from greenspace.road_layers import drawn_roads, greened_roads
from greenspace.road_ledger import roads_ledger, streets_by_district
from greenspace.road_measures import (
    BELTS,
    COMPLIANCE,
    COUNTED,
    GREENING,
    SHADED_CLASSES,
    TREE_LINED,
    compliance,
    land_of_classes,
    lands_of,
    sections_of,
    tree_lined,
    trees_of,
    width_table,
    without_roofs,
)
from greenspace.scope import no_layer, over_places

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.linear import Sections
    from greenspace.prepare.roads import Roads
    from greenspace.road_measures import Status
    from greenspace.scope import Scope

    Shapes = NDArray[Any]

DEMONSTRATION = "demonstration_streets_per_district"
ROAD_INDICATORS = (GREENING, COMPLIANCE, TREE_LINED, *BELTS.values(), DEMONSTRATION)
ROAD_GREEN = {"2017": "SG", "2002": "G46"}
NO_PLANTS = Text(
    zh="既没有植被图层（[layers.vegetation]），绿地图层中也没有标明类别的道路绿地：红线内有没有绿化无从得知。"
    "只有影像不能判定道路绿化。",
    en="There is neither a vegetation layer ([layers.vegetation]) nor a parcel whose class "
    "is road green: whether roads are greened is not known. An image alone does not tell.",
)
NO_STRIPS = Text(
    zh="绿地图层中没有类别为道路绿地的图斑（2017 版 SG，2002 版 G46），也没有分层的植被图层：红线内的绿带无从得知。",
    en="There is no parcel whose class is road green (SG in the edition of 2017, G46 in that of 2002), nor a "
    "vegetation layer that tells its layers: the strips inside red lines are not known.",
)
NO_CROWNS = Text(
    zh='树冠须来自分层的植被图层（[layers.vegetation] columns = { layer = "…" }）：'
    "影像上的绿不等于树冠。",
    en="Crowns of trees come from a vegetation layer that tells its layers ([layers.vegetation] "
    'columns = { layer = "…" }): green in an image need not be a tree.',
)
NO_STREETS = Text(
    zh="道路图层没有示范街字段（columns = { demonstration = … }）。",
    en="The roads do not say which are demonstration streets (columns = { demonstration = … }).",
)
FROM_PARCELS = Text(zh="道路绿地图斑（{code}）", en="parcels of road green ({code})")
FROM_VEGETATION = Text(
    zh="植被图层的灌木和草地：没有道路绿地图斑；只画了树冠的绿带未计入",
    en="shrubs and grass of the vegetation layer, as there are no parcels of road green; belts "
    "drawn as crowns alone are not in it",
)


def gauge_roads(scope: Scope) -> Gauged:
    """Measure the roads of a city: greening, compliance, shade, belts, demonstration streets."""
    layers = scope.city.layers
    lacking = next((name for name in ("roads", "built_up") if name not in layers), None)
    if lacking is not None:
        return Gauged(missing=dict.fromkeys(ROAD_INDICATORS, no_layer(lacking)))
    used = frozenset({"roads", "road_land", "footways"}) & set(layers)
    try:
        work = _City(scope)
    except InputError as error:
        return Gauged(
            missing=dict.fromkeys(ROAD_INDICATORS, error.problem),
            findings=(warning_of(error, ROAD_INDICATORS),),
            used=used,
        )
    return replace(work.gauged(), used=used)


def warning_of(error: InputError, indicators: tuple[str, ...]) -> Finding:
    """Return a refusal as a warning: the indicators have no number, and the check goes on."""
    return replace(finding_of(error), severity="warning", indicators=indicators)


class _City:
    """The roads of one city, and what has been found of them."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.terrain = scope, scope.terrain
        self.ready, self.ground = scope.terrain.ready, scope.terrain.built_up
        lines = self.ready.lines(scope.city.layers["roads"], "roads")
        self.roads: Roads = city_roads(lines, read_road_classes(), self.ground)
        self.measured: list[Measured] = []
        self.missing: dict[str, Text] = {}
        self.findings: list[Finding] = [
            *self.roads.findings,
            *length_findings(self.terrain.crs, self.roads.frame),
        ]
        self.status: dict[str, Status] = {}
        self.sections: Sections | None = None

    def gauged(self) -> Gauged:
        """Return everything that the layers give."""
        steps: dict[tuple[str, ...], Callable[[], Text | None]] = {
            (GREENING,): self._greening,
            (COMPLIANCE,): self._compliance,
            (TREE_LINED,): self._tree_lined,
            (DEMONSTRATION,): self._demonstration,
        }
        steps |= {(name,): self._belts_of(kind) for kind, name in BELTS.items()}
        for names, step in steps.items():
            try:
                why = step()
            except InputError as error:
                self.findings.append(warning_of(error, names))
                why = error.problem
            if why is not None:
                self.missing |= dict.fromkeys(names, why)
        ledger = roads_ledger(self.roads, self.sections, self.status)
        return Gauged(
            measured=tuple(self.measured),
            missing=self.missing,
            findings=tuple(self.findings),
            layers=self._layers(),
            ledgers=(ledger,),
        )

    def _layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the roads for maps; the greened stretches where they were measured."""
        found = {"roads": drawn_roads(self.roads, self.status.get(TREE_LINED))}
        if GREENING not in self.missing and self.sections is not None:
            section_m = self._setting(GREENING, "section_m", SECTION_M)
            found["road_greening"] = greened_roads(self.roads, self.sections, section_m)
        return found

    def _setting(self, indicator: str, name: str, default: Any) -> Any:
        found = self.scope.parameter(indicator, name)
        return default if found is None else found.value

    @cached_property
    def _plants(self) -> gpd.GeoDataFrame | None:
        return self.scope.cover.plants

    @cached_property
    def _road_green(self) -> tuple[Shapes, str] | None:
        """Parcels of road green and the code they go by, where there are any."""
        green = self.scope.city.layers.get("green")
        if green is None:
            return None
        edition = self.scope.city.editions.get("green")
        if "class" not in green or edition is None:
            return None
        shapes = self.ready.layer(green, "green", overlaps=False)
        code = ROAD_GREEN[edition]
        own = np.array([spell(word).startswith(code) for word in shapes["class"]], dtype=bool)
        return (shapes.geometry.to_numpy()[own], code) if own.any() else None

    @cached_property
    def _strips(self) -> tuple[Shapes, Text] | None:
        """Green strips inside red lines, and what they are."""
        if self._road_green is not None:
            shapes, code = self._road_green
            zh, en = (text.format(code=code) for text in (FROM_PARCELS.zh, FROM_PARCELS.en))
            return shapes, Text(zh=zh, en=en)
        plants = self._plants
        if plants is None or "layer" not in plants:
            return None
        low = np.isin(kind_of_rows(plants, "vegetation"), ("shrub", "grass"))
        return plants.geometry.to_numpy()[low], FROM_VEGETATION

    @cached_property
    def _drawn_land(self) -> gpd.GeoDataFrame | None:
        layer = self.scope.city.layers.get("road_land")
        return None if layer is None else self.ready.layer(layer, "road_land", overlaps=False)

    @cached_property
    def _land(self) -> Shapes:
        land, told = lands_of(self.roads, self._drawn_land, self.ground)
        self.findings += told
        return land

    def _greening(self) -> Text | None:
        plants, parcels = self._plants, self._road_green
        found = [] if plants is None else [without_roofs(plants, "vegetation")]
        found += [] if parcels is None else [parcels[0]]
        section_m = self._setting(GREENING, "section_m", SECTION_M)
        shapes = np.concatenate(found) if found else None
        self.sections = sections_of(self.roads, shapes, section_m)
        if not found:
            return NO_PLANTS
        counts = ~np.isnan(self.roads.width_m)[self.sections.owner]
        note = Text(
            zh=f"红线内有植被或道路绿地的路段，每段不超过 {section_m:g} m",
            en=f"sections of at most {section_m:g} m with plants or road green inside the red line",
        )
        self._keep(GREENING, self.sections.greened, counts, note, ("roads", "vegetation", "green"))
        return None

    def _compliance(self) -> Text | None:
        if self._strips is None:
            return NO_STRIPS
        strips, note = self._strips
        edition = str(self._setting(COMPLIANCE, "width_table", "old"))
        table = width_table(edition)
        status = compliance(self.roads, self._land, strips, table)
        said = Text(
            zh=f"红线宽度表：{edition} {table.address}；绿带：{note.zh}",
            en=f"width table: {edition} {table.address}; strips: {note.en}",
        )
        self._keep_status(COMPLIANCE, status, said, ("roads", "road_land", "green", "vegetation"))
        return None

    def _tree_lined(self) -> Text | None:
        footways, plants = self.scope.city.layers.get("footways"), self._plants
        if footways is None:
            return no_layer("footways")
        if plants is None or "layer" not in plants:
            return NO_CROWNS
        left_out = self._setting(TREE_LINED, "excluded_road_classes", ())
        every = tuple(each for each in read_road_classes().names if each not in left_out)
        classes = self._setting(TREE_LINED, "road_classes", every if left_out else SHADED_CLASSES)
        sides = self._setting(TREE_LINED, "sides", "both")
        least = self._setting(TREE_LINED, "canopy_min", LEAST_CANOPY)
        without = self._setting(TREE_LINED, "without_footways", COUNTED)
        status = tree_lined(
            self.ready,
            self.roads,
            footways,
            trees_of(plants, "vegetation"),
            ground=self.ground,
            road_classes=classes,
            sides=sides,
            least_canopy=least,
            without_footways=without,
        )
        names = [read_road_classes().names[each] for each in classes]
        note = Text(
            zh=f"{'、'.join(name.zh for name in names)}；两侧规则 {sides}；树冠覆盖 ≥ {least:.0%}",
            en=f"{', '.join(name.en for name in names)}; sides: {sides}; canopy ≥ {least:.0%}",
        )
        self._keep_status(TREE_LINED, status, note, ("roads", "footways", "vegetation"))
        return None

    def _belts_of(self, kind: str) -> Callable[[], Text | None]:
        def belts() -> Text | None:
            if self._strips is None:
                return NO_STRIPS
            strips, note = self._strips
            name = BELTS[kind]
            classes = tuple(self._setting(name, "road_classes", (kind,)))
            land = land_of_classes(self.roads, self._land, self._drawn_land, classes, self.ground)
            zones = self.terrain.places
            ratio = belt_share(name, land, strips, self.terrain.crs)
            ratio = ratio.with_sources(*self._sources(note, "roads", "road_land", "green"))
            table = belt_share_by_zone(name, land, strips, zones).sourced(ratio.sources)
            self.measured.append(over_places(self.terrain, ratio, table))
            return None

        return belts

    def _demonstration(self) -> Text | None:
        if "demonstration" not in self.scope.city.layers["roads"]:
            return NO_STREETS
        counts, told = streets_by_district(self.roads, self.terrain.districts)
        self.findings += told
        lowest = min(range(len(counts)), key=lambda row: counts[row])
        sources = self.scope.city.sources("roads", "districts")
        names, districts = self.terrain.district_names, self.terrain.districts
        place = names[lowest] if names else None
        count = float(counts[lowest])
        ratio = Ratio(DEMONSTRATION, count, 1.0, "count", None, sources, place=place)
        table = None
        if districts is not None:
            ones = np.ones(len(counts))
            table = RatioTable(DEMONSTRATION, districts, counts, ones, "count", None, sources)
        self.measured.append(Measured(ratio=ratio, zones=table, zone_names=names))
        return None

    def _keep_status(
        self, indicator: str, status: Status, note: Text, roles: tuple[str, ...]
    ) -> None:
        self.status[indicator] = status
        self.findings += status.findings
        of = self._any_sections.owner
        self._keep(indicator, status.meets[of], status.counts[of], note, roles)

    @property
    def _any_sections(self) -> Sections:
        if self.sections is None:
            self.sections = sections_of(self.roads)
        return self.sections

    def _keep(
        self,
        indicator: str,
        meets: NDArray[np.bool_],
        counts: NDArray[np.bool_],
        note: Text,
        roles: tuple[str, ...],
    ) -> None:
        sections = self._any_sections
        ratio = length_share(indicator, sections, meets, counts, self.terrain.crs)
        ratio = ratio.with_sources(*self._sources(note, *roles))
        table = length_share_by_zone(indicator, sections, meets, counts, self.terrain.places)
        self.measured.append(over_places(self.terrain, ratio, table.sourced(ratio.sources)))

    def _sources(self, note: Text, *roles: str) -> tuple[Source, ...]:
        rule = Source(role="method", name="roads", note=note)
        return (*self.scope.city.sources(*roles, "built_up"), rule)
