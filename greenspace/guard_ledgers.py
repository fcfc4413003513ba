"""Guard ledgers: what was found on green lines, as tables and as tests.

Question   Which line loses what to whom, and is any line touched at all?
Enters     Findings in order, the lines, works older than the lines.
Leaves     Ledgers and PlanChecks.
Elsewhere  Finding them: guard. The balance: balance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.encroachment import KINDS, by_line, union_m2
from greenspace.model.encroachment import COLUMNS
from greenspace.model.green_line import STATUSES
from greenspace.model.ledger import Column, Ledger
from greenspace.model.plan_check import PlanCheck
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS

    from greenspace.guard_images import Bounds, Loss
    from greenspace.model.declared import Chip

KIND_WORDS: Final = {
    "construction": Text("建设项目", "construction"),
    "road": Text("道路拓宽", "road widening"),
    "image": Text("影像变化", "change in the image"),
}
YES, NO = Text("是", "yes"), Text("否", "no")
NO_ERROR: Final = Text(
    "图纸求交的面积；图纸本身的误差未知，不给区间",
    "area of drawings cut with each other; how far the drawings are off is not known, so there is no interval",
)
FOUND: Final = (
    Column("rank", Text("序号", "rank"), "count"),
    Column("line", Text("绿线编号", "line")),
    Column("status", Text("绿线", "status")),
    Column("class", Text("类别代码", "class")),
    Column("line_name", Text("绿线名称", "name of the line")),
    Column("kind", Text("侵占类型", "kind")),
    Column("name", Text("项目", "project")),
    Column("date", Text("日期", "date")),
    Column("area_m2", Text("侵占面积", "area"), "m2"),
    Column("low_m2", Text("下限", "low"), "m2"),
    Column("high_m2", Text("上限", "high"), "m2"),
    Column("basis", Text("区间依据", "what the limits rest on")),
    Column("green_lost_m2", Text("其中由绿变为非绿", "of it, from green to not green"), "m2"),
    Column("green_lost_low_m2", Text("由绿变为非绿，下限", "green lost, low"), "m2"),
    Column("green_lost_high_m2", Text("由绿变为非绿，上限", "green lost, high"), "m2"),
    Column("of_line", Text("占该绿线", "share of the line"), "1"),
    Column("x", Text("X（东）", "x (east)"), "m"),
    Column("y", Text("Y（北）", "y (north)"), "m"),
    Column("chip_before", Text("前期影像", "picture before"), "file"),
    Column("chip_after", Text("后期影像", "picture after"), "file"),
)
LINE_COLUMNS: Final = (
    Column("line", Text("绿线编号", "line")),
    Column("status", Text("绿线", "status")),
    Column("class", Text("类别代码", "class")),
    Column("name", Text("名称", "name")),
    Column("line_m2", Text("绿线面积", "area of the line"), "m2"),
    *(Column(f"{kind}_m2", word, "m2") for kind, word in KIND_WORDS.items()),
    Column("total_m2", Text("合计（重叠只计一次）", "all, overlaps once"), "m2"),
    Column("share", Text("占绿线面积", "share of the line"), "1"),
)
UNSEEN_COLUMNS: Final = (
    Column("line", Text("绿线编号", "line")),
    Column("status", Text("绿线", "status")),
    Column("class", Text("类别代码", "class")),
    Column("name", Text("名称", "name")),
    Column("line_m2", Text("绿线面积", "area of the line"), "m2"),
    Column("unseen_m2", Text("未见面积", "ground not seen on both dates"), "m2"),
    Column("share", Text("占绿线面积", "share of the line"), "1"),
    Column("may_hide", Text("其中可能藏有侵占", "could hold a finding")),
)
OLDER_COLUMNS: Final = (
    Column("line", Text("绿线编号", "line")),
    Column("name", Text("项目", "project")),
    Column("date", Text("日期", "date")),
    Column("area_m2", Text("线内面积", "area inside the line"), "m2"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One line and one work, or one line and what images show.

    Attributes
    ----------
    line
        By position.
    ground
        What is taken of the line, in the measuring CRS.
    bounds
        Of the area, where an error is known.
    green
        The green that was lost there, where images were compared.
    """

    line: int
    kind: str
    name: str
    date: str
    ground: Any
    bounds: Bounds | None = None
    green: Bounds | None = None

    @property
    def area_m2(self) -> float:
        """Ground that is taken."""
        return float(shapely.area(self.ground))


