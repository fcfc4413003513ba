"""Roads: the land of each road, the green strips on it, and what is asked of them.

Question   How green is the land of each road, and how much of their length meets what is asked?
Enters     Centre lines with red-line widths, road land and strips, in one measuring CRS.
Leaves     Polygons and shares a road; Ratios and RatioTables: m over m, m² over m².
Elsewhere  Rows and classes: prepare/roads. Greened sections: measure/linear. Shade: measure/shade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.areas import covered_area, polygon_parts, within
from greenspace.model.quantity import Ratio, RatioTable

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.measure.linear import Sections
    from greenspace.model.roads import WidthTable

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

ARC_SEGMENTS = 16
NOISE = 1e-9
STEP_DECIMALS = 4
NOTHING = shapely.MultiPolygon()


def road_land(lines: NDArray[Any], width_m: Floats, ground: Any | None = None) -> NDArray[Any]:
    """Return the land of each road: its line buffered flat by half the red-line width.

    A line that closes upon itself, such as a roundabout, has no ends. Without a width there is
    no land.

    Parameters
    ----------
    lines
        Whole lines; where the ground's edge cuts a road, its land is cut there.
    width_m
        NaN where it is not known.
    ground
        Valid polygons that the land is cut to.

    Examples
    --------
    >>> lines = np.array([shapely.linestrings([[0, 0], [100, 0]])])
    >>> shapely.area(road_land(lines, np.array([20.0]), shapely.box(-5, -5, 50, 50))).tolist()
    [750.0]
    """
    known = ~np.isnan(width_m)
    land = np.full(len(lines), NOTHING, dtype=object)
    half = width_m[known] / 2
    drawn = np.array([_ringed(line) for line in lines[known]], dtype=object)
    land[known] = shapely.buffer(
        drawn, half, cap_style="flat", join_style="round", quad_segs=ARC_SEGMENTS
    )
    if ground is None:
        return land
    shapely.prepare(ground)
    cut = known & ~shapely.covers(ground, land)
    land[cut] = [
        shapely.union_all(polygon_parts(np.array([shape], dtype=object))[0])
        for shape in shapely.intersection(land[cut], ground)
    ]
    return land


def _ringed(line: Any) -> Any:
    """Return a closed line as a ring, which is buffered without ends."""
    if line.geom_type == "LineString" and line.is_closed:
        return shapely.LinearRing(line.coords)
    return line


def strip_shares(land: NDArray[Any], strips: NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the area of green strips on the land of each road, and the area of that land.

    Strips that overlap count once.

    Examples
    --------
    >>> land = np.array([shapely.box(0, -10, 100, 10)])
    >>> strips = np.array([shapely.box(0, 6, 100, 12), shapely.box(0, 8, 100, 12)])
    >>> [area.tolist() for area in strip_shares(land, strips)]
    [[400.0], [2000.0]]
    """
    whole = np.asarray(shapely.area(land), dtype=float)
    return covered_area(strips, land), whole


def complies(
    green_m2: Floats, land_m2: Floats, width_m: Floats, landscape: Mask, table: WidthTable
) -> tuple[Floats, Mask]:
    """Return the ratio asked of each road, NaN where none is, and whether the road meets it.

    Examples
    --------
    >>> rows = ((45.0, False, 0.25), (30.0, False, 0.2), (15.0, False, 0.15))
    >>> from greenspace.model.roads import WidthTable
    >>> asked, met = complies(
    ...     np.array([20.0, 20.0]), np.array([100.0, 100.0]), np.array([45.0, 45.01]),
    ...     np.array([False, False]), WidthTable("2023", rows),
    ... )
    >>> asked.tolist(), met.tolist()
    ([0.2, 0.25], [True, False])
    """
    asked = table.asked(width_m, landscape)
    asked[land_m2 <= 0] = np.nan
    share = np.divide(green_m2, land_m2, out=np.zeros(len(land_m2)), where=land_m2 > 0)
    return asked, share >= asked * (1.0 - NOISE)


