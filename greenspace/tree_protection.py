"""Tree zones: the ground to protect around a city's old trees, and who is in its way.

Question   Which ground must be kept for each tree or stand, and which projects take some of it?
Enters     Points with a register's columns, and projects, in any CRS.
Leaves     TreeZones: zones, crowns, conflicts, tests, ledgers, and every tree without a zone.
Elsewhere  The geometry: delimit/old_trees. Tables and tests: tree_tables. Lines: green_lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.old_trees import (
    CROWN_MARGIN_M,
    DBH_MULTIPLE,
    crowns,
    discs,
    single_zones,
    stand_zone,
    trunk_reach_m,
)
from greenspace.errors import GeometryError, InputError
from greenspace.evaluate.compare import weaker
from greenspace.model.crs import measuring_crs, parse_crs
from greenspace.model.source import Source
from greenspace.model.tree_zones import TreeZones
from greenspace.model.words import Text
from greenspace.prepare.datum import datum_findings, same_datum
from greenspace.prepare.project import to_crs
from greenspace.prepare.repair import repair_points
from greenspace.prepare.tree_register import (
    CROWN_M,
    DBH_CM,
    LAYER,
    one_point_each,
    read_register,
)
from greenspace.tree_projects import tree_conflicts, tree_projects
from greenspace.tree_remarks import tree_findings
from greenspace.tree_tables import tree_checks, tree_ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from greenspace.model.city import City
    from greenspace.model.definition import Mark
    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer
    from greenspace.prepare.tree_register import CrownFrom, Register

    Shapes = NDArray[Any]

Outline = Literal["hull", "crowns"]
RULE = Source(
    role="old_tree_zone",
    name="GB 51192-2016 [96c]; GB 55014-2021 [96b]; [64]",
    note=Text(
        zh="单株：树冠投影外 5.0 米与距树干外缘 20 倍胸径（1.3 米高处）之并；林地：外缘树冠投影外 5.0 米所围范围。",
        en="single tree: 5.0 m outside the projection of the crown, united with 20 DBH (at 1.3 m) "
        "from the outer edge of the trunk; stand: what 5.0 m outside the outer crowns encloses",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What each tree has of a zone, in the order of the rows; ``None`` where it has nothing."""

    crown: Shapes
    around_crown: Shapes
    around_trunk: Shapes
    reach_m: NDArray[np.float64]
    trunk: bool  # whether the rule asks for the part of the trunk


def tree_zones(
    trees: Layer,
    *,
    crs: Any = None,
    trunk: bool = True,
    dbh_multiple: float = DBH_MULTIPLE,
    crown_from: CrownFrom = "crown",
    stand_outline: Outline = "hull",
    construction: Layer | None = None,
    road_widening: Layer | None = None,
    buildings: Layer | None = None,
) -> TreeZones:
    """Draw the protection zones of old trees, and list what is built or planned on them.

    Of a single tree: ``crown.buffer(5) ∪ trunk.buffer(dbh / 2 + 20 · dbh)`` (GB 51192-2016, and
    GB 55014-2021 for the 5 m). Of a stand, which are the rows with the same value of ``stand``:
    what 5 m outside its outer crowns encloses; trunks take no part. Arcs are drawn by tangents:
    no zone is smaller than its rule, a circle is 0.0050 % larger. A row without DBH has the part
    of its crown alone, one without a crown that of its trunk, one without either no zone: each is
    told and listed. DBH is taken at 1.3 m; the trunk's base, which is wider, is not recorded.

    Parameters
    ----------
    trees
        Points, with columns ``dbh`` (cm), ``crown`` (m, mean width) or ``crown_ew`` and
        ``crown_ns`` (m), and where known ``age`` (years), ``stand``, ``famous``, ``name``.
    crs
        The CRS to draw in: a projected one in metres. ``None``: that of the trees where it can
        measure, else their CGCS2000 3-degree zone.
    trunk, dbh_multiple
        Whether the part of the trunk is drawn, and how many DBH it reaches.
    crown_from
        What a crown is drawn from where a row has both: ``crown``, a circle, or ``widths``, an
        ellipse (provisional: from memory of the standard).
    stand_outline
        ``hull``: a string around the outer crowns; ``crowns``: the ground within 5 m of the
        crowns themselves and what they enclose, for stands that bend.
    construction, road_widening, buildings
        Polygons of projects, with ``name`` where known.

    Raises
    ------
    CrsError, GeometryError, ColumnError
        The trees are no points, have no CRS, or no widths at all; or a column holds words.
    InputError
        An option is none of those there are.

    Examples
    --------
    A crown of 10 m and a trunk of 80 cm: 10 m around the crown's middle, 16.4 m around the trunk.

    >>> trees = gpd.GeoDataFrame(
    ...     {"dbh": [80], "crown": [10.0], "age": [320]},
    ...     geometry=gpd.points_from_xy([500_000], [3_380_000]),
    ...     crs=4547,
    ... )
    >>> zone = tree_zones(trees).zones.iloc[0]
    >>> zone["rule"], round(float(zone["area_m2"]) / (math.pi * 16.4**2), 4)
    ('crown_and_trunk', 1.0001)
    """
    _require_options(dbh_multiple, crown_from, stand_outline)
    frame, told = _on_plane(trees, crs)
    register = read_register(frame, crown_from=crown_from)
    parts = _parts(frame, register, dbh_multiple if trunk else None)
    stands = _stands(register, parts)
    zones, zone_of = _zones(frame, register, parts, stands, stand_outline)
    zones["mark"] = _marks(register, zones, zone_of, dbh_multiple)
    points = _points(frame, register, zone_of)
    ground = _crowns(frame, parts, zone_of)
    given = {"construction": construction, "road_widening": road_widening, "buildings": buildings}
    projects, noticed, sources = tree_projects(zones, given)
    conflicts = tree_conflicts(zones, points, parts.crown, projects)
    remarks = tree_findings(frame, register, points, zones, stands, trunk=trunk)
    known = [name for name, layer in given.items() if layer is not None]
    reach_m = CROWN_M[1] / 2.0 + CROWN_MARGIN_M
    if trunk:
        reach_m = max(reach_m, float(trunk_reach_m(np.array(DBH_CM[1] / 100.0), dbh_multiple)))
    return TreeZones(
        zones=zones,
        trees=points,
        crowns=ground,
        conflicts=conflicts,
        checks=tree_checks(zones, points, conflicts, parts.crown, projects, known, reach_m),
        ledgers=tree_ledgers(zones, points, conflicts, parts.crown, projects),
        findings=tuple(dict.fromkeys((*told, *register.findings, *remarks, *noticed))),
        sources=(Source(role=LAYER, name=f"{len(trees)} rows, {trees.crs.name}"), *sources, RULE),
    )


