"""What ``greenspace service`` tells beside its numbers: zones, parks that serve nobody, sources."""

from __future__ import annotations

import csv
import re

import geopandas as gpd
import pytest
from shapely import Point, box

from tests.street import CRS, PARKS, SOUTH, WEST, ground, layer, service, way, write_street


def flat(text):
    return re.sub(r"\s+", " ", text)


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def zones(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


WHOLE = ground(-100, -100, 3400, 200)
WEST_HALF, EAST_HALF = ground(-100, -100, 1000, 200), ground(1900, -100, 3400, 200)


# --- zones ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({}, ["第 0 行", "第 1 行"]),
        ({"name": ["甲", None]}, ["甲", "第 1 行"]),
        ({"name": ["甲", "甲"]}, ["甲（第 0 行）", "甲（第 1 行）"]),
    ],
    ids=["no names", "one name missing", "one name twice"],
)
def test_zones_are_told_from_each_other_and_from_the_whole(tmp_path, names, told):
    write_street(tmp_path, zones=zones(WEST_HALF, EAST_HALF, **names))
    result = service(tmp_path, "--zones", layer(tmp_path, "zones"), "-o", tmp_path / "out")
    rows = table(tmp_path / "out" / "service.csv")

    assert result.exit_code == 0, result.stderr
    assert [(row["zone"], row["zone_row"]) for row in rows] == [
        ("", ""),
        (told[0], "0"),
        (told[1], "1"),
    ]
    assert all(title in result.stdout for title in told)


def test_land_that_two_zones_share_is_told(tmp_path):
    # 100 m of block A, 100 m deep, lie in both: 1 ha
    write_street(tmp_path, zones=zones(ground(-100, 0, 300, 100), ground(200, 0, 3400, 100)))
    told = service(tmp_path, "--zones", layer(tmp_path, "zones"), "--lang", "en").stdout

    assert "Zones overlap: 10,000 m² of residential land" in flat(told)
    assert "lie in no zone" not in told


def test_land_in_no_zone_is_told(tmp_path):
    # blocks C and D, 1 ha each
    write_street(tmp_path, zones=zones(WEST_HALF))
    told = service(tmp_path, "--zones", layer(tmp_path, "zones"), "--lang", "en").stdout

    assert "20,000 m² of residential land lie in no zone" in flat(told)
    assert "Zones overlap" not in told


def test_zones_that_share_nothing_and_leave_nothing_out_are_no_finding(tmp_path):
    write_street(tmp_path)
    told = service(tmp_path, "--zones", layer(tmp_path, "zones"), "--lang", "en").stdout

    assert "Zones overlap" not in told
    assert "lie in no zone" not in told


def test_a_zone_without_homes_has_its_reason_on_the_console(tmp_path):
    write_street(tmp_path, zones=zones(WHOLE, ground(9000, 0, 9100, 100)))
    words = ("--zones", layer(tmp_path, "zones"), "-o", tmp_path / "out", "--lang", "en")
    result = service(tmp_path, *words)
    reason = table(tmp_path / "out" / "service.csv")[-1]["reason"]

    assert reason == "There is no residential land."
    assert flat(reason) in flat(result.stdout)


def test_without_homes_nothing_is_said_to_be_served(tmp_path):
    nobody = gpd.GeoDataFrame({"NAME": [], "POP": []}, geometry=[], crs=CRS)
    write_street(tmp_path, homes=nobody)
    told = service(tmp_path, "--lang", "en").stdout

    assert "Every block is served" not in told
    assert "There is no residential land." in told


def test_parks_that_are_points_need_no_homes_to_be_taken(tmp_path):
    gates = gpd.GeoDataFrame({"NAME": ["g"]}, geometry=[Point(WEST, SOUTH)], crs=CRS)
    nobody = gpd.GeoDataFrame({"NAME": [], "POP": []}, geometry=[], crs=CRS)
    write_street(tmp_path, parks=gates, homes=nobody)
    told = service(tmp_path, "--point-radius-m", "300", "--lang", "en").stdout

    assert "There is no residential land." in told


