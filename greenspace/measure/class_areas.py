"""Class areas: parcels of certain classes against an area that a rule names.

Question   How much ground do these parcels take, and what share of another area is that?
Enters     Shapes in the measuring CRS.
Leaves     Ratios: m2 over m2, or m2.
Elsewhere  Which parcels: prepare/classify. The green-space ratio of a city: green_space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from greenspace.measure.areas import covered_area
from greenspace.model.quantity import Ratio
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

PRODUCTION = "production_green_share"
PROTECTIVE = "protective_green_implementation"
OF_CITY_AREA = "green_space_ratio_of_city_area"
RETURNED = "returned_farmland_area"
VERTICAL = "vertical_greening_area"
NONE_PLANNED = Text(
    zh="规划绿地中没有防护绿地。", en="The planned green has no protective green land."
)


def production_green_share(nurseries: NDArray[Any], built_up: Any, *, crs: CRS) -> Ratio:
    """Measure nursery land against the built-up area; its whole area counts, wherever it lies.

    Examples
    --------
    >>> import numpy as np
    >>> from pyproj import CRS
    >>> from shapely import box
    >>> town, beyond = box(0, 0, 10, 10), np.array([box(20, 0, 22, 1)])
    >>> production_green_share(beyond, town, crs=CRS.from_epsg(6933)).value
    0.02
    """
    return Ratio(PRODUCTION, _area(nurseries), float(built_up.area), "1", crs)


def protective_green_implementation(
    existing: NDArray[Any], planned: NDArray[Any], *, crs: CRS
) -> Ratio:
    """Measure which share of the planned protective green land exists where it is planned.

    Examples
    --------
    >>> import numpy as np
    >>> from pyproj import CRS
    >>> from shapely import box
    >>> planned, there = np.array([box(0, 0, 10, 1)]), np.array([box(8, 0, 14, 1)])
    >>> protective_green_implementation(there, planned, crs=CRS.from_epsg(6933)).value
    0.2
    """
    whole = shapely.union_all(planned)
    built = float(covered_area(existing, shapely.get_parts(whole)).sum())
    area = float(whole.area)
    why = None if area else NONE_PLANNED
    return Ratio(PROTECTIVE, min(built, area), area, "1", crs, undefined=why)


def green_space_ratio_of_city_area(green: NDArray[Any], city_area: Any, *, crs: CRS) -> Ratio:
    """Measure green land of the six classes of 1993 within the city area."""
    inside = float(covered_area(green, shapely.get_parts(city_area)).sum())
    return Ratio(OF_CITY_AREA, inside, float(city_area.area), "1", crs)


def returned_farmland_area(shapes: NDArray[Any], *, crs: CRS) -> Ratio:
    """Measure the ground of returned farmland, ground that two parcels share once."""
    return Ratio(RETURNED, _area(shapes), 1.0, "m2", crs)


def vertical_greening_area(areas_m2: NDArray[Any]) -> Ratio:
    """Sum what a register of vertical greening says; no plane, as walls stand upright."""
    return Ratio(VERTICAL, float(areas_m2.sum()), 1.0, "m2", None)


def _area(shapes: NDArray[Any]) -> float:
    return float(shapely.union_all(shapes).area)
