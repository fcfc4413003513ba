"""``greenspace green-line`` on the sample city: every file of the folder tells the same lines."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import ezdxf
import geopandas as gpd
import pytest
import shapely
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

import greenspace as gs
from greenspace.cli import app

pytestmark = pytest.mark.slow
CITY = Path(__file__).resolve().parents[1] / "data" / "sample" / "city.toml"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    out = tmp_path_factory.mktemp("sample") / "out"
    before = {path: path.read_bytes() for path in CITY.parent.iterdir()}
    done = CliRunner().invoke(app, ["green-line", str(CITY), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert before == {path: path.read_bytes() for path in CITY.parent.iterdir()}
    return out


@pytest.fixture(scope="module")
def lines(out):
    return gpd.read_file(out / "lines.gpkg", layer="lines").explode(ignore_index=True)


def test_the_drawing_has_every_ring_once_with_the_same_areas(out, lines):
    drawing = ezdxf.readfile(out / "lines.dxf")
    auditor = drawing.audit()
    assert not auditor.errors
    rings = list(drawing.modelspace().query("LWPOLYLINE"))
    assert len(rings) == len(lines) + shapely.get_num_interior_rings(lines.geometry).sum()
    assert all(ring.closed for ring in rings)
    found = gs.read_layer(out / "lines.dxf", crs=lines.crs)
    fills = found[found["Layer"].str.startswith("填充-")]
    assert shapely.area(fills.geometry.to_numpy()) == pytest.approx(
        lines.sort_values("number").geometry.area.to_numpy(), rel=1e-6
    )


def test_lines_rebuilt_from_each_table_are_the_lines_corner_by_corner(out, lines):
    own = lines.set_index("number").geometry
    for suffix in (".csv", ".xlsx"):
        rebuilt = gs.read_control_points(out / f"control_points{suffix}").lines
        there = own.loc[rebuilt["number"]].to_numpy()
        assert shapely.equals_exact(
            shapely.normalize(rebuilt.geometry.to_numpy()), shapely.normalize(there), 0
        ).all()


def test_planted_encroachments_are_the_findings_of_the_record(out):
    record = json.loads((out / "green_line.json").read_text(encoding="utf-8"))
    found = gpd.read_file(out / "lines.gpkg", layer="encroachments")
    assert {"construction", "road", "image"} <= set(found["kind"])
    truth = tomllib.loads((CITY.parent / "truth.toml").read_text(encoding="utf-8"))["guarded"]
    built = found[found["kind"] == "construction"]
    assert built["name"].tolist() == ["滨河会所"]  # the other project is older than the lines
    assert built["area_m2"].sum() == pytest.approx(truth["later_construction_m2"], rel=1e-6)
    widened = found.loc[found["kind"] == "road", "area_m2"].sum()
    assert widened == pytest.approx(truth["road_widening_m2"], rel=1e-6)
    failed = {check["id"] for check in record["checks"] if check["passed"] is False}
    assert failed  # they are planted
    layers = {item["code"] for item in record["findings"]}
    assert "layer_missing" not in layers  # the sample city has all of them


def test_the_atlas_has_a_page_a_district_and_one_a_finding(out):
    found = gpd.read_file(out / "lines.gpkg", layer="encroachments")
    districts = gpd.read_file(CITY.parent / "layers.gpkg", layer="districts")
    book = PdfReader(out / "atlas.pdf")
    beside = ["古树名木分布图", "功能分区图"]
    assert len(book.pages) >= 1 + len(districts) + len(beside) + len(found)
    titles = [item.title for item in book.outline]
    assert len(titles) == len(book.pages)
    first = len(titles) - len(found)
    assert titles[first - 2 : first] == beside
    pages = [book.pages[place] for place in (0, first - 1, first)]
    whole, zones, image = ("".join(page.extract_text().split()) for page in pages)
    assert "layers.gpkg:green,old_trees,planned_green,ecological_control" in whole
    assert "layers.gpkg:park_boundary,park_zones" in zones
    assert "layers.gpkg:green_lines" in image  # the largest finding
    assert all(name in image for name in ("image_2023.tif", "image_2026.tif"))
    assert not any("rows," in text or "stations" in text for text in (whole, zones, image))


def test_the_workbook_has_a_sheet_for_every_table(out):
    record = json.loads((out / "green_line.json").read_text(encoding="utf-8"))
    book = load_workbook(out / "green_lines.xlsx", read_only=True)
    assert len(book.sheetnames) == 4 + len(record["tables"])
