"""Layers of several datums: how far off they may be is said, and nothing else is."""

from __future__ import annotations

import geopandas as gpd
import pytest
from pyproj import CRS, proj_version_str
from shapely import Point, box

from greenspace.model.crs import local_metre
from greenspace.prepare.datum import datum_findings
from greenspace.prepare.ready import Ready

WUHAN, NEW_YORK, AMSTERDAM, HELSINKI = (
    (114.3, 30.6),
    (-73.95, 40.7),
    (4.9, 52.37),
    (24.94, 60.17),
)


def town(place, crs):
    """A town given in degrees of the CRS's own datum."""
    crs = CRS.from_user_input(crs)
    here = box(place[0], place[1], place[0] + 0.01, place[1] + 0.01)
    return gpd.GeoDataFrame(geometry=[here], crs=crs.geodetic_crs).to_crs(crs)


def found(place, crs, target):
    return datum_findings(town(place, crs), CRS.from_user_input(target), "parks")


@pytest.mark.parametrize("old", [4610, 2383, 4214, 2435, 4555])
@pytest.mark.parametrize("new", [4490, 4547, 4326, 32650])
def test_old_chinese_datums_have_no_known_way_to_new_ones(old, new):
    for one, other in ((old, new), (new, old)):
        (finding,) = found(WUHAN, one, other)
        assert (finding.code, finding.severity, finding.layer) == (
            "datum_shift",
            "warning",
            "parks",
        )
        for name in (CRS(one).name, CRS(other).name):
            assert name in finding.text.zh
            assert name in finding.text.en


def test_where_a_published_way_exists_its_own_place_decides():
    # EPSG has ways from Beijing 1954 to WGS 84 for the Tarim and Ordos basins (1 m), none for Wuhan
    assert found((84.0, 40.0), 4214, 4326) == ()
    assert found((109.0, 38.0), 4214, 4326) == ()
    assert "no transformation" in found(WUHAN, 4214, 4326)[0].text.en


@pytest.mark.parametrize("new", [4326, 32650, 3857])
def test_cgcs2000_and_wgs84_are_taken_as_one_and_said_so(new):
    findings = {found(WUHAN, 4547, new), found(WUHAN, 4490, new), found(WUHAN, new, 4547)}
    ((finding,),) = findings  # one sentence, however many layers
    assert (finding.code, finding.severity, finding.layer) == ("datums_taken_as_one", "note", None)


def test_a_missing_grid_and_the_accuracy_without_it_are_named():
    (finding,) = found(NEW_YORK, 2263, 4326)  # EPSG: NAD83 to WGS 84 (1), 4 m
    assert finding.severity == "note"
    assert " 4 m" in finding.text.en
    assert "4 米" in finding.text.zh
    if tuple(map(int, proj_version_str.split("."))) >= (9, 5):  # older ones know of no grid here
        assert "grid" in finding.text.en


@pytest.mark.parametrize(
    ("place", "here", "there"),
    [
        (AMSTERDAM, 28992, 4326),  # EPSG states 1 m
        (HELSINKI, 4326, 3067),
        (HELSINKI, 4326, 32635),
        (WUHAN, 4547, 4490),
        (WUHAN, 2383, 4610),
        (WUHAN, 4547, 4526),
    ],
)
def test_what_is_known_to_a_metre_needs_no_word(place, here, there):
    assert found(place, here, there) == ()


def test_what_has_no_place_has_no_datum():
    local = gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=local_metre())
    nothing = gpd.GeoDataFrame(geometry=[], crs=2383)
    assert datum_findings(local, CRS(4547), "x") == ()
    assert datum_findings(nothing, CRS(4547), "x") == ()


# Within a city


def codes(base, *others, asked=None):
    ready = Ready(None if asked is None else CRS(asked), base, "built_up")
    for number, layer in enumerate(others):
        ready.layer(layer, f"layer {number}")
    return [(item.code, item.layer) for item in ready.findings if item.code.startswith("datum")]


@pytest.mark.parametrize("crs", [2383, 4610, 4214])
def test_a_city_on_one_old_datum_is_measured_without_a_word(crs):
    assert codes(town(WUHAN, crs), town(WUHAN, crs)) == []


def test_the_layer_of_another_datum_is_the_one_named():
    new, old = town(WUHAN, 4547), town(WUHAN, 2383)
    assert codes(new, new, old) == [("datum_shift", "layer 1")]


def test_a_measuring_crs_of_another_datum_concerns_every_layer():
    old = town(WUHAN, 2383)
    assert codes(old, old, asked=4547) == [("datum_shift", "layer 0")]
