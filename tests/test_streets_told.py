"""Streets: what a road layer leaves open is told, and no rounding decides a verdict."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import MultiLineString, affinity

import greenspace as gs
from greenspace.read.roads import read_road_classes
from greenspace.road_gauge import gauge_roads
from greenspace.wayside_gauge import gauge_waysides
from tests import town
from tests.avenue import X, Y, at, layer, road, way
from tests.quarter import gauge, ledger, quarter, ratio, told

PLANTS = layer([at(0, 5, 200, 9)])


def codes(found):
    return {item.code for item in found.findings}


def along(y, x0=0, x1=1000):
    return way((x0, y), (x1, y))


def test_of_a_line_drawn_twice_the_row_that_can_be_judged_counts():
    for kinds, widths in ((["规划", "支路"], [20, 20]), (["支路", "支路"], [None, 20])):
        twice = layer(
            [way((0, 0), (200, 0)), way((200, 0), (0, 0))], **{"class": kinds}, width=widths
        )

        found = gs.road_greening_rate(twice, PLANTS)

        assert (found.numerator, found.denominator) == pytest.approx((200, 200))
    assert "roads_repeated_differ" in codes(found)


def test_a_copy_with_another_vertex_or_rounding_counts_once():
    for copy in (way((0, 0), (90, 0), (200, 0)), way((0, 0), (200, 1e-7))):
        found = gs.road_greening_rate(road(way((0, 0), (200, 0)), copy, name=""), PLANTS)

        assert found.denominator == pytest.approx(200)
        assert "roads_repeated" in codes(found)


def test_carriageways_are_told_without_a_name_and_as_parts_of_one_row():
    pair = [way((0, 0), (200, 0)), way((0, 15), (200, 15))]
    for lines in (pair, [MultiLineString(pair)]):
        found = gs.road_greening_rate(road(*lines, width=40.0, name=""), PLANTS)

        assert "roads_twice" in codes(found)
    stub = [way((0, 0), (200, 0)), way((100, 0), (100, 15))]
    assert "roads_twice" not in codes(gs.road_greening_rate(road(*stub, name=""), PLANTS))


@pytest.mark.parametrize(
    ("word", "kind"),
    [("支路（在建）", "other"), ("规划次干路；次干路", "other"), ("主干路/次干路", None)],
)
def test_what_is_not_built_is_no_road_and_two_classes_are_none(word, kind):
    assert read_road_classes().of(word.replace("规划次干路", "规划")) == kind


def test_a_section_on_a_border_belongs_to_one_district():
    zones = layer([at(-10, -50, 12.5, 50), at(12.5, -50, 300, 50)])

    table = gs.road_greening_rate(road(way((0, 0), (25, 0))), PLANTS, zones=zones)

    assert table.to_frame()["denominator"].tolist() == pytest.approx([25, 0])


def test_belts_exactly_on_the_bar_stay_there_however_the_map_is_turned():
    for share, angle in ((0.25, 17), (0.2, 33), (0.2, 101), (0.3, 254)):
        line, strip = way((0, 0), (217.3, 0)), at(0, -16.65, 217.3, -16.65 + 33.3 * share)
        turned = [affinity.rotate(each, angle, origin=(X, Y)) for each in (line, strip)]

        found = gs.road_green_belt_share(
            road(turned[0], width=33.3, kind="主干路"), layer(turned[1:])
        )

        assert found.value == share


def test_a_share_that_only_nears_the_bar_is_left_as_it_is():
    short = at(0, -20, 200, -20 + 40 * 0.25 - 1e-4)

    assert gs.road_green_belt_share(road(width=40, kind="主干路"), layer([short])).value < 0.25


def test_road_land_that_lies_elsewhere_is_told_and_the_road_still_counts():
    strips, land = layer([at(0, 0, 200, 10)]), layer([at(0, 900, 200, 920)], road=["槐树街"])

    found = gs.road_green_compliance(road(), strips, edition="old", road_land=land)

    assert (found.numerator, found.denominator) == pytest.approx((200, 200))
    assert "road_land_elsewhere" in codes(found)


def test_road_land_for_a_part_of_a_road_is_told():
    strips, land = layer([at(0, 0, 20, 10)]), layer([at(0, -10, 20, 10)], road=["槐树街"])

    found = gs.road_green_compliance(road(), strips, edition="old", road_land=land)

    assert "road_land_part" in codes(found)


def test_lengths_in_a_plane_that_is_true_to_area_only_are_told_everywhere():
    def moved(*shapes, **columns):
        frame = layer([affinity.translate(each, 0, 1_800_000) for each in shapes], **columns)
        return frame.to_crs(6933)

    line, plants = way((0, 0), (400, 0)), moved(at(0, -9, 400, 9))
    roads = moved(line, width=[40.0], **{"class": ["主干路"]}, name=["甲"])
    found = [
        gs.road_greening_rate(roads, plants),
        gs.road_green_compliance(roads, plants, edition="old"),
        gs.road_green_belt_share(roads, plants),
        gs.corridor_greening(roads, plants),
        gs.riverbank_greening(roads, plants),
        gs.greenway_length_per_10k(roads, 1e4, built_up=plants),
    ]

    assert all("linear_scale" in codes(each) for each in found)


def waysides(**layers):
    return gauge(gauge_waysides, quarter(editions={"green": "2017"}, **layers))


def at_500(shape):
    return affinity.translate(shape, town.at(0, 0, 1, 1).bounds[0] - X, 500)


def test_corridors_and_banks_are_green_by_plants_or_by_green_land():
    line = at_500(along(0))
    parcels = town.layer([town.at(0, 500, 400, 510)], **{"class": ["G2"]})
    plants = town.layer([town.at(900, 500, 1000, 505)], layer=["tree"])

    found = waysides(
        corridors=town.layer([line], name=["铁路"], width=[60.0]),
        riverbanks=town.layer([line]),
        green=parcels,
        vegetation=plants,
    )

    for name in ("corridor_greening", "riverbank_greening"):
        assert ratio(found, name).numerator == pytest.approx(500)


def test_corridors_without_any_length_have_no_number_and_an_empty_list():
    line = way((0, 0), (0, 0))

    found = waysides(
        corridors=town.layer([line], name=["甲"], width=[60.0]),
        green=town.layer([town.at(0, 0, 9, 9)], **{"class": ["G2"]}),
    )

    assert np.isnan(ratio(found, "corridor_greening").value)
    assert ledger(found, "corridors").empty


def test_green_parcels_that_tell_no_class_are_no_road_strips():
    roads = town.layer([at_500(along(0))], **{"class": ["主干路"]}, width=[40.0], name=["甲"])
    green = town.layer([town.at(0, 480, 1000, 520)])

    found = gauge(gauge_roads, quarter(roads=roads, green=green), standard="CN-2000")

    names = {item.ratio.indicator for item in found.measured}
    assert not names & {"road_greening_rate", "road_green_compliance"}
    assert {"road_greening_rate", "road_green_compliance"} <= set(found.missing)


def test_demonstration_streets_of_one_name_far_apart_are_told():
    lines = [at_500(along(-400, 0, 300)), at_500(along(300, 700, 900))]
    roads = town.layer(
        lines,
        **{"class": ["支路"] * 2},
        width=[20.0] * 2,
        name=["中山路"] * 2,
        demonstration=["是", "是"],
    )

    found = gauge(gauge_roads, quarter(roads=roads), standard="LU-AN", level="target")

    assert told(found, "streets_apart")[0].count == 1
