"""Ratios and tables of them: halves, bounds, totals and what they refuse."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from math import inf, isnan, nan

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import MultiPolygon, Polygon, box

from greenspace.errors import InputError
from greenspace.model.quantity import UNDEFINED, UNSEEN, Ratio, RatioTable
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text

PLANE = CRS.from_epsg(6933)
WORD = Text(zh="词", en="word")
SOURCE, OTHER = Source(role="parks", name="a"), Source(role="image", name="b")
FINDING = Finding(code="overlap", text=WORD)
AREA = st.floats(0, 1e9)
HALVES = st.lists(st.tuples(AREA, AREA, AREA), min_size=1, max_size=6)


def ratio(numerator, denominator, **facts):
    return Ratio("green_coverage", numerator, denominator, "1", PLANE, **facts)


def strip(count, index=None):
    shapes = [box(i, 0, i + 1, 1) for i in range(count)]
    return GeoDataFrame({"name": list("abcdefgh"[:count])}, geometry=shapes, crs=PLANE, index=index)


def table(halves, zones=None, **facts):
    numerator, denominator = np.array(halves, dtype=float).reshape(-1, 2).T
    zones = strip(len(halves)) if zones is None else zones
    return RatioTable("green_coverage", zones, numerator, denominator, "1", PLANE, **facts)


# --- a ratio by hand


@pytest.mark.parametrize(
    ("halves", "unseen", "value", "bounds"),
    [
        ((30, 100), None, 0.3, (0.3, 0.3)),
        ((30, 100), 0.0, 0.3, (0.3, 0.3)),
        ((30, 100), 100.0, 0.3, (0.15, 0.65)),  # 30 / 200, 130 / 200
        ((0, 100), 300.0, 0.0, (0.0, 0.75)),
        ((100, 100), 300.0, 1.0, (0.25, 1.0)),
    ],
)
def test_value_and_bounds(halves, unseen, value, bounds):
    found = ratio(*halves, unseen=unseen)
    assert (found.value, found.bounds, found.reason) == (value, bounds, None)


def test_zero_undefined_and_unseen_are_three_things():
    zero, undefined, unseen = ratio(0, 5), ratio(0, 0), ratio(0, 0, unseen=9.0)
    assert (zero.value, zero.reason) == (0, None)
    assert isnan(undefined.value)
    assert undefined.reason == UNDEFINED
    assert all(map(isnan, undefined.bounds))
    assert isnan(unseen.value)
    assert unseen.reason == UNSEEN
    assert unseen.bounds == (0, 1)
    assert ratio(5, 0, undefined=WORD).reason == WORD
    assert isnan(ratio(5, 0).value)  # never infinite


def test_ratio_is_frozen_and_grows_by_copies():
    first = ratio(1, 2, unseen=3.0, place="east")
    second = first.with_findings(FINDING).with_sources(SOURCE).with_sources(OTHER)
    assert (first.findings, first.sources) == ((), ())
    assert (second.findings, second.sources) == ((FINDING,), (SOURCE, OTHER))
    assert (second.unseen, second.place, second.value) == (3.0, "east", 0.5)
    with pytest.raises(FrozenInstanceError):
        first.numerator = 2.0


def test_frame_of_a_ratio():
    row = ratio(1, 4).to_frame()
    assert row[["numerator", "denominator", "value"]].to_numpy().tolist() == [[1, 4, 0.25]]
    assert "unseen" not in row.columns
    assert ratio(1, 4, unseen=0.0).to_frame()["unseen"].tolist() == [0]


@pytest.mark.parametrize("wrong", [nan, inf, -inf, -1e-9])
@pytest.mark.parametrize("half", ["numerator", "denominator", "unseen"])
def test_refuses_halves_that_are_no_areas(half, wrong):
    halves = {"numerator": 1.0, "denominator": 2.0, "unseen": 0.0, half: wrong}
    with pytest.raises(InputError) as caught:
        Ratio("i", unit="1", crs=None, **halves)
    assert caught.value.found is wrong
    assert half in caught.value.problem.zh
    assert half in caught.value.problem.en


# --- a table by hand


def test_only_a_difference_of_temperatures_may_be_negative():
    cooler = Ratio("heat_island", -0.7, 1.0, "degC", None)
    assert (cooler.value, cooler.bounds) == (-0.7, (-0.7, -0.7))
    for unit, halves in (("1", (-0.7, 1.0)), ("degC", (0.7, -1.0)), ("degC", (-inf, 1.0))):
        with pytest.raises(InputError):
            Ratio("heat_island", *halves, unit, None)


def test_total_divides_the_sums():
    # 1/4 and 9/12: the sums give 10/16, the mean of ratios would give 0.5
    total = table([(1, 4), (9, 12)], sources=(SOURCE,), findings=(FINDING,)).total()
    assert (total.numerator, total.denominator, total.value) == (10, 16, 0.625)
    assert (total.sources, total.findings, total.place) == ((SOURCE,), (FINDING,), None)


def test_total_of_imagery_carries_what_is_unseen():
    total = table([(1, 4), (0, 0)], unseen=[0, 6]).total()
    assert (total.value, total.unseen, total.bounds) == (0.25, 6, (0.1, 0.7))


def test_frame_has_the_zones_and_the_bounds():
    zones = strip(3, index=["x", "y", "x"])
    frame = table([(1, 4), (0, 0), (2, 2)], zones, unseen=[4, 5, 0]).to_frame()
    assert frame.index.tolist() == ["x", "y", "x"]
    assert frame["name"].tolist() == ["a", "b", "c"]
    assert frame["low"].tolist() == [0.125, 0, 1]
    assert frame["high"].tolist() == [0.625, 1, 1]
    assert frame["value"].isna().tolist() == [False, True, False]
    assert frame["unseen"].tolist() == [4, 5, 0]


def test_rows_are_ratios_with_a_place():
    found = table([(1, 4), (3, 4)], strip(2, index=["x", "y"]), unseen=[0, 4])
    assert (found.ratio(1).value, found.ratio(1).place, found.ratio(1).unseen) == (0.75, "y", 4)
    assert found.ratio(0, place="east").place == "east"
    assert found.value.to_dict() == {"x": 0.25, "y": 0.75}


def test_take_on_and_sourced_keep_the_numbers():
    found = table([(1, 4), (0, 0), (2, 2)], unseen=[4, 5, 0], sources=(SOURCE,), capped=WORD)
    taken = found.take([2, 0])
    assert taken.to_frame()["numerator"].tolist() == [2, 1]
    assert taken.to_frame()["unseen"].tolist() == [0, 4]
    assert (taken.capped, len(taken), taken.to_frame()["name"].tolist()) == (WORD, 2, ["c", "a"])
    moved = found.on(strip(3, index=[7, 8, 9]), sources=(OTHER,), findings=(FINDING,))
    assert moved.value.index.tolist() == [7, 8, 9]
    assert (moved.sources, moved.findings) == ((SOURCE, OTHER), (FINDING,))
    assert (moved.capped, moved.to_frame()["unseen"].tolist()) == (WORD, [4, 5, 0])
    assert (found.sourced((OTHER,)).sources, found.sources) == ((OTHER,), (SOURCE,))
    assert found.sourced(()).to_frame().equals(found.to_frame())


def test_series_of_zones_and_no_zones_will_do():
    frame = table([(1, 2)], GeoSeries([box(0, 0, 1, 1)], index=["z"], crs=PLANE)).to_frame()
    assert frame.loc["z", "value"] == 0.5
    empty = table([], strip(0), unseen=[])
    assert (len(empty), empty.to_frame().empty, isnan(empty.total().value)) == (0, True, True)


def test_table_shares_nothing_with_its_makers():
    zones, numerator = strip(2), np.array([1.0, 2.0])
    found = RatioTable("i", zones, numerator, [4, 4], "1", PLANE)
    numerator[0] = 4
    zones["name"] = "changed"
    frame = found.to_frame()
    frame["numerator"] = 99
    frame = found.to_frame()
    assert frame["numerator"].tolist() == [1, 2]
    assert frame["name"].tolist() == ["a", "b"]
    assert zones.columns.tolist() == ["name", "geometry"]


# --- by property


@given(numerator=AREA, denominator=AREA, unseen=AREA)
def test_bounds_lie_around_the_value(numerator, denominator, unseen):
    green = min(numerator, denominator)
    found = ratio(green, denominator, unseen=unseen)
    low, high = found.bounds
    if denominator + unseen > 0:
        assert 0 <= low <= high <= 1 + 1e-12
    if denominator > 0 and not isnan(found.value):
        assert low <= found.value * (1 + 1e-12)
        assert found.value <= high * (1 + 1e-12)


@given(halves=HALVES, start=st.integers(0, 5))
def test_total_is_that_of_any_order_and_of_its_parts(halves, start):
    pairs, unseen = [row[:2] for row in halves], [row[2] for row in halves]
    found = table(pairs, unseen=unseen)
    turned = [(i + start) % len(halves) for i in range(len(halves))]
    total, other = found.total(), found.take(turned).total()
    for half, column in (("numerator", 0), ("denominator", 1), ("unseen", 2)):
        whole = sum(row[column] for row in halves)
        assert getattr(total, half) == pytest.approx(whole, rel=1e-12)
        assert getattr(other, half) == pytest.approx(whole, rel=1e-12)


# --- by refusal


def test_total_refuses_zones_that_overlap():
    zones = GeoSeries([box(0, 0, 2, 1), box(1, 0, 3, 1)], crs=PLANE)
    with pytest.raises(InputError) as caught:
        table([(1, 2), (1, 2)], zones).total()
    assert caught.value.found == 1.0
    assert caught.value.problem.zh
    assert caught.value.problem.en
    assert caught.value.remedy is not None


def test_total_looks_for_overlaps_among_invalid_missing_and_empty_zones():
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    apart = GeoSeries([bow, None, MultiPolygon(), box(5, 5, 6, 6)], crs=PLANE)
    assert table([(1, 2)] * 4, apart).total().value == 0.5
    # the left triangle of the bow lies in the box: 1 m2
    over = GeoSeries([bow, box(0, 0, 1, 2)], crs=PLANE)
    with pytest.raises(InputError) as caught:
        table([(1, 2)] * 2, over).total()
    assert caught.value.found == pytest.approx(1)


def test_total_refuses_rows_under_a_cap():
    with pytest.raises(InputError) as caught:
        table([(1, 2)], capped=WORD).total()
    assert caught.value.problem.en.startswith("word")
    assert caught.value.problem.zh.startswith("词")
    assert "zones=None" in caught.value.remedy.en


@pytest.mark.parametrize("wrong", [nan, inf, -1.0])
def test_table_refuses_halves_that_are_no_areas_by_row(wrong):
    zones = strip(2, index=["x", "y"])
    for halves in ({"numerator": [1, wrong]}, {"denominator": [1, wrong]}, {"unseen": [1, wrong]}):
        facts = {"numerator": [1, 1], "denominator": [2, 2], **halves}
        with pytest.raises(InputError) as caught:
            RatioTable("i", zones, unit="1", crs=PLANE, **facts)
        assert caught.value.rows == ("y",)


def test_table_refuses_too_few_numbers():
    with pytest.raises(InputError) as caught:
        RatioTable("i", strip(2), [1], [2], "1", PLANE)
    assert caught.value.rows == ()
