"""Yardsticks: WHO-300, SDG 11.7.1, ANGSt and the living circles of GB 50180.

Question   Which share of the residents has green space as near as these rules ask?
Enters     Layers of green space and homes, in any CRS, and a column of persons if there is one.
Leaves     Ratios by indicator, or RatioTables on the caller's zones, for evaluate/ to judge.
Elsewhere  3-30-300: three_thirty. The rules and their marks: model/yardsticks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.counting import Counting
from greenspace.errors import InputError
from greenspace.measure.areas import covered_area
from greenspace.measure.park_sizes import ground_left
from greenspace.model import yardsticks as rules
from greenspace.model.crs import parse_crs
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.park_remarks import circle_findings
from greenspace.prepare.ready import Ready, warn_of_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from greenspace.model.source import Finding
    from greenspace.park_remarks import Parks
    from greenspace.prepare.repair import Layer

Measured = dict[str, Ratio | RatioTable]


def who_300(
    green: Layer,
    homes: Layer,
    *,
    population: Any = None,
    zones: Layer | None = None,
    crs: Any = None,
) -> Measured:
    """Measure WHO's share of residents within 300 m of green space, in a straight line.

    Parameters
    ----------
    green
        Green spaces; the area of each row decides whether it counts: 0.5 ha (``who_300``, the
        core indicator) or 1 ha (``who_300_1_ha``, an additional one).
    homes
        Points, or polygons of residential land.
    population
        The column of persons of `homes`; for polygons also a layer of points or zones with a
        column ``population``, or a raster of persons a pixel. Persons of a block are taken as
        spread evenly over it. Without it land or points are counted, and the indicators are
        called ``who_300_of_land`` or ``who_300_of_homes``.
    zones
        Measure the homes of each zone.
    crs
        Measuring CRS; default: that of `homes` where it may measure, of `green` where homes are
        points.

    Returns
    -------
    dict of str to Ratio or RatioTable
        By indicator; values 0 to 1.

    Raises
    ------
    ColumnError
        The column is missing, or holds missing, negative or non-numeric numbers.
    CrsError, GeometryError
        As in `green_coverage`, or there are no homes.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> green = gpd.GeoSeries([box(0, 0, 100, 50), box(900, 0, 1000, 100)], crs=6933)
    >>> homes = gpd.GeoDataFrame({"persons": [30, 10]}, geometry=[Point(400, 0), Point(700, 0)],
    ...     crs=6933)
    >>> {name: ratio.value for name, ratio in who_300(green, homes, population="persons").items()}
    {'who_300': 1.0, 'who_300_1_ha': 0.25}
    """
    counting = Counting(homes, population, zones, crs, beside=(green, "green"))
    found = straight(counting, rules.WHO, green)
    warn_of_changes(counting.ready.findings)
    return found


def angst(
    green: Layer,
    homes: Layer,
    *,
    reserves: Layer | None = None,
    population: Any = None,
    zones: Layer | None = None,
    crs: Any = None,
) -> Measured:
    """Measure the share of residents within each tier of ANGSt (2010), in a straight line.

    ``angst_2_ha`` within 300 m, ``angst_20_ha`` within 2 km, ``angst_100_ha`` within 5 km,
    ``angst_500_ha`` within 10 km; a larger green space counts in the smaller tiers, too.

    Parameters
    ----------
    green
        Accessible natural green spaces; the area of each row decides its tiers.
    homes, population, zones, crs
        As in `who_300`.
    reserves
        Local nature reserves: adds ``angst_nature_reserves``, m2 a person (1 ha per 1 000
        people is 10 m2). Needs `population`.

    Returns
    -------
    dict of str to Ratio or RatioTable
        By indicator.

    Raises
    ------
    InputError
        Reserves without a population.
    ColumnError, CrsError, GeometryError
        As in `who_300`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> wood = gpd.GeoSeries([box(0, 0, 1000, 200)], crs=6933)
    >>> homes = gpd.GeoSeries([box(1000, 0, 1600, 100)], crs=6933)
    >>> {name: round(ratio.value, 3) for name, ratio in angst(wood, homes).items()}
    {'angst_2_ha_of_land': 0.5, 'angst_20_ha_of_land': 1.0, 'angst_100_ha_of_land': 0.0, 'angst_500_ha_of_land': 0.0}
    """
    if reserves is not None and population is None:
        raise InputError(
            "给出了自然保护区，却没有人口。",
            "Nature reserves are given, but no population to divide them by.",
            remedy=Text(
                zh="请用 population 给出 homes 的人口字段。",
                en="Name the column of persons of homes as population.",
            ),
            layer="reserves",
        )
    counting = Counting(homes, population, zones, crs, beside=(green, "green"))
    found = straight(counting, rules.ANGST, green)
    if reserves is not None:
        shapes = counting.ready.layer(reserves, "reserves").geometry.to_numpy()
        rule = Source(role="rule", name="nature reserves a person", note=rules.ANGST_NOTE)
        found |= _by_indicator([_a_person(counting, rules.ANGST_RESERVES, shapes, rule)])
    warn_of_changes(counting.ready.findings)
    return found


def sdg_11_7_1(
    open_space: Layer,
    streets: Layer,
    built_up: Layer,
    *,
    homes: Layer | None = None,
    population: Any = None,
    paths: Layer | None = None,
    entrances: Layer | None = None,
    zones: Layer | None = None,
    crs: Any = None,
) -> Measured:
    """Measure SDG 11.7.1: open public space and streets, and who has such space within 400 m.

    ``area((open space ∪ streets) ∩ built-up) / area(built-up)`` is ``sdg_11_7_1``; with `homes`
    the share within 400 m of open public space follows as ``sdg_11_7_1_access``.

    Parameters
    ----------
    open_space
        Open public spaces, of any size.
    streets
        The land of streets as polygons; ground that is both counts once.
    built_up
        The built-up area, dissolved here.
    homes, population
        As in `who_300`; homes are not cut by the built-up area.
    paths, entrances
        As in `living_circles`.
    zones
        Measure the built-up area and the homes of each zone.
    crs
        Measuring CRS; default: that of `built_up` where it may measure.

    Returns
    -------
    dict of str to Ratio or RatioTable
        By indicator; values 0 to 1.

    Raises
    ------
    InputError
        A population, paths or entrances without homes.
    ColumnError, CrsError, GeometryError
        As in `who_300`; streets as lines are refused, for they have no area.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> town = gpd.GeoSeries([box(0, 0, 100, 100)], crs=6933)
    >>> square, street = (gpd.GeoSeries([shape], crs=6933) for shape in
    ...     (box(0, 0, 40, 40), box(0, 30, 100, 40)))
    >>> round(sdg_11_7_1(square, street, town)["sdg_11_7_1"].value, 9)
    0.22
    """
    needless = {"population": population, "paths": paths, "entrances": entrances}
    given = [name for name, value in needless.items() if value is not None]
    if homes is None and given:
        raise InputError(
            f"给出了 {'、'.join(given)}，却没有 homes。",
            f"There are no homes for what is given: {', '.join(given)}.",
            remedy=Text(zh="请给出 homes。", en="Give homes as well."),
            layer="homes",
            found=tuple(given),
        )
    ready = Ready(None if crs is None else parse_crs(crs), built_up, "built_up")
    ground = ready.dissolved(built_up, "built_up")
    spaces = ready.layer(open_space, "open_space")
    land = ready.layer(streets, "streets")
    public = np.concatenate([spaces.geometry.to_numpy(), land.geometry.to_numpy()])
    rule = Source(role="rule", name="open public space and streets", note=rules.SDG_NOTE)
    sources = (*ready.sources, rule)
    measured: Ratio | RatioTable
    if zones is None:
        part, whole = covered_area(public, np.array([ground]))[0], ground.area
        ratio = Ratio(rules.SDG_OPEN, float(part), float(whole), "1", ready.crs)
        measured = ratio.with_sources(*sources).with_findings(*ready.findings)
    else:
        places = ready.zones(zones)
        built = shapely.intersection(places.geometry.to_numpy(), ground)
        part, areas = covered_area(public, built), shapely.area(built)
        table = RatioTable(rules.SDG_OPEN, places, part, areas, "1", ready.crs)
        measured = table.on(zones, sources=sources, findings=ready.findings)
    warn_of_changes(ready.findings)
    found = _by_indicator([measured])
    if homes is not None:
        counting = Counting(
            homes,
            population,
            zones,
            ready.crs,
            beside=(built_up, "built_up"),
            paths=paths,
            entrances=entrances,
        )
        open_to = counting.parks(open_space, "open_space")
        found |= _walks(counting, (rules.SDG_ACCESS,), open_to)
        warn_of_changes(counting.ready.findings)
    return found


def living_circles(
    parks: Layer,
    homes: Layer,
    *,
    population: Any = None,
    paths: Layer | None = None,
    entrances: Layer | None = None,
    zones: Layer | None = None,
    fifteen_minutes_m: float = rules.FIFTEEN_MINUTES_M[0],
    crs: Any = None,
) -> Measured:
    """Measure parks and service of the 15-, 10- and 5-minute living circles (GB 50180-2018).

    ``living_circle_15_service`` and so on: the share within a walk of 800 to 1000, 500 and
    300 m of a park of 5, 1 and 0.4 ha, 80, 50 and 30 m wide; a park of more serves as well.
    With `population` also ``living_circle_15_green`` and so on, m2 a person: each park is
    counted in the widest circle alone whose least size and width it meets, so that circles
    exclude those below them.

    Parameters
    ----------
    parks
        Parks; the area and width of each row decide its circle. The width is that of the
        largest circle inside the park.
    homes, population, zones, crs
        As in `who_300`.
    paths, entrances
        Paths as lines, and points where parks are entered if there are any, as in
        `network_service_coverage`: distances are walked, land off a path is served as far as
        100 m. Without paths they are straight lines, with a warning among the findings.
    fifteen_minutes_m
        What 15 minutes reach, between the 800 and 1000 m of the standard; default: 800, so
        that a pass holds for either.

    Returns
    -------
    dict of str to Ratio or RatioTable
        By indicator.

    Raises
    ------
    InputError
        `fifteen_minutes_m` is not between 800 and 1000.
    ColumnError, CrsError, GeometryError
        As in `who_300`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> parks = gpd.GeoSeries([box(0, 0, 500, 100), box(0, 500, 100, 600)], crs=6933)
    >>> homes = gpd.GeoDataFrame({"persons": [10_000]}, geometry=[box(0, 110, 100, 490)], crs=6933)
    >>> found = living_circles(parks, homes, population="persons")
    >>> found["living_circle_15_green"].value, found["living_circle_10_green"].value
    (5.0, 1.0)
    """
    shortest, longest = rules.FIFTEEN_MINUTES_M
    number = isinstance(fifteen_minutes_m, int | float | np.integer | np.floating)
    if not number or not shortest <= fifteen_minutes_m <= longest:
        raise InputError(
            f"fifteen_minutes_m 应在 800—1000 m 之间，而不是 {fifteen_minutes_m!r}。",
            f"fifteen_minutes_m should lie between 800 and 1000 m, not {fifteen_minutes_m!r}.",
            expected=rules.FIFTEEN_MINUTES_M,
            found=fifteen_minutes_m,
        )
    circles = rules.living_circle_rules(fifteen_minutes_m)
    counting = Counting(
        homes, population, zones, crs, beside=(parks, "parks"), paths=paths, entrances=entrances
    )
    found = in_circles(counting, circles, parks, people=population is not None)
    warn_of_changes(counting.ready.findings)
    return found


def straight(counting: Counting, asked: Iterable[rules.ReachRule], green: Layer) -> Measured:
    """Return the share within a straight line of green space, by each rule."""
    spaces = counting.parks(green, "green")
    return _by_indicator(counting.share(rule, spaces) for rule in asked)


def in_circles(
    counting: Counting, circles: Sequence[rules.Circle], parks: Layer, *, people: bool
) -> Measured:
    """Return the share within a walk of each circle's parks, and the parks of each a person."""
    spaces = counting.parks(parks, "parks")
    found = _walks(counting, [circle.reach for circle in circles], spaces)
    if people:
        found |= _by_indicator(_circle_greens(counting, spaces, circles))
    return found


