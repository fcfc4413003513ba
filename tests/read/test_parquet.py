"""Parquet, by hand and by refusal: GeoParquet as it is, and nothing else."""

from __future__ import annotations

import contextlib
import json
import random
import sys

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import Point, box

from greenspace.errors import (
    CrsError,
    GeometryError,
    GreenspaceError,
    InputError,
    MissingExtraError,
)
from greenspace.read.vector import list_layers, read_layer
from tests.read.arcs import broken_ring, tin

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def parks(crs=4547):
    return gpd.GeoDataFrame({"名称": ["人民公园", "b"]}, geometry=[box(0, 0, 1, 1), None], crs=crs)


def write(path, shapes, **column):
    geo = {"version": "1.0.0", "primary_column": "g"}
    geo["columns"] = {"g": {"encoding": "WKB", "geometry_types": [], **column}}
    table = pa.table({"n": range(len(shapes)), "g": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def retyped(path, table, **metadata):
    geo = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo), **metadata}), path)
    return path


def test_a_geoparquet_is_read_as_it_is(tmp_path):
    parks().to_parquet(tmp_path / "公园.parquet")
    frame = read_layer(tmp_path / "公园.parquet", columns={"name": "名称"})
    assert frame["name"].tolist() == ["人民公园", "b"]
    assert frame.geometry.isna().tolist() == [False, True]
    assert frame.crs.to_epsg() == 4547
    info = list_layers(tmp_path / "公园.parquet")[0]
    assert (info.name, info.geometry_type, info.feature_count) == ("公园", "Polygon", 2)
    assert (info.columns, info.crs) == (("名称",), "EPSG:4547")


def test_one_that_says_nothing_of_its_crs_is_in_degrees(tmp_path):
    path = write(tmp_path / "a.parquet", [shapely.to_wkb(Point(114, 30))])
    assert read_layer(path).crs.to_string() == "OGC:CRS84"


def test_one_that_disowns_its_crs_is_refused(tmp_path):
    path = write(tmp_path / "a.parquet", [shapely.to_wkb(Point(114, 30))], crs=None)
    with pytest.raises(CrsError):
        read_layer(path)
    assert read_layer(path, crs=4490).crs.to_epsg() == 4490


@pytest.mark.parametrize("crs", ["EPSG:999999", {"a": 1}, 3.5])
def test_an_unknown_crs_is_refused(tmp_path, crs):
    path = write(tmp_path / "a.parquet", [shapely.to_wkb(Point(114, 30))], crs=crs)
    for read in (read_layer, list_layers):
        with pytest.raises(CrsError, match="not known"):
            read(path)


def test_shapes_that_cannot_be_built_are_counted(tmp_path):
    high = shapely.to_wkb(Point(114, 30, 5))
    path = write(tmp_path / "a.parquet", [high, tin(), None, broken_ring(), b"rubbish"])
    frame = read_layer(path)
    assert frame["n"].tolist() == [0, 2]
    told = {finding.code: finding.count for finding in frame.attrs["findings"]}
    assert told == {"unbuildable_shape": 3, "height_dropped": 1}
    with pytest.raises(GeometryError, match="TIN"):
        read_layer(write(tmp_path / "b.parquet", [tin()]))


