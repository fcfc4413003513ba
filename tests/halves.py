"""A scene of two halves for ``greenspace coverage``: an image, its bands and layers of zones."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np
from affine import Affine
from shapely import box

from tests.scene import write_raster
from tests.test_cli import RED, run

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 10.0
PLACE = Affine(SIDE, 0, WEST, 0, -SIDE, NORTH)
# Four by eight pixels of 100 m2. Green (NDVI 0.5), bare (NDVI 0) or nodata (0 in both bands).
PATTERN = ["GGGGBBBB", "GGGGBBBB", "GGBBBB..", "GGBBBB.."]
NUMBERS = {"G": (50, 150), "B": (80, 80), ".": (0, 0)}
HOSTILE = f'=1+1 [red]{RED}東²区<b>"'
BANDS = ("--bands", "red=1,nir=2", "--threshold", "0.2", "--nodata", "0")


def ground(left, top, right, bottom):
    """A box from one corner of pixels to another, in whole or part pixels."""
    return box(WEST + SIDE * left, NORTH - SIDE * bottom, WEST + SIDE * right, NORTH - SIDE * top)


def make_scene(folder):
    """Write an image of 40 m by 80 m; a west half with a hostile name, an east half, and overlaps."""
    values = np.array([[[NUMBERS[c][b] for c in row] for row in PATTERN] for b in (0, 1)], "uint8")
    write_raster(folder / "image.tif", values, transform=PLACE)
    write_raster(folder / "red.tif", values[0], transform=PLACE)
    write_raster(folder / "nir.tif", values[1], transform=PLACE)
    write_raster(folder / "bare.tif", values, transform=PLACE, crs=None)
    layers = {
        "halves": [ground(0, 0, 4, 4), ground(4, 0, 8, 4)],
        "overlaps": [ground(0, 0, 4, 4), ground(2, 0, 8, 4)],
        "cut": [ground(0.5, 0, 4, 4)],
        "far": [ground(9000, 0, 9008, 4)],
    }
    for name, shapes in layers.items():
        frame = gpd.GeoDataFrame(
            {"区名": [HOSTILE, "东"][: len(shapes)]}, geometry=shapes, crs=4547
        )
        frame.to_file(folder / "zones.gpkg", layer=name)
    return folder


def coverage(scene, layer="halves", *words, image="image.tif"):
    zones = ("--layer", layer, "--zone-name", "区名")
    return run("coverage", scene / image, scene / "zones.gpkg", *BANDS, *zones, *words)


def rows_of(folder):
    text = (folder / "coverage.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))
