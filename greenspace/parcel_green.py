"""Parcel green: estates and units one layer at a time, without a city.

Question   How green are these estates or units by their parcels, and which fall short?
Enters     Residential land or units, and green parcels, in any CRS.
Leaves     Ratios by indicator; or one row an estate or unit.
Elsewhere  A whole city: estates, units. What both share: holdings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenspace.errors import ColumnError
from greenspace.estates import (
    GARDEN,
    GARDEN_BY_AREA,
    GARDEN_COUNT,
    NO_ESTATES,
    NONE_AT_ALL,
    RATIOS,
    asked,
    estates_of,
    tell_open,
)
from greenspace.evaluate.unit_rules import unit_rules
from greenspace.holdings import Gathering, green_land, require_column, rows_of
from greenspace.measure.parcels import (
    green_of_all,
    green_of_plots,
    share_by_area,
    share_by_number,
)
from greenspace.model.crs import parse_crs
from greenspace.model.quantity import Ratio
from greenspace.model.words import Text
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.read.definitions import read_profile, split_standard
from greenspace.read.unit_kinds import read_unit_kinds
from greenspace.units import (
    COMPLIANCE,
    NO_RATIOS,
    NO_UNITS,
    RATIO,
    TITLES,
    require_kinds,
    units_of,
)

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.prepare.repair import Layer

    Titles = tuple[str, ...]


def estate_green(
    residential: Layer,
    green: Layer,
    *,
    built_up: Layer | None = None,
    edition: str | None = None,
    new_since: int | None = None,
    crs: Any = None,
) -> dict[str, Ratio]:
    """Measure how much of new and of rebuilt residential areas is green land.

    ``area(union(green) ∩ estates of a kind) / area(union(estates of that kind))``: parcels hold,
    not the image, and roof greening does not count. The boundary rules of GB 50180 A.0.2 are not
    applied.

    Parameters
    ----------
    residential
        Polygons with ``status`` (new or old, 新 or 旧), or the year ``built`` with `new_since`;
        ``name`` joins plots of one estate, ``garden`` (是 or 否) tells garden estates.
    green
        Parcels of green land.
    built_up
        Estates are cut to it.
    edition
        Of the codes in a column ``class`` of `green`, ``"2002"`` or ``"2017"``: only those of
        green land count. Without such a column every parcel does.
    new_since
        The year of building from which an estate is new.
    crs
        Measuring CRS; default: that of the residential land, where it may measure areas.

    Returns
    -------
    dict of Ratio
        ``new_residential_green_ratio`` and ``rebuilt_residential_green_ratio``, in m2; with a
        column ``garden`` also ``garden_estate_share``, ``garden_estate_share_by_area`` and
        ``garden_estate_count``.

    Raises
    ------
    ColumnError
        A status, title or class code is missing or not known, or `edition` is.
    CrsError
        A layer has no CRS, or `crs` cannot measure here.
    GeometryError
        A layer is of the wrong kind or empty.

    References
    ----------
    [22]: new residential areas at least 30 %, rebuilt ones 25 %. docs/how_to/estates.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> homes = gpd.GeoDataFrame({"status": ["new"]}, geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 34, 100)], crs=6933)
    >>> estate_green(homes, lawn)["new_residential_green_ratio"].value
    0.34
    """
    ready, found = Ready(_crs(crs), residential, "residential"), Gathering(strict=True)
    ground = None if built_up is None else ready.dissolved(built_up, "built_up")
    plots, titles = estates_of(ready, residential, found, ground=ground, new_since=new_since)
    estates = plots.frame
    parcels = _parcels(ready, green, edition, found)
    ratios = [
        green_of_all(
            indicator, parcels, estates[estates["status"] == kind], undefined=NO_ESTATES[kind]
        )[0]
        for kind, indicator in RATIOS.items()
    ]
    if titles:
        held = plots.named["garden"].to_numpy(dtype=bool)
        ratios += _shares((GARDEN, GARDEN_BY_AREA), plots.named, held, NONE_AT_ALL)
        ratios.append(Ratio(GARDEN_COUNT, float(held.sum()), 1.0, "count", None))
    return _told(ratios, ready, found)


def estate_list(
    residential: Layer,
    green: Layer,
    *,
    built_up: Layer | None = None,
    districts: Layer | None = None,
    edition: str | None = None,
    new_since: int | None = None,
    standard: str = "CN-2000:medium",
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """List the estates with their green land, what a standard asks, and what they lack.

    Parameters
    ----------
    residential, green, built_up, edition, new_since, crs
        As in `estate_green`.
    districts
        Polygons with a column ``name``; an estate belongs to the one that holds most of it.
    standard
        Whose ratios are asked, as in `check`; one that is silent asks those of CN-2000.

    Returns
    -------
    GeoDataFrame
        One row an estate in the measuring CRS: ``name``, ``district``, ``plots``, ``area_m2``,
        ``green_m2``, ``ratio``, ``required``, ``meets``, ``short_m2``, ``status`` and, where it
        is known, ``garden``. Each estate stands on its own. ``.attrs["findings"]`` holds what
        was noticed.

    Raises
    ------
    ColumnError, CrsError, GeometryError
        As `estate_green`.
    DefinitionError
        The standard is unknown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> homes = gpd.GeoDataFrame({"status": ["old"]}, geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 20, 100)], crs=6933)
    >>> estate_list(homes, lawn)[["ratio", "required", "meets", "short_m2"]].values.tolist()
    [[0.2, 0.25, False, 500.0]]
    """
    ready, found = Ready(_crs(crs), residential, "residential"), Gathering(strict=True)
    ground = None if built_up is None else ready.dissolved(built_up, "built_up")
    zones = _districts(ready, districts)
    plots, titles = estates_of(
        ready, residential, found, ground=ground, districts=zones, new_since=new_since
    )
    name, level = split_standard(standard)
    profile = read_profile(name)
    rules, estates = asked(profile, level, {}), plots.frame
    table = green_of_plots(
        next(iter(RATIOS.values())), _parcels(ready, green, edition, found), estates
    )
    rows = rows_of(estates, table, None, [rules[kind] for kind in estates["status"]])
    tell_open(rows.assign(status=estates["status"].to_numpy()), rules, found)
    return _listed(estates, rows, ("status", *titles), ready, found)


def unit_green(
    units: Layer,
    green: Layer,
    *,
    built_up: Layer | None = None,
    edition: str | None = None,
    crs: Any = None,
) -> dict[str, Ratio]:
    """Measure how much of work units is green land, and how many meet the ratio of their kind.

    ``area(union(green) ∩ units) / area(union(units))``, and by number the units whose own ratio
    meets that of their kind: public buildings 30 %, industry, storage and trade 20 %, schools,
    hospitals and offices 35 %. Units of other kinds take no part in the second.

    Parameters
    ----------
    units
        Polygons with ``kind``; ``name`` joins plots of one unit, ``garden`` and ``advanced``
        (是 or 否) tell those with a title.
    green, built_up, edition
        As in `estate_green`.
    crs
        Measuring CRS; default: that of the units, where it may measure areas.

    Returns
    -------
    dict of Ratio
        ``unit_green_ratio`` and ``unit_compliance_share``; with a column ``garden`` also
        ``garden_unit_share`` and ``garden_unit_share_by_area``, with ``advanced``
        ``advanced_unit_share``.

    Raises
    ------
    ColumnError
        A kind is missing or not known (the nearest is named), or a title or class code is.
    CrsError, GeometryError
        As `estate_green`.

    References
    ----------
    [23], a weak source. docs/how_to/estates.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> works = gpd.GeoDataFrame({"kind": ["工业"]}, geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 20, 100)], crs=6933)
    >>> {name: ratio.value for name, ratio in unit_green(works, lawn).items()}
    {'unit_green_ratio': 0.2, 'unit_compliance_share': 1.0}
    """
    ready, found = Ready(_crs(crs), units, "units"), Gathering(strict=True)
    ground = None if built_up is None else ready.dissolved(built_up, "built_up")
    plots, titles = units_of(ready, units, found, ground=ground)
    every = plots.frame
    parcels = _parcels(ready, green, edition, found)
    kinds = read_unit_kinds()
    require_kinds(every, kinds)
    rules = unit_rules(kinds)
    owed = [rules.of(kinds.of(word)) for word in every["kind"]]
    rows = rows_of(every, green_of_plots(RATIO, parcels, every), None, owed)
    judged = rows["required"].notna().to_numpy()
    met = rows["meets"].eq(other=True).to_numpy()
    ratios = [
        green_of_all(RATIO, parcels, every, undefined=NO_UNITS)[0],
        share_by_number(COMPLIANCE, every[judged], met[judged], undefined=NO_RATIOS)[0],
    ]
    for title in titles:
        held = plots.named[title].to_numpy(dtype=bool)
        ratios += _shares(TITLES[title], plots.named, held, NO_UNITS)
    return _told(ratios, ready, found)


def unit_list(
    units: Layer,
    green: Layer,
    *,
    built_up: Layer | None = None,
    districts: Layer | None = None,
    edition: str | None = None,
    crs: Any = None,
) -> gpd.GeoDataFrame:
    """List the units with their green land, the ratio of their kind, and what they lack.

    Parameters
    ----------
    units, green, built_up, edition, crs
        As in `unit_green`.
    districts
        As in `estate_list`.

    Returns
    -------
    GeoDataFrame
        As `estate_list`, with ``kind`` as it is written; ``required`` is NaN where no source
        says it.

    Raises
    ------
    ColumnError, CrsError, GeometryError
        As `unit_green`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> school = gpd.GeoDataFrame({"kind": ["学校"]}, geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 30, 100)], crs=6933)
    >>> unit_list(school, lawn)["short_m2"].tolist()
    [500.0]
    """
    ready, found = Ready(_crs(crs), units, "units"), Gathering(strict=True)
    ground = None if built_up is None else ready.dissolved(built_up, "built_up")
    zones, kinds = _districts(ready, districts), read_unit_kinds()
    plots, titles = units_of(ready, units, found, ground=ground, districts=zones)
    every, rules = plots.frame, unit_rules(kinds)
    require_kinds(every, kinds)
    table = green_of_plots(RATIO, _parcels(ready, green, edition, found), every)
    rows = rows_of(every, table, None, [rules.of(kinds.of(word)) for word in every["kind"]])
    return _listed(every, rows, ("kind", *titles), ready, found)


def _crs(crs: Any) -> Any:
    return None if crs is None else parse_crs(crs)


def _districts(ready: Ready, districts: Layer | None) -> gpd.GeoDataFrame | None:
    if districts is None:
        return None
    frame = ready.layer(districts, "districts")
    require_column(frame, "districts")
    return frame


def _parcels(ready: Ready, green: Layer, edition: str | None, found: Gathering) -> NDArray[Any]:
    if edition is None and "class" in getattr(green, "columns", ()):
        raise ColumnError(
            "绿地图层带有类别代码（class），却没有说明是哪一版的代码。",
            "The green land has class codes, and which edition they are of is not said.",
            remedy=Text(
                zh='请写 edition="2017" 或 "2002"；不想按代码取舍，请去掉 class 字段。',
                en='Write edition="2017" or "2002"; drop the column class where every parcel counts.',
            ),
            layer="green",
            column="class",
        )
    parcels, findings = green_land(ready, green, edition)
    found.note(findings)
    return parcels


def _shares(
    indicators: tuple[str, ...], plots: gpd.GeoDataFrame, held: NDArray[np.bool_], undefined: Text
) -> list[Ratio]:
    """Return the share that has a title: by number, and by area where that is asked for too."""
    measures = (share_by_number, share_by_area)
    return [
        measure(indicator, plots, held, undefined=undefined)[0]
        for indicator, measure in zip(indicators, measures, strict=False)
    ]


def _told(ratios: list[Ratio], ready: Ready, found: Gathering) -> dict[str, Ratio]:
    warn_of_changes(ready.findings)
    findings = (*ready.findings, *found.gauged().findings)
    told = (ratio.with_sources(*ready.sources).with_findings(*findings) for ratio in ratios)
    return {ratio.indicator: ratio for ratio in told}


def _listed(
    plots: gpd.GeoDataFrame, rows: Any, own: Titles, ready: Ready, found: Gathering
) -> gpd.GeoDataFrame:
    warn_of_changes(ready.findings)
    told = rows.drop(columns="coverage").assign(**{name: plots[name].to_numpy() for name in own})
    listed = plots[[plots.active_geometry_name]].assign(
        **{name: told[name].to_numpy() for name in told.columns}
    )
    listed.attrs["findings"] = (*ready.findings, *found.gauged().findings)
    return listed
