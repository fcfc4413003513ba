"""A refusal of ``greenspace coverage`` names what can be typed there."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest

from tests.halves import BANDS, PLACE, coverage, ground, make_scene
from tests.scene import write_raster
from tests.test_cli import run


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    folder = make_scene(tmp_path_factory.mktemp("scene"))
    zones = gpd.GeoDataFrame({"a": [1]}, geometry=[ground(0, 0, 4, 4)], crs=4547)
    zones.to_file(folder / "no_crs.shp")
    (folder / "no_crs.prj").unlink()
    flat = np.full((2, 8, 8), 80, "uint8")
    write_raster(folder / "flat.tif", flat, transform=PLACE, nodata=0)
    edged = flat.copy()
    edged[:, 0] = 0
    write_raster(folder / "edged.tif", edged, transform=PLACE)
    return folder


HALVES = ("--layer", "halves")
RED_NIR = ("--bands", "red=1,nir=2")
CASES = {
    "which layer": (("image.tif", "zones.gpkg", *BANDS), "|layername="),
    "zones without a CRS": (("image.tif", "no_crs.shp", *BANDS), "--zones-crs EPSG:4547"),
    "an image without a CRS": (("bare.tif", "zones.gpkg", *BANDS, *HALVES), "--image-crs EPSG:"),
    "no valley": (("flat.tif", "zones.gpkg", *RED_NIR, *HALVES), "--samples points.gpkg"),
    "no bands": (("image.tif", "zones.gpkg", *HALVES), "--bands red=3,nir=4"),
    "a border of zeros": (("edged.tif", "zones.gpkg", *RED_NIR, *HALVES), "--nodata 0"),
    "no reflectance": (
        ("image.tif", "zones.gpkg", *BANDS, *HALVES, "--index", "savi"),
        "--scale 0.0001",
    ),
    "no such index": (("image.tif", "zones.gpkg", *HALVES, "--index", "nvdi"), "--index ndvi"),
    "degrees": (("image.tif", "zones.gpkg", *BANDS, *HALVES, "--crs", "EPSG:4326"), "--crs EPSG:"),
    "no such table": (
        ("image.tif", "zones.gpkg", *HALVES, "--classes", "worldcover"),
        "esa-worldcover",
    ),
}
FOREIGN = re.compile(r"\bgs\.|\[accuracy\]|[{}]|\b(crs|layer|threshold|nodata|bands|index) ?= ?\S")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_next_step_is_an_option(scene, case, lang):
    (image, zones, *words), option = CASES[case]
    result = run("coverage", scene / image, scene / zones, *words, "--lang", lang)
    told = result.stderr.replace(str(scene), "")

    assert result.exit_code == 2
    assert option in told
    assert not FOREIGN.search(told), told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_findings_name_options_too(scene, lang):
    assert not FOREIGN.search(coverage(scene, "halves", "--lang", lang).stdout.split("EPSG")[1])
