"""Comparing: at the edge, between two readings, behind clouds, and where nobody can say."""

from __future__ import annotations

from math import nan, nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import InputError
from greenspace.evaluate.compare import applicable, judge, meets, weaker
from greenspace.model.definition import Citation, Condition, Criterion, Indicator, Threshold
from greenspace.model.quantity import Ratio
from greenspace.model.words import Text

WORD = Text(zh="词", en="word")
SOURCE = Citation(document="示例", address="[1]")
SHARE = st.floats(0, 1, allow_nan=False)
RANK = {"fail": 0, "not_assessable": 1, "pass": 2}


def card(unit="1", better="higher"):
    return Indicator(
        id="green_coverage",
        name=Text(zh="绿化覆盖率", en="green coverage"),
        question=WORD,
        unit=unit,
        better=better,
        numerator=WORD,
        denominator=WORD,
        undefined=WORD,
        formula="",
        basis="imagery",
    )


def number(*values, mark="verified", when=(), note=None):
    return Threshold(
        values=values, mark=mark if values else None, source=SOURCE, when=when, note=note
    )


def row(*thresholds, operator=">=", **others):
    return Criterion(
        indicator="green_coverage",
        level="basic",
        operator=operator,
        thresholds=thresholds,
        **others,
    )


def ratio(value, *, whole=1.0, unseen=None):
    return Ratio("green_coverage", value * whole, whole, "1", None, unseen=unseen)


def verdict(criterion, measured, *, facts=None, missing=None, unit="1", **others):
    return judge(
        criterion,
        measured,
        standard="DEMO",
        indicator=card(unit=unit),
        facts=facts or {},
        missing=missing,
        **others,
    )


def two(region, low=None, high=None):
    """Conditions: a region and a half-open interval of population."""
    when = [Condition(fact="region", operator="==", value=region)]
    if low is not None:
        when.append(Condition(fact="population", operator=">=", value=low))
    if high is not None:
        when.append(Condition(fact="population", operator="<", value=high))
    return tuple(when)


# --- by hand


@pytest.mark.parametrize(
    ("value", "operator", "threshold", "met"),
    [
        (8.0, ">", 8.0, False),
        (8.0, ">=", 8.0, True),
        (nextafter(8.0, 9.0), ">", 8.0, True),
        (nextafter(8.0, 7.0), ">=", 8.0, False),
        (2.5, "<=", 2.5, True),
        (2.5, "<", 2.5, False),
        (0.1 + 0.2, "<=", 0.3, False),  # the sum is 0.30000000000000004: no tolerance
    ],
)
def test_a_value_at_the_threshold_is_decided_exactly(value, operator, threshold, met):
    assert meets(value, operator, threshold) is met


def test_the_margin_is_positive_on_the_passing_side():
    passed = verdict(row(number(0.36)), ratio(0.40))
    failed = verdict(row(number(0.36)), ratio(0.30))
    cool = verdict(row(number(0.5), operator="<="), ratio(0.25))

    assert (passed.verdict, passed.margin) == ("pass", pytest.approx(0.04))
    assert (failed.verdict, failed.margin) == ("fail", pytest.approx(-0.06))
    assert (cool.verdict, cool.margin) == ("pass", 0.25)
    assert (passed.threshold, passed.readings, passed.reason) == (0.36, (0.36,), None)
    assert (passed.source, passed.mark, passed.standard) == (SOURCE, "verified", "DEMO")


def test_values_are_compared_before_they_are_rounded():
    assert verdict(row(number(0.36)), ratio(0.359999999)).verdict == "fail"


def test_an_undefined_value_is_not_assessable_for_its_own_reason():
    empty = Ratio("green_coverage", 0.0, 0.0, "1", None)
    clouded = Ratio("green_coverage", 0.0, 0.0, "1", None, unseen=9.0)

    assert verdict(row(number(0.36)), empty).verdict == "not_assessable"
    assert verdict(row(number(0.36)), empty).reason == empty.reason
    assert verdict(row(number(0.36)), clouded).reason == clouded.reason
    assert verdict(row(number(0.36)), empty).margin is None


