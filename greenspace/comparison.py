"""Comparison: two images of one city, and what became of its green in between.

Question   How much green did each zone gain and lose, where, and how sure is that?
Enters     Two images, zones in any CRS, reference points of change.
Leaves     A ChangeTable, one row a zone of the caller's.
Elsewhere  Opening images: imagery. Comparing pixels: prepare/two_dates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.change_remarks import (
    date_findings,
    edge_findings,
    grid_findings,
    of_date,
    rule_findings,
    sight_findings,
)
from greenspace.corrected_change import comparison_of
from greenspace.errors import GeometryError, InputError
from greenspace.imagery import vegetation
from greenspace.measure.change import Design, change_by_zone, change_estimate
from greenspace.measure.sampling import draw_sample
from greenspace.model.change import (
    ESTIMATED,
    KINDS,
    NO_CHANGE_REFERENCE,
    ZONES_OVERLAP,
    ChangeTable,
)
from greenspace.model.city import ImageSpec
from greenspace.model.crs import parse_crs
from greenspace.model.grid import UNSEEN
from greenspace.model.layers import overlap_area_m2
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.change_points import change_points
from greenspace.prepare.picture import reduced_kept
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.strata import STRATUM, drawn_by_classes, strata_drawn
from greenspace.prepare.two_dates import ON_EDGE, STRADDLING, UNSEEN_STRADDLING, TwoDates
from greenspace.prepare.vectorise import patches_of
from greenspace.read.block_cache import few_blocks_kept
from greenspace.reference_remarks import strata_findings
from greenspace.tally import as_raster, zones_on_raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.corrected_change import Comparison
    from greenspace.model.check import Picture
    from greenspace.model.estimate import AreaEstimate, ZoneEstimate
    from greenspace.model.grid import GreenRaster
    from greenspace.prepare.repair import Layer

DRAWN = {KINDS.index(kind) + more: kind for kind in ESTIMATED for more in (0, STRADDLING, ON_EDGE)}
SAMPLED = {code + more: kind for code, kind in enumerate(KINDS) for more in (0, STRADDLING)} | DRAWN


def green_change(
    before: Any,
    after: Any,
    zones: Layer,
    *,
    crs: Any = None,
    reference: Layer | None = None,
) -> ChangeTable:
    """Measure what green each zone gained, lost and kept between two images.

    Only ground that both images see is compared. The pixels of the finer image are kept, each
    with the class that the other image has at its centre. Where the grids nest, the areas are
    exact; where they do not, ``straddling_m2`` bounds what the unlike grids can do.

    Parameters
    ----------
    before, after
        What `gs.vegetation` or `gs.corrected` returned, an image of ``city.images``, or a raster
        of 0 and 1; in any CRS and on any grid. Corrections hold with their exact edges.
    zones
        Polygons in any CRS.
    crs
        Measuring CRS; default: that of the finer image where it may measure areas.
    reference
        Points with columns ``before`` and ``after`` (green or not green), or one column
        ``reference`` (gained, lost, kept, not_green): a random sample of the ground seen in all
        zones, such as `ChangeTable.draw_points` draws. Other strata than the mapped kinds need
        ``stratum`` and ``stratum_area_m2``.

    Returns
    -------
    ChangeTable
        One row a zone in the caller's order, in m2; ``polygons(smallest_m2=)`` draws what was
        gained and lost; with `reference`, ``estimate`` has the areas free of the map's errors.

    Raises
    ------
    RasterError
        The images show no common ground, one has no CRS, or holds shares between 0 and 1; or
        they are in two CRS and reach across longitude 180.
    InputError
        The earlier image is the later one, or an input is a layer of polygons.
    ColumnError, GeometryError, CrsError
        Zones or reference points are not as described.

    References
    ----------
    docs/how_to/change.md

    Examples
    --------
    >>> green_change("before.tif", "after.tif", gpd.GeoSeries(crs=4547))
    Traceback (most recent call last):
    greenspace.errors.RasterError: It cannot be opened as an image: ...
    """
    asked = None if crs is None else parse_crs(crs)
    dates = TwoDates(green_of(before, "before"), green_of(after, "after"))
    on_raster = zones_on_raster(dates, zones)
    ready = Ready(asked, on_raster, "zones")
    ground = ready.zones(zones)
    compared = comparison_of(dates, ground, on_raster, asked)
    with few_blocks_kept(dates.grid):
        areas = _areas(compared, ground, on_raster)
        judged = None if reference is None else _judged(compared, reference, on_raster, areas)
    findings = (
        *ready.findings,
        *of_date("before", dates.before.findings()),
        *of_date("after", dates.after.findings()),
        *compared.before.findings,
        *compared.after.findings,
        *rule_findings(dates),
        *date_findings(before, after, dates),
        *grid_findings(dates, areas.whole),
        *edge_findings(areas.whole),
        *sight_findings(areas.whole),
        *(() if judged is None else judged.findings),
    )
    warn_of_changes(findings)
    return ChangeTable(
        zones=zones.copy(),
        areas=areas.rows,
        crs=ground.crs,
        sources=(
            *_sources(dates),
            *ready.sources,
            *compared.before.sources,
            *compared.after.sources,
        ),
        findings=findings,
        estimate=None if judged is None else judged.whole,
        no_estimate=NO_CHANGE_REFERENCE if judged is None else None,
        by_zone=NO_CHANGE_REFERENCE if judged is None else judged.by_zone,
        draw=lambda smallest: _patches(dates, on_raster.geometry, smallest),
        sample=lambda points, seed: _sample(dates, on_raster.geometry, points, seed),
        look=lambda: _look(dates),
    )


def green_of(image: Any, name: str) -> GreenRaster:
    """Return what says where an image is green, opened where it is not yet.

    Raises
    ------
    InputError
        It is a layer of polygons.
    """
    if isinstance(image, gpd.GeoDataFrame | gpd.GeoSeries):
        raise InputError(
            f"{name} 是面图层；两期变化由影像计算。",
            f"{name} is a layer of polygons; change is told from images.",
            remedy=Text(
                zh="请给出 gs.vegetation 的结果或 0/1 栅格。",
                en="Pass what gs.vegetation returned, or a raster of 0 and 1.",
            ),
            layer=name,
        )
    if isinstance(image, ImageSpec):
        return vegetation(image)
    return as_raster(image)


@dataclass(frozen=True, slots=True)
class _Areas:
    """What became of each zone, and of all their ground once, in the order of `AREAS`."""

    rows: NDArray[np.float64]
    whole: NDArray[np.float64]
    overlap: bool


def _areas(compared: Comparison, ground: gpd.GeoDataFrame, on_raster: gpd.GeoDataFrame) -> _Areas:
    here, there = ground.geometry, on_raster.geometry
    if not overlap_area_m2(here) > 0:
        rows = compared.areas(here, there)
        return _Areas(rows, rows.sum(axis=0), overlap=False)
    here, there = (
        gpd.GeoSeries([*shapes, shapely.union_all(shapes.to_numpy())], crs=shapes.crs)
        for shapes in (here, there)
    )
    rows = compared.areas(here, there)
    return _Areas(rows[:-1], rows[-1], overlap=True)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What reference points say of all zones, of each, and what of them was not used."""

    whole: AreaEstimate
    by_zone: dict[str, tuple[ZoneEstimate, ...]] | Text
    findings: tuple[Finding, ...]


