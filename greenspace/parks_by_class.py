"""Parks by class: comprehensive and community parks apart, per head and by number.

Question   How much park of each class has a resident, and how many comprehensive parks 10 000?
Enters     Parks with class codes of a named edition, in any CRS, and persons.
Leaves     Ratios, or with zones RatioTables, by middle class.
Elsewhere  All parks together: api. A city's check: park_gauge. Their greening: park_interior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.class_codes import coded_table
from greenspace.errors import ColumnError, InputError
from greenspace.measure import per_capita
from greenspace.model.crs import parse_crs
from greenspace.model.source import Source
from greenspace.model.words import Text
from greenspace.prepare.allocate import persons, persons_of_zones
from greenspace.prepare.classify import unlisted_findings
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.overlaps import settle_overlaps
from greenspace.prepare.park_classes import (
    COMMUNITY,
    COMPREHENSIVE,
    MAJOR,
    are_parks,
    middle_classes,
    one_park,
    reaches,
    sizes_of,
)
from greenspace.prepare.park_findings import (
    lacking_class,
    no_park_findings,
    several_rows_findings,
    undersized,
    undersized_findings,
)
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.prepare.repair import Layer

INDICATORS = {
    COMPREHENSIVE: "comprehensive_park_per_capita",
    COMMUNITY: "community_park_per_capita",
}


def park_area_by_class(
    parks: Layer,
    population: float | str,
    *,
    edition: str,
    zones: Layer | None = None,
    crs: Any = None,
) -> dict[str, Ratio] | dict[str, RatioTable]:
    """Measure park green land per head, each class of parks on its own (各类公园人均面积).

    ``area(union(parks of the class)) / population``, m² a person. The caller clips parks to the
    built-up area where the standard says so (`gs.check` does).

    Parameters
    ----------
    parks
        Park polygons with a column ``class``: codes of CJJ/T 85. Overlaps count once, for the
        class that the edition lists first; a park's water belongs to it. Rows that are no park by their code are left out and
        told (finding ``class_no_park``), parks below the size of GB 55014 are told and count.
    population
        Persons, or with `zones` the name of their column.
    edition
        ``"2002"`` or ``"2017"``: the codes of one mean other things in the other.
    zones
        Measure each zone, parks cut at its line.
    crs
        Measuring CRS; default: that of `parks` where it may measure.

    Returns
    -------
    dict of str to Ratio or RatioTable
        By middle class: ``G11`` (comprehensive) and ``G12`` (community) always, the others that
        there are, and ``G1`` for parks without a middle class. Numerators m2, denominators
        persons; no persons leave the values undefined.

    Raises
    ------
    ColumnError
        There is no column ``class``, or a code that the edition does not know.
    InputError
        The population is negative or not a number, or does not go with `zones`.
    CrsError, GeometryError
        As in `green_coverage`.

    References
    ----------
    GB 55014-2021: more than 3.0 m² each; docs/explanation/parks_by_class.md.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> parks = gpd.GeoDataFrame({"class": ["G11", "G12", "G12"]}, crs=6933,
    ...     geometry=[box(0, 0, 400, 300), box(500, 0, 600, 100), box(700, 0, 800, 100)])
    >>> found = park_area_by_class(parks, 10_000, edition="2017")
    >>> found["G11"].value, found["G12"].value
    (12.0, 2.0)
    """
    table = _table_of(parks, edition)
    asked = None if crs is None else parse_crs(crs)
    residents = persons(population) if zones is None else 0.0
    by_zone = None if zones is None else persons_of_zones(as_frame(zones, "zones"), population)
    first = parks if len(as_frame(parks, "parks")) or zones is None else zones
    ready = Ready(asked, first, "parks")
    frame, classes, told = _by_class(ready.layer(parks, "parks"), table)
    places = None if zones is None else ready.zones(zones)
    warn_of_changes(ready.findings)
    found: dict[str, Any] = {}
    findings = (*ready.findings, *told)
    sources = (*ready.sources, edition_source(table))
    ground = once(frame, table).geometry
    for code in class_codes(classes):
        shapes = ground[classes == code]
        name = INDICATORS.get(code, per_capita.INDICATOR)
        if places is None or by_zone is None:
            ratio = per_capita.park_area_per_capita(shapes, residents, indicator=name)
            found[code] = ratio.with_sources(*sources).with_findings(*findings)
            continue
        counted = np.where(places.geometry.is_empty, 0.0, by_zone)
        rows = per_capita.park_area_per_capita_by_zone(shapes, counted, places, indicator=name)
        found[code] = rows.on(zones, sources=sources, findings=findings)
    return found


def comprehensive_parks_per_10k(
    parks: Layer,
    population: float,
    *,
    edition: str,
    built_up: Layer | None = None,
    least_m2: float = 0.0,
    crs: Any = None,
) -> Ratio:
    """Measure the number of comprehensive parks for 10 000 persons (万人拥有综合公园指数).

    ``count(G11) / (population / 10 000)``. Rows of one name within 100 m of each other are one
    park; a row without a name is a park of its own.

    Parameters
    ----------
    parks, edition
        As in `park_area_by_class`; a column ``name`` tells which rows are one park.
    population
        Persons in the built-up area.
    built_up
        Count only parks with some ground in it; without it all of them count.
    least_m2
        Count only parks of so much area or more, all their rows together, outside `built_up`
        too; by default the class code alone decides.
    crs
        Measuring CRS; default: that of `parks` where it may measure.

    Returns
    -------
    Ratio
        Numerator parks, denominator 10 000 persons.

    Raises
    ------
    ColumnError, CrsError, GeometryError
        As in `park_area_by_class`.
    InputError
        The population or `least_m2` is negative or not a number.

    References
    ----------
    GB/T 51346-2019 A.0.4; docs/explanation/parks_by_class.md.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> parks = gpd.GeoDataFrame({"class": ["G11"] * 3, "name": ["东园", "东园", "西园"]},
    ...     geometry=[box(0, 0, 9, 9), box(20, 0, 29, 9), box(40, 0, 49, 9)], crs=6933)
    >>> comprehensive_parks_per_10k(parks, 50_000, edition="2017").value
    0.4
    """
    table = _table_of(parks, edition)
    residents = persons(population)
    _require_size(least_m2)
    ready = Ready(None if crs is None else parse_crs(crs), parks, "parks")
    frame, classes, told = _by_class(ready.layer(parks, "parks"), table)
    chosen = frame[classes == COMPREHENSIVE]
    if built_up is not None:
        ground = ready.dissolved(built_up, "built_up")
        inside = clip_polygons(chosen, ground, keep_rows=True).area.to_numpy() > 0
    else:
        inside = np.ones(len(chosen), dtype=bool)
    warn_of_changes(ready.findings)
    count = count_of_parks(chosen, inside, least_m2=least_m2)
    ratio = per_capita.parks_per_10k(count, residents, crs=ready.crs)
    ratio = ratio.with_sources(*ready.sources, edition_source(table))
    return ratio.with_findings(*ready.findings, *told, *several_rows_findings(chosen))


def count_of_parks(
    parks: gpd.GeoDataFrame, inside: NDArray[np.bool_], *, least_m2: float = 0.0
) -> int:
    """Return how many parks, near rows of one name together, are large enough and have a row inside."""
    park = one_park(parks)
    large = reaches(sizes_of(parks, park), least_m2)
    return len(np.unique(park[inside & large]))


def once(parks: gpd.GeoDataFrame, table: ClassTable | None) -> gpd.GeoDataFrame:
    """Return parks of which no two share ground: it belongs to the class that is listed first."""
    if table is None:
        return parks
    return settle_overlaps(parks, np.array([table.priority(code) for code in parks["class"]]))


def class_codes(classes: NDArray[Any]) -> tuple[str, ...]:
    """Return the classes of parks that are told apart: the two that are judged, and what is there."""
    return tuple(sorted({COMPREHENSIVE, COMMUNITY, *classes}))


def edition_source(table: ClassTable) -> Source:
    """Return the source that names the edition of class codes beside a number."""
    return Source(role="classes", name=table.document)


def _by_class(
    frame: gpd.GeoDataFrame, table: ClassTable
) -> tuple[gpd.GeoDataFrame, NDArray[Any], tuple[Any, ...]]:
    """Return the rows that are parks, the class of each, and what should be told of them."""
    classes = middle_classes(frame["class"], table)
    parks = are_parks(frame["class"], table)
    kept, of_kept = frame[parks], classes[parks]
    told = no_park_findings(frame, ~parks)
    told += unlisted_findings(frame["class"], table, "parks")
    told += lacking_class(kept, of_kept == MAJOR)
    told += undersized_findings(kept, of_kept, undersized(kept, kept["class"]))
    return kept, of_kept, told


def _table_of(parks: Layer, edition: str) -> ClassTable:
    frame = as_frame(parks, "parks")
    if "class" in frame.columns:
        return coded_table(frame, str(edition), "parks")
    columns = tuple(str(name) for name in frame.columns)
    raise ColumnError(
        "公园没有字段 class，无法分类。",
        "The parks have no column class, so nobody can tell their classes.",
        remedy=Text(
            zh=f"请把分类字段改名为 class；现有字段：{'、'.join(columns)}。",
            en=f"Rename the column of codes to class; there are: {', '.join(columns)}.",
        ),
        layer="parks",
        column="class",
        found=columns,
    )


def _require_size(least_m2: object) -> None:
    if not isinstance(least_m2, int | float) or not 0 <= least_m2 < float("inf"):
        raise InputError(
            f"least_m2 应为不小于零的数，而不是 {least_m2!r}。",
            f"least_m2 should be a number of zero or more, not {least_m2!r}.",
            found=least_m2,
        )
