"""Picture: the vegetation of an image, made small enough to draw.

Question   Where, roughly, is it green?
Enters     A lazy GreenRaster.
Leaves     A Picture of green shares, or none where the image is turned.
Elsewhere  Drawing it: present/maps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.model.check import Picture
from greenspace.model.grid import UNSEEN
from greenspace.prepare.two_dates import KEPT, STRADDLING, UNSEEN_STRADDLING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from greenspace.model.grid import GreenRaster, Grid, Window
    from greenspace.prepare.two_dates import TwoDates

    Part = tuple[Window, NDArray[np.generic], NDArray[np.generic]]
    Array = NDArray[np.float64]

SIDE = 1200  # pixels of a picture, at most
KEPT_CODES = (KEPT, KEPT + STRADDLING)
UNSEEN_CODES = (UNSEEN, UNSEEN_STRADDLING)


def reduced_picture(raster: GreenRaster, *, side: int = SIDE) -> Picture | None:
    """Return a picture of the vegetation of at most `side` pixels a side, for maps.

    Each picture pixel is the green share of what is seen below it, NaN where nothing is;
    north is up. A rotated image has no picture.
    """
    strips = (
        (strip.window, strip.green, strip.seen) for strip in raster.strips(raster.grid.windows())
    )
    return _reduced(raster.grid, strips, side)


def reduced_kept(dates: TwoDates, *, side: int = SIDE) -> Picture | None:
    """Return a picture of the green that two images share: of what both see, NaN elsewhere."""
    strips = (
        (strip.window, np.isin(strip.codes, KEPT_CODES), ~np.isin(strip.codes, UNSEEN_CODES))
        for strip in dates.class_strips(dates.grid.windows())
    )
    return _reduced(dates.grid, strips, side)


def _reduced(grid: Grid, strips: Iterable[Part], side: int) -> Picture | None:
    if grid.crs is None or grid.transform.b or grid.transform.d:
        return None
    step = block_side(grid, side=side)
    shape = (-(-grid.height // step), -(-grid.width // step))
    green, seen = np.zeros(shape), np.zeros(shape)
    for window, own, sight in strips:
        rows = (window.row + np.arange(window.height)) // step
        cols = (window.col + np.arange(window.width)) // step
        place = np.ix_(np.unique(rows), np.unique(cols))
        green[place] += _block_sums(own, rows, cols)
        seen[place] += _block_sums(sight, rows, cols)
    share = np.full(shape, np.nan, dtype=np.float32)
    np.divide(green, seen, out=share, where=seen > 0, casting="unsafe")
    far = grid.transform @ (shape[1] * step, shape[0] * step)
    near = grid.transform @ (0, 0)
    share = share[:: -1 if grid.transform.e > 0 else 1, :: -1 if grid.transform.a < 0 else 1]
    (west, east), (south, north) = (sorted(pair) for pair in zip(near, far, strict=True))
    return Picture(green=share, bounds=(west, south, east, north), crs=grid.crs)


def block_side(grid: Grid, *, side: int = SIDE) -> int:
    """Return how many pixels of the image lie below one of its picture, along each side.

    Examples
    --------
    >>> from affine import Affine
    >>> from greenspace.model.grid import Grid
    >>> block_side(Grid(2401, 600, Affine.identity(), None))
    3
    """
    return max(1, -(-max(grid.width, grid.height) // side))


def _block_sums(
    values: NDArray[np.generic], rows: NDArray[np.int_], cols: NDArray[np.int_]
) -> Array:
    row_starts = np.flatnonzero(np.r_[True, np.diff(rows) > 0])
    col_starts = np.flatnonzero(np.r_[True, np.diff(cols) > 0])
    summed = np.add.reduceat(values.astype(np.float64), row_starts, axis=0)
    return np.add.reduceat(summed, col_starts, axis=1)
