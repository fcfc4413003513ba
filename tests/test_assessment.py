"""Reference points against a map: by hand, and everything that they may not be."""

from __future__ import annotations

from math import isnan, sqrt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from shapely import LineString, Point, box

import greenspace as gs
from greenspace.errors import ColumnError, CrsError, GeometryError, InputError
from greenspace.measure.accuracy import area_estimate, stehman_estimate
from tests.scene import write_raster

X, Y = 500_000.0, 3_400_000.0
SIDE = 1000.0


@pytest.fixture
def image(tmp_path):
    """100 x 100 pixels of 10 m: the western 40 columns green, the last row without data."""
    red, nir = np.full((100, 100), 200, np.uint16), np.full((100, 100), 220, np.uint16)
    nir[:, :40] = 900
    red[99], nir[99] = 0, 0
    path = write_raster(
        tmp_path / "image.tif",
        np.stack([red, nir]),
        transform=Affine(10, 0, X, 0, -10, Y + SIDE),
        nodata=0,
    )
    return gs.vegetation(path, bands={"red": 1, "nir": 2}, threshold=0.2)


def town(west=0.0, east=SIDE):
    return gpd.GeoDataFrame(geometry=[box(X + west, Y + 10, X + east, Y + SIDE)], crs=4547)


def points(*groups, crs=4547, **columns):
    """Points in groups of (how many, west, east, class): spread over the seen rows."""
    rng = np.random.default_rng(3)
    shapes, classes = [], []
    for count, west, east, word in groups:
        xs, ys = rng.uniform(west + 1, east - 1, count), rng.uniform(20, SIDE - 20, count)
        shapes += [Point(X + x, Y + y) for x, y in zip(xs, ys, strict=True)]
        classes += [word] * count
    frame = gpd.GeoDataFrame({"reference": classes}, geometry=shapes, crs=4547)
    return frame.assign(**columns).to_crs(crs)


# of 50 points mapped green 40 are; of 50 mapped not green 5 are green
HONEST = (
    (40, 0, 400, "green"),
    (10, 0, 400, "not_green"),
    (5, 400, 1000, "绿"),
    (45, 400, 1000, 0),
)


def test_the_estimate_by_hand(image):
    found = gs.assess(image, town(), points(*HONEST))

    assert found.whole.value == pytest.approx(0.4)  # as mapped
    span = found.whole.interval
    # weights 0.4 and 0.6: 0.4 * 40/50 + 0.6 * 5/50 = 0.38
    assert span.estimate == pytest.approx(0.38)
    error = sqrt(0.4**2 * 0.8 * 0.2 / 49 + 0.6**2 * 0.1 * 0.9 / 49)
    assert found.estimate.shares["green"].standard_error == pytest.approx(error)
    assert span.low == pytest.approx(0.38 - 1.96 * error, abs=0.01)
    assert span.high == pytest.approx(0.38 + 1.96 * error, abs=0.015)
    assert (span.confidence, span.method, span.points) == (0.95, "direct", 100)
    assert found.matrix.to_numpy().tolist() == [[40, 10], [5, 45]]
    assert found.table.ratio(0).interval == span  # the only zone is the whole
    # 85 of 100 agree, and yet the accuracy is 0.4 * 0.8 + 0.6 * 0.9
    assert found.estimate.overall_accuracy.value == pytest.approx(0.86)
    assert [item.code for item in found.findings] == ["assessed"]
    assert "86.0%" in found.findings[0].text.en
    assert "85" not in found.findings[0].text.en
    assert "误差校正" in found._repr_html_()


def test_points_in_another_crs_say_the_same(image):
    here = gs.assess(image, town(), points(*HONEST))
    there = gs.assess(image, town().to_crs(4326), points(*HONEST, crs=4490))

    assert there.matrix.equals(here.matrix)
    assert there.whole.interval.estimate == pytest.approx(0.38, abs=1e-6)


