"""Tables of text, by hand and by refusal: which column is east is said, told, or asked."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from greenspace.errors import ColumnError, CrsError, EncodingError, GeometryError, InputError
from greenspace.read.city import read_city
from greenspace.read.vector import list_layers, read_layer


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def table(tmp_path):
    return lambda text, encoding="utf-8", name="a.csv": write(tmp_path / name, text, encoding)


def counts(frame):
    return {finding.code: finding.count for finding in frame.attrs["findings"]}


def places(frame):
    return [(point.x, point.y) for point in frame.geometry]


# Columns


@pytest.mark.parametrize(
    ("east", "north"),
    [
        ("lon", "lat"),
        ("Longitude", "Latitude"),
        ("经度", "纬度"),
        ("经度（°）", "纬度（°）"),
        ("LNG", "LAT"),
    ],
)
def test_degrees_are_found_by_their_names(table, east, north):
    path = table(f"名称,{north},{east}\n人民公园,30.5,114.25\n")
    frame = read_layer(path, crs=4490)
    assert places(frame) == [(114.25, 30.5)]
    assert frame["名称"].tolist() == ["人民公园"]
    assert counts(frame) == {}


@pytest.mark.parametrize(
    ("east", "north"),
    [
        ("东坐标", "北坐标"),
        ("横坐标(m)", "纵坐标(m)"),
        ("Easting", "Northing"),
        ("x", "y"),
        ("X_坐标", "Y_坐标"),
        ("POINT_X", "POINT_Y"),
    ],
)
def test_metres_are_found_by_their_names(table, east, north):
    frame = read_layer(table(f"{east},{north}\n500100.5,3400000\n"), crs=4547)
    assert places(frame) == [(500100.5, 3400000.0)]


@pytest.mark.parametrize(
    ("x", "y"),
    [(3400000, 500100), (3400000, 38500100), (30.5, 114.25)],
    ids=["metres", "zoned", "degrees"],
)
def test_an_x_that_looks_like_north_is_refused_until_the_user_says_so(table, x, y):
    path = table(f"X,Y\n{x},{y}\n")
    with pytest.raises(ColumnError, match="north first") as caught:
        read_layer(path, crs=4547)
    assert 'x = "Y", y = "X"' in caught.value.sentence("zh")
    crs = 4490 if y < 200 else 4547 if y < 1e6 else 4526
    frame = read_layer(path, crs=crs, columns={"x": "Y", "y": "X"})
    assert places(frame) == [(y, x)]
    assert frame["x"].tolist() == [str(y)]


def test_coordinates_called_degrees_that_are_none_are_refused(table):
    with pytest.raises(ColumnError, match="called degrees"):
        read_layer(table("lon,lat\n500100,3400000\n"), crs=4547)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "No columns"),
        ("114.1,30.2\n114.3,30.4\n", "No columns"),
        ("lon,lat,x,y\n1,2,3,4\n", "Several columns"),
        ("lon,lng,lat\n1,2,3\n", "Several columns"),
        ('wkt,x,y\n"POINT (1 2)",1,2\n', "Several columns"),
    ],
)
def test_none_or_several_candidates_are_refused_with_how_to_name_them(table, text, reason):
    with pytest.raises(ColumnError, match=reason) as caught:
        read_layer(table(text), crs=4547)
    assert "columns = { x =" in caught.value.sentence("en")
    assert list_layers(table(text))[0].geometry_type is None


def test_the_columns_that_are_named_are_used(table):
    path = table("lon,lat,x0,y0,shape\n1,2,500001,3400002,POINT (7 8)\n")
    frame = read_layer(path, crs=4547, columns={"x": "x0", "y": "y0"})
    assert places(frame) == [(500001, 3400002)]
    frame = read_layer(path, crs="local-metre", columns={"wkt": "shape"})
    assert places(frame) == [(7, 8)]


@pytest.mark.parametrize("columns", [{"x": "a"}, {"x": "a", "wkt": "b"}, {"x": "a", "y": "no"}])
def test_columns_that_are_half_named_or_not_there_are_refused(table, columns):
    with pytest.raises(ColumnError):
        read_layer(table("a,b\n1,2\n"), crs=4547, columns=columns)


def test_a_table_says_no_crs(table):
    with pytest.raises(CrsError, match="does not record its CRS"):
        read_layer(table("lon,lat\n114,30\n"))


# Values


def test_rows_without_coordinates_are_kept_and_counted(table):
    frame = read_layer(table("x,y,n\n1,2,a\n,2,b\n 3 , 4 ,c\n,,d\n"), crs="local-metre")
    assert frame["n"].tolist() == ["a", "b", "c", "d"]
    assert frame.geometry.isna().tolist() == [False, True, False, True]
    assert frame.attrs["findings"][0].rows == (1, 3)
    assert counts(frame)["coordinates_missing"] == 2
    assert frame.geometry[2] == Point(3, 4)


def test_full_width_numbers_are_numbers(table):
    frame = read_layer(table("x,y\n\uff11\uff12\uff0e\uff15,\uff0d\uff13\n"), crs="local-metre")
    assert places(frame) == [(12.5, -3)]


@pytest.mark.parametrize(
    "value", ["无", "114°30′", '"500,100.5"', "nan", "inf", "0x10", "1e999", "1_0"]
)
def test_a_coordinate_that_is_no_number_is_refused_with_its_row(table, value):
    path = table(f"x,y\n1,2\n{value},3\n")
    with pytest.raises(ColumnError, match="no number") as caught:
        read_layer(path, crs="local-metre")
    assert (caught.value.rows, caught.value.column) == ((1,), "x")


def test_codes_stay_text_and_numbers_become_numbers(table):
    path = table("x,y,DLBM,id,n,f,mixed\n1,2,0810,110101199001011234,3,1.50,5\n3,4,0301K,2,,2,x\n")
    frame = read_layer(path, crs="local-metre")
    assert frame["DLBM"].tolist() == ["0810", "0301K"]
    assert frame["id"].tolist() == ["110101199001011234", "2"]
    assert frame["n"].fillna(-1).tolist() == [3, -1]
    assert frame["f"].tolist() == [1.5, 2.0]
    assert frame["mixed"].tolist() == ["5", "x"]


def test_codes_of_digits_alone_keep_their_zeros(table):
    frame = read_layer(table("x,y,DLBM\n1,2,0810\n1,2,0701\n"), crs="local-metre")
    assert frame["DLBM"].tolist() == ["0810", "0701"]


# Shapes in words


def test_shapes_in_words_are_read_and_what_cannot_be_built_is_counted(table):
    path = table(
        "id\tWKT\n1\tPOLYGON ((0 0, 1 0, 1 1, 0 0))\n2\tTIN (((0 0 0, 0 0 1, 0 1 0, 0 0 0)))\n3\t\n"
        "4\tPOINT Z (1 2 3)\n5\tCURVEPOLYGON (CIRCULARSTRING (0 0, 1 1, 2 0, 1 -1, 0 0))\n6\tnonsense\n"
    )
    frame = read_layer(path, crs="local-metre")
    assert frame["id"].tolist() == [1, 3, 4, 5]
    assert frame.area.fillna(0).tolist() == pytest.approx([0.5, 0, 0, 3.14143], rel=1e-5)
    expected = {"unbuildable_shape": 2, "arcs_made_straight": 1, "height_dropped": 1}
    assert {code: counts(frame)[code] for code in expected} == expected
    assert frame.attrs["findings"][0].rows == (1, 5)


def test_words_of_which_none_is_a_shape_are_refused(table):
    with pytest.raises(GeometryError, match="TIN"):
        read_layer(table('wkt\n"TIN (((0 0 0, 0 0 1, 0 1 0, 0 0 0)))"\n'), crs=4547)


def test_a_column_called_geometry_does_not_clash_with_the_shapes(table):
    frame = read_layer(table('geometry,n\n"POINT (1 2)",3\n'), crs="local-metre")
    assert frame["n"].tolist() == [3]
    assert places(frame) == [(1, 2)]


def test_a_manifest_may_say_where_a_table_keeps_its_places(tmp_path):
    town = gpd.GeoDataFrame(geometry=[box(0, 0, 9, 9)], crs=4547)
    town.to_file(tmp_path / "town.gpkg")
    write(tmp_path / "entrances.csv", "X,Y,公园\n3,1,a\n,,b\n", "gb18030")
    manifest = tmp_path / "city.toml"
    manifest.write_text(
        '[city]\nname = "x"\n[layers.built_up]\npath = "town.gpkg"\n[layers.entrances]\n'
        'path = "entrances.csv"\ncrs = "EPSG:4547"\ncolumns = { x = "Y", y = "X", park = "公园" }\n',
        encoding="utf-8",
    )
    city = read_city(manifest)
    assert places(city.layers["entrances"]) == [(1, 3)]
    codes = {finding.code for finding in city.findings if finding.layer == "entrances"}
    assert codes == {"encoding_detected", "coordinates_missing", "missing_shape"}


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_told_from_the_bytes(table, encoding):
    frame = read_layer(table("经度,纬度,名称\n114.5,30.5,人民公园绿地\n", encoding), crs=4490)
    assert frame["名称"].tolist() == ["人民公园绿地"]
    assert counts(frame) == ({"encoding_detected": None} if encoding == "gb18030" else {})


def test_the_encoding_that_is_named_is_used_or_refused(table):
    path = table("lon,lat,n\n114.5,30.5,Café\n", "latin-1")
    assert read_layer(path, crs=4490, encoding="latin-1")["n"].tolist() == ["Café"]
    for encoding in ("utf-8", "no such", None):
        with pytest.raises(EncodingError):
            read_layer(path, crs=4490, encoding=encoding)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_from_the_first_line(table, separator):
    text = "lon,lat,n\r\n114.5,30.5,a b\r\n".replace(",", separator)
    assert places(read_layer(table(text), crs=4490)) == [(114.5, 30.5)]


@pytest.mark.parametrize("row", ["1,2,3,4", "1,2", '1,"2,3', '1,2,"a"b'])
def test_rows_that_do_not_fit_the_first_line_are_refused(table, row):
    with pytest.raises(InputError, match="do not fit") as caught:
        read_layer(table(f"x,y,n\n1,2,3\n{row}\n"), crs=4547)
    assert caught.value.rows == (() if '"' in row else (1,))


def test_blank_lines_are_no_rows(table):
    path = table("\nx,y\n1,2\n\n  \n3,4\n\n")
    assert places(read_layer(path, crs="local-metre")) == [(1, 2), (3, 4)]


def test_a_shape_in_words_may_be_longer_than_the_csv_module_takes(table):
    ring = ", ".join(f"{at} 0" for at in range(30_000))
    path = table(f'wkt\n"LINESTRING ({ring})"\n')
    assert read_layer(path, crs="local-metre").length.tolist() == [29_999]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("n,x,y,x", {}),
        ("wkt,wkt,n,m", {}),
        ("a,b,a,n", {"x": "a", "y": "b"}),
        ("x,y,n,n", {"name": "n"}),
    ],
)
def test_a_used_column_that_is_there_twice_is_refused(table, head, columns):
    path = table(f"{head}\n1,2,3,4\n")
    with pytest.raises(ColumnError, match="twice") as caught:
        read_layer(path, crs=4547, columns=columns)
    assert head.split(",").count(caught.value.column) == 2
    assert len(list_layers(path)[0].columns) == 4


def test_other_columns_without_a_name_of_their_own_are_renamed_and_told(table):
    frame = read_layer(table("x,y,n,n,,n_\n1,2,a,b,c,d\n"), crs="local-metre")
    assert frame[["n", "n__", "field", "n_"]].to_numpy().tolist() == [["a", "b", "c", "d"]]
    assert counts(frame) == {"field_renamed": 2}


def test_an_unnamed_first_column_of_a_table_with_tabs_is_kept(table):
    frame = read_layer(table("\tx\ty\nk\t1\t2\n"), crs="local-metre")
    assert (frame["field"].tolist(), places(frame)) == (["k"], [(1, 2)])


@pytest.mark.parametrize(
    ("cell", "severity"), [('"two\nlines"', "note"), ('"stray\n3,4,b\n5,6,"', "warning")]
)
def test_text_over_several_lines_is_told_as_a_quote_may_have_swallowed_rows(table, cell, severity):
    frame = read_layer(table(f"x,y,n\n7,8,z\n1,2,{cell}\n9,9,c\n"), crs="local-metre")
    (finding,) = frame.attrs["findings"]
    assert (finding.code, finding.rows, finding.severity) == (
        "text_with_line_breaks",
        (1,),
        severity,
    )


@pytest.mark.parametrize("text", ["", "\n", "x,y\n"])
def test_a_table_without_rows_is_refused_or_empty(table, text):
    if text.strip():
        assert len(read_layer(table(text), crs=4547)) == 0
        return
    with pytest.raises(InputError):
        read_layer(table(text), crs=4547)


@given(
    st.lists(
        st.tuples(
            st.floats(-9e4, 9e4), st.floats(-9e4, 9e4), st.text("ab公园,;\"'\n ", max_size=5)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_table_that_can_be_written_is_read_back(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [("x", "y", "n"), *((repr(x), repr(y), n) for x, y, n in rows)]
        )
    frame = read_layer(path, crs="local-metre")
    assert places(frame) == [(x, y) for x, y, _ in rows]
    assert frame["n"].fillna("").tolist() == [n for *_, n in rows]
