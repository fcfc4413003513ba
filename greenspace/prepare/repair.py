"""Repair: shapes that can be measured, and a count of everything that was changed.

Question   Which shapes of this layer are valid polygons, and what did it take?
Enters     A layer as it was read.
Leaves     Valid polygons on the same index, and findings with counts and areas.
Elsewhere  Projecting: prepare/project. Showing findings: present/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import CrsError, GeometryError
from greenspace.model.ground import valid_ground
from greenspace.model.layers import overlap_area_m2
from greenspace.model.place import require_place
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray
    from pyproj import CRS

EQUAL_AREA = "EPSG:6933"
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
PUNCTUAL = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
Layer: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries


def as_frame(layer: Layer, name: str) -> gpd.GeoDataFrame:
    """Return a layer as a GeoDataFrame that has a CRS.

    Raises
    ------
    GeometryError
        It is not a GeoDataFrame or GeoSeries, or has no geometry column.
    CrsError
        It has no CRS, or its coordinates fit it only after a change.
    """
    if isinstance(layer, gpd.GeoSeries):
        layer = gpd.GeoDataFrame(geometry=layer)
    if not isinstance(layer, gpd.GeoDataFrame):
        kind = type(layer).__name__
        raise GeometryError(
            f"{name} 应为 GeoDataFrame 或 GeoSeries，而不是 {kind}。",
            f"{name} should be a GeoDataFrame or GeoSeries, not {kind}.",
            remedy=Text(zh="请先用 gs.read_layer 读取。", en="Read it with gs.read_layer first."),
            layer=name,
            found=kind,
        )
    if layer.active_geometry_name is None:
        raise GeometryError(
            f"{name} 没有几何列。",
            f"{name} has no geometry column.",
            remedy=Text(zh="请用 set_geometry 指定。", en="Set one with set_geometry."),
            layer=name,
        )
    if layer.crs is None:
        raise CrsError(
            "图层没有坐标系。",
            "The layer has no CRS.",
            remedy=Text(
                zh="请用 set_crs 指定，例如 EPSG:4547。", en="Set one with set_crs, e.g. EPSG:4547."
            ),
            layer=name,
        )
    require_place(layer, layer=name)
    return layer


def repair_polygons(
    layer: Layer, name: str, *, keep_rows: bool = False
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the valid polygons of a layer and what was changed to get them.

    Null and empty shapes are dropped, invalid ones made valid by `valid_ground`: parts that
    overlap count once and a hole never adds ground. Nothing else changes; the index stays.

    Parameters
    ----------
    layer
        Polygons with a CRS.
    name
        What findings and errors call it.
    keep_rows
        Keep rows without a shape, as empty polygons.

    Raises
    ------
    GeometryError
        The layer holds points or lines.
    CrsError
        It has no CRS.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> fixed, findings = repair_polygons(gpd.GeoSeries([bow], crs=6933), "parks")
    >>> float(fixed.area.sum()), findings[0].code, findings[0].count
    (2.0, 'made_valid', 1)
    """
    frame = as_frame(layer, name)
    shapes = frame.geometry.to_numpy()
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if keep_rows and blank.any():
        filled = np.where(blank, shapely.MultiPolygon(), shapes)
        frame = frame.set_geometry(gpd.GeoSeries(filled, index=frame.index, crs=frame.crs))
    elif blank.any():
        frame = frame[~blank]
    shapes = frame.geometry.to_numpy()
    _require_polygons(frame, shapes, name)
    findings = []
    if blank.any():
        findings.append(_dropped(layer, blank, name))
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        mended = shapes.copy()
        mended[broken] = valid_ground(shapes[broken])
        gone = broken & shapely.is_empty(mended)
        findings += [
            tell(frame, rows, shapes, mended, name)
            for tell, rows in ((_mended, broken & ~gone), (_collapsed, gone))
            if rows.any()
        ]
        frame = frame.set_geometry(gpd.GeoSeries(mended, index=frame.index, crs=frame.crs))
        if not keep_rows:
            frame = frame[~frame.geometry.is_empty]
    return frame, tuple(findings)


