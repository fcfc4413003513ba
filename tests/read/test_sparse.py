"""Tiles that a sparse GeoTIFF leaves out: unseen in an image, 0 in a raster of shares."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box

import greenspace as gs

PLACE = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_400_000.0)
ZONE = gpd.GeoSeries([box(500_000, 3_399_936, 500_064, 3_400_000)], crs=4547)  # 32 x 32 pixels
BANDS = {"red": 1, "nir": 2}


def write(path, count, tiles, **profile):
    """Write tiles of 16 x 16 pixels, as (row, column); the others are left out."""
    shape = {"count": count, "height": 32, "width": 32, "dtype": "uint8", "crs": "EPSG:4547"}
    layout = {"tiled": True, "blockxsize": 16, "blockysize": 16, "SPARSE_OK": True, **profile}
    with rasterio.open(path, "w", driver="GTiff", transform=PLACE, **shape, **layout) as file:
        for row, col in tiles:
            values = np.stack([np.full((16, 16), 1 + 2 * band, "uint8") for band in range(count)])
            file.write(values, window=rasterio.windows.Window(col * 16, row * 16, 16, 16))
    return path


@pytest.mark.parametrize("interleave", ["band", "pixel"])
def test_tiles_left_out_of_an_image_are_unseen_and_counted(tmp_path, interleave):
    # Two of four tiles of 1024 m2 are there, with NDVI (4 - 2) / 6 = 0.33; with the offset of 1 that
    # is given, the others would be (1 - 1) / 2 = 0: not green.
    path = write(tmp_path / "i.tif", 2, [(0, 0), (1, 1)], interleave=interleave)
    image = gs.vegetation(path, bands=BANDS, threshold=0.1, scale=1, offset=1, nodata=200)
    table = gs.green_coverage(image, ZONE)
    frame = table.to_frame()
    found = (frame.numerator.iloc[0], frame.denominator.iloc[0], frame.unseen.iloc[0])
    assert found == pytest.approx((2048, 2048, 2048))
    (finding,) = (item for item in table.findings if item.code == "absent_tiles")
    assert (finding.count, finding.area_m2, finding.severity) == (2, 2048, "warning")


def test_a_whole_file_has_no_tiles_left_out(tmp_path):
    path = write(tmp_path / "i.tif", 2, [(0, 0), (0, 1), (1, 0), (1, 1)])
    table = gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=0.1, nodata=9), ZONE)
    assert "absent_tiles" not in {item.code for item in table.findings}


def test_one_large_strip_is_no_sparse_file(tmp_path):
    # GDAL shows it as strips of one row, of which the file has the first only.
    shape = {"count": 2, "height": 3000, "width": 3000, "dtype": "uint8", "crs": "EPSG:4547"}
    path = tmp_path / "i.tif"
    with rasterio.open(
        path, "w", driver="GTiff", transform=PLACE, blockysize=3000, compress="deflate", **shape
    ) as file:
        file.write(np.stack([np.full((3000, 3000), value, "uint8") for value in (1, 3)]))
    table = gs.green_coverage(gs.vegetation(path, bands=BANDS, threshold=0.1, nodata=9), ZONE)
    assert table.to_frame().unseen.iloc[0] == 0


def test_tiles_left_out_of_shares_are_not_green(tmp_path):
    path = write(tmp_path / "g.tif", 1, [(0, 1)])
    frame = gs.green_coverage(path, ZONE).to_frame()
    assert (frame.numerator.iloc[0], frame.denominator.iloc[0]) == pytest.approx((1024, 4096))
