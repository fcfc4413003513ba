"""A threshold from field points: the best of all cuts, and how good it is on other points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from greenspace.errors import RasterError
from greenspace.prepare.calibration import (
    FOLDS,
    LEAST,
    Agreement,
    best_cut,
    calibrated,
    cross_validated,
    require_enough,
)

POINTS = st.lists(st.tuples(st.integers(-5, 9), st.booleans()), min_size=2, max_size=20)


def of(points):
    values = np.array([value for value, _ in points], float)
    green = np.array([kind for _, kind in points])
    assume(len(np.unique(values)) > 1 and green.any())
    return values, green


def draw(seed, size, gap=0.4):
    """Half bare at 0.1, half green at 0.1 + gap, standard deviation 0.1."""
    rng = np.random.default_rng(seed)
    green = np.arange(size) % 2 == 0
    return rng.normal(np.where(green, 0.1 + gap, 0.1), 0.1), green


# --- by hand


def test_f1_by_hand():
    # mapped green at 1, 2, 3; really green at 2, 3, 4: both 2, one in each alone, one in neither
    found = Agreement.of(np.array([1, 1, 1, 0, 0]) > 0, np.array([0, 1, 1, 1, 0]) > 0)
    assert found == Agreement(both=2, only_map=1, only_points=1, neither=1)
    assert found.f1 == 4 / 6
    assert found.shares == (3 / 5, 3 / 5)


def test_best_f1_and_best_area_differ_where_the_classes_are_not_alike():
    # 0.1 b, 0.2 b, 0.3 G, 0.4 b, 0.5 G, 0.6 G. Above 0.25: 3 of 3 green and one bare, F1 6/7.
    # Above 0.45: 2 of 3, F1 4/5. As many by map as on the ground: above 0.35 (b, G, G), F1 4/6.
    values = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    green = np.array([0, 0, 1, 0, 1, 1]) > 0
    assert best_cut(values, green, "f1") == pytest.approx(0.25)
    assert best_cut(values, green, "area") == pytest.approx(0.35)


def test_among_equal_cuts_the_widest_interval_is_taken_then_the_lowest():
    # bare 0, 4, 5 and green 1, 2, 6 by whole numbers, as area: 3 are green above 2, between 2 and
    # 4; no other cut has 3 above it
    values, green = np.array([0, 4, 5, 1, 2, 6.0]), np.array([0, 0, 0, 1, 1, 1]) > 0
    assert best_cut(values, green, "area") == 3.0
    # F1 above 0 (2 of 2 green, 2 bare): 4/6; above 2 (1 of 2 green, none bare): 2/3: the wider
    values, green = np.array([0, 1, 1.5, 2, 9]), np.array([0, 1, 0, 0, 1]) > 0
    assert best_cut(values, green, "f1") == 5.5
    values = np.array([0, 1, 1.5, 2, 3])
    assert best_cut(values, green, "f1") == 0.5


def test_a_cut_between_neighbouring_numbers_parts_them():
    low, high = 0.5, np.nextafter(0.5, 1)
    cut = best_cut(np.array([low, high]), np.array([False, True]), "f1")
    assert low <= cut < high


# --- by independent oracle


@given(points=POINTS, objective=st.sampled_from(["f1", "area"]))
def test_no_cut_agrees_better(points, objective):
    values, green = of(points)

    def score(cut):
        found = Agreement.of(values > cut, green)
        return found.f1 if objective == "f1" else -abs(found.only_map - found.only_points)

    cut = best_cut(values, green, objective)
    assert values.min() <= cut < values.max()
    every = np.linspace(values.min(), values.max(), 57)[:-1]  # whole numbers lie closer
    assert score(cut) == max(score(other) for other in every)
    # the middle of the interval: the values on both sides are equally far
    below, above = values[values <= cut].max(), values[values > cut].min()
    assert cut - below == pytest.approx(above - cut)


@given(points=POINTS, factor=st.floats(0.1, 9), shift=st.floats(-9, 9))
def test_the_cut_moves_and_scales_with_the_values(points, factor, shift):
    values, green = of(points)
    cut = best_cut(values, green, "f1")
    assert best_cut(values * 4 + 2, green, "f1") == cut * 4 + 2
    # of two equally wide intervals rounding may choose another one, which is as good
    moved = best_cut(values * factor + shift, green, "f1")
    both = ((values > cut), (values * factor + shift > moved))
    assert len({Agreement.of(mapped, green).f1 for mapped in both}) == 1


# --- cross-validation


def test_each_fifth_is_judged_by_the_other_four():
    # all values of a class are equal but for one outlier a class: in sample it is told, out of
    # sample it never is, whichever part it falls into
    green = np.arange(40) % 2 == 0
    values = np.where(green, 0.6, 0.1)
    values[0] = 0.05  # green, lower than any other
    mapped = cross_validated(values, green, "f1")
    assert mapped.tolist() == [False, *green[1:].tolist()]


@pytest.mark.parametrize("seed", range(5))
def test_the_score_is_the_same_whatever_the_order_of_the_points(seed):
    values, green = draw(seed, 90, gap=0.2)
    order = np.random.default_rng(seed).permutation(90)
    one = cross_validated(values, green, "f1")
    other = cross_validated(values[order], green[order], "f1")
    assert one[order].tolist() == other.tolist()


def test_overfitting_shows_in_the_cross_validated_score():
    # Few, badly told points: over many draws the score on the same points is the better one.
    here, apart = [], []
    for seed in range(60):
        values, green = draw(seed, 24, gap=0.1)
        here.append(Agreement.of(values > best_cut(values, green, "f1"), green).f1)
        apart.append(Agreement.of(cross_validated(values, green, "f1"), green).f1)
    assert np.mean(here) > np.mean(apart) + 0.03


# --- the decision


def test_a_decision_tells_its_points_and_both_scores():
    values, green = draw(0, 200)
    decision = calibrated(values, green, "f1", "points.gpkg")
    assert decision.cut == pytest.approx(0.3, abs=0.06)
    assert "200 points of points.gpkg" in decision.told
    (found,) = decision.findings
    assert (found.code, found.count, found.severity) == ("threshold_calibrated", 200, "note")
    here = Agreement.of(values > decision.cut, green).f1
    apart = Agreement.of(cross_validated(values, green, "f1"), green).f1
    for words in (found.text.zh, found.text.en):
        assert f"{here:.3f}" in words
        assert f"{apart:.3f}" in words
        assert str(FOLDS) in words


def test_the_area_agrees_where_it_is_asked_to():
    values, green = draw(1, 400, gap=0.15)
    green[::8] = False  # fewer green than bare
    cut = calibrated(values, green, "area", "p").cut
    assert abs(np.count_nonzero(values > cut) - np.count_nonzero(green)) <= 1


# --- by refusal


@pytest.mark.parametrize(("greens", "bares"), [(0, 30), (30, 0), (LEAST - 1, 30), (30, LEAST - 1)])
def test_too_few_points_of_a_class_are_refused(greens, bares):
    with pytest.raises(RasterError) as caught:
        require_enough(np.arange(greens + bares) < greens)
    assert caught.value.found == {"green": greens, "not_green": bares}
    assert caught.value.expected == LEAST
    require_enough(np.arange(2 * LEAST) < LEAST)


def test_a_threshold_worse_than_calling_all_points_green_is_refused():
    # 60 green and 12 bare: all green has an F1 of 120/132
    rng = np.random.default_rng(3)
    green = np.arange(72) < 60
    refused = 0
    for _ in range(40):
        values = rng.normal(np.where(green, 0.4, 0.2), 0.2)
        try:
            decision = calibrated(values, green, "f1", "p")
        except RasterError as refusal:
            refused += refusal.expected == 120 / 132
        else:
            assert Agreement.of(values > decision.cut, green).f1 >= 120 / 132
    assert 0 < refused < 40


@pytest.mark.parametrize("gap", [0.0, -0.4])
def test_an_index_that_does_not_tell_the_points_apart_is_refused(gap):
    values, green = draw(3, 60, gap=gap)
    if gap == 0:
        values[:] = 0.3
    with pytest.raises(RasterError) as caught:
        calibrated(values, green, "f1", "p")
    assert "bands" in caught.value.remedy.en