# --- parks that serve nobody ------------------------------------------------------------


@pytest.mark.parametrize(
    ("parks", "said"),
    [
        (gpd.GeoDataFrame({"NAME": []}, geometry=[], crs=CRS), "holds no park"),
        (
            gpd.GeoDataFrame({"NAME": ["s"]}, geometry=[ground(0, 0, 9, 9)], crs=CRS),
            "None of 1 parks has a radius",
        ),
    ],
    ids=["no park", "below every tier"],
)
@pytest.mark.parametrize("walk", [(), ("--paths",)], ids=["straight", "on foot"])
def test_parks_that_serve_nobody_are_told(tmp_path, parks, said, walk):
    write_street(tmp_path, parks=parks, paths=zones(way((0, 50), (800, 50))))
    words = (*walk, layer(tmp_path, "paths")) if walk else ()
    result = service(tmp_path, *words, "--lang", "en")

    assert result.exit_code == 0, result.stderr
    assert said in flat(result.stdout)
    assert "Gates of 0 parks" not in result.stdout
    assert ": ." not in result.stdout


def test_no_way_is_said_of_parks_with_a_radius_only(tmp_path):
    # The path from D leads to the small park alone: there is a way, but none to a park that serves.
    parks = {**PARKS, "口袋": ground(3300, 0, 3310, 10)}
    names, shapes = list(parks), list(parks.values())
    write_street(tmp_path, parks=gpd.GeoDataFrame({"NAME": names}, geometry=shapes, crs=CRS))
    words = ("--paths", layer(tmp_path, "paths"), "-o", tmp_path / "out", "--lang", "en")
    result = service(tmp_path, *words)
    blocks = {row["name"]: row for row in table(tmp_path / "out" / "blocks.csv")}

    assert blocks["D"]["foot_reason"] == "no_way"
    assert blocks["B"]["foot_park_row"] == "0"
    assert "a point within the block to such a park" in flat(result.stdout)


# --- files ------------------------------------------------------------------------------


def test_columns_of_openstreetmap_are_told(tmp_path):
    write_street(tmp_path, zones=zones(WHOLE, osm_id=["7"]))
    told = service(tmp_path, "--zones", layer(tmp_path, "zones"), "--lang", "en").stdout

    assert "Columns osm_id: perhaps from OpenStreetMap" in flat(told)


def test_the_text_file_holds_every_finding(tmp_path):
    # Notes enough that the console shows only the first few
    write_street(
        tmp_path,
        zones=zones(WHOLE, osm_id=["7"]),
        homes=zones(ground(100, 0, 400, 100), osm_id=["4"], NAME=["A"], POP=[300]),
        gates=zones(Point(WEST + 100, SOUTH + 50), osm_id=["1"]),
        paths=zones(way((100, 50), (800, 50)), osm_id=["2"]),
        water=zones(box(WEST, SOUTH + 300, WEST + 9, SOUTH + 309), osm_id=["3"]),
    )
    words = [
        word
        for option, name in (
            ("--zones", "zones"),
            ("--paths", "paths"),
            ("--entrances", "gates"),
            ("--barriers", "water"),
        )
        for word in (option, layer(tmp_path, name))
    ]
    result = service(tmp_path, *words, "-o", tmp_path / "out", "--lang", "en")
    written = (tmp_path / "out" / "service.txt").read_text(encoding="utf-8-sig")

    assert result.exit_code == 0, result.stderr
    assert "more notes" in flat(result.stdout)
    assert "more notes" not in flat(written)
    assert flat(written).count("- note") == flat(result.stdout).count("- note") + 1


def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_measured(tmp_path, monkeypatch):
    from greenspace import service_map

    def never(*_, **__):
        raise AssertionError("measured first")

    write_street(tmp_path)
    monkeypatch.setattr(service_map, "ServiceGround", never)
    refused = service(tmp_path, "-o", "/proc/nowhere/out")

    assert (refused.exit_code, refused.stdout) == (2, "")
