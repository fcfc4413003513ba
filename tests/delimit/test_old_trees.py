"""Zones of old trees: by hand, never smaller than the rule, turned and moved with the tree."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.delimit.old_trees import (
    crowns,
    discs,
    single_zones,
    stand_zone,
    trunk_reach_m,
    widest_gap_m,
)

widths = st.floats(1.0, 60.0)


def one(half_ew: float, half_ns: float, margin: float = 5.0, at: tuple[float, float] = (0.0, 0.0)):
    return crowns(np.array([at]), np.array([half_ew]), np.array([half_ns]), margin)[0]


def offset_of_ellipse(a: float, b: float, margin: float, number: int = 1_500) -> np.ndarray:
    """Return points of the true curve: each of the ellipse, moved out along its normal."""
    turn = np.linspace(0, 2 * math.pi, number)
    normal = np.stack([b * np.cos(turn), a * np.sin(turn)], axis=1)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    return np.stack([a * np.cos(turn), b * np.sin(turn)], axis=1) + margin * normal


@settings(max_examples=40, deadline=None)
@given(widths, widths)
def test_every_point_of_the_rule_lies_in_the_zone_and_no_corner_far_out(a: float, b: float) -> None:
    true = offset_of_ellipse(a, b, 5.0)
    zone = one(a, b)
    assert shapely.covers(zone.buffer(1e-9, quad_segs=1), shapely.points(true)).all()
    sharpest = max(a, b) ** 2 / min(a, b) + 5.0  # the largest radius of curvature
    corners = shapely.points(shapely.get_coordinates(zone))
    curve = shapely.polygons(true)
    shapely.prepare(zone)
    assert shapely.distance(corners, curve).max() <= 1e-4 * sharpest + 1e-3


def test_area_of_an_ellipse_with_its_margin_is_that_of_steiner() -> None:
    """A(K + rB) = A(K) + r L(K) + pi r**2: axes 12 and 8, L of Ramanujan's second formula."""
    a, b, r = 12.0, 8.0, 5.0
    h = ((a - b) / (a + b)) ** 2
    length = math.pi * (a + b) * (1 + 3 * h / (10 + math.sqrt(4 - 3 * h)))
    area = math.pi * a * b + r * length + math.pi * r**2
    assert one(a, b).area == pytest.approx(area, rel=6e-5)
    assert one(a, b).area > area


def test_a_circle_is_a_polygon_of_tangents() -> None:
    """n tan(pi/n) / pi = 1.0000502 for n = 256, and a corner at r / cos(pi/n)."""
    disc = discs(np.array([[3.0, 4.0]]), np.array([20.0]))[0]
    assert disc.area / (math.pi * 400) == pytest.approx(256 * math.tan(math.pi / 256) / math.pi)
    far = shapely.distance(shapely.points(shapely.get_coordinates(disc)), shapely.Point(3, 4))
    assert far.max() == pytest.approx(20 / math.cos(math.pi / 256))


def test_the_ellipse_lies_east_west() -> None:
    west, south, east, north = one(10.0, 4.0, at=(100.0, 200.0)).bounds
    assert (west, south, east, north) == pytest.approx((85, 191, 115, 209), abs=0.02)


def test_the_trunk_rule_starts_at_the_edge_of_the_trunk() -> None:
    assert trunk_reach_m(np.array([1.2])).tolist() == pytest.approx([0.6 + 24.0])
    assert trunk_reach_m(np.array([1.2]), 10).tolist() == pytest.approx([0.6 + 12.0])


def test_a_long_crown_and_a_thick_trunk_both_count() -> None:
    """Crown 40 by 4 m: 25 m east, 7 m north; trunk of 60 cm: 12.3 m everywhere."""
    crown, trunk = one(20.0, 2.0), discs(np.zeros((1, 2)), np.array([12.3]))[0]
    zone = single_zones(np.array([crown]), np.array([trunk]))[0]
    assert zone.bounds == pytest.approx((-25, -12.3, 25, 12.3), abs=0.02)
    assert zone.area == pytest.approx(crown.union(trunk).area)
    assert zone.area < crown.area + trunk.area


def test_a_part_that_holds_the_other_is_the_zone() -> None:
    small, large = discs(np.zeros((2, 2)), np.array([9.0, 12.0]))
    zones = single_zones(
        np.array([small, large, None, small]), np.array([large, small, large, None])
    )
    wanted = [large, large, large, small]
    assert all(zone.equals(want) for zone, want in zip(zones, wanted, strict=True))


def test_a_tree_without_either_has_no_zone() -> None:
    nothing = np.array([None], dtype=object)
    assert single_zones(nothing, nothing)[0] is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(1, 12)), min_size=2, max_size=8
    )
)
def test_a_stand_holds_the_ground_around_its_crowns_and_the_hull_is_largest(
    trees: list[tuple[float, float, float]],
) -> None:
    rows = np.array(trees)
    around = crowns(rows[:, :2], rows[:, 2], rows[:, 2], 5.0)
    hull, closed = stand_zone(around), stand_zone(around, "crowns")
    union = shapely.union_all(around)
    assert union.difference(closed).area < 1e-6
    assert closed.difference(hull).area < 1e-6
    assert len(hull.interiors) == 0
    bare = shapely.convex_hull(shapely.union_all(crowns(rows[:, :2], rows[:, 2], rows[:, 2])))
    by_geos = bare.buffer(5.0, quad_segs=64)
    assert by_geos.difference(hull).area < 1e-6  # within: GEOS draws chords
    assert hull.area == pytest.approx(by_geos.area, rel=1e-3)


def test_a_ring_of_trees_encloses_its_middle() -> None:
    turn = np.arange(24) * 2 * math.pi / 24
    at = 40 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    around = crowns(at, np.full(24, 4.0), np.full(24, 4.0), 5.0)
    assert shapely.union_all(around).interiors
    closed = stand_zone(around, "crowns")
    assert not closed.interiors
    assert closed.covers(shapely.Point(0, 0))


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 360), st.floats(-1e6, 1e6), st.floats(0, 4e6))
def test_a_stand_turns_and_moves_with_its_trees(angle: float, east: float, north: float) -> None:
    at = np.array([[0.0, 0.0], [30.0, 5.0], [12.0, 40.0]])
    half = np.array([4.0, 6.0, 5.0])
    turn = math.radians(angle)
    turned = at @ np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    here = stand_zone(crowns(at, half, half, 5.0)).area
    there = stand_zone(crowns(turned + np.array([east, north]), half, half, 5.0)).area
    assert there == pytest.approx(here, rel=1e-4)


def test_the_widest_gap_is_the_longest_step_of_the_shortest_walk() -> None:
    """Trees at 0, 10, 25 and 100 m: steps of 10, 15 and 75 m, in any order of the rows."""
    points = shapely.points([[100.0, 0.0], [0.0, 0.0], [25.0, 0.0], [10.0, 0.0]])
    assert widest_gap_m(points) == 75.0
    assert widest_gap_m(points[:1]) == 0.0
    assert widest_gap_m(points[:0]) == 0.0
