"""Project: layers into one CRS, without bending their long edges away.

Question   Where do these shapes lie on another plane?
Enters     A layer with a CRS, and the CRS wanted.
Leaves     The layer there, with edges densified first so that straight stays true.
Elsewhere  Which CRS may measure: model/crs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj.exceptions import ProjError

from greenspace.errors import CrsError
from greenspace.model.crs import FULL_CIRCLE, is_local
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

STEP_M = 100.0
STEP_DEGREES = 0.001


def to_crs(layer: gpd.GeoDataFrame, crs: CRS, name: str) -> gpd.GeoDataFrame:
    """Return a layer in another CRS; edges longer than 100 m are densified on the way.

    Raises
    ------
    CrsError
        The coordinates do not lie in the CRS that the layer claims, or no way leads from it
        to the other, such as from a city's own grid.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> from pyproj import CRS
    >>> town = gpd.GeoDataFrame(geometry=[box(114.0, 30.5, 114.01, 30.51)], crs=4326)
    >>> float(to_crs(town, CRS.from_epsg(4547), "town").area.round(-3).iloc[0])
    1064000.0
    """
    if layer.crs == crs:
        return layer
    if is_local(layer.crs) != is_local(crs):
        raise _no_way(layer.crs, crs, name)
    moved = _moved(layer, crs)
    if moved is None or not np.isfinite(shapely.get_coordinates(moved.geometry)).all():
        raise CrsError(
            f"坐标不在 {layer.crs.name} 的范围内，无法投影到 {crs.name}。",
            f"The coordinates do not lie in {layer.crs.name} and cannot be put into {crs.name}.",
            remedy=Text(zh="请核对图层的坐标系。", en="Check the CRS of the layer."),
            layer=name,
            expected=crs.name,
            found=layer.crs.name,
        )
    return moved


def _no_way(here: CRS, there: CRS, name: str) -> CrsError:
    return CrsError(
        f"{name} 的坐标系是 {here.name}，无法换算到 {there.name}：地方坐标网格在地球上没有位置。",
        f"{name} is in {here.name} and cannot be put into {there.name}: a city's own grid has no"
        " place on the globe.",
        remedy=Text(
            zh="请让所有图层和影像使用同一种坐标系。", en="Bring all layers and the image into one."
        ),
        layer=name,
        expected=there.name,
        found=here.name,
    )


def _moved(layer: gpd.GeoDataFrame, crs: CRS) -> gpd.GeoDataFrame | None:
    degrees = layer.crs.is_geographic
    if degrees and (np.abs(layer.total_bounds) > FULL_CIRCLE).any():
        return None  # metres that claim to be degrees: densifying them would fill the memory
    step = STEP_DEGREES if degrees else _metres(layer.crs)
    try:
        return layer.set_geometry(layer.geometry.segmentize(step)).to_crs(crs)
    except ProjError:
        return None


def _metres(crs: CRS) -> float:
    factor = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    return STEP_M / (factor or 1.0)
