"""A threshold that no value of an index passes, or every one, is no threshold."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import RasterError
from tests.scene import write_raster

PLACE = Affine(10, 0, 500_000, 0, -10, 3_400_000)
BANDS = {"red": 1, "nir": 2, "green": 3, "blue": 4}
SCALED = {"scale": 1e-4, "offset": 0.0}


@pytest.fixture
def image(tmp_path):
    """NDVI 0.5 and 0; nothing but red, nothing but green light is as far as a ratio goes."""
    values = np.array([[[50, 80]], [[150, 80]], [[60, 60]], [[60, 60]]], "uint16")
    return write_raster(tmp_path / "i.tif", values, transform=PLACE, nodata=0)


BEYOND = [
    ("ndvi", 30, "0.3"),  # meant as per cent
    ("ndvi", 1, "0.3"),  # nothing is above 1
    ("ndvi", -1, "0.3"),  # everything is, but for nothing-but-red
    ("exg", 2, "0.02"),
    ("exg", -1, "0.3"),
    ("evi", 30, "0.3"),
    ("savi", -20, "-0.2"),
]


@pytest.mark.parametrize(("index", "threshold", "hint"), BEYOND)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_refused_with_the_number_that_was_meant(image, index, threshold, hint, lang):
    with pytest.raises(RasterError) as caught:
        gs.vegetation(image, index=index, threshold=threshold, bands=BANDS, **SCALED)

    assert caught.value.found == threshold
    assert hint in caught.value.remedy.of(lang)


@pytest.mark.parametrize(
    ("index", "threshold"), [("ndvi", 0.99), ("ndvi", -0.99), ("exg", 1.99), ("evi", 1.2)]
)
def test_one_within_the_limits_is_taken(image, index, threshold):
    zone = gpd.GeoSeries([box(500_000, 3_399_990, 500_020, 3_400_000)], crs=4547)
    green = gs.vegetation(image, index=index, threshold=threshold, bands=BANDS, **SCALED)

    assert gs.green_coverage(green, zone).value.iloc[0] == (1.0 if threshold < 0 else 0.0)
