"""Progress: where a city stands on the way that it has planned.

Question   Which indicators have targets, and how do today's numbers stand to them?
Enters     A city with its plan, its numbers, and the rows of a standard.
Leaves     A Trajectory with its findings; its table.
Elsewhere  The arithmetic: evaluate/trajectory. The chart: present/trajectory_chart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from greenspace.evaluate.compare import judge
from greenspace.evaluate.trajectory import plot_course
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding
from greenspace.model.trajectory import Sight, Trajectory
from greenspace.model.words import Text
from greenspace.present.course_words import STATES, shown_amount, shown_change, target_state
from greenspace.present.display import show, shown_unit
from greenspace.present.words import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from greenspace.model.city import City
    from greenspace.model.definition import Indicator, Profile
    from greenspace.model.quantity import Ratio
    from greenspace.model.trajectory import Course, TargetView
    from greenspace.model.verdict import Verdict

NO_DAY = Text(
    zh="清单有 [targets.…] 或 [baseline]，但没有日期，无法判断进度。请在 [city] 中写 date = 2026-06-30。",
    en="The manifest has [targets.…] or [baseline] but no date, so nothing can be said of its "
    "course. Write date = 2026-06-30 in [city].",
)

BASELINE = Text("基期，不是目标", "baseline, no target")
STEPS_NOTE = Text(
    "各步的年份除印出的以外不明；“已达”只是今日数值与目标相比。",
    "The years of the steps are not known but where one is printed; met or not is today's number held "
    "against the target, whenever it is due.",
)
STEP_COLUMNS = (
    Column("indicator", Text("指标", "indicator")),
    Column("step", Text("步骤", "step")),
    Column("target", Text("目标", "target")),
    Column("measured", Text("今日量算值", "measured today")),
    Column("met", Text("是否已达", "met")),
    Column("remark", Text("说明", "remark")),
)
COLUMNS = (
    Column("indicator", Text("指标", "indicator")),
    Column("day", Text("量算日期", "measured on"), "date"),
    Column("value", Text("量算值", "measured")),
    Column("planned", Text("当日计划值", "planned for that day")),
    Column("course", Text("进度", "course")),
    Column("year", Text("目标年（年底）", "target year (its end)")),
    Column("target", Text("目标", "target")),
    Column("lacking", Text("尚差", "still lacking")),
    Column("state", Text("目标状态", "state of the target")),
    Column("needed_per_year", Text("每年需变化", "needed each year")),
    Column("needed_m2", Text("尚需面积", "ground still lacking"), "m2"),
    Column("needed_m2_per_year", Text("每年需面积", "ground needed each year"), "m2"),
    Column("remark", Text("备注", "remark")),
)
NOTE = Text(
    zh="目标和基准值均为该年 12 月 31 日。计划线为经过基准值和各年目标的折线，最后一个目标之后持平；"
    "最近一次量算值不低于（越低越好的指标：不高于）当日计划值即为达到计划。"
    "所需面积按现有分母（建成区面积、人口等）不变折算；分母增长则需要更多。",
    en="Targets and baseline are of 31 December. The plan is the broken line through the baseline and "
    "the targets, level after the last; an indicator is on course where its latest value is not "
    "worse than the plan on that day. Ground that is needed holds the denominator (built-up area, "
    "persons) as measured: where it grows, more is needed.",
)


def trajectory_of(
    city: City,
    ratios: Mapping[str, Ratio],
    verdicts: Sequence[Verdict],
    cards: Mapping[str, Indicator],
) -> Trajectory | None:
    """Return how a city's numbers stand to its baseline and its yearly targets.

    Parameters
    ----------
    ratios
        City-wide numbers by indicator.
    verdicts
        Rows of the judged standard, whose thresholds the chart shows.

    Returns
    -------
    Trajectory or None
        ``None`` where the city has no plan.
    """
    named = planned_indicators(city)
    if not named:
        return None
    day = city.date or (None if city.image is None else city.image.date)
    if day is None:
        return Trajectory(
            courses=(), findings=(Finding(code="plan_undated", text=NO_DAY, severity="warning"),)
        )
    sights = {name: [Sight(day=day, ratio=ratios[name])] for name in named if name in ratios}
    return plot_plan(city, sights, verdicts, cards)


def planned_indicators(city: City) -> tuple[str, ...]:
    """Return the indicators that the plan names, in the order in which it does."""
    first = {} if city.baseline is None else city.baseline.amounts
    every = [first, *(city.targets[year] for year in sorted(city.targets))]
    return tuple(dict.fromkeys(name for values in every for name in values))


def plot_plan(
    city: City,
    sights: Mapping[str, Sequence[Sight]],
    verdicts: Iterable[Verdict],
    cards: Mapping[str, Indicator],
    *,
    day: date | None = None,
) -> Trajectory:
    """Return the course of every indicator that was measured, and remarks on the plan.

    Parameters
    ----------
    city
        Whose baseline and targets count.
    sights
        Measurements by indicator, each by date; indicators beyond the plan are taken too.
    day
        The latest date; default: that of the last measurement of each.
    """
    bars = {row.indicator: thresholds_of(row) for row in verdicts}
    courses, findings = [], []
    for name in dict.fromkeys((*planned_indicators(city), *sights)):
        targets = {year: values[name] for year, values in city.targets.items() if name in values}
        start = None
        if city.baseline is not None and name in city.baseline.amounts:
            start = (city.baseline.year, city.baseline.amounts[name])
        course = plot_course(
            cards[name],
            sights.get(name, ()),
            targets,
            baseline=start,
            thresholds=bars.get(name, ()),
            day=day,
        )
        findings += list(_backward(cards[name], start, targets))
        if course is None:
            findings.append(_unmeasured(cards[name]))
            continue
        courses.append(course)
        findings += list(_already(course))
    return Trajectory(courses=tuple(courses), findings=tuple(findings))


def thresholds_of(row: Verdict) -> tuple[tuple[Text, float], ...]:
    """Return the numbers of a row with the names to show beside them, other levels after."""
    found = [(Text(zh=row.standard, en=row.standard), value) for value in row.readings]
    base = row.standard.partition(":")[0]
    found += [
        (Text(zh=f"{base}:{level}", en=f"{base}:{level}"), value)
        for level, value in row.other_levels
    ]
    return tuple(dict.fromkeys(found))


def _backward(
    card: Indicator, start: tuple[int, float] | None, targets: Mapping[int, float]
) -> Iterator[Finding]:
    """Yield the targets that ask for less than what came before them."""
    before = start
    for year, value in sorted(targets.items()):
        falls = 0.0 if before is None else before[1] - value
        if before is not None and (falls if card.better == "higher" else -falls) > 0:
            yield _less(card, before[0], year)
        before = (year, value)


def _less(card: Indicator, before: int, year: int) -> Finding:
    text = Text(
        zh=f"{card.name.zh}：{year} 年的目标低于 {before} 年的数值。请核对 [targets.{year}]。",
        en=f"{card.name.en}: the target of {year} asks for less than the number of {before}. Check "
        f"[targets.{year}].",
    )
    return Finding(code="target_backward", text=text, severity="warning", indicators=(card.id,))


def _already(course: Course) -> Iterator[Finding]:
    """Yield the targets that are reached before they are due, and those that were missed."""
    early = [v.year for v in course.targets if v.state == "met" and v.years_left is not None]
    missed = [v.year for v in course.targets if v.state == "missed"]
    told = (
        (
            early,
            "target_reached",
            "note",
            "已达到尚未到期的目标",
            "targets not due yet are reached",
        ),
        (
            missed,
            "target_missed",
            "warning",
            "到期的目标未达到",
            "targets that were due are not met",
        ),
    )
    for years, code, severity, zh, en in told:
        if years:
            listed = ", ".join(map(str, years))
            text = Text(
                zh=f"{course.name.zh}：{zh}（{listed}）。", en=f"{course.name.en}: {en} ({listed})."
            )
            yield Finding(
                code=code,
                text=text,
                severity="warning" if severity == "warning" else "note",
                indicators=(course.indicator,),
            )


def _unmeasured(card: Indicator) -> Finding:
    text = Text(
        zh=f"{card.name.zh}：有目标或基准值，但没有量算值，进度不明。",
        en=f"{card.name.en}: there is a target or a baseline, but no measured value to hold against "
        "it.",
    )
    return Finding(code="target_unmeasured", text=text, indicators=(card.id,))


def trajectory_ledger(trajectory: Trajectory) -> Ledger:
    """Return one row an indicator and target, with its state and what it needs each year."""
    rows = [_row(course, view) for course in trajectory.courses for view in course.targets]
    keys = [column.key for column in COLUMNS]
    return Ledger(
        "trajectory",
        Text("逐年目标与进度", "the way to the yearly targets"),
        COLUMNS,
        pd.DataFrame(rows, columns=keys),
        NOTE,
    )


def _row(course: Course, view: TargetView) -> dict[str, object]:
    return {
        "indicator": course.name,
        "day": course.day,
        "value": shown_amount(course, course.value),
        "planned": shown_amount(course, course.planned),
        "course": STATES[course.state],
        "year": str(view.year),
        "target": shown_amount(course, view.value),
        "lacking": shown_amount(course, None if view.lacking is None else max(view.lacking, 0.0)),
        "state": target_state(view),
        "needed_per_year": shown_change(course, view),
        "needed_m2": view.needed_m2,
        "needed_m2_per_year": view.needed_m2_per_year,
        "remark": course.reason,
    }


def steps_ledger(
    profile: Profile,
    ratios: Mapping[str, Ratio],
    cards: Mapping[str, Indicator],
    facts: Mapping[str, object],
) -> Ledger | None:
    """Return how today's numbers stand to every step of a plan, ``None`` where it has none.

    A plan is a standard whose levels are named ``step-…``; the first is where it began.
    """
    if not any(level.startswith("step-") for level in profile.levels):
        return None
    rows = []
    for row in profile.criteria:
        found, card = ratios.get(row.indicator), cards[row.indicator]
        verdict = judge(row, found, standard=profile.id, indicator=card, facts=facts)
        unit = shown_unit(row.indicator, card.unit)
        step = profile.level_names[row.level]
        told = VERDICTS[verdict.verdict]
        rows.append(
            {
                "indicator": card.name,
                "step": step,
                "target": _shown(verdict.threshold, unit),
                "measured": _shown(None if found is None else found.value, unit),
                "met": BASELINE if row.level == profile.levels[0] else told,
                "remark": verdict.reason,
            }
        )
    keys = [column.key for column in STEP_COLUMNS]
    title = Text("规划各步的目标", "the steps of the plan")
    return Ledger("plan_steps", title, STEP_COLUMNS, pd.DataFrame(rows, columns=keys), STEPS_NOTE)


def _shown(value: float | None, unit: str) -> Text:
    return Text(show(value, unit, "zh"), show(value, unit, "en"))
