"""Tally: what share of each zone is green, from a raster and what is laid over it.

Question   How green does this raster make each zone, in the plane that may measure?
Enters     A GreenRaster; zones in any CRS.
Leaves     A RatioTable, one row a zone of the caller's.
Elsewhere  Opening images: imagery. Public names: api. Summing pixels: measure/zonal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import InputError, RasterError
from greenspace.imagery import green_shares
from greenspace.measure.areas import DUST
from greenspace.measure.coverage import land_coverage, raster_coverage, raster_land
from greenspace.measure.patches import GREEN, SEEN, UNSEEN, Patches, lay
from greenspace.measure.zonal import share_of_zones
from greenspace.model.crs import degrees_of, is_local, why_not_measuring
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.corrections import (
    Corrected,
    Overlay,
    canopy_overlay,
    corrections_overlay,
    require_agreement,
)
from greenspace.prepare.datum import datum_findings
from greenspace.prepare.land_cover import LandCover
from greenspace.prepare.project import to_crs
from greenspace.prepare.ready import Ready
from greenspace.prepare.repair import repair_polygons
from greenspace.prepare.vegetation import GreenShares, Vegetation
from greenspace.read.block_cache import few_blocks_kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.measure.coverage import Progress, Share
    from greenspace.measure.patches import Land
    from greenspace.model.crs import Bounds
    from greenspace.model.grid import ClassRaster, GreenRaster
    from greenspace.model.quantity import RatioTable
    from greenspace.prepare.repair import Layer

    Placed = GreenRaster | ClassRaster


def corrected(
    vegetation: Any, *, corrections: Layer | None = None, canopy: Any = None
) -> Corrected:
    """Lay interpreted polygons over what an image shows; nothing is read until it is measured.

    The polygons hold with their exact edges, whatever the pixels: what an interpreter saw is
    seen, also where the image shows nothing. Ground under several polygons counts once.

    Parameters
    ----------
    vegetation
        What `gs.vegetation` returned, a raster of 0/1 or shares, or a Corrected to build on.
    corrections
        Polygons with a column ``action``: ``add`` (增, 加) makes ground green, ``remove``
        (删, 减) makes it bare. They lie over image and canopy.
    canopy
        Polygons of vegetation beside the image, such as crowns and planted roofs: one layer, or
        a list of them.

    Returns
    -------
    Corrected
        To be handed to `green_coverage`, which counts in its findings what the polygons changed.

    Raises
    ------
    ColumnError
        The corrections have no column ``action``, or one says neither add nor remove.
    GeometryError
        A layer holds no polygons; or, when measured, corrections add and remove the same ground.
    InputError
        There is nothing to lay over, or polygons in place of the map.

    References
    ----------
    docs/explanation/what_counts_as_green.md

    Examples
    --------
    >>> from shapely import box
    >>> crown = gpd.GeoDataFrame({"action": ["add"]}, geometry=[box(0, 0, 2, 2)], crs=4547)
    >>> corrected("missing.tif", corrections=crown)
    Traceback (most recent call last):
    greenspace.errors.RasterError: It cannot be opened as an image: ...
    """
    canopies = canopy if isinstance(canopy, list | tuple) else [] if canopy is None else [canopy]
    overlays = [canopy_overlay(layer) for layer in canopies]
    if corrections is not None:
        overlays.append(corrections_overlay(corrections))
    if not overlays:
        raise InputError(
            "没有给出任何修正或树冠图层。",
            "Neither corrections nor canopy are given.",
            remedy=Text(zh="请至少给出其一。", en="Pass one of them."),
        )
    if isinstance(vegetation, gpd.GeoDataFrame | gpd.GeoSeries):
        raise InputError(
            "先给出的应是地图（gs.vegetation 的结果或 0/1 栅格），而不是图斑。",
            "What comes first is a map (what gs.vegetation returned, or a raster of 0/1), not polygons.",
            remedy=Text(
                zh="图斑请作为 canopy 或 corrections 传入。",
                en="Pass polygons as canopy or corrections.",
            ),
            expected="a map of vegetation",
            found=type(vegetation).__name__,
        )
    if isinstance(vegetation, Corrected):
        return Corrected(vegetation.raster, (*vegetation.overlays, *overlays))
    return Corrected(as_raster(vegetation), tuple(overlays))


def as_raster(vegetation: Any) -> GreenRaster:
    """Return a raster that says what is green; one of 0/1 or shares is opened."""
    known = isinstance(vegetation, Vegetation | LandCover | GreenShares | Corrected)
    return vegetation if known else green_shares(vegetation)


def coverage_of_zones(
    raster: GreenRaster, zones: Layer, asked: CRS | None, *, progress: Progress | None = None
) -> RatioTable:
    """Measure green coverage of zones from pixels, one row a zone of the caller's.

    Areas are those of the image's CRS where it may measure (or `asked`); otherwise the shares
    of pixels times the area of each zone in the substitute. `progress` is told how many windows
    are read, and of how many.
    """
    return coverage_by_layer(raster, zones, asked, progress=progress)[-1]


def coverage_by_layer(
    raster: GreenRaster,
    zones: Layer,
    asked: CRS | None,
    *,
    progress: Progress | None = None,
    share: Share = share_of_zones,
) -> tuple[RatioTable, ...]:
    """Measure green coverage as `coverage_of_zones`: the raster alone, then with each overlay.

    All are measured in one reading of the raster, and come with the same findings. `share`
    is called once; it may know already what the reading gives.
    """
    frame, on_raster = _on_raster(raster, zones)
    plane = on_raster.crs
    ready = Ready(asked, on_raster, "zones")
    ground = ready.zones(zones)
    with few_blocks_kept(raster.grid):
        if isinstance(raster, Corrected):
            laid = laid_over(raster, ready)
            tables, changed = with_overlays(
                raster, laid, ground, plane, progress=progress, share=share
            )
        else:
            table = raster_coverage(raster, ground, on_raster, progress=progress, share=share)
            tables, changed = (table,), ()
    shifted = datum_findings(frame, plane, "zones")
    apart = _elsewhere(raster, on_raster)
    noticed = dict.fromkeys((*shifted, *ready.findings))
    findings = (*noticed, *raster.findings(), *apart, *changed)
    return tuple(table.on(zones, sources=ready.sources, findings=findings) for table in tables)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """The layers of a Corrected in the measuring CRS, the lowest first."""

    frames: tuple[gpd.GeoDataFrame, ...]
    patches: tuple[Patches, ...]


def laid_over(corrected: Corrected, ready: Ready) -> Laid:
    """Return the layers over an image, ready to be measured.

    Raises
    ------
    GeometryError
        Corrections add and remove the same ground.
    """
    frames = [ready.layer(o.frame, o.name, overlaps=False) for o in corrected.overlays]
    patches = []
    for overlay, frame in zip(corrected.overlays, frames, strict=True):
        require_agreement(frame, overlay.name)
        shapes, adds = frame.geometry.to_numpy(), frame["adds"].to_numpy()
        patches.append(Patches(shapes[adds], shapes[~adds]))
    return Laid(tuple(frames), tuple(patches))


def with_overlays(
    corrected: Corrected,
    laid: Laid,
    ground: gpd.GeoDataFrame,
    plane: CRS,
    *,
    progress: Progress | None = None,
    share: Share = share_of_zones,
) -> tuple[tuple[RatioTable, ...], tuple[Finding, ...]]:
    """Return one table for the raster alone, one with each overlay, and what those changed.

    What an overlay changes is counted on the ground of all zones together, once where zones
    overlap.
    """
    frames, layers = laid.frames, laid.patches

    def surface(shapes: NDArray[Any]) -> NDArray[np.float64]:
        there = to_crs(gpd.GeoDataFrame(geometry=shapes, crs=ground.crs), plane, "zones")
        return raster_land(corrected.raster, shapes, there.geometry, progress=progress, share=share)

    zones = ground.geometry.to_numpy()
    place, count = _together(zones, layers), len(zones)
    listed = [
        clip_polygons(frame, place, keep_rows=True) if overlay.listed else frame[:0]
        for overlay, frame in zip(corrected.overlays, frames, strict=True)
    ]
    rows = [frame.geometry.to_numpy() for frame in listed]
    steps = lay(surface, layers, np.concatenate((zones, np.array([place]), *rows)))
    lands = (steps[0].before, *(step.after for step in steps))
    tables = tuple(land_coverage(land[:, :count], ground, corrected.sources) for land in lands)
    findings: list[Finding] = []
    first = np.cumsum([count + 1, *map(len, rows)])
    for i, (overlay, step) in enumerate(zip(corrected.overlays, steps, strict=True)):
        land = step.before[:, first[i] : first[i + 1]]
        findings += _added(overlay, frames[i], step.under_green[:, count])
        findings += _removed(overlay, frames[i], step.under_bare[:, count])
        findings += _idle(overlay, listed[i], land)
    return tables, tuple(findings)


def _together(zones: NDArray[Any], layers: Sequence[Patches]) -> Any:
    """Return the union of the zones that some patch touches."""
    patches = np.concatenate([part for layer in layers for part in (layer.green, layer.bare)])
    near, _ = shapely.STRtree(patches).query(zones, predicate="intersects")
    return shapely.union_all(zones[np.unique(near)])


def zones_on_raster(raster: Placed, zones: Layer) -> gpd.GeoDataFrame:
    """Return zones in the CRS of a raster, row for row, as its pixels are summed over them."""
    return _on_raster(raster, zones)[1]


def _on_raster(raster: Placed, zones: Layer) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    frame, _ = repair_polygons(zones, "zones", keep_rows=True)
    return frame, to_crs(frame, plane_of(raster, frame), "zones")


def _elsewhere(raster: GreenRaster, zones: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return a warning where the image shows nothing of any zone; both are in one plane."""
    west, south, east, north = raster.grid.bounds
    ground: Bounds = tuple(map(float, zones.total_bounds))  # type: ignore[assignment]
    meet = ground[0] <= east and ground[2] >= west and ground[1] <= north and ground[3] >= south
    if meet or not np.isfinite(ground).all():
        return ()
    unit = Text(zh="地方坐标，米", en="metres of the city's own grid")
    image = raster.grid.bounds
    if not is_local(zones.crs):
        ground, image = degrees_of(ground, zones.crs), degrees_of(image, zones.crs)
        unit = Text(zh="经纬度", en="degrees")
    here, there = (", ".join(f"{value:.4f}" for value in box) for box in (ground, image))
    text = Text(
        zh=f"影像与所有分区都不重叠：分区 [{here}]，影像 [{there}]（{unit.zh}）。请核对坐标系。",
        en=f"The image shows no part of any zone: zones [{here}], image [{there}] in {unit.en}."
        " Check the CRS of both.",
    )
    return (Finding(code="image_elsewhere", text=text, severity="warning", count=len(zones)),)


