"""Lost and made up: by hand, by property, beside a raster of cells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from greenspace.delimit.compensation import account, accounts, of_lines, parted


def array(*shapes):
    return np.array(shapes, dtype=object)


NOTHING = array()


def test_a_line_moved_aside_loses_and_makes_up_the_same():
    found = account(box(0, 0, 10, 10), box(2, 0, 12, 10))
    assert (found.lost, found.made_up, found.net) == (20.0, 20.0, 0.0)


def test_what_is_built_over_is_lost_also_where_the_line_stays():
    # 100 m2 of line, 30 m2 built over; the new strip of 50 m2 is built over by 10 m2
    old, new = array(box(0, 0, 10, 10)), array(box(0, 0, 10, 10), box(10, 0, 15, 10))
    built = array(box(7, 0, 11, 10))
    rows, whole = accounts(old, new, ["park"], ["park", "belt"], built)
    assert (whole.before, whole.lost, whole.made_up, whole.after) == (100.0, 30.0, 40.0, 110.0)
    assert (rows["park"].lost, rows["belt"].made_up) == (30.0, 40.0)


def test_ground_that_changes_its_group_is_lost_to_the_group_alone():
    old, new = array(box(0, 0, 10, 10)), array(box(0, 0, 6, 10), box(6, 0, 9, 10))
    rows, whole = accounts(old, new, ["planned"], ["planned", "existing"], NOTHING)
    assert (rows["planned"].lost, rows["planned"].regrouped) == (40.0, 30.0)
    assert rows["existing"].made_up == 30.0
    assert (whole.lost, whole.made_up) == (10.0, 0.0)


def test_overlapping_lines_count_once():
    _, whole = accounts(
        array(box(0, 0, 10, 10), box(5, 0, 15, 10)), NOTHING, ["a", "b"], [], NOTHING
    )
    assert (whole.before, whole.lost, whole.after) == (150.0, 150.0, 0.0)


def test_no_lines_before_is_all_made_up():
    _, whole = accounts(NOTHING, array(box(0, 0, 3, 3)), [], ["a"], NOTHING)
    assert (whole.before, whole.made_up, whole.after) == (0.0, 9.0, 9.0)


def test_edges_that_an_overlay_leaves_over_are_no_ground():
    # GEOS overlays polygons alone: what a touching edge leaves behind must not be handed on
    bits = shapely.GeometryCollection([box(0, 0, 4, 10), shapely.LineString([(4, 0), (9, 0)])])
    inside, outside = parted(array(box(0, 0, 10, 10), box(20, 0, 30, 10)), array(box(5, 0, 20, 10)))
    assert [one.geom_type for one in (*inside, *outside)] == ["MultiPolygon"] * 4
    assert shapely.area(inside).tolist() == [50.0, 0.0]
    _, whole = accounts(array(box(0, 0, 10, 10)), array(bits), ["a"], ["a"], NOTHING)
    assert (whole.lost, whole.made_up) == (60.0, 0.0)


sides = st.integers(1, 12)
places = st.integers(0, 15)
boxes = st.builds(lambda x, y, w, h: box(x, y, x + w, y + h), places, places, sides, sides)
layers = st.lists(boxes, min_size=0, max_size=4)
CELLS = shapely.points(*(axis.ravel() + 0.5 for axis in np.meshgrid(np.arange(28), np.arange(28))))


def under(shapes):
    return np.any([np.zeros(len(CELLS)), *(shapely.contains(one, CELLS) for one in shapes)], axis=0)


@settings(max_examples=50, deadline=None)
@given(before=layers, after=layers, built=layers)
def test_sums_are_those_of_cells_counted_one_by_one(before, after, built):
    groups = [["a", "b"][place % 2] for place in range(4)]
    rows, whole = accounts(
        array(*before),
        array(*after),
        groups[: len(before)],
        groups[: len(after)],
        array(*built),
    )
    old, new = under(before), under(after) & ~under(built)
    assert whole.before == pytest.approx(old.sum())
    assert whole.lost == pytest.approx((old & ~new).sum())
    assert whole.made_up == pytest.approx((new & ~old).sum())
    assert whole.after == pytest.approx(new.sum())
    for number, name in enumerate("ab"):
        if name in rows:
            own_old = under(before[number::2])
            own_new = under(after[number::2]) & ~under(built)
            assert rows[name].lost == pytest.approx((own_old & ~own_new).sum())
            assert rows[name].regrouped == pytest.approx((own_old & ~own_new & new).sum())


ragged = st.floats(0.0137, 40.0).map(lambda side: round(side, 4))
scraps = st.lists(
    st.builds(lambda x, y, w, h: box(x, y, x + w, y + h), ragged, ragged, ragged, ragged),
    max_size=4,
)


@settings(max_examples=40, deadline=None)
@given(before=scraps, after=scraps, built=scraps)
def test_every_row_adds_up_to_the_last_digit(before, after, built):
    sides = array(*before), array(*after)
    rows, whole = accounts(*sides, range(len(before)), range(len(after)), array(*built))
    lost, gained = of_lines(*sides, array(*built))
    for one in (whole, *rows.values(), *lost, *gained):
        assert one.before - one.lost + one.made_up == one.after


def test_lines_that_do_not_overlap_add_up_to_the_whole():
    old = array(box(0, 0, 10, 10), box(10, 0, 20, 10))
    new = array(box(5, 0, 15, 10), box(15, 0, 30, 10))
    built = array(box(0, 0, 30, 1))
    _, whole = accounts(old, new, ["a"] * 2, ["a"] * 2, built)
    lost, gained = of_lines(old, new, built)
    assert sum(one.lost for one in lost) == whole.lost == 65.0
    assert sum(one.made_up for one in gained) == whole.made_up == 90.0
