"""A course held against yearly targets: by hand, at the edges, and by its properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.evaluate.trajectory import planned_at, plot_course
from greenspace.model.quantity import Ratio
from greenspace.model.source import Source
from greenspace.model.trajectory import Sight, decimal_year
from greenspace.read.definitions import read_indicators

CARDS = read_indicators()
shares = st.floats(0.01, 0.99)


def sight(day, value, indicator="green_coverage", denominator=1000.0, unseen=None):
    ratio = Ratio(
        indicator, value * denominator, denominator, CARDS[indicator].unit, None, unseen=unseen
    )
    return Sight(day=day, ratio=ratio)


def course(value, targets, day=date(2025, 12, 31), indicator="green_coverage", **more):
    baseline = more.pop("baseline", None)
    found = plot_course(
        CARDS[indicator], [sight(day, value, indicator, **more)], targets, baseline=baseline
    )
    assert found is not None
    return found


def test_a_day_at_the_end_of_a_year_is_a_whole_number_in_leap_years_too():
    assert decimal_year(date(2024, 12, 31)) == 2025.0
    assert decimal_year(date(2025, 12, 31)) == 2026.0
    assert decimal_year(date(2024, 2, 29)) == 2024 + 60 / 366


def test_the_plan_runs_straight_between_its_nodes_and_level_after_the_last():
    line = [(2021.0, 0.30), (2025.0, 0.38), (2026.0, 0.40)]
    assert planned_at(2022.0, line) == pytest.approx(0.32, rel=1e-15)  # a quarter of the way
    assert planned_at(2025.0, line) == 0.38
    assert planned_at(2040.0, line) == 0.40
    assert planned_at(2020.999, line) is None


def test_what_is_needed_each_year_is_what_is_lacking_over_the_years_left():
    # from 38.0 % at the end of 2025 to 38.4 % at the end of 2027: 0.2 points a year
    found = course(0.380, {2027: 0.384}, baseline=(2020, 0.374), denominator=5_000_000.0)
    (view,) = found.targets
    assert view.years_left == 2.0
    assert view.needed_per_year == pytest.approx(0.002, rel=1e-9)
    assert view.needed_m2 == pytest.approx(20_000.0)  # 0.4 % of 5 km2
    assert view.needed_m2_per_year == pytest.approx(10_000.0)
    # the plan asks for 37.4 + 5/7 of 1.0 points = 38.114 %
    assert found.planned == pytest.approx(0.374 + 5 / 7 * 0.010)
    assert found.state == "behind"


def test_ground_a_person_is_reckoned_by_the_persons():
    found = course(10.0, {2027: 11.0}, indicator="park_area_per_capita", denominator=40_000.0)
    assert found.targets[0].needed_m2 == pytest.approx(40_000.0)


def test_ground_that_the_image_does_not_show_belongs_to_the_place():
    found = course(0.30, {2027: 0.40}, denominator=900.0, unseen=100.0)
    assert found.targets[0].needed_m2 == pytest.approx(100.0)


def test_a_value_exactly_on_the_plan_is_on_course():
    targets = {2025: 0.38, 2027: 0.40}
    assert course(0.38, targets, baseline=(2020, 0.30)).state == "on_course"
    assert course(0.3799999, targets, baseline=(2020, 0.30)).state == "behind"


def test_states_of_targets_follow_their_years():
    found = course(0.385, {2024: 0.39, 2025: 0.38, 2026: 0.385, 2027: 0.40})
    states = {view.year: view.state for view in found.targets}
    assert states == {2024: "missed", 2025: "met", 2026: "met", 2027: "open"}
    assert [view.needed_per_year is None for view in found.targets] == [True, True, False, False]
    assert found.targets[2].needed_per_year == 0.0


def test_after_the_last_target_the_plan_stays_level():
    assert course(0.38, {2020: 0.39}, baseline=(2015, 0.3)).state == "behind"
    assert course(0.39, {2020: 0.39}, baseline=(2015, 0.3)).state == "on_course"
    assert course(0.38, {2020: 0.39}).next_target is None


def test_a_plan_without_a_start_is_not_judged_but_still_says_what_is_needed():
    found = course(0.38, {2027: 0.40})
    assert (found.state, found.planned) == ("undetermined", None)
    assert found.reason is not None
    assert found.targets[0].needed_per_year == pytest.approx(0.01)
    assert course(0.40, {2027: 0.40}).state == "on_course"


def test_lower_is_better_where_the_card_says_so():
    found = course(2.9, {2027: 2.5}, indicator="heat_island", baseline=(2020, 3.3), denominator=1.0)
    (view,) = found.targets
    assert view.lacking == pytest.approx(0.4)
    assert view.needed_m2 is None
    assert found.planned == pytest.approx(3.3 - 0.8 * 5 / 7)
    assert found.state == "behind"


def test_unseen_ground_that_could_decide_leaves_the_course_open():
    # 30 of 90 seen, 10 unseen: between 30 % and 40 %, the plan asks for 35 %
    found = course(1 / 3, {2025: 0.35}, denominator=90.0, unseen=10.0)
    assert found.state == "undetermined"
    assert found.reason is not None


def test_of_several_measurements_the_first_is_the_start_and_the_last_is_judged():
    sights = [sight(date(2021, 12, 31), 0.30), sight(date(2023, 12, 31), 0.36)]
    found = plot_course(CARDS["green_coverage"], sights, {2020: 0.5, 2025: 0.38})
    assert found is not None
    assert found.start == (2022.0, 0.30)
    assert found.planned == pytest.approx(0.34)
    assert found.state == "on_course"


def test_ground_is_asked_for_where_ground_is_counted_and_nowhere_else():
    # a share of 10 units: 4 units are lacking, no square metres
    units = course(0.5, {2027: 0.9}, indicator="unit_compliance_share", denominator=10.0)
    assert units.targets[0].needed_per_year == pytest.approx(0.2)
    assert (units.targets[0].needed_m2, units.ground) == (None, None)
    for name in ("garden_estate_share", "road_greening_rate", "riverbank_greening", "who_300"):
        assert course(0.5, {2027: 0.9}, indicator=name).targets[0].needed_m2 is None
    # 8 m2 a person that somebody supplied: how many persons nobody said
    told = Source(role="supplied", name="city.toml")
    ratio = Ratio("road_area_per_capita", 8.0, 1.0, "m2/person", None, sources=(told,))
    roads = Sight(day=date(2025, 12, 31), ratio=ratio)
    found = plot_course(CARDS["road_area_per_capita"], [roads], {2027: 9.0})
    assert found.targets[0].needed_m2 is None


def test_cards_of_ground_are_those_whose_numerator_is_in_m2():
    ground = {name for name, card in CARDS.items() if card.of_ground}
    assert {"green_coverage", "service_coverage", "who_300_of_land", "permeable_share"} <= ground
    counted = {
        "unit_compliance_share",
        "who_300",
        "tree_lined_road_share",
        "vertical_greening_area",
    }
    assert not counted & ground


def test_unseen_ground_that_could_decide_leaves_a_target_open():
    # 30 of 80 seen, 20 unseen: between 30 % and 50 %
    found = course(30 / 80, {2024: 0.38, 2023: 0.29, 2022: 0.51}, denominator=80.0, unseen=20.0)
    states = {view.year: view.state for view in found.targets}
    assert states == {2024: "unclear", 2023: "met", 2022: "missed"}
    (soon,) = course(31 / 80, {2027: 0.38}, denominator=80.0, unseen=20.0).targets
    assert (soon.state, soon.needed_per_year) == ("unclear", None)


def test_a_latest_day_without_a_value_leaves_the_course_unknown():
    blank = Ratio("green_coverage", 0.0, 0.0, "1", None)
    seen = [sight(date(2021, 12, 31), 0.38), Sight(day=date(2025, 12, 31), ratio=blank)]
    targets = {2024: 0.37, 2027: 0.40}
    for found in (
        plot_course(CARDS["green_coverage"], seen, targets),
        plot_course(CARDS["green_coverage"], seen[:1], targets, day=date(2025, 12, 31)),
    ):
        assert (found.state, found.value, found.day) == ("undetermined", None, date(2025, 12, 31))
        assert "2025-12-31" in found.reason.en
        assert [(v.state, v.years_left, v.lacking) for v in found.targets] == [
            ("unclear", None, None),
            ("unclear", 2.0, None),
        ]


def test_no_plan_sets_out_from_a_measurement_by_another_method():
    first = replace(sight(date(2021, 12, 31), 0.30), alike=False)
    seen = [first, sight(date(2023, 12, 31), 0.33), sight(date(2025, 12, 31), 0.36)]
    assert plot_course(CARDS["green_coverage"], seen, {2027: 0.4}).start == (2024.0, 0.33)


def test_a_measurement_without_a_value_takes_no_part():
    blank = Sight(day=date(2025, 1, 1), ratio=Ratio("green_coverage", 0.0, 0.0, "1", None))
    assert plot_course(CARDS["green_coverage"], [blank], {2027: 0.4}) is None


@given(start=shares, now=shares, target=shares, years=st.integers(1, 9), left=st.integers(1, 9))
def test_on_course_is_when_what_is_needed_is_not_more_than_was_planned(
    start, now, target, years, left
):
    found = course(
        now,
        {2025 + left: target},
        baseline=(2025 - years, start),
        denominator=1.0,
    )
    slope = (target - start) / (years + left)
    needed = (target - now) / left
    if not isclose(needed, slope, rel_tol=1e-9, abs_tol=1e-12):
        assert (found.state == "on_course") == (needed < slope)


@given(now=shares, target=shares, area=st.floats(1.0, 1e9))
def test_adding_the_needed_ground_meets_the_target(now, target, area):
    (view,) = course(now, {2027: target}, denominator=area).targets
    assert (now * area + view.needed_m2) / area >= target - 1e-12
    assert (view.state == "met") == (view.needed_m2 == 0.0)
