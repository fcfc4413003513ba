"""Outlines of zones in pixels: whose they are, which way they count, in which box."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from geopandas import GeoSeries
from shapely import MultiPolygon, Polygon, box

from greenspace.measure import edges as module
from greenspace.measure.edges import Edges
from greenspace.model.grid import Grid

GRID = Grid(40, 40, Affine(1, 0, 0, 0, 1, 0), None)
HOLED = box(0, 0, 5, 5) - box(1, 1, 3, 3)
ZONES = GeoSeries(
    [
        box(10, 10, 12, 13),
        MultiPolygon([HOLED, box(7, 0, 8, 1)]),
        Polygon(),
        HOLED,
        None,
        box(20, 30, 21, 31),
        MultiPolygon(),
    ]
)


@pytest.mark.parametrize("at_once", [1, 2, 4096])
def test_polygons_with_and_without_holes_keep_their_order(monkeypatch, at_once):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    edges = Edges.of(ZONES, GRID)
    assert edges.areas.tolist() == [6, 22, 0, 21, 0, 1, 0]
    assert np.diff(edges.rings).tolist() == [1, 3, 0, 2, 0, 1, 0]
    assert edges.boxes[[0, 1, 3, 5]].tolist() == [
        [10, 10, 12, 13],
        [0, 0, 8, 5],
        [0, 0, 5, 5],
        [20, 30, 21, 31],
    ]
    assert np.isnan(edges.boxes[[2, 4, 6]]).all()
    assert edges.lefts.tolist() == [10, 0, 0, 0, 0, 20, 0]


def test_rings_may_run_either_way():
    turned = ZONES.map(lambda shape: None if shape is None else shape.reverse())
    assert Edges.of(GeoSeries(turned), GRID).areas.tolist() == [6, 22, 0, 21, 0, 1, 0]


def test_no_zones_have_no_edges():
    edges = Edges.of(GeoSeries([]), GRID)
    assert (len(edges.points), len(edges.areas)) == (0, 0)
