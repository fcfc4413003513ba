"""A city's green lines held against its own works and images."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import ManifestError
from greenspace.guard import guard_of
from greenspace.model.city import City, ImageSpec, VegetationMethod
from greenspace.read.toml_file import read_toml
from tests.scene import write_raster

WEST, NORTH = 500_000.0, 3_400_000.0
GRID = Affine(5, 0, WEST, 0, -5, NORTH)


def ground(*sides, **columns):
    shapes = [box(WEST + w, NORTH - s, WEST + e, NORTH - n) for w, n, e, s in sides]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


@pytest.fixture
def city(tmp_path):
    """A line of 50 x 50 m; a corner of 30 x 30 m is paved from 2020 to 2025, and 2 works stand there."""
    images = []
    for year, nir in ((2025, 900), (2023, 3000), (2020, 3000)):
        bands = np.full((2, 20, 20), 1000, dtype="uint16")
        bands[1] = 3000
        bands[1, :6, :6] = nir
        path = write_raster(tmp_path / f"{year}.tif", bands, transform=GRID, nodata=0)
        day = dt.date(year, 6, 1)
        images.append(
            ImageSpec(path=Path(path), name=str(year), date=day, bands={"red": 1, "nir": 2})
        )
    works = ground((0, 0, 10, 10), (10, 0, 30, 10), name=["a", "b"], date=["2019-01-01", "2024"])
    return City(
        name="c",
        manifest=tmp_path / "city.toml",
        layers={"green_lines": ground((0, 0, 50, 50), number=["L001"]), "construction": works},
        settings={"green_lines": {"approved": dt.date(2020, 1, 1)}},
        images=tuple(images),
        vegetation_method=VegetationMethod(threshold=0.2),
    )


def test_the_oldest_image_is_held_against_the_newest(city):
    guard = guard_of(city)
    rows = guard.encroachments[["kind", "name", "area_m2"]].to_numpy().tolist()
    assert rows == [
        ["image", "2020-06-01 → 2025-06-01", pytest.approx(900)],
        ["construction", "b", 200],
    ]
    assert guard.dates == ("2020-06-01", "2025-06-01")
    assert len(guard.chips) == 4


def test_a_day_of_approval_that_is_given_counts_before_that_of_the_manifest(city):
    guard = guard_of(replace(city, images=()), since="2018-01-01")
    assert guard.encroachments["name"].tolist() == ["b", "a"]


def test_images_that_cannot_be_compared_stop_nothing(city):
    away = replace(city.images[-1], path=Path("missing.tif"))
    guard = guard_of(replace(city, images=(city.images[0], away)))
    assert guard.encroachments["kind"].tolist() == ["construction"]
    assert [one.code for one in guard.findings if one.severity == "error"] == ["refused_raster"]


def test_no_approved_lines_no_guard(city):
    assert guard_of(replace(city, layers={})) is None


def test_the_manifest_says_when_the_lines_were_approved(tmp_path):
    ground((0, 0, 50, 50), NR=["L001"]).to_file(tmp_path / "lines.gpkg")
    manifest = tmp_path / "city.toml"
    table = 'path = "lines.gpkg"\ncolumns = { number = "NR" }\napproved = 2020-01-01\n'
    manifest.write_text(f'[city]\nname = "c"\n[layers.green_lines]\n{table}', encoding="utf-8")
    assert gs.read_city(manifest).settings["green_lines"] == {"approved": dt.date(2020, 1, 1)}
    manifest.write_text(f'[city]\nname = "c"\n[layers.parks]\n{table}', encoding="utf-8")
    with pytest.raises(ManifestError):
        gs.read_city(manifest)


def test_the_sample_city_has_what_was_planted(sample_city):
    names = ("green_lines", "construction", "road_widening")
    layers = {
        name: gs.read_layer(sample_city.parent / "layers.gpkg", layer=name).rename(
            columns=str.lower
        )
        for name in names
    }
    settings = {"green_lines": {"approved": dt.date(2023, 6, 30)}}
    guard = guard_of(City(name="清河", manifest=sample_city, layers=layers, settings=settings))
    truth = read_toml(sample_city.parent / "truth.toml")["guarded"]
    of_kind = guard.encroachments.groupby("kind")["area_m2"].sum()
    assert of_kind["construction"] == pytest.approx(truth["later_construction_m2"])
    noise = sum(one.area_m2 for one in guard.findings if one.code == "slivers_left_out")
    assert of_kind["road"] + noise == pytest.approx(truth["road_widening_m2"], rel=1e-6)
    assert [ledger.id for ledger in guard.ledgers][2] == "green_line_older_works"
    assert guard.balance.rows["before_m2"].iloc[-1] == pytest.approx(truth["green_lines_m2"])