def plane_of(raster: Placed, frame: gpd.GeoDataFrame) -> CRS:
    """Return the plane in which a raster and a layer are brought together: the raster's.

    Raises
    ------
    RasterError
        The raster has no CRS, one of the city's own that is not in metres, or one in degrees
        along which its rows do not run.
    """
    plane: CRS = frame.crs
    grid_crs = raster.grid.crs
    if is_local(plane) and (grid_crs is None or is_local(grid_crs)):
        _require_metres(raster, grid_crs)
        return plane
    if grid_crs is not None:
        _require_parallels(raster, grid_crs)
        return grid_crs
    raise RasterError(
        "影像没有坐标系。",
        "The image has no CRS.",
        remedy=Text(
            zh='请先写入坐标系，或指定 crs="EPSG:…"。',
            en='Write one into it, or pass crs="EPSG:…".',
        ),
        file=raster.sources[0].name,
    )


def _require_parallels(raster: Placed, grid_crs: CRS) -> None:
    """Refuse a turned grid in degrees: how much ground a pixel is differs along its rows."""
    transform = raster.grid.transform
    if grid_crs.is_geographic and (transform.b or transform.d):
        raise RasterError(
            "影像为经纬度坐标，但其行不沿纬线（影像旋转或行列对调），像元面积沿行变化，不能量算。",
            "The image is in degrees and its rows do not run along parallels (it is turned), so "
            "the ground of a pixel differs along a row.",
            remedy=Text(
                zh="请先用 gdalwarp 转为正北朝上，或投影到米制坐标系。",
                en="Warp it north up, or into a projected CRS, with gdalwarp.",
            ),
            file=raster.sources[0].name,
            expected="rows along parallels",
            found=tuple(transform)[:6],
        )


