"""The heat island: by hand, by property, and what it leaves out."""

from __future__ import annotations

from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.errors import InputError
from greenspace.measure.heat import heat_island, summers

SUMMER = pd.date_range("2026-06-01", "2026-08-31")


def record(station, zone, tmax, days=SUMMER):
    return pd.DataFrame({"station": station, "zone": zone, "date": days, "tmax_c": tmax})


def table(*parts):
    return pd.concat(parts, ignore_index=True)


def codes(ratio):
    return {finding.code: finding for finding in ratio.findings}


def test_urban_mean_less_hinterland_mean():
    # June 30 days at 30, July 31 at 34, August 31 at 32: (900 + 1054 + 992) / 92 = 32.0217...
    june_to_august = np.repeat([30.0, 34.0, 32.0], [30, 31, 31])
    ratio = heat_island(table(record("a", "urban", june_to_august), record("b", "hinterland", 31)))

    assert ratio.value == pytest.approx(2946 / 92 - 31, abs=1e-12)
    assert (ratio.unit, ratio.denominator) == ("degC", 1)
    assert ratio.findings == ()


def test_a_city_cooler_than_its_hinterland_is_negative():
    ratio = heat_island(table(record("a", "urban", 30.25), record("b", "hinterland", 31)))

    assert ratio.value == -0.75


def test_every_station_counts_the_same_whatever_it_lacks():
    gaps = np.full(92, 36.0)
    gaps[:9] = np.nan  # 83 of 92 days are 90.2 %
    ratio = heat_island(
        table(record("a", "urban", 32), record("b", "urban", gaps), record("c", "hinterland", 30))
    )

    assert ratio.value == pytest.approx((32 + 36) / 2 - 30)  # pooled: 33.897... - 30
    assert codes(ratio)["days_missing"].count == 9


@pytest.mark.parametrize(("days", "counted"), [(83, True), (82, False)])
def test_a_station_needs_nine_tenths_of_the_days(days, counted):
    parts = (record("a", "urban", 32), record("c", "hinterland", 30))
    ratio = heat_island(table(*parts, record("b", "urban", 36, SUMMER[:days])))

    assert ratio.value == (4 if counted else 2)
    assert ("station_too_short" in codes(ratio)) is not counted


def test_days_outside_june_to_august_are_counted_and_not_used():
    days = SUMMER.union(pd.DatetimeIndex(["2026-05-31", "2026-09-01"]))
    ratio = heat_island(table(record("a", "urban", 32), record("b", "hinterland", 30, days)))
    hot = heat_island(
        table(record("a", "urban", 32), record("b", "hinterland", [-40] + [30.0] * 92 + [50], days))
    )

    assert ratio.value == hot.value == 2
    assert codes(ratio)["out_of_summer"].count == 2


def test_summers_are_one_by_one_and_the_newest_is_judged():
    before = pd.date_range("2025-06-01", "2025-08-31")
    both = table(
        record("a", "urban", 33),
        record("b", "hinterland", 30),
        record("a", "urban", 35, before),
        record("b", "hinterland", 30, before),
    )

    assert heat_island(both).value == 3
    assert "+5.00" in codes(heat_island(both))["other_summers"].text.en
    assert heat_island(both, year=2025).value == 5
    with pytest.raises(InputError) as refusal:
        heat_island(both, year=2024)
    assert refusal.value.found == (2026, 2025)


def test_an_unfinished_summer_is_passed_over_for_the_last_whole_one():
    begun = pd.date_range("2027-06-01", "2027-07-15")
    days = table(
        record("a", "urban", 33),
        record("b", "hinterland", 30),
        record("a", "urban", 40, begun),
        record("b", "hinterland", 30, begun),
    )
    ratio = heat_island(days)

    assert ratio.value == 3
    assert codes(ratio)["summer_too_short"].severity == "warning"
    assert isnan(heat_island(days, year=2027).value)


def test_no_whole_summer_is_no_value_and_says_why():
    half = SUMMER[:45]
    ratio = heat_island(table(record("a", "urban", 33, half), record("b", "hinterland", 30, half)))

    assert isnan(ratio.value)
    assert "83" in ratio.reason.en
    assert set(codes(ratio)) == {"station_too_short"}


