"""Service radii on random scenes: beside circles of 1 024 segments, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, affinity, box

from greenspace.measure.service import radii, reach_of, service_coverage
from greenspace.prepare.blocks import disjoint_blocks

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
SEED = st.integers(0, 2**32 - 1)
few = settings(max_examples=12)
TRUE = 3e-5  # of the residential land


def outline(rng):
    """A park with a noisy outline: a blob, a ring, a horseshoe, or two parts."""
    count = int(rng.integers(8, 120))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = rng.uniform(15, 300) * (
        1 + rng.uniform(0, 0.25) * rng.standard_normal(count).clip(-2, 2)
    )
    blob = Polygon(np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None])
    shape = shapely.make_valid(blob, method="structure", keep_collapsed=False)
    kind = rng.integers(4)
    if kind == 1:
        shape = shape.difference(affinity.scale(shape, 0.6, 0.6))
    elif kind == 2:
        shape = shape.difference(box(-20, 0, 20, 500))
    elif kind == 3:
        shape = shapely.union_all([shape, affinity.translate(shape, 900, 200)])
    return affinity.translate(shape, *rng.uniform(0, 2500, 2))


def scene(seed):
    """Parks of any tier among blocks of a turned grid."""
    rng = np.random.default_rng(seed)
    parks = [outline(rng) for _ in range(int(rng.integers(1, 7)))]
    turn = rng.uniform(0, 90)
    blocks = [
        affinity.rotate(box(x, y, x + 180, y + 180), turn, origin=(1250, 1250))
        for x in range(0, 2400, 200)
        for y in range(0, 2400, 200)
    ]
    return GeoSeries(parks, crs=6933), GeoSeries(blocks, crs=6933)


@few
@given(seed=SEED)
def test_served_land_is_that_of_circles_of_1024_segments(seed):
    parks, blocks = scene(seed)
    reach = reach_of(parks, blocks, TIERS)
    radius = radii(parks.area.to_numpy(), TIERS)
    union = shapely.union_all(shapely.buffer(parks.to_numpy(), radius, quad_segs=256)[radius > 0])
    truth = shapely.area(shapely.intersection(blocks.to_numpy(), union))
    assert abs(reach.served_m2.sum() - truth.sum()) <= TRUE * reach.block_m2.sum()
    assert (np.abs(reach.served_m2 - truth) <= 3e-4 * reach.block_m2).all()


@few
@given(seed=SEED)
def test_parts_of_blocks_have_the_areas_that_are_counted(seed):
    parks, blocks = scene(seed)
    reach = reach_of(parks, blocks, TIERS)
    on, off = shapely.area(reach.served_parts), shapely.area(reach.unserved_parts)
    assert on == pytest.approx(reach.served_m2, rel=1e-9, abs=1e-6)
    assert on + off == pytest.approx(reach.block_m2, rel=1e-9)
    beyond = shapely.difference(reach.served_parts, shapely.buffer(blocks.to_numpy(), 1e-6))
    assert shapely.is_empty(beyond).all()


@few
@given(seed=SEED)
def test_the_order_of_parks_and_of_blocks_does_not_matter(seed):
    parks, blocks = scene(seed)
    once = reach_of(parks, blocks, TIERS)
    twice = reach_of(parks[::-1], blocks[::-1], TIERS)
    assert twice.served_m2[::-1] == pytest.approx(once.served_m2, rel=1e-9, abs=1e-5)


@few
@given(seed=SEED, turn=st.floats(0, 360), x=st.floats(-1e6, 1e6), y=st.floats(0, 5e6))
def test_turned_and_shifted_cities_are_served_alike(seed, turn, x, y):
    parks, blocks = scene(seed)

    def moved(layer):
        return layer.rotate(turn, origin=(0, 0)).translate(x, y)

    plain = service_coverage(reach_of(parks, blocks, TIERS))
    other = service_coverage(reach_of(moved(parks), moved(blocks), TIERS))
    assert other.numerator == pytest.approx(plain.numerator, abs=TRUE * plain.denominator)


@few
@given(seed=SEED, turn=st.floats(0, 180))
def test_a_park_cut_in_two_serves_the_same_where_both_keep_the_radius(seed, turn):
    parks, blocks = scene(seed)
    everywhere = ((0.0, 400.0),)
    half = affinity.rotate(box(-9000, 0, 9000, 9000), turn, origin=(0, 0))
    middle = parks[0].centroid
    half = affinity.translate(half, middle.x, middle.y)
    pieces = [parks[0].intersection(half), parks[0].difference(half)]
    cut = GeoSeries([*pieces, *parks[1:]], crs=6933)
    plain = service_coverage(reach_of(parks, blocks, everywhere))
    other = service_coverage(reach_of(cut[cut.area > 0], blocks, everywhere))
    assert other.numerator == pytest.approx(plain.numerator, abs=TRUE * plain.denominator)


@few
@given(seed=SEED, radius=st.floats(20, 600))
def test_more_radius_and_more_parks_serve_no_block_less(seed, radius):
    parks, blocks = scene(seed)
    near = reach_of(parks, blocks, ((0.0, radius),)).served_m2
    far = reach_of(parks, blocks, ((0.0, radius * 1.05),)).served_m2
    fewer = reach_of(parks[1:], blocks, ((0.0, radius),)).served_m2
    slack = 3e-4 * 180 * 180
    assert (fewer <= near + slack).all()
    assert (near <= far + slack).all()


def test_a_block_of_two_parts_is_served_in_the_part_that_is_near():
    block = MultiPolygon([box(100, 0, 200, 100), box(2000, 0, 2100, 100)])
    reach = reach_of(GeoSeries([box(0, 0, 100, 100)]), GeoSeries([block]), TIERS)
    assert reach.served_m2.tolist() == [10_000]
    assert reach.unserved_parts[0].bounds == (2000, 0, 2100, 100)


def test_blocks_that_overlap_are_served_once():
    homes = GeoDataFrame(geometry=[box(0, 0, 300, 100), box(100, 0, 600, 100)], crs=6933)
    blocks, _ = disjoint_blocks(homes)
    ratio = service_coverage(
        reach_of(GeoSeries([box(-100, 0, 0, 100)], crs=6933), blocks.geometry, TIERS)
    )
    assert (ratio.numerator, ratio.denominator) == (pytest.approx(50_000), pytest.approx(60_000))
