"""Pixels: which pixels of a window lie inside shapes, by their middles.

Question   Is the middle of this pixel inside one of these polygons?
Enters     Polygons in the CRS of a grid, and a window of it.
Leaves     True and False, pixel by pixel; the outline of a window on the ground.
Elsewhere  Exact areas at pixel edges: measure/zonal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from affine import Affine
from rasterio.features import geometry_mask

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.grid import Grid, Window


def outline(grid: Grid, window: Window) -> shapely.Polygon:
    """Return the ground of a window, whatever the rotation of its grid."""
    right, bottom = window.col + window.width, window.row + window.height
    corners = [(window.col, window.row), (right, window.row), (right, bottom)]
    corners.append((window.col, bottom))
    return shapely.Polygon([grid.transform @ corner for corner in corners])


def pixels_inside(shapes: gpd.GeoSeries, grid: Grid, window: Window) -> NDArray[np.bool_]:
    """Return which pixels of a window have their middle in some shape."""
    near = shapes.sindex.query(outline(grid, window), "intersects")
    ground = [shape for shape in shapes.iloc[near] if not shape.is_empty]
    if not ground:
        return np.zeros((window.height, window.width), dtype=bool)
    place = grid.transform @ Affine.translation(window.col, window.row)
    mask: NDArray[np.bool_] = geometry_mask(
        ground, (window.height, window.width), place, invert=True
    )
    return mask
