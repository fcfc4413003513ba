"""Intervals: the mapped value stands, the error-adjusted one stands beside it, and why not."""

from __future__ import annotations

from math import isnan, nan

import pytest
from geopandas import GeoDataFrame
from pyproj import CRS
from shapely import box

from greenspace.errors import InputError
from greenspace.model.quantity import NO_REFERENCE, SYNTHETIC, Interval, Ratio, RatioTable
from greenspace.model.ratio_table import NOT_ADDED
from greenspace.model.words import Text

PLANE = CRS.from_epsg(6933)
WHY = Text(zh="无", en="none")
DIRECT = Interval(0.2, 0.24, estimate=0.22, points=60)
BORROWED = Interval.synthetic(0.35, points=4)


def ratio(**facts):
    return Ratio("green_coverage", 30.0, 100.0, "1", PLANE, **facts)


def table(**facts):
    zones = GeoDataFrame(geometry=[box(i, 0, i + 1, 1) for i in range(3)], crs=PLANE)
    return RatioTable("green_coverage", zones, [1, 2, 3], [4, 4, 4], "1", PLANE, **facts)


def test_the_mapped_value_may_lie_outside_the_interval():
    found = ratio(unseen=0.0, interval=DIRECT)

    assert (found.value, found.interval.low, found.interval.high) == (0.3, 0.2, 0.24)
    assert found.no_interval is None


def test_every_ratio_from_imagery_says_why_it_has_no_interval():
    assert ratio(unseen=0.0).no_interval == NO_REFERENCE
    assert ratio(unseen=0.0, no_interval=WHY).no_interval == WHY
    assert ratio().no_interval is None  # no image behind it
    assert table(unseen=[0, 0, 0]).ratio(1).no_interval == NO_REFERENCE
    assert table().ratio(1).no_interval is None


def test_an_interval_takes_the_place_of_the_reason():
    assert ratio(interval=DIRECT, no_interval=WHY).no_interval is None


@pytest.mark.parametrize("ends", [(0.3, 0.4), (0.1, 0.2), (nan, 0.4), (0.4, 0.1)])
def test_refuses_ends_that_do_not_hold_the_estimate(ends):
    with pytest.raises(InputError) as caught:
        Interval(*ends, estimate=0.25)
    assert caught.value.expected == "low <= estimate <= high"


@pytest.mark.parametrize(
    "facts",
    [
        {"low": 0.1, "high": 0.3, "confidence": None, "method": "synthetic"},
        {"low": nan, "high": nan, "confidence": 0.95, "method": "synthetic"},
        {"low": 0.1, "high": 0.3, "confidence": None},
    ],
)
def test_a_synthetic_estimate_has_neither_ends_nor_confidence(facts):
    with pytest.raises(InputError):
        Interval(**facts, estimate=0.25)


def test_intervals_go_with_their_rows():
    found = table(unseen=[0, 0, 0]).assessed([DIRECT, WHY, BORROWED])

    assert [found.ratio(i).interval for i in (0, 1)] == [DIRECT, None]
    assert found.ratio(2).interval is BORROWED
    assert [found.ratio(i).no_interval for i in range(3)] == [None, WHY, SYNTHETIC]
    assert found.take([2, 0]).intervals == (BORROWED, DIRECT)
    assert found.on(found.to_frame()).intervals == found.intervals
    assert found.sourced(()).intervals == found.intervals
    assert table(unseen=[0, 0, 0], intervals=WHY).intervals == (WHY,) * 3


def test_a_table_takes_one_interval_a_zone():
    with pytest.raises(InputError) as caught:
        table(intervals=[DIRECT])
    assert (caught.value.expected, caught.value.found) == (3, 1)


def test_the_total_adds_no_intervals_up():
    seen = {"unseen": [0, 0, 0]}
    assert table(**seen, intervals=[DIRECT] * 3).total().no_interval == NOT_ADDED
    assert table(**seen, intervals=[DIRECT, WHY, WHY]).total().no_interval == NOT_ADDED
    assert table(**seen, intervals=WHY).total().no_interval == WHY
    assert table().total().no_interval is None


def test_frames_hold_the_estimate_its_interval_or_the_reason():
    frame = table(unseen=[0, 0, 0], intervals=[DIRECT, WHY, BORROWED]).to_frame()

    assert frame["value"].tolist() == [0.25, 0.5, 0.75]
    assert frame["estimate"].fillna(9).tolist() == [0.22, 9, 0.35]
    assert frame["interval_low"].fillna(9).tolist() == [0.2, 9, 9]
    assert frame["interval_high"].fillna(9).tolist() == [0.24, 9, 9]
    assert frame["confidence"].fillna(9).tolist() == [0.95, 9, 9]
    assert frame["interval_method"].tolist() == ["direct", "", "synthetic"]
    assert frame["interval_reason"].tolist() == ["", "none", SYNTHETIC.en]
    assert "estimate" not in table().to_frame().columns

    row = ratio(unseen=0.0).to_frame().iloc[0]
    assert isnan(row["estimate"])
    assert row["interval_reason"] == NO_REFERENCE.en
    assert "estimate" not in ratio().to_frame().columns