def test_a_plain_table_is_refused(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(GeometryError, match="plain Parquet"):
        read_layer(tmp_path / "a.parquet")
    assert list_layers(tmp_path / "a.parquet")[0].geometry_type is None


@pytest.mark.parametrize(
    "geo", ["", "[]", '{"primary_column": "g"}', '{"primary_column": "g", "columns": []}']
)
def test_metadata_that_say_nothing_make_a_plain_table(tmp_path, geo):
    table = pa.table({"g": [b"x"]}).replace_schema_metadata({"geo": geo})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(GeometryError, match="plain Parquet"):
        read_layer(tmp_path / "a.parquet")


@pytest.mark.parametrize("encoding", ["polygon", "pickle", None])
def test_other_encodings_are_refused(tmp_path, encoding):
    path = write(tmp_path / "a.parquet", [b"x"], encoding=encoding)
    with pytest.raises(InputError, match="cannot be read"):
        read_layer(path)


@pytest.mark.parametrize("share", [0, 0.5, 0.98])
def test_a_file_that_is_cut_off_is_refused(tmp_path, share):
    path = tmp_path / "a.parquet"
    parks().to_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cannot be read"):
        read_layer(path)


def test_what_pandas_kept_as_an_index_is_a_column(tmp_path):
    parks().set_index("名称").to_parquet(tmp_path / "a.parquet")
    frame = read_layer(tmp_path / "a.parquet")
    assert frame["名称"].tolist() == ["人民公园", "b"]
    parks().set_index(pd.Index([7, 9])).to_parquet(tmp_path / "b.parquet")
    assert set(read_layer(tmp_path / "b.parquet").columns) == {"名称", "geometry"}


def test_a_second_column_of_shapes_is_left_out_and_told(tmp_path):
    two = parks().assign(门=gpd.GeoSeries([Point(1, 2), None], crs=4547))
    two.to_parquet(tmp_path / "a.parquet")
    frame = read_layer(tmp_path / "a.parquet")
    assert set(frame.columns) == {"名称", "geometry"}
    assert [item.code for item in frame.attrs["findings"]] == ["columns_left_out"]
    assert list_layers(tmp_path / "a.parquet")[0].columns == ("名称",)


@pytest.mark.parametrize("values", [["abc"], [1], [[1]], [1.5]])
def test_a_column_of_shapes_that_holds_no_bytes_is_refused(tmp_path, values):
    path = retyped(tmp_path / "a.parquet", pa.table({"g": values}))
    with pytest.raises(InputError, match="cannot be read"):
        read_layer(path)


def test_names_that_are_there_twice_are_refused(tmp_path):
    shape = pa.array([shapely.to_wkb(Point(1, 2))])
    for names in (["g", "g", "n"], ["g", "n", "n"]):
        table = pa.Table.from_arrays([shape, shape, shape], names=names)
        with pytest.raises(InputError, match="2 ×"):
            read_layer(retyped(tmp_path / "a.parquet", table))


def test_whole_numbers_stay_whole_where_some_are_missing(tmp_path):
    shape = shapely.to_wkb(Point(1, 2))
    long = pa.array([2**64 - 1, None], pa.uint64())
    table = pa.table({"g": [shape, shape], "a": [2**53 + 1, None], "b": long, "c": [1, 2]})
    frame = read_layer(retyped(tmp_path / "a.parquet", table))
    assert (frame["a"][0], frame["b"][0]) == (2**53 + 1, 2**64 - 1)
    assert frame["a"].isna().tolist() == [False, True]
    assert str(frame["c"].dtype) == "int64"


def test_what_pandas_says_of_a_column_that_is_not_there_is_not_believed(tmp_path):
    said = {"index_columns": ["none"], "columns": [], "column_indexes": []}
    table = pa.table({"g": [shapely.to_wkb(Point(1, 2))]})
    path = retyped(tmp_path / "a.parquet", table, pandas=json.dumps(said))
    assert len(read_layer(path)) == 1


def test_whatever_byte_is_wrong_only_refusals_leave(tmp_path):
    parks().set_index("名称").to_parquet(tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    bits = random.Random(4)  # noqa: S311 - not for secrets
    for _ in range(200):
        wrong = bytearray(whole)
        wrong[bits.randrange(len(whole))] ^= 1 << bits.randrange(8)
        (tmp_path / "b.parquet").write_bytes(wrong)
        for read in (read_layer, list_layers):
            with contextlib.suppress(GreenspaceError):
                read(tmp_path / "b.parquet")


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    parks().to_parquet(tmp_path / "a.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"greenspace\[parquet\]"):
        read_layer(tmp_path / "a.parquet")
