"""A park is entered where paths come to its edge, whatever else is drawn and however it is cut."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree
from shapely.affinity import rotate

from greenspace.prepare.rims import meetings

SQUARE = shapely.box(0, 0, 100, 100)
HERE = np.array([5e5, 4e6])
STEP_M = 40.0

place = st.tuples(st.integers(-60, 160), st.integers(-60, 160))
path = st.lists(place, min_size=2, max_size=6, unique=True)
paths = st.lists(path, min_size=1, max_size=4)


def places(park, lines):
    rows = np.arange(len(lines))
    made = np.array([shapely.LineString(line) for line in lines], dtype=object)
    return meetings(np.array([park]), made, np.zeros_like(rows), rows, STEP_M).xy


def turned(degrees, *lines):
    shapes = [rotate(shapely.LineString(line), degrees, origin=(0, 0)) for line in lines]
    moved = shapely.transform(np.array([rotate(SQUARE, degrees, origin=(0, 0)), *shapes]), _there)
    return places(moved[0], [shapely.get_coordinates(line) for line in moved[1:]])


def _there(xy):
    return xy + HERE


def holds(more, fewer):
    """Return whether every point of some stands among others, to 2 mm."""
    return not len(fewer) or (len(more) and KDTree(more).query(fewer)[0].max() <= 2e-3)


@pytest.mark.parametrize("degrees", [0, 10, 33, 47])
def test_what_runs_along_the_edge_meets_it_all_along_and_what_ends_there_within_does_not(degrees):
    along = turned(degrees, [(0, 100), (50, 100)], [(50, 100), (100, 100)])
    assert len(np.unique(along.round(2), axis=0)) == 5
    assert len(turned(degrees, [(50, 20), (50, 100)])) == 0
    beside = turned(degrees, [(0, 100.4), (100, 100.4)])
    assert len(np.unique(beside.round(2), axis=0)) == 4


@settings(max_examples=60, deadline=None)
@given(paths, path, st.integers(0, 359))
def test_another_path_takes_no_place_away(lines, other, degrees):
    assert holds(turned(degrees, *lines, other), turned(degrees, *lines))


@settings(max_examples=60, deadline=None)
@given(path, st.integers(1, 4), st.integers(0, 359))
@example([(2, 0), (0, 0), (1, 100)], 1, 0)
def test_a_path_that_is_cut_at_a_vertex_meets_the_edge_where_it_did(line, at, degrees):
    assume(shapely.LineString(line).is_simple)  # as edges of a network are
    cut = min(at, len(line) - 1)
    halves = [half for half in (line[: cut + 1], line[cut:]) if len(half) > 1]
    whole, both = turned(degrees, line), turned(degrees, *halves)
    assert holds(whole, both)
    assert holds(both, whole)


@settings(max_examples=60, deadline=None)
@given(paths, st.integers(0, 359))
def test_every_place_lies_on_the_edge_and_near_a_path(lines, degrees):
    xy = turned(degrees, *lines) - HERE
    points = shapely.points(xy)
    rim = rotate(SQUARE, degrees, origin=(0, 0)).exterior
    made = [rotate(shapely.LineString(line), degrees, origin=(0, 0)) for line in lines]
    assert (shapely.distance(rim, points) < 1e-6).all()
    assert (shapely.distance(shapely.union_all(made), points) < 0.501).all()
