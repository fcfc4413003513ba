"""Tally: what share of each zone is green, from a raster and what is laid over it.

Question   How green does this raster make each zone, in the plane that may measure?
Enters     A GreenRaster; zones in any CRS.
Leaves     A RatioTable, one row a zone of the caller's.
Elsewhere  Opening images: imagery. Public names: api. Summing pixels: measure/zonal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import RasterError
from greenspace.measure.coverage import raster_coverage
from greenspace.model.crs import degrees_of, is_local, why_not_measuring
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.datum import datum_findings
from greenspace.prepare.project import to_crs
from greenspace.prepare.ready import Ready
from greenspace.prepare.repair import repair_polygons

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from greenspace.model.crs import Bounds
    from greenspace.model.grid import GreenRaster
    from greenspace.model.quantity import RatioTable
    from greenspace.prepare.repair import Layer


def coverage_of_zones(raster: GreenRaster, zones: Layer, asked: CRS | None) -> RatioTable:
    """Measure green coverage of zones from pixels, one row a zone of the caller's.

    Areas are those of the image's CRS where it may measure (or `asked`); otherwise the shares
    of pixels times the area of each zone in the substitute.
    """
    frame, _ = repair_polygons(zones, "zones", keep_rows=True)
    plane = _plane_of(raster, frame)
    on_raster = to_crs(frame, plane, "zones")
    ready = Ready(asked, on_raster, "zones")
    ground = ready.zones(zones)
    table = raster_coverage(raster, ground, on_raster)
    shifted = datum_findings(frame, plane, "zones")
    apart = _elsewhere(raster, on_raster)
    findings = (*dict.fromkeys((*shifted, *ready.findings)), *raster.findings(), *apart)
    return table.on(zones, sources=ready.sources, findings=findings)


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


def _plane_of(raster: GreenRaster, frame: gpd.GeoDataFrame) -> CRS:
    plane: CRS = frame.crs
    grid_crs = raster.grid.crs
    if is_local(plane) and (grid_crs is None or is_local(grid_crs)):
        _require_metres(raster, grid_crs)
        return plane
    if grid_crs is not None:
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


def _require_metres(raster: GreenRaster, grid_crs: CRS | None) -> None:
    why = None if grid_crs is None else why_not_measuring(grid_crs, None)
    if why is not None:
        raise RasterError(
            f"影像的地方坐标网格不能量算：{why.zh}。",
            f"The image's own grid cannot measure: {why.en}.",
            remedy=Text(zh="请换算成米后再用。", en="Convert it to metres."),
            file=raster.sources[0].name,
            expected="metre",
        )
