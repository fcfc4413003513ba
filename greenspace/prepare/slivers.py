"""Slivers: shapes and gaps too thin to be ground, left behind where lines were drawn twice.

Question   Which shapes, and which gaps between neighbours, are thinner than anyone draws?
Enters     Valid polygons in the measuring CRS.
Leaves     The thin ones; or the layer with its gaps given to a neighbour.
Elsewhere  Overlaps: prepare/overlaps. Ground of the city in no district: terrain.
"""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.prepare.clip import polygonal

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLIVER_WIDTH_M = 0.5
SLIVER_COMPACTNESS = 0.1
LEAST_GAP_M = 5.0
LEAST_GAP_WIDTH_M = 0.001
MITRE = 20.0


def thin(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which polygons are slivers: on average under 0.5 m wide, and long.

    The mean width is ``2 A / P``; long is a compactness ``4 π A / P²`` under 0.1, where a
    circle has 1 and a strip 30 times as long as wide 0.1.

    Examples
    --------
    >>> from shapely import box
    >>> thin(np.array([box(0, 0, 100, 0.3), box(0, 0, 100, 2), box(0, 0, 0.3, 0.3)])).tolist()
    [True, False, False]
    """
    area, edge = shapely.area(shapes), shapely.length(shapes)
    sound = (area > 0) & (edge > 0)
    width = np.divide(2 * area, edge, out=np.zeros_like(area), where=sound)
    compactness = np.divide(4 * pi * area, edge**2, out=np.zeros_like(area), where=sound)
    found: NDArray[np.bool_] = sound & (width < SLIVER_WIDTH_M) & (compactness < SLIVER_COMPACTNESS)
    return found


def gaps(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the thin gaps between shapes: what closing every gap under 0.5 m would add.

    Shorter than 5 m, such as the tip of a wedge between two parcels, or under a millimetre
    wide, which is the noise of computing, is no gap.

    Examples
    --------
    >>> from shapely import box
    >>> gaps(np.array([box(0, 0, 10, 100), box(10.2, 0, 20, 100)]))[0].bounds
    (10.0, 0.0, 10.2, 100.0)
    >>> len(gaps(np.array([box(0, 0, 10, 100), box(11, 0, 20, 100)])))
    0
    """
    ground = shapely.union_all(shapes)
    reach = SLIVER_WIDTH_M / 2
    wider = shapely.buffer(ground, reach, join_style="mitre", mitre_limit=MITRE)
    closed = shapely.buffer(wider, -reach, join_style="mitre", mitre_limit=MITRE)
    pieces = shapely.get_parts(polygonal(np.array([shapely.difference(closed, ground)])))
    area, half_edge = shapely.area(pieces), shapely.length(pieces) / 2
    real = (half_edge > LEAST_GAP_M) & (area > LEAST_GAP_WIDTH_M * half_edge)
    found: NDArray[Any] = pieces[thin(pieces) & real]
    return found


def fill_gaps(layer: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, NDArray[np.bool_]]:
    """Return a layer whose thin gaps belong to the neighbour with the longest edge on each.

    Returns
    -------
    layer, grown
        The layer, and which rows have grown.
    """
    shapes = layer.geometry.to_numpy().copy()
    grown = np.zeros(len(layer), dtype=bool)
    for gap in gaps(shapes):
        near = shapely.STRtree(shapes).query(gap, predicate="intersects")
        edge = shapely.length(shapely.intersection(shapes[near], gap.boundary))
        owner = near[int(np.argmax(edge))]
        shapes[owner] = shapely.union(shapes[owner], gap)
        grown[owner] = True
    return layer.set_geometry(gpd.GeoSeries(shapes, index=layer.index, crs=layer.crs)), grown
