"""Coordinates that fit their CRS only after a change are refused, with what was likely meant."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import CRS, Proj
from shapely import Point, box, transform

from greenspace.errors import CrsError
from greenspace.model.crs import equal_area_at, local_metre
from greenspace.model.gauss_kruger import NARROW, WIDE, Zone, codes, zone_of
from greenspace.model.place import require_place

FAMILIES = ("CGCS2000", "Xian 1980", "Beijing 1954", "New Beijing")
CITIES = {  # longitude, latitude
    "武汉": (114.30, 30.59),
    "喀什": (75.99, 39.47),
    "三亚": (109.51, 18.25),
    "漠河": (122.54, 52.97),
    "抚远": (134.30, 48.36),
}


def town(x, y, crs, size=2000.0):
    shapes = [box(x + i * size, y, x + (i + 1) * size, y + size) for i in range(3)]
    return gpd.GeoDataFrame(geometry=shapes, crs=crs)


known = cache(CRS.from_user_input)
projection = cache(Proj)


def written(lon, lat, code):
    """A town of 6 by 2 km near a point given in degrees of the CRS's own datum."""
    return town(*projection(known(code))(lon, lat), known(code))


def swapped(frame):
    return frame.set_geometry(transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1]))


def relabelled(frame, crs):
    return frame.set_crs(known(crs), allow_override=True)


def place(frame):
    require_place(frame, file="city.gpkg", layer="parks")


def cause(frame):
    with pytest.raises(CrsError) as caught:
        place(frame)
    assert (caught.value.file, caught.value.layer) == ("city.gpkg", "parks")
    assert caught.value.expected == frame.crs.name
    assert caught.value.remedy is not None
    return caught.value.found


def zone_name(family, step, lon, *, numbered, off=0):
    """The zone of a longitude by its definition: CM 3n, or 6n - 3."""
    number = round(lon / 3) if step == 3 else int(lon // 6) + 1
    number += off
    meridian = 3 * number if step == 3 else 6 * number - 3
    wide = "3-degree " if step == 3 else ""
    kind = f"zone {number}" if numbered else f"CM {meridian}E"
    return f"{family} / {wide}Gauss-Kruger {kind}"


cities = st.tuples(st.floats(74.0, 134.5), st.floats(18.5, 53.0))
families, steps = st.sampled_from(FAMILIES), st.sampled_from([3, 6])


# Zones: by definition


def test_prolongs_the_table_of_zones_from_the_database():
    # 3-degree: 21 zones 25-45, numbered and by meridian; 6-degree: 11 zones 13-23, likewise
    assert (len(NARROW), len(WIDE)) == (21, 11)
    for family in ("CGCS2000", "Xian 1980", "Beijing 1954"):
        assert sum(name.startswith(family) for name in codes()) == 2 * (21 + 11)
    for name, code in codes().items():
        if name.startswith(FAMILIES):
            zone = zone_of(CRS.from_user_input(code))
            assert zone.code == code, name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CGCS2000 / 3-degree Gauss-Kruger zone 25", "EPSG:4513"),
        ("CGCS2000 / 3-degree Gauss-Kruger CM 135E", "EPSG:4554"),
        ("CGCS2000 / Gauss-Kruger zone 13", "EPSG:4491"),
        ("CGCS2000 / Gauss-Kruger CM 135E", "EPSG:4512"),
        ("Xian 1980 / Gauss-Kruger zone 13", "EPSG:2327"),
        ("Xian 1980 / 3-degree Gauss-Kruger CM 135E", "EPSG:2390"),
        ("Beijing 1954 / 3-degree Gauss-Kruger zone 25", "EPSG:2401"),
        ("Beijing 1954 / Gauss-Kruger CM 135E", "EPSG:21463"),
    ],
)
def test_the_ends_of_the_published_ranges_are_where_they_should_be(name, code):
    assert codes()[name] == code


def test_a_number_before_the_easting_is_a_zone_by_its_definition():
    plain = zone_of(CRS(4547))
    # 3 degrees: 39 x 3 = 117; 6 degrees: 20 x 6 - 3 = 117; there is no zone 24
    assert plain.renumbered(39_500_000) == Zone("CGCS2000", 3, 117, 39)
    assert plain.renumbered(20_500_000) == Zone("CGCS2000", 6, 117, 20)
    assert plain.renumbered(24_500_000) is None
    assert plain.renumbered(500_000) is None
    assert zone_of(CRS(4526)).renumbered(500_000) == plain


# Zones: by property


@given(cities, families, steps, st.booleans())
def test_a_town_in_its_own_zone_raises_no_alarm(city, family, step, numbered):
    place(written(*city, codes()[zone_name(family, step, city[0], numbered=numbered)]))