def test_zones_have_their_own_estimate_or_a_synthetic_one(image):
    zones = gpd.GeoDataFrame(
        {"name": ["west", "east"]},
        index=["w", "e"],
        geometry=[town(0, 800).geometry[0], town(800, 1000).geometry[0]],
        crs=4547,
    )
    near = ((40, 0, 400, 1), (10, 0, 400, 0), (5, 400, 800, 1), (41, 400, 800, 0))
    found = gs.assess(image, zones, points(*near, (4, 800, 1000, 0)))
    west, east = (found.table.ratio(row) for row in (0, 1))

    # of the west half is mapped green: 0.5 * 40/50 + 0.5 * 5/46
    assert west.value == pytest.approx(0.5)
    assert west.interval.estimate == pytest.approx(0.4 + 0.5 * 5 / 46)
    assert (west.interval.method, west.interval.points) == ("direct", 96)
    # nothing of the east is mapped green, and of what is so mapped 5 in 50 are green
    assert east.value == 0
    assert east.interval.estimate == pytest.approx(0.1)
    assert (east.interval.method, east.interval.confidence) == ("synthetic", None)
    assert isnan(east.interval.low)
    assert east.no_interval is not None
    frame = found.table.to_frame()
    assert frame.index.tolist() == ["w", "e"]
    assert frame["interval_method"].tolist() == ["direct", "synthetic"]


def test_points_outside_and_unseen_are_counted_and_left_out(image):
    ground = town(0, 900).union(box(X, Y, X + 100, Y + 10))
    strays = gpd.GeoDataFrame(
        {"reference": [1, 1, 0]},
        geometry=[Point(X + 950, Y + 500), Point(X - 500, Y), Point(X + 50, Y + 5)],
        index=["far", "farther", "dark"],
        crs=4547,
    )
    honest = points((40, 0, 400, 1), (10, 0, 400, 0), (5, 400, 900, 1), (45, 400, 900, 0))
    found = gs.assess(image, ground, pd.concat([honest, strays]))

    told = {item.code: item for item in found.findings}
    assert told["reference_outside"].rows == ("far", "farther")
    assert told["reference_unseen"].rows == ("dark",)
    assert found.estimate.points == 100


def test_a_map_column_that_contradicts_the_map_is_counted(image):
    marked = points(*HONEST, map=["green"] * 50 + ["not_green"] * 50)
    assert [item.code for item in gs.assess(image, town(), marked).findings] == ["assessed"]

    marked.loc[[3, 60], "map"] = ["not_green", "green"]
    found = gs.assess(image, town(), marked)
    told = {item.code: item for item in found.findings}
    assert told["map_class_differs"].rows == (3, 60)
    assert found.matrix.to_numpy().tolist() == [[40, 10], [5, 45]]  # the judged map counts


def test_strata_of_an_older_map_are_weighted_by_their_own_areas(image):
    # drawn by hand in two halves of unlike size: 80 points in the west half, 20 in the east
    older = points(
        (40, 0, 400, 1),
        (10, 0, 400, 0),
        (30, 400, 500, 0),
        (4, 500, 1000, 1),
        (16, 500, 1000, 0),
        stratum=["a"] * 80 + ["b"] * 20,
        stratum_area_m2=[495_000.0] * 100,
    )
    found = gs.assess(image, town(), older)
    # both halves weigh the same: 0.5 * 40/80 + 0.5 * 4/20
    assert found.whole.interval.estimate == pytest.approx(0.35)
    assert "strata_areas_differ" not in {item.code for item in found.findings}
    wider = gs.assess(image, town(), older.assign(stratum_area_m2=600_000.0))
    assert "strata_areas_differ" in {item.code for item in wider.findings}
    assert wider.whole.interval.estimate == pytest.approx(0.35)
    of_zone = found.table.ratio(0).interval  # which is the whole here
    assert (of_zone.method, of_zone.estimate) == ("direct", pytest.approx(0.35))
    oracle = stehman_estimate(
        ["a"] * 80 + ["b"] * 20,
        ["g"] * 50 + ["n"] * 50,
        ["g"] * 40 + ["n"] * 40 + ["g"] * 4 + ["n"] * 16,
        {"a": 1.0, "b": 1.0},
    )
    assert found.whole.interval.low == pytest.approx(oracle.shares["g"].low)


def test_the_maps_own_strata_need_no_areas_of_their_own(image):
    strata = ["green"] * 50 + ["not_green"] * 50
    drawn = points(*HONEST, stratum=strata, stratum_area_m2=[1.0] * 50 + [9.0] * 50)
    found = gs.assess(image, town(), drawn)
    assert found.whole.interval.estimate == pytest.approx(0.38)  # weighed by the ground measured


def test_a_map_that_leans_is_told(image):
    found = gs.assess(
        image, town(), points((50, 0, 400, 1), (40, 400, 1000, 1), (10, 400, 1000, 0))
    )
    told = {item.code: item for item in found.findings}
    assert told["mapped_outside_interval"].severity == "warning"
    assert found.whole.interval.low > found.whole.value


