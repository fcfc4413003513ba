"""What ``greenspace service -o`` leaves: tables, layers and maps, whole or not at all."""

from __future__ import annotations

import csv
import json

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from openpyxl import load_workbook
from shapely import Point

from greenspace import service_map
from tests.street import CRS, NAMES, SOUTH, WEST, ground, layer, service, write_street
from tests.test_cli import run

FILES = {
    "blocks.csv",
    "parks.csv",
    "run.json",
    "served.pdf",
    "served.png",
    "service.csv",
    "service.gpkg",
    "service.txt",
    "service.xlsx",
}


def words_of(street):
    return ("--zones", layer(street, "zones"), "--zone-name", "NAME", "--population", "POP")


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    return write_street(tmp_path_factory.mktemp("street"))


@pytest.fixture(scope="module")
def folder(street):
    result = service(street, *words_of(street), "-o", street / "out", "--date", "2026-06-12")
    assert result.exit_code == 0, result.stderr
    return street / "out"


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_holds_what_the_page_lists(folder):
    assert {path.name for path in folder.iterdir()} == FILES


def test_every_number_stands_in_the_table(folder):
    rows = {(row["indicator"], row["zone"]): row for row in table(folder / "service.csv")}

    land = rows["service_coverage", ""]
    assert float(land["served"]) == pytest.approx(60_000, rel=1e-5)
    assert float(land["of"]) == pytest.approx(90_000, rel=1e-12)
    assert float(rows["service_coverage", "西"]["value"]) == pytest.approx(5 / 7, rel=1e-5)
    assert float(rows["residents_served", ""]["value"]) == pytest.approx(0.6, rel=1e-5)
    assert rows["residents_served", ""]["unit"] == "person"


def test_each_block_has_its_areas_its_nearest_park_and_its_residents(folder):
    rows = {row["name"]: row for row in table(folder / "blocks.csv")}

    assert float(rows["B"]["served_m2"]) == pytest.approx(20_000, rel=1e-5)
    assert float(rows["B"]["unserved_m2"]) == pytest.approx(20_000, rel=1e-5)
    assert (float(rows["D"]["park_m"]), rows["D"]["park"]) == (700.0, "新公园")
    assert float(rows["B"]["persons_served"]) == pytest.approx(200, rel=1e-5)


def test_each_park_has_its_radius_and_what_it_serves_alone(folder):
    rows = {row["name"]: row for row in table(folder / "parks.csv")}

    assert [float(row["radius_m"]) for row in rows.values()] == [500, 500, 500, 0]
    assert float(rows["新公园"]["alone_m2"]) == pytest.approx(10_000, rel=1e-5)
    assert float(rows["园中园"]["alone_m2"]) == 0


def test_the_layers_open_in_a_gis_and_their_areas_are_those_of_the_table(folder):
    layers = {str(name) for name, _ in pyogrio.list_layers(folder / "service.gpkg")}
    parts = [
        gpd.read_file(folder / "service.gpkg", layer=name).area.sum()
        for name in ("served", "unserved", "blocks")
    ]

    assert layers == {
        "parks",
        "blocks",
        "service_area",
        "served",
        "unserved",
        "zones",
        "findings",
    }
    assert np.allclose(parts, [60_000, 30_000, 90_000], rtol=1e-5)


def test_the_workbook_holds_numbers_as_numbers(folder):
    book = load_workbook(folder / "service.xlsx")
    rows = list(book["覆盖"].iter_rows(values_only=True))

    assert rows[0][:4] == ("indicator", "zone", "zone_row", "value")
    assert rows[1][3] == pytest.approx(2 / 3, rel=1e-5)
    assert book.sheetnames == ["覆盖", "地块", "公园的贡献", "发现"]


def test_run_json_keeps_what_was_asked(folder):
    run_file = json.loads((folder / "run.json").read_text(encoding="utf-8"))

    assert run_file["tiers"] == [[5000.0, 500.0], [2000.0, 300.0]]
    assert (run_file["date"], run_file["population"]) == ("2026-06-12", "POP")
    assert {item["path"] for item in run_file["files"]} == FILES - {"run.json"}


def test_the_same_inputs_give_the_same_tables(street, folder):
    service(street, *words_of(street), "-o", street / "again", "--date", "2026-06-12")

    for name in ("service.csv", "blocks.csv", "parks.csv", "service.txt"):
        assert (street / "again" / name).read_bytes() == (folder / name).read_bytes()


# --- whole or not at all ----------------------------------------------------------------


