"""Service-radius coverage: by hand, by property, and beside other ways to draw a buffer."""

from __future__ import annotations

import itertools
import tomllib
from math import pi

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, affinity, box

from greenspace.measure.service import (
    radii,
    reach_of,
    service_coverage,
    service_coverage_by_zone,
)
from greenspace.prepare.blocks import disjoint_blocks

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
SEED = st.integers(0, 2**32 - 1)
ROUND = 1e-5  # 256 segments a quarter lack 6e-6 of a circle


def layer(*shapes):
    return GeoSeries(list(shapes), crs=6933)


def reach(parks, homes, tiers=TIERS):
    blocks, _ = disjoint_blocks(GeoDataFrame(geometry=list(homes), crs=6933))
    return reach_of(layer(*parks), blocks.geometry, tiers)


def coverage(parks, homes, tiers=TIERS):
    return service_coverage(reach(parks, homes, tiers))


def star(rng, centre, size):
    """A park with many dents, some of them shallow."""
    count = int(rng.integers(5, 40))
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = size * rng.uniform(0.7, 1.0, count)
    return Polygon(centre + np.column_stack((np.cos(angle), np.sin(angle))) * radius[:, None])


# --- by hand


def test_tier_edges(repository):
    golden = tomllib.loads((repository / "tests/golden/vectors.toml").read_text("utf-8"))
    for fact in golden["tier_edge"]:
        # a park 50 m high beside a band of homes 50 m high: what is served is as long as the radius
        park = box(-fact["park"] / 50, 0, 0, 50)
        ratio = coverage([park], [box(0, 0, 1000, 50)])
        assert ratio.numerator == pytest.approx(50 * fact["radius"], abs=1e-6)
        assert ratio.denominator == 50_000


def test_park_in_the_middle_of_a_large_estate():
    # s = 100, r = 500: the square, four sides s x r, four quarter circles
    homes = box(-1000, -1000, 1000, 1000)
    ratio = coverage([box(-50, -50, 50, 50)], [homes])
    served = 100**2 + 4 * 100 * 500 + pi * 500**2
    assert ratio.numerator == pytest.approx(served, rel=ROUND)
    assert ratio.numerator < served  # chords lie inside the circle
    assert ratio.denominator == 4_000_000
    assert (ratio.unit, ratio.indicator) == ("1", "service_coverage")


@pytest.mark.parametrize(
    ("homes", "served"),
    [
        (box(100, 0, 1100, 100), 500 * 100),  # along a flat side, to the metre
        (box(100, 100, 1100, 1100), pi * 500**2 / 4),  # around a corner: a quarter circle
        (box(-500, 0, 600, 100), 1100 * 100),  # the park itself and both sides
        (box(10, 10, 20, 20), 100),  # inside the park
        (box(601, 0, 700, 100), 0),  # one metre too far
        (box(599, 0, 700, 100), 100),  # one metre near enough
    ],
)
def test_square_park_of_a_hectare(homes, served):
    ratio = coverage([box(0, 0, 100, 100)], [homes])
    assert ratio.numerator == pytest.approx(served, rel=ROUND, abs=1e-6)
    assert ratio.denominator == pytest.approx(homes.area)


def test_reach_starts_at_the_boundary_not_at_the_middle():
    # a park 1 000 m long: its middle lies 500 m from its end
    ratio = coverage([box(-1000, 0, 0, 50)], [box(0, 0, 500, 50)])
    assert ratio.value == pytest.approx(1)


def test_land_reached_by_two_parks_counts_once():
    # 800 m between two parks: all of it is within 500 m of one, 200 m within 500 m of both
    parks = [box(-100, 0, 0, 100), box(800, 0, 900, 100)]
    ratio = coverage(parks, [box(0, 0, 800, 100)])
    assert (ratio.numerator, ratio.value) == (pytest.approx(80_000), pytest.approx(1))


def test_homes_drawn_twice_count_once():
    # 300 x 100 drawn twice beside 400 x 100: 700 x 100, of which 500 x 100 are served
    homes = [box(100, 0, 400, 100), box(100, 0, 400, 100), box(400, 0, 800, 100)]
    ratio = coverage([box(0, 0, 100, 100)], homes)
    assert ratio.denominator == pytest.approx(70_000)
    assert ratio.numerator == pytest.approx(50_000)


