"""Green-space ratio and the cap on other green land, by hand and by property."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import GeometryCollection, LineString, MultiPolygon, Polygon, box

from greenspace.errors import InputError
from greenspace.measure.green_space import green_space_ratio, green_space_ratio_by_zone

PLANE = CRS.from_epsg(6933)
AREA = st.floats(0, 100)
NOTHING = MultiPolygon()
TOWN = box(0, 0, 100, 10)


def ratio_of(inside, adjacent, town=TOWN, cap=0.2):
    return green_space_ratio(inside, adjacent, town, other_green_cap=cap, crs=PLANE)


def by_zone(inside, adjacent, *zones, town=TOWN, cap=0.2):
    places = GeoDataFrame(geometry=list(zones), crs=PLANE)
    return green_space_ratio_by_zone(inside, adjacent, town, places, other_green_cap=cap)


# --- by hand


def test_other_green_counts_up_to_a_fifth_of_the_green_inside(repository):
    golden = tomllib.loads((repository / "tests/golden/vectors.toml").read_text("utf-8"))
    fact = golden["other_green"]
    inside = box(0, 0, fact["inside"], 1)
    adjacent = box(fact["inside"], 0, fact["inside"] + fact["adjacent"], 1)
    town = box(0, 0, fact["built_up"], 1)
    ratio = ratio_of(inside, adjacent, town, fact["cap"])
    assert ratio.value == pytest.approx(fact["value"], abs=1e-15)
    assert all(abs(ratio.value - wrong) > 1e-3 for wrong in fact["not"])
    assert (ratio.unit, ratio.indicator, ratio.crs) == ("1", "green_space_ratio", PLANE)


@pytest.mark.parametrize(
    ("other", "cap", "counted"),
    [(5.9, 0.2, 35.9), (6, 0.2, 36), (6.1, 0.2, 36), (9, 0, 30), (9, 1, 39), (40, 1, 60)],
)
def test_cap_is_reached_exactly(other, cap, counted):
    ratio = ratio_of(box(0, 0, 30, 1), box(30, 0, 30 + other, 1), box(0, 0, 100, 1), cap)
    assert ratio.numerator == pytest.approx(counted, abs=1e-12)
    assert ratio.denominator == 100


def test_other_green_without_green_inside_counts_nothing():
    assert ratio_of(NOTHING, box(0, 0, 9, 1)).value == 0


def test_cap_applies_to_each_zone_on_its_own():
    # west: 200 inside, 100 other, cap 40; east: 100 inside, 10 other, below its cap of 20
    inside, other = box(0, 0, 20, 10).union(box(60, 0, 70, 10)), box(30, 0, 40, 10)
    table = by_zone(inside, other.union(box(90, 0, 91, 10)), box(0, 0, 50, 10), box(50, 0, 100, 10))
    frame = table.to_frame()
    assert frame["numerator"].tolist() == [240.0, 110.0]
    assert frame["denominator"].tolist() == [500.0, 500.0]


def test_rows_under_a_cap_do_not_add_up_and_say_so():
    # the city would be 300 + min(110, 60) = 360, the rows say 240 + 110 = 350
    table = by_zone(box(0, 0, 20, 10), box(30, 0, 40, 10), box(0, 0, 50, 10), box(50, 0, 99, 10))
    with pytest.raises(InputError) as caught:
        table.total()
    assert "zones=None" in caught.value.remedy.en
    assert "zones=None" in caught.value.remedy.zh
    assert table.take([0]).capped == table.capped


def test_zone_is_measured_on_its_own_built_up_ground():
    # half of the zone is built-up: 50 x 10; green there 20 x 10
    table = by_zone(box(0, 0, 20, 10), NOTHING, box(-50, 0, 50, 10), box(200, 0, 300, 10))
    frame = table.to_frame()
    assert frame["numerator"].tolist() == [200.0, 0.0]
    assert frame["denominator"].tolist() == [500.0, 0.0]
    assert np.isnan(table.value[1])
    assert table.ratio(1).reason is not None


def test_green_with_lines_left_over_from_cutting_is_measured():
    leftover = GeometryCollection([box(0, 0, 30, 10), LineString([(50, 0), (60, 0)])])
    assert ratio_of(leftover, NOTHING).value == 0.3
    assert by_zone(leftover, NOTHING, TOWN).value.tolist() == [0.3]


def test_no_built_up_area_leaves_the_value_undefined():
    ratio = ratio_of(NOTHING, NOTHING, Polygon())
    assert np.isnan(ratio.value)
    assert ratio.reason is not None


# --- by property


@given(inside=AREA, other=AREA, cap=st.floats(0, 1))
def test_counted_lies_between_inside_and_all(inside, other, cap):
    town = box(0, 0, 200, 1)
    green, more = box(0, 0, inside, 1), box(100, 0, 100 + other, 1)
    counted = ratio_of(green, more, town, cap).numerator
    assert green.area <= counted <= green.area + more.area
    assert counted <= green.area * (1 + cap) * (1 + 1e-12)
    assert counted <= ratio_of(green, more, town, 1.0).numerator + 1e-12


@given(x=st.floats(1, 99), left=st.floats(0, 60), width=st.floats(1, 39))
def test_zones_add_up_to_the_city_where_no_cap_applies(x, left, width):
    green = box(left, 0, left + width, 4)
    total = by_zone(green, NOTHING, box(0, 0, x, 10), box(x, 0, 100, 10)).total()
    city = ratio_of(green, NOTHING)
    assert total.numerator == pytest.approx(city.numerator, rel=1e-9)
    assert total.denominator == pytest.approx(city.denominator, rel=1e-12)


@given(inside=AREA, other=AREA, cap=st.floats(0, 1))
def test_one_zone_that_is_the_city_has_the_number_of_the_city(inside, other, cap):
    town = box(0, 0, 200, 1)
    parts = box(0, 0, inside, 1), box(100, 0, 100 + other, 1)
    city = ratio_of(*parts, town, cap)
    table = by_zone(*parts, town, town=town, cap=cap)
    assert table.value.tolist() == pytest.approx([city.value], abs=1e-12)
