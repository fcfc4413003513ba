"""Tables of control points as others make them: other heads, letters, notes, holes without rings."""

import csv

import openpyxl
import pytest
import shapely

from greenspace.errors import ColumnError, GeometryError
from greenspace.line_points import control_points, read_control_points
from tests.delimit.test_control_points import ELL, lines

CORNERS = [(10, 0), (10, 10), (0, 10), (0, 0)]  # north, east from the north-west
HOLE = [(6, 4), (4, 4), (4, 6), (6, 6)]
SHORT = [(0.4, 0.123), (0.4, 0.523), (0.111, 0.523), (0.111, 0.123)]
HEADS = ["线号", "点号", "X", "Y"]


def write(path, rows, heads=HEADS):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def rows_of(corners, *, line="A", first=1, letter=""):
    return [
        [line, f"{letter}{at}", f"{3_380_000 + north:.3f}", f"{500_000 + east:.3f}"]
        for at, (north, east) in enumerate(corners, first)
    ]


def read(path):
    return read_control_points(path, crs=4547)


def codes(points):
    return [finding.code for finding in points.findings]


@pytest.mark.parametrize(
    "heads",
    [
        ["线号", "界址点号", "纵坐标X", "横坐标Y"],
        ["线号", "点号", "X纵坐标（m）", "Y 横坐标（m）"],
        ["线号", "点号", "北坐标(X)", "东坐标(Y)"],
        ["线号", "点号", "纵坐标", "横坐标"],
    ],
)
def test_heads_as_surveyors_write_them_are_read(tmp_path, heads):
    back = read(write(tmp_path / "points.csv", rows_of(CORNERS), heads))

    assert back.lines.geometry.iloc[0].equals(shapely.box(500_000, 3_380_000, 500_010, 3_380_010))


def test_a_letter_before_every_number_is_left_out_and_told(tmp_path):
    back = read(write(tmp_path / "points.csv", rows_of(CORNERS, letter="J")))

    assert back.points["point"].tolist() == [1, 2, 3, 4]
    assert "control_points_letter" in codes(back)


@pytest.mark.parametrize("number", ["5", "K5", "J5a"])
def test_letters_that_differ_are_refused_with_the_rows(tmp_path, number):
    rows = [*rows_of(CORNERS, letter="J"), ["A", number, "3380001", "499999"]]
    with pytest.raises(ColumnError) as caught:
        read(write(tmp_path / "points.csv", rows))
    assert caught.value.column == "点号"


def test_a_note_below_the_table_is_named_and_to_be_deleted(tmp_path):
    rows = [
        *rows_of(CORNERS),
        ["备注：2026 年测", "", "", ""],
        ["编制：张三", "", "审核：李四", ""],
    ]
    with pytest.raises(ColumnError) as caught:
        read(write(tmp_path / "points.csv", rows))
    assert caught.value.rows == (6, 7)
    assert "delete these rows" in str(caught.value)


def test_a_table_without_rings_is_told_and_one_that_returns_is_refused(tmp_path):
    assert "control_points_one_ring" in codes(read(write(tmp_path / "a.csv", rows_of(CORNERS))))

    rows = rows_of([*CORNERS, CORNERS[0]]) + rows_of([*HOLE, HOLE[0]], first=6)
    rows[4][1], rows[9][1] = rows[0][1], rows[5][1]
    with pytest.raises(GeometryError) as caught:
        read(write(tmp_path / "b.csv", rows))
    assert (caught.value.rows, caught.value.found) == ((6, 11), ("A",))
    assert "column Ring" in str(caught.value)


def test_exchanged_corners_of_a_small_line_are_not_laid_on_a_spreadsheet(tmp_path):
    heads = [*HEADS, "边长"]
    edges = [0.4, 0.289, 0.4, 0.289]
    rows = [[*row, edge] for row, edge in zip(rows_of(SHORT), edges, strict=True)]
    assert len(read(write(tmp_path / "points.csv", rows, heads)).lines) == 1

    rows[1][2:4], rows[2][2:4] = rows[2][2:4], rows[1][2:4]
    with pytest.raises(GeometryError) as caught:
        read(write(tmp_path / "points.csv", rows, heads))
    assert "Excel" not in str(caught.value)
    assert {type(row) for row in caught.value.rows} == {int}

    cut = [[*row[:2], *(f"{float(text):.2f}" for text in row[2:4]), row[4]] for row in rows]
    cut[1][2:4], cut[2][2:4] = cut[2][2:4], cut[1][2:4]
    with pytest.raises(GeometryError) as caught:
        read(write(tmp_path / "points.csv", cut, heads))
    assert "Excel" in str(caught.value)


def test_a_workbook_with_a_column_put_in_on_the_left_is_read(tmp_path):
    numbered = control_points(lines(ELL))
    path = numbered.write(tmp_path / "points.xlsx")
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        sheet.insert_cols(1)
    book.save(path)

    assert read_control_points(path).courses.equals(numbered.courses)
