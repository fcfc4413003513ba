"""Otsu's threshold: the best of all borders, and refused where the histogram has no valley."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import RasterError
from greenspace.prepare.otsu import (
    BINS,
    CHANCE,
    DEPTH,
    HIGH,
    LOW,
    otsu_decision,
    otsu_threshold,
    valley_at,
)

COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=24).filter(
    lambda counts: sum(count > 0 for count in counts) > 1
)


def histogram(*values):
    return np.histogram(np.clip(np.concatenate(values), LOW, HIGH), BINS, (LOW, HIGH))[0]


def valley_of(*values):
    counts = histogram(*values)
    return valley_at(counts, otsu_threshold(counts))


# --- by independent oracle: Otsu as it is defined


def between(counts, border):
    """The variance between the classes below and above a border, from the definition."""
    counts, centres = np.array(counts, float), np.arange(len(counts)) + 0.5
    share = counts / counts.sum()
    low, high = share[:border].sum(), share[border:].sum()
    if low == 0 or high == 0:
        return 0.0
    means = [(share[s] * centres[s]).sum() for s in (np.s_[:border], np.s_[border:])]
    return low * high * (means[0] / low - means[1] / high) ** 2


@given(counts=COUNTS)
def test_otsu_is_the_best_of_all_borders(counts):
    cut = otsu_threshold(np.array(counts), 0.0, float(len(counts)))
    best = max(between(counts, border) for border in range(1, len(counts)))
    # where empty bins leave room the cut lies in their middle, perhaps inside an empty bin
    for border in {int(np.floor(cut)), int(np.ceil(cut))}:
        assert between(counts, border) == pytest.approx(best, rel=1e-9)


@given(counts=COUNTS, factor=st.integers(2, 9), step=st.floats(0.1, 9), low=st.floats(-9, 9))
def test_otsu_moves_and_scales_with_its_histogram(counts, factor, step, low):
    cut = otsu_threshold(np.array(counts), 0.0, float(len(counts)))
    high = low + step * len(counts)
    other = otsu_threshold(np.array(counts) * factor, low, high)
    assert other == pytest.approx(low + step * cut, abs=1e-9)


def test_two_equal_cuts_do_not_meet_inside_a_class():
    # classes at 0, 3 and 6: both gaps are equally good, and the first is taken, not bin 3
    assert otsu_threshold(np.array([1, 0, 0, 1, 0, 0, 1]), 0.0, 7.0) == 2.0


# --- the valley


def test_depth_by_hand():
    # Bins 2 and 6 hold 100 each: means 2.5 and 6.5, gap 4, standard deviation 0.5. Smoothed with
    # g(k) = exp(-2 k^2) / sum: a peak is 100 g(0), and both sides of the cut at 4 or 5 hold
    # 100 g(1.5 or so) of one class only: bins 3 and 4 hold 100 (g(1) + 0) and 100 (g(2) + g(2)).
    counts = np.array([0, 0, 100, 0, 0, 0, 100, 0, 0])
    g = np.exp(-2.0 * np.arange(-2, 3) ** 2)
    g /= g.sum()
    valley = valley_at(counts, 4.0, 0.0, 9.0)
    at_cut = (g[3] + 2 * g[4]) / 2  # bins 3 and 4
    assert valley.depth == pytest.approx(1 - at_cut / g[2], rel=1e-12)
    # 3 standard errors of the pixels that the smoothing lays together at the peak
    together = 100 * g[2] * 2 * np.sqrt(np.pi) * 0.5
    assert valley.required == pytest.approx(CHANCE / np.sqrt(together), rel=1e-12)


def test_many_pixels_leave_the_stated_depth():
    assert valley_at(np.array([0, 0, 10**6, 0, 0, 0, 10**6, 0, 0]), 4.0, 0.0, 9.0).required == DEPTH


@pytest.mark.parametrize("size", [100, 1000, 100_000])
@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, n: rng.normal(0.3, 0.15, n),
        lambda rng, n: rng.uniform(-0.2, 0.8, n),
        lambda rng, n: rng.exponential(0.15, n),
        lambda rng, n: rng.beta(2, 5, n),
        lambda rng, n: rng.triangular(-0.2, 0.7, 0.8, n),
        lambda rng, n: rng.uniform(0, 0.5, n) + rng.normal(0, 0.03, n),
        # two classes that melt into one: twice the standard deviation apart there is one mode
        lambda rng, n: rng.normal(0.1 + 0.16 * (np.arange(n) % 2), 0.08),
    ],
)
def test_one_peak_has_no_valley(draw, size):
    for seed in range(12):
        assert not valley_of(draw(np.random.default_rng(seed), size)).deep


@pytest.mark.parametrize(("share", "size"), [(0.5, 300), (0.3, 500), (0.2, 5000), (0.6, 100_000)])
def test_two_peaks_have_one(share, size):
    for seed in range(12):
        rng = np.random.default_rng(seed)
        green = int(size * share)
        bare = rng.normal(0.1, 0.06, size - green)
        assert valley_of(bare, rng.normal(0.5, 0.06, green)).deep


def test_a_few_pixels_prove_nothing():
    assert not valley_of(np.array([0.1, 0.1, 0.5, 0.5])).deep
    assert valley_of(np.array([0.1] * 20 + [0.5] * 20)).deep


def test_a_cut_on_the_slope_of_the_larger_class_is_refused():
    # 3 % of green: Otsu's cut falls into the broad class of the bare ground, at 0.2 or so,
    # where the histogram is higher than the peak of the green
    rng = np.random.default_rng(0)
    counts = histogram(rng.normal(0.1, 0.12, 97_000), rng.normal(0.6, 0.05, 3000))
    with pytest.raises(RasterError) as caught:
        otsu_decision(counts, "ndvi")
    assert caught.value.found < caught.value.expected == DEPTH


def test_combs_of_whole_numbers_are_no_valleys():
    # quotients of small integers leave most of 4 096 bins empty: one broad class all the same
    rng = np.random.default_rng(0)
    red, nir = rng.integers(20, 60, (2, 50_000))
    counts = histogram((nir - red) / (nir + red))
    assert (counts == 0).mean() > 0.5
    assert not valley_at(counts, otsu_threshold(counts)).deep


@given(factor=st.integers(2, 9), step=st.floats(0.01, 9), low=st.floats(-9, 9))
def test_depth_neither_moves_nor_scales_with_the_histogram(factor, step, low):
    counts = np.array([3, 9, 30, 9, 4, 5, 12, 40, 11, 2])
    depth = valley_at(counts, 5.0, 0.0, 10.0).depth
    moved = valley_at(counts * factor, low + 5 * step, low, low + 10 * step).depth
    assert moved == pytest.approx(depth, rel=1e-9)


# --- decisions


def two_classes(low, high):
    rng = np.random.default_rng(0)
    return histogram(rng.normal(low, 0.05, 4000), rng.normal(high, 0.05, 4000))


def test_a_decision_tells_its_number_and_its_depth():
    decision = otsu_decision(two_classes(0.1, 0.6), "ndvi")
    assert decision.cut == pytest.approx(0.35, abs=0.01)
    assert decision.told == f"{decision.cut:.6g} (Otsu)"
    assert [finding.code for finding in decision.findings] == ["otsu_threshold"]
    assert "%" in decision.findings[0].text.en


@pytest.mark.parametrize(
    ("low", "high", "index", "codes"),
    [
        (-0.5, 0.2, "ndvi", ["otsu_threshold", "otsu_unusual"]),  # water from land
        (0.5, 0.85, "savi", ["otsu_threshold", "otsu_unusual"]),  # sparse from dense
        (-0.3, 0.3, "exg", ["otsu_threshold"]),  # whose zero is green enough
    ],
)
def test_an_unusual_cut_is_warned_of(low, high, index, codes):
    found = otsu_decision(two_classes(low, high), index).findings
    assert [finding.code for finding in found] == codes
    assert [finding.severity for finding in found[1:]] == ["warning"] * (len(codes) - 1)


def test_a_refusal_names_both_depths_and_another_way():
    with pytest.raises(RasterError) as caught:
        otsu_decision(histogram(np.random.default_rng(0).normal(0.3, 0.1, 9000)), "ndvi")
    error = caught.value
    assert error.found < error.expected == DEPTH
    for words in (error.remedy.zh, error.remedy.en):
        assert "threshold=0.3" in words
        assert "samples" in words