def test_what_was_not_measured_keeps_its_threshold_and_says_why():
    reason = Text(zh="缺少影像。", en="There is no image.")
    judged = verdict(row(number(0.36)), None, missing=reason)

    assert (judged.verdict, judged.threshold, judged.value) == ("not_assessable", 0.36, None)
    assert judged.reason == reason
    assert verdict(row(number(0.36)), None).reason is not None


def test_an_unknown_number_is_not_assessable_and_has_no_mark():
    note = Text(zh="未载。", en="Not printed.")
    judged = verdict(row(number(note=note)), ratio(0.9))

    assert (judged.verdict, judged.mark, judged.threshold) == ("not_assessable", None, None)
    assert judged.reason == note
    assert judged.value == 0.9


# 0.5 m2 unseen of 10 m2: 4.0 green of 9.5 seen -> between 4.0/10 and 4.5/10
@pytest.mark.parametrize(
    ("threshold", "expected"),
    [(0.40, "pass"), (0.41, "not_assessable"), (0.45, "not_assessable"), (0.451, "fail")],
)
def test_behind_clouds_both_bounds_must_fall_on_the_same_side(threshold, expected):
    clouded = Ratio("green_coverage", 4.0, 9.5, "1", None, unseen=0.5)
    judged = verdict(row(number(threshold)), clouded)

    assert judged.verdict == expected
    if expected == "not_assessable":
        assert judged.reason.en == (
            f"Too much unseen (5 %): the value lies between 40% and 45%, and the threshold is "
            f"{100 * threshold:g}%."
        )
        assert (judged.threshold, judged.margin) == (threshold, None)


@pytest.mark.parametrize(
    ("value", "expected", "threshold"),
    [
        (0.42, "pass", 0.41),
        (0.41, "pass", 0.41),
        (0.405, "not_assessable", None),
        (0.40, "not_assessable", None),
        (0.39, "fail", 0.40),
    ],
)
def test_two_readings_are_judged_only_where_they_agree(value, expected, threshold):
    judged = verdict(row(number(0.40, 0.41, mark="provisional")), ratio(value))

    assert (judged.verdict, judged.threshold) == (expected, threshold)
    assert judged.readings == (0.40, 0.41)
    assert (judged.margin is None) == (expected == "not_assessable")
    if expected == "not_assessable":
        assert "disagree (40%, 41%)" in judged.reason.en


def test_of_two_ceilings_a_pass_is_by_the_lower_one():
    judged = verdict(row(number(0.3, 0.5), operator="<="), ratio(0.25))
    assert (judged.verdict, judged.threshold, judged.margin) == ("pass", 0.3, pytest.approx(0.05))


def test_a_remark_on_the_row_travels_with_its_verdict():
    remark = Text(zh="存疑。", en="In doubt.")
    assert verdict(row(number(0.3, note=remark)), ratio(0.5)).reason == remark
    assert verdict(row(number(0.3), note=remark), ratio(0.5)).reason == remark


@pytest.mark.parametrize(
    ("of_number", "of_tiers", "expected"),
    [
        ("verified", "provisional", "provisional"),
        ("weak", "verified", "weak"),
        ("user", "weak", "weak"),
        ("verified", "user", "user"),
        ("verified", "verified", "verified"),
    ],
)
def test_the_row_is_as_sure_as_the_weaker_of_number_and_tiers(of_number, of_tiers, expected):
    tiers = {"tiers": ((5000.0, 500.0),), "tiers_mark": of_tiers}

    assert verdict(row(number(0.8, mark=of_number), **tiers), ratio(0.9)).mark == expected
    assert weaker(of_tiers, of_number) == expected
    assert verdict(row(number(0.8, mark=of_number)), ratio(0.9)).mark == of_number


# --- which number is meant

SIZES = (
    number(7.5, when=two("south", 1_000_000)),
    number(8.0, when=two("south", 500_000, 1_000_000)),
    number(9.0, when=two("south", None, 500_000)),
    number(7.0, when=two("north")),
)


