"""Control points as files: real numbers, repeated heads, no formulas, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import time

import docx
import openpyxl
import pytest
import shapely

from greenspace.errors import InputError
from greenspace.line_points import control_points
from tests.delimit.test_control_points import ELL, lines

DATE = dt.date(2026, 6, 30)
SUFFIXES = [".csv", ".xlsx", ".docx"]


@pytest.fixture
def numbered():
    return control_points(lines(ELL, shapely.box(200, 0, 300, 100)), zone_prefix=True)


def test_the_csv_says_what_it_holds_and_has_three_decimals(numbered, tmp_path):
    path = numbered.write(tmp_path / "points.csv", city="清河", date=DATE)
    content = path.read_bytes()
    rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]

    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[1][:2] == ["城市", "清河"]
    assert rows[2][:2] == ["坐标系", "CGCS2000 / 3-degree Gauss-Kruger zone 38 (EPSG:4526)"]
    assert rows[3][1] == "3 度带第 38 带，中央子午线 114°，Y 含带号 38"
    assert (rows[5][1], rows[6][1], rows[7][1]) == ("2026-06-30", "2", "12")
    assert rows[9][3:7] == ["点号", "X（北）", "Y（东）", "边长（m）"]
    assert rows[10] == [
        "L001",
        "0",
        "1",
        "1",
        "3380200.000",
        "38500000.000",
        "100.000",
        "800.000",
        "30000.00",
    ]
    assert {len(row) for row in rows} == {9}


def test_the_workbook_has_numbers_and_repeats_its_heads_on_paper(numbered, tmp_path):
    path = numbered.write(tmp_path / "points.xlsx", city="清河", date=DATE)
    book = openpyxl.load_workbook(path)
    sheet = book["控制点"]

    assert book.sheetnames == ["控制点", "点表", "闭合"]
    assert sheet.print_title_rows == "$10:$10"
    assert sheet.freeze_panes == "A11"
    assert [cell.value for cell in sheet[11]][:6] == ["L001", 0, 1, 1, 3380200, 38500000]
    assert [cell.number_format for cell in sheet[11]][3:7] == ["0", "0.000", "0.000", "0.000"]
    assert sheet.column_dimensions["F"].width >= len("38500000.000") + 2
    assert [cell.value for cell in book["点表"][11]] == [1, 3380200, 38500000]
    assert [cell.value for cell in book["闭合"][12]] == ["L001", 1, 4, 40, 100, 0]


def test_the_document_has_a_table_a_line_that_ends_where_it_began(numbered, tmp_path):
    path = numbered.write(tmp_path / "points.docx", language="en")
    document = docx.Document(str(path))
    first = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    texts = [paragraph.text for paragraph in document.paragraphs]

    assert len(document.tables) == 2
    assert first[0] == ["Ring", "Order", "Point", "X (north)", "Y (east)", "Edge (m)"]
    # six corners and their end, four of the hole and its end
    assert len(first) == 1 + 7 + 5
    assert first[7] == ["0", "closes", *first[1][2:5], ""]
    assert "w:tblHeader" in document.tables[0].rows[0]._tr.xml
    assert "Green line L002" in texts
    expected = "hole 1: 4 points, perimeter 40.000 m, area 100.00 m², closing error 0.000 m."
    assert expected in texts


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_points_are_the_same_bytes(numbered, tmp_path, suffix):
    one, other = (
        numbered.write(tmp_path / f"{name}{suffix}", date=DATE).read_bytes() for name in "ab"
    )

    assert one == other


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_there_stays_unless_it_is_forced(numbered, tmp_path, suffix):
    path = tmp_path / f"points{suffix}"
    path.write_bytes(b"mine")
    with pytest.raises(InputError):
        numbered.write(path)
    assert path.read_bytes() == b"mine"

    numbered.write(path, force=True)
    assert path.read_bytes() != b"mine"
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_another_format_is_refused(numbered, tmp_path):
    with pytest.raises(InputError):
        numbered.write(tmp_path / "points.pdf")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_five_thousand_points_take_seconds(tmp_path, suffix):
    rounds = [shapely.Point(60 * at, 0).buffer(25, quad_segs=8) for at in range(160)]
    many = control_points(lines(*rounds))
    assert len(many.points) > 5_000

    begun = time.process_time()
    many.write(tmp_path / f"points{suffix}")
    assert time.process_time() - begun < 10
