"""Overlaps: ground that two shapes of one layer claim, and rows that stand there twice.

Question   Which rows repeat or overlap each other, and to whom does the shared ground belong?
Enters     Valid shapes of one layer in the measuring CRS.
Leaves     Rows and shared ground; or the layer with every piece of ground in one row only.
Elsewhere  Measuring counts shared ground once without any of this: measure/. Repairs: prepare/mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.model.layers import overlapping_pairs
from greenspace.prepare.clip import polygonal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


def repeated_rows(layer: gpd.GeoDataFrame) -> tuple[Mask, Mask]:
    """Return the rows that repeat an earlier one, and those that share only its shape.

    Shapes are the same where their normal forms have the same coordinates.

    Returns
    -------
    copies
        Rows with the shape and the attributes of an earlier row.
    twins
        Other rows whose shape another row has too, with other attributes.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 1, 1)] * 3
    >>> layer = gpd.GeoDataFrame({"name": ["a", "a", "b"]}, geometry=squares)
    >>> copies, twins = repeated_rows(layer)
    >>> copies.tolist(), twins.tolist()
    ([False, True, False], [True, False, True])
    """
    key = pd.Series(shapely.to_wkb(shapely.normalize(layer.geometry.to_numpy())), layer.index)
    rows = layer.drop(columns=layer.geometry.name).astype(str).assign(**{"": key})
    copies = rows.duplicated().to_numpy()
    twins = np.zeros(len(layer), dtype=bool)
    twins[~copies] = key[~copies].duplicated(keep=False)
    return copies, twins


def overlaps(layer: gpd.GeoDataFrame, *, identical: bool = True) -> gpd.GeoDataFrame:
    """Return the ground that rows share, one row a pair, with their labels and its area.

    Parameters
    ----------
    layer
        Valid shapes in the measuring CRS.
    identical
        Whether two rows of the same shape are a pair too.

    Examples
    --------
    >>> from shapely import box
    >>> layer = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 1), box(1, 0, 3, 1)], index=[7, 9])
    >>> overlaps(layer)[["left", "right", "area_m2"]].values.tolist()
    [[7.0, 9.0, 1.0]]
    """
    shapes = layer.geometry.to_numpy()
    left, right, shared = overlapping_pairs(shapes)
    if not identical:
        plain = shapely.normalize(shapes)
        differ = ~shapely.equals_exact(plain[left], plain[right], tolerance=0)
        left, right, shared = left[differ], right[differ], shared[differ]
    ground = polygonal(shared) if len(shared) else shared
    columns = {
        "left": layer.index[left],
        "right": layer.index[right],
        "area_m2": shapely.area(ground),
    }
    return gpd.GeoDataFrame(columns, geometry=ground, crs=layer.crs)


def settle_overlaps(
    layer: gpd.GeoDataFrame, priority: NDArray[Any] | None = None
) -> gpd.GeoDataFrame:
    """Return a layer in which no two rows share ground; a row may be left empty.

    Shared ground stays with the row of the lower `priority`; among equals with the smaller
    shape, which is the more particular one; then with the earlier row.

    Examples
    --------
    >>> from shapely import box
    >>> nested = gpd.GeoDataFrame(geometry=[box(0, 0, 4, 4), box(1, 1, 2, 2)])
    >>> settle_overlaps(nested).area.tolist()
    [15.0, 1.0]
    >>> settle_overlaps(nested, np.array([0, 1])).area.tolist()
    [16.0, 0.0]
    """
    shapes = layer.geometry.to_numpy()
    ranks = np.zeros(len(layer)) if priority is None else np.asarray(priority)
    order = np.lexsort((np.arange(len(layer)), shapely.area(shapes), ranks))
    place = np.empty(len(layer), dtype=int)
    place[order] = np.arange(len(layer))
    left, right, _ = overlapping_pairs(shapes)
    left_wins = place[left] < place[right]
    winners, losers = np.where(left_wins, left, right), np.where(left_wins, right, left)
    settled = shapes.copy()
    for loser in np.unique(losers):
        claimed = shapely.union_all(shapes[winners[losers == loser]])
        settled[loser] = shapely.difference(shapes[loser], claimed)
    cut = np.unique(losers)
    if len(cut):
        settled[cut] = polygonal(settled[cut])
    return layer.set_geometry(gpd.GeoSeries(settled, index=layer.index, crs=layer.crs))