def encroachments(found: Sequence[Found], lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return findings as a layer with the columns of a Guard."""
    rows = [
        (
            rank,
            lines["number"].iloc[one.line],
            one.kind,
            one.name,
            one.area_m2,
            *_limits(one.bounds),
        )
        for rank, one in enumerate(found, 1)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    shapes = np.array([one.ground for one in found], dtype=object)
    kinds = {"rank": int, "area_m2": float, "low_m2": float, "high_m2": float}
    return gpd.GeoDataFrame(frame.astype(kinds), geometry=shapes, crs=lines.crs)


def found_ledger(
    found: Sequence[Found], lines: gpd.GeoDataFrame, chips: Sequence[Chip], note: Text
) -> Ledger:
    """Return findings as a table, each with what it rests on and where its pictures are."""
    pictures = {(chip.place, chip.id.split("_")[1]): f"chips/{chip.id}.png" for chip in chips}
    words = lines.to_dict("records")
    sizes = shapely.area(lines.geometry.to_numpy())
    rows = []
    for place, one in enumerate(found):
        line = words[one.line]
        green = one.bounds if one.kind == "image" else one.green
        low, high = _limits(one.bounds)
        green_low, green_high = _limits(green)
        at = shapely.point_on_surface(one.ground)
        rows.append(
            {
                "rank": place + 1,
                "line": line["number"],
                "status": STATUSES[line["status"]].title,
                "class": line["class"],
                "line_name": line["name"],
                "kind": KIND_WORDS[one.kind],
                "name": one.name,
                "date": one.date,
                "area_m2": one.area_m2,
                "low_m2": low,
                "high_m2": high,
                "basis": NO_ERROR if one.bounds is None else one.bounds.basis,
                "green_lost_m2": nan if green is None else green.area_m2,
                "green_lost_low_m2": green_low,
                "green_lost_high_m2": green_high,
                "of_line": one.area_m2 / float(sizes[one.line]),
                "x": float(shapely.get_x(at)),
                "y": float(shapely.get_y(at)),
                "chip_before": pictures.get((place, "before")),
                "chip_after": pictures.get((place, "after")),
            }
        )
    title = Text("绿线侵占清单", "what stands inside green lines")
    return _ledger("green_line_encroachment", title, FOUND, rows, note)


def line_ledger(found: Sequence[Found], lines: gpd.GeoDataFrame) -> Ledger:
    """Return what each touched line loses, ground under several findings once."""
    at = np.array([one.line for one in found], dtype=np.int64)
    ground = np.array([one.ground for one in found], dtype=object)
    areas = by_line(len(lines), at, [one.kind for one in found], ground)
    sizes = shapely.area(lines.geometry.to_numpy())
    words = lines.to_dict("records")
    rows = [
        {
            "line": words[line]["number"],
            "status": STATUSES[words[line]["status"]].title,
            "class": words[line]["class"],
            "name": words[line]["name"],
            "line_m2": float(sizes[line]),
            **{f"{kind}_m2": float(areas[line, place]) for place, kind in enumerate(KINDS)},
            "total_m2": float(areas[line, -1]),
            "share": float(areas[line, -1] / sizes[line]),
        }
        for line in np.unique(at)
    ]
    whole = union_m2(ground)
    note = Text(
        zh=f"同一地面被几项侵占时各类各计，合计只计一次。全部绿线合计 {whole:,.2f} 平方米（绿线相互重叠处只计一次）。",
        en="Ground under several findings counts in each kind, and once in the sum of a line. All "
        f"lines together: {whole:,.2f} m², ground inside several lines once.",
    )
    title = Text("逐条绿线的侵占", "what each line loses")
    return _ledger("green_line_encroachment_lines", title, LINE_COLUMNS, rows, note)


def unseen_ledger(loss: Loss, lines: gpd.GeoDataFrame) -> Ledger:
    """Return the lines of which not all ground is seen on both dates."""
    sizes = shapely.area(lines.geometry.to_numpy())
    words = lines.to_dict("records")
    rows = [
        {
            "line": words[line]["number"],
            "status": STATUSES[words[line]["status"]].title,
            "class": words[line]["class"],
            "name": words[line]["name"],
            "line_m2": float(sizes[line]),
            "unseen_m2": float(loss.unseen_m2[line]),
            "share": float(loss.unseen_m2[line] / sizes[line]),
            "may_hide": YES if loss.hidden[line] else NO,
        }
        for line in np.flatnonzero(loss.unseen_m2)
    ]
    note = Text(
        "至少一期影像看不到的地，或影像以外的地。未见面积连同不足最小图斑的减少面积达到最小图斑时，可能藏有侵占，“绿仍在”不能判为通过。",
        "Ground that an image of either date does not show, or outside an image. Where it is as large as "
        "the smallest patch, with the patches that were left out, it could hold a finding, and the "
        "green is not said to be still there.",
    )
    title = Text("影像未见的绿线", "lines that the images do not show whole")
    return _ledger("green_line_unseen", title, UNSEEN_COLUMNS, rows, note)


def older_ledger(older: Sequence[Found], lines: gpd.GeoDataFrame) -> Ledger:
    """Return works that were there before the lines: listed, never counted."""
    rows = [
        {
            "line": lines["number"].iloc[one.line],
            "name": one.name,
            "date": one.date,
            "area_m2": one.area_m2,
        }
        for one in older
    ]
    note = Text(
        "这些项目的日期早于绿线批准日期，不算侵占。",
        "These projects are dated before the lines were approved and are no encroachment.",
    )
    title = Text("早于绿线的项目", "projects older than the line")
    return _ledger("green_line_older_works", title, OLDER_COLUMNS, rows, note)


def works_check(found: Sequence[Found], crs: CRS, *, looked: bool) -> PlanCheck:
    """Return whether works take ground of any line."""
    title = Text("绿线内无建设和道路侵占", "nothing is built inside green lines")
    if not looked:
        why = Text(
            "没有建设项目图层，也没有道路拓宽图层，无法检查。",
            "There is no layer of construction and none of road widening, so it was not tested.",
        )
        return PlanCheck(id="no_encroachment", title=title, passed=None, text=why)
    ground = [one.ground for one in found if one.kind != "image"]
    whole = union_m2(np.array(ground, dtype=object))
    text = Text(
        zh=f"{len(ground)} 处侵占，共 {whole:,.2f} 平方米（重叠只计一次）。",
        en=f"{len(ground)} places are built on, {whole:,.2f} m² in all, overlaps once.",
    )
    return PlanCheck(
        id="no_encroachment",
        title=title,
        passed=not ground,
        text=text,
        count=len(ground),
        area_m2=whole,
        places=gpd.GeoSeries(ground, crs=crs),
    )


def image_check(found: Sequence[Found], lines: gpd.GeoDataFrame, loss: Loss | None) -> PlanCheck:
    """Return whether images show green that is gone beyond what a shift of a pixel makes.

    It cannot pass where ground that nobody saw could hold a finding.
    """
    title = Text("绿线内的绿仍在", "the green inside the lines is still there")
    if loss is None:
        why = Text(
            "没有两期影像，无法检查。", "There are no images of two dates, so it was not tested."
        )
        return PlanCheck(id="green_kept", title=title, passed=None, text=why)
    lost = [one for one in found if one.kind == "image"]
    sure = [one for one in lost if one.bounds is not None and one.bounds.low_m2 > 0]
    whole = union_m2(np.array([one.ground for one in lost], dtype=object))
    open_ = len(lost) - len(sure)
    unseen = _unseen(loss)
    text = Text(
        zh=f"{len(lost)} 条绿线内共 {whole:,.2f} 平方米由绿变为非绿；其中 {open_} 条可能只是影像错位或边界所致，请看影像。{unseen.zh}",
        en=f"{whole:,.2f} m² inside {len(lost)} lines went from green to not green; in {open_} of them a "
        f"shift of a pixel or the edges may have made all of it: look at the pictures.{unseen.en}",
    )
    open_to_doubt = bool(lost) or bool(loss.hidden.any())
    return PlanCheck(
        id="green_kept",
        title=title,
        passed=False if sure else None if open_to_doubt else True,
        text=text,
        count=len(lost),
        area_m2=whole,
        places=gpd.GeoSeries([one.ground for one in lost], crs=lines.crs),
    )


def _unseen(loss: Loss) -> Text:
    count, whole = int((loss.unseen_m2 > 0).sum()), float(loss.unseen_m2.sum())
    if not count:
        return Text("", "")
    hidden = int(loss.hidden.sum())
    return Text(
        zh=f"另有 {count} 条绿线内共 {whole:,.2f} 平方米至少一期看不到，其中 {hidden} 条可能藏有侵占（见 green_line_unseen）。",
        en=f" Not seen on both dates: {whole:,.2f} m² inside {count} lines; in {hidden} of them it could "
        "hold a finding (green_line_unseen).",
    )


def _limits(bounds: Bounds | None) -> tuple[float, float]:
    return (nan, nan) if bounds is None else (bounds.low_m2, bounds.high_m2)


def _ledger(
    name: str, title: Text, columns: tuple[Column, ...], rows: list[dict[str, Any]], note: Text
) -> Ledger:
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Ledger(name, title, columns, frame, note)
