"""The probability of passing: by hand, beside scipy, and the reasons for none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from greenspace.errors import InputError
from greenspace.evaluate.rehearsal import passing_probability, passings, standard_error_of
from greenspace.model.quantity import Ratio
from greenspace.model.ratio import NO_REFERENCE, Interval
from greenspace.model.verdict import Verdict
from greenspace.model.words import Text

numbers = st.floats(-100, 100)
errors = st.floats(1e-3, 100)


def row(ratio, *readings, operator=">="):
    return Verdict(
        standard="CN-2022",
        indicator="green_coverage",
        name=Text("覆盖率", "coverage"),
        unit="1",
        operator=operator,
        ratio=ratio,
        threshold=None,
        readings=readings,
        margin=None,
        verdict="pass",
        mark=None,
        reason=None,
        source=None,
        gate=True,
        mandatory=True,
    )


def mapped(interval=None, unseen=0.0):
    return Ratio("green_coverage", 0.4, 1.0, "1", None, interval=interval, unseen=unseen)


def test_by_hand_one_error_above_the_number_is_84_percent():
    # Phi(1) = 0.8413447, of a table
    assert passing_probability(0.37, 0.01, ">=", 0.36) == pytest.approx(0.8413447, abs=1e-6)
    assert passing_probability(2.4, 0.1, "<=", 2.5) == pytest.approx(0.8413447, abs=1e-6)


@given(numbers, errors, numbers)
def test_it_agrees_with_scipy_on_both_sides(estimate, error, threshold):
    above = passing_probability(estimate, error, ">=", threshold)
    assert above == pytest.approx(norm.sf(threshold, estimate, error), abs=1e-9)
    below = passing_probability(estimate, error, "<=", threshold)
    assert below == pytest.approx(norm.cdf(threshold, estimate, error), abs=1e-9)


@given(numbers, errors, numbers, numbers)
def test_it_falls_as_the_number_rises_and_strictness_makes_no_difference(estimate, error, a, b):
    low, high = sorted((a, b))
    first = passing_probability(estimate, error, ">=", low)
    assert first >= passing_probability(estimate, error, ">=", high)
    assert first == passing_probability(estimate, error, ">", low)


def test_without_an_error_the_comparison_decides():
    assert passing_probability(8.0, 0.0, ">=", 8.0) == 1.0
    assert passing_probability(8.0, 0.0, ">", 8.0) == 0.0


@pytest.mark.parametrize("error", [-0.1, float("nan")])
def test_an_error_that_is_none_is_refused(error):
    with pytest.raises(InputError):
        passing_probability(0.4, error, ">=", 0.36)


def test_the_standard_error_is_the_estimators_else_half_the_width():
    told = Interval(0.30, 0.40, estimate=0.36, standard_error=0.02)
    assert standard_error_of(told) == 0.02
    bare = Interval(0.36 - 1.959964 * 0.01, 0.36 + 1.959964 * 0.01, estimate=0.36)
    assert standard_error_of(bare) == pytest.approx(0.01, rel=1e-6)
    assert standard_error_of(Interval.synthetic(0.36)) is None


def test_both_numbers_on_record_have_a_probability():
    span = Interval(0.38, 0.42, estimate=0.40, standard_error=0.01)
    found = passings([row(mapped(span), 0.40, 0.41)])
    assert [item.threshold for item in found] == [0.40, 0.41]
    assert [round(item.probability, 4) for item in found] == [0.5, 0.1587]  # Phi(-1)


def test_where_there_is_none_the_reason_is_said():
    (bare,) = passings([row(mapped(), 0.36)])
    assert (bare.probability, bare.reason) == (None, NO_REFERENCE)
    (synthetic,) = passings([row(mapped(Interval.synthetic(0.4, 3)), 0.36)])
    assert synthetic.probability is None
    assert synthetic.estimate == 0.4
    assert "synthetic" in synthetic.reason.en
    span = Interval(0.38, 0.42, estimate=0.40, standard_error=0.01)
    (numberless,) = passings([row(mapped(span))])
    assert (numberless.probability, numberless.threshold) == (None, None)
    assert numberless.reason is not None


def test_rows_that_rest_on_no_image_are_left_out():
    parcels = Ratio("green_coverage", 0.4, 1.0, "1", None)
    assert passings([row(parcels, 0.36), row(None, 0.36)]) == ()
