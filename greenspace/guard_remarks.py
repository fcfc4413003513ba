"""Guard remarks: what was left out of a guard, or taken for granted, in words.

Question   Which pieces are no findings, and which works count although their day is not known?
Enters     Counts and areas of what was cut.
Leaves     Findings, and the note under the table of findings.
Elsewhere  Cutting: delimit/encroachment. Dates: prepare/days.
"""

from __future__ import annotations

from math import inf
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from greenspace.errors import InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import datetime as dt

    from greenspace.delimit.encroachment import Taken


TOLD_M2: Final = 0.005  # less would read 0.00 m2


def require_sizes(**sizes: Any) -> None:
    """Refuse widths and areas that are none.

    Raises
    ------
    InputError
        One is no finite number of 0 or more.
    """
    for name, size in sizes.items():
        if not isinstance(size, bool) and isinstance(size, Real) and 0 <= float(size) < inf:
            continue
        raise InputError(
            f"{name} 应为不小于 0 的有限数，而不是 {size!r}。",
            f"{name} should be a finite number of 0 or more, not {size!r}.",
            remedy=Text(zh="宽度以米、面积以平方米给出。", en="Write metres, or square metres."),
            expected="a finite number >= 0",
            found=size,
        )


def ranking_note(width_m: float, least_m2: float, patch_m2: float) -> Text:
    """Return how findings are ranked and what is too small for one."""
    return Text(
        zh=f"按面积排列，面积相同的按绿线编号。宽处不足 {width_m:g} m 或面积不足 {least_m2:g} m² 的碎片"
        f"视为绘图误差，影像图斑不足 {patch_m2:g} m² 的不列，均已计数。坐标为量算坐标系。",
        en=f"Ranked by area, ties by line number. Pieces nowhere wider than {width_m:g} m or smaller than "
        f"{least_m2:g} m2 are taken for noise of drawing, patches in images below {patch_m2:g} m2 are "
        "left out; both are counted. Coordinates are of the measuring CRS.",
    )


def left_out(cut: Taken, layer: str, width_m: float, least_m2: float) -> tuple[Finding, ...]:
    """Return how many pieces are noise of drawing, and their area."""
    if cut.slivers_m2 < TOLD_M2:
        return ()
    text = Text(
        zh=f"与绿线相交的 {cut.slivers} 个碎片宽处不足 {width_m:g} 米或面积不足 {least_m2:g} 平方米，"
        f"共 {cut.slivers_m2:.2f} 平方米，视为绘图误差，不列为侵占。",
        en=f"{cut.slivers} pieces inside lines are nowhere wider than {width_m:g} m or smaller than "
        f"{least_m2:g} m², {cut.slivers_m2:.2f} m² in all: noise of drawing, no findings.",
    )
    finding = Finding(
        code="slivers_left_out",
        text=text,
        layer=layer,
        count=cut.slivers,
        area_m2=cut.slivers_m2,
    )
    return (finding,)


def without_pictures(count: int, most: int) -> tuple[Finding, ...]:
    """Return for how many findings no pictures were cut."""
    if count <= 0:
        return ()
    text = Text(
        zh=f"只为最大的 {most} 处截取两期影像，另有 {count} 处没有。",
        en=f"Pictures of both dates are of the {most} largest findings; {count} others have none.",
    )
    return (Finding(code="pictures_left_out", text=text, layer="image", count=count),)


def undated(count: int, layer: str) -> tuple[Finding, ...]:
    """Return how many works inside lines have no date where others have."""
    if not count:
        return ()
    text = Text(
        zh=f"{count} 个与绿线相交的项目没有日期，按晚于绿线计。",
        en=f"{count} projects inside lines have no date and count as later than the lines.",
    )
    finding = Finding(code="works_undated", text=text, severity="warning", layer=layer, count=count)
    return (finding,)


def not_dated(count: int, layer: str, *, since: dt.date | None) -> tuple[Finding, ...]:
    """Return that no work was held against the day of the lines, and why."""
    if not count:
        return ()
    why = (
        Text(zh="没有给出绿线批准日期", en="the day of approval is not given")
        if since is None
        else Text(zh="图层没有日期字段", en="the layer has no column of dates")
    )
    text = Text(
        zh=f"{why.zh}：{count} 个与绿线相交的项目都按晚于绿线计。",
        en=f"{count} projects inside lines all count as later than the lines: {why.en}.",
    )
    return (Finding(code="works_not_dated", text=text, layer=layer, count=count),)
