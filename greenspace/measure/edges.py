"""Edges: the outlines of polygons in pixel coordinates, each ring with its sign.

Question   Which lines bound each zone, and does their inside add ground or take it away?
Enters     Polygons in the CRS of a raster, and its grid.
Leaves     Rings in pixel coordinates (x = column, y = row), boxes and areas of zones.
Elsewhere  Summing pixels along them: measure/crossings.
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
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.grid import Grid

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EQUAL_AREA = "EPSG:6933"
POLE = 90.0
POLYGON = int(shapely.GeometryType.POLYGON)
AT_ONCE = 4096  # outlines whose places are taken out together


@dataclass(frozen=True, slots=True)
class Edges:
    """The outlines of zones.

    Attributes
    ----------
    points
        Columns and rows, ring after ring.
    firsts
        Where each ring begins in `points`, and their end.
    signs
        By which each ring is multiplied, so that shells add and holes take away whichever way
        they run.
    rings
        Where each zone begins in `firsts`, and their end.
    boxes
        Least column, least row, greatest column, greatest row of each zone; NaN where empty.
    lefts
        The first column of each zone.
    areas
        Of each zone, in pixels.
    """

    points: Floats
    firsts: Ints
    signs: Floats
    rings: Ints
    boxes: Floats
    lefts: Ints
    areas: Floats

    @classmethod
    def of(cls, zones: gpd.GeoSeries, grid: Grid) -> Edges:
        """Return the outlines of polygons that lie in the CRS of a grid."""
        count = len(zones)
        outlines, owner, shell = _outlines(zones.to_numpy())
        firsts = np.zeros(len(outlines) + 1, dtype=np.int64)
        np.cumsum(shapely.get_num_coordinates(outlines), out=firsts[1:])
        points = np.empty((firsts[-1], 2))
        for ring in range(0, len(outlines), AT_ONCE):
            places = shapely.get_coordinates(outlines[ring : ring + AT_ONCE])
            _place(places, *_to_pixels(grid), points[firsts[ring] :])
        rings = np.searchsorted(owner, np.arange(count + 1)).astype(np.int64)
        signs, boxes, areas = np.ones(len(outlines)), np.full((count, 4), np.nan), np.zeros(count)
        _survey(points, firsts, shell, rings, signs, boxes, areas)
        lefts = np.floor(np.nan_to_num(boxes[:, 0])).astype(np.int64)
        return cls(points, firsts, signs, rings, boxes, lefts, areas)


def row_weights(edges: Edges, grid: Grid) -> tuple[Floats, Floats]:
    """Return the weight of a pixel in each row, and each zone's area in the same unit.

    Both take the same weights, also beyond the image, so a zone that is wholly seen has a
    share of exactly one.
    """
    upright = grid.transform.b == 0 and grid.transform.d == 0
    if grid.crs is None or not grid.crs.is_geographic or not upright or not len(edges.points):
        return np.ones(grid.height), edges.areas
    rows = edges.points[:, 1]
    first, last = min(0, floor(rows.min())), max(grid.height, ceil(rows.max()))
    left, top = grid.transform @ (0, 0)
    latitude = np.clip(top + grid.transform.e * np.arange(first, last + 1), -POLE, POLE)
    to_plane = Transformer.from_crs(grid.crs, EQUAL_AREA, always_xy=True)
    _, north = to_plane.transform(np.full(len(latitude), left), latitude)
    weights = np.abs(np.diff(north))
    whole = np.zeros(len(edges.areas))
    _weigh(edges.points, edges.firsts, edges.signs, edges.rings, edges.lefts, weights, first, whole)
    return weights[-first : grid.height - first], whole


def _outlines(zones: NDArray[Any]) -> tuple[NDArray[Any], Ints, NDArray[np.bool_]]:
    """Return what bounds each zone in their order: whose it is, and whether it is a shell.

    A polygon without holes stands for its shell, which is cheaper than taking it out.
    """
    kind = shapely.get_type_id(zones)
    whole = (kind == POLYGON) & (shapely.get_num_interior_rings(zones) == 0)
    lone, others = np.flatnonzero(whole), np.flatnonzero(~whole & (kind >= 0))
    parts, mine = shapely.get_parts(zones[others], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    outlines = np.concatenate((zones[lone], rings))
    owner = np.concatenate((lone, others[mine[part]]))
    shell = np.concatenate((np.ones(len(lone), dtype=bool), np.diff(part, prepend=-1) > 0))
    order = np.argsort(owner, kind="stable")
    order = order[~shapely.is_empty(outlines[order])]
    return outlines[order], owner[order], shell[order]


def _to_pixels(grid: Grid) -> tuple[tuple[float, float], tuple[float, float, float, float]]:
    """Return the corner to count from, so that far places keep their digits, and the way back."""
    back = ~grid.transform
    return grid.transform @ (0, 0), (back.a, back.b, back.d, back.e)


@njit(nogil=True, cache=True)
def _place(
    places: Floats,
    corner: tuple[float, float],
    back: tuple[float, float, float, float],
    points: Floats,
) -> None:  # pragma: no cover - compiled
    (left, top), (a, b, d, e) = corner, back
    for i in range(len(places)):
        east, north = places[i, 0] - left, places[i, 1] - top
        points[i, 0] = east * a + north * b
        points[i, 1] = east * d + north * e


@njit(nogil=True, cache=True)
def _survey(
    points: Floats,
    firsts: Ints,
    shell: NDArray[np.bool_],
    rings: Ints,
    signs: Floats,
    boxes: Floats,
    areas: Floats,
) -> None:  # pragma: no cover - compiled
    for zone in range(len(areas)):
        for ring in range(rings[zone], rings[zone + 1]):
            first, last = firsts[ring], firsts[ring + 1]
            x0, y0, twice = points[first, 0], points[first, 1], 0.0
            left = right = x0
            low = high = y0
            for i in range(first, last - 1):
                x, y, x1, y1 = points[i, 0], points[i, 1], points[i + 1, 0], points[i + 1, 1]
                twice += (x - x0) * (y1 - y0) - (x1 - x0) * (y - y0)
                left, right, low, high = min(left, x), max(right, x), min(low, y), max(high, y)
            signs[ring] = 1.0 if (twice >= 0.0) == shell[ring] else -1.0
            areas[zone] += signs[ring] * twice / 2.0
            if ring == rings[zone]:
                boxes[zone, 0], boxes[zone, 1], boxes[zone, 2], boxes[zone, 3] = (
                    left,
                    low,
                    right,
                    high,
                )
            else:
                boxes[zone, 0], boxes[zone, 1] = min(boxes[zone, 0], left), min(boxes[zone, 1], low)
                boxes[zone, 2], boxes[zone, 3] = (
                    max(boxes[zone, 2], right),
                    max(boxes[zone, 3], high),
                )


@njit(nogil=True, cache=True)
def _weigh(
    points: Floats,
    firsts: Ints,
    signs: Floats,
    rings: Ints,
    lefts: Ints,
    weights: Floats,
    row0: int,
    area: Floats,
) -> None:  # pragma: no cover - compiled
    for zone in range(len(area)):
        for ring in range(rings[zone], rings[zone + 1]):
            for i in range(firsts[ring], firsts[ring + 1] - 1):
                xa, ya = points[i, 0], points[i, 1] - row0
                xb, yb = points[i + 1, 0], points[i + 1, 1] - row0
                sign = signs[ring]
                if ya > yb:
                    xa, ya, xb, yb = xb, yb, xa, ya
                    sign = -sign
                if ya == yb:
                    continue
                slope = (xb - xa) / (yb - ya)
                for row in range(floor(ya), ceil(yb)):
                    low, high = max(ya, float(row)), min(yb, float(row + 1))
                    middle = xa + ((low + high) / 2.0 - ya) * slope - lefts[zone]
                    area[zone] += sign * (high - low) * weights[row] * middle
