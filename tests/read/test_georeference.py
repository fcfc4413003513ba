"""A layer's CRS, by file and by user: agreed on, moved when asked, or refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS
from shapely import box

from greenspace.errors import CrsError
from greenspace.model.crs import is_local, local_metre
from greenspace.model.offset_coordinates import from_wgs84
from greenspace.read.georeference import georeferenced
from greenspace.read.vector import read_layer

TRUTH = [box(114.30 + i / 100, 30.58, 114.31 + i / 100, 30.59) for i in range(3)]
LOCAL_PRJ = (
    'LOCAL_CS["city grid",LOCAL_DATUM["city",0],UNIT["{}",{}],AXIS["X",EAST],AXIS["Y",NORTH]]'
)


def drawn(name, shapes=TRUTH):
    """Shapes as a Chinese web map has them."""
    return list(
        shapely.transform(
            np.asarray(shapes), lambda xy: np.column_stack(from_wgs84(name, xy[:, 0], xy[:, 1]))
        )
    )


def layer(shapes, crs=None):
    return gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=crs)


def read(frame, given=None):
    return georeferenced(frame, given, file="parks.shp", layer="parks")


def refuse(frame, given=None):
    with pytest.raises(CrsError) as caught:
        read(frame, given)
    assert (caught.value.file, caught.value.layer) == ("parks.shp", "parks")
    return caught.value


# GCJ-02 and BD-09


@pytest.mark.parametrize("name", ["GCJ-02", "BD-09"])
@pytest.mark.parametrize("says", [None, 4326, 4490])
def test_a_web_maps_layer_is_moved_where_the_user_says_so(name, says):
    frame, (finding,) = read(layer(drawn(name), says), name.lower())

    assert frame.crs.to_epsg() == 4326
    assert frame["n"].tolist() == [0, 1, 2]
    assert shapely.get_coordinates(frame.geometry) == pytest.approx(
        shapely.get_coordinates(TRUTH), abs=1e-9
    )
    assert (finding.code, finding.severity, finding.count) == ("offset_undone", "warning", 3)


def test_the_finding_says_how_far_rows_moved():
    # Wuhan: eviltransform and this file both put GCJ-02 some 0.0055 E and -0.0024 N away
    east, north = np.subtract(np.ravel(from_wgs84("GCJ-02", 114.315, 30.585)), (114.315, 30.585))
    metres = 111_195 * np.hypot(east * np.cos(np.radians(30.585)), north)
    _, (finding,) = read(layer(drawn("GCJ-02")), "GCJ-02")

    found = float(finding.text.en.split(" by ")[1].split()[0])
    assert found == pytest.approx(metres, abs=10)
    assert f"{found:.0f} 米" in finding.text.zh


def test_no_layer_is_moved_unless_the_user_says_so():
    frame, findings = read(layer(drawn("GCJ-02"), 4326))
    assert shapely.equals(frame.geometry, drawn("GCJ-02")).all()
    assert findings == ()


@pytest.mark.parametrize("says", [4547, 3857, 4610, 4258])
def test_a_file_that_says_another_crs_is_no_web_maps(says):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[TRUTH[0]], crs=4326).to_crs(says)
    error = refuse(frame, "GCJ-02")
    assert (error.expected, error.found) == ("GCJ-02", CRS(says).name)


def test_a_web_maps_layer_must_be_in_degrees_and_in_china():
    assert refuse(layer([box(5e5, 3e6, 6e5, 4e6)]), "GCJ-02").found == "metres"
    assert refuse(layer([box(24.9, 60.1, 25.0, 60.2)], 4326), "BD-09").found == "BD-09"
    assert refuse(layer([]), "GCJ-02").found == "GCJ-02"


def test_rows_without_shapes_stay_rows():
    frame, _ = read(layer([*drawn("GCJ-02"), None, shapely.Point()], 4326), "GCJ-02")
    assert len(frame) == 5
    assert frame.geometry.isna().tolist() == [False, False, False, True, False]


def test_read_layer_takes_the_name(tmp_path):
    layer(drawn("GCJ-02"), 4326).to_file(tmp_path / "parks.geojson")
    frame = read_layer(tmp_path / "parks.geojson", crs="GCJ-02")
    assert [finding.code for finding in frame.attrs["findings"]] == ["offset_undone"]
    assert frame.total_bounds == pytest.approx([114.30, 30.58, 114.33, 30.59], abs=1e-6)


# Old datums


@pytest.mark.parametrize(("code", "name"), [(4610, "Xian 1980"), (2435, "Beijing 1954")])
def test_an_old_datum_is_named(code, name):
    frame = layer(TRUTH, CRS(code).geodetic_crs).to_crs(code)
    _, (finding,) = read(frame)
    assert finding.code == "old_datum"
    assert name in finding.text.zh
    assert name in finding.text.en


# Grids of a city's own


def local_layer(unit="Meter", size=1.0):
    return layer([box(0, 0, 1000, 1000)], CRS.from_wkt(LOCAL_PRJ.format(unit, size)))


@pytest.mark.parametrize("given", [None, "local-metre"])
def test_all_local_grids_in_metres_are_one(given):
    frame, _ = read(local_layer(), given)
    assert frame.crs == local_metre()


def test_a_layer_without_crs_is_given_the_local_grid():
    frame, _ = read(layer([box(0, 0, 1000, 1000)]), "local-metre")
    assert is_local(frame.crs)


def test_a_local_grid_in_another_unit_is_refused():
    error = refuse(local_layer("Millimeter", 0.001))
    assert (error.expected, error.found) == ("metre", "Millimeter")


@pytest.mark.parametrize(("says", "given"), [("local", "EPSG:4547"), ("real", "local-metre")])
def test_a_local_grid_is_no_real_crs(says, given):
    frame = local_layer() if says == "local" else layer([box(5e5, 3.4e6, 6e5, 3.5e6)], 4547)
    assert refuse(frame, given).found == frame.crs.name


# A real trap, through a file


def test_read_layer_refuses_what_does_not_lie_in_its_crs(tmp_path):
    layer([box(3_380_000, 500_000, 3_381_000, 501_000)], 4547).to_file(tmp_path / "a.gpkg")
    with pytest.raises(CrsError) as caught:
        read_layer(tmp_path / "a.gpkg")
    assert caught.value.found == "north, east"
