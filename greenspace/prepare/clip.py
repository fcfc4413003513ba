"""Clip: the part of a layer that lies on some ground.

Question   Which part of each shape is inside, as polygons and nothing else?
Enters     A layer in the measuring CRS, and dissolved ground in the same.
Leaves     The layer cut to it, on the same rows; edges and corners that only touch are gone.
Elsewhere  Repairing: prepare/repair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def polygonal(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the polygonal part of each shape, an empty polygon where it has none.

    Examples
    --------
    >>> mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    >>> polygonal(np.array([mixed, shapely.Point(0, 0)])).tolist()
    [<POLYGON ((1 0, 1 1, 0 1, 0 0, 1 0))>, <MULTIPOLYGON EMPTY>]
    """
    plain = np.isin(shapely.get_type_id(shapes), (3, 6))
    kept = shapes.copy()
    for i in np.flatnonzero(~plain):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        areas = parts[shapely.area(parts) > 0]
        kept[i] = shapely.union_all(areas) if len(areas) else shapely.MultiPolygon()
    return kept


def clip_polygons(
    layer: gpd.GeoDataFrame, ground: Any, *, keep_rows: bool = False
) -> gpd.GeoDataFrame:
    """Return a layer cut to some ground; rows that have no area there are left out.

    Parameters
    ----------
    layer
        Valid polygons.
    ground
        One valid shape in the same CRS.
    keep_rows
        Keep rows without area, as empty polygons.

    Examples
    --------
    >>> parks = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1), shapely.box(3, 0, 4, 1)])
    >>> clip_polygons(parks, shapely.box(1, 0, 3, 1)).area.tolist()
    [1.0]
    """
    cut = polygonal(shapely.intersection(layer.geometry.to_numpy(), ground))
    clipped = layer.set_geometry(gpd.GeoSeries(cut, index=layer.index, crs=layer.crs))
    return clipped if keep_rows else clipped[shapely.area(cut) > 0]
