"""What the edge of an extract cut is told by name: by hand, without osmium, and on a real extract."""

from __future__ import annotations

import sys

import pytest
import shapely

import greenspace as gs
from tests.read.test_osm import codes, square, write_osm

GONE = 999  # a node that no file of these tests holds
CELL_M2 = 0.001**2 * 111_319.5**2 / 2  # a cell at 60 degrees north, about: cos 60 = 1/2

pytest.importorskip("osmium")


def told(frame):
    return {finding.code: finding.rows for finding in frame.attrs["findings"]}


def read(path, ways, layer="parks", relations=()):
    return gs.read_layer(write_osm(path / "x.osm", ways, relations), layer=layer)


PARK = {"leisure": "park"}
AREA = {"type": "multipolygon", "leisure": "park"}


def test_a_park_that_lacks_nodes_is_kept_and_told_with_what_is_left_of_it(tmp_path):
    a, b, c, d, _ = square(0, 0, 2)
    parks = read(tmp_path, [(1, [a, b, GONE, c, d, a], PARK), (2, square(4, 4), PARK)])
    (cut,) = [item for item in parks.attrs["findings"] if item.code == "osm_cut"]

    assert parks["osm_id"].tolist() == ["way/1", "way/2"]
    assert (cut.rows, cut.count, cut.severity) == (("way/1",), 1, "warning")
    assert cut.area_m2 == pytest.approx(4 * CELL_M2, rel=0.01)


def test_a_whole_extract_is_told_nothing(tmp_path):
    inside = [(1, square(0, 0, 3), {}), (2, square(1, 1), {}), (3, square(4, 4), PARK)]
    relation = (20, [(1, "outer"), (2, "inner")], AREA)

    assert set(told(read(tmp_path, inside, relations=[relation]))) == {"osm"}


def test_a_relation_that_lacks_its_hole_or_nodes_is_told(tmp_path):
    a, b, c, d, _ = square(4, 0, 2)
    ways = [(1, square(0, 0, 3), {}), (2, [a, b, GONE, c, d, a], {})]
    relations = [(20, [(1, "outer"), (77, "inner")], AREA), (21, [(2, "outer")], AREA)]
    parks = read(tmp_path, ways, relations=relations)
    rows = told(parks)
    named = set(rows.get("osm_cut", ())) | set(rows.get("shape_not_built", ()))

    assert named == {"relation/20", "relation/21"}
    assert set(parks["osm_id"]) == set(rows.get("osm_cut", ()))


def test_what_gives_no_shape_at_all_is_counted(tmp_path):
    ways = [(1, [1, GONE, 998, 1], PARK), (2, [1, 2, 12], PARK), (3, square(4, 4), PARK)]
    relations = [(20, [(77, "outer")], AREA)]

    assert told(read(tmp_path, ways, relations=relations))["shape_not_built"] == (
        "relation/20",
        "way/1",
        "way/2",
    )


def test_open_ways_that_a_relation_joins_to_a_park_are_not_lost(tmp_path):
    a, b, c, d, _ = square(0, 0, 2)
    ways = [(1, [a, b, c], PARK), (2, [c, d, a], PARK)]
    parks = read(tmp_path, ways, relations=[(20, [(1, "outer"), (2, "outer")], AREA)])

    assert parks["osm_id"].tolist() == ["relation/20"]
    assert set(told(parks)) == {"osm"}


def test_paths_are_told_cut_unbuilt_or_areas(tmp_path):
    walk = {"highway": "footway"}
    ways = [(1, [1, 2, GONE], walk), (2, [1, GONE], walk), (3, [1, 2], walk)]
    ways.append((4, square(4, 4), {"highway": "pedestrian", "area": "yes"}))
    paths = read(tmp_path, ways, layer="paths")

    assert paths["osm_id"].tolist() == ["way/1", "way/3"]
    assert told(paths)["osm_cut"] == ("way/1",)
    assert told(paths)["shape_not_built"] == ("way/2",)
    assert told(paths)["osm_areas"] == ("way/4",)


def test_closed_doors_are_not_told_as_cut(tmp_path):
    private = {**PARK, "access": "private"}
    a, b, c, d, _ = square(0, 0, 2)

    assert "osm_cut" not in told(read(tmp_path, [(1, [a, b, GONE, c, d, a], private)]))


def test_what_the_file_marks_as_deleted_is_left_out(tmp_path):
    path = write_osm(tmp_path / "x.osm", [(1, square(0, 0), PARK), (2, square(4, 4), PARK)])
    text = path.read_text("utf-8")
    path.write_text(text.replace('<way id="1"', '<way id="1" visible="false"'), "utf-8")
    parks = gs.read_layer(path, layer="parks")

    assert parks["osm_id"].tolist() == ["way/2"]
    assert told(parks)["osm_deleted"] == ("way/1",)


def test_each_of_several_values_counts(tmp_path):
    ways = [(1, square(0, 0), {"leisure": "garden; park"}), (2, square(4, 4), {"leisure": "a;b"})]
    parks = read(tmp_path, ways)

    assert dict(zip(parks["osm_id"], parks["tag"], strict=True)) == {"way/1": "leisure=park"}


def test_an_editors_numbers_below_zero_are_read(tmp_path):
    path = write_osm(tmp_path / "x.osm", [(1, square(0, 0), PARK)])
    path.write_text(path.read_text("utf-8").replace('id="1"', 'id="-1"'), "utf-8")
    path.write_text(path.read_text("utf-8").replace('ref="1"', 'ref="-1"'), "utf-8")

    gs.read_layer(path, layer="parks")


def test_without_osmium_it_is_told_that_nothing_was_checked(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "osmium", None)
    parks = read(tmp_path, [(1, square(0, 0), PARK)])

    assert len(parks) == 1
    assert set(told(parks)) == {"osm", "osm_not_checked"}


@pytest.mark.real_data
def test_helsinki_is_cut_where_an_independent_reader_finds_nodes_missing(real_data):
    import osmium

    path = real_data / "helsinki" / "Helsinki.osm.pbf"
    nodes, rings = set(), {}
    for thing in osmium.FileProcessor(str(path)):
        if thing.is_node():
            nodes.add(thing.id)
        elif thing.is_way() and thing.tags.get("leisure") == "park":
            rings[f"way/{thing.id}"] = {node.ref for node in thing.nodes}
    parks = gs.read_layer(path, layer="parks")
    broken = {name for name, refs in rings.items() if not refs <= nodes}

    assert set(told(parks)["osm_cut"]) == broken & set(parks["osm_id"])
    assert len(told(parks)["osm_cut"]) == 4
    counts = {
        layer: codes(gs.read_layer(path, layer=layer))["osm_cut"]
        for layer in ("green", "residential", "water", "paths")
    }
    assert counts == {"green": 19, "residential": 13, "water": 1, "paths": 103}
    assert not shapely.is_missing(parks.geometry.to_numpy()).any()
