"""Outlines: the lines of a city that a report checks and maps show, and the centre area.

Question   Does the boundary hold together, and how green is the centre?
Enters     A Scope.
Leaves     Ledgers of the boundary and the centre; layers that maps of the report draw.
Elsewhere  The geometry: measure/boundary. Table 1 of the report: present/outline_tables.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.errors import InputError
from greenspace.measure.areas import covered_area
from greenspace.measure.boundary import BUILT_UP, DISTRICT, boundary_table
from greenspace.model.gauged import Gauged
from greenspace.model.layers import LAYERS
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import finding_of
from greenspace.model.words import Text
from greenspace.prepare.clip import clip_polygons
from greenspace.prepare.project import to_crs

if TYPE_CHECKING:
    from typing import Any

    from greenspace.model.source import Finding
    from greenspace.scope import Scope

DRAWN: Final = ("centre", "historic", "parking", "old_trees", "roads", "greenways")
TITLES: Final = {
    BUILT_UP: LAYERS["built_up"].title,
    "together": Text(zh="各区合计", en="all districts together"),
}
BOUNDARY_NOTE: Final = Text(
    zh="面积为投影平面面积；各区只计建成区内的部分。缝隙：建成区内不属任何区的部分；重叠：为多个区共有的部分。",
    en="Areas in the plane of measuring; of districts, what lies in the built-up area. Gap: built-up "
    "ground in no district; overlap: ground in several.",
)
BOUNDARY_COLUMNS: Final = (
    Column("name", Text(zh="地区", en="place")),
    Column("area_m2", Text(zh="面积", en="area"), "m2"),
    Column("share", Text(zh="占建成区", en="of the built-up area"), "1"),
    Column("parts", Text(zh="部分数", en="parts"), "count"),
    Column("holes", Text(zh="孔洞数", en="holes"), "count"),
    Column("hole_area_m2", Text(zh="孔洞面积", en="area of holes"), "m2"),
    Column("beyond_construction_m2", Text(zh="超出建设用地", en="beyond construction land"), "m2"),
    Column("gap_m2", Text(zh="缝隙", en="gap"), "m2"),
    Column("overlap_m2", Text(zh="重叠", en="overlap"), "m2"),
)
CENTRE_NOTE: Final = Text(
    zh="中心区取其在建成区内的部分；不属建设用地的绿地不计入中心区绿地率。",
    en="Of the centre, what lies in the built-up area; other green land beside construction land "
    "counts for nothing in its ratio.",
)
CENTRE_COLUMNS: Final = (
    Column("name", Text(zh="名称", en="name")),
    Column("area_m2", Text(zh="面积", en="area"), "m2"),
    Column("green_m2", Text(zh="绿地面积", en="green area"), "m2"),
    Column("ratio", Text(zh="绿地率", en="green-space ratio"), "1"),
    Column("coverage", Text(zh="绿化覆盖率", en="green coverage"), "1"),
    Column("covered_m2", Text(zh="植被面积", en="area under vegetation"), "m2"),
    Column("seen_m2", Text(zh="可判读面积", en="area that could be interpreted"), "m2"),
)


def gauge_outlines(scope: Scope) -> Gauged:
    """Check the boundary, describe the centre, and hand on what maps draw."""
    layers: dict[str, gpd.GeoDataFrame] = {}
    findings: list[Finding] = []
    for name in DRAWN:
        if name not in scope.city.layers:
            continue
        try:
            layers[name] = _ready(scope, name)
        except InputError as error:
            findings.append(replace(finding_of(error), severity="warning"))
    ledgers = [_boundary(scope), _centre(scope, layers.get("centre"))]
    return Gauged(
        layers=layers,
        findings=tuple(findings),
        ledgers=tuple(ledger for ledger in ledgers if ledger is not None),
    )


def _ready(scope: Scope, name: str) -> gpd.GeoDataFrame:
    """Return a layer in the measuring CRS; what is no ground is drawn as it is."""
    layer, ready = scope.city.layers[name], scope.terrain.ready
    if LAYERS[name].kind == "polygon":
        return ready.layer(layer, name)
    return to_crs(layer[~(layer.geometry.isna() | layer.geometry.is_empty)], ready.crs, name)


def _boundary(scope: Scope) -> Ledger | None:
    terrain = scope.terrain
    if terrain.built_up is None:
        return None
    shapes = [] if terrain.districts is None else list(terrain.districts.geometry)
    table = boundary_table(
        terrain.built_up, shapes, terrain.district_names, terrain.construction_land
    )
    names = [
        name if kind == DISTRICT else TITLES[kind]
        for kind, name in zip(table["kind"], table["name"], strict=True)
    ]
    rows = table.drop(columns="kind").assign(name=pd.Series(names, dtype=object))
    title = Text(zh="边界核查表", en="boundary")
    return Ledger("boundary", title, BOUNDARY_COLUMNS, rows, BOUNDARY_NOTE)


def _centre(scope: Scope, centre: gpd.GeoDataFrame | None) -> Ledger | None:
    """Return green area, ratio and coverage of the centre, as one place."""
    if centre is None or scope.terrain.built_up is None:
        return None
    ground = clip_polygons(centre, scope.terrain.built_up)
    shape = shapely.union_all(ground.geometry.to_numpy())
    area = float(shapely.area(shape))
    if area <= 0:
        return None
    green = _green_area(scope, shape)
    row = {
        "name": LAYERS["centre"].title,
        "area_m2": area,
        "green_m2": green,
        "ratio": green / area,
        **_coverage(scope, shape),
    }
    title = Text(zh="中心区绿化", en="green of the centre area")
    return Ledger("centre_green", title, CENTRE_COLUMNS, pd.DataFrame([row]), CENTRE_NOTE)


def _green_area(scope: Scope, shape: Any) -> float:
    """Return the green land of the centre by the classes of the city's edition."""
    if "green" not in scope.city.layers:
        return nan
    _, parts = scope.terrain.green_parts
    return float(covered_area(shapely.get_parts(parts.inside), np.array([shape]))[0])


def _coverage(scope: Scope, shape: Any) -> dict[str, float]:
    """Return green coverage of what is seen, and its halves; NaN where nothing shows vegetation."""
    zones = gpd.GeoDataFrame(geometry=[shape], crs=scope.terrain.crs)
    try:
        found = scope.cover.green_in(zones).ratio(0)
    except InputError:
        return dict.fromkeys(("coverage", "covered_m2", "seen_m2"), nan)
    return {
        "coverage": found.value,
        "covered_m2": found.numerator,
        "seen_m2": found.denominator,
    }
