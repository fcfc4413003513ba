"""Polygons of shapefiles: their rings run as they like, their areas are right."""

from __future__ import annotations

import re
import shutil
import struct

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from greenspace.errors import CrsError
from greenspace.model.gauss_kruger import zone_of
from greenspace.read.vector import list_layers, read_layer
from tests.dbf import CGCS2000, polygons, text, write_shapefile


def square(low, high, turn=1, y=None):
    y = low if y is None else y
    ring = [(low, y), (low, y + high - low), (high, y + high - low), (high, y), (low, y)]
    return ring[::turn]


CLOCKWISE, COUNTER = 1, -1
# a square of 100 with a hole of 50: 10000 - 2500
RIGHT = [square(0, 100), square(25, 75, COUNTER)]
INVERTED = [square(0, 100, COUNTER), square(25, 75)]
ALL_CLOCKWISE = [square(0, 100), square(25, 75)]
ALL_COUNTER = [square(0, 100, COUNTER), square(25, 75, COUNTER)]
ISLAND = [square(0, 100, COUNTER), square(25, 75), square(40, 60, COUNTER)]  # 7500 + 400
TWO_HOLES = [square(0, 100, COUNTER), square(10, 20), square(30, 40)]  # 10000 - 200


def written(tmp_path, shapes):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"]] * len(shapes))
    polygons(path, shapes)
    return path


@pytest.mark.parametrize(
    ("rings", "area"),
    [(INVERTED, 7500), (ALL_CLOCKWISE, 7500), (ALL_COUNTER, 7500), (ISLAND, 7900),
     (TWO_HOLES, 9800), (ISLAND[::-1], 7900)],
)  # fmt: skip
def test_rings_that_run_the_wrong_way_enclose_what_they_enclose(tmp_path, rings, area):
    frame = read_layer(written(tmp_path, [RIGHT, rings]))
    assert frame.area.tolist() == [7500, area]
    assert frame.is_valid.all()
    finding = next(x for x in frame.attrs["findings"] if x.code == "rings_reoriented")
    assert (finding.rows, finding.count) == ((1,), 1)


@pytest.mark.parametrize(
    ("rings", "area"),
    [(RIGHT, 7500), ([square(0, 10), square(20, 30)], 200),  # two parts
     ([*RIGHT, square(40, 60)], 7900),  # an island in the hole
     ([square(0, 10, COUNTER)], 100),
     ([square(0, 10), square(0, 10)], None), ([square(0, 10), square(5, 15)], None)],  # for repair
)  # fmt: skip
def test_right_polygons_and_other_faults_stay_as_they_are(tmp_path, rings, area):
    frame = read_layer(written(tmp_path, [rings]))
    assert "rings_reoriented" not in [item.code for item in frame.attrs["findings"]]
    if area is not None:
        assert frame.area.tolist() == [area]


@given(st.lists(st.sampled_from([1, -1]), min_size=4, max_size=4), st.permutations(range(4)))
def test_neither_direction_nor_order_of_rings_changes_the_area(tmp_path_factory, turns, order):
    lows = [0, 10, 20, 30]  # each in the one before: 100² - 80² + 60² - 40²
    rings = [square(low, 100 - low, turn) for low, turn in zip(lows, turns, strict=True)]
    path = written(tmp_path_factory.mktemp("rings"), [[rings[at] for at in order]])
    shape = read_layer(path).geometry[0]
    assert shape.area == 10_000 - 6400 + 3600 - 1600
    assert shapely.is_valid(shape)


@pytest.mark.parametrize("entries", [[1, 0, 2], [0, 0, 2], [2, 1, 0]])
def test_an_index_out_of_order_is_not_believed(tmp_path, entries):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"], [b"b"], [b"c"]])
    index = path.with_suffix(".shx")
    content = index.read_bytes()
    places = [content[100 + 8 * at : 108 + 8 * at] for at in entries]
    index.write_bytes(content[:100] + b"".join(places))
    frame = read_layer(path)
    assert frame.geometry.bounds["minx"].tolist() == [0, 2, 4]
    assert "shx_rebuilt" in [item.code for item in frame.attrs["findings"]]


@pytest.mark.parametrize("indexed", [True, False])
def test_records_out_of_place_are_found_by_their_numbers(tmp_path, indexed):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"a"], [b"b"]])
    content, index = path.read_bytes(), path.with_suffix(".shx")
    path.write_bytes(content[:100] + content[236:372] + content[100:236])  # 8 + 128 bytes each
    first, second = struct.pack(">2i", 118, 64), struct.pack(">2i", 50, 64)
    index.write_bytes(index.read_bytes()[:100] + first + second)
    if not indexed:
        index.unlink()
    frame = read_layer(path)
    assert frame.geometry.bounds["minx"].tolist() == [0, 2]
    assert ("shx_rebuilt" in [item.code for item in frame.attrs["findings"]]) is not indexed


def test_parts_that_differ_in_case_are_parts(tmp_path):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"x"]])
    for suffix, name in (
        (".dbf", "A.Dbf"),
        (".shx", "a.SHX"),
        (".prj", "A.prj"),
        (".shp", "a.Shp"),
    ):
        shutil.move(path.with_suffix(suffix), tmp_path / name)
    frame = read_layer(tmp_path / "a.Shp")
    assert frame["n"].tolist() == ["x"]
    assert frame.crs.to_epsg() == 4547


def test_the_table_of_another_shapefile_is_not_taken(tmp_path):
    for name in ("a.shp", "A.shp"):
        write_shapefile(tmp_path / name, [text("n")], [[name.encode()]])
    (tmp_path / "a.dbf").unlink()
    assert read_layer(tmp_path / "a.shp").columns.tolist() == ["geometry"]
    assert read_layer(tmp_path / "A.shp")["n"].tolist() == ["A.shp"]


OWN_GRID = CGCS2000.replace("CGCS2000_3_Degree_GK_CM_114E", "武汉城市坐标系").replace(
    'Meridian",114.0', 'Meridian",114.3'
)


def test_a_prj_in_gbk_is_read(tmp_path):
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"x"]], prj=None)
    path.with_suffix(".prj").write_bytes(OWN_GRID.encode("gbk"))
    assert read_layer(path).crs.name == "武汉城市坐标系"
    assert list_layers(path)[0].crs is not None


@pytest.mark.parametrize("name", ["False_Easting", "Central_Meridian"])
def test_a_prj_without_a_parameter_is_refused_until_a_crs_is_given(tmp_path, name):
    prj = re.sub(rf',PARAMETER\["{name}",[^]]*\]', "", CGCS2000)
    assert name not in prj
    assert zone_of(CRS.from_wkt(prj)) is None
    path = write_shapefile(tmp_path / "a.shp", [text("n")], [[b"x"]], prj=prj)
    with pytest.raises(CrsError):
        read_layer(path)
    frame = read_layer(path, crs=4547)
    assert [item.code for item in frame.attrs["findings"]] == ["prj_unreadable"]
