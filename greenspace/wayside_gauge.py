"""Wayside gauge: corridors, riverbanks, greenways and paving of a city.

Question   Which of these numbers do this city's layers give, and why not the others?
Enters     A Scope.
Leaves     Numbers with their districts, the ledger of corridors, reasons for the missing.
Elsewhere  One layer at a time: waysides, greenways. Roads: road_gauge.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError, InputError
from greenspace.greenways import LENGTH, RADIUS_M, SERVICE, greenway_length, greenway_reach
from greenspace.measure.areas import covered_area
from greenspace.measure.roads import (
    belt_share,
    belt_share_by_zone,
    length_share,
    length_share_by_zone,
    road_land,
    snapped,
)
from greenspace.measure.service import service_coverage, service_coverage_by_zone
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.ledger import Column, Ledger
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.source import Finding, Source, finding_of
from greenspace.model.words import Text
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.lines import clip_lines
from greenspace.prepare.paving import LEAST_RUNOFF, disagreeing, paved_rows
from greenspace.prepare.ready import length_findings
from greenspace.prepare.roads import widths_of, word_of
from greenspace.road_measures import require_length, without_roofs
from greenspace.scope import no_layer, over_places
from greenspace.waysides import (
    BANK_M,
    BANKS,
    CORRIDOR,
    MOST_CORRIDOR_M,
    PERMEABLE,
    bank_sections,
    banks_of,
    corridor_sections,
    is_linear,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.linear import Sections
    from greenspace.scope import Scope

    Shapes = NDArray[Any]

KINDS = {
    "entry": (
        "entry",
        "entry road",
        "gateway",
        "出入城道路",
        "进出城道路",
        "入城道路",
        "出入口道路",
    ),
    "railway": ("railway", "rail", "铁路", "铁路沿线", "铁道"),
}
KIND_NAMES = {"entry": Text("出入城道路", "entry road"), "railway": Text("铁路", "railway")}
NO_GREEN = Text(
    zh="既没有植被图层（[layers.vegetation]）也没有绿地图层（[layers.green]）。",
    en="There is neither a vegetation layer ([layers.vegetation]) nor a layer of green parcels "
    "([layers.green]).",
)
NO_PEOPLE = Text(zh="清单没有给出人口。", en="The manifest gives no population.")
BEYOND = Text(
    zh="廊道有 {length:,.0f} m 在建成区外：植被或绿地图层须覆盖到那里，否则会被当作没有绿化。",
    en="{length:,.0f} m of the corridors lie outside the built-up area: vegetation or green parcels "
    "have to reach there, or they pass for bare.",
)
COLUMNS = (
    Column("name", Text("名称", "name")),
    Column("kind", Text("类型", "kind")),
    Column("rows", Text("段数", "rows"), "count"),
    Column("length_m", Text("长度", "length"), "m"),
    Column("width_m", Text("宽度（最宽）", "width (widest)"), "m"),
    Column("greened_m", Text("已绿化长度", "greened length"), "m"),
    Column("length_share", Text("按长度的绿化率", "greened share of the length"), "1"),
    Column("land_m2", Text("廊道面积", "area of the corridor"), "m2"),
    Column("green_m2", Text("绿化面积", "green area"), "m2"),
    Column("area_share", Text("按面积的绿化率", "green share of the area"), "1"),
)
TITLE = Text("出入城道路与铁路绿化一览表", "list of entry roads and railways")


def gauge_waysides(scope: Scope) -> Gauged:
    """Measure corridors, riverbanks, greenways and paving of a city, each by its own layer."""
    work = _Waysides(scope)
    steps: dict[str, tuple[str, Callable[[], Text | None], tuple[str, ...]]] = {
        CORRIDOR: ("corridors", work.corridors, ()),
        BANKS: ("riverbanks", work.banks, ("built_up",)),
        SERVICE: ("greenways", work.service, ("built_up", "residential")),
        LENGTH: ("greenways", work.length, ("built_up",)),
        PERMEABLE: ("paving", work.paving, ("built_up",)),
    }
    layers = scope.city.layers
    used = {layer for layer, _, _ in steps.values()} & set(layers)
    for indicator, (layer, step, others) in steps.items():
        lacking = next((name for name in (layer, *others) if name not in layers), None)
        why = None if lacking is None else no_layer(lacking)
        if why is None:
            try:
                why = step()
            except InputError as error:
                why = error.problem
                told = finding_of(error)
                work.findings.append(_as_warning(told, indicator))
        if why is not None:
            work.missing[indicator] = why
    return Gauged(
        measured=tuple(work.measured),
        missing=work.missing,
        findings=tuple(work.findings),
        layers=work.layers,
        ledgers=tuple(work.ledgers),
        used=frozenset(used),
    )


def _as_warning(told: Finding, indicator: str) -> Finding:
    return replace(told, severity="warning", indicators=(indicator,))


class _Waysides:
    """What the layers of one city give so far."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.city, self.terrain = scope, scope.city, scope.terrain
        self.ready = scope.terrain.ready
        self.measured: list[Measured] = []
        self.missing: dict[str, Text] = {}
        self.findings: list[Finding] = []
        self.ledgers: list[Ledger] = []
        self.layers: dict[str, gpd.GeoDataFrame] = {}

    @cached_property
    def _green(self) -> tuple[Shapes, tuple[str, ...]] | None:
        """Where it is green, by plants and green parcels, and the layers that say so."""
        shapes: dict[str, Shapes] = {}
        plants, parcels = self.scope.cover.plants, self.city.layers.get("green")
        if plants is not None:
            shapes["vegetation"] = without_roofs(plants, "vegetation")
        if parcels is not None:
            frame = self.ready.layer(parcels, "green", overlaps=False)
            shapes["green"] = np.asarray(frame.geometry, dtype=object)
        return (np.concatenate(list(shapes.values())), tuple(shapes)) if shapes else None

    def _number(self, indicator: str, name: str, default: float) -> float:
        found = self.scope.parameter(indicator, name)
        value = default if found is None else found.value
        require_length(name, value)
        return float(value)  # type: ignore[arg-type]

    def corridors(self) -> Text | None:
        """Measure and list entry roads and railways."""
        if self._green is None:
            return NO_GREEN
        green, roles = self._green
        lines = self.ready.lines(self.city.layers["corridors"], "corridors")
        kinds = _kinds(lines)
        width, told = widths_of(lines, "corridors", most_m=MOST_CORRIDOR_M)
        self.findings += [*told, *self._beyond(lines), *length_findings(self.terrain.crs, lines)]
        sections = corridor_sections(lines, width, green)
        counts = ~np.isnan(width)[sections.owner]
        ratio = length_share(CORRIDOR, sections, sections.greened, counts, self.terrain.crs)
        self.measured.append(Measured(ratio=ratio.with_sources(*self._of("corridors", *roles))))
        self.layers["corridors"] = lines
        self.ledgers.append(_ledger(lines, kinds, width, sections, green))
        return None

    def _beyond(self, lines: gpd.GeoDataFrame) -> tuple[Finding, ...]:
        ground = self.terrain.built_up
        whole = float(lines.length.sum())
        inside = whole if ground is None else float(clip_lines(lines, ground).length.sum())
        if whole - inside <= 1.0:
            return ()
        zh, en = (text.format(length=whole - inside) for text in (BEYOND.zh, BEYOND.en))
        text = Text(zh=zh, en=en)
        return (Finding(code="corridors_outside", text=text, severity="note", layer="corridors"),)

    def banks(self) -> Text | None:
        """Measure the greening of riverbanks."""
        if self._green is None:
            return NO_GREEN
        green, roles = self._green
        frame = banks_of(self.ready, self.city.layers["riverbanks"], self.terrain.built_up)
        drawn, places = np.asarray(frame.geometry, dtype=object), self.terrain.places
        sources = self._of("riverbanks", *roles, "built_up")
        if is_linear(frame):
            self.findings += length_findings(self.terrain.crs, frame)
            sections = bank_sections(drawn, green, self._number(BANKS, "width_m", BANK_M))
            every = np.ones(len(sections.owner), dtype=bool)
            ratio = length_share(BANKS, sections, sections.greened, every, self.terrain.crs)
            table = length_share_by_zone(BANKS, sections, sections.greened, every, places)
        else:
            ratio = belt_share(BANKS, drawn, green, self.terrain.crs)
            table = belt_share_by_zone(BANKS, drawn, green, places)
        self._keep(ratio.with_sources(*sources), table)
        self.layers["riverbanks"] = frame
        return None

    def service(self) -> Text | None:
        """Measure the residential land within reach of a greenway."""
        homes = self.terrain.homes
        if homes is None:
            return no_layer("residential")
        radius_m = self._number(SERVICE, "radius_m", RADIUS_M)
        reach = greenway_reach(self._greenways, homes, radius_m)
        self.findings += length_findings(self.terrain.crs, homes)
        found = service_coverage(reach)
        note = Text(zh=f"直线距离 {radius_m:g} m", en=f"{radius_m:g} m in a straight line")
        sources = (
            *self._of("greenways", "residential", "built_up"),
            Source(role="method", name=SERVICE, note=note),
        )
        ratio = _renamed(found, SERVICE).with_sources(*sources)
        table = service_coverage_by_zone(reach, self.terrain.places)
        halves = table.to_frame()
        own = RatioTable(
            SERVICE,
            self.terrain.places,
            halves["numerator"],
            halves["denominator"],
            "1",
            self.terrain.crs,
        )
        self._keep(ratio, own.undefined_by(table.undefined))
        self.layers["greenways"] = self._greenways
        return None

    @cached_property
    def _greenways(self) -> gpd.GeoDataFrame:
        return self.ready.lines(self.city.layers["greenways"], "greenways")

    def length(self) -> Text | None:
        """Measure the length of greenways for 10 000 persons."""
        people, persons = self.scope.people, self.city.population
        if persons is None:
            return NO_PEOPLE if people is None else people.unknown[0] or NO_PEOPLE
        self.findings += length_findings(self.terrain.crs, self._greenways)
        ratio = greenway_length(self._greenways, self.terrain.built_up, persons, self.terrain.crs)
        basis = self.city.population_basis or "—"
        note = Text(zh=f"人口口径：{basis}", en=f"population basis: {basis}")
        source = Source(role="population", name=f"{persons:,.10g}", note=note)
        sources = (*self._of("greenways", "built_up"), source)
        self.measured.append(Measured(ratio=ratio.with_sources(*sources)))
        return None

    def paving(self) -> Text | None:
        """Measure the permeable share of road and square land."""
        frame = self.ready.layer(self.city.layers["paving"], "paving")
        counts, lets, told = paved_rows(
            frame, "paving", runoff_below=self._number(PERMEABLE, "runoff_below", LEAST_RUNOFF)
        )
        self.findings += told
        ground = self.terrain.built_up
        frame = clip_polygons(frame[counts].assign(lets=lets[counts]), ground)
        shapes = np.asarray(frame.geometry, dtype=object)
        lets = frame["lets"].to_numpy(dtype=bool)
        self.findings += disagreeing(shapes, lets)
        places = self.terrain.places
        zones = np.asarray(places.geometry, dtype=object)
        area, sealed = covered_area(shapes, zones), covered_area(shapes[~lets], zones)
        some = snapped(area - sealed, area)
        table = RatioTable(PERMEABLE, places, some, area, "1", self.terrain.crs)
        table = table.sourced(self._of("paving", "built_up"))
        self._keep(table.ratio(0, place=None), table)
        return None

    def _keep(self, ratio: Ratio, table: RatioTable) -> None:
        city = replace(ratio, place=None)
        self.measured.append(over_places(self.terrain, city, table.sourced(ratio.sources)))

    def _of(self, *roles: str) -> tuple[Source, ...]:
        return self.city.sources(*roles)


