"""Standards: every number of the tables stands in its profile with its mark, and no other does."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from greenspace.model.printed import TIERS, printed
from greenspace.model.yardsticks import (
    ANGST,
    LEAST_CANOPY,
    LEAST_TREES,
    PARK_300,
    SDG_ACCESS,
    WHO_300,
    WHO_300_1_HA,
    living_circle_rules,
)
from greenspace.read.definitions import list_profiles, read_indicators, read_profile
from greenspace.read.roads import read_road_classes

GOLDEN = Path(__file__).parents[1] / "golden"
MARKS = {"V": "verified", "V⁻": "weak", "M": "provisional", "": None}
COMPARE = {
    "==": lambda fact, value: fact == value,
    ">=": lambda fact, value: fact >= value,
    ">": lambda fact, value: fact > value,
    "<=": lambda fact, value: fact <= value,
    "<": lambda fact, value: fact < value,
}
SECTIONS = {  # where a profile's numbers stand, by the heading
    "GB55014-2021": "### GB 55014-2021",
    "WHO-300": "### International",
    "3-30-300": "### International",
    "SDG-11.7.1": "### International",
    "ANGSt-2010": "### International",
    "CN-1993": "### CN-1993",
}
ELSEWHERE = {("CN-1993", "main_road_green_belt_share"): "### 1.9"}
UNITS = {"%": 0.01, "ha": 10_000.0, "km": 1_000.0, "k": 1_000.0, "m": 1.0, "m²": 1.0, "": 1.0}
WORDS = {"old", "expressway", "left_out", "secondary", "branch"}
ROMAN = {"I": 1.0, "II": 2.0, "III": 3.0}
RULES = [WHO_300, WHO_300_1_HA, PARK_300, SDG_ACCESS, *ANGST]
RULES += [circle.reach for circle in living_circle_rules()]


def table(name):
    """A table as printed; a row for every level is written once, with a star."""
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            levels = read_profile(row["profile"]).levels if row["level"] == "*" else [row["level"]]
            yield from ({**row, "level": level} for level in levels)


NUMBERS = list(table("standards_numbers.csv"))
PARAMETERS = list(table("standards_parameters.csv"))


def one(text):
    """What is printed in one cell, in base units: '10 ha' is 100 000."""
    if text in WORDS:
        return text
    if text in ROMAN:
        return ROMAN[text]
    if " of " in text:
        share, whole = text.split(" of ")
        return one(share) * one(whole)
    if " per " in text:
        much, people = text.split(" per ")
        return one(much) / one(people.removesuffix(" people"))
    if "/" in text:
        top, bottom = text.split("/")
        return one(top) / one(bottom)
    number, unit = re.fullmatch(r"([\d. ]+?) ?([^\d. ]*)", text).groups()
    return float(number.replace(" ", "")) * UNITS[unit]


def numbers_of(text):
    """'40 or 41 %' is 0.40 and 0.41."""
    if text == "not known":
        return []
    first, _, second = text.partition(" or ")
    return [one(f"{first} %"), one(second)] if second else [one(first)]


def facts_of(row):
    facts = {"region": row["region"] or None}
    facts["population"] = float(row["population"]) if row["population"] else None
    facts["construction_land_per_head_m2"] = float(row["land"]) if row["land"] else None
    return facts


def criterion_of(row):
    rows = [
        c for c in read_profile(row["profile"]).at(row["level"]) if c.indicator == row["indicator"]
    ]
    assert len(rows) == 1
    return rows[0]


def fits(condition, facts):
    fact = facts[condition.fact]
    return fact is not None and COMPARE[condition.operator](fact, condition.value)


def name_of(row):
    item = row.get("parameter", row["printed"])
    return f"{row['profile']}:{row['level']}-{row['indicator']}-{item}"


@pytest.mark.parametrize("row", NUMBERS, ids=name_of)
def test_a_printed_number_stands_in_its_profile_with_its_mark(row):
    criterion = criterion_of(row)
    threshold = next(t for t in criterion.thresholds if all(fits(c, facts_of(row)) for c in t.when))

    assert threshold.values == pytest.approx(numbers_of(row["printed"]), rel=1e-15)
    assert threshold.mark == MARKS[row["mark"]]
    assert threshold.source.address == row["address"]
    assert criterion.operator == row["operator"]


def test_the_profiles_hold_no_number_that_the_tables_do_not_print():
    held = [
        (p.id, c.level, c.indicator, t.when)
        for p in list_profiles()
        for c in p.criteria
        for t in c.thresholds
    ]
    in_tables = [
        (row["profile"], row["level"], row["indicator"], t.when)
        for row in NUMBERS
        for t in criterion_of(row).thresholds
        if all(fits(c, facts_of(row)) for c in t.when)
    ]

    assert len(held) == len(set(held))
    assert sorted(map(str, held)) == sorted(map(str, in_tables))


@pytest.mark.parametrize("row", PARAMETERS, ids=name_of)
def test_a_printed_parameter_or_tier_stands_in_its_profile_with_its_mark(row):
    lines = printed(read_profile(row["profile"]), read_indicators(), row["level"])
    (line,) = (x for x in lines if x.indicator == row["indicator"] and x.item == row["parameter"])
    parts = row["printed"].split("; ")
    if line.item == TIERS:
        parts = [tuple(one(half) for half in part.split(": ")) for part in parts]
        assert line.said == tuple(parts)
    elif isinstance(line.said[0], str):
        assert line.said == tuple(one(part) for part in parts)
    else:
        assert line.said == pytest.approx([one(part) for part in parts], rel=1e-15)
    assert line.mark == MARKS[row["mark"]]
    assert line.source.address == row["address"]


def test_the_profiles_hold_no_parameter_or_tier_that_the_tables_do_not_print():
    held = [
        (profile.id, line.level, line.indicator, line.item)
        for profile in list_profiles()
        for line in printed(profile, read_indicators())
        if line.item != "threshold"
    ]
    in_tables = [(r["profile"], r["level"], r["indicator"], r["parameter"]) for r in PARAMETERS]

    assert sorted(held) == sorted(in_tables)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.indicator)
def test_the_rules_that_are_measured_hold_the_numbers_of_the_profiles(rule):
    found = {}
    for profile in list_profiles():
        for row in profile.criteria:
            if row.indicator == rule.indicator:
                found |= {item.name: item.value for item in row.parameters}

    assert found["within_m"] == rule.within_m
    assert found.get("area_min_m2", 0.0) == rule.least_m2
    assert found.get("width_min_m", 0.0) == rule.least_width_m


@pytest.mark.parametrize(
    ("edition", "width_m", "asked"),
    [
        ("old", 50.01, 0.30), ("old", 50.0, 0.25), ("old", 40.0, 0.25), ("old", 39.99, 0.20),
        ("2023", 45.01, 0.25), ("2023", 45.0, 0.20), ("2023", 30.0, 0.15),
    ],
)  # fmt: skip
def test_the_widths_of_roads_ask_for_what_the_page_prints(edition, width_m, asked):
    tables = read_road_classes().widths
    named = [c for c in read_profile("CN-2016").criteria if c.indicator == "road_green_compliance"]

    assert tables[edition].asked([width_m]).tolist() == [asked]
    assert (tables["old"].landscape, tables["2023"].landscape) == (0.40, None)
    assert {row.parameters[0].value for row in named} <= set(tables)


def test_three_trees_and_thirty_percent_are_those_that_are_measured():
    rows = {row.indicator: row for row in read_profile("3-30-300").criteria}

    assert rows["three_trees_in_view"].parameters[0].value == LEAST_TREES
    assert rows["thirty_percent_canopy"].parameters[0].value == LEAST_CANOPY


def test_the_plans_are_never_promoted():
    for name in ("TUMEN", "LU-AN"):
        marks = {line.mark for line in printed(read_profile(name), read_indicators())}
        assert marks == {"provisional"}
    noted = [t.note for c in read_profile("TUMEN").criteria for t in c.thresholds]
    assert all(note is not None and "not read" in note.en for note in noted)
    steps = [c for c in read_profile("TUMEN").at("step-0") if "Baseline" in c.thresholds[0].note.en]
    assert len(steps) == len(read_profile("TUMEN").at("step-0")) == 3


def section(text, heading):
    """The part of a page below a heading, up to the next one."""
    start = text.index(heading)
    end = re.search(r"\n##", text[start + 3 :])
    return text[start:] if end is None else text[start : start + 3 + end.start()]


def digits_of(printed_text):
    """The numbers as somebody would search them: 7.50 and 7.5 are one, and so are 1 000 and 1000."""
    joined = re.sub(r"(?<=\d)[   ](?=\d{3}(?!\d))", "", printed_text)
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", joined)}


@pytest.mark.real_data
@pytest.mark.parametrize(
    "row",
    [row for row in [*NUMBERS, *PARAMETERS] if row["profile"] not in {"TUMEN", "LU-AN"}],
    ids=name_of,
)
def test_the_page_prints_the_number_in_its_section(row, real_data):
    page = real_data.parent / "standards.md"
    if not page.is_file():
        pytest.skip("the page of standards is not beside the real cities")
    if row["printed"] == "not known" or row["printed"].split("; ")[0] in WORDS:
        return
    wanted = row.get("section") or ""
    heading = ELSEWHERE.get((row["profile"], row["indicator"])) or SECTIONS.get(row["profile"])
    if wanted[:1].isdigit():
        heading = f"### {wanted}" if "." in wanted else f"## {wanted}."
    found = digits_of(section(page.read_text(encoding="utf-8"), heading or f"### {row['profile']}"))

    assert digits_of(row["printed"]) <= found
