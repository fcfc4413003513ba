"""Images that lie turned, upside down or are next to nothing: the same shares as by brute force."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

import greenspace as gs
from tests.scene import write_raster

CORNER = Affine.translation(500_000, 3_400_000)
LAYS = {
    "north up": CORNER @ Affine.scale(2, -2),
    "south up": CORNER @ Affine.scale(2, 2),
    "east first": CORNER @ Affine.scale(-2, -2),
    "turned by 30 degrees": CORNER @ Affine.rotation(30) @ Affine.scale(2, -2),
    "turned by 200 degrees, oblong": CORNER @ Affine.rotation(200) @ Affine.scale(3, -1),
}


def shares_by_brute_force(green, seen, place, zone):
    """Return green and seen area of a zone, every pixel cut with it as a polygon."""
    totals = [0.0, 0.0]
    for row, col in np.argwhere(seen):
        corners = ((col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1))
        part = shapely.Polygon([place @ corner for corner in corners]).intersection(zone).area
        totals[0] += part * bool(green[row, col])
        totals[1] += part
    return totals


@given(
    lay=st.sampled_from(sorted(LAYS)),
    shape=st.sampled_from([(1, 1), (1, 7), (7, 1), (5, 6)]),
    seed=st.integers(0, 999),
)
def test_zones_of_an_image_have_the_same_shares_however_it_lies(tmp_path_factory, lay, shape, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(1, 9, (2, *shape)).astype("uint8")
    values[:, rng.random(shape) < 0.2] = 0
    path = tmp_path_factory.mktemp("t") / "i.tif"
    write_raster(path, values, transform=LAYS[lay], nodata=0)
    outline = shapely.Polygon(
        [LAYS[lay] @ corner for corner in ((0, 0), (shape[1], 0), shape[::-1], (0, shape[0]))]
    )
    middle = outline.centroid.coords[0]
    zone = shapely.affinity.rotate(outline, float(rng.integers(0, 90))).intersection(outline)
    zone = shapely.affinity.scale(zone, 0.9, 0.7, origin=middle)
    asked = gs.vegetation(path, bands={"red": 1, "nir": 2}, threshold=0.1)
    table = gs.green_coverage(asked, gpd.GeoSeries([zone], crs=4547)).to_frame()
    red, nir = values.astype(float)
    seen = (red > 0) & (nir > 0)
    with np.errstate(invalid="ignore"):
        green = (nir - red) / (nir + red) > 0.1
    expected = shares_by_brute_force(green, seen, LAYS[lay], zone)
    found = (table.numerator.iloc[0], table.denominator.iloc[0])
    assert found == pytest.approx(expected, abs=1e-6)
    assert table.unseen.iloc[0] == pytest.approx(zone.area - expected[1], abs=1e-6)
