"""Judging: numbers measured one by one against a standard, and who measures those that lack."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import Point, box

import greenspace as gs
from greenspace.errors import DefinitionError, InputError
from greenspace.judging import not_measured
from greenspace.model.quantity import Ratio
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.model.yardsticks import MEASURED_BY
from greenspace.read.definitions import read_indicators

OWN = """
id      = "OUR-W"
title   = { zh = "自订", en = "Own yardsticks" }
extends = "CN-2010"

[[criterion]]
indicator = "who_300"
level     = "basic"
operator  = ">="
value     = 0.70
mark      = "user"
source    = { document = "WHO", page = 1 }

[[criterion]]
indicator = "living_circle_15_green"
level     = "basic"
operator  = ">="
value     = 2.0
mark      = "user"
source    = { document = "GB 50180", page = 1 }
"""
GREEN = GeoDataFrame(geometry=[box(0, 0, 500, 100)], crs=6933)
HOMES = GeoDataFrame({"P": [30, 10]}, geometry=[Point(550, 0), Point(900, 0)], crs=6933)


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return str(path)


def of(table, indicator):
    return table.set_index("indicator").loc[indicator]


def ratio(indicator, value, **more):
    return Ratio(indicator, value, 1.0, "1", None, **more)


def test_yardsticks_are_judged_by_a_standard_of_ones_own(own):
    found = gs.who_300(GREEN, HOMES, population="P")  # 30 of 40
    table = gs.judge(found | gs.living_circles(GREEN, HOMES, population="P"), own)
    row = of(table, "who_300")
    assert (row["value"], row["threshold"], row["verdict"]) == (0.75, 0.70, "pass")
    assert (row["margin"], row["mark"], row["standard"]) == (pytest.approx(0.05), "user", "OUR-W")
    assert of(table, "living_circle_15_green")["verdict"] == "pass"  # 50 000 m2 for 40 persons
    assert of(table, "green_coverage")["verdict"] == "not_assessable"


def test_the_table_has_the_columns_of_a_check(own):
    from greenspace.present.tables import COLUMNS

    assert tuple(gs.judge([], own).columns) == COLUMNS


def test_a_row_whose_number_lacks_names_the_function_that_measures_it(own):
    table = gs.judge([], own)
    assert "gs.living_circles" in of(table, "living_circle_15_green")["reason"]
    assert "gs.living_circles" in of(table, "living_circle_15_green")["reason_zh"]
    assert np.isnan(of(table, "living_circle_15_green")["value"])


def test_what_a_check_does_not_measure_is_told_truly():
    for function, indicators in MEASURED_BY.items():
        assert hasattr(gs, function.removeprefix("gs."))
        for indicator in indicators:
            assert function in not_measured(indicator).en
            assert function in not_measured(indicator).zh
            assert indicator in read_indicators()
    assert "Not measured from layers" in not_measured("sewage_treatment").en


def test_every_yardstick_has_its_function():
    town = GeoDataFrame(geometry=[box(0, 0, 900, 900)], crs=6933)
    found = {
        "gs.who_300": gs.who_300(GREEN, HOMES),
        "gs.angst": gs.angst(GREEN, HOMES),
        "gs.sdg_11_7_1": gs.sdg_11_7_1(GREEN, GREEN, town, homes=HOMES),
        "gs.living_circles": gs.living_circles(GREEN, HOMES, population="P"),
        "gs.three_thirty_three_hundred": gs.three_thirty_three_hundred(
            HOMES, HOMES, town, GREEN, view_m=10, neighbourhood_m=10
        ),
    }
    for function, ratios in found.items():
        for indicator in ratios:
            assert function in not_measured(indicator).en


def test_findings_of_judged_ratios_come_along():
    said = Finding(code="x", text=Text(zh="某事", en="something"))
    other = Finding(code="y", text=Text(zh="某事", en="something"))
    ratios = [
        ratio("green_coverage", 0.4, findings=(said,)),
        ratio("who_300", 1.0, findings=(other,)),
    ]
    assert gs.judge(ratios, "CN-2010").attrs["findings"] == (said,)


def test_a_level_is_named_behind_the_standard():
    verdicts = [
        of(gs.judge([ratio("green_coverage", 0.37)], name), "green_coverage")["verdict"]
        for name in ("CN-2010", "CN-2010:higher")  # 36 and 40 %
    ]
    assert verdicts == ["pass", "fail"]


def test_facts_decide_which_threshold_is_meant():
    park = Ratio("park_area_per_capita", 8.0, 1.0, "m2/person", None)
    told = {"construction_land_per_head_m2": 90.0}
    assert of(gs.judge([park], "CN-2010"), "park_area_per_capita")["verdict"] == "not_assessable"
    row = of(gs.judge([park], "CN-2010", facts=told), "park_area_per_capita")
    assert row["verdict"] in {"pass", "fail"}


# --- by refusal


def test_coverage_by_the_tiers_of_another_standard_is_refused():
    coverage = gs.service_coverage(GREEN, GREEN, tiers=((1000, 500),))
    with pytest.raises(InputError) as refused:
        gs.judge([coverage], "CN-2022")
    assert refused.value.found == ">= 1000 m2: 500 m"
    same = gs.service_coverage(GREEN, GREEN, tiers=((400, 300), (5000, 500)))
    assert of(gs.judge([same], "CN-2022"), "service_coverage")["value"] == 1.0


@pytest.mark.parametrize(
    "ratios",
    [
        None,
        5,
        "who_300",
        ["who_300"],
        {"who_300": 0.7},
        {"green_coverage": ratio("who_300", 0.7)},
        [ratio("who_300", 0.7), ratio("who_300", 0.8)],
        ratio("who_300", 0.7),
    ],
)
def test_what_is_no_ratio_of_its_own_name_is_refused(ratios):
    with pytest.raises(InputError):
        gs.judge(ratios, "CN-2010")


def test_zones_and_unknown_facts_and_standards_are_refused():
    table = gs.who_300(GREEN, HOMES, zones=GREEN)
    with pytest.raises(InputError) as refused:
        gs.judge(table, "CN-2010")
    assert refused.value.found == "RatioTable"
    with pytest.raises(InputError) as unknown:
        gs.judge([], "CN-2010", facts={"regoin": "south"})
    assert unknown.value.found == ("regoin",)
    with pytest.raises(DefinitionError):
        gs.judge([], "CN-1900")
