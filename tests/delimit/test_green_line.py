"""Closed lines around parcels: by hand, and over random fabrics."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from greenspace.delimit.green_line import draw_lines
from tests.delimit.fabrics import SOUTH, WEST, box, drawn_apart, fabric, parcels

BOUNDS = {"tolerance_m": 0.5, "max_area_change": 0.005, "max_displacement_m": 1.0}


def draw(layer, references=None, **bounds):
    return draw_lines(layer, references or {}, **(BOUNDS | bounds))


def kinds(drawn):
    return sorted(event.kind for event, *_ in drawn.events)


def areas(drawn, column="class"):
    return {
        key: round(area, 3) for key, area in zip(drawn.lines[column], drawn.lines.area, strict=True)
    }


def true_displacement(one, other, step_m=0.1):
    """Return the Hausdorff distance of two edges, by points a decimetre apart."""
    edges = [one.boundary, other.boundary]
    there = [
        shapely.points(shapely.get_coordinates(shapely.segmentize(edge, step_m))) for edge in edges
    ]
    return max(
        shapely.distance(there[0], edges[1]).max(), shapely.distance(there[1], edges[0]).max()
    )


@settings(max_examples=4, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    apart_m=st.sampled_from([0.0, 0.1, 0.24, 2.0]),
    wave_m=st.sampled_from([0.0, 0.05, 1.0]),
    change=st.sampled_from([0.0005, 0.005, 0.5]),
    most_m=st.sampled_from([0.3, 1.0]),
)
@example(seed=1, apart_m=0.0, wave_m=1.0, change=0.5, most_m=1.0)
@example(seed=1, apart_m=0.0, wave_m=1.0, change=0.0005, most_m=1.0)
def test_lines_of_any_fabric_hold_their_bounds_and_share_their_edges(
    seed, apart_m, wave_m, change, most_m
):
    layer = fabric(seed, across=3, apart_m=apart_m, wave_m=wave_m)
    layer = layer.assign(**{"class": "", "name": ""})
    bounds = {"max_area_change": change, "max_displacement_m": most_m}
    drawn = draw(layer, **bounds)
    plain = draw(layer, **bounds | {"max_area_change": 0.0})
    shapes, at_first = drawn.lines.geometry.to_numpy(), plain.lines.geometry.to_numpy()
    xy = shapely.get_coordinates(shapes)

    assert shapely.is_valid(shapes).all()
    assert set(drawn.lines.geom_type) == {"Polygon"}
    assert (np.rint(xy * 1000) / 1000 == xy).all()
    assert shapely.coverage_is_valid(shapes)
    assert abs(drawn_apart(drawn.lines)) < 1e-6
    inner = shapely.point_on_surface(shapes)
    first = at_first[shapely.STRtree(at_first).nearest(inner)]
    assert (np.abs(shapely.area(shapes) / shapely.area(first) - 1) <= change + 1e-9).all()
    moved = [true_displacement(*pair) for pair in zip(shapes, first, strict=True)]
    assert max(moved) <= most_m + 1e-9
    assert drawn.displacement_m.max() <= most_m
    edges = shapely.union_all(shapely.boundary(layer.geometry.to_numpy()))
    corners = shapely.points(xy)
    assert shapely.distance(corners, edges).max() <= most_m + 0.001


@given(seed=st.integers(0, 10_000))
@settings(max_examples=4, deadline=None)
def test_edges_of_roads_and_control_are_followed_within_the_bounds(seed):
    layer = fabric(seed, across=3, apart_m=0.3)
    control = fabric(seed + 1, across=1, size_m=150.0).assign(status="control", category="woods")
    both = gpd.GeoDataFrame(pd.concat([layer, control], ignore_index=True), crs=layer.crs)
    roads = shapely.union_all([box(at, -50, at + 12, 250) for at in (seed % 90, 110 + seed % 60)])
    drawn = draw(both.assign(**{"class": "", "name": ""}), {"roads": roads})
    edges = shapely.union_all(shapely.boundary(both.geometry.to_numpy()))

    for green in (True, False):
        lines = drawn.lines[(drawn.lines["status"] != "control") == green]
        corners = shapely.points(shapely.get_coordinates(lines.geometry))
        assert shapely.coverage_is_valid(lines.geometry.to_numpy())
        assert abs(drawn_apart(lines)) < 1e-6
        assert shapely.distance(corners, edges).max(initial=0.0) <= 1.001


@given(seed=st.integers(0, 10_000))
@settings(max_examples=4, deadline=None)
def test_the_ground_of_lines_is_that_of_parcels_with_their_gaps(seed):
    layer = fabric(seed, apart_m=0.1).assign(**{"class": "", "name": ""})
    drawn = draw(layer, max_area_change=0.0)
    ground = shapely.union_all(layer.geometry.to_numpy())
    closed = sum(event.area_m2 for event, *_ in drawn.events if event.kind == "gap")

    assert drawn.lines.area.sum() == pytest.approx(ground.area + closed, abs=0.5)


def test_a_gap_goes_to_the_neighbour_with_the_longest_edge():
    layer = parcels(
        box(0, 0, 50, 60),
        box(50.2, 0, 100, 30),
        box(50.2, 30, 100, 60),
        **{"class": ["a", "b", "c"]},
    )
    drawn = draw(layer)

    assert kinds(drawn) == ["gap"]
    assert areas(drawn) == {"a": 3012.0, "b": 1494.0, "c": 1494.0}
    event = drawn.events[0][0]
    assert event.area_m2 == pytest.approx(12.0)
    assert event.displacement_m == pytest.approx(0.2)


def test_a_gap_wider_than_the_tolerance_stays():
    layer = parcels(box(0, 0, 50, 60), box(50.6, 0, 100, 60), **{"class": ["a", "b"]})

    assert kinds(draw(layer)) == []
    assert kinds(draw(layer, tolerance_m=0.7)) == ["gap"]


def test_no_gap_is_closed_beyond_the_greatest_displacement():
    layer = parcels(box(0, 0, 50, 60), box(50.2, 0, 100, 60), **{"class": ["a", "b"]})

    assert kinds(draw(layer, max_displacement_m=0.1)) == ["gap_open"]


def test_a_gap_that_is_part_road_or_water_stays_there():
    layer = parcels(box(0, 0, 50, 60), box(50.2, 0, 100, 60), **{"class": ["a", "b"]})
    brook = box(50, 0, 50.2, 60)

    assert kinds(draw(layer, {"water": brook})) == []
    assert kinds(draw(layer, {"construction_land": box(-10, -10, 110, 70)})) == ["gap"]


def test_planned_yields_where_existing_claims_the_same_ground():
    layer = parcels(box(0, 0, 50, 60), box(40, 0, 90, 60), status=["planned", "existing"])
    drawn = draw(layer)

    assert areas(drawn, "status") == {"planned": 2400.0, "existing": 3000.0}
    assert kinds(drawn) == ["planned_yields"]
    assert drawn.events[0][0].area_m2 == pytest.approx(600.0)


def test_control_may_enclose_existing_lines():
    layer = parcels(box(0, 0, 90, 60), box(10, 10, 30, 30), status=["control", "existing"])
    drawn = draw(layer)

    assert areas(drawn, "status") == {"control": 5400.0, "existing": 400.0}
    assert drawn.events == []


def test_a_parcel_inside_another_has_a_line_of_its_own_and_leaves_a_hole():
    layer = parcels(box(0, 0, 90, 60), box(10, 10, 30, 30), category=["park", "attached"])
    drawn = draw(layer)

    assert areas(drawn, "category") == {"park": 5000.0, "attached": 400.0}
    assert shapely.get_num_interior_rings(drawn.lines.geometry.iloc[0]) == 1
    assert kinds(drawn) == ["overlap"]


def test_duplicates_and_neighbours_of_one_kind_are_one_line_and_points_join_nothing():
    layer = parcels(box(0, 0, 50, 60), box(0, 0, 50, 60), box(50, 0, 90, 60), box(90, 60, 120, 90))
    drawn = draw(layer)

    assert sorted(drawn.lines.area) == [900.0, 5400.0]


def test_neighbours_of_other_names_are_two_lines():
    layer = parcels(box(0, 0, 50, 60), box(50, 0, 90, 60), name=["东园", "西园"])

    assert areas(draw(layer), "name") == {"东园": 3000.0, "西园": 2400.0}


@pytest.mark.parametrize(("edge", "area"), [(60.3, 6030.0), (59.7, 5970.0), (61.0, 6000.0)])
def test_an_edge_near_the_red_line_of_a_road_is_moved_to_it(edge, area):
    layer = parcels(box(0, 0, 100, 60))
    drawn = draw(layer, {"roads": box(-50, edge, 150, edge + 20)})

    assert drawn.lines.area.tolist() == pytest.approx([area])
    assert kinds(drawn) == (["snapped"] if area != 6000.0 else [])


@pytest.mark.parametrize(("edge", "area"), [(60.3, 6030.0), (59.7, 5970.0)])
def test_an_edge_near_that_of_construction_land_is_moved_to_it(edge, area):
    layer = parcels(box(0, 0, 100, 60))
    drawn = draw(layer, {"construction_land": box(-50, -50, 150, edge)})

    assert drawn.lines.area.tolist() == pytest.approx([area])


def test_an_edge_that_departs_from_the_road_is_moved_only_where_it_is_near():
    bent = shapely.Polygon(
        [
            (WEST, SOUTH),
            (WEST + 100, SOUTH),
            (WEST + 100, SOUTH + 59.8),
            (WEST + 50, SOUTH + 59.8),
            (WEST, SOUTH + 40),
        ]
    )
    drawn = draw(parcels(bent), {"roads": box(-50, 60, 150, 80)}, max_area_change=0.0)

    assert kinds(drawn) == ["snapped"]
    assert drawn.lines.area.sum() - bent.area == pytest.approx(10.0, abs=0.5)


def test_what_is_left_of_a_planned_parcel_as_a_sliver_goes_to_its_neighbour():
    layer = parcels(box(0, 0, 50, 60), box(0, 0, 50.3, 60), status=["existing", "planned"])
    drawn = draw(layer)

    assert kinds(drawn) == ["planned_yields", "sliver"]
    assert areas(drawn, "status") == {"existing": 3018.0}


def test_a_sliver_without_a_neighbour_stays_and_is_told():
    drawn = draw(parcels(box(0, 0, 50, 0.4)))

    assert drawn.lines.area.tolist() == pytest.approx([20.0])
    assert kinds(drawn) == ["sliver_kept"]


def test_lines_are_in_order_from_north_west_to_south_east():
    layer = parcels(
        box(300, 0, 320, 20), box(0, 300, 20, 320), box(0, 0, 20, 20), **{"class": ["c", "a", "b"]}
    )

    assert draw(layer).lines["class"].tolist() == ["a", "b", "c"]


def test_zones_of_old_trees_keep_every_vertex():
    zone = shapely.Point(WEST, SOUTH).buffer(9.0)
    drawn = draw(parcels(zone, status="control", category="old_tree"))

    assert shapely.get_num_coordinates(drawn.lines.geometry).tolist() == [65]


def test_the_order_of_rows_changes_no_line():
    layer = fabric(7).assign(**{"class": "", "name": ""})
    one, other = draw(layer), draw(layer.iloc[::-1])

    assert sorted(one.lines.area.round(3)) == sorted(other.lines.area.round(3))


@pytest.mark.parametrize(("most_m", "corners"), [(0.58, 8), (0.65, 5)])
def test_a_corner_farther_out_than_the_greatest_displacement_stays(most_m, corners):
    edge = [(0, 0), (100, 0), (100, 100), (52, 100), (50, 100.6), (48, 100), (0, 100)]
    tooth = shapely.Polygon([(WEST + x, SOUTH + y) for x, y in edge])
    drawn = draw(parcels(tooth), max_area_change=0.5, max_displacement_m=most_m)

    assert shapely.get_num_coordinates(drawn.lines.geometry).tolist() == [corners]
    assert drawn.displacement_m.max() <= most_m
