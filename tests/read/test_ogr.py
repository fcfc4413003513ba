"""OGR files, by hand, by property and by refusal: nothing is lost without being counted."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box

from greenspace.errors import CrsError, EncodingError, GeometryError, InputError
from greenspace.read.vector import list_layers, read_layer
from tests.read.arcs import broken_ring, circle, tin, write_shapes

SQUARE = shapely.to_wkb(box(0, 0, 1, 1))
DXF = (
    "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n{page}0\nENDSEC\n"
    "0\nSECTION\n2\nENTITIES\n"
    "0\nLWPOLYLINE\n8\n绿地\n90\n3\n70\n1\n10\n0\n20\n0\n10\n9\n20\n0\n10\n9\n20\n9\n"
    "0\nCIRCLE\n8\n水域\n10\n5\n20\n5\n40\n2\n0\nENDSEC\n0\nEOF\n"
)


def findings(frame):
    return {finding.code: finding for finding in frame.attrs["findings"]}


def counts(frame):
    return {code: finding.count for code, finding in findings(frame).items()}


# Shapes that cannot be built


def test_shapes_that_cannot_be_built_are_left_out_and_named_by_their_rows(tmp_path):
    path = write_shapes(tmp_path / "a.gpkg", [SQUARE, tin(), None, broken_ring(), SQUARE])
    frame = read_layer(path)
    assert frame["n"].tolist() == [0, 2, 4]
    lost = findings(frame)["unbuildable_shape"]
    assert (lost.count, lost.rows, lost.severity, lost.layer) == (2, (1, 3), "warning", "parks")
    assert "TIN" in lost.text.zh


def test_a_collection_that_holds_arcs_is_no_shape_that_can_be_built(tmp_path):
    hidden = struct.pack("<BII", 1, 7, 1) + circle()
    frame = read_layer(write_shapes(tmp_path / "a.gpkg", [SQUARE, hidden]))
    lost = findings(frame)["unbuildable_shape"]
    assert (lost.rows, len(frame)) == ((1,), 1)
    assert "Curve" in lost.text.en or "curves" in lost.text.en


def test_the_rows_of_a_file_keep_their_numbers_when_others_go(tmp_path):
    path = write_shapes(tmp_path / "a.gpkg", [tin(), SQUARE])
    assert read_layer(path).index.tolist() == [1]


def test_a_layer_of_which_no_shape_can_be_built_is_refused_with_their_kind(tmp_path):
    path = write_shapes(tmp_path / "a.gpkg", [tin(), None, tin()])
    with pytest.raises(GeometryError) as caught:
        read_layer(path)
    assert (caught.value.layer, caught.value.found) == ("parks", "TIN")
    assert caught.value.rows == (0, 2)


def test_a_layer_of_nothing_but_nulls_is_read_for_others_to_judge(tmp_path):
    frame = read_layer(write_shapes(tmp_path / "a.gpkg", [None, None]))
    assert frame.geometry.isna().tolist() == [True, True]
    assert counts(frame) == {}


# Arcs


def test_a_circle_loses_what_chords_of_one_degree_lose(tmp_path):
    frame = read_layer(write_shapes(tmp_path / "a.gpkg", [circle(100.0), SQUARE]))
    step = math.radians(1.0)  # a regular 360-gon in a circle: area r² · 360/2 · sin 1°
    assert frame.area[0] == pytest.approx(math.pi * 100**2 * math.sin(step) / step, rel=1e-6)
    assert 1 - frame.area[0] / (math.pi * 100**2) < 0.6e-4
    assert counts(frame) == {"arcs_made_straight": 1}
    text = findings(frame)["arcs_made_straight"].text
    assert "0.0038%" in text.en  # 1 - cos 0.5°
    assert "0.0051%" in text.zh  # 1 - sin 1° / 1° in radians


def test_no_chord_is_further_from_its_arc_than_is_said(tmp_path):
    frame = read_layer(write_shapes(tmp_path / "a.gpkg", [circle(1.0)]))
    ring = shapely.get_exterior_ring(frame.geometry[0])
    middles = shapely.get_coordinates(shapely.segmentize(ring, 0.0088))  # half of a chord
    distances = (middles**2).sum(axis=1) ** 0.5
    assert 1 - distances.min() == pytest.approx(1 - math.cos(math.radians(0.5)), rel=0.02)


def test_a_layer_that_calls_itself_polygons_has_its_arcs_counted_too(tmp_path):
    path = write_shapes(tmp_path / "a.gpkg", [circle(), circle(), SQUARE], kind="MULTIPOLYGON")
    assert counts(read_layer(path))["arcs_made_straight"] == 2


def test_a_curve_of_straight_pieces_counts_by_its_kind(tmp_path):
    line = shapely.to_wkb(LineString([(0, 0), (1, 1)]))
    compound = b"\x01\x09\x00\x00\x00\x01\x00\x00\x00" + line
    frame = read_layer(write_shapes(tmp_path / "a.gpkg", [compound]))
    assert counts(frame) == {"arcs_made_straight": 1}
    assert shapely.get_num_coordinates(frame.geometry[0]) == 2


def test_reading_leaves_the_settings_of_gdal_alone(tmp_path):
    path = write_shapes(tmp_path / "a.gpkg", [circle()])
    keys = ("OGR_ARC_STEPSIZE", "GML_DOWNLOAD_SCHEMA", "CPL_VSIL_CURL_ALLOWED_FILENAME")
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": "7"})
    try:
        read_layer(path)
        with pytest.raises(InputError):
            read_layer(path, layer="no")
        assert [pyogrio.get_gdal_config_option(key) for key in keys] == [7, None, None]
    finally:
        pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": None})


# Heights and measures


def test_heights_are_dropped_and_counted(tmp_path):
    shapes = [Point(1, 2, 3), Point(1, 2), None, Point(4, 5, 6)]
    path = write_shapes(tmp_path / "a.gpkg", [s and shapely.to_wkb(s) for s in shapes])
    frame = read_layer(path)
    assert not frame.has_z.any()
    assert counts(frame) == {"height_dropped": 2}
    assert frame.geometry[3] == Point(4, 5)


# The soup


def wkb(shape):
    return shapely.to_wkb(shape, output_dimension=4, flavor="iso")


BUILT = [
    wkb(Point(1, 2)),
    wkb(Point(1, 2, 3)),
    wkb(LineString()),
    wkb(LineString([(0, 0, 1), (2, 2, 2)])),
    wkb(shapely.from_wkt("LINESTRING M (0 0 5, 1 1 6)")),
    SQUARE,
    wkb(MultiPolygon()),
    wkb(MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)])),
    wkb(shapely.GeometryCollection([Point(1, 1), box(0, 0, 1, 1)])),
    wkb(shapely.from_wkt("POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0))")),
    circle(3.0),
]
UNBUILT = [tin(), broken_ring()]


@given(st.lists(st.sampled_from([None, *BUILT, *UNBUILT]), min_size=1, max_size=12))
def test_of_any_soup_of_shapes_the_counts_add_up(tmp_path_factory, soup):
    path = write_shapes(tmp_path_factory.mktemp("soup") / "a.gpkg", soup)
    meant = [shape for shape in soup if shape is not None]
    lost = [n for n, shape in enumerate(soup) if shape in UNBUILT]
    if meant and len(lost) == len(meant):
        with pytest.raises(GeometryError) as caught:
            read_layer(path)
        assert caught.value.rows == tuple(lost)
        return
    frame = read_layer(path)
    told = counts(frame)
    assert len(frame) + told.get("unbuildable_shape", 0) == len(soup)
    assert frame["n"].tolist() == [n for n in range(len(soup)) if n not in lost]
    assert told.get("unbuildable_shape", 0) == len(lost)
    assert told.get("arcs_made_straight", 0) == soup.count(circle(3.0))
    assert told.get("height_dropped", 0) == sum(soup.count(BUILT[at]) for at in (1, 3))
    assert not frame.has_z.any()


# Formats


@pytest.mark.parametrize(
    "name", ["a.gpkg", "a.shp", "a.geojson", "a.fgb", "a.gml", "a.kml", "a.tab", "a.gdb"]
)
def test_every_common_kind_gives_the_same_rows(tmp_path, name):
    driver = {"a.kml": "KML", "a.gml": "GML", "a.tab": "MapInfo File", "a.gdb": "OpenFileGDB"}
    given_rows = gpd.GeoDataFrame(
        {"Name": ["人民公园", "b"]},
        geometry=[box(114, 30, 114.1, 30.1), box(115, 30, 115.1, 30.2)],
        crs=4326,
    )
    given_rows.to_file(tmp_path / name, driver=driver.get(name))
    frame = read_layer(tmp_path / name)
    frame = frame.sort_values("Name", ascending=False)  # FlatGeobuf keeps its rows by place
    assert frame["Name"].tolist() == ["人民公园", "b"]
    assert shapely.area(frame.geometry.values) == pytest.approx([0.01, 0.02], rel=1e-6)
    assert frame.crs.equals(given_rows.crs, ignore_axis_order=True)
    assert len(list_layers(tmp_path / name)) == 1


def test_reading_a_gml_writes_nothing_beside_it(tmp_path):
    path = tmp_path / "a.gml"
    gpd.GeoDataFrame({"n": [1]}, geometry=[Point(1, 2)], crs=4326).to_file(path, driver="GML")
    before = sorted(item.name for item in tmp_path.iterdir())
    path.with_suffix(".xsd").unlink()
    before.remove("a.xsd")
    assert len(read_layer(path, layer=list_layers(path)[0].name)) == 1
    assert sorted(item.name for item in tmp_path.iterdir()) == before


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize(
    "page", ["", "9\n$DWGCODEPAGE\n3\nANSI_936\n", "9\n$DWGCODEPAGE\n3\nANSI_1252\n"]
)
def test_chinese_layers_of_a_dxf_are_read_whatever_code_page_it_claims(tmp_path, encoding, page):
    path = tmp_path / "a.dxf"
    path.write_bytes(DXF.format(page=page).encode(encoding))
    frame = read_layer(path, crs=4547)
    assert frame["Layer"].tolist() == ["绿地", "水域"]
    assert frame.geom_type.tolist() == ["LineString", "LineString"]
    assert shapely.get_num_coordinates(frame.geometry[1]) == 361  # chords of 1°
    expected = {"arcs_made_straight": None} | (
        {"encoding_detected": None} if encoding == "gbk" else {}
    )
    assert counts(frame) == expected
    assert read_layer(path, crs=4547, encoding=encoding)["Layer"].tolist() == ["绿地", "水域"]


def test_a_dxf_in_an_encoding_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "a.dxf").write_bytes(DXF.format(page="").encode("gbk"))
    with pytest.raises(EncodingError):
        read_layer(tmp_path / "a.dxf", crs=4547, encoding="utf-8")


def test_a_dxf_is_refused_without_a_crs(tmp_path):
    (tmp_path / "a.dxf").write_bytes(DXF.format(page="").encode())
    with pytest.raises(CrsError, match="DXF does not record"):
        read_layer(tmp_path / "a.dxf")


# GeoJSON


def write_geojson(path, where, crs=""):
    path.write_text(
        f'{{"type": "FeatureCollection", {crs} "features": [{{"type": "Feature", "properties": '
        f'{{"DLBM": "0810"}}, "geometry": {{"type": "Point", "coordinates": {where}}}}}]}}'
    )
    return path


def test_a_geojson_beyond_all_degrees_is_not_taken_for_wgs_84(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", [500000, 3400000])
    with pytest.raises(CrsError, match="no degrees"):
        read_layer(path)
    assert read_layer(path, crs=4547).crs.to_epsg() == 4547


@pytest.mark.parametrize(
    "member",
    ["null", '{"type": "name", "properties": {"name": "EPSG:999999"}}', '{"type": "name"}'],
)
def test_a_geojson_that_disowns_its_crs_is_not_taken_for_wgs_84(tmp_path, member):
    path = write_geojson(tmp_path / "a.geojson", [114, 30], f'"crs": {member},')
    with pytest.raises(CrsError, match="crs member"):
        read_layer(path)
    assert read_layer(path, crs=4490).crs.to_epsg() == 4490


@pytest.mark.parametrize("name", ["EPSG:4547", "urn:ogc:def:crs:EPSG::4547"])
def test_a_geojson_that_names_its_crs_is_believed(tmp_path, name):
    member = f'"crs": {{"type": "name", "properties": {{"name": "{name}"}}}},'
    path = write_geojson(tmp_path / "a.geojson", [500000, 3400000], member)
    assert read_layer(path).crs.to_epsg() == 4547


def test_codes_of_text_keep_their_zeros(tmp_path):
    frame = read_layer(write_geojson(tmp_path / "a.geojson", [114, 30]))
    assert frame["DLBM"].tolist() == ["0810"]


# Codes


def test_land_codes_that_are_numbers_become_text_with_a_warning(tmp_path):
    path = tmp_path / "dltb.gpkg"
    shapes = [Point(0, 0), Point(1, 1), Point(2, 2)]
    gpd.GeoDataFrame({"DLBM": [810.0, None, 1101.0]}, geometry=shapes, crs=4547).to_file(path)
    frame = read_layer(path, columns={"class": "DLBM"})
    assert frame["class"].fillna("-").tolist() == ["810", "-", "1101"]
    assert counts(frame) == {"codes_are_numbers": 2}


def test_land_codes_with_letters_come_as_they_are(tmp_path):
    codes = ["0301K", "05H1", "0810", "0810A"]
    gpd.GeoDataFrame({"DLBM": codes}, geometry=[Point(0, 0)] * 4, crs=4547).to_file(
        tmp_path / "a.gdb", driver="OpenFileGDB"
    )
    frame = read_layer(tmp_path / "a.gdb")
    assert frame["DLBM"].tolist() == codes
    assert counts(frame) == {}


def test_what_gdal_remarks_becomes_a_finding(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
        '"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}}, {"type": '
        '"Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}]}'
    )
    frame = read_layer(path)
    assert "ring" in findings(frame)["file_remark"].text.en


def test_a_plain_table_in_a_geodatabase_is_refused(tmp_path):
    path = Path(tmp_path / "a.gdb")
    pyogrio.write_dataframe(
        gpd.GeoDataFrame({"n": ["1"]}), path, driver="OpenFileGDB", layer="people"
    )
    with pytest.raises(GeometryError, match="no shapes"):
        read_layer(path, layer="people")


def test_an_attribute_that_is_called_crs_says_nothing_of_the_crs(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", [114, 30])
    path.write_text(path.read_text().replace('"DLBM": "0810"', '"crs": null'))
    assert read_layer(path).crs.to_epsg() == 4326
