"""Trajectory: whether an indicator is on course for what the city has promised for each year.

Question   What did the plan ask for on this day, what is lacking, and how fast must it come?
Enters     Measurements with their days, a start, yearly targets.
Leaves     One Course an indicator.
Elsewhere  The values: model/trajectory. Gathering them of a city: progress. Picture: present/.

A target of a year is due on its 31 December, and a baseline is of that day. The plan is the
broken straight line through the start and the targets; after the last target it stays level. An
indicator is on course where its latest value meets the plan on the day it was measured.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf, isnan
from typing import TYPE_CHECKING, Literal

from greenspace.model.trajectory import Course, TargetView, decimal_year, due
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from greenspace.model.definition import Indicator
    from greenspace.model.quantity import Ratio
    from greenspace.model.trajectory import CourseState, Sight, TargetState

    Better = Literal["higher", "lower"]
    Nodes = list[tuple[float, float]]

WITHOUT_HALVES = frozenset({"supplied", "record"})
NO_START = Text(
    zh="计划没有起点：清单中没有 [baseline]，也没有已到期的目标或更早的量算。",
    en="The plan has no start: there is no [baseline], no target already due and no earlier "
    "measurement.",
)
NO_TARGET = Text(zh="没有目标。", en="There is no target.")
NOT_MEASURED = Text(zh="该日没有量算此项。", en="It was not measured on that day.")
UNSEEN = Text(
    zh="影像不可见部分过多：实际值可能在计划线的任一侧。",
    en="Too much unseen: the value may lie on either side of the plan.",
)


def planned_at(when: float, nodes: Nodes) -> float | None:
    """Return what the line through nodes asks for; level after the last, nothing before the first.

    Examples
    --------
    >>> line = [(2021.0, 0.374), (2023.0, 0.380)]
    >>> round(planned_at(2022.0, line), 4), planned_at(2030.0, line), planned_at(2020.0, line)
    (0.377, 0.38, None)
    """
    if not nodes or when < nodes[0][0]:
        return None
    for (left, low), (right, high) in pairwise(nodes):
        if left < when < right:
            return low + (high - low) * (when - left) / (right - left)
    return [value for node, value in nodes if node <= when][-1]


def plot_course(
    card: Indicator,
    sights: Sequence[Sight],
    targets: Mapping[int, float],
    *,
    baseline: tuple[int, float] | None = None,
    thresholds: tuple[tuple[Text, float], ...] = (),
    day: date | None = None,
) -> Course | None:
    """Hold the measurements of one indicator against its yearly targets.

    Parameters
    ----------
    sights
        By date. Those without a value cannot take part.
    baseline
        Year and value that the plan sets out from; without one it sets out from the earliest of
        several measurements that are like the latest.
    day
        What targets are counted from; default: the day of the last measurement. Without a value
        on it the course is not known.

    Returns
    -------
    Course or None
        ``None`` where no measurement has a value.
    """
    seen = tuple(sight for sight in sights if not isnan(sight.ratio.value))
    if not seen:
        return None
    today = day or sights[-1].day
    now = decimal_year(today)
    start = _start(baseline, seen)
    nodes = [] if start is None else [start]
    since = -inf if start is None else start[0]
    nodes += [(due(year), value) for year, value in sorted(targets.items()) if due(year) > since]
    planned = planned_at(now, nodes) if targets else None
    latest = seen[-1].ratio if seen[-1].day == today else None
    views = tuple(_view(card, latest, year, value, now) for year, value in sorted(targets.items()))
    if latest is None:
        state, reason = _unknown(sights[-1], today, planned=bool(views))
    else:
        state, reason = _state(card.better, latest, planned, views)
    return Course(
        indicator=card.id,
        name=card.name,
        unit=card.unit,
        better=card.better,
        start=start,
        day=today,
        sights=seen,
        targets=views,
        planned=planned,
        state=state,
        reason=reason,
        thresholds=thresholds,
        ground=card.numerator if latest is not None and _ground(card, latest) else None,
    )


def _start(baseline: tuple[int, float] | None, seen: Sequence[Sight]) -> tuple[float, float] | None:
    if baseline is not None:
        return (due(baseline[0]), baseline[1])
    alike = [sight for sight in seen if sight.alike]
    if len(alike) > 1:
        return (alike[0].when, alike[0].ratio.value)
    return None


def _view(card: Indicator, ratio: Ratio | None, year: int, value: float, now: float) -> TargetView:
    left = due(year) - now
    years = left if left > 0 else None
    if ratio is None:
        return TargetView(year=year, value=value, lacking=None, state="unclear", years_left=years)
    lacking = value - ratio.value if card.better == "higher" else ratio.value - value
    sides = {_meets(bound, card.better, value) for bound in ratio.bounds}
    met = sides == {True}
    state: TargetState = "met" if met else "missed" if years is None else "open"
    if len(sides) > 1:
        state = "unclear"
    per_year = None if years is None or (lacking <= 0 and not met) else max(lacking, 0.0) / years
    ground = _ground(card, ratio)
    return TargetView(
        year=year,
        value=value,
        lacking=lacking,
        state=state,
        years_left=years,
        needed_per_year=per_year,
        needed_m2=None if ground is None else max(lacking, 0.0) * ground,
        needed_m2_per_year=None if ground is None or per_year is None else per_year * ground,
    )


def _ground(card: Indicator, ratio: Ratio) -> float | None:
    """Return by what a lacking share becomes ground: the whole place, unseen parts with it.

    Only where ground is counted: not a number of units or a length, and not a number that
    somebody supplied, whose halves are not known.
    """
    supplied = any(source.role in WITHOUT_HALVES for source in ratio.sources)
    if card.better != "higher" or supplied or not card.of_ground:
        return None
    return ratio.denominator + (ratio.unseen or 0.0)


def _unknown(last: Sight, today: date, *, planned: bool) -> tuple[CourseState, Text | None]:
    """Return why nothing can be said of a day without a value."""
    if not planned:
        return "undetermined", NO_TARGET
    why = (last.ratio.reason if last.day == today else None) or NOT_MEASURED
    return "undetermined", Text(
        zh=f"{today} 没有数值：{why.zh}", en=f"No value on {today}: {why.en}"
    )


def _state(
    better: Better, ratio: Ratio, planned: float | None, views: Sequence[TargetView]
) -> tuple[CourseState, Text | None]:
    if not views:
        return "undetermined", NO_TARGET
    if planned is None:
        ahead = all(_meets(bound, better, views[0].value) for bound in ratio.bounds)
        return ("on_course", None) if ahead else ("undetermined", NO_START)
    sides = {_meets(bound, better, planned) for bound in ratio.bounds}
    if len(sides) > 1:
        return "undetermined", UNSEEN
    return ("on_course" if sides.pop() else "behind"), None


def _meets(value: float, better: Better, asked: float) -> bool:
    return value >= asked if better == "higher" else value <= asked
