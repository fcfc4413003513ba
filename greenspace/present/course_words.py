"""Course words: where an indicator stands on its way, in sentences.

Question   How is it said that an indicator is on course, or what it lacks?
Enters     A Course and a language.
Leaves     Sentences; rows of a table, numbers as people read them.
Elsewhere  The numbers: evaluate/trajectory. The chart: trajectory_chart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text
from greenspace.present.display import show, show_margin, shown_unit
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.trajectory import Course, TargetView
    from greenspace.model.words import Language

STATES: Final[Mapping[str, Text]] = {
    "on_course": Text("进度达到计划", "on course"),
    "behind": Text("落后于计划", "behind the plan"),
    "undetermined": Text("进度不明", "course not known"),
    "met": Text("已达到", "met"),
    "missed": Text("到期未达到", "missed"),
    "open": Text("未到期", "not due yet"),
    "unclear": Text("不明", "not known"),
}
OVERDUE: Final = Text("已到期，不明", "was due, not known")
NEEDED: Final = Text(
    "至 {year} 年底每年需 {change}", "needed a year to the end of {year}: {change}"
)
GROUND: Final = Text("（{area}/年，分母按现值不变）", " ({area} a year, denominator as measured)")


def course_sentence(course: Course, language: Language) -> str:
    """Return where an indicator stands and what it needs each year; nothing without targets."""
    if not course.targets:
        return ""
    words = STATES[course.state].of(language)
    if course.planned is not None:
        asked = show(course.planned, shown_unit(course.indicator, course.unit), language)
        left, right = ("（计划 ", "）") if language == "zh" else (" (plan ", ")")
        words += f"{left}{asked}{right}"
    if course.reason is not None:
        words += f"{'：' if language == 'zh' else ': '}{clean(course.reason.of(language))}"
    view = course.next_target
    if view is None or not view.needed_per_year:
        return words
    stop = "；" if language == "zh" else "; "
    return f"{words.rstrip('。.')}{stop}{needed_sentence(course, view, language)}"


def needed_sentence(course: Course, view: TargetView, language: Language) -> str:
    """Return what is needed each year to one target, in the indicator's unit and as ground."""
    text = NEEDED.of(language).format(
        year=view.year, change=shown_change(course, view).of(language)
    )
    if view.needed_m2_per_year is not None:
        area = show(view.needed_m2_per_year, "m2", language)
        text += GROUND.of(language).format(area=area)
    return text


def target_state(view: TargetView) -> Text:
    """Return the state of a target; one that was due and is not known is said to have been due."""
    overdue = view.state == "unclear" and view.years_left is None
    return OVERDUE if overdue else STATES[view.state]


def shown_change(course: Course, view: TargetView) -> Text:
    """Return the change that one target needs each year, with its sign; a dash where none is."""
    sign = 1.0 if course.better == "higher" else -1.0
    change = None if view.needed_per_year is None else sign * view.needed_per_year
    unit = shown_unit(course.indicator, course.unit)
    return Text(show_margin(change, unit, "zh"), show_margin(change, unit, "en"))


def shown_amount(course: Course, value: float | None) -> Text:
    """Return a number of a course with its unit; a dash where there is none."""
    unit = shown_unit(course.indicator, course.unit)
    return Text(show(value, unit, "zh"), show(value, unit, "en"))
