"""The page on one's own image: every command on it runs, and says what the page shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

from tests.scene import write_raster
from tests.test_cli import run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how_to" / "own_image.md"
BLOCK = re.compile(r"^```(console|toml)\n(.*?)^```", re.DOTALL | re.MULTILINE)
WEST, NORTH = 500_000.0, 3_400_000.0

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="no docs beside these tests")


def plain(text):
    return re.sub(r"[\s─]+", " ", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, sample_city):
    """What the page assumes: the sample city, a Sentinel-2 scene and one of GF-2, and zones."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(Path(sample_city).parent, folder / "sampled")
    half = np.tile([True, False], (20, 10))
    red, nir = np.where(half, 2000, 3000), np.where(half, 4500, 3200)
    place = Affine(10, 0, WEST, 0, -10, NORTH)
    scene = {"transform": place, "crs": "EPSG:32650", "driver": "JP2OpenJPEG"}
    exact = {"QUALITY": "100", "REVERSIBLE": "YES"}
    write_raster(folder / "B04_10m.jp2", red.astype("uint16"), **scene, **exact)
    write_raster(folder / "B08_10m.jp2", nir.astype("uint16"), **scene, **exact)
    scl = np.full((10, 10), 4, dtype="uint8")
    scl[0, 0] = 9  # cloud, high probability: four pixels of 10 m
    coarse = {**scene, "transform": Affine(20, 0, WEST, 0, -20, NORTH)}
    write_raster(folder / "SCL_20m.jp2", scl, **coarse, **exact)
    four = np.stack([red, red, red, nir]).astype("uint16")
    write_raster(folder / "gf2.tif", four, transform=place, crs="EPSG:32650")
    zones = gpd.GeoDataFrame(geometry=[box(WEST, NORTH - 200, WEST + 200, NORTH)], crs=32650)
    zones.to_file(folder / "zones.gpkg")
    return folder


@pytest.mark.slow
def test_every_command_on_the_page_runs_and_says_what_it_shows(folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = 0
    for kind, body in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "toml":
            with (folder / "qinghe" / "city.toml").open("a", encoding="utf-8") as manifest:
                manifest.write(body)
            continue
        command, *shown = body.splitlines()
        _, program, *words = shlex.split(command)
        assert program == "greenspace"
        if words[0] == "sample":
            shutil.copytree(folder / "sampled", folder / words[1])
            continue
        if "--corrections" in words:
            draw(folder / "first" / "corrections.gpkg")
        result = run(*words)
        assert result.exit_code == 0, (words, result.stderr)
        said = plain(result.stdout)
        assert [line for line in shown if plain(line).strip() not in said] == []
        done += 1

    assert done == 7
    rows = re.findall(r"^\| (`[^|]*`) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = set(re.findall(r"`([a-z]+\.[a-z]+)`", " ".join(rows)))
    assert named == {path.name for path in (folder / "first").iterdir()}


def draw(path):
    """Add a square of 50 m in the sample city, as a hand would."""
    x, y = (
        gpd.read_file(path.parent / "coverage.gpkg", layer="zones").union_all().centroid.coords[0]
    )
    crs = gpd.read_file(path, layer="corrections").crs
    drawn = gpd.GeoDataFrame({"action": ["add"]}, geometry=[box(x, y, x + 50, y + 50)], crs=crs)
    drawn.to_file(path, layer="corrections", mode="a", promote_to_multi=True)
