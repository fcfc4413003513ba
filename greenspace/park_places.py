"""Park places: parks of the centre area, and what a historic city may claim.

Question   How much park has a resident of the centre, and may a historic city ask for less?
Enters     A Scope.
Leaves     One Gauged each.
Elsewhere  Lesser parks that serve in the historic district: measure/service. Parks: park_gauge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import InputError
from greenspace.measure import green_space, per_capita
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding, Source, finding_of
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons_of_zones
from greenspace.prepare.classify import OTHER_GREEN_CAP, split_green
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.park_findings import parks_that_count
from greenspace.residents import people_of_places, people_raster
from greenspace.scope import class_table, no_layer

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from greenspace.scope import Scope

    Floats = NDArray[np.float64]

CENTRE = "centre_park_area_per_capita"
CENTRE_AREA = Text(zh="中心区", en="centre area")
NO_PEOPLE = Text(
    zh='中心区没有人口：请在 [layers.centre] 写 columns = { population = "…" }，或以栅格给出人口。',
    en="The centre area has no population: map a column population in [layers.centre], or give the "
    "population as a raster.",
)
COLUMNS = (
    Column("name", Text("名称", "name")),
    Column("area_m2", Text("面积", "area"), "m2"),
    Column("green_m2", Text("绿地面积", "green land"), "m2"),
    Column("park_per_head", Text("人均公园绿地", "park area per head"), "m2/person"),
    Column("ratio", Text("绿地率", "green-space ratio"), "1"),
    Column("coverage", Text("绿化覆盖率", "green coverage"), "1"),
)
SHARE_ABOVE, RELAXATION = "historic_share_above", "historic_relaxation"
RELAXED = ("green_space_ratio", "park_area_per_capita")


def gauge_centre(scope: Scope) -> Gauged:
    """Measure park area per head of the centre area."""
    lacking = next((name for name in ("centre", "parks") if name not in scope.city.layers), None)
    if lacking is not None:
        return Gauged(missing={CENTRE: no_layer(lacking)})
    try:
        return _of_centre(scope)
    except InputError as error:
        finding = replace(finding_of(error), severity="warning", indicators=(CENTRE,))
        return Gauged(missing={CENTRE: error.problem}, findings=(finding,))


def _of_centre(scope: Scope) -> Gauged:
    city, ready = scope.city, scope.terrain.ready
    centre = ready.layer(city.layers["centre"], "centre")
    ground = shapely.union_all(centre.geometry.to_numpy())
    parks = ready.layer(city.layers["parks"], "parks", overlaps=False)
    counts, _ = parks_that_count(parks, class_table(city, "parks", parks))
    persons, unknown, told = _persons(scope, centre, ground)
    ledger = _list_of_centres(scope, centre, parks[counts])
    if persons is None:
        return Gauged(missing={CENTRE: NO_PEOPLE}, ledgers=(ledger,), used=frozenset({"centre"}))
    inside = clip_polygons(parks[counts], ground).geometry
    ratio = per_capita.park_area_per_capita(inside, persons, indicator=CENTRE)
    people = Source(role="population", name=f"{persons:,.10g}", note=CENTRE_AREA)
    ratio = replace(ratio, undefined=unknown).with_sources(*city.sources("parks", "centre"), people)
    return Gauged(
        measured=(Measured(ratio=ratio),),
        findings=told,
        ledgers=(ledger,),
        used=frozenset({"centre", "parks"}),
    )


def _list_of_centres(scope: Scope, centre: gpd.GeoDataFrame, parks: gpd.GeoDataFrame) -> Ledger:
    """Return each part of the centre with the three indicators of the gate, where they are known."""
    count = len(centre)
    names = centre["name"] if "name" in centre.columns else pd.Series(None, index=centre.index)
    per_head = np.full(count, np.nan)
    if "population" in centre.columns:
        persons = persons_of_zones(centre, "population", layer="centre")
        table = per_capita.park_area_per_capita_by_zone(parks.geometry, persons, centre)
        per_head = table.value.to_numpy()
    green, ratio = _green_land(scope, centre)
    rows = pd.DataFrame(
        {
            "name": [CENTRE_AREA if pd.isna(name) else str(name) for name in names],
            "area_m2": centre.geometry.area.to_numpy(),
            "green_m2": green,
            "park_per_head": per_head,
            "ratio": ratio,
            "coverage": _covered(scope, centre),
        }
    )
    return Ledger("centre", CENTRE_AREA, COLUMNS, rows)


def _green_land(scope: Scope, centre: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return the green land that counts in each part of the centre, and its share."""
    blank = np.full(len(centre), np.nan)
    layer, ground = scope.city.layers.get("green"), scope.terrain.built_up
    if layer is None or ground is None:
        return blank, blank
    green = scope.terrain.ready.layer(layer, "green", overlaps=False)
    land, table = scope.terrain.construction_land, class_table(scope.city, "green", green)
    parts = split_green(green, ground, land, table)
    found = green_space.green_space_ratio_by_zone(
        parts.inside, parts.adjacent, ground, centre, other_green_cap=OTHER_GREEN_CAP
    ).to_frame()
    return found["numerator"].to_numpy(), found["value"].to_numpy()


