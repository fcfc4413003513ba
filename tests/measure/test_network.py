"""Distances on foot: by hand, and against networkx with edges split at every point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.measure.network import nearest, pairs, spread
from greenspace.measure.snapping import EdgeIndex
from greenspace.model.network import WalkNetwork
from tests.walks import oracle, random_network, random_points, snapped

#   0 --100-- 1 --100-- 2      and apart:  3 --50-- 4
LINE = WalkNetwork.of_edges(
    [(0, 0), (100, 0), (200, 0), (0, 900), (50, 900)], [(0, 1), (1, 2), (3, 4)]
)


def on(network, *points):
    return EdgeIndex(network).snap(points, 50)


def test_a_spread_tells_each_node_how_far_it_is_and_from_which_source():
    reached = spread(LINE, on(LINE, (30, 0), (180, 0)), [5.0, 0.0], 120)

    # node 0: 5 + 30; node 1: min(5 + 70, 80); node 2: 20
    assert reached.node_m.tolist() == [35, 75, 20, np.inf, np.inf]
    assert reached.node_source.tolist() == [0, 0, 1, -1, -1]


def test_the_limit_of_a_spread_is_itself_within_reach():
    assert spread(LINE, on(LINE, (30, 0)), 0.0, 70).node_m.tolist()[:3] == [30, 70, np.inf]


def test_a_source_that_has_walked_too_far_already_reaches_nothing():
    sources, home = on(LINE, (30, 0)), on(LINE, (30, 0))

    assert np.isinf(spread(LINE, sources, 71.0, 70).node_m).all()
    assert nearest(LINE, sources, 71.0, home, 70)[0].tolist() == [np.inf]
    assert len(pairs(LINE, sources, [0], 71.0, home, 70).target) == 0


def test_no_sources_reach_nothing():
    none, home = on(LINE), on(LINE, (30, 0))

    distance, source = nearest(LINE, none, 0.0, home, 500)

    assert (distance.tolist(), source.tolist()) == ([np.inf], [-1])
    assert spread(LINE, none, 0.0).node_source.tolist() == [-1] * 5
    assert len(pairs(LINE, none, [], 0.0, home, 500).group) == 0


def test_sources_and_homes_away_from_the_network_are_left_out():
    sources, homes = on(LINE, (30, 500), (100, 0)), on(LINE, (60, 0), (60, 500))

    distance, source = nearest(LINE, sources, 0.0, homes)

    assert (distance.tolist(), source.tolist()) == ([40.0, np.inf], [1, -1])
    assert pairs(LINE, sources, [7, 8], 0.0, homes, 500).group.tolist() == [8]


def test_an_island_is_unreachable_and_not_zero():
    distance, source = nearest(LINE, on(LINE, (30, 0)), 0.0, on(LINE, (20, 900)))

    assert (distance.tolist(), source.tolist()) == ([np.inf], [-1])


def test_points_on_the_same_edge_take_the_direct_way():
    # gate at 30, home 3 m beside 50: 20 + 3, and not 30 + 50 by way of node 0
    gate, home = on(LINE, (30, 0)), on(LINE, (50, 3))

    assert nearest(LINE, gate, 0.0, home)[0].tolist() == [23.0]
    assert pairs(LINE, gate, [4], 0.0, home, 23).distance_m.tolist() == [23.0]


def test_on_a_long_way_round_the_ends_are_nearer_than_the_edge_itself():
    # the edge 0-1 is 500 m long, another 10 m: between its ends the short one is taken
    network = WalkNetwork.of_edges([(0, 0), (500, 0)], [(0, 1), (1, 0)], length_m=[500.0, 10.0])
    gate = EdgeIndex(network).snap([(20, 1)], 5)
    home = EdgeIndex(network).snap([(480, 1)], 5)

    # 20 back, 10 across, 20 on; each snap takes the first of two edges in the same place
    assert nearest(network, gate, 0.0, home)[0].tolist() == [20 + 10 + 20 + 1.0]
    assert pairs(network, gate, [0], 0.0, home, 99).distance_m.tolist() == [51.0]


def test_parallel_edges_do_not_add_up():
    network = WalkNetwork.of_edges(
        [(0, 0), (100, 0), (200, 0)],
        [(0, 1), (0, 1), (1, 0), (1, 2)],
        length_m=[130, 110, 120, 100],
    )

    assert spread(network, on(network, (200, 0)), 0.0).node_m.tolist() == [210, 100, 0]


def test_edges_of_no_length_are_walked():
    network = WalkNetwork.of_edges([(0, 0), (100, 0), (100, 0), (200, 0)], [(0, 1), (1, 2), (2, 3)])
    gate, home = on(network, (0, 0)), on(network, (200, 0))

    assert spread(network, gate, 0.0).node_m.tolist() == [0, 100, 100, 200]
    assert pairs(network, gate, [0], 0.0, home, 200).distance_m.tolist() == [200.0]


def test_a_loop_is_left_by_its_shorter_side():
    loop = np.array([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], dtype=float)
    network = WalkNetwork(
        nodes=np.array([(0.0, 0), (-50, 0)]),
        edges=np.array([(0, 0), (0, 1)]),
        coords=np.concatenate((loop, [(0, 0), (-50, 0)])),
        first=np.array([0, 5, 7]),
        length_m=np.array([400.0, 50.0]),
        kinds=np.array(["", ""], dtype=object),
        crs=None,
    )
    gate, homes = on(network, (0, 80)), on(network, (-50, 0), (100, 10), (30, 0))

    # gate at 320 of 400: 80 back to the node. Homes: 80 + 50; 110 along: 210 or 80 + 110; 80 + 30
    assert nearest(network, gate, 0.0, homes)[0].tolist() == [130, 190, 110]
    assert pairs(network, gate, [0], 0.0, homes, 500).distance_m.tolist() == [130, 190, 110]


def test_gates_of_a_group_are_one_source():
    gates, homes = on(LINE, (0, 0), (200, 0), (100, 0)), on(LINE, (90, 0), (190, 0))

    found = pairs(LINE, gates, [5, 5, 2], 0.0, homes, 50)

    # park 2 at 100: home 0 at 10 m (home 1: 90 m); park 5 at 0 and 200: home 1 at 10 m (home 0: 90)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == [
        (2, 0, 10),
        (5, 1, 10),
    ]


def test_unlike_reach_in_one_run_by_handicaps():
    # reach 100 for one park and 40 for the other: the second starts 60 m behind
    gates = on(LINE, (0, 0), (200, 0))

    reached = spread(LINE, gates, [0.0, 60.0], 100)

    assert reached.node_m.tolist()[:3] == [0, 100, 60]
    assert reached.node_source.tolist()[:3] == [0, 0, 1]


CASES = {"seed": st.integers(0, 10**6), "limit": st.sampled_from([60.0, 300.0, np.inf])}


@given(**CASES)
@settings(max_examples=15, deadline=None)
def test_networkx_finds_the_same_pairs_at_the_same_distance(seed, limit):
    network = random_network(seed)
    sources = snapped(network, random_points(network, seed + 1, 20))
    targets = snapped(network, random_points(network, seed + 2, 40))
    draw = np.random.default_rng(seed)
    group, start = draw.integers(0, 8, 20), draw.uniform(0, 50, 20) * draw.integers(0, 2, 20)
    expected = {
        pair: way
        for pair, way in oracle(network, sources, start, targets, group).items()
        if way <= limit
    }

    found = pairs(network, sources, group, start, targets, limit)

    keys = list(zip(found.group.tolist(), found.target.tolist(), strict=True))
    assert keys == sorted(expected)
    assert found.distance_m == pytest.approx([expected[key] for key in keys], abs=1e-9)


@given(**CASES)
@settings(max_examples=15, deadline=None)
def test_networkx_finds_the_same_nearest_source(seed, limit):
    network = random_network(seed)
    sources = snapped(network, random_points(network, seed + 1, 12))
    targets = snapped(network, random_points(network, seed + 2, 50))
    start = np.random.default_rng(seed).uniform(0, 50, 12)
    single = oracle(network, sources, start, targets, np.arange(12))
    expected = np.full(50, np.inf)
    for (_, target), way in single.items():
        if way <= limit:
            expected[target] = min(expected[target], way)

    distance, source = nearest(network, sources, start, targets, limit)

    assert distance == pytest.approx(expected, abs=1e-9)
    assert ((source >= 0) == np.isfinite(expected)).all()
    reached = [(int(who), int(k)) for k, who in enumerate(source) if who >= 0]
    assert distance[source >= 0] == pytest.approx([single[each] for each in reached], abs=1e-9)


@given(**CASES)
@settings(max_examples=15, deadline=None)
def test_the_nearest_is_the_least_of_the_pairs_in_whatever_order(seed, limit):
    network = random_network(seed)
    sources = snapped(network, random_points(network, seed + 1, 20))
    targets = snapped(network, random_points(network, seed + 2, 40))
    least = np.full(40, np.inf)
    found = pairs(network, sources, np.arange(20), 3.0, targets, limit)
    np.minimum.at(least, found.target, found.distance_m)
    turned, mixed = np.random.default_rng(seed).permutation(40), np.arange(20)[::-1]

    straight = nearest(network, sources, 3.0, targets, limit)[0]
    other = nearest(network, sources.at(mixed), 3.0, targets.at(turned), limit)[0]

    assert straight == pytest.approx(least, abs=1e-9)
    assert other == pytest.approx(straight[turned], abs=1e-9)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_on_foot_is_never_shorter_than_straight(seed):
    network = random_network(seed)
    gates, homes = random_points(network, seed + 1, 20), random_points(network, seed + 2, 60)
    sources, targets = snapped(network, gates), snapped(network, homes)

    distance, source = nearest(network, sources, np.nan_to_num(sources.offset_m), targets)

    straight = np.hypot(*(homes[:, None] - gates[None]).transpose(2, 0, 1))
    reached = source >= 0
    assert (straight.min(axis=1)[reached] <= distance[reached] + 1e-9).all()
    assert (straight[reached, source[reached]] <= distance[reached] + 1e-9).all()


def test_a_thousand_groups_come_sorted_however_threads_share_them():
    network = random_network(8)
    sources = snapped(network, random_points(network, 9, 1000))
    targets = snapped(network, random_points(network, 10, 100))
    group = np.random.default_rng(8).integers(-400, 400, 1000)

    found = pairs(network, sources, group, 0.0, targets, 150)
    again = pairs(network, sources, group, 0.0, targets, 150)

    order = np.lexsort((found.target, found.group))
    assert (order == np.arange(len(order))).all()
    assert len(order) > 2_000
    assert (found.distance_m == again.distance_m).all()


@pytest.mark.parametrize("nodes", [np.empty((0, 2)), [(0.0, 0.0), (9.0, 0.0)]])
def test_a_network_without_edges_leads_nowhere(nodes):
    network = WalkNetwork.of_edges(nodes, np.empty((0, 2)))
    gates, homes = on(network, (0, 0)), on(network, (5, 0), (6, 0))

    assert np.isinf(nearest(network, gates, 0.0, homes)[0]).all()
    assert np.isinf(spread(network, gates, 0.0).node_m).all()
    assert [len(column) for column in pairs(network, gates, [0], 0.0, homes, 99)] == [0, 0, 0]


@given(seed=st.integers(0, 10**6), turn=st.floats(0, 6.3), away=st.sampled_from([0.0, 4e6]))
@settings(max_examples=15, deadline=None)
def test_shift_and_rotation_change_no_distance(seed, turn, away):
    drawn = random_network(seed)
    gates, homes = random_points(drawn, seed + 1, 10), random_points(drawn, seed + 2, 40)
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def distances(move):
        network = WalkNetwork.of_edges(move(drawn.nodes), drawn.edges)
        sources, targets = (snapped(network, move(points)) for points in (gates, homes))
        return nearest(network, sources, 0.0, targets)[0]

    moved = distances(lambda xy: xy @ turned + away)

    assert moved == pytest.approx(distances(lambda xy: xy), abs=1e-6)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_more_gates_and_a_wider_limit_take_nothing_away(seed):
    network = random_network(seed)
    sources = snapped(network, random_points(network, seed + 1, 20))
    targets = snapped(network, random_points(network, seed + 2, 40))

    few = nearest(network, sources.at(slice(0, 10)), 0.0, targets, 200)[0]
    more = nearest(network, sources, 0.0, targets, 200)[0]
    wider = nearest(network, sources, 0.0, targets, 400)[0]

    assert (more <= few).all()
    assert (wider <= more).all()
