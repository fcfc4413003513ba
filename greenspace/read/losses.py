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

    import geopandas as gpd

KINDS = {8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve"}
KINDS |= {12: "MultiSurface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}
HIGH_BITS, ISO_STEP = 0x1FFFFFFF, 1000
SHOWN = 5
UNKNOWN = re.compile(r"Unknown WKB type (\d+)")
WHY_LENGTH = 80


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
    return "?"


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
