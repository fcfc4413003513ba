"""Masks: what hides pixels of an image, from a raster or from polygons.

Question   Which pixels does this mask hide?
Enters     A raster of the image's grid, or polygons; the image's grid.
Leaves     Something whose session reads windows: non-zero is hidden.
Elsewhere  The image itself: read/raster.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
from affine import Affine
from rasterio.features import geometry_mask

from greenspace.errors import RasterError
from greenspace.model.words import Text
from greenspace.read.origin import open_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from greenspace.model.grid import Grid, Window
    from greenspace.read.origin import Header, Origin


@dataclass(frozen=True, slots=True)
class PolygonMask:
    """Polygons that hide every pixel they touch."""

    shapes: tuple[Any, ...]
    grid: Grid

    @contextmanager
    def session(self) -> Iterator[Callable[[int, Window], tuple[NDArray[Any], None]]]:
        """Return a reading that burns the polygons into one window."""
        yield self._read

    def _read(self, number: int, window: Window) -> tuple[NDArray[Any], None]:
        del number
        corner = self.grid.transform @ Affine.translation(window.col, window.row)
        shape = (window.height, window.width)
        return geometry_mask(self.shapes, shape, corner, all_touched=True, invert=True), None


def open_mask(mask: Any, grid: Grid) -> Origin | PolygonMask:
    """Return what hides pixels of an image.

    Raises
    ------
    RasterError
        The mask has no CRS, cannot be opened, or lies on another grid.
    """
    if isinstance(mask, gpd.GeoDataFrame | gpd.GeoSeries):
        if mask.crs is None or grid.crs is None:
            raise RasterError("掩膜或影像没有坐标系。", "The mask or the image has no CRS.")
        shapes = mask.geometry[~(mask.geometry.isna() | mask.geometry.is_empty)]
        return PolygonMask(tuple(shapes.to_crs(grid.crs)), grid)
    origin = open_origin(mask)
    require_same_grid(grid, origin.header)
    return origin


def require_same_grid(grid: Grid, other: Header) -> None:
    """Refuse a raster whose pixels are not those of the image.

    Raises
    ------
    RasterError
        The grids differ.
    """
    same_crs = grid.crs is None or other.grid.crs is None or grid.crs == other.grid.crs
    if same_crs and grid.same_place(other.grid):
        return
    raise RasterError(
        "该栅格与影像的像元不重合。",
        "This raster does not have the pixels of the image.",
        remedy=Text(zh="请重采样到影像的格网。", en="Resample it to the grid of the image."),
        file=other.name,
        expected=(grid.width, grid.height, tuple(grid.transform)[:6]),
        found=(other.grid.width, other.grid.height, tuple(other.grid.transform)[:6]),
    )
