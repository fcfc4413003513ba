"""Trajectory chart: baseline, measurements with their intervals, targets, and the thresholds.

Question   How does a city's way to its targets look?
Enters     A Trajectory and a language.
Leaves     Sheets as PNG and PDF, a panel an indicator.
Elsewhere  The numbers: evaluate/trajectory. Words: course_words. Files: write.
"""

from __future__ import annotations

import textwrap
from functools import partial
from math import ceil, floor, isnan
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from greenspace.model.trajectory import due
from greenspace.model.words import Text
from greenspace.present import canvas, style
from greenspace.present.course_words import course_sentence
from greenspace.present.display import show, shown_unit
from greenspace.present.fonts import chinese_font, drawable
from greenspace.present.rows import banner
from greenspace.present.sheets import Sheet, render
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from greenspace.model.check import Check
    from greenspace.model.trajectory import Course, Trajectory
    from greenspace.model.words import Language

PANELS: Final = 4
PLACES: Final = (
    (0.07, 0.55, 0.40, 0.27),
    (0.56, 0.55, 0.40, 0.27),
    (0.07, 0.14, 0.40, 0.27),
    (0.56, 0.14, 0.40, 0.27),
)
ALONE: Final = (0.09, 0.20, 0.83, 0.58)
TITLE: Final = Text("{name} 逐年目标与进度", "{name}: the way to the yearly targets")
PLAN: Final = "#8a8f8c"
TARGET: Final = "#b3541e"
BAR: Final = "#7a2e2e"
KEY: Final = {
    "start": Text("起点（基准值或首次量算）", "start (baseline or first measurement)"),
    "plan": Text("计划线", "planned line"),
    "sight": Text("量算值（按图）", "measured, as mapped"),
    "interval": Text("误差校正估计的区间", "interval of the error-adjusted estimate"),
    "target": Text("目标（年底）", "target (end of the year)"),
    "threshold": Text("标准的数值", "number of the standard"),
}


def trajectory_sheets(
    trajectory: Trajectory | None, name: str, language: Language, notes: Sequence[str] = ()
) -> tuple[Sheet, ...]:
    """Return the chart on as many sheets as it needs; none where nothing was measured.

    Parameters
    ----------
    name
        Of the city.
    notes
        Lines at the foot, such as a banner.
    """
    courses = [] if trajectory is None else [c for c in trajectory.courses if c.sights]
    title = TITLE.of(language).format(name=clean(name))
    sheets = []
    for number, start in enumerate(range(0, len(courses), PANELS), 1):
        part = courses[start : start + PANELS]
        png, pdf = render(partial(draw_courses, part, title, language, notes=notes))
        label = "trajectory" if len(courses) <= PANELS else f"trajectory_{number}"
        sheets.append(Sheet(name=label, title=title, png=png, pdf=pdf))
    return tuple(sheets)


def check_charts(check: Check, language: Language) -> tuple[Sheet, ...]:
    """Return the charts of a check, as `draw_sheets` returns its maps."""
    told = banner(check, language)
    return trajectory_sheets(
        check.trajectory, check.city.name, language, notes=(told,) if told else ()
    )


def write_charts(sheets: Sequence[Sheet], folder: Path) -> None:
    """Write charts into the folder ``charts``, which is made where there are any."""
    for sheet in sheets:
        (folder / "charts").mkdir(exist_ok=True)
        (folder / "charts" / f"{sheet.name}.png").write_bytes(sheet.png)
        (folder / "charts" / f"{sheet.name}.pdf").write_bytes(sheet.pdf)


def draw_courses(
    courses: Sequence[Course], title: str, language: Language, *, notes: Sequence[str] = ()
) -> Axes:
    """Draw up to four courses on a sheet; returns the Axes of the whole page."""
    page = canvas.new_axes(canvas.SHEET_INCHES, (0.0, 0.0, 1.0, 1.0))
    page.set_axis_off()
    canvas.write(page, 0.045, 0.94, title, size=17, va="center")
    places = (ALONE,) if len(courses) == 1 else PLACES
    for course, place in zip(courses, places, strict=False):
        panel = page.inset_axes(place)
        _draw(panel, course, language)
    _key(page, language)
    if notes:
        canvas.write(page, 0.045, 0.015, "  ".join(notes), size=8, color=style.FAINT, va="bottom")
    return page


