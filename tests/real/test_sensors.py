"""Sensors on real images: Landsat 8 of Storm Lake and New York, Landsat 7 of Olinda, Sentinel-2."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError

pytestmark = pytest.mark.real_data


def frame_of(path):
    with rasterio.open(path) as dataset:
        return gpd.GeoDataFrame(geometry=[box(*dataset.bounds)], crs=dataset.crs)


def test_storm_lake_by_its_sensor_is_as_green_as_by_hand(real_data):
    # NDVI of 0.0000275 n - 0.2: mean 0.47075, 70.8 % above 0.3; of the raw numbers 2.7 %.
    folder = real_data / "stormlake"
    files = {"red": folder / "sr_b4_20200829.tif", "nir": folder / "sr_b5_20200829.tif"}
    image = gs.vegetation(files, sensor="landsat8-c2l2", threshold=0.3)
    table = gs.green_coverage(image, frame_of(files["red"]))
    assert table.value.iloc[0] == pytest.approx(0.708, abs=5e-4)
    assert [finding.code for finding in table.findings] == ["scale_of_sensor"]
    bands = image.reader.stream(("red", "nir"), image.grid.windows())
    ndvi = np.concatenate(
        [((nir - red) / (nir + red))[seen] for _, (red, nir), seen in bands], axis=None
    )
    assert ndvi.mean() == pytest.approx(0.47075, abs=5e-5)


def test_storm_lake_files_confused_are_refused_by_name(real_data, tmp_path):
    folder = real_data / "stormlake"
    for source, name in (
        ("sr_b4_20200829.tif", "x_SR_B4.tif"),
        ("sr_b5_20200829.tif", "x_SR_B5.tif"),
    ):
        (tmp_path / name).write_bytes((folder / source).read_bytes())
    files = {"red": tmp_path / "x_SR_B5.tif", "nir": tmp_path / "x_SR_B4.tif"}
    with pytest.raises(RasterError, match="it is nir"):
        gs.vegetation(files, sensor="landsat8-c2l2", threshold=0.3)


def test_olinda_is_no_collection_2_product(real_data):
    # Eight-bit numbers: the sensor's scale is for uint16 and is not applied to them.
    path = real_data / "olinda" / "L7_ETMs.tif"
    bands = {"red": 3, "nir": 4}
    with pytest.raises(RasterError, match="holds uint8"):
        gs.vegetation(path, sensor="landsat7-c2l2", bands=bands, threshold=0.2)


def test_fishbourne_holds_floats_that_nobody_explains(real_data):
    path = real_data / "misc_raster" / "s2a_l2a_fishbourne.tif"
    how = {"bands": {"red": 3, "nir": 4}, "threshold": 0.3, "nodata": 0}
    with pytest.raises(RasterError, match="holds float32"):
        gs.vegetation(path, sensor="sentinel2-l2a:02.14", **how)
    said = gs.vegetation(path, sensor="sentinel2-l2a", scale=1e-4, offset=0.0, **how)
    plain = gs.vegetation(path, **how)
    zone = frame_of(path)
    values = [gs.green_coverage(image, zone).value.iloc[0] for image in (said, plain)]
    assert values[0] == pytest.approx(values[1])  # a factor alone changes no ratio


def test_the_clouds_of_new_york_are_unseen(real_data):
    # Counted by numpy: fill 1 (1861 pixels), cloud 2800 (59), shadow of high confidence 2976 and
    # 3008 (6 each); clear 2720 (3744) and cloud of medium confidence 2752 (176) are seen.
    folder = real_data / "nyc" / "LC08_L1TP_013032_20180710_20180717_01_T1"
    part = "LC08_L1TP_013032_20180710"
    files = {"red": folder / f"{part}_B4.TIF", "nir": folder / f"{part}_B5.TIF"}
    mask = {"path": folder / f"{part}_BQA.TIF", "codes": "landsat8-c1-bqa"}
    image = gs.vegetation(files, threshold=0.1, nodata=-1, mask=mask)
    seen = sum(int(strip.seen.sum()) for strip in image.strips(image.grid.windows()))
    assert seen == 3744 + 176
    assert "mask_decoded" in [finding.code for finding in image.findings()]
    with rasterio.open(mask["path"]) as dataset:
        assert np.unique(dataset.read(1)).tolist() == [1, 2720, 2752, 2800, 2976, 3008]
