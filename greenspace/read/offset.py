"""Offset: whether a layer lies a constant distance off another one.

Question   Do two layers show the same outlines, some hundred metres apart?
Enters     The layers of a city, each in its CRS.
Leaves     A warning for each layer that seems shifted, with how far and what does that.
Elsewhere  Moving a layer once the user says so: read/georeference. Formula: model/offset_coordinates.

A corner is two edges in a row, told by their lengths and directions; one that occurs once in
a layer and once in another is taken for the same corner. Where most of those that lie within
1.5 km of each other are apart by one and the same step, the layers are shifted; where that
step vanishes once one of them is taken for a web map's, that is the likely cause. At most
100 000 vertices and 20 000 corners of a layer are looked at, of the longest shapes and edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj.exceptions import ProjError
from scipy.spatial import KDTree

from greenspace.model.crs import is_local, to_degrees
from greenspace.model.offset_coordinates import FORWARD, is_shifted, to_wgs84
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_VERTICES, MOST_CORNERS = 100_000, 20_000
SHORTEST_M, LONGEST_M = 5.0, 5000.0
ALIKE = 0.02  # of an edge drawn as a vector whose length is the logarithm of its metres
FARTHEST_M, NEAREST_M = 1500.0, 50.0
SPREAD_M = 30.0
LEAST_CORNERS = 8
EXPLAINED_M = 15.0
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Corners:
    """Corners of a layer: three points each, in degrees, and the row of each.

    What is worked out for one pair of layers is kept for the next.
    """

    points: Floats
    rows: NDArray[np.int64]

    @cached_property
    def shapes(self) -> Floats:
        """Two edges each, four numbers: what makes corners alike wherever they lie."""
        edges = _metres(self.points[:, 1:], self.points[:, :-1])
        lengths = np.hypot(edges[..., 0], edges[..., 1])
        scaled = edges * (np.log1p(lengths) / lengths)[..., None]
        return scaled.reshape(-1, 4)

    def at(self, chosen: NDArray[Any]) -> Corners:
        """Return some of the corners."""
        return Corners(self.points[chosen], self.rows[chosen])

    @cached_property
    def tree(self) -> KDTree:
        """The shapes, for looking up those that are alike."""
        return KDTree(self.shapes)

    @cached_property
    def undone(self) -> dict[str, Corners]:
        """The corners as they would lie if a web map had drawn them; nothing outside China."""
        lon, lat = self.points[..., 0], self.points[..., 1]
        if not is_shifted(lon, lat).any():
            return {}
        moved = {name: np.stack(to_wgs84(name, lon, lat), axis=-1) for name in FORWARD}
        return {name: Corners(points, self.rows) for name, points in moved.items()}


@dataclass(frozen=True, slots=True)
class Shift:
    """One layer against another: metres east and north, and what would cause them."""

    layer: str
    other: str
    east_m: float
    north_m: float
    corners: int
    rows: int
    cause: str | None


def offset_findings(layers: Mapping[str, gpd.GeoDataFrame]) -> tuple[Finding, ...]:
    """Return a warning for each layer that lies a constant step off another one."""
    corners = {
        name: found for name, frame in layers.items() if (found := _corners(frame)) is not None
    }
    pairs = (_shift(a, b, corners[a], corners[b]) for a, b in combinations(corners, 2))
    shifts = sorted(
        (shift for shift in pairs if shift is not None),
        key=lambda shift: (shift.cause is None, -shift.corners),
    )
    told: dict[str, Shift] = {}
    for shift in shifts:
        if shift.cause is not None or shift.other not in told:
            told.setdefault(shift.layer, shift)
    return tuple(_finding(shift) for shift in told.values())


def _corners(frame: gpd.GeoDataFrame) -> Corners | None:
    if is_local(frame.crs):
        return None
    lines, rows = _outlines(frame.geometry.to_numpy())
    points, index = shapely.get_coordinates(lines, return_index=True)
    degrees = _degrees(frame, points)
    if degrees is None or len(points) < LEAST_CORNERS:
        return None
    edges = _metres(degrees[1:], degrees[:-1])
    lengths = np.hypot(*edges.T)
    usable = (index[1:] == index[:-1]) & (lengths >= SHORTEST_M) & (lengths <= LONGEST_M)
    at = np.flatnonzero(usable[1:] & usable[:-1]) + 1
    longest = np.argsort(-(lengths[at - 1] + lengths[at]), kind="stable")
    at = at[longest[:MOST_CORNERS]]
    found = Corners(
        np.stack([degrees[at - 1], degrees[at], degrees[at + 1]], axis=1), rows[index[at]]
    )
    once = found.at(_once(found.shapes))
    return once if len(once.rows) >= LEAST_CORNERS else None


def _outlines(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return rings and lines, all rings turned one way, of as many long shapes as allowed."""
    order = np.argsort(-np.nan_to_num(shapely.length(shapes)), kind="stable")
    counts = np.cumsum(shapely.get_num_coordinates(shapes[order]))
    rows = order[: max(1, int(np.searchsorted(counts, MOST_VERTICES, side="right")))]
    parts, of = shapely.get_parts(shapes[rows], return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    linear = np.isin(shapely.get_type_id(parts), (1, 2))
    rings, within = shapely.get_rings(shapely.orient_polygons(parts[areal]), return_index=True)
    lines = np.concatenate([rings, parts[linear]])
    return lines, rows[np.concatenate([of[areal][within], of[linear]])]


def _degrees(frame: gpd.GeoDataFrame, points: Floats) -> Floats | None:
    try:
        degrees = np.column_stack(to_degrees(frame.crs).transform(points[:, 0], points[:, 1]))
    except ProjError:
        return None
    return degrees if np.isfinite(degrees).all() else None


def _once(shapes: Floats) -> NDArray[np.bool_]:
    if len(shapes) < LEAST_CORNERS:
        return np.zeros(len(shapes), dtype=bool)
    apart, _ = KDTree(shapes).query(shapes, k=2)
    alone: NDArray[np.bool_] = apart[:, 1] > ALIKE
    return alone


def _shift(name: str, other: str, here: Corners, there: Corners) -> Shift | None:
    plain = _common(here, there)
    if plain is not None and _size(_step(*plain)) < NEAREST_M:
        return None
    for cause in FORWARD:
        for drawn, true, names in ((here, there, (name, other)), (there, here, (other, name))):
            same = _common(drawn, true, cause) if cause in drawn.undone else None
            if same is not None and _size(_step(same[0].undone[cause], same[1])) <= EXPLAINED_M:
                return _told(*names, *same, cause)
    return None if plain is None else _told(name, other, *plain, None)


def _common(
    here: Corners, there: Corners, cause: str | None = None
) -> tuple[Corners, Corners] | None:
    """Return the corners of both that are alike and apart by one step, if they are many.

    With a cause, they are compared once it is undone in the first layer.
    """
    seen = here if cause is None else here.undone[cause]
    apart, match = there.tree.query(seen.shapes, distance_upper_bound=ALIKE)
    own = np.flatnonzero(np.isfinite(apart))
    if len(own) < LEAST_CORNERS:
        return None
    own = own[np.bincount(match[own], minlength=len(there.rows))[match[own]] == 1]
    steps = _metres(seen.points[own, 1], there.points[match[own], 1])
    near = np.hypot(*steps.T) <= FARTHEST_M
    own, steps = own[near], steps[near]
    if len(own) < LEAST_CORNERS:
        return None
    alike = np.hypot(*(steps - np.median(steps, axis=0)).T) <= SPREAD_M
    if alike.sum() < max(LEAST_CORNERS, len(own) / 2):
        return None
    return here.at(own[alike]), there.at(match[own[alike]])


def _metres(points: Floats, origin: Floats) -> Floats:
    steps = (points - origin) * METRES_PER_DEGREE
    steps[..., 0] *= np.cos(np.radians(origin[..., 1]))
    return steps


def _step(drawn: Corners, true: Corners) -> Floats:
    step: Floats = np.median(_metres(drawn.points[:, 1], true.points[:, 1]), axis=0)
    return step


def _size(step: Floats) -> float:
    return float(np.hypot(*step))


def _told(name: str, other: str, drawn: Corners, true: Corners, cause: str | None) -> Shift:
    east, north = _step(drawn, true).tolist()
    rows = len(np.unique(drawn.rows))
    return Shift(name, other, east, north, len(drawn.rows), rows, cause)


def _finding(shift: Shift) -> Finding:
    east, north = f"{shift.east_m:+.0f}", f"{shift.north_m:+.0f}"
    zh = (
        f"图层 {shift.layer} 与 {shift.other} 有 {shift.corners} 处相同的轮廓，"
        f"却整体偏移：向东 {east} 米，向北 {north} 米。"
    )
    en = (
        f"Layer {shift.layer} shows {shift.corners} corners of {shift.other} shifted by"
        f" {east} m east and {north} m north."
    )
    if shift.cause is None:
        zh += "请核对两者的坐标系和坐标基准。"
        en += " Check the CRS and datum of both."
    else:
        zh += (
            f"这正是 {shift.cause} 在此处的偏移；若确为网络地图数据，请在 [layers.{shift.layer}] 下"
            f'写 crs = "{shift.cause}"。未作任何改动。'
        )
        en += (
            f" That is what {shift.cause} does here: if the layer comes from a web map, write"
            f' crs = "{shift.cause}" in [layers.{shift.layer}]. Nothing was moved.'
        )
    return Finding(
        code="layer_offset",
        text=Text(zh=zh, en=en),
        severity="warning",
        layer=shift.layer,
        count=shift.rows,
    )
