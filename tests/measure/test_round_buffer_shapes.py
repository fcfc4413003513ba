"""Round buffers of awkward shapes, beside the union of discs and strips of every edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box
from shapely.affinity import rotate, translate

from greenspace.measure.round_buffer import round_buffers

FINE = 0.35  # degrees: 1 024 sides a circle, like the oracle
BOUND = 1e-5  # of the buffer; sides inside the circle, as GEOS draws them, lack 6.3e-6 of a disc


def true_buffer(shape, radius):
    """All ground within a radius, edge by edge.

    GEOS leaves out inner corners of whole outlines that are shallower than a hundredth of the
    radius, which adds up to 3e-4 of a buffer; an edge alone has no inner corner.
    """
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    edges = shapely.linestrings(np.stack([points[:-1][same], points[1:][same]], axis=1))
    return shapely.union_all([shape, *shapely.buffer(edges, radius, quad_segs=256)])


def buffer_of(shape, radius, **options):
    pieces, owner = round_buffers(np.array([shape]), np.array([radius]), **options)
    assert shapely.is_valid(pieces).all()
    assert (owner == 0).all()
    return shapely.union_all(pieces)


def apart(shape, radius):
    truth = true_buffer(shape, radius)
    found = buffer_of(shape, radius, arc_step_deg=FINE)
    return shapely.symmetric_difference(found, truth).area / truth.area


def horseshoe(rng, size):
    gap = rng.uniform(0.02, 1)
    angle = np.linspace(gap / 2, 2 * np.pi - gap / 2, 24)
    way = LineString(size * np.c_[np.cos(angle), np.sin(angle)])
    return way.buffer(size * rng.uniform(0.01, 0.2), cap_style="flat", quad_segs=1)


def ring(rng, size):
    inner = size * rng.uniform(0.5, 0.95)
    return box(-size, -size, size, size) - rotate(box(-inner, -inner, inner, inner), 30)


def boxes(rng, size):
    low, extent = rng.uniform(0, size, (5, 2)), rng.uniform(0, size / 2, (5, 2))
    return shapely.union_all(shapely.box(*low.T, *(low + extent).T))


def waist(rng, size):
    half = size * rng.uniform(0.001, 0.1)
    right = [(size, 0), (size, size), (size / 2 + half, 1.2 * size), (size, 1.4 * size)]
    left = [(size - x, y) for x, y in reversed(right)]
    return Polygon([*right, (size, 2 * size), (0, 2 * size), *left])


def comb(rng, size):
    teeth = np.where(np.arange(11) % 2, 0.05, rng.uniform(0.2, 1, 11)) * size
    return Polygon([(0, -1), *zip(np.linspace(0, size, 11), teeth, strict=True), (size, -1)])


def sliver(rng, size):
    return Polygon([(0, 0), (size, 1e-4 * size * rng.random()), (size / 3, 1e-3 * size)])


@pytest.mark.parametrize("make", [horseshoe, ring, boxes, waist, comb, sliver])
@pytest.mark.parametrize("size", [0.05, 0.6, 1.5, 6])
def test_awkward_shapes_reach_what_their_edges_reach(make, size):
    rng = np.random.default_rng(round(10 * size))
    for turn in rng.uniform(0, 360, 2):
        shape = translate(rotate(make(rng, 300 * size), turn), 4.5e5, 5.8e6)
        assert shapely.is_valid(shape)
        assert apart(shape, 300.0) < BOUND


@settings(max_examples=40, deadline=None)
@given(
    ways=st.lists(st.floats(0.01, 1.0), min_size=3, max_size=9),
    size=st.floats(1, 3000),
    radius=st.sampled_from([2.0, 300.0, 2000.0]),
)
def test_any_star_reaches_what_its_edges_reach(ways, size, radius):
    angle = np.linspace(0, 2 * np.pi, len(ways), endpoint=False)
    shape = Polygon(size * np.c_[ways * np.cos(angle), ways * np.sin(angle)])
    if size < 400 * radius:
        assert apart(shape, radius) < BOUND


def test_a_hole_stays_open_where_no_edge_is_near():
    # a frame: what is left of its hole of 1000 m is a square 300 m from each side; where the
    # strips of two sides meet, up to 0.02 m along a few metres are missing
    frame = box(-700, -700, 700, 700) - box(-500, -500, 500, 500)
    outside = 1400**2 + 4 * 1400 * 300 + np.pi * 300**2
    assert buffer_of(frame, 300.0).area == pytest.approx(outside - 400**2, rel=1e-6)
    filled = buffer_of(box(-700, -700, 700, 700) - box(-299, -299, 299, 299), 300.0)
    assert filled.area == pytest.approx(outside, rel=1e-12)


def test_repeated_and_collinear_vertices_do_not_matter():
    square = np.array([(0, 0), (100, 0), (100, 100), (0, 100)], dtype=float)
    corners = Polygon(np.repeat(square, 3, axis=0))
    whole = 100**2 + 4 * 100 * 300 + np.pi * 300**2
    for shape in (corners, Polygon(square).segmentize(0.7), Polygon(square[::-1])):
        assert buffer_of(shape, 300.0).area == pytest.approx(whole, rel=1e-12)


def test_a_wider_radius_reaches_all_that_a_narrower_one_does():
    rng = np.random.default_rng(8)
    for make in (horseshoe, boxes, comb):
        shape = make(rng, 500)
        reached = [buffer_of(shape, radius) for radius in (50.0, 150.0, 300.0, 301.0, 900.0)]
        for narrow, wide in zip([shape, *reached], reached, strict=False):
            assert shapely.covers(wide, narrow)


def test_an_outline_strays_no_further_than_the_docstring_says():
    rng = np.random.default_rng(9)
    for make in (horseshoe, boxes, waist, comb):
        shape = make(rng, 400)
        outline = shapely.get_coordinates(shapely.segmentize(buffer_of(shape, 300.0), 1.0))
        away = shapely.distance(shapely.points(outline), shape) - 300.0
        assert np.abs(away).max() <= 300 * np.radians(2.8) ** 2 / 12 + 0.02


@pytest.mark.parametrize("corners", [40, 52, 65, 90, 91, 127, 128, 385, 500])
def test_arcs_of_any_number_of_sides_stray_as_little(corners):
    # 9° to 0.72° a corner: four sides of 2.8° down to one; two sides go out furthest
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    shape = Polygon(100 * np.c_[np.cos(angle), np.sin(angle)])
    outline = shapely.get_coordinates(shapely.segmentize(buffer_of(shape, 300.0), 1.0))
    away = shapely.distance(shapely.points(outline), shape) - 300.0
    assert np.abs(away).max() <= 300 * np.radians(2.8) ** 2 / 12 * 1.001


def test_outlines_of_very_many_vertices_are_buffered():
    angle = np.linspace(0, 2 * np.pi, 30_000, endpoint=False)
    way = 2500 + 40 * np.sin(400 * angle) + np.random.default_rng(3).normal(0, 0.05, len(angle))
    shape = Polygon(np.c_[way * np.cos(angle), way * np.sin(angle)])
    found, oracle = buffer_of(shape, 300.0), shapely.buffer(shape, 300.0, quad_segs=256)
    assert found.area == pytest.approx(oracle.area, rel=1e-5)


def test_pieces_are_those_of_the_shapes_in_their_order():
    rng = np.random.default_rng(5)
    shapes = np.array([translate(boxes(rng, 900), 5000 * k) for k in range(40)])
    radius = rng.choice([0.0, 100.0, 300.0], 40)
    pieces, owner = round_buffers(shapes, radius)
    assert (np.diff(owner) >= 0).all()
    assert set(owner) == set(np.flatnonzero(radius))
    for row in set(owner):
        alone = buffer_of(shapes[row], radius[row])
        assert shapely.union_all(pieces[owner == row]).equals(alone)


def test_what_is_no_polygon_or_very_wide_is_buffered_too():
    shapes = np.array([shapely.Point(0, 0), box(0, 0, 9000, 10), LineString([(0, 0), (5, 0)])])
    pieces, owner = round_buffers(shapes, np.array([300.0, 2.0, 300.0]))
    assert owner.tolist() == [0, 1, 2]
    by_hand = [np.pi * 300**2, 90_000 + 4 * 9010 + np.pi * 4, 5 * 600 + np.pi * 300**2]
    assert shapely.area(pieces) == pytest.approx(by_hand, rel=1e-5)


def test_even_what_is_not_valid_has_valid_pieces():
    rng = np.random.default_rng(6)
    tangles = shapely.polygons(rng.uniform(0, 200, (200, 12, 2)))
    assert not shapely.is_valid(tangles).any()
    pieces, _ = round_buffers(tangles, np.full(200, 300.0))
    assert shapely.is_valid(pieces).all()
