"""Streets: roads one layer at a time, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import MultiLineString

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError
from tests.avenue import X, Y, at, layer, road, way


def codes(found):
    return {item.code for item in found.findings}


def test_a_section_is_greened_where_plants_reach_inside_the_red_line():
    # 200 m in 8 sections of 25 m; a tree in the first, a hedge over the fifth and sixth
    plants = layer([at(5, 5, 8, 8), at(101, -9, 149, -8), at(160, 10, 200, 30)])

    found = gs.road_greening_rate(road(), plants)

    assert (found.numerator, found.denominator) == pytest.approx((75.0, 200.0))


def test_a_longer_section_reaches_over_the_gaps_between_trees():
    trees = layer([at(x, 5, x + 2, 7) for x in (10, 60, 110, 160)])

    assert gs.road_greening_rate(road(), trees).value == pytest.approx(0.5)
    assert gs.road_greening_rate(road(), trees, section_m=50.0).value == pytest.approx(1.0)


def test_a_green_roof_does_not_green_a_road():
    plants = layer([at(0, 5, 200, 9)], layer=["roof"])

    assert gs.road_greening_rate(road(), plants).value == 0.0


def test_roads_are_cut_at_the_built_up_line():
    roads = road(way((-100, 0), (100, 0)), way((-300, 50), (-200, 50)))

    found = gs.road_greening_rate(
        roads, layer([at(-100, 1, 0, 9)]), built_up=layer([at(0, -50, 500, 100)])
    )

    assert (found.numerator, found.denominator) == pytest.approx((0.0, 100.0))


def test_a_road_without_a_width_is_not_counted_and_is_told():
    roads = road(way((0, 0), (200, 0)), way((0, 100), (100, 100)))
    roads["width"] = [20.0, None]

    found = gs.road_greening_rate(roads, layer([at(0, 5, 200, 9), at(0, 101, 100, 102)]))

    assert found.denominator == pytest.approx(200.0)
    (told,) = [item for item in found.findings if item.code == "road_width_missing"]
    assert (told.rows, told.count) == ((1,), 1)


@pytest.mark.parametrize("width", ["宽", -3, 0, 4000, "inf"])
def test_a_width_that_is_none_is_told_and_not_counted(width):
    found = gs.road_greening_rate(road(width=width), layer([at(0, 5, 200, 9)]))

    assert np.isnan(found.value)
    assert "road_width_odd" in codes(found)


def test_an_unknown_class_is_told_with_the_nearest_word():
    roads = road(kind="次干路路")

    found = gs.road_green_belt_share(roads, layer([at(0, 0, 1, 1)]), road_class="secondary")

    (told,) = [item for item in found.findings if item.code == "road_class_unknown"]
    assert told.rows == (0,)
    assert "次干路" in told.text.en
    assert found.reason is not None


@pytest.mark.parametrize(
    ("width", "share", "edition", "meets"),
    [
        (40.0, 0.25, "old", True),  # 40.0 and 50.0 stand in the row of 25 %
        (50.0, 0.25, "old", True),
        (50.1, 0.25, "old", False),
        (39.9, 0.20, "old", True),
        (39.9, 0.19, "old", False),
        (45.0, 0.20, "2023", True),  # standards.md 7.3
        (45.01, 0.20, "2023", False),
        (30.0, 0.15, "2023", True),
        (30.01, 0.15, "2023", False),
    ],
)
def test_the_width_decides_which_share_is_asked(width, share, edition, meets):
    strip = layer([at(0, 0, 200, width * share)])

    found = gs.road_green_compliance(road(width=width), strip, edition=edition)

    assert found.value == float(meets)


def test_a_landscape_road_needs_forty_percent():
    strip = layer([at(0, 0, 200, 20 * 0.3)])

    plain, scenic = (
        gs.road_green_compliance(road(landscape=[word]), strip, edition="old").value
        for word in ("否", "是")
    )

    assert (plain, scenic) == (1.0, 0.0)


def test_a_road_of_which_nothing_is_asked_is_in_neither_half():
    found = gs.road_green_compliance(road(width=15.0), layer([at(0, 0, 9, 9)]), edition="2023")

    assert found.denominator == 0
    assert "roads_narrow" in codes(found)


def test_land_that_is_drawn_comes_before_the_ground_inside_the_red_line():
    # 200 x 10 of strips on 200 x 100 of drawn land: 10 %; inside the red line it were 50 %
    strips, land = layer([at(0, 0, 200, 10)]), layer([at(0, -50, 200, 50)], road=["槐树街"])

    drawn = gs.road_green_compliance(road(), strips, edition="old", road_land=land)
    buffered = gs.road_green_compliance(road(), strips, edition="old")

    assert (drawn.value, buffered.value) == (0.0, 1.0)
    wide = layer([at(0, 0, 200, 20)])
    assert gs.road_green_compliance(road(), wide, edition="old", road_land=land).value == 1.0


def test_belts_at_a_crossing_count_once():
    # 200 x 20 and 20 x 200 share 20 x 20: 7600 m2; the strip lies over both at the crossing
    roads = road(way((0, 0), (200, 0)), way((100, -100), (100, 100)), kind="主干路")

    found = gs.road_green_belt_share(roads, layer([at(0, 0, 200, 5)] * 2))

    assert found.denominator == pytest.approx(7600.0)
    assert found.numerator == pytest.approx(1000.0)


def footways(**columns):
    return layer([way((0, 8), (200, 8)), way((0, -8), (200, -8))], road=["槐树街"] * 2, **columns)


@pytest.mark.parametrize(
    ("north", "south", "sides", "value"),
    [
        (180, 180, "both", 1.0),  # 90 % is enough
        (179, 200, "both", 0.0),
        (179, 200, "mean", 1.0),
        (160, 199, "mean", 0.0),
    ],
)
def test_a_road_is_tree_lined_by_its_least_shaded_side_or_by_the_mean(north, south, sides, value):
    crowns = layer([at(0, 5, north, 10), at(0, -10, south, -5)])

    found = gs.tree_lined_road_share(road(), footways(), crowns, sides=sides)

    assert found.value == value


def test_crowns_that_overlap_shade_a_footway_once():
    crowns = layer([at(0, 5, 120, 10), at(20, 5, 140, 10), at(0, -10, 200, -5)])

    assert gs.tree_lined_road_share(road(), footways(), crowns).value == 0.0


def test_footways_drawn_as_polygons_count_by_area():
    strips = layer([at(0, 6, 200, 9), at(0, -9, 200, -6)])
    lined, bare = (
        layer([at(0, 6, 200, 6 + 3 * share), at(0, -9, 200, -6)]) for share in (0.9, 0.8)
    )

    assert gs.tree_lined_road_share(road(), strips, lined).value == 1.0
    assert gs.tree_lined_road_share(road(), strips, bare).value == 0.0


def test_a_polygon_of_another_road_is_none_of_this_one():
    roads = road(way((0, 0), (200, 0)), way((100, -100), (100, 100)))
    roads["name"] = ["槐树街", "府前街"]
    strips = layer([at(0, 6, 200, 9), at(91, -90, 94, 90)], road=["槐树街", "府前街"])
    crowns = layer([at(0, 6, 200, 9)])

    found = gs.tree_lined_road_share(roads, strips, crowns)

    assert (found.numerator, found.denominator) == pytest.approx((200, 400))


def test_only_trees_shade():
    crowns = layer([at(0, -10, 200, 10)], layer=["shrub"])

    assert gs.tree_lined_road_share(road(), footways(), crowns).value == 0.0


def test_a_road_without_footways_is_counted_or_left_out():
    roads = road(way((0, 0), (200, 0)), way((0, 500), (100, 500)))
    roads["name"] = ["槐树街", "府前街"]
    crowns = layer([at(0, -10, 200, 10)])

    counted, left_out = (
        gs.tree_lined_road_share(roads, footways(), crowns, without_footways=word)
        for word in ("counted", "left_out")
    )

    assert counted.value == pytest.approx(2 / 3)
    assert left_out.value == 1.0
    assert "roads_without_footway" in codes(counted) & codes(left_out)


def test_main_roads_are_in_neither_half_by_default():
    found = gs.tree_lined_road_share(road(kind="主干路"), footways(), layer([at(0, -10, 200, 10)]))

    assert found.denominator == 0


def test_a_cycle_path_without_shade_decides_for_its_side():
    strips = footways().iloc[[0, 1, 0]].assign(kind=["footway", "footway", "cycle"])
    strips.geometry = [way((0, 8), (200, 8)), way((0, -8), (200, -8)), way((0, 5), (200, 5))]

    found = gs.tree_lined_road_share(road(), strips, layer([at(0, 6, 200, 9), at(0, -9, 200, -6)]))

    assert found.value == 0.0


def test_footways_of_no_road_are_told():
    strips = layer([way((0, 90), (200, 90)), way((0, 8), (200, 8))], road=["无此路", ""])

    found = gs.tree_lined_road_share(road(), strips, layer([at(0, 5, 200, 10)]))

    (told,) = [item for item in found.findings if item.code == "footways_without_road"]
    assert told.rows == (0,)
    assert found.value == 1.0


def test_both_carriageways_of_a_road_are_told_and_one_line_drawn_twice_counts_once():
    lines = [way((0, 0), (200, 0)), way((0, 8), (200, 8)), way((200, 0), (0, 0))]

    found = gs.road_greening_rate(road(*lines), layer([at(0, 5, 200, 9)]))

    assert found.denominator == pytest.approx(400.0)
    assert {"roads_twice", "roads_repeated"} <= codes(found)


def test_sections_belong_to_the_zone_that_holds_their_middle():
    zones = layer([at(0, -50, 90, 50), at(90, -50, 300, 50)])

    table = gs.road_greening_rate(road(), layer([at(0, 5, 50, 9)]), zones=zones)

    assert table.value.tolist() == pytest.approx([50 / 100, 0.0])


def test_other_words_and_shapes_are_refused():
    strips = layer([at(0, 0, 9, 9)])
    with pytest.raises(InputError):
        gs.road_green_compliance(road(), strips, edition="1997")
    with pytest.raises(InputError):
        gs.road_green_belt_share(road(), strips, road_class="branch")
    with pytest.raises(InputError):
        gs.road_greening_rate(road(), strips, section_m=0)
    with pytest.raises(InputError):
        gs.tree_lined_road_share(road(), footways(), strips, sides="one")
    with pytest.raises(InputError):
        gs.tree_lined_road_share(road(), footways(), strips, road_classes=["大路"])
    with pytest.raises(ColumnError):
        gs.road_greening_rate(road(), layer([at(0, 0, 9, 9)], layer=["竹竿"]))
    with pytest.raises(GeometryError):
        gs.road_greening_rate(strips, strips)


def test_heights_and_several_parts_change_nothing():
    flat = road()
    tall = flat.set_geometry(
        [MultiLineString([[(X, Y, 3), (X + 120, Y, 9)], [(X + 120, Y, 9), (X + 200, Y, 4)]])]
    )
    plants = layer([at(0, 5, 60, 9)])

    values = [gs.road_greening_rate(each, plants, section_m=20.0).value for each in (flat, tall)]

    assert values == pytest.approx([0.3, 0.3])


def test_a_roundabout_has_land_all_round():
    ring = road(way((0, 0), (60, 0), (60, 60), (0, 60), (0, 0)), kind="主干路", width=20.0)

    found = gs.road_green_belt_share(ring, layer([at(-10, -10, 0, 0)]))

    # 80 x 80 without the inner 40 x 40, its outer corners round
    assert found.denominator == pytest.approx(4800 - (4 - np.pi) * 100, rel=2e-3)
    assert found.numerator == pytest.approx(np.pi * 100 / 4, rel=2e-3)