@given(cities, families, st.sampled_from([-2, -1, 1, 2]), st.booleans())
def test_a_neighbouring_zone_raises_no_alarm(city, family, off, numbered):
    name = zone_name(family, 3, city[0], numbered=numbered, off=off)
    assume(name in codes())
    place(written(*city, codes()[name]))


@pytest.mark.parametrize("east", [-1.4, 1.4])
@pytest.mark.parametrize("off", [-2, -1, 1, 2])
def test_the_edge_of_a_zone_two_zones_away_raises_no_alarm(east, off):
    # up to 7.4 degrees, 780 km at 18.5 N: the number is then that of the next zone
    place(written(114 + east, 18.5, codes()[f"CGCS2000 / 3-degree Gauss-Kruger zone {38 + off}"]))


@given(cities, families, steps, st.booleans())
def test_swapped_axes_are_always_refused(city, family, step, numbered):
    frame = written(*city, codes()[zone_name(family, step, city[0], numbered=numbered)])
    assert cause(swapped(frame)) == "north, east"


@given(cities, families, steps, st.booleans())
def test_a_zone_number_where_none_belongs_is_refused_and_the_code_named(city, family, step, turned):
    right = codes()[zone_name(family, step, city[0], numbered=True)]
    wrong = codes()[zone_name(family, step, city[0], numbered=False)]
    frame = relabelled(written(*city, right), wrong)
    assert cause(swapped(frame) if turned else frame) == right


@given(cities, families, steps, st.booleans())
def test_a_missing_zone_number_is_refused_and_the_code_named(city, family, step, turned):
    right = codes()[zone_name(family, step, city[0], numbered=False)]
    wrong = codes()[zone_name(family, step, city[0], numbered=True)]
    frame = relabelled(written(*city, right), wrong)
    assert cause(swapped(frame) if turned else frame) == right


@given(cities, families, steps, st.sampled_from([-2, -1, 1, 2]))
def test_another_zone_number_is_refused_and_the_code_named(city, family, step, off):
    right = codes()[zone_name(family, step, city[0], numbered=True)]
    wrong = zone_name(family, step, city[0], numbered=True, off=off)
    assume(wrong in codes())
    assert cause(relabelled(written(*city, right), codes()[wrong])) == right


@given(cities, st.sampled_from([4490, 4610, 4214, 4326]), st.booleans())
def test_metres_labelled_as_degrees_are_refused(city, degrees, numbered):
    code = codes()[zone_name("CGCS2000", 3, city[0], numbered=numbered)]
    found = cause(relabelled(written(*city, code), degrees))
    if not numbered:
        assert found == "metres"
    elif degrees in {4490, 4326}:
        assert found == code


@given(cities, families, steps, st.booleans(), st.booleans())
def test_degrees_labelled_as_metres_are_refused(city, family, step, numbered, turned):
    frame = town(*city, codes()[zone_name(family, step, city[0], numbered=numbered)], 0.02)
    assert cause(swapped(frame) if turned else frame) == "degrees"


@given(cities, st.sampled_from([4490, 4610, 4214, 4326]))
def test_latitude_first_is_refused_and_longitude_first_is_not(city, degrees):
    frame = town(*city, degrees, 0.02)
    place(frame)
    arctic = 10 <= city[1] <= 34 and 76 <= city[0] <= 81.1  # would be taken for Svalbard
    assume(degrees != 4326 or not arctic)
    assert cause(swapped(frame)) == "north, east"


# By hand


@pytest.mark.parametrize("city", CITIES)
def test_a_crs_from_an_esri_prj_is_known_by_what_it_says(city):
    right = codes()[zone_name("CGCS2000", 3, CITIES[city][0], numbered=True)]
    plain = codes()[zone_name("CGCS2000", 3, CITIES[city][0], numbered=False)]
    prj = CRS.from_user_input(plain).to_wkt("WKT1_ESRI")
    place(written(*CITIES[city], CRS.from_wkt(prj)))
    assert cause(relabelled(written(*CITIES[city], right), CRS.from_wkt(prj))) == right


def test_a_stray_vertex_neither_hides_a_trap_nor_makes_one():
    good = written(*CITIES["武汉"], "EPSG:4547")
    stray = gpd.GeoDataFrame(geometry=[*good.geometry, Point(38_500_000, 0)], crs=4547)
    place(stray)
    assert cause(swapped(stray)) == "north, east"


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (4.9, 52.37, 28992),  # RD: both axes are positive and of one size
        (24.94, 60.17, 3067),
        (-73.9, 40.7, 2263),  # feet
        (-34.9, -8.0, 31985),
        (6.6, 46.5, 2056),
        (174.76, -36.85, 2193),  # its area of use crosses the antimeridian
        (114.3, 30.59, 32650),
    ],
)
def test_other_grids_are_told_from_their_area_of_use(lon, lat, code):
    frame = written(lon, lat, f"EPSG:{code}")
    place(frame)
    assert cause(swapped(frame)) == "north, east"
    assert cause(town(lon, lat, code, 0.02)) == "degrees"


