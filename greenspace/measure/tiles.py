"""Tiles: the windows of a raster that hold some zone, cut to the tiles that zones touch.

Question   What must be read of this raster, and which zones lie in each piece?
Enters     The grid of a raster, and the boxes of zones in pixel coordinates.
Leaves     Windows along the file's own tiles, each with its zones.
Elsewhere  The windows of a whole raster: model/grid. What is read of them: measure/zonal.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from greenspace.model.grid import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Piece = tuple[Window, Ints]


def windows_over(grid: Grid, boxes: Floats) -> Iterator[list[Piece]]:
    """Yield the windows of each strip, with the zones whose boxes they touch.

    A strip falls apart where no zone touches a column of tiles, and each piece is cut to the
    rows of tiles that its zones touch. A box of NaN touches nothing.

    Examples
    --------
    >>> from affine import Affine
    >>> from greenspace.model.grid import Grid
    >>> grid = Grid(4096, 512, Affine.identity(), None, 128, 128)
    >>> boxes = np.array([[5.0, 130.0, 9.0, 140.0], [4000.0, 0.5, 4010.0, 300.0]])
    >>> [[piece] for piece, zones in next(windows_over(grid, boxes))]
    [[Window(row=128, col=0, height=128, width=128)],
     [Window(row=0, col=3968, height=384, width=128)]]
    """
    for (row, height), strips in groupby(grid.windows(), key=lambda each: (each.row, each.height)):
        zones = np.flatnonzero((boxes[:, 1] < row + height) & (boxes[:, 3] > row))
        pieces = [piece for strip in strips for piece in _pieces(grid, strip, zones, boxes)]
        if pieces:
            yield pieces


def _pieces(grid: Grid, strip: Window, zones: Ints, boxes: Floats) -> Iterator[Piece]:
    end = strip.col + strip.width
    zones = zones[(boxes[zones, 0] < end) & (boxes[zones, 2] > strip.col)]
    if not len(zones):
        return
    wide = grid.block_width
    first, last = _span(boxes[zones, 0], boxes[zones, 2], wide, strip.col, end)
    begun = np.zeros(last.max() + 2, dtype=np.int64)
    np.add.at(begun, first, 1)
    np.add.at(begun, last + 1, -1)
    turns = np.flatnonzero(np.diff((np.cumsum(begun) > 0).astype(np.int8), prepend=0))
    for left, right in turns.reshape(-1, 2):
        inside = zones[(first >= left) & (first < right)]
        low, high = boxes[inside, 1].min(), boxes[inside, 3].max()
        bottom = strip.row + strip.height
        top, under = _span(low, high, grid.block_height, strip.row, bottom)
        row, col = max(int(top) * grid.block_height, strip.row), max(int(left) * wide, strip.col)
        height = min((int(under) + 1) * grid.block_height, bottom) - row
        yield Window(row, col, height, min(int(right) * wide, end) - col), inside


def _span(low: Floats, high: Floats, step: int, start: int, end: int) -> tuple[Ints, Ints]:
    """Return the first and last tile that each box touches between start and end."""
    first = np.floor(np.clip(low, start, end - 1)).astype(np.int64) // step
    last = (np.ceil(np.clip(high, start + 1, end)).astype(np.int64) - 1) // step
    return first, np.maximum(first, last)
