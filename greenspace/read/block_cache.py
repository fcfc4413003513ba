"""Block cache: how many decoded tiles GDAL keeps while an image is streamed.

Question   How much memory may tiles take that will not be asked for again?
Enters     The grid of an image.
Leaves     A context in which GDAL keeps few of them.
Elsewhere  Reading windows: read/blocks.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rasterio import Env
from rasterio.env import getenv, hasenv

from greenspace.model.grid import STRIP_COLS, STRIP_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.model.grid import Grid

NAME = "GDAL_CACHEMAX"
OF_TILES = 16_000_000
OF_WIDER_BLOCKS = 256_000_000


@contextmanager
def few_blocks_kept(grid: Grid) -> Iterator[None]:
    """Keep few decoded tiles, since windows follow them and each is read once.

    More are kept of blocks that are larger than a window. GDAL would keep a twentieth of the
    memory of the machine, and is the slower for it. A size that the user set holds.

    Examples
    --------
    >>> from affine import Affine
    >>> from greenspace.model.grid import Grid
    >>> with few_blocks_kept(Grid(4, 4, Affine.identity(), None)):
    ...     getenv()["GDAL_CACHEMAX"]
    16000000
    """
    if NAME in os.environ or (hasenv() and NAME in getenv()):
        yield
        return
    wider = grid.block_width > STRIP_COLS or grid.block_height > STRIP_ROWS
    with Env(**{NAME: OF_WIDER_BLOCKS if wider else OF_TILES}):
        yield
