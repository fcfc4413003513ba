"""Outline: every row of the standard stands there, and every figure opens to what is behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from greenspace.model.declared import Chip
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present.blocks import Grid, Note, Picture
from greenspace.present.ledgers import LONG, cell_text
from greenspace.present.outline import outline
from greenspace.present.report import report_html

NASTY = '=1+1 <script>alert("x")</script>\x1b[31m\u202e\uffff'
COLUMNS = (
    Column("name", Text("名称", "name")),
    Column("area_m2", Text("面积", "area"), "m2"),
    Column("share", Text("比例", "share"), "1"),
    Column("kept", Text("保留", "kept"), "yes_no"),
    Column("day", Text("日期", "day"), "date"),
    Column("why", Text("原因", "why")),
)


def ledger(rows=3, key="roads", title="道路名录"):
    frame = pd.DataFrame(
        {
            "name": [NASTY, *(f"road {spot}" for spot in range(1, rows))],
            "area_m2": [12_345.0] * rows,
            "share": [0.25] * (rows - 1) + [None],
            "kept": [True] * rows,
            "day": [date(2026, 9, 30)] * rows,
            "why": [Text("太窄", "too narrow")] * rows,
        }
    )
    return Ledger(key, Text(title, "list of roads"), COLUMNS, frame, Text("说明。", "A note."))


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


def grids(parts):
    return [block for part in parts for block in part.blocks if isinstance(block, Grid)]


def texts(parts):
    return [cell.text for grid in grids(parts) for row in grid.rows for cell in row]


def test_every_row_of_the_standards_is_there_with_its_reason(check, language):
    found = [
        cell
        for grid in grids(outline(check, language))
        for row in grid.rows
        for cell in row[:1]
        if cell.look == "remark-cell"
    ]
    for row in check.verdicts:
        like = [cell for cell in found if cell.text == row.name.of(language)]
        assert like
        if row.reason is not None:
            assert any(row.reason.of(language) in cell.notes for cell in like)


def test_every_figure_opens_to_a_number_of_the_page(check, language):
    html = report_html(check, language)
    links = set(re.findall(r'href="#([^"]+)"', html))
    ids = set(re.findall(r' id="([^"]+)"', html))

    assert links <= ids
    assert {f"number-{spot}" for spot in range(3)} <= links


def test_a_number_opens_to_clause_checksum_and_version(check):
    html = report_html(check, "en")
    behind = html.partition('id="number-0"')[2].partition("</details>")[0]

    assert "建城[2010]125号 表1" in behind
    assert "a" * 64 in behind
    assert "greenspace " in behind
    assert "20.00 ha (200,000.00 m²)" in behind  # the district's numerator


def test_the_table_of_the_rule_has_city_and_districts(check):
    part = next(p for p in outline(check, "zh") if "表 1" in p.title)
    grid = next(block for block in part.blocks if isinstance(block, Grid))

    assert grid.head == (
        "地区",
        "建成区面积",
        "绿地总面积",
        "人均公园绿地",
        "绿地率",
        "绿化覆盖率",
    )
    city, east, west, beyond = ([cell.text for cell in row] for row in grid.rows)
    # 1,000,000 m2 of ground, 193,600 m2 of green, 80,000 m2 of park for 8,000 persons
    assert city == ["建成区", "100.00 公顷", "19.36 公顷", "10.00 m²/人", "19.36%", "35.996%"]
    assert east == ["东城", "50.00 公顷", "10.00 公顷", "—", "20.00%", "40.00%"]
    assert west[1:] == ["0.00 公顷", "0.00 公顷", "—", "—", "32.06%"]
    assert beyond[0] == "各区之外"
    assert any(isinstance(b, Note) and "layers.centre" in b.text for b in part.blocks)


def test_dates_of_the_standard_stand_on_every_verdict_table(check, language):
    for part in outline(check, language):
        blocks = part.blocks
        for spot, block in enumerate(blocks):
            if (
                isinstance(block, Grid)
                and len(block.head) == 6
                and "remark-cell" in {row[0].look for row in block.rows}
            ):
                before = [b.text for b in blocks[:spot] if isinstance(b, Note)]
                assert any("2010-12-01" in text for text in before)


def test_base_tables_stand_in_their_chapter_and_unknown_ones_in_the_last(check, language):
    odd = ledger(key="something_new", title="新表")
    parts = outline(replace(check, ledgers=(ledger(), odd)), language)
    named = {part.title.partition(". ")[2]: part for part in parts}

    assert texts([named["道路绿化" if language == "zh" else "Roads"]])
    assert texts([named["其他基础表" if language == "zh" else "Further base tables"]])


def test_long_tables_are_cut_on_the_page_and_say_where_the_rest_is(check, language):
    held = replace(check, ledgers=(ledger(LONG + 5),))
    html = report_html(held, language)

    assert f"road {LONG - 1}" in html
    assert f"road {LONG}" not in html
    assert str(LONG + 5) in html
    assert "道路名录 list of roads" in html
    assert f"road {LONG}" in texts(outline(held, language))


def test_words_of_base_tables_are_escaped(check):
    html = report_html(replace(check, ledgers=(ledger(),)), "en")

    assert "<script" not in html
    assert not {"\x1b", "\u202e", "\uffff"} & set(html)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "m2", ""),
        (float("nan"), "1", ""),
        (pd.NaT, "date", ""),
        (pd.NA, "", ""),
        (12_345.0, "m2", "1.23 ha"),
        (9_999.0, "m2", "9,999 m²"),
        (900.0, "m2", "900 m²"),
        (48.96, "m2", "49.0 m²"),
        (0.5, "1", "50.00%"),
        (True, "yes_no", "yes"),
        (False, "yes_no", "no"),
        (date(2026, 9, 30), "date", "2026-09-30"),
        (2012, "", "2012"),
        (Text("窄", "narrow"), "", "narrow"),
    ],
)
def test_cells_by_their_unit(value, unit, text):
    assert cell_text(value, unit, "en") == text


def test_many_numbers_of_few_zones_are_rows(check):
    many = replace(check, measured=check.measured[:2] * 6)  # 12 numbers, two zones
    part = next(p for p in outline(many, "zh") if "分区" in p.title)
    (grid,) = (block for block in part.blocks if isinstance(block, Grid))

    assert grid.head[:2] == ("指标", "东城")
    assert grid.head[-2:] == ("各区之外", "全市")
    assert len(grid.rows) == 12
    assert [cell.text for cell in grid.rows[1]] == [
        "建成区绿地率",
        "20.00%",
        "—",
        "—",
        "19.36%",
    ]
    assert grid.rows[0][2].worst == "最低"


def test_chips_stand_beside_the_ledger_that_names_them(check):
    chip = Chip(
        id="declared_1",
        place=0,
        pixels=np.zeros((8, 8, 3), np.uint8),
        rings=(),
        colours=Text("真彩色", "true colour"),
    )
    parts = outline(replace(check, chips=(chip,)), "zh")
    (part,) = (p for p in parts if "申报值" in p.title)

    (picture,) = (block for block in part.blocks if isinstance(block, Picture))
    assert not picture.wide
    assert "declared_1" in picture.title