def tree_zones_of(city: City, crs: Any = None) -> TreeZones | None:
    """Return the zones of a city's old trees and what its projects take; ``None`` without trees."""
    trees = city.layers.get(LAYER)
    if trees is None:
        return None
    return tree_zones(
        trees,
        crs=city.crs if crs is None else crs,
        construction=city.layers.get("construction"),
        road_widening=city.layers.get("road_widening"),
    )


def _require_options(multiple: float, crown_from: str, outline: str) -> None:
    for name, value, known in (
        ("crown_from", crown_from, ("crown", "widths")),
        ("stand_outline", outline, ("hull", "crowns")),
    ):
        if value not in known:
            raise InputError(
                f"{name} 应为 {' 或 '.join(known)}，而不是 {value!r}。",
                f"{name} should be {' or '.join(known)}, not {value!r}.",
                expected=known,
                found=value,
            )
    number = isinstance(multiple, int | float | np.number) and not isinstance(multiple, bool)
    if not (number and math.isfinite(multiple) and multiple > 0):
        raise InputError(
            f"dbh_multiple 应为大于 0 的数，而不是 {multiple!r}。",
            f"dbh_multiple should be a number above 0, not {multiple!r}.",
            remedy=Text(zh="不计树干部分请用 trunk=False。", en="Use trunk=False for none."),
            expected="a number above 0",
            found=multiple,
        )


def _on_plane(trees: Layer, crs: Any) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    frame, dropped = repair_points(one_point_each(trees), LAYER)
    if frame.empty:
        raise GeometryError(
            "古树名木图层没有任何点。",
            "The layer of old trees holds no points.",
            remedy=Text(zh="请核对图层。", en="Check the layer."),
            layer=LAYER,
        )
    west, south, east, north = (float(value) for value in frame.total_bounds)
    asked = None if crs is None else parse_crs(crs)
    plane, told = measuring_crs(asked, frame.crs, (west, south, east, north))
    shifted = () if same_datum(frame.crs, plane) else datum_findings(frame, plane, LAYER)
    return to_crs(frame, plane, LAYER), (*dropped, *told, *shifted)


def _parts(frame: gpd.GeoDataFrame, register: Register, multiple: float | None) -> _Parts:
    at = shapely.get_coordinates(frame.geometry.to_numpy())
    nowhere = np.full(len(frame), np.nan)
    reach = nowhere if multiple is None else trunk_reach_m(register.dbh_m, multiple)
    return _Parts(
        crown=crowns(at, register.half_ew, register.half_ns),
        around_crown=crowns(at, register.half_ew, register.half_ns, CROWN_MARGIN_M),
        around_trunk=discs(at, reach),
        reach_m=reach,
        trunk=multiple is not None,
    )


