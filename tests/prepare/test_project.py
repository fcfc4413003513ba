"""Projecting: between neighbours, around long edges, and out of this world."""

from __future__ import annotations

import numpy as np
import pytest
from geopandas import GeoDataFrame
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely import MultiPolygon, box

from greenspace.errors import CrsError
from greenspace.model.crs import areal_error, local_metre
from greenspace.prepare.project import to_crs

DEGREES, CM114, CM117 = (CRS.from_epsg(code) for code in (4326, 4547, 4548))


def frame(*shapes, crs=DEGREES):
    return GeoDataFrame({"name": list("abcdef"[: len(shapes)])}, geometry=list(shapes), crs=crs)


# --- by hand


def test_same_crs_is_handed_back():
    town = frame(box(0, 0, 1, 1), crs=CM114)
    assert to_crs(town, CM114, "town") is town


def test_rows_columns_and_labels_stay():
    town = frame(box(114, 30, 114.1, 30.1), box(114.2, 30, 114.3, 30.1)).set_index([[9, 4]])
    moved = to_crs(town, CM114, "town")
    assert moved.index.tolist() == [9, 4]
    assert moved["name"].tolist() == ["a", "b"]
    assert moved.crs == CM114


def test_long_parallel_keeps_its_bend():
    # two degrees along 60 N: the straight chord in the plane would cut off a sagitta of about
    # R tan(60) (1 deg)^2 / 2 = 1.7 km; along the parallel the geodesic area is found again
    band = box(113, 60, 115, 60.01)
    ring = np.linspace(113, 115, 2001)
    lon, lat = np.r_[ring, ring[::-1]], np.r_[np.full(2001, 60.0), np.full(2001, 60.01)]
    ground = abs(Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)[0])
    assert to_crs(frame(band), CM114, "x").area[0] == pytest.approx(ground, rel=2e-4)
    assert abs(frame(band).to_crs(CM114).area[0] / ground - 1) < 2e-4  # both edges bend alike
    top = to_crs(frame(band), CM114, "x").bounds.loc[0]
    assert top["maxy"] - top["miny"] > 1114 + 200  # and the bend is there


def test_feet_are_cut_at_a_hundred_metres():
    mile = frame(box(6_500_000, 1_800_000, 6_505_280, 1_800_100), crs=CRS.from_epsg(2229))
    corners = len(to_crs(mile, CRS.from_epsg(32611), "x").get_coordinates())
    assert corners == 2 * 17 + 2 + 1  # 5 280 ft = 1 609 m in 17 pieces, twice; 100 ft whole


def test_empty_shapes_have_no_coordinates_to_be_wrong():
    moved = to_crs(frame(MultiPolygon(), MultiPolygon()), CM114, "zones")
    assert moved.area.tolist() == [0, 0]
    assert len(to_crs(frame(), CM114, "zones")) == 0


# --- by property and by oracle


@given(lon=st.floats(114.2, 116.8), lat=st.floats(20, 45), size=st.floats(0.001, 0.1))
def test_neighbouring_zones_agree_within_their_areal_error(lon, lat, size):
    town = frame(box(lon, lat, lon + size, lat + size))
    bounds = (lon, lat, lon + size, lat + size)
    areas = [to_crs(town, crs, "town").area[0] for crs in (CM114, CM117)]
    allowed = areal_error(CM114, bounds) + areal_error(CM117, bounds)
    assert abs(areas[0] / areas[1] - 1) <= allowed + 1e-6
    assert allowed < 0.003


@given(lon=st.floats(114.2, 116.8), lat=st.floats(20, 45))
def test_there_and_back_again(lon, lat):
    town = frame(box(lon, lat, lon + 0.01, lat + 0.01))
    kept = town.copy()
    back = to_crs(to_crs(town, CM114, "town"), DEGREES, "town")
    assert back.geometry[0].symmetric_difference(town.geometry[0]).area < 1e-4 * 1e-6
    assert town.equals(kept)


# --- by refusal


@pytest.mark.parametrize(
    "shapes",
    [[box(500_000, 3_400_000, 500_100, 3_400_100)], [box(114, 30, 115, 31), box(5e5, 0, 6e5, 1)]],
)
def test_refuses_metres_that_claim_to_be_degrees(shapes):
    with pytest.raises(CrsError) as caught:
        to_crs(frame(*shapes), CM114, "parks")
    error = caught.value
    assert (error.layer, error.expected, error.found) == ("parks", CM114.name, "WGS 84")
    assert error.problem.zh
    assert error.problem.en
    assert error.remedy is not None


@pytest.mark.parametrize(("here", "there"), [(local_metre(), CM114), (CM114, local_metre())])
def test_refuses_to_place_a_local_grid_on_the_globe(here, there):
    with pytest.raises(CrsError) as caught:
        to_crs(frame(box(0, 0, 1, 1), crs=here), there, "parks")
    assert (caught.value.layer, caught.value.found) == ("parks", here.name)
