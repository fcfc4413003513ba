"""Document: the Word report opens, says what the page says, and is the same bytes again."""

from __future__ import annotations

import re
import time
import zipfile
from dataclasses import replace
from io import BytesIO

import docx
import numpy as np
import pandas as pd
import pytest
from docx.oxml.ns import qn
from PIL import Image

from greenspace.model.declared import Chip
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present.blocks import Grid
from greenspace.present.document import report_docx
from greenspace.present.outline import outline
from greenspace.present.sheets import Sheet

NASTY = '=1+1 <w:p/> & "\x1b[31m\u202e\x00\uffff'


def png():
    page = BytesIO()
    Image.new("RGB", (20, 14), "green").save(page, "PNG")
    return page.getvalue()


MAP = Sheet(name="green_space", title="建成区绿地分布图", png=png(), pdf=b"")


def ledger(rows, title="公园名录"):
    columns = (Column("name", Text("名称", "name")), Column("area", Text("面积", "area"), "m2"))
    frame = pd.DataFrame({"name": [NASTY] * rows, "area": [10_000.0] * rows})
    return Ledger("parks", Text(title, "list of parks"), columns, frame)


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


def opened(check, language, sheets=()):
    return docx.Document(BytesIO(report_docx(check, language, sheets)))


def test_the_chapters_are_headings_and_the_tables_those_of_the_page(check, language):
    parts = outline(check, language)
    word = opened(check, language)
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    grids = [b for part in parts for b in part.blocks if isinstance(b, Grid)]

    assert headings == [part.title for part in parts]
    tables = {tuple(cell.text for cell in table.rows[0].cells) for table in word.tables}
    assert {grid.head for grid in grids} <= tables


def test_every_verdict_stands_in_it(check, language):
    cells = {
        text
        for table in opened(check, language).tables
        for row in table.rows
        for text in row.cells[0].text.split("\n")
    }
    assert {row.name.of(language) for row in check.verdicts} <= cells


def test_heads_of_tables_are_repeated_and_rows_not_cut(check):
    for table in opened(check, "zh").tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_chinese_has_fonts_of_its_own_and_no_theme_overrides_them(check):
    styles = opened(check, "zh").styles
    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体"), ("GridText", "宋体")):
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_maps_are_pictures_with_captions_on_pages_turned(check):
    word = opened(check, "zh", [MAP])

    assert len(word.inline_shapes) == 1
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    assert any(text.endswith("建成区绿地分布图") for text in captions)
    assert any(section.page_width > section.page_height for section in word.sections)


def test_pages_are_numbered_and_the_title_block_is_there(check):
    report = {"prepared_by": "规划科", "map_approval_number": "GS(2026)1", "odd": "x"}
    word = opened(replace(check, city=replace(check.city, report=report)), "zh")
    foot = word.sections[0].footer._element.xml

    assert "PAGE" in foot
    lines = [p.text for p in word.paragraphs]
    assert {"编制：规划科", "审图号：GS(2026)1", "odd：x"} <= set(lines)


def test_words_of_users_are_text_without_control_characters(check):
    held = replace(check, ledgers=(ledger(1, title=NASTY),), city=replace(check.city, name=NASTY))
    data = report_docx(held, "zh")
    word = docx.Document(BytesIO(data))

    shown = '=1+1 <w:p/> & " [31m'
    assert any(shown in cell.text for t in word.tables for r in t.rows for cell in r.cells)
    with zipfile.ZipFile(BytesIO(data)) as parts:
        xml = parts.read("word/document.xml").decode()
    assert not {"\x1b", "\u202e", "\x00", "\uffff"} & set(xml)
    assert "instrText" not in xml
    assert {f.get(qn("w:instr")).split()[0] for f in word.element.iter(qn("w:fldSimple"))} == {
        "SEQ"
    }


def test_the_bytes_are_the_same_again(check, monkeypatch):
    first = report_docx(check, "zh", [MAP])
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)

    assert report_docx(check, "zh", [MAP]) == first
    with zipfile.ZipFile(BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_a_table_of_five_thousand_rows_takes_seconds(check):
    held = replace(check, ledgers=(ledger(5000),))
    begun = time.process_time()
    data = report_docx(held, "zh")
    spent = time.process_time() - begun

    assert len(docx.Document(BytesIO(data)).element.findall(f".//{qn('w:tr')}")) > 5000
    assert spent < 20  # by cells of the library it would be an hour


def test_a_check_with_nothing_in_it(check, language):
    bare = replace(
        check,
        verdicts=(),
        measured=(),
        findings=(),
        inputs=(),
        layers={},
        picture=None,
        crs=None,
        profiles=(),
        city=replace(check.city, date=None, population=None, report={}, images=()),
    )

    assert opened(bare, language).paragraphs


def test_small_pictures_stand_side_by_side_each_over_its_caption(check):
    chips = tuple(
        Chip(
            id=f"declared_{n}",
            place=n,
            pixels=np.full((8, 8, 3), n, np.uint8),
            rings=(),
            colours=Text("真彩色", "true colour"),
        )
        for n in range(5)
    )
    word = opened(replace(check, chips=chips), "zh")
    (table,) = (t for t in word.tables if t.rows[0].cells[0].text.strip().startswith("declared_0"))

    assert len(word.inline_shapes) == 5
    assert (len(table.rows), len(table.columns)) == (2, 3)
    assert "declared_4" in table.rows[1].cells[1].text


def test_a_number_keeps_its_unit_on_its_line(check):
    texts = {
        cell.text
        for table in opened(check, "en").tables
        for row in table.rows
        for cell in row.cells
    }
    assert any("\u00a0ha" in text for text in texts)
    assert not any(re.search(r"\d ha", text) for text in texts)
