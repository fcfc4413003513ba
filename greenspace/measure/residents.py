"""Residents: how many people live on land that is served.

Question   What share of all persons lives within reach of a park?
Enters     Persons, land and served land by block.
Leaves     Persons served by block, and a Ratio or RatioTable: persons over persons.
Elsewhere  Persons by block: prepare/population. The land that is served: measure/service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import within
from greenspace.model.quantity import Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    Floats = NDArray[np.float64]

STRAIGHT = "residents_served"
ON_FOOT = "residents_served_on_foot"


def persons_served(persons: Floats, served_m2: Floats, block_m2: Floats) -> Floats:
    """Return the persons of each block by the share of its land that is served.

    Persons are taken to live evenly spread over their block; on a block without land nobody is
    served.

    Examples
    --------
    >>> persons_served(np.array([90.0, 5.0]), np.array([2.0, 0.0]), np.array([3.0, 0.0])).tolist()
    [60.0, 0.0]
    """
    share = np.divide(served_m2, block_m2, out=np.zeros(len(block_m2)), where=block_m2 > 0)
    return np.asarray(persons * share, dtype=float)


def residents_served(
    persons: Floats, served_m2: Floats, block_m2: Floats, crs: CRS, indicator: str = STRAIGHT
) -> Ratio:
    """Measure the share of residents within reach of a park; who has no land is in neither half.

    Examples
    --------
    >>> land = np.array([3.0, 1.0])
    >>> residents_served(np.array([90.0, 60.0]), np.array([2.0, 0.0]), land, None).value
    0.4
    """
    whole = persons[block_m2 > 0].sum(keepdims=True)
    served = within(persons_served(persons, served_m2, block_m2).sum(keepdims=True), whole)
    return Ratio(indicator, float(served[0]), float(whole[0]), "1", crs)


def residents_served_by_zone(
    persons: Floats,
    served_parts: NDArray[Any],
    blocks: NDArray[Any],
    zones: gpd.GeoDataFrame,
    indicator: str = STRAIGHT,
) -> RatioTable:
    """Measure the share of the residents of each zone; blocks are cut at the zones' lines."""
    ground = zones.geometry.to_numpy()
    zone, block = shapely.STRtree(blocks).query(ground, predicate="intersects")
    here, served = (
        shapely.area(shapely.intersection(shapes[block], ground[zone]))
        for shapes in (blocks, served_parts)
    )
    of_block, land = persons[block], shapely.area(blocks[block])
    whole = np.bincount(zone, persons_served(of_block, here, land), len(ground)).astype(float)
    part = np.bincount(zone, persons_served(of_block, served, land), len(ground)).astype(float)
    return RatioTable(indicator, zones, within(part, whole), whole, "1", zones.crs)
