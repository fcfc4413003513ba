"""Mend: a copy without defects, with every row's area before and after."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from greenspace.prepare.mend import mend_layer
from greenspace.prepare.repair import repair_polygons

BOW = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])  # two triangles of 1 m2


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=6933)


def told(mended):
    return {change.code: (change.rows, change.count, change.area_m2) for change in mended.changes}


def test_a_sound_layer_stays_as_it_is():
    mended = mend_layer(layer(box(0, 0, 1, 1), box(1, 0, 2, 1)), "green")

    assert mended.layer["repair"].tolist() == ["", ""]
    assert mended.layer["area_before_m2"].tolist() == mended.layer["area_after_m2"].tolist()
    assert mended.changes == mended.dropped == ()


def test_every_step_is_counted_with_its_area():
    rows = layer(
        BOW,  # 0: made valid
        box(10, 0, 20, 10),  # 1
        box(10, 0, 20, 10),  # 2: repeats 1
        box(15, 0, 30, 10),  # 3: 5 x 10 of it are row 1's, which is smaller
        Polygon([(0, 50), (5, 50), (0, 50)]),  # 4: no area
        box(0, 60, 100, 60.2),  # 5: a sliver of 20 m2
        box(12, 2, 14, 4),  # 6: inside 1
        box(0, 80, 10, 90),  # 7
        box(10.2, 80, 20, 90),  # 8: 0.2 x 10 from 7
    )

    mended = mend_layer(rows, "residential")

    assert told(mended) == {
        "repair_made_valid": ((0,), 1, pytest.approx(2.0)),
        "repair_collapsed": ((4,), 1, 0.0),
        "repair_repeated": ((2,), 1, pytest.approx(100.0)),
        "repair_overlap": ((1, 3), 2, pytest.approx(4.0 + 50.0)),
        "repair_sliver": ((5,), 1, pytest.approx(20.0)),
        "repair_gap": ((7,), 1, pytest.approx(2.0)),
    }
    areas = mended.layer[["area_before_m2", "area_after_m2"]]
    assert areas.loc[1].tolist() == [100.0, 96.0]
    assert areas.loc[3].tolist() == [150.0, 100.0]
    assert [item["repair"].iloc[0] for item in mended.dropped] == [
        "collapsed",
        "repeated",
        "sliver",
    ]


def test_a_row_that_is_wholly_claimed_is_dropped_and_kept_aside():
    rows = layer(box(0, 0, 2, 2), box(0, 0, 1, 1))

    mended = mend_layer(rows, "green", priority=lambda rows: rows.index.to_numpy())

    assert mended.layer.index.tolist() == [0]
    assert mended.dropped[0][["area_before_m2", "repair"]].values.tolist() == [[1.0, "covered"]]


def test_rows_that_reading_left_out_are_dropped_with_their_attributes():
    aside = layer(None, name=["无图形"]).set_axis([7])

    mended = mend_layer(layer(box(0, 0, 1, 1), name=["有"]), "green", left_out=aside)

    assert mended.dropped[0]["name"].to_dict() == {7: "无图形"}
    assert told(mended)["repair_missing_shape"] == ((7,), 1, 0.0)


def test_canopies_may_overlap():
    rows = layer(box(0, 0, 2, 1), box(1, 0, 3, 1))

    assert mend_layer(rows, "vegetation", may_overlap=True).layer.area.tolist() == [2.0, 2.0]


def test_lines_and_points_lose_what_repeats_or_has_no_length():
    line = LineString([(0, 0), (1, 1)])
    lines = mend_layer(layer(line, line, LineString([(5, 5), (5, 5)])), "roads")
    points = mend_layer(layer(Point(0, 0), Point(0, 0), Point(1, 0)), "old_trees")

    assert lines.layer.index.tolist() == [0]
    assert points.layer.index.tolist() == [0, 2]


corner = st.tuples(st.integers(0, 6), st.integers(0, 6))
rings = st.lists(corner, min_size=3, max_size=6).map(Polygon)


@given(st.lists(rings, min_size=1, max_size=6))
def test_the_mended_ground_is_the_ground_that_is_measured(shapes):
    rows = layer(*shapes)
    measured, _ = repair_polygons(rows, "green")

    mended = mend_layer(rows, "green")

    ground = shapely.union_all(measured.geometry.to_numpy()).area
    slivers = sum(
        change.area_m2
        for change in mended.changes
        if change.code in {"repair_sliver", "repair_gap"}
    )
    assert mended.layer.is_valid.all()
    assert mended.layer.area.sum() == pytest.approx(ground, abs=slivers + 1e-6)
    assert shapely.union_all(mended.layer.geometry.to_numpy()).area == pytest.approx(
        mended.layer.area.sum()
    )