def _draw(ax: Axes, course: Course, language: Language) -> None:
    unit = shown_unit(course.indicator, course.unit)
    _plan(ax, course)
    for sight in course.sights:
        span = sight.ratio.interval
        if span is not None and not isnan(span.low):
            ax.plot(
                [sight.when] * 2, [span.low, span.high], color=style.VEGETATION, lw=5, alpha=0.3
            )
    ax.plot(
        [sight.when for sight in course.sights],
        [sight.ratio.value for sight in course.sights],
        marker="o",
        color=style.VEGETATION,
        lw=1.6,
        zorder=5,
    )
    _say(ax, course.latest.when, course.latest.ratio.value, unit, language, style.VEGETATION, -14)
    for view in course.targets:
        face = TARGET if view.state == "met" else "white"
        ax.plot(due(view.year), view.value, "s", mec=TARGET, mfc=face, ms=7, zorder=4)
        _say(ax, due(view.year), view.value, unit, language, TARGET, 8)
    _frame(ax, course, unit, language)
    _thresholds(ax, course, unit, language)
    canvas.write(ax, 0.0, 1.17, clean(course.name.of(language)), size=11.5, va="bottom")
    canvas.write(ax, 0.0, 1.04, _wrapped(course, language), size=8, color=style.FAINT, va="bottom")


def _wrapped(course: Course, language: Language) -> str:
    sentence = course_sentence(course, language)
    return textwrap.fill(sentence, 48 if language == "zh" else 92, max_lines=2, placeholder="…")


def _plan(ax: Axes, course: Course) -> None:
    nodes = [] if course.start is None else [course.start]
    since = nodes[0][0] if nodes else float("-inf")
    nodes += [(due(v.year), v.value) for v in course.targets if due(v.year) > since]
    if course.targets:
        ax.plot(*zip(*nodes, strict=True), color=PLAN, lw=1.3, ls="--", zorder=2)
    if course.start is not None:
        ax.plot(*course.start, "D", color=PLAN, ms=6, zorder=3)


def _say(
    ax: Axes, x: float, y: float, unit: str, language: Language, colour: str, above: int
) -> None:
    ax.annotate(
        drawable(show(y, unit, language)),
        (x, y),
        xytext=(0, above),
        textcoords="offset points",
        ha="center",
        va="center",
        fontproperties=chinese_font(8),
        color=colour,
        parse_math=False,
        zorder=8,
        annotation_clip=False,
    )


def _frame(ax: Axes, course: Course, unit: str, language: Language) -> None:
    """Show whole years at their ends, and every number with room for what is written by it."""
    xs = [sight.when for sight in course.sights] + [due(view.year) for view in course.targets]
    xs += [] if course.start is None else [course.start[0]]
    left, right = floor(min(xs) - 0.3), ceil(max(xs) + 0.3)
    ax.set_xlim(left, right)
    ys = list(_heights(course))
    spread = (max(ys) - min(ys)) or abs(ys[0]) * 0.1 or 1.0
    ax.set_ylim(min(ys) - 0.28 * spread, max(ys) + 0.28 * spread)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x - 1:.0f}"))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    bare = unit if unit == "1" else ""  # the numbers by the points carry longer units
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: drawable(show(y, bare, language))))
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set_fontproperties(chinese_font(8))
        label.set_parse_math(False)
    ax.tick_params(colors=style.FAINT, length=3)
    ax.grid(visible=True, color="#e6e6e0", lw=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _heights(course: Course) -> Iterator[float]:
    for sight in course.sights:
        yield sight.ratio.value
        span = sight.ratio.interval
        if span is not None and not isnan(span.low):
            yield from (span.low, span.high)
    yield from (view.value for view in course.targets)
    yield from (value for _, value in course.thresholds)
    if course.start is not None:
        yield course.start[1]


def _thresholds(ax: Axes, course: Course, unit: str, language: Language) -> None:
    for label, value in course.thresholds:
        ax.axhline(value, color=BAR, lw=0.9, ls=":", zorder=1)
        canvas_text = f"{clean(label.of(language))} {show(value, unit, language)}"
        ax.annotate(
            drawable(canvas_text),
            (0.005, value),
            xycoords=("axes fraction", "data"),
            xytext=(0, 2),
            textcoords="offset points",
            fontproperties=chinese_font(7),
            color=BAR,
            parse_math=False,
            va="bottom",
        )


def _key(page: Axes, language: Language) -> None:
    handles = {
        "start": Line2D([], [], marker="D", color=PLAN, ls="", ms=6),
        "plan": Line2D([], [], color=PLAN, ls="--"),
        "sight": Line2D([], [], marker="o", color=style.VEGETATION),
        "interval": Line2D([], [], color=style.VEGETATION, lw=5, alpha=0.3),
        "target": Line2D([], [], marker="s", mec=TARGET, mfc="white", ls="", ms=7),
        "threshold": Line2D([], [], color=BAR, ls=":"),
    }
    drawn = page.legend(
        list(handles.values()),
        [drawable(KEY[key].of(language)) for key in handles],
        loc="lower center",
        bbox_to_anchor=(0.5, 0.035),
        ncols=6 if language == "zh" else 3,
        frameon=False,
        prop=chinese_font(9),
    )
    for text in drawn.get_texts():
        text.set_parse_math(False)
