"""Place: whether coordinates lie where their CRS says, and if not, what was likely meant.

Question   Are these numbers swapped, without their zone, or in another unit than is claimed?
Enters     A layer or the bounds of an image, and the CRS stated.
Leaves     Nothing where they fit or where nobody can tell; else a refusal with the likely cause.
Elsewhere  The zones: model/gauss_kruger. Layers that lie apart: read/contract, read/offset.

Only what fits in one way and not as stated is refused. The middle of a layer is looked at,
so a stray vertex neither hides a trap nor makes one. What a script made up near the origin
of a plane is left in peace: it is taken for degrees only where it is small and in China.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Proj

from greenspace.errors import CrsError
from greenspace.model.crs import CHINA_DEGREES, FULL_CIRCLE, is_local, place_of
from greenspace.model.gauss_kruger import NARROW, Zone, datum_of, is_near, zone_of
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.crs import Bounds

    Point = tuple[float, float]
    Trap = tuple[Text, Text, str]  # what is wrong, the next step, and the cause for programs

BEYOND_DEGREES = 1.0  # a city at the border of a CRS's area of use may reach over it
ALONG_DEGREES = 10.0  # round the central meridian of a CRS whose area of use is not stated
WITHIN_ZONE_DEGREES = 0.25  # beyond the edge of a zone, where a second mistake is supposed
WHOLE_EARTH: Bounds = (-180.0, -90.0, 180.0, 90.0)
MOST_OF_EARTH = 350.0
SVALBARD: Bounds = (10.0, 76.0, 34.0, 81.0)
ROUND_ORIGIN = 0.01
SMALLEST_CITY_M = 10.0
BEYOND_EARTH = 1.25  # a map of the Pacific runs on beyond the edge of the world
ASTRAY = 0.01
MILLIMETRES = 1000.0
SWAP = Text(
    zh="请在导出时把东坐标（经度）放在前面，或对调两列后再存。",
    en="Put the easting (or longitude) first when exporting, or swap the two columns.",
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Where coordinates lie: the middle that counts, the extent, and whether a file has them."""

    middle: Point
    extent: Bounds
    filed: bool

    @property
    def is_small(self) -> bool:
        """Whether it is too small for a city in metres, and not a point."""
        west, south, east, north = self.extent
        return 0 < max(east - west, north - south) < SMALLEST_CITY_M


def require_place(
    frame: gpd.GeoDataFrame, *, file: Path | str | None = None, layer: str | None
) -> None:
    """Refuse a layer whose coordinates fit its CRS only after a change.

    Raises
    ------
    CrsError
        They are swapped, bear the wrong zone number or none, are in another unit, or lie
        outside the CRS. ``found`` names the cause: an EPSG code that is likely,
        ``"north, east"``, ``"degrees"``, ``"metres"``, ``"millimetres"`` or ``"outside"``.
    """
    bounds = frame.geometry.bounds.to_numpy()
    _require(frame.crs, bounds, file, layer, filed=file is not None)


def require_image_place(crs: CRS | None, bounds: Bounds, *, file: str) -> None:
    """Refuse an image whose bounds fit its CRS only after a change.

    Raises
    ------
    CrsError
        As `require_place` does.
    """
    if crs is not None:
        _require(crs, np.array([bounds]), file, None, filed=False)


def _require(
    crs: CRS,
    bounds: NDArray[np.float64],
    file: Path | str | None,
    layer: str | None,
    *,
    filed: bool,
) -> None:
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    middle = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
    extent = (*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist())
    spread = Spread((float(middle[0]), float(middle[1])), extent, filed)
    trap = _trap(_plane_part(crs), spread)
    if trap is None:
        return
    problem, remedy, found = trap
    raise CrsError(
        problem.zh,
        problem.en,
        remedy=remedy,
        file=file,
        layer=layer,
        expected=crs.name,
        found=found,
    )


def _plane_part(crs: CRS) -> CRS:
    if crs.is_bound and crs.source_crs is not None:
        return _plane_part(crs.source_crs)
    if crs.is_compound:
        return _plane_part(crs.sub_crs_list[0])
    return crs


