"""Ledger sheets: one a table, numbers with formats, and nothing that a spreadsheet runs."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present.blocks import Facts, Heading
from greenspace.present.ledgers import ledger_blocks
from greenspace.present.sheet_names import FIXED, sheet_names
from greenspace.present.workbook import write_workbook

COLUMNS = (
    Column("name", Text("名称", "name")),
    Column("area", Text("面积", "area"), "m2"),
    Column("share", Text("比例", "share"), "1"),
    Column("count", Text("数量", "count"), "count"),
    Column("open", Text("开放", "open"), "yes_no"),
    Column("day", Text("日期", "day"), "date"),
)


def ledger(title, name="=1+1", key="roads"):
    frame = pd.DataFrame(
        {
            "name": [name, "b"],
            "area": [np.float64(12_345.5), np.nan],
            "share": [0.25, None],
            "count": [np.int64(3), None],
            "open": [np.bool_(True), None],
            "day": [date(2026, 9, 30), pd.NaT],
        }
    )
    return Ledger(key, Text(title, "roads"), COLUMNS, frame, Text("说明", "a note"))


@pytest.fixture
def book(check, tmp_path):
    def write(*ledgers):
        write_workbook(replace(check, ledgers=ledgers), tmp_path / "a.xlsx")
        return openpyxl.load_workbook(tmp_path / "a.xlsx")

    return write


def test_each_ledger_has_a_sheet_with_head_filter_and_numbers(book):
    found = book(ledger("道路"))
    sheet = found["道路 roads"]
    head = int(sheet.freeze_panes[1:]) - 1
    cells = list(sheet[head + 1])

    assert found.sheetnames == [*FIXED, "道路 roads"]
    assert [cell.value for cell in sheet[head]][1] == "面积 area (m²)"
    assert sheet.auto_filter.ref == f"A{head}:F{head + 2}"
    assert [cell.value for cell in cells] == [
        "=1+1",
        12_345.5,
        0.25,
        3,
        "是 yes",
        datetime(2026, 9, 30),  # noqa: DTZ001  - as openpyxl reads a date
    ]
    assert [cell.number_format for cell in cells[1:4]] == ["#,##0.00", "0.00%", "#,##0.##"]
    assert cells[0].data_type == "s"
    assert cells[0].quotePrefix
    assert [cell.value for cell in sheet[head + 2]] == ["b", None, None, None, None, None]


def test_every_sheet_can_be_filtered(book):
    assert all(sheet.auto_filter.ref for sheet in book(ledger("道路")).worksheets)


@pytest.mark.parametrize("title", ["a/b:c*d?[e]\\", "x" * 80, "'quoted'", "", "结论 Verdicts"])
def test_names_of_sheets_are_taken_by_a_spreadsheet(book, title):
    names = book(ledger(title), ledger(title, key="units")).sheetnames

    assert len(set(names)) == len(names) == len(FIXED) + 2
    assert all(0 < len(name) <= 31 for name in names)
    assert not any(set(name) & set("[]:*?/\\") for name in names)


def test_names_that_differ_in_case_alone_are_told_apart():
    assert sheet_names(["Roads", "roads", "ROADS"]) == ["Roads", "roads 2", "ROADS 3"]


def test_the_bytes_are_the_same_again(check, tmp_path):
    for name in "ab":
        write_workbook(replace(check, ledgers=(ledger("道路"),)), tmp_path / name)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a") as parts:
        assert b"2000-01-01T00:00:00Z</dcterms:modified" in parts.read("docProps/core.xml")


def test_a_row_of_a_ledger_of_sheets_has_a_sheet_of_its_own_without_what_is_empty(check):
    columns = (
        Column("name", Text("社区", "community")),
        Column("people", Text("人口", "people"), "person"),
    )
    rows = pd.DataFrame({"name": ["东", "<b>西"], "people": [1200.0, float("nan")]})
    ledger = Ledger("communities", Text("社区表", "communities"), columns, rows, sheets=True)

    blocks = ledger_blocks(check, ledger, "zh", most=None)

    assert [b.text for b in blocks if isinstance(b, Heading)] == [
        "社区表",
        "社区 · 东",
        "社区 · <b>西",
    ]
    assert [b.pairs for b in blocks if isinstance(b, Facts)] == [
        (("人口", "1,200 人", "text"),),
        (),
    ]


def test_a_file_of_the_folder_opens_from_its_name(book):
    column = Column("chip", Text("影像", "picture"), "file")
    frame = pd.DataFrame({"chip": ["chips/declared_01.png", None]})
    sheet = book(Ledger("declared_parks", Text("清单", "list"), (column,), frame))["清单 list"]
    name = "chips/declared_01.png"
    (cell,) = (cell for (cell, *_) in sheet.iter_rows() if cell.value == name)

    assert cell.hyperlink.target == name
