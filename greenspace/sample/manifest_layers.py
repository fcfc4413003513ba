"""Manifest layers: how the sample's manifests name its layers and their columns.

Question   What does [layers.NAME] say of each layer of the sample?
Enters     Nothing: these are decisions.
Leaves     The text of one table of the manifest.
Elsewhere  The rest of the manifests: manifest. The layers themselves: city.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 35  # of a line before its comment


@dataclass(frozen=True, slots=True)
class Entry:
    """One layer of the manifest: a comment, its columns by role, the edition of its codes, a day."""

    comment: str
    columns: Mapping[str, str] = field(default_factory=dict)
    edition: str = ""
    approved: str = ""


_PEOPLE = {"population": "POP"}
_GREEN = {"class": "绿地类型", "name": "名称"}
_PARKS = {"name": "NAME", "class": "CLASS", "open": "OPEN"}
_ROADS = {"class": "CLASS", "width": "WIDTH", "name": "NAME", "demonstration": "DEMO"}
_HOMES = {"name": "NAME", "status": "STATUS", "garden": "GARDEN", "households": "HOUSEHOLDS"}
_UNITS = {"name": "NAME", "kind": "KIND", "garden": "GARDEN", "advanced": "ADVANCED"}
_TREES = {
    "name": "NAME",
    "age": "AGE",
    "dbh": "DBH_CM",
    "crown": "CROWN_M",
    "crown_ew": "CROWN_EW",
    "crown_ns": "CROWN_NS",
    "stand": "STAND",
    "famous": "FAMOUS",
}
_LINES = {"number": "NUMBER", "name": "NAME", "class": "CLASS", "status": "STATUS"}
_ZONES = {"zone": "ZONE", "level": "LEVEL", "name": "NAME", "season": "SEASON"}
_COMMUNITIES = {
    "name": "NAME",
    "population": "POP",
    "households": "HOUSEHOLDS",
    "resident": "RESIDENT",
    "floating": "FLOATING",
}
ENTRIES: dict[str, Entry] = {
    "built_up": Entry("建成区"),
    "districts": Entry(
        "市辖区，恰好拼成建成区 / they partition the built-up area", {"name": "DISTRICT", **_PEOPLE}
    ),
    "construction_land": Entry("建设用地（含建成区外的规划发展区）"),
    "green": Entry("绿地，CJJ/T 85-2017 代码 / every green parcel with its class", _GREEN, "2017"),
    "parks": Entry("公园，与 green 中的 G1 相同 / the same parcels as G1 in green", _PARKS, "2017"),
    "entrances": Entry("公园出入口", {"park": "PARK"}),
    "residential": Entry("居住用地 / STATUS: new | old", _HOMES),
    "units": Entry("单位", _UNITS),
    "roads": Entry("道路中心线，WIDTH 为红线宽度（米） / width between red lines, m", _ROADS),
    "footways": Entry("人行道", {"road": "ROAD", "side": "SIDE", "kind": "KIND"}),
    "paths": Entry(
        "步行路网，只经桥和地道过河、过铁路 / bridges and underpasses only", {"class": "CLASS"}
    ),
    "vegetation": Entry(
        "植被：树冠、灌木、草地、屋顶绿化（相互重叠） / layers overlap", {"layer": "LAYER"}
    ),
    "old_trees": Entry("古树：树龄（年）、胸径（厘米）、冠幅（米）", _TREES),
    "water": Entry("水域", {"name": "NAME"}),
    "historic": Entry("历史城区"),
    "communities": Entry("社区，恰好拼成各区 / they partition the districts", _COMMUNITIES),
    "centre": Entry("中心区", {"name": "NAME", **_PEOPLE}),
    "noise_sources": Entry("登记的噪声源", {"name": "NAME", "community": "COMMUNITY"}),
    "road_land": Entry(
        "道路用地：红线之间 / between the red lines", {"road": "ROAD", "class": "CLASS"}
    ),
    "paving": Entry(
        "道路和广场铺装，RUNOFF 为径流系数 / runoff coefficient",
        {"kind": "KIND", "runoff": "RUNOFF", "permeable": "PERMEABLE"},
    ),
    "corridors": Entry(
        "出入口道路和铁路 / an entry road, the railway",
        {"name": "NAME", "kind": "KIND", "width": "WIDTH"},
    ),
    "greenways": Entry("绿道", {"name": "NAME"}),
    "riverbanks": Entry("河岸带", {"name": "NAME"}),
    "plantable": Entry("宜绿化用地"),
    "vertical_greening": Entry(
        "垂直绿化登记，不计入绿地率 / a register",
        {"name": "NAME", "kind": "KIND", "area_m2": "AREA_M2"},
    ),
    "exemplary_yards": Entry("绿化示范庭院", {"name": "NAME", "district": "DISTRICT"}),
    "parking": Entry("停车场", {"name": "NAME"}),
    "park_ground": Entry("公园内部用地", {"park": "PARK", "kind": "KIND"}),
    "planned_green": Entry("规划绿地", {"class": "CLASS", "name": "NAME"}, "2017"),
    "city_area": Entry("城市面积（行政区域），1993 年绿地率的分母 / of the ratio of 1993"),
    "returned_farmland": Entry("退耕还林", {"name": "NAME", "year": "YEAR"}),
    "green_lines": Entry("已批准的绿线 / STATUS: 现状 | 规划", _LINES, "2017", "2023-06-30"),
    "ecological_control": Entry("生态控制区", {"name": "NAME", "kind": "KIND"}),
    "construction": Entry(
        "绿线批准之后的建设项目，一项在先 / later construction, and one project that is older",
        {"name": "NAME", "kind": "KIND", "date": "DATE"},
    ),
    "road_widening": Entry("拟拓宽道路新增的红线用地 / land of a widened road", {"name": "NAME"}),
    "park_boundary": Entry("国家公园边界，虚构", {"name": "NAME"}),
    "park_zones": Entry("国家公园功能分区，虚构", _ZONES),
}


def layer_table(name: str, path: str = "layers.gpkg") -> str:
    """Return the table of one layer.

    Examples
    --------
    >>> print(layer_table("built_up"))
    [layers.built_up]                  # 建成区
    path = "layers.gpkg"
    layer = "built_up"
    """
    entry = ENTRIES[name]
    lines = [f"{f'[layers.{name}]':<{WIDTH}}# {entry.comment}", f'path = "{path}"']
    lines.append(f'layer = "{name}"')
    if entry.columns:
        inside = ", ".join(f'{role} = "{column}"' for role, column in entry.columns.items())
        lines.append(f"columns = {{ {inside} }}")
    if entry.edition:
        lines.append(f'edition = "{entry.edition}"')
    if entry.approved:
        lines.append(f"approved = {entry.approved}")
    return "\n".join(lines)
