"""CRS: in which plane a city may be measured, asked of PROJ.

Question   How far is a square metre on this plane from one on the ground?
Enters     A CRS and the study area.
Leaves     The measuring CRS, and a finding where it is less than exact.
Elsewhere  Moving layers into it: prepare/project.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS, Proj, Transformer
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import LambertAzimuthalEqualAreaConversion
from pyproj.exceptions import CRSError as ProjCrsError
from pyproj.exceptions import ProjError

from greenspace.errors import CrsError
from greenspace.model.offset_coordinates import is_offset_name
from greenspace.model.source import Finding
from greenspace.model.words import Text

Bounds = tuple[float, float, float, float]

SCALE_LIMIT = 0.005
SCALE_REMARK = 0.001
CHINA_DEGREES: Bounds = (73.0, 3.0, 136.0, 54.0)
CGCS2000_BY_MERIDIAN = 4534
FIRST_MERIDIAN, LAST_MERIDIAN, ZONE_DEGREES = 75, 135, 3
FULL_CIRCLE, POLE_AND_A_PIXEL = 360.0, 91.0
SAMPLES = 5
METRE_NOISE = 1e-12

LOCAL_METRE_WKT = (
    'ENGCRS["local-metre",EDATUM["local"],CS[Cartesian,2],'
    'AXIS["x",east,ORDER[1]],AXIS["y",north,ORDER[2]],LENGTHUNIT["metre",1]]'
)
GIVE_CRS = Text(
    zh="请指定投影坐标系，例如 crs='EPSG:4547'。",
    en="Name a projected CRS, for example crs='EPSG:4547'.",
)


def local_metre() -> CRS:
    """Return the CRS of a city's own metre grid, which has no place on the globe."""
    return CRS.from_wkt(LOCAL_METRE_WKT)


def is_local(crs: CRS) -> bool:
    """Return whether a CRS is a city's own grid without a place on the globe."""
    return bool(crs.type_name == "Engineering CRS")


def parse_crs(value: Any) -> CRS:
    """Return a CRS from any of its spellings.

    Raises
    ------
    CrsError
        PROJ does not know it, or it is an offset such as GCJ-02.

    Examples
    --------
    >>> parse_crs("EPSG:4547").name
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
    """
    if value == "local-metre":
        return local_metre()
    if is_offset_name(value):
        raise CrsError(
            f"{value} 是网络地图的偏移坐标，不能用于量算，只能写在 [layers.…] 下。",
            f"{value} is the shifted degrees of web maps: it may be named for a layer only.",
            remedy=GIVE_CRS,
            found=value,
        )
    try:
        return CRS.from_user_input(value)
    except (ProjCrsError, TypeError, ValueError) as error:
        raise CrsError(
            f"无法识别坐标系 {value!r}。",
            f"The CRS {value!r} is not known.",
            remedy=GIVE_CRS,
            found=value,
        ) from error


def zone_crs(longitude: float) -> CRS:
    """Return the CGCS2000 3-degree Gauss-Krüger zone of a longitude, by central meridian.

    Examples
    --------
    >>> zone_crs(116.4).to_epsg()
    4548
    """
    meridian = ZONE_DEGREES * round(longitude / ZONE_DEGREES)
    meridian = min(max(meridian, FIRST_MERIDIAN), LAST_MERIDIAN)
    return CRS.from_epsg(CGCS2000_BY_MERIDIAN + (meridian - FIRST_MERIDIAN) // ZONE_DEGREES)


def degrees_of(bounds: Bounds, crs: CRS) -> Bounds:
    """Return bounds as longitudes and latitudes; east lies beyond 180 across that meridian.

    Raises
    ------
    CrsError
        The coordinates lie outside the CRS.
    """
    degrees = to_degrees(crs).transform_bounds(*bounds, densify_pts=21)
    off = not np.isfinite(degrees).all() or np.abs(degrees).max() > FULL_CIRCLE
    if off or max(-degrees[1], degrees[3]) > POLE_AND_A_PIXEL:
        raise CrsError(
            f"坐标范围 {_rounded(bounds)} 不在 {crs.name} 之内。",
            f"The extent {_rounded(bounds)} does not lie in {crs.name}.",
            remedy=Text(zh="请核对图层的坐标系。", en="Check the CRS of the layer."),
            found=bounds,
        )
    west, south, east, north = degrees
    return (west, south, east + FULL_CIRCLE if east < west else east, north)


@lru_cache(maxsize=32)
def to_degrees(crs: CRS) -> Transformer:
    """Return the way from a CRS to longitudes and latitudes; made once, since making it is slow."""
    return Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True)


