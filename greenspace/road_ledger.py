"""Road ledger: the list of a city's roads, and its demonstration streets by district.

Question   How long, wide and green is each road, and which are demonstration streets?
Enters     Roads with what each indicator says of them.
Leaves     A Ledger, one row for each name and class; counts by district.
Elsewhere  Measuring: road_measures. The numbers of the city: road_gauge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.roads import read_road_classes
from greenspace.road_measures import COMPLIANCE, TREE_LINED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from greenspace.measure.linear import Sections
    from greenspace.prepare.roads import Roads
    from greenspace.road_measures import Status

COLUMNS = (
    Column("name", Text("道路名称", "road")),
    Column("class", Text("等级", "class")),
    Column("rows", Text("路段数", "rows"), "count"),
    Column("length_m", Text("建成区内长度", "length in the built-up area"), "m"),
    Column("width_m", Text("红线宽度（最宽）", "red-line width (widest)"), "m"),
    Column("land_m2", Text("道路用地", "road land"), "m2"),
    Column("green_m2", Text("红线内绿地", "green inside the red line"), "m2"),
    Column("green_share", Text("道路绿地率", "green share"), "1"),
    Column("asked", Text("应达绿地率（最高）", "green share asked (highest)"), "1"),
    Column("greened_m", Text("已绿化长度", "greened length"), "m"),
    Column("complying_m", Text("绿地率达标长度", "length that complies"), "m"),
    Column("least_canopy", Text("步道最低树冠覆盖", "least canopy over a footway"), "1"),
    Column("tree_lined_m", Text("林荫路长度", "tree-lined length"), "m"),
)
TITLE = Text("道路一览表", "list of roads")
NOTE = Text(
    "同名同等级的路段合为一行，没有路名的归为一行；长度按中心线。空格表示没有数据或不参评。",
    "Rows of one name and class are one line, those without a name together; lengths are of centre "
    "lines. A blank says that there are no data or that nothing is asked.",
)
APART_M = 500.0  # a street may stop at a river
APART = Text(
    zh="同名示范街的各段相距超过 {apart:g} m，仍计为一条，请核对是否同一条街：{names}。",
    en="Demonstration streets of one name lie more than {apart:g} m apart and count as one; check "
    "whether they are one street: {names}.",
)
UNNAMED = Text(
    zh="示范街中没有路名的 {count} 个要素未计：分不清是几条街。",
    en="Demonstration streets without a name were not counted, as nobody can tell how many streets "
    "they are: {count} rows.",
)


def roads_ledger(roads: Roads, sections: Sections | None, status: Mapping[str, Status]) -> Ledger:
    """Return the list of roads: each name and class once."""
    count = len(roads.frame)
    length, greened = roads.length_m, np.full(count, np.nan)
    if sections is not None:
        per = np.bincount(sections.owner, sections.length_m * sections.greened, count)
        greened = np.where(np.isnan(roads.width_m), np.nan, per)
    nothing = pd.Series(np.nan, index=range(count))
    green, shade = status.get(COMPLIANCE), status.get(TREE_LINED)
    rows = pd.DataFrame(
        {
            "name": roads.names,
            "class": roads.kind,
            "rows": 1,
            "length_m": length,
            "width_m": roads.width_m,
            "land_m2": _shown(green, "land_m2", nothing),
            "green_m2": _shown(green, "green_m2", nothing),
            "asked": _shown(green, "asked", nothing),
            "greened_m": greened,
            "complying_m": _length_of(green, length, nothing),
            "least_canopy": _shown(shade, "least", nothing),
            "tree_lined_m": _length_of(shade, length, nothing),
        }
    )
    sums = ("rows", "length_m", "land_m2", "green_m2", "greened_m", "complying_m", "tree_lined_m")
    how: dict[str, Any] = {key: pd.NamedAgg(key, _total) for key in sums}
    how |= {key: pd.NamedAgg(key, "max") for key in ("width_m", "asked")}
    how |= {"least_canopy": pd.NamedAgg("least_canopy", "min")}
    table = rows.groupby(["name", "class"], sort=True).agg(**how).reset_index()
    table["green_share"] = table["green_m2"] / table["land_m2"].where(table["land_m2"] > 0)
    names = read_road_classes().names
    table["class"] = [names.get(kind, "") for kind in table["class"]]
    return Ledger("roads", TITLE, COLUMNS, table[[column.key for column in COLUMNS]], NOTE)


def _total(values: pd.Series) -> float:
    return float(values.sum(min_count=1))


def _shown(status: Status | None, key: str, nothing: pd.Series) -> Any:
    return nothing if status is None else status.shown[key].to_numpy()


def _length_of(status: Status | None, length: Any, nothing: pd.Series) -> Any:
    if status is None:
        return nothing
    return np.where(status.counts, np.where(status.meets, length, 0.0), np.nan)


def _apart(streets: pd.Series) -> tuple[Finding, ...]:
    """Return the names that stand for streets far apart, each counted as one."""
    names = [
        str(name)
        for name, street in streets.items()
        if shapely.get_num_geometries(shapely.buffer(street, APART_M / 2)) > 1
    ]
    if not names:
        return ()
    zh = APART.zh.format(names="、".join(names[:8]), apart=APART_M)
    text = Text(zh=zh, en=APART.en.format(names=", ".join(names[:8]), apart=APART_M))
    return (
        Finding(
            code="streets_apart", text=text, severity="warning", layer="roads", count=len(names)
        ),
    )


def streets_by_district(
    roads: Roads, districts: gpd.GeoDataFrame | None
) -> tuple[list[int], tuple[Finding, ...]]:
    """Return the number of demonstration streets of each district, or of a city without any.

    Rows of one name are one street; a street in several districts counts in the one that holds
    most of its length.
    """
    yes, unsaid = roads.says("demonstration")
    own = roads.frame[yes]
    blank = own["name"].to_numpy() == ""
    told = unsaid
    if blank.any():
        count = int(blank.sum())
        text = Text(zh=UNNAMED.zh.format(count=count), en=UNNAMED.en.format(count=count))
        told = (
            *unsaid,
            Finding(
                code="streets_unnamed",
                text=text,
                severity="warning",
                layer="roads",
                rows=tuple(own.index[blank]),
                count=count,
            ),
        )
    lines = own[~blank].groupby("name").geometry
    streets = lines.agg(lambda rows: shapely.union_all(rows.to_numpy()))
    told = (*told, *_apart(streets))
    if districts is None:
        return [len(streets)], told
    counts = [0] * len(districts)
    ground = districts.geometry.to_numpy()
    for street in streets:
        length = shapely.length(shapely.intersection(street, ground))
        if length.max(initial=0.0) > 0:
            counts[int(np.argmax(length))] += 1
    return counts, told
