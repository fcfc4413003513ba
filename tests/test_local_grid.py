"""A city on a metre grid of its own: measured as it is, mixed with nothing that has a place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import CRS

import greenspace as gs
from greenspace.errors import CrsError, GeometryError, RasterError
from greenspace.model.crs import is_local, local_metre
from tests.town import IMAGE, LAYERS, MANIFEST, X, Y, measured

EAST, NORTH = 20_000.0, 30_000.0  # where the town lies on its own grid
LOCAL = '\n[measure]\ncrs = "local-metre"\n'
LOCAL_PRJ = (
    'LOCAL_CS["city grid",LOCAL_DATUM["city",0],UNIT["{}",{}],AXIS["X",EAST],AXIS["Y",NORTH]]'
)
METRES, MILLIMETRES = LOCAL_PRJ.format("Meter", 1), LOCAL_PRJ.format("Millimeter", 0.001)


def write_layers(folder, prj=None):
    for name, frame in LAYERS.items():
        moved = frame.set_geometry(frame.translate(EAST - X, NORTH - Y))
        moved.to_file(folder / f"{name}.shp", encoding="utf-8")
        beside = folder / f"{name}.prj"
        beside.unlink() if prj is None else beside.write_text(prj)


def write_image(folder, crs=None, *, east=EAST, north=NORTH):
    """As the town's: 10 m pixels, green west of x = 350."""
    red = np.full((120, 120), 1000, dtype="uint16")
    nir = np.full_like(red, 1000)
    nir[:, :45] = 3000
    place = Affine(10, 0, east - 100, 0, -10, north + 1100)
    profile = {"driver": "GTiff", "width": 120, "height": 120, "count": 2, "dtype": "uint16"}
    with rasterio.open(
        folder / "image.tif", "w", crs=crs, transform=place, nodata=0, **profile
    ) as file:
        file.write(red, 1)
        file.write(nir, 2)


def write_manifest(folder, *parts):
    text = "\n".join((MANIFEST, IMAGE, *parts))
    for name in LAYERS:
        text = text.replace(f'path = "city.gpkg"\nlayer = "{name}"', f'path = "{name}.shp"')
    path = folder / "city.toml"
    path.write_text(text, encoding="utf-8")
    return path


def codes(check):
    return [finding.code for finding in check.findings]


@pytest.mark.parametrize("image", [None, METRES], ids=["image without crs", "image on its grid"])
@pytest.mark.parametrize("prj", [None, METRES], ids=["no .prj", "LOCAL_CS .prj"])
def test_a_whole_city_is_measured_on_its_own_grid(tmp_path, prj, image):
    write_layers(tmp_path, prj)
    write_image(tmp_path, image)
    check = gs.check(write_manifest(tmp_path, LOCAL), standard="CN-2010")

    assert is_local(check.crs)
    assert check.ratios["green_coverage"].value == pytest.approx(0.35)  # of 1000 m, 350 are green
    assert check.ratios["green_coverage"].denominator == pytest.approx(1_000_000)
    # as the town with a place on the globe: see test_pipeline
    assert check.ratios["green_space_ratio"].value == pytest.approx(0.18)
    assert check.ratios["park_area_per_capita"].value == pytest.approx(10.0)
    assert check.ratios["service_coverage"].value == pytest.approx(500 / 700)
    beside = measured(check, "green_coverage", judged=False)
    assert beside.ratio.value == pytest.approx(0.30)
    assert codes(check).count("local_grid") == 1


def test_files_that_say_they_are_local_need_no_word_in_the_manifest(tmp_path):
    write_layers(tmp_path, METRES)
    write_image(tmp_path)
    check = gs.check(write_manifest(tmp_path), standard="CN-2010")

    assert check.ratios["green_coverage"].value == pytest.approx(0.35)
    assert "local_grid" in codes(check)


def test_the_grid_may_be_named_layer_by_layer(tmp_path):
    write_layers(tmp_path)
    write_image(tmp_path)
    path = write_manifest(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('.shp"\n', '.shp"\ncrs = "local-metre"\n'), encoding="utf-8")
    assert gs.check(path, standard="CN-2010").ratios["green_coverage"].value == pytest.approx(0.35)


def test_what_is_found_can_be_written_and_read_back(tmp_path):
    write_layers(tmp_path)
    write_image(tmp_path)
    check = gs.check(write_manifest(tmp_path, LOCAL), standard="CN-2010")
    check.write(tmp_path / "out")
    written = gpd.read_file(tmp_path / "out" / "layers.gpkg", layer="built_up")
    assert written.total_bounds == pytest.approx([EAST, NORTH, EAST + 1000, NORTH + 1000])


def test_an_image_elsewhere_on_the_grid_is_refused(tmp_path):
    write_layers(tmp_path)
    write_image(tmp_path, east=X, north=Y)
    with pytest.raises(GeometryError) as caught:
        gs.check(write_manifest(tmp_path, LOCAL), standard="CN-2010")
    assert caught.value.expected == (EAST, NORTH, EAST + 1000, NORTH + 1000)


def test_an_image_with_a_place_on_the_globe_is_refused(tmp_path):
    write_layers(tmp_path)
    write_image(tmp_path, "EPSG:4547")
    with pytest.raises(CrsError) as caught:
        gs.check(write_manifest(tmp_path, LOCAL), standard="CN-2010")
    assert caught.value.expected == CRS(4547).name
    assert caught.value.found == local_metre().name


def test_an_image_in_millimetres_is_refused(tmp_path):
    write_layers(tmp_path)
    write_image(tmp_path, MILLIMETRES)
    with pytest.raises(RasterError) as caught:
        gs.check(write_manifest(tmp_path, LOCAL), standard="CN-2010")
    assert caught.value.expected == "metre"


def test_layers_in_millimetres_are_refused(tmp_path):
    write_layers(tmp_path, MILLIMETRES)
    write_image(tmp_path)
    with pytest.raises(CrsError) as caught:
        gs.check(write_manifest(tmp_path), standard="CN-2010")
    assert (caught.value.expected, caught.value.layer) == ("metre", "built_up")


def test_one_layer_with_a_place_on_the_globe_is_refused(tmp_path):
    write_layers(tmp_path, METRES)
    LAYERS["parks"].to_file(tmp_path / "parks.shp", encoding="utf-8")
    with pytest.raises(CrsError) as caught:  # told by the manifest
        gs.check(write_manifest(tmp_path, LOCAL), standard="CN-2010")
    assert (caught.value.layer, caught.value.expected) == ("parks", "local-metre")
    with pytest.raises(CrsError) as caught:  # told by the files
        gs.check(write_manifest(tmp_path), standard="CN-2010")
    assert (caught.value.layer, caught.value.found) == ("built_up", local_metre().name)
