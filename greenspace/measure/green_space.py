"""Green space: how much of the built-up area is green land.

Question   What share of the built-up area is land of the green classes?
Enters     Green land that counts whole, green land that counts up to a cap, and the ground.
Leaves     A Ratio, or a RatioTable by zone: m² over m².
Elsewhere  Which parcels count: prepare/classify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import covered_area
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

INDICATOR = "green_space_ratio"
CAPPED = Text(
    zh="其他绿地按各区自身绿地的比例封顶。",
    en="Other green land is capped by each zone's own green land.",
)


def counted_green(inside: Any, adjacent: Any, other_green_cap: float) -> Any:
    """Return how much green land counts: all that lies inside, what is adjacent up to the cap.

    Examples
    --------
    >>> float(counted_green(30.0, 9.0, 0.2))
    36.0
    """
    return inside + np.minimum(adjacent, other_green_cap * inside)


def green_space_ratio(
    inside: Any, adjacent: Any, built_up: Any, *, other_green_cap: float, crs: CRS
) -> Ratio:
    """Measure the green-space ratio (绿地率) of the built-up area.

    ``(G_in + min(G_adjacent, cap · G_in)) / area(built_up)``, where the cap's base is the
    green land inside construction land, not the total.

    Parameters
    ----------
    inside, adjacent, built_up
        Dissolved shapes in the measuring CRS; the green within the built-up area.
    other_green_cap
        0.20 in the rule.

    Examples
    --------
    >>> from shapely import box
    >>> from pyproj import CRS
    >>> ratio = green_space_ratio(box(0, 0, 30, 1), box(30, 0, 39, 1), box(0, 0, 100, 1),
    ...                           other_green_cap=0.2, crs=CRS.from_epsg(6933))
    >>> round(ratio.value, 12)
    0.36
    """
    counted = counted_green(inside.area, adjacent.area, other_green_cap)
    return Ratio(INDICATOR, float(counted), float(built_up.area), "1", crs)


def green_space_ratio_by_zone(
    inside: Any,
    adjacent: Any,
    built_up: Any,
    zones: gpd.GeoDataFrame,
    *,
    other_green_cap: float,
) -> RatioTable:
    """Measure the green-space ratio of each zone's own built-up area.

    The cap applies to each zone on its own, so the rows add up to the city only where no
    other green land is involved.
    """
    ground = shapely.intersection(zones.geometry.to_numpy(), built_up)
    within = covered_area(shapely.get_parts(inside), ground)
    other = covered_area(shapely.get_parts(adjacent), ground)
    counted = counted_green(within, other, other_green_cap)
    capped = CAPPED if other.any() else None
    return RatioTable(
        INDICATOR, zones, counted, shapely.area(ground), "1", zones.crs, capped=capped
    )
