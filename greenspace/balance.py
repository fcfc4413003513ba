"""Balance: whether what green lines lost is made up, line by line and class by class.

Question   How much planned green do a revision and later works take, and how much comes instead?
Enters     Lines before and after, and the ground that works take.
Leaves     A Compensation: two ledgers that add up, and one check.
Elsewhere  The measuring: delimit/compensation. What works take: guard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from greenspace.class_codes import coded_table
from greenspace.delimit.balance_check import TITLE, balance_check, only_rounding
from greenspace.delimit.compensation import (
    Account,
    account,
    accounts,
    control_turned,
    first_enclosed,
    of_lines,
)
from greenspace.model.compensation import Compensation
from greenspace.model.crs import parse_crs
from greenspace.model.green_line import CATEGORIES, STATUSES, GreenLines
from greenspace.model.ledger import Column, Ledger
from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.approved_lines import approved_lines
from greenspace.prepare.ready import Ready, warn_of_changes
from greenspace.prepare.repair import as_frame, overlap_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.prepare.repair import Layer

GROUP: Final = ["status", "category", "class"]
CONTROL: Final = "control"
SUMS: Final = (
    Text("合计：现状与规划绿线", "all existing and planned lines"),
    Text("合计：首次划入的类型（不抵补）", "all categories enclosed for the first time"),
    Text("合计：由生态控制线转入（不抵补）", "all ground of ecological control lines before"),
    Text("合计：生态控制线", "all ecological control lines"),
)
AREAS: Final = (
    Column("before_m2", Text("调整前", "before"), "m2"),
    Column("lost_m2", Text("减少", "lost"), "m2"),
    Column("regrouped_m2", Text("其中转为其他类", "of it, in another group now"), "m2"),
    Column("made_up_m2", Text("补偿", "made up"), "m2"),
    Column("after_m2", Text("调整后", "after"), "m2"),
    Column("net_m2", Text("净增减", "net"), "m2"),
)
OF_GROUPS: Final = (
    Column("status", Text("绿线", "lines")),
    Column("category", Text("类型", "category")),
    Column("class", Text("类别代码", "class")),
    *AREAS,
)
OF_LINES: Final = (
    Column("account", Text("计入", "account")),
    Column("line", Text("绿线编号", "line")),
    Column("side", Text("版本", "edition of the lines")),
    Column("status", Text("绿线", "status")),
    Column("class", Text("类别代码", "class")),
    Column("name", Text("名称", "name")),
    *(column for column in AREAS if column.key != "regrouped_m2"),
)
OLD, NEW = Text("调整前", "before"), Text("调整后", "after")
NOTE: Final = Text(
    "面积为量算坐标系中的地面面积，重叠只计一次。减少：原绿线内、调整后绿线外或已被工程占用的地；"
    "补偿：调整后绿线内、原绿线外且未被占用的地。调整前 − 减少 + 补偿 = 调整后，逐行成立，各数取到约 1 平方毫米。"
    "由一类转到另一类的地在合计中既不算减少也不算补偿。调整前没有划过的类型另计：首次划入的地原本就是绿地，不能抵补。生态控制线另计，不能抵补绿线；由生态控制线转为现状或规划绿线的地另计，也不能抵补。影像上的绿化变化不计入。",
    "Ground in the measuring CRS, counted once. Lost: inside lines before, and "
    "outside lines after or taken by works. Made up: inside lines after, outside lines before and "
    "not taken. Before - lost + made up = after holds in every row, of areas to about 1 mm². Ground "
    "that goes from one group to another is neither lost nor made up in the sum. Categories that no line "
    "had before have a sum of their own: ground enclosed for the first time was green all along and "
    "makes up for nothing. Ecological control lines have a sum of their own and make up for nothing, and so has ground of theirs that is in existing or "
    "planned lines now. What images show is not in it.",
)


def compensation(
    before: Layer | GreenLines,
    after: Layer | GreenLines,
    *,
    built: Layer | None = None,
    edition: str | None = None,
    crs: Any = None,
) -> Compensation:
    """Balance what green lines lose by a revision, and by works, against what makes up for it.

    ``lost = before - (after - built)``, ``made up = (after - built) - before``, as ground: union
    before area. Existing and planned lines are one account, so that a planned line that is now
    existing loses nothing. Ecological control lines are another and make up for nothing; so is new
    ground in lines of a category that no line had before, and ground of control lines before. A
    shortfall passes, and is told, where nowhere is ground lost that is wider than 1 mm.

    Parameters
    ----------
    before, after
        `GreenLines`, or layers of polygons or closed rings with ``number``, ``status``, ``category``,
        ``class`` and ``name`` as far as there are any, in any CRS.
    built
        Polygons of works that take ground of the lines, in any CRS.
    edition
        Of the class codes, ``"2002"`` or ``"2017"``: they say the category where no column does.
    crs
        Measuring CRS; default: that of `before` where it may measure areas.

    Returns
    -------
    Compensation
        ``.ledger``, ``.by_line`` and ``.check``; areas in m2 of the measuring CRS.

    Raises
    ------
    GeometryError
        A line is open or crosses itself.
    ColumnError
        A number stands twice, or a status is not known.
    CrsError
        A layer has no CRS.

    References
    ----------
    Measures for the Administration of Urban Green Lines, construction ministry's order 112; a city's
    rule under it: a revision must not reduce planned green, and loss is made up.

    Examples
    --------
    >>> old = gpd.GeoDataFrame({"number": ["1"]}, geometry=[shapely.box(0, 0, 10, 10)], crs=4547)
    >>> old.geometry = old.translate(500_000, 3_400_000)
    >>> new = old.set_geometry(old.translate(2, 0))
    >>> found = compensation(old, new)
    >>> found.lost_m2, found.made_up_m2, found.made_up
    (20.0, 20.0, True)
    """
    old, told = lines_of(before, "before", edition)
    new, more = lines_of(after, "after", edition)
    ready = Ready(None if crs is None else parse_crs(crs), old, "before")
    (old, shared), (new, also) = ready_lines(ready, old, "before"), ready_lines(ready, new, "after")
    ground = gpd.GeoSeries([], crs=ready.crs)
    if built is not None:
        ground = ready.layer(built, "built").geometry
    findings = (
        *told,
        *more,
        *shared,
        *also,
        *ready.findings,
        *moved_findings(ready.crs, after=after, built=built),
    )
    warn_of_changes(findings)
    return balanced(old, new, ground.to_numpy(), findings=findings)


def lines_of(
    lines: Layer | GreenLines, name: str, edition: str | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return lines with their words, of whichever kind they are given.

    Raises
    ------
    ColumnError
        A class code is not of the edition.
    """
    if isinstance(lines, GreenLines):
        return approved_lines(lines.lines, name)
    frame = as_frame(lines, name)
    if edition is not None and "class" in frame:
        coded = frame["class"].map(name_of) != ""
        coded_table(frame[coded], edition, name)
    return approved_lines(lines, name, edition=edition)


