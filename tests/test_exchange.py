"""Writing and reading back: a layer comes back equal, or is refused, and nothing else happens."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from greenspace.errors import ColumnError, EncodingError, GeometryError, GreenspaceError, InputError
from greenspace.exchange import write_layer
from greenspace.model.crs import local_metre
from greenspace.read.vector import list_layers, read_layer
from tests.written import KINDS, RARE, SQUARE, codes, layer, values

# Round trips


@pytest.mark.parametrize("kind", KINDS)
def test_chinese_names_come_back_from_every_kind_of_file(tmp_path, kind):
    written = write_layer(layer(), tmp_path / f"清河 绿地{kind}")

    back = read_layer(written.path)
    assert values(back) == values(layer())
    assert list(back.columns) == ["公园绿地名称", "面积", "等级", "geometry"]
    assert [info.name for info in list_layers(written.path)] == ["清河 绿地"] == [written.layer]
    assert list_layers(written.path)[0].columns == ("公园绿地名称", "面积", "等级")


@pytest.mark.parametrize("sidecar", [True, False], ids=["with .cpg", "without .cpg"])
@pytest.mark.parametrize(
    ("encoding", "cut", "language"), [("gbk", "公园绿地名", 0x4D), ("utf-8", "公园绿", 0)]
)
def test_a_long_chinese_field_comes_back_with_and_without_its_cpg(
    tmp_path, encoding, cut, language, sidecar
):
    written = write_layer(layer(), tmp_path / "parks.shp", encoding=encoding)
    assert written.names == {cut: "公园绿地名称"}
    assert written.encoding == encoding
    assert written.path.with_suffix(".cpg").read_text(encoding="ascii") == encoding.upper()
    assert written.path.with_suffix(".dbf").read_bytes()[29] == language
    if not sidecar:
        written.path.with_suffix(".cpg").unlink()

    back = read_layer(written.path)
    assert values(back) == values(layer())
    assert "names_restored" in {finding.code for finding in back.attrs["findings"]}
    written.path.with_suffix(".names.csv").unlink()
    assert list(read_layer(written.path).columns) == [cut, "面积", "等级", "geometry"]


def test_gbk_is_chosen_where_all_text_fits_and_utf8_where_not(tmp_path):
    assert write_layer(layer(), tmp_path / "a.shp").encoding == "gbk"
    rare = layer({"名": ["人民公园", f"{RARE}园"]})
    written = write_layer(rare, tmp_path / "b.shp")
    assert written.encoding == "utf-8"
    assert codes(written) == {"encoding_chosen"}
    assert values(read_layer(written.path)) == values(rare)
    assert write_layer(layer({"名": ["㙍", ""]}), tmp_path / "c.shp").encoding == "utf-8"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["a!b", "x?y=1#z;w", "绿 地|层", "zip:", 'it\'s "so"'])
def test_a_folder_may_be_called_as_it_likes(tmp_path, kind, place):
    written = write_layer(layer(), tmp_path / place / f"{place}{kind}")
    assert values(read_layer(written.path)) == values(layer())
    assert {path.parent for path in written.files} == {tmp_path / place}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "shapes",
    [
        [Point(500_000, 3_380_000), Point(500_001, 3_380_000)],
        [
            shapely.MultiPoint([(500_000, 3_380_000), (500_001, 3_380_000)]),
            Point(500_009, 3_380_000),
        ],
        [LineString([(500_000, 3_380_000), (500_050, 3_380_020)]), None],
        [SQUARE, MultiPolygon([SQUARE.buffer(-10), box(500_200, 3_380_000, 500_300, 3_380_050)])],
        [SQUARE.difference(SQUARE.buffer(-20)), SQUARE],
    ],
    ids=["points", "multipoints", "lines and none", "one and many", "a hole"],
)
def test_every_kind_of_shape_comes_back(tmp_path, kind, shapes):
    before = layer(shapes=shapes)
    back = read_layer(write_layer(before, tmp_path / f"x{kind}").path).to_crs(4547)
    for was, now in zip(before.geometry, back.geometry, strict=True):
        assert (was is None) == (now is None)
        assert was is None or was.hausdorff_distance(now) < 1e-6
        assert was is None or was.area == pytest.approx(now.area, rel=1e-9)


def test_without_a_suffix_a_geopackage_is_written(tmp_path):
    written = write_layer(layer(), tmp_path / "parks")
    assert written.path.name == "parks.gpkg"
    assert written.files == (written.path,)
    assert "2 rows" in str(written)


def test_an_empty_layer_comes_back_from_files_that_know_columns_without_rows(tmp_path):
    empty = layer().iloc[:0]
    for kind in (".gpkg", ".parquet"):
        back = read_layer(write_layer(empty, tmp_path / f"x{kind}").path)
        assert (len(back), list(back.columns)) == (0, ["公园绿地名称", "面积", "等级", "geometry"])
    with pytest.raises(GeometryError):
        write_layer(empty, tmp_path / "x.shp")
    with pytest.raises(ColumnError):
        write_layer(empty, tmp_path / "x.geojson")


def test_heights_and_row_labels_are_left_out_and_said(tmp_path):
    high = layer(shapes=[shapely.force_3d(SQUARE, 7.0), SQUARE]).set_axis(["a", "b"])
    written = write_layer(high, tmp_path / "x.gpkg")
    assert codes(written) == {"height_dropped", "index_not_written"}
    assert written.findings[0].count == 1
    assert not read_layer(written.path).has_z.any()
    assert high.has_z.tolist() == [True, False]  # the caller's layer is unharmed


def test_dates_moments_truths_and_nulls_come_back(tmp_path):
    zoned = pd.Series(pd.to_datetime(["2026-06-12 10:30", None])).dt.tz_localize("Asia/Shanghai")
    before = layer(
        {
            "日": [dt.date(2026, 6, 12), None],
            "时": pd.to_datetime(["2026-06-12 10:30:00.125", None], format="ISO8601"),
            "区": zoned,
            "真": pd.array([True, None], dtype="boolean"),
            "数": pd.array([2**40, None], dtype="Int64"),
            "类": pd.Categorical(["G1", None]),
            "空": [None, None],
        }
    )
    back = read_layer(write_layer(before, tmp_path / "x.gpkg").path)
    assert back["日"].iloc[0] == pd.Timestamp("2026-06-12")
    assert back["时"].iloc[0] == pd.Timestamp("2026-06-12 10:30:00.125")
    assert back["区"].iloc[0] == zoned.iloc[0]
    assert values(back[["真", "数", "类", "空", "geometry"]])[0] == (True, 2**40, "G1", None)
    assert back.drop(columns="geometry").iloc[1].isna().all()


def test_a_shapefile_read_with_dates_can_be_written_again(tmp_path):
    before = layer({"日": [dt.date(2026, 6, 12), None]})
    once = write_layer(before, tmp_path / "a.shp").path
    again = write_layer(read_layer(once), tmp_path / "b.shp").path
    assert read_layer(again)["日"].iloc[0] == pd.Timestamp("2026-06-12")


@pytest.mark.parametrize("crs", [4547, 4490, 4326, 32650, 3857, 6933, 2362, 2414])
@pytest.mark.parametrize("kind", [".gpkg", ".shp"])
def test_the_reference_system_comes_back(tmp_path, crs, kind):
    before = layer(shapes=[box(114.0, 30.5, 114.1, 30.6), None], crs=4326).to_crs(crs)
    back = read_layer(write_layer(before, tmp_path / f"x{kind}").path)
    assert back.crs.equals(before.crs, ignore_axis_order=True)


def test_a_grid_of_the_citys_own_goes_into_a_geopackage_and_not_into_degrees(tmp_path):
    before = layer(crs=local_metre())
    assert values(read_layer(write_layer(before, tmp_path / "x.gpkg").path)) == values(before)
    with pytest.raises(GreenspaceError):
        write_layer(before, tmp_path / "x.geojson")


# Where a format keeps less


def test_what_a_shapefile_keeps_otherwise_is_counted(tmp_path):
    before = layer({"名": ["", "东园 "], "值": [1 / 3, 0.5]}, shapes=[SQUARE, Polygon()])
    written = write_layer(before, tmp_path / "x.shp")
    counts = {finding.code: finding.count for finding in written.findings}
    assert counts == {
        "empty_text": 1,
        "spaces_trimmed": 1,
        "decimals_rounded": 1,
        "empty_shapes": 1,
    }
    assert values(read_layer(written.path)) == [(None, 0.333333333333333), ("东园", 0.5)]


@pytest.mark.parametrize(
    ("column", "error"),
    [
        (["公" * 128, "园"], ColumnError),  # 256 bytes of GBK, two more than fit
        ([1e-20, 1.0], ColumnError),  # nothing is left of it in fifteen decimals
        ([2**62 + 1, 1], ColumnError),
        (pd.to_datetime(["2026-06-12 10:30", None]), ColumnError),
        ([f"{RARE}园", "东园"], EncodingError),
    ],
    ids=["long text", "tiny", "huge", "time of day", "not in GBK"],
)
def test_what_a_shapefile_would_lose_is_refused_with_row_and_column(tmp_path, column, error):
    with pytest.raises(error) as caught:
        write_layer(layer({"值": column}), tmp_path / "x.shp", encoding="gbk")
    assert (caught.value.column, caught.value.rows) == ("值", (0,))
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_shapes_that_a_shapefile_would_change_are_refused(tmp_path):
    far = shapely.transform(SQUARE, lambda at: at + 500)  # a hole beside the ground it is cut from
    astray = Polygon(SQUARE.exterior, [far.exterior])
    with pytest.raises(GeometryError) as caught:
        write_layer(layer(shapes=[SQUARE, astray]), tmp_path / "x.shp")
    assert caught.value.rows == (1,)
    with pytest.raises(GeometryError):
        write_layer(layer(shapes=[SQUARE, Point(0, 0)]), tmp_path / "x.shp")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "column",
    [[["a"], "b"], [1, "b"], [b"x", b"y"], [object(), None], [2**70, 1], [1.5, 2**60 + 1]],
    ids=["list", "number and text", "bytes", "object", "too great", "no float"],
)
def test_values_of_no_kind_are_refused(tmp_path, column):
    with pytest.raises(ColumnError) as caught:
        write_layer(layer({"值": pd.Series(column, dtype=object)}), tmp_path / "x.gpkg")
    assert caught.value.column == "值"


def test_broken_text_is_refused(tmp_path):
    with pytest.raises(EncodingError) as caught:
        write_layer(layer({"值": ["a", "b\0c"]}), tmp_path / "x.gpkg")
    assert caught.value.rows == (1,)


def test_columns_alike_but_for_capitals_become_two_fields(tmp_path):
    before = layer({"Name": ["a", "b"], "NAME": ["c", "d"], "fid": [5, 5], "geom": ["x", "y"]})
    assert values(read_layer(write_layer(before, tmp_path / "x.shp").path)) == values(before)
    with pytest.raises(InputError):
        write_layer(before, tmp_path / "x.gpkg")
    fewer = before.drop(columns="NAME")
    assert values(read_layer(write_layer(fewer, tmp_path / "x.gpkg").path)) == values(fewer)


TEXTS = st.none() | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6
)
NUMBERS = st.none() | st.floats(allow_nan=False, width=64)
WHOLE = st.none() | st.integers(-(2**63), 2**63 - 1)
TRUTHS = st.none() | st.booleans()
DAYS = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
RINGS = st.lists(st.tuples(*[st.integers(0, 9)] * 2), min_size=3, max_size=6)
SHAPES = [RINGS.map(Polygon), RINGS.map(LineString), RINGS.map(shapely.MultiPoint)]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


def cycle(shape):
    ring = list(shape.exterior.coords)[:-1]
    return min(way[k:] + way[:k] for way in (ring, ring[::-1]) for k in range(len(ring)))


def same(was, now):
    if was.normalize().equals_exact(now.normalize()):
        return True
    # GEOS gives a ring that meets itself another normal form from another first vertex
    return was.geom_type == now.geom_type == "Polygon" and cycle(was) == cycle(now)


def test_a_ring_that_meets_itself_is_the_same_from_any_vertex_and_either_way_round():
    was = Polygon([(0, 0), (0, 0), (3, 0), (2, 1), (2, 0)])
    assert same(was, Polygon([(2, 1), (3, 0), (0, 0), (0, 0), (2, 0)]))
    assert not same(was, Polygon([(0, 0), (0, 0), (2, 0), (3, 0), (2, 1)]))


@given(st.data(), st.sampled_from(KINDS))
def test_any_layer_comes_back_equal_or_is_refused(scratch, data, kind):
    rows = data.draw(st.integers(1, 3))
    kinds = data.draw(st.lists(st.sampled_from([TEXTS, NUMBERS, WHOLE, TRUTHS, DAYS]), max_size=3))
    names = data.draw(
        st.lists(st.text("公园绿地名称aA_ 1", min_size=1, max_size=8), unique=True,
                 min_size=len(kinds), max_size=len(kinds))
    )  # fmt: skip
    columns = {
        name: pd.Series(data.draw(st.lists(values, min_size=rows, max_size=rows)), dtype=object)
        for name, values in zip(names, kinds, strict=True)
    }
    shape = st.none() | data.draw(st.sampled_from([*SHAPES, st.one_of(SHAPES)]))
    shapes = data.draw(st.lists(shape, min_size=rows, max_size=rows))
    before = gpd.GeoDataFrame(columns, geometry=shapes, crs=4490 if kind != ".geojson" else 4326)
    try:
        written = write_layer(before, scratch / f"x{kind}", force=True)
    except GreenspaceError:
        return
    back = read_layer(written.path)
    told = {(finding.code, row) for finding in written.findings for row in finding.rows}
    added = [] if names or kind != ".shp" else ["FID"]  # a table needs a field
    assert list(back.columns) == [*names, *added, "geometry"]
    for row, (was, now) in enumerate(zip(before.geometry, back.geometry, strict=True)):
        assert (was is None or was.is_empty) == (now is None or now.is_empty)
        assert was is None or was.is_empty or same(was, now)
        for name in names:
            one, other = before[name][row], back[name][row]
            if pd.isna(one) or pd.isna(other):
                assert (pd.isna(one) and pd.isna(other)) or ("empty_text", row) in told
            elif isinstance(one, dt.date):
                assert pd.Timestamp(one) == other
            else:
                assert one == other or {("spaces_trimmed", row), ("decimals_rounded", row)} & told
