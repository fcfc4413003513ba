"""Overlaps: which rows repeat or overlap, and who keeps the ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from greenspace.prepare.overlaps import overlaps, repeated_rows, settle_overlaps

SQUARE = box(0, 0, 4, 4)


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=6933)


def test_a_row_that_starts_elsewhere_on_the_same_ring_repeats_it():
    turned = Polygon([(4, 4), (0, 4), (0, 0), (4, 0)])

    copies, twins = repeated_rows(layer(SQUARE, turned, name=["a", "a"]))

    assert copies.tolist() == [False, True]
    assert not twins.any()


def test_missing_attributes_are_alike():
    copies, _ = repeated_rows(layer(SQUARE, SQUARE, name=[None, None], n=[np.nan, np.nan]))

    assert copies.tolist() == [False, True]


def test_other_attributes_make_twins_that_both_stay():
    copies, twins = repeated_rows(layer(SQUARE, SQUARE, box(9, 9, 10, 10), name=["a", "b", "a"]))

    assert not copies.any()
    assert twins.tolist() == [True, True, False]


def test_shapes_that_touch_do_not_overlap():
    assert overlaps(layer(SQUARE, box(4, 0, 8, 4), box(8, 4, 9, 9))).empty


def test_every_pair_is_told_with_its_ground():
    found = overlaps(layer(SQUARE, box(3, 0, 8, 4), box(0, 3, 4, 8)))

    # 1 x 4 of the first two, 4 x 1 of first and third, 1 x 1 of the last two
    assert sorted(found["area_m2"]) == [1.0, 4.0, 4.0]


def test_priority_goes_before_size_and_size_before_order():
    nested = layer(SQUARE, box(0, 0, 1, 1), box(0, 0, 1, 1))

    assert settle_overlaps(nested).area.tolist() == [15.0, 1.0, 0.0]
    assert settle_overlaps(nested, np.array([1, 1, 0])).area.tolist() == [15.0, 0.0, 1.0]
    assert settle_overlaps(nested, np.array([0, 1, 1])).area.tolist() == [16.0, 0.0, 0.0]


boxes = st.builds(
    lambda x, y, w, h: box(x, y, x + w, y + h),
    *(st.integers(0, 20),) * 2,
    *(st.integers(1, 9),) * 2,
)


@given(st.lists(boxes, min_size=1, max_size=8), st.data())
def test_settled_ground_is_the_same_ground_in_one_row_each(shapes, data):
    ranks = data.draw(st.lists(st.integers(0, 3), min_size=len(shapes), max_size=len(shapes)))
    before = layer(*shapes)

    after = settle_overlaps(before, np.array(ranks))

    ground = shapely.union_all(before.geometry.to_numpy())
    assert after.area.sum() == pytest.approx(ground.area)
    assert shapely.union_all(after.geometry.to_numpy()).area == pytest.approx(ground.area)
    beyond = shapely.difference(after.geometry.to_numpy(), before.geometry.to_numpy())
    assert shapely.area(beyond).max() < 1e-9
    strongest = int(np.lexsort((range(len(shapes)), before.area, ranks))[0])
    assert after.area.iloc[strongest] == pytest.approx(before.area.iloc[strongest])
