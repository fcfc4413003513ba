"""Closed lines: rings that somebody drew as lines, as the ground that they go around.

Question   Which ground does each of these lines enclose, and which does not close?
Enters     A layer of polygons, lines or both, as it was read.
Leaves     Polygons on the same index, and findings; lines that stay open are refused.
Elsewhere  Repairing polygons: prepare/repair. Lines that have a length: prepare/lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from greenspace.errors import GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.lines import LINEAR, repair_lines
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.prepare.repair import Layer

LEAST_CORNERS = 4
GROUND = Geod(ellps="GRS80")


def closed_lines(
    layer: Layer, name: str, *, tolerance_m: float
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer whose lines have become polygons; polygons stay as they are.

    A line whose ends lie within the tolerance of each other is closed, and counted. Of several
    rings in one row those inside another one are its holes.

    Raises
    ------
    GeometryError
        A line does not close, or goes around nothing: names the rows and the widest opening.
    CrsError
        The layer has no CRS.

    Examples
    --------
    >>> ring = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 4 0, 4 4, 0 4, 0 0.2)"], crs=4547)
    >>> ground, findings = closed_lines(ring, "approved", tolerance_m=0.5)
    >>> ground.area.round(2).tolist(), findings[0].code
    ([16.0], 'line_closed')
    >>> closed_lines(ring, "approved", tolerance_m=0.1)
    Traceback (most recent call last):
    greenspace.errors.GeometryError: ...
    """
    frame = as_frame(layer, name)
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    linear = np.flatnonzero(np.isin(kinds, LINEAR))
    if not len(linear):
        return frame, ()
    findings = repair_lines(frame.iloc[linear], name)[1]  # rows without a length, counted
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    some = linear[shapely.length(shapes[linear]) > 0]
    drawn = [_ground(shapes[spot], frame.crs, tolerance_m) for spot in some]
    opening = np.array([width_m for _, width_m in drawn])
    lost = np.array([ground is None for ground, _ in drawn], dtype=bool)
    if lost.any():
        raise _open(frame.index[some[lost]], float(opening[lost].max()), name, tolerance_m)
    shapes[linear] = None
    for spot, (ground, _) in zip(some, drawn, strict=True):
        shapes[spot] = ground
    moved = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    return moved, (*findings, *_told(frame.index[some[opening > 0]], opening, name))


def _ground(shape: Any, crs: CRS, tolerance_m: float) -> tuple[Any, float]:
    """Return the ground that a row of lines goes around, and the widest opening that was closed."""
    lines = shapely.get_parts(shape)
    if len(lines) > 1:
        lines = shapely.get_parts(shapely.line_merge(shape))
    rings, widest = [], 0.0
    for line in lines:
        xy = shapely.get_coordinates(line)
        width_m = _apart(xy[0], xy[-1], crs) if len(xy) else 0.0
        widest = max(widest, width_m)
        if (xy[0] != xy[-1]).any():
            xy = np.vstack((xy, xy[:1]))
        if width_m > tolerance_m or len(xy) < LEAST_CORNERS:
            return None, widest
        rings.append(shapely.Polygon(xy))
    rings.sort(key=lambda ring: -ring.area)
    ground = rings[0]
    for ring in rings[1:]:
        inside = ring.is_valid and ground.is_valid and ground.contains(ring)
        joined = (
            ground.difference(ring)
            if inside
            else shapely.MultiPolygon([*shapely.get_parts(ground), ring])
        )
        ground = joined
    return (ground if shapely.make_valid(ground).area else None), widest


def _apart(start: NDArray[Any], end: NDArray[Any], crs: CRS) -> float:
    if crs.is_geographic:
        return float(GROUND.inv(*start, *end)[2])
    unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    return float(np.hypot(*(end - start))) * unit


def _open(rows: Any, widest: float, name: str, tolerance_m: float) -> GeometryError:
    count = len(rows)
    return GeometryError(
        f"{name} 有 {count} 条线不闭合，开口最大 {widest:.3f} 米，超过容差 {tolerance_m:g} 米。",
        f"{name}: lines that do not close: {count}. The widest opening is {widest:.3f} m, beyond "
        f"the tolerance of {tolerance_m:g} m.",
        remedy=Text(
            zh="绿线必须闭合：请在制图软件中闭合这些线，或确认后放宽 tolerance_m。",
            en="A green line is closed: close these in the drawing, or widen tolerance_m knowingly.",
        ),
        layer=name,
        rows=rows,
        expected="closed lines",
        found=widest,
    )


def _told(rows: Any, opening: NDArray[np.float64], name: str) -> tuple[Finding, ...]:
    if not len(rows):
        return ()
    widest = float(opening.max())
    text = Text(
        zh=f"闭合了 {len(rows)} 条首尾未接的线，开口最大 {widest:.3f} 米。",
        en=f"Lines closed whose ends did not meet: {len(rows)}; the widest opening was {widest:.3f} m.",
    )
    finding = Finding(
        code="line_closed",
        text=text,
        severity="warning",
        layer=name,
        rows=tuple(rows),
        count=len(rows),
    )
    return (finding,)
