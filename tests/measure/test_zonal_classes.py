"""Shares by class, by hand and beside plain counting."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoSeries
from shapely import box

from greenspace.measure.zonal import shares_by_class
from greenspace.model.grid import UNSEEN, ClassStrip


class Classes:
    """A ClassRaster in memory."""

    def __init__(self, codes, raster):
        self.codes = np.asarray(codes, dtype=np.uint8)
        self.grid, self.sources, self.parallel = raster.grid, (), False

    def findings(self):
        return ()

    def class_strips(self, windows):
        for w in windows:
            yield ClassStrip(w, self.codes[w.row : w.row + w.height, w.col : w.col + w.width])


def test_half_pixels_of_three_classes(pixels):
    # the zone is 2 x 1.5: half of the row above, all of the row below, 3 px in all
    # above: 0.5 of class 0, 0.5 of class 1; below: 1 of class 2, 1 unseen
    codes = [[0, 1], [2, UNSEEN]]
    raster = Classes(codes, pixels(np.zeros((2, 2))))
    shares = shares_by_class(raster, GeoSeries([box(0, 0, 2, 1.5)], crs=6933), 3)
    assert shares[0] == pytest.approx([0.5 / 3, 0.5 / 3, 1 / 3], abs=1e-15)


def test_codes_beyond_the_classes_are_in_no_column(pixels):
    raster = Classes([[0, 7]], pixels(np.zeros((1, 2))))
    zones = GeoSeries([box(0, 0, 2, 1), box(5, 5, 6, 6)], crs=6933)
    assert shares_by_class(raster, zones, 2).tolist() == [[0.5, 0.0], [0.0, 0.0]]


def test_zones_of_whole_pixels_hold_what_counting_gives(pixels):
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 5, (40, 60)).astype(np.uint8)
    codes[codes == 4] = UNSEEN
    zones = GeoSeries([box(0, 0, 60, 40), box(10, 5, 37, 29)], crs=6933)
    shares = shares_by_class(Classes(codes, pixels(np.zeros((40, 60)))), zones, 4)
    counts = [[(part == code).mean() for code in range(4)] for part in (codes, codes[11:35, 10:37])]
    np.testing.assert_allclose(shares, counts, rtol=0, atol=1e-14)
