"""The networks of Amsterdam and Helsinki, as they come and after cleaning."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

import greenspace as gs
from greenspace.prepare.gates import gates_of
from greenspace.prepare.walkways import walking_network
from greenspace.read.walkable import read_walkable

pytestmark = pytest.mark.real_data
SPHERE_M = 6371009.0  # that OSMnx measures on


def raw_pieces(lines):
    """Return how many pieces vertices make that follow each other, and the largest's share."""
    coords, line = shapely.get_coordinates(lines, return_index=True)
    _, node = np.unique(coords, axis=0, return_inverse=True)
    same = line[1:] == line[:-1]
    here, there = node[:-1][same], node[1:][same]
    size = int(node.max()) + 1
    graph = coo_array((np.ones(len(here)), (here, there)), shape=(size, size))
    count, piece = connected_components(graph, directed=False)
    return count, np.bincount(piece).max() / size


def codes(network):
    return {finding.code: finding for finding in network.findings}


def test_amsterdam_falls_apart_only_with_its_railways_and_canals(real_data):
    paths = pyogrio.read_dataframe(real_data / "amsterdam/network.gpkg")
    count, share = raw_pieces(paths.geometry.to_numpy())
    assert (count, round(share, 3)) == (344, 0.819)
    told = codes(walking_network(paths, classes=read_walkable()))
    assert told["paths_no_way"].count == paths["highway"].isna().sum() == 1269
    assert "56.5% of the length" in told["paths_no_way"].text.en
    assert "busway 42, construction 23, trunk 10, trunk_link 6" in told["paths_not_walked"].text.en
    assert (told["paths_pieces"].count, told["paths_pieces"].severity) == (17, "note")
    assert "98.8% of its length and 98.2% of its nodes" in told["paths_pieces"].text.en


def test_a_layer_in_pieces_is_told_with_a_warning(real_data):
    paths = pyogrio.read_dataframe(real_data / "amsterdam/network.gpkg")
    told = codes(walking_network(paths))["paths_pieces"]  # canals and railways as if walked
    assert told.severity == "warning"
    assert told.count > 200


def test_helsinki_streets_come_in_46_pieces_with_97_percent_in_one(real_data):
    streets = pyogrio.read_dataframe(
        real_data / "helsinki/helsinki_layers_derived.gpkg", layer="roads"
    )
    count, share = raw_pieces(streets.geometry.to_numpy())
    assert (count, round(share, 3)) == (46, 0.970)


def test_an_extract_of_helsinki_makes_a_network_with_gates(real_data):
    extract = real_data / "helsinki/Helsinki.osm.pbf"
    paths = gs.read_layer(extract, layer="paths").to_crs(3067)
    network = walking_network(paths, classes=read_walkable())
    told = codes(network)
    assert network.piece_length_m[0] / network.length_m.sum() > 0.98
    assert {"paths_structures", "paths_both_ways", "paths_pieces"} <= set(told)
    assert "paths_unknown_class" not in told
    assert set(network.kinds) >= {"footway", "steps", "residential"}
    parks = gs.read_layer(extract, layer="parks").to_crs(3067)
    gates = gates_of(parks, network)
    assert set(gates.park) == set(range(len(parks)))
    assert gates.offset_m.max() < 0.01  # a path ends 3 mm beside the edge of its park


def kamppi(real_data):
    return pyogrio.read_dataframe(real_data / "helsinki/OSM_Kamppi.gpkg", layer="streets")


def great_circle_m(line):
    lon, lat = np.radians(shapely.get_coordinates(line)).T
    step = np.sin(np.diff(lat) / 2) ** 2
    step += np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    return float((2 * SPHERE_M * np.arcsin(np.sqrt(step))).sum())


def key(lines):
    return shapely.to_wkb(shapely.normalize(lines))


def test_edges_are_as_long_as_osmnx_says_but_for_its_sphere(real_data):
    """OSMnx measures on a sphere, which at 60° N is up to 0.36 % away from the plane of UTM 35."""
    streets = kamppi(real_data)
    network = walking_network(streets)
    own = dict(zip(key(network.lines), range(len(network.lines)), strict=True))
    pairs = [
        (own[wkb], length)
        for wkb, length in zip(key(streets.geometry), streets["length"], strict=True)
        if wkb in own
    ]
    assert len(pairs) > 0.98 * len(streets)
    edges, theirs = np.array(pairs).T
    np.testing.assert_allclose(network.length_m[edges.astype(int)], theirs, rtol=4e-3)
    lines = gpd.GeoSeries(network.lines[edges.astype(int)], crs=streets.crs).to_crs(4326)
    np.testing.assert_allclose([great_circle_m(line) for line in lines], theirs, atol=5e-3)


def test_distances_are_those_of_the_graph_of_osmnx(real_data):
    streets = kamppi(real_data)
    ids, ends = np.unique(np.r_[streets["u"], streets["v"]], return_inverse=True)
    u, v = np.sort(ends.reshape(2, -1), axis=0)
    theirs = distances(u, v, streets["length"].to_numpy(), 0)
    network = walking_network(streets)
    spots = np.empty((len(ids), 2))
    spots[ends] = shapely.get_coordinates(
        [shapely.get_point(streets.geometry, place) for place in (0, -1)]
    )
    node = [int(np.argmin(np.hypot(*(network.nodes - spot).T))) for spot in spots]
    ours = distances(*np.sort(network.edges.T, axis=0), network.length_m, node[0])
    np.testing.assert_allclose(ours[node], theirs, rtol=4e-3)


def distances(u, v, length, source):
    order = np.lexsort((length, v, u))
    u, v, length = u[order], v[order], length[order]
    first = np.r_[True, (np.diff(u) != 0) | (np.diff(v) != 0)]
    size = int(v.max()) + 1
    graph = coo_array((length[first], (u[first], v[first])), shape=(size, size)).tocsr()
    return dijkstra(graph, directed=False, indices=source)
