"""Reference: points at which somebody went and looked.

Question   Is there green at this point, whatever the image says?
Enters     The vegetation, the built-up area and the newest image for what it hides.
Leaves     A layer of points, each green or not.
Elsewhere  What they say of a map: the rest of the library, which this file must not use.

A simple random sample of the built-up ground that the image shows: it knows of no threshold, so
it judges every map of the image fairly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from greenspace.sample.frame import stream
from greenspace.sample.layers import table

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.image import SampleImage

POINTS = 400
BATCH = 4 * POINTS
GREEN, NOT_GREEN = "green", "not_green"


def reference_points(
    vegetation: gpd.GeoDataFrame, built_up: BaseGeometry, image: SampleImage, seed: int
) -> gpd.GeoDataFrame:
    """Return points evenly spread by chance over the ground that the image shows."""
    rng = stream(seed, "reference")
    west, south, east, north = built_up.bounds
    kept = np.empty((0, 2))
    while len(kept) < POINTS:
        xy = np.round(rng.uniform((west, south), (east, north), (BATCH, 2)), 2)
        inside = shapely.contains_xy(built_up, xy[:, 0], xy[:, 1])
        kept = np.vstack([kept, xy[inside & _seen(image, xy)]])
    points = shapely.points(kept[:POINTS])
    tree = shapely.STRtree(vegetation.geometry.to_numpy())
    green = np.zeros(POINTS, dtype=bool)
    green[tree.query(points, predicate="intersects")[0]] = True
    rows = zip(range(1, POINTS + 1), np.where(green, GREEN, NOT_GREEN), points, strict=True)
    return table(["ID", "reference"], ((number, str(found), at) for number, found, at in rows))


def _seen(image: SampleImage, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points lie in pixels that show ground."""
    height, width = image.seen.shape
    col = np.floor((xy[:, 0] - image.transform.c) / image.transform.a).astype(int)
    row = np.floor((xy[:, 1] - image.transform.f) / image.transform.e).astype(int)
    within = (col >= 0) & (col < width) & (row >= 0) & (row < height)
    seen = np.zeros(len(xy), dtype=bool)
    seen[within] = image.seen[row[within], col[within]]
    return seen
