"""Statistics that were published, solved back and judged."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import greenspace as gs
from greenspace.model.quantity import Ratio
from greenspace.read.definitions import list_profiles

GOLDEN = Path(__file__).parent / "golden" / "published_statistics.toml"
DATA = tomllib.loads(GOLDEN.read_text("utf-8"))
CITIES = {city["name"]: city for city in DATA["city"]}
NAMES = ("green_coverage", "green_space_ratio", "park_area_per_capita", "service_coverage")
UNITS = dict.fromkeys(NAMES, "1") | {"park_area_per_capita": "m2/person"}
FACTS = {"region": "south", "population": 166_333, "construction_land_per_head_m2": 90.0}


def solved(area, percent, area_step, percent_step):
    """The built-up areas that an area and its share leave open, by half a last digit each."""
    low, high = percent - percent_step / 2, percent + percent_step / 2
    return 100 * (area - area_step / 2) / high, 100 * (area + area_step / 2) / low


def verdicts(name, standard):
    city = CITIES[name]
    ratios = {key: Ratio(key, city[key], 1.0, UNITS[key], None) for key in NAMES}
    table = gs.judge(ratios, standard=standard, facts=FACTS)
    rows = table if hasattr(table, "itertuples") else table.table
    return dict(zip(rows["indicator"], rows["verdict"], strict=True))


@pytest.mark.parametrize("pair", DATA["pair"], ids=lambda pair: pair["name"])
def test_cover_and_green_lead_back_to_one_built_up_area(pair):
    steps = pair["area_step_ha"], pair["percent_step"]
    cover = solved(pair["cover_ha"], pair["cover_percent"], *steps)
    green = solved(pair["green_ha"], pair["green_percent"], *steps)

    overlap = max(cover[0], green[0]), min(cover[1], green[1])

    assert overlap == pytest.approx(pair["built_up_ha"], rel=2e-5)
    assert overlap[0] < overlap[1]
    middle = sum(overlap) / 2
    ratio = Ratio("green_coverage", pair["cover_ha"] * 1e4, middle * 1e4, "1", None)
    assert 100 * ratio.value == pytest.approx(pair["cover_percent"], abs=pair["percent_step"])
    assert pair["park_ha"] <= pair["green_ha"] <= pair["cover_ha"] <= overlap[0]


def test_an_area_and_a_rate_of_two_extents_do_not_lead_to_one():
    trap = DATA["trap"]
    cover = solved(trap["cover_ha"], trap["cover_percent"], 1000, 0.1)
    green = solved(trap["green_ha"], trap["green_percent"], 1000, 0.1)

    assert cover[0] > green[1]


def judged(name, standard):
    return {key: verdict for key, verdict in verdicts(name, standard).items() if key in NAMES}


@pytest.mark.parametrize(
    "standard",
    [
        f"{profile.id}:{profile.levels[-1]}"
        for profile in list_profiles()
        if profile.id in {"CN-2000", "CN-2005", "CN-2010", "CN-2016", "CN-2022"}
    ],
)
def test_ruili_fails_every_chinese_profile_on_what_it_has_of_cover_and_green(standard):
    found = judged("Ruili", standard)

    assert found["green_coverage"] == "fail"
    assert found.get("green_space_ratio", "fail") in {"fail", "not_assessable"}


def test_changchun_passes_the_law_and_fails_the_eco_city_of_2022():
    law, eco = judged("Changchun 2022", "GB55014-2021"), judged("Changchun 2022", "CN-2022:eco")

    assert (law["park_area_per_capita"], law["service_coverage"]) == ("pass", "pass")
    assert eco["green_coverage"] == "fail"  # 42.17 of 43
    assert eco["park_area_per_capita"] == "fail"  # 13.13 of 14.8
    assert eco["service_coverage"] == "fail"  # 84.05 of 90


def test_changde_passes_cover_and_parks_of_the_eco_city_and_fails_service():
    eco = judged("Changde", "CN-2022:eco")

    assert eco["green_coverage"] == eco["park_area_per_capita"] == "pass"
    assert eco["service_coverage"] == "fail"


@pytest.mark.parametrize("fact", DATA["solved"], ids=lambda fact: fact["name"])
def test_an_area_and_its_share_lead_back_to_the_whole(fact):
    low, high = solved(fact["area_ha"], fact["percent"], fact["area_step_ha"], fact["percent_step"])

    assert low <= fact["whole_ha"] <= high
    assert high - low <= 2 * fact["within_ha"]
    ratio = Ratio("green_coverage", fact["area_ha"] * 1e4, fact["whole_ha"] * 1e4, "1", None)
    assert 100 * ratio.value == pytest.approx(fact["percent"], abs=fact["percent_step"])


@pytest.mark.parametrize("fact", DATA["nested"], ids=lambda fact: fact["name"])
def test_parks_are_part_of_green_and_green_of_cover(fact):
    assert fact["areas_ha"] == sorted(fact["areas_ha"])


def test_parts_come_to_the_whole_within_their_rounding():
    for fact in DATA["sum"]:
        assert fact["parts"] == pytest.approx(fact["whole"], abs=fact["within"])


def test_areas_may_rise_every_year_while_coverage_falls():
    series = DATA["series"]
    for year in zip(series["parks"], series["park_green"], series["green"], strict=True):
        assert list(year) == sorted(year)
    for name in ("parks", "park_green", "green"):
        assert series[name] == sorted(series[name])
    assert series["cover_percent"][6] < series["cover_percent"][0]
