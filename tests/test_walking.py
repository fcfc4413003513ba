"""Walking through the front door: distances of homes and land served, by hand and by property."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.errors import ColumnError, DataWarning, GeometryError, InputError

PARK = gpd.GeoDataFrame({"name": ["园"]}, index=["p7"], geometry=[box(-100, -25, 0, 25)], crs=4547)
STREET = gpd.GeoSeries([LineString([(0, 0), (1000, 0)])], crs=4547)
GATE = gpd.GeoSeries([Point(0, 0)], crs=4547)
EAST, NORTH = 500_000.0, 3_400_000.0  # where EPSG:4547 lies in its own zone


def here(layer):
    """Return a layer of small coordinates where the plane of EPSG:4547 is true."""
    return layer.translate(EAST, NORTH) if isinstance(layer, gpd.GeoSeries) else layer.set_geometry(
        layer.geometry.translate(EAST, NORTH)
    )  # fmt: skip


def shapes(*given_shapes):
    return here(gpd.GeoSeries(list(given_shapes), crs=4547))


def codes(findings):
    return {finding.code for finding in findings}


def test_homes_are_as_far_as_one_walks_them():
    homes = shapes(Point(300, 40), Point(-50, 0), Point(1000, 0))
    found = gs.walking_distance(here(PARK), homes, here(STREET), entrances=here(GATE))
    # 40 m to the street, 300 m along it; in the park there is no way to go
    assert found["distance_m"].tolist() == pytest.approx([340.0, 0.0, 1000.0])
    assert found["straight_m"].tolist() == pytest.approx([np.hypot(300, 15), 0.0, 1000.0], abs=1e-6)
    assert found["offset_m"].tolist() == pytest.approx([40.0, 50.0, 0.0])
    assert found["park"].tolist() == ["p7"] * 3
    assert found["snapped"].all()


def test_the_gate_lies_off_the_park_and_off_the_street():
    gate = shapes(Point(10, 30))  # sqrt(10² + 5²) from the park, 30 m from the street
    found = gs.walking_distance(here(PARK), shapes(Point(210, 0)), here(STREET), entrances=gate)
    assert found["distance_m"].tolist() == pytest.approx([np.hypot(10, 5) + 30 + 200])


def test_a_home_without_a_path_has_no_distance_and_is_listed():
    homes = gpd.GeoSeries([Point(300, 40), Point(300, 400)], index=["a", "b"], crs=4547)
    found = gs.walking_distance(here(PARK), here(homes), here(STREET), entrances=here(GATE))
    assert np.isnan(found.loc["b", "distance_m"])
    assert found["snapped"].tolist() == [True, False]
    assert found.loc["b", "park"] is None
    (lost,) = (item for item in found.attrs["findings"] if item.code == "homes_off_network")
    assert (lost.rows, lost.count) == (("b",), 1)


def test_a_home_on_an_island_is_unreachable_and_not_zero():
    ways = shapes(LineString([(0, 0), (100, 0)]), LineString([(500, 0), (600, 0)]))
    found = gs.walking_distance(here(PARK), shapes(Point(550, 0)), ways, entrances=here(GATE))
    assert found["distance_m"].tolist() == [np.inf]
    assert found["snapped"].tolist() == [True]
    assert "homes_cut_off" in codes(found.attrs["findings"])


def test_a_block_is_walked_to_from_a_point_in_it_and_from_its_nearest_edge():
    block = shapes(box(400, 10, 600, 50))
    found = gs.walking_distance(here(PARK), block, here(STREET), entrances=here(GATE))
    # the point within the block is its middle, (500, 30); its nearest corner is (400, 10)
    assert found["distance_m"].tolist() == pytest.approx([530.0])
    assert found["edge_distance_m"].tolist() == pytest.approx([410.0])


def test_rows_without_a_shape_keep_their_place():
    homes = gpd.GeoDataFrame({"n": [1, 2]}, geometry=[None, Point(EAST + 300, NORTH)], crs=4547)
    with pytest.warns(DataWarning):
        found = gs.walking_distance(here(PARK), homes, here(STREET), entrances=here(GATE))
    assert found["n"].tolist() == [1, 2]
    assert found["distance_m"].tolist() == pytest.approx([np.nan, 300.0], nan_ok=True)


def test_layers_in_degrees_and_in_web_mercator_give_the_same_numbers():
    homes = shapes(box(0, 0, 900, 90))
    layers = [here(PARK), homes, here(STREET)]
    exact = gs.network_service_coverage(*layers, entrances=here(GATE), crs=4547)
    for crs in (4326, 3857):
        moved = [layer.to_crs(crs) for layer in layers]
        again = gs.network_service_coverage(*moved, entrances=here(GATE).to_crs(crs), crs=4547)
        assert again.value == pytest.approx(exact.value, rel=1e-5)


def test_land_on_foot_stands_beside_land_in_a_straight_line():
    homes = shapes(box(0, 0, 1000, 20), box(0, 200, 400, 220))
    foot = gs.network_service_coverage(here(PARK), homes, here(STREET), entrances=here(GATE))
    line = gs.service_coverage(here(PARK), homes)
    assert foot.indicator == "network_service_coverage"
    assert foot.denominator == line.denominator
    # on foot the strip along the street alone: 400 m, and the disc of 100 m about (400, 0)
    strip = 400 * 20 + (20 * np.sqrt(100**2 - 20**2) + 100**2 * np.arcsin(0.2)) / 2
    assert foot.numerator == pytest.approx(strip, rel=1e-4)
    assert line.numerator > 15_000


def test_land_far_from_every_path_is_counted():
    homes = shapes(box(0, 0, 200, 20), box(100, 300, 200, 400))
    foot = gs.network_service_coverage(here(PARK), homes, here(STREET), entrances=here(GATE))
    (far,) = (item for item in foot.findings if item.code == "land_off_network")
    assert far.area_m2 == pytest.approx(10_000.0)
    assert far.severity == "warning"


def test_water_is_crossed_by_paths_alone():
    homes = shapes(box(0, 60, 300, 80))
    river = shapes(box(-500, 30, 1500, 50))
    dry, wet = (
        gs.network_service_coverage(
            here(PARK), homes, here(STREET), entrances=here(GATE), barriers=barriers
        ).value
        for barriers in (None, river)
    )
    assert (dry, wet) == (pytest.approx(1.0), 0.0)


def test_zones_are_measured_in_the_callers_order():
    homes = shapes(box(0, 0, 1000, 20))
    zones = gpd.GeoDataFrame(
        index=["far", "near", "none"],
        geometry=list(shapes(box(500, -9, 1000, 99), box(0, -9, 500, 99), box(0, 500, 9, 509))),
        crs=4547,
    )
    table = gs.network_service_coverage(
        here(PARK), homes, here(STREET), entrances=here(GATE), zones=zones
    ).to_frame()
    assert table.index.tolist() == ["far", "near", "none"]
    assert table["value"].iloc[0] == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(table["value"].iloc[2])


def test_a_network_that_does_not_meet_the_parks_is_refused_with_both_extents():
    elsewhere = shapes(LineString([(5000, 0), (6000, 0)]))
    with pytest.raises(GeometryError) as refusal:
        gs.walking_distance(here(PARK), shapes(Point(0, 0)), elsewhere)
    assert refusal.value.layer == "paths"
    assert refusal.value.expected[0] == pytest.approx(EAST - 100)
    assert refusal.value.found[0] == pytest.approx(EAST + 5000)


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), "100", True])
def test_a_snap_limit_that_is_no_length_is_refused(wrong):
    with pytest.raises(InputError) as refusal:
        gs.walking_distance(here(PARK), shapes(Point(0, 0)), here(STREET), snap_m=wrong)
    assert refusal.value.found is wrong


def test_inputs_are_left_as_they_were():
    homes = shapes(box(0, 0, 900, 90))
    kept = homes.copy()
    gs.walking_distance(here(PARK), homes, here(STREET))
    assert homes.geom_equals(kept).all()


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_the_straight_line_is_never_longer_than_the_way(seed):
    rng = np.random.default_rng(seed)
    ends = rng.uniform(0, 800, (14, 2, 2))
    ways = shapes(*(LineString(pair) for pair in ends))
    corner = rng.uniform(0, 700, (3, 2))
    parks = shapes(*(box(x, y, x + 60, y + 40) for x, y in corner))
    homes = shapes(*(Point(xy) for xy in rng.uniform(0, 800, (40, 2))))
    try:
        found = gs.walking_distance(parks, homes, ways, every_m=30.0)
    except GeometryError:
        return  # no way near any park
    known = found[found["snapped"]]
    assert (known["straight_m"] <= known["distance_m"] + 1e-6).all()


@pytest.mark.real_data
@pytest.mark.slow
def test_amsterdam_is_walked_where_its_network_is(real_data):
    folder = real_data / "amsterdam"
    parks, homes, ways = (
        gs.read_layer(folder / name)
        for name in ("ams_parken.gpkg", "Ams_Houses.gpkg", "network.gpkg")
    )
    found = gs.walking_distance(parks, homes, ways)
    # Within 300 and 500 m of a park in a straight line: data.md of the source
    assert [(found["straight_m"] <= limit).sum() for limit in (300, 500)] == [256, 372]
    known = found[found["snapped"]]
    assert 40 <= len(known) <= 50  # the network covers a small part of the city
    assert (known["straight_m"] <= known["distance_m"] + 1e-6).all()
    assert np.isinf(known["distance_m"]).sum() == 3  # on pieces that lead to no park
    assert "paths_pieces" in codes(found.attrs["findings"])


@pytest.mark.real_data
@pytest.mark.slow
def test_helsinki_homes_walk_no_less_than_the_straight_line(real_data):
    file = real_data / "helsinki" / "helsinki_layers_derived.gpkg"
    green, homes, roads = (
        gs.read_layer(file, layer=name) for name in ("green", "residential_landuse", "roads")
    )
    parks = green[green["leisure"] == "park"]
    with pytest.warns(DataWarning):
        found = gs.walking_distance(parks, homes, roads)
    with pytest.warns(DataWarning):
        foot = gs.network_service_coverage(parks, homes, roads, tiers=((2000, 150),))
    with pytest.warns(DataWarning):
        line = gs.service_coverage(parks, homes, tiers=((2000, 150),))
    known = found[found["snapped"]]
    assert len(known) == len(homes) - 1  # one has no ground
    assert (known["straight_m"] <= known["distance_m"] + 1e-6).all()
    assert 0.1 < foot.value < line.value


def test_within_a_park_there_is_no_way_to_go():
    block = shapes(box(-60, -10, -40, 10), box(-5000, 0, -4900, 10))
    # no path lies within 10 m of the homes
    found = gs.walking_distance(here(PARK), block, here(STREET), entrances=here(GATE), snap_m=10)
    assert found["distance_m"].tolist() == pytest.approx([0.0, np.nan], nan_ok=True)
    assert found["edge_distance_m"].tolist() == pytest.approx([0.0, np.nan], nan_ok=True)
    assert found["park"].tolist() == ["p7", None]
    assert found["snapped"].tolist() == [False, False]
    (lost,) = (item for item in found.attrs["findings"] if item.code == "homes_off_network")
    assert lost.count == 1
    land = gs.network_service_coverage(
        here(PARK), block, here(STREET), entrances=here(GATE), snap_m=10
    )
    assert land.numerator == pytest.approx(20 * 20)


def test_a_park_without_a_radius_serves_nobody_within_it():
    homes = shapes(box(-60, -10, -40, 10))
    small = ((5001.0, 500.0),)
    gate = here(GATE)
    found = gs.network_service_coverage(
        here(PARK), homes, here(STREET), entrances=gate, tiers=small
    )
    assert found.value == 0.0


def test_homes_that_lie_nowhere_have_no_distance_and_are_told():
    homes = gpd.GeoSeries(
        [Point(np.nan, 1), Point(EAST + 300, NORTH), None, Point(np.inf, 1)], crs=4547
    )
    with pytest.warns(DataWarning):
        found = gs.walking_distance(here(PARK), homes, here(STREET), entrances=here(GATE))
    for column, metres in (("distance_m", 300.0), ("straight_m", 300.0)):
        assert found[column].tolist() == pytest.approx(
            [np.nan, metres, np.nan, np.nan], nan_ok=True
        )
    told = {item.code: item.rows for item in found.attrs["findings"]}
    assert told["unplaced_dropped"] == (0, 3)
    assert told["homes_off_network"] == (0, 2, 3)


@pytest.mark.parametrize("name", ["distance_m", "park", "snapped"])
def test_columns_of_the_caller_are_never_overwritten(name):
    homes = gpd.GeoDataFrame({name: [1.0]}, geometry=list(shapes(Point(300, 40))), crs=4547)
    with pytest.raises(ColumnError) as refused:
        gs.walking_distance(here(PARK), homes, here(STREET))
    assert refused.value.found == (name,)
    with pytest.raises(ColumnError):
        gs.walking_distance(here(PARK), shapes(Point(0, 0)).rename("park").to_frame(), here(STREET))


def test_points_and_polygons_are_measured_apart():
    homes = shapes(Point(300, 40), box(0, 0, 9, 9))
    with pytest.raises(GeometryError) as refused:
        gs.walking_distance(here(PARK), homes, here(STREET))
    assert refused.value.found == ("points", "polygons")


@pytest.mark.parametrize("snap_m", [np.float32(50), np.int64(50), 50])
def test_real_numbers_of_any_type_are_lengths(snap_m):
    homes = shapes(box(0, 0, 100, 100))
    ratio = gs.network_service_coverage(here(PARK), homes, here(STREET), snap_m=snap_m)
    assert ratio.value == pytest.approx(0.5)


def test_without_residential_land_the_share_has_a_reason_and_without_parks_it_is_zero():
    homes, none = shapes(box(0, 0, 100, 100)), shapes(box(0, 0, 1, 1))[:0]
    for ratio in (
        gs.service_coverage(here(PARK), none),
        gs.network_service_coverage(here(PARK), none, here(STREET)),
    ):
        assert np.isnan(ratio.value)
        assert ratio.undefined.en == "There is no residential land."
    both, zones = shapes(box(0, 0, 100, 100)), shapes(box(0, 0, 50, 50), box(900, 0, 999, 99))
    for table in (
        gs.service_coverage(here(PARK), both, zones=zones),
        gs.network_service_coverage(here(PARK), both, here(STREET), zones=zones),
    ):
        assert [item and item.en for item in table.undefined] == [
            None,
            "There is no residential land.",
        ]
    assert gs.network_service_coverage(none, homes, here(STREET)).value == 0.0
    found = gs.walking_distance(none, homes, here(STREET))
    assert found["distance_m"].tolist() == [np.inf]
    assert found["park"].tolist() == [None]
    assert gs.walking_distance(none, homes.centroid, here(STREET))["distance_m"].tolist() == [
        np.inf
    ]


def test_the_cap_stands_beside_every_number_on_foot():
    homes = gpd.GeoDataFrame({"P": [10]}, geometry=list(shapes(box(0, 0, 100, 100))), crs=4547)
    for ratio in (
        gs.network_service_coverage(here(PARK), homes, here(STREET), snap_m=80),
        gs.residents_served_on_foot(here(PARK), homes, here(STREET), "P", snap_m=80),
    ):
        assert "80 m" in [source.name for source in ratio.sources if source.role == "off_path"]


def test_parks_that_are_points_are_refused_with_a_way_out():
    parks, homes = shapes(Point(0, 0), box(0, 0, 100, 100)), shapes(box(0, 0, 100, 100))
    blocks, street = gpd.GeoDataFrame({"P": [10]}, geometry=homes), here(STREET)
    for measure in (
        lambda: gs.network_service_coverage(parks, homes, street),
        lambda: gs.walking_distance(parks, homes, street),
        lambda: gs.residents_served_on_foot(parks, blocks, street, "P"),
    ):
        with pytest.raises(GeometryError) as refused:
            measure()
        assert (refused.value.layer, list(refused.value.rows)) == ("parks", [0])
        assert "--point-radius-m" in refused.value.remedy.en
    with pytest.raises(GeometryError) as refused:
        gs.catchment_access(parks, blocks, population="P", radius_m=100)
    assert refused.value.remedy.en == "Draw the parks as polygons."