def test_what_is_there_stays_without_force_and_goes_with_it(street, folder):
    before = (folder / "service.csv").read_bytes()
    refused = service(street, "-o", folder)
    replaced = service(street, *words_of(street), "-o", folder, "--force")

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--force" in refused.stderr
    assert replaced.exit_code == 0
    assert (folder / "service.csv").read_bytes() == before


def test_a_folder_that_holds_an_input_is_never_written_to(street):
    before = (street / "street.gpkg").read_bytes()
    refused = service(street, "-o", street, "--force")

    assert refused.exit_code == 2
    assert "street.gpkg" in refused.stderr
    assert (street / "street.gpkg").read_bytes() == before


def test_a_run_that_breaks_leaves_nothing(street, monkeypatch):
    def broken(*_):
        raise OSError("no space left")

    monkeypatch.setattr(service_map, "write_run", broken)
    result = service(street, "-o", street / "broken")

    assert result.exit_code == 2
    assert [path.name for path in street.iterdir() if "broken" in path.name] == []


# --- hostile names ----------------------------------------------------------------------


def test_names_are_words_and_nothing_else(tmp_path):
    evil = "=cmd|' /C calc'!A0\x1b[31m\u202e<script>"
    shapes = [ground(0, 0, 100, 100), ground(100, 0, 900, 100)]
    bad = [gpd.GeoDataFrame({"NAME": [evil]}, geometry=[shape], crs=CRS) for shape in shapes]
    write_street(tmp_path, parks=bad[0], homes=bad[1])
    result = service(tmp_path, "-o", tmp_path / "out")
    sheet = load_workbook(tmp_path / "out" / "service.xlsx")["地块"]

    assert result.exit_code == 0
    assert not {"\x1b", "\u202e"} & set(result.stdout)
    assert table(tmp_path / "out" / "blocks.csv")[0]["name"].startswith("'=cmd")
    assert {sheet.cell(2, column).data_type for column in range(1, 9)} <= {"s", "n"}
    for name in ("service.txt", "blocks.csv", "parks.csv"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8-sig")
        assert not {"\x1b", "\u202e"} & set(text)


def test_homes_far_from_everything_are_all_unserved(tmp_path):
    far = gpd.GeoDataFrame({"NAME": ["远"]}, geometry=[ground(9000, 0, 9100, 100)], crs=CRS)
    write_street(tmp_path, homes=far)
    result = service(tmp_path, "-o", tmp_path / "out")

    assert result.exit_code == 0, result.stderr
    assert "0.00%" in result.stdout


def test_a_block_that_stands_there_twice_counts_once(tmp_path):
    shapes = [ground(100, 0, 400, 100), ground(100, 0, 400, 100), ground(3200, 0, 3300, 100)]
    facts = {"NAME": ["A", "A", "D"], "POP": [300, 300, 200]}
    write_street(tmp_path, homes=gpd.GeoDataFrame(facts, geometry=shapes, crs=CRS))
    words = ("--paths", layer(tmp_path, "paths"), "--population", "POP", "-o", tmp_path / "out")
    result = service(tmp_path, *words)
    rows = table(tmp_path / "out" / "blocks.csv")

    assert result.exit_code == 0, result.stderr
    assert "75.00%" in result.stdout  # 3 of 4 ha
    assert sorted(float(row["area_m2"]) for row in rows) == [0.0, 10_000.0, 30_000.0]


def test_parks_below_every_tier_serve_nobody(tmp_path):
    small = gpd.GeoDataFrame({"NAME": ["小"]}, geometry=[ground(0, 0, 9, 9)], crs=CRS)
    write_street(tmp_path, parks=small)
    result = service(tmp_path, "-o", tmp_path / "out")

    assert result.exit_code == 0, result.stderr
    assert "0.00%" in result.stdout
    row = table(tmp_path / "out" / "blocks.csv")[0]
    assert (row["park_m"], row["park"], row["park_row"]) == ("", "", "")


def test_a_single_point_among_parks_is_refused_before_anything_is_written(tmp_path):
    dot = gpd.GeoDataFrame({"NAME": ["点"]}, geometry=[Point(WEST, SOUTH)], crs=CRS)
    write_street(tmp_path, parks=dot)
    result = run(
        "service", layer(tmp_path, "parks"), layer(tmp_path, "homes"), *NAMES, "-o", tmp_path / "o"
    )

    assert result.exit_code == 2
    assert not (tmp_path / "o").exists()
