"""Workbook: real numbers, and text that no spreadsheet runs."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present.workbook import write_workbook


@pytest.fixture
def book(check, tmp_path):
    def write(changed=check):
        write_workbook(changed, tmp_path / "a.xlsx")
        return openpyxl.load_workbook(tmp_path / "a.xlsx")

    return write


def rows(sheet, head):
    """Return the table below the head row as dicts, cells kept."""
    found = list(sheet.iter_rows())
    start = next(i for i, row in enumerate(found) if any(c.value == head for c in row))
    names = [cell.value for cell in found[start]]
    return [dict(zip(names, row, strict=True)) for row in found[start + 1 :]]


def test_five_sheets_with_frozen_heads(book):
    sheets = book().worksheets

    assert [sheet.title.split()[0] for sheet in sheets] == ["结论", "指标", "分区", "发现", "输入"]
    for sheet in sheets:
        row = int(sheet.freeze_panes[1:]) - 1
        assert sheet.cell(row, 1).font.bold


def test_the_sheet_of_verdicts_says_since_when_each_standard_holds(check, book):
    own, law = check.profiles
    own = replace(own, in_force_from=date(2010, 12, 1), superseded_by="CN-2016")
    sheet = book(replace(check, profiles=(own, law)))["结论 Verdicts"]
    above = [str(row[0].value) for row in sheet.iter_rows(max_row=10)]

    assert any("in force from 2010-12-01; superseded by CN-2016" in text for text in above)
    assert any(text.startswith("GB55014-2021: ") for text in above)


def test_numbers_are_numbers_with_formats(book):
    table = rows(book()["结论 Verdicts"], "实测值 Value")
    value, bar = table[0]["实测值 Value"], table[0]["标准值 Threshold"]

    assert (value.value, bar.value) == (0.35996, 0.36)
    assert value.number_format == "0.000%"  # 36.00 % would stand on the wrong side
    assert table[1]["实测值 Value"].number_format == "0.00%"
    assert table[4]["标准值 Threshold"].value is None


def test_halves_and_bounds(book):
    table = rows(book()["指标 Indicators"], "分子 Numerator")

    assert table[0]["分子 Numerator"].value == 359_960
    assert table[0]["下限 Low"].value == pytest.approx(359_960 / 1_001_000)
    assert table[1]["影像未见 unseen"].value is None


def test_the_lowest_district_is_marked(book):
    table = rows(book()["分区 Districts"], "区 Zone")
    marked = [row["实测值 Value"].value for row in table if row["最低 lowest"].value]

    assert marked == [pytest.approx(159_960 / 499_000), pytest.approx(0.2)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "#N/A", "=cmd|'/c calc'!A0"])
def test_text_is_never_a_formula(book, check, start, tmp_path):
    evil = Finding(code="x", text=Text(f"{start}1+1", f"{start}1+1"))

    sheet = book(replace(check, findings=(evil,)))["发现 Findings"]

    cell = rows(sheet, "内容 What was noticed")[0]["内容 What was noticed"]
    assert cell.data_type == "s"
    assert cell.quotePrefix or not cell.value.startswith(("=", "+", "-", "@"))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_characters_that_xml_forbids_become_spaces(book, check):
    evil = Finding(code="x", text=Text("a\x00b\x08c", "a\x00b\x08c"), rows=("\x0b",))

    sheet = book(replace(check, findings=(evil,)))["发现 Findings"]

    assert rows(sheet, "内容 What was noticed")[0]["内容 What was noticed"].value == "a b c"


def test_provisional_numbers_have_a_banner_on_every_sheet(book):
    assert all("暂定" in sheet["A1"].value for sheet in book().worksheets)
