"""Greening of parks and squares: by hand, by refusal, by property."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import greenspace as gs
from greenspace.errors import ColumnError, DataWarning, InputError


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=6933)


PARKS = layer(box(0, 0, 100, 100), box(200, 0, 300, 50))
WATER = layer(box(60, 0, 100, 100))
LAWN = layer(box(0, 0, 30, 100), box(20, 0, 70, 50), box(200, 0, 230, 50))


def test_the_share_is_of_land_and_green_over_water_is_none_of_it():
    # park 1: land 60 x 100 = 6 000; green 30 x 100 + 30 x 50 = 4 500 (10 x 50 over the pond is not)
    # park 2: land 5 000; green 30 x 50 = 1 500
    table = gs.park_greening_share(LAWN, PARKS, water=WATER)

    assert table.value.tolist() == pytest.approx([0.75, 0.30])
    assert table.indicator == "park_greening_share"
    total = table.total()
    assert (total.numerator, total.denominator) == pytest.approx((6_000, 11_000))


def test_without_a_layer_of_water_ponds_are_land():
    table = gs.park_greening_share(LAWN, PARKS)

    assert table.value.tolist() == pytest.approx([0.50, 0.30])  # 5 000 of 10 000


def test_a_park_that_is_all_water_has_no_value():
    lake = layer(box(-1, -1, 150, 150))
    with pytest.warns(DataWarning):  # its land is empty
        table = gs.park_greening_share(LAWN, PARKS, water=lake)

    assert table.value.tolist() == pytest.approx([np.nan, 0.30], nan_ok=True)
    assert table.ratio(0).reason is not None
    assert table.total().value == pytest.approx(0.30)


def test_parks_that_overlap_have_no_total():
    both = layer(box(0, 0, 100, 100), box(50, 0, 150, 100))

    with pytest.raises(InputError):
        gs.park_greening_share(LAWN, both).total()


def test_squares_are_g3_of_2017():
    green = layer(box(0, 0, 100, 50), box(0, 50, 100, 100), **{"class": ["G3", "G12"]})

    table = gs.square_greening_share(LAWN, green, edition="2017")

    # union of 30 x 50 and 50 x 50 from x = 20 on: 70 x 50 of 100 x 50
    assert table.value.tolist() == pytest.approx([0.70])
    assert table.indicator == "square_greening_share"


@pytest.mark.parametrize("edition", ["2002", "2017"])
def test_without_squares_there_is_a_refusal_and_g3_of_2002_is_none(edition):
    code = "G3" if edition == "2002" else "G2"
    belts = layer(box(0, 0, 100, 50), **{"class": [code]})

    with pytest.raises(ColumnError) as caught:
        gs.square_greening_share(LAWN, belts, edition=edition)
    assert caught.value.expected == "G3"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_land_and_green_are_those_that_shapely_alone_finds(seed):
    rng = np.random.default_rng(seed)

    def boxes(count):
        x, y = rng.uniform(0, 500, (2, count))
        return shapely.box(x, y, x + rng.uniform(5, 200, count), y + rng.uniform(5, 200, count))

    parks, plants, ponds = boxes(4), boxes(9), boxes(3)
    table = gs.park_greening_share(layer(*plants), layer(*parks), water=layer(*ponds)).to_frame()

    land = shapely.difference(parks, shapely.union_all(ponds))
    green = shapely.area(shapely.intersection(land, shapely.union_all(plants)))
    np.testing.assert_allclose(table["denominator"], shapely.area(land), atol=1e-6)
    np.testing.assert_allclose(table["numerator"], green, atol=1e-6)
