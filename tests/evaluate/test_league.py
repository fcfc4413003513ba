"""Counting over cities, by hand and by property."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from greenspace.evaluate.league import standings, tallies, tallies_by_year
from greenspace.model.league import League
from tests.cities import COVERAGE, LAW, PARKS, SERVICE, made_city

CITIES = [  # coverage fails 1 of 2, parks 2 of 3, service 0 of 3
    made_city("a", {COVERAGE: "f", PARKS: "f", SERVICE: "p"}, year=2024),
    made_city("b", {COVERAGE: "n", PARKS: "f", SERVICE: "p"}, year=2026),
    made_city("c", {COVERAGE: "p", PARKS: "p", SERVICE: "p"}, year=2026, verdict="pass"),
]


def test_the_row_that_most_cities_fail_comes_first():
    found = [(t.indicator, t.failed, t.assessed, t.not_assessable) for t in tallies(CITIES)]

    assert found == [
        (PARKS, ("a", "b"), 3, 0),
        (COVERAGE, ("a",), 2, 1),
        (SERVICE, (), 3, 0),
    ]
    assert [t.share for t in tallies(CITIES)] == [2 / 3, 1 / 2, 0.0]


def test_years_are_counted_apart_and_undated_cities_last():
    cities = [*CITIES, made_city("d", {PARKS: "f"})]
    parks = [t for t in tallies_by_year(cities) if t.indicator == PARKS]

    assert [(t.year, t.failed, t.assessed) for t in parks] == [
        (2024, ("a",), 1),
        (2026, ("b",), 2),
        (None, ("d",), 1),
    ]
    assert [(s.year, s.cities, s.passed) for s in standings(cities)] == [
        (2024, 1, 0),
        (2026, 2, 1),
        (None, 1, 0),
    ]


def test_without_dates_there_are_no_years():
    assert tallies_by_year([made_city("a", {PARKS: "f"})]) == ()


def test_stale_and_failed_cities_are_not_counted():
    gone = [replace(CITIES[0], state="stale"), replace(CITIES[1], state="failed"), CITIES[2]]

    assert all(t.failed == () and t.passed == 1 for t in tallies(gone))
    assert [s.cities for s in standings(gone)] == [1]


def test_two_standards_are_never_mixed():
    cities = [*CITIES, made_city("d", {PARKS: "f"}, standard="CN-2010")]
    parks = {t.standard: t.failed for t in tallies(cities) if t.indicator == PARKS}

    assert parks == {"CN-2010": ("d",), "CN-2022": ("a", "b")}


def test_two_files_of_ones_own_with_one_id_are_two_standards():
    one = made_city("a", {PARKS: "f"}, standard="OWN", standard_sha256="1" * 64)
    two = made_city("b", {PARKS: "p"}, standard="OWN", standard_sha256="2" * 64)

    assert [t.standard for t in tallies([one, two])] == ["OWN (11111111)", "OWN (22222222)"]


def law_row(city, indicator, token):
    row = replace(city.rows[0], standard=LAW, indicator=indicator, verdict=token)
    return replace(city, rows=(*city.rows, row))


def test_rows_of_the_law_stand_apart_and_last():
    cities = [law_row(CITIES[0], PARKS, "pass"), law_row(CITIES[1], PARKS, "fail")]
    found = [(t.kind, t.indicator, t.failed) for t in tallies(cities)]

    assert found[-1] == ("law", PARKS, ("b",))
    assert found[0] == ("mandatory", PARKS, ("a", "b"))
    other = made_city("d", {PARKS: "p"}, standard="CN-2010")
    whole = tallies([*cities, law_row(other, PARKS, "fail")])
    assert [t.failed for t in whole if t.kind == "law"] == [("b", "d")]


def test_rows_that_need_not_be_met_stand_apart():
    row = replace(CITIES[0].rows[0], mandatory=False)
    city = replace(CITIES[0], rows=(row, *CITIES[0].rows[1:]))

    assert [t.kind for t in tallies([city])] == ["mandatory", "mandatory", "other"]


def test_a_row_judged_twice_counts_once_as_the_worse():
    row = CITIES[2].rows[0]
    city = replace(CITIES[2], rows=(row, replace(row, verdict="fail")))

    assert [(t.failed, t.passed) for t in tallies([city])] == [(("c",), 0)]


LETTERS = st.dictionaries(st.sampled_from([COVERAGE, PARKS, SERVICE]), st.sampled_from("pfn"))
YEARS = st.sampled_from([None, 2024, 2026])
STANDARDS = st.sampled_from(["CN-2022", "CN-2010"])
STATES = st.sampled_from(["checked", "kept", "stale"])


@st.composite
def leagues(draw):
    facts = draw(st.lists(st.tuples(LETTERS, YEARS, STANDARDS, STATES), max_size=6))
    return [
        made_city(f"c{at}", letters, year=year, standard=standard, state=state)
        for at, (letters, year, standard, state) in enumerate(facts)
    ]


@given(leagues())
def test_counts_add_up_to_the_cities(cities):
    counted = [city for city in cities if city.counted]
    for tally in tallies(cities):
        mine = [c for c in counted if c.standard == tally.standard]
        having = [c for c in mine if any(r.indicator == tally.indicator for r in c.rows)]
        assert tally.assessed + tally.not_assessable == len(having)
    assert sum(item.cities for item in standings(cities)) == len(counted)
    years = tallies_by_year(cities)
    if any(city.year for city in counted):
        assert sum(t.assessed for t in years) == sum(t.assessed for t in tallies(cities))


@given(leagues(), st.randoms(use_true_random=False))
def test_the_order_of_cities_changes_the_order_of_cities_alone(cities, random):
    other = list(cities)
    random.shuffle(other)

    assert tallies(other) == tallies(cities)
    assert tallies_by_year(other) == tallies_by_year(cities)
    one, two = (League(rows=tuple(rows)).table.set_index("id") for rows in (cities, other))
    assert set(one.columns) == set(two.columns)
    assert one.sort_index()[sorted(one)].equals(two.sort_index()[sorted(two)])
