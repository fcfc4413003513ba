"""Road gauge and wayside gauge: a quarter with one main road and two lesser streets, by hand."""

from __future__ import annotations

import pytest

from greenspace.read.definitions import list_profiles
from greenspace.read.roads import read_road_classes
from greenspace.road_gauge import ROAD_INDICATORS, gauge_roads
from greenspace.wayside_gauge import gauge_waysides
from tests.avenue import layer, way
from tests.quarter import gauge, ledger, quarter, ratio, told, zones
from tests.town import at

GREENING, COMPLIANCE = "road_greening_rate", "road_green_compliance"
LINED, MAIN, SECOND = (
    "tree_lined_road_share",
    "main_road_green_belt_share",
    "secondary_road_green_belt_share",
)
STREETS = "demonstration_streets_per_district"
# a main road through both districts, 40 wide; a branch road in the first, 20 wide; a secondary
# road in the second that runs on beyond the built-up line
ROADS = layer(
    [way((0, 500), (1000, 500)), way((100, 0), (100, 400)), way((800, 600), (800, 1100))],
    **{"class": ["主干路", "支路", "次干道"]},
    width=[40.0, 20.0, "30"],
    name=["人民路", "槐树街", "府前街"],
    demonstration=["是", "否", "是"],
)
# 10 of 40 m along the main road, 1 of 20 along half the branch road, a park that is no strip
GREEN = layer(
    [at(0, 500, 1000, 510), at(100, 0, 101, 200), at(700, 700, 950, 900)],
    **{"class": ["SG", "SG2", "G11"]},
)
PLANTS = layer(
    [at(100, 0, 108, 200), at(92, 0, 100, 400), at(700, 650, 950, 1000)],
    layer=["tree", "乔木", "roof"],
)
FOOTWAYS = layer(
    [way((106, 0), (106, 400)), way((94, 0), (94, 400)), way((0, 518), (1000, 518))],
    road=["槐树街", "槐树街", "人民路"],
    side=["东", "西", ""],
)


def found(standard="CN-2022", level="garden", **layers):
    given = {"roads": ROADS, "green": GREEN, "vegetation": PLANTS, "footways": FOOTWAYS} | layers
    city = quarter(editions={"green": "2017"}, **given)
    return gauge(gauge_roads, city, standard=standard, level=level)


def test_greening_goes_by_plants_and_strips_inside_red_lines_district_by_district():
    gauged = found()

    # the main road by its strip, the branch road by its crowns, the secondary road not by roofs
    assert ratio(gauged, GREENING).numerator == pytest.approx(1400)
    assert ratio(gauged, GREENING).denominator == pytest.approx(1800)
    assert zones(gauged, GREENING) == pytest.approx({"甲区": 1.0, "乙区": 500 / 900})


def test_compliance_goes_by_strips_and_width():
    gauged = found()

    # main: 10 of 40 m, 25 % asked; branch: 1 x 200 of 20 x 400; secondary: nothing of 30 m
    assert ratio(gauged, COMPLIANCE).numerator == pytest.approx(1000)
    assert ratio(gauged, MAIN).value == pytest.approx(0.25)
    assert ratio(gauged, SECOND).value == 0.0
    assert ratio(gauged, SECOND).denominator == pytest.approx(30 * 400)


def test_the_standard_says_which_roads_can_be_tree_lined():
    plants = layer([at(100, 0, 108, 400), at(92, 0, 100, 400)], layer=["tree"] * 2)

    of_2022 = ratio(found(vegetation=plants), LINED)
    of_2016 = ratio(found("CN-2016", vegetation=plants), LINED)

    assert (of_2022.numerator, of_2022.denominator) == pytest.approx((400, 800))
    assert (of_2016.numerator, of_2016.denominator) == pytest.approx((400, 1400))


def test_demonstration_streets_are_those_of_the_district_with_fewest():
    gauged = found()

    # 人民路 has equal length in both and counts in the first of them
    assert zones(gauged, STREETS) == {"甲区": 1.0, "乙区": 1.0}
    one = ROADS.assign(demonstration=["是", "是", "否"])
    lowest = ratio(found(roads=one), STREETS)
    assert (lowest.value, lowest.place) == (0.0, "乙区")


def test_the_list_of_roads_adds_up_to_the_numbers_of_the_city():
    gauged = found()
    roads = ledger(gauged, "roads")

    assert roads["greened_m"].sum() == pytest.approx(ratio(gauged, GREENING).numerator)
    assert roads["complying_m"].sum() == pytest.approx(ratio(gauged, COMPLIANCE).numerator)
    assert roads["length_m"].sum() == pytest.approx(1800)
    by_name = roads.set_index("name")
    assert by_name.loc["人民路", "green_share"] == pytest.approx(0.25)
    assert by_name.loc["槐树街", "least_canopy"] == pytest.approx(0.5)
    assert by_name["class"].map(lambda each: each.zh)["府前街"] == "次干路"


