"""Losses: what of a layer's geometry cannot come along, each counted.

Question   Which shapes could not be built, which had heights or arcs?
Enters     A layer as it was read, and what its file had in those places.
Leaves     A flat layer of straight lines, and findings with their number.
Elsewhere  Reading: read/ogr, read/csv_table, read/parquet, read/rows. Mending shapes: prepare/repair.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from shapely.errors import ShapelyError

from greenspace.errors import GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.gdal import ARC_STEP_DEGREES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

KINDS = {8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve"}
KINDS |= {12: "MultiSurface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}
HIGH_BITS, ISO_STEP = 0x1FFFFFFF, 1000
SHOWN = 5
COLLECTION = 7
UNKNOWN = re.compile(r"Unknown WKB type (\d+)")
WHY_LENGTH = 80
FURTHEST = 1e8  # with a zone number in front, the largest easting is 4.6e7 m


def without_unbuildable(
    frame: gpd.GeoDataFrame,
    meant: Sequence[bool],
    why: Callable[[int], str],
    *,
    file: Path | str,
    layer: str | None,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer without the rows whose shape is meant to be there and could not be built.

    ``why`` tells the reason at a position. The index keeps counting the rows of the file.

    Raises
    ------
    GeometryError
        No shape of the layer could be built.
    """
    lost = frame.geometry.isna().to_numpy() & np.asarray(meant, dtype=bool)
    if not lost.any():
        return frame, ()
    reasons = ", ".join(sorted({why(at) for at in np.flatnonzero(lost).tolist()})[:SHOWN])
    if lost.sum() == np.sum(meant):
        raise GeometryError(
            f"图层的图形都无法构成：{reasons}。",
            f"No shape of the layer can be built: {reasons}.",
            remedy=Text(
                zh="请在 GIS 软件中转为普通的点、线、面后另存。",
                en="Turn them into plain points, lines or polygons in a GIS and save them anew.",
            ),
            file=file,
            layer=layer,
            rows=frame.index[lost].tolist(),
            found=reasons,
        )
    count = int(lost.sum())
    text = Text(
        zh=f"{count} 个图形无法构成，未读入：{reasons}。",
        en=f"Shapes that cannot be built and were left out: {count} ({reasons}).",
    )
    finding = Finding(
        code="unbuildable_shape",
        text=text,
        severity="warning",
        layer=layer,
        rows=tuple(frame.index[lost].tolist()),
        count=count,
    )
    return frame[~lost], (finding,)


def require_finite(frame: gpd.GeoDataFrame, *, file: Path | str, layer: str | None) -> None:
    """Refuse a layer with coordinates that are no numbers, or that no place on Earth has.

    Raises
    ------
    GeometryError
        One is NaN or infinite, or beyond a hundred million in any unit; ``rows`` says where.
    """
    try:
        points, owners = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    except ShapelyError as error:
        raise GeometryError(
            "图形含有曲线，无法处理。",
            "Shapes hold curves that cannot be measured.",
            remedy=Text(
                zh="请在 GIS 软件中转为普通的点、线、面后另存。",
                en="Turn them into plain points, lines or polygons in a GIS and save them anew.",
            ),
            file=file,
            layer=layer,
        ) from error
    wild = ~(np.abs(points) < FURTHEST).all(axis=1)
    if not wild.any():
        return
    east, north = points[wild][0].tolist()
    raise GeometryError(
        f"图形含有不可能的坐标，例如 ({east:g}, {north:g})。",
        f"Shapes have impossible coordinates, such as ({east:g}, {north:g}).",
        remedy=Text(
            zh="请在 GIS 软件中更正或删去这些行的图形。",
            en="Correct or delete the shapes of these rows in a GIS.",
        ),
        file=file,
        layer=layer,
        rows=frame.index[np.unique(owners[wild])].tolist(),
        expected="finite coordinates",
        found=f"{east:g}, {north:g}",
    )


