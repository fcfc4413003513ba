"""Linear: sections and lengths under shapes, by property and against shapely."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box
from shapely.affinity import rotate, translate

from greenspace.measure.linear import covered_length, greened_sections, pieces_of
from greenspace.measure.roads import road_land

NUMBER = st.integers(0, 400)
POINT = st.tuples(NUMBER, NUMBER)


@st.composite
def scenes(draw):
    corners = draw(st.lists(POINT, min_size=2, max_size=5, unique=True))
    boxes = draw(
        st.lists(st.tuples(NUMBER, NUMBER, st.integers(1, 90), st.integers(1, 90)), max_size=8)
    )
    shapes = [box(x, y, x + w, y + h) for x, y, w, h in boxes]
    return LineString(corners), np.array(shapes, dtype=object)


def lines_of(line):
    return np.array([line], dtype=object)


@settings(max_examples=60, deadline=None)
@given(scenes())
def test_the_length_under_shapes_is_that_under_their_union(scene):
    line, shapes = scene
    straight = [LineString(pair) for pair in zip(line.coords, line.coords[1:], strict=False)]
    union = shapely.union_all(shapes)

    found = covered_length(shapes, pieces_of(lines_of(line), 25.0)).sum()

    wanted = sum(each.intersection(union).length for each in straight)
    assert abs(found - wanted) <= 1e-6


@settings(max_examples=40, deadline=None)
@given(scenes(), st.integers(0, 359), st.integers(-5000, 5000))
def test_turning_and_shifting_change_no_length(scene, angle, shift):
    line, shapes = scene
    moved = [
        translate(rotate(each, angle, origin=(0, 0)), shift, -shift) for each in (line, *shapes)
    ]
    there = np.array(moved[1:], dtype=object)

    before = covered_length(shapes, pieces_of(lines_of(line), 25.0)).sum()
    after = covered_length(there, pieces_of(lines_of(moved[0]), 25.0)).sum()

    assert abs(before - after) <= 1e-5


@settings(max_examples=40, deadline=None)
@given(scenes(), st.floats(5.0, 60.0))
def test_sections_add_up_to_the_line_and_more_plants_never_green_less(scene, section_m):
    line, shapes = scene
    half = np.array([10.0])

    some, every = (
        greened_sections(lines_of(line), half, part, section_m) for part in (shapes[:3], shapes)
    )

    assert abs(every.length_m.sum() - line.length) <= 1e-6 * line.length
    assert every.length_m.max() <= section_m * (1 + 1e-6)
    assert (every.greened >= some.greened).all()
    away = shapely.distance(every.middle, line)
    assert away.max() <= 1e-6


@settings(max_examples=40, deadline=None)
@given(scenes())
def test_a_greened_section_has_a_plant_inside_the_land_of_the_road(scene):
    line, shapes = scene
    land = road_land(lines_of(line), np.array([20.0]))[0].buffer(12.0)  # bends are cut square

    found = greened_sections(lines_of(line), np.array([10.0]), shapes)

    if not shapely.intersects(shapes, land).any():
        assert not found.greened.any()


def test_two_lines_side_by_side_keep_their_own_sections():
    lines = np.array([LineString([(0, 0), (60, 0)]), LineString([(0, 100), (0, 100.001)])])

    found = greened_sections(lines, np.array([5.0, 5.0]), np.array([box(-1, 99, 1, 101)]))

    assert found.owner.tolist() == [0, 0, 0, 1]
    assert found.greened.tolist() == [False, False, False, True]


def test_no_lines_have_no_sections():
    nothing = np.empty(0, dtype=object)

    found = greened_sections(nothing, np.empty(0), np.array([box(0, 0, 1, 1)]))

    assert len(found.length_m) == len(found.middle) == 0
    assert covered_length(nothing, pieces_of(nothing, 25.0)).tolist() == []


def test_a_crown_inside_another_takes_nothing_away():
    crowns = np.array([box(0, -1, 10, 1), box(2, -1, 3, 1), box(4, -1, 12, 1)])

    way = pieces_of(lines_of(LineString([(0, 0), (20, 0)])), 25.0)

    assert covered_length(crowns, way).tolist() == [12.0]


def test_the_outer_side_of_a_bend_belongs_to_the_section_before_it():
    # 40 m wide, turning left at (25, 0): the tree stands right of both arms, before neither
    bent = np.array([shapely.linestrings([[0, 0], [25, 0], [25, 25]])])
    trees = np.array([shapely.box(30, -12, 38, -5)])
    inner, beyond = np.array([shapely.box(5, 5, 8, 8)]), np.array([shapely.box(41, -20, 45, -16)])

    assert greened_sections(bent, np.array([20.0]), trees).greened.tolist() == [True, False]
    assert greened_sections(bent, np.array([20.0]), inner).greened.tolist() == [True, True]
    assert not greened_sections(bent, np.array([20.0]), beyond).greened.any()
