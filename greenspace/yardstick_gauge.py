"""Yardstick gauge: WHO-300, ANGSt and the living circles of a city, where its standard asks for them.

Question   Which of these rules does the judged standard hold, and what do the city's layers give?
Enters     A Scope.
Leaves     Numbers of residents where persons are known by place, of land otherwise; reasons.
Elsewhere  Measuring: yardsticks. Rules that need what no manifest says (3-30-300, SDG 11.7.1): gs.judge.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from greenspace.counting import Counting
from greenspace.errors import InputError
from greenspace.model.check import Measured
from greenspace.model.gauged import Gauged
from greenspace.model.quantity import Ratio
from greenspace.model.source import finding_of
from greenspace.model.words import Text
from greenspace.model.yardsticks import ANGST, MEASURED_BY, WHO, living_circle_rules
from greenspace.scope import entered, no_layer
from greenspace.yardsticks import in_circles, straight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.quantity import RatioTable
    from greenspace.model.yardsticks import ReachRule
    from greenspace.scope import Scope

RULES: Final = {"gs.who_300": WHO, "gs.angst": ANGST}
CIRCLES: Final = "gs.living_circles"
NO_PERSONS = Text(
    zh="没有按位置分布的人口（人口栅格，或各区人口）：只能按居住用地量算，列于表后，不作评定。",
    en="There are no persons by place (a raster, or districts with a population): measured by "
    "residential land, shown below the table, and not judged.",
)
NO_RESERVES = Text(
    zh="清单不含地方自然保护区；可由 gs.angst(..., reserves=…) 量算。",
    en="A manifest has no local nature reserves; gs.angst(..., reserves=…) measures them.",
)


def gauge_yardsticks(scope: Scope) -> Gauged:
    """Measure the rules of reach that the judged standard holds; nothing where it holds none."""
    asked = {row.indicator for row in scope.profile.at(scope.level)}
    wanted = {
        name: asked & MEASURED_BY[name] for name in (*RULES, CIRCLES) if asked & MEASURED_BY[name]
    }
    everything = frozenset[str]().union(*wanted.values())
    for layer in ("parks", "residential"):
        if layer not in scope.city.layers:
            return Gauged(missing=dict.fromkeys(everything, no_layer(layer)))
    parts = [_measure(scope, name, indicators) for name, indicators in wanted.items()]
    return Gauged(
        measured=tuple(item for part in parts for item in part.measured),
        missing={key: text for part in parts for key, text in part.missing.items()},
        findings=tuple(item for part in parts for item in part.findings),
        used=frozenset({"parks", "residential"}) if wanted else frozenset(),
    )


def _measure(scope: Scope, name: str, indicators: set[str]) -> Gauged:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they say is among the findings
            found = _found(scope, name)
    except InputError as error:
        told = replace(finding_of(error), severity="warning", indicators=tuple(sorted(indicators)))
        return Gauged(missing=dict.fromkeys(indicators, error.problem), findings=(told,))
    ratios = [ratio for ratio in found.values() if isinstance(ratio, Ratio)]
    return Gauged(
        measured=tuple(Measured(ratio=r, judged=r.indicator in indicators) for r in ratios),
        missing={
            key: NO_RESERVES if key.endswith("reserves") else NO_PERSONS
            for key in indicators
            if key not in found
        },
        findings=tuple(dict.fromkeys(item for ratio in ratios for item in ratio.findings)),
    )


def _found(scope: Scope, name: str) -> Mapping[str, Ratio | RatioTable]:
    """Measure by the rules of one function, in the numbers that the standard gives them."""
    layers, people = scope.city.layers, _people(scope)
    parks, homes, crs = layers["parks"], layers["residential"], scope.terrain.crs
    if name in RULES:
        counting = Counting(homes, people, None, crs, beside=(parks, "green"))
        return straight(counting, [_asked(scope, rule) for rule in RULES[name]], parks)
    counting = Counting(
        homes,
        people,
        None,
        crs,
        beside=(parks, "parks"),
        paths=layers.get("paths"),
        entrances=layers.get("entrances") if "paths" in layers else None,
    )
    circles = [replace(c, reach=_asked(scope, c.reach)) for c in living_circle_rules()]
    wider = pairwise([circle.reach for circle in circles])
    if any(a.least_m2 < b.least_m2 or a.least_width_m < b.least_width_m for a, b in wider):
        raise InputError(
            "较大生活圈的公园面积、宽度下限不能小于较小生活圈。",
            "The parks of a wider living circle are no smaller or narrower than those of a lesser.",
            expected="15 min >= 10 min >= 5 min",
            found=tuple((c.reach.least_m2, c.reach.least_width_m) for c in circles),
        )
    return in_circles(counting, circles, parks, people=people is not None)


def _asked(scope: Scope, rule: ReachRule) -> ReachRule:
    """Return a rule in the numbers of the standard, with what the user entered in its note."""
    names = {"least_m2": "area_min_m2", "within_m": "within_m", "least_width_m": "width_min_m"}
    said = {key: scope.parameter(rule.indicator, name) for key, name in names.items()}
    numbers: dict[str, Any] = {
        key: scope.number(rule.indicator, name, getattr(rule, key)) for key, name in names.items()
    }
    zh, en = rule.note.zh, rule.note.en
    for source in entered(*said.values()):
        if source.note is not None:
            zh = f"{zh}；{source.name}：{source.note.zh}"
            en = f"{en}; {source.name}: {source.note.en}"
    return replace(rule, **numbers, note=Text(zh=zh, en=en))


def _people(scope: Scope) -> Any:
    """Return what tells persons by place: the raster, or districts that all have a number."""
    if scope.city.population_raster is not None:
        return scope.city.population_raster
    districts = scope.city.layers.get("districts")
    if districts is None or "population" not in districts or districts["population"].isna().any():
        return None
    return districts[["population", "geometry"]]
