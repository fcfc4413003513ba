"""Zonal sums: how much of each polygon is green, and how much the image shows.

Question   What is the exact area of green, of each class and of seen ground inside each zone?
Enters     A raster that is streamed window by window, and polygons in its CRS.
Leaves     Shares of each zone, exact at pixel edges.
Elsewhere  Opening files: read/. Sums along edges: measure/crossings. Square metres:
           measure/coverage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import dust
from greenspace.measure.crossings import add_pixels
from greenspace.measure.edges import Edges, row_weights
from greenspace.measure.tiles import windows_over
from greenspace.model.streaming import streamed, thread_count

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.grid import ClassRaster, GreenRaster, Grid, Window
    from greenspace.model.streaming import Stream

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Layers = tuple[Window, Iterable[NDArray[Any] | None]]


@dataclass(frozen=True, slots=True)
class ZoneShares:
    """Of each zone's own area, the shares that are green and that the image shows."""

    green: Floats
    seen: Floats


@dataclass(frozen=True, slots=True, eq=False)
class WindowSums:
    """Green and seen ground of the zones of one window, in two rows."""

    window: Window
    sums: Floats


def share_of_zones(
    raster: GreenRaster,
    zones: gpd.GeoSeries,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ZoneShares:
    """Sum pixels over polygons, exactly, window by window.

    Parameters
    ----------
    raster
        Streams green shares and seen pixels.
    zones
        Valid polygons in the CRS of the raster; they may overlap, have holes, lie outside.
    threads
        How many threads stream; else one for each processor, up to 4, and a single one where
        the raster allows no more. The digits do not depend on it.
    progress
        Told how many windows are done, and of how many.

    Returns
    -------
    ZoneShares
        Green and seen area over the zone's own area, both 0 where the zone has none. On a
        geographic grid each row of pixels weighs as much as it covers on the ground.
    """
    sums, whole = zone_sums(raster, zones, threads=threads, progress=progress)
    return _zone_shares(raster.grid, zones, sums, whole)


def shares_of_sums(
    grid: Grid, zones: gpd.GeoSeries, sums: Sequence[WindowSums]
) -> ZoneShares | None:
    """Return what `share_of_zones` does, from the sums of its windows, which may come in parts.

    Parameters
    ----------
    grid
        Of the raster.
    zones
        The same as the sums were made for.
    sums
        Of every window that `share_of_zones` would read, in that order.

    Returns
    -------
    ZoneShares or None
        None where the windows are not those.
    """
    work = _Work.of(grid, zones)
    windows = [window for row in work.pieces for window, _ in row]
    if windows != [each.window for each in sums]:
        return None
    total = work.added(2, (each.sums for each in sums))
    return _zone_shares(grid, zones, total, work.whole)


def window_sums(
    raster: GreenRaster,
    zones: gpd.GeoSeries,
    *,
    rows: tuple[int, int],
    threads: int | None = None,
) -> tuple[WindowSums, ...]:
    """Return green and seen ground of zones in each window of some rows of a raster.

    Parameters
    ----------
    raster, zones, threads
        As of `share_of_zones`.
    rows
        The first row and the one after the last, on borders of the windows of the whole raster.
    """
    work = _Work.of(raster.grid, zones)
    pieces = [row for row in work.pieces if rows[0] <= row[0][0].row < rows[1]]
    part = replace(work, pieces=pieces)
    found = part.sums(_green_and_seen(raster), threads=_threads(raster, threads))
    windows = [window for row in pieces for window, _ in row]
    return tuple(WindowSums(*each) for each in zip(windows, found, strict=True))


def _zone_shares(grid: Grid, zones: gpd.GeoSeries, sums: Floats, whole: Floats) -> ZoneShares:
    green, seen = sums
    slack = _dust(grid, zones, whole)
    return ZoneShares(_share(np.minimum(green, seen), whole, slack), _share(seen, whole, slack))


def zone_sums(
    raster: GreenRaster,
    zones: gpd.GeoSeries,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Floats, Floats]:
    """Return green and seen ground of each zone, and its own area, in one unit."""
    work = _Work.of(raster.grid, zones)
    count = _threads(raster, threads)
    sums = work.sums(_green_and_seen(raster), threads=count, progress=progress)
    return work.added(2, sums), work.whole


def _green_and_seen(raster: GreenRaster) -> Stream[Window, Layers]:
    def layers(windows: Iterator[Window]) -> Generator[Layers, None, None]:
        for strip in raster.strips(windows):
            yield strip.window, (strip.green, None if strip.seen.all() else strip.seen)

    return layers


def shares_by_class(
    raster: ClassRaster,
    zones: gpd.GeoSeries,
    classes: int,
    *,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Floats:
    """Sum the pixels of each class over polygons, exactly, window by window.

    Parameters
    ----------
    raster
        Streams the class of each pixel.
    zones
        Valid polygons in the CRS of the raster; they may overlap, have holes, lie outside.
    classes
        How many classes there are; their codes count from 0.
    threads, progress
        As of `share_of_zones`.

    Returns
    -------
    ndarray
        A row for each zone, a column for each class: the share of the zone's own area. What a
        row lacks to 1 is unseen.
    """
    work = _Work.of(raster.grid, zones)

    def layers(windows: Iterator[Window]) -> Generator[Layers, None, None]:
        for strip in raster.class_strips(windows):
            yield strip.window, (strip.codes == code for code in range(classes))

    count = _threads(raster, threads)
    sums = work.added(classes, work.sums(layers, threads=count, progress=progress))
    slack = _dust(raster.grid, zones, work.whole)
    return np.column_stack([_share(part, work.whole, slack) for part in sums])


def _threads(raster: GreenRaster | ClassRaster, asked: int | None) -> int:
    return asked if asked and raster.parallel else thread_count(parallel=raster.parallel)


def _share(part: Floats, whole: Floats, slack: Floats) -> Floats:
    share = np.zeros(len(whole))
    np.divide(part, whole, out=share, where=whole > 0)
    share[part < slack] = 0.0
    share[part > whole - slack] = 1.0
    return share


def _dust(grid: Grid, zones: gpd.GeoSeries, whole: Floats) -> Floats:
    """Return what rounding may leave of zones, in the unit of their wholes."""
    shapes = zones.to_numpy()
    areas = shapely.area(shapes)
    last_digit = float(np.spacing(max(map(abs, grid.bounds))))
    per_area = np.divide(whole, areas, out=np.zeros(len(areas)), where=areas > 0)
    slack: Floats = dust(areas, shapely.bounds(shapes), last_digit) * per_area
    return slack


def _within(boxes: Floats, window: Window) -> NDArray[np.bool_]:
    """Return which boxes lie in a window from side to side."""
    right, bottom = window.col + window.width, window.row + window.height
    left, top, east, south = boxes.T
    found = (left >= window.col) & (top >= window.row) & (east <= right) & (south <= bottom)
    return np.asarray(found)


@dataclass(frozen=True, slots=True)
class _Work:
    """Zones, and the windows of a raster that hold some of them."""

    edges: Edges
    weights: Floats
    whole: Floats
    pieces: list[list[tuple[Window, Ints]]]

    @classmethod
    def of(cls, grid: Grid, zones: gpd.GeoSeries) -> _Work:
        edges = Edges.of(zones, grid)
        return cls(edges, *row_weights(edges, grid), list(windows_over(grid, edges.boxes)))

    def summed(self, window: Window, zones: Ints, layers: Iterable[NDArray[Any] | None]) -> Floats:
        """Return the sum of each layer inside some zones; a layer of None is 1 everywhere."""
        weights = self.weights[window.row : window.row + window.height]
        parts = []
        for layer in layers:
            part, left = np.zeros(len(zones)), np.ones(len(zones), dtype=bool)
            if layer is None:
                left = ~_within(self.edges.boxes[zones], window)
                part[~left] = self.whole[zones[~left]]
            part[left] = add_pixels(self.edges, zones[left], window, weights, layer)
            parts.append(part)
        return np.array(parts)

    def sums(self, stream: Stream[Window, Layers], **how: Any) -> list[Floats]:
        """Return what each window holds, in the order of the windows, whichever came first."""
        zones_in = {window: zones for row in self.pieces for window, zones in row}

        def summed(windows: Iterator[Window]) -> Generator[Floats, None, None]:
            for window, found in stream(windows):
                yield self.summed(window, zones_in[window], found)

        rows = [[window for window, _ in row] for row in self.pieces]
        return streamed(summed, rows, **how)

    def added(self, layers: int, sums: Iterable[Floats]) -> Floats:
        """Add up what each window holds, in the order of the windows."""
        total = np.zeros((layers, len(self.whole)))
        zones_in = [zones for row in self.pieces for _, zones in row]
        for zones, part in zip(zones_in, sums, strict=True):
            total[:, zones] += part
        return total
