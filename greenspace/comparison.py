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

from greenspace import remarks
from greenspace.errors import InputError
from greenspace.imagery import vegetation
from greenspace.measure.change import change_areas, change_by_zone, change_estimate, codes_at
from greenspace.model.change import (
    AREAS,
    ESTIMATED,
    KINDS,
    NO_CHANGE_REFERENCE,
    ZONES_OVERLAP,
    ChangeTable,
)
from greenspace.model.city import ImageSpec
from greenspace.model.crs import parse_crs
from greenspace.model.grid import UNSEEN
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.change_points import points_on, reference_kinds
from greenspace.prepare.datum import datum_findings
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.two_dates import ON_EDGE, STRADDLING, UNSEEN_STRADDLING, TwoDates
from greenspace.prepare.vectorise import patches_of
from greenspace.tally import as_raster, zones_on_raster

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.model.estimate import AreaEstimate, ZoneEstimate
    from greenspace.model.grid import GreenRaster
    from greenspace.prepare.repair import Layer

DRAWN = {KINDS.index(kind) + more: kind for kind in ESTIMATED for more in (0, STRADDLING, ON_EDGE)}
MONTHS_APART = 1
YEAR = 12
MOSTLY = 0.5


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
        What `gs.vegetation` returned, an image of ``city.images``, or a raster of 0 and 1; in
        any CRS and on any grid.
    zones
        Polygons in any CRS.
    crs
        Measuring CRS; default: that of the finer image where it may measure areas.
    reference
        Points with columns ``before`` and ``after`` (green or not green), or one column
        ``reference`` (gained, lost, kept, not_green): a random sample of the ground seen in all
        zones, stratified by mapped change or not.

    Returns
    -------
    ChangeTable
        One row a zone in the caller's order, in m2; ``polygons(smallest_m2=)`` draws what was
        gained and lost; with `reference`, ``estimate`` has the areas free of the map's errors.

    Raises
    ------
    RasterError
        The images show no common ground, one has no CRS, or holds shares between 0 and 1.
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
    dates = TwoDates(_green_of(before, "before"), _green_of(after, "after"))
    on_raster = zones_on_raster(dates, zones)
    ready = Ready(asked, on_raster, "zones")
    ground = ready.zones(zones)
    rows, whole = _areas(dates, ground, on_raster, together=reference is not None)
    judged = None
    if reference is not None and whole is not None:
        judged = _judged(dates, reference, on_raster, rows[:, : len(KINDS)], whole[: len(KINDS)])
    findings = (
        *ready.findings,
        *dates.findings(),
        *_of_dates(before, after, dates),
        *_of_grids(dates, rows),
        *_of_edges(rows),
        *_of_sight(rows),
        *(() if judged is None else judged.findings),
    )
    warn_of_changes(findings)
    return ChangeTable(
        zones=zones.copy(),
        areas=rows,
        crs=ground.crs,
        sources=(*_sources(dates), *ready.sources),
        findings=findings,
        estimate=None if judged is None else judged.whole,
        no_estimate=NO_CHANGE_REFERENCE if judged is None else None,
        by_zone=NO_CHANGE_REFERENCE if judged is None else judged.by_zone,
        draw=lambda smallest: _patches(dates, on_raster.geometry, smallest),
    )


def _green_of(image: Any, name: str) -> GreenRaster:
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


