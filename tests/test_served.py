"""Residents within reach: by hand, beside the share of land, and who does not count."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

import greenspace as gs
from greenspace.errors import ColumnError, InputError

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_400_000.0


def at(*bounds):
    return box(X + bounds[0], Y + bounds[1], X + bounds[2], Y + bounds[3])


def layer(shapes, crs=CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


PARK = layer([at(0, 0, 100, 50)])  # 5 000 m2 reach 500 m
BLOCKS = layer([at(100, 0, 1100, 50), at(0, 50, 50, 90), at(3000, 0, 3100, 50)], P=[100, 300, 40])


def codes(found):
    return {finding.code: finding for finding in found.findings}


def test_half_a_block_served_is_half_of_its_residents():
    found = gs.residents_served(PARK, BLOCKS, "P")
    # 500 of 1 000 m of the first block, the second whole, the third not at all
    assert found.numerator == pytest.approx(50 + 300, rel=1e-9)
    assert (found.denominator, found.unit, found.indicator) == (440, "1", "residents_served")
    assert "residents_evenly" in codes(found)


def test_people_and_land_are_different_shares():
    assert (
        gs.service_coverage(PARK, BLOCKS).value < 0.5 < gs.residents_served(PARK, BLOCKS, "P").value
    )


def test_zones_cut_blocks_and_their_residents():
    zones = layer([at(0, 0, 600, 90), at(600, 0, 3100, 90)], name=["west", "east"])
    table = gs.residents_served(PARK, BLOCKS, "P", zones=zones)
    assert table.to_frame()["denominator"].tolist() == pytest.approx([50 + 300, 50 + 40])
    assert table.value.tolist() == pytest.approx([1, 0])
    assert table.total().value == pytest.approx(350 / 440)


def test_zone_without_residents_has_no_value():
    table = gs.residents_served(PARK, BLOCKS, "P", zones=layer([at(2000, 0, 2100, 9)]))
    assert np.isnan(table.value.iloc[0])
    nobody = gs.residents_served(PARK, BLOCKS.assign(P=0), "P")
    assert np.isnan(nobody.value)
    assert nobody.reason.zh


def test_row_given_twice_is_told_and_its_residents_count_once():
    twice = layer([at(100, 0, 200, 50)] * 2, P=[100, 100])
    found = gs.residents_served(PARK, twice, "P")
    assert (found.numerator, found.denominator) == (100, 100)
    assert codes(found)["residents_without_land"].rows == (1,)


def test_people_who_live_on_no_residential_land_are_told_and_in_neither_half():
    people = layer([Point(X + 110, Y + 9), Point(X + 110, Y + 900)], population=[6, 4])
    found = gs.residents_served(PARK, BLOCKS, people)
    assert found.denominator == 6
    assert "residents_elsewhere" in codes(found)


@pytest.mark.parametrize("population", [1000, None, "Q"])
def test_population_that_does_not_say_who_lives_where_is_refused(population):
    with pytest.raises((InputError, ColumnError)):
        gs.residents_served(PARK, BLOCKS, population)


@given(st.lists(st.integers(0, 999), min_size=3, max_size=3), st.integers(1, 900))
def test_share_of_evenly_dense_land_is_that_of_the_land_and_grows_with_the_radius(persons, radius):
    dense = BLOCKS.assign(P=BLOCKS.area / 100)
    by_land = gs.service_coverage(PARK, BLOCKS, tiers=((1, radius),))
    by_people = gs.residents_served(PARK, dense, "P", tiers=((1, radius),))
    assert by_people.value == pytest.approx(by_land.value, rel=1e-9)
    blocks = BLOCKS.assign(P=persons)
    near = gs.residents_served(PARK, blocks, "P", tiers=((1, radius),))
    far = gs.residents_served(PARK, blocks, "P", tiers=((1, radius + 50),))
    assert near.numerator <= far.numerator * (1 + 1e-9)
    assert far.denominator == pytest.approx(sum(persons))
