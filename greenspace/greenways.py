"""Greenways: whom they serve, and how much of them there is for 10 000 persons.

Question   Which homes lie near a greenway, and how long are greenways for the people there?
Enters     Greenways, residential land and persons, in any CRS.
Leaves     Ratios.
Elsewhere  Corridors, riverbanks and paving: waysides. A city's check: wayside_gauge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.service import Reach, service_coverage
from greenspace.model.quantity import Ratio
from greenspace.prepare.allocate import persons
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.lines import clip_lines
from greenspace.prepare.ready import Ready, first_with_rows, length_findings
from greenspace.road_measures import require_length
from greenspace.waysides import asked_crs, with_inputs

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from greenspace.prepare.repair import Layer

SERVICE, LENGTH = "greenway_service_coverage", "greenway_length_per_10k"
RADIUS_M = 1000.0
QUAD_SEGMENTS = 256


def greenway_service_coverage(
    greenways: Layer,
    residential: Layer,
    *,
    radius_m: float = RADIUS_M,
    built_up: Layer | None = None,
    crs: Any = None,
) -> Ratio:
    """Measure the residential land within a distance of a greenway (绿道服务半径覆盖率).

    ``area(residential ∩ buffer(greenways)) / area(residential)``, in a straight line. Greenways
    outside the built-up area serve too.

    Parameters
    ----------
    greenways
        Lines.
    residential
        Polygons; overlaps count once.
    radius_m
        1000 m in the city check-up of 2021 [94].
    built_up
        Cut residential land to it.
    crs
        Measuring CRS; default: that of `residential` where it may measure.

    Returns
    -------
    Ratio
        Halves in m2.

    Raises
    ------
    InputError
        `radius_m` is no length.
    CrsError, GeometryError
        As in `service_coverage`; greenways should be lines.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> way = gpd.GeoSeries.from_wkt(["LINESTRING (0 -50, 0 50)"], crs=6933)
    >>> homes = gpd.GeoSeries([box(0, -50, 4000, 50)], crs=6933)
    >>> greenway_service_coverage(way, homes).value
    0.25
    """
    require_length("radius_m", radius_m)
    base = [(residential, "residential")]
    base += [] if built_up is None else [(built_up, "built_up")]
    ready = Ready(asked_crs(crs), *first_with_rows(*base))
    homes = ready.layer(residential, "residential")
    if built_up is not None:
        homes = clip_polygons(homes, ready.dissolved(built_up, "built_up"))
    lines = ready.lines(greenways, "greenways")
    reach = greenway_reach(lines, disjoint_blocks(homes)[0], radius_m)
    ratio = service_coverage(reach)
    ratio = Ratio(
        SERVICE,
        ratio.numerator,
        ratio.denominator,
        "1",
        ready.crs,
        undefined=ratio.undefined,
    )
    return with_inputs(ratio, ready, [*length_findings(ready.crs, homes)])


def greenway_reach(lines: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, radius_m: float) -> Reach:
    """Return what greenways reach of homes that share no ground."""
    ways = shapely.union_all(lines.geometry.to_numpy())
    around = shapely.get_parts(shapely.buffer(ways, radius_m, quad_segs=QUAD_SEGMENTS))
    nobody = np.zeros(len(around), dtype=np.int64)
    blocks = np.asarray(homes.geometry, dtype=object)
    return Reach(blocks, np.array([radius_m]), around, nobody, lines.crs)


def greenway_length_per_10k(
    greenways: Layer, population: float, *, built_up: Layer, crs: Any = None
) -> Ratio:
    """Measure the length of greenways in the built-up area for 10 000 persons (万人拥有绿道长度).

    Parameters
    ----------
    greenways
        Lines; what is drawn twice counts once.
    population
        Persons in the built-up area.
    built_up
        Where greenways count.
    crs
        Measuring CRS; default: that of `built_up` where it may measure.

    Returns
    -------
    Ratio
        m over 10 000 persons.

    Raises
    ------
    InputError
        The population is negative or not a number.
    CrsError, GeometryError
        As in `greenway_service_coverage`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> way = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 3000 0)"], crs=6933)
    >>> town = gpd.GeoSeries([box(0, -500, 2000, 500)], crs=6933)
    >>> greenway_length_per_10k(way, 20_000, built_up=town).value
    1000.0
    """
    residents = persons(population)
    ready = Ready(asked_crs(crs), built_up, "built_up")
    ground = ready.dissolved(built_up, "built_up")
    lines = ready.lines(greenways, "greenways")
    ratio = greenway_length(lines, ground, residents, ready.crs)
    return with_inputs(ratio, ready, [*length_findings(ready.crs, clip_lines(lines, ground))])


def greenway_length(
    lines: gpd.GeoDataFrame, ground: Any, residents: float, crs: CRS | None
) -> Ratio:
    """Return the length of greenways on some ground over 10 000 persons."""
    inside = clip_lines(lines, ground).geometry.to_numpy()
    length = float(shapely.union_all(inside).length)
    return Ratio(LENGTH, length, residents / 1e4, "m", crs)
