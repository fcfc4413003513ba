"""Shapes on a page: simplified within a bound, shared edges still shared, nothing vanishes."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, box

from greenspace.present.interactive_shapes import Grid, fit, packed


def rebuilt(shape, grid):
    """Read a packed polygon back as the page does."""
    parts = []
    for polygon in shape:
        rings = []
        for steps in polygon:
            x, y = accumulate(steps[::2]), accumulate(steps[1::2])
            rings.append(
                [
                    (grid.x + grid.step * a, grid.y + grid.step * b)
                    for a, b in zip(x, y, strict=True)
                ]
            )
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return MultiPolygon(parts)


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900), st.floats(1e-6, 90)), min_size=1))
def test_no_shape_vanishes_and_none_moves_by_more_than_told(places):
    shapes = np.array([Point(x, y).buffer(size, quad_segs=16) for x, y, size in places])

    simple, grid = fit([shapes, np.array([box(0, 0, 1000, 1000)])])
    read = [rebuilt(shape, grid) for shape in packed(simple[0], grid)]

    assert all(shape.area > 0 for shape in read)
    bound = grid.tolerance + 1.5 * grid.step
    for before, after in zip(shapes, read, strict=True):
        assert shapely.hausdorff_distance(before.boundary, after.boundary) <= bound


def test_neighbours_share_their_edge_after_all():
    wavy = [(50 + np.sin(y) / 3, y) for y in np.linspace(0, 100, 400)]
    left = shapely.Polygon([(0, 0), *wavy, (0, 100)])
    right = shapely.Polygon([(100, 0), (100, 100), *reversed(wavy)])

    far = np.array([box(0, 0, 100_000, 100_000)])
    simple, grid = fit([np.array([left, right]), far])
    one, other = (rebuilt(shape, grid) for shape in packed(simple[0], grid))

    assert shapely.get_num_coordinates(simple[0]).sum() < 400
    assert one.intersection(other).area == 0
    assert one.union(other).area == pytest.approx(10_000, rel=1e-9)


def test_a_city_of_too_many_corners_is_simplified_further(monkeypatch):
    monkeypatch.setattr("greenspace.present.interactive_shapes.MOST_CORNERS", 200)
    circle = np.array([Point(0, 0).buffer(1000, quad_segs=256)])

    simple, grid = fit([circle])

    assert shapely.get_num_coordinates(simple[0]).sum() <= 200
    assert grid.tolerance > 2000 / 40_000


def test_no_more_is_left_out_than_a_pixel_shows(monkeypatch):
    monkeypatch.setattr("greenspace.present.interactive_shapes.MOST_CORNERS", 3)

    simple, grid = fit([np.array([box(0, 0, 1000, 1000)])])

    assert shapely.get_num_coordinates(simple[0]).sum() == 5
    assert grid.tolerance == 0.5


def test_holes_and_parts_are_kept():
    holed = shapely.Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 4, 4).exterior])
    shape = np.array([GeometryCollection([MultiPolygon([holed, box(20, 0, 30, 10)]), Point(1, 1)])])

    read = rebuilt(packed(shape, Grid(0.0, 0.0, 1.0))[0], Grid(0.0, 0.0, 1.0))

    assert read.equals(MultiPolygon([holed, box(20, 0, 30, 10)]))


def test_lines_and_points_are_packed_too():
    assert packed(np.array([LineString([(0, 0), (2, 1)])]), Grid(0.0, 0.0, 1.0)) == [[[0, 0, 2, 1]]]
    assert packed(np.array([Point(5, 5)]), Grid(1.0, 1.0, 2.0)) == [[[2, 2]]]