def _covered(scope: Scope, centre: gpd.GeoDataFrame) -> Floats:
    """Return the green coverage of each part of the centre, NaN where nothing shows it."""
    try:
        return scope.cover.green_in(gpd.GeoDataFrame(geometry=centre.geometry)).value.to_numpy()
    except InputError:
        return np.full(len(centre), np.nan)


def _persons(
    scope: Scope, centre: gpd.GeoDataFrame, ground: Any
) -> tuple[float | None, Text | None, tuple[Finding, ...]]:
    """Return the persons of the centre, why they are not known, and what was noticed."""
    if "population" in centre.columns:
        return float(persons_of_zones(centre, "population", layer="centre").sum()), None, ()
    raster = scope.city.population_raster
    if raster is None:
        return None, None, ()
    places = gpd.GeoDataFrame(geometry=[ground], crs=centre.crs)
    people = people_of_places(people_raster(raster), places, (CENTRE_AREA,))
    unseen = tuple(item for item in people.findings if item.code == "population_unseen")
    return float(people.persons[0]), people.unknown[0], unseen


def gauge_historic(scope: Scope) -> Gauged:
    """Tell a historic city that it may claim lower thresholds; they are never applied here."""
    built_up = scope.terrain.built_up
    if built_up is None or "historic" not in scope.city.layers:
        return Gauged()
    rules = [
        (name, scope.parameter(name, SHARE_ABOVE), scope.parameter(name, RELAXATION))
        for name in RELAXED
    ]
    known = [(name, least, less) for name, least, less in rules if least and less]
    if not known:
        return Gauged()
    share = built_up.intersection(scope.terrain.historic).area / built_up.area
    found = tuple(
        _claim(name, share, float(less.value), less.mark)  # type: ignore[arg-type]
        for name, least, less in known
        if share > float(least.value)  # type: ignore[arg-type]
    )
    return Gauged(findings=found, used=frozenset({"historic"}))


def _claim(indicator: str, share: float, less: float, mark: str) -> Finding:
    zh = f"{100 * less:g} 个百分点" if indicator == "green_space_ratio" else f"{less:g} m²/人"
    en = (
        f"{100 * less:g} percentage points"
        if indicator == "green_space_ratio"
        else f"{less:g} m² a head"
    )
    title = {
        "green_space_ratio": Text("绿地率", "the green-space ratio"),
        "park_area_per_capita": Text("人均公园绿地", "park area per head"),
    }[indicator]
    text = Text(
        zh=f"历史城区占建成区 {share:.1%}：{title.zh}的阈值或可降低 {zh}（{mark}，未查到原文），本次评定未放宽。",
        en=f"Historic districts are {share:.1%} of the built-up area: the threshold of {title.en} may "
        f"be {en} lower ({mark}; the text was not found). It is not applied here.",
    )
    return Finding(code="historic_relaxation", text=text, layer="historic", indicators=(indicator,))
