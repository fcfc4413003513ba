"""Road strips: which footways are those of a road, at crossings, by side and row by row."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import MultiPolygon, union_all

import greenspace as gs
from tests.avenue import at, layer, road, way

LINES = [way((0, 8), (200, 8)), way((0, -8), (200, -8))]
STRIPS = [at(0, 6, 200, 9), at(0, -9, 200, -6)]
CROWNS = layer([at(0, 5, 200, 10), at(0, -10, 200, -5)])


def codes(found):
    return {item.code for item in found.findings}


def two(first, second, kinds=("次干路", "支路"), widths=(20.0, 20.0)):
    return layer([first, second], **{"class": list(kinds)}, width=list(widths), name=["甲", "乙"])


@pytest.mark.parametrize("drawn", [LINES, STRIPS])
@pytest.mark.parametrize("x", [100, 105, 112.5, 150])
def test_shaded_footways_of_one_road_do_not_shade_the_one_that_joins_it(drawn, x):
    # the second road, 500 m, has none of its own
    roads = two(way((0, 0), (200, 0)), way((x, 0), (x, -500)))

    found = gs.tree_lined_road_share(roads, layer(drawn), CROWNS)

    assert (found.numerator, found.denominator) == pytest.approx((200, 700))
    assert "roads_without_footway" in codes(found)


def grown(lines, metres=1.5):
    return [line.buffer(metres, cap_style="flat") for line in lines]


@pytest.mark.parametrize("shape", [list, grown])
def test_bare_footways_of_a_road_do_not_spoil_the_one_that_crosses_it(shape):
    # a block of 100 m between two main roads whose red lines leave 60 m of it
    lines = [way((-250, 0), (250, 0)), way((-250, 100), (250, 100)), way((0, 0), (0, 100))]
    kinds = ["主干路", "主干路", "支路"]
    roads = layer(lines, **{"class": kinds}, width=[40.0, 40.0, 20.0], name=["甲", "丙", "乙"])
    bare = [way((-250, y), (250, y)) for y in (18, 82)]
    shaded = [way((x, 20), (x, 80)) for x in (-8, 8)]
    crowns = layer([at(-10, 20, -6, 80), at(6, 20, 10, 80)])

    found = gs.tree_lined_road_share(roads, layer(shape(bare + shaded)), crowns)

    assert (found.numerator, found.denominator) == pytest.approx((100, 100))


@pytest.mark.parametrize("shape", [list, grown])
def test_a_way_across_a_road_is_no_footway_of_it(shape):
    ways = [*LINES, way((100, -10), (100, 10))]
    crowns = layer([at(0, 5, 185, 10), at(0, -10, 185, -5)])

    # 185 of 200 m on both sides are enough; with the way across they were 185 of 210
    found = gs.tree_lined_road_share(road(), layer(shape(ways)), crowns)

    assert found.value == 1.0


def test_a_side_with_a_footway_along_less_than_half_of_it_has_none():
    drawn = [LINES[0], way((0, -8), (80, -8))]
    crowns = layer([at(0, 5, 200, 10)])

    found = gs.tree_lined_road_share(road(), layer(drawn), crowns)

    assert found.value == 1.0
    assert {"footways_partial", "roads_one_side"} <= codes(found)
    alone = gs.tree_lined_road_share(road(), layer(drawn[1:]), CROWNS)
    assert alone.value == 0.0
    assert {"footways_partial", "roads_without_footway"} <= codes(alone)


@pytest.mark.parametrize("names", [{}, {"road": ["槐树街"]}])
@pytest.mark.parametrize("shape", [MultiPolygon(STRIPS), union_all([*STRIPS, at(199, -9, 200, 9)])])
def test_one_shape_on_both_sides_is_judged_side_by_side(shape, names):
    crowns = layer([at(0, 5, 200, 10), at(0, -10, 160, -5)])

    found = gs.tree_lined_road_share(road(), layer([shape], **names), crowns)

    assert found.value == 0.0
    assert gs.tree_lined_road_share(road(), layer([shape], **names), CROWNS).value == 1.0


@pytest.mark.parametrize("names", [{}, {"road": ["槐树街"]}])
@pytest.mark.parametrize("drawn", [LINES[:1], STRIPS[:1]])
def test_footways_are_cut_where_the_rows_of_a_road_end(drawn, names):
    rows = road(way((0, 0), (90, 0)), way((90, 0), (200, 0)))
    short = road(*[way((x, 0), (x + 10, 0)) for x in range(0, 200, 10)])

    # 81 of 90 m under canopy are enough; 100 of 200 m of rows of 10 m
    ninety = gs.tree_lined_road_share(rows, layer(drawn, **names), layer([at(0, 5, 81, 10)]))
    tens = gs.tree_lined_road_share(short, layer(drawn, **names), layer([at(0, 5, 100, 10)]))

    assert ninety.numerator == pytest.approx(90)
    assert tens.numerator == pytest.approx(100)


def test_a_footway_far_from_the_road_that_it_names_is_not_used_and_is_told():
    near, far = (layer([way((0, y), (200, y))], road=["槐树街"]) for y in (19, 21))
    crowns = layer([at(0, 15, 200, 25)])

    assert gs.tree_lined_road_share(road(), near, crowns).value == 1.0
    found = gs.tree_lined_road_share(road(), far, crowns)
    assert found.value == 0.0
    assert "footways_without_road" in codes(found)


def test_a_nearer_road_whose_red_line_does_not_hold_a_footway_does_not_hide_the_one_that_does():
    for width in (np.nan, 6.0):
        roads = two(way((0, 0), (200, 0)), way((0, 13), (200, 13)), widths=(40.0, width))

        found = gs.tree_lined_road_share(roads, layer(LINES[:1]), CROWNS)

        assert (found.numerator, found.denominator) == pytest.approx((200, 400))


def test_of_two_roads_side_by_side_the_nearer_one_has_the_footway():
    roads = two(way((0, 0), (200, 0)), way((0, 14), (200, 14)), widths=(30.0, 30.0))
    crowns = layer([at(0, 3, 200, 6)])

    # one footway at 4 m, nearer to the first road, in the red lines of both
    for shape in (way((0, 4), (200, 4)), at(0, 3.5, 200, 5)):
        found = gs.tree_lined_road_share(roads, layer([shape]), crowns)

        assert (found.numerator, found.denominator) == pytest.approx((200, 400))
