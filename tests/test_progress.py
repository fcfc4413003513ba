"""A city's plan beside its numbers: remarks and the table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from greenspace.model.city import City
from greenspace.model.quantity import Ratio
from greenspace.model.trajectory import Baseline
from greenspace.progress import trajectory_ledger, trajectory_of
from greenspace.read.definitions import read_indicators

CARDS = read_indicators()
COVER = "green_coverage"


def way_of(value=0.38, day=date(2025, 12, 31), baseline=(2020, 0.374), **targets):
    start = None if baseline is None else Baseline(year=baseline[0], amounts={COVER: baseline[1]})
    city = City(
        name="清河",
        manifest=Path("city.toml"),
        date=day,
        baseline=start,
        targets={int(year[1:]): {COVER: amount} for year, amount in targets.items()},
    )
    ratios = {} if value is None else {COVER: Ratio(COVER, 1e6 * value, 1e6, "1", None)}
    return trajectory_of(city, ratios, (), CARDS)


def codes(way):
    return [finding.code for finding in way.findings]


def test_a_city_without_a_plan_has_no_trajectory():
    assert way_of(baseline=None) is None


def test_a_plan_without_a_day_is_told_with_the_next_step():
    way = way_of(day=None, y2027=0.4)
    assert way.courses == ()
    assert codes(way) == ["plan_undated"]
    assert "date =" in way.findings[0].text.en


def test_targets_reached_missed_and_falling_back_are_told():
    assert codes(way_of(y2027=0.38)) == ["target_reached"]
    assert codes(way_of(y2024=0.39)) == ["target_missed"]
    assert codes(way_of(y2027=0.40, y2028=0.39)) == ["target_backward"]
    assert codes(way_of(y2027=0.40, y2028=0.40)) == []


def test_a_target_that_nothing_was_measured_for_is_told():
    way = way_of(value=None, y2027=0.4)
    assert codes(way) == ["target_unmeasured"]
    assert trajectory_ledger(way).rows.empty


def test_the_table_has_a_row_a_target_with_units_and_signs():
    rows = trajectory_ledger(way_of(y2024=0.38, y2027=0.39)).rows
    assert list(rows["year"]) == ["2024", "2027"]
    assert [cell.en for cell in rows["needed_per_year"]] == ["—", "+0.50 points"]
    assert [cell.zh for cell in rows["value"]] == ["38.00%", "38.00%"]
    ground = rows["needed_m2_per_year"].iloc[1]
    assert abs(ground - 5000.0) < 1e-6  # 1 % of 1 km2 in two years
