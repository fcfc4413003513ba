"""``greenspace coverage -o``: what was left out, kept or laid over is said, and how it was made."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box

from tests.halves import BANDS, PLACE, coverage, ground, make_scene, rows_of
from tests.scene import write_raster
from tests.test_cli import run


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return make_scene(tmp_path_factory.mktemp("scene"))


def said(result):
    return re.sub(r"\s+", " ", result.stdout)


def test_a_corrected_mask_says_what_lies_over_the_image(scene, tmp_path):
    drawn = {"action": ["add", "remove"]}
    shapes = [ground(4, 0, 6, 1), ground(0, 0, 1, 1)]
    gpd.GeoDataFrame(drawn, geometry=shapes, crs=4547).to_file(tmp_path / "hand.gpkg", layer="a")
    gpd.GeoDataFrame(drawn, geometry=shapes, crs=4547).to_file(tmp_path / "hand.gpkg", layer="b")
    hand = f"{tmp_path / 'hand.gpkg'}|layername=b"
    words = ("--corrections", hand, "-o", tmp_path / "out", "--write-mask")

    assert coverage(scene, "halves", *words).exit_code == 0
    with rasterio.open(tmp_path / "out" / "vegetation.tif") as mask:
        assert "corrections: 1 add, 1 remove" in mask.tags()["GREENSPACE_SOURCES"]
    run_file = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert run_file["corrections"] == hand


def test_run_json_has_every_option_and_the_defaults_that_held(scene, tmp_path):
    words = ("--date", "2026-06-12", "--crs", "EPSG:4547", "-o", tmp_path / "out", "--write-mask")
    assert coverage(scene, "halves", *words, "--lang", "en").exit_code == 0
    asked = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))

    expected = {
        "zone_name": "区名",
        "date": "2026-06-12",
        "crs": "EPSG:4547",
        "zones_crs": None,
        "index": "ndvi",
        "threshold": 0.2,
        "on_bad_tile": "refuse",
        "write_mask": True,
        "smallest_m2": 100.0,
        "draw_sample": None,
        "seed": None,
        "lang": "en",
        "rules": ["ndvi = (nir - red) / (nir + red) > 0.2"],
    }
    assert {key: asked[key] for key in expected} == expected
    assert asked["zones"].endswith("zones.gpkg|layername=halves")


def test_patches_too_small_to_be_outlined_are_counted(scene, tmp_path):
    # The one patch has 12 pixels of 100 m2
    words = ("-o", tmp_path / "out", "--write-mask", "--smallest-m2", "1201", "--lang", "en")
    result = coverage(scene, "halves", *words)
    found = gpd.read_file(tmp_path / "out" / "coverage.gpkg", layer="findings")
    row = found[found["code"] == "patches_left_out"].iloc[0]

    assert "not outlined in vegetation.gpkg: 1, together 1200.00 m²" in said(result)
    assert (row["count"], row["area_m2"]) == (1, 1200.0)


@pytest.mark.parametrize("number", ["inf", "nan"])
def test_a_smallest_patch_is_a_number(scene, tmp_path, number):
    words = ("-o", tmp_path / "out", "--write-mask", "--smallest-m2", number)
    assert coverage(scene, "halves", *words).exit_code == 2
    assert not list(tmp_path.iterdir())


def test_a_mask_of_zones_that_the_image_does_not_show_is_refused(scene, tmp_path):
    result = coverage(scene, "far", "-o", tmp_path / "out", "--write-mask", "--lang", "en")

    assert result.exit_code == 2
    assert "no pixels to write" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["vegetation", "corrections"])
def test_what_somebody_edited_stays_and_the_reason_is_true(scene, tmp_path, name):
    words = ("-o", tmp_path / "out", "--write-mask", "--lang", "en")
    assert coverage(scene, "halves", *words).exit_code == 0
    path = tmp_path / "out" / f"{name}.gpkg"
    path.write_bytes(b"somebody's work")
    refused = coverage(scene, "halves", *words, "--force")

    assert refused.exit_code == 2
    assert "somebody edited since" in refused.stderr
    assert path.name in refused.stderr
    assert path.read_bytes() == b"somebody's work"


@pytest.mark.parametrize(("lang", "why"), [("zh", "完全看不到"), ("en", "shows nothing")])
def test_a_zone_without_a_value_says_why_in_the_language_asked_for(scene, tmp_path, lang, why):
    assert coverage(scene, "far", "-o", tmp_path / "out", "--lang", lang).exit_code == 0
    row = rows_of(tmp_path / "out")[0]
    zones = gpd.read_file(tmp_path / "out" / "coverage.gpkg", layer="zones")

    assert (row["value"], why in row["reason"]) == ("", True)
    assert why in zones["reason"].iloc[0]
    assert "--draw-sample" in row["interval_reason"]
    assert "gs." not in row["interval_reason"]


def test_a_zone_without_a_name_is_not_called_nan(scene, tmp_path):
    shapes = [ground(0, 0, 4, 4), ground(4, 0, 8, 4)]
    frame = gpd.GeoDataFrame({"区名": ["西", None]}, geometry=shapes, crs=4547)
    frame.to_file(tmp_path / "z.gpkg")
    words = (*BANDS, "--zone-name", "区名", "-o", tmp_path / "out")

    assert run("coverage", scene / "image.tif", tmp_path / "z.gpkg", *words).exit_code == 0
    assert [row["name"] for row in rows_of(tmp_path / "out")] == ["西", ""]


def test_a_map_without_its_image_says_so(scene, tmp_path, monkeypatch):
    turned = Affine.translation(PLACE.c, PLACE.f) @ Affine.rotation(20) @ Affine.scale(10, -10)
    values = np.array([[[50] * 8] * 4, [[150] * 8] * 4], "uint8")
    image = write_raster(tmp_path / "turned.tif", values, transform=turned)
    notes = []
    monkeypatch.setattr(
        "greenspace.present.coverage_sheet.canvas.notes", lambda _, lines: notes.extend(lines)
    )
    words = (*BANDS, "--layer", "halves", "-o", tmp_path / "out", "--lang", "en")

    assert run("coverage", image, scene / "zones.gpkg", *words).exit_code == 0
    assert "The image is turned and not drawn: zones alone" in notes


def test_the_mask_goes_back_in_without_a_word(scene, tmp_path):
    assert coverage(scene, "halves", "-o", tmp_path / "out", "--write-mask").exit_code == 0
    mask, zones = tmp_path / "out" / "vegetation.tif", scene / "zones.gpkg"
    again = run("coverage", mask, zones, "--layer", "halves")

    assert (again.exit_code, again.stderr) == (0, "")
    assert "42.86%" in again.stdout
    assert "37.50%–50.00%" in again.stdout  # what was unseen stays so
    assert run("coverage", mask, zones, "--layer", "halves", "--threshold", "0.2").exit_code == 2
    assert run("coverage", scene / "image.tif", zones, "--layer", "halves").exit_code == 2


def test_crops_are_of_a_class_raster(scene):
    result = coverage(scene, "halves", "--crops", "--lang", "en")

    assert result.exit_code == 2
    assert "--classes esa-worldcover" in result.stderr


def test_codes_that_the_mask_does_not_hold_are_told(scene, tmp_path):
    write_raster(tmp_path / "m.tif", np.full((4, 8), 3, "uint8"), transform=PLACE)
    words = ("--mask", tmp_path / "m.tif", "--mask-codes", "30,40", "--lang", "en")
    assert "hide nothing: 30, 40." in said(coverage(scene, "halves", *words))


def test_a_folder_below_a_file_is_refused_before_anything_is_read(scene, monkeypatch):
    monkeypatch.setattr("greenspace.coverage_map.measure_map", pytest.fail)
    result = coverage(scene, "halves", "-o", scene / "image.tif" / "out", "--lang", "en")

    assert result.exit_code == 2
    assert "image.tif" in result.stderr


def test_a_layer_of_corrections_in_which_nobody_drew_is_told(scene, tmp_path):
    words = ("-o", tmp_path / "out", "--write-mask")
    assert coverage(scene, "halves", *words).exit_code == 0
    empty = ("--corrections", tmp_path / "out" / "corrections.gpkg", "--lang", "en")

    assert "nothing is laid over the image" in said(coverage(scene, "halves", *empty))


def test_labels_without_room_are_left_out_and_the_map_says_so(scene, tmp_path, monkeypatch):
    # Sixteen strips five metres wide side by side: their labels are wider
    strips = [ground(x / 2, 0, (x + 1) / 2, 4) for x in range(16)]
    names = [f"Zone number {x}" for x in range(16)]
    frame = gpd.GeoDataFrame({"区名": names}, geometry=strips, crs=4547)
    frame.to_file(tmp_path / "z.gpkg")
    drawn = {}

    def keep(ax, lines):
        rooms = [text.get_window_extent() for text in ax.texts if "Zone" in text.get_text()]
        drawn.update(rooms=rooms, lines=lines)

    monkeypatch.setattr("greenspace.present.coverage_sheet.canvas.notes", keep)
    words = (*BANDS, "--zone-name", "区名", "-o", tmp_path / "out", "--lang", "en")
    assert run("coverage", scene / "image.tif", tmp_path / "z.gpkg", *words).exit_code == 0

    rooms = drawn["rooms"]
    assert 0 < len(rooms) < 16
    assert not any(a.overlaps(b) for i, a in enumerate(rooms) for b in rooms[:i])
    assert "without room" in drawn["lines"][0]


def test_what_zones_share_is_told_in_square_metres_or_not_at_all(scene, tmp_path):
    zones = gpd.read_file(scene / "zones.gpkg", layer="overlaps")
    zones.to_crs(4326).to_file(tmp_path / "z.gpkg")
    words = (*BANDS, "--lang", "en")
    plane = run(
        "coverage", scene / "image.tif", scene / "zones.gpkg", *words, "--layer", "overlaps"
    )
    degrees = run("coverage", scene / "image.tif", tmp_path / "z.gpkg", *words)

    assert "Zones overlap by 800.00 m², so" in said(plane)  # two columns of four pixels
    assert "Zones overlap, so" in said(degrees)


def test_a_ready_map_may_be_told_its_crs_and_its_blank(tmp_path):
    codes = np.array([[1, 0], [255, 1]], dtype="uint8")  # two of three seen squares are green
    path = write_raster(
        tmp_path / "map.tif", codes, transform=Affine(1, 0, 5e5, 0, -1, 4e6), crs=None
    )
    zone = gpd.GeoDataFrame(geometry=[box(5e5, 4e6 - 2, 5e5 + 2, 4e6)], crs=4547)
    zone.to_file(tmp_path / "zone.gpkg")
    words = ("--image-crs", "EPSG:4547", "--nodata", "255")

    result = run("coverage", path, tmp_path / "zone.gpkg", *words)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "66.67%" in result.stdout
    assert "25.00%" in result.stdout  # unseen
