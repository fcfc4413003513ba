"""What others do with a mask that is written already: the share of 1 in each zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
import shapely
from rasterio.windows import Window, bounds, transform

from benchmarks.coverage_data import NODATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

ROWS = 1024


def by_zone(mask: Path, zones: gpd.GeoDataFrame) -> None:
    """Use exactextract, which goes from zone to zone."""
    _exactextract(mask, zones, "feature-sequential")


def by_raster(mask: Path, zones: gpd.GeoDataFrame) -> None:
    """Use exactextract, which goes through the raster once."""
    _exactextract(mask, zones, "raster-sequential")


def _exactextract(mask: Path, zones: gpd.GeoDataFrame, strategy: str) -> None:
    from exactextract import exact_extract

    exact_extract(str(mask), zones, ["mean"], output="pandas", strategy=strategy)


def burnt(mask: Path, zones: gpd.GeoDataFrame) -> None:
    """Burn zones into windows and count: by the middle of each pixel, so not exact."""
    from rasterio.features import rasterize

    shapes = zones.geometry.to_numpy()
    tree, count = shapely.STRtree(shapes), len(shapes) + 1
    green, seen = np.zeros(count), np.zeros(count)
    with rasterio.open(mask, num_threads=2) as dataset:
        for top in range(0, dataset.height, ROWS):
            window = Window(0, top, dataset.width, min(ROWS, dataset.height - top))
            pixels = dataset.read(1, window=window)
            near = tree.query(shapely.box(*bounds(window, dataset.transform)))
            if not len(near):
                continue
            zone = rasterize(
                zip(shapes[near], near + 1, strict=True),
                out_shape=pixels.shape,
                transform=transform(window, dataset.transform),
                dtype="int32",
            )
            green += np.bincount(zone.ravel(), pixels.ravel() == 1, count)
            seen += np.bincount(zone.ravel(), pixels.ravel() != NODATA, count)


def rasterstats(mask: Path, zones: gpd.GeoDataFrame) -> None:
    """Use rasterstats, zone by zone: by the middle of each pixel, so not exact."""
    from rasterstats import zonal_stats

    zonal_stats(list(zones.geometry), str(mask), stats=["mean"], nodata=NODATA)


PEERS: dict[str, Callable[[Path, gpd.GeoDataFrame], None]] = {
    "exactextract, zone by zone": by_zone,
    "exactextract, along the raster": by_raster,
    "rasterio, rasterize and count": burnt,
    "rasterstats, zone by zone": rasterstats,
}
