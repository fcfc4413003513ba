"""Vegetation: which pixels are green, decided window by window.

Question   Does this pixel show vegetation, something else, or nothing?
Enters     A reader of named bands, an index and a threshold; or a raster of green shares.
Leaves     A lazy GreenRaster: nothing is read until it is measured.
Elsewhere  Opening the image: read/raster. Summing over zones: measure/zonal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf
from pathlib import PurePath
from threading import RLock
from typing import TYPE_CHECKING, Literal

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.grid import STRIP_COLS, STRIP_ROWS, Strip
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.calibration import calibrated
from greenspace.prepare.decision import Decision, fixed
from greenspace.prepare.field_points import FieldPoints
from greenspace.prepare.index_kernels import judge, tally
from greenspace.prepare.indices import spectral_index, unlit_pixels
from greenspace.prepare.otsu import BINS, HIGH, LOW, otsu_decision
from greenspace.prepare.ranges import (
    SENTINEL_FLOOR,
    darkest_number,
    forgotten_scale,
    require_reflectance,
)
from greenspace.prepare.whole_numbers import read_mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import BandReader, Grid, Numbers, Window
    from greenspace.model.notes import Notes

ONE_AT_A_TIME = RLock()


@dataclass(frozen=True)
class Vegetation:
    """Vegetation of an image: pixels whose index lies above a threshold. Lazy.

    ``green`` is ``index > threshold``, strictly, in float64; an undefined index and nodata in
    a band used are unseen. An index is undefined where what it divides by is not above 0, and
    ``ndvi`` and ``exg`` also where one of their bands is below 0: such pixels are counted.

    Attributes
    ----------
    reader
        Yields the bands.
    index
        ``ndvi``, ``evi``, ``savi`` or ``exg``.
    threshold
        A number; ``"otsu"``: found on the histogram of the whole image, streamed once, and
        refused where the histogram has no valley; or points whose class on the ground is known.
    """

    reader: BandReader
    index: str = "ndvi"
    threshold: float | Literal["otsu"] | FieldPoints = "otsu"
    _negative: dict[tuple[int, int], int] = field(default_factory=dict, repr=False, compare=False)
    _darkest: list[float] = field(default_factory=list, repr=False, compare=False)

    def __repr__(self) -> str:
        """Return the image, the index and the threshold as it was asked for."""
        cut: object = self.threshold
        if isinstance(cut, FieldPoints):
            cut = f"points of {cut.source.name}"
        return f"Vegetation({PurePath(self.reader.source.name).name}: {self.index} > {cut})"

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.reader.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """The image, the index and the threshold."""
        formula = spectral_index(self.index).formula
        rule = f"{self.index} = {formula} > {self.decision.told}"
        points = (self.threshold.source,) if isinstance(self.threshold, FieldPoints) else ()
        return (self.reader.source, Source(role="vegetation rule", name=rule), *points)

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream the image at once."""
        return self.reader.parallel

    @property
    def cut(self) -> float:
        """The threshold as a number; finding it reads the image once."""
        return self.decision.cut

    @property
    def decision(self) -> Decision:
        """The threshold and how it was found; finding it reads the image once.

        Raises
        ------
        RasterError
            The histogram of the image has no valley for Otsu's method, or the index does not
            tell the points apart.
        """
        with ONE_AT_A_TIME:  # of several threads that stream, one finds it
            return self._decision

    @cached_property
    def _decision(self) -> Decision:
        if isinstance(self.threshold, FieldPoints):
            return self._calibrated(self.threshold)
        if self.threshold == "otsu":
            return self.decision_of(self.histogram((0, self.grid.height)))
        return fixed(self.threshold)

    def decision_of(self, counts: NDArray[np.int64]) -> Decision:
        """Return the threshold by Otsu's method on the histogram of all rows.

        Raises
        ------
        RasterError
            The histogram has no valley.
        """
        return otsu_decision(counts, self.index, self.reader.source.name)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the image, as far as it was read, and the threshold."""
        found = list(self.reader.findings())
        if not self.reader.scaled:
            text = Text(
                zh=f"{self.index.upper()} 由原始像元值（未定标）计算。",
                en=f"{self.index.upper()} is computed from raw digital numbers.",
            )
            found.append(Finding(code="raw_numbers", text=text, layer="image"))
        found.extend(self.decision.findings)
        found.extend(forgotten_scale(self.index, self._floor))
        negative = sum(self._negative.values())
        if negative:
            found.append(_below_zero(self.index, negative))
        return tuple(found)

    def decided(self, decision: Decision) -> Vegetation:
        """Return the same vegetation with its threshold known, so that nothing is read for it."""
        known = replace(self)
        vars(known)["_decision"] = decision
        return known

    def notes(self) -> Notes:
        """Return what was met so far, for whoever tells of the whole image."""
        of_reader = self.reader.notes()
        return replace(of_reader, negative=dict(self._negative), darkest=self._floor)

    def note(self, notes: Notes) -> None:
        """Count what was met of the same image elsewhere as if it had been met here."""
        self.reader.note(notes)
        for place, found in notes.negative.items():
            self._negative[place] = max(found, self._negative.get(place, 0))
        self._darkest.append(notes.darkest)

    def histogram(self, rows: tuple[int, int]) -> NDArray[np.int64]:
        """Return the counts of the index in some rows, on borders of the grid's windows.

        Those of all rows add up to what the threshold of Otsu's method is found on.
        """
        counts = np.zeros(BINS, dtype=np.int64)
        for numbers in self._numbers(self.grid.windows(rows=rows)):
            self._note(numbers, tally(self.index, numbers, (LOW, HIGH), counts))
        return counts

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield which pixels of each window are green and which are seen.

        Raises
        ------
        RasterError
            The index needs reflectance, and the numbers cannot be that.
        """
        room = _Room()
        for numbers in self._numbers(windows):
            green, seen, negative = judge(self.index, numbers, self.cut, room.of(numbers))
            self._note(numbers, negative)
            yield Strip(numbers.window, green, seen)

    @property
    def _floor(self) -> float:
        """The darkest number so far; none is looked for once it is dark enough."""
        return min(self._darkest, default=inf)

    def _numbers(self, windows: Iterable[Window]) -> Iterator[Numbers]:
        """Yield the numbers of each window, once they can be what the index asks for."""
        index = spectral_index(self.index)
        for numbers in self.reader.numbers(index.bands, windows):
            if index.physical:
                require_reflectance(numbers, self.index, self.reader.source.name)
            if not any(numbers.offsets) and self._floor > SENTINEL_FLOOR:
                self._darkest.append(darkest_number(numbers))
            yield numbers if index.physical else numbers.in_ratio_units()

    def _calibrated(self, points: FieldPoints) -> Decision:
        found = np.full(len(points.green), np.nan)
        index = spectral_index(self.index)
        places = dict(points.within(self.grid.windows()))
        for numbers in self._numbers(places):
            window, bands = numbers.window, numbers.values()
            here = places[window]
            pixels = points.rows[here] - window.row, points.cols[here] - window.col
            shown = numbers.seen() & ~unlit_pixels(index, bands)
            found[here] = np.where(shown, index.compute(*bands), np.nan)[pixels]
        known = np.isfinite(found)
        decision = calibrated(
            found[known], points.green[known], points.objective, points.source.name
        )
        remarks = points.findings(int(np.count_nonzero(~known)))
        return replace(decision, findings=(*decision.findings, *remarks))

    def _note(self, numbers: Numbers, negative: int) -> None:
        """Keep how many pixels of each tile are below 0, once however often it is read."""
        for place, tile in _tiles(numbers, self.grid) if negative else ():
            found = judge(self.index, tile, 0.0)[2]
            self._negative[place] = max(found, self._negative.get(place, 0))


