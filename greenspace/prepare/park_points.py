"""Park points: parks of which only a place is known, taken as entrances where that is asked for.

Question   May these parks be measured, although some of them have no area?
Enters     A layer of parks, polygons and perhaps points, and the radius that points serve.
Leaves     Parks in the measuring CRS in the caller's order; points only with a radius of theirs.
Elsewhere  Entrances of parks that have an area, on foot: prepare/gates.
"""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.ready import first_with_rows
from greenspace.prepare.repair import as_frame, unplaced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer

SAY_RADIUS: Final = Text(
    zh="请给公园的面；若这些点是出入口，请写明半径，例如 point_radius_m=300。",
    en="Give the parks as polygons; if the points are entrances, say how far they serve, "
    "e.g. point_radius_m=300.",
)
DRAW: Final = Text(zh="请画出公园的面。", en="Draw the parks as polygons.")
ASK_THE_COMMAND: Final = Text(
    zh="请画出公园的面；若这些点是出入口，可用命令 greenspace service --paths … --point-radius-m 300。",
    en="Draw the parks as polygons; if the points are entrances, the command takes them: "
    "greenspace service --paths ... --point-radius-m 300.",
)
AREAL: Final = 2  # dimensions
AROUND: Final = 1e-3  # so that one point has ground, in any unit


def base_with(residential: Layer, parks: Layer) -> tuple[Layer, str]:
    """Return what decides the CRS: residential land, or where there is none the parks.

    Parks that are points have no ground; then it is that about them.

    Examples
    --------
    >>> gate = gpd.GeoSeries([shapely.Point(0, 0)], crs=6933)
    >>> base_with(gate[:0], gate)[0].geom_type.tolist()
    ['Polygon']
    """
    base, name = first_with_rows((residential, "residential"), (parks, "parks"))
    shapes = as_frame(base, name).geometry.to_numpy()
    points = shapes[_are_points(shapes) & ~unplaced(shapes)]
    if name == "residential" or not len(points):
        return base, name
    solid = shapes[shapely.get_dimensions(shapes) == AREAL]
    around = shapely.buffer(shapely.box(*shapely.total_bounds([*points, *solid])), AROUND)
    return gpd.GeoSeries([around], crs=base.crs), name


def parks_ready(
    parks: Layer,
    ready: Ready,
    name: str = "parks",
    *,
    point_radius_m: float | None = None,
    keep_rows: bool = False,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return parks in the measuring CRS, and a finding where some of them are points.

    Parameters
    ----------
    parks
        Polygons, and points if a radius is given for them.
    ready
        Brings them into the measuring CRS, and keeps what is found on the way.
    name
        What findings and errors call the layer.
    point_radius_m
        How far from a point the park serves whose entrance it is; a point has no area, so no
        tier says it. Several points of one row are entrances of one park.
    keep_rows
        Keep rows without a shape, as empty polygons.

    Raises
    ------
    GeometryError
        Some parks are points and no radius is given, or they are lines.
    InputError
        The radius is not a positive number.
    """
    frame = as_frame(parks, name)
    radius = _require_radius(point_radius_m)
    shapes = frame.geometry.to_numpy()
    is_point = _are_points(shapes)
    if not is_point.any():
        return ready.layer(parks, name, keep_rows=keep_rows), ()
    if radius is None:
        raise _pointless(frame, is_point, name)
    placed = is_point & ~unplaced(shapes)
    ground = np.full(len(frame), shapely.MultiPolygon(), dtype=object)
    ground[placed] = ready.points(frame[is_point], name, several=True).geometry.to_numpy()
    if not is_point.all():
        solid = ready.layer(frame[~is_point], name, keep_rows=True)
        ground[~is_point] = solid.geometry.to_numpy()
    both = frame.set_geometry(gpd.GeoSeries(ground, index=frame.index, crs=ready.crs))
    if not keep_rows:
        both = both[~shapely.is_empty(ground)]
    count = int(placed.sum())
    text = Text(
        zh=f"{count} 个公园只有点位，没有面积：按出入口计，服务半径取 {radius:g} 米。",
        en=f"Parks that are points and have no area, taken as entrances that serve {radius:g} m "
        f"around: {count}.",
    )
    told = Finding(
        code="points_as_entrances",
        text=text,
        severity="warning",
        layer=name,
        rows=tuple(frame.index[placed]),
        count=count,
        indicators=("service_coverage",),
    )
    return both, (told,)


def require_ground(parks: Layer, remedy: Text = DRAW) -> None:
    """Refuse parks that are points, where their ground or its edge is needed.

    Raises
    ------
    GeometryError
        Some parks are points.
    """
    frame = as_frame(parks, "parks")
    is_point = _are_points(frame.geometry.to_numpy())
    if is_point.any():
        raise _pointless(frame, is_point, "parks", remedy)


def _are_points(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray((shapely.get_dimensions(shapes) == 0) & ~shapely.is_empty(shapes))


def _require_radius(radius: object) -> float | None:
    if radius is None:
        return None
    if not isinstance(radius, bool) and isinstance(radius, Real):
        metres = float(radius)
        if isfinite(metres) and metres > 0:
            return metres
    raise InputError(
        f"point_radius_m 应为正的米数，而不是 {radius!r}。",
        f"point_radius_m should be a positive number of metres, not {radius!r}.",
        found=radius,
    )


def _pointless(
    frame: gpd.GeoDataFrame, is_point: np.ndarray, name: str, remedy: Text = SAY_RADIUS
) -> GeometryError:
    count, kinds = int(is_point.sum()), sorted(set(frame.geometry.geom_type[is_point]))
    return GeometryError(
        f"{name} 应为面图层，却有 {count} 个 {'、'.join(kinds)}：没有面积，无法按规模确定服务半径。",
        f"{name} should hold polygons, but has {count} {', '.join(kinds)}: without an area no tier "
        "says how far they serve.",
        remedy=remedy,
        layer=name,
        rows=frame.index[is_point],
        expected="polygons",
        found=tuple(kinds),
    )
