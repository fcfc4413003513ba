"""Land far from every path: by hand, and against the buffer of a network."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from greenspace.measure.far_land import far_area
from greenspace.measure.snapping import EdgeIndex
from greenspace.model.network import WalkNetwork

STREET = EdgeIndex(WalkNetwork.of_edges([(0, 0), (1000, 0)], [(0, 1)]))


def test_land_all_near_or_all_far_is_counted_exactly():
    near, far = box(0, 10, 90, 60), box(0, 150, 90, 200)
    assert far_area(np.array([near]), STREET, 100.0) == 0.0
    assert far_area(np.array([far]), STREET, 100.0) == pytest.approx(far.area)


def test_no_land_is_none():
    assert far_area(np.array([], dtype=object), STREET, 100.0) == 0.0
    assert far_area(np.array([shapely.Polygon()]), STREET, 100.0) == 0.0


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_it_agrees_with_the_buffer_of_the_network(seed):
    rng = np.random.default_rng(seed)
    nodes = rng.uniform(0, 900, (12, 2))
    network = WalkNetwork.of_edges(nodes, np.arange(12).reshape(-1, 2))
    land = np.array([box(x, y, x + 200, y + 150) for x in (0, 300, 650) for y in (0, 400, 700)])
    near = shapely.union_all(shapely.buffer(network.lines, 100.0, quad_segs=64))
    exact = float(shapely.area(shapely.difference(land, near)).sum())
    # The line between near and far is some kilometres long: half a metre of it on either side.
    assert far_area(land, EdgeIndex(network), 100.0) == pytest.approx(exact, abs=1500.0)
