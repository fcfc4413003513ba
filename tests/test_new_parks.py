"""New parks and parks that are points: the caller's rows, findings, and refusals."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from shapely import LineString, MultiPoint, Point, Polygon, box

import greenspace as gs
from greenspace.errors import ColumnError, DataWarning, GeometryError, InputError

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


def test_rows_without_a_shape_keep_their_place_and_have_no_numbers():
    flat = Polygon([(X, Y), (X + 10, Y), (X + 20, Y)])
    sites = layer(None, at(1200, 0), Polygon(), flat).set_axis(list("abcd"))
    tiers = ((0, 500),)
    with pytest.warns(DataWarning):
        found = gs.new_park_gain(sites, PARK, HOMES, population="people", tiers=tiers)
    assert found.index.tolist() == list("abcd")
    assert found["reason"].tolist() == ["no_shape", "", "no_shape", "no_shape"]
    numbers = found.drop(columns=["geometry", "reason"])[found["reason"] == "no_shape"]
    assert numbers.isna().to_numpy().all()
    assert found["rank"].fillna(0).tolist() == [0, 1, 0, 0]
    with pytest.warns(DataWarning):
        parks = gs.park_contributions(sites, HOMES, tiers=tiers)
    assert parks.index.tolist() == list("abcd")
    assert parks["radius_m"].tolist() == pytest.approx([np.nan, 500, np.nan, np.nan], nan_ok=True)
    assert {"empty_dropped", "collapsed"} <= set(codes(parks))


def test_columns_of_the_caller_are_never_written_over():
    with pytest.raises(ColumnError) as refused:
        gs.new_park_gain(layer(at(0, 0), rank=["A"], reason=["plan"]), PARK, HOMES)
    assert (refused.value.layer, refused.value.found) == ("candidates", ("rank", "reason"))
    with pytest.raises(ColumnError) as refused:
        gs.park_contributions(PARK.assign(radius_m=7), HOMES)
    assert (refused.value.layer, refused.value.column) == ("parks", "radius_m")


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


def test_several_gates_in_one_row_are_one_park():
    gates = MultiPoint([(X, Y + 50), (X + 10, Y + 50)])
    parks = layer(at(5000, 0), gates, name=["far", "two gates"]).to_crs(4326)
    found = gs.park_contributions(parks, HOMES, point_radius_m=300)
    served = gs.service_coverage(parks, HOMES, point_radius_m=300).numerator
    assert found["name"].tolist() == ["far", "two gates"]
    assert found["alone_m2"].tolist() == pytest.approx([0, served])
    (told,) = [each for each in found.attrs["findings"] if each.code == "points_as_entrances"]
    assert (told.count, told.rows) == (1, (1,))
    site = gs.new_park_gain(parks[1:], PARK[:0], HOMES, point_radius_m=300)
    assert site[["gain_m2", "rank"]].to_numpy().tolist() == [[pytest.approx(served), 1]]


def test_a_point_that_lies_nowhere_keeps_its_row_and_serves_nobody():
    mixed = layer(
        Point(X + 500, Y), MultiPoint([(np.inf, 0), (X, Y)]), at(0, 0), __place__=[1, 1, 1]
    )
    with pytest.warns(DataWarning):
        found = gs.park_contributions(mixed, HOMES, point_radius_m=300)
    assert found["radius_m"].tolist() == pytest.approx([300, np.nan, 500], nan_ok=True)
    assert found["__place__"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("crs", [4547, 4326])
def test_points_without_residential_land_leave_a_reason_and_no_refusal(crs):
    for parks in (layer(Point(X, Y)), layer(Point(X, Y), MultiPoint([(X + 9, Y)]), at(0, 0))):
        found = gs.service_coverage(parks.to_crs(crs), HOMES[:0], point_radius_m=300)
        assert (np.isnan(found.value), found.reason.en) == (True, "There is no residential land.")
    with pytest.raises(GeometryError) as refused:
        gs.service_coverage(layer(Point(X, Y)), HOMES[:0])
    assert "point_radius_m" in refused.value.remedy.en


@pytest.mark.parametrize("radius", [np.float32(300), np.int64(300), 300])
def test_a_radius_may_be_any_number(radius):
    found = gs.service_coverage(layer(Point(X, Y)), HOMES, point_radius_m=radius)
    assert (
        found.numerator
        == gs.service_coverage(layer(Point(X, Y)), HOMES, point_radius_m=300.0).numerator
    )


@pytest.mark.parametrize("radius", [0, -5, np.nan, np.inf, True, np.bool_(1), "300"])
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
