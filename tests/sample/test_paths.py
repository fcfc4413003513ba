"""The walking network holds together and crosses river and railway where it may."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def ends(lines: np.ndarray) -> np.ndarray:
    return np.array([[line.coords[0], line.coords[-1]] for line in lines])


def test_lines_meet_only_at_their_ends(city):
    lines = city.layers["paths"].geometry.to_numpy()
    left, right = shapely.STRtree(lines).query(lines, predicate="intersects")
    left, right = left[left < right], right[left < right]
    meeting = shapely.intersection(lines[left], lines[right])
    stops = {tuple(xy) for xy in ends(lines).reshape(-1, 2)}

    assert set(shapely.get_type_id(meeting)) <= {0, 4}  # points, several points
    assert {tuple(xy) for xy in shapely.get_coordinates(meeting)} <= stops


def test_everyone_can_walk_to_every_park(city):
    lines = city.layers["paths"].geometry.to_numpy()
    pairs = ends(lines)
    nodes, index = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    first, last = index.reshape(-1, 2).T
    graph = coo_array((np.ones(len(first)), (first, last)), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=False)
    main = np.bincount(label).argmax()
    reached = {tuple(xy) for xy in nodes[label == main]}
    gates = shapely.get_coordinates(city.layers["entrances"].geometry.to_numpy())

    assert {tuple(xy) for xy in gates} <= reached
    assert (label == main).mean() > 0.97


@pytest.mark.parametrize(("name", "barrier"), [("桥", "清河"), ("地道", None)])
def test_river_and_railway_are_crossed_only_where_they_may_be(full, name, barrier):
    paths = full.layers["paths"]
    water = full.layers["water"]
    if barrier:
        river = water[water["NAME"] == barrier].geometry.iloc[0].buffer(-0.5)
        crossing = paths[paths.intersects(river)]
    else:
        crossing = paths[paths["CLASS"] == name]

    assert set(crossing["CLASS"]) == {name}
    assert 3 <= len(crossing) <= 6


def test_entrances_stand_on_the_edge_of_their_park(city):
    parks = city.layers["parks"].set_index("NAME").geometry
    entrances = city.layers["entrances"]
    edges = parks.loc[entrances["PARK"]].boundary.to_numpy()

    assert set(entrances["PARK"]) == set(parks.index)
    assert shapely.distance(edges, entrances.geometry.to_numpy()).max() < 0.002


def test_homes_have_a_way_to_the_street(city):
    near = city.layers["paths"].union_all()

    assert (city.layers["residential"].distance(near) == 0).mean() > 0.9
