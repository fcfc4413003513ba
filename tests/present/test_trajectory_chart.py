"""The chart of a trajectory: what it draws, on how many sheets, whatever the names hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from matplotlib.image import imread

from greenspace.evaluate.trajectory import plot_course
from greenspace.model.quantity import Ratio
from greenspace.model.ratio import Interval
from greenspace.model.trajectory import Sight, Trajectory
from greenspace.model.words import Text
from greenspace.present.course_words import course_sentence
from greenspace.present.trajectory_chart import draw_courses, trajectory_sheets
from greenspace.read.definitions import read_indicators

CARDS = read_indicators()


def course(name="green_coverage", value=0.38, **more):
    span = Interval(0.36, 0.40, estimate=0.379)
    ratio = Ratio(name, value, 1.0, CARDS[name].unit, None, interval=span)
    bar = ((Text("CN-2022", "CN-2022"), 0.41),)
    found = plot_course(
        CARDS[name],
        [Sight(day=date(2025, 12, 31), ratio=ratio)],
        {2027: 0.384},
        baseline=(2020, 0.374),
        thresholds=bar,
        **more,
    )
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_sheet_shows_baseline_value_interval_target_and_threshold(language):
    page = draw_courses([course()], "title", language)
    (panel,) = page.child_axes
    points = {(round(x, 6), round(y, 6)) for line in panel.lines for x, y in line.get_xydata()}
    assert {(2021.0, 0.374), (2026.0, 0.38), (2028.0, 0.384)} <= points
    assert {(2026.0, 0.36), (2026.0, 0.40)} <= points
    assert any(set(line.get_ydata()) == {0.41} for line in panel.lines)
    low, high = panel.get_ylim()
    assert low < 0.36
    assert high > 0.41


def test_many_indicators_take_more_sheets():
    way = Trajectory(courses=(course(),) * 5)
    sheets = trajectory_sheets(way, "清河 $x_1$ <b>", "zh")
    assert [sheet.name for sheet in sheets] == ["trajectory_1", "trajectory_2"]
    assert all(sheet.pdf.startswith(b"%PDF") for sheet in sheets)


def test_nothing_measured_draws_nothing():
    assert trajectory_sheets(None, "清河", "zh") == ()
    assert trajectory_sheets(Trajectory(courses=()), "清河", "zh") == ()


def test_the_picture_is_the_same_each_time_and_not_blank(tmp_path):
    way = Trajectory(courses=(course(),))
    first, again = (trajectory_sheets(way, "清河", "en")[0].png for _ in range(2))
    assert first == again
    (tmp_path / "a.png").write_bytes(first)
    assert np.ptp(imread(tmp_path / "a.png")[..., :3]) > 0.5


def test_the_sentence_says_plan_need_and_ground():
    words = course_sentence(course(), "en")
    assert words.startswith("behind the plan (plan 38.11%); needed a year to the end of 2027")
    assert "+0.20 points" in words


def test_a_plan_that_unseen_ground_could_decide_says_so():
    ratio = Ratio("green_coverage", 30.0, 90.0, "1", None, unseen=10.0)
    found = plot_course(
        CARDS["green_coverage"],
        [Sight(day=date(2025, 12, 31), ratio=ratio)],
        {2025: 0.35},
        baseline=(2020, 0.3),
    )
    words = course_sentence(found, "en")
    assert "plan 35.00%" in words
    assert "unseen" in words.lower()


def test_an_indicator_without_targets_has_no_sentence():
    ratio = Ratio("green_coverage", 30.0, 90.0, "1", None)
    found = plot_course(CARDS["green_coverage"], [Sight(day=date(2025, 1, 1), ratio=ratio)], {})
    assert course_sentence(found, "zh") == ""