def test_each_park_reaches_by_its_own_tier():
    # 5 000 m2 reach 500 m west, 2 000 m2 reach 300 m east, 1 600 m2 nothing
    parks = [box(0, 0, 50, 100), box(5000, 0, 5020, 100), box(9000, 0, 9016, 100)]
    homes = [box(-900, 0, 0, 100), box(5020, 0, 5920, 100), box(9016, 0, 9916, 100)]
    ratio = coverage(parks, homes)
    assert ratio.numerator == pytest.approx(100 * (500 + 300))
    assert ratio.denominator == pytest.approx(100 * 2700)


def test_no_park_and_parks_below_every_tier_serve_nothing():
    homes = [box(0, 0, 100, 100)]
    for parks in ([], [box(0, 0, 10, 10)]):
        ratio = coverage(parks, homes)
        assert (ratio.value, ratio.denominator, ratio.reason) == (0.0, 10_000.0, None)


def test_no_homes_leave_the_value_undefined():
    ratio = coverage([box(0, 0, 100, 100)], [])
    assert np.isnan(ratio.value)
    assert ratio.reason is not None


def test_order_of_tiers_does_not_matter_and_minima_are_included():
    areas = np.array([999, 1999.9, 2000, 4999.9, 5000, 1e9])
    expected = [0, 0, 300, 300, 500, 500]
    assert radii(areas, TIERS).tolist() == expected
    assert radii(areas, TIERS[::-1]).tolist() == expected
    assert radii(np.nextafter(np.array([5000.0, 2000.0]), 0), TIERS).tolist() == [500, 300]


def test_zones_divide_homes_not_parks():
    # the park lies in the west; it serves 100 x 100 there and 400 x 100 of the east's 900 x 100
    zones = GeoDataFrame(
        geometry=[box(-500, 0, 200, 100), box(200, 0, 2000, 100), box(0, 500, 9, 509)], crs=6933
    )
    found = reach([box(0, 0, 100, 100)], [box(100, 0, 1100, 100)])
    frame = service_coverage_by_zone(found, zones).to_frame()
    assert frame["numerator"].tolist() == pytest.approx([10_000, 40_000, 0])
    assert frame["denominator"].tolist() == pytest.approx([10_000, 90_000, 0])
    assert np.isnan(frame["value"][2])  # no homes there


def test_zone_that_also_touches_homes_along_a_line_is_measured():
    # two arms of one block: the zone holds the one and only touches the other
    block = box(100, 0, 200, 100).union(box(200, 0, 300, 20)).union(box(200, 80, 300, 100))
    zone = GeoDataFrame(geometry=[box(150, 20, 250, 80).union(box(150, 0, 250, 20))], crs=6933)
    frame = service_coverage_by_zone(reach([box(0, 0, 100, 100)], [block]), zone).to_frame()
    assert frame["denominator"].tolist() == pytest.approx([50 * 80 + 50 * 20])
    assert frame["value"].tolist() == pytest.approx([1])


# --- by property


def scene(seed):
    """Three parks of any tier and four blocks of homes, near enough to matter."""
    rng = np.random.default_rng(seed)
    parks = [star(rng, rng.uniform(0, 1500, 2), rng.uniform(20, 120)) for _ in range(3)]
    homes = [
        affinity.translate(box(0, 0, *rng.uniform(100, 900, 2)), *rng.uniform(-300, 1200, 2))
        for _ in range(4)
    ]
    return parks, homes


@given(seed=SEED, radius=st.floats(50, 800))
def test_grows_with_the_radius_and_with_every_park(seed, radius):
    parks, homes = scene(seed)
    near = coverage(parks, homes, ((0, radius),)).value
    far = coverage(parks, homes, ((0, radius * 1.1),)).value
    fewer = coverage(parks[1:], homes, ((0, radius),)).value
    assert 0 <= fewer <= near + 1e-12
    assert near <= far + 1e-9
    assert far <= 1 + 1e-12


