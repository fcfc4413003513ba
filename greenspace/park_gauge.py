"""Park gauge: what a check says of a city's parks beside their area and reach.

Question   Are there enough comprehensive and community parks, and how green is their land?
Enters     A Scope.
Leaves     One Gauged: numbers by class, greening, findings, the list of parks.
Elsewhere  One number alone: parks_by_class, park_interior. All parks per head: survey.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from greenspace.city_parks import CityParks
from greenspace.measure import per_capita, service
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.source import Finding, Source
from greenspace.model.tiers import historic_tiers_at, tiers_at
from greenspace.model.words import Text
from greenspace.park_greening import greening_of_parks
from greenspace.park_interior import PARK_GREENING
from greenspace.park_ledger import ledger_of_parks
from greenspace.parks_by_class import INDICATORS, count_of_parks, edition_source, once
from greenspace.per_head import park_area_of_places, population_source
from greenspace.prepare.class_claims import LEAST_M2
from greenspace.prepare.classify import unlisted_findings
from greenspace.prepare.park_classes import COMPREHENSIVE, MAJOR
from greenspace.prepare.park_findings import (
    PER_10K,
    lacking_class,
    several_rows_findings,
    undersized_findings,
)
from greenspace.scope import no_layer

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.model.quantity import Ratio
    from greenspace.scope import Scope

BY_CLASS = (*INDICATORS.values(), PER_10K)
NO_PEOPLE = Text(zh="清单没有给出人口。", en="The manifest gives no population.")
NO_CODES = Text(
    zh="公园图层没有分类代码（columns 的 class 与 edition），无从得知哪些是综合公园、社区公园。",
    en="The parks have no class codes (class in columns, and edition): which are comprehensive or "
    "community parks is not known.",
)
OWN = Text(zh="自行录入", en="entered by the user")
COUNTED = Source(
    role="rule",
    name="G11",
    note=Text(
        zh="有土地在建成区内的综合公园，同名且相距不超过 100 米的各块为一座，不论大小",
        en="comprehensive parks with ground in the built-up area, rows of one name within 100 m of "
        "each other are one, whatever their size",
    ),
)


def gauge_parks(scope: Scope) -> Gauged:
    """Measure parks by class, their number and their greening, and list them."""
    built_up = scope.terrain.built_up
    if built_up is None or "parks" not in scope.city.layers:
        lacking = no_layer("built_up" if built_up is None else "parks")
        return Gauged(missing=dict.fromkeys((*BY_CLASS, PARK_GREENING), lacking))
    parks = CityParks(scope, built_up)
    by_class = _by_class(parks)
    greening, green = greening_of_parks(parks)
    ledger, unread = ledger_of_parks(parks, greening)
    return Gauged(
        measured=(*by_class.measured, *green.measured),
        missing={**by_class.missing, **green.missing},
        findings=(
            *by_class.findings,
            *green.findings,
            *_relaxed_findings(parks),
            *_beyond_findings(parks),
            *_no_park_findings(parks),
            *_joined_findings(parks),
            *unread,
        ),
        ledgers=(ledger,),
        used=by_class.used | green.used,
    )


def _by_class(parks: CityParks) -> Gauged:
    """Return area per head of the judged classes, and the number of comprehensive parks."""
    why, told = _why_not(parks)
    if why is not None:
        return Gauged(missing=dict.fromkeys(BY_CLASS, why), findings=told)
    measured = [item for code in INDICATORS for item in _per_head(parks, code)]
    measured += _per_10k(parks)
    inside = parks.inside_m2 > 0
    chosen = parks.frame[(parks.classes == COMPREHENSIVE) & inside]
    small = undersized_findings(parks.frame, parks.classes, parks.small & inside, parks.least)
    return Gauged(
        measured=tuple(measured),
        findings=(*told, *small, *several_rows_findings(chosen)),
        used=frozenset({"parks", "built_up"}),
    )


def _why_not(parks: CityParks) -> tuple[Text | None, tuple[Finding, ...]]:
    """Return why there are no numbers by class, and what should be told of it."""
    if parks.table is None:
        return NO_CODES, ()
    odd = unlisted_findings(parks.frame["class"], parks.table, "parks")
    if parks.scope.city.population is None and parks.scope.people is None:
        return NO_PEOPLE, odd
    unsaid = (parks.classes == MAJOR) & (parks.inside_m2 > 0)
    told = lacking_class(parks.frame, unsaid)
    return (told[0].text if told else None), (*odd, *told)


def _per_head(parks: CityParks, code: str) -> list[Measured]:
    """Return park area per head of one class, and without the parks that are too small for it."""
    scope, indicator = parks.scope, INDICATORS[code]
    rows = (parks.classes == code) & (parks.inside_m2 > 0)
    ground = once(parks.inside[parks.counts], parks.table).geometry.reindex(parks.inside.index)

    def measured(chosen: np.ndarray) -> Measured:
        return park_area_of_places(
            scope.terrain,
            scope.city,
            scope.people,
            ground[chosen],
            indicator=indicator,
            rules=_rules(parks),
        )

    found = [measured(rows)]
    if (rows & parks.small).any():
        least = f"{parks.least[code] / 1e4:g}"
        own = parks.least[code] != LEAST_M2[code]
        law = OWN if own else Text("GB 55014", "GB 55014")
        label = Text(
            zh=f"只计大于 {least} 公顷的（{law.zh}）", en=f"only above {least} ha, {law.en}"
        )
        found.append(replace(measured(rows & ~parks.small), judged=False, label=label))
    return found


def _per_10k(parks: CityParks) -> list[Measured]:
    """Return the number of comprehensive parks by code, and of those of 10 ha and more."""
    chosen = parks.classes == COMPREHENSIVE
    frame, inside = parks.frame[chosen], parks.inside_m2[chosen] > 0
    count = count_of_parks(frame, inside)
    usual = LEAST_M2[COMPREHENSIVE]
    least = parks.scope.number(PER_10K, "area_min_m2", usual)
    large = count_of_parks(frame, inside, least_m2=least)
    found = [Measured(ratio=_count_ratio(parks, count))]
    if large < count:
        law = Text("GB/T 51346", "GB/T 51346") if least == usual else OWN
        label = Text(
            zh=f"只计 {least / 1e4:g} 公顷及以上的（{law.zh}）",
            en=f"only of {least / 1e4:g} ha and more, {law.en}",
        )
        found.append(Measured(ratio=_count_ratio(parks, large), judged=False, label=label))
    return found


def _count_ratio(parks: CityParks, count: int) -> Ratio:
    city, people = parks.scope.city, parks.scope.people
    ratio = per_capita.parks_per_10k(count, city.population or 0.0, crs=parks.frame.crs)
    ratio = replace(ratio, undefined=None if people is None else people.unknown[0])
    inputs = (*city.sources("parks", "built_up"), population_source(city))
    return ratio.with_sources(*inputs, COUNTED, *_rules(parks))


def _rules(parks: CityParks) -> tuple[Source, ...]:
    return () if parks.table is None else (edition_source(parks.table),)


def _relaxed_findings(parks: CityParks) -> tuple[Finding, ...]:
    """Return the lesser parks that serve because they lie in the historic district."""
    relaxed = historic_tiers_at(parks.scope.profile, parks.scope.level)
    rows = parks.radius > parks.plain_radius
    if relaxed is None or not rows.any():
        return ()
    note = relaxed[1]
    text = Text(
        zh=f"有 {int(rows.sum())} 块公园因多半位于历史城区而按较低的面积下限服务：{note.zh}。",
        en="Parks that serve by the lesser size of the historic district, in which most of them "
        f"lies: {int(rows.sum())}; {note.en}.",
    )
    finding = Finding(
        code="historic_tiers_used",
        text=text,
        layer="parks",
        rows=tuple(parks.frame.index[rows]),
        count=int(rows.sum()),
        indicators=("service_coverage",),
    )
    return (finding,)


def _beyond_findings(parks: CityParks) -> tuple[Finding, ...]:
    """Return the parks beyond the built-up line that serve homes within it, and their effect."""
    beyond = (parks.inside_m2 <= 0) & (parks.radius > 0)
    if parks.scope.terrain.homes is None or not beyond.any():
        return ()
    shares = [_service_of(parks, rows) for rows in (parks.counts, parks.counts & ~beyond)]
    if not shares[0] > shares[1]:
        return ()
    text = Text(
        zh=f"有 {int(beyond.sum())} 块公园全在建成区外，按其半径服务区内的居住用地；不计则服务半径覆盖率为 "
        f"{shares[1]:.2%}（现为 {shares[0]:.2%}）。两种读法均未见明文。",
        en=f"Parks wholly beyond the built-up line that serve homes within it: {int(beyond.sum())}. "
        f"Without them service coverage is {shares[1]:.2%}, with them {shares[0]:.2%}. No text that "
        "was read says which is meant.",
    )
    finding = Finding(
        code="parks_beyond_line",
        text=text,
        layer="parks",
        rows=tuple(parks.frame.index[beyond]),
        count=int(beyond.sum()),
        indicators=("service_coverage",),
    )
    return (finding,)


def _service_of(parks: CityParks, rows: NDArray[np.bool_]) -> float:
    """Return service coverage by some of the rows, by the tiers of the judged standard."""
    tiers, _ = tiers_at(parks.scope.profile, parks.scope.level)
    homes: gpd.GeoDataFrame = parks.scope.terrain.homes
    ground = parks.frame.geometry[rows]
    reach = service.reach_of(ground, homes.geometry, tiers, historic=parks.relaxed)
    return service.service_coverage(reach).value


def _no_park_findings(parks: CityParks) -> tuple[Finding, ...]:
    """Return what service would be if squares and other green in the layer served, too."""
    other = ~parks.counts
    if parks.scope.terrain.homes is None or not other.any():
        return ()
    shares = [_service_of(parks, rows) for rows in (parks.counts, parks.counts | other)]
    if not shares[1] > shares[0]:
        return ()
    text = Text(
        zh=f"公园图层有 {int(other.sum())} 块的代码不是公园绿地，不参与服务半径；若算上它们，服务半径覆盖率为 "
        f"{shares[1]:.2%}（现为 {shares[0]:.2%}）。2022 年版称“公园绿化活动场地”，是否含广场未见明文。",
        en=f"Rows of the layer of parks that are no park green space by their code: {int(other.sum())}. "
        f"They serve nobody; with them service coverage would be {shares[1]:.2%}, not "
        f"{shares[0]:.2%}. The wording of 2022 (公园绿化活动场地) may mean squares; no text that was "
        "read says so.",
    )
    finding = Finding(
        code="no_park_would_serve",
        text=text,
        severity="warning",
        layer="parks",
        rows=tuple(parks.frame.index[other]),
        count=int(other.sum()),
        area_m2=float(parks.frame.geometry.area.to_numpy()[other].sum()),
        indicators=("service_coverage",),
    )
    return (finding,)


def _joined_findings(parks: CityParks) -> tuple[Finding, ...]:
    """Return the rows that would serve further by the size of the park that they are a part of."""
    rows = parks.joined_radius > parks.radius
    if not rows.any():
        return ()
    text = Text(
        zh=f"有 {int(rows.sum())} 块按同名公园的总面积服务半径更大；服务半径按图层逐块的面积计算，若属同一公园请合并为一行。",
        en="Rows that would serve further by the size of all near rows of their name and class: "
        f"{int(rows.sum())}. Each row serves by its own area: join those that are one park.",
    )
    finding = Finding(
        code="parks_of_several_rows_serve_apart",
        text=text,
        severity="warning",
        layer="parks",
        rows=tuple(parks.frame.index[rows]),
        count=int(rows.sum()),
        indicators=("service_coverage",),
    )
    return (finding,)
