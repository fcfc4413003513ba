"""``greenspace service --paths``: what is served on foot, by hand.

The path leaves the old park at its gate and runs along the middle of A and B. At 400 m, 100 m of
the radius are left: up to there all of A and the first 100 m of B are served, 50 m to both sides.
Beyond, a disc of 100 m, of which the strip of 50 m to both sides is served:
``50 · sqrt(100² - 50²) + 100² · asin(50 / 100)`` m².
"""

from __future__ import annotations

import csv
from math import asin, sqrt

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from shapely import box

from tests.street import CRS, SOUTH, WEST, layer, service, write_street

END = 50 * sqrt(100**2 - 50**2) + 100**2 * asin(0.5)
B = 100 * 100 + END
SERVED = 300 * 100 + B


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    return write_street(tmp_path_factory.mktemp("street"))


@pytest.fixture(scope="module")
def result(street):
    words = ("--paths", layer(street, "paths"), "--population", "POP", "-o", street / "out")
    done = service(street, *words, "--zones", layer(street, "zones"), "--zone-name", "NAME")
    assert done.exit_code == 0, done.stderr
    return done


def rows(text):
    return {line.split()[0]: line for line in text.splitlines() if line.split()}


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_land_served_on_foot_stands_beside_the_straight_line(street, result):
    line = rows(result.stdout)
    found = {(row["indicator"], row["zone"]): row for row in table(street / "out" / "service.csv")}

    assert line["居住用地，直线距离"].split()[1] == "66.67%"
    assert line["居住用地，步行距离"].split()[1] == f"{SERVED / 90_000:.2%}"
    assert float(found["network_service_coverage", ""]["served"]) == pytest.approx(SERVED, rel=1e-5)
    west = float(found["network_service_coverage", "西"]["value"])
    assert west == pytest.approx(SERVED / 70_000, rel=1e-5)
    assert float(found["network_service_coverage", "东"]["value"]) == 0


def test_residents_count_by_the_share_of_their_land(result):
    persons = 300 + 400 * B / 40_000

    assert f"{persons / 1000:.2%}" in rows(result.stdout)["居民，步行距离"]


def test_no_way_and_no_path_are_two_things_and_neither_is_zero(street, result):
    line = rows(result.stdout)
    blocks = {row["name"]: row for row in table(street / "out" / "blocks.csv")}

    assert line["C"].split()[-1] == "无路"
    assert line["D"].split()[-1] == "不可达"
    assert [blocks[name]["foot_reason"] for name in "ABCD"] == ["", "", "no_path", "no_way"]
    assert [blocks[name]["foot_m"] for name in "CD"] == ["", ""]
    assert float(blocks["A"]["foot_m"]) == pytest.approx(150, abs=1e-6)  # from its middle
    assert float(blocks["A"]["foot_edge_m"]) <= 50 + 1e-6
    assert float(blocks["B"]["foot_m"]) == pytest.approx(500, abs=1e-6)
    assert blocks["B"]["foot_park"] == "老公园"


@pytest.mark.usefixtures("result")
def test_what_is_served_on_foot_is_never_more_than_in_a_straight_line(street):
    blocks = gpd.read_file(street / "out" / "service.gpkg", layer="blocks")

    assert (blocks["foot_served_m2"] <= blocks["served_m2"]).all()
    assert np.allclose(blocks["foot_served_m2"] + blocks["foot_unserved_m2"], blocks["area_m2"])


@pytest.mark.usefixtures("result")
def test_the_layers_of_the_walk_open_in_a_gis(street):
    path = street / "out" / "service.gpkg"
    names = {str(name) for name, _ in pyogrio.list_layers(path)}
    land = [gpd.read_file(path, layer=name).area.sum() for name in ("foot_served", "foot_lost")]
    network = gpd.read_file(path, layer="network")

    assert {"foot_service_area", "network", "gates"} <= names
    assert np.allclose(land, [SERVED, 60_000 - SERVED], rtol=1e-4)
    assert network.length.sum() == pytest.approx(700 + 100, rel=1e-9)
    assert network[network["walk_m"].notna()].length.sum() == pytest.approx(500, rel=1e-6)
    assert {path.name for path in (street / "out").iterdir()} >= {"walking.png", "walking.pdf"}


def test_gates_that_are_given_are_used(street):
    words = ("--paths", layer(street, "paths"), "--entrances", layer(street, "gates"))
    told = service(street, *words).stdout

    assert rows(told)["居住用地，步行距离"].split()[1] == f"{SERVED / 90_000:.2%}"


def test_nobody_crosses_water_but_by_a_path(tmp_path):
    # A canal all along the path, 10 m north of it: what lies beyond it is not served.
    canal = box(WEST - 500, SOUTH + 60, WEST + 1500, SOUTH + 61)
    write_street(tmp_path, water=gpd.GeoDataFrame(geometry=[canal], crs=CRS))
    words = ("--paths", layer(tmp_path, "paths"))
    dry = rows(service(tmp_path, *words).stdout)["居住用地，步行距离"]
    wet = rows(service(tmp_path, *words, "--barriers", layer(tmp_path, "water")).stdout)

    shares = [float(line.split()[1].rstrip("%")) for line in (dry, wet["居住用地，步行距离"])]
    assert shares[1] < shares[0] * 0.7


@pytest.mark.parametrize(
    "words",
    [
        ("--entrances", "x.gpkg"),
        ("--barriers", "x.gpkg"),
        ("--snap-m", "50"),
        ("--edge-every-m", "9"),
    ],
)
def test_options_of_walking_without_paths_are_refused(street, words):
    refused = service(street, *words)

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--paths" in refused.stderr


@pytest.mark.parametrize("option", ["--snap-m", "--edge-every-m"])
@pytest.mark.parametrize("value", ["0", "-5", "inf", "nan"])
def test_a_distance_that_is_none_is_refused(street, option, value):
    refused = service(street, "--paths", layer(street, "paths"), option, value)

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert option in refused.stderr


def test_paths_that_do_not_meet_the_parks_are_refused_with_the_next_step(tmp_path):
    write_street(tmp_path, paths=gpd.GeoDataFrame(geometry=[box(0, 0, 9, 9).boundary], crs=CRS))
    refused = service(tmp_path, "--paths", layer(tmp_path, "paths"), "--lang", "en")

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--snap-m" in refused.stderr


def test_polygons_are_no_paths(street):
    refused = service(street, "--paths", layer(street, "homes"))

    assert (refused.exit_code, refused.stdout) == (2, "")
