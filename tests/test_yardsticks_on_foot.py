"""Yardsticks that ask for a walk, along a street with a river beside it: by hand and by refusal."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.errors import InputError

X, Y = 500_000.0, 3_400_000.0


def square(west, south, east, north):
    return box(X + west, Y + south, X + east, Y + north)


def at(east, north):
    return Point(X + east, Y + north)


def layer(*shapes, **columns):
    return GeoDataFrame(columns, geometry=list(shapes), crs=4547)


def street(*corners):
    return LineString([(X + east, Y + north) for east, north in corners])


# The park's only gate opens on a street that leads 200 m east, 150 m north and back west.
PARK = layer(square(-500, -50, 0, 50))
GATE = layer(at(0, 0))
STREET = layer(street((0, 0), (200, 0), (200, 150), (0, 150)))
HOMES = layer(at(200, 10), at(150, 160), at(0, 160), at(1000, 0), P=[1, 2, 4, 8])
# on foot 210, 410, 560 m and no way; in a straight line 200, 186, 110 and 1000 m
WALK = {"paths": STREET, "entrances": GATE}


def codes(ratio):
    return [finding.code for finding in ratio.findings]


def rules(ratio):
    return [source.name for source in ratio.sources if source.role == "rule"]


def test_homes_are_as_near_as_their_walk():
    straight = gs.living_circles(PARK, HOMES, population="P")
    walked = gs.living_circles(PARK, HOMES, population="P", **WALK)
    service = [f"living_circle_{minutes}_service" for minutes in (15, 10, 5)]
    assert [straight[name].numerator for name in service] == [7.0, 7.0, 7.0]
    assert [walked[name].numerator for name in service] == [7.0, 3.0, 1.0]
    assert walked["living_circle_15_green"].value == straight["living_circle_15_green"].value


def test_the_way_is_told_and_so_are_homes_without_one():
    walked = gs.living_circles(PARK, HOMES, **WALK)["living_circle_5_service_of_homes"]
    straight = gs.living_circles(PARK, HOMES)["living_circle_5_service_of_homes"]
    assert rules(walked) == [">= 4000 m2, >= 30 m wide within 300 m, on foot"]
    assert rules(straight) == [">= 4000 m2, >= 30 m wide within 300 m, straight line"]
    assert "straight_line" in codes(straight)
    assert "straight_line" not in codes(walked)
    (lost,) = [item for item in walked.findings if item.code == "homes_off_network"]
    assert (lost.rows, lost.count, lost.severity) == ((3,), 1, "warning")
    assert "paths" in [source.role for source in walked.sources]


def test_a_network_that_most_homes_do_not_meet_is_an_error():
    homes = HOMES.iloc[[3, 3, 0]]
    walked = gs.living_circles(PARK, homes, **WALK)["living_circle_5_service_of_homes"]
    assert [f.severity for f in walked.findings if f.code == "homes_off_network"] == ["error"]


def test_a_near_park_too_small_for_the_rule_is_walked_past():
    kiosk = square(190, 20, 200, 30)  # 100 m2 beside the first homes
    parks = layer(*PARK.geometry, kiosk)
    walked = gs.living_circles(parks, HOMES, population="P", paths=STREET)
    assert walked["living_circle_5_service"].numerator == 1.0
    town = layer(square(-600, -200, 1100, 300))
    access = {
        count: gs.sdg_11_7_1(
            parks.iloc[:count], PARK, town, homes=HOMES, population="P", paths=STREET
        )["sdg_11_7_1_access"]
        for count in (1, 2)
    }
    # any size counts: from the kiosk it is some 180 and 330 m to the homes about the corner
    assert {count: ratio.numerator for count, ratio in access.items()} == {1: 1.0, 2: 7.0}


def test_land_served_on_foot_is_never_more_than_in_a_straight_line():
    land = layer(square(0, 5, 190, 145), square(210, 0, 400, 300))
    straight = gs.living_circles(PARK, land)
    walked = gs.living_circles(PARK, land, **WALK)
    for minutes in (15, 10, 5):
        name = f"living_circle_{minutes}_service_of_land"
        assert walked[name].numerator <= straight[name].numerator
        assert walked[name].denominator == straight[name].denominator
    # 5 minutes: 200 m of street and 100 m more of it are walked; past that nothing is served
    assert walked["living_circle_5_service_of_land"].value > 0
    assert (
        walked["living_circle_5_service_of_land"].value
        < straight["living_circle_5_service_of_land"].value
    )


def test_zones_divide_what_is_served_on_foot():
    land = layer(square(0, 5, 190, 145))
    zones = layer(square(-10, -10, 100, 200), square(100, -10, 300, 200))
    whole = gs.living_circles(PARK, land, **WALK)["living_circle_5_service_of_land"]
    table = gs.living_circles(PARK, land, zones=zones, **WALK)["living_circle_5_service_of_land"]
    assert table.total().numerator == pytest.approx(whole.numerator, rel=1e-6)


def test_the_park_of_3_30_300_is_walked_to():
    lawn = layer(square(-100, -100, 1100, 300))
    trees = layer(*(at(x, 160) for x in (150, 151, 152)))
    how = {"view_m": 20, "neighbourhood_m": 50}
    straight = gs.three_thirty_three_hundred_by_home(HOMES, trees, lawn, PARK, **how)
    walked = gs.three_thirty_three_hundred_by_home(HOMES, trees, lawn, PARK, **how, **WALK)
    assert straight["park_within_300_m"].tolist() == [True, True, True, False]
    assert walked["park_within_300_m"].tolist() == [True, False, False, False]
    assert straight["all_three"].tolist() == [False, True, False, False]
    assert not np.any(walked["all_three"])


def test_findings_of_the_walk_name_the_layers_and_the_number_that_they_are_about():
    far = layer(*PARK.geometry, square(5000, 0, 5100, 100))
    land = layer(square(0, 5, 190, 145), square(0, 900, 100, 1000))
    found = gs.sdg_11_7_1(far, far, far, homes=land, paths=STREET)["sdg_11_7_1_access_of_land"]
    told = {item.code: item for item in found.findings}
    assert told["land_off_network"].layer == "homes"
    assert told["gates_off_network"].layer == "open_space"
    for code in ("land_off_network", "gates_off_network"):
        assert told[code].indicators == ("sdg_11_7_1_access_of_land",)


def test_entrances_without_paths_are_refused():
    with pytest.raises(InputError) as refused:
        gs.living_circles(PARK, HOMES, entrances=GATE)
    assert refused.value.layer == "entrances"
