"""Layers made ready: one plane, every change counted, nothing lost."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS, Geod
from shapely import MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.affinity import rotate, translate

from greenspace.errors import CrsError, DataWarning, GeometryError
from greenspace.model.crs import local_metre
from greenspace.prepare.ready import Ready, length_findings, warn_of_changes

CM114, UTM49 = CRS.from_epsg(4547), CRS.from_epsg(32649)
BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
TOWN = GeoSeries([box(500_000, 3_400_000, 502_000, 3_402_000)], crs=CM114)


def codes(ready):
    return [finding.code for finding in ready.findings]


# --- by hand


def test_points_are_moved_and_those_without_a_place_are_counted():
    ready = Ready(None, TOWN, "built_up")
    homes = GeoSeries([Point(500_100, 3_400_100), None, Point()], crs=CM114, index=[7, 8, 9])
    moved = ready.points(homes.to_crs(4490), "homes")
    assert list(moved.index) == [7]
    assert moved.crs == CM114
    assert moved.geometry.iloc[0].distance(homes[7]) < 1e-6
    assert [(item.code, item.rows) for item in ready.findings] == [("empty_dropped", (8, 9))]
    assert [source.role for source in ready.sources] == ["homes"]


def test_shapes_are_no_points():
    shapes = GeoSeries(
        [Point(500_100, 3_400_100), MultiPoint([(5e5, 34e5), (5e5, 35e5)])], crs=CM114
    )
    with pytest.raises(GeometryError) as refused:
        Ready(None, TOWN, "built_up").points(shapes, "homes")
    assert refused.value.rows == (1,)
    assert refused.value.found == ("MultiPoint",)


def test_base_layer_decides_the_plane():
    ready = Ready(None, TOWN, "built_up")
    assert ready.crs == CM114
    assert (ready.findings, ready.sources) == ((), ())
    moved = ready.layer(TOWN.to_crs(4326), "parks")
    assert moved.crs == CM114
    assert moved.area[0] == pytest.approx(4e6, rel=1e-7)


def test_plane_that_is_asked_for_wins_and_its_areas_agree():
    # CM 114 against UTM 49N, whose scale is 0.9996 in its middle at 111 E
    assert Ready(UTM49, TOWN, "built_up").crs == UTM49
    areas = [Ready(asked, TOWN, "x").layer(TOWN, "x").area[0] for asked in (None, UTM49)]
    assert areas[0] / areas[1] == pytest.approx(1, abs=2e-3)
    assert areas[0] != areas[1]


def test_degrees_are_measured_on_a_plane_and_said():
    ready = Ready(None, TOWN.to_crs(4326), "built_up")
    assert ready.crs == CM114
    assert codes(ready) == ["measuring_crs"]
    ring = ready.layer(TOWN, "x").to_crs(4326).geometry[0]
    ground = abs(Geod(ellps="WGS84").geometry_area_perimeter(ring)[0])
    assert ready.layer(TOWN, "x").area[0] == pytest.approx(ground, rel=1e-3)


def test_layers_drop_empty_rows_and_zones_keep_them():
    rows = GeoDataFrame({"name": ["a", "b"]}, geometry=[TOWN[0], None], crs=CM114)
    ready = Ready(None, TOWN, "built_up")
    assert ready.layer(rows, "parks")["name"].tolist() == ["a"]
    assert ready.zones(rows)["name"].tolist() == ["a", "b"]
    assert ready.zones(rows).area.tolist() == [4e6, 0]


def test_zones_may_be_empty_in_another_crs():
    nowhere = GeoSeries([MultiPolygon(), None], crs=4326)
    assert Ready(None, TOWN, "parks").zones(nowhere).area.tolist() == [0, 0]


def test_overlap_is_said_of_layers_and_not_of_zones():
    twice = GeoSeries([TOWN[0], TOWN[0]], crs=CM114)
    ready = Ready(None, TOWN, "built_up")
    ready.zones(twice)
    ready.layer(twice, "vegetation", overlaps=False)
    assert codes(ready) == []
    ready.layer(twice, "parks")
    ready.layer(twice, "parks")
    assert codes(ready) == ["overlap"]  # once, however often it is asked for
    assert ready.findings[0].area_m2 == 4e6
    assert ready.dissolved(twice, "parks").area == 4e6


def test_sources_name_each_layer():
    ready = Ready(None, TOWN, "built_up")
    ready.layer(TOWN, "parks")
    ready.zones(TOWN)
    assert [source.role for source in ready.sources] == ["parks", "zones"]
    assert ready.sources[0].name == f"1 rows, {CM114.name}"


def test_local_grid_measures_as_it_is_and_says_so():
    base = GeoSeries([BOW], crs=local_metre())
    ready = Ready(None, base, "built_up")
    assert ready.layer(base, "parks").area.tolist() == [2]
    assert codes(ready) == ["local_grid", "made_valid"]


def test_inputs_are_left_as_they_were():
    rows = GeoDataFrame({"a": [1, 2]}, geometry=[BOW, None], crs=4326)
    kept = rows.copy()
    Ready(None, rows, "parks").layer(rows, "parks")
    assert rows.geom_equals_exact(kept, 0).tolist() == [True, False]
    assert (rows["a"].tolist(), rows.crs.to_epsg()) == ([1, 2], 4326)


def test_changes_are_warned_of_and_remarks_are_not():
    ready = Ready(None, TOWN.to_crs(4326), "built_up")
    warn_of_changes(ready.findings)  # a remark on the CRS changes nothing: no warning
    ready.layer(GeoSeries([BOW, None], crs=CM114), "parks")
    with pytest.warns(DataWarning) as caught:
        warn_of_changes(ready.findings)
    assert len(caught) == 2


# --- by refusal


def test_refuses_a_base_without_polygons():
    for nothing in (GeoSeries([], crs=CM114), GeoSeries([None, Polygon()], crs=CM114)):
        with pytest.raises(GeometryError) as caught:
            Ready(None, nothing, "built_up")
        assert caught.value.layer == "built_up"
        assert caught.value.problem.zh
        assert caught.value.remedy is not None


def test_refuses_a_plane_that_cannot_measure():
    for asked in (4326, 3857, 2229, 32601):
        with pytest.raises(CrsError) as caught:
            Ready(CRS.from_epsg(asked), TOWN, "built_up")
        assert caught.value.found == CRS.from_epsg(asked).name
        assert caught.value.problem.zh
        assert caught.value.problem.en


def test_refuses_metres_that_claim_to_be_degrees():
    wrong = TOWN.set_crs(4326, allow_override=True)
    with pytest.raises(CrsError):
        Ready(None, wrong, "built_up")
    with pytest.raises(CrsError) as caught:
        Ready(None, TOWN, "built_up").layer(wrong, "parks")
    assert caught.value.layer == "parks"


def test_refuses_to_mix_a_local_grid_with_a_real_crs():
    local = GeoSeries([box(0, 0, 1, 1)], crs=local_metre())
    with pytest.raises(CrsError):
        Ready(CM114, local, "built_up")
    with pytest.raises(CrsError) as caught:
        Ready(None, local, "built_up").layer(TOWN, "parks")
    assert caught.value.layer == "parks"
    with pytest.raises(CrsError):
        Ready(None, TOWN, "built_up").layer(local, "parks")


def test_lengths_are_remarked_where_a_plane_is_true_to_area_alone():
    helsinki = GeoDataFrame(geometry=[box(24.9, 60.1, 25.0, 60.2)], crs=4326)
    assert length_findings(CRS.from_epsg(6933), helsinki)[0].code == "linear_scale"
    assert length_findings(CRS.from_epsg(3067), helsinki) == ()
    assert length_findings(local_metre(), helsinki) == ()


@pytest.mark.parametrize("crs", [4490, 32649])
def test_what_another_crs_bends_is_a_note_and_a_bow_a_warning(crs):
    town = GeoSeries([box(500_000, 3_380_000, 501_000, 3_381_000)], crs=4547)
    rng = np.random.default_rng(0)
    yard = Polygon([(0, 0), (7, 0), (7, 5), (0, 5)], [[(3.3, 0), (4, 1), (3, 1)]])
    yards = [
        translate(rotate(yard, angle, use_radians=True), 500_000 + x, 3_380_000 + y)
        for angle, x, y in rng.uniform(0, (6, 900, 900), (200, 3))
    ]
    bow = Polygon([(x + 500_950, y + 3_380_950) for x, y in ((0, 0), (2, 2), (2, 0), (0, 2))])
    told = {}
    for name, shapes in (("bent", yards), ("bow", [*yards, bow])):
        ready = Ready(town.crs, town, "built_up")
        ready.layer(GeoSeries(shapes, crs=4547).to_crs(crs), "green", overlaps=False)
        told[name] = [item.severity for item in ready.findings if item.code == "made_valid"]

    assert told == {"bent": ["note"], "bow": ["warning"]}
