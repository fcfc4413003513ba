"""The table says which classes are walked."""

from __future__ import annotations

import pytest

from greenspace.read.osm_tags import read_tag_rules
from greenspace.read.walkable import WalkableTable, read_walkable


@pytest.mark.parametrize(
    "name", ["道路", "桥", "地道", "公园园路", "小区路", "Steps", "highway=path"]
)
def test_streets_paths_bridges_and_underpasses_are_walked(name):
    assert read_walkable().walk(name) == "walked"


@pytest.mark.parametrize("name", ["motorway", "trunk_link", "busway", "快速路", "高速公路"])
def test_fast_roads_are_not(name):
    assert read_walkable().walk(name) == "not_walked"


@pytest.mark.parametrize("name", ["construction", "proposed", "在建"])
def test_what_is_not_built_is_not_there(name):
    assert read_walkable().walk(name) == "not_there"


@pytest.mark.parametrize("name", ["", "whatever", "motorway;whatever"])
def test_other_words_are_unknown(name):
    assert read_walkable().walk(name) == "unknown"


def test_every_way_that_the_tag_table_takes_is_walked_but_trunk_roads_that_nothing_opens():
    ways = read_tag_rules()["paths"].tags["highway"]
    left = {way for way in ways if read_walkable().walk(way) != "walked"}
    assert left == {"trunk", "trunk_link"}


def test_bridges_and_tunnels_are_told_by_their_class():
    assert "桥" in read_walkable().bridges
    assert "地道" in read_walkable().tunnels


@pytest.mark.parametrize(
    ("key", "names"), [("not_walked", ["path"]), ("not_there", ["path"]), ("bridges", ["pier"])]
)
def test_a_table_that_contradicts_itself_is_refused(key, names):
    table = {
        "document": "", "address": [], "columns": ["class"], "walked": ["path"], "not_walked": [],
        "not_there": [], "bridges": [], "tunnels": [], "opens": {}, "closes": {}, "forbids": {},
    }  # fmt: skip
    with pytest.raises(ValueError, match=names[0]):
        WalkableTable(**{**table, key: names})


def test_what_is_kept_of_openstreetmap_and_what_is_walked_agree():
    kept, walked = read_tag_rules()["paths"], read_walkable()
    assert set(kept.columns) >= {"highway", *walked.opens, *walked.closes, *walked.forbids}
    classes = set(kept.tags["highway"])
    assert classes >= {"elevator", "trunk", "trunk_link"}
    for tag, values in walked.opens.items():
        assert set(kept.kept_all_the_same[tag]) == values
    assert set(kept.left_out["access"]) == walked.closes["access"]
    assert set(kept.left_out["foot"]) == walked.forbids["foot"]
