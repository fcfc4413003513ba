"""Ways into a network in pieces: by hand, and against each piece by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.measure.entering import walked, walked_pairs
from greenspace.measure.snapping import EdgeIndex
from greenspace.model.network import WalkNetwork
from tests.walks import random_network, random_points

LIMIT_M = 150.0


def piece_of(network, piece):
    """The same nodes, and the edges of one piece."""
    kept = network.piece(slice(None)) == piece
    return WalkNetwork.of_edges(network.nodes, network.edges[kept], length_m=network.length_m[kept])


def straight(seed, nodes, edges):
    """A random network whose edges are as long as they are drawn: of two alike no one is better."""
    drawn = random_network(seed, nodes=nodes, edges=edges)
    return WalkNetwork.of_edges(drawn.nodes, drawn.edges)


def joined(network, other):
    """Two networks that do not hang together, as one."""
    return WalkNetwork.of_edges(
        np.concatenate([network.nodes, other.nodes]),
        np.concatenate([network.edges, other.edges + len(network.nodes)]),
    )


def least(network, gates, homes, limit=LIMIT_M):
    index = EdgeIndex(network)
    before = np.linspace(0, 30, len(gates))
    return walked(network, index.entries(gates, limit), before, index.entries(homes, limit))


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_each_piece_is_entered_at_its_own_nearest_edge(seed):
    network = random_network(seed, nodes=40, edges=30)
    points = random_points(network, seed, 30)

    entries = EdgeIndex(network).entries(points, LIMIT_M)

    found = sorted(zip(entries.point, np.round(entries.snaps.offset_m, 6), strict=True))
    alone = []
    for piece in range(len(network.piece_length_m)):
        edges = piece_of(network, piece)
        if len(edges.edges):
            snaps = EdgeIndex(edges).snap(points, LIMIT_M)
            alone += zip(
                np.flatnonzero(snaps.found), np.round(snaps.offset_m, 6)[snaps.found], strict=True
            )
    assert found == sorted(alone)
    assert (np.diff(entries.point) >= 0).all()
    nearest = EdgeIndex(network).snap(points, LIMIT_M)
    assert (entries.found == nearest.found).all()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_what_hangs_together_with_nothing_takes_nothing_away(seed):
    network = straight(seed, nodes=40, edges=50)
    gates, homes = random_points(network, seed, 8), random_points(network, seed + 1, 40)

    without = least(network, gates, homes).distance_m
    beside = least(joined(network, straight(seed + 2, nodes=20, edges=15)), gates, homes)

    assert (beside.distance_m <= without + 1e-9).all()


@given(seed=st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_the_distance_is_the_least_of_those_by_each_piece(seed):
    network = straight(seed, nodes=40, edges=30)
    gates, homes = random_points(network, seed, 8), random_points(network, seed + 1, 30)
    pieces = [piece_of(network, piece) for piece in range(len(network.piece_length_m))]

    alone = [least(each, gates, homes).distance_m for each in pieces if len(each.edges)]
    found = least(network, gates, homes)

    assert found.distance_m == pytest.approx(np.min(alone, axis=0))
    assert ((found.gate >= 0) == np.isfinite(found.distance_m)).all()


def test_pairs_and_the_nearest_agree():
    network = random_network(4, nodes=60, edges=45)
    index = EdgeIndex(network)
    gates = index.entries(random_points(network, 4, 10), LIMIT_M)
    homes = index.entries(random_points(network, 5, 60), LIMIT_M)

    found = walked_pairs(network, gates, np.arange(10) // 2, 3.0, homes, 500.0)
    near = walked(network, gates, 3.0, homes, 500.0)

    keys = list(zip(found.group.tolist(), found.target.tolist(), strict=True))
    assert keys == sorted(set(keys))
    best = np.full(60, np.inf)
    np.minimum.at(best, found.target, found.distance_m)
    assert near.distance_m == pytest.approx(best)
    assert np.isfinite(best).sum() > 10


def test_points_far_from_every_edge_have_no_entry():
    network = WalkNetwork.of_edges([(0, 0), (9, 0), (0, 5), (9, 5)], [(0, 1), (2, 3)])
    entries = EdgeIndex(network).entries([(4, 400), (np.nan, 0), (-1e9, 2)], 20)

    assert (len(entries.point), entries.found.tolist()) == (0, [False] * 3)


def test_a_limit_without_end_finds_every_piece():
    network = WalkNetwork.of_edges([(0, 0), (9, 0), (0, 5), (9, 5)], [(0, 1), (2, 3)])

    assert EdgeIndex(network).entries([(4, 400), (4, -400)]).snaps.edge.tolist() == [1, 0, 0, 1]


def test_a_bridge_is_joined_where_it_lands_and_not_in_mid_span():
    # a street to (100, 0), a bridge on to (300, 0), then the street again
    places = [(0, 0), (100, 0), (300, 0), (400, 0)]
    network = replace(
        WalkNetwork.of_edges(places, [(0, 1), (1, 2), (2, 3)]), level=np.array([0, 1, 0])
    )

    snaps = EdgeIndex(network).snap([(150, 0), (290, 5), (200, 0)], 60)

    assert snaps.edge.tolist() == [0, 2, -1]
    assert snaps.offset_m[:2] == pytest.approx([50.0, np.hypot(10, 5)])
    assert least(network, [(0, 0)], [(290, 5)], 60).distance_m == pytest.approx(
        [300 + np.hypot(10, 5)]
    )


def test_a_tunnel_of_two_lines_is_joined_at_its_loose_ends_alone():
    network = replace(
        WalkNetwork.of_edges([(0, 0), (100, 0), (300, 0)], [(1, 0), (1, 2)]),
        level=np.array([-1, -1]),
    )

    snaps = EdgeIndex(network).snap([(3, 4), (100, 0), (300, 9)], 60)

    assert snaps.edge.tolist() == [0, -1, 1]
    assert snaps.along_m[[0, 2]].tolist() == [100.0, 200.0]
    assert least(network, [(3, 4)], [(300, 9)]).distance_m == pytest.approx([5 + 300 + 9])
