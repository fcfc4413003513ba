"""Tables: plain numbers for scripts, escaped words for eyes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib import resources

import pandas as pd
import pytest

from greenspace.model.quantity import Ratio
from greenspace.present.tables import COLUMNS, verdict_frame
from greenspace.present.words import NAMES

FIXED = [
    "standard",
    "indicator",
    "name_zh",
    "name_en",
    "value",
    "unit",
    "threshold",
    "margin",
    "verdict",
    "mark",
    "reason",
]


def test_one_row_a_criterion_with_plain_numbers(check):
    table = check.table

    assert set(FIXED) <= set(table.columns)
    assert len(table) == len(check.verdicts)
    assert table.loc[0, ["value", "threshold"]].tolist() == [0.35996, 0.36]
    assert table.loc[0, "margin"] == 0.35996 - 0.36
    assert table["value"].dtype == table["margin"].dtype == float


def test_what_does_not_exist_is_nan(check):
    empty = replace(check.verdicts[0], ratio=None, threshold=None, margin=None, mark=None)
    row = verdict_frame([empty]).iloc[0]

    assert row[["value", "threshold", "margin"]].isna().all()
    assert (row["mark"], row["reason"], row["place"]) == ("", "", "")


def test_no_rows_are_an_empty_table():
    table = verdict_frame([])

    assert (len(table), tuple(table.columns)) == (0, COLUMNS)


def test_reasons_come_in_both_languages(check):
    row = check.table.iloc[4]

    assert (row["reason"], row["reason_zh"]) == ("Sources disagree.", "来源不一致。")


@pytest.mark.parametrize("pick", ["check", "zones", "ratio"])
def test_html_is_escaped_and_in_both_languages(check, pick):
    shown = {
        "check": check,
        "zones": check.measured[0].zones,
        "ratio": replace(check.measured[0].ratio, place="<b>"),
    }[pick]

    html = shown._repr_html_()

    assert "<script" not in html
    assert "绿化覆盖率" in html
    assert "green coverage" in html


def test_a_share_that_fails_does_not_read_as_the_threshold(check):
    html = check._repr_html_()

    assert "35.996%" in html
    assert "评审将在此终止" in html
    assert "暂定" in html


def test_an_undefined_number_shows_its_reason():
    html = Ratio("green_coverage", 0.0, 0.0, "1", None)._repr_html_()

    assert "—" in html
    assert "The denominator is zero" in html
    assert "nan" not in html.lower()


def test_names_are_those_of_the_definitions():
    folder = resources.files("greenspace") / "definitions" / "indicators"
    for key, name in NAMES.items():
        card = folder / f"{key}.toml"
        if card.is_file():
            told = tomllib.loads(card.read_text(encoding="utf-8"))["name"]
            assert (name.zh, name.en) == (told["zh"], told["en"])


def test_showing_changes_nothing(check):
    before = check.measured[0].zones.to_frame()
    check._repr_html_()
    check.measured[0].zones._repr_html_()

    pd.testing.assert_frame_equal(check.measured[0].zones.to_frame(), before)
