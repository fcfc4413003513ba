"""Patches as polygons: by hand, whatever the blocks, against labels and unit squares."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
import shapely
from affine import Affine
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from scipy.ndimage import label
from shapely import box

from greenspace.model.grid import ClassStrip, Grid, Strip
from greenspace.prepare.vectorise import GreenClasses, patches_of

PLANE = CRS.from_epsg(4547)
CORNER = Affine(1, 0, 500_000, 0, -1, 3_380_000)
SEED = st.integers(0, 2**32 - 1)


class Codes:
    """A ClassRaster in memory."""

    def __init__(self, codes, transform=CORNER, crs=PLANE):
        self.codes = np.asarray(codes, dtype=np.uint8)
        height, width = self.codes.shape
        self.grid = Grid(width, height, transform, crs, 4, 4)
        self.sources = ()
        self.parallel = True

    def findings(self):
        return ()

    def class_strips(self, windows):
        for w in windows:
            yield ClassStrip(w, self.codes[w.row : w.row + w.height, w.col : w.col + w.width])

    def strips(self, windows):
        for strip in self.class_strips(windows):
            green = np.where(strip.codes == 255, 0, strip.codes / 10).astype(np.float32)
            yield Strip(strip.window, green, strip.codes != 255)


def blocks_of(rows, cols):
    return mock.patch.multiple("greenspace.model.grid", STRIP_ROWS=rows, STRIP_COLS=cols)


def drawn(patches):
    """Return class, area and outline of each patch, in an order that blocks do not change."""
    frame = patches.frame
    keys = zip(frame["class"], frame["area_m2"], frame.geometry, strict=True)
    return sorted((name, area, shape.normalize().wkt) for name, area, shape in keys)


# --- by hand


def test_pixels_that_share_only_a_corner_are_two_patches():
    # the diagonal of a 2 x 2 image of 3 m pixels: two patches of 9 m2 each
    raster = Codes(np.eye(2), transform=Affine(3, 0, 500_000, 0, -3, 3_380_000))
    frame = patches_of(raster, {1: "gained"}).frame
    assert frame["area_m2"].tolist() == [9.0, 9.0]
    assert frame["class"].tolist() == ["gained", "gained"]
    assert frame.crs == PLANE


def test_a_patch_that_blocks_cut_is_weighed_whole():
    # 2 m wide and 6 m long over three blocks of 4 x 4: 12 m2, where no piece has more than 8
    codes = np.zeros((4, 12))
    codes[1:3, 3:9] = 1
    with blocks_of(4, 4):
        patches = patches_of(Codes(codes), {1: "lost"}, smallest_m2=12)
    assert patches.frame["area_m2"].tolist() == [12.0]
    assert patches.frame.geometry[0].equals(box(500_003, 3_379_997, 500_009, 3_379_999))
    assert len(shapely.get_coordinates(patches.frame.geometry[0])) == 5
    assert (patches.dropped, patches.dropped_m2) == (0, 0.0)


def test_what_is_smaller_is_left_out_and_counted():
    # 1, 2 and 3 m2 in a row; of at least 2 m2 are two
    patches = patches_of(Codes([[1, 0, 1, 1, 0, 1, 1, 1]]), {1: "gained"}, smallest_m2=2)
    assert patches.frame["area_m2"].tolist() == [3.0, 2.0]
    assert (patches.dropped, patches.dropped_m2) == (1, 1.0)


def test_codes_of_one_name_are_one_class_and_others_are_left():
    patches = patches_of(Codes([[1, 5, 3, 2, 255]]), {1: "gained", 5: "gained", 2: "lost"})
    frame = patches.frame
    assert dict(zip(frame["class"], frame["area_m2"], strict=True)) == {"gained": 2.0, "lost": 1.0}


def test_nothing_to_draw_is_an_empty_layer():
    frame = patches_of(Codes(np.zeros((3, 3))), {1: "gained"}).frame
    assert len(frame) == 0
    assert list(frame.columns) == ["class", "area_m2", "geometry"]
    assert frame.crs == PLANE


def test_only_pixels_with_their_centre_inside_are_drawn():
    # columns 1 to 4 of 8: the right edge at 4.4 leaves out the centre at 4.5
    within = GeoSeries([box(500_001, 3_379_990, 500_004.4, 3_380_000)], crs=PLANE)
    frame = patches_of(Codes(np.ones((4, 8))), {1: "gained"}, within=within).frame
    assert frame.geometry[0].equals(box(500_001, 3_379_996, 500_004, 3_380_000))


def test_degrees_are_weighed_in_square_metres():
    degrees = Affine(0.001, 0, 114, 0, -0.001, 31)
    raster = Codes(np.ones((10, 10)), transform=degrees, crs=CRS.from_epsg(4326))
    frame = patches_of(raster, {1: "gained"}).frame
    ground = abs(Geod(ellps="WGS84").geometry_area_perimeter(frame.geometry[0])[0])
    assert frame["area_m2"][0] == pytest.approx(ground, rel=2e-4)
    assert patches_of(raster, {1: "gained"}, smallest_m2=ground * 1.01).dropped == 1


def test_a_turned_image_gives_turned_patches():
    turned = CORNER @ Affine.rotation(30)
    frame = patches_of(Codes([[0, 1, 1]], transform=turned), {1: "gained"}).frame
    assert frame["area_m2"][0] == pytest.approx(2.0, rel=1e-9)
    x, y = turned @ (2, 0.5)
    assert frame.geometry[0].centroid.distance(shapely.Point(x, y)) < 1e-6


def test_half_green_is_green_and_unseen_is_neither():
    # shares 0.4, 0.5, 1 and a pixel that is not seen
    raster = GreenClasses(Codes([[4, 5, 10, 255]]))
    (strip,) = raster.class_strips(raster.grid.windows())
    assert strip.codes.tolist() == [[0, 1, 1, 255]]


# --- by property


@given(seed=SEED, density=st.floats(0.1, 0.9), high=st.integers(4, 9), wide=st.integers(4, 9))
@settings(max_examples=12)
def test_blocks_change_nothing(seed, density, high, wide):
    raster = Codes(np.random.default_rng(seed).random((20, 21)) < density)
    names = {0: "lost", 1: "gained"}
    whole = patches_of(raster, names, smallest_m2=3)
    with blocks_of(high, wide):
        cut = patches_of(raster, names, smallest_m2=3)
    assert drawn(cut) == drawn(whole)
    assert (cut.dropped, cut.dropped_m2) == (whole.dropped, whole.dropped_m2)


@given(seed=SEED, density=st.floats(0.1, 0.9))
@settings(max_examples=12)
def test_patches_are_the_labels_and_cover_their_pixels(seed, density):
    codes = np.random.default_rng(seed).random((16, 16)) < density
    with blocks_of(5, 7):
        frame = patches_of(Codes(codes), {1: "gained"}).frame
    labels, count = label(codes)
    assert sorted(frame["area_m2"]) == sorted(np.bincount(labels.ravel())[1:].tolist())
    assert len(frame) == count
    assert frame.is_valid.all()
    squares = [
        box(500_000 + c, 3_380_000 - r - 1, 500_001 + c, 3_380_000 - r)
        for r, c in zip(*np.nonzero(codes), strict=True)
    ]
    apart = shapely.symmetric_difference(
        shapely.union_all(squares), shapely.union_all(frame.geometry.to_numpy())
    )
    assert apart.area == 0


def test_a_patch_is_weighed_where_it_lies_in_a_tall_block_of_degrees():
    # five degrees in one block: a pixel in the south is a seventh larger than one in the north
    codes = np.zeros((512, 20))
    codes[2:4, 2:4] = codes[508:510, 2:4] = 1
    with blocks_of(512, 20):
        raster = Codes(codes, Affine(0.01, 0, 114, 0, -0.01, 55), CRS.from_epsg(4490))
        raster.grid = Grid(20, 512, raster.grid.transform, raster.grid.crs, 512, 20)
        every = patches_of(raster, {1: "green"})
        large, small = every.frame["area_m2"]
        assert large > 1.1 * small
        for least, kept in ((small * 0.999, 2), (small * 1.001, 1), (large * 0.999, 1)):
            found = patches_of(raster, {1: "green"}, smallest_m2=least)
            assert len(found.frame) == kept
            lacking = every.frame["area_m2"].sum() - found.frame["area_m2"].sum()
            assert found.dropped_m2 == pytest.approx(lacking, rel=1e-3)
