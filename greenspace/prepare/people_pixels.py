"""People in pixels: which persons a raster counts on some ground, and where it knows nothing.

Question   How many persons live in these places, and on how much of them is there no data?
Enters     Polygons in the measuring CRS, and a reader with a band of persons a pixel.
Leaves     Persons by place, the share of each without data, and persons elsewhere.
Elsewhere  Columns, points and zones: prepare/population. Opening files: residents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import RasterError
from greenspace.model.crs import is_local
from greenspace.model.words import Text
from greenspace.prepare.project import to_crs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.grid import BandReader, Window

    Floats = NDArray[np.float64]
    Pairs = tuple[NDArray[np.int64], NDArray[np.int64], Floats]

BAND = "population"
AT_ONCE = 1 << 16  # pixels held as shapes at a time
TOUCH = 1e-9  # of a pixel: less is rounding along a shared line


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Persons of pixels, brought onto blocks.

    Attributes
    ----------
    persons
        By block.
    unknown
        By block, the share of its ground without data.
    near
        Persons of pixels between the blocks, that hold no ground of any.
    far
        Persons of pixels beyond the extent of all blocks.
    astride
        Persons on blocks that come from pixels mostly beyond that extent.
    """

    persons: Floats
    unknown: Floats
    near: float
    far: float
    astride: float


def spread_pixels(blocks: gpd.GeoDataFrame, reader: BandReader) -> Spread:
    """Spread each pixel's persons over the ground of the blocks in it, by area.

    Raises
    ------
    RasterError
        A pixel anywhere in the raster holds fewer than no persons, or the raster has no CRS.
    """
    shapes = to_crs(blocks, _plane(reader, blocks.crs), "residential").geometry.to_numpy()
    tree, extent = shapely.STRtree(shapes), shapely.box(*shapely.total_bounds(shapes))
    shapely.prepare(extent)
    persons, known = np.zeros(len(blocks)), np.zeros(len(blocks))
    near = astride = 0.0
    here = _reach(reader, shapes)
    for boxes, people in _boxes(reader, here):
        pixel, block, share = _fractions(boxes, tree, shapes)
        known += np.bincount(block, share, len(blocks))
        land = np.bincount(pixel, share, len(boxes)).astype(float)
        settled = land > TOUCH
        density = np.divide(people, land, out=np.zeros(len(boxes)), where=settled)
        persons += np.bincount(block, density[pixel] * share, len(blocks))
        near += float(people[~settled].sum())
        rim = settled & ~shapely.covers(extent, boxes)
        inside = shapely.area(shapely.intersection(boxes[rim], extent)) / shapely.area(boxes[rim])
        astride += float(people[rim][inside < 1 / 2].sum())
    return Spread(persons, _unknown(known, shapes, reader), near, _beyond(reader, here), astride)


def persons_inside(zones: gpd.GeoDataFrame, reader: BandReader) -> tuple[Floats, Floats]:
    """Return the persons inside each zone, each pixel by the share inside, and what is unknown.

    Returns
    -------
    tuple
        By zone: persons on ground with data, and the share of the ground without.

    Raises
    ------
    RasterError
        A pixel holds fewer than no persons, or the raster has no CRS.
    """
    shapes = to_crs(zones, _plane(reader, zones.crs), "zones").geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    inside, known = np.zeros(len(zones)), np.zeros(len(zones))
    for boxes, people in _boxes(reader, _reach(reader, shapes)):
        pixel, zone, share = _fractions(boxes, tree, shapes)
        inside += np.bincount(zone, people[pixel] * share, len(zones))
        known += np.bincount(zone, share, len(zones))
    return inside, _unknown(known, shapes, reader)


def _unknown(known: Floats, shapes: NDArray[Any], reader: BandReader) -> Floats:
    """Return the share of each shape that no seen pixel covers; 0 where it has no area."""
    pixels = shapely.area(shapes) / reader.grid.pixel_area
    of_known = np.divide(known, pixels, out=np.ones(len(shapes)), where=pixels > 0)
    share: Floats = np.clip(1.0 - of_known, 0.0, 1.0)
    return share


def _plane(reader: BandReader, crs: CRS) -> CRS:
    own = reader.grid.crs
    if own is not None:
        return own
    if is_local(crs):
        return crs
    raise RasterError(
        "人口栅格没有坐标系。",
        "The population raster has no CRS.",
        remedy=Text(zh="请先写入坐标系。", en="Write one into it."),
        file=reader.source.name,
    )


