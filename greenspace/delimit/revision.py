"""Revision: the lines that were approved beside those that would take their place.

Question   Does a revision leave less planned green than was approved, and where is it lost?
Enters     Approved and new lines with status, category and class, in one plane CRS in metres.
Leaves     A table before and after, and the check that the total has not become less.
Elsewhere  Ground lost to construction, and what makes up for it: delimit/compensation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.compensation import first_enclosed
from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.ledger import Column, Ledger
from greenspace.model.plan_check import PlanCheck
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

NOISE: Final = 1e-6  # of the green that was approved: what setting vertices to millimetres does
KEY: Final = ("status", "category", "class")
TITLE = Text("修编不减少规划绿地总量", "the revision does not reduce the total of planned green")
COLUMNS: Final = (
    Column("status", Text("状态", "status")),
    Column("category", Text("类别", "category")),
    Column("class", Text("分类代码", "class")),
    Column("lines_before", Text("修编前条数", "lines before"), "count"),
    Column("lines_after", Text("修编后条数", "lines after"), "count"),
    Column("before_m2", Text("修编前面积", "area before"), "m2"),
    Column("after_m2", Text("修编后面积", "area after"), "m2"),
    Column("change_m2", Text("增减", "change"), "m2"),
)
NOTE = Text(
    "总量为现状与规划绿线内的绿地，重叠只计一次，只计已批准绿线所含的类别，首次划入的类型只计原绿线内的地；不计工程占用；生态控制线另列，不计入总量。",
    "The total is the ground inside existing and planned lines, overlaps once, of the categories "
    "that approved lines enclose, and of others what lay inside approved lines; what works take is not "
    "left out; ecological control lines stand apart and are not in it.",
)
TOTAL = Text("规划绿地总量", "total of planned green")


def revision_ledger(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Ledger:
    """Return the area by status, category and class, before and after a revision.

    Examples
    --------
    >>> old = gpd.GeoDataFrame({"status": ["planned"], "category": "park", "class": "G1"},
    ...     geometry=[shapely.box(0, 0, 10, 10)], crs=4547)
    >>> revision_ledger(old, old[:0]).rows["change_m2"].tolist()
    [-100.0, -100.0]
    """
    sums = [_sums(lines) for lines in (before, after)]
    keys = sorted(set(sums[0]) | set(sums[1]), key=_order)
    rows = [_row(key, *(some.get(key, (0, 0.0)) for some in sums)) for key in keys]
    green = _comparable(before, after)
    whole = [(len(some), _ground(some)) for some in green]
    total = {"status": TOTAL, "category": "", "class": "", **_change(*whole)}
    frame = pd.DataFrame([*rows, total], columns=[column.key for column in COLUMNS])
    title = Text("绿线修编前后对照", "green lines before and after the revision")
    return Ledger("green_line_revision", title, COLUMNS, frame, NOTE)


def revision_check(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, *, tolerance_m: float
) -> PlanCheck:
    """Return whether the total of planned green has not become less, and where ground is lost.

    Places are told where what is lost is wider than `tolerance_m`.

    Examples
    --------
    >>> old = gpd.GeoDataFrame({"status": ["planned"], "category": "park", "class": "G1"},
    ...     geometry=[shapely.box(0, 0, 10, 10)], crs=4547)
    >>> revision_check(old, old, tolerance_m=1.0).passed
    True
    >>> revision_check(old, old[:0], tolerance_m=1.0).area_m2
    100.0
    """
    green = _comparable(before, after)
    had, has = (_ground(some) for some in green)
    grounds = [shapely.union_all(some.geometry.to_numpy()) for some in green]
    lost = _areas(shapely.difference(*grounds))
    less = float(shapely.area(lost).sum())
    lost = lost[~shapely.is_empty(shapely.buffer(lost, -tolerance_m / 2))]
    gained = float(shapely.difference(*grounds[::-1]).area)
    planned = [_ground(some[some["status"] == "planned"]) for some in green]
    passed = has >= had * (1 - NOISE)
    text = Text(
        f"绿线内绿地由 {had / 1e4:.2f} 公顷变为 {has / 1e4:.2f} 公顷：减少 {less:,.0f} 平方米，增加 "
        f"{gained:,.0f} 平方米（只比绿线，不计工程占用）；其中规划绿线由 {planned[0] / 1e4:.2f} 变为 "
        f"{planned[1] / 1e4:.2f} 公顷。",
        f"From {had / 1e4:.2f} to {has / 1e4:.2f} ha inside lines: {less:,.0f} m² are lost and "
        f"{gained:,.0f} m² gained (lines alone, without what works take); planned lines go from "
        f"{planned[0] / 1e4:.2f} to {planned[1] / 1e4:.2f} ha.",
    )
    return PlanCheck(
        id="revision_total",
        title=TITLE,
        passed=bool(passed),
        text=text,
        mark="verified",
        count=len(lost),
        area_m2=less,
        places=gpd.GeoSeries(lost, crs=before.crs),
    )


def _comparable(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return existing and planned lines, of the new ones those of categories that were enclosed.

    Green that was there all along and is enclosed for the first time makes up for no loss. Where
    approved lines do not say their category, all new ones count.
    """
    old, new = (lines[lines["status"] != "control"] for lines in (before, after))
    return old, first_enclosed(old, new)[0]


def _sums(lines: gpd.GeoDataFrame) -> dict[tuple[str, ...], tuple[int, float]]:
    area = lines.geometry.area
    keys = lines[list(KEY)].apply(tuple, axis=1) if len(lines) else []
    table = pd.DataFrame({"key": list(keys), "area": area.to_numpy()})
    sums = table.groupby("key", sort=False)["area"].agg(["size", "sum"])
    rows = zip(sums.index, sums["size"], sums["sum"], strict=True)
    return {key: (int(count), float(whole)) for key, count, whole in rows}


def _order(key: tuple[str, ...]) -> tuple[int, int, str]:
    return list(STATUSES).index(key[0]), list(CATEGORIES).index(key[1]), key[2]


def _row(key: tuple[str, ...], old: tuple[int, float], new: tuple[int, float]) -> dict[str, Any]:
    status, category, code = key
    words = {"status": STATUSES[status].title, "category": CATEGORIES[category], "class": code}
    return {**words, **_change(old, new)}


def _change(old: tuple[int, float], new: tuple[int, float]) -> dict[str, Any]:
    return {
        "lines_before": old[0],
        "lines_after": new[0],
        "before_m2": old[1],
        "after_m2": new[1],
        "change_m2": new[1] - old[1],
    }


def _ground(lines: gpd.GeoDataFrame) -> float:
    return float(shapely.union_all(lines.geometry.to_numpy()).area)


def _areas(shape: Any) -> Any:
    parts: Sequence[Any] = shapely.get_parts(shapely.get_parts(shape))
    pieces = np.asarray(parts, dtype=object)
    return pieces[shapely.area(pieces) > 0]
