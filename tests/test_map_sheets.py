"""Map sheets: the map that was asked for, on the paper that was asked for, or a refusal."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from matplotlib.figure import Figure
from pypdf import PdfReader
from shapely import Point, box
from typer.testing import CliRunner

import greenspace as gs
from greenspace import city_maps, map_files
from greenspace.cli import app
from greenspace.errors import InputError
from greenspace.map_names import SHEETS, theme_of
from greenspace.map_sheets import atlas_pages
from greenspace.model.words import Text
from tests.present.conftest import build
from tests.present.test_plan_maps import lines

X, Y = 512_000.0, 3_380_000.0
CITY = """\
[city]
name = "清河"
date = 2026-06-30
[measure]
crs = "EPSG:4547"
[layers.built_up]
path = "town.gpkg"
layer = "built_up"
[layers.old_trees]
path = "town.gpkg"
layer = "old_trees"
columns = { age = "AGE", dbh = "DBH", crown = "CROWN" }
[report]
prepared_by = "规划科"
"""


@pytest.fixture
def town(tmp_path):
    """A town of one square kilometre with two old trees and nothing else."""
    frame = gpd.GeoDataFrame(geometry=[box(X, Y, X + 1000, Y + 1000)], crs=4547)
    frame.to_file(tmp_path / "town.gpkg", layer="built_up")
    trees = gpd.GeoDataFrame(
        {"AGE": [320, 60], "DBH": [90.0, 40.0], "CROWN": [12.0, 8.0]},
        geometry=[Point(X + 100, Y + 100), Point(X + 200, Y + 100)],
        crs=4547,
    )
    trees.to_file(tmp_path / "town.gpkg", layer="old_trees")
    (tmp_path / "city.toml").write_text(CITY, encoding="utf-8")
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, ["map", *map(str, words)])


def size_mm(path, page=0):
    box_of = PdfReader(path).pages[page].mediabox
    return tuple(round(float(side) / 72 * 25.4) for side in (box_of.width, box_of.height))


# --- results ----------------------------------------------------------------------------


def test_a_check_is_written_as_the_sheet_that_is_named(tmp_path):
    path = gs.write_map(build(), tmp_path / "map.pdf", sheet="service", size="A4", language="en")
    text = PdfReader(path).pages[0].extract_text()

    assert size_mm(path) in {(297, 210), (210, 297)}
    assert "Service areas of parks" in text
    assert "residential land not served" in text


def test_a_result_with_one_map_needs_no_name():
    assert theme_of(lines()).key == "green_line"


def test_a_check_has_several_maps_and_one_must_be_named(tmp_path):
    with pytest.raises(InputError) as refused:
        gs.write_map(build(), tmp_path / "map.pdf")
    assert refused.value.expected == SHEETS


@pytest.mark.parametrize("sheet", ["relief", "../x", "\x1b[31m"])
def test_a_name_that_is_none_is_refused_with_the_names(tmp_path, sheet):
    with pytest.raises(InputError) as refused:
        gs.write_map(build(), tmp_path / "map.pdf", sheet=sheet)
    assert refused.value.expected == SHEETS
    assert "\x1b" not in refused.value.sentence("en")


def test_a_map_of_another_result_is_refused():
    with pytest.raises(InputError):
        theme_of(lines(), "service")
    with pytest.raises(InputError):
        theme_of(42)


def test_an_atlas_by_district_has_an_index_and_a_page_each_with_bookmarks(tmp_path):
    path = gs.write_atlas(build(), tmp_path / "atlas.pdf", size="A4", language="en")
    book = PdfReader(path)

    assert len(book.pages) == 3
    assert [item.title for item in book.outline][1].endswith("东城")
    assert "this district" in book.pages[1].extract_text().replace("\n", " ")


def test_an_atlas_by_line_has_the_line_in_the_middle_of_its_page():
    whole, pages = atlas_pages(lines(), "line")
    west, south, east, north = pages[1].bounds

    assert len(pages) == 3
    assert whole.bounds != pages[1].bounds
    # the second square: 100 m to 200 m from the first corner, 15 % about it
    assert (west, east) == pytest.approx((500_085, 500_215))
    assert (south, north) == pytest.approx((3_399_985, 3_400_115))
    assert "L002" in pages[1].facts.title.en
    assert pages[1].facts.remarks[0].en == (
        "planned green line, park; area 10,000.00 m², length 400.00 m"
    )


def test_an_atlas_by_theme_has_every_map_that_can_be_drawn():
    _, pages = atlas_pages(build(), "theme")

    assert [page.key for page in pages] == ["green_space", "service", "vegetation"]


def test_an_atlas_by_district_without_districts_is_refused():
    check = build()
    layers = {name: layer for name, layer in check.layers.items() if name != "districts"}

    without = replace(check, layers=layers)
    with pytest.raises(InputError) as refused:
        atlas_pages(without, "district")
    assert refused.value.layer == "districts"


# --- the command ------------------------------------------------------------------------


def test_the_command_draws_one_sheet_of_a_city(town):
    done = run(
        town / "city.toml", "--sheet", "trees", "--scale", "5000", "--size", "A4", "--landscape",
        "--palette", "safe", "--lang", "en", "-o", town / "trees.pdf",
    )  # fmt: skip
    text = PdfReader(town / "trees.pdf").pages[0].extract_text()

    assert done.exit_code == 0, done.output
    assert size_mm(town / "trees.pdf") == (297, 210)
    assert "Old and famous trees" in text
    assert "1:5" in text
    assert "规划科" in text


def test_a_file_that_is_there_is_not_replaced_unless_asked(town):
    words = (town / "city.toml", "--sheet", "trees", "--size", "A4", "-o", town / "trees.png")
    (town / "trees.png").write_text("mine")

    assert run(*words).exit_code == 2
    assert (town / "trees.png").read_text() == "mine"
    assert run(*words, "--force").exit_code == 0
    assert (town / "trees.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--sheet", "relief", "-o", "a.pdf"), "green_space"),
        (("--sheet", "trees", "-o", "a.docx"), ".svg"),
        (("-o", "a.png"), "--sheet"),
        (("--sheet", "trees", "--atlas", "district", "-o", "a.svg"), ".pdf"),
        (("--sheet", "trees", "-o", "a.html"), "--sheet"),
        (("--scale", "2000", "-o", "a.html"), "--scale"),
        (("--sheet", "trees", "--atlas", "line", "-o", "a.pdf"), "green_line"),
        (("--sheet", "trees", "--size", "B4", "-o", "a.pdf"), "A3"),
        (("--sheet", "zoning", "-o", "a.pdf"), "park_zones"),
        (("--sheet", "change", "-o", "a.pdf"), "[[image]]"),
        (("--sheet", "trees", "--scale", "1", "-o", "a.pdf"), "1:"),
        (("--sheet", "trees", "--scale", "5000000", "-o", "a.pdf"), "1:"),
        (("--sheet", "trees", "--force", "-o", "city.toml"), ".pdf"),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_step(town, monkeypatch, words, says):
    monkeypatch.chdir(town)
    before = sorted(path.name for path in town.iterdir())
    done = run("city.toml", "--lang", "en", *words)

    assert done.exit_code == 2
    assert says in done.output
    assert sorted(path.name for path in town.iterdir()) == before


def test_a_file_that_was_read_is_never_replaced(town, monkeypatch):
    monkeypatch.setattr(map_files, "inputs_of", lambda _: [town / "trees.png"])
    done = run(
        town / "city.toml", "--sheet", "trees", "--force", "--lang", "en", "-o", town / "trees.png"
    )

    assert done.exit_code == 2
    assert not (town / "trees.png").exists()


def test_maps_that_an_atlas_lacks_are_told_with_their_reasons(town, monkeypatch):
    trees = city_maps.CityMaps(town / "city.toml").theme("trees")
    written = []

    def theme(_, sheet):
        if sheet == "trees":
            return trees
        raise InputError("没有", "Nothing.", remedy=Text("加", "Add it."))

    monkeypatch.setattr(city_maps.CityMaps, "theme", theme)
    monkeypatch.setattr(
        map_files, "write_atlas_file", lambda pages, path, **_: written.extend(pages) or path
    )
    done = run(town / "city.toml", "--lang", "en", "-o", town / "all.pdf")

    assert done.exit_code == 0, done.output
    assert written == [trees]
    assert "Not drawn, zoning: Nothing." in done.output


# --- districts --------------------------------------------------------------------------

DISTRICTS = """
[layers.districts]
path = "town.gpkg"
layer = "districts"
columns = { name = "name" }
[layers.green]
path = "town.gpkg"
layer = "green"
columns = { class = "class" }
edition = "2017"
"""


@pytest.fixture
def halves(town):
    """The town in two halves, with a green parcel in the western one."""
    shapes = [box(X, Y, X + 500, Y + 1000), box(X + 500, Y, X + 1000, Y + 1000)]
    frame = gpd.GeoDataFrame({"name": ["西城", "东城"]}, geometry=shapes, crs=4547)
    frame.to_file(town / "town.gpkg", layer="districts")
    green = gpd.GeoDataFrame(
        {"class": ["G1"]}, geometry=[box(X + 300, Y + 300, X + 400, Y + 400)], crs=4547
    )
    green.to_file(town / "town.gpkg", layer="green")
    manifest = town / "city.toml"
    manifest.write_text(CITY.replace("[report]", DISTRICTS + "[report]"), encoding="utf-8")
    return manifest


@pytest.mark.parametrize("sheet", ["green_line", "trees"])
def test_a_city_has_a_page_a_district_with_its_own_figures_and_no_check(halves, monkeypatch, sheet):
    def check(*_, **__):
        raise AssertionError

    monkeypatch.setattr(city_maps, "check", check)
    whole, pages = atlas_pages(city_maps.CityMaps(halves), "district", sheet)
    west, east = (list(page.draw(Figure().add_subplot(), "en", "safe")) for page in pages)

    assert whole.key == sheet
    assert "no district" in whole.facts.remarks[0].en
    assert [page.facts.title.zh[-4:] for page in pages] == ["（西城）", "（东城）"]
    assert {row.count for row in west} >= {1}
    assert {row.count for row in east} <= {0, None}


def test_pages_by_district_are_refused_before_anything_is_measured(town, monkeypatch):
    def theme(*_):
        raise AssertionError

    monkeypatch.setattr(city_maps.CityMaps, "theme", theme)
    with pytest.raises(InputError) as refused:
        atlas_pages(city_maps.CityMaps(town / "city.toml"), "district", "trees")
    assert refused.value.layer == "districts"


@pytest.mark.parametrize(
    "asked",
    [{"palette": "safee"}, {"language": "fr"}, {"landscape": "no"}, {"size": "A9"}],
)
def test_looks_that_are_none_are_refused_before_anything_is_measured(tmp_path, asked):
    with pytest.raises(InputError):
        gs.write_map("nowhere.toml", tmp_path / "a.pdf", sheet="trees", **asked)
    with pytest.raises(InputError):
        gs.write_atlas("nowhere.toml", tmp_path / "a.pdf", **asked)


def test_an_atlas_by_line_is_of_green_lines_alone(tmp_path):
    with pytest.raises(InputError) as refused:
        gs.write_atlas(lines(), tmp_path / "a.pdf", by="line", sheet="service")
    assert refused.value.expected == ("green_line",)


def test_numbers_on_the_plan_are_words_in_the_pdf(tmp_path):
    path = gs.write_map(lines(), tmp_path / "plan.pdf", sheet="green_line")
    written = PdfReader(path).pages[0].extract_text()

    assert set(lines().lines["number"]) <= set(written.split())
