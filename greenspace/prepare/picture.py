"""Picture: the vegetation of an image, made small enough to draw.

Question   Where, roughly, is it green?
Enters     A lazy GreenRaster.
Leaves     A Picture of green shares, or none where the image is turned.
Elsewhere  Drawing it: present/maps.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    if not has_picture(raster.grid):
        return None
    rows = picture_rows(raster, (0, raster.grid.height), side=side)
    return picture_of(raster.grid, [rows], side=side)


def has_picture(grid: Grid) -> bool:
    """Return whether a grid can be drawn north up: it has a CRS and is not turned."""
    return grid.crs is not None and not grid.transform.b and not grid.transform.d


@dataclass(frozen=True, slots=True, eq=False)
class PictureRows:
    """Green and seen pixels below some rows of a picture, from the first of them on."""

    first: int
    green: Array
    seen: Array


def picture_rows(raster: GreenRaster, rows: tuple[int, int], *, side: int = SIDE) -> PictureRows:
    """Return what some rows of a raster, on borders of its windows, add to its picture."""
    strips = raster.strips(raster.grid.windows(rows=rows))
    found = ((strip.window, strip.green, strip.seen) for strip in strips)
    return _summed(raster.grid, found, rows, side)


def picture_of(grid: Grid, parts: Iterable[PictureRows], *, side: int = SIDE) -> Picture | None:
    """Return the picture that parts add up to.

    Sums of pixels that are 0 or 1 are exact, in any order. A turned image has no picture.
    """
    if grid.crs is None or not has_picture(grid):
        return None
    shape = _shape(grid, side)
    green, seen = np.zeros(shape), np.zeros(shape)
    for part in parts:
        place = np.s_[part.first : part.first + len(part.green)]
        green[place] += part.green
        seen[place] += part.seen
    share = np.full(shape, np.nan, dtype=np.float32)
    np.divide(green, seen, out=share, where=seen > 0, casting="unsafe")
    step = block_side(grid, side=side)
    far = grid.transform @ (shape[1] * step, shape[0] * step)
    near = grid.transform @ (0, 0)
    share = share[:: -1 if grid.transform.e > 0 else 1, :: -1 if grid.transform.a < 0 else 1]
    (west, east), (south, north) = (sorted(pair) for pair in zip(near, far, strict=True))
    return Picture(green=share, bounds=(west, south, east, north), crs=grid.crs)


def reduced_kept(dates: TwoDates, *, side: int = SIDE) -> Picture | None:
    """Return a picture of the green that two images share: of what both see, NaN elsewhere."""
    if not has_picture(dates.grid):
        return None
    strips = (
        (strip.window, np.isin(strip.codes, KEPT_CODES), ~np.isin(strip.codes, UNSEEN_CODES))
        for strip in dates.class_strips(dates.grid.windows())
    )
    rows = _summed(dates.grid, strips, (0, dates.grid.height), side)
    return picture_of(dates.grid, [rows], side=side)


def _shape(grid: Grid, side: int) -> tuple[int, int]:
    step = block_side(grid, side=side)
    return -(-grid.height // step), -(-grid.width // step)


def _summed(grid: Grid, strips: Iterable[Part], between: tuple[int, int], side: int) -> PictureRows:
    step = block_side(grid, side=side)
    first = between[0] // step
    shape = (-(-between[1] // step) - first, _shape(grid, side)[1])
    green, seen = np.zeros(shape), np.zeros(shape)
    for window, own, sight in strips:
        rows = (window.row + np.arange(window.height)) // step
        cols = (window.col + np.arange(window.width)) // step
        place = np.ix_(np.unique(rows) - first, np.unique(cols))
        green[place] += _block_sums(own, rows, cols)
        seen[place] += _block_sums(sight, rows, cols)
    return PictureRows(first, green, seen)


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