def _trap(crs: CRS, spread: Spread) -> Trap | None:
    if is_local(crs):
        return _local_trap(crs, spread)
    if crs.is_geographic:
        return _geographic_trap(crs, spread)
    if not crs.is_projected:
        return None
    zone = zone_of(crs)
    trap = _plane_trap(crs, spread) if zone is None else _zone_trap(crs, zone, spread)
    return trap or _degrees_trap(crs, spread, zone) or _outside_trap(crs, spread.middle)


def _local_trap(crs: CRS, spread: Spread) -> Trap | None:
    west, south, east, north = spread.extent
    middle = ((west + east) / 2, (south + north) / 2)
    return _are_degrees(crs, middle) if spread.is_small and _in_china(middle) else None


def _in_china(middle: Point) -> bool:
    return _inside(middle, CHINA_DEGREES) or _inside(middle[::-1], CHINA_DEGREES)


def _geographic_trap(crs: CRS, spread: Spread) -> Trap | None:
    middle = spread.middle
    if max(map(abs, middle)) > FULL_CIRCLE:
        return _are_metres(crs, middle)
    if _is_whole_earth(crs):
        impossible = abs(middle[1]) > WHOLE_EARTH[3] >= abs(middle[0])
        arctic = _inside(middle[::-1], CHINA_DEGREES) and not _inside(middle, SVALBARD)
        swapped = impossible or arctic
        return _are_swapped(crs, middle) if swapped else None
    return _plane_trap(crs, spread)


def _plane_trap(crs: CRS, spread: Spread) -> Trap | None:
    middle = spread.middle
    area = _area_of(crs) or _along_meridian(crs)
    if _fits(crs, middle, area, BEYOND_DEGREES):
        return None
    if _fits(crs, middle[::-1], area):
        return _are_swapped(crs, middle)
    likely = _zone_of_metres(crs, middle)
    if likely is not None:
        return _are_of_zone(crs, None, likely, middle, swapped=False)
    likely = _zone_of_metres(crs, middle[::-1])
    if likely is not None and _all_within(likely, spread):
        return _are_of_zone(crs, None, likely, middle[::-1], swapped=True)
    return None


def _fits(crs: CRS, point: Point, area: Bounds, margin: float = 0.0) -> bool:
    return _inside(_degrees(crs, point), area, margin) and _lies_in(crs, point)


def _lies_in(crs: CRS, point: Point) -> bool:
    """Return whether a point is on the plane at all, and not merely wrapped onto it."""
    if crs.is_geographic:
        return True
    place, area, plane = place_of(crs, *point), _area_of(crs), Proj(crs)
    if not np.isfinite(place).all():
        return False
    if area is not None and area[2] - area[0] > MOST_OF_EARTH:
        return not abs(point[0]) > BEYOND_EARTH * abs(plane(180.0, 0.0)[0])
    back = plane(*place)
    return bool(np.allclose(back, point, rtol=ASTRAY, atol=MILLIMETRES))


def _zone_trap(crs: CRS, zone: Zone, spread: Spread) -> Trap | None:
    middle = spread.middle
    if is_near(crs, zone, *middle):
        return None
    if is_near(crs, zone, *middle[::-1]):
        return _are_swapped(crs, middle)
    likely = zone.renumbered(middle[0])
    if likely is not None and likely.code and is_near(likely.crs, likely, *middle):
        return _are_of_zone(crs, zone, likely, middle, swapped=False)
    likely = zone.renumbered(middle[1])
    if likely is not None and likely.code and _all_within(likely, spread):
        return _are_of_zone(crs, zone, likely, middle[::-1], swapped=True)
    return None


def _all_within(zone: Zone, spread: Spread) -> bool:
    """Return whether swapped coordinates lie in a zone itself, every one of them."""
    farthest = zone.step / 2 + WITHIN_ZONE_DEGREES
    points = [point[::-1] for point in (spread.middle, spread.extent[:2], spread.extent[2:])]
    return all(
        is_near(zone.crs, zone, *point)
        and abs(place_of(zone.crs, *point)[0] - zone.meridian) <= farthest
        for point in points
    )


