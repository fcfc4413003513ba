"""Parks by class: comprehensive and community parks apart, by hand, by refusal and beside shapely."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import greenspace as gs
from greenspace.errors import ColumnError, InputError

CODES = {
    "2002": ["G1", "G111", "G112", "G121", "G122", "G137", "G15"],
    "2017": ["G11", "G12", "G14"],
}


def parks(*rows, names=None, gap=500):
    """Return parks of (code, square metres), apart from each other."""
    step = 500 + gap
    shapes = [box(step * i, 0, step * i + 500, area / 500) for i, (_, area) in enumerate(rows)]
    columns = {"class": [code for code, _ in rows]}
    if names is not None:
        columns["name"] = names
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=6933)


def codes(ratio):
    return {finding.code for finding in ratio.findings}


# --- by hand


def test_each_class_is_divided_by_all_persons():
    # 12 ha + 11 ha of comprehensive parks, 2 ha of community parks, 0.5 ha of a small garden
    layer = parks(("G11", 120_000), ("G11", 110_000), ("G12", 20_000), ("G14", 5_000))

    found = gs.park_area_by_class(layer, 10_000, edition="2017")

    assert {code: round(ratio.value, 9) for code, ratio in found.items()} == {
        "G11": 23.0,
        "G12": 2.0,
        "G14": 0.5,
    }
    assert found["G11"].indicator == "comprehensive_park_per_capita"
    assert found["G12"].indicator == "community_park_per_capita"
    assert (found["G11"].numerator, found["G11"].denominator) == (pytest.approx(230_000), 10_000)


def test_subclasses_of_2002_belong_to_their_middle_class():
    layer = parks(("G111", 150_000), ("G112", 120_000), ("G121", 30_000), ("G122", 2_000))

    found = gs.park_area_by_class(layer, 10_000, edition="2002")

    assert round(found["G11"].value, 9) == 27.0
    assert round(found["G12"].value, 9) == 3.2


def test_the_two_judged_classes_are_there_without_a_park():
    found = gs.park_area_by_class(parks(("G14", 5_000)), 10_000, edition="2017")

    assert found["G11"].value == found["G12"].value == 0.0


def test_zones_cut_parks_and_have_their_own_persons():
    layer = parks(("G11", 120_000))  # 500 x 240 m
    zones = gpd.GeoDataFrame(
        {"POP": [6_000, 3_000]}, geometry=[box(0, 0, 100, 240), box(100, 0, 500, 240)], crs=6933
    )

    found = gs.park_area_by_class(layer, "POP", edition="2017", zones=zones)

    assert found["G11"].value.round(9).tolist() == [4.0, 32.0]


@pytest.mark.parametrize(
    ("code", "area", "told"),
    [
        ("G11", 100_000, True),  # exactly 10 ha is not more than 10 ha
        ("G11", 100_001, False),
        ("G12", 10_000, True),
        ("G12", 10_001, False),
        ("G14", 400, False),  # no size is asked of a small garden
    ],
)
def test_parks_below_the_size_of_the_law_are_told_and_count(code, area, told):
    found = gs.park_area_by_class(parks((code, area)), 1_000, edition="2017")

    assert ("park_undersized" in codes(found[code])) == told
    assert found[code].numerator == pytest.approx(area)


def test_rows_of_one_park_are_large_together():
    halves = parks(("G11", 60_000), ("G11", 60_000), names=["东园", "东园"], gap=100)

    assert "park_undersized" not in codes(gs.park_area_by_class(halves, 1, edition="2017")["G11"])


def test_squares_and_regional_green_are_no_parks():
    layer = parks(("G11", 120_000), ("G3", 9_000), ("EG12", 900_000))

    found = gs.park_area_by_class(layer, 10_000, edition="2017")

    assert set(found) == {"G11", "G12"}
    told = next(f for f in found["G11"].findings if f.code == "class_no_park")
    assert told.rows == (1, 2)
    assert told.area_m2 == pytest.approx(909_000)


def test_parks_coded_g1_alone_stand_apart_and_are_told():
    found = gs.park_area_by_class(parks(("G1", 50_000), ("G12", 20_000)), 10_000, edition="2017")

    assert round(found["G1"].value, 9) == 5.0
    assert round(found["G12"].value, 9) == 2.0
    assert "park_class_unsaid" in codes(found["G11"])


def test_rows_of_one_name_are_one_comprehensive_park():
    layer = parks(*[("G11", 60_000)] * 3, ("G12", 20_000), names=["东园", " 东园", "西园", "小园"],
                  gap=100)  # fmt: skip

    ratio = gs.comprehensive_parks_per_10k(layer, 50_000, edition="2017")

    assert (ratio.numerator, ratio.denominator) == (2, 5)
    assert ratio.value == 0.4
    assert "park_of_several_rows" in codes(ratio)


def test_far_parks_of_one_name_are_several_and_are_told():
    layer = parks(*[("G11", 60_000)] * 2, names=["人民公园", "人民公园"], gap=100.1)

    ratio = gs.comprehensive_parks_per_10k(layer, 10_000, edition="2017")

    assert ratio.numerator == 2
    assert next(f for f in ratio.findings if f.code == "parks_of_one_name").rows == (0, 1)
    assert "park_undersized" in codes(ratio)


def test_rows_of_one_name_and_another_class_are_other_parks():
    layer = parks(("G11", 95_000), ("G14", 10_000), names=["甲", "甲"], gap=0)

    assert "park_undersized" in codes(gs.park_area_by_class(layer, 1, edition="2017")["G11"])


def test_a_size_on_the_edge_is_on_it_whatever_the_rounding_of_coordinates():
    edge = parks(("G11", 100_000 * (1 - 1e-11)))
    over = parks(("G11", 100_000 * (1 + 1e-11)))

    least = gs.comprehensive_parks_per_10k(edge, 1, edition="2017", least_m2=100_000)
    assert least.numerator == 1
    assert "park_undersized" in codes(gs.park_area_by_class(over, 1, edition="2017")["G11"])


def test_ground_of_two_classes_is_of_the_one_that_is_listed_first():
    shapes = [box(0, 0, 500, 300), box(100, 100, 200, 200), box(450, 0, 550, 100)]
    layer = gpd.GeoDataFrame({"class": ["G11", "G12", "G12"]}, geometry=shapes, crs=6933)

    found = gs.park_area_by_class(layer, 10_000, edition="2017")

    assert (found["G11"].numerator, found["G12"].numerator) == (150_000, 5_000)


def test_codes_that_are_not_listed_are_told():
    found = gs.park_area_by_class(parks(("G113", 5_000)), 1, edition="2002")["G11"]

    assert "class_unlisted" in codes(found)


def test_rows_without_a_name_are_parks_of_their_own():
    layer = parks(*[("G11", 120_000)] * 3, names=["", None, "东园"])

    assert gs.comprehensive_parks_per_10k(layer, 30_000, edition="2017").numerator == 3


def test_parks_with_no_ground_in_the_built_up_area_are_not_counted():
    layer = parks(*[("G11", 120_000)] * 3)  # at x = 0, 1000 and 2000
    town = gpd.GeoSeries([box(400, 0, 1000, 300)], crs=6933)  # touches the second

    found = gs.comprehensive_parks_per_10k(layer, 10_000, edition="2017", built_up=town)

    assert found.numerator == 1


def test_a_least_size_is_inclusive_and_of_the_whole_park():
    layer = parks(("G11", 100_000), ("G11", 99_999), ("G11", 50_000), ("G11", 50_000),
                  names=["a", "b", "c", "c"], gap=30)  # fmt: skip

    found = gs.comprehensive_parks_per_10k(layer, 10_000, edition="2017", least_m2=100_000)

    assert found.numerator == 2


def test_a_city_without_persons_has_no_value_but_a_reason():
    ratio = gs.comprehensive_parks_per_10k(parks(("G11", 120_000)), 0, edition="2017")

    assert np.isnan(ratio.value)
    assert ratio.reason is not None


# --- by refusal


def test_parks_without_codes_are_refused():
    bare = parks(("G11", 120_000)).drop(columns="class")

    with pytest.raises(ColumnError) as caught:
        gs.park_area_by_class(bare, 10_000, edition="2017")
    assert caught.value.column == "class"


def test_an_unknown_code_names_row_and_nearest_code():
    with pytest.raises(ColumnError) as caught:
        gs.park_area_by_class(parks(("G11", 1), ("C11", 1)), 10_000, edition="2017")
    assert caught.value.rows == (1,)
    assert caught.value.expected == "G11"


@pytest.mark.parametrize("edition", ["2010", ""])
def test_an_unknown_edition_is_refused(edition):
    with pytest.raises(gs.GreenspaceError):
        gs.park_area_by_class(parks(("G11", 1)), 10_000, edition=edition)


@pytest.mark.parametrize("least", [-1.0, float("nan"), float("inf"), "10 ha"])
def test_a_least_size_that_is_no_size_is_refused(least):
    with pytest.raises(InputError):
        gs.comprehensive_parks_per_10k(parks(("G11", 1)), 1, edition="2017", least_m2=least)


# --- by property, beside shapely alone


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), edition=st.sampled_from(["2002", "2017"]))
def test_classes_are_those_that_shapely_alone_finds(seed, edition):
    rng = np.random.default_rng(seed)
    west, south = rng.uniform(0, 1000, (2, 12))
    shapes = shapely.box(
        west, south, west + rng.uniform(1, 400, 12), south + rng.uniform(1, 400, 12)
    )
    codes = rng.choice(CODES[edition], 12)
    layer = gpd.GeoDataFrame({"class": codes}, geometry=shapes, crs=6933)

    found = gs.park_area_by_class(layer, 1_000, edition=edition)

    every = sum(ratio.numerator for ratio in found.values())
    assert every == pytest.approx(shapely.union_all(shapes).area)
    for code in ("G11", "G12"):
        stronger = shapely.union_all(shapes[codes < code])
        own = shapely.union_all(shapes[[str(each).startswith(code) for each in codes]])
        assert found[code].numerator == pytest.approx(own.difference(stronger).area)
