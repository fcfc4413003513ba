"""Accuracy: published examples, points counted one by one, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import binomtest

import greenspace as gs
from greenspace.errors import InputError
from greenspace.measure.accuracy import NOT_FOUND, area_estimate, stehman_estimate
from greenspace.measure.error_matrix import error_matrix
from greenspace.measure.intervals import Strata

# Olofsson et al. 2014, table 8: deforestation, gain, stable forest, stable non-forest; 0.09 ha pixels
COUNTS_2014 = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
AREAS_2014 = [18_000.0, 13_500.0, 288_000.0, 580_500.0]
# Olofsson et al. 2013; hectares
COUNTS_2013 = [[97, 0, 3], [3, 279, 18], [2, 1, 97]]
AREAS_2013 = [22_353.0, 1_122_543.0, 610_228.0]
# Stehman 2014, table 2: ten points in each of four strata
STRATA = list("AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDD")
MAP = list("AAAAAAABBBABBBBBBBBBBBCCCCCCBBDDDDDDDDDD")
REFERENCE = list("AAAAACBABCABBBBBAABBCCCCCDDBBADDDDDDDCCB")
SIZES = {"A": 40_000, "B": 30_000, "C": 20_000, "D": 10_000}


def column(frame, name):
    return frame[name].to_numpy()


def test_areas_are_those_of_olofsson_2014():
    frame = area_estimate(COUNTS_2014, AREAS_2014).to_frame()

    # recomputed from the paper's equation; it prints 21 158, 11 686, 285 770 and 581 386
    expected = [21_157.76, 11_686.15, 285_769.93, 581_386.15]
    assert column(frame, "area") == pytest.approx(expected, abs=0.006)
    margins = 1.96 * column(frame, "area_standard_error")
    assert margins == pytest.approx([6_157.63, 3_755.83, 15_509.84, 16_281.66], abs=0.006)
    # the exact quantile is 1.959964: 2e-5 of the printed half-width less
    assert column(frame, "area_half_width") == pytest.approx(margins, rel=2e-5)


def test_accuracies_are_those_of_olofsson_2014_recomputed():
    # the paper prints .23 and .01 for two half-widths of P, against its own equation
    found = area_estimate(COUNTS_2014, AREAS_2014)
    frame = found.to_frame()

    assert column(frame, "users_accuracy") == pytest.approx(
        [0.88, 0.7333, 0.9273, 0.9631], abs=5e-5
    )
    users = 1.96 * column(frame, "users_accuracy_standard_error")
    assert users == pytest.approx([0.0740, 0.1008, 0.0397, 0.0205], abs=5.1e-5)
    producers = [0.7487, 0.8472, 0.9345, 0.9616]
    assert column(frame, "producers_accuracy") == pytest.approx(producers, abs=5.1e-5)
    wide = 1.96 * column(frame, "producers_accuracy_standard_error")
    assert wide == pytest.approx([0.2133, 0.2544, 0.0343, 0.0184], abs=5.1e-5)
    assert found.overall_accuracy.value == pytest.approx(0.9465, abs=5e-5)
    assert 1.96 * found.overall_accuracy.standard_error == pytest.approx(0.0185, abs=5e-5)
    assert found.overall_accuracy.value != pytest.approx(587 / 640, abs=0.01)  # not the raw count


def test_areas_are_those_of_olofsson_2013_and_the_map_is_outside():
    frame = area_estimate(COUNTS_2013, AREAS_2013).to_frame()

    expected = [45_112.40, 1_050_067.27, 659_944.33]
    assert column(frame, "area") == pytest.approx(expected, abs=0.006)
    margins = 1.96 * column(frame, "area_standard_error")
    assert margins == pytest.approx([21_072.75, 34_598.01, 36_526.28], abs=0.006)
    assert column(frame, "producers_accuracy") == pytest.approx([0.4806, 0.9942, 0.8969], abs=5e-5)
    assert frame["area_low"].iloc[0] > AREAS_2013[0]


def test_stehmans_example_comes_out_as_published():
    found = stehman_estimate(STRATA, MAP, REFERENCE, SIZES)

    # the paper's text: overall 0.63, area of A 0.35, user's of B 0.574, producer's of B 0.794
    values = [
        found.overall_accuracy.value,
        found.shares["A"].value,
        found.users_accuracy["B"].value,
        found.producers_accuracy["B"].value,
    ]
    assert values == pytest.approx([0.63, 0.35, 0.574, 0.794], abs=5e-4)
    # errors 0.085, 0.082, 0.125; an independent R package gives the others to seven digits
    assert found.overall_accuracy.standard_error == pytest.approx(0.085, abs=5e-4)
    assert found.shares["A"].standard_error == pytest.approx(0.082, abs=5e-4)
    errors = [0.1645627, 0.1248023, 0.2151657, 0.1527525]
    frame = found.to_frame()
    assert column(frame, "users_accuracy_standard_error") == pytest.approx(errors, abs=5e-8)
    errors = [0.1477318, 0.1165671, 0.1504438, 0.1623242]
    assert column(frame, "producers_accuracy_standard_error") == pytest.approx(errors, abs=5e-8)
    assert found.proportions.loc["B", "C"] == pytest.approx(0.08)
    assert found.proportions.to_numpy().sum() == pytest.approx(1.0)


def test_two_strata_by_hand():
    # half the area each; 8 of 10 and 1 of 10 are green: (.8 + .1) / 2 = .45,
    # variance .25 (.16 + .09) / 9
    found = area_estimate([[8, 2], [1, 9]], {0: 500.0, 1: 500.0})

    assert found.areas[0].value == pytest.approx(450.0)
    assert found.shares[0].standard_error == pytest.approx(math.sqrt(0.25 * 0.25 / 9))
    assert found.producers_accuracy[0].value == pytest.approx(8 / 9)
    assert found.users_accuracy[0].value == pytest.approx(0.8)
    assert found.overall_accuracy.value == pytest.approx(0.85)


def test_users_limits_are_wilsons():
    found = area_estimate([[98, 2], [5, 95]], [1.0, 1.0]).users_accuracy[0]

    assert (found.low, found.high) == pytest.approx(
        binomtest(98, 100).proportion_ci(method="wilson")
    )


def test_producers_limits_are_those_of_fiellers_equation():
    # of 3 and 7 parts of the ground, 90 and 5 of 100 points are green: A = .27 and B = .035;
    # the limit P is where A (1 - P) and B P differ by just the distance of Wilson's limits
    found = area_estimate([[90, 10], [5, 95]], [3.0, 7.0]).producers_accuracy[0]
    low, high = (binomtest(k, 100).proportion_ci(method="wilson") for k in (90, 5))
    a, b = 0.3 * 0.9, 0.7 * 0.05

    def beyond(p, down, up):
        return (a * (1 - p) - b * p) ** 2 - ((1 - p) * down) ** 2 - (p * up) ** 2

    least = brentq(beyond, 0, a / (a + b), args=(a - 0.3 * low[0], 0.7 * high[1] - b))
    most = brentq(beyond, a / (a + b), 1, args=(0.3 * low[1] - a, b - 0.7 * high[0]))
    assert (found.low, found.high) == pytest.approx((least, most), abs=1e-9)


def test_a_stratum_without_an_error_still_leaves_room():
    # 0 errors in 100 points: Wilson's upper limit is z2 / (100 + z2) = .03699
    found = area_estimate([[100, 0], [0, 100]], [1.0, 1.0])

    assert found.shares[0].standard_error == 0.0
    assert found.users_accuracy[0].low == pytest.approx(1 - 0.036994, abs=1e-6)
    half = 0.5 * 0.036994
    assert (found.shares[0].low, found.shares[0].high) == pytest.approx((0.5 - half, 0.5 + half))


def test_labels_are_carried_and_their_order_does_not_matter():
    matrix = pd.DataFrame([[1, 9], [8, 2]], index=["not", "green"], columns=["green", "not"])
    found = area_estimate(matrix, pd.Series({"green": 30.0, "not": 10.0}))

    assert found.classes == ("not", "green")
    assert found.users_accuracy["green"].value == pytest.approx(0.8)
    assert found.areas["green"].value == pytest.approx(30 * 0.8 + 10 * 0.1)
    assert found.to_frame().index.tolist() == ["not", "green"]
    assert "users_accuracy" in found._repr_html_()


def test_other_strata_give_areas_but_no_accuracy():
    matrix = pd.DataFrame([[5, 5], [2, 8], [1, 9]], columns=["green", "not"])
    found = area_estimate(matrix, [1.0, 1.0, 2.0])

    assert found.shares["green"].value == pytest.approx(0.25 * 0.5 + 0.25 * 0.2 + 0.5 * 0.1)
    assert math.isnan(found.users_accuracy["green"].value)
    assert found.overall_accuracy.undefined is not None


def test_a_class_that_nobody_meets_is_undefined_and_not_zero():
    found = stehman_estimate([1] * 4, list("ggnn"), list("gggg"), {1: 9.0}, classes=list("gnw"))

    assert found.users_accuracy["n"].value == 0.0
    assert found.producers_accuracy["n"].undefined is not None
    assert found.users_accuracy["w"].undefined is not None
    assert found.shares["w"].value == 0.0


def test_a_class_without_area_and_points_is_left_out():
    found = area_estimate([[0, 0], [10, 90]], [0.0, 500.0])

    assert found.shares[0].value == pytest.approx(0.1)
    assert found.users_accuracy[0].undefined is not None


def test_an_area_that_only_rounding_left_needs_no_points():
    found = area_estimate([[0, 0], [10, 90]], [1e-10, 500.0])

    assert found.shares[0].value == pytest.approx(0.1)


def test_an_error_matrix_counts_pairs():
    matrix = error_matrix(list("ggnn"), list("gnnn"), list("gn"))

    assert matrix.loc["g", "n"] == 1
    assert matrix.to_numpy().tolist() == [[1, 1], [0, 2]]


def test_it_is_a_public_name():
    assert gs.area_estimate is area_estimate


@st.composite
def samples(draw):
    """Draw points in up to three strata, at least two in each."""
    sizes = draw(st.lists(st.integers(2, 8), min_size=1, max_size=3))
    strata = np.repeat(np.arange(len(sizes)), sizes)
    pick = st.lists(st.sampled_from("gnw"), min_size=len(strata), max_size=len(strata))
    areas = draw(st.lists(st.integers(1, 50), min_size=len(sizes), max_size=len(sizes)))
    return strata, np.array(draw(pick)), np.array(draw(pick)), dict(enumerate(areas))


def by_points(strata, areas, hit, base):
    """Return a ratio of weighted means and its standard error, from the points themselves."""
    total = sum(areas.values())
    rows = [(areas[h] / total, strata == h) for h in areas]
    top = sum(w * hit[here].mean() for w, here in rows)
    below = sum(w * base[here].mean() for w, here in rows)
    if below == 0:
        return None
    rest = hit - top / below * base
    variance = sum(w**2 * rest[here].var(ddof=1) / here.sum() for w, here in rows)
    return top / below, math.sqrt(variance) / below


@given(samples())
def test_every_figure_is_that_of_the_points_one_by_one(sample):
    strata, mapped, true, areas = sample
    found = stehman_estimate(strata, mapped, true, areas)
    whole = np.ones(len(strata))
    pairs = [(found.overall_accuracy, mapped == true, whole)]
    for label in found.classes:
        both = (mapped == label) & (true == label)
        pairs.append((found.shares[label], true == label, whole))
        pairs.append((found.users_accuracy[label], both, mapped == label))
        pairs.append((found.producers_accuracy[label], both, true == label))
    for estimate, hit, base in pairs:
        expected = by_points(strata, areas, hit.astype(float), base.astype(float))
        if expected is None:
            assert estimate.undefined is not None
            continue
        assert (estimate.value, estimate.standard_error) == pytest.approx(expected, abs=1e-9)
        assert 0.0 <= estimate.low <= estimate.value + 1e-12
        assert estimate.value - 1e-12 <= estimate.high <= 1.0


@given(samples())
def test_strata_that_are_map_classes_give_the_same_both_ways(sample):
    strata, _, true, areas = sample
    mapped = np.array(list("gnw"))[strata]
    areas = {"gnw"[h]: float(area) for h, area in areas.items()}
    classes = list("gnw"[: len(areas)])
    true = np.where(np.isin(true, classes), true, "g")
    one = stehman_estimate(mapped, mapped, true, areas, classes=classes)
    other = area_estimate(error_matrix(mapped, true, classes), areas)

    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame(), check_names=False)
    assert one.overall_accuracy == other.overall_accuracy


@given(samples(), st.floats(0.5, 0.9))
def test_more_confidence_is_wider_and_the_unit_does_not_matter(sample, confidence):
    strata, mapped, true, areas = sample
    large = {stratum: area * 1e4 for stratum, area in areas.items()}
    narrow = stehman_estimate(strata, mapped, true, areas, confidence=confidence)
    wide = stehman_estimate(strata, mapped, true, large, confidence=0.95)

    for label, share in narrow.shares.items():
        assert wide.shares[label].value == pytest.approx(share.value)
        assert wide.shares[label].low <= share.low + 1e-12
        assert wide.shares[label].high >= share.high - 1e-12
        assert wide.areas[label].value == pytest.approx(narrow.areas[label].value * 1e4)


@pytest.mark.parametrize(
    ("counts", "areas", "rows"),
    [
        ([[0, 0], [5, 5]], [1.0, 1.0], (0,)),  # an empty stratum
        ([[5, 5], [1, 0]], [1.0, 1.0], (1,)),  # n - 1 = 0
        ([[5, 5], [5, 5]], [1.0, 0.0], (1,)),  # points on no ground
        ([[5, -1], [5, 5]], [1.0, 1.0], (0,)),
        ([[5, np.nan], [5, 5]], [1.0, 1.0], (0,)),
        ([[5, 5], [5, 2.5]], [1.0, 1.0], (1,)),
        ([[5, 5], [5, "five"]], [1.0, 1.0], (0, 1)),
        ([[5, 5], [5, 5]], [1.0], ()),
        ([[5, 5], [5, 5]], [1.0, -1.0], ()),
        ([[5, 5], [5, 5]], [1.0, np.inf], ()),
        ([[5, 5], [5, 5]], [1.0, "two"], ()),
        ([[5, 5], [5, 5]], [0.0, 0.0], ()),
        ([[5, 5], [5, 5]], {0: 1.0, "one": 1.0}, ()),
        ([], [], ()),
        (pd.DataFrame([[5, 5], [5, 5]], index=["g", "g"]), [1.0, 1.0], ()),
    ],
)
def test_a_matrix_that_cannot_carry_an_estimate_is_refused(counts, areas, rows):
    with pytest.raises(InputError) as refusal:
        area_estimate(counts, areas)

    assert refusal.value.rows == rows


@pytest.mark.parametrize("confidence", [0.0, 1.0, -1.0, 95, math.nan])
def test_confidence_lies_between_0_and_1(confidence):
    with pytest.raises(InputError) as refusal:
        area_estimate([[5, 5], [5, 5]], [1.0, 1.0], confidence=confidence)

    assert refusal.value.expected == "0 < confidence < 1"


@pytest.mark.parametrize("label", [None, math.nan, pd.NA, "w"])
def test_a_label_that_is_missing_or_unknown_is_refused(label):
    with pytest.raises(InputError) as refusal:
        error_matrix(["g", label], ["g", "n"], ["g", "n"])
    assert refusal.value.rows == (1,)
    with pytest.raises(InputError):
        stehman_estimate([1, 1], ["g", "g"], ["g", label], {1: 1.0}, classes=["g", "n"])


def test_columns_of_unlike_length_are_refused():
    with pytest.raises(InputError):
        stehman_estimate([1, 1, 1], list("gn"), list("gn"), {1: 1.0})


LABELLED = pd.DataFrame(
    [[97, 0, 3], [3, 279, 18], [2, 1, 97]], index=list("abc"), columns=list("abc")
)


@pytest.mark.parametrize(
    "table",
    [
        LABELLED.assign(total=LABELLED.sum(axis=1)),
        pd.concat([LABELLED, LABELLED.sum().to_frame("total").T]),
        pd.concat([LABELLED, LABELLED.sum().to_frame("total").T]).assign(
            total=[100, 300, 100, 500]
        ),
    ],
)
def test_sums_beside_the_counts_are_no_class(table):
    with pytest.raises(InputError) as refused:
        area_estimate(table, [1.0] * len(table))
    assert refused.value.rows == ("total",)


@pytest.mark.parametrize("columns", [["a ", "b", "c"], ["a", "B", "c"]])
def test_a_class_written_in_two_ways_is_refused(columns):
    with pytest.raises(InputError) as refused:
        area_estimate(LABELLED.set_axis(columns, axis=1), [1.0, 1.0, 1.0])
    assert set(refused.value.found) == set(columns) - set("abc")


@pytest.mark.parametrize("table", [[[5, 1], [3]], np.ones((2, 2, 2)), None, [["5", "a"], [1, 2]]])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(InputError):
        area_estimate(table, [1.0, 1.0])


def test_a_confidence_that_is_a_word_is_refused():
    with pytest.raises(InputError):
        area_estimate([[5, 5], [3, 4]], [1.0, 1.0], confidence="0.95")


def test_areas_beyond_all_numbers_are_refused():
    with pytest.raises(InputError):
        area_estimate([[5, 5], [3, 4]], [1e308, 1e308])


def test_fewer_points_drawn_than_given_are_refused():
    with pytest.raises(InputError):
        stehman_estimate([1, 1], list("gn"), list("gn"), {1: 10.0}, drawn={1: 1})


def test_a_share_above_its_domain_by_rounding_has_an_interval():
    strata = Strata(np.array([1.0]), np.array([100.0]), 1.96)
    share = strata.part(np.array([0.1 + 0.2]), np.array([0.3]), NOT_FOUND)
    assert share.value == pytest.approx(1.0)
    assert share.low < 1.0