def _degrees_trap(crs: CRS, spread: Spread, zone: Zone | None) -> Trap | None:
    middle = spread.middle
    if max(map(abs, spread.extent)) > WHOLE_EARTH[2] or min(map(abs, middle)) > WHOLE_EARTH[3]:
        return None
    if not spread.filed and not (spread.is_small and _in_china(middle)):
        return None
    area = CHINA_DEGREES if zone is not None else _area_of(crs)
    if area is None:
        fits = spread.is_small and _inside(middle, _round_meridian(crs))
        return _are_degrees(crs, middle) if fits else None
    if area[2] - area[0] > MOST_OF_EARTH:
        origin = np.hypot(*_degrees(crs, middle)) < ROUND_ORIGIN
        return _are_degrees(crs, middle) if origin else None
    if _inside(_degrees(crs, middle), area, BEYOND_DEGREES):
        return None
    fits = _inside(middle, area) or _inside(middle[::-1], area)
    return _are_degrees(crs, middle) if fits else None


def _outside_trap(crs: CRS, middle: Point) -> Trap | None:
    if _lies_in(crs, middle):
        return None
    east, north = (value / MILLIMETRES for value in middle)
    area = _area_of(crs) or _along_meridian(crs)
    return _are_outside(crs, middle, millimetres=_fits(crs, (east, north), area, BEYOND_DEGREES))


def _degrees(crs: CRS, point: Point) -> Point:
    return point if crs.is_geographic else place_of(crs, *point)


@lru_cache(maxsize=64)
def _area_of(crs: CRS) -> Bounds | None:
    """Return the area of use; that of the registered CRS which this one matches, if need be."""
    code = None if crs.area_of_use is not None else crs.to_epsg()
    area = type(crs).from_epsg(code).area_of_use if code is not None else crs.area_of_use
    return None if area is None else area.bounds


def _is_whole_earth(crs: CRS) -> bool:
    area = _area_of(crs)
    return area is None or area[2] - area[0] > MOST_OF_EARTH


def _along_meridian(crs: CRS) -> Bounds:
    """Return where a CRS without an area of use is meant: any place, but for its meridian."""
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return WHOLE_EARTH
    return _round_meridian(crs)


def _round_meridian(crs: CRS) -> Bounds:
    operation = crs.coordinate_operation
    params = () if operation is None else operation.params
    found = [float(item.value) for item in params if item.name.startswith("Longitude of")]
    if not found:
        return WHOLE_EARTH
    return (found[0] - ALONG_DEGREES, -90.0, found[0] + ALONG_DEGREES, 90.0)


def _inside(point: Point, area: Bounds, margin: float = 0.0) -> bool:
    if not np.isfinite(point).all():
        return False
    lon, lat = (point[0] + 180.0) % FULL_CIRCLE - 180.0, point[1]
    west, south, east, north = area
    after, before = lon >= west - margin, lon <= east + margin
    across = west > east  # the antimeridian
    return ((after or before) if across else (after and before)) and (
        south - margin <= lat <= north + margin
    )


def _shown(point: Point) -> str:
    digits = 4 if max(map(abs, point)) <= FULL_CIRCLE else 0
    return f"({point[0]:.{digits}f}, {point[1]:.{digits}f})"


def _are_swapped(crs: CRS, middle: Point) -> Trap:
    problem = Text(
        zh=f"坐标（中部为 {_shown(middle)}）不在 {crs.name} 的使用范围内，对调后才在："
        "看来是（北，东）次序。",
        en=f"The coordinates, {_shown(middle)} in the middle, do not lie in {crs.name} but do"
        " when swapped: they look like (north, east).",
    )
    return problem, SWAP, "north, east"


