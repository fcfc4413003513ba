"""Served: how many residents have a park within reach.

Question   What share of the people, beside the share of the land, do parks serve?
Enters     Parks, residential land and whatever counts people, in any CRS.
Leaves     A Ratio, or with zones a RatioTable: persons over persons.
Elsewhere  The share of land: api, walking. How evenly it falls: sharing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.measure import residents, service
from greenspace.measure.walk_service import SNAP_M
from greenspace.model.crs import parse_crs
from greenspace.model.source import Finding
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS, require_tiers, tier_source
from greenspace.model.words import Text
from greenspace.on_foot import foot_findings, reach_on_foot, ready_ways, snap_source
from greenspace.prepare.blocks import disjoint_blocks
from greenspace.prepare.gates import EVERY_M
from greenspace.prepare.park_points import ASK_THE_COMMAND, parks_ready, require_ground
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes
from greenspace.residents import residents_of

if TYPE_CHECKING:
    from greenspace.model.definition import Tiers
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.prepare.repair import Layer

EVENLY = Finding(
    code="residents_evenly",
    text=Text(
        zh="假定每个地块的居民在其用地上均匀居住：地块被覆盖多少，其居民就算被覆盖多少。",
        en="The residents of a block are taken to live evenly on its land: the share of its land "
        "that is served is the share of its residents.",
    ),
    layer="residential",
    indicators=(residents.STRAIGHT, residents.ON_FOOT),
)


def residents_served(
    parks: Layer,
    residential: Layer,
    population: Any,
    *,
    tiers: Tiers | None = None,
    zones: Layer | None = None,
    point_radius_m: float | None = None,
    crs: Any = None,
) -> Ratio | RatioTable:
    """Measure the share of residents within the service radius of a park (服务半径覆盖人口比例).

    Residents over residents, in a straight line from the park's boundary, beside
    `service_coverage`, which is land over land. Residents of a block are taken to live evenly
    on its land.

    Parameters
    ----------
    parks, residential, tiers, point_radius_m
        As in `service_coverage`.
    population
        The name of a column of `residential`; a layer of points or zones with a column
        ``population``; or a raster of persons a pixel. Who lives on no residential land is
        told, and is in neither half.
    zones
        Measure the residents of each zone.
    crs
        Measuring CRS; default: that of `residential` where it may measure.

    Returns
    -------
    Ratio or RatioTable
        Halves in persons, values 0 to 1. Without residents there is no value; without
        residential land there is a refusal (GeometryError).

    Raises
    ------
    InputError
        A tier is not a pair of positive numbers, or nobody of the population lives here.
    ColumnError, RasterError
        A number of persons is missing, negative or not a number.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    docs/explanation/reach.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> park = gpd.GeoSeries([box(0, 0, 100, 50)], crs=6933)
    >>> homes = gpd.GeoDataFrame({"P": [100, 300]}, crs=6933,
    ...     geometry=[box(100, 0, 1100, 50), box(0, 50, 50, 90)])
    >>> round(residents_served(park, homes, "P").value, 9)
    0.875
    """
    steps = CHECK_UP_TIERS if tiers is None else require_tiers(tiers)
    rule = tier_source(steps, CHECK_UP if tiers is None else None)
    ready = Ready(None if crs is None else parse_crs(crs), residential, "residential")
    blocks, shared = disjoint_blocks(ready.layer(residential, "residential", overlaps=False))
    ground, points = parks_ready(parks, ready, point_radius_m=point_radius_m)
    reach = service.reach_of(ground.geometry, blocks.geometry, steps, point_radius_m=point_radius_m)
    people = residents_of(blocks, population, ready)
    noticed = (
        *shared,
        *points,
        *length_findings(ready.crs, blocks),
        *people.findings,
        EVENLY,
    )
    if zones is None:
        warn_of_changes(ready.findings)
        ratio = residents.residents_served(
            people.persons, reach.served_m2, reach.block_m2, reach.crs
        )
        return ratio.with_sources(*ready.sources, rule).with_findings(*ready.findings, *noticed)
    places = ready.zones(zones)
    warn_of_changes(ready.findings)
    table = residents.residents_served_by_zone(
        people.persons, reach.served_parts, reach.blocks, places
    )
    findings = (*ready.findings, *noticed)
    return table.on(zones, sources=(*ready.sources, rule), findings=findings)


def residents_served_on_foot(
    parks: Layer,
    residential: Layer,
    paths: Layer,
    population: Any,
    *,
    tiers: Tiers | None = None,
    entrances: Layer | None = None,
    zones: Layer | None = None,
    crs: Any = None,
    snap_m: float = SNAP_M,
    every_m: float = EVERY_M,
    barriers: Layer | None = None,
) -> Ratio | RatioTable:
    """Measure the share of residents who have a park within a walk (步行覆盖人口比例).

    Residents over residents, on the land that `network_service_coverage` finds served on foot.
    Residents of a block are taken to live evenly on its land.

    Parameters
    ----------
    parks, residential, paths, tiers, entrances, snap_m, every_m, barriers
        As in `network_service_coverage`.
    population, zones, crs
        As in `residents_served`.

    Returns
    -------
    Ratio or RatioTable
        Halves in persons, values 0 to 1. Without residents there is no value; without
        residential land there is a refusal (GeometryError).

    Raises
    ------
    InputError, ColumnError, RasterError
        As in `residents_served`.
    CrsError, GeometryError
        As in `network_service_coverage`.

    References
    ----------
    docs/explanation/reach.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point, box
    >>> park = gpd.GeoSeries([box(-100, -25, 0, 25)], crs=6933)
    >>> homes = gpd.GeoDataFrame({"P": [1000]}, geometry=[box(0, 0, 1000, 20)], crs=6933)
    >>> street = gpd.GeoSeries([LineString([(0, 0), (1000, 0)])], crs=6933)
    >>> gate = gpd.GeoSeries([Point(0, 0)], crs=6933)
    >>> found = residents_served_on_foot(park, homes, street, "P", entrances=gate)
    >>> round(found.numerator), found.denominator
    (499, 1000.0)
    """
    require_ground(parks, ASK_THE_COMMAND)
    steps = CHECK_UP_TIERS if tiers is None else require_tiers(tiers)
    rule = tier_source(steps, CHECK_UP if tiers is None else None)
    ready = Ready(None if crs is None else parse_crs(crs), residential, "residential")
    blocks, shared = disjoint_blocks(ready.layer(residential, "residential", overlaps=False))
    ground = ready.layer(parks, "parks")
    ways, shifted, lines = ready_ways(
        ready, ground, paths, entrances, snap_m=snap_m, every_m=every_m
    )
    water = None if barriers is None else ready.layer(barriers, "barriers", overlaps=False)
    straight = service.reach_of(ground.geometry, blocks.geometry, steps)
    reach = reach_on_foot(straight, ways, water)
    people = residents_of(blocks, population, ready)
    told = (*shared, *shifted, *length_findings(ready.crs, blocks), *ways.findings)
    told += (*foot_findings(reach, ways), *people.findings, EVENLY)
    if zones is None:
        warn_of_changes(ready.findings)
        ratio = residents.residents_served(
            people.persons, reach.served_m2, reach.block_m2, reach.crs, residents.ON_FOOT
        )
        sources = (*ready.sources, *lines, rule, snap_source(snap_m))
        return ratio.with_sources(*sources).with_findings(*ready.findings, *told)
    places = ready.zones(zones)
    warn_of_changes(ready.findings)
    table = residents.residents_served_by_zone(
        people.persons, reach.served_parts, straight.blocks, places, residents.ON_FOOT
    )
    sources = (*ready.sources, *lines, rule, snap_source(snap_m))
    return table.on(zones, sources=sources, findings=(*ready.findings, *told))
