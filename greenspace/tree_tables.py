"""Tree tables: the lists of zones, grades and conflicts of old trees, and the tests of them.

Question   What does an office sign for each tree, and where does a zone not hold?
Enters     Zones, trees and conflicts.
Leaves     Ledgers and PlanChecks.
Elsewhere  Drawing: tree_protection. Rendering: present/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.old_trees import TANGENTS, corner_heights_m
from greenspace.delimit.tree_conflicts import near_crowns
from greenspace.evaluate.compare import weaker
from greenspace.model.ledger import Column, Ledger
from greenspace.model.plan_check import PlanCheck
from greenspace.model.tree_zones import RULES
from greenspace.model.words import Text
from greenspace.prepare.tree_register import CROWN_M
from greenspace.present.words import MARKS
from greenspace.read.old_trees import read_tree_schemes
from greenspace.tree_projects import near_projects, open_zones
from greenspace.tree_remarks import OLD_YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from greenspace.model.definition import Mark

GRADING_M = (3.0, 8.0)
KINDS = {
    "construction": Text("建设项目", "construction"),
    "road_widening": Text("道路拓宽", "road widening"),
    "buildings": Text("建筑", "building"),
}
YES, NO = Text("是", "yes"), Text("否", "no")
TREE = Column("tree", Text("行号", "row"))
NAME = Column("name", Text("名称", "name"))
STAND = Column("stand", Text("林地", "stand"))
AGE = Column("age", Text("树龄（年）", "age, years"), "count")
ZONE = Column("zone", Text("保护范围编号", "zone"), "count")
KIND = Column("kind", Text("类型", "kind"))
PROJECT = Column("project", Text("项目", "project"))
GAP = Column("crown_gap_m", Text("距树冠", "from the crown"), "m")
GRADES = Text(
    zh="三种方案并列：林业 [61]（来源较弱）、城建 [62][127]、某省条例（来源较弱；名木为特级）。"
    "国务院令第 800 号（2025-03-15 起施行 [63]）：100 年以上为古树，商品林除外（登记表不能判断）；"
    "其分级和保护范围未能核对，未列。",
    en="Three schemes side by side: forestry [61] (a weak source), city [62][127], a provincial law "
    "(a weak source; fame is special). State Council Order 800, in force from 2025-03-15 [63]: a "
    "tree of 100 years or more is old, commercial timber plantations excluded, which a register "
    "cannot tell; its grades and radius could not be verified and are left out.",
)


def tree_ledgers(
    zones: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    conflicts: gpd.GeoDataFrame,
    crown: NDArray[Any],
    projects: gpd.GeoDataFrame,
) -> tuple[Ledger, ...]:
    """Return zones, grades, trees without a zone, conflicts, and projects near crowns."""
    return (
        _zone_ledger(zones),
        _grade_ledger(points, zones),
        _without_ledger(points),
        _conflict_ledger(conflicts),
        _grading_ledger(points, crown, projects),
    )


def _labels(labels: Sequence[object]) -> list[str]:
    return ["" if label is None else str(label) for label in labels]


def _zone_ledger(zones: gpd.GeoDataFrame) -> Ledger:
    columns = (
        ZONE,
        TREE,
        NAME,
        STAND,
        Column("trees", Text("株数", "trees"), "count"),
        AGE,
        Column("rule", Text("划定规则", "rule")),
        Column("complete", Text("完整", "complete")),
        Column("crown_reach_m", Text("树冠部分半径", "reach of the crown part"), "m"),
        Column("trunk_reach_m", Text("树干部分半径", "reach of the trunk part"), "m"),
        Column("area_m2", Text("面积", "area"), "m2"),
        Column("mark", Text("依据状态", "sureness of the rule")),
    )
    rows = pd.DataFrame(
        {
            **{column.key: zones[column.key].to_numpy() for column in columns},
            "tree": _labels(zones["tree"].tolist()),
            "rule": [RULES[rule] for rule in zones["rule"]],
            "complete": [YES if whole else NO for whole in zones["complete"]],
            "mark": [MARKS[mark] for mark in zones["mark"]],
        }
    )
    shapes = zones.geometry.to_numpy()
    union = float(shapely.area(shapely.disjoint_subset_union_all(shapes))) if len(shapes) else 0.0
    note = Text(
        zh=f"各保护范围可相互重叠，合计占地 {union:,.2f} 平方米。圆弧以 {TANGENTS} 条切线画成，不小于规定范围，"
        "圆的面积偏大 0.0050%。冠幅按平均值画圆，或按东西、南北冠幅画椭圆（暂定）。树干半径取胸径之半。",
        en=f"Zones may overlap; together they take {union:,.2f} m². Arcs are drawn by {TANGENTS} "
        "tangents: never inside the rule, a circle 0.0050 % too large. Crowns are circles of the "
        "mean width, or ellipses of the E–W and N–S widths (provisional). The trunk's radius is "
        "taken as half its DBH.",
    )
    title = Text("古树名木保护范围", "protection zones of old trees")
    return Ledger("tree_zones", title, columns, rows, note)


def _grade_ledger(points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> Ledger:
    del zones
    schemes = read_tree_schemes()
    columns = (
        TREE,
        NAME,
        AGE,
        Column("famous", Text("名木", "famous")),
        *(Column(s.id, Text(f"级别：{s.name.zh}", f"grade: {s.name.en}")) for s in schemes),
        Column("order_800", Text("国务院令 800 号", "Order 800")),
        ZONE,
    )
    ages, famous = points["age"].to_numpy(), points["famous"].to_numpy()
    old = Text("古树", "old tree")
    rows = pd.DataFrame(
        {
            "tree": _labels(points["tree"].tolist()),
            "name": points["name"].to_numpy(),
            "age": ages,
            "famous": [YES if is_famous else None for is_famous in famous],
            **{
                s.id: pd.Series(
                    [s.grade(a, famous=bool(f)) for a, f in zip(ages, famous, strict=True)],
                    dtype=object,
                )
                for s in schemes
            },
            "order_800": pd.Series(
                [old if age >= OLD_YEARS else None for age in ages], dtype=object
            ),
            "zone": points["zone"].to_numpy(),
        }
    )
    rows = rows.sort_values("age", ascending=False, kind="stable", ignore_index=True)
    return Ledger("tree_grades", Text("古树分级", "grades of old trees"), columns, rows, GRADES)


def _without_ledger(points: gpd.GeoDataFrame) -> Ledger:
    none = points[points["zone"].isna()]
    columns = (
        TREE,
        NAME,
        AGE,
        STAND,
        Column("x", Text("东坐标", "east"), "m"),
        Column("y", Text("北坐标", "north"), "m"),
    )
    rows = pd.DataFrame(
        {
            **{key: none[key].to_numpy() for key in ("name", "age", "stand")},
            "tree": _labels(none["tree"].tolist()),
            "x": none.geometry.x.to_numpy(),
            "y": none.geometry.y.to_numpy(),
        }
    )
    title = Text("未划保护范围的树", "trees without a zone")
    note = Text("既无冠幅又无可用胸径。", "Neither a crown width nor a DBH to go by.")
    return Ledger("trees_without_zone", title, columns, rows, note)


def _conflict_ledger(conflicts: gpd.GeoDataFrame) -> Ledger:
    columns = (
        ZONE,
        TREE,
        NAME,
        STAND,
        KIND,
        PROJECT,
        Column("area_m2", Text("占用面积", "area taken"), "m2"),
        Column("share", Text("占该范围", "share of the zone"), "1"),
        Column("in_crown", Text("在树冠投影内", "inside the crown")),
        Column("crown_m2", Text("占树冠投影", "of the crown"), "m2"),
        Column("distance_m", Text("距树干", "from the trunk"), "m"),
        GAP,
    )
    rows = pd.DataFrame(
        {
            **{column.key: conflicts[column.key].to_numpy() for column in columns},
            "tree": _labels(conflicts["tree"].tolist()),
            "kind": [KINDS[kind] for kind in conflicts["kind"]],
            "in_crown": [YES if inside else NO for inside in conflicts["in_crown"]],
            "project": _projects_named(conflicts),
        }
    )
    title = Text("古树保护范围内的建设", "projects on protection zones")
    note = Text(
        "距离从登记的树干点位量起；林地为最近的一株。",
        "Distances are from the recorded point of the trunk; of a stand, from its nearest tree.",
    )
    return Ledger("tree_conflicts", title, columns, rows, note)


def _projects_named(frame: gpd.GeoDataFrame) -> list[str]:
    return [name or str(row) for name, row in zip(frame["project"], frame["row"], strict=True)]


def _grading_ledger(
    points: gpd.GeoDataFrame, crown: NDArray[Any], projects: gpd.GeoDataFrame
) -> Ledger:
    tree, project, gap = near_crowns(crown, projects.geometry.to_numpy(), GRADING_M[1])
    by, of_tree = projects.iloc[project], points.iloc[tree]
    below, between = Text("不足 3 米", "below 3 m"), Text("3–8 米", "3 to 8 m")
    rows = pd.DataFrame(
        {
            "tree": _labels(of_tree["tree"].tolist()),
            "name": of_tree["name"].to_numpy(),
            "kind": [KINDS[kind] for kind in by["kind"]],
            "project": _projects_named(by),
            "crown_gap_m": gap,
            "band": [below if low else between for low in _is_below(crown, tree, gap)],
        }
    )
    columns = (TREE, NAME, KIND, PROJECT, GAP, Column("band", Text("净距档", "clearance")))
    title = Text("树冠 8 米以内的项目", "projects within 8 m of crowns")
    note = Text(
        "平整场地时应离树冠投影外缘 3–8 米（GB 50420-2007 [96f]）；是否动土由项目资料核定。",
        "Land is graded 3 to 8 m clear of the crown's edge (GB 50420-2007 [96f]); whether a "
        "project grades land its papers must tell.",
    )
    return Ledger("tree_grading", title, columns, rows, note)


def _is_below(crown: NDArray[Any], tree: NDArray[Any], gap: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(gap + corner_heights_m(crown[tree]) < GRADING_M[0])


def tree_checks(
    zones: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    conflicts: gpd.GeoDataFrame,
    crown: NDArray[Any],
    projects: gpd.GeoDataFrame,
    given: Sequence[str],
    reach_m: float,
) -> tuple[PlanCheck, ...]:
    """Return the tests: a zone for every tree, whole zones, and nothing built on or near them.

    ``reach_m`` is how far a zone may reach of which not all is known.
    """
    doubts = open_zones(zones, points, projects, reach_m)
    return (
        _every_tree(points),
        _whole_zones(zones),
        _nothing_built(zones, conflicts, given, doubts, reach_m),
        _grading_clear(points, crown, projects, given),
    )


def _every_tree(points: gpd.GeoDataFrame) -> PlanCheck:
    none = points["zone"].isna()
    count = int(none.sum())
    return PlanCheck(
        id="every_tree_has_zone",
        title=Text("每株都有保护范围", "Every tree has a zone"),
        passed=count == 0,
        text=Text(
            f"{len(points)} 株中 {count} 株没有保护范围。",
            f"{count} of {len(points)} trees have no zone.",
        ),
        count=count,
        places=points.geometry[none],
    )


def _whole_zones(zones: gpd.GeoDataFrame) -> PlanCheck:
    part = ~zones["complete"].astype(bool)
    count = int(part.sum())
    title = Text("保护范围完整", "Zones are complete")
    if zones.empty:
        why = Text("没有保护范围。", "There are no zones.")
        return PlanCheck(id="zones_complete", title=title, passed=None, text=why)
    return PlanCheck(
        id="zones_complete",
        title=title,
        passed=count == 0,
        text=Text(
            f"{len(zones)} 处中 {count} 处缺冠幅或胸径，只划了一部分。",
            f"{count} of {len(zones)} zones lack a crown width or a DBH and are drawn in part.",
        ),
        mark="verified",
        count=count,
        places=zones.geometry[part],
    )


def _nothing_built(
    zones: gpd.GeoDataFrame,
    conflicts: gpd.GeoDataFrame,
    given: Sequence[str],
    doubts: int,
    reach_m: float,
) -> PlanCheck:
    title = Text("保护范围内没有建设", "Nothing is built on a zone")
    if not given or zones.empty:
        why = Text(
            "没有给建设项目或没有保护范围。", "No projects were given, or there are no zones."
        )
        return PlanCheck(id="zones_free", title=title, passed=None, text=why)
    area = float(shapely.area(shapely.union_all(conflicts.geometry.to_numpy())))
    hit = zones["zone"].isin(conflicts["zone"])
    mark: Mark = "verified"
    for one in zones.loc[hit, "mark"] if hit.any() else zones["mark"]:
        mark = weaker(mark, one)
    told = Text(
        f"{int(hit.sum())} 处保护范围被占用，共 {area:,.2f} 平方米（重叠处只计一次）。",
        f"{int(hit.sum())} zones are built on, {area:,.2f} m² in all (shared ground once).",
    )
    if doubts:
        told = Text(
            f"{told.zh}另有 {doubts} 株没有保护范围或只有一部分，且 {reach_m:g} 米内有项目，补测前不知是否被占用。",
            f"{told.en} Trees with no zone or part of one and a project within {reach_m:g} m: "
            f"{doubts}; whether it takes any is not known until they are measured.",
        )
    return PlanCheck(
        id="zones_free",
        title=title,
        passed=False if len(conflicts) else None if doubts else True,
        text=told,
        mark=mark,
        count=len(conflicts),
        area_m2=area,
        places=conflicts.geometry,
    )


def _grading_clear(
    points: gpd.GeoDataFrame, crown: NDArray[Any], projects: gpd.GeoDataFrame, given: Sequence[str]
) -> PlanCheck:
    title = Text("平整场地离树冠的净距", "Graded land keeps clear of crowns")
    if not given or shapely.is_missing(crown).all():
        why = Text("没有给建设项目或没有冠幅。", "No projects or no crown widths were given.")
        return PlanCheck(id="grading_clear", title=title, passed=None, text=why, mark="verified")
    tree, _, gap = near_crowns(crown, projects.geometry.to_numpy(), GRADING_M[1])
    bare = points.geometry.to_numpy()[shapely.is_missing(crown)]
    reach = CROWN_M[1] / 2.0 + GRADING_M[1]
    doubts = near_projects(bare, projects, reach)
    below = _is_below(crown, tree, gap)
    near, middle = int(below.sum()), int((~below).sum())
    return PlanCheck(
        id="grading_clear",
        title=title,
        passed=False if near else None if middle or doubts else True,
        text=Text(
            f"净距不足 3 米的 {near} 处；3–8 米之间的 {middle} 处，规定只给范围，须按现场核定。"
            + (f"{reach:g} 米内有项目而没有冠幅的 {doubts} 株，不能判断。" if doubts else ""),
            f"Below 3 m: {near}. From 3 to 8 m: {middle}, where the rule gives a range and the "
            "site must settle it."
            + (f" No crown width, and a project within {reach:g} m: {doubts}." if doubts else ""),
        ),
        mark="verified",
        count=near,
        places=gpd.GeoSeries(points.geometry.iloc[np.unique(tree[below])]),
    )
