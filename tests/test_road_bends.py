"""Footways along roads with bends, side by side and in rows: polygons and lines say the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from shapely import LineString
from shapely.affinity import rotate, translate

import greenspace as gs
from tests.avenue import X, Y, at, layer, road, way

ALL = layer([at(-2000, -2000, 2000, 2000)])


def arc(first, last):
    turn = np.radians(np.linspace(first, last, 60))
    return LineString(np.c_[150 * np.cos(turn) + X, 150 * np.sin(turn) + Y])


BENT = {
    "L": way((0, 0), (200, 0), (200, 60)),
    "Z": way((0, 0), (100, 0), (100, 60), (300, 60)),
    "U": way((0, 0), (200, 0), (200, 60), (0, 60)),
    "loop": way((0, 0), (300, 0), (300, 100), (0, 100), (0, 0)),
    "arc": arc(0, 150),
    "half": arc(0, 180),
}


def grown(lines):
    return [line.buffer(1.5, cap_style="flat") for line in lines]


def turned(frame, degrees):
    return frame.set_geometry(frame.geometry.map(lambda each: rotate(each, degrees, origin=(X, Y))))


def codes(found):
    return {item.code for item in found.findings}


@pytest.mark.parametrize("degrees", [0, 37])
@pytest.mark.parametrize("shape", [list, grown])
@pytest.mark.parametrize("bend", BENT)
def test_a_footway_around_a_bend_shades_its_road_and_bares_it(bend, shape, degrees):
    line = BENT[bend]
    sides = [line.offset_curve(8), line.offset_curve(-8)]
    drawn, street = turned(layer(shape(sides)), degrees), turned(road(line), degrees)
    crowns = [side.buffer(3) for side in sides]

    both = gs.tree_lined_road_share(street, drawn, turned(layer(crowns), degrees))
    assert (both.value, both.findings) == (1.0, ())
    for bare in (0, 1):
        one = gs.tree_lined_road_share(street, drawn, turned(layer([crowns[bare]]), degrees))
        assert (one.value, one.findings) == (0.0, ())


@pytest.mark.parametrize("names", [{}, {"road": ["槐树街"] * 2}])
@pytest.mark.parametrize("bare", [0, 1])
def test_rows_that_meet_in_a_bend_keep_both_their_sides(bare, names):
    rows = road(way((0, 0), (200, 0)), way((200, 0), (200, 60)))
    sides = [BENT["L"].offset_curve(8), BENT["L"].offset_curve(-8)]
    crowns = [side.buffer(3) for side in sides]
    drawn = layer(grown(sides), **names)

    whole = gs.tree_lined_road_share(rows, drawn, layer(crowns))
    one = gs.tree_lined_road_share(rows, drawn, layer([crowns[bare]]))

    assert (whole.value, codes(whole)) == (1.0, set())
    assert (one.value, codes(one)) == (0.0, set())


@pytest.mark.parametrize("shape", [list, grown])
def test_a_footway_is_that_of_the_one_road_whose_red_line_holds_it(shape):
    # red lines of 40 m and 12 m touch at y = 20; a footway at 18.5 m is nearer to the frontage
    rows = layer(
        [way((0, 0), (300, 0)), way((0, 26), (300, 26))],
        **{"class": ["次干路", "支路"]}, width=[40.0, 12.0], name=["甲", "乙"],
    )  # fmt: skip
    main, front = ([way((0, y), (300, y)) for y in ys] for ys in ((18.5, -18), (21.5, 30.5)))
    shade = layer([at(0, 20, 300, 24), at(0, 28, 300, 32)])

    of_front = gs.tree_lined_road_share(rows, layer(shape(main + front)), shade)
    of_main = gs.tree_lined_road_share(rows, layer(shape(main)), ALL)

    assert (of_front.numerator, of_front.denominator) == (300, 600)
    assert (of_main.numerator, of_main.denominator) == (300, 600)


@pytest.mark.parametrize("shape", [list, grown])
@pytest.mark.parametrize("aside", [0, 0.3, 1])
def test_a_footway_between_two_roads_is_not_parted_lengthwise(shape, aside):
    rows = layer(
        [way((0, 0), (400, 0)), way((0, 10), (400, 34))],
        **{"class": ["次干路", "支路"]}, width=[24.0, 24.0], name=["甲", "乙"],
    )  # fmt: skip
    drawn = [
        way((0, 5 + aside), (400, 17 + aside)),
        way((0, -10), (400, -10)),
        way((0, 20), (400, 44)),
    ]

    found = gs.tree_lined_road_share(rows, layer(shape(drawn)), layer([at(0, -12, 400, -8)]))

    assert found.numerator == pytest.approx(400)
    assert "roads_one_side" in codes(found)


def crossed(cuts, name="甲"):
    ends = [0, *cuts, 200]
    lines = [way((a, 0), (b, 0)) for a, b in pairwise(ends)]
    count = len(lines)
    return layer(
        [*lines, way((100, -200), (100, 200))],
        **{"class": ["次干路"] * count + ["主干路"]},
        width=[20.0] * count + [40.0], name=[name] * count + ["乙"],
    )  # fmt: skip


@pytest.mark.parametrize("cuts", [[], [85, 115], [90, 110], [90, 100, 110]])
def test_rows_inside_a_crossing_change_no_share(cuts):
    drawn = layer([way((a, y), (b, y)) for y in (8, -8) for a, b in ((0, 80), (120, 200))])

    shaded = gs.tree_lined_road_share(crossed(cuts), drawn, ALL)
    bare = gs.tree_lined_road_share(crossed(cuts), drawn, layer([at(900, 0, 901, 1)]))

    assert (shaded.numerator, shaded.denominator) == pytest.approx((200, 200))
    assert (bare.numerator, bare.denominator) == pytest.approx((0, 200))
    assert codes(shaded) == ({"roads_in_crossings"} if cuts else set())


def test_a_row_inside_a_crossing_whose_road_is_not_of_one_mind_is_left_out_and_told():
    drawn = layer([way((a, y), (b, y)) for y in (8, -8) for a, b in ((0, 80), (120, 200))])

    found = gs.tree_lined_road_share(crossed([85, 115]), drawn, layer([at(0, -20, 82, 20)]))
    unnamed = gs.tree_lined_road_share(crossed([85, 115], name=""), drawn, ALL)

    assert (found.numerator, found.denominator) == pytest.approx((85, 170))
    assert unnamed.value == 1.0
    assert "roads_in_crossings_out" in codes(found) & codes(unnamed)


@pytest.mark.parametrize("shape", [list, grown])
@pytest.mark.parametrize("length", [40, 100, 200])
def test_half_of_a_side_is_measured_and_not_sampled(length, shape):
    crowns = layer([at(0, -10, length, -5)])
    for share, value in ((0.44, 1.0), (0.49, 1.0), (0.499, 1.0), (0.501, 0.0)):
        drawn = [way((0, 8), (length * share, 8)), way((0, -8), (length, -8))]
        street = road(way((0, 0), (length, 0)))

        assert gs.tree_lined_road_share(street, layer(shape(drawn)), crowns).value == value


def test_a_scene_that_is_moved_says_the_same():
    line = BENT["L"]
    sides = layer(grown([line.offset_curve(8), line.offset_curve(-8)]))
    moved = [frame.set_geometry(frame.geometry.map(lambda each: translate(each, 13.3, -7.7)))
             for frame in (road(line), sides, ALL)]  # fmt: skip

    assert gs.tree_lined_road_share(*moved).value == 1.0
