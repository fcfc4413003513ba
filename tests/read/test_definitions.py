"""Definitions: every number of the tables with its mark, and the class codes."""

from __future__ import annotations

import re

import pytest

from greenspace.errors import DefinitionError
from greenspace.read.definitions import (
    list_profiles,
    read_addresses,
    read_classes,
    read_indicators,
    read_profile,
    split_standard,
)


@pytest.mark.parametrize("profile", list_profiles(), ids=lambda p: p.id)
def test_every_row_names_a_known_indicator_and_every_address_is_on_the_list(profile):
    cards, addresses = read_indicators(), read_addresses()
    for row in profile.criteria:
        card = cards[row.indicator]
        citations = [t.source for t in row.thresholds]
        citations += [] if row.tiers_source is None else [row.tiers_source]
        for value in (v for t in row.thresholds for v in t.values):
            assert card.unit != "1" or 0 <= value <= 1
        for source in citations:
            assert source.document
            assert all(number in addresses for number in re.findall(r"\[(\w+)\]", source.address))
    assert (profile.in_force_from and profile.superseded_by) or profile.dates_note


YARDSTICKS = (  # measured, and judged by profiles of one's own
    "angst_",
    "corridor_greening",
    "garden_",
    "living_circle_",
    "network_service_coverage",
    "park_within_300_m",
    "plantable_greened_share",
    "residents_served",
    "returned_farmland_area",
    "riverbank_greening",
    "sdg_11_7_1",
    "thirty_percent_canopy",
    "three_",
    "vertical_greening_area",
    "who_300",
)


def test_every_card_is_supplied_or_used_by_a_row_or_a_yardstick():
    used = {row.indicator for profile in list_profiles() for row in profile.criteria}
    others = set(read_indicators()) - used

    assert used <= set(read_indicators())
    others -= {card.id for card in read_indicators().values() if card.basis == "supplied"}
    assert [card for card in sorted(others) if not card.startswith(YARDSTICKS)] == []
    for card in read_indicators().values():
        assert card.name.zh
        assert card.name.en
        assert all(number[1:-1] in read_addresses() for number in card.references)


@pytest.mark.parametrize(
    ("standard", "tiers", "mark"),
    [
        ("CN-2005", ((1000.0, 500.0),), "verified"),
        ("CN-2010", ((5000.0, 500.0), (2000.0, 300.0)), "provisional"),
        ("CN-2010:higher", ((5000.0, 500.0), (2000.0, 300.0)), "provisional"),
        ("CN-2016", ((5000.0, 500.0), (2000.0, 300.0)), "provisional"),
        ("CN-2016:eco", ((5000.0, 500.0), (2000.0, 300.0)), "provisional"),
        ("CN-2022", ((5000.0, 500.0), (400.0, 300.0)), "provisional"),
        ("CN-2022:eco", ((5000.0, 500.0), (400.0, 300.0)), "provisional"),
        ("GB55014-2021", None, None),
    ],
)
def test_each_edition_prescribes_its_own_park_sizes_and_radii(standard, tiers, mark):
    name, level = split_standard(standard)
    rows = [c for c in read_profile(name).at(level) if c.indicator == "service_coverage"]

    assert [(row.tiers, row.tiers_mark) for row in rows] == [(tiers, mark)]


TITLES = {"CN-2000", "CN-2004-eco", "CN-2005", "CN-2010", "CN-2016", "CN-2022"}


def test_the_three_gate_items_stand_in_every_title_and_nowhere_else():
    gates = {"green_coverage", "green_space_ratio", "park_area_per_capita"}
    for profile in list_profiles():
        expected = gates if profile.id in TITLES else set()
        for level in profile.levels:
            assert {row.indicator for row in profile.at(level) if row.gate} == expected


def test_dates_are_only_those_that_were_printed():
    dated = {p.id: (p.in_force_from, p.superseded_by) for p in list_profiles() if p.in_force_from}

    assert {key: (str(day), later) for key, (day, later) in dated.items()} == {
        "CN-2010": ("2010-12-01", "CN-2016"),
        "GB55014-2021": ("2022-01-01", None),
    }


def test_a_standard_splits_into_profile_and_level(tmp_path):
    assert split_standard("CN-2016") == ("CN-2016", "garden")
    assert split_standard("CN-2022:eco") == ("CN-2022", "eco")
    own = tmp_path / "office.toml"
    text = 'extends = "CN-2022"\n[[criterion]]\nindicator = "green_coverage"\nlevel = "garden"\n'
    own.write_text(
        text + 'value = 0.42\nsource = { document = "文号", page = 1 }\n', encoding="utf-8"
    )
    assert split_standard(f"{own}:eco") == (str(own), "eco")
    assert split_standard(str(own)) == (str(own), "garden")


def test_an_unknown_standard_or_level_is_told_the_nearest():
    with pytest.raises(DefinitionError, match="CN-2010") as refused:
        read_profile("CN-2011")
    assert "CN-2010" in refused.value.expected
    with pytest.raises(DefinitionError, match="higher") as refused:
        split_standard("CN-2010:highest")
    assert refused.value.found == "highest"
    with pytest.raises(DefinitionError, match="2002, 2017"):
        read_classes("2012")


@pytest.mark.parametrize(
    ("edition", "code", "role"),
    [
        ("2002", "G1", "park"), ("2002", "G111", "park"), ("2002", "G15", "park"),
        ("2002", "G2", "green"), ("2002", "G3", "green"), ("2002", "G46", "green"),
        ("2002", "G5", "other"), ("2002", "EG1", None), ("2002", "R", None),
        ("2017", "G1", "park"), ("2017", "g139", "park"), ("2017", " G14 ", "park"),
        ("2017", "G2", "green"), ("2017", "G3", "green"), ("2017", "RG", "green"),
        ("2017", "RG1", "green"), ("2017", "XG", "green"), ("2017", "SG", "green"),
        ("2017", "EG1", "other"), ("2017", "EG14", "other"), ("2017", "EG3", "other"),
        ("2017", "EG4", "none"), ("2017", "G5", None), ("2017", "G4", None), ("2017", "G", None),
    ],
)  # fmt: skip
def test_a_code_means_what_its_edition_says(edition, code, role):
    assert read_classes(edition).role(code) == role


def test_a_code_is_known_only_where_it_is_listed_and_told_the_nearest():
    table = read_classes("2017")

    assert table.known("g139")
    assert not table.known("G138")
    assert table.nearest("G138") == "G13"
    assert table.nearest("E4") == "EG4"
    assert table.nearest("道路") is None


def test_the_marks_of_class_codes_are_those_of_the_tables():
    verified = {
        code for code, entry in read_classes("2017").entries.items() if entry.mark == "verified"
    }
    unsure = {
        code for code, entry in read_classes("2002").entries.items() if entry.mark != "verified"
    }

    assert verified == {"G139"}
    assert unsure == {"G122", "G131", *(f"G4{n}" for n in range(1, 9))}


@pytest.mark.parametrize("edition", ["2002", "2017"])
def test_every_major_class_has_a_colour(edition):
    table = read_classes(edition)
    assert set(table.colours) <= set(table.entries)
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in table.colours.values())


@pytest.mark.parametrize("standard", ["CN-2000", "CN-1993"])
def test_a_profile_without_a_default_asks_for_the_level(standard):
    with pytest.raises(DefinitionError) as caught:
        split_standard(standard)
    assert f"{standard}:{caught.value.expected[0]}" in caught.value.remedy.en
    assert split_standard(f"{standard}:{caught.value.expected[0]}")[0] == standard
