"""Many cities on the console: every counted city is counted, the most failed row first."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from greenspace.model.league import League
from greenspace.present.league_view import league_view
from tests.cities import COVERAGE, PARKS, made_city


def shown(*cities):
    console = Console(file=StringIO(), width=200)
    console.print(league_view(League(rows=cities), "en", 80, ascii_only=True))
    return console.file.getvalue()


def test_cities_with_and_without_a_date_are_counted_together():
    years = {"a": 2024, "b": 2026, "c": 2026, "d": None}
    verdicts = {"a": "fail", "b": "fail", "c": "pass", "d": "pass"}
    cities = [made_city(k, {PARKS: "p"}, year=years[k], verdict=verdicts[k]) for k in years]

    assert "Cities counted: 4; 2 pass, 2 fail" in shown(*cities)


def test_the_row_that_most_cities_fail_comes_first_over_all_standards():
    old = made_city("z", {PARKS: "f"}, standard="CN-2010")
    text = shown(old, *(made_city(key, {COVERAGE: "f"}) for key in "abc"))

    assert text.index("(CN-2022), 3 of 3") < text.index("(CN-2010), 1 of 1")
