"""Gates are given, or where paths cross a park's edge, or points of its edge."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from greenspace.errors import GeometryError, InputError
from greenspace.prepare.gates import gates_of
from greenspace.prepare.walkways import walking_network
from greenspace.read.walkable import read_walkable

SQUARE = shapely.box(0, 0, 100, 100)
STREET = shapely.LineString([(-50, 150), (150, 150)])


def parks_of(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4547)


def network(*lines, **columns):
    shapes = [shapely.LineString(line) for line in lines]
    layer = gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)
    return walking_network(layer, classes=read_walkable())


def entrances_of(*xy, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapely.points(list(xy)), crs=4547)


def spots(gates, park=0):
    return sorted(map(tuple, np.round(gates.xy[gates.park == park], 3).tolist()))


def codes(gates):
    return {finding.code: finding for finding in gates.findings}


def test_a_path_into_the_park_makes_a_gate_on_its_edge():
    gates = gates_of(parks_of(SQUARE), network(STREET.coords, [(30, 150), (30, 50)]))
    assert spots(gates) == [(30, 100)]
    assert gates.origin.tolist() == ["crossing"]
    assert gates.offset_m.tolist() == [0]
    assert gates.crs.to_epsg() == 4547


def test_a_path_through_the_park_makes_two():
    gates = gates_of(parks_of(SQUARE), network([(30, 150), (30, -50)]))
    assert spots(gates) == [(30, 0), (30, 100)]


def test_a_path_that_ends_at_the_edge_makes_one():
    gates = gates_of(parks_of(SQUARE), network([(30, 150), (30, 100)]))
    assert spots(gates) == [(30, 100)]


def test_paths_cut_at_the_edge_make_one_gate():
    gates = gates_of(parks_of(SQUARE), network([(30, 150), (30, 100)], [(30, 100), (30, 50)]))
    assert spots(gates) == [(30, 100)]


def test_a_path_inside_that_only_touches_the_edge_leads_nowhere():
    gates = gates_of(parks_of(SQUARE), network(STREET.coords, [(50, 50), (50, 100)]))
    assert set(gates.origin) == {"edge"}


def test_a_path_that_misses_the_edge_by_rounding_is_a_gate():
    gates = gates_of(parks_of(SQUARE), network([(30, 150), (30, 100.0000001)]))
    assert gates.origin.tolist() == ["crossing"]


def test_a_street_along_the_edge_makes_gates_along_it():
    gates = gates_of(parks_of(SQUARE), network([(0, 100), (100, 100)]), every_m=40)
    assert spots(gates) == [(0, 100), (33.333, 100), (66.667, 100), (100, 100)]
    assert set(gates.origin) == {"crossing"}


def test_a_bridge_over_the_park_is_no_gate_and_one_into_it_is():
    over = network([(30, 150), (30, -50)], **{"class": ["桥"]})
    assert set(gates_of(parks_of(SQUARE), over).origin) == {"edge"}
    into = network([(30, 150), (30, 50)], **{"class": ["桥"]})
    assert spots(gates_of(parks_of(SQUARE), into)) == [(30, 50)]  # where it ends, not mid-air


@pytest.mark.parametrize("tag", ["bridge", "tunnel"])
def test_a_bridge_or_tunnel_that_passes_is_no_gate_wherever_it_is_cut(tag):
    cut = [[(30, 150), (30, 50)], [(30, 50), (30, -50)]]
    passing = network(STREET.coords, *cut, **{tag: [None, "yes", "yes"]})
    assert set(gates_of(parks_of(SQUARE), passing).origin) == {"edge"}
    crossed = network([(30, 150), (30, -50)], [(-50, 50), (150, 50)], **{tag: ["yes", "yes"]})
    assert set(gates_of(parks_of(SQUARE), crossed).origin) == {"edge"}


@pytest.mark.parametrize("cut", [120, 100, 80])
def test_a_bridge_that_lands_in_the_park_is_a_gate_wherever_it_is_cut(cut):
    pieces = [[(30, 150), (30, cut)], [(30, cut), (30, 50)], [(30, 50), (60, 50)]]
    ways = network(STREET.coords, *pieces, bridge=[None, "yes", "yes", None])
    assert spots(gates_of(parks_of(SQUARE), ways)) == [(30, 50)]


def test_a_bridge_within_the_park_leads_nowhere():
    ways = network(STREET.coords, [(30, 20), (30, 50)], bridge=[None, "yes"])
    assert set(gates_of(parks_of(SQUARE), ways).origin) == {"edge"}


def test_a_path_that_ends_just_before_the_edge_is_a_gate_beside_others():
    through = [(60, 150), (60, -50)]
    gates = gates_of(parks_of(SQUARE), network(through, [(30, 150), (30, 100.5)]))
    assert spots(gates) == [(30, 100), (60, 0), (60, 100)]
    far = gates_of(parks_of(SQUARE), network(through, [(30, 150), (30, 100.6)]))
    crossing = far.origin == "crossing"
    assert sorted(map(tuple, far.xy[crossing].tolist())) == [(60, 0), (60, 100)]


def test_each_part_of_a_park_has_gates_as_if_it_were_a_park():
    other = shapely.box(2000, 0, 2100, 100)
    ways = network([(-50, 50), (50, 50)], [(-50, 50), (-50, 120), (2150, 120)])
    whole = gates_of(parks_of(shapely.MultiPolygon([SQUARE, other])), ways)
    rows = gates_of(parks_of(SQUARE, other), ways)
    assert set(whole.park) == {0}
    np.testing.assert_array_equal(whole.xy, rows.xy)
    assert whole.origin.tolist() == rows.origin.tolist() == ["crossing", *["edge"] * 8]


def test_a_park_that_no_path_meets_gets_points_of_its_edge():
    gates = gates_of(parks_of(SQUARE), network(STREET.coords))
    assert spots(gates) == sorted(
        [(0, 0), (50, 0), (100, 0), (100, 50), (100, 100), (50, 100), (0, 100), (0, 50)]
    )
    assert set(gates.origin) == {"edge"}
    finding = codes(gates)["park_gates"]
    assert "at most 50 m apart for 1 that, whole or in part, no path crosses (8)" in finding.text.en
    assert "given" not in finding.text.en


def test_every_part_of_a_park_gets_points_and_its_holes_none():
    ring = shapely.box(0, 0, 100, 100) - shapely.box(40, 40, 60, 60)
    park = shapely.MultiPolygon([ring, shapely.box(200, 0, 210, 10)])
    gates = gates_of(parks_of(park), network(STREET.coords), every_m=100)
    assert len(gates.xy) == 4 + 1
    assert shapely.distance(shapely.points(gates.xy), shapely.box(40, 40, 60, 60)).min() > 39


def test_given_gates_come_first_and_other_parks_go_on():
    parks = parks_of(SQUARE, shapely.box(200, 0, 300, 100), shapely.box(400, 0, 500, 100))
    ways = network([(-50, 150), (600, 150)], [(30, 150), (30, 50)], [(230, 150), (230, 50)])
    gates = gates_of(parks, ways, entrances=entrances_of((-3, 50)))
    assert dict(zip(gates.park.tolist(), gates.origin.tolist(), strict=True)) == {
        0: "given",
        1: "crossing",
        2: "edge",
    }
    assert gates.offset_m[gates.park == 0].tolist() == [3]
    finding = codes(gates)["park_gates"]
    assert finding.count == len(gates.xy) == 1 + 1 + 8
    assert "given for 1 (1 gates)" in finding.text.en


def test_gates_belong_to_the_park_that_they_name():
    parks = parks_of(SQUARE, shapely.box(101, 0, 200, 100), name=["甲园", "乙园 "])
    asked = entrances_of((101, 50), (150, 100), park=[" 甲园", None])
    gates = gates_of(parks, network(STREET.coords), entrances=asked)
    assert spots(gates, 0) == [(101, 50)]
    assert spots(gates, 1) == [(150, 100)]
    assert gates.offset_m.tolist() == [1, 0]
    assert set(codes(gates)) == {"park_gates", "gates_by_name"}


def test_columns_of_names_are_found_in_capitals_and_told():
    parks = parks_of(SQUARE, shapely.box(101, 0, 200, 100), NAME=["甲园", "乙园"])
    asked = entrances_of((101, 50), PARK=["甲园"])
    gates = gates_of(parks, network(STREET.coords), entrances=asked)
    assert spots(gates, 0) == [(101, 50)]
    finding = codes(gates)["gates_by_name"]
    assert "column PARK of the entrances and NAME of the parks: 1" in finding.text.en
    both = parks.assign(name=["乙园", "甲园"])
    assert spots(gates_of(both, network(STREET.coords), entrances=asked), 1) == [(101, 50)]


@pytest.mark.parametrize("asked", [[2.0, np.nan], ["2", None], [np.int64(2), None]])
@pytest.mark.parametrize("known", [[1, 2], [1.0, 2.0], ["1", "2"]])
def test_names_that_are_numbers_are_the_same_however_they_are_stored(asked, known):
    parks = parks_of(SQUARE, shapely.box(101, 0, 200, 100), name=known)
    gates = gates_of(
        parks, network(STREET.coords), entrances=entrances_of((100, 50), (0, 50), park=asked)
    )
    assert spots(gates, 1) == [(100, 50)]
    assert "gates_name_unknown" not in codes(gates)


def test_a_gate_that_stands_twice_counts_once():
    twice = entrances_of((50, 100), (50, 100))
    gates = gates_of(parks_of(SQUARE), network(STREET.coords), entrances=twice)
    assert spots(gates) == [(50, 100)]
    assert "given for 1 (1 gates)" in codes(gates)["park_gates"].text.en


def test_of_parks_with_one_name_the_nearest_is_meant():
    parks = parks_of(SQUARE, shapely.box(500, 0, 600, 100), name=["园", "园"])
    gates = gates_of(parks, network(STREET.coords), entrances=entrances_of((499, 9), park=["园"]))
    assert gates.park[gates.origin == "given"].tolist() == [1]


def test_an_unknown_name_and_a_gate_without_a_park_are_told_with_their_rows():
    asked = entrances_of(
        (50, 100), (50, 151), (50, 149), (9, 300), park=["丙园", None, None, "丁园"]
    )
    gates = gates_of(parks_of(SQUARE, name=["甲园"]), network(STREET.coords), entrances=asked)
    told = codes(gates)
    assert told["gates_name_unknown"].rows == (0,)
    assert told["gates_without_park"].rows == (1, 3)
    assert spots(gates) == [(50, 100), (50, 149)]


def test_a_gate_far_from_the_park_that_it_names_is_told():
    asked = entrances_of((50, 160), park=["甲园"])
    gates = gates_of(parks_of(SQUARE, name=["甲园"]), network(STREET.coords), entrances=asked)
    assert codes(gates)["gates_far"].rows == (0,)
    assert gates.offset_m.tolist() == [60]


def test_a_gate_on_the_common_edge_of_two_parks_belongs_to_both():
    parks = parks_of(SQUARE, shapely.box(100, 0, 200, 100))
    gates = gates_of(parks, network(STREET.coords), entrances=entrances_of((100, 50)))
    assert gates.park.tolist() == [0, 1]


def test_gates_without_a_shape_are_left_out_and_told():
    both = shapely.MultiPoint([(50, 100), (0, 50)])
    blank = shapely.from_wkt("MULTIPOINT (EMPTY, (50 100))")
    asked = gpd.GeoDataFrame(geometry=[None, both, shapely.Point(), blank], crs=4547)
    gates = gates_of(parks_of(SQUARE), network(STREET.coords), entrances=asked)
    assert set(codes(gates)) == {"park_gates", "gates_without_shape"}
    assert codes(gates)["gates_without_shape"].rows == (0, 2)
    assert spots(gates) == [(0, 50), (50, 100)]


def test_gates_that_lie_nowhere_are_left_out_and_told():
    spot = shapely.Point(50, 100)
    asked = gpd.GeoDataFrame(geometry=[shapely.Point(np.nan, 0), spot], crs=4547)
    gates = gates_of(parks_of(SQUARE), network(STREET.coords), entrances=asked)
    assert codes(gates)["gates_without_shape"].rows == (0,)
    assert spots(gates) == [(50, 100)]


def test_a_park_without_a_shape_has_no_gate_and_is_listed():
    parks = parks_of(SQUARE, shapely.Polygon(), name=["甲园", "乙园"])
    asked = entrances_of((300, 300), park=["乙园"])
    gates = gates_of(parks, network(STREET.coords), entrances=asked)
    assert codes(gates)["parks_without_gates"].rows == (1,)
    assert codes(gates)["gates_without_park"].rows == (0,)
    assert set(gates.park) == {0}


def test_entrances_that_are_no_points_are_refused():
    asked = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4547)
    with pytest.raises(GeometryError) as caught:
        gates_of(parks_of(SQUARE), network(STREET.coords), entrances=asked)
    assert (caught.value.layer, caught.value.rows) == ("entrances", (0,))


@pytest.mark.parametrize("every_m", [0, -5, 0.9, np.nan, np.inf, "50", True])
def test_a_distance_that_is_none_is_refused(every_m):
    with pytest.raises(InputError) as caught:
        gates_of(parks_of(SQUARE), network(STREET.coords), every_m=every_m)
    assert caught.value.expected == "at least 1"


def test_a_park_that_is_a_point_is_its_own_gate():
    parks = parks_of(shapely.Point(20, 130), SQUARE)
    gates = gates_of(parks, network(STREET.coords, [(30, 150), (30, 50)]))
    assert spots(gates, 0) == [(20, 130)]
    assert gates.origin.tolist() == ["given", "crossing"]
    assert "the park itself for 1 that are points (1)" in codes(gates)["park_gates"].text.en
