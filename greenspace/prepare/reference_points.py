"""Reference points: what somebody saw on the ground, ready to be held against a map.

Question   Which points were visited, what was there, and in which stratum were they drawn?
Enters     A layer of points.
Leaves     They on another plane, with their class and stratum; findings of what they lack.
Elsewhere  The words for classes: prepare/reference. The map's own word: measure/point_classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.project import to_crs
from greenspace.prepare.reference import reference_classes
from greenspace.prepare.repair import as_frame
from greenspace.prepare.strata import STRATUM, STRATUM_AREA, strata_columns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.prepare.repair import Layer

LAYER = "reference"
COLUMNS = ("reference", "map", STRATUM, STRATUM_AREA)


def reference_points(layer: Layer, crs: CRS) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the points in `crs`, those that have a class and those that nobody visited.

    Returns
    -------
    points
        ``visited`` and ``green`` (bool; not green where not visited), and where the layer has
        them ``map_green`` (what its own column ``map`` says), ``stratum`` as text and
        ``stratum_area_m2``.
    findings
        Points without a class, counted.

    Raises
    ------
    GeometryError
        The layer holds anything but points, or no point has a class.
    ColumnError
        A class is not known, or strata do not each have one area.
    CrsError
        The layer has no CRS, or cannot be brought to `crs`.
    """
    frame = as_frame(layer, LAYER)
    require_points(frame)
    _require_single(frame)
    blank = np.zeros(len(frame), dtype=bool)
    if "reference" in frame.columns:
        blank = blank_rows(frame["reference"])
    require_visited(~blank)
    kept = frame[~blank]
    columns: dict[str, object] = {"visited": ~blank}
    columns["green"] = _spread(~blank, reference_classes(kept, layer=LAYER))
    if "map" in kept.columns and not kept["map"].isna().all():
        columns["map_green"] = _spread(~blank, reference_classes(kept, "map", layer=LAYER))
    strata, told = strata_columns(frame)
    points = gpd.GeoDataFrame(
        columns | strata, index=frame.index, geometry=frame.geometry.to_numpy()
    )
    findings = (*told, *unvisited_findings(frame, blank), *repeated_findings(points[~blank]))
    return to_crs(points.set_crs(frame.crs), crs, LAYER), findings


def _spread(rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return values on the rows that have one, false elsewhere."""
    spread = np.zeros(len(rows), dtype=bool)
    spread[rows] = values
    return spread


def blank_rows(column: pd.Series) -> NDArray[np.bool_]:
    """Return which rows of a column say nothing."""
    text = [isinstance(value, str) and not value.strip() for value in column]
    blank: NDArray[np.bool_] = column.isna().to_numpy() | np.array(text, dtype=bool)
    return blank


def require_points(frame: gpd.GeoDataFrame) -> None:
    """Refuse a layer that holds anything but single points.

    Raises
    ------
    GeometryError
        Names the rows.
    """
    shapes = frame.geometry.to_numpy()
    wrong = (frame.geom_type != "Point").to_numpy() | shapely.is_empty(shapes)
    wrong |= ~(np.isfinite(shapely.get_x(shapes)) & np.isfinite(shapely.get_y(shapes)))
    if wrong.any():
        raise GeometryError(
            f"核查点图层应全是有坐标的点，却有 {wrong.sum()} 行不是。",
            f"Reference points should all be points with a place; {wrong.sum()} rows are not.",
            remedy=Text(zh="请只保留单点。", en="Keep single points only."),
            layer=LAYER,
            rows=frame.index[wrong],
            expected="Point",
        )


def _require_single(frame: gpd.GeoDataFrame) -> None:
    twice = [name for name in COLUMNS if list(frame.columns).count(name) > 1]
    if twice:
        raise ColumnError(
            f"字段 {twice[0]} 重复，不知以哪个为准。",
            f"There are several columns {twice[0]}: which counts is not known.",
            remedy=Text(zh="请只保留一个。", en="Keep one of them."),
            layer=LAYER,
            column=twice[0],
        )


def require_visited(visited: NDArray[np.bool_]) -> None:
    """Refuse points of which none has a class.

    Raises
    ------
    GeometryError
        Says how many points there are.
    """
    if visited.any():
        return
    raise GeometryError(
        "核查点都没有填写实际类别。",
        "None of the reference points has a class.",
        remedy=Text(
            zh="请在 reference 字段填写实际类别。",
            en="Fill the column reference with what is there.",
        ),
        layer=LAYER,
        found=len(visited),
    )


def repeated_findings(points: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return the points at the very place of an earlier one."""
    again = points.geometry.to_wkb().duplicated().to_numpy()
    if not again.any():
        return ()
    text = Text(
        zh=f"有 {again.sum()} 个核查点与前面的点位置完全相同，仍各计一次；若是重复录入，区间会偏窄。",
        en=f"Reference points at the very place of an earlier one: {again.sum()}. Each counts; where "
        "they were entered twice, the interval comes out too narrow.",
    )
    return (_warning("reference_repeated", text, tuple(points.index[again])),)


def _warning(code: str, text: Text, rows: tuple[object, ...]) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="warning",
        layer=LAYER,
        rows=rows,
        count=len(rows),
        indicators=("green_coverage",),
    )


def unvisited_findings(frame: gpd.GeoDataFrame, blank: NDArray[np.bool_]) -> tuple[Finding, ...]:
    """Return the points that have no class."""
    count = int(blank.sum())
    if not count:
        return ()
    text = Text(
        zh=f"有 {count} 个核查点没有填写实际类别，按与同层其他点相同处理；若是难以到达的地方，估计会有偏差。",
        en=f"{count} reference points have no class: they are taken to be like the others of their "
        "stratum. Where they are the places that are hard to reach, the estimate leans.",
    )
    return (_warning("reference_unvisited", text, tuple(frame.index[blank])),)
