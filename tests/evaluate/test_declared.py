"""The four standings of a declared figure, by hand and by property."""

from __future__ import annotations

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.evaluate.declared import hold_declared, left_open
from greenspace.model.quantity import Interval, Ratio
from greenspace.model.words import Text

HALF = 0.0005  # of a figure printed as 41.4 %


def parcels(value):
    return Ratio("green_space_ratio", 1000 * value, 1000.0, "1", None)


def image(value, *, unseen=0.0, interval=None):
    return Ratio(
        "green_coverage", 1000 * value, 1000.0, "1", None, unseen=unseen, interval=interval
    )


@pytest.mark.parametrize(
    ("declared", "measured", "standing"),
    [
        (0.381, 0.3814, "confirmed"),  # 38.14 % rounds to 38.1 %
        (0.381, 0.3815, "confirmed"),  # on the edge: 38.1 stands for 38.05 to 38.15
        (0.381, 0.3805, "confirmed"),
        (0.381, 0.38151, "understated"),
        (0.381, 0.38049, "overstated"),
        (0.5, 0.381, "overstated"),
    ],
)
def test_without_an_interval_only_the_rounding_of_the_figure_is_open(declared, measured, standing):
    assert hold_declared("x", declared, parcels(measured), half_step=HALF).standing == standing
    assert hold_declared("x", declared, image(measured), half_step=HALF).standing == standing


@pytest.mark.parametrize(
    ("declared", "standing"),
    [
        (0.370, "confirmed"),
        (0.400, "within_error"),
        (0.430, "within_error"),  # the end of the interval
        (0.4305, "within_error"),  # 43.05 % stands for 43.0 % to 43.1 %
        (0.432, "overstated"),
        (0.360, "understated"),
        (0.375, "within_error"),  # between the map and its estimate
    ],
)
def test_an_interval_opens_what_lies_between_it_and_the_map(declared, standing):
    span = Interval(0.39, 0.43, estimate=0.41)
    held = hold_declared("x", declared, image(0.37, interval=span), half_step=HALF)

    assert held.standing == standing
    assert (held.low, held.high) == (0.37, 0.43)
    assert held.difference == pytest.approx(declared - 0.37)


def test_unseen_ground_opens_its_bounds():
    # 370 green of 1000 seen and 250 unseen: 370 / 1250 = 29.6 % to 620 / 1250 = 49.6 %
    ratio = image(0.37, unseen=250.0)

    assert left_open(ratio) == (0.296, 0.496)
    for declared, standing in (
        (0.296, "within_error"),
        (0.49, "within_error"),
        (0.5, "overstated"),
    ):
        assert hold_declared("x", declared, ratio, half_step=HALF).standing == standing


def test_a_synthetic_estimate_opens_nothing_and_says_why():
    held = hold_declared("x", 0.40, image(0.37, interval=Interval.synthetic(0.40)), half_step=HALF)

    assert held.standing == "overstated"
    assert held.reason is not None


def test_imagery_without_reference_points_says_that_it_has_no_interval():
    assert hold_declared("x", 0.37, image(0.37), half_step=HALF).reason is not None
    assert hold_declared("x", 0.37, parcels(0.37), half_step=HALF).reason is None


def test_what_was_not_measured_or_has_no_value_is_not_assessable_with_the_reason():
    why = Text(zh="没有图层。", en="No layer.")
    nothing = hold_declared("x", 0.4, None, missing=why)
    undefined = hold_declared("x", 0.4, Ratio("x", 0.0, 0.0, "1", None))

    assert (nothing.standing, nothing.reason) == ("not_assessable", why)
    assert undefined.standing == "not_assessable"
    assert undefined.reason is not None
    assert isnan(nothing.difference)
    assert hold_declared("x", 0.4, None).reason is not None


@pytest.mark.parametrize(
    ("better", "declared", "flatters"),
    [("higher", 0.5, True), ("higher", 0.3, False), ("lower", 0.5, False), ("lower", 0.3, True)],
)
def test_a_figure_flatters_where_it_is_better_than_what_was_measured(better, declared, flatters):
    assert hold_declared("x", declared, parcels(0.4), better=better).flatters is flatters


@given(
    declared=st.floats(0, 1),
    measured=st.floats(0, 1),
    half_step=st.floats(0, 0.1),
    unseen=st.floats(0, 500),
)
def test_more_unseen_ground_never_turns_agreement_into_contradiction(
    declared, measured, half_step, unseen
):
    agrees = {"confirmed", "within_error"}
    clear = hold_declared("x", declared, image(measured), half_step=half_step)
    cloudy = hold_declared("x", declared, image(measured, unseen=unseen), half_step=half_step)

    assert cloudy.low <= clear.low <= clear.high <= cloudy.high
    assert clear.standing not in agrees or cloudy.standing in agrees
    if cloudy.standing == "overstated":
        assert declared > cloudy.high
    if cloudy.standing == "understated":
        assert declared < cloudy.low
