"""Display, by hand and by property: clothing never lies about the number in it."""

from __future__ import annotations

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.model.quantity import Ratio
from greenspace.present.display import (
    half_units,
    show,
    show_margin,
    show_threshold,
    show_tiers,
)

HOLDS = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
}
SHARE = st.floats(0, 1)
BAR = st.integers(0, 10_000).map(lambda n: n / 10_000)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0.4123, "1", "41.23%", "41.23%"),
        (12_345_678.0, "m2", "1,234.57 公顷", "1,234.57 ha"),
        (9.128, "m2/person", "9.13 m²/人", "9.13 m²/person"),
        (214_000.0, "person", "214,000 人", "214,000 persons"),
        (3.0, "count", "3", "3"),
        (2.5, "degC", "2.50 °C", "2.50 °C"),
        (nan, "1", "—", "—"),
        (None, "m2", "—", "—"),
        (0.0, "1", "0.00%", "0.00%"),
        (1e-9, "1", "<0.01%", "<0.01%"),
        (0.99999, "1", ">99.99%", ">99.99%"),
        (1.0, "1", "100.00%", "100.00%"),
    ],
)
def test_units_in_both_languages(value, unit, zh, en):
    assert (show(value, unit, "zh"), show(value, unit, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "operator", "shown"),
    [
        (0.35996, ">=", "35.996%"),  # fails 36 %, so it may not read 36.00 %
        (0.359999996, ">=", "35.9999996%"),
        (0.36, ">=", "36.00%"),
        (0.360004, ">=", "36.00%"),  # passes, and 36.00 % passes too
        (0.360004, ">", "36.0004%"),  # passes strictly
        (0.360004, "<=", "36.0004%"),
        (0.35996, "<", "35.996%"),
    ],
)
def test_digits_are_added_until_the_side_is_right(value, operator, shown):
    assert show(value, "1", "en", threshold=0.36, operator=operator) == shown


@given(value=SHARE, bar=BAR, operator=st.sampled_from(sorted(HOLDS)))
def test_what_is_shown_passes_exactly_when_the_number_passes(value, bar, operator):
    shown = show(value, "1", "en", threshold=bar, operator=operator)
    held = show_threshold(bar, "1", "en")

    said = HOLDS[operator](float(shown.rstrip("%")), float(held.rstrip("%")))

    assert said == HOLDS[operator](value, bar)


@given(SHARE, BAR)
def test_a_margin_is_never_rounded_to_zero(value, bar):
    shown = show_margin(value - bar, "1", "en").removesuffix(" points")

    assert (float(shown) == 0) == (value - bar == 0)


def test_thresholds_keep_the_digits_of_the_standard():
    assert show_threshold(0.36, "1", "zh") == "36%"
    assert show_threshold(0.005, "1", "zh") == "0.5%"
    assert show_threshold(10.0, "m2/person", "zh") == "10 m²/人"


def test_tiers_are_sizes_in_hectares_and_radii():
    assert show_tiers(((100_000.0, 1000.0),), "zh") == "≥ 10 公顷：1000 m"


def test_halves_without_a_known_unit_are_plain():
    assert half_units(Ratio("sewage_treatment", 0.9, 1.0, "1", None)) == ("", "")


def test_next_to_nothing_is_not_shown_as_nothing_where_that_would_pass():
    shown = show(2.5e-309, "1", "en", threshold=0.0, operator="<=")
    assert float(shown.rstrip("%")) > 0