def _walks(counting: Counting, asked: Iterable[rules.ReachRule], parks: Parks) -> Measured:
    """Return shares within a walk, or within a straight line where no paths are given."""
    ways, told = counting.ways(parks)
    return _by_indicator(counting.share(rule, parks, ways, findings=told) for rule in asked)


def _circle_greens(
    counting: Counting, parks: Parks, circles: Sequence[rules.Circle]
) -> Iterator[Ratio | RatioTable]:
    """Yield the parks of each circle a person; ground of two parks counts in the wider circle."""
    shapes, circle_of = parks.sizes.shapes, parks.sizes.circle(circles)
    for position, circle in enumerate(circles):
        wider = shapes[(circle_of >= 0) & (circle_of < position)]
        own = ground_left(shapes[circle_of == position], wider)
        drawn = circle_findings(parks, circles, position)
        yield _a_person(counting, circle.green, own, _own(circle), drawn)


def _own(circle: rules.Circle) -> Source:
    rule = circle.reach
    name = f">= {rule.least_m2:.12g} m2, >= {rule.least_width_m:.12g} m wide, in no wider circle"
    return Source(role="rule", name=name, note=rule.note)


def _a_person(
    counting: Counting,
    indicator: str,
    shapes: Any,
    rule: Source,
    findings: tuple[Finding, ...] = (),
) -> Ratio | RatioTable:
    """Return the ground of some shapes, counted once, over the residents."""
    people = counting.counted
    measured: Ratio | RatioTable
    if people.zones is None or people.zone is None:
        area = float(shapely.union_all(shapes).area)
        persons = float(people.amount.sum())
        measured = Ratio(indicator, area, persons, "m2/person", people.crs)
    else:
        areas = covered_area(shapes, people.zones.geometry.to_numpy())
        by_zone = np.bincount(people.zone, people.amount, len(people.zones))
        measured = RatioTable(indicator, people.zones, areas, by_zone, "m2/person", people.crs)
    return counting.told(measured, rule, findings=findings)


def _by_indicator(found: Iterable[Ratio | RatioTable]) -> Measured:
    return {measured.indicator: measured for measured in found}
