"""Required: what two readings of one row decide, and what stays open."""

from __future__ import annotations

from math import isnan, nan

import pytest

from greenspace.evaluate.required import Required, required_of
from greenspace.read.definitions import read_profile


@pytest.mark.parametrize(
    ("value", "decided"),
    [(0.35, (0.35, True)), (0.34, None), (0.25, None), (0.249, (0.25, False))],
)
def test_two_readings_decide_where_they_agree(value, decided):
    least, met = Required((0.35, 0.25)).decide(value)

    if decided is None:
        assert isnan(least)
        assert met is None
    else:
        assert (least, met) == decided


def test_of_a_share_to_stay_below_the_stricter_is_the_lower():
    assert Required((0.2, 0.3), "<=").decide(0.1) == (0.2, True)
    assert Required((0.2, 0.3), "<=").decide(0.4) == (0.3, False)


def test_without_a_number_or_a_share_nothing_is_decided():
    assert Required((0.3,)).decide(nan) == (0.3, None)
    assert Required().decide(0.5)[1] is None
    assert required_of(read_profile("CN-2000"), "medium", "no_such", {}) is None