def place_of(crs: CRS, x: float, y: float) -> tuple[float, float]:
    """Return a point's degrees on the CRS's own datum; infinite where there are none.

    Examples
    --------
    >>> lon, lat = place_of(CRS.from_epsg(4547), 500_000, 3_380_000)
    >>> round(lon, 4), round(lat, 4)
    (114.0, 30.5402)
    """
    try:
        lon, lat = Proj(crs)(x, y, inverse=True)
    except ProjError:
        return (np.inf, np.inf)
    return float(lon), float(lat)


def _rounded(bounds: Bounds) -> tuple[float, ...]:
    return tuple(round(value, 2) for value in bounds)


def areal_error(crs: CRS, degrees: Bounds) -> float:
    """Return the greatest relative error of areas over a study area.

    Parameters
    ----------
    crs
        A projected CRS.
    degrees
        West, south, east, north of the study area.

    Returns
    -------
    float
        ``max |areal scale - 1|`` on a grid over the bounds; infinite where PROJ has none.

    Examples
    --------
    >>> round(areal_error(CRS.from_epsg(3857), (116.3, 39.8, 116.5, 40.0)), 1)
    0.7
    >>> areal_error(CRS.from_epsg(4548), (116.3, 39.8, 116.5, 40.0)) < 0.0006
    True
    """
    return _greatest_error(_factors(crs, degrees).areal_scale)


def linear_error(crs: CRS, degrees: Bounds) -> float:
    """Return the greatest relative error of lengths, in any direction, over a study area.

    Examples
    --------
    >>> linear_error(CRS.from_epsg(6933), (24.9, 60.1, 25.0, 60.2)) > 0.5
    True
    >>> linear_error(CRS.from_epsg(4548), (116.3, 39.8, 116.5, 40.0)) < 0.0003
    True
    """
    factors = _factors(crs, degrees)
    ends = (factors.tissot_semimajor, factors.tissot_semiminor)
    return max(_greatest_error(end) for end in ends)


def _factors(crs: CRS, degrees: Bounds) -> Any:
    west, south, east, north = degrees
    lon, lat = np.meshgrid(np.linspace(west, east, SAMPLES), np.linspace(south, north, SAMPLES))
    return Proj(crs).get_factors(lon.ravel(), lat.ravel(), errcheck=False)


def _greatest_error(scale: Any) -> float:
    error = np.abs(np.asarray(scale) - 1.0)
    return float(np.inf if not np.isfinite(error).all() else error.max())


def why_not_measuring(crs: CRS, degrees: Bounds | None) -> Text | None:
    """Return why areas in this CRS would be wrong here, or ``None`` where they are not.

    Examples
    --------
    >>> why_not_measuring(CRS.from_epsg(4326), (116.3, 39.8, 116.5, 40.0)).en
    'it is in degrees'
    >>> why_not_measuring(CRS.from_epsg(4548), (116.3, 39.8, 116.5, 40.0)) is None
    True
    """
    if is_local(crs):
        return _why_not_metres(crs)
    why = _why_not_a_plane(crs)
    if why is not None or degrees is None:
        return why
    error = areal_error(crs, degrees)
    if error <= SCALE_LIMIT:
        return None
    return Text(
        zh=f"面积变形达 {error:.2%}，超过 0.5%", en=f"areas are off by {error:.2%}, above 0.5%"
    )


def _why_not_a_plane(crs: CRS) -> Text | None:
    if crs.is_geographic:
        return Text(zh="单位是度", en="it is in degrees")
    if not crs.is_projected:
        return Text(zh="不是投影坐标系", en="it is not projected")
    why = _why_not_metres(crs)
    if why is not None:
        return why
    if _is_web_mercator(crs):
        return Text(zh="网络墨卡托投影会放大面积", en="Web Mercator inflates areas")
    return None


def _why_not_metres(crs: CRS) -> Text | None:
    plane = crs.axis_info[:2]
    if all(abs(axis.unit_conversion_factor - 1.0) <= METRE_NOISE for axis in plane):
        return None
    unit = plane[0].unit_name
    return Text(zh=f"单位是 {unit}，不是米", en=f"its unit is {unit}, not metres")


