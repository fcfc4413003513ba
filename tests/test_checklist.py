"""Checklist: a day only where a source prints one, in the years that follow the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace

import pytest

from greenspace.checklist import gauge_checklist
from greenspace.model.layers import LAYERS
from greenspace.read.application import read_application
from greenspace.read.definitions import list_profiles, read_addresses


@dataclass
class Town:
    date: date | None = None
    layers: dict = field(default_factory=dict)
    images: tuple = ()


def table(standard, town):
    scope = SimpleNamespace(city=town, profile=SimpleNamespace(id=standard))
    (ledger,) = gauge_checklist(scope).ledgers
    return ledger.rows.set_axis([text.en for text in ledger.rows["step"]]), ledger.note


@pytest.mark.parametrize(
    ("today", "application"),
    [
        (date(2026, 6, 30), 2026),  # an even year, its 30 September to come
        (date(2026, 9, 30), 2026),  # the day itself
        (date(2026, 10, 1), 2028),  # a day late: the next even year
        (date(2027, 1, 1), 2028),
    ],
)
def test_the_days_of_2010_are_those_of_the_next_cycle(today, application):
    rows, note = table("CN-2010", Town(today))

    assert rows.loc["application", "due"] == date(application, 9, 30)
    assert rows.loc["base data of the remote-sensing test", "due"] == date(application, 9, 30)
    assert rows.loc["technical report and other material", "due"] == date(application + 1, 3, 31)
    assert rows.loc["remote-sensing test", "due"] is None
    assert str(application + 1) in note.en


def test_without_a_date_the_rule_stands_and_no_day():
    rows, _ = table("CN-2010", Town())

    assert rows["due"].isna().all()
    assert "09-30" in rows.loc["application", "rule"].en


@pytest.mark.parametrize("standard", ["CN-2022", "CN-2005", "CN-1993"])
def test_editions_without_printed_days_have_none(standard):
    rows, note = table(standard, Town(date(2026, 6, 30)))

    assert rows["due"].isna().all()
    assert "No source" in note.en
    assert "provincial title" not in rows.index


def test_the_edition_of_2016_has_years_and_no_days():
    rows, note = table("CN-2016", Town(date(2027, 6, 30)))

    assert rows["due"].isna().all()
    assert "application in 2028" in note.en


def test_what_is_missing_of_the_base_data_is_named():
    needed = next(s for s in read_application().steps if s.id == "base_data").needs
    there = {name: None for name in needed if name not in {"image", "parks"}}
    some, _ = table("CN-2010", Town(layers=there))
    whole, _ = table("CN-2010", Town(layers=dict.fromkeys(needed), images=(1,)))

    name = "base data of the remote-sensing test"
    assert some.loc[name, "state"].en == "the manifest lacks: image, parks"
    assert whole.loc[name, "state"].en == "all of it is in the manifest"


def test_the_file_names_standards_layers_and_addresses_that_exist():
    known = read_application()
    ids = {profile.id for profile in list_profiles()}
    dues = [due for step in known.steps for due in step.dues]
    named = {name for item in (*known.cycles, *known.steps, *dues) for name in item.standards}

    assert named <= ids | {"CN-2016"}
    assert {name for step in known.steps for name in step.needs} <= {*LAYERS, "image"}
    cited = [item.source for item in (*known.cycles, *known.steps, *dues) if item.source]
    assert {source.address.strip("[]") for source in cited} <= set(read_addresses())
    assert all(item.mark for item in (*known.cycles, *known.steps) if item.source)