def _areas(
    dates: TwoDates, ground: gpd.GeoDataFrame, on_raster: gpd.GeoDataFrame, *, together: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the areas of each zone, and of all their ground once where that is asked for."""
    here, there = ground.geometry, on_raster.geometry
    if not together:
        return change_areas(dates, here, there), None
    here, there = (
        gpd.GeoSeries([*shapes, shapely.union_all(shapes.to_numpy())], crs=shapes.crs)
        for shapes in (here, there)
    )
    rows = change_areas(dates, here, there)
    return rows[:-1], rows[-1]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What reference points say of all zones, of each, and what of them was not used."""

    whole: AreaEstimate
    by_zone: dict[str, tuple[ZoneEstimate, ...]] | Text
    findings: tuple[Finding, ...]


def _judged(
    dates: TwoDates,
    reference: Layer,
    zones: gpd.GeoDataFrame,
    rows: NDArray[np.float64],
    whole: NDArray[np.float64],
) -> _Judged:
    points = points_on(reference, zones.crs)
    kinds = reference_kinds(points)
    codes = codes_at(dates, points.geometry.x.to_numpy(), points.geometry.y.to_numpy())
    point, zone = zones.sindex.query(points.geometry, "intersects")
    place = np.full(len(points), -1)
    place[point] = zone
    used = (place >= 0) & (codes != UNSEEN) & (codes != UNSEEN_STRADDLING)
    mapped, true = codes[used].astype(np.int64) % STRADDLING, kinds[used]
    by_zone: dict[str, tuple[ZoneEstimate, ...]] | Text = ZONES_OVERLAP
    if len(np.unique(point)) == len(point):
        by_zone = change_by_zone(place[used], mapped, true, rows, whole)
    return _Judged(change_estimate(mapped, true, whole), by_zone, _unused(points.index[~used]))


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
    patches = patches_of(dates, DRAWN, smallest_m2=smallest_m2, within=zones, crs=zones.crs)
    text = Text(
        zh=f"有 {patches.dropped} 个图斑小于 {smallest_m2:g} 平方米，共 {patches.dropped_m2:.2f} "
        "平方米，未绘出。",
        en=f"{patches.dropped} patches are smaller than {smallest_m2:g} m², {patches.dropped_m2:.2f}"
        " m² in all, and are not drawn.",
    )
    finding = Finding(
        code="below_smallest", text=text, count=patches.dropped, area_m2=patches.dropped_m2
    )
    patches.frame.attrs["findings"] = (finding,) if patches.dropped else ()
    return patches.frame


def _sources(dates: TwoDates) -> Iterator[Any]:
    for name, raster in (("before", dates.before), ("after", dates.after)):
        for source in raster.sources:
            yield replace(source, role=f"{source.role}, {name}")


def _of_dates(before: Any, after: Any, dates: TwoDates) -> tuple[Finding, ...]:
    """Return what the dates of images of a city say; refuse those in the wrong order."""
    given = ((before, dates.before), (after, dates.after))
    dated = [(image.date, raster.grid) for image, raster in given if isinstance(image, ImageSpec)]
    found = [item for day, grid in dated for item in remarks.image_findings(day, grid)]
    days = [day for day, _ in dated]
    if len(days) < len(given) or days[0] is None or days[1] is None:
        return tuple(found)
    if days[0] > days[1]:
        raise InputError(
            f"前期影像（{days[0]}）晚于后期影像（{days[1]}）。",
            f"The image before ({days[0]}) is later than the one after ({days[1]}).",
            remedy=Text(zh="请对调两期影像。", en="Swap the two images."),
            expected=f"before {days[1]}",
            found=str(days[0]),
        )
    apart = abs(days[0].month - days[1].month)
    if min(apart, YEAR - apart) > MONTHS_APART:
        text = Text(
            zh=f"两期影像摄于 {days[0]} 和 {days[1]}，月份相差一个月以上：变化中混有季节差异。",
            en=f"The images are of {days[0]} and {days[1]}, more than a month of the year apart: "
            "the change is mixed with that of the season.",
        )
        found.append(Finding(code="other_season", text=text, severity="warning", layer="image"))
    return tuple(found)


def _of_grids(dates: TwoDates, rows: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return how unlike grids were compared, and how much that leaves open."""
    if dates.nested:
        return ()
    coarse = dates.coarse.grid
    moved: tuple[Finding, ...] = ()
    if coarse.crs is not None and dates.grid.crs is not None:
        outline = gpd.GeoDataFrame(geometry=[shapely.box(*coarse.bounds)], crs=coarse.crs)
        moved = datum_findings(outline, dates.grid.crs, "image")
    areas = dict(zip(AREAS, rows.sum(axis=0), strict=True))
    seen = sum(areas[kind] for kind in KINDS)
    straddling = float(areas["straddling"])
    share = straddling / seen if seen else 0.0
    which = Text("后期", "later") if dates.after_is_finer else Text("前期", "earlier")
    text = Text(
        zh=f"两期像元不套合：保留{which.zh}影像的像元，另一期取其中心处的类别。跨越类别边界的像元共 "
        f"{straddling:.0f} 平方米（两期都看到的 {share:.1%}），各项面积因此至多差这么多。",
        en=f"The pixels of the two dates do not nest: those of the {which.en} image are kept, with "
        f"the other's class at their centres. {straddling:.0f} m² ({share:.1%} of what both see) "
        "are pixels across an edge of its classes, and no area is off by more than that.",
    )
    finding = Finding(
        code="unlike_grids", text=text, severity="warning", layer="image", area_m2=straddling
    )
    return (*moved, finding)


def _of_edges(rows: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return how much of the change a shift between the images may have made."""
    areas = dict(zip(AREAS, rows.sum(axis=0), strict=True))
    changed, on_edge = areas["gained"] + areas["lost"], float(areas["edge_change"])
    if not on_edge:
        return ()
    share = on_edge / changed
    text = Text(
        zh=f"变化的 {changed:.0f} 平方米中有 {share:.1%} 距较粗影像的绿与非绿边界不到一个像元："
        "两期影像错位一个像元就会造成这样的变化。",
        en=f"{share:.1%} of the {changed:.0f} m² that changed lies within one pixel of an edge of "
        "green in the coarser image, where a shift of one image by a pixel makes change, too.",
    )
    finding = Finding(
        code="change_on_edges",
        text=text,
        severity="warning" if share > MOSTLY else "note",
        layer="image",
        area_m2=on_edge,
    )
    return (finding,)


def _of_sight(rows: NDArray[np.float64]) -> tuple[Finding, ...]:
    areas = dict(zip(AREAS, rows.sum(axis=0), strict=True))
    unseen = float(areas["unseen"])
    if not unseen:
        return ()
    share = unseen / (sum(areas[kind] for kind in KINDS) + unseen)
    text = Text(
        zh=f"各区有 {share:.2%} 至少在一期影像上看不到，未作比较。",
        en=f"{share:.2%} of the zones is unseen on one date at least, and is not compared.",
    )
    finding = Finding(code="unseen", text=text, severity="warning", layer="image", area_m2=unseen)
    return (finding,)
