"""Swapped axes, zone numbers and degrees are refused in scripts too, wherever layers come from."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import CrsError
from tests.scene import write_raster


def parks(*bounds, crs):
    return gpd.GeoDataFrame(geometry=[box(*bounds)], crs=crs)


RIGHT = parks(520_000, 3_380_000, 521_000, 3_381_000, crs=4547)


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        (parks(3_380_000, 520_000, 3_381_000, 521_000, crs=4547), "north, east"),
        (parks(38_520_000, 3_380_000, 38_521_000, 3_381_000, crs=4547), "EPSG:4526"),
        (parks(114.2, 30.5, 114.21, 30.51, crs=4547), "degrees"),
        (parks(520_000, 3_380_000, 521_000, 3_381_000, crs=4490), "metres"),
    ],
)
def test_a_layer_of_a_script_is_refused_before_it_is_measured(layer, found):
    # the right one is 1 km by 1 km for 1000 people
    assert gs.park_area_per_capita(RIGHT, 1000).value == pytest.approx(1000)
    with pytest.raises(CrsError) as caught:
        gs.park_area_per_capita(layer, 1000)
    assert (caught.value.found, caught.value.layer) == (found, "parks")


def image(path, west, north, side, crs):
    numbers = np.array([[[1, 1], [3, 3]], [[3, 3], [1, 1]]], dtype="uint16")
    transform = Affine(side, 0, west, 0, -side, north)
    return write_raster(path, numbers, transform=transform, crs=crs)


def green(path):
    return gs.vegetation(path, bands={"red": 1, "nir": 2}, threshold=0.1)


@pytest.mark.parametrize(
    ("west", "north", "side", "crs", "found"),
    [
        (38_520_000, 3_381_000, 500, "EPSG:4547", "EPSG:4526"),
        (38_520_000, 3_381_000, 500, "EPSG:32650", "EPSG:4526"),
        (520_000, 3_381_000, 500, "EPSG:4526", "EPSG:4547"),
        (3_380_000, 521_000, 500, "EPSG:4547", "north, east"),
        (114.2, 30.51, 0.005, "EPSG:4547", "degrees"),
        (520_000, 3_381_000, 500, "EPSG:4490", "metres"),
    ],
)
def test_an_image_that_fits_its_crs_only_after_a_change_is_refused(
    tmp_path, west, north, side, crs, found
):
    path = image(tmp_path / "a.tif", west, north, side, crs)
    with pytest.raises(CrsError) as caught:
        gs.green_coverage(green(path), RIGHT)
    assert (caught.value.found, caught.value.file) == (found, str(path))


def test_an_image_beside_every_zone_is_told_with_both_extents(tmp_path):
    beside = image(tmp_path / "a.tif", 620_000, 3_381_000, 500, "EPSG:4547")
    table = gs.green_coverage(green(beside), RIGHT)
    (told,) = (item for item in table.findings if item.code == "image_elsewhere")
    assert told.severity == "warning"
    # 20 km and 120 km east of 114 E at 30.5 N, where a degree has 95.9 km: 0.21 and 1.25
    assert "114.2" in told.text.en
    assert "115.2" in told.text.en


def test_an_image_of_any_zone_is_not_elsewhere(tmp_path):
    right = image(tmp_path / "a.tif", 520_000, 3_381_000, 500, "EPSG:4547")
    table = gs.green_coverage(green(right), RIGHT)
    # two of four pixels have NDVI 0.5, two -0.5
    assert table.to_frame().value.tolist() == pytest.approx([0.5])
    assert "image_elsewhere" not in [item.code for item in table.findings]


def test_a_mask_that_would_hide_nothing_is_refused(tmp_path):
    right = image(tmp_path / "a.tif", 520_000, 3_381_000, 500, "EPSG:4547")
    clouds = parks(3_380_000, 520_000, 3_381_000, 521_000, crs=4547)
    with pytest.raises(CrsError) as caught:
        gs.vegetation(right, bands={"red": 1, "nir": 2}, mask=clouds)
    assert (caught.value.found, caught.value.layer) == ("north, east", "mask")
