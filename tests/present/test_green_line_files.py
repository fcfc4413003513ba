"""The files of a plan, from a plan made by hand: what each holds, and that hostile words stay words."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import geopandas as gpd
import matplotlib.pyplot as plt
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook

import greenspace as gs
from greenspace.model.green_line import STATUSES
from greenspace.model.source import Source
from greenspace.present.green_line_atlas import plan_pages
from greenspace.present.green_line_book import write_book
from greenspace.present.green_line_layers import write_plan_layers
from greenspace.present.green_line_record import plan_json
from greenspace.present.green_line_view import plan_view
from greenspace.present.terminal import as_text
from greenspace.read.old_trees import read_tree_schemes
from tests.green_plan import EAST, HOSTILE, NORTH, box, plan


def beside(made):
    """The plan with an old tree and a park of one zone; nothing is drawn of the guard."""
    at = gpd.GeoSeries([shapely.Point(EAST + 50, NORTH + 50)], crs=made.crs)
    tree = gpd.GeoDataFrame({"dbh": [80], "crown": [10.0], "age": [320]}, geometry=at)
    park = gpd.GeoSeries([shapely.box(EAST, NORTH, EAST + 400, NORTH + 300)], crs=made.crs)
    zones = gpd.GeoDataFrame({"zone": ["核心保护区"]}, geometry=park)
    files = (
        ("old_trees", "trees.gpkg", "old"), ("park_zones", "a.gpkg", "zones"),
        ("park_boundary", "a.gpkg", "edge"), ("stations", "s.csv", None),
    )  # fmt: skip
    inputs = [Source(role=role, name=name, layer=layer) for role, name, layer in files]
    return replace(
        made,
        city=replace(made.city, inputs=(*made.city.inputs, *inputs), layers={"green": park}),
        trees=gs.tree_zones(tree),
        tree_scheme=read_tree_schemes()[1],
        zoning=gs.park_zoning(zones, park),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("plan")


@pytest.fixture(scope="module")
def made(home):
    return plan(home)


@pytest.fixture(scope="module")
def layers(made, home):
    write_plan_layers(made, home / "lines.gpkg")
    return home / "lines.gpkg"


@pytest.fixture(scope="module")
def book(made, home):
    write_book(made, home / "green_lines.xlsx")
    return load_workbook(home / "green_lines.xlsx")


def test_the_layer_of_lines_has_one_polygon_a_line_with_its_numbers(layers, made):
    found = gpd.read_file(layers, layer="lines")
    assert found["number"].tolist() == ["L001", "L002", "L003"]
    assert found.geometry.explode().area.tolist() == made.lines.lines["area_m2"].tolist()
    assert found.crs.to_epsg() == 4547


def test_every_layer_that_holds_anything_is_there_with_a_style(layers):
    shapes = {name for name, kind in pyogrio.list_layers(layers) if kind is not None}
    assert shapes == {"lines", "points", "changes", "failed_checks", "encroachments"}
    with closing(sqlite3.connect(layers)) as base:
        rows = base.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
    styles = dict(rows)
    assert set(styles) == shapes
    for said in ("solid", "dash", "dash dot"):
        assert f'name="outline_style" value="{said}"' in styles["lines"]


def test_points_have_surveyors_axes_in_their_columns_and_a_place_in_their_shape(layers):
    found = gpd.read_file(layers, layer="points")
    corner = found[(found["x_north"] == NORTH) & (found["y_east"] == EAST)].iloc[0]
    assert (corner.geometry.x, corner.geometry.y) == (EAST, NORTH)


def test_a_zone_before_the_easting_moves_no_point(home, tmp_path):
    write_plan_layers(plan(home, prefix=38), tmp_path / "lines.gpkg")
    found = gpd.read_file(tmp_path / "lines.gpkg", layer="points")
    assert found["y_east"].min() == 38_000_000 + EAST
    assert found.geometry.x.min() == EAST


def test_the_workbook_has_sums_tests_ledgers_findings_and_inputs(book):
    assert book.sheetnames == [
        "汇总 Sums",
        "检验 Tests",
        "表 green_lines table green_lines",
        "表 green_line_changes table gree",  # 31 characters are the most
        "表 balance table balance",
        "发现 Findings",
        "输入 Inputs",
    ]
    sums = [[cell.value for cell in row] for row in book["汇总 Sums"].iter_rows(min_row=4)]
    # 400 x 300 less 100 x 100; 60 x 300; 460 x 80
    assert [row[1:3] for row in sums] == [[1, 110_000.0], [1, 18_000.0], [1, 36_800.0]]
    tests = list(book["检验 Tests"].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in tests] == ["未通过 failed", "未检验 not tested"]


def test_the_record_is_the_same_bytes_and_names_no_folder(made, home):
    text = plan_json(made)
    assert text == plan_json(plan(home))
    assert str(home) not in text
    record = json.loads(text)
    assert [line["number"] for line in record["lines"]] == ["L001", "L002", "L003"]
    assert record["lines"][0]["rings"] == 2
    assert record["lines"][0]["points"] == 8
    assert record["sums"]["planned"] == {"count": 1, "area_m2": 18_000.0, "length_m": 720.0}
    assert record["checks"][0]["passed"] is False
    assert record["checks"][1]["passed"] is None
    assert record["inputs"][0]["path"] == "绿地.gpkg"
    assert record["limits"]["displacement_m"] == 0.31
    assert [table["id"] for table in record["tables"]] == [
        "green_lines", "green_line_changes", "balance",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_console_shows_it_in_80_columns_of_gbk(made, language):
    text = as_text(plan_view(made, language, 80), width=80, encoding="gbk")
    text.encode("gbk")
    assert max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.split("\n")) <= 80
    assert {"zh": "未通过", "en": "failed"}[language] in text
    assert "11.00" in text  # hectares of the existing line
    assert "EPSG:4547" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_atlas_has_a_sheet_of_old_trees_and_one_of_park_zones(home):
    pages = plan_pages(beside(plan(home)))
    assert [page.facts.title.en for page in pages[3:]] == [
        "Old and famous trees",
        "Functional zoning",
    ]
    assert [page.facts.sources for page in pages] == [
        *[("绿地.gpkg: green", "trees.gpkg: old")] * 3,
        ("trees.gpkg: old",),
        ("a.gpkg: zones, edge",),
    ]


@pytest.mark.parametrize("by", ["line", "district"])
def test_the_legend_of_a_page_counts_its_own_lines_and_pages_add_up(home, by):
    """Districts meet at 90 m, inside a line: it counts in one of them; what lies in none, outside."""
    made = plan(home)
    sides = [box(-9, -9, 90, 999), box(90, -9, 150, 999)]
    districts = gpd.GeoDataFrame({"name": ["东", "西"]}, geometry=sides, crs=made.crs)
    made = replace(made, city=replace(made.city, layers={"districts": districts}))
    frame = made.lines.lines
    titles = {status.title.en for status in STATUSES.values()}
    counts, areas = [], []
    for page in plan_pages(replace(made, guard=None, trees=None, zoning=None), by):
        rows = page.draw(plt.figure().add_subplot(), "en", "standard")
        own = [row for row in rows if row.label in titles]
        counts.append(sum(row.count for row in own))
        areas.append(sum(row.area_m2 for row in own))
        grey = [row for row in rows if "not counted" in row.label]
        assert all(row.count is None for row in grey)
    plt.close("all")

    assert sum(counts) == len(frame)
    assert sum(areas) == pytest.approx(frame.area.sum())
    if by == "line":
        assert areas == pytest.approx(frame.area.tolist())


def test_hostile_names_are_words_in_layers_and_books(layers, book):
    name = gpd.read_file(layers, layer="lines")["name"].iloc[1]
    assert name == HOSTILE.replace("\x1b", " ").replace("\u202e", " ")
    assert book["汇总 Sums"]["A1"].data_type == "s"
