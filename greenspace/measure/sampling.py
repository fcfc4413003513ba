"""Sampling: a stratified random sample of the pixels of a map, the same for the same seed.

Question   At which places should somebody look what is really there?
Enters     A ClassRaster, the zones to look in, how many points of which class.
Leaves     Points at the centres of pixels, each with its stratum and the stratum's area.
Elsewhere  How many points: measure/sample_size. What they say: measure/accuracy.

Pixels are counted row by row in a first pass and picked by their rank in a second, so memory does
not grow with the image, and the points depend on neither blocks nor threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from greenspace.errors import InputError, RasterError
from greenspace.measure.edges import EQUAL_AREA
from greenspace.model.crs import is_local
from greenspace.model.pixels import outline, pixels_inside
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import ClassRaster, Grid, Window

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

CODES = 256
OUT = 255  # the number of pixels of no stratum


def draw_sample(
    raster: ClassRaster,
    zones: gpd.GeoSeries,
    names: Mapping[int, str],
    points: Mapping[str, int],
    *,
    seed: int,
) -> gpd.GeoDataFrame:
    """Draw points in each class of a map by chance, every pixel of a class as likely.

    Parameters
    ----------
    raster
        Streams the codes of pixels; unseen ones are never drawn.
    zones
        Polygons in the CRS of the raster: only pixels whose centre lies in one are drawn.
    names
        The class of each code; codes of one name are one stratum, others are left out.
    points
        How many to draw in each class.
    seed
        The same seed draws the same points, whatever the blocks of the file.

    Returns
    -------
    GeoDataFrame
        ``id`` from the top row down, ``stratum`` and ``map`` (here the same), the true area of
        the stratum ``stratum_area_m2``, and ``x`` and ``y`` of the centre of the pixel.

    Raises
    ------
    InputError
        A class has fewer pixels in the zones than points are wanted, or is not named.
    """
    wanted = _wanted(names, points)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(
            "随机种子应为非负整数。",
            "A seed is a whole number of zero or more.",
            remedy=Text(zh="例如 seed=20260701。", en="For example seed=20260701."),
            expected="a whole number >= 0",
            found=seed,
        )
    frame = _Frame(raster, zones, names, tuple(wanted))
    counts = frame.counts()
    totals = counts.sum(axis=0)
    _require_enough(wanted, totals)
    ranks = [
        _ranks(int(total), number, seed, name)
        for (name, number), total in zip(wanted.items(), totals, strict=True)
    ]
    rows, cols = frame.pick(counts, ranks)
    stratum = np.repeat(np.arange(len(wanted)), [len(part) for part in ranks])
    areas = _row_areas(raster.grid) @ counts
    order = np.lexsort((cols, rows))
    x, y = _place(raster.grid, cols[order] + 0.5, rows[order] + 0.5)
    labels = np.array(list(wanted), dtype=object)[stratum[order]]
    columns = {
        "id": np.arange(1, len(order) + 1),
        "stratum": labels,
        "stratum_area_m2": areas[stratum[order]],
        "map": labels,
        "x": x,
        "y": y,
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.points(x, y), crs=raster.grid.crs)


class _Frame:
    """The pixels that can be drawn, row by row."""

    def __init__(
        self,
        raster: ClassRaster,
        zones: gpd.GeoSeries,
        names: Mapping[int, str],
        strata: tuple[str, ...],
    ) -> None:
        self.raster = raster
        self.strata = strata
        self._zones = zones[~zones.is_empty & zones.notna()]
        self._numbers = np.full(CODES, OUT, dtype=np.uint8)
        for code, name in names.items():
            if name in strata:
                self._numbers[code] = strata.index(name)

    def counts(self) -> Counts:
        """Return how many pixels of each stratum lie in each row."""
        counts = np.zeros((self.raster.grid.height, len(self.strata)), dtype=np.int64)
        for window, numbers in self._strips():
            for stratum in range(len(self.strata)):
                part = np.count_nonzero(numbers == stratum, axis=1)
                counts[window.row : window.row + window.height, stratum] += part
        return counts

    def pick(self, counts: Counts, ranks: list[Counts]) -> tuple[Counts, Counts]:
        """Return row and column of the pixels of some ranks, stratum after stratum."""
        rows, places = [], []
        for stratum, chosen in enumerate(ranks):
            ends = np.cumsum(counts[:, stratum])
            found = np.searchsorted(ends, chosen, side="right")
            rows.append(found)
            places.append(chosen - (ends[found] - counts[found, stratum]))
        row, place = np.concatenate(rows), np.concatenate(places)
        stratum_of = np.repeat(np.arange(len(ranks)), [len(part) for part in ranks])
        cols = np.full(len(row), -1, dtype=np.int64)
        passed = np.zeros_like(counts)
        for window, numbers in self._strips(set(row.tolist())):
            last = window.row + window.height
            for point in np.flatnonzero((row >= window.row) & (row < last) & (cols < 0)):
                line = numbers[row[point] - window.row] == stratum_of[point]
                ahead = place[point] - passed[row[point], stratum_of[point]]
                if ahead < np.count_nonzero(line):
                    cols[point] = window.col + np.flatnonzero(line)[ahead]
            for stratum in range(len(self.strata)):
                part = np.count_nonzero(numbers == stratum, axis=1)
                passed[window.row : last, stratum] += part
        if (cols < 0).any():
            raise RasterError(
                "影像在读取过程中发生了变化。", "The image changed while it was being read."
            )
        return row, cols

    def _strips(self, rows: set[int] | None = None) -> Iterator[tuple[Window, NDArray[np.uint8]]]:
        """Yield the stratum of each pixel, from left to right in every row of blocks."""
        for strip in self.raster.class_strips(self._windows(rows)):
            numbers = self._numbers[strip.codes]
            numbers[~pixels_inside(self._zones, self.raster.grid, strip.window)] = OUT
            yield strip.window, numbers

    def _windows(self, rows: set[int] | None) -> Iterator[Window]:
        for window in self.raster.grid.windows():
            needed = rows is None or not rows.isdisjoint(
                range(window.row, window.row + window.height)
            )
            if needed and len(
                self._zones.sindex.query(outline(self.raster.grid, window), "intersects")
            ):
                yield window


def _wanted(names: Mapping[int, str], points: Mapping[str, int]) -> dict[str, int]:
    """Return the points of each stratum in the order of the names."""
    known = dict.fromkeys(names.values())
    given = dict(points) if isinstance(points, Mapping) else {}
    bad = [name for name, number in given.items() if name not in known or not _is_count(number)]
    wanted = {name: int(given[name]) for name in known if name not in bad and given.get(name)}
    if bad or not wanted:
        raise InputError(
            "抽样点数应为各类别的正整数。",
            "Points are wanted as a whole number above zero for classes that the map has.",
            remedy=Text(
                zh='例如 {"green": 100, "not_green": 100}。',
                en='For example {"green": 100, "not_green": 100}.',
            ),
            rows=bad,
            expected=list(known),
            found=given or points,
        )
    return wanted


def _is_count(number: object) -> bool:
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    return whole and int(number) >= 0  # type: ignore[call-overload]


def _require_enough(wanted: Mapping[str, int], totals: Counts) -> None:
    short = {
        name: int(total)
        for (name, number), total in zip(wanted.items(), totals, strict=True)
        if total < number
    }
    if not totals.any():
        raise InputError(
            "影像在区域内没有可见的像元，无处可抽。",
            "The image shows no pixel of the zones: there is nothing to draw from.",
            remedy=Text(
                zh="请核对区域与影像的坐标系和位置。", en="Check the CRS and the place of both."
            ),
            found=short,
        )
    if short:
        raise InputError(
            "有的类别在区域内的可见像元少于要抽取的点数。",
            "A class has fewer visible pixels in the zones than points are wanted.",
            remedy=Text(zh="请减少该类别的点数。", en="Ask for fewer points of that class."),
            rows=short,
            expected=dict(wanted),
            found=short,
        )


def _ranks(total: int, number: int, seed: int, name: str) -> Counts:
    """Return some of the ranks below a total, each as likely, in order."""
    stream = np.random.Generator(np.random.PCG64([seed, *name.encode()]))
    drawn: Any = stream.choice(total, number, replace=False, shuffle=False)
    return np.sort(np.asarray(drawn, dtype=np.int64))


def _place(grid: Grid, cols: Any, rows: Any) -> tuple[Floats, Floats]:
    """Return the coordinates of places in the image."""
    t = grid.transform
    return t.a * cols + t.b * rows + t.c, t.d * cols + t.e * rows + t.f


def _row_areas(grid: Grid) -> Floats:
    """Return the square metres on the ground of a pixel in each row, taken at the middle column."""
    if grid.crs is None or is_local(grid.crs):
        return np.full(grid.height, grid.pixel_area)
    rows = np.arange(grid.height + 1.0)
    cols = np.full_like(rows, grid.width // 2)
    left, right = _place(grid, cols, rows), _place(grid, cols + 1.0, rows)
    to_plane = Transformer.from_crs(grid.crs, EQUAL_AREA, always_xy=True)
    (x1, y1), (x2, y2) = to_plane.transform(*left), to_plane.transform(*right)
    # half the cross product of the diagonals of each quadrilateral
    across = (x2[1:] - x1[:-1]) * (y1[1:] - y2[:-1])
    return np.asarray(np.abs(across - (y2[1:] - y1[:-1]) * (x1[1:] - x2[:-1])) / 2.0)
