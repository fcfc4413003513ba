"""What others do to find the residential land within reach of parks, once buffers are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable


def plain(blocks: gpd.GeoSeries, union: Any) -> np.ndarray:
    """Intersect every block with the union."""
    return np.asarray(blocks.intersection(union).area)


def expert(blocks: gpd.GeoSeries, union: Any) -> np.ndarray:
    """Take covered blocks whole by prepared parts, and intersect the others with these."""
    shapes = blocks.to_numpy()
    area, served = shapely.area(shapes), np.zeros(len(shapes))
    parts = shapely.get_parts(union)
    shapely.prepare(parts)
    tree = shapely.STRtree(shapes)
    _, inside = tree.query(parts, predicate="covers")
    served[inside] = area[inside]
    part, block = tree.query(parts, predicate="intersects")
    across = ~np.isin(block, inside)
    part, block = part[across], block[across]
    np.add.at(served, block, shapely.area(shapely.intersection(shapes[block], parts[part])))
    return served


def clip(blocks: gpd.GeoSeries, union: Any) -> None:
    """Clip the blocks."""
    gpd.clip(gpd.GeoDataFrame(geometry=blocks), union)


def overlay(blocks: gpd.GeoSeries, union: Any) -> None:
    """Overlay the blocks with the union."""
    right = gpd.GeoDataFrame(geometry=[union], crs=blocks.crs)
    gpd.overlay(gpd.GeoDataFrame(geometry=blocks), right, how="intersection")


EVERYWHERE: dict[str, Callable[[gpd.GeoSeries, Any], Any]] = {
    "buffer, union_all, intersection": plain,
    "expert, prepared": expert,
}
BESIDE: dict[str, Callable[[gpd.GeoSeries, Any], Any]] = {
    "gpd.clip": clip,
    "gpd.overlay": overlay,
}
