"""Communities: the sheet of each one, and how much of its plantable land is planted.

Question   How green is this community, who lives there, and how was it rated?
Enters     A Scope; or communities with what lies in them, in any CRS.
Leaves     One row a community; the share of plantable land that is green.
Elsewhere  Vegetation: cover, api. Tables of inspections: read/inspections. Estates: estates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from greenspace.community_rows import COLUMNS, LAYER, Grounds, sheet_rows, sheet_zones
from greenspace.holdings import Gathering, over_districts, require_column
from greenspace.measure.areas import covered
from greenspace.measure.coverage import polygon_coverage
from greenspace.model.crs import parse_crs
from greenspace.model.ledger import Ledger
from greenspace.model.quantity import RatioTable
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.plots import districts_of
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.repair import overlap_findings
from greenspace.read.inspections import inspections_of, read_inspections
from greenspace.scope import no_layer
from greenspace.tally import as_raster, coverage_of_zones

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from greenspace.model.gauged import Gauged
    from greenspace.prepare.repair import Layer
    from greenspace.scope import Scope

PLANTED = "plantable_greened_share"
NO_LAND = Text(zh="建成区内没有宜绿化用地。", en="There is no plantable land in the built-up area.")
LEAST_GAP = 1e-6  # of the built-up area
TITLE = Text(zh="社区绿化情况表", en="sheet of communities")
NOTE = Text(
    zh="绿化面积、覆盖率和宜绿化用地绿化率由判定的植被得出，各社区按自身范围量算；影像看不到的部分不计入，绿化率以看得到的部分为分母。",
    en="Green area, coverage and the share of plantable land are those of the judged vegetation, over "
    "the whole of each community; what the image does not show is in none of them. The share is of the "
    "plantable land that is seen.",
)


def gauge_communities(scope: Scope) -> Gauged:
    """Measure the plantable land that is green, and fill in the sheet of communities."""
    found, city, terrain = Gathering(), scope.city, scope.terrain
    plantable, communities = city.layers.get("plantable"), city.layers.get(LAYER)
    if plantable is None or terrain.built_up is None:
        found.lack(no_layer("plantable" if plantable is None else "built_up"), PLANTED)
    land, frame, places = None, None, 0
    zones: list[Any] = []
    if plantable is not None:
        with found.trying(PLANTED):
            land = terrain.ready.layer(plantable, "plantable").geometry.to_numpy()
    if land is not None and terrain.built_up is not None:
        zones += list(covered(land, terrain.places.geometry.to_numpy()))
        places = len(zones)
    if communities is not None:
        with found.trying():
            frame = terrain.ready.layer(communities, LAYER, keep_rows=True, overlaps=False)
            found.note(_shared(frame))
            zones += list(sheet_zones(frame, land))
    green = None
    with found.trying(*(PLANTED,) * bool(places)):
        green = scope.cover.green_in(gpd.GeoDataFrame(geometry=zones, crs=terrain.crs))
    if places and green is not None:
        table = planted(green.take(range(places)))
        table = table.sourced((*city.sources("plantable", "built_up"), *table.sources))
        whole = replace(table.ratio(0), place=None)
        found.measured.append(over_districts(terrain, whole, table))
    if frame is not None:
        own = None if green is None else green.take(range(places, len(green)))
        found.ledgers.append(_sheet(scope, frame, land, own, found))
    return found.gauged("plantable", LAYER, "noise_sources")


def _sheet(
    scope: Scope,
    frame: gpd.GeoDataFrame,
    land: NDArray[Any] | None,
    green: RatioTable | None,
    found: Gathering,
) -> Ledger:
    terrain, noise, points = scope.terrain, scope.city.layers.get("noise_sources"), None
    if noise is not None:
        with found.trying():
            points = terrain.ready.points(noise, "noise_sources")
    if terrain.built_up is not None:
        found.note(_gap(frame, terrain.built_up))
    frame = frame.assign(district=districts_of(frame, terrain.districts))
    rows = sheet_rows(frame, Grounds(land, points, scope.city.inspections), green, found)
    return Ledger("communities", TITLE, COLUMNS, rows, NOTE, sheets=True)


def planted(green: RatioTable) -> RatioTable:
    """Return coverage of plantable land under its own name, with the reason where there is none."""
    frame = green.to_frame()
    unseen = frame["unseen"] if "unseen" in frame.columns else None
    table = RatioTable(
        PLANTED,
        frame[[frame.active_geometry_name]],
        frame["numerator"],
        frame["denominator"],
        "1",
        green.crs,
        green.sources,
        unseen=unseen,
        intervals=green.intervals,
    )
    return table.undefined_by([NO_LAND if empty else None for empty in frame.geometry.is_empty])


def _shared(communities: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return how much ground several communities claim, which each of them counts."""
    text = Text(
        zh="社区之间有重叠，重叠部分在各社区中各自计入。",
        en="Communities overlap: ground that several claim counts in each of them.",
    )
    return tuple(replace(item, text=text) for item in overlap_findings(communities, LAYER))