def _require_metres(raster: Placed, grid_crs: CRS | None) -> None:
    why = None if grid_crs is None else why_not_measuring(grid_crs, None)
    if why is not None:
        raise RasterError(
            f"影像的地方坐标网格不能量算：{why.zh}。",
            f"The image's own grid cannot measure: {why.en}.",
            remedy=Text(zh="请换算成米后再用。", en="Convert it to metres."),
            file=raster.sources[0].name,
            expected="metre",
        )


def _added(overlay: Overlay, frame: gpd.GeoDataFrame, under: Land) -> tuple[Finding, ...]:
    """Return what became green: ground that was not, and ground that nobody had seen."""
    rows = frame.index[frame["adds"]]
    area, unseen = float(under[SEEN] - under[GREEN] + under[UNSEEN]), float(under[UNSEEN])
    text = Text(
        zh=f"{len(rows)} 个图斑计为绿：其中 {area:.2f} 平方米原先不是绿（含影像上看不到的 "
        f"{unseen:.2f} 平方米，现算作看得到）。",
        en=f"Polygons that count as green: {len(rows)}. {area:.2f} m² of them did not before, "
        f"{unseen:.2f} m² of that unseen by the image and seen now.",
    )
    return _changed("green_added", text, overlay, tuple(rows), area)


