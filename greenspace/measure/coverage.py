"""Coverage: how much of the ground is under vegetation.

Question   What share of each zone lies under the vertical projection of vegetation?
Enters     Vegetation polygons, or a raster that is streamed, and zones.
Leaves     One RatioTable: m² over m², and for imagery the unseen m².
Elsewhere  Thresholds and indices: prepare/vegetation. Pass or fail: evaluate/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import covered_area
from greenspace.measure.zonal import share_of_zones
from greenspace.model.quantity import RatioTable
from greenspace.model.ratio import POLYGONS_UNJUDGED

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.patches import Land
    from greenspace.measure.zonal import ZoneShares
    from greenspace.model.grid import GreenRaster
    from greenspace.model.source import Source

    Progress = Callable[[int, int], None]
    Share = Callable[..., ZoneShares]  # as `share_of_zones`

INDICATOR = "green_coverage"


def polygon_coverage(vegetation: gpd.GeoSeries, zones: gpd.GeoDataFrame) -> RatioTable:
    """Measure green coverage (绿化覆盖率) from vegetation polygons.

    ``area(union(vegetation) ∩ zone) / area(zone)``: a tree over a lawn counts once, and a
    crown is cut at the zone's line.

    Parameters
    ----------
    vegetation
        Valid polygons; they may overlap and cross zones.
    zones
        Valid polygons in the same measuring CRS.

    Returns
    -------
    RatioTable
        Halves in m2, values in [0, 1].

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box, Point
    >>> lawn, crown = box(0, 0, 40, 40), box(10, 10, 30, 30)
    >>> town = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> polygon_coverage(gpd.GeoSeries([lawn, crown], crs=6933), town).value.tolist()
    [0.16]
    """
    ground = zones.geometry.to_numpy()
    green = covered_area(vegetation.to_numpy(), ground)
    area = shapely.area(ground)
    why = POLYGONS_UNJUDGED
    return RatioTable(INDICATOR, zones, green, area, "1", zones.crs, intervals=why)


def raster_coverage(
    raster: GreenRaster,
    zones: gpd.GeoDataFrame,
    zones_on_raster: gpd.GeoDataFrame,
    *,
    progress: Progress | None = None,
    share: Share = share_of_zones,
) -> RatioTable:
    """Measure green coverage (绿化覆盖率) from pixels, exact at their edges.

    ``green / (green + not green)``; what the image does not show is in neither half.

    Parameters
    ----------
    raster
        Streams green shares and seen pixels.
    zones
        Valid polygons in the measuring CRS.
    zones_on_raster
        The same zones in the CRS of the raster.
    progress
        Told how many windows are read, and of how many.
    share
        What says how green zones are: `share_of_zones`, or one who knows its answer already.

    Returns
    -------
    RatioTable
        Halves and ``unseen`` in m2 of the measuring CRS.
    """
    shapes = zones.geometry.to_numpy()
    land = raster_land(raster, shapes, zones_on_raster.geometry, progress=progress, share=share)
    return land_coverage(land, zones, raster.sources)


def raster_land(
    raster: GreenRaster,
    shapes: NDArray[Any],
    on_raster: gpd.GeoSeries,
    *,
    progress: Progress | None = None,
    share: Share = share_of_zones,
) -> Land:
    """Return green, seen and unseen m2 of shapes, in three rows; `on_raster` are the same."""
    shares = share(raster, on_raster, progress=progress)
    area = shapely.area(shapes)
    return np.array([shares.green * area, shares.seen * area, (1.0 - shares.seen) * area])


def land_coverage(land: Land, zones: gpd.GeoDataFrame, sources: tuple[Source, ...]) -> RatioTable:
    """Return green coverage of zones whose green, seen and unseen m2 are known."""
    green, seen, unseen = land
    return RatioTable(INDICATOR, zones, green, seen, "1", zones.crs, sources, unseen=unseen)
