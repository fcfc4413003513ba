"""Outline: every row of the standard stands there, and every figure opens to what is behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from greenspace.model.check import Measured
from greenspace.model.city import Provenance
from greenspace.model.declared import Chip
from greenspace.model.definition import Criterion
from greenspace.model.ledger import Column, Ledger
from greenspace.model.quantity import Ratio, RatioTable
from greenspace.model.words import Text
from greenspace.present.blocks import Grid, Note, Picture
from greenspace.present.districts import worst
from greenspace.present.ledgers import LONG, cell_text
from greenspace.present.outline import outline
from greenspace.present.report import report_html
from greenspace.present.rows import overall_sentence, sections

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
    assert picture.title == "declared_1 · 真彩色"


def test_a_chip_is_named_by_the_row_that_it_shows(check):
    columns = tuple(
        Column(key, Text(key, key), unit)
        for key, unit in (("name", ""), ("row", ""), ("kind", ""), ("area_m2", "m2"))
    )
    rows = pd.DataFrame(
        {
            "name": ["东园"],
            "row": ["3"],
            "kind": [Text("大半不绿", "mostly bare")],
            "area_m2": [1234.0],
        }
    )
    pictured = Ledger("declared_parks", Text("清单", "list"), columns, rows)
    chip = Chip(
        id="declared_01",
        place=0,
        pixels=np.zeros((8, 8, 3), np.uint8),
        rings=(),
        colours=Text("真彩色", "true colour"),
    )
    parts = outline(replace(check, ledgers=(pictured,), chips=(chip,)), "zh")
    titles = [b.title for part in parts for b in part.blocks if isinstance(b, Picture)]

    assert titles == ["declared_01 · 东园 · 大半不绿 · 1,234 m² · 真彩色"]


def test_a_measured_number_without_a_row_stands_in_its_chapter(check, language):
    heat = Measured(ratio=Ratio("heat_island", 3.0, 2.0, "degC", None))
    parts = outline(replace(check, measured=(*check.measured, heat)), language)
    (part,) = (
        p for p in parts if p.title.endswith({"zh": "热岛效应", "en": "Heat island"}[language])
    )

    (grid,) = (block for block in part.blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.rows[0]][1] == "1.50 °C"
    assert grid.rows[0][1].opens == f"number-{len(check.measured)}"


def test_supplied_figures_without_a_row_are_listed_and_each_opens_to_who_says_so(check, language):
    card = check.indicators["sewage_treatment"]
    indicators = {**check.indicators, "transit_share": replace(card, id="transit_share")}
    told = Provenance(source="统计年鉴", date=date(2025, 12, 31))
    city = replace(
        check.city,
        supplied={"sewage_treatment": 0.9, "transit_share": 0.2},
        provenance={"transit_share": told},
    )
    held = replace(check, city=city, indicators=indicators)
    title = {"zh": "城市填报项目", "en": "Items that the city supplied"}[language]
    (part,) = (p for p in outline(held, language) if p.title.endswith(title))
    judged, unasked = (block for block in part.blocks if isinstance(block, Grid))

    assert judged.rows[0][1].opens == "supplied-sewage_treatment"
    assert [row[1].opens for row in unasked.rows] == ["supplied-transit_share"]
    assert "统计年鉴, 2025-12-31" in unasked.rows[0][2].text
    html = report_html(held, language)
    assert 'id="supplied-transit_share"' in html
    assert "建城[2010]125号" in html.partition('id="supplied-sewage_treatment"')[2][:900]
    none = {"zh": "不属于本次所用标准的任何一行", "en": "not a row of the standards used here"}
    assert none[language] in html.partition('id="supplied-transit_share"')[2]


def test_every_figure_of_places_opens_to_the_number_whose_halves_stand_there(check):
    found = outline(check, "zh")
    (table,) = (p for p in found if p.title.endswith("绿地三项指标"))
    (grid,) = (block for block in table.blocks if isinstance(block, Grid))
    figures = [cell for row in grid.rows for cell in row[3:] if cell.text != "—"]
    assert all(cell.opens.startswith("number-") for cell in figures)
    (zones,) = (p for p in found if p.title.endswith("分区结果"))
    rows = [row for b in zones.blocks if isinstance(b, Grid) for row in b.rows]
    assert all(cell.opens for row in rows for cell in row[1:] if cell.text != "—")


def test_the_city_may_count_more_than_its_districts_and_the_report_says_why(check):
    # the districts of the sample count 10 ha, the city 19.36 ha
    text = "\n".join(b.text for p in outline(check, "en") for b in p.blocks if isinstance(b, Note))
    assert "9.36 ha more green than its districts" in text


def test_rows_that_fail_and_do_not_decide_are_counted_and_say_why(check):
    first, *others = check.verdicts
    row = Criterion(
        indicator=first.indicator,
        level="basic",
        operator=">=",
        thresholds=(),
        mandatory=False,
        note=Text("仅作参考。", "For reference."),
    )
    profile = replace(check.profiles[0], criteria=(row,))
    held = replace(
        check,
        verdicts=(replace(first, mandatory=False), *others),
        profiles=(profile, *check.profiles[1:]),
    )
    assert overall_sentence(held, "en").endswith("rows not met that do not decide: 1")
    assert "do not decide" not in overall_sentence(check, "en")
    (shown, *_) = sections(held, "zh")[0].rows
    assert any("不参与总评" in note and "仅作参考。" in note for note in shown.notes)


def test_a_reading_that_is_not_judged_stands_in_the_row_with_what_it_would_mean(check):
    # coverage 35.996 % is judged; 35 % from polygons would fail 36 % too
    (gate, *_) = sections(check, "en")
    assert any("from polygons 35.00% (would not be met)" in note for note in gate.rows[0].notes)


def test_levels_of_the_same_number_are_not_repeated_and_like_zones_are_not_marked(check):
    first, *others = check.verdicts
    same = replace(first, other_levels=(("higher", first.threshold),))
    assert not sections(replace(check, verdicts=(same, *others)), "zh")[0].rows[0].levels
    coverage = check.measured[0]
    even = RatioTable(
        "green_coverage", check.layers["districts"], [1.0, 1.0], [2.0, 2.0], "1", check.crs
    )
    assert worst(check, coverage) is not None
    assert worst(check, replace(coverage, zones=even)) is None
