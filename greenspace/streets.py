"""Streets: how green roads are, one layer at a time.

Question   Which share of the roads is greened, complies with what is asked, is lined with trees?
Enters     Roads, plants, strips and footways in any CRS.
Leaves     Ratios, or with zones RatioTables.
Elsewhere  A city's check: road_gauge. Greenways, paving and riverbanks: greenways.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.measure.linear import SECTION_M
from greenspace.measure.roads import belt_share, length_share, length_share_by_zone
from greenspace.measure.shade import LEAST_CANOPY
from greenspace.model.crs import parse_crs
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes
from greenspace.prepare.roads import city_roads
from greenspace.read.roads import read_road_classes
from greenspace.road_measures import (
    BELTS,
    COMPLIANCE,
    COUNTED,
    GREENING,
    LEFT_OUT,
    SHADED_CLASSES,
    TREE_LINED,
    compliance,
    land_of_classes,
    lands_of,
    refusal_of,
    require_word,
    sections_of,
    tree_lined,
    trees_of,
    width_table,
    without_roofs,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.linear import Sections
    from greenspace.measure.shade import Sides
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer
    from greenspace.road_measures import Status


def road_greening_rate(
    roads: Layer,
    plants: Layer,
    *,
    built_up: Layer | None = None,
    zones: Layer | None = None,
    section_m: float = SECTION_M,
    crs: Any = None,
) -> Ratio | RatioTable:
    """Measure the share of the road length that is greened (道路绿化普及率).

    ``length(greened sections) / length(roads)`` along centre lines. A section is greened where
    plants reach inside the red line: no text read says what makes a road greened, and this is
    our reading.

    Parameters
    ----------
    roads
        Centre lines with the columns ``width`` (between red lines, m), ``class`` and ``name``,
        whichever there are. Roads without a width are not counted, and told.
    plants
        Trees, shrubs, grass or parcels of road green; vegetation whose ``layer`` is ``roof``
        does not count.
    built_up
        Cut roads to it; without it they count whole.
    zones
        Measure each zone; a section belongs to the zones that hold its middle.
    section_m
        The longest section: rows of trees further apart than this leave gaps.
    crs
        Measuring CRS; default: that of `built_up`, else of `plants`, where it may measure.

    Returns
    -------
    Ratio or RatioTable
        Halves in m.

    Raises
    ------
    InputError
        `section_m` is no length.
    ColumnError
        A word of ``layer`` is not known.
    CrsError, GeometryError
        As in `green_coverage`; roads should be lines.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> road = gpd.GeoDataFrame({"width": [20.0]}, crs=6933,
    ...     geometry=gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> trees = gpd.GeoSeries([box(5, 4, 9, 8), box(70, 4, 74, 8)], crs=6933)
    >>> road_greening_rate(road, trees).value
    0.5
    """
    work = _Work(roads, plants, "plants", built_up, zones, crs)
    sections = sections_of(work.roads, without_roofs(work.shapes, "plants"), section_m)
    known = ~np.isnan(work.roads.width_m)
    return work.result(GREENING, sections, sections.greened, known[sections.owner])


def road_green_compliance(
    roads: Layer,
    strips: Layer,
    *,
    edition: str,
    road_land: Layer | None = None,
    built_up: Layer | None = None,
    zones: Layer | None = None,
    crs: Any = None,
) -> Ratio | RatioTable:
    """Measure the length of roads as green as their red-line width asks (道路绿地达标率).

    ``length(roads with area(strips inside the red line) / area(road land) >= asked) /
    length(roads)``, each row of `roads` judged on its own.

    Parameters
    ----------
    roads
        As in `road_greening_rate`; ``landscape`` (yes or no) marks landscape roads.
    strips
        Green inside red lines: parcels of road green.
    edition
        ``"old"``: landscape roads 40 %, wider than 50 m 30 %, 40 to 50 m 25 %, narrower 20 %; or
        ``"2023"``: wider than 45 m 25 %, than 30 m 20 %, than 15 m 15 %. A road of which nothing
        is asked is in neither half.
    road_land
        Polygons with a column ``road`` (a name) and perhaps ``class``; other roads have the land
        within half their width of the centre line.
    built_up, zones, crs
        As in `road_greening_rate`.

    Returns
    -------
    Ratio or RatioTable
        Halves in m.

    Raises
    ------
    InputError
        The edition is not known.
    CrsError, GeometryError
        As in `road_greening_rate`.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> road = gpd.GeoDataFrame({"width": [45.0, 45.1]}, crs=6933, geometry=gpd.GeoSeries.from_wkt(
    ...     ["LINESTRING (0 0, 100 0)", "LINESTRING (0 100, 100 100)"]))
    >>> strips = gpd.GeoSeries([box(0, 0, 100, 9), box(0, 100, 100, 109.1)], crs=6933)
    >>> road_green_compliance(road, strips, edition="2023").value
    0.5
    """
    table = width_table(edition)
    work = _Work(roads, strips, "strips", built_up, zones, crs)
    land, told = lands_of(work.roads, work.polygons(road_land, "road_land"), work.ground)
    status = compliance(work.roads, land, work.shapes.geometry.to_numpy(), table)
    return work.by_status(COMPLIANCE, replace(status, findings=(*told, *status.findings)))


def road_green_belt_share(
    roads: Layer,
    strips: Layer,
    *,
    road_class: str = "main",
    road_land: Layer | None = None,
    built_up: Layer | None = None,
    crs: Any = None,
) -> Ratio:
    """Measure the green belts of one class of roads over their land (主干道绿带面积占道路用地比例).

    ``area(union(strips) ∩ land) / area(land)``: crossings count once.

    Parameters
    ----------
    roads, strips, road_land, built_up, crs
        As in `road_green_compliance`; road land that says this ``class`` belongs to it too.
    road_class
        ``main`` or ``secondary``.

    Returns
    -------
    Ratio
        Halves in m2.

    Raises
    ------
    InputError
        Another class.
    CrsError, GeometryError
        As in `road_greening_rate`.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> road = gpd.GeoDataFrame({"class": ["主干路"], "width": [40.0]}, crs=6933,
    ...     geometry=gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 100 0)"]))
    >>> road_green_belt_share(road, gpd.GeoSeries([box(0, 10, 100, 30)], crs=6933)).value
    0.25
    """
    require_word("road_class", road_class, BELTS)
    work = _Work(roads, strips, "strips", built_up, None, crs)
    drawn = work.polygons(road_land, "road_land")
    land, told = lands_of(work.roads, drawn, work.ground)
    own = land_of_classes(work.roads, land, drawn, (road_class,), work.ground)
    ratio = belt_share(BELTS[road_class], own, work.shapes.geometry.to_numpy(), work.ready.crs)
    return work.told(ratio, *told)


def tree_lined_road_share(
    roads: Layer,
    footways: Layer,
    crowns: Layer,
    *,
    road_classes: Collection[str] | None = SHADED_CLASSES,
    sides: Sides = "both",
    least_canopy: float = LEAST_CANOPY,
    without_footways: str = COUNTED,
    built_up: Layer | None = None,
    zones: Layer | None = None,
    crs: Any = None,
) -> Ratio | RatioTable:
    """Measure the length of roads whose footways and cycle paths lie under trees (林荫路覆盖率).

    ``length(shaded roads) / length(roads that count)`` along centre lines; shaded: 90 % of the
    footway and of the cycle path under the union of crowns.

    Parameters
    ----------
    roads
        As in `road_greening_rate`; ``class`` decides which count.
    footways
        Lines (measured by length) or polygons (by area); ``road`` is the name of the road,
        ``side`` and ``kind`` (footway or cycle path) may be given. Without a name, a footway
        belongs to the road whose red line holds it.
    crowns
        Crowns of trees; with a column ``layer``, the rows that say ``tree``.
    road_classes
        Which classes count: ``expressway``, ``main``, ``secondary``, ``branch``; ``None``: all.
    sides
        ``both``: each side that has a footway has to be shaded; ``mean``: all of them together.
    least_canopy
        From which share on a footway is shaded.
    without_footways
        Roads without any footway drawn: ``counted`` as not shaded, or ``left_out``.
    built_up, zones, crs
        As in `road_greening_rate`.

    Returns
    -------
    Ratio or RatioTable
        Halves in m.

    Raises
    ------
    InputError
        A word or share that is not known.
    ColumnError, CrsError, GeometryError
        As in `road_greening_rate`.

    References
    ----------
    docs/explanation/roads.md

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 100 0)", "LINESTRING (0 8, 100 8)"])
    >>> road = gpd.GeoDataFrame({"class": ["支路"], "width": [20.0]}, geometry=lines[:1], crs=6933)
    >>> crowns = gpd.GeoSeries([box(0, 5, 60, 11), box(50, 5, 90, 11)], crs=6933)
    >>> tree_lined_road_share(road, lines[1:].set_crs(6933), crowns).value
    1.0
    """
    require_word("sides", sides, ("both", "mean"))
    require_word("without_footways", without_footways, (COUNTED, LEFT_OUT))
    for each in road_classes or ():
        require_word("road_classes", each, read_road_classes().names)
    if not 0 < least_canopy <= 1:
        raise refusal_of("least_canopy", least_canopy, "0 < least_canopy <= 1")
    work = _Work(roads, crowns, "crowns", built_up, zones, crs)
    status = tree_lined(
        work.ready,
        work.roads,
        footways,
        trees_of(work.shapes, "crowns"),
        ground=work.ground,
        road_classes=road_classes,
        sides=sides,
        least_canopy=least_canopy,
        without_footways=without_footways,
    )
    return work.by_status(TREE_LINED, status)


class _Work:
    """Roads and polygons of a caller in one measuring CRS, and the way back to his zones."""

    def __init__(
        self,
        roads: Layer,
        shapes: Layer,
        name: str,
        built_up: Layer | None,
        zones: Layer | None,
        crs: Any,
    ) -> None:
        base = next(
            (
                (each, of)
                for each, of in ((built_up, "built_up"), (zones, "zones"))
                if each is not None
            ),
            (shapes, name),
        )
        self.ready = Ready(None if crs is None else parse_crs(crs), *base)
        self.ground = None if built_up is None else self.ready.dissolved(built_up, "built_up")
        self.shapes = self.ready.layer(shapes, name, overlaps=False)
        lines = self.ready.lines(roads, "roads")
        self.roads = city_roads(lines, read_road_classes(), self.ground)
        self.places = None if zones is None else self.ready.zones(zones)
        self._zones = zones

    def polygons(self, layer: Layer | None, name: str) -> gpd.GeoDataFrame | None:
        return None if layer is None else self.ready.layer(layer, name, overlaps=False)

    def _noted(self) -> tuple[Finding, ...]:
        return (*self.roads.findings, *length_findings(self.ready.crs, self.roads.frame))

    def told(self, ratio: Ratio, *findings: Finding) -> Ratio:
        warn_of_changes(self.ready.findings)
        noted = (*self.ready.findings, *self._noted(), *findings)
        return ratio.with_sources(*self.ready.sources).with_findings(*noted)

    def by_status(self, indicator: str, status: Status) -> Ratio | RatioTable:
        sections = sections_of(self.roads)
        of = sections.owner
        return self.result(
            indicator, sections, status.meets[of], status.counts[of], status.findings
        )

    def result(
        self,
        indicator: str,
        sections: Sections,
        meets: NDArray[np.bool_],
        counts: NDArray[np.bool_],
        findings: tuple[Finding, ...] = (),
    ) -> Ratio | RatioTable:
        if self.places is None or self._zones is None:
            ratio = length_share(indicator, sections, meets, counts, self.ready.crs)
            return self.told(ratio, *findings)
        warn_of_changes(self.ready.findings)
        table = length_share_by_zone(indicator, sections, meets, counts, self.places)
        noted = (*self.ready.findings, *self._noted(), *findings)
        return table.on(self._zones, sources=self.ready.sources, findings=noted)
