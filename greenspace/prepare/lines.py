"""Lines: layers of lines that can be measured by length.

Question   Which rows are lines, and which part of them lies on some ground?
Enters     A layer as it was read; lines in the measuring CRS and dissolved ground.
Leaves     Level lines on the same index, and findings; the lines cut to the ground.
Elsewhere  Polygons: prepare/repair, prepare/clip. Lines that are walked: prepare/paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import GeometryType

from greenspace.errors import GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.repair import Layer

LINEAR = (GeometryType.LINESTRING, GeometryType.LINEARRING, GeometryType.MULTILINESTRING)


def repair_lines(layer: Layer, name: str) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the lines of a layer without heights; rows without a length are left out, counted.

    Raises
    ------
    GeometryError
        The layer holds points or polygons.
    CrsError
        It has no CRS.

    Examples
    --------
    >>> ways = gpd.GeoSeries.from_wkt(["LINESTRING Z (0 0 5, 3 4 9)", "LINESTRING EMPTY"], crs=6933)
    >>> lines, findings = repair_lines(ways, "roads")
    >>> lines.length.tolist(), findings[0].code
    ([5.0], 'empty_dropped')
    """
    frame = as_frame(layer, name)
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    coords, row = shapely.get_coordinates(shapes, return_index=True)
    blank[row[~np.isfinite(coords).all(axis=1)]] = True
    other = ~blank & ~np.isin(shapely.get_type_id(shapes), LINEAR)
    if other.any():
        found = ", ".join(sorted(set(frame.geometry.geom_type[other])))
        raise GeometryError(
            f"{name} 应为线，其中有 {int(other.sum())} 个要素是 {found}。",
            f"{name} should hold lines; {int(other.sum())} rows are {found}.",
            remedy=Text(zh="请给出中心线。", en="Give centre lines."),
            layer=name,
            rows=frame.index[other],
            expected="LineString",
            found=found,
        )
    blank |= ~blank & (shapely.length(shapes) == 0)
    findings: tuple[Finding, ...] = ()
    if blank.any():
        count = int(blank.sum())
        text = Text(
            zh=f"没有长度的要素，已略去：{count} 个。",
            en=f"Rows without a length were left out: {count}.",
        )
        rows = tuple(frame.index[blank])
        findings = (
            Finding(
                code="empty_dropped",
                text=text,
                severity="warning",
                layer=name,
                rows=rows,
                count=count,
            ),
        )
    level = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
    return frame.set_geometry(level)[~blank], findings


def lines_and_polygons(layer: Layer, name: str) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the rows of a layer that are lines, and all others.

    Examples
    --------
    >>> mixed = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 1 0)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"])
    >>> lines, others = lines_and_polygons(mixed.set_crs(6933), "footways")
    >>> len(lines), len(others)
    (1, 1)
    """
    frame = as_frame(layer, name)
    linear = np.isin(shapely.get_type_id(frame.geometry.to_numpy()), LINEAR)
    return frame[linear], frame[~linear]


def linear(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the linear part of each shape, an empty line where it has none.

    Examples
    --------
    >>> mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POINT (5 5), LINESTRING (0 0, 1 0))")
    >>> linear(np.array([mixed, shapely.Point(0, 0)])).tolist()
    [<MULTILINESTRING ((0 0, 1 0))>, <MULTILINESTRING EMPTY>]
    """
    kept = shapes.copy()
    for i in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), LINEAR)):
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        kept[i] = shapely.MultiLineString(list(parts[shapely.length(parts) > 0]))
    return kept


def clip_lines(layer: gpd.GeoDataFrame, ground: Any | None) -> gpd.GeoDataFrame:
    """Return lines cut to some ground; rows that have no length there are left out.

    Examples
    --------
    >>> ways = gpd.GeoDataFrame(geometry=gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 9 0)"]))
    >>> clip_lines(ways, shapely.box(1, -1, 3, 1)).length.tolist()
    [2.0]
    """
    if ground is None:
        return layer
    cut = linear(shapely.intersection(layer.geometry.to_numpy(), ground))
    clipped = layer.set_geometry(gpd.GeoSeries(cut, index=layer.index, crs=layer.crs))
    return clipped[shapely.length(cut) > 0]
