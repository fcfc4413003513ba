"""A network is cut where lines meet, joined where they nearly do, and told of its pieces."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from greenspace.errors import CrsError, GeometryError, InputError
from greenspace.prepare.walkways import walking_network
from greenspace.read.walkable import read_walkable

CRS = 4547


def layer(*lines, **columns):
    shapes = [shapely.LineString(line) if isinstance(line, list) else line for line in lines]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def network(*lines, tolerance_m=0.5, **columns):
    classes = read_walkable() if columns else None
    made = walking_network(layer(*lines, **columns), classes=classes, tolerance_m=tolerance_m)
    np.testing.assert_allclose(shapely.length(made.lines), made.length_m)
    within = np.delete(np.diff(made.coords, axis=0), made.first[1:-1] - 1, axis=0)
    assert np.hypot(*within.T).min() > 1e-4  # no vertex twice
    np.testing.assert_array_equal(made.coords[made.first[:-1]], made.nodes[made.edges[:, 0]])
    np.testing.assert_array_equal(made.coords[made.first[1:] - 1], made.nodes[made.edges[:, 1]])
    return made


def walk(made, start, stop):
    """Return the shortest way between two nodes given by their coordinates."""
    here, there = (int(np.argmin(np.hypot(*(made.nodes - spot).T))) for spot in (start, stop))
    np.testing.assert_allclose(made.nodes[[here, there]], [start, stop], atol=1e-3)
    low, high = made.edges.min(axis=1), made.edges.max(axis=1)
    order = np.argsort(made.length_m, kind="stable")[::-1]
    table = {
        (a, b): m for a, b, m in zip(low[order], high[order], made.length_m[order], strict=True)
    }
    pairs = np.array(list(table))
    graph = coo_array((list(table.values()), pairs.T), shape=(len(made.nodes),) * 2).tocsr()
    return float(dijkstra(graph, directed=False, indices=here)[there])


def counts(made):
    return {finding.code: finding.count for finding in made.findings}


def test_lines_that_cross_meet_there():
    made = network([(0, 5), (9, 5)], [(4, 0), (4, 9)])
    assert (len(made.nodes), len(made.edges)) == (5, 4)
    assert walk(made, (0, 5), (4, 9)) == pytest.approx(4 + 4)
    assert counts(made) == {"paths_noded": 1}


def test_a_line_that_ends_on_another_meets_it():
    made = network([(0, 0), (9, 0)], [(3, 0), (3, 4)])
    assert walk(made, (9, 0), (3, 4)) == pytest.approx(6 + 4)
    assert counts(made) == {}


def test_a_line_that_touches_with_a_bend_meets_there_too():
    made = network([(0, 0), (9, 0)], [(1, 4), (5, 0), (9, 4)])
    assert walk(made, (0, 0), (9, 4)) == pytest.approx(5 + 32**0.5)


def test_the_vertices_of_an_edge_keep_their_course():
    made = network([(0, 0), (4, 0), (4, 4), (8, 4)], [(4, 2), (6, 2)])
    assert len(made.edges) == 3
    assert made.length_m.tolist() == pytest.approx([6, 6, 2])
    assert walk(made, (0, 0), (8, 4)) == pytest.approx(12)


@pytest.mark.parametrize(
    "columns",
    [
        {"class": ["道路", "桥"]},
        {"class": ["桥", "地道"]},
        {"highway": ["service", "footway"], "bridge": [None, "yes"]},
        {"highway": ["service", "footway"], "tunnel": ["no", "yes"]},
        {"highway": ["service", "footway"], "layer": ["-1", None]},
        {"highway": ["service"] * 2, "other_tags": ['"bridge"=>"yes","layer"=>"2"', None]},
    ],
)
def test_a_bridge_does_not_meet_the_road_below(columns):
    made = network([(0, 5), (9, 5)], [(4, 0), (4, 9)], **columns)
    assert (len(made.nodes), len(made.edges)) == (4, 2)
    assert max(made.component) == 1
    assert "1 pairs of lines cross" in made.findings[0].text.en


def test_bridges_that_cross_right_above_a_crossing_do_not_meet_it():
    ways = [[(0, 0), (9, 9)], [(9, 0), (0, 9)], [(0, 4.5), (9, 4.5)], [(4.5, 0), (4.5, 9)]]
    made = network(*ways, **{"class": ["桥", "桥", "道路", "道路"]})
    assert (len(made.nodes), len(made.edges), max(made.component)) == (10, 8, 1)


def test_a_bridge_meets_the_ground_at_its_ends():
    made = network(
        [(0, 0), (0, 9)], [(9, 0), (9, 9)], [(0, 4), (9, 4)], [(5, 0), (5, 9)],
        **{"class": ["道路", "道路", "桥", "道路"]},
    )  # fmt: skip
    assert walk(made, (0, 0), (9, 0)) == pytest.approx(4 + 9 + 4)
    assert max(made.component) == 1  # the road below the bridge


def test_stairs_that_end_at_a_vertex_of_a_bridge_lead_onto_it_and_others_do_not():
    bridge = [(0, 0), (5, 0), (9, 0)]
    kinds = {"class": ["桥", "台阶"]}
    assert max(network(bridge, [(5, 0), (5, 4)], **kinds).component) == 0
    assert max(network(bridge, [(4, 0), (4, 4)], **kinds).component) == 1


def test_a_passage_through_a_building_is_on_the_ground():
    made = network([(0, 5), (9, 5)], [(4, 0), (4, 9)], tunnel=["building_passage", None])
    assert len(made.edges) == 4


def test_an_end_a_little_short_of_a_line_is_linked_by_the_gap():
    made = network([(0, 0), (9, 0)], [(3, 0.4), (3, 4)])
    assert walk(made, (0, 0), (3, 4)) == pytest.approx(3 + 0.4 + 3.6)
    finding = made.findings[0]
    assert (finding.code, finding.count) == ("paths_linked", 1)
    assert "0.40 m" in finding.text.en


def test_an_end_farther_off_than_the_tolerance_stays_alone():
    made = network([(0, 0), (9, 0)], [(3, 0.6), (3, 4)])
    assert counts(made) == {"paths_pieces": 2}
    assert max(network([(0, 0), (9, 0)], [(3, 0.6), (3, 4)], tolerance_m=1.0).component) == 0


def test_an_end_short_of_several_lines_is_linked_to_the_nearest():
    made = network([(0, 0), (9, 0)], [(0, 0.8), (9, 0.8)], [(3, 0.45), (3.2, 0.45)])
    assert {code: count for code, count in counts(made).items() if code == "paths_linked"} == {
        "paths_linked": 2
    }  # one at each end
    assert max(made.component) == 1
    assert max(made.length_m[made.length_m < 1]) == pytest.approx(0.35)


def test_two_ends_that_miss_each_other_are_linked_once():
    made = network([(0, 0), (5, 0)], [(5.3, 0.4), (9, 4)])
    assert counts(made) == {"paths_linked": 1}
    assert walk(made, (0, 0), (9, 4)) == pytest.approx(5 + 0.5 + np.hypot(3.7, 3.6))


def test_ends_that_meet_each_other_but_miss_the_street_are_linked_to_it():
    made = network([(0, 0), (9, 0)], [(4, 0.3), (2, 5)], [(4, 0.3), (6, 5)])
    assert counts(made)["paths_linked"] == 1
    assert max(made.component) == 0


def test_a_short_stretch_at_a_crossing_is_no_gap():
    made = network([(0, 0), (5, 0)], [(5, 0), (5, 0.3)], [(5, 0.3), (0, 3)])
    assert counts(made) == {}
    assert len(made.edges) == 3


def test_a_bridge_end_is_linked_to_the_ground_and_the_ground_not_to_a_bridge():
    kinds = {"class": ["道路", "桥"]}
    assert max(network([(0, 0), (9, 0)], [(3, 0.4), (3, 4)], **kinds).component) == 0
    kinds = {"class": ["桥", "道路"]}
    assert max(network([(0, 0), (9, 0)], [(3, 0.4), (3, 4)], **kinds).component) == 1


def test_lines_there_twice_count_once_whichever_way_they_run():
    made = network([(0, 0), (4, 0), (9, 3)], [(9, 3), (4, 0), (0, 0)], [(0, 0), (4, 0), (9, 3)])
    assert len(made.edges) == 1
    assert counts(made) == {"paths_repeated": 2}


def test_lines_that_share_a_stretch_count_it_once():
    made = network([(0, 0), (6, 0)], [(2, 0), (9, 0)])
    assert made.length_m.sum() == pytest.approx(9)
    assert counts(made) == {"paths_overlap": 1}


def test_two_ways_of_one_length_round_a_pond_both_stay():
    made = network([(0, 0), (3, 4), (6, 0)], [(0, 0), (3, -4), (6, 0)])
    assert made.length_m.tolist() == [10, 10]


def test_a_line_that_crosses_itself_meets_itself():
    made = network([(0, 0), (8, 0), (8, 4), (4, 4), (4, -4)])
    assert walk(made, (0, 0), (4, -4)) == pytest.approx(4 + 4)
    assert counts(made) == {"paths_noded": 1, "paths_loops": 1}


def test_a_ring_that_nothing_touches_is_kept_as_a_loop():
    made = network([(0, 0), (4, 0), (4, 4), (0, 0)], [(90, 0), (99, 0)])
    assert counts(made) == {"paths_loops": 1, "paths_pieces": 2}
    assert made.length_m.sum() == pytest.approx(8 + 32**0.5 + 9)


def test_pieces_are_told_with_their_shares():
    # 30 m with 2 nodes, 10 m with 3 nodes: the largest holds 75 % of the length, 40 % of nodes
    made = network([(0, 0), (30, 0)], [(0, 9), (5, 9)], [(5, 9), (10, 9)])
    (finding,) = made.findings
    assert (finding.code, finding.count, finding.severity) == ("paths_pieces", 2, "warning")
    assert "75.0%" in finding.text.en
    assert "40.0%" in finding.text.en
    assert "75.0%" in finding.text.zh


def test_what_is_no_way_is_left_out_and_counted():
    with np.errstate(invalid="ignore"):
        broken = shapely.linestrings([(0, 0), (np.nan, 5), (3, np.inf)])
    lines = layer([(0, 0), (9, 0)], shapely.LineString(), None, [(4, 4), (4, 4)], broken)
    made = walking_network(lines)
    assert counts(made) == {"paths_without_shape": 3, "paths_zero_length": 1}
    assert made.findings[0].rows == (1, 2, 4)


def test_heights_and_parts_are_taken_apart():
    made = network(shapely.from_wkt("MULTILINESTRING Z ((0 0 5, 3 4 9), (3 4 9, 3 9 9))"))
    assert made.length_m.tolist() == [5, 5]
    assert counts(made) == {"paths_heights": None}


@pytest.mark.parametrize("tolerance_m", [-1, 50, np.nan])
def test_a_tolerance_that_is_none_is_refused(tolerance_m):
    with pytest.raises(InputError) as caught:
        network([(0, 0), (9, 0)], tolerance_m=tolerance_m)
    assert caught.value.expected == "0 to 20"


@pytest.mark.parametrize("shape", [shapely.Point(1, 1), shapely.box(0, 0, 1, 1)])
def test_points_and_polygons_are_refused_with_their_rows(shape):
    with pytest.raises(GeometryError) as caught:
        network([(0, 0), (9, 0)], shape)
    assert caught.value.rows == (1,)
    assert caught.value.found == shape.geom_type
    assert caught.value.remedy is not None


@pytest.mark.parametrize("lines", [[], [shapely.LineString()], [[(3, 3), (3, 3)]]])
def test_a_layer_without_a_way_is_refused(lines):
    with pytest.raises(GeometryError) as caught:
        network(*lines)
    assert caught.value.found == len(lines)


@pytest.mark.parametrize("crs", [4326, 3857, 2230])
def test_a_crs_that_cannot_measure_is_refused(crs):
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(10, 10), (10.1, 10)])], crs=crs)
    with pytest.raises(CrsError):
        walking_network(lines)


def streets(seed):
    """Return a small town: whole numbers, so that lines cross, touch and overlap often."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 9, (12, 3, 2)) * 10.0
    ends = ends[(np.diff(ends, axis=1) != 0).any(axis=2).all(axis=1)]
    return [shapely.LineString(line) for line in ends]


def all_distances(lines, spots, **columns):
    made = network(*lines, **columns)
    return np.array([[walk(made, a, b) for b in spots] for a in spots])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_order_direction_and_splits_change_no_distance(seed, random):
    lines = streets(seed)
    spots = [line.coords[0] for line in lines[:4]]
    whole = all_distances(lines, spots)
    shuffled = [line if random.random() < 0.5 else line.reverse() for line in lines]
    random.shuffle(shuffled)
    np.testing.assert_allclose(all_distances(shuffled, spots), whole, atol=5e-3)
    halves = [shapely.LineString(line.coords[i : i + 2]) for line in lines for i in (0, 1)]
    np.testing.assert_allclose(all_distances(halves, spots), whole, atol=5e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_network_covers_the_union_of_the_lines_and_nothing_else(seed):
    lines = streets(seed)
    made = network(*lines)
    assert made.length_m.sum() == pytest.approx(shapely.union_all(lines).length, abs=0.02)
