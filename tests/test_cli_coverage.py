"""``greenspace coverage``: one image and a layer of zones; a table, a folder, or one sentence."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
from shapely import Point

import greenspace as gs
from tests.halves import (
    BANDS,
    NORTH,
    PATTERN,
    PLACE,
    SIDE,
    WEST,
    coverage,
    ground,
    make_scene,
    rows_of,
)
from tests.scene import write_raster
from tests.test_cli import run, screen


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return make_scene(tmp_path_factory.mktemp("scene"))


# --- the table --------------------------------------------------------------------------


def test_it_shows_each_zone_the_total_and_what_is_unseen(scene):
    result = coverage(scene)
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line.split()}

    assert (result.exit_code, result.stderr) == (0, "")
    # West: 12 of 16 pixels are green. East: 0 of 12 seen ones, 4 of 16 unseen: from 0 to 25 %.
    assert "0.00%–25.00%" in lines["东"]
    assert "75.00%" in result.stdout
    # Together 12 of 28 seen ones are green, of 32: from 12/32 to 16/32.
    assert "42.86%" in lines["合计"]
    assert "12.50%" in lines["合计"]
    assert "37.50%–50.00%" in lines["合计"]
    assert "> 0.2" in result.stdout
    assert "EPSG:4547" in result.stdout
    assert "没有参考点" in result.stdout  # why there is no interval


def test_edges_are_exact_and_not_by_pixel_centres(scene):
    # 3.5 columns: 1.5 x 4 + 2 x 2 = 10 of 14 pixels are green
    assert "71.43%" in coverage(scene, "cut").stdout


def test_the_other_language_is_english(scene):
    result = coverage(scene, "halves", "--lang", "en")

    assert "All zones" in result.stdout
    assert "There are no reference points" in re.sub(r"\s+", " ", result.stdout)


def test_zones_that_overlap_have_no_total_and_it_says_why(scene):
    result = coverage(scene, "overlaps", "--lang", "en")

    assert result.exit_code == 0
    assert "No total: Zones overlap by 800.00" in result.stdout  # two columns of four pixels
    assert "All zones" not in result.stdout


def test_a_band_a_file_is_the_same_image(scene):
    words = ("--threshold", "0.2", "--nodata", "0", "--layer", "halves")
    pair = f"red={scene / 'red.tif'},nir={scene / 'nir.tif'}"

    assert "42.86%" in run("coverage", pair, scene / "zones.gpkg", *words).stdout


def test_corrections_hold_with_their_exact_edges_and_are_counted(scene, tmp_path):
    # One and a half bare pixels become green, half a green one becomes bare: 12 + 1.5 - 0.5 = 13
    shapes = [ground(4, 0, 5.5, 1), ground(0, 0, 0.5, 1)]
    drawn = gpd.GeoDataFrame({"action": ["add", "remove"]}, geometry=shapes, crs=4547)
    drawn.to_file(tmp_path / "corrections.gpkg")
    result = coverage(scene, "halves", "--corrections", tmp_path / "corrections.gpkg")
    crowned = coverage(scene, "halves", "--canopy", tmp_path / "corrections.gpkg")

    assert f"{13 / 28:.2%}" in result.stdout
    assert "修正" in result.stdout.partition("发现")[2]
    assert f"{13.5 / 28:.2%}" in crowned.stdout  # every polygon is a crown


def visited(path, spots, said):
    """Points in the middle of pixels, with what somebody saw there."""
    places = [Point(WEST + SIDE * (x + 0.5), NORTH - SIDE * (y + 0.5)) for x, y in spots]
    gpd.GeoDataFrame({"reference": said}, geometry=places, crs=4547).to_file(path)
    return path


def test_field_points_set_the_threshold(scene, tmp_path):
    # Twelve points on green (NDVI 0.5), twelve on bare ground (NDVI 0): halfway is 0.25
    spots = [(x, y) for y, row in enumerate(PATTERN) for x, c in enumerate(row) if c != "."]
    said = ["green" if PATTERN[y][x] == "G" else "not_green" for x, y in spots]
    points = visited(tmp_path / "points.gpkg", spots, said)
    words = ("--samples", points, "--bands", "red=1,nir=2", "--nodata", "0", "--layer", "halves")
    result = run("coverage", scene / "image.tif", scene / "zones.gpkg", *words)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "> 0.25" in result.stdout
    assert "42.86%" in result.stdout


def test_visited_points_give_an_estimate_and_an_interval(scene, tmp_path):
    # Of 12 green points 9 are green, of 12 others 3: 12/28 x 9/12 + 16/28 x 3/12 = 13/28 green
    green = [(x, y) for y, row in enumerate(PATTERN) for x, c in enumerate(row) if c == "G"]
    bare = [(x, y) for y, row in enumerate(PATTERN) for x, c in enumerate(row) if c == "B"][:12]
    said = [1] * 9 + [0] * 3 + [1] * 3 + [0] * 9
    points = visited(tmp_path / "points.gpkg", green + bare, said)
    result = coverage(
        scene, "halves", "--reference", points, "--lang", "en", "-o", tmp_path / "out"
    )
    total = result.stdout[result.stdout.index("All zones") :]

    assert "42.86%" in total  # as mapped, which is what is judged
    assert f"{13 / 28:.2%}" in total
    assert "There are no reference points" not in result.stdout
    assert {row["interval_method"] for row in rows_of(tmp_path / "out")} == {"synthetic"}


def test_points_that_set_the_threshold_should_not_judge_it(scene, tmp_path):
    # A copy in another CRS and layer is no other points; points a pixel further are.
    spots = [(x, y) for y, row in enumerate(PATTERN) for x, c in enumerate(row) if c != "."]
    said = [int(PATTERN[y][x] == "G") for x, y in spots]
    points = visited(tmp_path / "points.gpkg", spots, said)
    frame = gpd.read_file(points)
    copy, others = tmp_path / "copy.gpkg", tmp_path / "others.gpkg"
    frame.to_crs(4326).to_file(copy, layer="a")
    frame.to_file(copy, layer="b")
    frame.set_geometry(frame.translate(3)).to_file(others)
    words = ("--bands", "red=1,nir=2", "--nodata", "0", "--layer", "halves", "--samples", points)
    for judges, twice in ((points, True), (f"{copy}|layername=a", True), (others, False)):
        result = run(
            "coverage", scene / "image.tif", scene / "zones.gpkg", *words, "--reference", judges
        )
        assert result.exit_code == 0
        assert ("阈值与精度用的是同一批点" in result.stdout) == twice


def test_points_to_visit_are_drawn_and_come_back_filled(scene, tmp_path):
    words = ("-o", tmp_path / "out", "--draw-sample", "5", "--seed", "3")
    assert coverage(scene, "halves", *words).exit_code == 0
    drawn = tmp_path / "out" / "field_check" / "reference.gpkg"
    points = gpd.read_file(drawn)
    assert points["stratum"].value_counts().to_dict() == {"green": 5, "not_green": 5}
    assert (drawn.parent / "field_sheet.xlsx").is_file()

    points.assign(reference=points["stratum"]).to_file(
        drawn, layer=pyogrio.list_layers(drawn)[0, 0]
    )
    result = coverage(scene, "halves", "--reference", drawn, "--lang", "en")
    refused = coverage(scene, "halves", *words, "--force")

    total = result.stdout[result.stdout.index("All zones") :]
    assert (
        total.count("42.86%") >= 2
    )  # as mapped and adjusted: who saw what the map says adjusts nothing
    assert refused.exit_code == 2
    assert "reference.gpkg" in refused.stderr


def test_a_class_raster_is_read_by_its_table(scene, tmp_path):
    codes = np.array([[{"G": 10, "B": 50, ".": 0}[c] for c in row] for row in PATTERN], "uint8")
    write_raster(tmp_path / "cover.tif", codes, transform=PLACE, nodata=0)
    words = ("--classes", "esa-worldcover", "--layer", "halves")
    result = run("coverage", tmp_path / "cover.tif", scene / "zones.gpkg", *words)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "42.86%" in result.stdout
    assert "37.50%–50.00%" in result.stdout


def test_names_in_the_data_cannot_colour_or_steer_the_console(scene):
    result = coverage(scene)

    assert "\x1b" not in result.stdout
    assert "[red]" in result.stdout


@pytest.mark.parametrize(("encoding", "lang"), [("gbk", "zh"), ("ascii", "en")])
def test_no_console_makes_it_fail(scene, encoding, lang, monkeypatch):
    words = (scene / "image.tif", scene / "zones.gpkg", *BANDS, "--layer", "halves")
    words = ("coverage", *words, "--zone-name", "区名", "--lang", lang)
    code, out, err = screen(monkeypatch, *words, encoding=encoding)

    assert (code, err) == (0, b"")
    assert "42.86%" in out.decode(encoding)


# --- the folder -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def results(scene, tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "out"
    words = ("-o", out, "--write-mask", "--date", "2026-06-12", "--smallest-m2", "500")
    assert coverage(scene, "halves", *words).exit_code == 0
    return out


def test_the_folder_holds_table_layers_map_and_mask(results):
    assert sorted(path.name for path in results.iterdir()) == [
        "corrections.gpkg",
        "coverage.csv",
        "coverage.gpkg",
        "coverage.txt",
        "map.pdf",
        "map.png",
        "run.json",
        "vegetation.gpkg",
        "vegetation.tif",
    ]
    run_file = json.loads((results / "run.json").read_text(encoding="utf-8"))
    assert (run_file["threshold"], run_file["bands"]) == (0.2, {"red": 1, "nir": 2})
    assert "42.86%" in (results / "coverage.txt").read_text(encoding="utf-8-sig")


def test_a_spreadsheet_finds_numbers_and_no_formula(results):
    west, east = rows_of(results)

    assert west["name"].startswith("'=1+1")
    assert "\x1b" not in west["name"]
    assert (float(west["green_m2"]), float(west["seen_m2"])) == (1200.0, 1600.0)
    assert (float(east["unseen_m2"]), float(east["value"])) == (400.0, 0.0)
    assert east["interval_reason"]


def test_a_gis_finds_the_zones_with_their_values(results):
    zones = gs.read_layer(results / "coverage.gpkg", layer="zones")

    assert zones["value"].tolist() == [0.75, 0.0]
    assert zones.geometry.area.tolist() == [1600.0, 1600.0]
    assert zones.crs.to_epsg() == 4547


def test_the_mask_says_what_was_judged_pixel_by_pixel(results):
    with rasterio.open(results / "vegetation.tif") as mask:
        codes, kept = mask.read(1), (mask.transform, mask.crs.to_epsg(), mask.nodata)
        colours, layout = mask.colormap(1), mask.tags(ns="IMAGE_STRUCTURE")["LAYOUT"]

    assert ["".join("BG."[min(code, 2)] for code in row) for row in codes] == PATTERN
    assert kept == (PLACE, 4547, 255)
    assert layout == "COG"
    assert colours[1] != colours[0]


def test_the_mask_measures_as_the_image_did(results, scene):
    zones = gs.read_layer(scene / "zones.gpkg", layer="cut")
    again = gs.green_coverage(results / "vegetation.tif", zones)

    assert again.value.iloc[0] == pytest.approx(10 / 14)


def test_patches_are_outlined_above_the_smallest_mapping_unit(results):
    patches = gs.read_layer(results / "vegetation.gpkg")  # QGIS styles are no second layer

    assert patches["area_m2"].tolist() == [1200.0]
    assert patches.geometry.area.tolist() == [1200.0]


def test_a_patch_below_the_smallest_mapping_unit_is_left_out(scene, tmp_path):
    words = ("-o", tmp_path / "out", "--write-mask", "--smallest-m2", "1201")
    assert coverage(scene, "halves", *words).exit_code == 0

    assert gpd.read_file(tmp_path / "out" / "vegetation.gpkg", layer="vegetation").empty


def test_the_layer_for_corrections_asks_for_an_action_and_has_the_crs(results):
    drawn = gpd.read_file(results / "corrections.gpkg", layer="corrections")
    style = gpd.read_file(results / "corrections.gpkg", layer="layer_styles")

    assert list(drawn.columns) == ["action", "remark", "geometry"]
    assert drawn.crs.to_epsg() == 4547
    assert bool(style["useAsDefault"].iloc[0])
    assert "ValueMap" in style["styleQML"].iloc[0]
    assert ET.fromstring(style["styleQML"].iloc[0]).tag == "qgis"  # noqa: S314 - ours


def test_results_are_replaced_by_force_but_not_what_was_drawn_by_hand(scene, tmp_path):
    words = ("-o", tmp_path / "out", "--write-mask")
    assert coverage(scene, "halves", *words).exit_code == 0
    assert coverage(scene, "halves", *words).exit_code == 2
    assert coverage(scene, "halves", *words, "--force").exit_code == 0
    drawn = gpd.GeoDataFrame({"action": ["add"]}, geometry=[ground(4, 0, 5, 1)], crs=4547)
    drawn.to_file(
        tmp_path / "out" / "corrections.gpkg", layer="corrections", mode="a", promote_to_multi=True
    )
    refused = coverage(scene, "halves", *words, "--force")

    assert refused.exit_code == 2
    assert "corrections.gpkg" in refused.stderr
    assert len(gpd.read_file(tmp_path / "out" / "corrections.gpkg", layer="corrections")) == 1


def test_without_a_folder_nothing_is_written(scene):
    before = sorted(scene.rglob("*"))
    coverage(scene)

    assert sorted(scene.rglob("*")) == before


# --- refusals ---------------------------------------------------------------------------

SLIPS = {
    "no image": {"image": "none.tif"},
    "no CRS": {"image": "bare.tif"},
    "no layer": {"layer": "half"},
    "a mask without a folder": {"words": ("--write-mask",)},
    "points without a folder": {"words": ("--draw-sample", "5")},
    "no number": {"words": ("--threshold", "high")},
    "a threshold twice": {"words": ("--samples", "points.gpkg")},
    "no such index": {"words": ("--index", "nvdi")},
    "bands in words": {"words": ("--bands", "red,nir")},
    "a band twice": {"words": ("--bands", "red=1,red=2")},
    "a band beyond": {"words": ("--bands", "red=1,nir=3")},
    "no such sensor": {"words": ("--sensor", "gf9")},
    "no such column": {"words": ("--zone-name", "NAME")},
    "codes of nothing": {"words": ("--mask-codes", "3,8")},
    "no mask": {"words": ("--mask", "none.tif")},
    "no reflectance": {"words": ("--index", "savi")},
    "no points": {"words": ("--reference", "none.gpkg")},
    "classes and a threshold": {"words": ("--classes", "esa-worldcover")},
    "no corrections": {"words": ("--corrections", "none.gpkg")},
    "no such CRS": {"words": ("--crs", "EPSG:1")},
    "degrees": {"words": ("--crs", "EPSG:4326")},
    "half a conversion": {"words": ("--scale", "0")},
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_is_one_sentence_and_leaves_nothing_behind(scene, tmp_path, slip, lang):
    said = SLIPS[slip]
    words = (*said.get("words", ()), "--lang", lang)
    out = () if slip.endswith("without a folder") else ("-o", tmp_path / "out")
    image, layer = said.get("image", "image.tif"), said.get("layer", "halves")
    result = coverage(scene, layer, *out, *words, image=image)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert bool(re.search("[\u4e00-\u9fff]{3}", result.stderr)) is (lang == "zh")
    assert not list(tmp_path.iterdir())


def test_an_image_elsewhere_is_a_warning_and_no_zero(scene):
    result = coverage(scene, "far", "--lang", "en")

    assert result.exit_code == 0
    assert "The image shows no part of any zone" in re.sub(r"\s+", " ", result.stdout)
    assert "0.00%–100.00%" in result.stdout


def test_a_folder_with_the_image_in_it_is_refused_before_anything_is_read(scene, monkeypatch):
    monkeypatch.setattr("greenspace.coverage_map.measure_map", pytest.fail)
    result = coverage(scene, "halves", "-o", scene, "--force")

    assert result.exit_code == 2
    assert "image.tif" in result.stderr


@pytest.mark.parametrize("moment", ["measure", "write"])
def test_stopping_leaves_nothing_half_written(scene, tmp_path, monkeypatch, moment):
    def stop(*_, **__):
        raise KeyboardInterrupt

    where = {"measure": "coverage_of_zones", "write": "write_hand_layers"}[moment]
    monkeypatch.setattr(f"greenspace.coverage_map.{where}", stop)
    result = coverage(scene, "halves", "-o", tmp_path / "out", "--write-mask", "--lang", "en")

    assert (result.exit_code, result.stderr) == (130, "Stopped; nothing was written.\n")
    assert not list(tmp_path.iterdir())
