"""Crop: the part of a raster that some ground lies in, on whole blocks of the file.

Question   Which pixels need to be looked at for these zones?
Enters     A lazy GreenRaster, and bounds in its CRS.
Leaves     A GreenRaster of those pixels; nothing is read.
Elsewhere  Sums over the zones themselves: measure/zonal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING

from affine import Affine

from greenspace.model.grid import Strip, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd

    from greenspace.model.crs import Bounds
    from greenspace.model.grid import GreenRaster, Grid
    from greenspace.model.source import Finding, Source


@dataclass(frozen=True)
class Cropped:
    """A window of a raster, as a raster of its own. Lazy."""

    raster: GreenRaster
    window: Window

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        grid, window = self.raster.grid, self.window
        moved = grid.transform @ Affine.translation(window.col, window.row)
        return replace(grid, width=window.width, height=window.height, transform=moved)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Which inputs it rests on."""
        return self.raster.sources

    @property
    def parallel(self) -> bool:
        """Whether strips may be asked for from several threads at once."""
        return self.raster.parallel

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed about the raster."""
        return self.raster.findings()

    def strips(self, windows: Iterable[Window]) -> Iterator[Strip]:
        """Yield the pixels of each window."""
        top, left = self.window.row, self.window.col
        moved = (Window(w.row + top, w.col + left, w.height, w.width) for w in windows)
        for strip in self.raster.strips(moved):
            there = strip.window
            here = Window(there.row - top, there.col - left, there.height, there.width)
            yield Strip(here, strip.green, strip.seen)


def crop(raster: GreenRaster, bounds: Bounds) -> GreenRaster | None:
    """Return the part of a raster that covers some bounds; None where they do not meet.

    The part begins and ends where the file's own blocks do, so that none is read twice.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from greenspace.model.grid import Grid
    >>> grid = Grid(1000, 600, Affine(1, 0, 0, 0, -1, 600), None, 256, 256)
    >>> crop(SimpleNamespace(grid=grid), (300.0, 10.0, 310.0, 20.0)).grid.bounds
    (256.0, 0.0, 512.0, 88.0)
    """
    if not all(map(isfinite, bounds)):
        return None
    grid = raster.grid
    west, south, east, north = bounds
    back = ~grid.transform
    corners = [back @ (x, y) for x in (west, east) for y in (south, north)]
    cols, rows = zip(*corners, strict=True)
    top, bottom = _blocks(min(rows), max(rows), grid.block_height, grid.height)
    left, right = _blocks(min(cols), max(cols), grid.block_width, grid.width)
    if top >= bottom or left >= right:
        return None
    return Cropped(raster, Window(top, left, bottom - top, right - left))


def crop_to(raster: GreenRaster, ground: gpd.GeoDataFrame) -> GreenRaster | None:
    """Return the part of a raster that a layer in its CRS lies in; None where they do not meet."""
    west, south, east, north = map(float, ground.total_bounds)
    return crop(raster, (west, south, east, north))


def _blocks(first: float, last: float, block: int, most: int) -> tuple[int, int]:
    begin, end = floor(first) // block * block, -(-ceil(last) // block) * block
    return max(0, begin), min(most, end)
