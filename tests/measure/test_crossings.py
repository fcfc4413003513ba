"""Sums of the pixels of one window along edges, beside shapely pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from geopandas import GeoSeries
from shapely import MultiPolygon, box

from greenspace.measure.crossings import BLOCK, add_pixels
from greenspace.measure.edges import Edges
from greenspace.model.grid import Grid, Window

HIGH = 6


def zones_of(rng, width):
    """Zones that begin, end and lie across the borders of words, and beyond both sides."""
    shapes = [box(-9, 1.3, width + 9, 4.1), box(-5, 0, -1, 6), box(width + 1, 0, width + 4, 6)]
    for middle in (*range(0, width + 1, BLOCK), width):
        low = middle - rng.uniform(0, 3)
        shapes += [box(low, 0.5, low + 4, 5.5), box(middle, 2, middle + 1, 3)]
        shapes.append(shapely.Polygon([(low - 40, 0.2), (low + 50, 1.1), (low, 5.9)]))
    holed = box(1, 1, width - 1, 5) - box(2.5, 2.5, width - 3.5, 3.5)
    return GeoSeries([*shapes, holed, MultiPolygon([box(0, 0, 1, 1), box(3, 0, width, 1)])])


@pytest.mark.parametrize("kind", [np.bool_, np.float32, np.float64])
@pytest.mark.parametrize("width", [1, 63, 64, 65, 127, 128, 200])
def test_sums_are_those_of_shapely_across_the_borders_of_words(kind, width):
    rng = np.random.default_rng(width)
    values = (rng.random((HIGH, width)) > 0.4).astype(kind)
    if kind is not np.bool_:
        values *= rng.random((HIGH, width))
    window, weights = Window(3, 11, HIGH, width), rng.uniform(0.5, 2, HIGH)
    zones = zones_of(rng, width).translate(11, 3)
    grid = Grid(11 + width, 3 + HIGH, Affine.identity(), None)
    found = add_pixels(Edges.of(zones, grid), np.arange(len(zones)), window, weights, values)
    row, col = np.indices(values.shape)
    cells = shapely.box(col + 11, row + 3, col + 12, row + 4).ravel()
    mass = (values * weights[:, None]).ravel()
    expected = [mass @ shapely.area(shapely.intersection(cells, zone)) for zone in zones]
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)


def test_a_window_of_ones_is_summed_without_its_pixels():
    rng, width = np.random.default_rng(0), 130
    zones = zones_of(rng, width)
    edges = Edges.of(zones, Grid(width, HIGH, Affine.identity(), None))
    every, window = np.arange(len(zones)), Window(0, 0, HIGH, width)
    ones = np.ones((HIGH, width), dtype=bool)
    plain = add_pixels(edges, every, window, np.ones(HIGH), None)
    assert plain == pytest.approx(add_pixels(edges, every, window, np.ones(HIGH), ones), abs=1e-11)