def _stands(register: Register, parts: _Parts) -> Mapping[str, NDArray[np.int64]]:
    """Return the trees with a crown of each stand, where there are two or more of them."""
    known = ~shapely.is_missing(parts.crown)
    rows: dict[str, list[int]] = {}
    for row, stand in enumerate(register.stand):
        if stand and known[row]:
            rows.setdefault(stand, []).append(row)
    return {stand: np.array(found) for stand, found in rows.items() if len(found) > 1}


def _zones(
    frame: gpd.GeoDataFrame,
    register: Register,
    parts: _Parts,
    stands: Mapping[str, NDArray[np.int64]],
    outline: Outline,
) -> tuple[gpd.GeoDataFrame, NDArray[np.int64]]:
    """Return one row a zone, in the order of the first tree of each, and the zone of each tree."""
    shapes = single_zones(parts.around_crown, parts.around_trunk)
    crown, trunk = (~shapely.is_missing(part) for part in (parts.around_crown, parts.around_trunk))
    in_stand = {int(row): stand for stand, rows in stands.items() for row in rows}
    zone_of = np.full(len(frame), -1, dtype=np.int64)
    rows: list[dict[str, Any]] = []
    made: list[Any] = []
    for row in range(len(frame)):
        if zone_of[row] >= 0 or shapes[row] is None:
            continue
        own = stands[in_stand[row]] if row in in_stand else np.array([row])
        zone_of[own] = len(rows)
        if row in in_stand:
            made.append(stand_zone(parts.around_crown[own], outline))
            rows.append(_stand_row(register, in_stand[row], own))
        else:
            made.append(shapes[row])
            both = "crown_and_trunk" if trunk[row] else "crown"
            rows.append(
                {
                    "tree": frame.index[row],
                    "trees": 1,
                    "name": register.name[row],
                    "age": register.age[row],
                    "stand": register.stand[row],
                    "rule": both if crown[row] else "trunk",
                    "complete": bool(crown[row] and (trunk[row] or not parts.trunk)),
                    "crown_reach_m": max(register.half_ew[row], register.half_ns[row])
                    + CROWN_MARGIN_M,
                    "trunk_reach_m": parts.reach_m[row],
                }
            )
    columns = ("tree", "trees", "name", "age", "stand", "rule", "complete")
    table = pd.DataFrame(rows, columns=[*columns, "crown_reach_m", "trunk_reach_m"])
    table["tree"] = pd.Series([row["tree"] for row in rows], dtype=object)  # whole, or None
    zones = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(made, crs=frame.crs), crs=frame.crs)
    zones.insert(0, "zone", np.arange(1, len(zones) + 1))
    zones["area_m2"] = zones.area
    return zones, zone_of


def _stand_row(register: Register, stand: str, own: NDArray[np.int64]) -> dict[str, Any]:
    ages = register.age[own]
    every = sum(name == stand for name in register.stand)
    return {
        "tree": None,
        "trees": len(own),
        "name": stand,
        "age": float(np.nanmax(ages)) if np.isfinite(ages).any() else np.nan,
        "stand": stand,
        "rule": "stand",
        "complete": len(own) == every,
        "crown_reach_m": np.nan,
        "trunk_reach_m": np.nan,
    }


def _marks(
    register: Register, zones: gpd.GeoDataFrame, zone_of: NDArray[np.int64], multiple: float
) -> list[Mark]:
    """Return how sure the rule of each zone is: an ellipse is provisional, one's own multiple user."""
    marks: list[Mark] = []
    for zone, rule in enumerate(zones["rule"]):
        mark: Mark = "verified"
        if rule in ("trunk", "crown_and_trunk") and multiple != DBH_MULTIPLE:
            mark = weaker(mark, "user")
        if register.ellipse[zone_of == zone].any():
            mark = weaker(mark, "provisional")
        marks.append(mark)
    return marks


def _points(
    frame: gpd.GeoDataFrame, register: Register, zone_of: NDArray[np.int64]
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "tree": list(frame.index),
            "name": register.name,
            "age": register.age,
            "dbh_cm": register.dbh_m * 100.0,
            "crown_ew_m": register.half_ew * 2.0,
            "crown_ns_m": register.half_ns * 2.0,
            "stand": register.stand,
            "famous": register.famous,
            "zone": pd.array(np.where(zone_of < 0, np.nan, zone_of + 1.0), dtype="Int64"),
        },
        geometry=frame.geometry.to_numpy(),
        crs=frame.crs,
    )


def _crowns(frame: gpd.GeoDataFrame, parts: _Parts, zone_of: NDArray[np.int64]) -> gpd.GeoDataFrame:
    known = np.flatnonzero(~shapely.is_missing(parts.crown))
    data = {"tree": list(frame.index[known]), "zone": zone_of[known] + 1}
    return gpd.GeoDataFrame(data, geometry=parts.crown[known], crs=frame.crs)