def _reach(reader: BandReader, shapes: NDArray[Any]) -> tuple[int, int, int, int]:
    """Return the first and last rows, then columns, of the pixels within the shapes' extent."""
    grid = reader.grid
    west, south, east, north = shapely.total_bounds(shapes)
    inverse = ~grid.transform
    cols, rows = zip(*(inverse @ (x, y) for x in (west, east) for y in (south, north)), strict=True)
    ends = np.array(
        [np.floor(min(rows)), np.ceil(max(rows)), np.floor(min(cols)), np.ceil(max(cols))]
    )
    sides = (grid.height, grid.height, grid.width, grid.width)
    top, bottom, left, right = (int(end) for end in np.clip(np.nan_to_num(ends), 0, sides))
    return (top, bottom, left, right) if top < bottom and left < right else (0, 0, 0, 0)


def _boxes(
    reader: BandReader, reach: tuple[int, int, int, int]
) -> Iterator[tuple[NDArray[Any], Floats]]:
    """Yield the seen pixels of some rows and columns, and the persons of each."""
    top, bottom, left, right = reach
    if top == bottom:
        return
    for window, values, seen in _strips(reader, (top, bottom), (left, right)):
        row, col = np.nonzero(seen)
        for start in range(0, len(row), AT_ONCE):
            here = slice(start, start + AT_ONCE)
            persons = values[row[here], col[here]]
            yield _outlines(reader.grid, row[here] + window.row, col[here] + window.col), persons


def _beyond(reader: BandReader, reach: tuple[int, int, int, int]) -> float:
    """Return the persons of all pixels outside some rows and columns."""
    top, bottom, left, right = reach
    wide, high = reader.grid.width, reader.grid.height
    persons = 0.0
    for rows, cols in (
        ((0, top), (0, wide)),
        ((top, bottom), (0, left)),
        ((top, bottom), (right, wide)),
        ((bottom, high), (0, wide)),
    ):
        if rows[0] < rows[1] and cols[0] < cols[1]:
            strips = _strips(reader, rows, cols)
            persons += sum(float(values[seen].sum()) for _, values, seen in strips)
    return persons


def _strips(
    reader: BandReader, rows: tuple[int, int], cols: tuple[int, int]
) -> Iterator[tuple[Window, Floats, NDArray[np.bool_]]]:
    for window, (values,), seen in reader.stream((BAND,), reader.grid.windows(rows, cols)):
        _require_persons(reader, values[seen])
        yield window, values, seen


def _require_persons(reader: BandReader, values: Floats) -> None:
    if not (values < 0).any():
        return
    raise RasterError(
        f"人口栅格有 {int((values < 0).sum())} 个像元为负，例如 {values[values < 0][0]:g}。",
        f"{int((values < 0).sum())} pixels of the population raster are below zero, such as "
        f"{values[values < 0][0]:g}.",
        remedy=Text(
            zh="若该值是 nodata，请写入标记（gdal_edit.py -a_nodata）。",
            en="Declare that value where it is nodata (gdal_edit.py -a_nodata).",
        ),
        file=reader.source.name,
        expected=">= 0",
        found=float(values[values < 0][0]),
    )


def _outlines(grid: Any, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[Any]:
    corners = np.empty((len(row), 4, 2))
    for i, (down, over) in enumerate(((0, 0), (0, 1), (1, 1), (1, 0))):
        x, y = grid.transform @ (col + float(over), row + float(down))
        corners[:, i, 0], corners[:, i, 1] = x, y
    boxes: NDArray[Any] = shapely.polygons(corners)
    return boxes


def _fractions(boxes: NDArray[Any], tree: shapely.STRtree, shapes: NDArray[Any]) -> Pairs:
    """Return which pixels and shapes meet, and the share of the pixel that they share."""
    pixel, shape = tree.query(boxes, predicate="intersects")
    share = np.ones(len(pixel))
    shapely.prepare(shapes)
    cut = ~shapely.covers(shapes[shape], boxes[pixel])
    pieces = shapely.intersection(shapes[shape[cut]], boxes[pixel[cut]])
    share[cut] = shapely.area(pieces) / shapely.area(boxes[pixel[cut]])
    return pixel, shape, share