@pytest.mark.parametrize("code", [3857, 6933, "ESRI:54009"])
def test_degrees_in_a_projection_of_the_whole_earth_would_lie_at_its_origin(code):
    place(written(114.3, 30.59, code))
    assert cause(town(114.3, 30.59, code, 0.02)) == "degrees"


def test_a_projection_of_no_registry_is_told_by_its_meridian():
    own = equal_area_at(114.3, 30.6)
    place(town(-5000, 3000, own))
    assert cause(town(114.3, 30.59, own, 0.02)) == "degrees"


@pytest.mark.parametrize(
    ("lon", "lat"), [(15.63, 78.22), (24.94, 60.17), (-73.9, 40.7), (-70.9, -53.1)]
)
def test_towns_elsewhere_on_earth_raise_no_alarm_in_degrees(lon, lat):
    place(town(lon, lat, 4326, 0.02))


def test_a_local_grid_lies_anywhere_but_is_not_in_degrees():
    place(town(500_000, 3_380_000, local_metre()))
    place(town(100, 30, local_metre(), 50))
    place(gpd.GeoDataFrame(geometry=[Point(100, 30)], crs=local_metre()))
    assert cause(town(114.3, 30.59, local_metre(), 0.02)) == "degrees"


@pytest.mark.parametrize("shapes", [[], [None], [Point()]])
def test_a_layer_without_shapes_has_no_place(shapes):
    place(gpd.GeoDataFrame(geometry=shapes, crs=4547))


# Layers made in a script


def script_cause(frame):
    with pytest.raises(CrsError) as caught:
        require_place(frame, layer="parks")
    assert caught.value.layer == "parks"
    return caught.value.found


def test_layers_of_a_script_are_looked_at_as_files_are():
    good = written(*CITIES["武汉"], "EPSG:4547")
    require_place(good, layer="parks")
    assert script_cause(swapped(good)) == "north, east"
    assert script_cause(relabelled(good, 4526)) == "EPSG:4547"
    assert script_cause(town(114.3, 30.59, 4547, 0.02)) == "degrees"
    assert script_cause(town(114.3, 30.59, 6933, 0.02)) == "degrees"


@pytest.mark.parametrize("code", [3857, 6933, 4547, 32650])
@pytest.mark.parametrize(
    "shape", [box(0, 0, 100, 100), box(50, 0, 150, 100), box(0, 0, 1, 1), box(60, 20, 160, 60)]
)
def test_toy_layers_near_the_origin_are_left_in_peace(code, shape):
    require_place(gpd.GeoDataFrame(geometry=[shape], crs=code), layer="parks")


# CRS of no registry, and eastings no plane has


TMERC = "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0={} +y_0=0 +ellps=GRS80 +units=m +no_defs"


@pytest.mark.parametrize("east", [500_000, 38_500_000, 0])
def test_a_transverse_mercator_of_no_registry_has_its_meridian(east):
    own = TMERC.format(east)
    good = written(114.3, 30.59, own)
    place(good)
    assert cause(swapped(good)) == "north, east"
    assert cause(relabelled(town(114.3, 30.59, 4326, 0.02), own)) == "degrees"


def test_a_conic_of_no_registry_far_from_its_meridian_raises_no_alarm():
    place(written(76.0, 39.5, "+proj=aea +lat_0=36 +lon_0=105 +lat_1=25 +lat_2=47 +ellps=GRS80"))


@pytest.mark.parametrize("claimed", ["EPSG:3857", "EPSG:32650", TMERC.format(500_000)])
def test_a_zone_number_under_any_other_plane_is_refused_and_the_code_named(claimed):
    frame = written(114.3, 30.59, "EPSG:4526")
    assert cause(relabelled(frame, claimed)) == "EPSG:4526"
    assert cause(relabelled(swapped(frame), claimed)) == "EPSG:4526"


def test_a_map_that_runs_on_beyond_the_antimeridian_raises_no_alarm():
    place(town(20_100_000, -2_000_000, 3857))


def stretched(frame, factor):
    return frame.set_geometry(transform(frame.geometry.to_numpy(), lambda xy: xy * factor))


@given(cities, steps, st.booleans())
def test_millimetres_are_refused(city, step, numbered):
    code = codes()[zone_name("CGCS2000", step, city[0], numbered=numbered)]
    assert cause(stretched(written(*city, code), 1000)) in {"millimetres", "outside"}


def test_ten_times_the_coordinates_of_a_town_are_refused_without_a_false_code():
    # (5 300 000, 33 850 000): swapped, zone 33 is 99 E, but 850 000 is 350 km from its middle
    town_x10 = stretched(written(114.3, 30.59, "EPSG:4547"), 10)
    assert cause(town_x10) == "outside"
    assert cause(stretched(written(114.3, 30.59, "EPSG:32650"), 10)) == "outside"