def _judged(
    compared: Comparison,
    reference: Layer,
    zones: gpd.GeoDataFrame,
    areas: _Areas,
) -> _Judged:
    points, findings = change_points(reference, zones.crs)
    codes = compared.codes(points)
    place = _zone_of(points, zones)
    ground = (place >= 0) & (codes != UNSEEN) & (codes != UNSEEN_STRADDLING)
    visited = points["visited"].to_numpy(dtype=bool)
    used = ground & visited
    findings += _unused(points.index[visited & ~ground])
    if not used.any():
        raise _nowhere(int(visited.sum()))
    mapped = codes[used].astype(np.int64) % STRADDLING
    true = points["kind"].to_numpy(dtype=np.int64)[used]
    rows, whole = areas.rows[:, : len(KINDS)], areas.whole[: len(KINDS)]
    design = None
    if not drawn_by_classes(points, used, np.array(KINDS)[mapped]):
        drawn = strata_drawn(points, ground)
        findings += strata_findings(drawn.within_m2(), float(whole.sum()))
        design = Design(points[STRATUM].to_numpy()[used], drawn.areas_m2, drawn.points)
    by_zone: dict[str, tuple[ZoneEstimate, ...]] | Text = ZONES_OVERLAP
    if not areas.overlap:
        by_zone = change_by_zone(place[used], mapped, true, rows, whole, design)
    return _Judged(change_estimate(mapped, true, whole, design), by_zone, findings)