def _removed(overlay: Overlay, frame: gpd.GeoDataFrame, under: Land) -> tuple[Finding, ...]:
    """Return what became bare: ground that was green, and ground that nobody had seen."""
    rows = frame.index[~frame["adds"]]
    area, unseen = float(under[GREEN]), float(under[UNSEEN])
    text = Text(
        zh=f"{len(rows)} 个图斑计为非绿：其中 {area:.2f} 平方米原先是绿；另有 {unseen:.2f} "
        "平方米影像上看不到，现算作看得到。",
        en=f"Polygons that count as not green: {len(rows)}. {area:.2f} m² of them were green before, "
        f"and {unseen:.2f} m² unseen by the image are seen now.",
    )
    return _changed("green_removed", text, overlay, tuple(rows), area)


def _idle(overlay: Overlay, frame: gpd.GeoDataFrame, land: Land) -> tuple[Finding, ...]:
    """Return the rows that change nothing: so it was already, or they lie in no zone."""
    was = np.where(frame["adds"], land[SEEN] - land[GREEN], land[GREEN]) + land[UNSEEN]
    rows = frame.index[was <= DUST * shapely.area(frame.geometry.to_numpy())]
    text = Text(
        zh=f"{len(rows)} 个图斑没有改变任何结果：原先就是如此，或不在所量范围内。",
        en="Polygons that change nothing, because it was so before or they lie in no zone: "
        f"{len(rows)}.",
    )
    return _changed("changes_nothing", text, overlay, tuple(rows), 0.0)


def _changed(
    code: str, text: Text, overlay: Overlay, rows: tuple[object, ...], area: float
) -> tuple[Finding, ...]:
    if not rows:
        return ()
    finding = Finding(
        code=code,
        text=text,
        layer=overlay.name,
        rows=rows if overlay.listed else (),
        count=len(rows),
        area_m2=area,
        indicators=("green_coverage",),
    )
    return (finding,)
