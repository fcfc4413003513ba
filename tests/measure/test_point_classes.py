"""What a map says at points: by hand, and without reading more than the points need."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from shapely import box, points

from greenspace.errors import InputError
from greenspace.measure.point_classes import polygon_classes, raster_classes
from greenspace.model.grid import Grid, Strip

GREEN = np.array([[1, 0, 1], [0, 1, 0]], dtype=np.float32)
SEEN = np.array([[1, 1, 1], [1, 1, 0]], dtype=bool)


class Painted:
    """A raster in memory that remembers which windows were asked for."""

    def __init__(self, green, seen, transform, block=512):
        self.green, self.seen, self.sources = green, seen, ()
        self.grid = Grid(green.shape[1], green.shape[0], transform, None, block, block)
        self.asked = []

    def strips(self, windows):
        for window in windows:
            self.asked.append(window)
            rows = slice(window.row, window.row + window.height)
            cols = slice(window.col, window.col + window.width)
            yield Strip(window, self.green[rows, cols], self.seen[rows, cols])


def test_each_point_has_the_class_of_its_pixel():
    # pixels of 10 m from (100, 50) downwards
    raster = Painted(GREEN, SEEN, Affine(10, 0, 100, 0, -10, 50))
    xy = [[101, 49], [115, 41], [129.9, 49], [105, 35], [115, 35], [125, 35], [99, 45], [131, 45]]

    assert raster_classes(raster, np.array(xy, float)).tolist() == [1, 0, 1, 0, 1, -1, -1, -1]


def test_a_turned_image_has_the_same_pixels():
    turned = Affine.translation(7, 9) @ Affine.rotation(30) @ Affine.scale(2, -2)
    raster = Painted(GREEN, SEEN, turned)
    middles = [turned @ (col + 0.5, row + 0.5) for row in range(2) for col in range(3)]

    assert raster_classes(raster, np.array(middles)).tolist() == [1, 0, 1, 0, 1, -1]


def test_only_windows_that_hold_points_are_read():
    rng = np.random.default_rng(5)
    green = rng.integers(0, 2, (2000, 3000)).astype(np.float32)
    raster = Painted(green, np.ones(green.shape, bool), Affine.identity(), block=256)
    xy = np.array([[10.5, 20.5], [12.5, 25.5], [2900.5, 1900.5]])

    found = raster_classes(raster, xy)

    assert found.tolist() == [green[20, 10], green[25, 12], green[1900, 2900]]
    assert sorted((w.row, w.col, w.height, w.width) for w in raster.asked) == [
        (20, 10, 6, 3),
        (1900, 2900, 1, 1),
    ]


def test_no_points_read_nothing():
    raster = Painted(GREEN, SEEN, Affine.identity())

    assert raster_classes(raster, np.empty((0, 2))).tolist() == []
    assert raster_classes(raster, np.array([[-5.0, -5.0]])).tolist() == [-1]
    assert raster.asked == []


def test_shares_are_no_classes():
    raster = Painted(GREEN * 0.5, SEEN, Affine.identity())
    with pytest.raises(InputError) as caught:
        raster_classes(raster, np.array([[0.5, 0.5]]))
    assert caught.value.found == 0.5


def test_a_point_on_an_edge_is_green():
    shapes = np.array([box(0, 0, 2, 2), box(1, 1, 3, 3)])
    at = points([[2, 0.5], [1.5, 1.5], [2.5, 0.5], [9, 9]])

    assert polygon_classes(shapes, at).tolist() == [1, 1, 0, 0]
