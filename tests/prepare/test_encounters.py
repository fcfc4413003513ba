"""Where lines cross, touch and nearly touch is told without an exact equality."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.prepare.encounters import encounters
from greenspace.prepare.stretches import drawn_lines

END_M, BEND_M = 0.5, 0.1


def met(*texts):
    lines = shapely.from_wkt([f"LINESTRING ({text})" for text in texts])
    return encounters(drawn_lines(lines), end_m=END_M, bend_m=BEND_M)


@pytest.mark.parametrize(
    ("one", "two", "cross", "touch"),
    [
        ("0 0, 4 0", "4 0, 9 1", 0, 2),  # end to end, either end
        ("0 0, 4 0", "2 -1, 2 1", 1, 0),
        ("0 0, 4 0", "2 0.4, 2 3", 0, 1),  # an end nearby
        ("0 0, 4 0", "2 0.6, 2 3", 0, 0),
        ("0 0, 4 0", "0 3, 2 0.09, 4 3", 0, 1),  # a bend nearby
        ("0 0, 4 0", "0 3, 2 0.11, 4 3", 0, 0),
        ("0 0, 2 1, 4 0", "0 3, 2 1, 4 3", 0, 2),  # a bend of both
        ("0 0, 9 0", "2 0, 5 0", 0, 2),  # along each other
    ],
)
def test_by_hand(one, two, cross, touch):
    crossings, touches = met(one, two)
    assert (len(crossings.xy), len(touches.xy)) == (cross, touch)


def test_a_line_crosses_and_touches_itself():
    crossings, touches = met("0 0, 8 0, 8 4, 4 4, 4 -4, 2 -4, 2 0")
    assert crossings.xy.tolist() == [[4, 0]]
    assert (crossings.here_at.tolist(), crossings.there_at.tolist()) == ([4], [20])
    assert (touches.own_at.tolist(), touches.at.tolist()) == ([30], [2])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_all_pairs_within_reach_are_found_and_no_others(seed):
    rng = np.random.default_rng(seed)
    lines = [
        shapely.LineString(np.cumsum(rng.normal(0, 1, (count, 2)), axis=0))
        for count in rng.integers(2, 70, 6)
    ]
    drawn = drawn_lines(lines)
    crossings, touches = encounters(drawn, end_m=END_M, bend_m=BEND_M)
    for own in range(len(lines)):
        for line in range(len(lines)):
            if own == line:
                continue
            points = shapely.points(lines[own].coords)
            reach = np.where(drawn.is_end[drawn.line == own], END_M, BEND_M)
            near = np.flatnonzero(shapely.distance(points, lines[line]) <= reach)
            found = touches.of((touches.own == own) & (touches.line == line))
            np.testing.assert_array_equal(np.unique(found.vertex) - drawn.first[own], near)
            np.testing.assert_allclose(
                shapely.distance(shapely.points(found.foot), lines[line]), 0, atol=1e-9
            )
            along = shapely.line_interpolate_point(lines[line], found.at)
            np.testing.assert_allclose(shapely.get_coordinates(along), found.foot, atol=1e-9)
            if own < line:
                shared = shapely.get_coordinates(lines[own].intersection(lines[line]))
                pair = (crossings.here == own) & (crossings.there == line)
                assert pair.sum() == len(shared)
