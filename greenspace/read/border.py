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
    from greenspace.read.origin import Origin


def blank_border_pixels(origins: tuple[Origin, ...]) -> int:
    """Count the pixels at the border that are 0 in all bands of all origins, each once."""
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
        readings = [(o.header.count, stack.enter_context(o.session())) for o in origins]
        for side in sides:
            zero = np.ones((side.height, side.width), dtype=bool)
            for count, read in readings:
                for number in range(1, count + 1):
                    zero &= read(number, side)[0] == 0
            row, col = np.nonzero(zero)
            blank.update(((row + side.row) * grid.width + col + side.col).tolist())
    return len(blank)
