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
import pandas as pd
import shapely

from greenspace.class_codes import class_table
from greenspace.errors import InputError
from greenspace.measure import per_capita
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding, Source, finding_of
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons_of_zones
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.park_findings import parks_that_count
from greenspace.residents import people_of_places, people_raster
from greenspace.scope import no_layer

if TYPE_CHECKING:
    from typing import Any

    from greenspace.scope import Scope

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
    Column("persons", Text("人口", "population"), "person"),
    Column("park_m2", Text("公园绿地面积", "park area"), "m2"),
    Column("park_per_head", Text("人均公园绿地", "park area per head"), "m2/person"),
)
DUST = 1e-9
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
    centre, beyond = _within_line(centre, scope.terrain.built_up)
    ground = shapely.union_all(centre.geometry.to_numpy())
    parks = ready.layer(city.layers["parks"], "parks", overlaps=False)
    counts, _ = parks_that_count(parks, class_table(city, "parks", parks))
    persons, unknown, told = _persons(scope, centre, ground)
    if persons is None:
        return Gauged(missing={CENTRE: NO_PEOPLE}, used=frozenset({"centre"}))
    inside = clip_polygons(parks[counts], ground).geometry
    ratio = per_capita.park_area_per_capita(inside, persons, indicator=CENTRE)
    people = Source(role="population", name=f"{persons:,.10g}", note=CENTRE_AREA)
    ratio = replace(ratio, undefined=unknown).with_sources(*city.sources("parks", "centre"), people)
    return Gauged(
        measured=(Measured(ratio=ratio),),
        findings=(*told, *beyond),
        ledgers=_list_of_centres(centre, parks[counts]),
        used=frozenset({"centre", "parks"}),
    )


def _within_line(
    centre: gpd.GeoDataFrame, built_up: Any | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the centre within the built-up line, and how much of it lies beyond."""
    if built_up is None:
        return centre, ()
    inside = clip_polygons(centre, built_up, keep_rows=True)
    lost = centre.geometry.area.to_numpy() - inside.geometry.area.to_numpy()
    rows = lost > DUST * centre.geometry.area.to_numpy()
    if not rows.any():
        return inside, ()
    area = float(lost[rows].sum())
    text = Text(
        zh=f"中心区有 {area / 1e4:.2f} 公顷在建成区外，其中的公园不计；人口字段若含线外居民，人均值偏低。",
        en=f"{area / 1e4:.2f} ha of the centre lie beyond the built-up line: parks there do not count. "
        "Where its column of population has residents beyond the line, the value comes out too low.",
    )
    finding = Finding(
        code="centre_beyond_line",
        text=text,
        severity="warning",
        layer="centre",
        rows=tuple(centre.index[rows]),
        count=int(rows.sum()),
        area_m2=area,
        indicators=(CENTRE,),
    )
    return inside, (finding,)


def _list_of_centres(centre: gpd.GeoDataFrame, parks: gpd.GeoDataFrame) -> tuple[Ledger, ...]:
    """Return the parts of the centre with their parks and persons, where these are known."""
    if "population" not in centre.columns:
        return ()
    persons = persons_of_zones(centre, "population", layer="centre")
    table = per_capita.park_area_per_capita_by_zone(parks.geometry, persons, centre).to_frame()
    names = centre["name"] if "name" in centre.columns else pd.Series(None, index=centre.index)
    rows = pd.DataFrame(
        {
            "name": [CENTRE_AREA if pd.isna(name) else str(name) for name in names],
            "area_m2": centre.geometry.area.to_numpy(),
            "persons": persons,
            "park_m2": table["numerator"].to_numpy(),
            "park_per_head": table["value"].to_numpy(),
        }
    )
    return (Ledger("centre", Text("中心区公园", "parks of the centre"), COLUMNS, rows),)


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
