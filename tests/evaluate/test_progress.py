"""Changes between two dates: by hand, and beyond error or not."""

from __future__ import annotations

from datetime import date

import pytest

from greenspace.evaluate.progress import step_between
from greenspace.model.quantity import Ratio
from greenspace.model.ratio import Interval
from greenspace.model.trajectory import Sight
from greenspace.model.words import Text


def sight(year, value, estimate=None, error=0.01):
    span = None
    if estimate is not None:
        span = Interval(estimate - 0.03, estimate + 0.03, estimate=estimate, standard_error=error)
    ratio = Ratio("green_coverage", value, 1.0, "1", None, interval=span)
    return Sight(day=date(year, 12, 31), ratio=ratio)


def test_change_and_change_a_year_are_of_the_mapped_values():
    step = step_between(sight(2020, 0.36, 0.30), sight(2024, 0.38, 0.35))
    assert step.change == pytest.approx(0.02)
    assert step.per_year == pytest.approx(0.005)


def test_beyond_error_is_asked_of_the_estimates():
    # the error of the change is 1.959964 * sqrt(0.01^2 + 0.01^2) = 0.0277
    step = step_between(sight(2020, 0.36, 0.32), sight(2024, 0.36, 0.35))
    assert step.error == pytest.approx(0.027718, abs=1e-6)
    assert step.beyond_error is True
    assert step_between(sight(2020, 0.2, 0.32), sight(2024, 0.5, 0.34)).beyond_error is False


def test_without_an_interval_nothing_is_said_of_error():
    step = step_between(sight(2020, 0.36), sight(2024, 0.38, 0.35))
    assert (step.error, step.beyond_error) == (None, None)


def test_a_barrier_or_a_missing_value_leaves_no_change():
    why = Text("口径", "basis")
    step = step_between(sight(2020, 0.36), sight(2024, 0.38), barrier=why)
    assert (step.change, step.per_year, step.reason) == (None, None, why)
    blank = Sight(day=date(2020, 1, 1), ratio=Ratio("green_coverage", 0.0, 0.0, "1", None))
    assert step_between(blank, sight(2024, 0.38)).change is None


def test_one_day_gives_no_change_a_year():
    step = step_between(sight(2020, 0.36), sight(2020, 0.38))
    assert step.change == pytest.approx(0.02)
    assert step.per_year is None


def test_the_noise_of_sums_is_no_change():
    step = step_between(sight(2020, 0.1 + 0.2), sight(2024, 0.3))
    assert (step.change, step.per_year) == (0.0, 0.0)


def test_a_caution_keeps_the_change_and_says_nothing_of_error():
    why = Text("方法", "method")
    step = step_between(sight(2020, 0.3, 0.3), sight(2024, 0.5, 0.5), caution=why)
    assert step.change == pytest.approx(0.2)
    assert (step.error, step.beyond_error, step.caution) == (None, None, why)
