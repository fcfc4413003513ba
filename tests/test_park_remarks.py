"""Parks in several rows, several parks in one row, and ground of two circles: told, counted once."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

import greenspace as gs
from greenspace.measure.park_sizes import ParkSizes, ground_left
from greenspace.model.yardsticks import WHO_300, living_circle_rules

HOMES = GeoDataFrame({"P": [1000]}, geometry=[box(0, 1010, 100, 1100)], crs=6933)
CIRCLES = living_circle_rules()


def layer(*shapes):
    return GeoDataFrame(geometry=list(shapes), crs=6933)


def circles(*parks, **how):
    return gs.living_circles(layer(*parks), HOMES, population="P", **how)


def told(ratio, code):
    return [item for item in ratio.findings if item.code == code]


def test_a_park_cut_in_two_that_leaves_its_circle_is_told_by_the_green_of_both():
    found = circles(box(0, 0, 150, 200), box(150, 0, 300, 200))  # 3 ha each, 6 ha in one
    assert found["living_circle_15_green"].value == 0
    assert found["living_circle_10_green"].value == pytest.approx(60)
    for minutes, count in ((15, 2), (10, 2), (5, None)):
        cut = told(found[f"living_circle_{minutes}_green"], "parks_cut")
        assert [item.count for item in cut] == ([count] if count else [])
    (one,) = told(found["living_circle_15_green"], "parks_cut")
    assert (one.rows, one.layer, one.indicators) == ((0, 1), "parks", ("living_circle_15_green",))


def test_a_park_cut_lengthwise_that_is_too_narrow_by_that_is_told():
    found = circles(box(0, 0, 1000, 60), box(0, 60, 1000, 120))  # 6 ha and 60 m wide each
    assert found["living_circle_15_service"].value == 0
    assert found["living_circle_15_green"].value == 0
    for part in ("service", "green"):
        assert [item.count for item in told(found[f"living_circle_15_{part}"], "parks_cut")] == [2]
    assert not told(found["living_circle_10_service"], "parks_cut")


def test_whole_parks_and_parks_that_touch_without_gain_are_not_told():
    for parks in ((box(0, 0, 1000, 120),), (box(0, 0, 500, 100), box(500, 0, 1000, 100))):
        for ratio in circles(*parks).values():
            assert not told(ratio, "parks_cut")
            assert not told(ratio, "parks_multipart")


def test_ground_of_two_parks_counts_in_the_wider_circle_alone():
    big, small = box(0, 0, 300, 200), box(200, 0, 400, 75)  # 6 ha; 1.5 ha, half of it inside
    found = circles(big, small)
    green = [found[f"living_circle_{minutes}_green"].numerator for minutes in (15, 10, 5)]
    assert green == pytest.approx([60_000, 7_500, 0])
    zones = layer(box(0, 0, 350, 2000), box(350, 0, 900, 2000))
    split = circles(big, small, zones=zones)["living_circle_10_green"].to_frame()["numerator"]
    assert split.tolist() == pytest.approx([3_750, 3_750])


def test_parks_of_one_row_far_apart_are_told_with_those_that_no_part_bears_out():
    two = MultiPolygon([box(0, 0, 50, 60), box(0, 900, 50, 960)])  # 0.3 ha each
    some = MultiPolygon([box(0, 0, 100, 60), box(0, 900, 10, 910)])  # 0.6 ha and a bit
    whole = MultiPolygon([box(0, 0, 100, 60), box(0, 900, 100, 960)])
    (found,) = told(
        gs.who_300(layer(two, some, whole), HOMES)["who_300_of_land"], "parks_multipart"
    )
    assert (found.count, found.rows, found.severity) == (2, (0, 1), "warning")
    assert found.layer == "green"
    assert "of 1 of them" in found.text.en
    (mild,) = told(gs.who_300(layer(some), HOMES)["who_300_of_land"], "parks_multipart")
    assert mild.severity == "note"
    assert not told(gs.who_300(layer(whole), HOMES)["who_300_of_land"], "parks_multipart")


def test_a_row_of_pieces_that_is_in_a_circle_none_of_them_reaches_is_told():
    pieces = MultiPolygon([box(0, 0, 100, 300), box(0, 600, 100, 900)])  # 3 ha each, 100 m wide
    found = circles(pieces)
    assert found["living_circle_15_green"].value == pytest.approx(60)
    assert told(found["living_circle_15_green"], "parks_multipart")
    assert told(found["living_circle_10_green"], "parks_multipart")
    assert not told(found["living_circle_5_green"], "parks_multipart")


def test_each_width_is_measured_once(monkeypatch):
    from greenspace.measure import park_sizes

    seen = []
    plain = park_sizes.park_width_m
    monkeypatch.setattr(
        park_sizes, "park_width_m", lambda shapes: seen.extend(shapes) or plain(shapes)
    )
    parks = ParkSizes(shapely.box(range(0, 9000, 1000), 0, range(500, 9500, 1000), 90))
    for _ in range(2):
        parks.circle(CIRCLES)
        parks.meet(CIRCLES[2].reach)
    assert len(seen) == 9


@given(seed=st.integers(0, 2**32 - 1))
def test_every_square_metre_is_in_one_circle(seed):
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 600, (8, 2))
    shapes = shapely.box(*spots.T, *(spots + rng.uniform(40, 350, (8, 2))).T)
    circle = ParkSizes(shapes).circle(CIRCLES)
    areas = [
        shapely.union_all(
            ground_left(shapes[circle == i], shapes[(circle >= 0) & (circle < i)])
        ).area
        for i in range(3)
    ]
    assert sum(areas) == pytest.approx(shapely.union_all(shapes[circle >= 0]).area)


@given(seed=st.integers(0, 2**32 - 1), cut=st.floats(0.05, 0.95))
def test_cutting_a_park_is_never_silent(seed, cut):
    rng = np.random.default_rng(seed)
    wide, high = rng.uniform(50, 150, 2)
    line = cut * wide
    whole = ParkSizes(shapely.box([0], 0, [wide], high))
    halves = ParkSizes(shapely.box([0, line], 0, [line, wide], high))
    alone, joined = halves.meet(WHO_300), whole.meet(WHO_300)[0]
    assert (alone | halves.cut(WHO_300)).tolist() == [joined, joined]
