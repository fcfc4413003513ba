"""Green ledgers: base tables of green parcels, old trees and vertical greening.

Question   Which green parcels, old trees and planted walls does the city have?
Enters     A Scope.
Leaves     Ledgers, and what was noticed in their columns.
Elsewhere  The numbers: greenland. Parks: park_ledger. Rendering: present/.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError
from greenspace.measure.class_areas import RETURNED, VERTICAL
from greenspace.model.layers import LAYERS
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text
from greenspace.prepare.amounts_of_rows import amounts_of_rows
from greenspace.prepare.answers import yes_no
from greenspace.prepare.classify import roles_of
from greenspace.prepare.overlaps import settle_overlaps
from greenspace.read.definitions import read_classes
from greenspace.read.old_trees import read_tree_schemes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable, Role
    from greenspace.model.quantity import Ratio
    from greenspace.model.source import Severity
    from greenspace.scope import Scope

    Made = tuple[tuple[Ledger, ...], tuple[Finding, ...]]

MOST_ROWS = 5_000
CODE, NAME = Column("code", Text("代码", "code")), Column("name", Text("名称", "name"))
AREA = Column("area_m2", Text("面积", "area"), "m2")
INSIDE = Column("inside_m2", Text("建成区内", "in the built-up area"), "m2")
COUNTS_AS = Column("counts_as", Text("计为", "counts as"))
ROLES: dict[Role, Text] = {
    "park": Text("公园绿地，计入绿地率", "park; in the green-space ratio"),
    "green": Text("计入绿地率", "in the green-space ratio"),
    "other": Text(
        "其他绿地，毗邻且不超过上限的部分计入", "other green; what adjoins, up to the cap"
    ),
    "none": Text("不计入绿地率", "never in the green-space ratio"),
}
UNCLASSED = Text("未分类，全部计为绿地", "no class: all of it counts as green")
ONCE = Text(
    zh="按类汇总的面积中，重叠的土地只计一次，归级别较高的类。",
    en="In areas by class, ground that parcels share stands once, with the class of the stronger "
    "claim.",
)
CUT = Text(
    zh=f"地块超过 {MOST_ROWS} 个，不逐个列出。",
    en=f"There are more than {MOST_ROWS} parcels: they are not listed one by one.",
)
GRADES = Text(
    zh="按树龄分级，三种方案并列：林业 [61]（来源较弱）、城建 [62][127]、某省条例（来源较弱；名木为特级）。",
    en="Grades by age, by three schemes side by side: forestry [61] (a weak source), city "
    "[62][127], a provincial law (a weak source; a famous tree is special at any age).",
)
REGISTER = Text(
    zh="登记数，不计入绿化覆盖率和绿地率。",
    en="As registered; in neither green coverage nor the green-space ratio.",
)
UNSAID = Text("未填类型", "no kind given")
REGISTERS = {RETURNED: "returned_farmland", VERTICAL: "vertical_greening"}
WALLS = {
    "wall": Text("墙面", "wall"),
    "墙面": Text("墙面", "wall"),
    "bridge": Text("桥体", "bridge"),
    "桥体": Text("桥体", "bridge"),
}


def green_parcel_ledgers(scope: Scope) -> Made:
    """Return green parcels by class, and each of them where there are not too many."""
    layer, edition = scope.city.layers.get("green"), scope.city.editions.get("green")
    if layer is None:
        return (), ()
    frame = scope.terrain.ready.layer(layer, "green", overlaps=False)
    table = read_classes(edition) if edition is not None and "class" in frame.columns else None
    listed = _listed(frame, table)
    settled = settle_overlaps(frame, listed["priority"].to_numpy())
    ground = scope.terrain.built_up
    listed["area_m2"] = frame.area.to_numpy()
    listed["inside_m2"] = _inside(frame, ground)
    listed["once_m2"], listed["once_inside_m2"] = settled.area.to_numpy(), _inside(settled, ground)
    by_class = _by_class(listed)
    each = tuple(column for column in (CODE, NAME, AREA, INSIDE, COUNTS_AS))
    rows = listed[[column.key for column in each]]
    many = len(rows) > MOST_ROWS
    single = Ledger(
        "green_parcel_list",
        Text("绿地地块名录", "list of green parcels"),
        each,
        rows.iloc[:0] if many else rows,
        CUT if many else None,
    )
    return (by_class, single), ()


def _listed(frame: gpd.GeoDataFrame, table: ClassTable | None) -> pd.DataFrame:
    blank = [None] * len(frame)
    names = frame["name"].tolist() if "name" in frame.columns else blank
    if table is None:
        return pd.DataFrame(
            {
                "code": blank,
                "class_name": [UNCLASSED] * len(frame),
                "name": names,
                "counts_as": [UNCLASSED] * len(frame),
                "priority": 0,
            }
        )
    codes = frame["class"].astype(str).str.strip()
    roles = roles_of(frame["class"], table, "green")
    entries = [table.entry(code) for code in codes]
    return pd.DataFrame(
        {
            "code": codes.tolist(),
            "class_name": [None if entry is None else entry.name for entry in entries],
            "name": names,
            "counts_as": [ROLES[role] for role in roles],  # type: ignore[index]
            "priority": [table.priority(code) for code in codes],
        }
    )


def _inside(frame: gpd.GeoDataFrame, ground: Any | None) -> NDArray[np.float64]:
    """Return the area of each shape within the built-up area; NaN where none is given."""
    if ground is None:
        return np.full(len(frame), np.nan)
    shapes = frame.geometry.to_numpy()
    shapely.prepare(ground)
    whole = shapely.contains_properly(ground, shapes)
    areas: NDArray[np.float64] = shapely.area(shapes)
    areas[~whole] = shapely.area(shapely.intersection(shapes[~whole], ground))
    return areas


def _by_class(listed: pd.DataFrame) -> Ledger:
    groups = listed.groupby("code", dropna=False, sort=False)
    rows = pd.DataFrame(
        {
            "code": groups["code"].first().to_numpy(),
            "name": groups["class_name"].first().to_numpy(),
            "count": groups.size().to_numpy(),
            "area_m2": groups["once_m2"].sum().to_numpy(),
            "inside_m2": groups["once_inside_m2"].sum(min_count=1).to_numpy(),
            "counts_as": groups["counts_as"].first().to_numpy(),
            "priority": groups["priority"].first().to_numpy(),
        }
    )
    rows = rows.sort_values(["priority", "code"], ignore_index=True).drop(columns="priority")
    count = Column("count", Text("地块数", "parcels"), "count")
    columns = (CODE, Column("name", Text("类别", "class")), count, AREA, INSIDE, COUNTS_AS)
    return Ledger(
        "green_parcels", Text("绿地分类汇总", "green parcels by class"), columns, rows, ONCE
    )


def old_tree_ledger(scope: Scope) -> Made:
    """Return the old trees with their grades by age under each scheme."""
    layer = scope.city.layers.get("old_trees")
    if layer is None:
        return (), ()
    numbers: dict[str, NDArray[np.float64]] = {}
    told: list[Finding] = []
    for key in ("age", "dbh", "crown"):
        if key not in layer.columns:
            numbers[key] = np.full(len(layer), np.nan)
            continue
        numbers[key], findings = _amounts(layer[key], "old_trees")
        told += findings
    famous = np.zeros(len(layer), dtype=bool)
    if "famous" in layer.columns:
        famous, unsaid = _answers(layer["famous"], "old_trees")
        told += unsaid
    rows = {
        "name": layer["name"].tolist() if "name" in layer.columns else [None] * len(layer),
        "age": numbers["age"],
        **{
            s.id: [
                s.grade(age, famous=bool(f)) for age, f in zip(numbers["age"], famous, strict=True)
            ]
            for s in read_tree_schemes()
        },
        "dbh_m": numbers["dbh"] / 100,
        "crown_m": numbers["crown"],
        "district": districts_of(layer, scope),
    }
    columns = (
        NAME,
        Column("age", Text("树龄（年）", "age, years"), "count"),
        *(
            Column(s.id, Text(f"级别：{s.name.zh}", f"grade: {s.name.en}"))
            for s in read_tree_schemes()
        ),
        Column("dbh_m", Text("胸径", "trunk at 1.3 m"), "m"),
        Column("crown_m", Text("冠幅", "width of the crown"), "m"),
        Column("district", Text("区", "district")),
    )
    frame = pd.DataFrame(rows).astype({s.id: object for s in read_tree_schemes()})
    frame = frame.sort_values("age", ascending=False, kind="stable", ignore_index=True)
    return (
        Ledger("old_trees", Text("古树名录", "list of old trees"), columns, frame, GRADES),
    ), tuple(told)


def districts_of(layer: gpd.GeoDataFrame, scope: Scope) -> list[str | None]:
    """Return the district that each shape's middle lies in, ``None`` where it lies in none."""
    districts = scope.terrain.districts
    if districts is None:
        return [None] * len(layer)
    middles = layer.to_crs(scope.terrain.crs).geometry.representative_point().to_numpy()
    row, district = shapely.STRtree(districts.geometry.to_numpy()).query(
        middles, predicate="intersects"
    )
    first = dict(zip(row[::-1].tolist(), district[::-1].tolist(), strict=True))
    names = scope.terrain.district_names
    return [names[first[i]] if i in first else None for i in range(len(layer))]


