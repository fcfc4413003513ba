"""Border: whether an image that declares no nodata has blank pixels at its edge.

Question   How many pixels at the border are 0 in all bands?
Enters     The origins of one image.
Leaves     A count.
Elsewhere  What follows from it: read/raster.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.read.header import Origin


def blank_border_pixels(origins: tuple[Origin, ...]) -> int:
    """Count the pixels at a border that are 0 in all bands of all origins, each once.

    Of an image in many files, the border is that of each file that declares no nodata.
    """
    return sum(_blank(group) for group in _groups(origins))


def _groups(origins: tuple[Origin, ...]) -> Iterator[tuple[Origin, ...]]:
    """Yield files that show the same ground: all bands of a tile, or of the image."""
    tiles = [origin.parts for origin in origins]
    if len({len(parts) for parts in tiles}) == 1:
        groups = list(zip(*tiles, strict=True))
        if all(_same_place(group) for group in groups):
            yield from (group for group in groups if not all(o.header.says_nodata for o in group))
            return
    yield from ((part,) for parts in tiles for part in parts if not part.header.says_nodata)


def _same_place(group: tuple[Origin, ...]) -> bool:
    return all(other.header.grid.same_place(group[0].header.grid) for other in group)


def _blank(origins: tuple[Origin, ...]) -> int:
    grid = origins[0].header.grid
    last_row, last_col = grid.height - 1, grid.width - 1
    sides = (
        *grid.windows(rows=(0, 1)),
        *grid.windows(rows=(last_row, grid.height)),
        *grid.windows(cols=(0, 1)),
        *grid.windows(cols=(last_col, grid.width)),
    )
    blank: set[int] = set()
    with ExitStack() as stack:
        readings = [
            (tuple(range(1, o.header.count + 1)), stack.enter_context(o.session())) for o in origins
        ]
        for side in sides:
            zero = np.ones((side.height, side.width), dtype=bool)
            for numbers, read in readings:
                values, data = read(numbers, side)
                zero &= (values == 0).all(axis=0) & data
            row, col = np.nonzero(zero)
            blank.update(((row + side.row) * grid.width + col + side.col).tolist())
    return len(blank)
