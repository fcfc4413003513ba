"""Many cities on the console and in a cell: none is left out without a word."""

from __future__ import annotations

from io import StringIO

from openpyxl import load_workbook
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


def test_a_cell_of_many_cities_ends_at_a_whole_id_and_says_how_many_more(tmp_path):
    ids = [f"{'x' * 50}{at:03}" for at in range(700)]
    League(rows=tuple(made_city(key, {COVERAGE: "f"}) for key in ids)).write(tmp_path / "l")
    row = list(load_workbook(tmp_path / "l" / "league.xlsx")["failures"].values)[1]
    *named, more = row[-1].split(", ")

    assert named == ids[: len(named)]
    assert more == f"… {700 - len(named)} more"
