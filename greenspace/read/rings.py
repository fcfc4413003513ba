"""Rings: polygons whose rings run the wrong way, built again from how they lie in each other.

Question   Which ring of a shapefile's polygon is its shell, where their direction misleads?
Enters     A layer as GDAL built it: by direction, clockwise shells and counter-clockwise holes.
Leaves     The layer, with those polygons rebuilt and counted; right ones untouched.
Elsewhere  Reading shapefiles: read/shapefile. Other invalid shapes: prepare/repair.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.errors import ShapelyError

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely import Geometry

POLYGON = 3


def reoriented(frame: gpd.GeoDataFrame, layer: str) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer in which a ring inside another is a hole, and one inside that an island."""
    shapes = frame.geometry.to_numpy()
    parts, owners = shapely.get_parts(shapes, return_index=True)
    polygons = shapely.get_type_id(parts) == POLYGON
    parts, owners = parts[polygons], owners[polygons]
    places, rebuilt = [], []
    suspects = {
        *_inside_out(parts, owners),
        *_one_in_another(parts, owners),
        *owners[_one_in_another(*_holes(parts))].tolist(),
    }
    for place in sorted(suspects):
        shape = _by_nesting(shapes[place])
        if shape is not None:
            places.append(place)
            rebuilt.append(shape)
    if not places:
        return frame, ()
    mended = shapes.copy()
    mended[places] = rebuilt
    rows = tuple(frame.index[places].tolist())
    text = Text(
        zh=f"{len(rows)} 个面的环方向有误（外环应为顺时针，内环逆时针），已按环的包含关系重新构成。",
        en=f"Polygons whose rings run the wrong way, built again by how they lie in each other: "
        f"{len(rows)}.",
    )
    finding = Finding(
        code="rings_reoriented",
        text=text,
        severity="warning",
        layer=layer,
        rows=rows,
        count=len(rows),
    )
    series = type(frame.geometry)(mended, index=frame.index, crs=frame.crs)
    return frame.set_geometry(series.rename(frame.geometry.name)), (finding,)


def _inside_out(parts: NDArray[np.object_], owners: NDArray[np.intp]) -> list[int]:
    """Return which shapes have a part whose shell lies in its hole: its area is negative."""
    return [
        int(owners[at])
        for at in np.flatnonzero(shapely.area(parts) < 0)
        if any(
            shapely.covers(shapely.Polygon(hole), shapely.Polygon(parts[at].exterior))
            for hole in parts[at].interiors
        )
    ]


def _holes(parts: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return holes as polygons, and which part each is in, of parts with several."""
    several = np.flatnonzero(shapely.get_num_interior_rings(parts) > 1)
    rings, owners = shapely.get_rings(parts[several], return_index=True)
    is_hole = np.diff(owners, prepend=-1) == 0
    return shapely.polygons(rings[is_hole]), several[owners[is_hole]]


def _one_in_another(parts: NDArray[np.object_], owners: NDArray[np.intp]) -> list[int]:
    """Return which owners have a part that lies inside another part, and not in its hole."""
    several = np.bincount(owners)[owners] > 1 if len(owners) else np.zeros(0, bool)
    parts, owners = parts[several], owners[several]
    inner, outer = shapely.STRtree(parts).query(parts)
    same = (inner != outer) & (owners[inner] == owners[outer])
    inner, outer = inner[same], outer[same]
    bounds = shapely.bounds(parts)
    within = (bounds[inner, :2] >= bounds[outer, :2]) & (bounds[inner, 2:] <= bounds[outer, 2:])
    within = within.all(axis=1)
    inner, outer = inner[within], outer[within]
    nested = shapely.covers(parts[outer], parts[inner])
    nested &= shapely.area(parts[inner]) < shapely.area(parts[outer])
    return [int(owner) for owner in owners[inner[nested]]]


def _by_nesting(shape: Geometry) -> Geometry | None:
    """Return the shape that an odd number of its rings cover; nothing where it has no area."""
    rings = {
        shapely.normalize(shapely.Polygon(ring)).wkb: ring
        for ring in shapely.get_rings(shapely.get_parts(shape))
    }
    try:
        faces = [
            shapely.make_valid(shapely.Polygon(ring), method="structure", keep_collapsed=False)
            for ring in rings.values()
        ]
        built = reduce(shapely.symmetric_difference, faces)
    except ShapelyError:
        return None
    return built if shapely.area(built) > 0 else None
