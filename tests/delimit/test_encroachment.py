"""Works inside green lines: by hand, by property, beside a raster of cells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from greenspace.delimit.encroachment import by_line, ranked, taken, union_m2


def array(*shapes):
    return np.array(shapes, dtype=object)


PARK = box(0, 0, 100, 100)


def test_a_work_takes_what_lies_inside_the_line():
    # 30 m of the work's 50 m stand inside, 20 m wide
    found = taken(array(PARK), array(box(70, 0, 120, 20)))
    assert found.line.tolist() == [0]
    assert shapely.area(found.ground).tolist() == [600.0]
    assert found.slivers == 0


def test_two_parts_of_one_work_are_one_finding():
    works = array(shapely.MultiPolygon([box(-5, 0, 5, 10), box(95, 0, 105, 10)]))
    found = taken(array(PARK), works)
    assert shapely.area(found.ground).tolist() == [100.0]
    assert found.ground[0].geom_type == "MultiPolygon"


@pytest.mark.parametrize(
    ("work", "kept"),
    [
        (box(99.5, 0, 150, 100), False),  # half a metre is nowhere wider than half a metre
        (box(99.4, 0, 150, 100), True),
        (box(99, 99.1, 150, 150), False),  # 0.9 m2
        (box(100, 0, 150, 100), False),  # a common edge
    ],
)
def test_noise_of_drawing_is_no_finding(work, kept):
    found = taken(array(PARK), array(work))
    assert (len(found.line) == 1) is kept
    inside = shapely.intersection(work, PARK).area
    assert found.slivers == (0 if kept or inside == 0 else 1)
    assert found.slivers_m2 == pytest.approx(0 if kept else inside)


def test_a_wedge_that_is_wide_somewhere_is_ground():
    wedge = shapely.Polygon([(100, 0), (98, 100), (120, 100), (120, 0)])
    assert shapely.area(taken(array(PARK), array(wedge)).ground).tolist() == pytest.approx([100])


def test_a_hole_of_the_line_loses_nothing():
    ring = PARK - box(40, 40, 60, 60)
    assert shapely.area(taken(array(ring), array(box(30, 30, 60, 60))).ground) == pytest.approx(500)


def test_ground_under_two_works_counts_once_in_the_line():
    works = array(box(0, 0, 20, 10), box(10, 0, 30, 10))
    found = taken(array(PARK), works)
    assert shapely.area(found.ground).tolist() == [200.0, 200.0]
    rows = by_line(1, found.line, ["construction", "road"], found.ground)
    assert rows.tolist() == [[200.0, 200.0, 0.0, 300.0]]


def test_the_largest_comes_first_and_ties_go_by_number():
    order = ranked(["L10", "L02", "L02", "L01"], ["road", "road", "construction", "road"], [5] * 4)
    assert order.tolist() == [3, 2, 1, 0]
    assert ranked(["A", "B"], ["image"] * 2, [1.0, 2.0]).tolist() == [1, 0]


def test_nothing_near_is_nothing():
    found = taken(array(PARK), array(box(200, 0, 300, 10)))
    assert (len(found.line), found.slivers, union_m2(found.ground)) == (0, 0, 0.0)


sides = st.integers(1, 12)
places = st.integers(0, 18)
boxes = st.builds(lambda x, y, w, h: box(x, y, x + w, y + h), places, places, sides, sides)
layers = st.lists(boxes, min_size=1, max_size=4)
CELLS = shapely.points(*(axis.ravel() + 0.5 for axis in np.meshgrid(np.arange(30), np.arange(30))))


@settings(max_examples=40, deadline=None)
@given(lines=layers, works=layers)
def test_sums_are_those_of_cells_counted_one_by_one(lines, works):
    """Boxes on whole metres: a cell is inside or not, so counting cells is exact."""
    found = taken(array(*lines), array(*works))
    rows = by_line(len(lines), found.line, ["road"] * len(found.line), found.ground)
    hit = np.any([shapely.contains(work, CELLS) for work in works], axis=0)
    cells = [np.count_nonzero(shapely.contains(line, CELLS) & hit) for line in lines]
    assert rows[:, -1] == pytest.approx(np.array(cells, dtype=float), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(lines=layers, works=layers, more=boxes)
def test_one_more_work_takes_no_less(lines, works, more):
    small, large = (taken(array(*lines), array(*each)) for each in (works, [*works, more]))
    assert union_m2(large.ground) >= union_m2(small.ground) - 1e-9
    assert len(large.line) >= len(small.line)


@settings(max_examples=40, deadline=None)
@given(lines=layers, works=layers, x=st.integers(-500, 500), y=st.integers(-500, 500))
def test_where_the_city_lies_changes_nothing(lines, works, x, y):
    here = taken(array(*lines), array(*works))
    moved = [
        shapely.transform(array(*each), lambda xy: np.add(xy, (x, y))) for each in (lines, works)
    ]
    there = taken(*moved)
    assert there.line.tolist() == here.line.tolist()
    assert there.work.tolist() == here.work.tolist()
    assert shapely.area(there.ground) == pytest.approx(shapely.area(here.ground))
