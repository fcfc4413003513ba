"""A raster in memory for the tests of measures."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS

from greenspace.model.grid import Grid, Strip

PLANE = CRS.from_epsg(6933)


class Pixels:
    """A GreenRaster in memory: green shares, seen pixels, and where they lie."""

    def __init__(self, green, *, seen=None, transform=None, crs=PLANE, block=(512, 512)):
        self.green = np.asarray(green, dtype=np.float32)
        height, width = self.green.shape
        self.seen = np.ones((height, width), bool) if seen is None else np.asarray(seen, bool)
        where = Affine(1, 0, 0, 0, -1, height) if transform is None else transform
        self.grid = Grid(width, height, where, crs, *block)
        self.sources = ()
        self.parallel = False
        self.windows = []

    def findings(self):
        return ()

    def strips(self, windows):
        for window in windows:
            self.windows.append(window)
            rows = slice(window.row, window.row + window.height)
            cols = slice(window.col, window.col + window.width)
            yield Strip(window, self.green[rows, cols], self.seen[rows, cols])


@pytest.fixture(scope="session")
def pixels():
    return Pixels
