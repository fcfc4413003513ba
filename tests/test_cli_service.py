"""``greenspace service``: parks and homes; tables, a folder, or one sentence."""

from __future__ import annotations

import re

import geopandas as gpd
import pytest
from shapely import Point

from tests.street import CRS, NAMES, SOUTH, WEST, ground, layer, service, write_street
from tests.test_cli import run, screen


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    return write_street(tmp_path_factory.mktemp("street"))


def rows(text):
    """The rows of the tables by their first word."""
    return {line.split()[0]: line for line in text.splitlines() if line.split()}


def flat(text):
    return re.sub(r"\s+", " ", text)


# --- the tables -------------------------------------------------------------------------


def test_it_shows_the_land_that_is_served_and_where_that_is_least(street):
    result = service(street)
    line = rows(result.stdout)

    assert (result.exit_code, result.stderr) == (0, "")
    assert line["居住用地，直线距离"].split()[1:] == ["66.67%", "6.00", "公顷", "3.00", "公顷"]
    assert line["B"].split()[1:] == ["2.00", "公顷", "50.00%", "300", "m"]
    assert line["D"].split()[1:] == ["1.00", "公顷", "0.00%", "700", "m"]
    assert not {"A", "C"} & set(line)  # wholly served
    assert "EPSG:4547" in result.stdout


def test_it_shows_what_each_park_contributes_and_which_serve_nothing_alone(street):
    result = service(street)
    line = rows(result.stdout)

    assert line["新公园"].split()[1:] == ["1.00", "公顷", "500", "m", "1.00", "公顷"]
    assert "没有唯其服务用地的公园" in result.stdout
    assert "1 个：园中园" in flat(result.stdout)
    assert "小于最小一级、没有服务半径的公园：1 个" in result.stdout


def test_it_shows_each_zone_and_the_residents(street):
    words = ("--zones", layer(street, "zones"), "--zone-name", "NAME", "--population", "POP")
    line = rows(service(street, *words).stdout)

    # 5 of 7 ha with 500 of 700 persons, 1 of 2 ha with 100 of 300
    assert line["西"].split()[1:] == ["7.00", "公顷", "71.43%", "71.43%"]
    assert line["东"].split()[1:] == ["2.00", "公顷", "50.00%", "33.33%"]
    assert line["居民，直线距离"].split()[1:] == ["60.00%", "600", "人", "400", "人"]


def test_the_other_language_is_english(street):
    told = service(street, "--lang", "en").stdout

    assert "Residential land, straight line" in told
    assert "Blocks with the most land not served" in told
    assert not re.search("[\u4e00-\u9fff]", re.sub("老公园|新公园|园中园|口袋|城市体检", "", told))


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_console_that_lacks_a_character_shows_its_like(street, encoding, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    words = (layer(street, "parks"), layer(street, "homes"), *NAMES)
    code, out, err = screen(monkeypatch, "service", *words, encoding=encoding)

    told = out.decode(encoding)
    assert (code, err) == (0, b"")
    assert "66.67%" in told
    widths = {sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in told.splitlines()}
    assert max(widths) <= 80


# --- the tiers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "share", "said"),
    [
        ((), "66.67%", "城市体检"),
        (("--tiers", "10000:100,100:1"), "11.11%", "由 --tiers 给出"),  # 100 of 900 m of street
        (("--standard", "CN-2005"), "66.67%", "[15]（verified）"),
        (("--standard", "CN-2022"), "66.67%", "provisional"),
        (("--standard", "GB55014-2021"), "66.67%", "GB55014-2021 未规定分级，按2021 年城市体检"),
    ],
)
def test_the_tiers_that_hold_are_named_with_their_source(street, words, share, said):
    told = service(street, *words).stdout

    assert share in told
    assert said in flat(told)


# --- refusals ---------------------------------------------------------------------------


def one(shape, **columns):
    return gpd.GeoDataFrame(
        {name: [value] for name, value in columns.items()}, geometry=[shape], crs=CRS
    )