@pytest.mark.parametrize(
    ("population", "expected"),
    [(499_999, 9.0), (500_000, 8.0), (999_999.5, 8.0), (1_000_000, 7.5)],
)
def test_the_first_row_whose_conditions_hold_is_meant(population, expected):
    found = applicable(row(*SIZES), {"region": "south", "population": population})
    assert found.values == (expected,)


def test_a_fact_is_asked_for_only_where_it_matters():
    north = applicable(row(*SIZES), {"region": "north"})
    assert north.values == (7.0,)

    south = applicable(row(*SIZES), {"region": "south"})
    assert isinstance(south, Text)
    assert "population" in south.en
    assert "region" not in south.en


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"region": None, "population": 10.0},
        {"region": "south", "population": nan},
    ],
)
def test_a_missing_fact_makes_the_row_not_assessable(facts):
    judged = verdict(row(*SIZES), ratio(0.5), facts=facts)

    assert (judged.verdict, judged.mark, judged.readings) == ("not_assessable", None, ())
    assert "lacks" in judged.reason.en
    assert "清单未给出" in judged.reason.zh


def test_a_row_that_cannot_be_decided_hides_the_ones_after_it():
    rows = row(number(7.5, when=two("south")), number(9.0))

    assert isinstance(applicable(rows, {}), Text)
    assert applicable(rows, {"region": "north"}).values == (9.0,)


def test_no_row_for_this_city_is_said():
    judged = verdict(row(*SIZES), ratio(0.5), facts={"region": "east", "population": 5.0})
    assert judged.reason.en == "The standard has no number for a city like this."


def test_all_obstacles_are_named_at_once():
    judged = verdict(
        row(*SIZES), None, missing=Text(zh="缺少绿地。", en="There is no green layer.")
    )
    assert "region" in judged.reason.en
    assert "no green layer" in judged.reason.en


# --- refusals


def test_a_fact_that_is_no_number_is_refused():
    with pytest.raises(InputError) as refused:
        applicable(row(*SIZES), {"region": "south", "population": "many"})
    assert refused.value.found == "many"


@pytest.mark.parametrize(
    "other",
    [
        Ratio("green_space_ratio", 1.0, 2.0, "1", None),
        Ratio("green_coverage", 1.0, 2.0, "m2/person", None),
    ],
)
def test_a_number_of_another_kind_is_refused(other):
    with pytest.raises(InputError):
        verdict(row(number(0.36)), other)


# --- by property


@given(
    value=SHARE,
    thresholds=st.lists(SHARE, min_size=1, max_size=2),
    step=SHARE,
    unseen=st.none() | SHARE,
    operator=st.sampled_from([">=", ">", "<=", "<"]),
)
def test_tightening_never_turns_a_fail_into_a_pass(value, thresholds, step, unseen, operator):
    way = 1 if operator in {">=", ">"} else -1
    tighter = [threshold + way * step for threshold in thresholds]
    measured = ratio(value, unseen=unseen)
    before = verdict(row(number(*thresholds), operator=operator), measured)
    after = verdict(row(number(*tighter), operator=operator), measured)

    assert RANK[after.verdict] <= RANK[before.verdict]


@given(value=SHARE, threshold=SHARE, operator=st.sampled_from([">=", ">", "<=", "<"]))
def test_the_sign_of_the_margin_agrees_with_the_verdict(value, threshold, operator):
    judged = verdict(row(number(threshold), operator=operator), ratio(value))

    assert judged.margin >= 0 if judged.verdict == "pass" else judged.margin <= 0


@given(value=SHARE, threshold=SHARE, unseen=SHARE)
def test_seeing_more_only_settles_what_was_open(value, threshold, unseen):
    clouded = Ratio("green_coverage", value, 1.0, "1", None, unseen=unseen)
    first = verdict(row(number(threshold)), clouded).verdict
    for green in (0.0, unseen):  # what turned out to lie under the cloud
        clear = Ratio("green_coverage", value + green, 1.0 + unseen, "1", None)
        assert first in {"not_assessable", verdict(row(number(threshold)), clear).verdict}