def ready_lines(
    ready: Ready, lines: gpd.GeoDataFrame, name: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return lines in the measuring CRS, and what those of one status share.

    Control lines lie over existing and planned ones by design: that is told nowhere.
    """
    frame = ready.layer(lines, name, overlaps=False)
    return frame, tuple(
        replace(
            told,
            text=Text(
                zh=f"{STATUSES[status].title.zh}：{told.text.zh}",
                en=f"{STATUSES[status].title.en}: {told.text.en}",
            ),
        )
        for status, own in frame.groupby("status", sort=False)
        for told in overlap_findings(own, name)
    )


def moved_findings(crs: CRS, **layers: Layer | GreenLines | None) -> tuple[Finding, ...]:
    """Return a note for each layer that had to be put into the measuring CRS."""
    found = []
    for name, layer in layers.items():
        if layer is None or layer.crs is None or layer.crs == crs:
            continue
        text = Text(
            zh=f"坐标系为 {layer.crs.name}，已投影到 {crs.name}。",
            en=f"It is in {layer.crs.name} and was put into {crs.name}.",
        )
        found.append(Finding(code="reprojected", text=text, layer=name))
    return tuple(found)


def balanced(
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    built: NDArray[Any],
    *,
    findings: tuple[Finding, ...] = (),
) -> Compensation:
    """Balance lines in the measuring CRS."""
    rows: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    sums: list[Account] = []
    books, told = _books(before, after)
    for title, (old, new) in zip(SUMS, books, strict=True):
        groups, whole = accounts(_shapes(old), _shapes(new), _groups(old), _groups(new), built)
        rows += [_named(group) | _areas(found) for group, found in groups.items()]
        if groups or title is SUMS[0]:
            rows.append({"status": title, "category": "", "class": ""} | _areas(whole))
        sums.append(whole)
        lines += [{"account": title} | row for row in _line_rows(old, new, built)]
    whole, first, turned, _ = sums
    kept = books[0]
    revised = account(*(shapely.union_all(_shapes(lines)) for lines in kept))
    ledger = Ledger("green_line_balance", TITLE, OF_GROUPS, _frame(rows, OF_GROUPS), NOTE)
    by_line = Ledger(
        "green_line_balance_lines",
        Text("逐条绿线的减少与补偿", "lost and made up, line by line"),
        OF_LINES,
        _frame(lines, OF_LINES),
        NOTE,
    )
    return Compensation(
        before_m2=whole.before,
        lost_m2=whole.lost,
        made_up_m2=whole.made_up,
        after_m2=whole.after,
        ledger=ledger,
        by_line=by_line,
        check=balance_check(
            whole,
            revised_m2=revised.lost,
            first_m2=first.made_up,
            turned_m2=turned.made_up,
            rounding=only_rounding(-whole.net, _shapes(kept[0]), _shapes(kept[1]), built),
        ),
        crs=before.crs,
        findings=(*findings, *told),
    )


def _part(lines: gpd.GeoDataFrame, *, control: bool) -> gpd.GeoDataFrame:
    return lines[(lines["status"] == CONTROL) == control]


def _books(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> tuple[list[tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]], tuple[Finding, ...]]:
    """Return the lines before and after of each account, in the order of `SUMS`.

    A line of a category that no line had before holds ground of old lines, but new ground in it
    is enclosed for the first time: it was green all along, and makes up for nothing. Ground of
    control lines before makes up for nothing either.
    """
    old, new = (_part(lines, control=False) for lines in (before, after))
    control = (_part(before, control=True), _part(after, control=True))
    new, turned = control_turned(control[0], old, new)
    like, first = first_enclosed(old, new)
    told = (_unknown(old),) if first is None and len(old) else ()
    first = new[:0] if first is None else first
    return [(old, like), (old[:0], first), (old[:0], turned), control], (*told, *_turned(turned))


def _turned(lines: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    if not len(lines):
        return ()
    area_m2 = float(shapely.area(shapely.union_all(_shapes(lines))))
    text = Text(
        zh=f"原生态控制线内有 {area_m2:,.2f} 平方米现为现状或规划绿线：另计，不抵补。",
        en=f"{area_m2:,.2f} m² of ecological control lines are in existing or planned lines now: they have "
        "a sum of their own and make up for nothing.",
    )
    told = Finding(code="control_turned", text=text, severity="warning", area_m2=area_m2)
    return (told,)


def _unknown(old: gpd.GeoDataFrame) -> Finding:
    count = int(old["category"].isin(["", "other"]).sum())
    text = Text(
        zh=f"调整前有 {count} 条绿线没有类型，无法分辨首次划入的类型：任何类型的地都按补偿计。",
        en=f"{count} lines before have no category, so what is enclosed for the first time cannot be "
        "told: ground of any kind counts as made up.",
    )
    return Finding(code="categories_unknown", text=text, severity="warning", count=count)


def _shapes(lines: gpd.GeoDataFrame) -> NDArray[Any]:
    found: NDArray[Any] = lines.geometry.to_numpy()
    return found


def _groups(lines: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    return list(lines[GROUP].itertuples(index=False, name=None))


def _named(group: Any) -> dict[str, Any]:
    status, category, code = group
    kind = CATEGORIES.get(category, Text(category, category) if category else "")
    return {"status": STATUSES[status].title, "category": kind, "class": code}


def _areas(found: Account) -> dict[str, float]:
    return {
        "before_m2": found.before,
        "lost_m2": found.lost,
        "regrouped_m2": found.regrouped,
        "made_up_m2": found.made_up,
        "after_m2": found.after,
        "net_m2": found.net,
    }


def _line_rows(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, built: NDArray[Any]
) -> Iterator[dict[str, Any]]:
    lost, gained = of_lines(_shapes(old), _shapes(new), built)
    for side, lines, found in ((OLD, old, lost), (NEW, new, gained)):
        for row, own in zip(lines.to_dict("records"), found, strict=True):
            if side is NEW and not own.made_up:
                continue
            yield {
                "line": row["number"],
                "side": side,
                "status": STATUSES[row["status"]].title,
                "class": row["class"],
                "name": row["name"],
            } | {key: area for key, area in _areas(own).items() if key != "regrouped_m2"}


def _frame(rows: Iterable[dict[str, Any]], columns: tuple[Column, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=[column.key for column in columns])
