"""What hangs on one park, and what new ones add: by hand, and beside leaving parks out."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity, box

from greenspace.measure.park_gain import contributions, gains
from greenspace.measure.service import reach_of, served_ground, service_coverage
from greenspace.prepare.blocks import disjoint_blocks

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
SEED = st.integers(0, 2**32 - 1)


def layer(shapes):
    return GeoSeries(list(shapes), crs=6933)


def street(start, length, step=100):
    """Blocks of 100 x 100 along a street."""
    return [box(x, 0, x + step, 100) for x in range(start, start + length, step)]


def proposed(reach, sites, persons=None):
    buffers, owner, _ = served_ground(layer(sites), TIERS)
    return gains(reach, buffers, owner, len(sites), persons)


def scene(seed, parks=4, homes=8):
    rng = np.random.default_rng(seed)

    def put(low, high, reach, count):
        return [
            affinity.rotate(
                affinity.translate(
                    box(0, 0, *rng.uniform(low, high, 2)), *rng.uniform(0, reach, 2)
                ),
                rng.uniform(0, 90),
            )
            for _ in range(count)
        ]

    blocks, _ = disjoint_blocks(GeoDataFrame(geometry=put(50, 400, 1500, homes), crs=6933))
    return put(30, 150, 1500, parks), blocks.geometry


# --- contributions


@given(seed=SEED)
def test_contribution_is_what_is_lost_without_the_park(seed):
    parks, blocks = scene(seed)
    whole = service_coverage(reach_of(layer(parks), blocks, TIERS)).numerator
    alone = contributions(reach_of(layer(parks), blocks, TIERS))
    for row in range(len(parks)):
        rest = layer(parks[:row] + parks[row + 1 :])
        without = service_coverage(reach_of(rest, blocks, TIERS)).numerator
        assert alone[row] == pytest.approx(whole - without, rel=1e-7, abs=1e-3)


def test_twin_parks_contribute_nothing_and_neither_do_small_ones():
    park = box(-100, 0, 0, 100)
    reach = reach_of(layer([park, park, box(900, 0, 909, 9)]), layer(street(0, 600)), TIERS)
    assert contributions(reach).tolist() == [0, 0, 0]


# --- gains by hand: 100 m wide street, parks of a hectare reach 500 m


def test_first_the_greatest_then_what_it_leaves():
    # street of 2 000 m; the park at its west end serves 500. Sites in the street's line:
    # at 900-1 000 reach 400..1 500 (new: 500..1 500), at 1 200-1 300 reach 700..1 800
    # (1 100, after the first 300), far away nothing, too small nothing
    reach = reach_of(layer([box(-100, 0, 0, 100)]), layer(street(0, 2000)), TIERS)
    sites = [
        box(900, 0, 1000, 100),
        box(1200, 0, 1300, 100),
        box(0, 5000, 100, 5100),
        box(1500, 0, 1509, 9),
    ]
    gain = proposed(reach, sites)
    assert gain.land_m2 == pytest.approx([100_000, 110_000, 0, 0])
    assert gain.rank.tolist() == [2, 1, 0, 0]
    # after 700..1 800 the other adds 500..700
    assert gain.marginal_m2 == pytest.approx([20_000, 110_000, 0, 0])
    assert np.isnan(gain.persons).all()


def test_residents_decide_before_land_and_follow_the_land_of_their_block():
    # two blocks of a hectare unserved, 1 000 m apart; few live in the one that is served whole
    reach = reach_of(layer([]), layer([box(0, 0, 100, 100), box(2000, 0, 2100, 100)]), TIERS)
    west, east = box(100, 0, 200, 100), box(2550, 0, 2650, 100)  # whole west, half of east
    gain = proposed(reach, [west, east], np.array([10.0, 200.0]))
    assert gain.land_m2 == pytest.approx([10_000, 5_000])
    assert gain.persons == pytest.approx([10, 100])
    assert gain.rank.tolist() == [2, 1]
    assert gain.marginal_persons == pytest.approx([10, 100])


def test_land_without_people_comes_last_and_twins_are_served_already():
    reach = reach_of(layer([]), layer([box(0, 0, 100, 100), box(2000, 0, 2100, 100)]), TIERS)
    sites = [box(1900, 0, 2000, 100), box(100, 0, 200, 100), box(100, 0, 200, 100)]
    gain = proposed(reach, sites, np.array([10.0, 0.0]))
    assert gain.rank.tolist() == [2, 1, 0]
    assert gain.marginal_m2.tolist() == [10_000, 10_000, 0]
    assert gain.marginal_persons.tolist() == [0, 10, 0]


# --- gains by property


@given(seed=SEED)
def test_gains_are_differences_of_coverage_and_marginals_add_up(seed):
    parks, blocks = scene(seed, parks=6)
    built, sites = parks[:2], parks[2:]
    reach = reach_of(layer(built), blocks, TIERS)
    before = service_coverage(reach).numerator
    gain = proposed(reach, sites)
    for row, site in enumerate(sites):
        after = service_coverage(reach_of(layer([*built, site]), blocks, TIERS)).numerator
        assert gain.land_m2[row] == pytest.approx(after - before, rel=1e-7, abs=1e-3)
    everything = service_coverage(reach_of(layer(parks), blocks, TIERS)).numerator
    assert before + gain.marginal_m2.sum() == pytest.approx(everything, rel=1e-7, abs=1e-3)
    ranked = np.argsort(gain.rank[gain.rank > 0])
    falling = gain.marginal_m2[gain.rank > 0][ranked]
    assert (np.diff(falling) <= 1e-6).all()
    assert (gain.marginal_m2 <= gain.land_m2 + 1e-6).all()


def test_no_candidates_and_no_homes_are_no_trouble():
    reach = reach_of(layer([]), layer([]), TIERS)
    assert len(proposed(reach, []).rank) == 0
    gain = proposed(reach, [box(0, 0, 100, 100)])
    assert (gain.rank.tolist(), gain.land_m2.tolist()) == ([0], [0.0])
    assert contributions(reach).tolist() == []


def test_reach_is_left_as_it_was():
    parks, blocks = scene(3)
    reach = reach_of(layer(parks[:1]), blocks, TIERS)
    unserved = reach.unserved_parts.copy()
    proposed(reach, parks[1:])
    assert shapely.equals_exact(reach.unserved_parts, unserved, 0).all()
