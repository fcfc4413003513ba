"""Land served on foot: by hand on a cross of streets, by discs set step by step, by property."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sqrt

import networkx as nx
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from greenspace.measure.barriers import Barriers
from greenspace.measure.service import reach_of
from greenspace.measure.snapping import EdgeIndex
from greenspace.measure.walk_service import (
    network_service_coverage,
    network_service_coverage_by_zone,
    walk_reach,
)
from greenspace.model.network import WalkNetwork

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
SEED = st.integers(0, 2**32 - 1)
PARK = box(-100, -25, 0, 25)  # 5 000 m²: 500 m
CROSS = WalkNetwork.of_edges(
    [(0, 0), (300, 0), (300, 400), (300, -400), (1000, 0)], [(0, 1), (1, 2), (1, 3), (1, 4)]
)
EVERYWHERE = box(-2000, -2000, 2000, 2000)

few = settings(max_examples=6)


def on_foot(parks, homes, network, gates, *, park=None, walked=0.0, tiers=TIERS, **options):
    """Return what parks reach on foot by gates at the given points, of the first park by default."""
    straight = reach_of(GeoSeries(parks, crs=6933), GeoSeries(homes, crs=6933), tiers)
    sources = EdgeIndex(network).snap(gates, 100.0)
    owner = np.zeros(len(gates), dtype=np.int64) if park is None else np.asarray(park)
    spent = sources.offset_m + walked
    return walk_reach(straight, network, sources, owner, spent, **options)


def test_a_cross_of_streets_is_served_as_one_walks_it():
    # 500 m from the gate: 300 m to the crossing, 200 m on. 100 m are left after 400 m of way, so
    # the core is the street up to the crossing and 100 m of each of the three that go on.
    # Area: the core's cross buffered by 100 m. East-west 400 x 200 plus half discs at both ends;
    # the arm north adds, above y = 100, a half disc at (300, 100); the arm south likewise.
    reach = on_foot([PARK], [EVERYWHERE], CROSS, [(0, 0)])
    assert shapely.area(reach.area) == pytest.approx(
        400 * 200 + pi * 100**2 + pi * 100**2, rel=1e-6
    )
    parts = reach.paths()
    assert parts["to_m"].max() == pytest.approx(500.0)
    assert shapely.length(parts.geometry).sum() == pytest.approx(300 + 3 * 200)


def test_land_beside_the_street_is_served_to_the_cap_and_at_the_end_in_a_quarter_circle():
    homes = [box(0, 0, 300, 80), box(0, 100.5, 190, 120), box(310, 150, 380, 300)]
    reach = on_foot([PARK], homes, CROSS, [(0, 0)])
    first, second, third = reach.served_m2
    assert first == pytest.approx(300 * 80)
    assert second == pytest.approx(0.0, abs=1e-6)
    # the disc about (300, 100): of the block between x = 10 and 70, y = 50 and up, from there
    disc = shapely.Point(300, 100).buffer(100.0, quad_segs=512)
    assert third == pytest.approx(disc.intersection(homes[2]).area, rel=1e-3)


def test_what_was_walked_before_the_gate_counts():
    near = on_foot([PARK], [EVERYWHERE], CROSS, [(0, 0)])
    far = on_foot([PARK], [EVERYWHERE], CROSS, [(0, 0)], walked=150.0)
    # 350 m are left: 250 m of core, then half discs
    assert shapely.area(far.area) == pytest.approx(250 * 200 + pi * 100**2, rel=1e-6)
    assert far.paths()["from_m"].min() == pytest.approx(150.0)
    assert shapely.area(near.area) > shapely.area(far.area)


def test_a_gate_with_less_left_than_the_cap_serves_a_disc_of_what_is_left():
    reach = on_foot([PARK], [EVERYWHERE], CROSS, [(150, 0)], walked=460.0)
    assert shapely.area(reach.area) == pytest.approx(pi * 40**2, rel=1e-6)
    assert reach.area.bounds == pytest.approx((110, -40, 190, 40), rel=1e-3)


def test_a_gate_that_is_used_up_serves_nothing():
    reach = on_foot([PARK], [EVERYWHERE], CROSS, [(150, 0)], walked=500.0)
    assert reach.area.is_empty
    assert network_service_coverage(reach).value == 0.0
    assert len(reach.paths()) == 0


def test_a_street_entered_from_both_ends_is_divided_where_the_walks_meet():
    street = WalkNetwork.of_edges([(0, 0), (600, 0)], [(0, 1)])
    parks = [PARK, box(600, -20, 700, 20)]  # 500 m and, being of 4 000 m², 300 m
    reach = on_foot(parks, [EVERYWHERE], street, [(0, 0), (600, 0)], park=[0, 1])
    parts = reach.paths().sort_values("park")
    # what is left is alike where 500 - s = 300 - (600 - s): at 400 m
    assert shapely.length(parts.geometry).tolist() == pytest.approx([400.0, 200.0])
    assert parts["left_m"].tolist() == pytest.approx([100.0, 100.0])
    assert shapely.area(reach.area) == pytest.approx(600 * 200 + pi * 100**2, rel=1e-6)


def test_a_gate_in_the_middle_of_an_edge_leads_both_ways():
    street = WalkNetwork.of_edges([(0, 0), (2000, 0)], [(0, 1)])
    reach = on_foot([PARK], [EVERYWHERE], street, [(800, 0)])
    parts = reach.paths()
    assert sorted(shapely.bounds(parts.geometry)[:, 0]) == pytest.approx([300.0, 800.0])
    assert shapely.area(reach.area) == pytest.approx(800 * 200 + pi * 100**2, rel=1e-6)


def test_a_gate_that_another_walk_passes_changes_nothing():
    alone = on_foot([PARK], [EVERYWHERE], CROSS, [(0, 0)])
    both = on_foot(
        [PARK, PARK], [EVERYWHERE], CROSS, [(0, 0), (150, 0)], park=[0, 0], walked=[0, 400]
    )
    assert shapely.area(both.area) == pytest.approx(shapely.area(alone.area), rel=1e-12)
    assert len(both.paths()) == len(alone.paths())


def test_an_island_of_the_network_is_not_reached():
    ways = WalkNetwork.of_edges([(0, 0), (50, 0), (60, 0), (300, 0)], [(0, 1), (2, 3)])
    reach = on_foot([PARK], [box(200, -10, 250, 10)], ways, [(0, 0)])
    assert reach.served_m2.tolist() == [0.0]
    assert reach.straight.served_m2.tolist() == [1000.0]


def test_a_park_below_every_tier_serves_nothing_on_foot():
    reach = on_foot([box(-10, -5, 0, 5)], [EVERYWHERE], CROSS, [(0, 0)])
    assert network_service_coverage(reach).numerator == 0.0


def test_without_residential_land_the_share_is_undefined():
    reach = on_foot([PARK], [], CROSS, [(0, 0)])
    assert np.isnan(network_service_coverage(reach).value)


def test_a_wider_cap_gives_the_straight_line_again():
    # The discs of what is left nest: without a cap they all lie within the one about the gate.
    gate = box(-1, -2500, 0, 2500)  # a park that is little more than its gate
    homes = [box(0, -2000, 2000, 2000)]
    free = on_foot([gate], homes, CROSS, [(0, 0)], snap_m=500.0)
    assert shapely.area(free.area) == pytest.approx(pi * 500**2, rel=1e-6)


def test_zones_share_what_is_served_among_them():
    reach = on_foot([PARK], [box(0, -90, 900, 90)], CROSS, [(0, 0)])
    zones = GeoDataFrame(geometry=[box(-500, -500, 200, 500), box(200, -500, 2000, 500)], crs=6933)
    table = network_service_coverage_by_zone(reach, zones)
    city = network_service_coverage(reach)
    assert table.to_frame()["numerator"].sum() == pytest.approx(city.numerator, rel=1e-12)
    assert table.to_frame()["denominator"].tolist() == pytest.approx([200 * 180, 700 * 180])
    assert table.value.iloc[0] == 1.0


def test_served_and_unserved_parts_make_up_each_block():
    homes = [box(0, -90, 900, 90), box(-400, 200, 600, 700), box(5000, 0, 5100, 10)]
    reach = on_foot([PARK], homes, CROSS, [(0, 0)])
    both = shapely.area(reach.served_parts) + shapely.area(reach.unserved_parts)
    assert both == pytest.approx(reach.block_m2)
    assert reach.served_m2 == pytest.approx(shapely.area(reach.served_parts))


def test_nobody_is_served_across_a_river_without_a_bridge():
    street = WalkNetwork.of_edges([(0, 0), (1000, 0)], [(0, 1)])
    homes = [box(0, 10, 300, 30), box(0, 50, 300, 80)]
    river = Barriers(np.array([box(-1000, 35, 3000, 45)]))
    free = on_foot([PARK], homes, street, [(0, 0)])
    wet = on_foot([PARK], homes, street, [(0, 0)], barriers=river)
    assert free.served_m2 == pytest.approx([6000.0, 9000.0])
    assert wet.served_m2 == pytest.approx([6000.0, 0.0])


def test_a_bridge_leads_over_the_river_with_what_is_left_behind_it():
    # The street runs 500 m north; a river between y = 420 and 440 lies where 80 m are left, on
    # the other bank 60 m: there a disc of 60 m about (0, 440), without the river.
    street = WalkNetwork.of_edges([(0, 0), (0, 1000)], [(0, 1)])
    park = box(-50, -100, 50, 0)
    banks = [box(-300, 0, 300, 420), box(-300, 440, 300, 900)]
    river = Barriers(np.array([box(-1000, 420, 1000, 440)]))
    reach = on_foot([park], banks, street, [(0, 0)], barriers=river)
    # half a disc of 60 m beyond the bank; all of it is within 500 m in a straight line
    assert reach.served_m2[1] == pytest.approx(pi * 60**2 / 2, rel=1e-3)
    # before the river: 400 m of core, the disc about its end cut by the bank 20 m beyond
    strip = 400 * 200 + 2 * (20 * sqrt(100**2 - 20**2) + 100**2 * np.arcsin(0.2)) / 2
    assert reach.served_m2[0] == pytest.approx(strip, rel=1e-4)


def grid(seed, size=6, step=90.0):
    """Return a bent grid of streets with some missing, two parks, their gates, and blocks."""
    rng = np.random.default_rng(seed)
    spots = np.stack(np.meshgrid(np.arange(size), np.arange(size)), -1).reshape(-1, 2) * step
    spots = spots + rng.uniform(-20, 20, spots.shape)
    row = np.arange(size * size).reshape(size, size)
    edges = np.vstack(
        [np.column_stack([row[:, :-1].ravel(), row[:, 1:].ravel()]),
         np.column_stack([row[:-1].ravel(), row[1:].ravel()])]
    )  # fmt: skip
    edges = edges[rng.random(len(edges)) < 0.75]
    corner = rng.uniform(0, size * step - 80, (2, 2))
    parks = [box(x, y, x + 71.0, y + 71.0) for x, y in corner]
    gates = np.vstack([corner, corner + 71.0])
    homes = [
        box(x, y, x + 130.0, y + 110.0) for x in range(-50, 500, 140) for y in range(-50, 500, 120)
    ]
    return WalkNetwork.of_edges(spots, edges), parks, gates, np.array([0, 1, 0, 1]), homes


@few
@given(SEED)
def test_the_ground_is_that_of_discs_set_step_by_step(seed):
    network, parks, gates, park, homes = grid(seed)
    sources = EdgeIndex(network).snap(gates, 100.0)
    reach = on_foot(parks, homes, network, gates, park=park, tiers=((5000.0, 260.0),), snap_m=60.0)
    discs = stepped(network, sources, 260.0, 60.0)
    expected = shapely.union_all(discs) if discs else shapely.Polygon()
    # discs 4 m apart leave notches of 4²/(8 · 60) m between them; none lies beside the ground
    assert shapely.area(shapely.difference(expected, reach.area)) <= 1e-5 * expected.area
    assert 0 <= shapely.area(reach.area) - expected.area <= 3e-3 * expected.area


def stepped(network, sources, radius, cap, steps=24):
    """Return discs of what is left, set along edges that networkx has measured, split at gates."""
    graph = nx.MultiGraph()
    posts = {}
    for edge, (here, there) in enumerate(network.edges.tolist()):
        on = [int(gate) for gate in np.flatnonzero(sources.edge == edge)]
        stops = sorted([(0.0, here), (network.length_m[edge], there)]
                       + [(float(sources.along_m[gate]), ("gate", gate)) for gate in on],
                       key=lambda stop: stop[0])  # fmt: skip
        posts[edge] = stops
        for (at, one), (end, other) in pairwise(stops):
            graph.add_edge(one, other, weight=end - at)
    for gate in np.flatnonzero(sources.found):
        graph.add_edge("park", ("gate", int(gate)), weight=float(sources.offset_m[gate]))
    walked = nx.single_source_dijkstra_path_length(graph, "park") if "park" in graph else {}
    discs = []
    for edge, stops in posts.items():
        line = network.lines[edge]
        for (at, one), (end, other) in pairwise(stops):
            for s in np.linspace(at, end, steps):
                way = min(walked.get(one, np.inf) + s - at, walked.get(other, np.inf) + end - s)
                if way < radius:
                    discs.append(line.interpolate(s).buffer(min(radius - way, cap), quad_segs=32))
    return discs


@few
@given(SEED)
def test_served_on_foot_is_served_in_a_straight_line_block_by_block(seed):
    network, parks, gates, park, homes = grid(seed)
    reach = on_foot(parks, homes, network, gates, park=park)
    assert (reach.served_m2 <= reach.straight.served_m2).all()
    outside = shapely.difference(reach.served_parts, reach.straight.area)
    assert shapely.area(outside).max() <= 1e-6


@few
@given(SEED, st.floats(150.0, 400.0), st.floats(1.0, 200.0))
def test_more_radius_never_serves_less(seed, radius, more):
    network, parks, gates, park, homes = grid(seed)
    less, greater = (
        on_foot(parks, homes, network, gates, park=park, tiers=((5000.0, reach),)).served_m2
        for reach in (radius, radius + more)
    )
    assert (greater >= less * (1 - 1e-3) - 1e-6).all()
    assert greater.sum() >= less.sum() * (1 - 1e-6)


@few
@given(SEED)
def test_another_park_or_another_path_never_serves_less(seed):
    network, parks, gates, park, homes = grid(seed)
    fewer = on_foot(parks[:1], homes, network, gates[[0, 2]]).served_m2
    every = on_foot(parks, homes, network, gates, park=park).served_m2
    assert (every >= fewer * (1 - 1e-3) - 1e-6).all()
    sources = EdgeIndex(network).snap(gates, 100.0)
    thin = WalkNetwork.of_edges(network.nodes, network.edges[:-8])
    kept = sources.edge < len(thin.edges)
    straight = reach_of(GeoSeries(parks, crs=6933), GeoSeries(homes, crs=6933), TIERS)
    both = [
        walk_reach(straight, ways, sources.at(kept), park[kept], sources.offset_m[kept]).served_m2
        for ways in (thin, network)
    ]
    assert (both[1] >= both[0] * (1 - 1e-3) - 1e-6).all()


@few
@given(SEED)
def test_the_order_of_edges_and_their_direction_change_nothing(seed):
    network, parks, gates, park, homes = grid(seed)
    rng = np.random.default_rng(seed)
    shuffled = network.edges[rng.permutation(len(network.edges))]
    turned = np.where(rng.random((len(shuffled), 1)) < 0.5, shuffled, shuffled[:, ::-1])
    other = WalkNetwork.of_edges(network.nodes, turned)
    first, second = (
        on_foot(parks, homes, ways, gates, park=park).served_m2.sum() for ways in (network, other)
    )
    assert second == pytest.approx(first, rel=1e-6)