def vertical_greening_ledger(scope: Scope) -> Made:
    """Return the register of vertical greening, by kind and then each entry."""
    layer = scope.city.layers.get("vertical_greening")
    if layer is None:
        return (), ()
    areas = np.full(len(layer), np.nan)
    if "area_m2" in layer.columns:
        areas, _ = _amounts(layer["area_m2"], "vertical_greening")  # told where it is summed
    blank = [None] * len(layer)
    kinds = layer["kind"].tolist() if "kind" in layer.columns else blank
    rows = pd.DataFrame(
        {
            "name": layer["name"].tolist() if "name" in layer.columns else blank,
            "kind": [WALLS.get(str(kind).strip().lower(), kind) for kind in kinds],
            "area_m2": areas,
            "district": districts_of(layer, scope),
        }
    )
    columns = (
        NAME,
        Column("kind", Text("类型", "kind")),
        AREA,
        Column("district", Text("区", "district")),
    )
    title = Text("垂直绿化登记", "register of vertical greening")
    return (Ledger("vertical_greening", title, columns, rows, _by_kind(rows)),), ()


def _by_kind(rows: pd.DataFrame) -> Text:
    """Return how many entries of each kind there are, and their area where all of it is known."""
    kinds = rows["kind"].map(lambda kind: UNSAID if kind is None or pd.isna(kind) else kind)
    kinds = kinds.map(lambda kind: kind if isinstance(kind, Text) else Text(str(kind), str(kind)))
    said = []
    for kind, of_kind in rows["area_m2"].groupby(kinds, sort=False):
        known = "" if of_kind.isna().all() else f" {of_kind.sum():,.10g} m²"
        said.append((kind, len(of_kind), known))
    zh = "；".join(f"{kind.zh} {count} 处{known}" for kind, count, known in said)
    en = "; ".join(f"{kind.en}: {count}{known and ','}{known}" for kind, count, known in said)
    return Text(f"{REGISTER.zh}{zh}。", f"{REGISTER.en} {en}.") if said else REGISTER


