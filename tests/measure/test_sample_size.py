"""Sample size: a published example, and numbers that keep what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import InputError
from greenspace.measure.accuracy import area_estimate
from greenspace.measure.sample_size import sample_size

# Olofsson et al. 2014, section 5.1: a standard error of 0.01 takes 641 points
AREAS = {"loss": 200_000, "gain": 150_000, "forest": 3_200_000, "other": 6_450_000}
RIGHT = {"loss": 0.7, "gain": 0.6, "forest": 0.9, "other": 0.95}
HALF = 0.01 * 1.959964


def test_neymans_number_is_that_of_the_paper():
    # sum of W S = .02 x .4583 + .015 x .4899 + .32 x .3 + .645 x .2179 = .25309; (.25309 / .01)2
    found = sample_size(AREAS, RIGHT, HALF, least=0)

    assert found.needed == 641
    assert found.points == {"loss": 24, "gain": 19, "forest": 243, "other": 356}


def test_a_rare_class_gets_its_least_number():
    found = sample_size(AREAS, RIGHT, HALF, least=75)

    assert found.points == {"loss": 75, "gain": 75, "forest": 243, "other": 356}
    assert found.half_width < HALF


def test_other_allocations_take_more():
    even = sample_size(AREAS, RIGHT, HALF, allocation="equal", least=0)
    by_area = sample_size(AREAS, RIGHT, HALF, allocation="proportional", least=0)

    # proportional: sum of W S2 / .0001 = (.0042 + .0036 + .0288 + .0306375) / .0001
    assert by_area.needed == 673
    assert even.needed > by_area.needed > 641
    assert len(set(even.points.values())) == 1


def test_strata_that_are_sure_get_the_least_and_those_without_area_none():
    found = sample_size({"a": 1.0, "b": 1.0, "c": 0.0}, {"a": 1.0, "b": 0.0, "c": 0.5}, 0.02)

    assert found.points == {"a": 50, "b": 50, "c": 0}
    assert found.half_width == 0.0


@given(
    st.lists(st.tuples(st.integers(1, 99), st.integers(5, 95)), min_size=2, max_size=5),
    st.sampled_from(["neyman", "proportional", "equal"]),
)
def test_drawn_as_told_the_interval_is_as_wide_as_wanted(strata, allocation):
    areas = {i: float(area) for i, (area, _) in enumerate(strata)}
    shares = {i: share / 100 for i, (_, share) in enumerate(strata)}
    plan = sample_size(areas, shares, 0.02, allocation=allocation, least=20)
    # multiples of 20 points of each, so that the shares are met exactly
    points = {i: -(-count // 20) * 20 for i, count in plan.points.items()}
    counts = [
        [round(points[i] * share), points[i] - round(points[i] * share)]
        for i, share in shares.items()
    ]
    frame = area_estimate([*counts], areas).to_frame() if counts else None

    assert plan.half_width <= 0.02 + 1e-9
    assert frame["share_half_width"].iloc[0] <= 0.02 * 1.06  # n - 1 in place of n


@pytest.mark.parametrize(
    ("expected", "half_width", "more"),
    [
        ({"a": 0.5}, 0.02, {}),
        ({"a": 0.5, "b": 1.5}, 0.02, {}),
        ({"a": 0.5, "b": float("nan")}, 0.02, {}),
        ({"a": 0.5, "b": 0.5}, 0.0, {}),
        ({"a": 0.5, "b": 0.5}, float("nan"), {}),
        ({"a": 0.5, "b": 0.5}, 0.0001, {}),
        ({"a": 0.5, "b": 0.5}, 0.02, {"allocation": "by feel"}),
        ({"a": 0.5, "b": 0.5}, 0.02, {"confidence": 95}),
    ],
)
def test_what_gives_no_number_is_refused(expected, half_width, more):
    with pytest.raises(InputError):
        sample_size({"a": 1.0, "b": 2.0}, expected, half_width, **more)


@pytest.mark.parametrize(
    ("areas", "expected", "half_width"),
    [
        ({"a": 1.0}, {"a": 0.5}, "0.02"),
        ({"a": 1.0}, {"a": "half"}, 0.02),
        ([1.0], [0.5], 0.02),
    ],
)
def test_words_and_lists_are_refused(areas, expected, half_width):
    with pytest.raises(InputError):
        sample_size(areas, expected, half_width)
