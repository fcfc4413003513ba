"""A ratio of bands does not change with their unit: ties at the threshold stay ties."""

import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs

geopandas = pytest.importorskip("geopandas")


def pairs_at(threshold: float, most: int = 1000) -> np.ndarray:
    """Return pairs of red and nir whose NDVI is exactly a fraction of small whole numbers."""
    red, nir = np.meshgrid(np.arange(1, most), np.arange(1, most))
    tie = (nir - red) * 1000 == round(threshold * 1000) * (nir + red)
    return np.stack([red[tie], nir[tie]])


def share_of_green(planes: np.ndarray, tmp_path, threshold: float, **terms) -> float:
    rasterio = pytest.importorskip("rasterio")
    path = tmp_path / "image.tif"
    count = planes.shape[1]
    profile = {
        "driver": "GTiff",
        "width": count,
        "height": 1,
        "count": 2,
        "dtype": "uint16",
        "crs": "EPSG:32650",
        "transform": Affine(1, 0, 5e5, 0, -1, 4e6),
    }
    with rasterio.open(path, "w", **profile) as image:
        image.write(planes[:, None, :].astype("uint16"))
    zone = geopandas.GeoSeries([box(5e5, 4e6 - 1, 5e5 + count, 4e6)], crs=32650)
    green = gs.vegetation(
        path, threshold=threshold, bands={"red": 1, "nir": 2}, nodata=65535, **terms
    )
    return float(gs.green_coverage(green, zone).value.iloc[0])


@pytest.mark.parametrize("threshold", [0.2, 0.25, 0.3, 0.4])
@pytest.mark.parametrize("scale", [1e-4, 1 / 3, 2.75e-5])
def test_a_pixel_at_the_threshold_is_not_green_in_any_unit(tmp_path, threshold, scale):
    planes = pairs_at(threshold)

    assert planes.shape[1] > 50
    assert share_of_green(planes, tmp_path, threshold) == 0
    assert share_of_green(planes, tmp_path, threshold, scale=scale, offset=0) == 0


@pytest.mark.parametrize("threshold", [0.2, 0.3])
def test_an_offset_of_whole_steps_leaves_ties_what_they_are(tmp_path, threshold):
    planes = pairs_at(threshold) + 1000  # as Sentinel-2 stores them

    assert share_of_green(planes, tmp_path, threshold, scale=1e-4, offset=-0.1) == 0


def test_a_reflectance_of_exactly_zero_is_not_below_zero(tmp_path):
    planes = np.array([[1000, 1000], [2000, 3000]])

    assert share_of_green(planes, tmp_path, 0.5, scale=1e-4, offset=-0.1) == 1