class _Room:
    """Memory for the pixels of a strip, the same for the next one of its shape."""

    def __init__(self) -> None:
        self._room = np.empty((2, 0, 0), dtype=np.bool_)

    def of(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Return two planes as large as the window of some numbers."""
        shape = (2, *numbers.planes.shape[1:])
        if self._room.shape != shape:
            self._room = np.empty(shape, dtype=np.bool_)
        return self._room


def _tiles(numbers: Numbers, grid: Grid) -> Iterator[tuple[tuple[int, int], Numbers]]:
    """Yield which tiles of a grid some numbers lie in, and the numbers of each."""
    window, data = numbers.window, numbers.data
    high, wide = min(grid.block_height, STRIP_ROWS), min(grid.block_width, STRIP_COLS)
    for row in range(window.row // high, -(-(window.row + window.height) // high)):
        for col in range(window.col // wide, -(-(window.col + window.width) // wide)):
            top, left = max(row * high - window.row, 0), max(col * wide - window.col, 0)
            part = np.s_[top : (row + 1) * high - window.row, left : (col + 1) * wide - window.col]
            planes = np.ascontiguousarray(numbers.planes[(slice(None), *part)])
            shown = None if data is None else np.ascontiguousarray(data[part])
            yield (row, col), replace(numbers, planes=planes, data=shown)


def _below_zero(index: str, count: int) -> Finding:
    text = Text(
        zh=f"有 {count} 个像元的波段值小于 0，{index.upper()} 无意义，按未见处理。",
        en=f"{count} pixels have a band below 0, where {index.upper()} means nothing: "
        "they count as unseen.",
    )
    return Finding(
        code="negative_reflectance",
        text=text,
        severity="warning",
        layer="image",
        count=count,
        indicators=("green_coverage",),
    )


@dataclass(frozen=True)
class GreenShares:
    """A raster that already says how green each pixel is, from 0 to 1. Lazy."""

    reader: BandReader
    band: str = "green"

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.reader.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """The raster."""
        return (self.reader.source,)

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream the raster at once."""
        return self.reader.parallel

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the raster."""
        return self.reader.findings()

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield the shares of each window.

        Raises
        ------
        RasterError
            A seen pixel lies outside 0 to 1.
        """
        room = _Room()
        for numbers in self.reader.numbers((self.band,), windows):
            raw = (numbers.scales, numbers.offsets) == ((1.0,), (0.0,))
            if raw and numbers.data is None and numbers.planes.dtype == np.uint8:
                green, seen = room.of(numbers)
                if read_mask(numbers.planes[0], numbers.blanks[0], green, seen):
                    yield Strip(numbers.window, green, seen)
                    continue
            seen, (values,) = numbers.seen(), numbers.values()
            beyond = seen & ((values < 0) | (values > 1))
            if beyond.any():
                raise RasterError(
                    f"栅格的取值应在 0–1 之间，却有 {values[beyond][0]:g}。",
                    f"The raster should hold shares from 0 to 1, but has {values[beyond][0]:g}.",
                    remedy=Text(
                        zh="请提供 0/1 或比例栅格；若该值是 nodata，请写入标记。",
                        en="Give a raster of 0/1 or shares; declare that value if it is nodata.",
                    ),
                    file=self.reader.source.name,
                    expected=(0, 1),
                    found=float(values[beyond][0]),
                )
            whole = raw and numbers.planes.dtype == np.uint8
            green = np.where(seen, values, 0.0)
            yield Strip(numbers.window, green.astype(bool if whole else np.float32), seen)