def test_points_without_a_class_are_counted_and_left_out(image):
    some = points(*HONEST, (3, 0, 1000, None), (1, 0, 1000, " "))
    found = gs.assess(image, town(), some)
    assert found.findings[0].code == "reference_unvisited"
    assert found.findings[0].rows == (100, 101, 102, 103)
    assert found.matrix.to_numpy().sum() == 100


def test_points_entered_twice_are_told(image):
    twice = points(*HONEST)
    twice.loc[100] = twice.loc[0]
    told = {item.code: item for item in gs.assess(image, town(), twice).findings}
    assert told["reference_repeated"].rows == (100,)


@pytest.mark.parametrize("word", ["grass", "2", -1, 0.5])
def test_refuses_a_class_that_is_none_and_names_its_rows(image, word):
    with pytest.raises(ColumnError) as caught:
        gs.assess(image, town(), points(*HONEST, (2, 0, 400, word)))
    assert (caught.value.layer, caught.value.column) == ("reference", "reference")
    assert caught.value.rows == (100, 101)


@pytest.mark.parametrize("areas", [[5.0, 6.0], [0.0, 0.0], [None, 5.0], [-1.0, -1.0]])
def test_refuses_strata_without_one_area_each(image, areas):
    few = points((2, 0, 400, 1), stratum=["a", "a"], stratum_area_m2=areas)
    with pytest.raises(ColumnError) as caught:
        gs.assess(image, town(), few)
    assert caught.value.column == "stratum_area_m2"


def test_refuses_a_class_of_the_map_without_points(image):
    with pytest.raises(InputError) as caught:
        gs.assess(image, town(), points((40, 0, 400, 1)))
    assert caught.value.rows == ("not_green",)


@pytest.mark.parametrize(
    ("layer", "error"),
    [
        (points((5, 5000, 6000, 1)), GeometryError),  # nowhere near
        (points((5, 0, 400, None)), GeometryError),  # nobody went
        (points(*HONEST).set_crs(None, allow_override=True), CrsError),
        (points(*HONEST).drop(columns="reference"), ColumnError),
        (
            gpd.GeoDataFrame({"reference": [1]}, geometry=[box(X, Y, X + 9, Y + 9)], crs=4547),
            GeometryError,
        ),
        (
            gpd.GeoDataFrame(
                {"reference": [1]}, geometry=[LineString([(X, Y), (X + 9, Y)])], crs=4547
            ),
            GeometryError,
        ),
        (gpd.GeoDataFrame({"reference": [1]}, geometry=[None], crs=4547), GeometryError),
    ],
)
def test_refuses_what_are_no_reference_points(image, layer, error):
    with pytest.raises(error):
        gs.assess(image, town(), layer)


def test_corrections_hold_at_points_with_their_exact_edges(image):
    # half of one pixel column is taken off the green, half of another is added
    corrections = gpd.GeoDataFrame(
        {"action": ["remove", "add"]},
        geometry=[box(X + 395, Y, X + 400, Y + SIDE), box(X + 400, Y + 10, X + 405, Y + SIDE)],
        crs=4547,
    )
    mended = gs.corrected(image, corrections=corrections)
    at = [(392, 1), (397, 0), (403, 1), (407, 0), (100, 1), (900, 0)]
    seen = gpd.GeoDataFrame(
        {"reference": [word for _, word in at]},
        geometry=[Point(X + x, Y + 500) for x, _ in at],
        crs=4547,
    )
    found = gs.assess(mended, town(), seen)
    assert found.matrix.to_numpy().tolist() == [[3, 0], [0, 3]]
    assert gs.assess(image, town(), seen).matrix.to_numpy().tolist() == [[2, 1], [1, 2]]


def test_polygons_are_a_map_too():
    lawn = gpd.GeoSeries([box(X, Y, X + 400, Y + SIDE)], crs=4547)
    found = gs.assess(lawn, town(), points(*HONEST))
    oracle = area_estimate([[40, 10], [5, 45]], [0.4, 0.6])
    assert found.whole.interval.low == pytest.approx(oracle.shares[0].low)


def test_shares_are_refused(tmp_path):
    values = np.full((100, 100), 0.5, np.float32)
    grid = Affine(10, 0, X, 0, -10, Y + SIDE)
    path = write_raster(tmp_path / "share.tif", values, transform=grid, nodata=-1)
    with pytest.raises(InputError, match="shares"):
        gs.assess(path, town(), points(*HONEST))