def repair_points(
    layer: Layer, name: str, *, several: bool = False
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the points of a layer; rows without one are dropped and counted.

    So are points with a coordinate that is no finite number: they lie nowhere. Where `several`
    points of one row are meant, multipoints are taken too.

    Raises
    ------
    GeometryError
        The layer holds other shapes.
    CrsError
        It has no CRS.

    Examples
    --------
    >>> homes = gpd.GeoSeries([shapely.Point(0, 0), None], crs=6933)
    >>> kept, findings = repair_points(homes, "homes")
    >>> len(kept), findings[0].count
    (1, 1)
    """
    frame = as_frame(layer, name)
    shapes = frame.geometry.to_numpy()
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    taken = PUNCTUAL if several else PUNCTUAL[:1]
    wrong = ~blank & ~np.isin(shapely.get_type_id(shapes), taken)
    if wrong.any():
        kinds = sorted(set(frame.geometry.geom_type[wrong]))
        raise GeometryError(
            f"{name} 应只有点，却有 {int(wrong.sum())} 个 {'、'.join(kinds)}。",
            f"{name} should hold points, but has {int(wrong.sum())} of {', '.join(kinds)}.",
            remedy=Text(
                zh="请先用 explode 拆开多点，或改用面。",
                en="Take multipoints apart with explode first, or use polygons.",
            ),
            layer=name,
            rows=tuple(frame.index[wrong]),
            expected="Point",
            found=tuple(kinds),
        )
    nowhere = ~blank & unplaced(shapes)
    findings = [
        tell(layer, rows, name)
        for tell, rows in ((_dropped, blank), (_nowhere, nowhere))
        if rows.any()
    ]
    return frame[~(blank | nowhere)], tuple(findings)


def unplaced(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which shapes have a coordinate that is no finite number.

    Examples
    --------
    >>> unplaced(shapely.points([[0, 0], [np.inf, 0]])).tolist()
    [False, True]
    """
    coords, row = shapely.get_coordinates(shapes, return_index=True)
    lost = np.zeros(len(shapes), dtype=bool)
    lost[row[~np.isfinite(coords).all(axis=1)]] = True
    return lost


DRAW = Text(
    zh="请给面图层，或先删去这些要素。",
    en="Give a polygon layer, or remove these features first.",
)
DRAW_CROWNS = Text(
    zh="散生树木若以点登记，请先按冠幅画成圆：在米制坐标系中 buffer(冠幅 / 2)；或删去这些要素。",
    en="Where trees are points, draw their crowns first: buffer(crown width / 2) in a CRS of metres; "
    "or remove these features.",
)


def _require_polygons(frame: gpd.GeoDataFrame, shapes: NDArray[Any], name: str) -> None:
    wrong = ~np.isin(shapely.get_type_id(shapes), POLYGONAL)
    if wrong.any():
        kinds = sorted(set(frame.geometry.geom_type[wrong]))
        raise GeometryError(
            f"{name} 应为面图层，却有 {int(wrong.sum())} 个 {'、'.join(kinds)}。",
            f"{name} should hold polygons, but has {int(wrong.sum())} {', '.join(kinds)}.",
            remedy=DRAW_CROWNS if name == "vegetation" else DRAW,
            layer=name,
            rows=frame.index[wrong],
            expected="polygons",
            found=tuple(kinds),
        )


def _dropped(layer: Layer, blank: NDArray[np.bool_], name: str) -> Finding:
    count = int(blank.sum())
    return Finding(
        code="empty_dropped",
        text=Text(zh=f"略去 {count} 个空图形。", en=f"{count} empty shapes left out."),
        severity="warning",
        layer=name,
        rows=tuple(layer.index[blank]),
        count=count,
    )


def _nowhere(layer: Layer, nowhere: NDArray[np.bool_], name: str) -> Finding:
    count = int(nowhere.sum())
    return Finding(
        code="unplaced_dropped",
        text=Text(
            zh=f"略去 {count} 个坐标不是有限数的点。",
            en=f"Points left out whose coordinates are no finite numbers: {count}.",
        ),
        severity="warning",
        layer=name,
        rows=tuple(layer.index[nowhere]),
        count=count,
    )


def _mended(
    frame: gpd.GeoDataFrame,
    broken: NDArray[np.bool_],
    before: NDArray[Any],
    after: NDArray[Any],
    name: str,
) -> Finding:
    count = int(broken.sum())
    areas = [_square_metres(shapes[broken], frame.crs) for shapes in (before, after)]
    change = float(np.abs(areas[1] - areas[0]).sum())
    return Finding(
        code="made_valid",
        text=Text(
            zh=f"修复 {count} 个自相交等无效图形（make_valid），面积变动 {change:.6g} 平方米。",
            en=f"{count} invalid shapes made valid, area changed by {change:.6g} m².",
        ),
        severity="warning",
        layer=name,
        rows=tuple(frame.index[broken]),
        count=count,
        area_m2=change,
    )


def _collapsed(
    frame: gpd.GeoDataFrame,
    gone: NDArray[np.bool_],
    before: NDArray[Any],
    after: NDArray[Any],
    name: str,
) -> Finding:
    del before, after
    count = int(gone.sum())
    return Finding(
        code="collapsed",
        text=Text(
            zh=f"{count} 个图形塌缩成线或点，没有面积，未计入。",
            en=f"Shapes that have collapsed to a line or a point and have no area, left out: {count}.",
        ),
        severity="warning",
        layer=name,
        rows=tuple(frame.index[gone]),
        count=count,
        area_m2=0.0,
    )


def _square_metres(shapes: NDArray[Any], crs: CRS) -> NDArray[np.float64]:
    series = gpd.GeoSeries(shapes, crs=crs)
    if crs.is_geographic:
        series = series.to_crs(EQUAL_AREA)
    plane = crs.is_geographic or not crs.axis_info
    unit = 1.0 if plane else crs.axis_info[0].unit_conversion_factor
    return np.asarray(series.area, dtype=float) * unit**2


def overlap_findings(layer: gpd.GeoDataFrame, name: str) -> tuple[Finding, ...]:
    """Return a finding where shapes of one layer overlap: measured once, but said.

    The layer must be in the measuring CRS.
    """
    overlap = overlap_area_m2(layer.geometry)
    if not overlap:
        return ()
    text = Text(
        zh=f"图层内部重叠 {overlap:.2f} 平方米，只计一次。",
        en=f"Shapes overlap by {overlap:.2f} m², counted once.",
    )
    finding = Finding(code="overlap", text=text, severity="warning", layer=name, area_m2=overlap)
    return (finding,)
