"""Storeys: how much of the vegetation is trees and shrubs.

Question   What share of the green cover lies under trees or shrubs?
Enters     Shapes of all plants and which of them are woody, or shares of zones by class.
Leaves     A Ratio, or a RatioTable by zone: m² over m².
Elsewhere  Which row is a tree: prepare/storeys. How green the ground is: measure/coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from greenspace.measure.areas import covered_area, within
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

INDICATOR = "tree_shrub_share"
NOT_BY_LAYER = Text(
    zh="参考点只判绿与非绿，不判乔木、灌木和草本，故乔灌木占比没有误差校正估计和区间。",
    en="Reference points judge green or not, and not trees, shrubs and herbs, so there is no "
    "error-adjusted estimate of this share and no interval.",
)


def tree_shrub_share_of_polygons(plants: gpd.GeoSeries, woody: NDArray[np.bool_]) -> Ratio:
    """Measure the share of trees and shrubs in the green cover (乔灌木占比).

    ``area(union(trees and shrubs)) / area(union(all plants))``: a shrub under a tree and a lawn
    under both count once.

    Examples
    --------
    >>> import geopandas as gpd
    >>> plants = gpd.GeoSeries([shapely.box(0, 0, 10, 1), shapely.box(0, 0, 4, 1)], crs=6933)
    >>> tree_shrub_share_of_polygons(plants, np.array([False, True])).value
    0.4
    """
    shapes = plants.to_numpy()
    some, every = (float(shapely.union_all(part).area) for part in (shapes[woody], shapes))
    part = _part(some, every)
    return Ratio(INDICATOR, part, every, "1", plants.crs, no_interval=NOT_BY_LAYER)


def tree_shrub_share_by_zone(woody: gpd.GeoSeries, cover: RatioTable) -> RatioTable:
    """Measure the share of trees and shrubs of each zone; crowns are cut at the zones' lines.

    Parameters
    ----------
    woody
        Trees and shrubs.
    cover
        Green coverage of the zones by all plants, these among them.
    """
    frame = cover.to_frame()
    every = frame["numerator"].to_numpy()
    some = covered_area(woody.to_numpy(), frame.geometry.to_numpy())
    some = np.minimum(within(some, every), every)
    why = NOT_BY_LAYER
    return RatioTable(INDICATOR, frame.geometry, some, every, "1", cover.crs, intervals=why)


def tree_shrub_share_of_classes(
    shares: NDArray[np.float64],
    woody: Sequence[int],
    green: Sequence[int],
    zones: gpd.GeoDataFrame,
) -> RatioTable:
    """Measure the share of trees and shrubs from shares of zones by class.

    Parameters
    ----------
    shares
        A row for each zone, a column for each class; what a row lacks to 1 is unseen.
    woody, green
        The classes that are trees or shrubs, and all that are green.
    zones
        Valid polygons in the measuring CRS.
    """
    area = shapely.area(zones.geometry.to_numpy())
    some, every = (shares[:, list(kinds)].sum(axis=1) * area for kinds in (woody, green))
    unseen = np.maximum(1.0 - shares.sum(axis=1), 0.0) * area
    why = NOT_BY_LAYER
    return RatioTable(INDICATOR, zones, some, every, "1", zones.crs, unseen=unseen, intervals=why)


def _part(some: float, every: float) -> float:
    return float(within(np.array(min(some, every)), np.array(every)))
