"""The public functions: each composes read, prepare and measure for one indicator.

Question   What is this indicator for these layers?
Enters     GeoDataFrames, paths, rasters, in any CRS.
Leaves     A Ratio, or with zones a RatioTable on the caller's rows.
Elsewhere  A whole city held against a standard: pipeline. Images: imagery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from greenspace.class_codes import coded_table
from greenspace.errors import ColumnError, InputError
from greenspace.measure import coverage, green_space, per_capita, service
from greenspace.model.crs import parse_crs
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS, require_tiers, tier_source
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons, persons_of_zones
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.classify import cap_findings, split_green, unlisted_findings
from greenspace.prepare.historic import historic_ground
from greenspace.prepare.park_points import base_with, parks_ready
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes
from greenspace.prepare.repair import as_frame
from greenspace.remarks import cut_park_findings
from greenspace.tally import as_raster, coverage_of_zones

if TYPE_CHECKING:
    from greenspace.model.classes import ClassTable
    from greenspace.model.definition import Tiers
    from greenspace.model.grid import GreenRaster
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.prepare.repair import Layer


def green_coverage(
    vegetation: GreenRaster | Layer | Any, zones: Layer, *, crs: Any = None
) -> RatioTable:
    """Measure green coverage (绿化覆盖率) of each zone.

    ``area(union(vegetation) ∩ zone) / area(zone)`` from polygons; from an image
    ``green / (green + not green)`` with the unseen area beside it.

    Parameters
    ----------
    vegetation
        What `gs.vegetation` or `gs.corrected` returned, a layer of polygons, or a raster of 0/1
        or shares.
    zones
        Polygons in any CRS.
    crs
        Measuring CRS; default: the image's, or the zones', where it may measure areas.

    Returns
    -------
    RatioTable
        One row a zone in the caller's order; halves (and ``unseen``) in m2, values 0 to 1.

    Raises
    ------
    CrsError
        A layer has no CRS, or `crs` cannot measure here.
    GeometryError
        A layer holds points or lines, or `zones` is empty.
    RasterError
        The image cannot be read as described.

    References
    ----------
    Definition of 绿化覆盖率: docs/explanation/what_counts_as_green.md.

    Examples
    --------
    >>> from shapely import box
    >>> lawn = gpd.GeoSeries([box(0, 0, 40, 40), box(10, 10, 30, 30)], crs=6933)
    >>> town = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> green_coverage(lawn, town).value.tolist()
    [0.16]
    """
    asked = None if crs is None else parse_crs(crs)
    if not isinstance(vegetation, gpd.GeoDataFrame | gpd.GeoSeries):
        measured = coverage_of_zones(as_raster(vegetation), zones, asked)
        warn_of_changes(measured.findings)
        return measured
    ready = Ready(asked, zones, "zones")
    ground = ready.zones(zones)
    green = ready.layer(vegetation, "vegetation", overlaps=False)
    warn_of_changes(ready.findings)
    table = coverage.polygon_coverage(green.geometry, ground)
    return table.on(zones, sources=ready.sources, findings=ready.findings)


def green_space_ratio(
    green: Layer,
    built_up: Layer,
    *,
    edition: str | None = None,
    construction_land: Layer | None = None,
    other_green_cap: float = 0.20,
    zones: Layer | None = None,
    crs: Any = None,
) -> Ratio | RatioTable:
    """Measure the green-space ratio (建成区绿地率).

    ``(G_in + min(G_other, cap · G_in)) / area(built_up)``: green land of the built-up area,
    plus other green land that shares an edge with construction land, up to a cap whose base
    is the green land inside construction land.

    Parameters
    ----------
    green
        Green parcels; a column ``class`` holds CJJ/T 85 codes, if any.
    built_up
        The built-up area, dissolved here.
    edition
        ``"2002"`` or ``"2017"``; required when `green` has class codes.
    construction_land
        Needed to tell which other green land is adjacent; without it none is counted.
    other_green_cap
        Share of the green land inside construction land.
    zones
        Measure each zone's own built-up area instead; the cap applies to each.
    crs
        Measuring CRS; default: that of `built_up` where it may measure.

    Returns
    -------
    Ratio or RatioTable
        Halves in m2, values 0 to 1. The table's ``total()`` refuses where the cap applies.

    Raises
    ------
    ColumnError
        Class codes without edition or the reverse, or a code that the edition does not know.
    InputError
        The cap is not between 0 and 1.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    Definition of 绿地率 and the 20 % rule: docs/explanation/what_counts_as_green.md.

    Examples
    --------
    >>> from shapely import box
    >>> town = gpd.GeoSeries([box(0, 0, 100, 1)], crs=6933)
    >>> land = gpd.GeoSeries([box(0, 0, 80, 1)], crs=6933)
    >>> green = gpd.GeoDataFrame({"class": ["G1", "G5", "G5"]}, crs=6933,
    ...     geometry=[box(0, 0, 30, 1), box(80, 0, 89, 1), box(95, 0, 100, 1)])
    >>> round(green_space_ratio(green, town, edition="2002", construction_land=land).value, 9)
    0.36
    """
    if not isinstance(other_green_cap, int | float) or not 0 <= other_green_cap <= 1:
        raise InputError(
            f"other_green_cap 应在 0–1 之间，而不是 {other_green_cap}。",
            f"other_green_cap should lie between 0 and 1, not {other_green_cap}.",
            found=other_green_cap,
        )
    asked = None if crs is None else parse_crs(crs)
    table = _class_table(as_frame(green, "green"), edition)
    ready = Ready(asked, built_up, "built_up")
    ground = ready.dissolved(built_up, "built_up")
    parcels = ready.layer(green, "green")
    land = None
    if construction_land is not None:
        land = ready.dissolved(construction_land, "construction_land")
    parts = split_green(parcels, ground, land, table)
    unlisted = () if table is None else unlisted_findings(parcels["class"], table, "green")
    noticed = (*unlisted, *parts.findings, *cap_findings(parts, other_green_cap))
    if zones is None:
        warn_of_changes(ready.findings)
        ratio = green_space.green_space_ratio(
            parts.inside, parts.adjacent, ground, other_green_cap=other_green_cap, crs=ready.crs
        )
        return ratio.with_sources(*ready.sources).with_findings(*ready.findings, *noticed)
    places = ready.zones(zones)
    warn_of_changes(ready.findings)
    by_zone = green_space.green_space_ratio_by_zone(
        parts.inside, parts.adjacent, ground, places, other_green_cap=other_green_cap
    )
    return by_zone.on(zones, sources=ready.sources, findings=(*ready.findings, *noticed))


def _class_table(green: gpd.GeoDataFrame, edition: str | None) -> ClassTable | None:
    if "class" not in green.columns:
        if edition is None:
            return None
        columns = tuple(str(name) for name in green.columns)
        raise ColumnError(
            f"说明了 CJJ/T 85-{edition}，绿地却没有字段 class。",
            f"CJJ/T 85-{edition} is named, but the green parcels have no column class.",
            remedy=Text(
                zh=f"请把分类字段改名为 class；现有字段：{'、'.join(columns)}。",
                en=f"Rename the column of codes to class; there are: {', '.join(columns)}.",
            ),
            layer="green",
            column="class",
            found=columns,
        )
    if edition is None:
        raise ColumnError(
            "绿地有分类代码，却没有说明 CJJ/T 85 的版本。",
            "The green parcels have class codes, but the edition of CJJ/T 85 is not named.",
            remedy=Text(
                zh='请写 edition="2002" 或 edition="2017"。',
                en='Pass edition="2002" or edition="2017".',
            ),
            layer="green",
            column="class",
            expected=("2002", "2017"),
        )
    return coded_table(green, str(edition), "green")


def park_area_per_capita(
    parks: Layer, population: float | str, *, zones: Layer | None = None, crs: Any = None
) -> Ratio | RatioTable:
    """Measure park green land per head (人均公园绿地面积).

    ``area(union(parks)) / population``, m² a person. The caller clips parks to the built-up
    area where the standard says so (`gs.check` does).

    Parameters
    ----------
    parks
        Park polygons; overlaps count once, a park's water belongs to it.
    population
        Persons, or with `zones` the name of their column.
    zones
        Measure each zone, parks cut at its line.
    crs
        Measuring CRS; default: that of `parks` where it may measure.

    Returns
    -------
    Ratio or RatioTable
        Numerator m2, denominator persons; no persons leave the value undefined.

    Raises
    ------
    ColumnError
        The column is missing, or holds no, negative or non-numeric populations.
    InputError
        The population is negative or not a number, or does not go with `zones`.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    Definition of 人均公园绿地: docs/explanation/what_counts_as_green.md.

    Examples
    --------
    >>> from shapely import box
    >>> park = gpd.GeoSeries([box(0, 0, 100, 100)], crs=6933)
    >>> park_area_per_capita(park, 1000).value
    10.0
    """
    asked = None if crs is None else parse_crs(crs)
    if zones is None:
        residents = persons(population)
        ready = Ready(asked, parks, "parks")
        shapes = ready.layer(parks, "parks").geometry
        warn_of_changes(ready.findings)
        ratio = per_capita.park_area_per_capita(shapes, residents)
        return ratio.with_sources(*ready.sources).with_findings(*ready.findings)
    by_zone = persons_of_zones(as_frame(zones, "zones"), population)
    ready = Ready(asked, parks if len(as_frame(parks, "parks")) else zones, "parks")
    shapes = ready.layer(parks, "parks").geometry
    places = ready.zones(zones)
    by_zone = np.where(places.geometry.is_empty, 0.0, by_zone)  # no ground: undefined, not 0
    warn_of_changes(ready.findings)
    table = per_capita.park_area_per_capita_by_zone(shapes, by_zone, places)
    return table.on(zones, sources=ready.sources, findings=ready.findings)


def service_coverage(
    parks: Layer,
    residential: Layer,
    *,
    tiers: Tiers | None = None,
    zones: Layer | None = None,
    point_radius_m: float | None = None,
    historic: Layer | None = None,
    historic_tiers: Tiers | None = None,
    crs: Any = None,
) -> Ratio | RatioTable:
    """Measure service-radius coverage (公园绿化活动场地服务半径覆盖率).

    ``area(residential ∩ union(buffers)) / area(residential)``: a share of residential land,
    in a straight line from the park's boundary.

    Parameters
    ----------
    parks
        Park polygons, all of which serve, whatever their codes; the area of each row decides its
        tier. Rows that would reach further if joined to those they touch are told (finding
        ``parks_cut``).
    residential
        Residential land; overlaps count once.
    tiers
        ``((minimum park m², radius m), ...)``, minima included; default 5 000 m² → 500 m and
        2 000 m² → 300 m of the 2021 city check-up, named in ``sources``.
    zones
        Measure the residential land of each zone.
    point_radius_m
        Take parks that are points as entrances that serve so far; without it they are refused.
    historic, historic_tiers
        The historic district and the tiers of parks of which more than half lies in it, such as
        ``((1000, 300),)``; such a park has the larger radius of both. Give both or neither.
    crs
        Measuring CRS; default: that of `residential` where it may measure.

    Returns
    -------
    Ratio or RatioTable
        Halves in m2, values 0 to 1; without residential land there is no value, but a reason.

    Raises
    ------
    InputError
        A tier is not a pair of positive numbers, or `historic` has no tiers, or the reverse.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    Definition and tiers by edition: docs/explanation/what_counts_as_green.md.

    Examples
    --------
    >>> from shapely import box
    >>> park = gpd.GeoSeries([box(0, 0, 100, 50)], crs=6933)
    >>> homes = gpd.GeoSeries([box(100, 0, 1100, 50)], crs=6933)
    >>> round(service_coverage(park, homes).value, 9)
    0.5
    """
    asked = None if crs is None else parse_crs(crs)
    steps = CHECK_UP_TIERS if tiers is None else require_tiers(tiers)
    rule = tier_source(steps, CHECK_UP if tiers is None else None)
    ready = Ready(asked, *base_with(residential, parks))
    homes, shared = disjoint_blocks(ready.layer(residential, "residential", overlaps=False))
    ground, points = parks_ready(parks, ready, point_radius_m=point_radius_m)
    old, relaxed = historic_ground(historic, historic_tiers, ready)
    reach = service.reach_of(
        ground.geometry, homes.geometry, steps, point_radius_m=point_radius_m, historic=old
    )
    cut = cut_park_findings(ground.geometry, steps, historic=old)
    noticed = (*shared, *points, *cut, *length_findings(ready.crs, homes))
    if zones is None:
        warn_of_changes(ready.findings)
        ratio = service.service_coverage(reach)
        sources = (*ready.sources, rule, *relaxed)
        return ratio.with_sources(*sources).with_findings(*ready.findings, *noticed)
    places = ready.zones(zones)
    warn_of_changes(ready.findings)
    table = service.service_coverage_by_zone(reach, places)
    findings = (*ready.findings, *noticed)
    return table.on(zones, sources=(*ready.sources, rule, *relaxed), findings=findings)
