"""Two dates: two images of unlike pixels as one raster of what became of each pixel.

Question   Was this pixel green before, is it now, and did both images see it?
Enters     Two GreenRasters, on grids and in CRS of their own.
Leaves     A lazy ClassRaster on the finer grid: gained, lost, kept, not green, unseen.
Elsewhere  Sums inside zones: measure/change. Polygons: prepare/vectorise.

Each pixel of the finer grid takes the class that the other image has at its centre: nothing is
mixed. Where its corners fall into pixels of another class, the pixel *straddles* an edge, and
what became of it is sure for a part of it only. Grids that nest have no such pixels. What changed
*on an edge*, within one pixel of where the other image goes from green to not green, is what a
shift of one image against the other would make, too.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import RasterError
from greenspace.model.crs import degrees_of, is_local
from greenspace.model.grid import UNSEEN, ClassStrip, Grid, Window
from greenspace.model.words import Text
from greenspace.prepare.ways import Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import GreenRaster, Strip
    from greenspace.model.source import Finding, Source

    Codes = NDArray[np.uint8]
    Floats = NDArray[np.float64]

NOT_GREEN, GAINED, LOST, KEPT = range(4)
STRADDLING = 4  # added to the four; alone: unseen, but not by all of the pixel
UNSEEN_STRADDLING = 8
ON_EDGE = 8  # added to gained and lost that do not straddle
CENTRE = (0.5, 0.5)
ROWS_AT_ONCE = 64
BOTH = 3
FINER = 1 - 1e-6


@dataclass(frozen=True)
class TwoDates:
    """What became of each pixel between two images. Lazy.

    Codes are 0 not green on both dates, 1 gained, 2 lost, 3 kept; 4 more where the pixel
    straddles an edge of the other image's classes; 9 gained and 10 lost on such an edge without
    straddling it; 255 where either image does not see its centre (8 where it sees a corner).

    Raises
    ------
    RasterError
        An image has no CRS where the other has one, or they show no common ground.
    """

    before: GreenRaster
    after: GreenRaster

    def __post_init__(self) -> None:
        """Refuse images that have no place in common."""
        whole = Window(0, 0, self.grid.height, self.grid.width)
        if self.way.needed(whole, around=0) is None:
            raise _apart(self.before, self.after)

    @cached_property
    def after_is_finer(self) -> bool:
        """Whether the later image's pixels are kept; also where neither is finer."""
        before, after = self.before.grid, self.after.grid
        if before.crs == after.crs:
            return not before.pixel_size < after.pixel_size * FINER
        return not _side(before) < _side(after) * FINER

    @property
    def fine(self) -> GreenRaster:
        """The image whose pixels are kept."""
        return self.after if self.after_is_finer else self.before

    @property
    def coarse(self) -> GreenRaster:
        """The image that is looked up."""
        return self.before if self.after_is_finer else self.after

    @property
    def grid(self) -> Grid:
        """Where the pixels lie: those of the finer image."""
        return self.fine.grid

    @cached_property
    def way(self) -> Way:
        """The way from a pixel to the same place in the other image."""
        _require_one_world(self.before, self.after)
        return Way(self.fine.grid, self.coarse.grid)

    @property
    def nested(self) -> bool:
        """Whether every pixel lies in one pixel of the other image, so that nothing straddles."""
        return self.way.nested

    @property
    def sources(self) -> tuple[Source, ...]:
        """Both images and how they were read."""
        return (*self.before.sources, *self.after.sources)

    @property
    def parallel(self) -> bool:
        """Whether several threads may stream at once."""
        return self.before.parallel and self.after.parallel

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about both images, once it is known."""
        return tuple(dict.fromkeys((*self.before.findings(), *self.after.findings())))

    def class_strips(self, windows: Iterable[Window]) -> Iterator[ClassStrip]:
        """Yield what became of the pixels of each window."""
        here: deque[Window] = deque()
        there: deque[Window] = deque()
        fine, coarse = self.fine.strips(_taken(here)), self.coarse.strips(_taken(there))
        for window in windows:
            needed = self.way.needed(window)
            if needed is None:
                nothing = np.full((window.height, window.width), UNSEEN, dtype=np.uint8)
                yield ClassStrip(window, nothing)
                continue
            here.append(window)
            there.append(needed)
            yield ClassStrip(window, self._codes(next(fine), next(coarse)))

    def _codes(self, fine: Strip, coarse: Strip) -> Codes:
        own, other = _greenness(fine, self.fine), _greenness(coarse, self.coarse)
        edge = _edges(other)
        codes = np.empty_like(own)
        for top in range(0, len(own), ROWS_AT_ONCE):
            rows = slice(top, top + ROWS_AT_ONCE)
            window = fine.window
            part = Window(window.row + top, window.col, len(own[rows]), window.width)
            found = self._compared(own[rows], other, part, coarse.window)
            near = _at(edge, coarse.window, *self.way.places(part, *CENTRE)) == 1
            found[near & ((found == GAINED) | (found == LOST))] += ON_EDGE
            codes[rows] = found
        return codes

    def _compared(self, own: Codes, other: Codes, part: Window, lies: Window) -> Codes:
        far = _at(other, lies, *self.way.places(part, *CENTRE))
        before, after = (far, own) if self.after_is_finer else (own, far)
        codes = after + 2 * before
        unseen = (own == UNSEEN) | (far == UNSEEN)
        codes[unseen] = UNSEEN
        if self.nested:
            return codes
        straddles = np.zeros(codes.shape, dtype=bool)
        for spot in self.way.spots:
            straddles |= _at(other, lies, *self.way.places(part, *spot)) != far
        straddles &= own != UNSEEN
        codes[straddles & ~unseen] += STRADDLING
        codes[straddles & unseen] = UNSEEN_STRADDLING
        return codes


def _taken(asked: deque[Window]) -> Iterator[Window]:
    while asked:
        yield asked.popleft()


def _side(grid: Grid) -> float:
    _, side = grid.on_earth()
    return grid.pixel_size if side is None else side


def _greenness(strip: Strip, raster: GreenRaster) -> Codes:
    """Return 1 where green, 0 where not, 255 where unseen."""
    green = strip.green == 1
    between = strip.seen & ~green & (strip.green != 0)
    if between.any():
        raise RasterError(
            "比例栅格没有类别，无法比较两期变化。",
            "A raster of shares has no classes, so no change can be told from it.",
            remedy=Text(
                zh="请用 0/1 栅格，或用 gs.vegetation 按阈值分类。",
                en="Use a raster of 0 and 1, or gs.vegetation with a threshold.",
            ),
            file=raster.sources[0].name if raster.sources else None,
            expected="0 or 1",
            found=float(strip.green[between][0]),
        )
    found: Codes = green.view(np.uint8)
    found[~strip.seen] = UNSEEN
    return found


def _edges(codes: Codes) -> Codes:
    """Return 1 for pixels that are green, or next to green, and the same of not green."""
    met = np.where(codes == UNSEEN, 0, codes + 1).astype(np.uint8)  # 1 bare, 2 green, 3 both
    down = met.copy()
    down[:-1] |= met[1:]
    down[1:] |= met[:-1]
    wide = down.copy()
    wide[:, :-1] |= down[:, 1:]
    wide[:, 1:] |= down[:, :-1]
    found: Codes = (wide == BOTH).astype(np.uint8)
    return found


def _at(codes: Codes, lies: Window, rows: Floats, cols: Floats) -> Codes:
    """Return the codes at some places of a grid, of which a window is at hand."""
    row = np.floor(rows).astype(np.int64) - lies.row
    col = np.floor(cols).astype(np.int64) - lies.col
    far_row, far_col = (row < 0) | (row >= lies.height), (col < 0) | (col >= lies.width)
    row, col = np.clip(row, 0, lies.height - 1), np.clip(col, 0, lies.width - 1)
    if row.shape[1] == 1 and col.shape[0] == 1:
        found = codes.take(row.ravel(), axis=0).take(col.ravel(), axis=1)
        found[far_row.ravel()] = UNSEEN
        found[:, far_col.ravel()] = UNSEEN
        return found
    return np.where(far_row | far_col, np.uint8(UNSEEN), codes[row, col])


def _require_one_world(before: GreenRaster, after: GreenRaster) -> None:
    """Refuse images of which only one has a place on the globe."""
    on_globe = [
        raster.grid.crs is not None and not is_local(raster.grid.crs) for raster in (before, after)
    ]
    if on_globe[0] == on_globe[1]:
        return
    lost = before if on_globe[1] else after
    raise RasterError(
        "两期影像中有一期没有坐标系，无法叠合。",
        "One of the two images has no CRS, so they cannot be laid over each other.",
        remedy=Text(
            zh='请先写入坐标系，或指定 crs="EPSG:…"。',
            en='Write one into it, or pass crs="EPSG:…" to gs.vegetation.',
        ),
        file=lost.sources[0].name if lost.sources else None,
    )


def _apart(before: GreenRaster, after: GreenRaster) -> RasterError:
    extents = [_extent(raster.grid) for raster in (before, after)]
    here, there = (", ".join(f"{value:.6g}" for value in box) for box in extents)
    return RasterError(
        f"两期影像没有共同的地面：前期 [{here}]，后期 [{there}]。",
        f"The two images show no common ground: before [{here}], after [{there}].",
        remedy=Text(zh="请核对两期影像的坐标系。", en="Check the CRS of both images."),
        file=after.sources[0].name if after.sources else None,
        expected=extents[0],
        found=extents[1],
    )


def _extent(grid: Grid) -> tuple[float, float, float, float]:
    if grid.crs is None or is_local(grid.crs):
        return grid.bounds
    return degrees_of(grid.bounds, grid.crs)
