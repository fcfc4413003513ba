"""Ways: from the pixels of one grid to the same ground in another.

Question   Which row and column of the other image lies below this spot of a pixel?
Enters     Two grids, in one CRS or two.
Leaves     Fractional rows and columns; a refusal where the other plane breaks off in between.
Elsewhere  Comparing what both images show there: prepare/two_dates.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from greenspace.errors import RasterError
from greenspace.model.grid import Window
from greenspace.model.words import Text

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

    from greenspace.model.grid import Grid

    Floats = NDArray[np.float64]

NEAR = 1e-3  # of a pixel: edges this close are one
INSET = 2 * NEAR  # of a pixel: corners are looked up this far inside
NODE_STEP = 32  # pixels between the points that are taken exactly from one CRS to another
STRAIGHT = 1e-6
FAR = -1e9
HALF_WAY, HALF_WAY_DEGREES = 1e7, 180.0  # round the globe, in metres and degrees


class Way:
    """The way from pixels of one grid to those of another."""

    def __init__(self, here: Grid, there: Grid) -> None:
        self._here, self._there = here, there
        self._onward: Transformer | None = None
        self._direct = _tidy(~there.transform @ here.transform, here)
        if here.crs is not None and there.crs is not None and here.crs != there.crs:
            self._onward = Transformer.from_crs(here.crs, there.crs, always_xy=True)
        self._geographic = there.crs is not None and there.crs.is_geographic
        self.nested = self._onward is None and _nests(self._direct, here)

    @cached_property
    def spots(self) -> tuple[tuple[float, ...], ...]:
        """The corners of a pixel, and along sides longer than a pixel of the other grid more.

        No pixel of an upright grid lies between them.
        """
        nets = self._net(Window(self._here.height // 2, self._here.width // 2, 1, 1))
        if min(net.min() for net in nets) == FAR:
            return tuple(product((INSET, 1 - INSET), repeat=2))
        wide = max(abs(net[0, 1] - net[0, 0]) for net in nets)
        high = max(abs(net[1, 0] - net[0, 0]) for net in nets)
        along, down = (
            np.linspace(INSET, 1 - INSET, 1 + max(1, ceil(side * (1 - 2 * INSET)))).tolist()
            for side in (wide, high)
        )
        return tuple(product(along, down))

    def places(self, part: Window, dx: float, dy: float) -> tuple[Floats, Floats]:
        """Return rows and columns of the other grid, at one spot of each pixel.

        They broadcast to the shape of `part`.
        """
        cols: Floats = np.arange(part.width, dtype=np.float64)[None, :] + dx
        rows: Floats = np.arange(part.height, dtype=np.float64)[:, None] + dy
        if self._onward is None:
            return _placed(self._direct, rows + part.row, cols + part.col)
        far_rows, far_cols = self._net(part)
        return _stretched(far_rows, part, rows, cols), _stretched(far_cols, part, rows, cols)

    def needed(self, part: Window, *, around: int = 1) -> Window | None:
        """Return the pixels of the other grid below some and around, ``None`` if none are."""
        rows, cols = self._net(part)
        slack = around if self._onward is None else around + 1  # a net bends between its points
        top, bottom = _span(rows, slack, self._there.height)
        left, right = _span(cols, slack, self._there.width)
        if top >= bottom or left >= right:
            return None
        return Window(top, left, bottom - top, right - left)

    def _net(self, part: Window) -> tuple[Floats, Floats]:
        """Return where a net of points over some pixels lies in the other grid."""
        row = part.row + np.linspace(0, part.height, _points(part.height))[:, None]
        col = part.col + np.linspace(0, part.width, _points(part.width))[None, :]
        if self._onward is None:
            rows, cols = np.broadcast_arrays(*_placed(self._direct, row, col))
            return rows, cols
        y, x = np.broadcast_arrays(*_placed(self._here.transform, row, col))
        x, y = self._onward.transform(x, y)
        rows, cols = _placed(~self._there.transform, np.asarray(y), np.asarray(x))
        lost = ~np.isfinite(x) | ~np.isfinite(y)
        self._require_whole(np.where(lost, np.nan, x))
        return np.where(lost, FAR, rows), np.where(lost, FAR, cols)

    def _require_whole(self, x: Floats) -> None:
        """Refuse a net that the other plane tears apart: there is no way across the tear."""
        torn = HALF_WAY_DEGREES if self._geographic else HALF_WAY
        if not any((np.abs(np.diff(x, axis=axis)) > torn).any() for axis in (0, 1)):
            return
        raise RasterError(
            "两期影像坐标系不同，且跨越坐标断开处（如经度 ±180°），无法叠合。",
            "The two images are in unlike CRS and reach across the line where one of them breaks "
            "off, such as longitude ±180°: they cannot be laid over each other.",
            remedy=Text(
                zh="请把两期影像重投影到同一个投影坐标系。",
                en="Bring both images to one projected CRS.",
            ),
            expected="images in one CRS, or on one side of the line",
        )


def _points(length: int) -> int:
    return 1 + -(-length // NODE_STEP)


def _placed(t: Affine, row: Floats, col: Floats) -> tuple[Floats, Floats]:
    """Return row and column (or y and x) after a transform, in the least shape that holds them."""
    rows = t.e * row + t.f if t.d == 0 else t.d * col + t.e * row + t.f
    cols = t.a * col + t.c if t.b == 0 else t.a * col + t.b * row + t.c
    return rows, cols


def _stretched(net: Floats, part: Window, rows: Floats, cols: Floats) -> Floats:
    """Return what a net of points says in between, along straight lines."""
    across, right = _between(cols.ravel() / part.width * (net.shape[1] - 1), net.shape[1])
    down, below = _between(rows.ravel() / part.height * (net.shape[0] - 1), net.shape[0])
    wide = net[:, across] * (1 - right) + net[:, across + 1] * right
    found: Floats = wide[down] * (1 - below[:, None]) + wide[down + 1] * below[:, None]
    return found


def _between(places: Floats, points: int) -> tuple[NDArray[np.intp], Floats]:
    low = np.clip(places.astype(np.intp), 0, points - 2)
    return low, places - low


def _span(places: Floats, slack: int, most: int) -> tuple[int, int]:
    low, high = np.floor(places.min()) - slack, np.ceil(places.max()) + slack
    return int(np.clip(low, 0, most)), int(np.clip(high, 0, most))


def _tidy(direct: Affine, here: Grid) -> Affine:
    """Return a transform without the turn that rounding gave it."""
    longest = max(here.width, here.height)
    turns = (direct.b, direct.d)
    b, d = (0.0 if abs(turn) * longest < STRAIGHT else turn for turn in turns)
    return type(direct)(direct.a, b, direct.c, d, direct.e, direct.f)


def _nests(direct: Affine, here: Grid) -> bool:
    """Return whether edges of the other grid are edges of this one, to a thousandth of a pixel."""
    if direct.b or direct.d:
        return False
    for step, start, count in ((direct.a, direct.c, here.width), (direct.e, direct.f, here.height)):
        first = (round(start) - start) / step
        drift = (1 / step - round(1 / step)) * (1 + abs(step) * count)
        if max(abs(first - round(first)), abs(drift)) > NEAR:
            return False
    return True
