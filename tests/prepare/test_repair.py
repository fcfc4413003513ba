"""Repairing polygons: what is changed, what is counted, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import LineString, MultiPolygon, Point, Polygon, box

from greenspace.errors import CrsError, GeometryError
from greenspace.model.crs import local_metre
from greenspace.prepare.repair import (
    as_frame,
    overlap_findings,
    repair_points,
    repair_polygons,
)

BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
SQUARE = box(0, 0, 1, 1)


def layer(*shapes, crs=6933, index=None):
    return GeoSeries(list(shapes), crs=crs, index=index)


def codes(findings):
    return [finding.code for finding in findings]


# --- by hand


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (BOW, 2),  # two triangles of 1
        (MultiPolygon([box(0, 0, 2, 1), box(1, 0, 3, 1)]), 3),  # 2 + 2 - 1 shared
        (MultiPolygon([box(0, 0, 4, 4), box(1, 1, 2, 2)]), 16),  # one part inside the other
        (MultiPolygon([box(0, 0, 4, 4), box(0, 0, 4, 4)]), 16),  # the same part twice
        (MultiPolygon([box(0, 0, 4, 4), box(4, 0, 8, 4)]), 32),  # parts that share a side
        # a hole that sticks out takes away only what lies inside: 16 - 1
        (Polygon(box(0, 0, 4, 4).exterior, [box(3, 1, 6, 2).exterior]), 15),
        # holes that overlap are taken away once: 100 - (9 + 9 - 1)
        (
            Polygon(
                box(0, 0, 10, 10).exterior, [box(1, 1, 4, 4).exterior, box(3, 3, 6, 6).exterior]
            ),
            83,
        ),
        # an outline that runs twice around the same ground counts it once
        (Polygon([(0, 0), (4, 0), (4, 4), (1, 4), (1, 1), (3, 1), (3, 3), (0, 3)]), 15),
        # a hole reached through a cut of no width stays a hole: 100 - 16
        (
            Polygon(
                [
                    (0, 0),
                    (10, 0),
                    (10, 10),
                    (0, 10),
                    (0, 5),
                    (3, 5),
                    (3, 7),
                    (7, 7),
                    (7, 3),
                    (3, 3),
                    (3, 5),
                    (0, 5),
                ]
            ),
            84,
        ),
        (Polygon([(0, 0), (4, 4), (0, 0)]), 0),  # no ground at all
    ],
)
def test_invalid_shapes_cover_what_they_go_around(shape, area):
    fixed, findings = repair_polygons(layer(shape), "parks", keep_rows=True)
    assert fixed.area.sum() == pytest.approx(area)
    assert fixed.is_valid.all()
    assert codes(findings) == ["made_valid" if area else "collapsed"]


def test_counts_what_it_drops_and_what_it_mends():
    given_layer = layer(BOW, None, SQUARE, Polygon(), index=["a", "b", "c", "d"])
    fixed, findings = repair_polygons(given_layer, "parks")
    assert fixed.index.tolist() == ["a", "c"]
    assert codes(findings) == ["empty_dropped", "made_valid"]
    assert [finding.count for finding in findings] == [2, 1]
    assert [finding.rows for finding in findings] == [("b", "d"), ("a",)]
    assert findings[1].area_m2 == 2  # its signed area was 0
    assert all(finding.text.zh and finding.text.en for finding in findings)
    assert all(finding.layer == "parks" for finding in findings)


def test_zones_keep_a_row_for_every_row_even_with_labels_twice():
    given_layer = layer(BOW, None, SQUARE, index=[5, 5, 1])
    fixed, _ = repair_polygons(given_layer, "zones", keep_rows=True)
    assert fixed.index.tolist() == [5, 5, 1]
    assert fixed.area.tolist() == [2, 0, 1]
    assert not fixed.geometry.isna().any()


def test_areas_are_counted_in_square_metres_whatever_the_plane():
    bow = {crs: repair_polygons(layer(BOW, crs=crs), "x")[1][0] for crs in (6933, 4326)}
    assert bow[6933].area_m2 == 2
    # two triangles of one square degree at the equator: 110.57 km by 111.32 km each
    assert bow[4326].area_m2 == pytest.approx(2 * 110_570 * 111_320, rel=2e-3)
    assert all("m²" in finding.text.en for finding in bow.values())
    local = repair_polygons(layer(BOW, crs=local_metre()), "x")[1][0]
    assert (local.area_m2, "m²" in local.text.en) == (2, True)


def test_valid_layer_stays_as_it_is():
    frame = GeoDataFrame({"name": ["a"]}, geometry=[SQUARE], crs=6933)
    fixed, findings = repair_polygons(frame, "parks")
    assert findings == ()
    assert fixed.equals(frame)


def test_overlap_is_said_and_touching_is_not():
    found = overlap_findings(as_frame(layer(box(0, 0, 2, 1), box(1, 0, 3, 1)), "parks"), "parks")
    assert [(finding.code, finding.area_m2) for finding in found] == [("overlap", 1.0)]
    assert overlap_findings(as_frame(layer(SQUARE, box(1, 0, 2, 1)), "parks"), "parks") == ()


# --- by property


@given(seed=st.integers(0, 2**32 - 1))
def test_repair_covers_no_more_than_the_hull_and_repeats_to_nothing(seed):
    rng = np.random.default_rng(seed)
    shapes = [Polygon(rng.uniform(0, 9, (int(rng.integers(4, 9)), 2))) for _ in range(4)]
    given_layer = layer(MultiPolygon(shapes[:2]), *shapes[2:])
    before = given_layer.copy()
    fixed, _ = repair_polygons(given_layer, "x", keep_rows=True)
    hulls = shapely.area(shapely.convex_hull(given_layer.to_numpy()))
    assert (fixed.area.to_numpy() <= hulls + 1e-9).all()
    again, findings = repair_polygons(fixed, "x", keep_rows=True)
    assert findings == ()
    assert again.equals(fixed)
    assert given_layer.geom_equals_exact(before, 0).all()


@given(seed=st.integers(0, 2**32 - 1))
def test_parts_that_overlap_cover_their_union(seed):
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 9, (5, 2))
    parts = [box(*a, *(a + d)) for a, d in zip(low, rng.uniform(0.5, 6, (5, 2)), strict=True)]
    fixed, _ = repair_polygons(layer(MultiPolygon(parts)), "x")
    assert fixed.area.sum() == pytest.approx(shapely.union_all(parts).area, rel=1e-9)


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf])
def test_points_that_lie_nowhere_are_dropped_and_told(x):
    homes = layer(Point(0, 0), Point(x, 5), None, index=[7, 8, 9])
    kept, findings = repair_points(homes, "homes")
    assert list(kept.index) == [7]
    told = {finding.code: finding.rows for finding in findings}
    assert told == {"empty_dropped": (9,), "unplaced_dropped": (8,)}


# --- by refusal


def test_refuses_lines_and_points_by_row():
    mixed = layer(SQUARE, LineString([(0, 0), (1, 1)]), Point(0, 0), index=[3, 4, 5])
    with pytest.raises(GeometryError) as caught:
        repair_polygons(mixed, "parks")
    error = caught.value
    assert (error.layer, error.rows, error.expected) == ("parks", (4, 5), "polygons")
    assert error.found == ("LineString", "Point")
    assert error.problem.zh
    assert error.problem.en
    assert error.remedy is not None


def test_refuses_a_layer_without_crs_and_what_is_no_layer():
    with pytest.raises(CrsError) as caught:
        as_frame(layer(SQUARE, crs=None), "parks")
    assert (caught.value.layer, bool(caught.value.remedy)) == ("parks", True)
    with pytest.raises(GeometryError) as wrong:
        as_frame([SQUARE], "parks")
    assert (wrong.value.layer, wrong.value.found) == ("parks", "list")
    assert as_frame(layer(SQUARE), "parks").crs == CRS.from_epsg(6933)


def test_change_of_area_is_told_in_square_metres_whatever_the_unit():
    # a bow tie of two triangles, signed areas +1 and -1: 2 square feet appear
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    _, findings = repair_polygons(GeoSeries([bow], crs=2263), "parks")
    assert findings[0].area_m2 == pytest.approx(2 * 0.3048006096**2, rel=1e-6)


def test_trees_as_points_are_refused_with_what_to_draw():
    trees = GeoDataFrame(geometry=[Point(0, 0)], crs=6933)

    with pytest.raises(GeometryError) as refusal:
        repair_polygons(trees, "vegetation")
    assert "crown width / 2" in refusal.value.remedy.en
