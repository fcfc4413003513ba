"""Zonal sums: how much of each polygon is green, and how much the image shows.

Question   What is the exact area of green and of seen ground inside each zone?
Enters     A raster that is streamed window by window, and polygons in its CRS.
Leaves     Shares of each zone, exact at pixel edges.
Elsewhere  Opening files: read/. Square metres: measure/coverage.

The sum of pixel values over a polygon is the contour integral of their row prefix sums
along its edges. Inside one pixel the prefix sum is linear in x, so each crossing is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numba import njit
from pyproj import Transformer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.grid import ClassRaster, GreenRaster, Grid, Window

    Floats = NDArray[np.float64]

DUST = 1e-9
UPRIGHT = 1e-12
EQUAL_AREA = "EPSG:6933"
POLE = 90.0


@dataclass(frozen=True, slots=True)
class ZoneShares:
    """Of each zone's own area, the shares that are green and that the image shows."""

    green: Floats
    seen: Floats


def share_of_zones(raster: GreenRaster, zones: gpd.GeoSeries) -> ZoneShares:
    """Sum pixels over polygons, exactly, window by window.

    Parameters
    ----------
    raster
        Streams green shares and seen pixels.
    zones
        Valid polygons in the CRS of the raster; they may overlap, have holes, lie outside.

    Returns
    -------
    ZoneShares
        Green and seen area over the zone's own area, both 0 where the zone has none. On a
        geographic grid each row of pixels weighs as much as it covers on the ground.
    """
    grid = raster.grid
    shapes = _pixel_shapes(zones, grid)
    edges = _Edges.of(shapes)
    weights, whole = _row_weights(grid, shapes, edges)
    green, seen = np.zeros(len(shapes)), np.zeros(len(shapes))
    for strip in raster.strips(_windows_over(grid, shapes)):
        window = strip.window
        _add_edges(
            edges.ends,
            edges.zone,
            edges.first_col,
            _prefix(strip.green),
            _prefix(strip.seen),
            window.row,
            window.col,
            weights[window.row : window.row + window.height],
            green,
            seen,
        )
    return ZoneShares(_share(np.minimum(green, seen), whole), _share(seen, whole))


def shares_by_class(raster: ClassRaster, zones: gpd.GeoSeries, classes: int) -> Floats:
    """Sum the pixels of each class over polygons, exactly, window by window.

    Parameters
    ----------
    raster
        Streams the class of each pixel.
    zones
        Valid polygons in the CRS of the raster; they may overlap, have holes, lie outside.
    classes
        How many classes there are; their codes count from 0.

    Returns
    -------
    ndarray
        A row for each zone, a column for each class: the share of the zone's own area. What a
        row lacks to 1 is unseen.
    """
    grid = raster.grid
    shapes = _pixel_shapes(zones, grid)
    edges = _Edges.of(shapes)
    weights, whole = _row_weights(grid, shapes, edges)
    sums, spare = np.zeros((classes, len(shapes))), np.zeros(len(shapes))
    for strip in raster.class_strips(_windows_over(grid, shapes)):
        window = strip.window
        for code in np.unique(strip.codes[strip.codes < classes]):
            prefix = _prefix(strip.codes == code)
            _add_edges(
                edges.ends,
                edges.zone,
                edges.first_col,
                prefix,
                prefix,
                window.row,
                window.col,
                weights[window.row : window.row + window.height],
                sums[code],
                spare,
            )
    return np.column_stack([_share(part, whole) for part in sums])


def _share(part: Floats, whole: Floats) -> Floats:
    share = np.zeros(len(whole))
    np.divide(part, whole, out=share, where=whole > 0)
    share[share < DUST] = 0.0
    share[share > 1.0 - DUST] = 1.0
    return share


def _pixel_shapes(zones: gpd.GeoSeries, grid: Grid) -> NDArray[Any]:
    """Return the zones in pixel coordinates (x = column, y = row), rings oriented."""
    back = ~grid.transform

    def to_pixels(points: Floats) -> Floats:
        x, y = points[:, 0], points[:, 1]
        return np.column_stack((back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f))

    moved = shapely.transform(zones.to_numpy(), to_pixels)
    oriented: NDArray[Any] = shapely.orient_polygons(moved)
    return oriented


@dataclass(frozen=True, slots=True)
class _Edges:
    ends: Floats
    zone: NDArray[np.int64]
    first_col: NDArray[np.int64]

    @classmethod
    def of(cls, shapes: NDArray[Any]) -> _Edges:
        parts, owner = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        same = ring[:-1] == ring[1:]
        ends = np.column_stack((points[:-1][same], points[1:][same]))
        zone = owner[part[ring[:-1][same]]]
        left = shapely.bounds(shapes)[:, 0]
        first = np.where(np.isfinite(left), np.floor(left), 0).astype(np.int64)
        return cls(np.ascontiguousarray(ends), zone.astype(np.int64), first)


