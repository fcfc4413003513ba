"""Distances on the streets of Kamppi, Helsinki, against the lengths that its makers wrote down."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from greenspace.measure.network import nearest, pairs, spread
from greenspace.measure.snapping import EdgeIndex
from greenspace.model.network import WalkNetwork

pytestmark = pytest.mark.real_data
STREETS = "helsinki/OSM_Kamppi.gpkg"


def network_of(streets, length_m):
    """A network of streets as they are written, each from its node u to its node v."""
    lines = streets.geometry.to_numpy()
    ids, ends = np.unique(streets[["u", "v"]].to_numpy(), return_inverse=True)
    edges = ends.reshape(-1, 2)
    nodes = np.empty((len(ids), 2))
    for side, place in ((0, 0), (1, -1)):
        nodes[edges[:, side]] = shapely.get_coordinates(shapely.get_point(lines, place))
    first = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(lines))))
    kinds = np.full(len(lines), "", dtype=object)
    coords = shapely.get_coordinates(lines)
    return WalkNetwork(nodes, edges, coords, first, length_m, kinds, streets.crs)


@pytest.fixture(scope="module")
def streets(real_data):
    return gpd.read_file(real_data / STREETS, layer="streets")


@pytest.fixture(scope="module")
def network(streets):
    return network_of(streets, streets["length"].to_numpy(dtype=float))


@pytest.fixture(scope="module")
def graph(streets):
    graph = nx.MultiGraph()
    rows = streets[["u", "v", "length"]].itertuples(index=False)
    graph.add_weighted_edges_from(((u, v, float(length)) for u, v, length in rows))
    return nx.relabel_nodes(graph, {name: i for i, name in enumerate(sorted(graph))})


def test_nodes_are_as_far_as_the_written_lengths_add_up(network, graph):
    # gates a tenth of the way along five streets: both their ends are where the walk begins
    chosen = np.arange(100, 3100, 600)
    middle = shapely.line_interpolate_point(network.lines[chosen], 0.1, normalized=True)
    gates = EdgeIndex(network).snap(shapely.get_coordinates(middle), 1.0)
    for i, edge in enumerate(gates.edge):
        way = gates.along_m[i]
        first, second = network.edges[edge].tolist()
        graph.add_edge("gate", first, weight=way)
        graph.add_edge("gate", second, weight=network.length_m[edge] - way)
    expected = nx.single_source_dijkstra_path_length(graph, "gate")
    graph.remove_node("gate")

    reached = spread(network, gates, 0.0)

    assert np.isfinite(reached.node_m).sum() == len(expected) - 1
    for node, way in expected.items():
        if node != "gate":
            assert reached.node_m[node] == pytest.approx(way, abs=1e-9)


def test_homes_anywhere_find_the_same_by_the_nearest_and_by_pairs(network):
    draw = np.random.default_rng(0)
    west, south = network.nodes.min(axis=0)
    east, north = network.nodes.max(axis=0)
    points = draw.uniform((west, south), (east, north), (2000, 2))
    snaps = EdgeIndex(network).snap(points, 100.0)
    gates, homes = snaps.at(slice(0, 40)), snaps.at(slice(40, None))
    least = np.full(len(homes), np.inf)

    found = pairs(network, gates, np.arange(40) // 4, 0.0, homes, 800.0)
    np.minimum.at(least, found.target, found.distance_m)

    assert nearest(network, gates, 0.0, homes, 800.0)[0] == pytest.approx(least, abs=1e-9)
    every = shapely.distance(shapely.points(points)[:, None], network.lines[None]).min(axis=1)
    assert (snaps.found == (every <= 100.0)).all()
    assert snaps.offset_m[snaps.found] == pytest.approx(every[snaps.found], abs=1e-8)


def test_lengths_in_the_plane_are_those_written_down_to_four_in_a_thousand(streets, network):
    # written: on a sphere, to the millimetre; in UTM 35N, off its middle, 0.16 to 0.35 % less
    plane = network_of(streets, streets.geometry.length.to_numpy())
    place = network.nodes[[700]]

    drawn, written = (
        spread(each, EdgeIndex(each).snap(place, 1.0), 0.0).node_m for each in (plane, network)
    )

    far = np.isfinite(written) & (written > 100)
    assert far.sum() > 1000
    assert (np.abs(drawn[far] / written[far] - 1) < 4e-3).all()