def test_winter_alone_is_no_value():
    winter = pd.date_range("2026-01-01", "2026-03-31")
    ratio = heat_island(
        table(record("a", "urban", 3, winter), record("b", "hinterland", 1, winter))
    )

    assert isnan(ratio.value)
    assert ratio.reason.zh


@pytest.mark.parametrize("share", [0, 1.01, -1, float("nan"), "0.9", True])
def test_refuses_a_share_that_is_none(share):
    with pytest.raises(InputError):
        heat_island(record("a", "urban", 30), least_share=share)


@pytest.mark.parametrize("year", ["2026", 2026.0, True])
def test_refuses_a_year_that_is_no_whole_number(year):
    with pytest.raises(InputError) as refusal:
        heat_island(record("a", "urban", 30), year=year)
    assert refusal.value.found == year


def test_tenths_that_differ_by_two_and_a_half_differ_by_exactly_that():
    # 32.1 - 29.6 as floats of two means is 2.500000000000004
    assert (
        heat_island(table(record("a", "urban", 32.1), record("b", "hinterland", 29.6))).value == 2.5
    )
    rng = np.random.default_rng(5)
    for _ in range(200):
        tenths = rng.integers(150, 400, 92)
        days = table(
            record("a", "urban", (tenths + 25) / 10), record("b", "hinterland", tenths / 10)
        )
        assert heat_island(days).value == 2.5


def test_the_order_of_rows_changes_no_digit():
    rng = np.random.default_rng(6)
    days = table(
        *(record(name, "urban", rng.normal(32, 3, 92)) for name in "abc"),
        *(record(name, "hinterland", rng.normal(30, 3, 92)) for name in "de"),
    )
    values = {heat_island(days.sample(frac=1, random_state=seed)).value for seed in range(20)}

    assert len(values) == 1


@pytest.mark.parametrize(("code", "times"), [(0.0, 10), (-32.768, 40)])
def test_codes_among_the_days_are_told_and_used(code, times):
    coded = np.full(92, 31.5)
    coded[:times] = code
    ratio = heat_island(table(record("a", "urban", 33), record("b", "hinterland", coded)))
    finding = codes(ratio)["far_from_median"]

    assert ratio.value == pytest.approx(33 - (31.5 * (92 - times) + code * times) / 92)
    assert (finding.severity, finding.count, finding.rows[0]) == ("warning", times, "b 2026-06-01")


def test_cold_and_hot_days_of_a_summer_are_no_codes():
    weather = np.full(92, 31.0)
    weather[[3, 50]] = 16.5, 41.5
    ratio = heat_island(table(record("a", "urban", weather), record("b", "hinterland", 30)))

    assert "far_from_median" not in codes(ratio)


@pytest.mark.parametrize(("rural", "told"), [(0.0, True), (23.0, False), (43.1, True)])
def test_what_no_city_is_known_for_is_told(rural, told):
    ratio = heat_island(table(record("a", "urban", 33), record("b", "hinterland", rural)))

    assert ("heat_implausible" in codes(ratio)) is told


def test_a_summer_tells_its_stations():
    (summer,) = summers(table(record("a", "urban", 33), record("b", "hinterland", 30, SUMMER[:50])))

    assert summer.year == 2026
    assert summer.stations["missing"].to_dict() == {"a": 0, "b": 42}
    assert summer.stations["counted"].to_dict() == {"a": True, "b": False}


TEMPERATURES = st.lists(st.floats(-10, 45), min_size=92, max_size=92)


@settings(max_examples=25)
@given(TEMPERATURES, TEMPERATURES, st.floats(-5, 5), st.randoms())
def test_shifting_one_side_shifts_the_island_and_order_does_not(urban, rural, step, random):
    days = table(record("a", "urban", urban), record("b", "hinterland", rural))
    order = list(days.index)
    random.shuffle(order)
    warmer = days.assign(tmax_c=days["tmax_c"] + step * (days["zone"] == "urban"))
    swapped = days.assign(zone=days["zone"].map({"urban": "hinterland", "hinterland": "urban"}))

    value = heat_island(days).value
    assert heat_island(days.loc[order]).value == pytest.approx(value, abs=1e-9)
    assert heat_island(warmer).value == pytest.approx(value + step, abs=1e-9)
    assert heat_island(swapped).value == pytest.approx(-value, abs=1e-9)
