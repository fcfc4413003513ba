"""Chips: a small picture of the image around each point, for somebody who goes there.

Question   What does the image show around these points?
Enters     A reader of named bands, points on its plane, how many pixels wide.
Leaves     One square of colours a point; no pixel read that no chip shows.
Elsewhere  Drawing points: measure/sampling. Putting chips on a sheet: present/field_sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.model.grid import Window
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from greenspace.model.grid import BandReader, Grid

    Floats = NDArray[np.float64]

TRUE_COLOUR = ("red", "green", "blue")
FALSE_COLOUR = ("nir", "red", "green")
NIR_AND_RED = ("nir", "red", "red")
WAYS: Mapping[tuple[str, ...], Text] = {
    TRUE_COLOUR: Text(zh="真彩色", en="true colour"),
    FALSE_COLOUR: Text(
        zh="假彩色（近红外、红、绿）", en="false colour (near infrared, red, green)"
    ),
    NIR_AND_RED: Text(zh="假彩色（近红外、红、红）", en="false colour (near infrared, red, red)"),
}
UNSEEN_GREY = 128
STRETCH = (2.0, 98.0)
GAMMA = 0.7  # vegetation is dark in the visible bands


def colours_of(bands: Mapping[str, object]) -> tuple[str, ...] | None:
    """Return the bands that make red, green and blue of a picture, the truest first.

    Examples
    --------
    >>> colours_of({"red": 3, "nir": 4}), colours_of({"green": 1})
    (('nir', 'red', 'red'), None)
    """
    return next((way for way in WAYS if set(way) <= set(bands)), None)


def chips_of(
    reader: BandReader, colours: tuple[str, ...], xy: Floats, *, side_px: int
) -> NDArray[np.uint8]:
    """Return a picture around each point; grey where the image shows nothing.

    All chips share one stretch of brightness, so that they can be compared.

    Parameters
    ----------
    colours
        Bands for red, green and blue.
    xy
        Points on the plane of the reader.
    side_px
        Width and height in pixels; the point lies in the middle one.

    Returns
    -------
    array
        points by rows by columns by three colours.
    """
    bands = tuple(dict.fromkeys(colours))
    values = np.full((len(xy), side_px, side_px, len(bands)), np.nan)
    places: dict[Window, list[tuple[int, int, int]]] = {}
    for number, (row, col) in enumerate(_corners(reader.grid, xy, side_px)):
        window = _within(reader.grid, row, col, side_px)
        if window is not None:
            places.setdefault(window, []).append((number, row, col))
    for window, planes, seen in reader.stream(bands, list(places)):
        pixels = np.where(seen[..., None], np.stack(planes, axis=-1), np.nan)
        for number, row, col in places[window]:
            top, left = window.row - row, window.col - col
            chip = values[number, top : top + window.height, left : left + window.width]
            chip[...] = pixels
    shown = np.stack([stretched(values[..., bands.index(name)]) for name in colours], axis=-1)
    shown[~np.isfinite(values).all(axis=-1)] = UNSEEN_GREY
    return shown


def _corners(grid: Grid, xy: Floats, side_px: int) -> list[tuple[int, int]]:
    """Return first row and column of each chip."""
    back = ~grid.transform
    half = side_px // 2
    pixels = [back @ (float(x), float(y)) for x, y in xy]
    return [(int(np.floor(row)) - half, int(np.floor(col)) - half) for col, row in pixels]


def _within(grid: Grid, row: int, col: int, side_px: int) -> Window | None:
    top, left = max(row, 0), max(col, 0)
    bottom, right = min(row + side_px, grid.height), min(col + side_px, grid.width)
    return Window(top, left, bottom - top, right - left) if top < bottom and left < right else None


def stretched(plane: Floats) -> NDArray[np.uint8]:
    """Return a band as brightness, between its 2nd and its 98th percentile."""
    finite = plane[np.isfinite(plane)]
    if not finite.size:
        return np.full(plane.shape, UNSEEN_GREY, dtype=np.uint8)
    low, high = np.percentile(finite, STRETCH)
    scaled = np.nan_to_num((plane - low) / (high - low if high > low else 1.0))
    found: NDArray[np.uint8] = np.round(255 * np.clip(scaled, 0, 1) ** GAMMA).astype(np.uint8)
    return found
