"""Shapefiles, every byte by hand: words come back, files stay, and half a set is refused."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import box

from greenspace.errors import CrsError, EncodingError, GeometryError, GreenspaceError, InputError
from greenspace.read.dbf import read_dbf
from greenspace.read.files import sha256_of
from greenspace.read.shapefile import ShapefileReader
from greenspace.read.vector import list_layers, read_layer
from tests.dbf import CGCS2000, dbf, shapes, text, write_shapefile

NAME = "公园绿地名称"
PARKS = ["人民公园", "滨河绿地"]


def gbk(*values):
    return [[value.encode("gbk")] for value in values]


def codes(frame):
    return [finding.code for finding in frame.attrs["findings"]]


def parts(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture
def parks(tmp_path):
    return write_shapefile(tmp_path / "公园.shp", [text("名称", 20)], gbk(*PARKS), cpg="GBK")


# Words


@pytest.mark.parametrize("cpg", [None, "GBK", "UTF-8"])
def test_chinese_written_by_hand_in_gbk_reads_back(tmp_path, cpg):
    # ten bytes of GBK are five characters: 公园绿地名
    path = write_shapefile(
        tmp_path / "公园.shp", [text(NAME.encode("gbk")[:10])], gbk(*PARKS), cpg=cpg
    )
    frame = read_layer(path)
    assert frame["公园绿地名"].tolist() == PARKS
    assert (
        codes(frame)
        == {
            None: ["encoding_detected"],
            "GBK": ["encoding_said"],
            "UTF-8": ["encoding_contradicted", "encoding_detected"],
        }[cpg]
    )
    assert list_layers(path)[0].columns == ("公园绿地名",)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of GDAL, about the name it cuts
@pytest.mark.parametrize("cpg", [True, False])
@pytest.mark.parametrize(("encoding", "name"), [("UTF-8", "公园绿"), ("GBK", "公园绿地名")])
def test_what_geopandas_writes_reads_back(tmp_path, encoding, name, cpg):
    path = tmp_path / "parks.shp"
    frame = gpd.GeoDataFrame({NAME: PARKS}, geometry=[box(0, 0, 1, 1)] * 2, crs=4547)
    frame.to_file(path, encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink()
    back = read_layer(path)
    assert back[name].tolist() == PARKS
    assert ("field_name_cut" in codes(back)) is (encoding == "UTF-8")


def test_names_cut_to_the_same_are_told_apart_with_their_bytes(tmp_path):
    half = NAME.encode()[:10]
    row = [["甲".encode(), b"1"]]
    path = write_shapefile(tmp_path / "parks.shp", [text(half), text(half)], row, cpg="UTF-8")
    frame = read_layer(path)
    assert frame[["公园绿", "公园绿_1"]].to_numpy().tolist() == [["甲", "1"]]
    finding = next(item for item in frame.attrs["findings"] if item.code == "field_name_cut")
    assert finding.count == 2
    assert "e5 85 ac e5 9b ad e7 bb bf e5 → 公园绿_1" in finding.text.zh


def test_a_field_named_geometry_and_one_without_a_name_are_renamed(tmp_path):
    fields = [text("geometry"), text(""), text("a"), text("a")]
    path = write_shapefile(tmp_path / "parks.shp", fields, [[b"1", b"2", b"3", b"4"]])
    frame = read_layer(path)
    assert frame.drop(columns="geometry").iloc[0].to_dict() == {
        "geometry_1": "1",
        "field": "2",
        "a": "3",
        "a_1": "4",
    }
    assert codes(frame) == ["field_renamed"]


@pytest.mark.parametrize(
    ("encoding", "width", "kept"), [("utf-8", 7, "人民"), ("gbk", 7, "人民公")]
)
def test_a_value_cut_in_mid_character_loses_the_half_and_is_counted(
    tmp_path, encoding, width, kept
):
    rows = [[PARKS[0].encode(encoding)[:width]], ["绿".encode(encoding)]]
    path = write_shapefile(tmp_path / "parks.shp", [text("n", width)], rows, cpg=encoding)
    frame = read_layer(path)
    assert frame["n"].tolist() == [kept, "绿"]
    finding = frame.attrs["findings"][-1]
    assert (finding.code, finding.count) == ("text_cut", 1)


def test_the_encoding_that_is_named_is_used(parks):
    frame = read_layer(parks, encoding="gb18030")
    assert frame["名称"].tolist() == PARKS
    assert codes(frame) == []


@pytest.mark.parametrize("encoding", ["utf-8", "no-such-encoding"])
def test_an_encoding_that_cannot_be_is_refused(parks, encoding):
    with pytest.raises(EncodingError, match="cannot be decoded") as caught:
        read_layer(parks, encoding=encoding)
    assert caught.value.found == encoding
    assert "gb18030" in caught.value.sentence("zh")


def test_ascii_needs_no_finding(tmp_path):
    path = write_shapefile(tmp_path / "parks.shp", [text("name")], [[b"a"], [b"b"]])
    assert codes(read_layer(path)) == []


def test_a_table_that_cannot_be_told_is_still_listed(tmp_path):
    path = write_shapefile(tmp_path / "parks.shp", [text("模")], [[b"a"]])
    with pytest.raises(EncodingError):
        read_layer(path)
    assert list_layers(path)[0].feature_count == 1


def test_numbers_dates_and_empty_values_are_as_gdal_reads_them(tmp_path):
    fields = [text("名称"), ("n", "N", 5), ("d", "D", 8), ("b", "L", 1)]
    fields = [(name.encode() if isinstance(name, str) else name, *rest) for name, *rest in fields]
    rows = [["绿".encode("gbk"), b"12", b"20260501", b"T"], [b"", b"", b"", b"?"]]
    path = write_shapefile(tmp_path / "parks.shp", fields, rows, cpg="GBK")
    frame = read_layer(path)
    assert frame["n"].tolist()[0] == 12
    assert frame["d"][0] == pd.Timestamp("2026-05-01")
    assert frame.iloc[1].drop("geometry").isna().all()


def test_numbers_in_binary_fields_are_no_text(tmp_path):
    fields = [text("名称"), (b"n", "I", 4)]
    rows = [["人民公园".encode("gbk"), b"\xff\xff\xff\xff"]]
    path = write_shapefile(tmp_path / "parks.shp", fields, rows)
    assert read_layer(path)["名称"].tolist() == ["人民公园"]


CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=6)


@given(st.lists(CHINESE, min_size=1, max_size=4), st.sampled_from(["gbk", "utf-8"]))
def test_any_chinese_that_says_what_it_is_reads_back(tmp_path_factory, values, encoding):
    path = tmp_path_factory.mktemp("dbf") / "parks.shp"
    rows = [[value.encode(encoding)] for value in values]
    write_shapefile(path, [text("名称", 40, encoding)], rows, cpg=encoding)
    back = read_layer(path)["名称"].fillna("").tolist()
    assert back == values


# Parts


def test_a_shapefile_in_capitals_is_the_same(parks, tmp_path):
    upper = tmp_path / "capitals"
    upper.mkdir()
    for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        shutil.copy(parks.with_suffix(suffix), upper / f"PARKS{suffix.upper()}")
    assert read_layer(upper / "PARKS.SHP")["名称"].tolist() == PARKS
    assert sha256_of(upper / "PARKS.SHP") == sha256_of(parks)


@pytest.mark.parametrize("spoil", ["missing", "empty", "of another"])
def test_a_shapefile_without_its_index_is_read_and_the_folder_stays_as_it_is(parks, spoil):
    index = parks.with_suffix(".shx")
    index.unlink()
    if spoil != "missing":
        index.write_bytes(
            b"" if spoil == "empty" else shapes(1)[1].replace(b"\0\0\0\x32", b"\0\0\0\x3a")
        )
    before = parts(parks.parent)
    frame = read_layer(parks)
    assert frame["名称"].tolist() == PARKS
    assert frame.geometry.bounds["minx"].tolist() == [0, 2]
    assert frame.crs.to_epsg() == 4547
    assert codes(frame) == ["encoding_said", "shx_rebuilt"]
    assert list_layers(parks)[0].columns == ("名称",)
    assert parts(parks.parent) == before


def test_a_shapefile_without_a_table_has_shapes_alone(parks):
    parks.with_suffix(".dbf").unlink()
    frame = read_layer(parks)
    assert frame.columns.tolist() == ["geometry"]
    assert codes(frame) == ["attributes_missing"]
    assert len(frame) == list_layers(parks)[0].feature_count == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_rows_as_shapes_or_a_refusal(parks, rows):
    parks.with_suffix(".dbf").write_bytes(dbf([text("名称", 20)], gbk(*["绿"] * rows)))
    with pytest.raises(InputError, match=f"2 shapes but {rows} rows") as caught:
        read_layer(parks)
    assert (caught.value.expected, caught.value.found) == (2, rows)


def test_deleted_rows_are_left_out_and_counted(tmp_path):
    rows = gbk("甲", "乙", "丙")
    path = write_shapefile(tmp_path / "a.shp", [text("名称")], rows, cpg="GBK", deleted=[1])
    frame = read_layer(path)
    assert frame["名称"].tolist() == ["甲", "丙"]
    assert frame.geometry.bounds["minx"].tolist() == [0, 4]
    assert (frame.attrs["findings"][-1].code, frame.attrs["findings"][-1].count) == (
        "rows_deleted",
        1,
    )
    assert list_layers(path)[0].feature_count == 2


def test_numbers_that_did_not_fit_are_counted(tmp_path):
    path = write_shapefile(tmp_path / "a.shp", [(b"area", "N", 3)], [[b"***"], [b"12"]])
    frame = read_layer(path)
    assert np.isnan(frame["area"][0])
    assert [(item.code, item.count) for item in frame.attrs["findings"]] == [("number_overflow", 1)]


@pytest.mark.parametrize("suffix", [".shp", ".dbf"])
@pytest.mark.parametrize("kept", [0, 20, 99, 101, 150, 300])
def test_a_part_cut_short_is_refused(parks, suffix, kept):
    part = parks.with_suffix(suffix)
    content = part.read_bytes()
    part.write_bytes(content[: min(kept, len(content) - 2)])
    with pytest.raises(InputError):
        read_layer(parks)
    with pytest.raises(InputError):
        list_layers(parks)


def test_a_shp_cut_between_two_shapes_is_refused_where_nothing_else_counts_them(parks):
    for suffix in (".shx", ".dbf"):
        parks.with_suffix(suffix).unlink()
    parks.write_bytes(parks.read_bytes()[: 100 + 8 + 128])
    with pytest.raises(InputError, match="cut short") as caught:
        read_layer(parks)
    assert (caught.value.expected, caught.value.found) == (100 + 2 * (8 + 128), 100 + 8 + 128)


@pytest.mark.parametrize("order", [1, -1])
def test_a_text_that_once_does_not_fill_its_field_may_not_end_in_half_a_character(tmp_path, order):
    half = "公园".encode("gbk")[:3]
    rows = [[b" " + half], [half + b" "]][::order]
    table = read_dbf(write_shapefile(tmp_path / "a.shp", [text("n", 4)], rows).with_suffix(".dbf"))
    assert table.texts(table.fields[0]) == {half: False}


def test_a_corrupt_shape_is_refused_with_its_row(parks):
    content = bytearray(parks.read_bytes())
    second = 100 + 8 + 128 + 8  # header, head and content of the first record, head of the second
    content[second + 40 : second + 44] = (10**6).to_bytes(4, "little")  # points that are not there
    parks.write_bytes(content)
    with pytest.raises(GeometryError) as caught:
        read_layer(parks)
    assert caught.value.rows == (1,)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of GDAL, about the junk
@given(
    st.binary(max_size=40), st.integers(0, 400), st.sampled_from([".shp", ".shx", ".dbf", ".prj"])
)
def test_whatever_a_part_holds_the_answer_is_a_layer_or_a_refusal(
    tmp_path_factory, junk, at, suffix
):
    path = tmp_path_factory.mktemp("junk") / "parks.shp"
    write_shapefile(path, [text("名称")], gbk(*PARKS))
    part = path.with_suffix(suffix)
    content = bytearray(part.read_bytes())
    content[at : at + len(junk)] = junk
    part.write_bytes(content)
    with suppress(GreenspaceError):
        read_layer(path)
    with suppress(GreenspaceError):
        list_layers(path)


# CRS


@pytest.mark.parametrize("code", [4547, 4525, 2363, 2382, 4490])
def test_the_esri_names_of_chinese_systems_are_known(tmp_path, code):
    wkt = CRS.from_epsg(code).to_wkt("WKT1_ESRI")
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"]], prj=wkt)
    assert ShapefileReader(path).read("a").frame.crs.to_epsg() == code


def test_a_system_under_a_name_of_its_own_gets_its_code_and_says_so(tmp_path):
    wkt = CGCS2000.replace("CGCS2000_3_Degree_GK_CM_114E", "MyCity")
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"]], prj=wkt)
    frame = read_layer(path)
    assert frame.crs.to_epsg() == 4547
    assert codes(frame) == ["crs_identified"]
    assert "MyCity" in frame.attrs["findings"][0].text.zh


def test_a_meridian_of_the_citys_own_gets_no_code(tmp_path):
    wkt = CGCS2000.replace('Meridian",114.0', 'Meridian",114.3')
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"]], prj=wkt)
    assert read_layer(path).crs.to_epsg() is None


@pytest.mark.parametrize("prj", [None, "", "garbage", CGCS2000[:80]])
def test_a_missing_or_broken_prj_is_refused_until_a_crs_is_given(tmp_path, prj):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"]], prj=prj)
    with pytest.raises(CrsError, match="no CRS"):
        read_layer(path)
    frame = read_layer(path, crs=4547)
    assert frame.crs.to_epsg() == 4547
    assert codes(frame) == ([] if prj is None else ["prj_unreadable"])
    assert list_layers(path)[0].crs is None


# Real files


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("olinda/olinda1.shp", ["encoding_unknown"]),  # São, which GB18030 takes for a character
        ("finland_topo/m_L4132R_p.shp", []),
        ("riverside/Census_Tracts_2020.shp", []),
        ("dirty/pyogrio/naturalearth_lowres/naturalearth_lowres.shp", ["encoding_said"]),
    ],
)
def test_public_shapefiles_read_as_gdal_reads_them(real_data, name, told):
    path = real_data / name
    frame = read_layer(path)
    independent = gpd.read_file(path)
    assert codes(frame) == told
    pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(independent))
