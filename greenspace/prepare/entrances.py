"""Entrances: surveyed gates, and the parks that they belong to.

Question   Which park does each of these points lead into?
Enters     Parks and a layer of points in the measuring CRS, which may name their park.
Leaves     The points with their parks, and findings that name what fits none.
Elsewhere  Parks that have no entrance given: prepare/gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import GeometryType

from greenspace.errors import GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.repair import unplaced

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

WITHIN_M = 50.0
PARK, NAME = "park", "name"
POINTS = (GeometryType.POINT, GeometryType.MULTIPOINT)


def given_gates(
    parks: gpd.GeoDataFrame, entrances: gpd.GeoDataFrame | None
) -> tuple[tuple[Ints, Floats], tuple[Finding, ...]]:
    """Return the park of each entrance and its coordinates, and what fits none.

    An entrance belongs to the park whose ``name`` its column ``park`` gives, of several to the
    nearest of them; without a name that is known, to the nearest park within 50 m.

    Raises
    ------
    GeometryError
        The entrances are not points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=shapely.box([0, 9], 0, [1, 10], 1))
    >>> gates = gpd.GeoDataFrame({"park": ["b", None]}, geometry=shapely.points([[2, 0], [2, 1]]))
    >>> given_gates(parks, gates)[0][0].tolist()
    [1, 0]
    """
    if entrances is None or entrances.empty:
        return (np.empty(0, dtype=np.int64), np.empty((0, 2))), ()
    shapes = entrances.geometry.to_numpy()
    blank = shapely.is_missing(shapes) | shapely.is_empty(shapes) | unplaced(shapes)
    _require_points(entrances, shapes, blank)
    placed = np.where(blank, None, shapely.force_2d(shapes))
    points, row = shapely.get_parts(placed, return_index=True)
    names = _names(entrances, PARK)[row]
    gate, park, unknown = _by_name(parks, points, names)
    near = np.setdiff1d(np.arange(len(points)), gate)
    place, nearest = shapely.STRtree(parks.geometry.to_numpy()).query_nearest(
        points[near], max_distance=WITHIN_M
    )
    gate, park = np.concatenate([gate, near[place]]), np.concatenate([park, nearest])
    homeless = np.setdiff1d(np.arange(len(points)), gate)
    order = np.lexsort((park, gate))
    gate, park = gate[order], park[order].astype(np.int64)
    offset_m = shapely.distance(points[gate], parks.geometry.to_numpy()[park])
    findings = (
        *_told("gates_without_shape", NO_SHAPE, entrances.index[blank]),
        *_told("gates_name_unknown", UNKNOWN, entrances.index[np.unique(row[unknown])]),
        *_told("gates_without_park", NO_PARK, entrances.index[np.unique(row[homeless])]),
        *_told("gates_far", FAR, entrances.index[np.unique(row[gate[offset_m > WITHIN_M]])]),
    )
    return (park, shapely.get_coordinates(points[gate])), findings


def _names(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.object_]:
    """Return names without spaces around them, ``""`` where there is none."""
    if column not in frame:
        return np.full(len(frame), "", dtype=object)
    values = frame[column]
    names = np.where(values.isna(), "", values.astype(str).str.strip())
    return names.astype(object)


def _by_name(
    parks: gpd.GeoDataFrame, points: NDArray[np.object_], names: NDArray[np.object_]
) -> tuple[Ints, Ints, Ints]:
    """Return gates with the parks that they name, and the gates whose name no park has."""
    known = _names(parks, NAME)
    shaped = ~np.asarray(parks.geometry.isna() | parks.geometry.is_empty, dtype=bool)
    table = pd.DataFrame({"name": known, "park": np.arange(len(known))})[shaped]
    asked = pd.DataFrame({"name": names, "gate": np.arange(len(names))})
    pairs = asked[asked["name"] != ""].merge(table, on="name")
    gate, park = pairs["gate"].to_numpy(), pairs["park"].to_numpy()
    apart = shapely.distance(points[gate], parks.geometry.to_numpy()[park])
    order = np.lexsort((park, apart, gate))
    gates, first = np.unique(gate[order], return_index=True)
    unknown = np.setdiff1d(np.flatnonzero(names != ""), gates)
    return gates, park[order][first], unknown


def _require_points(entrances: gpd.GeoDataFrame, shapes: NDArray[np.object_], blank: Mask) -> None:
    other = ~blank & ~np.isin(shapely.get_type_id(shapes), POINTS)
    if not other.any():
        return
    found = ", ".join(sorted(set(entrances.geometry.geom_type[other])))
    raise GeometryError(
        f"出入口应为点，其中有 {int(other.sum())} 个要素是 {found}。",
        f"Entrances should be points; {int(other.sum())} rows are {found}.",
        remedy=Text(zh="请给出每个出入口的一个点。", en="Give one point for each entrance."),
        layer="entrances",
        rows=entrances.index[other],
        expected="Point",
        found=found,
    )


def _told(code: str, text: Text, rows: pd.Index) -> tuple[Finding, ...]:
    """Return one finding with its rows, or nothing where there are none."""
    count = len(rows)
    if not count:
        return ()
    words = Text(zh=text.zh.format(count=count), en=text.en.format(count=count))
    return (
        Finding(
            code=code,
            text=words,
            severity="warning",
            layer="entrances",
            rows=tuple(rows),
            count=count,
        ),
    )


NO_SHAPE = Text(
    zh="没有图形或坐标不是有限数的出入口，已略去：{count} 个。",
    en="Entrances without a shape, or whose coordinates are no finite numbers, were left out: {count}.",
)
UNKNOWN = Text(
    zh="出入口所写的公园名不在公园图层中，改按就近归属：{count} 个。",
    en="Entrances name a park that the layer does not hold; the nearest one was taken: {count}.",
)
NO_PARK = Text(
    zh=f"{WITHIN_M:g} 米之内没有公园的出入口，未使用：{{count}} 个。",
    en=f"Entrances with no park within {WITHIN_M:g} m were not used: {{count}}.",
)
FAR = Text(
    zh=f"按名称归属、但离公园超过 {WITHIN_M:g} 米的出入口：{{count}} 个；这段距离按直线计入步行距离。",
    en=f"Entrances farther than {WITHIN_M:g} m from the park that they name: {{count}}; the straight "
    "way between counts as walked.",
)
