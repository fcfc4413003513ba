"""Which rows of a path layer are walked, by class and tag."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from greenspace.errors import GeometryError
from greenspace.prepare.paths import walked_lines
from greenspace.read.walkable import read_walkable


def paths(**columns):
    count = len(next(iter(columns.values())))
    lines = shapely.linestrings([[(0, 9 * row), (10, 9 * row)] for row in range(count)])
    frame = gpd.GeoDataFrame(columns, geometry=lines, crs=4547, index=np.arange(count) + 100)
    return walked_lines(frame, read_walkable(), "paths")


def rows_of(found):
    return {finding.code: finding.rows for finding in found.findings}


def test_fast_roads_are_left_out_and_named_with_their_share():
    found = paths(**{"class": ["快速路", "道路", "道路", "道路"]})
    assert found.kind.tolist() == ["道路"] * 3
    (finding,) = found.findings
    assert (finding.code, finding.rows, finding.count) == ("paths_not_walked", (100,), 1)
    assert "25.0%" in finding.text.en
    assert "快速路 1" in finding.text.zh


def test_unknown_classes_are_walked_and_told():
    found = paths(**{"class": ["滑索", "道路"]})
    assert len(found.lines) == 2
    (finding,) = found.findings
    assert (finding.code, finding.rows, finding.severity) == (
        "paths_unknown_class",
        (100,),
        "warning",
    )


def test_a_layer_without_classes_is_walked_and_told():
    found = paths(name=["a", "b"], highway=[None, None])
    assert len(found.lines) == 2
    assert set(rows_of(found)) == {"paths_no_class"}


def test_without_a_table_every_line_is_walked_and_nothing_told():
    lines = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 9 0)"], crs=4547)
    frame = gpd.GeoDataFrame({"highway": ["motorway"]}, geometry=lines)
    assert walked_lines(frame, None, "paths").findings == ()


def test_the_column_of_a_geofabrik_shapefile_is_known():
    found = paths(fclass=["track_grade2", "motorway"], bridge=["T", "F"], tunnel=["F", "F"])
    assert rows_of(found) == {"paths_not_walked": (101,)}
    assert found.level.tolist() == [1]


def test_rows_without_a_class_are_walked_and_told():
    found = paths(**{"class": [None, "道路", np.nan]})
    assert found.kind.tolist() == ["", "道路", ""]
    assert rows_of(found) == {"paths_unknown_class": (100, 102)}
    assert "— 2" in found.findings[0].text.en


def test_lines_of_openstreetmap_without_highway_are_no_ways():
    found = paths(highway=[None, "path", "steps"], railway=["rail", None, None])
    assert found.kind.tolist() == ["path", "steps"]
    (finding,) = found.findings
    assert (finding.code, finding.rows) == ("paths_no_way", (100,))
    assert "33.3%" in finding.text.en


def test_private_ways_are_left_out_unless_people_on_foot_may_use_them():
    found = paths(
        highway=["service"] * 5,
        access=["private", "no", "no", "destination", None],
        foot=[None, None, "yes", None, "no"],
    )
    assert rows_of(found) == {"paths_closed": (100, 101, 104)}


def test_a_fast_road_with_a_pavement_is_walked_and_one_being_built_is_not():
    found = paths(highway=["trunk", "trunk", "construction"], sidewalk=["both", None, "both"])
    assert rows_of(found) == {"paths_not_walked": (101, 102)}


def test_of_several_values_one_that_is_open_decides():
    found = paths(highway=["['trunk', 'path']", "service"], access=[None, "['destination', 'no']"])
    assert found.findings == ()


def test_tags_are_found_among_the_others_of_an_osm_file():
    tags = ['"access"=>"private","lit"=>"yes"', '"oneway"=>"yes"', None]
    found = paths(highway=["service"] * 3, other_tags=tags)
    assert rows_of(found) == {"paths_closed": (100,), "paths_both_ways": (101,)}


def test_one_way_streets_are_walked_both_ways_and_counted():
    found = paths(highway=["path"] * 6, oneway=["yes", "no", "-1", None, True, False])
    assert rows_of(found) == {"paths_both_ways": (100, 102, 104)}


def test_the_layer_tag_comes_before_bridge_and_tunnel():
    found = paths(
        bridge=["yes", "viaduct", "no", None, None, "boardwalk"],
        tunnel=[None, None, "yes", None, "building_passage", None],
        layer=[None, "2", "-2", "1;2", "0", "120"],
    )
    assert found.level.tolist() == [1, 2, -2, 0, 0, 0]


def test_a_layer_with_nothing_but_fast_roads_is_refused_with_the_reason():
    with pytest.raises(GeometryError) as caught:
        paths(highway=["motorway", "motorway_link"])
    assert "motorway 1" in caught.value.problem.en
    assert caught.value.remedy is not None


@pytest.mark.parametrize("column", ["HIGHWAY", "Highway", "FCLASS", "CLASS"])
def test_columns_are_known_in_letters_of_any_case(column):
    found = paths(**{column: ["motorway", "footway", "footway"], "BRIDGE": [None, "yes", None]})
    assert rows_of(found) == {"paths_not_walked": (100,)}
    assert found.level.tolist() == [1, 0]


def test_the_exact_name_of_a_column_comes_first():
    found = paths(HIGHWAY=["footway"] * 2, highway=["motorway", "footway"])
    assert rows_of(found) == {"paths_not_walked": (100,)}


def test_a_column_without_a_known_class_yields_to_the_next():
    found = paths(**{"class": [1, 2], "highway": ["motorway", "footway"]})
    assert rows_of(found) == {"paths_not_walked": (100,)}
    assert rows_of(paths(**{"class": [1, 2], "tag": ["a", "b"]})) == {
        "paths_unknown_class": (100, 101)
    }


def test_a_class_with_braces_is_shown_as_it_is():
    (finding,) = paths(highway=[{"a": 1}, "footway"]).findings
    assert finding.code == "paths_unknown_class"
    assert "{'a': 1} 1" in finding.text.en


def test_of_two_columns_of_one_name_the_first_counts():
    frame = gpd.GeoDataFrame(
        [["motorway", "footway"], ["footway", "motorway"]],
        columns=["highway", "highway"],
        geometry=shapely.linestrings([[(0, 0), (9, 0)], [(0, 5), (9, 5)]]),
        crs=4547,
    )
    assert rows_of(walked_lines(frame, read_walkable(), "paths")) == {"paths_not_walked": (0,)}


def test_a_road_for_motors_only_is_closed_unless_a_sidewalk_opens_it():
    found = paths(
        highway=["primary"] * 3, motorroad=["yes", "yes", None], sidewalk=[None, "both", None]
    )
    assert rows_of(found) == {"paths_closed": (100,)}


@pytest.mark.parametrize("name", ["城市快速路（高架）", "快速公路", " 快 速 路 "])
def test_names_of_fast_roads_are_known_with_spaces_and_brackets(name):
    assert read_walkable().walk(name) == "not_walked"


def test_that_no_column_tells_motorways_is_a_warning():
    (finding,) = paths(name=["a", "b"]).findings
    assert (finding.code, finding.severity) == ("paths_no_class", "warning")
