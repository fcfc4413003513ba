"""Paths that hang together with nothing, bridges and tunnels, through the front door."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box
from shapely.affinity import translate

import greenspace as gs

PARK = box(-100, -50, 0, 50)
STREET = LineString([(3, -500), (3, 500)])
INNER = LineString([(-90, 0), (1, 0)])  # out of the park, and 2 m short of the street
ISLAND = LineString([(300, 200), (600, 200)])
AT = st.integers(-120, 140)


def layer(*shapes, **columns):
    moved = [translate(shape, 500_000.0, 3_400_000.0) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=4547)


def served(paths, homes=None, **options):
    land = layer(box(0, -500, 300, 500)) if homes is None else homes
    return gs.network_service_coverage(layer(PARK), land, paths, **options)


def codes(findings):
    return {finding.code: finding for finding in findings}


@pytest.mark.parametrize("entrances", [None, layer(Point(0, 0))])
def test_a_path_short_of_the_street_takes_no_park_off_it(entrances):
    homes = layer(Point(10, 100))
    one, both = layer(STREET), layer(STREET, INNER)
    for measure in (
        lambda paths: served(paths, entrances=entrances).value,
        lambda paths: (
            -gs.walking_distance(layer(PARK), homes, paths, entrances=entrances).distance_m.iloc[0]
        ),
    ):
        assert measure(both) >= measure(one)
    assert served(one, entrances=entrances).value > 0.3


def test_parks_that_lead_onto_a_lesser_piece_only_are_named():
    ratio = served(layer(STREET, INNER), entrances=layer(Point(-95, 0)), snap_m=20.0)
    told = codes(ratio.findings)["parks_off_main_piece"]
    assert (told.rows, told.severity) == ((0,), "warning")
    assert "parks_off_main_piece" not in codes(served(layer(STREET, INNER)).findings)


def test_gates_toward_a_piece_that_does_not_cross_the_park_are_counted():
    told = codes(served(layer(STREET, INNER)).findings)["park_gates"]
    assert "taken where paths cross the edge for 1 (1); points of the edge besides" in told.text.en


def test_a_path_nearer_than_the_street_is_no_island_for_the_home():
    street = LineString([(0, 0), (1000, 0)])
    homes = layer(Point(400, 110), Point(400, 90))
    found = gs.walking_distance(
        layer(PARK), homes, layer(street, ISLAND), entrances=layer(Point(0, 0)), snap_m=150.0
    )
    assert found["distance_m"].tolist() == pytest.approx([510.0, 490.0])
    assert found["offset_m"].tolist() == pytest.approx([110.0, 90.0])


@given(AT, AT, AT, AT, st.booleans())
@settings(max_examples=10, deadline=None)
def test_what_hangs_together_with_nothing_takes_nothing_away(x, y, x2, y2, surveyed):
    extra, street = LineString([(x, y), (x2, y2)]), LineString([(3, -200), (3, 90), (150, 90)])
    assume(extra.length > 0)
    assume(extra.distance(street) > 1.0)
    homes, land = layer(Point(20, 60), Point(120, -20)), layer(box(10, -150, 150, 150))
    gates = layer(Point(0, 10)) if surveyed else None
    ways = layer(street), layer(street, extra)
    one, both = (served(each, land, entrances=gates).numerator for each in ways)
    assert both >= one - 1e-6
    near, nearer = (
        gs.walking_distance(layer(PARK), homes, each, entrances=gates).distance_m for each in ways
    )
    assert (nearer.fillna(np.inf) <= near.fillna(np.inf) + 1e-9).all()


def test_land_above_a_tunnel_is_not_served_from_it():
    ways = [LineString(each) for each in ([(0, 0), (100, 0)], [(100, 0), (380, 0)])]
    paths = layer(*ways, highway=["footway"] * 2, tunnel=["no", "yes"])
    above = layer(box(210, -50, 270, 50))
    assert served(paths, above, entrances=layer(Point(0, 0))).value == 0.0
    home = layer(Point(240, 10))
    found = gs.walking_distance(layer(PARK), home, paths, entrances=layer(Point(0, 0)))
    assert not found["snapped"].any()


def test_ground_begins_anew_where_a_bridge_lands():
    # 450 m along the street and the bridge leave 50 m: a disc of 50 m about the far end
    ways = [LineString(each) for each in ([(0, 0), (100, 0)], [(100, 0), (450, 0)])]
    on = [*ways, LineString([(450, 0), (600, 0)])]
    land = layer(box(400, -100, 600, 100))
    for lines in (ways, on):
        paths = layer(
            *lines, highway=["footway"] * len(lines), bridge=["no", "yes", "no"][: len(lines)]
        )
        ratio = served(paths, land, entrances=layer(Point(0, 0)))
        assert ratio.numerator == pytest.approx(np.pi * 50**2, rel=1e-4)


def test_a_tunnel_beside_the_home_is_no_way_in():
    street, tunnel = LineString([(10, -400), (10, 400)]), LineString([(4, -600), (4, 600)])
    joins = [LineString([(10, y), (10, 1.5 * y), (4, 1.5 * y)]) for y in (400, -400)]
    paths = layer(street, *joins, tunnel, highway=["footway"] * 4, tunnel=["no"] * 3 + ["yes"])
    found = gs.walking_distance(
        layer(PARK), layer(Point(6, 100)), paths, entrances=layer(Point(0, 0))
    )
    assert found["distance_m"].tolist() == pytest.approx([10 + 100 + 4])


def test_given_gates_on_a_bridge_are_told():
    ways = [LineString(each) for each in ([(0, 0), (60, 0)], [(-60, 0), (0, 0)])]
    paths = layer(*ways, highway=["footway"] * 2, bridge=["no", "yes"])
    told = codes(served(paths, entrances=layer(Point(-20, 0))).findings)["gates_on_structures"]
    assert (told.rows, told.count) == ((0,), 1)
    assert "gates_on_structures" not in codes(served(paths, entrances=layer(Point(0, 0))).findings)


@pytest.mark.parametrize("first", ["street", "deck"])
def test_a_bridge_drawn_upon_a_street_takes_nothing_of_it(first):
    street, deck = LineString([(0, 0), (400, 0)]), LineString([(100, 0), (300, 0)])
    rows = [(street, "no"), (deck, "yes")][:: 1 if first == "street" else -1]
    paths = layer(*(line for line, _ in rows), bridge=[bridge for _, bridge in rows])
    home, alone = layer(Point(200, 30)), layer(street)
    found = gs.walking_distance(layer(PARK), home, paths, snap_m=60)
    assert found.distance_m.tolist() == pytest.approx([230.0])  # 200 along the street, 30 to it
    land = layer(box(0, -200, 600, 200))
    beside = served(paths, homes=land, snap_m=60).numerator
    assert beside == pytest.approx(served(alone, homes=land, snap_m=60).numerator)
