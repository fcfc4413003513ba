"""Point classes: what a map says at points, reading no more of it than they need.

Question   Does the map show green, no green, or nothing at each of these points?
Enters     A GreenRaster, or polygons that share no ground; points on the same plane.
Leaves     One code a point: 1 green, 0 not green, -1 not seen.
Elsewhere  Areas of the same map: measure/zonal. What the points were in truth: assessment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.model.grid import Window
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import GreenRaster, Grid

GREEN, NOT_GREEN, NOT_SEEN = 1, 0, -1


def raster_classes(raster: GreenRaster, xy: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return the class of the pixel that holds each point.

    Parameters
    ----------
    raster
        A map of classes: every pixel green or not.
    xy
        Points on the plane of the raster, one a row.

    Raises
    ------
    InputError
        A pixel is green in part: such a map has shares and no classes to be right or wrong.
    """
    grid = raster.grid
    col, row = _pixels(grid, xy)
    found = np.full(len(xy), NOT_SEEN, dtype=np.int8)
    windows = dict(_windows(grid, row, col))
    for strip in raster.strips(windows):
        here = windows[strip.window]
        place = (row[here] - strip.window.row, col[here] - strip.window.col)
        green, seen = strip.green[place], strip.seen[place]
        _require_classes(green[seen], raster)
        found[here[seen]] = np.where(green[seen] > 0, GREEN, NOT_GREEN)
    return found


def _pixels(grid: Grid, xy: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return column and row of each point; -1 for one that is nowhere."""
    back = ~grid.transform
    x, y = xy[:, 0], xy[:, 1]
    col = np.floor(back.a * x + back.b * y + back.c)
    row = np.floor(back.d * x + back.e * y + back.f)
    inside = (col >= 0) & (col < grid.width) & (row >= 0) & (row < grid.height)
    return (
        np.where(inside, col, -1).astype(np.int64),
        np.where(inside, row, -1).astype(np.int64),
    )


def _windows(
    grid: Grid, row: NDArray[np.int64], col: NDArray[np.int64]
) -> Iterator[tuple[Window, NDArray[np.intp]]]:
    """Yield the smallest window around the points of each block, and which points they are."""
    inside = np.flatnonzero(row >= 0)
    high, wide = (min(size, 512) for size in (grid.block_height, grid.block_width))
    block = np.stack((row[inside] // high, col[inside] // wide))
    _, of_block = np.unique(block, axis=1, return_inverse=True)
    for number in range(int(of_block.max(initial=-1)) + 1):
        here = inside[of_block.ravel() == number]
        top, left = int(row[here].min()), int(col[here].min())
        height, width = int(row[here].max()) - top + 1, int(col[here].max()) - left + 1
        yield Window(top, left, height, width), here


def _require_classes(green: NDArray[Any], raster: GreenRaster) -> None:
    partly = (green > 0) & (green < 1)
    if partly.any():
        raise InputError(
            "栅格给出的是绿色比例，不是绿与非绿两类：比例无所谓对错，误差矩阵不适用。",
            "The raster gives shares, not classes: a share is neither right nor wrong, and an "
            "error matrix does not apply.",
            remedy=Text(zh="请使用 0/1 栅格或影像。", en="Use a raster of 0/1, or an image."),
            file=raster.sources[0].name if raster.sources else None,
            expected="0 or 1",
            found=float(green[partly][0]),
        )


def polygon_classes(polygons: NDArray[Any], points: NDArray[Any]) -> NDArray[np.int8]:
    """Return green where a point lies in or on a polygon, and not green elsewhere.

    Examples
    --------
    >>> crown = np.array([shapely.box(0, 0, 2, 2)])
    >>> polygon_classes(crown, shapely.points([[1, 1], [3, 1]])).tolist()
    [1, 0]
    """
    found = np.full(len(points), NOT_GREEN, dtype=np.int8)
    found[shapely.STRtree(polygons).query(points, predicate="intersects")[0]] = GREEN
    return found
