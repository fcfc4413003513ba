"""Trajectory: what a city set out from, what it has promised for each year, and where it stands.

Question   Is each indicator on course, and what is still lacking to each target?
Enters     What evaluate/trajectory found.
Leaves     Frozen values that a chart and a table can show.
Elsewhere  The arithmetic: evaluate/trajectory. The picture: present/trajectory_chart.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from greenspace.model.quantity import Ratio, Unit
    from greenspace.model.source import Finding
    from greenspace.model.words import Text

TargetState = Literal["met", "missed", "open", "unclear"]
CourseState = Literal["on_course", "behind", "undetermined"]


def decimal_year(day: date) -> float:
    """Return a day as a year and its part that is over at the end of the day.

    Examples
    --------
    >>> from datetime import date
    >>> decimal_year(date(2026, 12, 31)), round(decimal_year(date(2026, 6, 30)), 4)
    (2027.0, 2026.4959)
    """
    days = 366 if calendar.isleap(day.year) else 365
    return day.year + day.timetuple().tm_yday / days


def due(year: int) -> float:
    """Return when a target of a year is due: at its end.

    Examples
    --------
    >>> due(2026)
    2027.0
    """
    return year + 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The ``[baseline]`` table: what the plan sets out from, at the end of a year.

    Attributes
    ----------
    year
        At whose end the amounts held.
    amounts
        Numbers by indicator, in base units: shares 0 to 1.

    Examples
    --------
    >>> Baseline(year=2020, amounts={"green_coverage": 0.374}).amounts["green_coverage"]
    0.374
    """

    year: int
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One measurement, and the day it is of.

    ``alike`` is False where it was measured by another method or on another basis than the latest,
    so that no plan may set out from it.
    """

    day: date
    ratio: Ratio
    alike: bool = True

    @property
    def when(self) -> float:
        """The day as a decimal year."""
        return decimal_year(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One target, seen from the latest measurement.

    Attributes
    ----------
    value
        What the city means to reach by 31 December of `year`.
    lacking
        Distance still to go in the indicator's unit; zero or less where the target is met;
        ``None`` where the latest date has no value.
    state
        ``met``: the latest value meets it. ``missed``: it was due and is not met. ``open``: it
        is not due yet and not met yet. ``unclear``: unseen ground leaves it open, or the latest
        date has no value.
    years_left
        From the latest measurement to the end of `year`; ``None`` where that has passed.
    needed_per_year
        `lacking` over `years_left`: zero where it is met, ``None`` where there is no time left.
    needed_m2, needed_m2_per_year
        The same as ground, the denominator held as measured; ``None`` where the indicator is no
        share of ground and no area a person.
    """

    year: int
    value: float
    lacking: float | None
    state: TargetState
    years_left: float | None = None
    needed_per_year: float | None = None
    needed_m2: float | None = None
    needed_m2_per_year: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One indicator on its way: measurements, targets, and whether the latest is on course.

    Attributes
    ----------
    start
        Where the plan's line begins: decimal year (2021.0 is the end of 2020) and value.
    day
        The latest day, which targets are counted from.
    sights
        By date, the latest last; those without a value are left out.
    planned
        What the line from the start through the targets asks for on the latest day.
    state
        ``on_course`` where the latest value meets `planned`, ``behind`` where it does not.
    reason
        Why it is undetermined.
    thresholds
        Numbers of the judged standard, for the chart: what they are called, and the number.
    ground
        What the square metres of the targets are of.
    """

    indicator: str
    name: Text
    unit: Unit
    better: Literal["higher", "lower"]
    start: tuple[float, float] | None
    day: date
    sights: tuple[Sight, ...]
    targets: tuple[TargetView, ...]
    planned: float | None
    state: CourseState
    reason: Text | None = None
    thresholds: tuple[tuple[Text, float], ...] = ()
    ground: Text | None = None

    @property
    def latest(self) -> Sight:
        """The latest measurement with a value."""
        return self.sights[-1]

    @property
    def value(self) -> float | None:
        """The value of the latest day; ``None`` where that day has none."""
        return self.latest.ratio.value if self.latest.day == self.day else None

    @property
    def next_target(self) -> TargetView | None:
        """The first target that is not due yet."""
        return next((view for view in self.targets if view.years_left is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """Every indicator that has a target or a baseline, and what was noticed of the plan."""

    courses: tuple[Course, ...]
    findings: tuple[Finding, ...] = ()
