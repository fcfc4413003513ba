"""WHO-300, SDG 11.7.1, ANGSt and living circles: by hand, by refusal, and judged."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.errors import ColumnError, DataWarning, GeometryError, InputError
from greenspace.evaluate.gate import judge_profile
from greenspace.model.definition import Citation, Criterion, Profile, Threshold
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.words import Text
from greenspace.read.definitions import read_indicators

X, Y = 500_000.0, 3_400_000.0


def square(west, south, east, north):
    return box(X + west, Y + south, X + east, Y + north)


def at(east, north):
    return Point(X + east, Y + north)


def layer(*shapes, **columns):
    return GeoDataFrame(columns, geometry=list(shapes), crs=4547)


def values(found):
    return {name: ratio.value for name, ratio in found.items()}


def codes(ratio):
    return [finding.code for finding in ratio.findings]


# --- by hand


def test_who_counts_residents_at_300_m_and_not_beyond():
    green = layer(square(0, 0, 100, 50))  # exactly 0.5 ha, less than 1 ha
    homes = layer(at(400, 20), at(400.01, 20), P=[30, 10])
    found = gs.who_300(green, homes, population="P")
    assert values(found) == {"who_300": 0.75, "who_300_1_ha": 0.0}
    assert (found["who_300"].numerator, found["who_300"].denominator) == (30.0, 40.0)


def test_persons_of_a_block_are_spread_evenly_over_it():
    # a strip of 600 m from the edge of the green space on: its first half is within 300 m
    green = layer(square(0, 0, 100, 100))
    homes = layer(square(100, 0, 700, 100), square(3000, 0, 3100, 100), P=[80, 20])
    found = gs.who_300(green, homes, population="P")
    assert found["who_300"].numerator == pytest.approx(40.0, rel=1e-9)
    assert found["who_300_1_ha"].value == pytest.approx(0.4, rel=1e-9)


def test_land_and_homes_stand_in_for_residents_under_their_own_names():
    green = layer(square(0, 0, 100, 100))
    land = gs.who_300(green, layer(square(100, 0, 700, 100)))
    homes = gs.who_300(green, layer(at(200, 0), at(900, 0)))
    assert set(land) == {"who_300_of_land", "who_300_1_ha_of_land"}
    assert set(homes) == {"who_300_of_homes", "who_300_1_ha_of_homes"}
    assert land["who_300_of_land"].denominator == pytest.approx(60_000)
    assert homes["who_300_of_homes"].value == 0.5
    for found in (land, homes):
        for name, ratio in found.items():
            said = [source.note.en for source in ratio.sources if source.role == "population"]
            assert "no share of residents" in said[0]
            assert ratio.indicator == name


def test_land_claimed_twice_counts_once_and_persons_stay_where_they_are():
    green = layer(square(0, 0, 100, 100))
    near = square(100, 0, 200, 100)
    homes = layer(near, near, square(2000, 0, 2100, 100), P=[10, 30, 60])
    land = gs.who_300(green, homes)["who_300_of_land"]
    assert (land.value, land.denominator) == (0.5, 20_000.0)
    assert "overlap" in codes(land)
    assert gs.who_300(green, homes, population="P")["who_300"].value == pytest.approx(0.4)


def test_persons_without_a_place_are_told():
    green = layer(square(0, 0, 100, 100))
    homes = layer(at(200, 0), None, P=[30, 10])
    with pytest.warns(DataWarning):
        found = gs.who_300(green, homes, population="P")["who_300"]
    assert (found.value, found.denominator) == (1.0, 30.0)
    assert "persons_without_place" in codes(found)


def test_population_may_come_from_another_layer():
    green = layer(square(0, 0, 100, 100))
    homes = layer(square(100, 0, 200, 100), square(3000, 0, 3100, 100))
    people = layer(at(150, 50), at(3050, 50), population=[30, 70])
    found = gs.who_300(green, homes, population=people)
    assert values(found) == {"who_300": pytest.approx(0.3), "who_300_1_ha": pytest.approx(0.3)}


def test_angst_has_a_tier_for_each_size_and_a_large_wood_serves_the_small_tiers():
    wood = square(0, 0, 1000, 1000)  # 100 ha
    homes = layer(at(1300, 0), at(3000, 0), at(6000, 0), at(6001, 0), P=[1, 2, 3, 4])
    found = values(gs.angst(layer(wood), homes, population="P"))
    assert found == {
        "angst_2_ha": 0.1,
        "angst_20_ha": 0.3,
        "angst_100_ha": 0.6,
        "angst_500_ha": 0.0,
    }


def test_one_hectare_of_reserve_for_a_thousand_people_is_ten_square_metres_each():
    reserve = square(0, 0, 100, 100)
    homes = layer(at(0, 0), P=[1000])
    found = gs.angst(layer(reserve), homes, reserves=layer(reserve, reserve), population="P")
    assert found["angst_nature_reserves"].value == pytest.approx(10.0)


def test_open_space_and_streets_count_once_inside_the_built_up_area():
    # 40 x 40 and a street of 10 x 100 that share 40 x 10; 50 x 100 of street lies outside
    town, space = layer(square(0, 0, 100, 100)), layer(square(0, 0, 40, 40))
    street = layer(square(0, 30, 600, 40))
    homes = layer(at(440, 40), at(441, 40))
    found = gs.sdg_11_7_1(space, street, town, homes=homes)
    assert found["sdg_11_7_1"].numerator == pytest.approx(1600 + 1000 - 400)
    assert found["sdg_11_7_1"].denominator == pytest.approx(10_000)
    assert found["sdg_11_7_1_access_of_homes"].value == 0.5
    assert "straight_line" in codes(found["sdg_11_7_1_access_of_homes"])
    assert "straight_line" not in codes(found["sdg_11_7_1"])


def test_living_circles_need_two_one_and_one_square_metres_each_of_their_own():
    # 20 000 persons: 5 ha -> 2.5, 1.0 ha -> 0.5, 0.4 ha -> 0.2 m2 each; too narrow a strip: none
    parks = layer(
        square(0, 0, 500, 100),
        square(0, 200, 100, 300),
        square(0, 400, 100, 440),
        square(0, 600, 1000, 620),
    )
    homes = layer(square(0, 700, 100, 800), P=[20_000])
    found = values(gs.living_circles(parks, homes, population="P"))
    assert found["living_circle_15_green"] == pytest.approx(2.5)
    assert found["living_circle_10_green"] == pytest.approx(0.5)
    assert found["living_circle_5_green"] == pytest.approx(0.2)


def test_least_size_and_width_of_a_circle_are_reached_at_the_number_itself():
    homes = layer(square(0, 2000, 10, 2010), P=[10_000])
    for wide, circle in ((80.0, 15), (79.9, 10), (50.0, 10), (49.9, 5), (30.0, 5)):
        park = layer(square(0, 0, 50_000 / wide, wide))
        found = values(gs.living_circles(park, homes, population="P"))
        own = [minutes for minutes in (15, 10, 5) if found[f"living_circle_{minutes}_green"]]
        assert own == [circle], wide
    narrow = layer(square(0, 0, 50_000 / 29.9, 29.9))
    assert not any(values(gs.living_circles(narrow, homes, population="P")).values())


def test_fifteen_minutes_reach_what_is_asked_for_and_the_sources_say_it():
    park, homes = layer(square(0, 0, 500, 100)), layer(at(1400, 50), at(1300, 50))
    shares = {}
    for metres in (800, 1000):
        ratio = gs.living_circles(park, homes, fifteen_minutes_m=metres)[
            "living_circle_15_service_of_homes"
        ]
        shares[metres] = ratio.value
        assert any(f"within {metres} m, straight line" in s.name for s in ratio.sources)
    assert shares == {800: 0.5, 1000: 1.0}


def test_a_park_cut_in_two_falls_below_the_size_and_is_told():
    halves = layer(square(0, 0, 30, 100), square(30, 0, 60, 100))  # 0.3 ha each, 0.6 ha in one
    homes = layer(at(30, 50))
    ratio = gs.who_300(halves, homes)["who_300_of_homes"]
    assert (ratio.value, "parks_cut" in codes(ratio)) == (0.0, True)
    joined = gs.who_300(halves.dissolve(), homes)["who_300_of_homes"]
    assert (joined.value, "parks_cut" in codes(joined)) == (1.0, False)


def test_degrees_and_web_mercator_are_projected():
    green, homes = layer(square(0, 0, 100, 100)), layer(at(399, 50), at(405, 50), P=[3, 1])
    for crs in (4326, 3857):
        found = gs.who_300(green.to_crs(crs), homes.to_crs(crs), population="P")
        assert found["who_300"].value == 0.75
        assert found["who_300"].crs.axis_info[0].unit_name == "metre"


def test_rows_follow_the_callers_zones_and_add_up():
    green = layer(square(0, 0, 100, 100))
    homes = layer(square(100, 0, 700, 100), P=[60])
    zones = layer(square(400, -50, 700, 150), square(0, -50, 400, 150), NAME=["far", "near"])
    zones.index = [9, 4]
    table = gs.who_300(green, homes, population="P", zones=zones)["who_300"]
    assert isinstance(table, RatioTable)
    assert table.to_frame()["denominator"].tolist() == pytest.approx([30, 30])
    assert table.value.to_dict() == pytest.approx({9: 0.0, 4: 1.0})
    assert table.total().value == pytest.approx(0.5)


def test_a_home_on_the_line_of_two_zones_counts_once_and_one_outside_is_told():
    green = layer(square(0, 0, 100, 100))
    homes = layer(at(100, 50), at(150, 50), at(999, 999), P=[1, 2, 4])
    zones = layer(square(0, 0, 100, 100), square(100, 0, 200, 100))
    table = gs.who_300(green, homes, population="P", zones=zones)["who_300"]
    assert table.to_frame()["denominator"].tolist() == [1.0, 2.0]
    assert "homes_outside_zones" in codes(table)


def test_green_a_person_is_cut_at_the_lines_of_zones():
    park = layer(square(0, 0, 500, 100))
    homes = layer(at(100, 300), at(400, 300), P=[1000, 4000])
    zones = layer(square(0, 0, 250, 400), square(250, 0, 500, 400))
    found = gs.living_circles(park, homes, population="P", zones=zones)
    assert found["living_circle_15_green"].value.tolist() == pytest.approx([25.0, 6.25])


def test_nobody_leaves_the_share_undefined():
    green, homes = layer(square(0, 0, 100, 100)), layer(at(0, 0), P=[0])
    ratio = gs.who_300(green, homes, population="P")["who_300"]
    assert np.isnan(ratio.value)
    assert ratio.reason is not None


# --- judged


def row(indicator, value, mark):
    number = Threshold(values=(value,), mark=mark, source=Citation(document="DEMO"))
    return Criterion(indicator=indicator, level="basic", operator=">=", thresholds=(number,))


def judged(found, *rows):
    profile = Profile(
        id="DEMO",
        title=Text(zh="例", en="demo"),
        document="DEMO",
        levels=("basic",),
        level_names={"basic": Text(zh="基本", en="basic")},
        criteria=rows,
    )
    verdicts = judge_profile(
        profile, "basic", found, indicators=read_indicators(), facts={}, missing={}
    )
    return {verdict.indicator: (verdict.verdict, verdict.mark) for verdict in verdicts}


def test_a_five_minute_park_taken_for_a_fifteen_minute_one_fails():
    rows = [
        row("living_circle_15_green", 2.0, "verified"),
        row("living_circle_10_green", 1.0, "verified"),
        row("living_circle_5_green", 1.0, "verified"),
    ]
    homes = layer(square(0, 700, 100, 800), P=[10_000])
    small = [square(200 * i, 0, 200 * i + 80, 80) for i in range(7)]  # 0.64 ha: 4.48 m2 each
    found = gs.living_circles(layer(*small), homes, population="P")
    assert judged(found, *rows) == {
        "living_circle_15_green": ("fail", "verified"),
        "living_circle_10_green": ("fail", "verified"),
        "living_circle_5_green": ("pass", "verified"),
    }
    enough = [square(0, 0, 250, 100), square(0, 300, 100, 400), *(small[:2])]
    assert judged(gs.living_circles(layer(*enough), homes, population="P"), *rows)[
        "living_circle_10_green"
    ] == ("pass", "verified")


def test_shares_are_judged_and_land_is_never_judged_as_residents():
    green = layer(square(0, 0, 100, 100))
    homes = layer(square(100, 0, 500, 100), P=[10])
    rule = row("who_300", 0.7, "weak")
    assert judged(gs.who_300(green, homes, population="P"), rule) == {"who_300": ("pass", "weak")}
    of_land = gs.who_300(green, homes)
    assert judged(of_land, rule) == {"who_300": ("not_assessable", "weak")}
    assert judged(of_land, row("who_300_of_land", 0.8, "user")) == {
        "who_300_of_land": ("fail", "user")
    }


def test_every_number_has_a_card_in_its_own_unit():
    green, town = layer(square(0, 0, 500, 100)), layer(square(0, 0, 900, 900))
    cards = read_indicators()
    for homes, population in (
        (layer(at(0, 0), P=[9]), "P"),
        (layer(at(0, 0)), None),
        (layer(square(0, 0, 9, 9)), None),
    ):
        who = {"homes": homes, "population": population}
        reserves = None if population is None else green
        found = {
            **gs.who_300(green, **who),
            **gs.angst(green, reserves=reserves, **who),
            **gs.sdg_11_7_1(green, green, town, **who),
            **gs.living_circles(green, **who),
        }
        for name, ratio in found.items():
            assert isinstance(ratio, Ratio)
            assert cards[name].unit == ratio.unit
            notes = [source.note for source in ratio.sources if source.role == "rule"]
            assert len(notes) == 1
            assert any(mark in notes[0].en for mark in ("verified", "weak", "provisional"))


# --- by refusal


def test_reserves_need_a_population():
    green = layer(square(0, 0, 100, 100))
    with pytest.raises(InputError) as refused:
        gs.angst(green, layer(at(0, 0)), reserves=green)
    assert refused.value.layer == "reserves"


@pytest.mark.parametrize("metres", [799, 1001, "800", float("nan")])
def test_fifteen_minutes_are_between_800_and_1000_metres(metres):
    green = layer(square(0, 0, 100, 100))
    with pytest.raises(InputError) as refused:
        gs.living_circles(green, layer(at(0, 0)), fifteen_minutes_m=metres)
    assert refused.value.expected == (800.0, 1000.0)


@pytest.mark.parametrize("column", [[1, -1], [1, None], ["1", "x"]])
def test_no_population_is_guessed(column):
    green, homes = layer(square(0, 0, 100, 100)), layer(at(0, 0), at(9, 9), P=column)
    with pytest.raises(ColumnError) as refused:
        gs.who_300(green, homes, population="P")
    assert (refused.value.layer, refused.value.rows) == ("homes", (1,))


def test_points_cannot_share_the_people_of_another_layer():
    green, people = layer(square(0, 0, 100, 100)), layer(square(0, 0, 100, 100), population=[9])
    with pytest.raises(InputError) as refused:
        gs.who_300(green, layer(at(0, 0)), population=people)
    assert refused.value.layer == "homes"


def test_a_missing_column_and_streets_without_area_are_refused():
    green, town = layer(square(0, 0, 100, 100)), layer(square(0, 0, 900, 900))
    with pytest.raises(ColumnError):
        gs.who_300(green, layer(at(0, 0)), population="POP")
    with pytest.raises(GeometryError):
        gs.sdg_11_7_1(green, layer(LineString([(X, Y), (X + 9, Y)])), town)
    with pytest.raises(InputError):
        gs.sdg_11_7_1(green, green, town, population="P")
