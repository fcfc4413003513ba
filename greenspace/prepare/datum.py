"""Datum: how far off a layer may be once it is put beside one of another datum.

Question   How true is the way from this layer's datum to that of the others?
Enters     A layer, and the CRS it is put into.
Leaves     A finding with the accuracy that PROJ states, or that it states none.
Elsewhere  The moving itself: prepare/project. Old datums by name: read/georeference.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer
from pyproj.exceptions import ProjError
from pyproj.transformer import AreaOfInterest, TransformerGroup

from greenspace.model.crs import is_local, place_of
from greenspace.model.gauss_kruger import datum_of
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from greenspace.model.source import Severity

GOOD_M = 1.0  # better than a pixel of the sharpest image
POOR_M = 5.0


def same_datum(one: CRS, other: CRS) -> bool:
    """Return whether two CRS share their datum, so that no transformation lies between them.

    Examples
    --------
    >>> from pyproj import CRS
    >>> same_datum(CRS.from_epsg(4547), CRS.from_epsg(4490))
    True
    >>> same_datum(CRS.from_epsg(4547), CRS.from_epsg(2383))
    False
    """
    here, there = one.geodetic_crs, other.geodetic_crs
    return here is None or there is None or bool(here.equals(there, ignore_axis_order=True))


def datum_findings(layer: gpd.GeoDataFrame, crs: CRS, name: str) -> tuple[Finding, ...]:
    """Return a finding where putting a layer into a CRS moves it by more than is known.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from pyproj import CRS
    >>> from shapely import Point
    >>> town = gpd.GeoDataFrame(geometry=[Point(500_000, 3_380_000)], crs=2383)
    >>> [item.code for item in datum_findings(town, CRS.from_epsg(4547), "town")]
    ['datum_shift']
    """
    if layer.empty or is_local(layer.crs) or is_local(crs) or same_datum(layer.crs, crs):
        return ()
    west, south, east, north = layer.total_bounds
    middle = ((west + east) / 2, (south + north) / 2)
    accuracy = _accuracy_m(layer.crs, crs, middle)
    if 0 <= accuracy <= GOOD_M:
        return ()
    if accuracy < 0 and _are_one(layer.crs, crs):
        return (_taken_as_one(),)
    said = _said(accuracy, _missing_grid(layer.crs, crs, middle))
    severity: Severity = "note" if 0 <= accuracy <= POOR_M else "warning"
    text = Text(
        zh=f"图层 {name} 由 {layer.crs.name} 换算到 {crs.name}：{said.zh}",
        en=f"Layer {name} was put from {layer.crs.name} into {crs.name}: {said.en}",
    )
    return (Finding(code="datum_shift", text=text, severity=severity, layer=name),)


def _accuracy_m(source: CRS, target: CRS, middle: tuple[float, float]) -> float:
    """Return the accuracy of what PROJ does at this place, below zero where it states none."""
    transformer = Transformer.from_crs(source, target, always_xy=True)
    transformer.transform(*middle)
    try:
        return float(transformer.get_last_used_operation().accuracy)
    except ProjError:  # there is one way only, and it was chosen at birth
        return float(transformer.accuracy)


def _missing_grid(source: CRS, target: CRS, middle: tuple[float, float]) -> str | None:
    lon, lat = place_of(source, *middle)
    if not np.isfinite([lon, lat]).all():
        return None
    here = AreaOfInterest(lon, lat, lon, lat)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        group = TransformerGroup(source, target, always_xy=True, area_of_interest=here)
    missing = (
        grid.short_name
        for operation in group.unavailable_operations
        for grid in operation.grids
        if not grid.available
    )
    return None if group.best_available else next(missing, None)


def _are_one(one: CRS, other: CRS) -> bool:
    """Return whether one is CGCS2000 and the other WGS 84."""
    for here, there in ((one, other), (other, one)):
        geodetic = there.geodetic_crs
        if datum_of(here) == "CGCS2000" and geodetic is not None and "WGS 84" in geodetic.name:
            return True
    return False


def _taken_as_one() -> Finding:
    text = Text(
        zh="CGCS2000 与 WGS 84 按同一基准处理：PROJ 没有两者之间的转换参数，两者相差约一米以内。",
        en="CGCS2000 and WGS 84 were taken as one: PROJ has no transformation between them, and"
        " they agree to about a metre.",
    )
    return Finding(code="datums_taken_as_one", text=text)


def _said(accuracy: float, grid: str | None) -> Text:
    if accuracy < 0:
        said = Text(
            zh="PROJ 没有转换参数，按同一经纬度处理，可能差几十米甚至更多；请先用官方参数转换。",
            en="PROJ has no transformation and took the degrees as they are, which may be off by"
            " tens of metres or more; transform it with official parameters first.",
        )
    else:
        said = Text(
            zh=f"PROJ 所述精度为 {accuracy:g} 米。",
            en=f"PROJ states an accuracy of {accuracy:g} m.",
        )
    if grid is None:
        return said
    return Text(
        zh=f"{said.zh}更准的换算需要格网文件 {grid}，本机没有。",
        en=f"{said.en} A better way needs the grid {grid}, which is not installed.",
    )
