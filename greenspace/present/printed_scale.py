"""Printed scale: a round scale that is true on paper.

Question   Which scale shows this ground on this sheet, and does the one asked for?
Enters     An extent in a CRS, a paper, a scale if one is asked for.
Leaves     A Plan: the layout, the scale, and the ground that the map's frame shows.
Elsewhere  Where everything is: paper. Drawing: sheet_frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import Proj, Transformer

from greenspace.errors import CrsError, InputError
from greenspace.model.words import Text
from greenspace.present.paper import SIZES, Box, Layout, lay_out, paper_size
from greenspace.present.words import clean

if TYPE_CHECKING:
    from pyproj import CRS

    Bounds = tuple[float, float, float, float]

SCALES: Final = (
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
)
ROOM: Final = 1.04  # of the extent: nothing that is mapped touches the frame
LEAST_GROUND: Final = 20.0  # metres: a single tree is shown with its surroundings
LEAST_ON_PAPER: Final = 10.0  # mm: below it a city is a dot
DISTORTED: Final = 0.01  # length on the CRS's plane against that on the ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A sheet before it is drawn.

    Attributes
    ----------
    scale
        The denominator.
    ground
        What the map's frame shows, in the CRS: west, south, east, north.
    unit
        Metres in one unit of the CRS.
    factor
        Length on the CRS's plane over length on the ground, in the middle of the map.
    """

    layout: Layout
    scale: float
    ground: Bounds
    unit: float
    factor: float


def plan_sheet(
    bounds: Bounds,
    crs: CRS | None,
    *,
    size: str = "A3",
    landscape: bool | None = None,
    scale: float | None = None,
    banner: str = "",
    dots: bool = False,
) -> Plan:
    """Return where everything goes, and the scale.

    Parameters
    ----------
    bounds
        What must be seen, in the CRS: west, south, east, north.
    crs
        A projected CRS, or a local grid; the scale holds on its plane.
    size, landscape
        The paper, and which way it lies; ``None``: the way that shows the ground larger.
    scale
        The denominator, as 10000 of 1:10 000; ``None``: the largest round one that shows it all.
    banner
        A warning that takes room below the title.
    dots
        Whether a mapped thing may be smaller than 10 mm, as on one sheet among many.

    Raises
    ------
    CrsError
        The CRS is unknown, has degrees, or is no plane on which a scale holds.
    InputError
        There is no such paper; the scale is none, does not fit, or shows a dot.

    Examples
    --------
    >>> from pyproj import CRS
    >>> plan = plan_sheet((500_000, 3_400_000, 503_000, 3_402_000), CRS.from_epsg(4547))
    >>> plan.scale, plan.layout.landscape
    (10000, True)
    """
    size = paper_size(size)
    unit, factor = _plane(bounds, crs)
    extent = _extent(bounds, unit)
    ways = (extent[0] >= extent[1], extent[0] < extent[1]) if landscape is None else (landscape,)
    layouts = [lay_out(size, landscape=way, banner=banner) for way in ways]
    layout = min(layouts, key=lambda one: _least_scale(one.map, extent))  # of equals the first
    found = _least_scale(layout.map, extent)
    chosen = found if scale is None else _asked(scale, layout, extent, dots=dots)
    if not isfinite(chosen):
        raise InputError(
            "图的范围太大，任何比例尺都放不下。",
            "The extent is too large for any scale.",
            remedy=Text("请检查坐标系和坐标。", "Check the CRS and the coordinates."),
            found=extent,
        )
    ground = _ground(bounds, layout.map, chosen / 1000 / unit)
    return Plan(layout=layout, scale=chosen, ground=ground, unit=unit, factor=factor)


def show_scale(scale: float) -> str:
    """Return a scale as it is printed.

    Examples
    --------
    >>> show_scale(10000), show_scale(500)
    ('1:10 000', '1:500')
    """
    return f"1:{scale:,.10g}".replace(",", " ")


