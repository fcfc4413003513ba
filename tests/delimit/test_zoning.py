"""Covers of a boundary: by hand, adding up for any cut, against shapely, turned and moved."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity, box

from greenspace.delimit.zoning import GAP, OUTSIDE, OVERLAP, buffered, cover, portion

boxes = st.lists(
    st.tuples(*(st.integers(-20, 100) for _ in range(2)), *(st.integers(1, 60) for _ in range(2))),
    min_size=1,
    max_size=7,
)


def made(rows: list[tuple[int, ...]]) -> np.ndarray:
    return np.array([box(x, y, x + w, y + h) for x, y, w, h in rows], dtype=object)


@settings(max_examples=60, deadline=None)
@given(boxes)
def test_areas_add_up_whatever_the_zones(rows: list[tuple[int, ...]]) -> None:
    whole, zones = box(0, 0, 100, 100), made(rows)
    found = cover(whole, zones)
    assert found.zones_m2 - found.twice_m2 + found.gap_m2 == pytest.approx(found.target_m2)
    faults = found.faults
    union = shapely.union_all(zones)
    assert faults.area_m2[faults.of(GAP)].sum() == pytest.approx(whole.difference(union).area)
    beyond = shapely.union_all(faults.shape[faults.of(OUTSIDE)])
    assert beyond.area == pytest.approx(found.outside_m2)
    assert found.outside_m2 == pytest.approx(union.difference(whole).area)
    shared = shapely.union_all(faults.shape[faults.of(OVERLAP)])
    twice = shapely.union_all(
        [a.intersection(b) for n, a in enumerate(zones) for b in zones[n + 1 :]]
    )
    assert shared.symmetric_difference(twice).area == pytest.approx(0, abs=1e-9)
    assert (np.diff(faults.area_m2) <= 0).all()


@settings(max_examples=30, deadline=None)
@given(boxes, st.floats(0, 360), st.floats(-1e6, 1e6))
def test_faults_turn_and_move_with_the_zones(
    rows: list[tuple[int, ...]], angle: float, east: float
) -> None:
    whole, zones = box(0, 0, 100, 100), made(rows)

    def moved(shape):
        return affinity.translate(affinity.rotate(shape, angle, origin=(0, 0)), east, 3.4e6)

    here = cover(whole, zones)
    there = cover(moved(whole), np.array([moved(zone) for zone in zones]))
    assert there.gap_m2 == pytest.approx(here.gap_m2, abs=1e-4)
    assert there.twice_m2 == pytest.approx(here.twice_m2, abs=1e-4)
    assert there.outside_m2 == pytest.approx(here.outside_m2, abs=1e-4)


def test_an_exact_cut_has_no_fault() -> None:
    zones = shapely.box([0, 30, 30], [0, 0, 50], [30, 100, 100], [100, 50, 100])
    found = cover(box(0, 0, 100, 100), zones)
    assert (len(found.faults.kind), found.noise_count) == (0, 0)
    assert (found.gap_m2, found.twice_m2, found.outside_m2) == (0, 0, 0)


@pytest.mark.parametrize(("width", "count"), [(0.0009, 0), (0.0011, 1)])
def test_a_gap_is_noise_up_to_a_millimetre(width: float, count: int) -> None:
    """A strip of 1 000 m has an outline of 2 000 m: its mean width is its width."""
    zones = shapely.box([0, 500 + width], 0, [500, 1000], 1000)
    found = cover(box(0, 0, 1000, 1000), zones)
    assert len(found.faults.kind) == count
    assert found.noise_count == 1 - count
    assert found.gap_m2 == pytest.approx(1000 * width)


@pytest.mark.parametrize("angle", [0.0, 17.3])
@pytest.mark.parametrize(("to", "kind"), [(605.0, GAP), (595.0, OVERLAP)])
def test_hair_does_not_hide_the_hole_that_it_hangs_on(to: float, kind: str, angle: float) -> None:
    """A notch of 5 m by 5 m on an edge of 60 km that is 0.5 mm off: 25 m² of 55, mean width 0.9 mm."""
    edge = 600.0005 if kind == GAP else 599.9995
    notch = [(30_000, edge), (30_000, to), (30_005, to), (30_005, edge)]
    upper = shapely.Polygon([(0, edge), *notch, (60_000, edge), (60_000, 1000), (0, 1000)])
    shapes = [box(0, 0, 60_000, 1000), box(0, 0, 60_000, 600), upper]
    whole, *zones = (
        affinity.translate(affinity.rotate(shape, angle, origin=(0, 0)), 5e5, 3.4e6)
        for shape in shapes
    )
    found = cover(whole, np.array(zones, dtype=object))
    assert found.faults.kind.tolist() == [kind]
    assert found.faults.area_m2[0] == pytest.approx(25, abs=0.01)
    assert found.noise_m2 == pytest.approx(30, abs=0.01)
    at = affinity.rotate(
        affinity.translate(found.faults.shape[0].centroid, -5e5, -3.4e6), -angle, origin=(0, 0)
    )
    assert (at.x, at.y) == pytest.approx((30_002.5, (600 + to) / 2), abs=0.01)


def test_a_hole_of_the_boundary_is_no_ground_to_cover() -> None:
    whole = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    found = cover(whole, np.array([box(0, 0, 100, 100)], dtype=object))
    assert found.faults.kind.tolist() == [OUTSIDE]
    assert found.outside_m2 == 400


def test_ground_of_three_zones_is_two_times_too_much() -> None:
    zones = np.array([box(0, 0, 100, 100), box(0, 0, 10, 10), box(0, 0, 10, 10)], dtype=object)
    found = cover(box(0, 0, 100, 100), zones)
    assert found.twice_m2 == 200
    assert found.faults.area_m2.tolist() == [100, 100, 100]


def test_zones_that_touch_the_boundary_from_outside_leave_nothing_over() -> None:
    """An overlay of ground with an edge alone gives a line, which GEOS cannot overlay again."""
    own = [box(0, 0, 6, 10), box(10, 0, 12, 10)]
    found = portion(box(0, 0, 10, 10), own, [box(6, 0, 10, 10), box(4, 10, 8, 12)], own)
    assert (found.area_m2, found.least_m2, found.most_m2) == (60, 60, 60)


def test_bounds_leave_out_what_others_have_and_take_in_what_nobody_has() -> None:
    found = portion(box(0, 0, 10, 10), [box(0, 0, 6, 10)], [box(5, 0, 8, 10)], [box(8, 0, 12, 10)])
    assert (found.area_m2, found.least_m2, found.most_m2) == (60, 50, 80)


def test_a_core_at_the_edge_is_exposed_there() -> None:
    """60 m of the core lie 10 m from the edge: with 15 m asked for, 60 m by 5 m are exposed."""
    found = buffered(box(0, 0, 100, 100), box(20, 10, 80, 70), 15.0)
    assert (found.least_m, found.exposed_m2, len(found.exposed)) == (10, 300, 1)
    assert buffered(box(0, 0, 100, 100), box(20, 10, 80, 70), 10.0).exposed_m2 == 0


def test_a_core_around_an_enclave_has_no_buffer_there() -> None:
    whole = box(0, 0, 1000, 1000).difference(box(450, 450, 550, 550))
    found = buffered(whole, box(300, 300, 440, 700), 50.0)
    assert found.least_m == 10


def test_a_core_beyond_the_boundary_has_no_distance_left() -> None:
    assert buffered(box(0, 0, 100, 100), box(50, 50, 120, 60), 5.0).least_m == 0
