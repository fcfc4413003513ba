"""Little green in large zones counts; grids that cannot be weighed by rows are refused."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError


def written(path, green, transform, crs):
    profile = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": crs, "transform": transform}
    with rasterio.open(path, "w", height=green.shape[0], width=green.shape[1], **profile) as file:
        file.write(green.astype("uint8"), 1)
    return path


def test_one_green_square_metre_of_a_large_zone_is_not_lost(tmp_path):
    green = np.zeros((10, 10))
    green[4, 4] = 1
    path = written(tmp_path / "g.tif", green, Affine(1, 0, 500_000, 0, -1, 4_000_010), 32650)
    zone = gpd.GeoSeries([box(480_000, 3_980_000, 520_000, 4_020_000)], crs=32650)

    (row,) = gs.green_coverage(path, zone).to_frame().itertuples()

    assert row.numerator == pytest.approx(1, rel=1e-6)
    assert row.denominator == pytest.approx(100, rel=1e-6)


def test_a_crown_in_a_large_zone_is_not_lost(tmp_path):
    path = written(
        tmp_path / "g.tif", np.zeros((10, 10)), Affine(1, 0, 5e5, 0, -1, 4e6 + 10), 32650
    )
    crown = gpd.GeoSeries([box(490_000, 4e6, 490_001, 4e6 + 1)], crs=32650)
    zone = gpd.GeoSeries([box(480_000, 3_980_000, 520_000, 4_020_000)], crs=32650)

    table = gs.green_coverage(gs.corrected(path, canopy=crown), zone)

    assert table.to_frame()["numerator"].iloc[0] == pytest.approx(1, rel=1e-6)


def test_a_zone_that_touches_a_green_pixel_has_none_of_it(tmp_path):
    green = np.zeros((10, 10))
    green[:, :5] = 1
    path = written(
        tmp_path / "g.tif", green, Affine(0.1, 0, 500_000.3, 0, -0.1, 4_000_000.7), 32650
    )
    zones = gpd.GeoSeries([box(500_000.8, 3_999_999.7, 500_001.3, 4_000_000.7)], crs=32650)

    assert gs.green_coverage(path, zones).to_frame()["numerator"].iloc[0] == 0


@pytest.mark.parametrize(
    "transform", [Affine(0, 0.01, 116, -0.01, 0, 40), Affine(0.01, 0.002, 116, 0.002, -0.01, 40)]
)
def test_an_image_in_degrees_that_is_turned_is_refused(tmp_path, transform):
    path = written(tmp_path / "g.tif", np.ones((9, 9)), transform, 4326)
    zone = gpd.GeoSeries([box(116, 39.95, 116.05, 40)], crs=4326)

    with pytest.raises(RasterError) as refused:
        gs.green_coverage(path, zone)

    assert refused.value.expected == "rows along parallels"
