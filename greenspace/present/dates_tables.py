"""Dates tables: what a comparison of dates says, as frames and as rows that people read.

Question   Which value, verdict and change stands for each indicator and date?
Enters     A DateComparison, a language.
Leaves     A long frame with numbers; rows of strings with units.
Elsewhere  Files: dates_files. The chart: trajectory_chart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from greenspace.model.words import Text
from greenspace.present.course_words import course_sentence
from greenspace.present.display import UNDEFINED, show, show_margin, shown_unit
from greenspace.present.record import course_record
from greenspace.present.words import MARKS, VERDICTS, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenspace.model.dates import DateComparison, Dated, Step
    from greenspace.model.trajectory import Trajectory
    from greenspace.model.verdict import Verdict
    from greenspace.model.words import Language

BEYOND: Final[Mapping[bool | None, Text]] = {
    True: Text("超出误差", "beyond error"),
    False: Text("在误差之内", "within error"),
    None: Text("无区间", "no interval"),
}
ANOTHER_WAY: Final = Text("方法不同", "another method")
COLUMNS: Final = (
    "indicator",
    "name_zh",
    "name_en",
    "unit",
    "date",
    "value",
    "interval_low",
    "interval_high",
    "threshold",
    "verdict",
    "mark",
    "since",
    "change",
    "change_per_year",
    "error_of_change",
    "beyond_error",
    "reason_zh",
    "reason_en",
)


PREFIXED: Final = {"value": "target", "state": "target_state", "year": "target_year"}
COURSE_COLUMNS: Final = (
    "indicator",
    "unit",
    "better",
    "start_when",
    "start_value",
    "day",
    "value",
    "planned",
    "state",
    "target_year",
    "target",
    "target_state",
    "lacking",
    "years_left",
    "needed_per_year",
    "needed_m2",
    "needed_m2_per_year",
    "reason_zh",
    "reason_en",
)


def long_frame(found: DateComparison) -> pd.DataFrame:
    """Return one row an indicator and date, with the change since the date before.

    Values are in base units; ``beyond_error`` is empty where either date has no interval, and
    the change where its reason says why.
    """
    return pd.DataFrame(list(_long(found)), columns=list(COLUMNS))


def _long(found: DateComparison) -> Iterator[dict[str, Any]]:
    for name, steps in found.steps.items():
        measured = [one for one in found.dates if name in one.ratios]
        arrivals = [None, *steps[: len(measured) - 1]]
        card = found.cards[name]
        for one, step in zip(measured, arrivals, strict=True):
            ratio = one.ratios[name]
            span = ratio.interval
            row: dict[str, Any] = {
                "indicator": name,
                "name_zh": card.name.zh,
                "name_en": card.name.en,
                "unit": card.unit,
                "date": one.day.isoformat(),
                "value": ratio.value,
                "interval_low": None if span is None else span.low,
                "interval_high": None if span is None else span.high,
                "threshold": None if (judged := row_of(one, name)) is None else judged.threshold,
                "verdict": verdict_of(one, name),
                "mark": "" if judged is None else judged.mark or "",
            }
            yield row | ({} if step is None else _arrival(step))


def _arrival(step: Step) -> dict[str, Any]:
    why = step.reason or step.caution
    return {
        "since": step.start.isoformat(),
        "change": step.change,
        "change_per_year": step.per_year,
        "error_of_change": step.error,
        "beyond_error": step.beyond_error,
        "reason_zh": "" if why is None else why.zh,
        "reason_en": "" if why is None else why.en,
    }


def verdict_of(one: Dated, indicator: str) -> str:
    """Return the verdict of a row at a date, empty where the standard has no such row."""
    row = row_of(one, indicator)
    return "" if row is None else row.verdict


def row_of(one: Dated, indicator: str) -> Verdict | None:
    """Return the row of an indicator at a date."""
    return next((row for row in one.verdicts if row.indicator == indicator), None)


def course_frame(trajectory: Trajectory) -> pd.DataFrame:
    """Return one row an indicator and target, in base units: plan, state, what is needed."""
    rows = []
    for course in trajectory.courses:
        head = course_record(course)
        start = head.pop("start") or [None, None]
        why, targets = head.pop("reason") or {"zh": "", "en": ""}, head.pop("targets")
        head |= {"start_when": start[0], "start_value": start[1]}
        head |= {"reason_zh": why["zh"], "reason_en": why["en"]}
        rows += [
            {**head, **{PREFIXED.get(key, key): value for key, value in view.items()}}
            for view in targets
        ]
    return pd.DataFrame(rows, columns=list(COURSE_COLUMNS))


def shown_rows(found: DateComparison, language: Language) -> list[dict[str, Any]]:
    """Return one row an indicator: each date's value and verdict, the change over all, a remark."""
    courses = {course.indicator: course for course in found.trajectory.courses}
    rows = []
    for name, steps in found.steps.items():
        card = found.cards[name]
        unit = shown_unit(name, card.unit)
        cells = []
        for one in found.dates:
            token = verdict_of(one, name)
            value = (
                show(one.ratios[name].value, unit, language) if name in one.ratios else UNDEFINED
            )
            word = VERDICTS[token].of(language) if token else ""
            cells.append({"value": value, "verdict": token, "word": word})
        course = courses.get(name)
        judged = row_of(found.dates[-1], name)
        mark = None if judged is None else judged.mark
        rows.append(
            {
                "name": clean(card.name.of(language)),
                "mark": "" if mark is None else MARKS[mark].of(language),
                "cells": cells,
                **_change(steps, unit, language, mapped=card.basis == "imagery"),
                "course": "" if course is None else course_sentence(course, language),
            }
        )
    return rows


def _change(
    steps: tuple[Step, ...], unit: str, language: Language, *, mapped: bool
) -> dict[str, str]:
    if not steps:
        return {"change": UNDEFINED, "per_year": UNDEFINED, "beyond": "", "reason": ""}
    whole = steps[-1]
    told = whole.change is not None and (mapped or whole.beyond_error is not None)
    beyond = BEYOND[whole.beyond_error].of(language) if told else ""
    if whole.caution is not None:
        beyond = ANOTHER_WAY.of(language)
    why = whole.reason or whole.caution
    if whole.error is not None:
        beyond += f" (±{show(whole.error, unit, language)})"
    return {
        "change": show_margin(whole.change, unit, language),
        "per_year": show_margin(whole.per_year, unit, language),
        "beyond": beyond,
        "reason": "" if why is None else clean(why.of(language)),
    }
