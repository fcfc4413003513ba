"""Parcels: how much of plots is green land, each on its own and all together.

Question   What share of this estate is green land, and what share of all of them?
Enters     Green parcels and plots, valid polygons in one measuring CRS.
Leaves     A RatioTable one row a plot; Ratios of their union; what is missing to a ratio.
Elsewhere  Which plots are one: prepare/plots. What they owe: estates, units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import covered_area
from greenspace.model.quantity import Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.words import Text

    Floats = NDArray[np.float64]


def green_of_plots(indicator: str, green: NDArray[Any], plots: gpd.GeoDataFrame) -> RatioTable:
    """Measure the green land of each plot on its own; plots may overlap.

    ``area(union(green) ∩ plot) / area(plot)``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> plots = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], crs=6933)
    >>> lawn, path = shapely.box(0, 0, 4, 10), shapely.box(3, 0, 5, 20)
    >>> green_of_plots("unit_green_ratio", np.array([lawn, path]), plots).value.tolist()
    [0.5]
    """
    ground = plots.geometry.to_numpy()
    areas = covered_area(green, ground)
    return RatioTable(indicator, plots, areas, shapely.area(ground), "1", plots.crs)


def green_of_all(
    indicator: str,
    green: NDArray[Any],
    plots: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame | None = None,
    *,
    undefined: Text | None = None,
) -> tuple[Ratio, RatioTable | None]:
    """Measure the green land of all plots, ground that two of them claim counted once.

    Parameters
    ----------
    zones
        Measure also what lies in each of these.
    undefined
        Why there is no value where there are no plots.

    Returns
    -------
    Ratio, RatioTable or None
        Of the union of the plots, and of its part in each zone.
    """
    whole = shapely.union_all(plots.geometry.to_numpy())
    ground = [whole]
    if zones is not None:
        ground += list(shapely.intersection(zones.geometry.to_numpy(), whole))
    areas = shapely.area(np.array(ground, dtype=object))
    found = covered_area(green, np.array(ground, dtype=object))
    total = Ratio(indicator, float(found[0]), float(areas[0]), "1", plots.crs, undefined=undefined)
    if zones is None:
        return total, None
    table = RatioTable(indicator, zones, found[1:], areas[1:], "1", plots.crs)
    return total, table.undefined_by([undefined] * len(table))


def missing_green(green: Floats, area: Floats, required: Floats, met: NDArray[np.bool_]) -> Floats:
    """Return by how many m2 each plot falls short of its ratio; NaN where none is asked for.

    Examples
    --------
    >>> green, required = np.array([20.0, 30.0, 5.0]), np.array([0.3, 0.3, np.nan])
    >>> missing_green(green, np.full(3, 100.0), required, np.array([False, True, False]))
    array([10.,  0., nan])
    """
    lack = np.maximum(required * area - green, 0.0)
    return np.where(met, 0.0, lack)


def share_by_number(
    indicator: str,
    plots: gpd.GeoDataFrame,
    held: NDArray[np.bool_],
    zones: gpd.GeoDataFrame | None = None,
    *,
    undefined: Text | None = None,
) -> tuple[Ratio, RatioTable | None]:
    """Measure which share of plots has something, by their number.

    Parameters
    ----------
    held
        Whether each plot has it.
    zones
        With ``rows``: by position, which plots belong to each zone.
    """
    total = Ratio(indicator, float(held.sum()), float(len(plots)), "1", None, undefined=undefined)
    if zones is None:
        return total, None
    have = [float(held[rows].sum()) for rows in zones["rows"]]
    every = [float(len(rows)) for rows in zones["rows"]]
    table = RatioTable(indicator, zones.drop(columns="rows"), have, every, "1", None)
    return total, table.undefined_by([undefined] * len(table))


def share_by_area(
    indicator: str,
    plots: gpd.GeoDataFrame,
    held: NDArray[np.bool_],
    zones: gpd.GeoDataFrame | None = None,
    *,
    undefined: Text | None = None,
) -> tuple[Ratio, RatioTable | None]:
    """Measure which share of plots has something, by their area; shared ground counts once."""
    shapes = plots.geometry.to_numpy()
    return green_of_all(indicator, shapes[held], plots, zones, undefined=undefined)
