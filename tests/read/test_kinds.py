"""Which files are opened, by hand and by refusal: one's own shapes, by the literal path, offline."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, box

from greenspace.errors import CrsError, InputError
from greenspace.read.gdal import LiteralPath
from greenspace.read.kinds import kind_of_file
from greenspace.read.vector import list_layers, read_layer

SQUARE = gpd.GeoDataFrame({"n": [1]}, geometry=[box(0, 0, 1, 1)], crs=4547)
NAMES = [
    "!a", "a!b", "a|b", "a|layername=x", "a?b", "a?", "a#b", "a%20b", "a b", " a", "a;b", "a&b", "a=b",
    "-a", "--help", "http:a", "zip:a", "PG:a", "GPKG:a", "a@b", "{a}", "[a]", "a'b", 'a"b', "a$b", "~a",
    "公园 绿地（2024）", "vsizip", "a,b", "a*b", "a\nb", "a.zip", "é",
]  # fmt: skip


class Heard(BaseHTTPRequestHandler):
    """A server that only notes who came."""

    paths: list[str] = []  # noqa: RUF012 - one for all on purpose

    def do_GET(self):
        self.paths.append(self.path)
        self.send_error(404)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    server = HTTPServer(("127.0.0.1", 0), Heard)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    for kind in ("gpkg", "geojson", "shp", "csv"):
        (folder / kind).mkdir()
        if kind != "csv":
            SQUARE.to_file(folder / kind / f"plain.{kind}")
    (folder / "csv" / "plain.csv").write_text("x,y\n500000,3400000\n")
    return folder


@pytest.fixture(autouse=True)
def nobody_came():
    Heard.paths.clear()
    yield
    assert Heard.paths == []


# Paths


@pytest.mark.parametrize(
    ("name", "suffix"),
    [(name, suffix) for name in NAMES for suffix in (".gpkg", ".geojson", ".csv")]
    + [(name, ".shp") for name in ("!a", "a?b", "a;b", "a.zip", "公园 绿地（2024）")],
)
def test_a_path_means_the_file_of_that_name(tmp_path, plain, name, suffix):
    for part in (plain / suffix[1:]).iterdir():
        shutil.copy(part, tmp_path / f"{name}{part.suffix}")
    path = tmp_path / f"{name}{suffix}"
    given = 4547 if suffix == ".csv" else None
    assert len(read_layer(path, crs=given)) == 1
    assert len(list_layers(path)) == 1


@pytest.mark.parametrize("folder", ["a!b.zip", "http:", "zip:", "a?b", "vsizip", "公园"])
def test_a_folder_of_any_name_is_a_folder(tmp_path, folder, monkeypatch):
    (tmp_path / folder).mkdir()
    SQUARE.to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(tmp_path / folder / "a.gpkg")
    assert len(read_layer(tmp_path / folder / "a.gpkg")) == 1
    monkeypatch.chdir(tmp_path)
    assert len(read_layer(f"{folder}/a.gpkg")) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/{}/a.gpkg",
        "{}/a.gpkg",
        "zip+{}/a.zip",
        "/vsizip/a.zip/a.shp",
        "WFS:{}",
        "GPKG:a.gpkg",
        "zip://a.zip",
    ],
)
def test_an_address_is_no_file(path, address):
    with pytest.raises(InputError, match="does not exist"):
        read_layer(path.format(address))


def test_a_folder_that_is_called_like_a_virtual_file_system_is_a_folder():
    assert LiteralPath(Path("/vsizip/a.zip/a.shp")).startswith("/vsi")
    assert str.__str__(LiteralPath(Path("/vsizip/a.zip"))) == "/./vsizip/a.zip"
    assert str.__str__(LiteralPath(Path("/data/a.gpkg"))) == os.path.abspath("/data/a.gpkg")  # noqa: PTH100


# Files that reach for others


REACHING = {
    "a.vrt": "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/vsicurl/{}/x.geojson"
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "a.gml": "<?xml version='1.0'?><!-- opengis.net/gml --><OGRVRTDataSource><OGRVRTLayer name='x'>"
    "<SrcDataSource>{}/x.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "a.kml": "<kml><!-- <OGRVRTDataSource> --></kml>",
    "a.dxf": "999\n<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{}/x.geojson"
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>\n0\nSECTION\n0\nEOF\n",
    "a.xml": "<OGRWFSDataSource><URL>{}/wfs</URL></OGRWFSDataSource>",
    "b.xml": "<WFS_Capabilities version='1.0.0'><x>{}/wfs</x></WFS_Capabilities>",
    "a.gdalg.json": '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read '
    '/vsicurl/{}/x.geojson"}}',
    "a.geojson": '{{"type": "gdal_streamed_alg", "x": "FeatureCollection", "command_line": "read {}/x"}}',
}


@pytest.mark.parametrize("name", REACHING)
def test_a_file_that_points_at_others_is_refused_unopened(tmp_path, name, address):
    path = tmp_path / name
    path.write_text(REACHING[name].format(address))
    for read in (read_layer, list_layers):
        with pytest.raises(InputError, match="points at other files"):
            read(path)


def test_an_osm_extract_that_is_none_is_refused_unopened(tmp_path, address):
    path = tmp_path / "a.osm"
    path.write_text(REACHING["a.vrt"].format(address))
    with pytest.raises(InputError, match="points at other files"):
        read_layer(path, layer="parks")


def test_a_gml_does_not_fetch_its_schema(tmp_path, address):
    path = tmp_path / "a.gml"
    path.write_text(
        '<?xml version="1.0"?><wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:t="http://t" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://t '
        f'{address}/wfs?SERVICE=WFS&amp;VERSION=1.0.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=t:x">'
        '<gml:featureMember><t:x fid="1"><t:g><gml:Point srsName="EPSG:4547"><gml:coordinates>'
        "500000,3400000</gml:coordinates></gml:Point></t:g></t:x></gml:featureMember>"
        "</wfs:FeatureCollection>"
    )
    assert list_layers(path)[0].feature_count == 1
    assert read_layer(path).geometry.tolist() == [Point(500000, 3400000)]


def test_a_kml_follows_no_link(tmp_path, address):
    path = tmp_path / "a.kml"
    path.write_text(
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink>'
        f"<Link><href>{address}/n.kml</href></Link></NetworkLink><Placemark><name>a</name><styleUrl>"
        f"{address}/s.kml#s</styleUrl><Point><coordinates>114,30,5</coordinates></Point></Placemark>"
        "</Document></kml>"
    )
    frame = read_layer(path)
    assert [finding.code for finding in frame.attrs["findings"]] == ["height_dropped"]


@pytest.mark.parametrize("before", [True, False], ids=["first", "last"])
@pytest.mark.parametrize(
    "member",
    [
        '{"type": "link", "properties": {"href": "%s/crs", "type": "proj4"}}',
        '{"type": "URL", "properties": {"url": "%s/crs"}}',
        '{"type": "name", "properties": {"name": "%s/crs"}}',
    ],
)
def test_a_geojson_whose_crs_must_be_fetched_is_refused(tmp_path, member, address, before):
    crs = f'"crs": {member % address}'
    shapes = (
        '"features": [{"type": "Feature", "properties": {"crs": "x"}, "geometry": {"type": "Point", '
        '"coordinates": [114, 30]}}]'
    )
    members = [crs, shapes] if before else [shapes, crs, '"bbox": [114, 30, 114, 30]']
    path = tmp_path / "a.geojson"
    path.write_text(f'{{"type": "FeatureCollection", {", ".join(members)}}}')
    with pytest.raises(CrsError, match="fetched"):
        read_layer(path)


def test_a_mapinfo_table_that_points_elsewhere_reaches_nothing(tmp_path, address):
    path = tmp_path / "a.tab"
    path.write_text(
        f'!table\n!version 300\nDefinition Table\n  File "/vsicurl/{address}/x.dbf"\n'
        '  Type DBF Charset "WindowsLatin1"\n  Fields 1\n    a Char (10) ;\n'
    )
    with pytest.raises(InputError):
        read_layer(path)


# Files of no kind


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.json", '{"a": 1}', "GeoPackage"),
        ("a.json", '{"type": "Topology", "objects": {}, "arcs": []}', "GeoPackage"),
        ("a.xml", "<nothing/>", "GeoPackage"),
        ("a.dwg", "AC1027", "DXF"),
        ("a.mdb", "\0\1\0\0Standard Jet DB", "geodatabase"),
        ("a.xlsx", "PK\3\4", "CSV"),
        ("a.dbf", "\3", ".shp"),
        ("a.gpkg", "", "GeoPackage"),
    ],
)
def test_what_is_no_map_is_refused_with_the_next_step(tmp_path, name, content, advice):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match="no kind that is read") as caught:
        read_layer(path)
    assert advice in caught.value.sentence("en")


def test_a_folder_is_refused_unless_it_is_a_geodatabase(tmp_path):
    with pytest.raises(InputError, match="a folder"):
        read_layer(tmp_path)
    (tmp_path / "a.gdb").mkdir()
    with pytest.raises(InputError, match="cannot be opened"):
        read_layer(tmp_path / "a.gdb")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_a_name_that_is_no_text_is_refused(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb9\xab.gpkg"))
    with suppress(OSError):  # a file system may refuse it first
        SQUARE.to_file(tmp_path / "a.gpkg")
        (tmp_path / "a.gpkg").rename(path)
        with pytest.raises(InputError, match="UTF-8"):
            read_layer(path)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.geojson", '\ufeff {"type": "FeatureCollection", "features": []}', "GeoJSON"),
        ("a.json", '{"geometryType": "esriGeometryPoint", "features": []}', "GeoJSON"),
        ("a.kml", "<?xml version='1.0'?><!-- x --><kml/>", "KML"),
        ("a.xml", "<x:kml xmlns:x='y'/>", "KML"),
        ("a.xml", "<city:CityModel xmlns:gml='http://www.opengis.net/gml'/>", "GML"),
        ("a.dxf", "  0\r\nSECTION\r\n", "DXF"),
        ("a.mif", "Version 300\n", "MapInfo File"),
    ],
)
def test_the_kind_is_told_by_the_content(tmp_path, name, content, kind):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert kind_of_file(tmp_path / name) == kind
