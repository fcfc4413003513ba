"""Lines are joined alike however they are turned, moved, drawn twice or brought from degrees."""

from __future__ import annotations

import itertools
from fractions import Fraction

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.measure.network import nearest
from greenspace.measure.snapping import EdgeIndex
from greenspace.prepare.walkways import walking_network
from greenspace.read.walkable import read_walkable

UNIT_M = 10


def walk(lines, start, stops, **columns):
    """Return the network and the distances from a point to others, all on the lines."""
    layer = gpd.GeoDataFrame(columns, geometry=list(lines), crs=4547)
    made = walking_network(layer, classes=read_walkable() if columns else None)
    index = EdgeIndex(made)
    return made, nearest(made, index.snap([start]), 0.0, index.snap(stops))[0]


def turned(coords, angle):
    """Return points turned and moved to where a projection puts a city."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(coords, dtype=float) @ np.array([[c, s], [-s, c]]) + (5e5, 4e6)


def town(seed):
    """Return lines on whole numbers: they cross, touch, overlap and turn back all the time."""
    rng = np.random.default_rng(seed)
    lines = [rng.integers(0, 12, (rng.integers(2, 5), 2)) for _ in range(rng.integers(2, 10))]
    lines = [line[np.r_[True, (np.diff(line, axis=0) != 0).any(axis=1)]] for line in lines]
    return [[tuple(map(int, spot)) for spot in line] for line in lines if len(line) > 1]


def exact(lines):
    """Return the graph of lines on whole numbers, cut where they meet, in fractions."""
    segments = [(a, b) for line in lines for a, b in itertools.pairwise(line)]
    graph = nx.Graph()
    for a, b in segments:
        dx, dy = b[0] - a[0], b[1] - a[1]
        cuts = {Fraction(0), Fraction(1)}
        for c, d in segments:
            ex, ey, wx, wy = d[0] - c[0], d[1] - c[1], c[0] - a[0], c[1] - a[1]
            turn = dx * ey - dy * ex
            if turn:
                t, u = Fraction(wx * ey - wy * ex, turn), Fraction(wx * dy - wy * dx, turn)
                cuts |= {t} if 0 <= t <= 1 and 0 <= u <= 1 else set()
            elif wx * dy == wy * dx:
                along = [
                    Fraction((x - a[0]) * dx + (y - a[1]) * dy, dx**2 + dy**2) for x, y in (c, d)
                ]
                cuts |= {t for t in along if 0 <= t <= 1}
        spots = [(a[0] + t * dx, a[1] + t * dy) for t in sorted(cuts)]
        for p, q in itertools.pairwise(spots):
            graph.add_edge(p, q, m=UNIT_M * float(np.hypot(float(p[0] - q[0]), float(p[1] - q[1]))))
    return graph


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 7))
def test_distances_are_those_of_exact_numbers_however_the_town_is_turned(seed, angle):
    lines = town(seed)
    graph = exact(lines)
    spots = sorted({spot for line in lines for spot in line})
    way = nx.single_source_dijkstra_path_length(graph, lines[0][0], weight="m")
    made, found = walk(
        [shapely.LineString(turned(np.multiply(line, UNIT_M), angle)) for line in lines],
        turned(np.multiply(lines[0][0], UNIT_M), angle),
        turned(np.multiply(spots, UNIT_M), angle),
    )
    np.testing.assert_allclose(found, [way.get(spot, np.inf) for spot in spots], atol=0.01)
    assert len(made.piece_length_m) == nx.number_connected_components(graph)
    assert made.length_m.sum() == pytest.approx(sum(m for *_, m in graph.edges(data="m")), abs=0.02)


@pytest.mark.parametrize(
    ("lines", "way"),
    [
        ([[(0, 0), (400, 0)], [(0, 0), (100, 0), (100, 300)]], 295 + 300),  # along the street
        ([[(0, 0), (400, 0)], [(100, 300), (100, 0), (0, 300)]], 295 + 300),  # a bend on it
        ([[(100, 300), (100, 0), (700, 0), (395, 0)]], 295 + 300),  # there and back
        ([[(0, 0), (400, 0)], [(0, 0.05), (100, 0.05), (100, 300)]], 295 + 300),  # drawn twice
        ([[(0, 0), (400, 0)], [(100, 300), (100, 0.09), (0, 300)]], 295 + 300),  # a bend beside it
    ],
)
@pytest.mark.parametrize("angle", np.radians([0, 10, 20, 30, 40, 200]))
def test_lines_that_run_along_each_other_or_touch_with_a_bend_meet(lines, way, angle):
    shapes = [shapely.LineString(turned(line, angle)) for line in lines]
    _, found = walk(shapes, turned((395, 0), angle), [turned((100, 300), angle)])
    np.testing.assert_allclose(found, way, atol=0.11)


@pytest.mark.parametrize("south", [1, -1])
def test_lines_drawn_in_degrees_meet_although_the_plane_bends_them(south):
    # a parallel of 1.9 km swerves by some 4 cm from the chord that joins its ends
    spots = [(0, 0), (0.02, 0)], [(0, 0.002), (0.007, 0), (0.013, 0), (0.02, 0.002)]
    lines = [[(114 + x, 30 + south * y) for x, y in line] for line in spots]
    shapes = gpd.GeoSeries([shapely.LineString(line) for line in lines], crs=4490).to_crs(4547)
    ends = shapely.get_coordinates(shapely.get_point(shapes.array, -1))
    made, found = walk(shapes, ends[0], [ends[1]])
    leg = np.hypot(0.007 * 96_486, 0.002 * 110_852)  # metres a degree at 30° north
    assert found[0] == pytest.approx(0.007 * 96_486 + leg, abs=1.0)
    # on one side the chord passes above both bends, on the other it cuts their corners off
    codes = {item.code for item in made.findings}
    assert codes == ({"paths_noded"} if south > 0 else {"paths_beside"})


def test_a_bend_farther_off_is_no_junction():
    bent = [shapely.LineString([(0, 0), (9, 0)]), shapely.LineString([(0, 5), (5, 0.2), (9, 5)])]
    made, found = walk(bent, (0, 0), [(0, 5)])
    assert (len(made.piece_length_m), found[0]) == (2, np.inf)


def test_a_lane_that_ends_a_little_short_of_itself_is_linked():
    lane = shapely.LineString([(0, 0), (90, 0), (90, 50), (30, 50), (30, 0.3)])
    _, found = walk([lane], (0, 0), [(30, 50)])
    np.testing.assert_allclose(found, 30 + 0.3 + 49.7)


BRIDGES = ["桥", "桥", "道路"]


def walk_over(kinds, lines, start, stop):
    made, (found,) = walk(map(shapely.LineString, lines), start, [stop], **{"class": kinds})
    return len(made.piece_length_m), found


@pytest.mark.parametrize("aside", [0, 0.2])
def test_bridges_that_go_on_above_a_path_do_not_meet_it(aside):
    way = [(0, 0), (10, 0)], [(10, 0), (20, 0)], [(10 + aside, -5), (10 + aside, 5)]
    assert walk_over(BRIDGES, way, (0, 0), (10 + aside, 5)) == (2, np.inf)


def test_bridges_meet_the_ground_where_it_ends_or_bends_at_their_joint():
    way = [(0, 0), (10, 0)], [(10, 0), (20, 0)], [(10, 0), (10, 5)]
    assert walk_over(BRIDGES, way, (0, 0), (10, 5)) == (1, 15)


def test_a_bridge_drawn_a_little_beyond_the_path_that_it_lands_on_is_linked_to_it():
    way = [(0, 0), (10, 0)], [(5, -0.3), (5, 20)]
    assert walk_over(["道路", "桥"], way, (0, 0), (5, 20)) == (1, pytest.approx(5 + 0.3 + 20.3))
