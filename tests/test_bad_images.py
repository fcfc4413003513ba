"""Images described wrongly: bands, scale and numbers that would give a wrong share quietly."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 80
PLACE = Affine(10.0, 0.0, WEST, 0.0, -10.0, NORTH)
ZONE = gpd.GeoDataFrame(geometry=[box(WEST, NORTH - 800, WEST + 800, NORTH)], crs=4547)
BANDS = {"blue": 1, "red": 2, "nir": 3}


def image(tmp_path, *bands, dtype="uint16", **given):
    planes = np.stack([np.broadcast_to(band, (SIDE, SIDE)) for band in bands]).astype(dtype)
    return write_raster(tmp_path / "image.tif", planes, transform=PLACE, **given)


def codes(found):
    return [finding.code for finding in found]


@pytest.mark.parametrize("index", ["evi", "savi"])
@pytest.mark.parametrize(
    ("numbers", "how", "likely"),
    [
        ((300, 400, 3500), {"scale": 1.0, "offset": 0.0}, "0.0001"),
        ((7300, 7400, 18000), {"scale": 1.0, "offset": 0.0}, "0.0000275"),
        ((300, 400, 3500), {"scale": 1e-8, "offset": 0.0}, "0.0001"),
    ],
)
@pytest.mark.parametrize("threshold", [0.3, "otsu"])
def test_a_scale_that_gives_no_reflectance_is_refused(
    tmp_path, index, numbers, how, likely, threshold
):
    path = image(tmp_path, *numbers)
    raster = gs.vegetation(path, index=index, bands=BANDS, threshold=threshold, **how)
    with pytest.raises(RasterError) as caught:
        gs.green_coverage(raster, ZONE)
    assert likely in caught.value.remedy.en


def test_the_right_scale_passes(tmp_path):
    # SAVI 1.5 (0.35 - 0.04) / (0.35 + 0.04 + 0.5) = 0.522
    path = image(tmp_path, 300, 400, 3500)
    for cut, share in ((0.52, 1.0), (0.53, 0.0)):
        raster = gs.vegetation(
            path, index="savi", bands=BANDS, threshold=cut, scale=1e-4, offset=0.0
        )
        assert gs.green_coverage(raster, ZONE).value.iloc[0] == share


@pytest.mark.parametrize(
    ("how", "warned"),
    [
        ({}, True),
        ({"scale": 1.0, "offset": 0.0}, True),
        ({"scale": 2.75e-5, "offset": 0.0}, True),
        ({"scale": 2.75e-5, "offset": -0.2}, False),
    ],
)
def test_raw_numbers_with_an_offset_are_warned_of(tmp_path, how, warned):
    path = image(tmp_path, 7300, 8000, 14000)
    raster = gs.vegetation(path, bands=BANDS, threshold=0.3, **how)
    table = gs.green_coverage(raster, ZONE)
    assert ("scale_forgotten" in codes(table.findings)) == warned
    # 6000 / 22000 = 0.27; 0.165 / 0.205 = 0.80 after scale and offset
    assert table.value.iloc[0] == (0.0 if warned else 1.0)


def test_dark_pixels_say_that_nothing_was_added(tmp_path):
    red = np.full((SIDE, SIDE), 8000)
    red[:, 40:] = 200
    table = gs.green_coverage(
        gs.vegetation(image(tmp_path, 7300, red, 14000), bands=BANDS, threshold=0.3), ZONE
    )
    assert "scale_forgotten" not in codes(table.findings)


def test_bytes_are_divided_as_numbers_and_not_as_bytes(tmp_path):
    # uint8 would wrap: 200 + 100 = 44, 100 - 200 = 156. NDVI is -100 / 300 = -1/3
    path = image(tmp_path, 0, 200, 100, dtype="uint8", nodata=255)
    for cut, share in ((-1 / 3 - 1e-9, 1.0), (-1 / 3 + 1e-9, 0.0)):
        raster = gs.vegetation(path, bands=BANDS, threshold=cut)
        assert gs.green_coverage(raster, ZONE).value.iloc[0] == share


def test_pixels_of_nought_by_nought_are_unseen(tmp_path):
    red = np.full((SIDE, SIDE), 100)
    nir = np.full((SIDE, SIDE), 300)
    red[20:40, 20:40] = nir[20:40, 20:40] = 0  # 400 of 6400 pixels, of blue 1
    table = gs.green_coverage(
        gs.vegetation(image(tmp_path, 1, red, nir), bands=BANDS, threshold=0.3), ZONE
    )
    row = table.to_frame().iloc[0]
    assert (row.value, row.unseen, row.denominator) == (1.0, 400 * 100, 6000 * 100)


@pytest.mark.parametrize(
    "bands",
    [{"red": 2, "nir": 2}, {"red": 2, "nir": 4}, {"red": 0, "nir": 3}, {"red": 2}, {"nri": 3, "red": 2},
     {"red": 2, "nir": -1}],
    ids=str,
)  # fmt: skip
def test_bands_that_are_equal_missing_or_misnamed_are_refused(tmp_path, bands):
    with pytest.raises(RasterError) as caught:
        gs.vegetation(image(tmp_path, 1, 2, 3), bands=bands, threshold=0.3)
    assert caught.value.file.endswith("image.tif")
    assert caught.value.remedy is not None


def test_two_names_for_one_band_of_one_file_are_refused(tmp_path):
    path = image(tmp_path, 7)
    with pytest.raises(RasterError, match="same band"):
        gs.vegetation({"red": path, "nir": path}, threshold=0.3)
    described = image(tmp_path, 5, 6, said={"descriptions": ("red", "RED")})
    with pytest.raises(RasterError, match="none is named"):
        gs.vegetation(described, threshold=0.3)
    described = image(tmp_path, 5, 6, 7, said={"descriptions": ("red", "nir", "NIR")})
    with pytest.raises(RasterError, match="Several bands") as caught:
        gs.vegetation(described, threshold=0.3)
    assert caught.value.found == ("red", "nir", "NIR")


def test_an_image_without_a_crs_is_refused(tmp_path):
    path = image(tmp_path, 1, 100, 300, crs=None)
    with pytest.raises(RasterError, match="no CRS"):
        gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=0.3), ZONE)
    given = gs.vegetation(path, bands=BANDS, threshold=0.3, crs="EPSG:4547")
    assert gs.green_coverage(given, ZONE).value.iloc[0] == 1.0
