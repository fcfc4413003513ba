"""The nearest edge: by hand, and against every line asked one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.measure.snapping import EdgeIndex
from greenspace.model.network import WalkNetwork
from tests.walks import random_network, random_points


def bent(vertices, length_m=None):
    """One edge of several vertices."""
    coords = np.asarray(vertices, dtype=float)
    own = float(np.hypot(*np.diff(coords, axis=0).T).sum())
    return WalkNetwork(
        nodes=coords[[0, -1]],
        edges=np.array([[0, 1]]),
        coords=coords,
        first=np.array([0, len(coords)]),
        length_m=np.array([own if length_m is None else length_m]),
        kinds=np.array([""], dtype=object),
        crs=None,
    )


def test_the_way_along_an_edge_is_counted_from_its_first_node_over_its_bends():
    # 100 east, then 50 north; the point is 3 east of the second stretch, 20 up: 100 + 20
    snaps = EdgeIndex(bent([(0, 0), (100, 0), (100, 50)])).snap([(103, 20)], 5)

    assert (snaps.edge[0], snaps.along_m[0], snaps.offset_m[0]) == (0, 120.0, 3.0)
    assert snaps.xy.tolist() == [[100.0, 20.0]]


def test_the_way_is_in_proportion_where_the_length_is_not_that_of_the_line():
    snaps = EdgeIndex(bent([(0, 0), (100, 0)], length_m=110.0)).snap([(50, 1)], 5)

    assert snaps.along_m[0] == 55.0


def test_the_limit_itself_is_near_enough_and_beyond_it_is_not():
    index = EdgeIndex(bent([(0, 0), (100, 0)]))

    assert index.snap([(50, 10.0), (50, 10.0 + 1e-9)], 10).found.tolist() == [True, False]


def test_points_without_finite_coordinates_join_nowhere():
    points = [(np.nan, 0), (0, np.inf), (50, 5)]

    snaps = EdgeIndex(bent([(0, 0), (100, 0)])).snap(points, np.inf)

    assert snaps.found.tolist() == [False, False, True]
    assert np.isnan(snaps.offset_m[:2]).all()
    assert np.isnan(snaps.along_m[:2]).all()
    assert np.isnan(snaps.xy[:2]).all()


def test_a_network_without_edges_takes_no_point():
    empty = WalkNetwork.of_edges(np.empty((0, 2)), np.empty((0, 2)))

    assert EdgeIndex(empty).snap([(0, 0)], np.inf).edge.tolist() == [-1]


def test_no_points_are_no_snaps():
    assert len(EdgeIndex(bent([(0, 0), (1, 0)])).snap(np.empty((0, 2)), 5)) == 0


def test_an_edge_of_no_length_is_a_place():
    network = WalkNetwork.of_edges([(5, 5), (5, 5)], [(0, 1)])

    snaps = EdgeIndex(network).snap([(5, 9)], 5)

    assert (snaps.edge[0], snaps.along_m[0], snaps.offset_m[0]) == (0, 0.0, 4.0)


def test_of_edges_at_the_same_distance_the_first_counts():
    network = WalkNetwork.of_edges([(0, 0), (9, 0), (9, 9)], [(1, 2), (0, 1)])

    assert EdgeIndex(network).snap([(9, 0)], 5).edge.tolist() == [0]


def test_an_edge_far_longer_than_cells_is_found_in_its_middle():
    short = [((i, 0.0), (i + 1, 0.0)) for i in range(200)]
    ends = np.array([*short, ((0.0, 7.0), (3000.0, 900.0))]).reshape(-1, 2)
    network = WalkNetwork.of_edges(ends, np.arange(len(ends)).reshape(-1, 2))
    middle = np.array([1500.0, 453.5])

    snaps = EdgeIndex(network).snap([middle + np.array((-893 / 3000, 1.0))], 5)

    assert snaps.edge.tolist() == [200]
    assert snaps.xy[0] == pytest.approx(middle, abs=1e-9)


@given(
    seed=st.integers(0, 10**6),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    away=st.sampled_from([0.0, 4e6]),
    limit=st.sampled_from([0.0, 10.0, 120.0, np.inf]),
)
@settings(max_examples=40, deadline=None)
def test_no_edge_is_nearer_than_the_one_found(seed, scale, away, limit):
    drawn = random_network(seed, nodes=30, edges=40)
    network = WalkNetwork.of_edges(drawn.nodes * scale + away, drawn.edges)
    points = random_points(drawn, seed, 60) * scale + away
    every = shapely.distance(shapely.points(points)[:, None], network.lines[None])

    snaps = EdgeIndex(network).snap(points, limit * scale)

    digits = 1e-9 * scale + 1e-14 * away  # GEOS measures without taking the corner off
    sure = np.abs(every.min(axis=1) - limit * scale) > digits
    assert (snaps.found == (every.min(axis=1) <= limit * scale))[sure].all()
    found = snaps.at(snaps.found)
    assert found.offset_m == pytest.approx(every.min(axis=1)[snaps.found], abs=10 * digits)
    places = shapely.line_interpolate_point(network.lines[found.edge], found.along_m)
    assert shapely.get_coordinates(places) == pytest.approx(found.xy, abs=10 * digits)


def test_far_points_find_the_nearest_edge_of_a_wide_network():
    network = random_network(3)
    points = np.array([(-1e6, 400.0), (2e5, -3e5), (1e12, 1e12)])
    every = shapely.distance(shapely.points(points)[:, None], network.lines[None])

    snaps = EdgeIndex(network).snap(points)

    assert snaps.offset_m == pytest.approx(every.min(axis=1), rel=1e-12)


def test_the_order_of_points_does_not_matter():
    network = random_network(5)
    points = random_points(network, 5, 50)
    turned = EdgeIndex(network).snap(points[::-1], 80)

    assert (EdgeIndex(network).snap(points, 80).edge == turned.edge[::-1]).all()
