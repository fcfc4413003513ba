"""What lies near homes, and shares of them: by hand, by property, beside plain distances."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, affinity, box

from greenspace.measure import yardsticks
from greenspace.measure.counted import by_zone, share_of
from greenspace.measure.park_sizes import ParkSizes, park_width_m
from greenspace.measure.yardsticks import canopy_share, number_within
from greenspace.model.counted import Counted
from greenspace.model.yardsticks import WHO_300, WHO_300_1_HA, living_circle_rules

SEED = st.integers(0, 2**32 - 1)
CRS = 4547
CIRCLES = living_circle_rules()


def counted(shapes, amount, *, whole=False):
    shapes = np.array(shapes, dtype=object)
    rows = np.arange(len(shapes))
    return Counted(shapes, np.asarray(amount, float), "residents", rows, None, whole)


def layer(shapes):
    return GeoSeries(list(shapes), crs=CRS)


def straight_share(homes, parks, rule):
    return yardsticks.straight_share(homes, ParkSizes(parks.to_numpy()), rule)


def squares(rng, count):
    spots = rng.uniform(0, 900, (count, 2))
    return [
        box(x, y, x + w, y + w)
        for (x, y), w in zip(spots, rng.uniform(20, 150, count), strict=True)
    ]


# --- by hand


def test_width_is_that_of_the_widest_place():
    bulb = shapely.union(box(0, 0, 500, 10), Point(0, 0).buffer(60, quad_segs=64))
    ring = Point(0, 0).buffer(100, quad_segs=64).difference(Point(0, 0).buffer(80, quad_segs=64))
    two = MultiPolygon([box(0, 0, 30, 30), box(100, 0, 140, 40)])
    triangle = Polygon([(0, 0), (30, 0), (0, 40)])  # 3-4-5: the circle inside has r = 10
    widths = park_width_m(np.array([bulb, ring, two, triangle]))
    assert widths == pytest.approx([120, 20, 40, 20], abs=0.1)


@pytest.mark.parametrize("width", [30.0, 50.0, 80.0])
def test_width_is_what_erosion_leaves_nothing_of(width):
    park = box(0, 0, 500, width)
    (found,) = park_width_m(np.array([park]))
    assert not park.buffer(-(found - 0.02) / 2, join_style="mitre").is_empty
    assert park.buffer(-(found + 0.02) / 2, join_style="mitre").is_empty
    assert width <= found <= width + 0.02


def test_parks_too_narrow_for_a_rule_do_not_serve():
    parks = ParkSizes(np.array([box(0, 0, 1000, 79), box(0, 500, 700, 580)]))
    for rule, fit in ((CIRCLES[0].reach, [False, True]), (WHO_300, [True, True])):
        assert parks.meet(rule).tolist() == fit
        assert shapely.is_empty(yardsticks.fit_for(parks, rule)).tolist() == [not f for f in fit]


def test_a_park_belongs_to_one_circle_at_most():
    parks = [box(0, 0, 500, 100), box(0, 0, 500, 79), box(0, 0, 100, 40), box(0, 0, 60, 60)]
    assert ParkSizes(np.array(parks)).circle(CIRCLES).tolist() == [0, 1, 2, -1]


def test_trees_on_the_distance_are_in_view():
    homes = shapely.points([[0, 0], [100, 0]])
    trees = shapely.points([[20, 0], [0, 20], [0, 20.001], [90, 0]])
    assert number_within(homes, trees, 20.0).tolist() == [2, 1]


def test_no_trees_no_parks_and_no_canopy_are_zero():
    nothing = np.array([], dtype=object)
    homes = counted([Point(0, 0)], [1], whole=True)
    assert number_within(homes.shapes, nothing, 9.0).tolist() == [0]
    assert canopy_share(nothing, np.array([box(0, 0, 1, 1)])).tolist() == [0.0]
    assert straight_share(homes, layer([]), WHO_300).tolist() == [0.0]
    assert straight_share(counted([box(0, 0, 1, 1)], [1]), layer([]), WHO_300).tolist() == [0.0]


def test_homes_that_count_as_a_whole_are_never_cut():
    building = box(-10, 0, 30, 10)  # its inner point lies at x = 10
    zones = GeoDataFrame(geometry=[box(-100, 0, 0, 10), box(0, 0, 100, 10)])
    split = by_zone(counted([building], [7], whole=True), zones)
    assert (split.zone.tolist(), split.amount.tolist()) == ([1], [7.0])
    cut = by_zone(counted([building], [8]), zones)
    assert (cut.zone.tolist(), cut.amount.tolist()) == ([0, 1], [2.0, 6.0])


# --- by property


@given(seed=SEED)
def test_points_agree_with_plain_distances_and_more_green_never_harms(seed):
    rng = np.random.default_rng(seed)
    green = layer(squares(rng, 6))
    people = counted(shapely.points(rng.uniform(0, 1500, (20, 2))), np.ones(20), whole=True)
    shares = {}
    for rule, least in ((WHO_300, 5_000), (WHO_300_1_HA, 10_000)):
        large = green[green.area >= least].to_numpy()
        near = shapely.distance(people.shapes[:, None], large[None, :]) <= 300
        shares[least] = straight_share(people, green, rule)
        assert shares[least].tolist() == near.any(axis=1).tolist()
    assert (shares[5_000] >= shares[10_000]).all()
    assert (straight_share(people, green.iloc[:3], WHO_300) <= shares[5_000]).all()


@given(seed=SEED)
def test_canopy_of_neighbourhoods_that_overlap_is_that_of_each_alone(seed):
    rng = np.random.default_rng(seed)
    crowns = shapely.buffer(shapely.points(rng.uniform(0, 300, (40, 2))), rng.uniform(2, 40, 40))
    places = shapely.buffer(shapely.points(rng.uniform(0, 300, (9, 2))), rng.uniform(5, 150, 9))
    joined = shapely.union_all(crowns)
    alone = [place.intersection(joined).area / place.area for place in places]
    assert canopy_share(crowns, places) == pytest.approx(alone, abs=1e-9)


def test_many_neighbourhoods_are_measured_in_turns(monkeypatch):
    crowns, places = np.array([box(0, 0, 10, 10)]), shapely.box(range(7), 0, range(4, 11), 20)
    whole = canopy_share(crowns, places)
    monkeypatch.setattr(yardsticks, "AT_ONCE", 3)
    assert canopy_share(crowns, places).tolist() == whole.tolist() == [0.5] * 7


@given(seed=SEED, turn=st.floats(0, 360), shift=st.floats(-1e5, 1e5))
def test_turning_and_moving_the_whole_changes_nothing(seed, turn, shift):
    rng = np.random.default_rng(seed)
    green, spots = squares(rng, 5), shapely.points(rng.uniform(0, 1500, (12, 2)))

    def moved(shapes):
        turned = [affinity.rotate(shape, turn, origin=(700, 700)) for shape in shapes]
        return [affinity.translate(shape, shift, -shift) for shape in turned]

    distance = shapely.distance(spots, shapely.union_all([g for g in green if g.area >= 5_000]))
    clear = np.abs(np.nan_to_num(distance, nan=0.0) - 300) > 1e-6
    sizes = np.array([abs(g.area - 5_000) > 1e-3 for g in green])
    if not (clear.all() and sizes.all()):
        return
    one = straight_share(counted(spots, np.ones(12), whole=True), layer(green), WHO_300)
    other = straight_share(
        counted(moved(spots), np.ones(12), whole=True), layer(moved(green)), WHO_300
    )
    assert other.tolist() == one.tolist()


@given(seed=SEED)
def test_blocks_agree_with_buffers_joined_by_another_way(seed):
    rng = np.random.default_rng(seed)
    green, blocks = layer(squares(rng, 4)), [box(x, 0, x + 90, 90) for x in range(0, 1500, 100)]
    share = straight_share(counted(blocks, np.ones(15)), green, WHO_300)
    large = green[green.area >= 5_000].buffer(300, quad_segs=256).union_all()
    other = shapely.area(shapely.intersection(blocks, large)) / 8100
    assert share == pytest.approx(other, abs=3e-4)


@given(seed=SEED)
def test_zones_that_divide_the_ground_add_up_to_it(seed):
    rng = np.random.default_rng(seed)
    green = layer([box(0, 0, 100, 100)])
    line = float(rng.uniform(150, 850))
    zones = GeoDataFrame(geometry=[box(-9, -9, line, 200), box(line, -9, 2000, 200)], crs=CRS)
    blocks = [box(x, 0, x + 80, 90) for x in range(100, 900, 100)]
    for homes in (
        counted(blocks, rng.uniform(1, 9, 8)),
        counted(shapely.points(rng.uniform(0, 150, (8, 2))), rng.uniform(1, 9, 8), whole=True),
    ):
        whole = share_of("who_300", homes, straight_share(homes, green, WHO_300))
        split = by_zone(homes, zones)
        parts = share_of("who_300", split, straight_share(split, green, WHO_300)).total()
        assert parts.numerator == pytest.approx(whole.numerator, abs=1e-9)
        assert parts.denominator == pytest.approx(whole.denominator)


@given(seed=SEED)
def test_order_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    green, spots = squares(rng, 5), shapely.points(rng.uniform(0, 1500, (12, 2)))
    amount = rng.uniform(0, 9, 12)
    turn = rng.permutation(12)
    one = counted(spots, amount, whole=True)
    other = counted(spots[turn], amount[turn], whole=True)
    first = share_of("x", one, straight_share(one, layer(green), WHO_300))
    second = share_of("x", other, straight_share(other, layer(green[::-1]), WHO_300))
    assert second.value == pytest.approx(first.value)
