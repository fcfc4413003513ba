"""Contracts of the layers, and the overlap that values themselves ask about."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from greenspace.model.layers import LAYERS, overlap_area_m2


def series(*shapes):
    return GeoSeries(list(shapes), crs=6933)


# --- by hand


@pytest.mark.parametrize(
    ("shapes", "area"),
    [
        ([], 0),
        ([box(0, 0, 1, 1)], 0),
        ([box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2)], 0),  # sides and corners
        ([box(0, 0, 2, 1), box(1, 0, 3, 1)], 1),
        ([box(0, 0, 2, 1), box(0, 0, 2, 1), box(0, 0, 2, 1)], 6),  # three pairs of 2
        ([box(0, 0, 9, 9), box(1, 1, 2, 2)], 1),  # one inside the other
        ([box(0, 0, 1e3, 1e3), box(1e3 - 1e-5, 0, 2e3, 1e3)], 0),  # 1e-8 of it: only touching
        ([box(0, 0, 1e3, 1e3), box(1e3 - 1e-3, 0, 2e3, 1e3)], 1),  # 1e-6 of it
        ([None, Polygon(), box(0, 0, 1, 1)], 0),
        ([Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), box(0, 0, 1, 2)], 1),  # a bow tie
    ],
)
def test_overlap_pair_by_pair(shapes, area):
    assert overlap_area_m2(series(*shapes)) == pytest.approx(area, rel=1e-6)


def test_every_layer_of_the_manifest_has_a_title_in_both_languages():
    assert {"built_up", "districts", "green", "parks", "residential", "paths"} <= set(LAYERS)
    for name, contract in LAYERS.items():
        assert contract.name == name
        assert contract.title.zh
        assert contract.title.en
        assert not set(contract.required) & set(contract.optional)


# --- by property and by oracle


@given(seed=st.integers(0, 2**32 - 1))
def test_overlap_is_what_areas_exceed_their_union_by_for_two(seed):
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 5, (2, 2))
    shapes = [box(*a, *(a + d)) for a, d in zip(low, rng.uniform(1, 6, (2, 2)), strict=True)]
    layer = series(*shapes)
    kept = layer.copy()
    excess = shapely.area(shapes).sum() - shapely.union_all(shapes).area
    assert overlap_area_m2(layer) == pytest.approx(max(excess, 0), abs=1e-5)
    assert overlap_area_m2(layer[::-1]) == pytest.approx(max(excess, 0), abs=1e-5)
    assert layer.geom_equals_exact(kept, 0).all()