def _renamed(ratio: Ratio, indicator: str) -> Ratio:
    return replace(ratio, indicator=indicator)


def _kinds(lines: gpd.GeoDataFrame) -> list[Text | None]:
    """Return what each corridor is; words that are neither are refused."""
    if "kind" not in lines:
        return [None] * len(lines)
    known = {word: kind for kind, words in KINDS.items() for word in words}
    words = [word_of(value).lower() for value in lines["kind"]]
    strange = [
        row for row, word in zip(lines.index, words, strict=True) if word and word not in known
    ]
    if strange:
        found = tuple(dict.fromkeys(word for word in words if word and word not in known))
        raise ColumnError(
            f"通道有 {len(strange)} 行的 kind 不认识：{'、'.join(found[:5])}。",
            f"{len(strange)} corridors have a kind that is not known: {', '.join(found[:5])}.",
            remedy=Text(zh="请写 entry 或 railway。", en="Write entry or railway."),
            layer="corridors",
            column="kind",
            rows=strange,
            expected=tuple(KINDS),
            found=found,
        )
    return [KIND_NAMES[known[word]] if word else None for word in words]


def _ledger(
    lines: gpd.GeoDataFrame,
    kinds: list[Text | None],
    width: NDArray[np.float64],
    sections: Sections,
    green: Shapes,
) -> Ledger:
    """Return the list of corridors: each name and kind once."""
    drawn = np.asarray(lines.geometry, dtype=object)
    greened = np.bincount(sections.owner, sections.length_m * sections.greened, len(lines))
    rows = pd.DataFrame(
        {
            "name": [word_of(value) for value in lines.get("name", [""] * len(lines))],
            "of": ["" if kind is None else kind.en for kind in kinds],
            "length": shapely.length(drawn),
            "width": width,
            "greened": np.where(np.isnan(width), np.nan, greened),
            "land": road_land(drawn, width),
        }
    )
    found = []
    for (name, of), each in rows.groupby(["name", "of"], sort=True):
        land = np.array([shapely.union_all(each["land"].to_numpy())], dtype=object)
        area, under = float(shapely.area(land)[0]), float(covered_area(green, land)[0])
        known = float(each["length"][each["width"].notna()].sum())
        greened_m = float(each["greened"].sum(min_count=1))
        found.append(
            {
                "name": name,
                "kind": next((kind for kind in KIND_NAMES.values() if kind.en == of), None),
                "rows": len(each),
                "length_m": float(each["length"].sum()),
                "width_m": float(each["width"].max()),
                "greened_m": greened_m,
                "length_share": greened_m / known if known else np.nan,
                "land_m2": area or np.nan,
                "green_m2": under if area else np.nan,
                "area_share": under / area if area else np.nan,
            }
        )
    table = pd.DataFrame(found, columns=[column.key for column in COLUMNS])
    return Ledger("corridors", TITLE, COLUMNS, table)
