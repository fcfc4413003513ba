"""A layer a constant step off another one is suspected, with how far and why; never moved."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from greenspace.model.crs import equal_area_at, local_metre
from greenspace.model.offset_coordinates import from_wgs84, to_wgs84
from greenspace.read.city import read_city
from greenspace.read.offset import LEAST_CORNERS, offset_findings

WUHAN = (114.30, 30.60)


def parcels(count=30, seed=1, size=8000.0):
    """Irregular parcels in metres, scattered over a city."""
    rng = np.random.default_rng(seed)
    shapes = []
    for x, y in rng.uniform(-size, size, (count, 2)):
        turns = np.sort(rng.uniform(0, 2 * np.pi, 7))
        radii = rng.uniform(60, 300, 7)
        shapes.append(
            Polygon(np.column_stack([x + radii * np.cos(turns), y + radii * np.sin(turns)]))
        )
    return shapes


def layer(shapes, place=WUHAN, crs=4326):
    return gpd.GeoDataFrame(geometry=shapes, crs=equal_area_at(*place)).to_crs(crs)


def drawn(name, frame):
    """A layer as a Chinese web map has it."""
    frame = frame.to_crs(4326)
    shapes = shapely.transform(
        frame.geometry.to_numpy(),
        lambda xy: np.column_stack(from_wgs84(name, xy[:, 0], xy[:, 1])),
    )
    return frame.set_geometry(list(shapes), crs=4326)


def step(name, place=WUHAN):
    """The step of a web map at a place, in metres."""
    lon, lat = np.subtract(np.ravel(from_wgs84(name, *place)), place)
    return lon * 111_195 * np.cos(np.radians(place[1])), lat * 111_195


def words(finding):
    """Metres east and north out of the sentence."""
    return [float(word) for word in finding.text.en.split() if word[0] in "+-"]


@pytest.mark.parametrize("name", ["GCJ-02", "BD-09"])
@pytest.mark.parametrize("order", [("parks", "built_up"), ("built_up", "parks")])
def test_a_web_maps_layer_is_suspected_and_named(name, order):
    true = layer(parcels(), crs=4547)
    found = {"parks": drawn(name, true), "built_up": true}
    (finding,) = offset_findings({key: found[key] for key in order})

    assert (finding.code, finding.severity, finding.layer) == ("layer_offset", "warning", "parks")
    assert finding.count == 30
    steps = [
        (a.x - b.x, a.y - b.y)
        for a, b in zip(found["parks"].to_crs(4547).centroid, true.centroid, strict=True)
    ]
    assert words(finding) == pytest.approx(
        np.median(steps, axis=0), abs=10
    )  # grid north is not north
    assert f'crs = "{name}"' in finding.text.en
    assert f'crs = "{name}"' in finding.text.zh


@given(st.tuples(st.floats(76, 134), st.floats(19, 52)), st.sampled_from(["GCJ-02", "BD-09"]))
def test_it_is_suspected_anywhere_in_china_where_the_step_can_be_seen(place, name):
    true = layer(parcels(), place)
    findings = offset_findings({"a": true, "b": drawn(name, true)})
    if np.hypot(*step(name, place)) > 120:
        (finding,) = findings
        assert finding.layer == "b"
        assert name in finding.text.en
    for finding in findings:
        assert name in finding.text.en


@given(st.integers(0, 1000), st.tuples(st.floats(76, 134), st.floats(19, 52)))
def test_layers_of_other_shapes_or_of_the_same_in_place_raise_no_alarm(seed, place):
    own, other = layer(parcels(seed=seed), place), layer(parcels(seed=seed + 1), place)
    assert offset_findings({"a": own, "b": other, "c": own.to_crs(4490)}) == ()


def test_a_boundary_is_matched_with_the_outline_of_districts():
    # 2 x 2 districts with crooked outer edges: the boundary is their union, in other rings
    rng = np.random.default_rng(3)
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    radii = rng.uniform(3000, 4000, 40)
    whole = Polygon(np.column_stack([radii * np.cos(turns), radii * np.sin(turns)]))
    quarters = [
        box(0, 0, 5e3, 5e3),
        box(-5e3, 0, 0, 5e3),
        box(-5e3, -5e3, 0, 0),
        box(0, -5e3, 5e3, 0),
    ]
    districts = layer([whole & quarter for quarter in quarters], crs=4547)
    (finding,) = offset_findings(
        {"built_up": layer([whole]), "districts": drawn("GCJ-02", districts)}
    )

    assert (finding.layer, finding.count) == ("districts", 4)


def test_another_step_is_told_without_a_cause():
    true = layer(parcels(), crs=4547)
    moved = true.set_geometry(true.translate(80, -60))  # such as between two datums
    (finding,) = offset_findings({"a": true, "b": moved})

    assert words(finding) == pytest.approx([80, -60], abs=1) or words(finding) == pytest.approx(
        [-80, 60], abs=1
    )
    assert "GCJ" not in finding.text.en
    assert "BD" not in finding.text.en


def test_a_small_step_is_how_people_draw():
    true = layer(parcels(), crs=4547)
    assert offset_findings({"a": true, "b": true.set_geometry(true.translate(20, 20))}) == ()


def test_one_shifted_layer_is_told_once_however_many_show_it():
    true = layer(parcels(), crs=4547)
    found = offset_findings({"a": true, "b": true, "c": drawn("GCJ-02", true), "d": true})
    assert [finding.layer for finding in found] == ["c"]


def test_rows_of_identical_houses_prove_nothing():
    # 200 houses of one plan: every corner occurs 200 times
    houses = [box(x * 60, y * 40, x * 60 + 20, y * 40 + 12) for x in range(20) for y in range(10)]
    moved = [shapely.affinity.translate(house, 600, 400) for house in houses]
    assert offset_findings({"a": layer(houses, crs=4547), "b": layer(moved, crs=4547)}) == ()


def houses(seed):
    """200 houses of one plan, drawn to two centimetres: no two alike, all much alike."""
    rng = np.random.default_rng(seed)
    plan = np.array([(0, 0), (20, 0), (20, 9), (14, 9), (14, 12), (0, 12)])
    places = [np.array([x * 60, y * 40]) for x in range(20) for y in range(10)]
    return [Polygon(plan + rng.normal(0, 0.02, plan.shape) + place) for place in places]


def test_houses_of_one_plan_do_not_hide_the_step_of_the_parcels():
    true = layer([*houses(1), *parcels(10)], crs=4547)
    again = layer([*houses(2), *parcels(10)], crs=4547)
    (finding,) = offset_findings({"a": true, "b": drawn("GCJ-02", again)})
    assert (finding.layer, finding.count) == ("b", 10)


def test_a_few_corners_prove_nothing():
    few = layer(parcels(1), crs=4547)
    assert LEAST_CORNERS > 5  # a parcel of 7 vertices has 6 corners without its seam
    assert offset_findings({"a": few, "b": drawn("GCJ-02", few)}) == ()


def test_lines_are_matched_with_the_edges_of_polygons():
    true = parcels()
    roads = layer([LineString(shape.exterior.coords) for shape in shapely.orient_polygons(true)])
    (finding,) = offset_findings({"a": layer(true), "roads": drawn("GCJ-02", roads)})
    assert finding.layer == "roads"


@pytest.mark.parametrize(
    "shapes", [[], [None], [Point()], [Point(1, 1)], [Polygon()], [box(0, 0, 1, 1)], [LineString()]]
)
def test_layers_without_corners_raise_no_alarm(shapes):
    assert offset_findings({"a": layer(shapes), "b": layer(parcels())}) == ()


def test_local_grids_are_left_alone():
    own = gpd.GeoDataFrame(geometry=parcels(), crs=local_metre())
    moved = own.set_geometry(own.translate(400, 300))
    assert offset_findings({"a": own, "b": moved}) == ()


def test_only_the_longest_shapes_of_a_huge_layer_are_looked_at(monkeypatch):
    monkeypatch.setattr("greenspace.read.offset.MOST_VERTICES", 100)
    true = layer(parcels(60), crs=4547)
    (finding,) = offset_findings({"a": true, "b": drawn("GCJ-02", true)})
    assert finding.count <= 100 / 8


MANIFEST = """
[city]
name = "试城"
[layers.green]
path = "city.gpkg"
layer = "green"
[layers.parks]
path = "city.gpkg"
layer = "parks"
"""


def test_a_city_is_warned_until_the_manifest_says_what_it_is(tmp_path):
    true = layer(parcels(), crs=4547)
    true.to_file(tmp_path / "city.gpkg", layer="green")
    drawn("GCJ-02", true).to_file(tmp_path / "city.gpkg", layer="parks")
    manifest = tmp_path / "city.toml"
    manifest.write_text(MANIFEST, encoding="utf-8")
    city = read_city(manifest)
    assert [item.code for item in city.findings if item.layer == "parks"] == ["layer_offset"]
    assert city.parks.to_crs(4547).centroid.distance(true.centroid).median() > 300  # not moved

    manifest.write_text(MANIFEST + 'crs = "GCJ-02"\n', encoding="utf-8")
    city = read_city(manifest)
    assert [item.code for item in city.findings if item.layer == "parks"] == ["offset_undone"]
    assert city.parks.to_crs(4547).centroid.distance(true.centroid).max() < 0.01


def test_the_sample_city_raises_no_alarm(sample_city):
    assert not [item for item in read_city(sample_city).findings if item.code == "layer_offset"]


@pytest.mark.parametrize(("place", "undone"), [(WUHAN, 6), ((-117.4, 33.9), 0)])
def test_a_web_map_is_undone_once_for_each_layer_and_only_in_china(monkeypatch, place, undone):
    # three layers, so three pairs, and two kinds of web map: 3 x 2, not 3 x 2 x 2
    asked = []

    def counted(name, lon, lat):
        asked.append(name)
        return to_wgs84(name, lon, lat)

    monkeypatch.setattr("greenspace.read.offset.to_wgs84", counted)
    layers = {str(seed): layer(parcels(seed=seed), place) for seed in (1, 2, 3)}
    assert offset_findings(layers) == ()
    assert len(asked) == undone
