"""Numbers and dates of a .dbf: as they stand, or refused; never another number."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from greenspace.errors import ColumnError, InputError
from greenspace.read.vector import read_layer
from tests.dbf import text, write_shapefile


def with_decimals(path, decimals, field=0):
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[32 + 32 * field + 17] = decimals
    dbf.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["N", "F"])
@pytest.mark.parametrize(
    "cell",
    [b"24,240", b"12,50", b"12abc", b"1 234", b"1.234.567", b"0x10", b"--1", b"1e", b".", b"1*",
     b"\xa0\xa012", b"12\xb6\xd6"],
)  # fmt: skip
def test_a_number_that_c_would_cut_is_refused_with_its_rows(tmp_path, kind, cell):
    fields = [text("人口", 4), ("人口数".encode("gbk"), kind, 12)]
    rows = [[b"a", b"7"], [b"b", cell], [b"c", cell]]
    path = write_shapefile(tmp_path / "a.shp", fields, rows, cpg="GBK", deleted=[0])
    with pytest.raises(ColumnError) as caught:
        read_layer(with_decimals(path, 2, 1))
    assert (caught.value.column, caught.value.rows) == ("人口数", (0, 1))
    assert len(caught.value.found) == 1
    assert caught.value.file == str(path)


@pytest.mark.parametrize(
    ("cell", "value"),
    [(b"12", 12), (b"-12.50", -12.5), (b"+.5", 0.5), (b"5.", 5), (b"1.5e+03", 1500),
     (b"7\0\0", 7), (b"   7  ", 7), (b"NaN", np.nan), (b"", np.nan), (b"\0" * 12, np.nan),
     (b"*" * 12, np.nan)],
)  # fmt: skip
def test_a_number_that_stands_alone_is_read(tmp_path, cell, value):
    path = write_shapefile(tmp_path / "a.shp", [(b"n", "N", 12)], [[cell]])
    assert read_layer(with_decimals(path, 2))["n"].tolist() == pytest.approx([value], nan_ok=True)


@pytest.mark.parametrize("cell", [b"12.5", b"1e3"])
def test_a_fraction_in_a_field_of_whole_numbers_is_not_cut_off(tmp_path, cell):
    path = write_shapefile(tmp_path / "a.shp", [(b"n", "N", 9)], [[cell]])
    with pytest.raises(ColumnError):
        read_layer(path)
    wide = write_shapefile(tmp_path / "b.shp", [(b"n", "N", 19)], [[cell]])
    assert read_layer(wide)["n"].tolist() == [float(cell)]


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=5))
def test_what_gdal_writes_is_read_and_empty_is_no_fault(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("dbf") / "a.shp"
    column = np.array([np.nan if value is None else value for value in values])
    shapes = [box(0, 0, 1, 1)] * len(values)
    gpd.GeoDataFrame({"n": column}, geometry=shapes, crs=4547).to_file(path)
    frame = read_layer(path)
    assert frame["n"].tolist() == pytest.approx(column.tolist(), nan_ok=True, rel=1e-9, abs=1e-9)
    starred = [item for item in frame.attrs["findings"] if item.code == "number_overflow"]
    assert [(item.severity, item.count) for item in starred] == (
        [("note", values.count(None))] if None in values else []
    )


@pytest.mark.parametrize("cell", [b"20201301", b"20200230", b"2020-1-1", b"20200100", b"garbage"])
def test_a_date_that_is_no_day_is_refused_with_its_row(tmp_path, cell):
    path = write_shapefile(tmp_path / "a.shp", [(b"d", "D", 8)], [[b"20260501"], [cell], [b""]])
    with pytest.raises(ColumnError) as caught:
        read_layer(path)
    assert (caught.value.column, caught.value.rows) == ("d", (1,))


def test_dates_that_are_empty_in_any_way_are_empty(tmp_path):
    rows = [[b"20240229"], [b""], [b"0" * 8], [b"\0" * 8]]
    path = write_shapefile(tmp_path / "a.shp", [(b"d", "D", 8)], rows)
    assert read_layer(path)["d"].isna().tolist() == [False, True, True, True]


def test_a_text_field_of_more_than_255_bytes_is_refused(tmp_path):
    # Clipper writes 300 bytes as 44 and, where decimals stand, 1
    path = write_shapefile(tmp_path / "a.shp", [text("a", 255), (b"n", "N", 9)], [[b"x", b"12"]])
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[32 + 16 : 32 + 18] = bytes([44, 1])
    dbf.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_layer(path)
    assert (caught.value.expected, caught.value.found) == (1 + 255 + 9, 1 + 44 + 9)
