"""Corrections: the words that are understood, what is refused, and pixels with polygons burnt in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from shapely import box

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.grid import Grid, Strip, Window
from greenspace.prepare.corrections import (
    Corrected,
    canopy_overlay,
    corrections_overlay,
    require_agreement,
)

PLANE = CRS.from_epsg(4547)
X, Y = 500_000, 3_400_000


def at(x0, y0, x1, y1):
    return box(X + x0, Y + y0, X + x1, Y + y1)


def layer(*actions, crs=PLANE, places=None, **columns):
    places = places or [at(3 * i, 0, 3 * i + 1, 1) for i in range(len(actions))]
    frame = gpd.GeoDataFrame({"action": list(actions), **columns}, geometry=places, crs=PLANE)
    return frame.to_crs(crs)


@pytest.mark.parametrize("word", ["add", "ADD", " Add ", "增", "加", "增加", "\uff41\uff44\uff44"])
def test_words_for_adding(word):
    assert corrections_overlay(layer(word)).frame["adds"].tolist() == [True]


@pytest.mark.parametrize("word", ["remove", "Remove", "删", "减", "删除"])
def test_words_for_removing(word):
    assert corrections_overlay(layer(word)).frame["adds"].tolist() == [False]


@pytest.mark.parametrize("word", ["", "keep", "1", 1, None, float("nan"), "改"])
def test_another_word_is_refused_with_its_rows(word):
    frame = layer("add", word, "remove", word).set_index(np.array([4, 7, 9, 2]))
    with pytest.raises(ColumnError) as refusal:
        corrections_overlay(frame)
    assert refusal.value.rows == (7, 2)
    assert (refusal.value.layer, refusal.value.column) == ("corrections", "action")


def test_a_layer_without_actions_is_refused_and_its_columns_are_named():
    with pytest.raises(ColumnError) as refusal:
        corrections_overlay(layer("add").rename(columns={"action": "操作"}))
    assert refusal.value.found == ("操作", "geometry")


def test_the_layer_given_is_left_as_it_was():
    frame = layer("add", "remove", note=["a", "b"])
    before = frame.copy()
    corrections_overlay(frame)
    canopy_overlay(frame)
    assert frame.equals(before)


def test_ground_added_and_removed_at_once_is_refused_with_both_rows():
    # rows 1 and 2 share 0.5 m2; rows 0 and 1, both added, may overlap
    places = [at(0, 0, 2, 1), at(1, 0, 3, 1), at(2.5, 0, 5, 1)]
    frame = corrections_overlay(layer("add", "add", "remove", places=places)).frame
    with pytest.raises(GeometryError) as refusal:
        require_agreement(frame, "corrections")
    assert refusal.value.rows == (1, 2)
    assert refusal.value.found == pytest.approx(0.5)


def test_corrections_that_share_an_edge_agree():
    places = [at(0, 0, 2, 1), at(2 - 1e-9, 0, 4, 1)]
    require_agreement(corrections_overlay(layer("add", "remove", places=places)).frame, "c")


WHOLE = (Window(0, 0, 4, 6),)


class Dots:
    """A raster of 6 x 4 pixels of 1 m, green in the left half and seen but in the last column."""

    def __init__(self, crs=PLANE, dtype=bool):
        self.grid = Grid(6, 4, Affine(1, 0, X, 0, -1, Y + 4), crs)
        self.sources = ()
        self.parallel = True
        self.green = np.zeros((4, 6), dtype)
        self.green[:, :3] = 1
        self.seen = np.ones((4, 6), bool)
        self.seen[:, 5] = False

    def findings(self):
        return ()

    def strips(self, windows):
        for w in windows:
            part = (slice(w.row, w.row + w.height), slice(w.col, w.col + w.width))
            yield Strip(w, self.green[part], self.seen[part])


def burnt(raster, *overlays, windows=WHOLE):
    strips = list(Corrected(raster, overlays).strips(windows))
    return [(strip.green.astype(int).tolist(), strip.seen.astype(int).tolist()) for strip in strips]


@pytest.mark.parametrize("crs", [PLANE, CRS.from_epsg(4490)], ids=["its plane", "degrees"])
def test_a_polygon_decides_the_pixels_whose_middle_it_covers(crs):
    # add over the middles of columns 4 and 5 of the top row; remove those of 0 and 1 of the last
    places = [at(3.6, 3.2, 5.9, 4), at(0, 0, 1.6, 0.9)]
    drawn = corrections_overlay(layer("add", "remove", places=places, crs=crs))
    ((green, seen),) = burnt(Dots(), drawn)
    assert green == [[1, 1, 1, 0, 1, 1], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], [0, 0, 1, 0, 0, 0]]
    assert seen == [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 0]]


def test_windows_cut_nothing_and_the_raster_stays_as_it_was():
    raster = Dots(dtype=np.float32)
    drawn = corrections_overlay(layer("add", places=[at(2.2, 1.2, 5.7, 3.4)]))
    before = raster.green.copy()
    ((whole, _),) = burnt(raster, drawn)
    halves = burnt(raster, drawn, windows=[Window(0, 0, 4, 4), Window(0, 4, 4, 2)])
    assert np.hstack([green for green, _ in halves]).tolist() == whole
    assert (raster.green == before).all()


def test_a_later_overlay_is_burnt_over_an_earlier_one():
    crown = canopy_overlay(gpd.GeoSeries([at(3, 0, 6, 4)], crs=PLANE))
    off = corrections_overlay(layer("remove", places=[at(4, 0, 6, 4)]))
    ((green, _),) = burnt(Dots(), crown, off)
    assert green == [[1, 1, 1, 1, 0, 0]] * 4
