"""Small shapes against a large one: beside plain intersection, and where cutting could err."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, affinity, box

from greenspace.measure.expanse import MOST_VERTICES, Expanse

SEED = st.integers(0, 2**32 - 1)


def archipelago(rng, count=12):
    """A shape of many vertices, islands and holes."""
    discs = [
        Point(*rng.uniform(0, 1000, 2)).buffer(rng.uniform(30, 250), quad_segs=64)
        for _ in range(count)
    ]
    holes = [Point(*rng.uniform(0, 1000, 2)).buffer(rng.uniform(5, 60)) for _ in range(count)]
    return shapely.union_all(discs).difference(shapely.union_all(holes))


def town(rng, count=60):
    """Return small shapes: boxes turned, some of two parts, some with a hole, one empty."""
    corner = rng.uniform(-200, 1200, (count, 2))
    size = rng.uniform(2, 150, (count, 2))
    plain = [
        affinity.rotate(box(*low, *(low + side)), rng.uniform(0, 90))
        for low, side in zip(corner, size, strict=True)
    ]
    pair = MultiPolygon([box(0, 0, 50, 50), box(600, 600, 640, 640)])
    ring = box(100, 100, 900, 900).difference(box(200, 200, 800, 800))
    return np.array([*plain, pair, ring, Polygon()], dtype=object)


@given(seed=SEED)
def test_areas_and_parts_are_those_of_plain_intersection(seed):
    rng = np.random.default_rng(seed)
    large, small = archipelago(rng), town(rng)
    expanse = Expanse(large)
    area = expanse.area_within(small)
    on, off = expanse.divided(small)
    expected = shapely.area(shapely.intersection(small, large))
    assert area == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert shapely.area(on) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert shapely.area(off) == pytest.approx(shapely.area(small) - expected, rel=1e-9, abs=1e-6)
    assert set(shapely.get_type_id([*on, *off])) <= {3, 6}


@given(seed=SEED)
def test_relation_tells_inside_and_outside_as_geos_does(seed):
    rng = np.random.default_rng(seed)
    large, small = archipelago(rng), town(rng)
    place = Expanse(large).relation(small)
    inside, apart = shapely.covers(large, small), shapely.disjoint(large, small)
    assert inside[place == 1].all()
    assert apart[place == -1].all()
    assert not (inside | apart)[place == 0].any()


@given(seed=SEED)
def test_pieces_have_few_vertices_and_make_up_the_whole(seed):
    large = archipelago(np.random.default_rng(seed), 25)
    pieces = Expanse(large).pieces
    assert shapely.get_num_coordinates(pieces).max() <= MOST_VERTICES
    assert shapely.is_valid(pieces).all()
    assert shapely.area(pieces).sum() == pytest.approx(large.area, rel=1e-11)


def test_a_shape_around_the_whole_expanse_and_one_in_its_hole():
    large = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    small = np.array([box(-10, -10, 110, 110), box(45, 45, 55, 55), box(10, 10, 20, 20)])
    assert Expanse(large).relation(small).tolist() == [0, -1, 1]
    assert Expanse(large).area_within(small).tolist() == [9600, 0, 100]


def test_shapes_on_the_lines_of_the_cut_are_whole():
    # a disc of 4 096 vertices is cut in the middle, and again: cells of the cut, corner on corner
    large = Point(0, 0).buffer(1024, quad_segs=1024)
    x, y = np.meshgrid(np.arange(-512, 512, 64), np.arange(-512, 512, 64))
    cells = shapely.box(x, y, x + 64, y + 64).ravel()
    assert Expanse(large).area_within(cells).tolist() == [64 * 64] * len(cells)


def test_nothing_lies_on_an_empty_expanse_and_no_shapes_are_no_trouble():
    nothing = Expanse(MultiPolygon())
    assert nothing.area_within(np.array([box(0, 0, 1, 1)])).tolist() == [0]
    assert nothing.divided(np.array([box(0, 0, 1, 1)]))[1][0].area == 1
    for large in (nothing, Expanse(box(0, 0, 1, 1))):
        none = np.empty(0, dtype=object)
        assert len(large.area_within(none)) == len(large.relation(none)) == 0
        assert len(large.divided(none)[0]) == 0
