"""Per capita: how much park there is for each person.

Question   How many m² of park green land does a resident have, and how many parks 10 000 of them?
Enters     Parks in the measuring CRS, or their number, and persons.
Leaves     A Ratio, or a RatioTable by zone: m² over persons, parks over 10 000 persons.
Elsewhere  Whose population it is: the caller says and the sources repeat it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from greenspace.measure.areas import covered_area
from greenspace.model.quantity import Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import CRS

INDICATOR = "park_area_per_capita"
PARKS_PER_10K = "comprehensive_parks_per_10k"
TEN_THOUSAND = 10_000.0


def park_area_per_capita(
    parks: gpd.GeoSeries, residents: float, *, indicator: str = INDICATOR
) -> Ratio:
    """Measure park green land per head (人均公园绿地面积), of all parks or of one class.

    ``area(union(parks)) / residents`` in m² a person; a park's water belongs to it.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> twice = gpd.GeoSeries([box(0, 0, 100, 100), box(0, 0, 100, 100)], crs=6933)
    >>> park_area_per_capita(twice, 1000).value
    10.0
    """
    area = float(shapely.union_all(parks.to_numpy()).area)
    return Ratio(indicator, area, float(residents), "m2/person", parks.crs)


def park_area_per_capita_by_zone(
    parks: gpd.GeoSeries,
    residents: NDArray[np.float64],
    zones: gpd.GeoDataFrame,
    *,
    indicator: str = INDICATOR,
) -> RatioTable:
    """Measure park green land per head of each zone; parks are cut at the zones' lines."""
    area = covered_area(parks.to_numpy(), zones.geometry.to_numpy())
    return RatioTable(indicator, zones, area, residents, "m2/person", zones.crs)


def parks_per_10k(count: int, residents: float, *, crs: CRS | None = None) -> Ratio:
    """Measure the number of comprehensive parks for 10 000 persons (万人拥有综合公园指数).

    Examples
    --------
    >>> parks_per_10k(3, 500_000).value
    0.06
    """
    return Ratio(PARKS_PER_10K, float(count), float(residents) / TEN_THOUSAND, "count", crs)
