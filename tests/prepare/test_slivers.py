"""Slivers: what is too thin to be ground, and to whom a thin gap goes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point, Polygon, box

from greenspace.prepare.slivers import fill_gaps, gaps, thin


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        (box(0, 0, 100, 0.4), True),
        (box(0, 0, 100, 0.6), False),  # a hedge of 60 cm is drawn on purpose
        (box(0, 0, 5, 0.4), False),  # 12 times as long as wide
        (Point(0, 0).buffer(0.2), False),
        (Polygon([(0, 0), (100, 0), (100, 0.4)]), True),  # a wedge of 40 cm
        (Polygon(), False),
    ],
)
def test_thin_is_under_half_a_metre_wide_and_long(shape, found):
    assert thin(np.array([shape])).tolist() == [found]


def test_a_thin_hole_between_parcels_is_a_gap_and_a_courtyard_is_none():
    ring = box(0, 0, 100, 100).difference(box(40, 40, 60, 60)).difference(box(10, 10, 90, 10.3))

    found = gaps(np.array([ring]))

    # the hole of 80 x 0.3 m; the courtyard of 20 x 20 stays open
    assert [gap.area for gap in found] == [pytest.approx(24.0)]


def test_a_gap_goes_to_the_neighbour_with_the_longest_edge():
    left, right = box(0, 0, 10, 100), box(10.2, 0, 20, 100)
    cap = box(0, 100, 20, 110)
    layer = gpd.GeoDataFrame(geometry=[cap, left, right], index=[5, 6, 7], crs=6933)

    filled, grown = fill_gaps(layer)

    # 0.2 x 100 between left and right; cap touches it along 0.2 m only
    assert filled.area.sum() == pytest.approx(layer.area.sum() + 20.0)
    assert grown.sum() == 1
    assert not grown[0]
    assert filled.is_valid.all()


def test_parcels_without_a_gap_stay_the_very_same():
    layer = gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], crs=6933)

    filled, grown = fill_gaps(layer)

    assert not grown.any()
    assert filled.geometry.tolist() == layer.geometry.tolist()
