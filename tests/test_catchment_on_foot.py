"""Access to parks along paths: by hand, against one search a park, and never nearer than straight."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.measure.access import kernel_weights

CRS = "EPSG:4547"
X, Y = 500_000.0, 3_400_000.0


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def park(west, south):
    return box(X + west, Y + south, X + west + 100, Y + south + 100)


def way(*corners):
    return LineString([(X + x, Y + y) for x, y in corners])


def homes(*places, persons):
    return layer([Point(X + x, Y + y) for x, y in places], P=list(persons))


# one park west of a street that runs 300 m east, turns north, and comes back over a bridge
PARKS = layer([park(-100, -50)])
STREET = layer([way((0, 0), (300, 0), (300, 200), (0, 200))])
GATE = layer([Point(X, Y)])
HOMES = homes((100, 10), (50, 190), persons=(30, 20))


def codes(found):
    return {finding.code: finding for finding in found.attrs["findings"]}


def on_foot(demand=HOMES, radius_m=800.0, **how):
    return gs.catchment_access(
        PARKS, demand, population="P", radius_m=radius_m, paths=STREET, entrances=GATE, **how
    )


def test_weights_are_those_of_the_way_and_not_of_the_straight_line():
    # first home: 100 along + 10 off = 110 m; second: 300 + 200 + 250 + 10 = 760 m
    near, far = kernel_weights(np.array([110.0, 760.0]), 800.0)
    ratio = 10_000 / (30 * near + 20 * far)
    assert on_foot()["access"].tolist() == pytest.approx([near * ratio, far * ratio])
    assert on_foot(radius_m=700)["parks_reached"].tolist() == [1, 0]
    straight = gs.catchment_access(PARKS, HOMES, population="P", radius_m=700)
    assert straight["parks_reached"].tolist() == [1, 1]


def test_home_without_a_path_is_undefined_told_and_shares_nothing():
    found = on_foot(homes((100, 10), (100, -500), persons=(30, 20)), method="2sfca")
    assert found["access"].tolist() == pytest.approx([10_000 / 30, np.nan], nan_ok=True)
    assert codes(found)["homes_off_network"].rows == (1,)
    assert "access_undefined" not in codes(found)  # told once, for the right reason
    assert any(source.role == "paths" for source in found.attrs["sources"])


def test_home_on_an_island_of_the_network_has_no_park():
    island = layer([*STREET.geometry, way((0, 500), (300, 500))])
    demand = homes((100, 10), (100, 505), persons=(30, 20))
    found = gs.catchment_access(
        PARKS, demand, population="P", radius_m=5000, paths=island, entrances=GATE
    )
    assert found["access"].iloc[1] == 0
    assert codes(found)["no_park_in_reach"].rows == (1,)


def test_residents_on_foot_are_at_most_those_within_the_straight_line():
    blocks = layer([box(X, Y, X + 300, Y + 20), box(X, Y + 180, X + 250, Y + 200)], P=[90, 60])
    straight = gs.residents_served(PARKS, blocks, "P")
    walked = gs.residents_served_on_foot(PARKS, blocks, STREET, "P", entrances=GATE)
    assert (walked.denominator, straight.denominator) == (150, 150)
    assert walked.numerator < straight.numerator  # the second block lies beyond 500 m on foot
    assert walked.numerator == pytest.approx(90, abs=1)
    assert walked.indicator == "residents_served_on_foot"


def test_zones_add_up_to_the_residents_on_foot():
    blocks = layer([box(X, Y, X + 700, Y + 20)], P=[700])
    zones = layer([box(X, Y, X + 250, Y + 20), box(X + 250, Y, X + 700, Y + 20)])
    street = layer([way((0, 10), (700, 10))])
    whole = gs.residents_served_on_foot(PARKS, blocks, street, "P", entrances=GATE)
    table = gs.residents_served_on_foot(PARKS, blocks, street, "P", entrances=GATE, zones=zones)
    assert table.to_frame()["denominator"].tolist() == pytest.approx([250, 450])
    assert table.total().value == pytest.approx(whole.value, rel=1e-9)


@settings(max_examples=8)
@given(
    st.lists(
        st.tuples(st.floats(0, 400), st.floats(0, 400), st.integers(1, 90)), min_size=1, max_size=6
    )
)
def test_pairs_are_those_of_one_search_a_park_and_all_is_handed_out(rows):
    grid = [way((0, y), (400, y)) for y in (0, 100, 200, 300, 400)]
    paths = layer([*grid, way((0, 0), (0, 400)), way((400, 0), (400, 300))])
    parks = layer([park(-100, 20), park(400, 150), park(-100, 330)])
    demand = homes(*[(x, y) for x, y, _ in rows], persons=[p for *_, p in rows])
    found = gs.catchment_access(parks, demand, population="P", radius_m=600, paths=paths)
    each = [gs.walking_distance(parks.iloc[[i]], demand, paths) for i in range(3)]
    distance = np.column_stack([one["distance_m"] for one in each])
    straight = np.column_stack([one["straight_m"] for one in each])
    assert (distance >= straight - 1e-6).all()
    weights = kernel_weights(distance.ravel(), 600.0).reshape(distance.shape)
    persons = demand["P"].to_numpy(dtype=float)
    people = persons @ weights
    ratio = np.where(people > 0, 10_000 / np.where(people > 0, people, 1), 0)
    assert found["access"].tolist() == pytest.approx((weights @ ratio).tolist(), rel=1e-6)
    handed = (found["access"] * found["residents"]).sum()
    assert handed == pytest.approx(10_000 * (people > 0).sum(), rel=1e-9)


def test_homes_within_a_park_have_no_way_to_it_with_or_without_a_path():
    demand = homes((-50, 10), (-90, 40), (100, 10), persons=(1, 1, 1))
    found = on_foot(demand, method="2sfca")
    distance = gs.walking_distance(PARKS, demand, STREET, entrances=GATE)["distance_m"]
    assert distance.tolist()[:2] == [0, 0]
    assert found["parks_reached"].tolist()[:2] == [1, 1]
    assert found["access"].tolist()[:2] == pytest.approx([10_000 / 3] * 2)
