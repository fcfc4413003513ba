"""The plane that may measure: asked of PROJ, held against geodesics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from greenspace.errors import CrsError
from greenspace.model.crs import (
    areal_error,
    degrees_of,
    equal_area_at,
    is_local,
    local_metre,
    measuring_crs,
    parse_crs,
    why_not_measuring,
    zone_crs,
)

DEGREES = CRS.from_epsg(4326)
GEOD = Geod(ellps="WGS84")
CITY = (114.2, 30.4, 114.5, 30.7)


def plane_area(crs, lon, lat, step=1e-3):
    """Area of a small cell in a plane over its area on the ellipsoid."""
    ring = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * step + (lon - step / 2, lat - step / 2)
    x, y = Transformer.from_crs(DEGREES, crs, always_xy=True).transform(*ring.T)
    plane = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    return plane / abs(GEOD.polygon_area_perimeter(*ring.T)[0])


def codes(findings):
    return [finding.code for finding in findings]


# --- by hand


@pytest.mark.parametrize(
    ("longitude", "code"),
    [
        (75, 4534),
        (113.99, 4547),
        (114, 4547),
        (115.4, 4547),
        (115.6, 4548),
        (135, 4554),
        (60, 4534),
    ],
)
def test_gauss_kruger_zone_is_that_of_the_nearest_meridian(longitude, code):
    assert zone_crs(longitude).to_epsg() == code


@given(longitude=st.floats(73.5, 136.4))
def test_zone_meridian_is_never_more_than_a_degree_and_a_half_away(longitude):
    meridian = zone_crs(longitude).coordinate_operation.to_json_dict()["parameters"][1]["value"]
    assert abs(meridian - longitude) <= 1.5 + 1e-9


def test_layer_plane_is_taken_where_it_may_measure():
    bounds = (500_000, 3_400_000, 530_000, 3_430_000)
    assert measuring_crs(None, CRS.from_epsg(4547), bounds) == (CRS.from_epsg(4547), ())


@pytest.mark.parametrize(
    ("bounds", "layer", "name"),
    [
        (CITY, 4326, "CGCS2000 / 3-degree Gauss-Kruger CM 114E"),
        (CITY, 4490, "CGCS2000 / 3-degree Gauss-Kruger CM 114E"),
        ((24.9, 60.1, 25.1, 60.3), 4326, "Lambert azimuthal equal area at 25.0, 60.2"),
        ((73, 20, 136, 54), 4326, "Lambert azimuthal equal area at 104.5, 37.0"),  # all of China
    ],
)
def test_degrees_are_replaced_and_said(bounds, layer, name):
    chosen, findings = measuring_crs(None, CRS.from_epsg(layer), bounds)
    assert chosen.name == name
    assert codes(findings) == ["measuring_crs"]
    assert findings[0].text.zh
    assert chosen.name in findings[0].text.en


@pytest.mark.parametrize("code", [3857, 2229, 3395])
def test_inflated_feet_and_mercator_planes_are_replaced(code):
    layer = CRS.from_epsg(code)
    west, south, east, north = (-118.3, 34.0, -118.2, 34.1)
    to_layer = Transformer.from_crs(DEGREES, layer, always_xy=True)
    (left, right), (low, high) = to_layer.transform([west, east], [south, north])
    chosen, findings = measuring_crs(None, layer, (left, low, right, high))
    assert chosen.name.startswith("Lambert azimuthal equal area at -118.25")
    assert codes(findings) == ["measuring_crs"]


def test_far_from_the_meridian_the_error_is_remarked_and_then_refused():
    # Gauss-Krueger of CM 114: areas grow by (x/R)^2: 0.15 % at 250 km, 0.5 % at 450 km
    layer = CRS.from_epsg(4547)
    near, findings = measuring_crs(None, layer, (740_000, 3_400_000, 750_000, 3_410_000))
    assert near == layer
    assert codes(findings) == ["areal_scale"]
    assert findings[0].severity == "warning"
    far, findings = measuring_crs(None, layer, (990_000, 3_400_000, 1_000_000, 3_410_000))
    assert far.name == "CGCS2000 / 3-degree Gauss-Kruger CM 120E"
    assert codes(findings) == ["measuring_crs"]


def test_city_across_the_180th_meridian_keeps_its_own_centre():
    # 179.4 E to 179.4 W in the Pacific plane of 150 E: not a strip around the whole Earth
    to_plane = Transformer.from_crs(DEGREES, CRS.from_epsg(3832), always_xy=True)
    (left, right), (low, high) = to_plane.transform([179.4, 180.6], [-17.5, -17.0])
    bounds = degrees_of((left, low, right, high), CRS.from_epsg(3832))
    assert bounds == pytest.approx((179.4, -17.5, 180.6, -17.0), abs=1e-6)
    chosen, _ = measuring_crs(None, CRS.from_epsg(3832), (left, low, right, high))
    assert chosen.name == "Lambert azimuthal equal area at 180.0, -17.25"


def test_heights_in_feet_do_not_make_a_plane_in_feet():
    city = (-117.1, 34.0, -117.0, 34.1)
    assert why_not_measuring(parse_crs("EPSG:26911+6360"), city) is None
    assert "foot" in why_not_measuring(parse_crs("EPSG:2229+5703"), city).en


def test_local_grid_measures_as_it_is():
    local = local_metre()
    assert is_local(local)
    assert parse_crs("local-metre") == local
    assert why_not_measuring(local, CITY) is None
    chosen, findings = measuring_crs(None, local, (0, 0, 1, 1))
    assert (chosen, codes(findings)) == (local, ["local_grid"])
    assert measuring_crs(local, local, (0, 0, 1, 1))[0] == local


# --- by independent oracle


@pytest.mark.parametrize("code", [4547, 4548, 32650, 3395, 2229, 6933])
@pytest.mark.parametrize(("lon", "lat"), [(114.3, 30.5), (116.4, 39.9)])
def test_areal_error_is_that_of_a_small_geodesic_cell(code, lon, lat):
    crs = CRS.from_epsg(code)
    error = areal_error(crs, (lon, lat, lon, lat))
    unit = crs.axis_info[0].unit_conversion_factor
    assert error == pytest.approx(abs(plane_area(crs, lon, lat) * unit**2 - 1), abs=5e-6)


def test_areal_error_of_an_extent_is_that_of_its_worst_place():
    # Gauss-Krueger grows away from its meridian, 114 E: the east side decides
    crs = CRS.from_epsg(4547)
    extent, east = (114.0, 30.0, 115.4, 30.5), (115.4, 30.0, 115.4, 30.0)
    assert areal_error(crs, extent) == pytest.approx(areal_error(crs, east), rel=1e-3)
    assert areal_error(crs, extent) > 4 * areal_error(crs, (114.0, 30.0, 114.6, 30.5))


@given(lon=st.floats(74, 135), lat=st.floats(18, 53))
def test_whatever_is_chosen_in_china_is_true_to_eight_in_ten_thousand(lon, lat):
    # a city of 0.3 degrees reaches 1.65 degrees from its meridian: (1.65 cos(18))^2 in radians
    bounds = (lon, lat, lon + 0.3, lat + 0.3)
    chosen, findings = measuring_crs(None, DEGREES, bounds)
    assert "CGCS2000" in chosen.name or "Lambert" in chosen.name
    assert areal_error(chosen, bounds) <= 0.0008
    assert abs(plane_area(chosen, lon, lat) - 1) <= 0.0008
    assert codes(findings) == ["measuring_crs"]


@given(lon=st.floats(-179, 179), lat=st.floats(-80, 80))
def test_equal_area_plane_is_equal_in_area(lon, lat):
    crs = equal_area_at(round(lon, 4), round(lat, 4))
    assert plane_area(crs, lon, lat) == pytest.approx(1, abs=1e-5)


# --- by refusal


@pytest.mark.parametrize("wrong", ["EPSG:999999", "北京", "", 3.5, object])
def test_unknown_crs_is_refused(wrong):
    with pytest.raises(CrsError) as caught:
        parse_crs(wrong)
    assert caught.value.found is wrong
    assert caught.value.problem.zh
    assert caught.value.problem.en
    assert caught.value.remedy is not None


@pytest.mark.parametrize("code", [4326, 3857, 2229, 32601])
def test_plane_that_is_asked_for_is_used_or_refused(code):
    assert measuring_crs(CRS.from_epsg(4548), DEGREES, CITY)[0] == CRS.from_epsg(4548)
    with pytest.raises(CrsError) as caught:
        measuring_crs(CRS.from_epsg(code), DEGREES, CITY)
    assert caught.value.found == CRS.from_epsg(code).name


@pytest.mark.parametrize(
    ("asked", "layer"), [(local_metre(), DEGREES), (CRS.from_epsg(4547), local_metre())]
)
def test_local_and_real_planes_do_not_mix(asked, layer):
    with pytest.raises(CrsError) as caught:
        measuring_crs(asked, layer, CITY)
    assert caught.value.found == asked.name


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ((500_000, 3_400_000, 500_100, 3_400_100), 4326),  # metres that claim to be degrees
        ((114, 95, 115, 96), 4326),  # swapped or worse
        ((1e9, 1e9, 2e9, 2e9), 4547),
    ],
)
def test_coordinates_outside_their_crs_are_refused(bounds, code):
    with pytest.raises(CrsError) as caught:
        degrees_of(bounds, CRS.from_epsg(code))
    assert caught.value.found == bounds
    assert caught.value.problem.zh
    assert caught.value.remedy is not None


@pytest.mark.parametrize("name", ["GCJ-02", "bd09"])
def test_a_web_maps_offset_is_no_crs_to_measure_in(name):
    with pytest.raises(CrsError, match="for a layer only") as caught:
        parse_crs(name)
    assert caught.value.found == name
