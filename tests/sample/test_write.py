"""The sample reaches the disk whole or not at all, and the committed copy is this one."""

from __future__ import annotations

import tomllib
from datetime import date

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from greenspace.errors import InputError
from greenspace.sample import write, write_sample
from greenspace.sample.write import FILES

LIMIT_BYTES = 25_000_000


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample") / "city", seed=2, size="small").parent


def test_committed_layers_are_those_of_the_default_seed(full, sample_city):
    file = sample_city.parent / "layers.gpkg"

    assert set(pyogrio.list_layers(file)[:, 0]) == set(full.layers)
    for name, layer in full.layers.items():
        stored = gpd.read_file(file, layer=name)
        ours, theirs = (shapely.normalize(x.geometry.to_numpy()) for x in (layer, stored))
        assert stored.crs == layer.crs
        assert shapely.equals_exact(ours, theirs, 1e-6).all(), name
        for column in layer.columns.drop("geometry"):
            assert stored[column].tolist() == layer[column].tolist(), (name, column)


def test_committed_pixels_are_those_of_the_default_seed(full, sample_city):
    for image in full.images:
        with rasterio.open(sample_city.parent / f"{image.name}.tif") as file:
            np.testing.assert_array_equal(file.read(), image.pixels)
            assert file.transform == image.transform
            assert (file.crs.to_epsg(), file.nodata) == (4547, 0)
            assert file.descriptions == ("blue", "green", "red", "nir")
    with rasterio.open(sample_city.parent / "mask_2026.tif") as file:
        np.testing.assert_array_equal(file.read(1), full.images[0].mask)
        assert (file.nodata, file.dtypes) == (None, ("uint8",))


def test_committed_truth_is_that_of_the_default_seed(full, sample_city):
    stored = tomllib.loads((sample_city.parent / "truth.toml").read_text(encoding="utf-8"))

    assert stored["city"] == pytest.approx(full.truth["city"], rel=1e-9)
    assert stored["older"]["date"] == date(2023, 6, 18)
    for row, truth in zip(stored["district"], full.truth["district"], strict=True):
        assert row.pop("name") == truth["name"]
        assert row == pytest.approx({k: v for k, v in truth.items() if k != "name"}, rel=1e-9)


def test_committed_folder_holds_the_files_of_the_sample_and_is_small(sample_city):
    files = list(sample_city.parent.iterdir())

    assert {file.name for file in files} == FILES
    assert sum(file.stat().st_size for file in files) < LIMIT_BYTES


@pytest.mark.parametrize("where", ["committed", "small"])
def test_manifest_names_layers_columns_and_images_that_exist(where, sample_city, written):
    folder = sample_city.parent if where == "committed" else written
    manifest = tomllib.loads((folder / "city.toml").read_text(encoding="utf-8"))

    assert "虚构" in manifest["city"]["name"]
    for name, entry in manifest["layers"].items():
        layer = gpd.read_file(folder / entry["path"], layer=entry["layer"], rows=2)
        assert len(layer), name
        assert set(entry.get("columns", {}).values()) <= set(layer.columns), name
    for image in manifest["image"]:
        with rasterio.open(folder / image["path"]) as file:
            named = {file.descriptions[number - 1]: key for key, number in image["bands"].items()}
            assert all(name == key for name, key in named.items())
    assert (folder / manifest["image"][0]["mask"]).is_file()
    assert (folder / manifest["accuracy"]["reference"]).is_file()
    assert manifest["image"][0]["date"] > manifest["image"][1]["date"]


def test_manifest_counts_the_people_of_the_districts(sample_city):
    manifest = tomllib.loads(sample_city.read_text(encoding="utf-8"))
    districts = gpd.read_file(sample_city.parent / "layers.gpkg", layer="districts")
    land = gpd.read_file(sample_city.parent / "layers.gpkg", layer="construction_land")
    built_up = gpd.read_file(sample_city.parent / "layers.gpkg", layer="built_up").union_all()
    per_head = land.intersection(built_up).area.sum() / manifest["city"]["population"]

    assert manifest["city"]["population"] == districts["POP"].sum()
    assert manifest["city"]["construction_land_per_head_m2"] == pytest.approx(per_head, abs=0.05)


def test_readme_says_that_the_city_is_made_up(sample_city):
    text = (sample_city.parent / "README.txt").read_text(encoding="utf-8")

    assert "does not exist" in text
    assert "不存在" in text


def test_same_seed_writes_the_same_bytes(written, tmp_path):
    again = write_sample(tmp_path / "again", seed=2, size="small").parent

    for name in FILES:
        assert (again / name).read_bytes() == (written / name).read_bytes(), name


def test_writing_leaves_the_clock_of_gdal_alone(written):
    assert written.is_dir()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_refuses_a_folder_with_anything_in_it(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")

    for force in (False, True):
        with pytest.raises(InputError) as refusal:
            write_sample(tmp_path, size="small", force=force)
        assert refusal.value.found == "thesis.txt"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_refuses_the_name_of_a_file(tmp_path):
    file = tmp_path / "city"
    file.write_text("not a folder", encoding="utf-8")

    with pytest.raises(InputError) as refusal:
        write_sample(file, size="small", force=True)
    assert refusal.value.expected == "a folder"


def test_replaces_an_old_sample_only_when_asked(written, tmp_path):
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "city.toml").write_text("old", encoding="utf-8")

    with pytest.raises(InputError):
        write_sample(folder, seed=2, size="small")
    manifest = write_sample(folder, seed=2, size="small", force=True)

    assert manifest.read_bytes() == (written / "city.toml").read_bytes()
    assert {path.name for path in folder.iterdir()} == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["sample"]


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_broken_run_leaves_nothing_behind(failure, tmp_path, monkeypatch):
    def break_off(*_):
        raise failure

    monkeypatch.setattr(write, "_write_image", break_off)
    with pytest.raises(failure):
        write_sample(tmp_path / "sample", size="small")

    assert list(tmp_path.iterdir()) == []
