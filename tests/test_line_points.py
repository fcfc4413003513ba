"""Tables of control points read back: the same lines to the last bit, or a refusal with its rows."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from hypothesis import given, settings

from greenspace.errors import ColumnError, CrsError, GeometryError, InputError
from greenspace.line_points import control_points, read_control_points
from greenspace.model.crs import local_metre
from greenspace.present.plan_maps import _places
from tests.delimit.test_control_points import ELL, fabrics, lines
from tests.green_plan import lines as plan_lines

SQUARE = shapely.box(200.123, 0.001, 300.456, 100.789)
BARE = ["control_points_one_ring", "control_points_closed"]
HEAD = 9  # rows above the heads, with a city and a date
LINE, RING, ORDER, POINT, X, Y, EDGE, LENGTH, AREA = range(9)


@pytest.fixture
def numbered():
    return control_points(lines(ELL, SQUARE), zone_prefix=True)


@pytest.fixture
def table(numbered, tmp_path):
    """Return a function that writes the table anew, its rows changed by a function."""
    path = numbered.write(tmp_path / "points.csv", city="清河", date=dt.date(2026, 6, 30))

    def change(edit=len, encoding="utf-8-sig"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        edit(rows)
        with path.open("w", encoding=encoding, errors="replace", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return change


def wkb(points):
    return [shape.normalize().wkb for shape in points.lines.geometry]


def swap(row, one=X, other=Y):
    row[one], row[other] = row[other], row[one]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".docx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_table_read_back_is_the_same_to_the_last_bit(numbered, tmp_path, suffix, language):
    path = numbered.write(tmp_path / f"points{suffix}", language=language, city="清河")
    back = read_control_points(path)

    assert back.courses.equals(numbered.courses)
    assert back.points.equals(numbered.points)
    assert back.closing.equals(numbered.closing)
    assert wkb(back) == wkb(numbered)
    assert (back.crs, back.prefix, back.findings) == (numbered.crs, 38, ())


@given(fabrics())
@settings(max_examples=5)
def test_any_fabric_comes_back_from_csv(shapes):
    numbered = control_points(lines(*shapes))
    with TemporaryDirectory() as folder:
        back = read_control_points(numbered.write(Path(folder) / "points.csv"))

    assert back.courses.equals(numbered.courses)
    assert wkb(back) == wkb(numbered)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".docx"])
def test_a_number_that_a_spreadsheet_would_run_comes_back(tmp_path, suffix):
    numbered = control_points(lines(SQUARE, ELL, numbers=["=1+1", "'甲, 乙;"]))
    path = numbered.write(tmp_path / f"points{suffix}")

    assert read_control_points(path).lines["number"].tolist() == numbered.lines["number"].tolist()
    if suffix == ".csv":
        assert "\n=" not in path.read_text(encoding="utf-8-sig")


def test_a_city_grid_comes_back_with_its_own_plane(tmp_path):
    numbered = control_points(lines(ELL, crs=local_metre(), east=100, north=900))

    for suffix in (".csv", ".xlsx", ".docx"):
        back = read_control_points(numbered.write(tmp_path / f"points{suffix}"))
        assert back.crs == local_metre()
        assert back.courses.equals(numbered.courses)


def test_a_table_saved_as_gbk_is_read_and_told(table, numbered):
    back = read_control_points(table(encoding="gbk"))

    assert wkb(back) == wkb(numbered)
    assert [finding.code for finding in back.findings] == ["encoding_detected"]


def test_rows_that_were_sorted_otherwise_are_put_back(table, numbered):
    def by_point(rows):
        rows[HEAD + 1 :] = sorted(rows[HEAD + 1 :], key=lambda row: -int(row[POINT]))

    back = read_control_points(table(by_point))

    assert set(wkb(back)) == set(wkb(numbered))
    assert [finding.code for finding in back.findings] == ["control_points_sorted"]


def test_heads_that_say_east_of_x_are_followed(table, numbered):
    def drawn(rows):
        for row in rows[HEAD + 1 :]:
            swap(row)
        rows[HEAD][X], rows[HEAD][Y] = "X（东）", "Y（北）"

    assert wkb(read_control_points(table(drawn))) == wkb(numbered)


def test_a_bare_table_of_others_is_closed_and_told(tmp_path):
    path = tmp_path / "others.csv"
    rows = [
        "线号,点号,X,Y",
        "A,1,3380010.0,500000",
        "A,2,3380010,500010",
        "A,3,3380000,500010.0004",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    back = read_control_points(path, crs="EPSG:4547")

    assert back.lines.geometry.iloc[0].equals(
        shapely.Polygon([(500_000, 3_380_010), (500_010, 3_380_010), (500_010, 3_380_000)])
    )
    codes = [finding.code for finding in back.findings]
    assert codes == ["control_points_rounded", *BARE]


def swap_all(rows):
    for row in rows[HEAD + 1 :]:
        swap(row)


def swap_one(rows):
    swap(rows[HEAD + 3])


def drop_prefix(rows):
    for row in rows[HEAD + 1 :]:
        row[Y] = row[Y].removeprefix("38")


def say_no_crs(rows):
    rows.pop(2)


@pytest.mark.parametrize(
    ("edit", "found", "rows"),
    [
        (swap_all, "north, east", 14),
        (swap_one, "north, east", 1),
        (drop_prefix, "EPSG:4547", 0),
        (say_no_crs, None, 0),
    ],
)
def test_coordinates_in_the_wrong_place_are_refused(table, edit, found, rows):
    path = table(edit)
    with pytest.raises(CrsError) as caught:
        read_control_points(path)

    assert (caught.value.found, len(caught.value.rows)) == (found, rows)
    assert caught.value.file == str(path)
    assert caught.value.remedy is not None
    if edit is swap_one:
        assert caught.value.rows == (HEAD + 4,)  # as the file counts, from 1


def test_another_crs_than_the_one_given_is_refused(table):
    with pytest.raises(CrsError) as caught:
        read_control_points(table(), crs="EPSG:4547")

    assert caught.value.found == "CGCS2000 / 3-degree Gauss-Kruger zone 38"


def test_axes_swapped_on_a_city_grid_are_told_by_their_direction_and_by_what_is_near(tmp_path):
    numbered = control_points(lines(ELL, crs=local_metre(), east=1_000, north=90_000))
    path = numbered.write(tmp_path / "points.csv")
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("X（北）,Y（东）", "X（东）,Y（北）"), encoding="utf-8")

    with pytest.raises(GeometryError) as caught:
        read_control_points(path)
    assert caught.value.found == "north, east"

    with pytest.raises(CrsError) as caught:
        read_control_points(path, near=numbered.lines)
    assert caught.value.found == "north, east"


def exchange(rows):  # the coordinates of two corners
    one, other = rows[HEAD + 3], rows[HEAD + 5]
    one[POINT:EDGE], other[POINT:EDGE] = other[POINT:EDGE], one[POINT:EDGE]


def forget_a_row(rows):
    rows.pop(HEAD + 2)


def forget_the_last_edge(rows):
    rows[HEAD + 6][EDGE] = ""


def forget_a_line(rows):
    del rows[HEAD + 11 :]


def move_a_shared_number(rows):
    rows[HEAD + 12][POINT] = rows[HEAD + 1][POINT]


def show_two_decimals(rows):
    for row in rows[HEAD + 1 :]:
        row[Y] = f"{float(row[Y]):.2f}"


def change_the_area(rows):
    rows[HEAD + 1][AREA] = "30100.00"


def change_the_ring(rows):
    for row in rows[HEAD + 7 : HEAD + 11]:
        row[RING] = "2"


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        (exchange, HEAD + 3),
        (forget_a_row, HEAD + 3),
        (forget_the_last_edge, HEAD + 7),
        (forget_a_line, None),
        (move_a_shared_number, HEAD + 2),
        (show_two_decimals, HEAD + 12),
        (change_the_area, HEAD + 2),
        (change_the_ring, HEAD + 8),
    ],
)
def test_a_table_that_was_changed_is_refused_with_its_rows(table, edit, row):
    path = table(edit)
    with pytest.raises(GeometryError) as caught:
        read_control_points(path)

    assert caught.value.file == str(path)
    assert caught.value.remedy is not None
    assert caught.value.rows[:1] == (() if row is None else (row,))


def test_corners_out_of_order_are_refused_without_lengths_too(tmp_path):
    path = tmp_path / "others.csv"
    corners = [(0, 0), (10, 10), (0, 10), (10, 0)]  # a bow tie
    rows = [f"A,{at},{3_380_000 + x},{500_000 + y}" for at, (x, y) in enumerate(corners)]
    path.write_text("\n".join(["线号,点号,X,Y", *rows]), encoding="utf-8")

    with pytest.raises(GeometryError) as caught:
        read_control_points(path, crs=4547)
    assert caught.value.found == ("A",)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (LINE, ""),
        (X, "3380000,5"),
        (Y, ""),
        (POINT, "一"),
        (ORDER, "1.5"),
        (EDGE, "x"),
        (X, "1e99"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(table, column, text):
    def edit(rows):
        rows[HEAD + 2][column] = text

    with pytest.raises(ColumnError) as caught:
        read_control_points(table(edit))
    assert caught.value.rows == (HEAD + 3,)


def test_two_columns_of_one_meaning_are_refused(table):
    def edit(rows):
        for row in rows:
            row.append("X" if row is rows[HEAD] else "")

    with pytest.raises(ColumnError):
        read_control_points(table(edit))


@pytest.mark.parametrize("name", ["points.xlsx", "points.docx", "points.csv", "points.pdf"])
def test_what_is_no_table_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 no archive")

    with pytest.raises(InputError):
        read_control_points(path)
    with pytest.raises(InputError):
        read_control_points(tmp_path / f"missing_{name}")


@pytest.mark.parametrize("zone_prefix", [False, True])
def test_points_stand_in_drawings_where_the_lines_are_whatever_the_table_writes_before_y(
    zone_prefix,
):
    drawn = plan_lines()
    points = control_points(drawn, zone_prefix=zone_prefix)

    assert points.plane == drawn.crs
    assert shapely.multipoints(points.places).bounds == pytest.approx(
        drawn.lines.total_bounds, abs=1e-9
    )
    assert shapely.equals(
        points.drawn_lines.geometry.to_numpy(), drawn.lines.geometry.to_numpy()
    ).all()

    on_map = _places(points, drawn)
    assert on_map.min(axis=0).tolist() == drawn.lines.total_bounds[:2].tolist()
    assert on_map.max(axis=0).tolist() == drawn.lines.total_bounds[2:].tolist()