@given(seed=SEED)
def test_repeating_parks_or_homes_changes_nothing(seed):
    parks, homes = scene(seed)
    once, twice = coverage(parks, homes), coverage(parks + parks[::-1], homes + homes)
    assert twice.numerator == pytest.approx(once.numerator, rel=1e-9, abs=1e-6)
    assert twice.denominator == pytest.approx(once.denominator, rel=1e-12)


@given(seed=SEED)
def test_served_and_unserved_make_up_the_homes(seed):
    parks, homes = scene(seed)
    found = reach(parks, homes)
    ratio = service_coverage(found)
    assert found.served.area == pytest.approx(ratio.numerator, rel=1e-9, abs=1e-6)
    assert found.served.area + found.unserved.area == pytest.approx(ratio.denominator, rel=1e-9)
    assert found.unserved.intersection(found.area).area == pytest.approx(0, abs=1e-3)


@given(seed=SEED, x=st.floats(0, 1500))
def test_zones_of_a_partition_add_up_to_the_city(seed, x):
    parks, homes = scene(seed)
    found = reach(parks, homes)
    far = 1e4
    zones = GeoDataFrame(geometry=[box(-far, -far, x, far), box(x, -far, far, far)], crs=6933)
    total, city = service_coverage_by_zone(found, zones).total(), service_coverage(found)
    assert total.numerator == pytest.approx(city.numerator, rel=1e-9, abs=1e-6)
    assert total.denominator == pytest.approx(city.denominator, rel=1e-9)


@given(seed=SEED, x=st.integers(-(10**6), 10**6))
def test_turning_and_moving_everything_changes_nothing_to_speak_of(seed, x):
    parks, homes = scene(seed)

    def move(shape):
        return affinity.translate(affinity.rotate(shape, 90, origin=(0, 0)), x, -x)

    moved = coverage(list(map(move, parks)), list(map(move, homes))).value
    assert moved == pytest.approx(coverage(parks, homes).value, abs=ROUND)


def test_inputs_are_left_as_they_were():
    parks, homes = layer(*scene(1)[0]), layer(box(0, 0, 400, 300), box(400, 0, 900, 300))
    kept = parks.copy(), homes.copy()
    first, second = (service_coverage(reach_of(parks, homes, TIERS)) for _ in range(2))
    assert (first.numerator, first.denominator) == (second.numerator, second.denominator)
    assert parks.geom_equals_exact(kept[0], 0).all()
    assert homes.geom_equals_exact(kept[1], 0).all()


# --- by independent oracle


def capsules(shape, radius):
    """Draw what lies within a radius edge by edge, so that no outline is simplified."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    edges = [
        LineString(pair)
        for ring in rings
        for points in [shapely.get_coordinates(ring)]
        for pair in itertools.pairwise(points)
    ]
    return shapely.union_all([shape, *shapely.buffer(edges, radius, quad_segs=512)])


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_edge_by_edge_and_with_2048_segments(seed):
    parks, homes = scene(seed)
    parks[0] = parks[0].difference(parks[0].centroid.buffer(8))  # a hole
    parks[1] = MultiPolygon([parks[1], affinity.translate(parks[1], 700, 0)])
    ground = shapely.union_all(homes)
    share = coverage(parks, homes).value
    radius = radii(shapely.area(parks), TIERS)
    for draw in (capsules, lambda park, r: park.buffer(r, quad_segs=2048)):
        drawn = [draw(park, r) for park, r in zip(parks, radius, strict=True) if r]
        expected = ground.intersection(shapely.union_all(drawn)).area / ground.area
        assert share == pytest.approx(expected, abs=ROUND)


def test_shallow_dent_keeps_its_depth():
    # a dent 4 m deep in a side of 1 000 m moves the line of reach inwards by as much
    dented = Polygon([(0, 0), (500, -4), (1000, 0), (1000, -100), (0, -100)])
    homes = box(400, 400, 600, 520)
    # 500 m above an edge of slope 4/500 lies 500 * sqrt(1 + 0.008^2) m up, measured upright
    height = 500 * np.sqrt(1 + 0.008**2) - 400 - 4 + 0.008 * 50
    ratio = coverage([dented], [homes])
    assert ratio.numerator == pytest.approx(200 * height, rel=1e-5)
