"""Residents by hand: each block's persons by the share of its land."""

from __future__ import annotations

import numpy as np
import pytest

from greenspace.measure.residents import ON_FOOT, persons_served, residents_served

PERSONS = np.array([300.0, 400.0, 100.0, 200.0])
LAND = np.array([3.0, 4.0, 1.0, 1.0])
SERVED = np.array([3.0, 2.0, 1.0, 0.0])


def test_persons_count_by_the_share_of_their_land():
    ratio = residents_served(PERSONS, SERVED, LAND, None)

    assert persons_served(PERSONS, SERVED, LAND).tolist() == [300.0, 200.0, 100.0, 0.0]
    assert (ratio.numerator, ratio.denominator, ratio.value) == (600.0, 1000.0, 0.6)


def test_persons_without_land_are_in_neither_half():
    # a row that repeats another has no ground of its own; its persons are told, not counted
    ratio = residents_served(np.array([5.0, 5.0]), np.array([1.0, 0.0]), np.array([1.0, 0.0]), None)

    assert (ratio.numerator, ratio.denominator) == (5.0, 5.0)


def test_nobody_at_all_leaves_it_undefined():
    ratio = residents_served(np.zeros(4), SERVED, LAND, None, ON_FOOT)

    assert np.isnan(ratio.value)
    assert ratio.reason is not None
    assert ratio.indicator == ON_FOOT


@pytest.mark.parametrize("order", [[3, 1, 0, 2], [2, 3, 1, 0]])
def test_the_order_of_blocks_does_not_matter(order):
    assert residents_served(PERSONS[order], SERVED[order], LAND[order], None).value == 0.6
