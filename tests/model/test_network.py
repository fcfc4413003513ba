"""A network knows its lines, its lengths and its pieces."""

from __future__ import annotations

import numpy as np
import shapely

from greenspace.model.network import WalkNetwork

NODES = [(0, 0), (3, 4), (10, 0), (10, 1), (20, 0), (20, 20)]


def test_straight_edges_are_as_long_as_the_way_between_their_nodes() -> None:
    network = WalkNetwork.of_edges(NODES, [(0, 1), (3, 2)], "EPSG:4547")
    assert network.length_m.tolist() == [5.0, 1.0]
    assert network.crs == "EPSG:4547"
    assert network.first.tolist() == [0, 2, 4]
    assert network.coords.tolist() == [[0, 0], [3, 4], [10, 1], [10, 0]]
    assert shapely.length(network.lines).tolist() == [5.0, 1.0]


def test_lengths_may_be_handed_in() -> None:
    network = WalkNetwork.of_edges(NODES, [(0, 1)], length_m=[7.5])
    assert network.length_m.tolist() == [7.5]


def test_pieces_are_numbered_by_length_and_not_by_their_nodes() -> None:
    # piece of nodes 0-1-2: 5 + hypot(7, 4) = 13.06 m; nodes 4-5: 20 m; node 3: alone, 0 m
    network = WalkNetwork.of_edges(NODES, [(0, 1), (1, 2), (4, 5)])
    assert network.component.tolist() == [1, 1, 1, 2, 0, 0]
    np.testing.assert_allclose(network.piece_length_m, [20, 5 + 65**0.5, 0])


def test_parallel_edges_count_in_the_length_of_their_piece() -> None:
    network = WalkNetwork.of_edges(NODES, [(0, 1), (1, 0), (2, 3), (2, 2)])
    assert network.piece_length_m.tolist() == [10.0, 1.0, 0.0, 0.0]


def test_a_network_may_be_empty() -> None:
    network = WalkNetwork.of_edges([], [])
    assert len(network.lines) == 0
    assert network.component.tolist() == []
    assert network.piece_length_m.tolist() == []