HOME = ground(0, 0, 10, 10)
REFUSED = {
    "standard and tiers": (("--standard", "CN-2022", "--tiers", "5000:500"), "--standard"),
    "tiers without a radius": (("--tiers", "5000"), "--tiers 5000:500,2000:300"),
    "a radius of nothing": (("--tiers", "5000:0"), "--tiers 5000:500,2000:300"),
    "one size twice": (("--tiers", "5000:500,5000:300"), "--tiers 5000:500,2000:300"),
    "no such standard": (("--standard", "CN-2021"), "CN-20"),
    "no such level": (("--standard", "CN-2010:gold"), "higher"),
    "no such column": (("--population", "PEOPLE"), "POP"),
    "persons that are words": (("--population", "NAME"), "人口"),
    "degrees": (("--crs", "EPSG:4326"), "--crs"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_it_cannot_measure_it_refuses_in_one_sentence(street, case):
    words, said = REFUSED[case]
    result = service(street, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("parks", one(Point(WEST, SOUTH), NAME="点")),
        ("homes", one(Point(WEST, SOUTH), NAME="点", POP=1)),
        ("homes", one(HOME, NAME="负", POP=-1)),
        ("homes", one(HOME, NAME="缺", POP=None)),
        ("zones", one(Point(WEST, SOUTH), NAME="点")),
    ],
    ids=["parks are points", "homes are points", "persons below zero", "no persons", "zones"],
)
def test_a_layer_that_holds_something_else_is_refused(tmp_path, name, bad):
    write_street(tmp_path, **{name: bad})
    words = ("--population", "POP", "--zones", layer(tmp_path, "zones"))
    result = service(tmp_path, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()


def test_a_file_that_is_missing_or_a_layer_that_is_not_named_is_refused(street):
    homes = layer(street, "homes")
    missing = run("service", street / "none.gpkg", homes)
    unnamed = run("service", street / "street.gpkg", homes)

    assert (missing.exit_code, unnamed.exit_code) == (2, 2)
    assert "none.gpkg" in missing.stderr
    assert "|layername=" in unnamed.stderr


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_layer_without_a_crs_is_told_how_to_get_one(tmp_path, lang):
    write_street(tmp_path)
    bare = gpd.read_file(tmp_path / "street.gpkg", layer="parks")
    bare.to_file(tmp_path / "parks.shp", encoding="utf-8")
    (tmp_path / "parks.prj").unlink()
    words = (tmp_path / "parks.shp", layer(tmp_path, "homes"), "--lang", lang)
    refused = run("service", *words)
    told = run("service", *words, "--input-crs", "EPSG:4547")

    assert refused.exit_code == 2
    assert "--input-crs EPSG:4547" in refused.stderr
    assert "66.67%" in told.stdout


def test_parks_that_are_points_are_entrances_where_somebody_says_how_far_they_serve(tmp_path):
    dot = one(Point(WEST + 100, SOUTH + 50), NAME="点")
    write_street(tmp_path, parks=dot)
    refused = service(tmp_path)
    told = service(tmp_path, "--point-radius-m", "1000", "-o", tmp_path / "out")

    assert "--point-radius-m 300" in refused.stderr
    assert "77.78%" in told.stdout  # A and B: 7 of 9 ha
    assert "1000" in told.stdout


def test_parks_that_are_points_are_entrances_on_foot_too(tmp_path):
    dot = one(Point(WEST + 100, SOUTH + 50), NAME="点")
    write_street(tmp_path, parks=dot)
    words = ("--point-radius-m", "400", "--paths", layer(tmp_path, "paths"))
    told = service(tmp_path, *words, "-o", tmp_path / "out")

    # 300 m along the path, then what lies within 100 m of it: all of A but nothing of C and D
    assert told.exit_code == 0, told.stderr
    straight, foot = (
        float(rows(told.stdout)[f"居住用地，{kind}"].split()[1].rstrip("%"))
        for kind in ("直线距离", "步行距离")
    )
    assert 30_000 / 900 < foot < straight