def _gap(communities: gpd.GeoDataFrame, built_up: Any) -> tuple[Finding, ...]:
    """Return how much of the built-up area lies in no community."""
    rest = built_up.difference(shapely.union_all(communities.geometry.to_numpy()))
    if rest.area <= LEAST_GAP * built_up.area:
        return ()
    text = Text(
        zh=f"建成区有 {rest.area / 1e4:.2f} 公顷不在任何社区内。",
        en=f"{rest.area / 1e4:.2f} ha of the built-up area lie in no community.",
    )
    return (
        Finding(
            code="outside_communities",
            text=text,
            severity="warning",
            layer=LAYER,
            area_m2=rest.area,
        ),
    )


def community_sheet(
    communities: Layer,
    *,
    vegetation: Any = None,
    plantable: Layer | None = None,
    noise_sources: Layer | None = None,
    inspections: pd.DataFrame | Path | str | None = None,
    districts: Layer | None = None,
    crs: Any = None,
) -> pd.DataFrame:
    """Fill in the sheet of each community: land, people, green, noise sources, ratings.

    Parameters
    ----------
    communities
        Polygons with a column ``name``, and ``households``, ``population``, ``resident``,
        ``floating`` and ``noise_sources`` where they are known.
    vegetation
        As in `green_coverage`: what is green in each community.
    plantable
        Polygons of land that could be planted; `vegetation` says how much of it is.
    noise_sources
        Points, each counted once in the community it lies in; on a line, in the one that their
        column ``community`` names, else the first. They go before the column.
    inspections
        A table, or the path of one, of ``community``, ``date`` and ``rating``.
    districts
        Polygons with a column ``name``.
    crs
        Measuring CRS; default: that of the communities, where it may measure areas.

    Returns
    -------
    DataFrame
        One row a community in the caller's order: areas in m2, shares 0 to 1, NaN or ``None``
        where nothing is known. ``.attrs["findings"]`` holds what was noticed: columns that could
        not be used, communities that overlap or that no name tells apart, unknown names.

    Raises
    ------
    ColumnError
        The communities or districts have no column ``name``, or the inspections cannot be read.
    CrsError
        A layer has no CRS, or `crs` cannot measure here.
    GeometryError
        A layer is of the wrong kind or empty.

    References
    ----------
    docs/how_to/estates.md

    Examples
    --------
    >>> from shapely import box
    >>> town = gpd.GeoDataFrame({"name": ["东社区"]}, geometry=[box(0, 0, 100, 100)], crs=6933)
    >>> lawn = gpd.GeoSeries([box(0, 0, 50, 100)], crs=6933)
    >>> community_sheet(town, vegetation=lawn)[["name", "green_m2", "coverage"]].values.tolist()
    [['东社区', 5000.0, 0.5]]
    """
    asked = None if crs is None else parse_crs(crs)
    ready, found = Ready(asked, communities, LAYER), Gathering()
    frame = ready.layer(communities, LAYER, keep_rows=True, overlaps=False)
    require_column(frame, LAYER)
    found.note(_shared(frame))
    districts_ready = None if districts is None else ready.layer(districts, "districts")
    if districts_ready is not None:
        require_column(districts_ready, "districts")
    land = None if plantable is None else ready.layer(plantable, "plantable").geometry.to_numpy()
    points = None if noise_sources is None else ready.points(noise_sources, "noise_sources")
    rounds = None
    if isinstance(inspections, pd.DataFrame):
        rounds, told = inspections_of(inspections)
        found.note(told)
    elif inspections is not None:
        rounds, told = read_inspections(inspections)
        found.note(told)

    green = None
    if vegetation is not None:
        green = _green_in(vegetation, ready, sheet_zones(frame, land))
        found.note(item for item in green.findings if item.layer != "zones")
    frame = frame.assign(district=districts_of(frame, districts_ready))
    warn_of_changes(ready.findings)
    rows = sheet_rows(frame, Grounds(land, points, rounds), green, found).set_index(frame.index)
    rows.attrs["findings"] = tuple(dict.fromkeys((*ready.findings, *found.gauged().findings)))
    return rows


def _green_in(vegetation: Any, ready: Ready, shapes: NDArray[Any]) -> RatioTable:
    zones = gpd.GeoDataFrame(geometry=shapes, crs=ready.crs)
    if isinstance(vegetation, gpd.GeoDataFrame | gpd.GeoSeries):
        plants = ready.layer(vegetation, "vegetation", overlaps=False)
        return polygon_coverage(plants.geometry, zones)
    return coverage_of_zones(as_raster(vegetation), zones, ready.crs)