def _amounts(column: pd.Series, layer: str) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """Return a column as numbers, blank where a cell is none; such cells are told."""
    try:
        return amounts_of_rows(column, layer)
    except ColumnError as error:
        blank = column.mask(column.index.isin(error.rows))
        values, told = amounts_of_rows(blank, layer)
        return values, (replace(finding_of(error), severity="warning"), *told)


def _answers(column: pd.Series, layer: str) -> tuple[NDArray[np.bool_], tuple[Finding, ...]]:
    """Return which cells say yes; what says neither is a no here, and is told."""
    try:
        return yes_no(column, layer)
    except ColumnError as error:
        answers, told = yes_no(column.mask(column.index.isin(error.rows)), layer)
        return answers, (replace(finding_of(error), severity="warning"), *told)


def register_total(ratio: Ratio) -> tuple[Finding, ...]:
    """Return what a register comes to, whether or not a standard asks for it."""
    layer = REGISTERS.get(ratio.indicator)
    if layer is None:
        return ()
    title = LAYERS[layer].title
    area = f"{ratio.value:,.10g} m²"
    text = Text(f"{title.zh}合计 {area}。", f"Together the layer of {title.en} has {area}.")
    return (_of_register("register_total", text, layer, ratio.indicator, "note"),)


def unmeasured_register(
    indicator: str, why: Text, layers: Mapping[str, gpd.GeoDataFrame]
) -> tuple[Finding, ...]:
    """Return why a register that is there comes to no number."""
    layer = REGISTERS.get(indicator)
    if layer is None or layer not in layers:
        return ()
    return (_of_register("register_unmeasured", why, layer, indicator, "warning"),)


def _of_register(code: str, text: Text, layer: str, indicator: str, severity: Severity) -> Finding:
    return Finding(code=code, text=text, severity=severity, layer=layer, indicators=(indicator,))
