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
    nearest of them; without a name that is known, to the nearest park within 50 m. Columns are
    found in capitals too; a number is the same name as its digits.

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
    points, row = points[~shapely.is_empty(points)], row[~shapely.is_empty(points)]
    asked, known = column_of(entrances, PARK), column_of(parks, NAME)
    names = _names(entrances, asked)[row]
    gate, park, unknown = _by_name(parks, _names(parks, known), points, names)
    by_name = np.unique(row[gate])
    near = np.setdiff1d(np.arange(len(points)), gate)
    place, nearest = shapely.STRtree(parks.geometry.to_numpy()).query_nearest(
        points[near], max_distance=WITHIN_M
    )
    gate, park = np.concatenate([gate, near[place]]), np.concatenate([park, nearest])
    homeless = np.setdiff1d(np.arange(len(points)), gate)
    nameless = np.setdiff1d(unknown, homeless)
    order = np.lexsort((park, gate))
    gate, park = gate[order], park[order].astype(np.int64)
    offset_m = shapely.distance(points[gate], parks.geometry.to_numpy()[park])
    findings = (
        *_told("gates_without_shape", NO_SHAPE, entrances.index[blank]),
        *_by_columns(len(by_name), asked, known),
        *_told("gates_name_unknown", UNKNOWN, entrances.index[np.unique(row[nameless])]),
        *_told("gates_without_park", NO_PARK, entrances.index[np.unique(row[homeless])]),
        *_told("gates_far", FAR, entrances.index[np.unique(row[gate[offset_m > WITHIN_M]])]),
    )
    return (park, shapely.get_coordinates(points[gate])), findings


def column_of(frame: gpd.GeoDataFrame, column: str) -> str | None:
    """Return what a layer calls a column: its name, or else that in other letters, as shapefiles.

    Examples
    --------
    >>> import geopandas as gpd
    >>> column_of(gpd.GeoDataFrame({"PARK": []}, geometry=[]), "park")
    'PARK'
    """
    names = [name for name in frame.columns if isinstance(name, str)]
    if column in names:
        return column
    return next((name for name in names if name.casefold() == column), None)


def _names(frame: gpd.GeoDataFrame, column: str | None) -> NDArray[np.object_]:
    """Return names without spaces around them, ``""`` where there is none."""
    if column is None:
        return np.full(len(frame), "", dtype=object)
    values = frame[column]
    words = ["" if no else _word(value) for value, no in zip(values, values.isna(), strict=True)]
    names: NDArray[np.object_] = np.array(words, dtype=object)
    return names


def _word(value: object) -> str:
    """Return a name; of a whole number its digits, however it is stored."""
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]


def _by_name(
    parks: gpd.GeoDataFrame,
    known: NDArray[np.object_],
    points: NDArray[np.object_],
    names: NDArray[np.object_],
) -> tuple[Ints, Ints, Ints]:
    """Return gates with the parks that they name, and the gates whose name no park has."""
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


def _by_columns(count: int, asked: str | None, known: str | None) -> tuple[Finding, ...]:
    """Return by which columns entrances were given to parks; nothing where none was."""
    if not count:
        return ()
    text = Text(
        zh=f"按出入口的字段 {asked} 与公园的字段 {known} 归属公园的出入口：{count} 个；其余按就近归属。",
        en=f"Entrances given to parks by column {asked} of the entrances and {known} of the parks: "
        f"{count}; others to the nearest one.",
    )
    return (Finding(code="gates_by_name", text=text, layer="entrances", count=count),)


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
    zh=f"未写明已知公园、{WITHIN_M:g} 米之内也没有公园的出入口，未使用：{{count}} 个。",
    en=f"Entrances that name no park of the layer and have none within {WITHIN_M:g} m were not "
    "used: {count}.",
)
FAR = Text(
    zh=f"按名称归属、但离公园超过 {WITHIN_M:g} 米的出入口：{{count}} 个；这段距离按直线计入步行距离。",
    en=f"Entrances farther than {WITHIN_M:g} m from the park that they name: {{count}}; the straight "
    "way between counts as walked.",
)
