"""Park points: parks of which only a place is known, taken as entrances where that is asked for.

Question   May these parks be measured, although some of them have no area?
Enters     A layer of parks, polygons and perhaps points, and the radius that points serve.
Leaves     Parks in the measuring CRS in the caller's order; points only with a radius of theirs.
Elsewhere  Entrances of parks that have an area, on foot: prepare/gates.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer

PLACE = "__place__"


def parks_ready(
    parks: Layer, ready: Ready, name: str = "parks", *, point_radius_m: float | None = None
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
        tier says it.

    Raises
    ------
    GeometryError
        Some parks are points and no radius is given, or they are lines.
    InputError
        The radius is not a positive number.
    """
    frame = as_frame(parks, name)
    radius = _require_radius(point_radius_m)
    is_point = shapely.get_dimensions(frame.geometry.to_numpy()) == 0
    is_point &= ~shapely.is_empty(frame.geometry.to_numpy())
    if not is_point.any():
        return ready.layer(parks, name), ()
    count = int(is_point.sum())
    if radius is None:
        raise _pointless(frame, is_point, name)
    marked = frame.assign(**{PLACE: np.arange(len(frame))})
    kinds = [ready.points(marked[is_point].explode(), name)]
    if count < len(frame):
        kinds.insert(0, ready.layer(marked[~is_point], name))
    both = gpd.GeoDataFrame(pd.concat(kinds), crs=ready.crs).sort_values(PLACE, kind="stable")
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
        rows=tuple(frame.index[is_point]),
        count=count,
        indicators=("service_coverage",),
    )
    return both.drop(columns=PLACE), (told,)


def _require_radius(radius: float | None) -> float | None:
    number = isinstance(radius, int | float) and not isinstance(radius, bool)
    if radius is None or (number and isfinite(radius) and radius > 0):
        return radius
    raise InputError(
        f"point_radius_m 应为正的米数，而不是 {radius!r}。",
        f"point_radius_m should be a positive number of metres, not {radius!r}.",
        found=radius,
    )


def _pointless(frame: gpd.GeoDataFrame, is_point: np.ndarray, name: str) -> GeometryError:
    count, kinds = int(is_point.sum()), sorted(set(frame.geometry.geom_type[is_point]))
    return GeometryError(
        f"{name} 应为面图层，却有 {count} 个 {'、'.join(kinds)}：没有面积，无法按规模确定服务半径。",
        f"{name} should hold polygons, but has {count} {', '.join(kinds)}: without an area no tier "
        "says how far they serve.",
        remedy=Text(
            zh="请给公园的面；若这些点是出入口，请写明半径，例如 point_radius_m=300。",
            en="Give the parks as polygons; if the points are entrances, say how far they serve, "
            "e.g. point_radius_m=300.",
        ),
        layer=name,
        rows=frame.index[is_point],
        expected="polygons",
        found=tuple(kinds),
    )
