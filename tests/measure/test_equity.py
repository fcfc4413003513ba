"""How evenly something is shared: by hand, by brute force, by what must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from greenspace.errors import InputError
from greenspace.measure.equity import gini, lorenz, mean_of_persons, shares_by_group

AMOUNTS = st.lists(st.floats(0, 1e6).map(lambda v: round(v, 3)), min_size=2, max_size=8)


def pairwise(values, persons):
    """Half the relative mean difference over all pairs of persons: another definition."""
    values, persons = np.asarray(values, dtype=float), np.asarray(persons, dtype=float)
    share = persons / persons.sum()
    apart = np.abs(values[:, None] - values)
    return float(share @ apart @ share / (2 * share @ values))


# --- by hand


def test_published_corner_cases():
    # 1 - 1/4 (0.1 + (0.1+0.3) + (0.3+0.6) + (0.6+1)) = 1 - 3/4
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25, abs=1e-15)
    assert gini([7, 7, 7]) == 0
    assert gini([0, 0, 0, 1]) == 0.75


def test_persons_count_as_often_as_they_are():
    assert gini([0, 1], [3, 1]) == 0.75
    assert gini([1, 9, 3], [1, 0, 1]) == gini([1, 3])


def test_nothing_to_share_is_undefined_not_even():
    assert np.isnan(gini([0, 0]))
    assert np.isnan(gini([1, 2], [0, 0]))
    assert np.isnan(gini([]))


def test_value_may_be_missing_only_where_nobody_lives():
    assert gini([1, np.nan, 3], [1, 0, 1]) == gini([1, 3])
    with pytest.raises(InputError) as refused:
        gini([1, np.nan, 3], [1, 2, 1])
    assert tuple(refused.value.rows) == (1,)


def test_curve_by_hand():
    # persons 2 of 4 hold 2 of 8; 1 more holds 2: 4 of 8; the last holds 4
    curve = lorenz([4, 1, 2], [1, 2, 1])
    assert curve["persons_share"].tolist() == [0, 0.5, 0.75, 1]
    assert curve["held_share"].tolist() == [0, 0.25, 0.5, 1]


def test_groups_by_hand():
    values, persons = np.array([1.0, 3.0, 10.0]), np.array([10.0, 10.0, 20.0])
    found = shares_by_group(values, persons, np.array(["a", "a", "b"]), values < 3)
    # a: 10 + 30 = 40 of 240, b: 200; a's Gini of 1 and 3: 1 - 1/2 (1/4 + 5/4)
    assert found.loc["a"].to_dict() == pytest.approx(
        {
            "places": 2,
            "persons": 20,
            "persons_share": 0.5,
            "mean": 2,
            "held_share": 1 / 6,
            "persons_worse": 10,
            "gini": 0.25,
        }
    )
    assert found.loc["b", "mean"] == 10


def test_group_without_a_name_stays_in_the_table():
    persons = np.ones(2)
    group = np.array(["a", None], dtype=object)
    found = shares_by_group(np.ones(2), persons, group, persons > 1)
    assert found["persons"].sum() == 2


def test_infinite_value_leaves_its_group_undefined():
    values = np.array([1.0, np.inf, 2.0])
    found = shares_by_group(values, np.ones(3), np.array(["a", "b", "a"]), values > 1)
    assert found.loc["a", "mean"] == 1.5
    assert np.isnan(found.loc["b", "mean"])
    assert found["held_share"].isna().all()


def test_mean_of_nobody_is_undefined():
    assert np.isnan(mean_of_persons(np.array([1.0]), np.array([0.0])))


# --- refusals


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf, "many", None])
def test_persons_and_values_that_are_no_amounts_are_refused(bad):
    with pytest.raises(InputError):
        gini([1, bad])
    with pytest.raises(InputError):
        lorenz([1, 2], [1, bad])


def test_lengths_must_agree():
    with pytest.raises(InputError):
        gini([1, 2], [1])


def test_series_are_taken_by_position_whatever_their_index():
    assert gini(pd.Series([0, 1], index=[5, 9]), pd.Series([3, 1], index=[1, 2])) == 0.75


# --- properties


@given(AMOUNTS, st.data())
def test_it_is_half_the_relative_mean_difference(values, data):
    persons = data.draw(st.lists(st.integers(0, 9), min_size=len(values), max_size=len(values)))
    assume(np.dot(values, persons) > 0)
    assert gini(values, persons) == pytest.approx(pairwise(values, persons), abs=1e-9)


@given(AMOUNTS, st.floats(0.01, 1e4), st.randoms(use_true_random=False))
def test_scale_order_and_copies_do_not_matter(values, scale, dice):
    assume(sum(values) > 0)
    plain = gini(values)
    mixed = list(values)
    dice.shuffle(mixed)
    assert gini(mixed) == pytest.approx(plain, abs=1e-9)
    assert gini([value * scale for value in values]) == pytest.approx(plain, abs=1e-9)
    assert gini(values * 3) == pytest.approx(plain, abs=1e-9)
    assert gini(values, [7] * len(values)) == pytest.approx(plain, abs=1e-9)
    assert 0 <= plain < 1


@given(AMOUNTS)
def test_curve_rises_below_the_diagonal(values):
    assume(sum(values) > 0)
    curve = lorenz(values)
    assert (np.diff(curve["held_share"]) >= 0).all()
    assert (curve["held_share"] <= curve["persons_share"] + 1e-12).all()