def snapped(part: Floats, whole: Floats) -> Floats:
    """Return parts within their whole, cleaned of rounding where it hides a round share.

    A share within a billionth of a ten-thousandth step is that step: belts of exactly 20 % stay
    there however the map is turned.

    Examples
    --------
    >>> part, whole = np.array([1599.9999999996, 1599.9]), np.array([8000.000000001, 8000.0])
    >>> (snapped(part, whole) / whole).tolist()
    [0.2, 0.1999875]
    """
    part = np.minimum(within(part, whole), whole)
    share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    step = np.round(share, STEP_DECIMALS)
    near = (whole > 0) & (np.abs(share - step) <= NOISE * step)
    clean = step * whole
    tried = np.stack([np.nextafter(clean, np.inf), np.nextafter(clean, -np.inf), clean])
    for each in tried:  # the quotient of the halves has to be the step again
        over = np.divide(each, whole, out=np.zeros_like(each), where=whole > 0)
        clean = np.where(over == step, each, clean)
    return np.asarray(np.where(near, clean, part))


def length_share(
    indicator: str, sections: Sections, meets: Mask, counts: Mask, crs: CRS | None
) -> Ratio:
    """Return the length of the sections that meet what is asked over that of all that count."""
    whole = float(sections.length_m[counts].sum())
    part = float(sections.length_m[counts & meets].sum())
    return Ratio(indicator, float(snapped(np.array(part), np.array(whole))), whole, "1", crs)


def length_share_by_zone(
    indicator: str, sections: Sections, meets: Mask, counts: Mask, zones: gpd.GeoDataFrame
) -> RatioTable:
    """Return the same for each zone: a section belongs to the zones that hold its middle.

    One whose middle lies on the border of zones belongs to the first of them.
    """
    tree, ground = shapely.STRtree(sections.middle), zones.geometry.to_numpy()
    zone, section = tree.query(ground, predicate="contains")
    near, on = tree.query(ground, predicate="intersects")
    border = ~np.isin(on, section)
    near, on = near[border], on[border]
    first = np.unique(on, return_index=True)[1]
    zone, section = np.append(zone, near[first]), np.append(section, on[first])
    length = sections.length_m[section]
    some, every = (
        np.bincount(zone, length * kept[section], len(zones)).astype(float)
        for kept in (counts & meets, counts)
    )
    return RatioTable(indicator, zones, snapped(some, every), every, "1", zones.crs)


def belt_share(indicator: str, land: NDArray[Any], strips: NDArray[Any], crs: CRS | None) -> Ratio:
    """Return the green belts on the land of some roads over that land; ground counts once.

    Examples
    --------
    >>> land = np.array([shapely.box(0, -10, 100, 10), shapely.box(40, -30, 60, 10)])
    >>> belt = np.array([shapely.box(0, 5, 100, 10)])
    >>> ratio = belt_share("main_road_green_belt_share", land, belt, None)
    >>> ratio.numerator, ratio.denominator
    (500.0, 2400.0)
    """
    whole = shapely.union_all(land)
    area = float(whole.area)
    green = float(covered_area(strips, np.array([whole], dtype=object))[0]) if area else 0.0
    return Ratio(indicator, float(snapped(np.array(green), np.array(area))), area, "1", crs)


def belt_share_by_zone(
    indicator: str, land: NDArray[Any], strips: NDArray[Any], zones: gpd.GeoDataFrame
) -> RatioTable:
    """Return the same for each zone."""
    ground = zones.geometry.to_numpy()
    whole = np.array([shapely.union_all(land)], dtype=object)
    inside = np.array(
        [
            shapely.union_all(polygon_parts(np.array([part], dtype=object))[0])
            for part in shapely.intersection(ground, whole[0])
        ],
        dtype=object,
    )
    area = np.asarray(shapely.area(inside), dtype=float)
    green = covered_area(strips, inside)
    return RatioTable(indicator, zones, snapped(green, area), area, "1", zones.crs)