def _is_web_mercator(crs: CRS) -> bool:
    operation = crs.coordinate_operation
    return operation is not None and "pseudo" in operation.method_name.lower()


def measuring_crs(
    asked: CRS | None, layer_crs: CRS, bounds: Bounds
) -> tuple[CRS, tuple[Finding, ...]]:
    """Choose the plane to measure areas and distances in.

    Parameters
    ----------
    asked
        What the caller demands; used or refused, never replaced.
    layer_crs
        CRS of the denominator layer.
    bounds
        Bounds of the study area in `layer_crs`.

    Returns
    -------
    CRS, tuple of Finding
        The CRS that was asked for; else that of the layer where it may measure; else the
        CGCS2000 3-degree zone inside China; else an equal-area projection centred on the
        study area. Findings name a change of CRS and an areal error above 0.1 percent.

    Raises
    ------
    CrsError
        The CRS that was asked for cannot measure here.
    """
    if is_local(layer_crs):
        return _measure_locally(asked, layer_crs)
    degrees = degrees_of(bounds, layer_crs)
    if asked is not None:
        why = why_not_measuring(asked, degrees)
        if why is not None or is_local(asked):
            reason = why or Text(zh="图层有真实坐标系", en="the layers have a real CRS")
            raise CrsError(
                f"不能用 {asked.name} 量算面积：{reason.zh}。",
                f"Areas cannot be measured in {asked.name}: {reason.en}.",
                remedy=GIVE_CRS,
                found=asked.name,
            )
        return asked, _scale_findings(asked, degrees)
    why = why_not_measuring(layer_crs, degrees)
    if why is None:
        return layer_crs, _scale_findings(layer_crs, degrees)
    chosen = _substitute(degrees)
    changed = Finding(
        code="measuring_crs",
        text=Text(
            zh=f"{layer_crs.name} 不能量算面积（{why.zh}），已投影到 {chosen.name}。",
            en=f"{layer_crs.name} cannot measure areas ({why.en}); measured in {chosen.name}.",
        ),
    )
    return chosen, (changed, *_scale_findings(chosen, degrees))


def _measure_locally(asked: CRS | None, layer_crs: CRS) -> tuple[CRS, tuple[Finding, ...]]:
    if asked is not None and not is_local(asked):
        raise CrsError(
            f"地方坐标网格的图层不能投影到 {asked.name}。",
            f"Layers on a city's own grid cannot be projected to {asked.name}.",
            remedy=Text(zh="请使用 crs='local-metre'。", en="Use crs='local-metre'."),
            found=asked.name,
        )
    text = Text(
        zh="按城市地方坐标网格（米）量算，面积变形未知。",
        en="Measured on the city's own metre grid; its areal scale is not known.",
    )
    return layer_crs, (Finding(code="local_grid", text=text, severity="warning"),)


def _substitute(degrees: Bounds) -> CRS:
    west, south, east, north = degrees
    lon, lat = (west + east) / 2, (south + north) / 2
    china = CHINA_DEGREES
    if china[0] <= west and east <= china[2] and china[1] <= south and north <= china[3]:
        zone = zone_crs(lon)
        if areal_error(zone, degrees) <= SCALE_LIMIT:
            return zone
    return equal_area_at(round(lon, 4), round(lat, 4))


def equal_area_at(longitude: float, latitude: float) -> CRS:
    """Return a Lambert azimuthal equal-area CRS centred on a point.

    Examples
    --------
    >>> equal_area_at(24.94, 60.17).name
    'Lambert azimuthal equal area at 24.94, 60.17'
    """
    centred = LambertAzimuthalEqualAreaConversion(latitude, longitude)
    name = f"Lambert azimuthal equal area at {longitude}, {latitude}"
    return ProjectedCRS(centred, name)


def _scale_findings(crs: CRS, degrees: Bounds) -> tuple[Finding, ...]:
    error = areal_error(crs, degrees)
    if error <= SCALE_REMARK:
        return ()
    text = Text(
        zh=f"{crs.name} 在本区域的面积变形最大 {error:.2%}，足以影响结论。",
        en=f"Areas in {crs.name} are off by up to {error:.2%} here, which can decide a verdict.",
    )
    return (Finding(code="areal_scale", text=text, severity="warning"),)
