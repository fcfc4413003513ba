"""New parks and parks that are points: the caller's rows, findings, and refusals."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.errors import GeometryError, InputError

X, Y = 500_000.0, 3_400_000.0


def at(x, y, width=100.0, height=100.0):
    return box(X + x, Y + y, X + x + width, Y + y + height)


def layer(*shapes, **columns):
    return GeoDataFrame(columns, geometry=list(shapes), crs=32649)


def codes(found):
    return [finding.code for finding in found.attrs["findings"]]


HOMES = layer(*[at(x, 0) for x in range(0, 2000, 100)], people=[100.0] * 20)
PARK = layer(at(-100, 0))


def test_gain_comes_on_the_rows_of_the_caller():
    sites = layer(at(1200, 0), at(0, 0, 9, 9), at(900, 0), name=["east", "tiny", "middle"])
    sites.index = [30, 10, 20]
    found = gs.new_park_gain(sites, PARK, HOMES, population="people")
    assert found.index.tolist() == [30, 10, 20]
    assert found["name"].tolist() == ["east", "tiny", "middle"]
    assert found["gain_m2"].tolist() == pytest.approx([110_000, 0, 100_000])
    assert found["gain_residents"].tolist() == pytest.approx([1100, 0, 1000])
    assert found["rank"].fillna(0).tolist() == [1, 0, 2]
    assert found["reason"].tolist() == ["", "below_tiers", ""]
    # 500 m of 2 000 are served; 1 100 more, then 200 more
    assert found["coverage_after"].tolist() == pytest.approx([0.8, np.nan, 0.9], nan_ok=True)
    assert found["on_residential_m2"].tolist() == pytest.approx([10_000, 81, 10_000])
    assert {"candidates_below_tiers", "candidates_on_homes"} <= set(codes(found))
    assert [source.role for source in found.attrs["sources"]][-1] == "tiers"


def test_every_way_to_add_nothing_has_its_reason():
    sites = layer(at(-300, 0), at(0, 9000), at(1200, 0), at(1200, 0))
    found = gs.new_park_gain(sites, PARK, HOMES)
    expected = ["nothing_unserved", "nothing_unserved", "", "served_by_better"]
    assert found["reason"].tolist() == expected


def test_a_site_that_enlarges_the_park_it_touches_is_told():
    # 4 000 and 4 000 m2 reach 300 m each; as one park of 8 000 they would reach 500
    sites = layer(at(40, 0, 40, 100)).set_axis(["east"])
    found = gs.new_park_gain(sites, layer(at(900, 900), at(0, 0, 40, 100)), HOMES)
    told = [finding for finding in found.attrs["findings"] if finding.code == "parks_cut"]
    assert [(each.layer, each.rows) for each in told] == [
        ("parks", (1,)),
        ("candidates", ("east",)),
    ]


def test_degrees_are_projected_and_told():
    found = gs.new_park_gain(layer(at(1200, 0)).to_crs(4326), PARK.to_crs(4326), HOMES.to_crs(4326))
    assert "measuring_crs" in codes(found)
    assert found["gain_m2"].tolist() == pytest.approx([110_000], rel=2e-3)


def test_contributions_keep_parks_below_every_tier():
    found = gs.park_contributions(layer(at(-100, 0), at(0, 0, 9, 9), at(2000, 0)), HOMES)
    assert found["radius_m"].tolist() == [500, 0, 500]
    assert found["alone_m2"].tolist() == pytest.approx([50_000, 0, 50_000])
    assert found["reached_m2"].tolist() == pytest.approx([50_000, 0, 50_000])


# --- parks that are points


def test_points_are_refused_with_the_next_step():
    mixed = layer(at(0, 0), Point(X, Y))
    with pytest.raises(GeometryError) as refused:
        gs.service_coverage(mixed, HOMES)
    assert (refused.value.layer, list(refused.value.rows)) == ("parks", [1])
    assert "point_radius_m" in refused.value.remedy.en


def test_points_with_a_radius_serve_a_true_disc():
    ground = layer(at(-1000, -1000, 2000, 2000))
    ratio = gs.service_coverage(layer(Point(X, Y)), ground, point_radius_m=300)
    assert ratio.numerator == pytest.approx(pi * 300**2, rel=1e-9)
    told = [finding for finding in ratio.findings if finding.code == "points_as_entrances"]
    assert [finding.count for finding in told] == [1]


def test_points_and_polygons_of_one_layer_keep_their_rows():
    mixed = layer(Point(X + 5000, Y), at(0, 0), Point(X - 5000, Y), name=["a", "b", "c"])
    found = gs.park_contributions(mixed, HOMES, point_radius_m=300)
    assert found["name"].tolist() == ["a", "b", "c"]
    assert found["radius_m"].tolist() == [300, 500, 300]


@pytest.mark.parametrize("radius", [0, -5, np.nan, np.inf, True, "300"])
def test_a_radius_that_is_none_is_refused(radius):
    with pytest.raises(InputError):
        gs.service_coverage(layer(Point(X, Y)), HOMES, point_radius_m=radius)


def test_lines_are_refused_with_or_without_a_radius():
    lines = layer(LineString([(X, Y), (X + 9, Y)]))
    for radius in (None, 300):
        with pytest.raises(GeometryError):
            gs.service_coverage(lines, HOMES, point_radius_m=radius)


# --- a park cut in two


def test_a_park_cut_within_its_tier_serves_the_same_and_across_tiers_is_told():
    whole, halves = layer(at(0, 0, 200, 100)), layer(at(0, 0, 100, 100), at(100, 0))
    plain, cut = gs.service_coverage(whole, HOMES), gs.service_coverage(halves, HOMES)
    assert cut.numerator == pytest.approx(plain.numerator, rel=1e-9)
    assert "parks_cut" not in [finding.code for finding in cut.findings]
    thin = gs.service_coverage(layer(at(0, 0, 30, 100), at(30, 0, 30, 100)), HOMES)
    (told,) = [finding for finding in thin.findings if finding.code == "parks_cut"]
    assert told.count == 2


def test_no_residential_land_is_undefined_with_the_reason():
    table = gs.service_coverage(PARK, HOMES, zones=layer(at(0, 5000)))
    assert np.isnan(table.value.iloc[0])
    assert table.ratio(0).reason is not None


def test_web_mercator_is_projected_and_told():
    ratio = gs.service_coverage(PARK.to_crs(3857), HOMES.to_crs(3857))
    assert "measuring_crs" in [finding.code for finding in ratio.findings]
    assert ratio.value == pytest.approx(0.25, abs=1e-3)


def test_a_series_of_candidates_is_as_good_as_a_frame():
    series = GeoSeries([at(1200, 0)], crs=32649)
    assert gs.new_park_gain(series, PARK.geometry, HOMES)["rank"].tolist() == [1]
