"""Clipping: what lies on some ground, as polygons."""

from __future__ import annotations

import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from greenspace.prepare.clip import clip_polygons

SIDE = st.integers(1, 30)


def layer(*shapes):
    return GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=6933)


def test_what_only_touches_is_gone():
    # inside by 1 x 1, along an edge, at a corner, outside
    parks = layer(box(0, 0, 2, 1), box(3, 0, 4, 1), box(3, 1, 4, 2), box(9, 9, 10, 10))

    clipped = clip_polygons(parks, box(1, 0, 3, 1))

    assert clipped["n"].tolist() == [0]
    assert clipped.area.tolist() == [1.0]


def test_rows_can_be_kept_as_empty_polygons():
    clipped = clip_polygons(layer(box(5, 5, 6, 6)), box(0, 0, 1, 1), keep_rows=True)

    assert clipped.geometry.is_empty.tolist() == [True]
    assert clipped.geom_type.isin(["Polygon", "MultiPolygon"]).all()


def test_a_shape_that_is_cut_and_touches_keeps_its_areas_only():
    # an intersection of a polygon and a line
    both = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])

    clipped = clip_polygons(layer(both), box(0, 0, 2, 1))

    assert clipped.geom_type.tolist() == ["Polygon"]
    assert clipped.area.tolist() == [1.0]


@given(width=SIDE, height=SIDE, x=SIDE, y=SIDE)
def test_the_parts_inside_and_outside_are_the_whole(width, height, x, y):
    shape, ground = box(x, y, x + width, y + height), box(0, 0, 20, 20)

    inside = clip_polygons(layer(shape), ground).area.sum()

    assert inside + shape.difference(ground).area == pytest.approx(shape.area)