def _zone_of(points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the zone of each point, -1 where it lies in none; on a shared border the first."""
    point, zone = zones.sindex.query(points.geometry, "intersects", sort=True)
    place = np.full(len(points), -1)
    place[point[::-1]] = zone[::-1]
    return place


def _nowhere(count: int) -> GeometryError:
    return GeometryError(
        f"{count} 个核查点都不在两期影像可见的分区内。",
        f"None of the {count} reference points lies in a zone where both images show the ground.",
        remedy=Text(
            zh="请核对核查点的坐标系和位置。", en="Check the CRS and the place of the points."
        ),
        layer="reference",
        found=count,
    )


def _unused(rows: pd.Index) -> tuple[Finding, ...]:
    if not len(rows):
        return ()
    text = Text(
        zh=f"有 {len(rows)} 个核查点不在分区内，或有一期影像看不到，未使用。",
        en=f"{len(rows)} reference points lie in no zone, or are not seen on both dates, and are "
        "not used.",
    )
    finding = Finding(
        code="reference_unused",
        text=text,
        severity="warning",
        layer="reference",
        rows=tuple(rows),
        count=len(rows),
    )
    return (finding,)


def _patches(dates: TwoDates, zones: gpd.GeoSeries, smallest_m2: float) -> gpd.GeoDataFrame:
    with few_blocks_kept(dates.grid):
        patches = patches_of(dates, DRAWN, smallest_m2=smallest_m2, within=zones, crs=zones.crs)
    text = Text(
        zh=f"有 {patches.dropped:,} 个图斑小于 {smallest_m2:g} 平方米，共 {patches.dropped_m2:,.2f} "
        "平方米，未绘出。",
        en=f"{patches.dropped:,} patches are smaller than {smallest_m2:g} m², {patches.dropped_m2:,.2f}"
        " m² in all, and are not drawn.",
    )
    finding = Finding(
        code="below_smallest", text=text, count=patches.dropped, area_m2=patches.dropped_m2
    )
    patches.frame.attrs["findings"] = (finding,) if patches.dropped else ()
    return patches.frame


def _look(dates: TwoDates) -> Picture | None:
    with few_blocks_kept(dates.grid):
        return reduced_kept(dates)


def _sample(
    dates: TwoDates, zones: gpd.GeoSeries, points: Mapping[str, int], seed: int
) -> gpd.GeoDataFrame:
    ground = gpd.GeoSeries([shapely.union_all(zones.to_numpy())], crs=zones.crs)
    with few_blocks_kept(dates.grid):
        drawn = draw_sample(dates, ground, SAMPLED, points, seed=seed)
    return drawn.drop(columns="map").assign(before="", after="")


def _sources(dates: TwoDates) -> Iterator[Any]:
    for name, raster in (("before", dates.before), ("after", dates.after)):
        for source in raster.sources:
            yield replace(source, role=f"{source.role}, {name}")
