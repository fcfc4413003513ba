"""What a city states of itself, by hand and by refusal: unit, range, class and where it is from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import ManifestError
from greenspace.model.city import Provenance
from greenspace.read.amounts import class_of, limits_of, read_amounts, share_of, step_of
from greenspace.read.city import read_city
from greenspace.read.definitions import read_indicators
from greenspace.read.manifest import read_manifest

CARDS = read_indicators()


def parse(folder, table):
    path = folder / "city.toml"
    path.write_text(f'[city]\nname = "清河"\n[supplied]\n{table}\n', encoding="utf-8")
    return read_manifest(path, CARDS).supplied


def refuse(folder, table):
    with pytest.raises(ManifestError) as refusal:
        parse(folder, table)
    error = refusal.value
    assert table.partition(" ")[0] in error.problem.en
    return error


@pytest.mark.parametrize(
    ("line", "found", "least", "most"),
    [
        ("public_toilets_per_10k = -1", -1, "0", "100"),
        ("public_toilets_per_10k = 400", 400, "0", "100"),
        ("road_area_per_capita = 9000", 9000, "0", "200"),
        ("clean_air_days = 367", 367, "0", "366"),
        ("air_quality_class = 7", 7, "1", "6"),
        ("surface_water_class = 0", 0, "1", "6"),
        ('surface_water_class = "VII"', "VII", "1", "6"),
        ("surface_water_class = 2.5", 2.5, "1", "6"),
        ('surface_water_class = "good"', "good", "1", "6"),
        ("surface_water_class = true", True, "1", "6"),
        ("star_rated_parks = -3", -3, "0", "0"),
    ],
)
def test_a_number_out_of_its_range_is_refused_with_key_found_and_range(
    tmp_path, line, found, least, most
):
    error = refuse(tmp_path, line)

    assert error.found == found
    assert least in error.expected
    assert most in error.expected


def test_a_bare_percentage_is_refused_with_the_two_ways_to_write_it(tmp_path):
    error = refuse(tmp_path, "gas_supply = 80")

    assert error.found == 80
    for words in (error.remedy.zh, error.remedy.en):
        assert 'gas_supply = "80%"' in words
        assert "gas_supply = 0.8" in words


@pytest.mark.parametrize("line", ["gas_supply = 1.2e3", 'gas_supply = "101%"', "gas_supply = -0.1"])
def test_a_share_outside_of_0_to_1_is_refused(tmp_path, line):
    assert "gas_supply" in refuse(tmp_path, line).problem.zh


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ('"I"', 1),
        ('"II"', 2),
        ('"Ⅱ"', 2),
        ('"2级"', 2),
        ('"\uff12 级"', 2),
        ('"二级"', 2),
        ('"III类"', 3),
        ('"iii类"', 3),
        ('"劣Ⅴ类"', 6),
        ("3", 3),
        ("3.0", 3),
    ],
)
def test_a_class_is_read_however_it_is_written(tmp_path, written, number):
    assert (
        parse(tmp_path, f"surface_water_class = {written}")["surface_water_class"].value == number
    )
    assert parse(tmp_path, f"air_quality_class = {written}")["air_quality_class"].value == number


def test_a_class_word_is_no_number_of_an_indicator_without_classes(tmp_path):
    assert refuse(tmp_path, 'star_rated_parks = "II"').found == "II"


def test_a_supplied_number_may_say_where_it_is_from(tmp_path):
    path = tmp_path / "city.toml"
    path.write_text(
        '[city]\nname = "清河"\n[supplied]\nlamps_lit = 0.98\n'
        'sewage_network = { value = "90%", source = "统计年鉴 2025", date = 2026-01-10 }\n',
        encoding="utf-8",
    )
    city = read_city(path)

    assert city.supplied == {"lamps_lit": 0.98, "sewage_network": 0.9}
    assert city.provenance == {
        "sewage_network": Provenance(source="统计年鉴 2025", date=dt.date(2026, 1, 10))
    }
    assert str(city.provenance["sewage_network"]) == "统计年鉴 2025, 2026-01-10"


@pytest.mark.parametrize(
    "line",
    [
        'lamps_lit = { value = "98%", sourc = "年鉴" }',
        'lamps_lit = { source = "年鉴" }',
        "lamps_lit = { value = 98 }",
        'lamps_lit = { value = "98%", source = 7 }',
        'lamps_lit = { value = "98%", date = "yesterday" }',
        'lamp_lit = { value = "98%" }',
    ],
)
def test_a_slip_in_such_a_table_is_refused(tmp_path, line):
    with pytest.raises(ManifestError) as refusal:
        parse(tmp_path, line)
    assert "supplied.lamp" in refusal.value.problem.en


@given(st.floats(allow_nan=True) | st.text() | st.booleans() | st.integers())
def test_only_a_number_within_its_range_is_ever_an_amount(value):
    for read, least, most in ((share_of, 0, 1), (class_of, -1e308, 1e308)):
        number = read(value)
        assert number is None or (isinstance(number, float) and least <= number <= most)


def test_every_range_of_a_card_holds_something_and_a_share_stays_within_0_to_1():
    for card in CARDS.values():
        least, most = limits_of(card)
        assert least < most
        if card.unit == "1":
            assert (least, most) == (0, 1)
        if card.classes:
            assert (card.least, card.most) == (1, 6)


@given(st.decimals(0, 100, places=4))
def test_a_percentage_is_the_very_number_that_its_digits_are_as_a_share(percent):
    assert share_of(f"{percent}%") == float(Decimal(percent).scaleb(-2))


def test_a_percentage_meets_the_share_that_it_is():
    assert share_of("43.2%") == 0.432
    assert share_of("41.95%") == 0.4195


@pytest.mark.parametrize(
    ("written", "step"),
    [
        (0, 0.01), (1, 0.01), (1.0, 0.01), (0.4, 0.01), (0.42, 0.01), (0.414, 0.001),
        (np.float64(0.4), 0.01), (np.float64(0.414), 0.001), ("40%", 0.01), ("40.0%", 0.001),
        ("4e1%", 0.01),
    ],
)  # fmt: skip
def test_a_share_never_stands_for_more_than_a_whole_percent(written, step):
    assert step_of(written, CARDS["green_coverage"]) == step


@pytest.mark.parametrize(
    ("written", "step"),
    [(12, 1.0), (11.4, 0.1), ("11.40", 0.01), (np.float64(11.4), 0.1), (1e300, 1.0)],
)
def test_a_plain_number_has_the_digits_it_is_written_with_and_text_keeps_them(written, step):
    assert step_of(written, CARDS["park_area_per_capita"]) == step


def test_a_class_has_no_digits():
    assert step_of(3, CARDS["surface_water_class"]) == 0
    assert step_of("III类", CARDS["surface_water_class"]) == 0


@pytest.mark.parametrize(
    "value",
    [10**400, 10**5000, -(10**400), "1e400", -900, 1e9, "warm"],
    ids=["long", "longer", "minus", "text", "cold", "hot", "word"],
)
def test_a_number_beyond_all_reason_is_refused(value):
    with pytest.raises(ManifestError) as refusal:
        read_amounts({"heat_island": value}, "supplied", CARDS, Path("city.toml"))
    assert "-10" in refusal.value.expected
    assert "15" in refusal.value.expected


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_whole_number_of_hundreds_of_digits_is_refused(tmp_path, digits):
    path = tmp_path / "city.toml"
    path.write_text(f'[city]\nname = "a"\n[declared]\ngreen_coverage = 1{"0" * digits}\n')
    with pytest.raises(ManifestError):
        read_manifest(path, CARDS)
