"""Park area per head, by hand and by property."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from greenspace.errors import InputError
from greenspace.measure.per_capita import park_area_per_capita, park_area_per_capita_by_zone

PERSONS = st.floats(1, 1e7)
SIDE = st.integers(1, 500)
ZONES = GeoDataFrame(geometry=[box(0, 0, 100, 100), box(100, 0, 300, 100)], crs=6933)


def parks(*shapes):
    return GeoSeries(list(shapes), crs=6933)


def by_zone(shapes, residents, zones=ZONES):
    return park_area_per_capita_by_zone(shapes, np.array(residents, dtype=float), zones)


# --- by hand


def test_overlap_counts_once():
    # 10 000 + 10 000 - 5 000 shared = 15 000 m2 for 1 250 persons = 12 m2 each
    ratio = park_area_per_capita(parks(box(0, 0, 100, 100), box(50, 0, 150, 100)), 1250)
    assert (ratio.numerator, ratio.denominator, ratio.value) == (15_000.0, 1250.0, 12.0)
    assert (ratio.unit, ratio.indicator) == ("m2/person", "park_area_per_capita")


def test_lake_in_a_park_is_outside_only_where_it_was_cut_out():
    # a drawn hole is no park: 10 000 - 2 500
    holed = box(0, 0, 100, 100).difference(box(25, 25, 75, 75))
    assert park_area_per_capita(parks(holed), 1000).value == 7.5


def test_park_across_two_zones_is_cut_at_their_line():
    # a strip of 10 m: 100 x 10 in the first zone, 150 x 10 of its 200 m in the second
    table = by_zone(parks(box(0, 0, 250, 10)), [100, 500])
    assert table.value.tolist() == [10.0, 3.0]
    assert table.total().value == 2500 / 600  # of the sums; the mean of ratios would be 6.5


def test_nobody_leaves_the_value_undefined():
    ratio = park_area_per_capita(parks(box(0, 0, 10, 10)), 0)
    assert (ratio.numerator, ratio.denominator) == (100.0, 0.0)
    assert np.isnan(ratio.value)
    assert ratio.reason.zh
    assert ratio.reason.en
    table = by_zone(parks(box(0, 0, 10, 10)), [0, 20])
    assert np.isnan(table.value[0])
    assert table.value[1] == 0


def test_no_parks_are_zero_not_undefined():
    ratio = park_area_per_capita(parks(), 10)
    assert (ratio.value, ratio.reason) == (0.0, None)


def test_negative_or_unknown_populations_are_refused():
    for wrong in (-1, np.nan, np.inf):
        with pytest.raises(InputError) as caught:
            park_area_per_capita(parks(box(0, 0, 1, 1)), wrong)
        assert caught.value.expected == "a finite number >= 0"
        with pytest.raises(InputError) as caught:
            by_zone(parks(box(0, 0, 1, 1)), [5, wrong])
        assert caught.value.rows == (1,)
        assert caught.value.problem.zh
        assert caught.value.problem.en


# --- by property


@given(width=SIDE, height=SIDE, residents=PERSONS)
def test_twice_the_residents_halve_the_value(width, height, residents):
    park = parks(box(0, 0, width, height))
    once = park_area_per_capita(park, residents).value
    assert park_area_per_capita(park, 2 * residents).value == pytest.approx(once / 2, rel=1e-12)


@given(width=SIDE, height=SIDE, cut=st.floats(0.01, 0.99))
def test_cutting_and_repeating_parks_change_nothing(width, height, cut):
    x = width * cut
    whole = parks(box(0, 0, width, height))
    cut_up = parks(box(0, 0, x, height), box(x, 0, width, height), box(0, 0, x, height))
    expected = park_area_per_capita(whole, 77).value
    assert park_area_per_capita(cut_up, 77).value == pytest.approx(expected, rel=1e-12)


@given(
    boxes=st.lists(st.tuples(SIDE, SIDE, SIDE), max_size=5),
    residents=st.tuples(PERSONS, PERSONS),
)
def test_total_is_the_ratio_of_the_sums(boxes, residents):
    shapes = parks(*(box(x - 300, -50, x - 300 + w, h) for x, w, h in boxes))
    total = by_zone(shapes, residents).total()
    inside = shapes.intersection(box(0, 0, 300, 100))
    city = park_area_per_capita(inside, sum(residents))
    assert total.numerator == pytest.approx(city.numerator, abs=1e-6)
    assert total.value == pytest.approx(city.value, rel=1e-9, abs=1e-12)


def test_inputs_are_left_as_they_were():
    shapes, zones, residents = parks(box(0, 0, 50, 50)), ZONES.copy(), np.array([1.0, 2.0])
    table = by_zone(shapes, residents)
    table.to_frame()["value"] = 9.0
    assert ZONES.geom_equals_exact(zones, 0).all()
    assert ZONES.columns.tolist() == ["geometry"]
    assert residents.tolist() == [1.0, 2.0]
    residents[0] = 1000  # and the table does not follow later changes
    assert table.value.tolist() == [2500.0, 0.0]
