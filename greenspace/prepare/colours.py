"""Colours: an image made small enough to draw, as the eye or the near infrared sees it.

Question   What does the ground look like from above?
Enters     A reader of named bands, the bands that make red, green and blue, a Picture.
Leaves     The same Picture with colours; transparent where the image shows nothing.
Elsewhere  The vegetation of the picture: prepare/picture. Small squares: prepare/chips.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from greenspace.prepare.chips import WAYS, stretched
from greenspace.prepare.picture import block_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from greenspace.model.check import Picture
    from greenspace.model.grid import BandReader, Grid

OPAQUE = 255


@dataclass(frozen=True, slots=True, eq=False)
class ColourRows:
    """Numbers of the middle pixels below some rows of a picture, from the first of them on.

    Attributes
    ----------
    colours
        Bands for red, green and blue.
    planes
        One for each band among them, NaN where the image shows nothing or another part does.
    """

    colours: tuple[str, ...]
    first: int
    planes: NDArray[np.float64]


def coloured_picture(picture: Picture, reader: BandReader, colours: tuple[str, ...]) -> Picture:
    """Return a picture with the colours of its image: one pixel in each block, the middle one.

    Each colour is stretched by itself between its 2nd and its 98th percentile.

    Parameters
    ----------
    picture
        As `reduced_picture` returns it, of the same grid: north up.
    colours
        Bands for red, green and blue.
    """
    rows = colour_rows(reader, colours, (0, reader.grid.height))
    return coloured_by(picture, reader.grid, [rows])


def colour_rows(
    reader: BandReader, colours: tuple[str, ...], between: tuple[int, int]
) -> ColourRows:
    """Return what some rows of an image, on borders of its windows, add to a coloured picture."""
    grid = reader.grid
    step = block_side(grid)
    first, last = between[0] // step, -(-between[1] // step)
    bands = _bands(colours)
    planes = np.full((len(bands), last - first, -(-grid.width // step)), np.nan)
    for found in reader.numbers(bands, grid.windows(rows=between)):
        window = found.window
        down = _middles(window.row, window.height, step, grid.height)
        across = _middles(window.col, window.width, step, grid.width)
        if not (down.size and across.size):
            continue
        inner = np.ix_(down - window.row, across - window.col)
        few = replace(
            found,
            planes=np.stack([plane[inner] for plane in found.planes]),
            data=None if found.data is None else found.data[inner],
        )
        seen = few.seen()
        for plane, values in zip(planes, few.values(), strict=True):
            plane[np.ix_(down // step - first, across // step)] = np.where(seen, values, np.nan)
    return ColourRows(colours, first, planes)


def coloured_by(picture: Picture, grid: Grid, parts: Sequence[ColourRows]) -> Picture:
    """Return a picture in the colours that parts of its image have, each pixel from one of them."""
    rows, cols = picture.green.shape
    colours = parts[0].colours
    bands = _bands(colours)
    planes = np.full((len(bands), rows, cols), np.nan)
    for part in parts:
        own = planes[:, part.first : part.first + part.planes.shape[1]]
        np.copyto(own, part.planes, where=np.isfinite(part.planes))
    flip = np.s_[:, :: -1 if grid.transform.e > 0 else 1, :: -1 if grid.transform.a < 0 else 1]
    shown: NDArray[np.uint8] = np.full((rows, cols, 4), OPAQUE, dtype=np.uint8)
    turned = planes[flip]
    for place, name in enumerate(colours):
        shown[..., place] = stretched(turned[bands.index(name)])
    shown[~np.isfinite(turned).all(axis=0)] = 0
    return replace(picture, colours=shown, way=WAYS[colours])


def _bands(colours: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(colours))


def _middles(start: int, length: int, step: int, size: int) -> NDArray[np.intp]:
    """Return the middle pixels of the blocks of `step` pixels that lie in a stretch of `size`."""
    every = np.minimum(np.arange(0, size, step) + step // 2, size - 1)
    return every[(every >= start) & (every < start + length)]
