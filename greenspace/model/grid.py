"""Grids: where the pixels of an image lie, and the window reader that measures are handed.

Question   Which ground does pixel (row, column) stand for?
Enters     Width, height, affine transform and CRS of an image.
Leaves     Frozen values and the protocol of everything that can be streamed.
Elsewhere  Opening files: read/raster. Summing pixels: measure/zonal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot, isclose, isfinite, isnan
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from pyproj import Geod

from greenspace.model.crs import is_local, to_degrees

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from affine import Affine
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.notes import Notes
    from greenspace.model.source import Finding, Source


WGS84 = Geod(ellps="WGS84")
STRIP_ROWS = 512
STRIP_COLS = 8192


def _step(block: int, most: int) -> int:
    return most if block > most else most // block * block


@dataclass(frozen=True, slots=True)
class Window:
    """A block of pixels: first row and column, height and width."""

    row: int
    col: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Pixels on the ground: shape, affine transform and CRS.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(4, 2, Affine(2, 0, 100, 0, -2, 50), None)
    >>> grid.pixel_area, grid.bounds
    (4.0, (100.0, 46.0, 108.0, 50.0))
    """

    width: int
    height: int
    transform: Affine
    crs: CRS | None
    block_height: int = 512
    block_width: int = 512

    @property
    def pixel_area(self) -> float:
        """Area of one pixel in square CRS units."""
        return float(abs(self.transform.determinant))

    @property
    def pixel_size(self) -> float:
        """Side of a square of the same area as a pixel, in CRS units."""
        return float(self.pixel_area**0.5)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the image, whatever its rotation."""
        corners = [
            self.transform @ (col, row) for col in (0, self.width) for row in (0, self.height)
        ]
        xs, ys = zip(*corners, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))

    def on_earth(self) -> tuple[float | None, float | None]:
        """Return the latitude of the middle, and the longer side of the pixel there in metres.

        ``None`` is what cannot be known: on a grid of the city's own, the latitude.

        Examples
        --------
        >>> from affine import Affine
        >>> from pyproj import CRS
        >>> mercator = Grid(2, 2, Affine(10, 0, 0, 0, -10, 8399748), CRS(3857))
        >>> [round(number, 2) for number in mercator.on_earth()]
        [60.0, 5.01]
        """
        col, row = self.width / 2, self.height / 2
        points = [self.transform @ place for place in ((col, row), (col + 1, row), (col, row + 1))]
        if self.crs is None or is_local(self.crs):
            (x, y), *ends = points
            side = max(hypot(end[0] - x, end[1] - y) for end in ends)
            return None, None if self.crs is None else side
        way = to_degrees(self.crs)
        (lon, lat), *ends = (way.transform(*point) for point in points)
        side = max(WGS84.inv(lon, lat, *end)[2] for end in ends)
        return (lat, side) if isfinite(lat) and isfinite(side) else (None, None)

    def windows(
        self, rows: tuple[int, int] | None = None, cols: tuple[int, int] | None = None
    ) -> Iterator[Window]:
        """Yield windows along the file's own blocks that cover some rows and columns.

        Strips are at most `STRIP_ROWS` (or one block) high and `STRIP_COLS` wide, so memory is
        bounded whatever the size of the image.

        Examples
        --------
        >>> from affine import Affine
        >>> grid = Grid(1000, 600, Affine.identity(), None, 256, 256)
        >>> [(w.row, w.height) for w in grid.windows()]
        [(0, 512), (512, 88)]
        """
        first_row, last_row = rows or (0, self.height)
        first_col, last_col = cols or (0, self.width)
        wide_rows = STRIP_ROWS * STRIP_COLS // self.block_width  # of blocks wider than a strip
        high = _step(self.block_height, max(1, min(STRIP_ROWS, wide_rows)))
        wide = _step(self.block_width, STRIP_COLS)
        for row in range(first_row // high * high, last_row, high):
            for col in range(first_col // wide * wide, last_col, wide):
                top, left = max(row, first_row), max(col, first_col)
                yield Window(
                    top, left, min(row + high, last_row) - top, min(col + wide, last_col) - left
                )

    def same_place(self, other: Grid) -> bool:
        """Return whether two grids have the same pixels, to a thousandth of one."""
        return self.steps_in(other) == 1

    def steps_in(self, coarser: Grid) -> int | None:
        """Return how many pixels lie along one of a coarser grid from the same corner on.

        ``None`` where the pixels do not nest, to a thousandth of one.

        Examples
        --------
        >>> from affine import Affine
        >>> fine = Grid(5, 4, Affine(10, 0, 0, 0, -10, 0), None)
        >>> coarse = Grid(3, 2, Affine(20, 0, 0, 0, -20, 0), None)
        >>> fine.steps_in(coarse), coarse.steps_in(fine)
        (2, None)
        """
        step = max(1, round(coarser.pixel_size / self.pixel_size))
        wide, high = -(-self.width // step), -(-self.height // step)
        if (coarser.width, coarser.height) != (wide, high):
            return None
        near = self.pixel_size * 1e-3
        nests = all(
            abs(a - b) <= near
            for col, row in ((0, 0), (wide, 0), (0, high))
            for a, b in zip(
                self.transform @ (col * step, row * step),
                coarser.transform @ (col, row),
                strict=True,
            )
        )
        return step if nests else None


@dataclass(frozen=True, slots=True)
class Strip:
    """Pixels of one window: how green each is (0-1) and whether the image shows it.

    Where each pixel is wholly green or not at all, ``green`` may be boolean. It is 0 where the
    image shows nothing.
    """

    window: Window
    green: NDArray[np.float32] | NDArray[np.bool_]
    seen: NDArray[np.bool_]


UNSEEN = 255
NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class ClassStrip:
    """Pixels of one window: the code of each one's class, `UNSEEN` where the image shows none."""

    window: Window
    codes: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of several bands in one window, as the image holds them.

    ``value = number * scale + offset``, band by band. A pixel is unseen where ``data`` is False
    (None: nowhere), where a band is not finite, and where it equals its entry of ``blanks``
    (NaN: none does). The next window may be read into the same planes.
    """

    window: Window
    planes: NDArray[Any]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    blanks: tuple[float, ...]
    data: NDArray[np.bool_] | None = None

    def seen(self) -> NDArray[np.bool_]:
        """Return where every band shows something."""
        seen = shown_by_numbers(self.planes, self.blanks)
        if self.data is not None:
            seen &= self.data
        return seen

    def in_ratio_units(self) -> Numbers:
        """Return the same bands in units of their common scale, where that makes them whole.

        A ratio between bands is the same in any unit, but multiplied by a scale first it is
        rounded: 2 / 10 comes out above 0.2 for some pairs of numbers times 0.0001.

        Examples
        --------
        >>> import numpy as np
        >>> planes = np.zeros((2, 1, 1), dtype=np.uint16)
        >>> sentinel = Numbers(Window(0, 0, 1, 1), planes, (1e-4, 1e-4), (-0.1, -0.1), (0.0, 0.0))
        >>> sentinel.in_ratio_units().scales, sentinel.in_ratio_units().offsets
        ((1.0, 1.0), (-1000.0, -1000.0))
        """
        unit = self.scales[0]
        steps = [offset / unit for offset in self.offsets]
        near = all(isclose(step, round(step), rel_tol=NEARLY) for step in steps)
        if unit <= 0 or set(self.scales) != {unit} or not near:
            return self
        return replace(
            self, scales=(1.0,) * len(steps), offsets=tuple(float(round(step)) for step in steps)
        )

    def values(self) -> tuple[NDArray[np.float64], ...]:
        """Return the bands in float64, in planes of their own."""
        terms = zip(self.planes, self.scales, self.offsets, strict=True)
        return tuple(_physical(*each) for each in terms)


def shown_by_numbers(planes: NDArray[Any], blanks: tuple[float, ...]) -> NDArray[np.bool_]:
    """Return where every band is finite and is not its own blank, of which NaN is none."""
    shown: NDArray[np.bool_] = np.ones(planes.shape[1:], dtype=bool)
    for plane, blank in zip(planes, blanks, strict=True):
        if np.issubdtype(plane.dtype, np.floating):
            shown &= np.isfinite(plane)
        if not isnan(blank):
            shown &= plane != blank
    return shown


def _physical(numbers: NDArray[Any], scale: float, offset: float) -> NDArray[np.float64]:
    values = numbers.astype(np.float64)
    if scale != 1.0:
        values *= scale
    if offset != 0.0:
        values += offset
    return values


class BandReader(Protocol):
    """Named bands of one image, read by windows."""

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""

    @property
    def source(self) -> Source:
        """Which file this is."""

    @property
    def scaled(self) -> bool:
        """Whether values are physical (scale and offset applied), not raw numbers."""

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream at once, each in a session of its own."""

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed, such as an undeclared nodata value."""

    def notes(self) -> Notes:
        """Return what was met so far, for whoever tells of the whole image."""

    def note(self, notes: Notes) -> None:
        """Count what was met of the same image elsewhere as if it had been met here."""

    def stream(
        self, bands: tuple[str, ...], windows: Iterable[Window]
    ) -> Iterator[tuple[Window, tuple[NDArray[np.float64], ...], NDArray[np.bool_]]]:
        """Yield the bands and the seen pixels of each window."""

    def numbers(self, bands: tuple[str, ...], windows: Iterable[Window]) -> Iterator[Numbers]:
        """Yield the bands of each window as the image holds them."""


class GreenRaster(Protocol):
    """Anything that says, window by window, how green each pixel is."""

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Which inputs it rests on."""

    @property
    def parallel(self) -> bool:
        """Whether several threads may call `strips` at once, each call in its own session."""

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed, once it is known."""

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield one strip a window, in their order; the next window is asked for after that.

        The pixels of the next strip may be written over those of the last.
        """


class ClassRaster(Protocol):
    """Anything that says, window by window, of which class each pixel is."""

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Which inputs it rests on."""

    @property
    def parallel(self) -> bool:
        """Whether several threads may call `class_strips` at once, each in its own session."""

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed, once it is known."""

    def class_strips(self, windows: Iterable[Window]) -> Iterator[ClassStrip]:
        """Yield one strip a window, in their order; the next window is asked for after that."""
