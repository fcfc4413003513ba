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

from greenspace.delimit.balance_check import only_rounding
from greenspace.delimit.compensation import account, control_turned, first_enclosed
from greenspace.model.green_line import CATEGORIES, GRID_M, STATUSES
from greenspace.model.ledger import Column, Ledger
from greenspace.model.plan_check import PlanCheck
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.delimit.compensation import Account

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
    "总量为现状与规划绿线内的绿地，重叠只计一次，只计已批准绿线所含的类别，首次划入的类型只计原绿线内的地；由生态控制线转入的地不计；不计工程占用；生态控制线另列，不计入总量。",
    "The total is the ground inside existing and planned lines, overlaps once, of the categories "
    "that approved lines enclose, and of others what lay inside approved lines, without ground that "
    "only control lines held before; what works take is not left out; ecological control lines stand apart and are not in it.",
)
APART = Text(
    "其中重叠、首次划入的类型、由生态控制线转入的地（不计）",
    "overlaps, categories enclosed first, ground of control lines (not counted)",
)
LEAST_M2: Final = 0.005  # less is shown as nothing
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
    apart = [_less(lines, *own) for lines, own in zip((before, after), whole, strict=True)]
    words = {"category": "", "class": ""}
    if min(area for _, area in apart) < -LEAST_M2:
        rows.append({"status": APART, **words, **_change(*apart)})
    total = {"status": TOTAL, **words, **_change(*whole)}
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
    old, new = (shapely.union_all(some.geometry.to_numpy()) for some in _comparable(before, after))
    found = account(old, new)
    lost = _areas(shapely.difference(old, new))
    wide = lost[~shapely.is_empty(shapely.buffer(lost, -tolerance_m / 2))]
    rounding = only_rounding(-found.net, *(np.array([one], dtype=object) for one in (old, new)))
    passed = found.net >= 0 or rounding
    shown = wide if passed or len(wide) else lost[np.argsort(-shapely.area(lost))]
    planned = [_ground(some[some["status"] == "planned"]) for some in (before, after)]
    text = Text(
        f"绿线内绿地由 {_ha(found.before)} 变为 {_ha(found.after)}：减少 {_m2(found.lost)}，增加 "
        f"{_m2(found.made_up)}，增减 {found.net:+,.2f} 平方米（只比绿线，不计工程占用）；其中规划绿线由 {_ha(planned[0])} 变为 "
        f"{_ha(planned[1])}。",
        f"From {_ha(found.before, 'ha')} to {_ha(found.after, 'ha')} inside lines: "
        f"{_m2(found.lost, 'm²')} are lost and {_m2(found.made_up, 'm²')} gained, net "
        f"{found.net:+,.2f} m² (lines alone, without what works take); planned lines go from {_ha(planned[0], 'ha')} to "
        f"{_ha(planned[1], 'ha')}.",
    )
    more = _short(found, old, lost, wide, tolerance_m, rounding=rounding)
    return PlanCheck(
        id="revision_total",
        title=TITLE,
        passed=bool(passed),
        text=Text(text.zh + more.zh, text.en + more.en),
        mark="verified",
        count=len(shown),
        area_m2=found.lost,
        places=gpd.GeoSeries(shown, crs=before.crs),
    )


def _short(
    found: Account, old: Any, lost: Any, wide: Any, tolerance_m: float, *, rounding: bool
) -> Text:
    """Return what else is to be said of a loss: that it lies in strips, or is all rounding."""
    if found.net >= 0:
        return Text("", "")
    zh = en = ""
    if not len(wide):
        zh = f"减少的地共 {len(lost)} 处，均为宽不足 {tolerance_m:g} 米的窄条。"
        en = f" The loss lies in {len(lost)} strips, none as wide as {tolerance_m:g} m."
    if rounding:
        zh += "差额是投影和坐标取到 1 毫米造成的，不算减少。"
        en += " What is short is what projections and coordinates to 1 mm make: it is no loss."
    elif -found.net <= GRID_M / 2 * shapely.length(old):
        zh += "差额不大于坐标取到 1 毫米在绿线全长上造成的差异。"
        en += " What is short is no more than coordinates rounded to 1 mm make along the lines."
    return Text(zh, en)


def _ha(area: float, unit: str = "公顷") -> str:
    return f"{area / 1e4:,.4f} {unit}"


def _m2(area: float, unit: str = "平方米") -> str:
    return f"{area:,.2f} {unit}"


def _comparable(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return existing and planned lines, of the new ones what may make up for a loss.

    Green that was there all along and is enclosed for the first time makes up for nothing, but it
    holds the ground of approved lines that it lies on. Ground of control lines before makes up for
    nothing either. Where approved lines do not say their
    category, all new ones count. It is the account that `gs.compensation` keeps.
    """
    old, new = (lines[lines["status"] != "control"] for lines in (before, after))
    new, _ = control_turned(before[before["status"] == "control"], old, new)
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


def _less(lines: gpd.GeoDataFrame, count: int, area: float) -> tuple[int, float]:
    """Return by how much a total is less than the sum of the rows of existing and planned lines."""
    green = lines[lines["status"] != "control"]
    return count - len(green), area - float(green.area.sum())


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
