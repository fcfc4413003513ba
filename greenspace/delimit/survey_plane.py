"""Survey plane: the zone in which control points are listed.

Question   Which CGCS2000 3-degree zone, and with its number before the easting or not?
Enters     Lines with a CRS, the CRS asked for, and whether the zone is to be written.
Leaves     The lines in that plane, the plane, and findings on what moved.
Elsewhere  Numbering: delimit/control_points. Zones: model/gauss_kruger.

An edge is the straight line between its two corners, before and after: none is densified.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer

from greenspace.delimit.control_points import LAYER, Plane
from greenspace.errors import CrsError, InputError
from greenspace.model.crs import (
    CHINA_DEGREES,
    GIVE_CRS,
    degrees_of,
    is_local,
    linear_error,
    parse_crs,
    place_of,
    why_not_measuring,
    zone_crs,
)
from greenspace.model.gauss_kruger import (
    HALF_ZONE_M,
    NARROW_STEP,
    OLD_DATUMS,
    ZONE_M,
    Zone,
    datum_of,
    zone_of,
)
from greenspace.model.place import require_place
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from pyproj import CRS

    from greenspace.model.crs import Bounds

DATUM = "CGCS2000"
ZONE_MM = 1_000_000_000
MOST_ERROR = 2.5e-5  # 2.5 cm in a kilometre
SOME_NORTHING_M = 4_000_000.0
SAME_DEGREES = 1e-9


def on_survey_plane(
    lines: gpd.GeoDataFrame, asked: Any, *, zone_prefix: bool
) -> tuple[gpd.GeoDataFrame, Plane, tuple[Finding, ...]]:
    """Return lines where their control points are listed, and what is added to the eastings.

    Parameters
    ----------
    asked
        A CRS in any spelling; ``None`` for that of the lines where it is a CGCS2000 3-degree
        zone, else the zone of the middle of the lines, else, outside China, that of the lines.
    zone_prefix
        Whether the zone's number stands before each easting; `asked` does not decide that.

    Raises
    ------
    CrsError
        The lines have no CRS or do not lie in it; the CRS asked for is no plane in metres that
        fits; or one of the two is on an older datum, between which 1 mm is not known.
    InputError
        A zone's number is asked for where there is no zone.
    """
    here = lines.crs
    if here is None:
        raise CrsError("绿线没有坐标系。", "The lines have no CRS.", remedy=GIVE_CRS, layer=LAYER)
    require_place(lines, layer=LAYER)
    bounds: Bounds = tuple(lines.total_bounds.tolist())
    degrees = None if is_local(here) else degrees_of(bounds, here)
    crs = _chosen(here, None if asked is None else parse_crs(asked), degrees)
    zone, own = zone_named(crs), zone_named(here)
    plane = _plane(crs, zone, zone_prefix=zone_prefix)
    told = _told(crs, zone, degrees)
    if crs == here or (zone and own and replace(zone, number=None) == replace(own, number=None)):
        off = (own.number or 0) * ZONE_MM if own else 0
        return lines, replace(plane, shift_mm=plane.shift_mm - off), told
    _require_one_datum(here, crs)
    bare = crs if zone is None else replace(zone, number=None).crs
    moved = lines.to_crs(bare)
    return moved, plane, (_moved(lines, moved, bare), *told)


def zone_named(crs: CRS) -> Zone | None:
    """Return the registered zone that a CRS is to the millimetre, ``None`` if it is none.

    Examples
    --------
    >>> from pyproj import CRS
    >>> zone_named(CRS.from_epsg(4526)).number, zone_named(CRS.from_epsg(32650))
    (38, None)
    """
    zone = zone_of(crs)
    if zone is None or zone.code is None or replace(zone, number=None).code is None:
        return None
    point = (HALF_ZONE_M + ZONE_M * (zone.number or 0), SOME_NORTHING_M)
    here, there = place_of(crs, *point), place_of(zone.crs, *point)
    return zone if np.allclose(here, there, rtol=0, atol=SAME_DEGREES) else None


def is_survey_zone(zone: Zone | None) -> bool:
    """Return whether a zone is one that control points are asked for in."""
    return zone is not None and zone.datum == DATUM and zone.step == NARROW_STEP


def _chosen(here: CRS, asked: CRS | None, degrees: Bounds | None) -> CRS:
    if asked is None:
        asked = _usual(here, degrees)
    misfit = is_local(asked) != is_local(here)
    why = why_not_measuring(asked, None if misfit else degrees)
    if misfit or why is not None:
        because = why or Text(
            zh="地方坐标网格在地球上没有位置", en="a city's own grid has no place on the globe"
        )
        raise CrsError(
            f"控制点不能列在 {asked.name} 中：{because.zh}。",
            f"Control points cannot be listed in {asked.name}: {because.en}.",
            remedy=GIVE_CRS,
            layer=LAYER,
            expected="a CGCS2000 3-degree zone",
            found=asked.name,
        )
    return asked


def _usual(here: CRS, degrees: Bounds | None) -> CRS:
    if degrees is None or is_survey_zone(zone_named(here)):
        return here
    west, south, east, north = degrees
    china = CHINA_DEGREES
    within = china[0] <= west and east <= china[2] and china[1] <= south and north <= china[3]
    return zone_crs((west + east) / 2) if within else here


def _require_one_datum(here: CRS, there: CRS) -> None:
    """Refuse to lead from or to a datum whose way to the other is not known to 1 mm."""
    datums = {datum_of(here), datum_of(there)}
    if len(datums) == 1 or not datums & set(OLD_DATUMS):
        return
    raise CrsError(
        f"绿线的坐标系是 {here.name}，换算到 {there.name} 的参数精度达不到 1 mm。",
        f"The lines are in {here.name}; the way to {there.name} is not known to 1 mm.",
        remedy=Text(
            zh=f"请先用测绘部门的正式参数转换；若要按原坐标系列表，请写 crs={_code(here)!r}。",
            en="Convert them with the official parameters of the survey office first; to list them "
            f"as they are, write crs={_code(here)!r}.",
        ),
        layer=LAYER,
        expected=there.name,
        found=here.name,
    )


def _code(crs: CRS) -> str:
    code = crs.to_epsg()
    return str(crs.name) if code is None else f"EPSG:{code}"


def _plane(crs: CRS, zone: Zone | None, *, zone_prefix: bool) -> Plane:
    if zone is None:
        if zone_prefix:
            raise InputError(
                f"{crs.name} 不是高斯—克吕格带，没有带号可写。",
                f"{crs.name} is no Gauss-Krüger zone: there is no number to write.",
                remedy=Text(zh="请去掉 zone_prefix。", en="Leave zone_prefix out."),
                layer=LAYER,
                found=crs.name,
            )
        return Plane(crs=crs)
    if not zone_prefix:
        return Plane(crs=replace(zone, number=None).crs)
    number = round(zone.meridian / 3) if zone.step == NARROW_STEP else round(zone.meridian + 3) // 6
    return Plane(crs=replace(zone, number=number).crs, prefix=number, shift_mm=number * ZONE_MM)


def _moved(lines: gpd.GeoDataFrame, moved: gpd.GeoDataFrame, crs: CRS) -> Finding:
    """Tell that lines were projected, and how far their edges lie from where they were."""
    before, after = (_middles(frame.geometry.to_numpy()) for frame in (lines, moved))
    way = Transformer.from_crs(lines.crs, crs, always_xy=True)
    there = np.column_stack(way.transform(*before.T))
    bend = float(np.hypot(*(there - after).T).max()) * 1000
    text = Text(
        zh=f"绿线已从 {lines.crs.name} 投影到 {crs.name}；拐点之间仍为直线，边的中点最多偏 {bend:.1f} mm。",
        en=f"The lines were put from {lines.crs.name} into {crs.name}; edges stay straight between "
        f"their corners, at most {bend:.1f} mm beside where they were.",
    )
    if datum_of(lines.crs) != datum_of(crs):
        also = Text(
            zh="两者的基准不同，换算精度不到 1 mm，以原测量成果为准。",
            en=" Their datums differ: the way between them is less exact than 1 mm.",
        )
        text = Text(zh=text.zh + also.zh, en=text.en + also.en)
    return Finding(code="control_points_projected", text=text, severity="warning", layer=LAYER)


def _middles(shapes: Any) -> Any:
    rings = shapely.get_rings(shapes)
    spots, of = shapely.get_coordinates(rings, return_index=True)
    same = of[1:] == of[:-1]
    return ((spots[1:] + spots[:-1]) / 2)[same]


def _told(crs: CRS, zone: Zone | None, degrees: Bounds | None) -> tuple[Finding, ...]:
    found = []
    if not is_survey_zone(zone):
        text = Text(
            zh=f"控制点按 {crs.name} 列出，不是 CGCS2000 三度带。",
            en=f"The control points are listed in {crs.name}, which is no CGCS2000 3-degree zone.",
        )
        found.append(
            Finding(code="control_points_no_zone", text=text, severity="warning", layer=LAYER)
        )
    error = 0.0 if degrees is None else linear_error(crs, degrees)
    if error > MOST_ERROR:
        text = Text(
            zh=f"边长是投影面上的长度，与椭球面上的最多相差 {error * 1e5:.1f} cm/km。",
            en="Edge lengths are those on the plane; they differ from those on the ellipsoid by up "
            f"to {error * 1e5:.1f} cm in a kilometre.",
        )
        found.append(Finding(code="control_points_scale", text=text, layer=LAYER))
    return tuple(found)
