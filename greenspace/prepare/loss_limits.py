"""Loss limits: which green is gone wherever two images truly lie, and which may be.

Question   What was lost for sure, and at most, if either image is off by up to a pixel?
Enters     TwoDates.
Leaves     A lazy ClassRaster: 0 not lost, 1 perhaps lost, 2 surely lost.
Elsewhere  What the images show as they lie: prepare/two_dates. Sums inside lines: guard_images.

A pixel is surely lost where it and all around it were green and are not; it is perhaps lost where
it or any around it was green or unseen, and it or any around it is not green or unseen. So the
loss on the ground lies between the two, whichever image is off, and in whichever direction.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter, minimum_filter

from greenspace.model.grid import UNSEEN, ClassStrip, Window
from greenspace.prepare.two_dates import KEPT, LOST, NOT_GREEN, STRADDLING, UNSEEN_STRADDLING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid
    from greenspace.model.source import Finding, Source
    from greenspace.prepare.two_dates import TwoDates

NOT_LOST, PERHAPS, SURELY = range(3)
NEAR = 1e-6


@dataclass(frozen=True)
class LossLimits:
    """What is lost if either image is off by up to a pixel of the coarser one. Lazy."""

    dates: TwoDates

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.dates.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """Both images and how they were read."""
        return self.dates.sources

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream at once."""
        return self.dates.parallel

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about both images, once it is known."""
        return self.dates.findings()

    @cached_property
    def reach(self) -> int:
        """How many pixels a pixel of the coarser image is wide; one more on grids that do not nest."""
        fine, coarse = (
            side or raster.grid.pixel_size
            for raster in (self.dates.fine, self.dates.coarse)
            for side in raster.grid.on_earth()[1:]
        )
        return max(1, ceil(coarse / fine - NEAR)) + (not self.dates.nested)

    def class_strips(self, windows: Iterable[Window]) -> Iterator[ClassStrip]:
        """Yield what may be lost in each window."""
        asked: deque[Window] = deque()
        for strip in self.dates.class_strips(self._around(windows, asked)):
            window = asked.popleft()
            yield ClassStrip(window, self._codes(strip, window))

    def _around(self, windows: Iterable[Window], asked: deque[Window]) -> Iterator[Window]:
        for window in windows:
            asked.append(window)
            top, left = max(0, window.row - self.reach), max(0, window.col - self.reach)
            bottom = min(self.grid.height, window.row + window.height + self.reach)
            right = min(self.grid.width, window.col + window.width + self.reach)
            yield Window(top, left, bottom - top, right - left)

    def _codes(self, strip: ClassStrip, window: Window) -> NDArray[np.uint8]:
        unseen = (strip.codes == UNSEEN) | (strip.codes == UNSEEN_STRADDLING)
        kinds = strip.codes % STRADDLING
        green = unseen | (kinds == LOST) | (kinds == KEPT)
        bare = unseen | (kinds == LOST) | (kinds == NOT_GREEN)
        side = 2 * self.reach + 1
        wide = [maximum_filter(mask, side, mode="constant", cval=1) for mask in (green, bare)]
        surely = minimum_filter((kinds == LOST) & ~unseen, side, mode="constant", cval=0)
        codes: NDArray[np.uint8] = (wide[0] & wide[1]).astype(np.uint8)
        codes[surely] = SURELY
        top, left = window.row - strip.window.row, window.col - strip.window.col
        return codes[top : top + window.height, left : left + window.width]