def _windows_over(grid: Grid, shapes: NDArray[Any]) -> Iterator[Window]:
    """Yield the windows that some zone's bounding box touches."""
    boxes = shapely.bounds(shapes)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    for window in grid.windows():
        bottom, right = window.row + window.height, window.col + window.width
        touched = (
            (boxes[:, 0] < right)
            & (boxes[:, 2] > window.col)
            & (boxes[:, 1] < bottom)
            & (boxes[:, 3] > window.row)
        )
        if touched.any():
            yield window


def _row_weights(grid: Grid, shapes: NDArray[Any], edges: _Edges) -> tuple[Floats, Floats]:
    """Return the weight of a pixel in each row, and each zone's area in the same unit.

    Both take the same weights, also beyond the image, so a zone that is wholly seen has a
    share of exactly one.
    """
    upright = grid.transform.b == 0 and grid.transform.d == 0
    if grid.crs is None or not grid.crs.is_geographic or not upright or not len(edges.ends):
        return np.ones(grid.height), shapely.area(shapes)
    rows = edges.ends[:, 1::2]
    first, last = min(0, floor(rows.min())), max(grid.height, ceil(rows.max()))
    left, top = grid.transform @ (0, 0)
    latitude = np.clip(top + grid.transform.e * np.arange(first, last + 1), -POLE, POLE)
    to_plane = Transformer.from_crs(grid.crs, EQUAL_AREA, always_xy=True)
    _, north = to_plane.transform(np.full(len(latitude), left), latitude)
    weights = np.abs(np.diff(north))
    whole = np.zeros(len(shapes))
    _add_area(edges.ends, edges.zone, edges.first_col, weights, first, whole)
    return weights[-first : grid.height - first], whole


def _prefix(values: NDArray[Any]) -> Floats:
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:], dtype=np.float64)
    return sums


@njit(nogil=True, cache=True)
def _add_edges(
    ends: Floats,
    zone: NDArray[np.int64],
    first_col: NDArray[np.int64],
    green_sums: Floats,
    seen_sums: Floats,
    row0: int,
    col0: int,
    weights: Floats,
    green: Floats,
    seen: Floats,
) -> None:  # pragma: no cover - compiled
    height = green_sums.shape[0]
    for e in range(len(zone)):
        xa, ya, xb, yb = ends[e, 0] - col0, ends[e, 1] - row0, ends[e, 2] - col0, ends[e, 3] - row0
        sign = 1.0
        if ya > yb:
            xa, ya, xb, yb = xb, yb, xa, ya
            sign = -1.0
        if ya == yb or yb <= 0.0 or ya >= height:
            continue
        slope = (xb - xa) / (yb - ya)
        base = first_col[zone[e]] - col0
        for row in range(max(0, floor(ya)), min(height, ceil(yb))):
            low, high = max(ya, float(row)), min(yb, float(row + 1))
            if high <= low:
                continue
            x_low, x_high = xa + (low - ya) * slope, xa + (high - ya) * slope
            step = sign * (high - low) * weights[row]
            left, right = min(x_low, x_high), max(x_low, x_high)
            green[zone[e]] += step * _mean_sum(green_sums[row], left, right, base)
            seen[zone[e]] += step * _mean_sum(seen_sums[row], left, right, base)


@njit(nogil=True, cache=True)
def _add_area(
    ends: Floats,
    zone: NDArray[np.int64],
    first_col: NDArray[np.int64],
    weights: Floats,
    row0: int,
    area: Floats,
) -> None:  # pragma: no cover - compiled
    for e in range(len(zone)):
        xa, ya, xb, yb = ends[e, 0], ends[e, 1] - row0, ends[e, 2], ends[e, 3] - row0
        sign = 1.0
        if ya > yb:
            xa, ya, xb, yb = xb, yb, xa, ya
            sign = -1.0
        if ya == yb:
            continue
        slope = (xb - xa) / (yb - ya)
        for row in range(floor(ya), ceil(yb)):
            low, high = max(ya, float(row)), min(yb, float(row + 1))
            middle = xa + ((low + high) / 2.0 - ya) * slope - first_col[zone[e]]
            area[zone[e]] += sign * (high - low) * weights[row] * middle


@njit(nogil=True, cache=True)
def _mean_sum(
    sums: Floats, left: float, right: float, base: int
) -> float:  # pragma: no cover - compiled
    """Return the mean of the interpolated prefix sum between two x, less that at the base."""
    width = len(sums) - 1
    zero = sums[min(max(base, 0), width)]
    if right - left < UPRIGHT:
        return float(_sum_at(sums, left, width) - zero)
    total, x = 0.0, left
    while x < right:
        if x < 0.0:
            end, level = min(0.0, right), 0.0
        elif x >= width:
            end, level = right, sums[width]
        else:
            cell = floor(x)
            end = min(float(cell + 1), right)
            middle = (x + end) / 2.0 - cell
            level = sums[cell] + middle * (sums[cell + 1] - sums[cell])
        total += (end - x) * (level - zero)
        x = end
    return float(total / (right - left))


@njit(nogil=True, cache=True)
def _sum_at(sums: Floats, x: float, width: int) -> float:  # pragma: no cover - compiled
    if x <= 0.0:
        return 0.0
    if x >= width:
        return float(sums[width])
    cell = floor(x)
    return float(sums[cell] + (x - cell) * (sums[cell + 1] - sums[cell]))
