"""Round buffers, by hand and beside GEOS with 1 024 sides."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.affinity import rotate, translate

from greenspace.measure.round_buffer import round_buffers

FINE = 0.35  # degrees: 1 024 sides a circle, like the oracle


def buffer_of(shape, radius, **options):
    pieces, owner = round_buffers(np.array([shape]), np.array([radius]), **options)
    assert shapely.is_valid(pieces).all()
    assert (owner == 0).all()
    return shapely.union_all(pieces)


def apart(shape, radius):
    """The symmetric difference to GEOS, as a share of the buffer."""
    oracle = shapely.buffer(shape, radius, quad_segs=256)
    found = buffer_of(shape, radius, arc_step_deg=FINE)
    return shapely.area(shapely.symmetric_difference(found, oracle)) / oracle.area


def noisy(rng, size, vertices=80, noise=0.1):
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    way = size * (1 + noise * rng.standard_normal(vertices)).clip(0.2)
    return Polygon(np.c_[way * np.cos(angle), way * np.sin(angle)])


@pytest.mark.parametrize("side", [0.01, 1, 50, 400, 9000])
def test_a_square_reaches_itself_four_strips_and_a_circle(side):
    # an arc of a quarter has 33 sides and keeps its area: only rounding is left
    by_hand = side**2 + 4 * side * 300 + np.pi * 300**2
    assert buffer_of(box(0, 0, side, side), 300).area == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("size", [5, 60, 200, 450, 900])
@pytest.mark.parametrize("noise", [0.0, 0.03, 0.1, 0.3])
def test_noisy_outlines_are_those_of_geos(size, noise):
    rng = np.random.default_rng(round(size + 100 * noise))
    assert apart(noisy(rng, size, noise=noise), 300.0) < 1e-5


def test_parts_are_joined_and_far_from_the_origin_nothing_changes():
    parts = MultiPolygon([box(0, 0, 40, 30), box(700, 0, 900, 10), box(0, 300, 4, 900)])
    assert apart(translate(parts, 4.5e5, 5.8e6), 300.0) < 1e-5


def test_turning_a_shape_turns_its_buffer():
    shape = noisy(np.random.default_rng(4), 200)
    turned = buffer_of(rotate(shape, 33, origin=(0, 0)), 300.0)
    still = rotate(buffer_of(shape, 300.0), 33, origin=(0, 0))
    assert shapely.symmetric_difference(turned, still).area < 1e-6 * still.area


def test_only_shapes_that_reach_somewhere_have_pieces():
    shapes = np.array([box(0, 0, 1, 1), Polygon(), box(5, 5, 6, 6), None], dtype=object)
    pieces, owner = round_buffers(shapes, np.array([0.0, 300.0, 300.0, 300.0]))
    assert owner.tolist() == [2]
    assert len(pieces) == 1
    assert len(round_buffers(shapes[:0], np.array([]))[0]) == 0
