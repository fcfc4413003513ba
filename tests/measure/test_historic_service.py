"""Service of lesser parks in the historic district: by hand, at the edges, by property."""

from __future__ import annotations

import tomllib

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

import greenspace as gs
from greenspace.errors import InputError
from greenspace.measure.service import cut_parks, park_radii
from greenspace.model.tiers import Historic

TIERS = ((5000.0, 500.0), (2000.0, 300.0))
RELAXED = ((1000.0, 300.0),)
TOWN = box(-1e4, -1e4, 1e4, 1e4)


def series(*shapes):
    return gpd.GeoSeries(list(shapes), crs=6933)


def test_the_edges_of_tiers_in_the_historic_district(repository):
    golden = tomllib.loads((repository / "tests/golden/vectors.toml").read_text("utf-8"))
    for fact in golden["historic_tier_edge"]:
        park = np.array([box(0, 0, fact["park"] / 50, 50)])
        ground = TOWN if fact["historic"] else box(9e3, 9e3, 1e4, 1e4)
        found = park_radii(park, TIERS, Historic(ground, RELAXED))
        assert found.tolist() == [fact["radius"]], fact


@pytest.mark.parametrize(("west", "radius"), [(-49.9, 300), (-50.0, 0), (-50.1, 0)])
def test_a_park_lies_where_more_than_half_of_it_does(west, radius):
    park = np.array([box(west, 0, west + 100, 15)])  # 1 500 m2; the district is east of x = 0

    assert park_radii(park, TIERS, Historic(box(0, -99, 999, 99), RELAXED)).tolist() == [radius]


def test_lesser_parks_serve_homes_on_both_sides_of_the_district_line():
    park, old = series(box(0, 0, 30, 50)), series(box(0, 0, 30, 50))  # 1 500 m2
    homes = series(box(30, 0, 1030, 50))

    ratio = gs.service_coverage(park, homes, historic=old, historic_tiers=RELAXED)

    assert ratio.value == pytest.approx(0.30)  # 300 of 1 000 m
    assert gs.service_coverage(park, homes).value == 0.0
    (rule,) = [source for source in ratio.sources if source.role == "historic_tiers"]
    assert rule.name == ">= 1000 m2: 300 m"


def test_zones_know_the_relaxation_too():
    park = series(box(0, 0, 30, 50))
    homes = series(box(30, 0, 1030, 50))
    zones = series(box(30, 0, 330, 50), box(330, 0, 1030, 50))

    table = gs.service_coverage(park, homes, zones=zones, historic=park, historic_tiers=RELAXED)

    assert table.value.tolist() == pytest.approx([1.0, 0.0])
    assert "historic_tiers" in {source.role for source in table.sources}


@pytest.mark.parametrize(
    "given",
    [
        {"historic": series(TOWN)},
        {"historic_tiers": RELAXED},
        {"historic": series(TOWN), "historic_tiers": ((1000, -300),)},
    ],
)
def test_ground_and_tiers_go_together(given):
    with pytest.raises(InputError):
        gs.service_coverage(series(box(0, 0, 1, 1)), series(box(2, 0, 3, 1)), **given)


def test_rows_that_touch_are_not_cut_where_each_serves_already():
    halves = series(box(0, 0, 25, 50), box(25, 0, 50, 50))  # 1 250 m2 each, 2 500 m2 as one: 300 m

    assert cut_parks(halves, TIERS).tolist() == [True, True]
    assert cut_parks(halves, TIERS, Historic(TOWN, RELAXED)).tolist() == [False, False]


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_relaxation_never_shortens_a_radius_and_only_there_lengthens_it(seed):
    rng = np.random.default_rng(seed)
    west, south = rng.uniform(0, 500, (2, 20))
    parks = shapely.box(west, south, west + rng.uniform(5, 90, 20), south + rng.uniform(5, 90, 20))
    old = box(0, 0, rng.uniform(1, 500), rng.uniform(1, 500))

    plain, relaxed = park_radii(parks, TIERS), park_radii(parks, TIERS, Historic(old, RELAXED))

    assert (relaxed >= plain).all()
    longer = relaxed > plain
    assert shapely.intersects(parks[longer], old).all()
    assert (shapely.area(parks[longer]) >= 1000).all()