def _plane(bounds: Bounds, crs: CRS | None) -> tuple[float, float]:
    """Return metres in a unit of the CRS, and length on its plane over length on the ground."""
    if crs is None or crs.is_geographic or crs.is_geocentric:
        name = "—" if crs is None else clean(crs.name)
        raise CrsError(
            f"坐标系为 {name}，没有以米计的平面，图纸上的比例尺无从谈起。",
            f"The CRS is {name}: it has no plane in metres on which a printed scale would hold.",
            remedy=Text(
                "请先投影到当地的 CGCS2000 三度带，如 crs=4547。",
                "Project first, to the local CGCS2000 zone, for instance crs=4547.",
            ),
            expected="a projected CRS",
            found=name,
        )
    unit = float(crs.axis_info[0].unit_conversion_factor) if crs.axis_info else 1.0
    if not crs.is_projected:
        return unit, 1.0
    middle = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    there = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(*middle)
    known = np.isfinite(there).all()
    factor = float(np.sqrt(Proj(crs).get_factors(*there).areal_scale)) if known else inf
    if not abs(factor - 1) <= DISTORTED:
        raise CrsError(
            f"坐标系 {clean(crs.name)} 在此处的长度比为 {factor:.3f}，图纸上的比例尺与实地不符。",
            f"The CRS {clean(crs.name)} stretches lengths here by {factor:.3f}: a printed scale "
            "would be false on the ground.",
            remedy=Text(
                "请改用当地的 CGCS2000 三度带，如 crs=4547。",
                "Use the local CGCS2000 zone, for instance crs=4547.",
            ),
            expected="lengths true to 1 %",
            found=factor,
        )
    return unit, factor


def _extent(bounds: Bounds, unit: float) -> tuple[float, float]:
    """Return width and height in metres of what must be seen."""
    west, south, east, north = (float(value) for value in bounds)
    extent = ((east - west) * unit, (north - south) * unit)
    if not all(isfinite(side) and side >= 0 for side in extent):
        raise InputError(
            "没有可绘的范围。",
            "There is no extent to draw.",
            remedy=Text("请检查图层是否为空。", "See whether the layer is empty."),
            found=bounds,
        )
    return max(extent[0], LEAST_GROUND), max(extent[1], LEAST_GROUND)


def _needed(frame: Box, extent: tuple[float, float]) -> float:
    """Return the denominator at which an extent just fills the frame, but for some room."""
    return 1000 * ROOM * max(extent[0] / frame.width, extent[1] / frame.height)


def _least_scale(frame: Box, extent: tuple[float, float]) -> float:
    needed = _needed(frame, extent)
    return next((scale for scale in SCALES if scale >= needed), inf)


def _asked(scale: Any, layout: Layout, extent: tuple[float, float], *, dots: bool) -> float:
    """Return the scale asked for, where it fits and shows more than a dot."""
    best = _least_scale(layout.map, extent)
    number = float(scale) if _is_number(scale) else 0.0
    if not 0 < number < inf:
        raise InputError(
            f"比例尺的分母应为正数，如 10000，而不是 {clean(scale)}。",
            f"A scale is the denominator, such as 10000 of 1:10 000, not {clean(scale)}.",
            remedy=Text(f"可用 {best:g}。", f"Here {best:g} shows it all."),
            expected="a positive number",
            found=scale,
        )
    shown = show_scale(number)
    if _needed(layout.map, extent) > number:
        paper = _paper_for(number, extent)
        larger = (
            Text("", "") if paper is None else Text(f"，或用 {paper} 图纸", f", or paper {paper}")
        )
        raise InputError(
            f"{shown} 在 {layout.size} 图纸上放不下 {extent[0]:,.0f} 米 × {extent[1]:,.0f} 米的范围。",
            f"{extent[0]:,.0f} m by {extent[1]:,.0f} m does not fit on {layout.size} at {shown}.",
            remedy=Text(
                f"请用 {show_scale(best)}{larger.zh}。", f"Use {show_scale(best)}{larger.en}."
            ),
            expected=best,
            found=scale,
        )
    longest = max(extent) / number * 1000
    if longest < LEAST_ON_PAPER and not dots:
        raise InputError(
            f"按 {shown}，整个范围在图上只有 {longest:.1f} 毫米。",
            f"At {shown} the whole extent is a dot of {longest:.1f} mm on paper.",
            remedy=Text(f"请用 {show_scale(best)}。", f"Use {show_scale(best)}."),
            expected=best,
            found=scale,
        )
    return int(number) if number.is_integer() else number


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _paper_for(scale: float, extent: tuple[float, float]) -> str | None:
    """Return the smallest paper on which an extent fits at a scale."""
    return next(
        (
            size
            for size in reversed(list(SIZES))
            for landscape in (True, False)
            if _needed(lay_out(size, landscape=landscape).map, extent) <= scale
        ),
        None,
    )


def _ground(bounds: Bounds, frame: Box, per_mm: float) -> Bounds:
    """Return what the frame shows around the middle of the extent."""
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    across, up = frame.width * per_mm / 2, frame.height * per_mm / 2
    return x - across, y - up, x + across, y + up
