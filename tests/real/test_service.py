"""Service radii of real parks beside GEOS buffers of 1 024 segments, and beside (C) figures."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

import greenspace as gs
from greenspace.measure.service import radii, reach_of
from greenspace.model.tiers import CHECK_UP_TIERS

pytestmark = pytest.mark.real_data
EXACT = 3e-5  # of the residential land
AROUND, CLOSE = ((0.0, 300.0),), ((0.0, 20.0),)
PLANE = {"amsterdam": 28992, "riverside": 32611, "helsinki": 3067}


@pytest.fixture(scope="module")
def places(real_data):
    """Parks (polygons) and residential land of three cities, as read."""
    cities = {
        "amsterdam": (
            gs.read_layer(real_data / "amsterdam" / "ams_parken.gpkg"),
            gs.read_layer(real_data / "amsterdam" / "Ams_Neighborhoods.gpkg"),
        ),
        "riverside": (
            gs.read_layer(real_data / "riverside" / "parks.geojson"),
            gs.read_layer(real_data / "riverside" / "riverside_tracts_with_population.geojson"),
        ),
    }
    derived = real_data / "helsinki" / "helsinki_layers_derived.gpkg"
    cities["helsinki"] = (
        gs.read_layer(derived, layer="green"),
        gs.read_layer(derived, layer="residential_landuse"),
    )
    return {name: (polygons(parks), homes) for name, (parks, homes) in cities.items()}


def polygons(layer):
    return layer[layer.geom_type != "Point"]


def by_geos(parks, homes, crs, tiers):
    """Return served land and all residential land: buffer, union, intersection."""
    ground = shapely.union_all(shapely.make_valid(homes.to_crs(crs).geometry.to_numpy()))
    shapes = shapely.make_valid(parks.to_crs(crs).geometry.to_numpy())
    radius = radii(shapely.area(shapes), tiers)
    buffers = shapely.buffer(shapes[radius > 0], radius[radius > 0], quad_segs=256)
    return ground.intersection(shapely.union_all(buffers)).area, ground.area


@pytest.mark.parametrize("tiers", [CHECK_UP_TIERS, AROUND, CLOSE], ids=["check-up", "300", "20"])
@pytest.mark.parametrize("name", [*PLANE])
@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_served_land_is_that_of_circles_of_1024_segments(places, name, tiers):
    parks, homes = places[name]
    ratio = gs.service_coverage(parks, homes, tiers=tiers, crs=PLANE[name])
    served, whole = by_geos(parks, homes, PLANE[name], tiers)
    assert 0 < served <= whole * (1 + 1e-12)
    assert tiers != CLOSE or served < 0.9 * whole  # in Helsinki 300 m serve everybody
    assert abs(ratio.numerator - served) <= EXACT * whole
    assert ratio.denominator == pytest.approx(whole, rel=1e-6)


def test_amsterdam_centre_points_within_300_and_500_m(places, real_data):
    # (C): 256 and 372 of 518
    parks, homes = places["amsterdam"]
    points = gpd.read_file(real_data / "amsterdam" / "Ams_Houses.gpkg").to_crs(28992).geometry
    near = parks.to_crs(28992).geometry
    for radius, count in ((300.0, 256), (500.0, 372)):
        reach = reach_of(near, homes.to_crs(28992).geometry, ((0.0, radius),))
        assert len(points) == 518
        assert shapely.intersects(reach.area, points.to_numpy()).sum() == count


def test_amsterdam_in_degrees_and_web_mercator_is_projected_and_told(places):
    parks, homes = places["amsterdam"]
    plain = gs.service_coverage(parks, homes, tiers=AROUND).value
    for crs in (4326, 3857):
        ratio = gs.service_coverage(parks.to_crs(crs), homes.to_crs(crs), tiers=AROUND)
        assert "measuring_crs" in [finding.code for finding in ratio.findings]
        assert ratio.value == pytest.approx(plain, abs=3e-4)


@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_riverside_points_are_refused_or_taken_as_entrances(real_data):
    layer = gs.read_layer(real_data / "riverside" / "parks.geojson")
    city = gs.read_layer(real_data / "riverside" / "boundary.geojson")
    with pytest.raises(gs.GreenspaceError) as refused:
        gs.service_coverage(layer, city)
    assert len(refused.value.rows) == 7
    ratio = gs.service_coverage(layer, city, point_radius_m=300)
    without = gs.service_coverage(polygons(layer), city)
    assert ratio.value > without.value
    assert [f.count for f in ratio.findings if f.code == "points_as_entrances"] == [7]