def without_hidden_curves(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer without the collections that hold curves: GDAL leaves those as they are."""
    shapes = frame.geometry.to_numpy()
    collections = np.flatnonzero(shapely.get_type_id(shapes) == COLLECTION).tolist()
    return without_shapes(frame, [at for at in collections if not _has_coordinates(shapes[at])])


def without_shapes(frame: gpd.GeoDataFrame, positions: list[int]) -> gpd.GeoDataFrame:
    """Return a layer without the shapes at some positions; the rows stay."""
    if not positions:
        return frame
    shapes = frame.geometry.to_numpy().copy()
    shapes[positions] = None
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


def _has_coordinates(shape: object) -> bool:
    try:
        shapely.get_coordinates(shape)
    except ShapelyError:
        return False
    return True


def is_shape(source: object) -> bool:
    """Return whether a place in a column of WKB holds anything."""
    return isinstance(source, bytes) and bool(source)


def why_not(content: bytes) -> str:
    """Return the kind of shape that a WKB holds, or what is wrong with it.

    Examples
    --------
    >>> why_not(bytes.fromhex("01f8030000"))
    'TIN'
    """
    kind = int.from_bytes(content[1:5], "little" if content[:1] == b"\x01" else "big")
    name = KINDS.get((kind & HIGH_BITS) % ISO_STEP)
    if name is not None:
        return name
    try:
        shapely.from_wkb(content)
    except (ShapelyError, RuntimeError) as error:
        unknown = UNKNOWN.search(str(error))
        inner = KINDS.get(int(unknown.group(1)) % ISO_STEP) if unknown else None
        return inner or str(error).removeprefix("IllegalArgumentException: ")[:WHY_LENGTH]
    return "curves in a GeometryCollection"


def flattened(
    frame: gpd.GeoDataFrame, *, layer: str | None, measured: bool
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return a layer without heights; say how many shapes had heights or measures."""
    shapes = frame.geometry.to_numpy()
    high = shapely.has_z(shapes) | shapely.has_m(shapes)
    findings = []
    if high.any():
        frame = frame.set_geometry(
            type(frame.geometry)(shapely.force_2d(shapes), index=frame.index, crs=frame.crs).rename(
                frame.geometry.name
            )
        )
        count = int(high.sum())
        findings.append(
            Finding(
                code="height_dropped",
                text=Text(
                    zh=f"{count} 个图形带有高程（Z），已按平面处理。",
                    en=f"Shapes with heights (Z), taken as flat: {count}.",
                ),
                layer=layer,
                count=count,
            )
        )
    count = int((~shapely.is_missing(shapes)).sum())
    if measured and count:
        findings.append(
            Finding(
                code="measure_dropped",
                text=Text(
                    zh=f"{count} 个图形带有测量值（M），未读入。",
                    en=f"Shapes with measures (M), which were not read: {count}.",
                ),
                layer=layer,
                count=count,
            )
        )
    return frame, tuple(findings)


def arcs_finding(count: int | None, layer: str | None) -> tuple[Finding, ...]:
    """Say how many shapes were of curved kinds (``None``: not told), and how near the chords lie."""
    if count == 0:
        return ()
    step = math.radians(ARC_STEP_DEGREES)
    off, area = 1 - math.cos(step / 2), 1 - math.sin(step) / step
    number = (
        Text(zh="如有", en="if any") if count is None else Text(zh=f"{count} 个", en=f"{count}")
    )
    text = Text(
        zh=f"曲线类图形（{number.zh}）的圆弧已用每段不超过 {ARC_STEP_DEGREES:g}° 的弦代替："
        f"离弧不超过半径的 {off:.4%}，整圆面积少 {area:.4%}。",
        en=f"The arcs of shapes of curved kinds ({number.en}) are drawn with chords of at most "
        f"{ARC_STEP_DEGREES:g}°: none is further from its arc than {off:.4%} of the radius; "
        f"a full circle loses {area:.4%} of its area.",
    )
    return (Finding(code="arcs_made_straight", text=text, layer=layer, count=count),)


def columns_left_out(columns: Sequence[str]) -> tuple[Finding, ...]:
    """Say which further columns of shapes or rasters were not read."""
    if not columns:
        return ()
    listed = ", ".join(columns)
    text = Text(
        zh=f"未读取其他图形或栅格字段：{listed}。",
        en=f"Other columns of shapes or rasters were not read: {listed}.",
    )
    return (Finding(code="columns_left_out", text=text, count=len(columns)),)
