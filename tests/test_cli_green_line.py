"""``greenspace green-line``: a small city by hand, its folder, and what is refused."""

from __future__ import annotations

import json
import re

import ezdxf
import geopandas as gpd
import pytest
import shapely
from pypdf import PdfReader
from typer.testing import CliRunner

import greenspace as gs
from greenspace.cli import app

EAST, NORTH = 512_000.0, 3_438_000.0
FILES = {
    "atlas.pdf",
    "control_points.csv",
    "control_points.docx",
    "control_points.xlsx",
    "green_line.json",
    "green_lines.xlsx",
    "lines.dxf",
    "lines.gpkg",
    "run.json",
}
MANIFEST = """\
[city]
name = "试城"
[layers.green]
path = "city.gpkg"
layer = "green"
columns = { class = "CLASS", name = "NAME" }
edition = "2017"
"""
PLANNED = """\
[layers.planned_green]
path = "city.gpkg"
layer = "planned"
columns = { class = "CLASS", name = "NAME" }
edition = "2017"
[layers.green_lines]
path = "city.gpkg"
layer = "approved"
columns = { number = "NUMBER", status = "STATUS" }
[layers.construction]
path = "city.gpkg"
layer = "works"
columns = { name = "NAME" }
"""


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def write_city(home, manifest):
    layers = {
        "green": ({"CLASS": ["G11", "G2"], "NAME": ["东园", "林带"]}, [box(0, 0, 200, 100), box(200, 0, 230, 300)]),
        "planned": ({"CLASS": ["G14"], "NAME": ["新园"]}, [box(0, 150, 100, 250)]),
        "approved": ({"NUMBER": ["7"], "STATUS": ["现状"]}, [box(0, 0, 200, 100)]),
        "works": ({"NAME": ["\x1b[31m楼"]}, [box(190, 90, 260, 140)]),
    }  # fmt: skip
    for name, (columns, shapes) in layers.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)
        frame.to_file(home / "city.gpkg", layer=name, driver="GPKG")
    (home / "city.toml").write_text(manifest, encoding="utf-8")
    return home / "city.toml"


def run(*words, columns="80"):
    return CliRunner().invoke(app, list(map(str, words)), env={"COLUMNS": columns})


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("city")
    write_city(home, MANIFEST + PLANNED)
    return home


@pytest.fixture(scope="module")
def out(result, home):
    assert result.exit_code == 0, result.output
    return home / "out"


@pytest.fixture(scope="module")
def result(home):
    return run("green-line", home / "city.toml", "-o", home / "out", "--lang", "en")


def test_the_table_and_the_folder_are_there(result, out):
    assert {path.name for path in out.iterdir()} == FILES
    assert re.search(r"existing green line\s+2\s+2\.90 ha", result.output)
    assert re.search(r"planned green line\s+1\s+1\.00 ha", result.output)
    assert re.search(r"1\s+7\s+construction\s+\[31m楼\s+100\.0 m²", result.output)  # 10 m x 10 m
    assert "\x1b" not in result.output


def test_what_was_found_has_the_width_of_the_console(result):
    rows = result.output.splitlines()
    assert max(map(len, rows)) <= 80
    assert any("It holds of all" in row for row in rows)  # a sentence is not cut into syllables


def test_paper_that_does_not_exist_is_refused_before_anything_is_drawn(home, tmp_path):
    refused = run("green-line", home / "city.toml", "-o", tmp_path / "out", "--size", "B5")
    assert refused.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_the_gpkg_the_drawing_and_the_table_hold_the_same_lines(out):
    lines = gpd.read_file(out / "lines.gpkg", layer="lines")
    assert set(lines.geom_type) == {"Polygon"}  # one a line
    assert lines.geometry.area.tolist() == [10_000.0, 9_000.0, 20_000.0]
    drawing = ezdxf.readfile(out / "lines.dxf")
    assert not drawing.audit().errors
    rings = [shapely.Polygon(r.get_points("xy")) for r in drawing.modelspace().query("LWPOLYLINE")]
    assert [ring.area for ring in rings] == [10_000.0, 9_000.0, 20_000.0]
    table = gs.read_control_points(out / "control_points.csv")
    rebuilt = table.lines.set_index("number").geometry
    for number, shape in zip(lines["number"], lines.geometry, strict=True):
        assert shapely.equals(rebuilt[number], shape)
        assert shapely.get_num_coordinates(rebuilt[number]) == shapely.get_num_coordinates(shape)


def test_the_atlas_has_an_index_a_page_a_line_and_one_a_finding(out):
    assert len(PdfReader(out / "atlas.pdf").pages) == 1 + 3 + 1


def test_the_record_says_what_was_left_out(out, home):
    record = json.loads((out / "green_line.json").read_text(encoding="utf-8"))
    missing = {item["layer"] for item in record["findings"] if item["code"] == "layer_missing"}
    assert missing == {"ecological_control", "old_trees"}
    assert [source["path"] for source in record["inputs"]] == ["city.gpkg", "city.toml"]
    assert str(home) not in json.dumps(record)


def test_a_folder_is_replaced_by_force_alone_and_inputs_never(out, home):
    before = (home / "city.gpkg").read_bytes()
    assert run("green-line", home / "city.toml", "-o", out).exit_code == 2
    assert run("green-line", home / "city.toml", "-o", home, "--force").exit_code == 2
    assert (home / "city.gpkg").read_bytes() == before


def test_a_failed_test_is_a_result_and_strict_makes_it_an_exit_code(home):
    done = run("green-line", home / "city.toml", "--strict")
    assert done.exit_code == 1
    assert "未通过" in done.output
    assert (
        max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in done.output.split("\n"))
        <= 80
    )


def test_a_city_without_green_is_refused_with_the_next_step(tmp_path):
    path = write_city(tmp_path, MANIFEST.partition("[layers.green]")[0])
    done = run("green-line", path, "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "[layers.green]" in done.output
    assert not (tmp_path / "out").exists()


def test_pages_by_district_need_districts(home, tmp_path):
    done = run("green-line", home / "city.toml", "-o", tmp_path / "out", "--by", "district")
    assert done.exit_code == 2
    assert "--by line" in done.output
    assert not (tmp_path / "out").exists()