def _are_of_zone(crs: CRS, zone: Zone | None, likely: Zone, point: Point, *, swapped: bool) -> Trap:
    east = f"{point[0]:.0f}"
    said = Text(zh="不带带号", en="have no zone number")
    if likely.number is not None:
        said = Text(
            zh=f"带有带号 {likely.number}", en=f"begin with the zone number {likely.number}"
        )
    wants = Text(zh="不带带号", en="has none")
    if zone is not None and zone.number is not None:
        wants = Text(zh=f"的带号是 {zone.number}", en=f"has the zone number {zone.number}")
    also = (
        Text(zh="，而且次序是（北，东）", en=", and come second") if swapped else Text(zh="", en="")
    )
    problem = Text(
        zh=f"东坐标（约 {east}）{said.zh}{also.zh}，而 {crs.name} {wants.zh}。",
        en=f"The eastings, about {east}, {said.en}{also.en}, but {crs.name} {wants.en}.",
    )
    remedy = Text(
        zh=f'很可能是 {likely.code}：请更正文件的坐标系；文件没有坐标系时写 crs = "{likely.code}"。',
        en=f"{likely.code} is likely: correct the CRS of the file, or write"
        f' crs = "{likely.code}" where the file has none.',
    )
    if swapped:
        remedy = Text(zh=remedy.zh + SWAP.zh, en=f"{remedy.en} {SWAP.en}")
    return problem, remedy, str(likely.code)


def _are_outside(crs: CRS, middle: Point, *, millimetres: bool) -> Trap:
    remedy = Text(
        zh="请核对坐标的单位和坐标系。", en="Check the unit of the coordinates, and the CRS."
    )
    if millimetres:
        remedy = Text(
            zh="看来是毫米：请换算成米后再用。",
            en="They look like millimetres: convert them to metres.",
        )
    problem = Text(
        zh=f"坐标（中部为 {_shown(middle)}）不在 {crs.name} 之内。",
        en=f"The coordinates, {_shown(middle)} in the middle, do not lie in {crs.name}.",
    )
    return problem, remedy, "millimetres" if millimetres else "outside"


def _are_degrees(crs: CRS, middle: Point) -> Trap:
    problem = Text(
        zh=f"坐标（中部为 {_shown(middle)}）看来是度，而 {crs.name} 的单位不是度。",
        en=f"The coordinates, {_shown(middle)} in the middle, look like degrees, but"
        f" {crs.name} is not in degrees.",
    )
    remedy = Text(
        zh="请更正坐标系：CGCS2000 经纬度是 EPSG:4490，WGS 84 是 EPSG:4326。",
        en="Correct the CRS: EPSG:4490 for degrees of CGCS2000, EPSG:4326 of WGS 84.",
    )
    return problem, remedy, "degrees"


def _are_metres(crs: CRS, middle: Point) -> Trap:
    problem = Text(
        zh=f"坐标（中部为 {_shown(middle)}）看来是米，而 {crs.name} 的单位是度。",
        en=f"The coordinates, {_shown(middle)} in the middle, look like metres, but"
        f" {crs.name} is in degrees.",
    )
    likely = _zone_of_metres(crs, middle) or _zone_of_metres(crs, middle[::-1])
    if likely is not None:
        remedy = Text(
            zh=f"东坐标带有带号 {likely.number}，很可能是 {likely.code}：请更正坐标系。",
            en=f"The eastings begin with the zone number {likely.number}: {likely.code} is"
            " likely. Correct the CRS.",
        )
        return problem, remedy, str(likely.code)
    remedy = Text(
        zh="请改写它们所在的投影坐标系，例如 EPSG:4547。",
        en="Name the projected CRS that they are in, such as EPSG:4547.",
    )
    return problem, remedy, "metres"


def _zone_of_metres(crs: CRS, point: Point) -> Zone | None:
    number = int(point[0] // 1e6) if np.isfinite(point[0]) else 0
    zone = Zone(datum_of(crs) or "CGCS2000", 3, 3.0 * number, number)
    return zone if number in NARROW and zone.code and is_near(zone.crs, zone, *point) else None
