"""Vectorise: patches of one class as polygons, from a raster that is streamed.

Question   Which connected patches of a class are at least as large as the smallest one mapped?
Enters     A ClassRaster, the names of its codes, a smallest mapping unit in square metres.
Leaves     Polygons along the edges of pixels, and a count of the patches left out.
Elsewhere  Sums inside zones: measure/zonal. Writing layers: present/.

Pixels are of one patch where they share a side, not only a corner. Patches that blocks cut are
joined before they are weighed, so no result depends on the blocks of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from rasterio.features import shapes
from scipy.ndimage import label

from greenspace.model.crs import measuring_crs
from greenspace.model.grid import UNSEEN, ClassStrip, Window
from greenspace.model.pixels import outline, pixels_inside
from greenspace.prepare.project import to_crs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.grid import ClassRaster, GreenRaster, Grid
    from greenspace.model.source import Finding, Source

CODES = 256
HALF = 0.5
UNSURE = 0.01  # of the smallest area: patches this close to it are drawn before they are weighed


@dataclass(frozen=True, slots=True)
class Patches:
    """Polygons with ``class`` and ``area_m2``, largest first, and what was too small for one."""

    frame: gpd.GeoDataFrame
    dropped: int
    dropped_m2: float


@dataclass(frozen=True)
class GreenClasses:
    """A GreenRaster as classes: 1 where at least half of a pixel is green, 0 where less. Lazy."""

    raster: GreenRaster

    @property
    def grid(self) -> Grid:
        """Where the pixels lie."""
        return self.raster.grid

    @property
    def sources(self) -> tuple[Source, ...]:
        """Which inputs it rests on."""
        return self.raster.sources

    @property
    def parallel(self) -> bool:
        """Whether strips may be asked for from several threads at once."""
        return self.raster.parallel

    def findings(self) -> tuple[Finding, ...]:
        """Return what was noticed, once it is known."""
        return self.raster.findings()

    def class_strips(self, windows: Iterable[Window]) -> Iterator[ClassStrip]:
        """Yield the classes of each window."""
        for strip in self.raster.strips(windows):
            codes = np.where(strip.seen, strip.green >= HALF, UNSEEN).astype(np.uint8)
            yield ClassStrip(strip.window, codes)


def patches_of(
    raster: ClassRaster,
    names: Mapping[int, str],
    *,
    smallest_m2: float = 0.0,
    within: gpd.GeoSeries | None = None,
    crs: CRS | None = None,
) -> Patches:
    """Draw the connected patches of some classes that are large enough.

    Parameters
    ----------
    raster
        Streams the codes of pixels.
    names
        Codes to draw, each with the name of its class; codes of one name are one class.
    smallest_m2
        Patches below this area are left out, and counted.
    within
        Polygons in the CRS of the raster: only pixels whose centre lies in one are drawn.
    crs
        Of a raster that has none.

    Returns
    -------
    Patches
        In the CRS of the raster; areas in square metres of the plane that may measure there.
    """
    grid = raster.grid
    plane = grid.crs or crs
    order = tuple(dict.fromkeys(names.values()))
    numbers = np.zeros(CODES, dtype=np.uint8)
    for code, name in names.items():
        numbers[code] = 1 + order.index(name)
    drawing = _Drawing(grid, plane, smallest_m2, order)
    for strip in raster.class_strips(_windows(grid, within)):
        classes = numbers[strip.codes]
        if within is not None:
            classes[~pixels_inside(within, grid, strip.window)] = 0
        drawing.add(classes, strip.window)
    return drawing.finished()


def _windows(grid: Grid, within: gpd.GeoSeries | None) -> Iterator[Window]:
    for window in grid.windows():
        if within is None or len(within.sindex.query(outline(grid, window), "intersects")):
            yield window


@dataclass
class _Drawing:
    """Patches gathered block by block, in whole pixels."""

    grid: Grid
    crs: CRS | None
    smallest_m2: float
    names: Sequence[str]
    whole: list[tuple[int, Any]] = field(default_factory=list)
    cut: list[tuple[int, Any]] = field(default_factory=list)
    dropped: int = 0
    dropped_m2: float = 0.0

    def add(self, classes: NDArray[np.uint8], window: Window) -> None:
        """Draw one block; patches too small that end inside it are only counted."""
        pixel_m2 = self._pixel_m2(window)
        for number in range(1, 1 + len(self.names)):
            labels, count = label(classes == number, output=np.int32)
            if not count:
                continue
            in_rows = np.broadcast_to(pixel_m2[:, None], labels.shape).ravel()
            sizes = np.bincount(labels.ravel(), in_rows, minlength=count + 1)
            open_ended = np.zeros(count + 1, dtype=bool)
            for edge in _inner_edges(labels, window, self.grid):
                open_ended[edge] = True
            small = (sizes < (1.0 - UNSURE) * self.smallest_m2) & ~open_ended
            small[0] = False
            self.dropped += int(np.count_nonzero(small))
            self.dropped_m2 += float(sizes[small].sum())
            small[0] = True
            place = Affine.translation(window.col, window.row)
            for geometry, which in shapes(labels, mask=~small[labels], transform=place):
                home = self.cut if open_ended[int(which)] else self.whole
                home.append((number, shapely.Polygon(*_rings(geometry))))

    @cached_property
    def _plane(self) -> CRS | None:
        if self.crs is None:
            return None
        return measuring_crs(None, self.crs, self.grid.bounds)[0]

    def _pixel_m2(self, window: Window) -> NDArray[np.float64]:
        """Return the mean area of the pixels of each row."""
        high = 1 if self._plane == self.crs else window.height
        rows = range(window.row, window.row + high)
        strips = [outline(self.grid, Window(row, window.col, 1, window.width)) for row in rows]
        found = self._measured(strips) / window.width
        return np.broadcast_to(found, (window.height,))

    def _measured(self, ground: Any) -> NDArray[np.float64]:
        frame = gpd.GeoDataFrame(geometry=ground, crs=self.crs)
        if self._plane is not None and len(frame):
            frame = to_crs(frame, self._plane, "patches")
        area: NDArray[np.float64] = shapely.area(frame.geometry.to_numpy())
        return area

    def finished(self) -> Patches:
        """Join what blocks cut, and weigh it."""
        found = list(self.whole)
        for number in range(1, 1 + len(self.names)):
            pieces = [shape for own, shape in self.cut if own == number]
            found += [(number, shape) for shape in _joined(pieces)]
        drawn = np.empty(len(found), dtype=object)
        drawn[:] = [shape for _, shape in found]
        ground = self._to_ground(drawn)
        area = self._measured(ground)
        small = area < self.smallest_m2
        frame = gpd.GeoDataFrame(
            {"class": [self.names[number - 1] for number, _ in found], "area_m2": area},
            geometry=ground,
            crs=self.crs,
        )
        kept = frame[~small].sort_values("area_m2", ascending=False, kind="stable")
        return Patches(
            kept.reset_index(drop=True),
            self.dropped + int(np.count_nonzero(small)),
            self.dropped_m2 + float(area[small].sum()),
        )

    def _to_ground(self, drawn: NDArray[Any]) -> NDArray[Any]:
        t = self.grid.transform
        askew = ~shapely.is_valid(drawn)
        drawn[askew] = shapely.make_valid(drawn[askew])

        def placed(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
            col, row = pixels.T
            return np.column_stack((t.a * col + t.b * row + t.c, t.d * col + t.e * row + t.f))

        moved: NDArray[Any] = shapely.transform(drawn, placed)
        return moved


def _joined(pieces: Sequence[Any]) -> NDArray[Any]:
    """Return pieces on whole pixels as one where they share a side."""
    # With a point at every pixel the pieces match edge by edge, and are joined as a coverage.
    matched = shapely.segmentize(np.array(pieces, dtype=object), 1.0)
    joined = shapely.coverage_union_all(matched)
    parts: NDArray[Any] = shapely.simplify(shapely.get_parts(joined), 0.0, preserve_topology=False)
    return parts


def _rings(geometry: Mapping[str, Any]) -> tuple[Any, Any]:
    shell, *holes = geometry["coordinates"]
    return shell, holes


def _inner_edges(labels: NDArray[np.int32], window: Window, grid: Grid) -> Iterator[Any]:
    """Yield the rows and columns of a block behind which the image goes on."""
    if window.row > 0:
        yield labels[0]
    if window.row + window.height < grid.height:
        yield labels[-1]
    if window.col > 0:
        yield labels[:, 0]
    if window.col + window.width < grid.width:
        yield labels[:, -1]