def test_rows_of_one_road_share_the_land_that_is_drawn_for_it():
    halves = [way((0, 500), (500, 500)), way((500, 500), (1000, 500))]
    roads = layer(halves, **{"class": ["主干路"] * 2}, width=[40.0] * 2, name=["人民路"] * 2)
    land = layer([at(0, 450, 1000, 550)], road=["人民路"])

    listed = ledger(found(roads=roads, road_land=land), "roads")

    assert listed["land_m2"].tolist() == pytest.approx([100_000])
    assert listed["green_m2"].tolist() == pytest.approx([10_000])


@pytest.mark.parametrize("name", ["roads", "built_up"])
def test_without_the_layer_every_number_has_a_reason(name):
    layers = {"roads": None} if name == "roads" else {"built_up": None}

    assert set(found(**layers).missing) == set(ROAD_INDICATORS)


def test_an_image_alone_is_no_canopy_and_no_strip():
    gauged = found(vegetation=None, green=None)

    assert set(gauged.missing) == {GREENING, COMPLIANCE, LINED, MAIN, SECOND}
    assert len(ledger(gauged, "roads")) == 3


def test_vegetation_without_storeys_still_greens_roads():
    gauged = found(vegetation=PLANTS.drop(columns="layer"), green=None)

    assert set(gauged.missing) == {COMPLIANCE, LINED, MAIN, SECOND}
    assert ratio(gauged, GREENING).numerator > 0


def test_a_layer_that_cannot_be_used_stops_no_other_number():
    wrong = found(roads=layer([at(0, 0, 9, 9)]))
    answers = found(roads=ROADS.assign(demonstration=["也许", "是", "否"]))
    points = found(footways=FOOTWAYS.set_geometry(FOOTWAYS.centroid))

    assert set(wrong.missing) == set(ROAD_INDICATORS)
    assert told(wrong, "refused_geometry")[0].severity == "warning"
    assert set(answers.missing) == {STREETS}
    assert set(points.missing) == {LINED}


def test_the_widths_of_a_profile_are_those_of_the_table():
    for profile in list_profiles():
        for row in profile.criteria:
            said = {item.name: item.value for item in row.parameters}
            if row.indicator != COMPLIANCE or "old_above_50_m_min" not in said:
                continue
            old, new = (read_road_classes().widths[edition] for edition in ("old", "2023"))
            assert old.landscape == said["old_landscape_min"]
            assert old.asked([50.1, 50.0, 39.0]).tolist() == [
                said["old_above_50_m_min"],
                said["old_40_to_50_m_min"],
                said["old_below_40_m_min"],
            ]
            assert new.asked([46.0, 45.0, 16.0]).tolist() == [
                said["2023_above_45_m_min"],
                said["2023_30_to_45_m_min"],
                said["2023_15_to_30_m_min"],
            ]
            assert said["width_table"] in read_road_classes().widths


def beside(**layers):
    return gauge(gauge_waysides, quarter(**layers), standard="CN-2022", level="garden")


def test_waysides_have_numbers_with_districts_and_a_list_of_corridors():
    gauged = beside(
        vegetation=layer([at(0, 0, 250, 10), at(500, 5, 600, 6)]),
        corridors=layer(
            [way((0, 0), (400, 0)), way((400, 0), (400, -100))],
            name=["西入口"] * 2,
            kind=["出入城道路"] * 2,
            width=[20.0] * 2,
        ),
        riverbanks=layer([way((0, 5), (1000, 5))]),
        paving=layer([at(0, 0, 100, 10), at(600, 0, 700, 10)], runoff=[0.5, 0.9]),
        greenways=layer([way((-900, 0), (-900, 1000))]),
        residential=layer([at(0, 0, 1000, 100)]),
    )

    assert ratio(gauged, "corridor_greening").value == pytest.approx(250 / 500)
    assert zones(gauged, "riverbank_greening") == pytest.approx({"甲区": 0.5, "乙区": 0.2})
    assert zones(gauged, "permeable_share") == pytest.approx({"甲区": 1.0, "乙区": 0.0})
    assert ratio(gauged, "greenway_service_coverage").value == pytest.approx(0.1)
    assert set(gauged.missing) == {"greenway_length_per_10k"}
    (row,) = ledger(gauged, "corridors").to_dict("records")
    assert (row["length_m"], row["length_share"]) == pytest.approx((500, 0.5))
    # 250 x 10 of green on 400 x 20 and 20 x 100, which share 10 x 10
    assert row["land_m2"] == pytest.approx(8000 + 2000 - 100)
    assert row["area_share"] == pytest.approx(2500 / 9900)
    assert told(gauged, "corridors_outside")


def test_waysides_without_layers_have_reasons():
    gauged = beside()

    assert len(gauged.missing) == 5
    assert not gauged.measured
    assert not gauged.ledgers


def test_a_corridor_of_no_known_kind_is_refused_alone():
    line = layer([way((0, 0), (400, 0))], name=["河"], kind=["航道"], width=[20.0])

    gauged = beside(vegetation=layer([at(0, 0, 9, 9)]), corridors=line)

    assert told(gauged, "refused_column")[0].rows == (0,)
    assert "corridor_greening" in gauged.missing
