"""Areas under a union, by hand, by property, and beside plain shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Polygon, affinity, box

from greenspace.measure.areas import covered, covered_area

CORNER = st.integers(0, 20)
SIDE = st.integers(1, 12)
SQUARES = st.lists(
    st.builds(lambda x, y, w, h: box(x, y, x + w, y + h), CORNER, CORNER, SIDE, SIDE), max_size=8
)


def areas(shapes, zones):
    return covered_area(np.array(shapes, dtype=object), np.array(zones, dtype=object)).tolist()


# --- by hand


@pytest.mark.parametrize(
    ("shapes", "area"),
    [
        ([], 0),
        ([box(0, 0, 5, 5), box(0, 0, 5, 5)], 25),  # twice the same
        ([box(0, 0, 6, 10), box(4, 0, 10, 10)], 100),  # 60 + 60 - 20
        ([box(-5, -5, 5, 5)], 25),  # three quarters lie outside
        ([box(10, 0, 20, 10)], 0),  # touches along a side
        ([box(10, 10, 20, 20)], 0),  # touches at a corner
        ([box(-5, -5, 15, 15)], 100),  # covers everything
        ([box(0, 0, 4, 4).difference(box(1, 1, 3, 3))], 12),  # 16 less a hole of 4
        ([MultiPolygon([box(0, 0, 1, 1), box(8, 8, 12, 12)])], 5),  # 1 + 4 of 16
        ([Polygon(), box(0, 0, 1, 1)], 1),
    ],
)
def test_square_of_ten_by_ten(shapes, area):
    assert areas(shapes, [box(0, 0, 10, 10)]) == [area]


def test_zone_may_be_empty_or_hold_a_line_beside_its_area():
    mixed = GeometryCollection([box(0, 0, 2, 2), LineString([(5, 0), (9, 0)])])
    assert areas([box(1, 0, 8, 8)], [Polygon(), mixed]) == [0, 2]


def test_no_zones_give_no_areas():
    assert areas([box(0, 0, 1, 1)], []) == []


# --- by property


@given(shapes=SQUARES, zone=st.builds(box, CORNER, CORNER, st.just(30), st.just(30)))
def test_duplicates_and_order_change_nothing(shapes, zone):
    assert areas([*shapes[::-1], *shapes], [zone]) == pytest.approx(areas(shapes, [zone]))


@given(shapes=SQUARES, x=st.floats(1, 30))
def test_cutting_every_shape_changes_nothing(shapes, x):
    left, right = box(-1, -1, x, 40), box(x, -1, 40, 40)
    pieces = [shape.intersection(side) for shape in shapes for side in (left, right)]
    zone = [box(2, 3, 25, 17)]
    assert areas(pieces, zone) == pytest.approx(areas(shapes, zone), abs=1e-9)


@given(shapes=SQUARES, x=st.floats(1, 29), y=st.floats(1, 29))
def test_parts_of_a_zone_add_up(shapes, x, y):
    quarters = [box(0, 0, x, y), box(x, 0, 30, y), box(0, y, x, 30), box(x, y, 30, 30)]
    whole = areas(shapes, [box(0, 0, 30, 30)])[0]
    assert sum(areas(shapes, quarters)) == pytest.approx(whole, abs=1e-9)


@given(shapes=SQUARES, more=SQUARES)
def test_more_shapes_never_cover_less_and_never_more_than_the_zone(shapes, more):
    zone = box(5, 5, 25, 22)
    few, many = areas(shapes, [zone])[0], areas(shapes + more, [zone])[0]
    assert few <= many * (1 + 1e-12)
    assert 0 <= many <= zone.area * (1 + 1e-12)


@given(shapes=SQUARES, turn=st.floats(0, 360), x=st.integers(-9999, 9999))
def test_turning_and_moving_everything_changes_nothing(shapes, turn, x):
    def move(shape):
        return affinity.translate(affinity.rotate(shape, turn, origin=(0, 0)), x, -2 * x)

    zone = box(5, 5, 25, 22)
    moved = areas([move(shape) for shape in shapes], [move(zone)])
    assert moved == pytest.approx(areas(shapes, [zone]), abs=1e-6)


# --- by independent oracle


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_the_union_taken_first(seed):
    rng = np.random.default_rng(seed)

    def blob():
        centre, reach = rng.uniform(0, 100, 2), rng.uniform(1, 30)
        disc = shapely.Point(centre).buffer(reach, quad_segs=int(rng.integers(1, 9)))
        return disc.difference(disc.buffer(-reach / 2)) if rng.random() < 0.4 else disc

    shapes, zones = [blob() for _ in range(40)], [blob() for _ in range(15)]
    expected = [shapely.union_all(shapes).intersection(zone).area for zone in zones]
    assert areas(shapes, zones) == pytest.approx(expected, rel=1e-9)


def test_lines_and_points_of_touching_shapes_are_left_out():
    # the first only touches, the second lies inside, the third is cut in two by the notch
    notched = box(0, 0, 10, 10).difference(box(4, 2, 6, 10))
    parts = np.array([box(10, 0, 12, 3), box(1, 1, 2, 2), box(3, 3, 7, 4)])
    (cover,) = covered(parts, np.array([notched]))
    assert cover.geom_type == "MultiPolygon"
    assert sorted(part.area for part in cover.geoms) == [1.0, 1.0, 1.0]
