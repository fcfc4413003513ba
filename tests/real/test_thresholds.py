"""Thresholds and classes on real images, beside figures computed with plain NumPy."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError
from greenspace.measure.zonal import shares_by_class
from greenspace.prepare.land_cover import LAYERS
from greenspace.prepare.otsu import DEPTH

pytestmark = pytest.mark.real_data
LANDSAT = {"scale": 2.75e-5, "offset": -0.2}
FISHBOURNE = {"bands": {"blue": 1, "green": 2, "red": 3, "nir": 4}, "nodata": 0}


def whole(raster):
    return gpd.GeoDataFrame(geometry=[box(*raster.grid.bounds)], crs=raster.grid.crs)


def measured(raster):
    table = gs.green_coverage(raster, whole(raster))
    return table.value.iloc[0], {finding.code for finding in table.findings}


def otsu_by_hand(values, bins=4096):
    """The border of greatest variance between two classes, every border tried."""
    counts, edges = np.histogram(np.clip(values, -1, 1), bins, (-1, 1))
    middle = (edges[1:] + edges[:-1]) / 2
    best, cut = -1.0, None
    for border in range(1, bins):
        low, high = counts[:border], counts[border:]
        if low.sum() and high.sum():
            gap = np.average(middle[:border], weights=low) - np.average(
                middle[border:], weights=high
            )
            if low.sum() * high.sum() * gap**2 > best:
                best, cut = low.sum() * high.sum() * gap**2, edges[border]
    return cut


@pytest.fixture
def storm_lake(real_data):
    folder = real_data / "stormlake"
    return {"red": folder / "sr_b4_20200829.tif", "nir": folder / "sr_b5_20200829.tif"}


def test_storm_lake_has_a_valley_after_scale_and_offset_only(storm_lake):
    found = gs.vegetation(storm_lake, **LANDSAT)
    red, nir = (rasterio.open(storm_lake[band]).read(1) * 2.75e-5 - 0.2 for band in ("red", "nir"))
    ndvi = (nir - red) / (nir + red)
    assert found.cut == pytest.approx(otsu_by_hand(ndvi), abs=1e-9)
    value, codes = measured(found)
    assert value == pytest.approx((ndvi > found.cut).mean(), abs=1e-9)
    assert not codes & {"scale_forgotten", "otsu_unusual"}
    with pytest.raises(RasterError) as caught:
        measured(gs.vegetation(storm_lake))
    assert caught.value.found < caught.value.expected == DEPTH


def test_storm_lake_in_raw_numbers_is_warned_of(storm_lake):
    value, codes = measured(gs.vegetation(storm_lake, threshold=0.3))
    assert value == pytest.approx(0.027, abs=5e-4)  # (C); 0.708 after scale and offset
    assert "scale_forgotten" in codes
    with pytest.raises(RasterError, match=r"0\.0000275"):
        measured(gs.vegetation(storm_lake, index="savi", threshold=0.3, scale=1.0, offset=0.0))


def test_olinda_has_three_classes_and_no_valley_at_the_cut(real_data):
    with pytest.raises(RasterError, match="no valley") as caught:
        measured(gs.vegetation(real_data / "olinda/L7_ETMs.tif", bands={"red": 3, "nir": 4}))
    assert caught.value.found == pytest.approx(0, abs=1e-6)
    assert caught.value.file.endswith("L7_ETMs.tif")


def test_fishbourne_has_a_valley(real_data):
    path = real_data / "misc_raster/s2a_l2a_fishbourne.tif"
    found = gs.vegetation(path, **FISHBOURNE)
    red, nir = rasterio.open(path).read([3, 4]).astype(float)
    seen = (red != 0) & (nir != 0)
    ndvi = (nir[seen] - red[seen]) / (nir[seen] + red[seen])
    # empty bins leave several borders as good: the middle of them parts the pixels alike
    assert (ndvi > found.cut).sum() == (ndvi > otsu_by_hand(ndvi)).sum()
    assert measured(found)[0] == pytest.approx((ndvi > found.cut).mean(), abs=1e-9)
    with pytest.raises(RasterError, match=r"0\.0001"):
        measured(
            gs.vegetation(path, index="evi", threshold=0.3, scale=1.0, offset=0.0, **FISHBOURNE)
        )


def test_lausanne_by_its_codes_is_what_numpy_counts(real_data):
    path = real_data / "lausanne/ls100_06.tif"
    values = rasterio.open(path).read(1)
    words = ("tree", "shrub", "herb", "none")
    table = {int(code): words[code % 4] for code in np.unique(values) if code != 255}
    raster = gs.vegetation(path, classes=table)
    shares = shares_by_class(raster, whole(raster).geometry, len(LAYERS))[0]
    place = {"tree": 1, "shrub": 2, "herb": 3, "none": 0}
    for word, column in place.items():
        codes = [code for code, other in table.items() if other == word]
        assert shares[column] == pytest.approx(np.isin(values, codes).mean(), abs=1e-9)
    assert shares.sum() == pytest.approx((values != 255).mean(), abs=1e-9)
    green = np.isin(values, [code for code, word in table.items() if word != "none"])
    assert measured(raster)[0] == pytest.approx(green.sum() / (values != 255).sum(), abs=1e-9)
