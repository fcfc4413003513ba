"""Points drawn in strata of other ground than the estimate is read for: by hand, and refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError

SIDE = 1000.0
CRS = 6933


def town(west=0.0, east=SIDE, bottom=0.0, top=SIDE):
    return gpd.GeoDataFrame(geometry=[box(west, bottom, east, top)], crs=CRS)


LAWN = gpd.GeoSeries([box(950, 0, SIDE, SIDE)], crs=CRS)


def evenly(count, west, east):
    """`count` points from west to east, one in the middle of each part of equal width."""
    step = (east - west) / count
    return [(west + (i + 0.5) * step, 10.0 + 13.7 * i % 980.0) for i in range(count)]


def drawn(**columns):
    """450 points in A, x < 900 and bare, and 450 in B, all green."""
    frame = gpd.GeoDataFrame(
        {
            "reference": pd.array([0] * 450 + [1] * 450, dtype=object),
            "stratum": ["A"] * 450 + ["B"] * 450,
            "stratum_area_m2": [9e5] * 450 + [1e5] * 450,
        },
        geometry=shapely.points(evenly(450, 0, 900) + evenly(450, 900, SIDE)),
        crs=CRS,
    )
    return frame.assign(**columns)


def codes(found):
    return [item.code for item in found.findings]


def test_ground_that_cuts_a_stratum_weighs_its_points_by_the_whole_stratum():
    found = gs.assess(LAWN, town(800), drawn())

    # 50 of the 450 points of A lie east of 800: 50/450 of 9e5 is bare, all of B, 1e5, is green
    span = found.whole.interval
    assert span.estimate == pytest.approx(0.5)
    # residues of both ratios: A -0.5 for 50 of 450 points, B 0.5 for all, so B has no spread
    mean = 50 / 450
    error = 0.9 * np.sqrt(0.25 * (mean - mean**2) / 449) / 0.2
    assert found.estimate.shares["green"].standard_error == pytest.approx(error)
    assert span.low < 0.5 < span.high
    assert span.points == 500
    assert found.estimate.total_area == pytest.approx(2e5)
    assert found.estimate.proportions.to_numpy().sum() == pytest.approx(1.0)
    # mapped green is x >= 950: half of what is green, and nothing else
    assert found.estimate.overall_accuracy.value == pytest.approx(0.75)
    assert "strata_areas_differ" not in codes(found)


def test_a_zone_says_the_same_alone_and_among_others():
    zones = pd.concat([town(), town(800)])
    among = gs.assess(LAWN, zones, drawn()).table.ratio(1).interval
    alone = gs.assess(LAWN, town(800), drawn()).table.ratio(0).interval

    assert among == alone
    assert among.estimate == pytest.approx(0.5)


def test_points_not_visited_outside_still_tell_how_much_of_a_stratum_lies_within():
    points = drawn()
    points.loc[points.geometry.x < 800, "reference"] = None
    found = gs.assess(LAWN, town(800), points)

    assert found.whole.interval.estimate == pytest.approx(0.5)
    assert "reference_unvisited" in codes(found)


def test_points_not_visited_within_are_like_the_others_of_their_stratum():
    points = drawn()
    within = points.index[(points.geometry.x > 800) & (points["stratum"] == "A")]
    points.loc[within[::2], "reference"] = None  # 25 of 50
    found = gs.assess(LAWN, town(800), points)

    assert found.whole.interval.estimate == pytest.approx(0.5)
    whole = gs.assess(LAWN, town(800), drawn()).whole.interval
    assert found.whole.interval.high - found.whole.interval.low > whole.high - whole.low


def test_a_stratum_that_nobody_visited_is_refused():
    points = drawn()
    points.loc[points["stratum"] == "A", "reference"] = None

    with pytest.raises(InputError) as refused:
        gs.assess(LAWN, town(), points)
    assert refused.value.rows == ("A",)
    # none of it lies here: nothing is missing
    assert gs.assess(LAWN, town(905), points).whole.interval.estimate == pytest.approx(1.0)


def test_strata_without_areas_are_refused_by_the_name_of_the_column():
    points = drawn().drop(columns="stratum_area_m2")

    with pytest.raises(ColumnError) as refused:
        gs.assess(LAWN, town(), points)
    assert refused.value.column == "stratum_area_m2"

    blank = points.copy()
    blank.loc[blank["stratum"] == "A", "reference"] = None
    with pytest.raises(ColumnError):
        gs.assess(LAWN, town(), blank)

    simple = gs.assess(LAWN, town(), points.assign(stratum="all"))
    assert simple.whole.interval.estimate > 0


def test_the_name_that_a_shapefile_cuts_is_read(tmp_path):
    path = tmp_path / "points.shp"
    drawn(reference=[0] * 450 + [1] * 450).rename(
        columns={"stratum_area_m2": "stratum_ar"}
    ).to_file(path)
    found = gs.assess(LAWN, town(), gs.read_layer(path))

    assert found.whole.interval.estimate == pytest.approx(0.1)
    assert "stratum_area_restored" in codes(found)


def test_points_that_were_thrown_away_are_told():
    points = drawn()
    found = gs.assess(LAWN, town(800), points[points.geometry.x > 800])

    # 50 points of A now stand for all of it
    told = {item.code: item for item in found.findings}
    assert "at least 94.76 ha" in told["strata_areas_differ"].text.en
    assert "20.00 ha" in told["strata_areas_differ"].text.en


def test_strata_that_cover_a_part_only_are_told():
    found = gs.assess(LAWN, town(0, 2000), drawn())

    told = {item.code: item for item in found.findings}
    assert "at most 100.00 ha" in told["strata_areas_differ"].text.en


def test_points_without_a_place_and_columns_twice_are_refused():
    points = drawn()
    lost = points.copy()
    lost.loc[3, "geometry"] = shapely.Point(np.nan, np.nan)
    with pytest.raises(GeometryError) as refused:
        gs.assess(LAWN, town(), lost)
    assert refused.value.rows == (3,)

    twice = gpd.GeoDataFrame(pd.concat([points, points[["reference"]]], axis=1), crs=CRS)
    with pytest.raises(ColumnError) as refused:
        gs.assess(LAWN, town(), twice)
    assert refused.value.column == "reference"


def test_a_refusal_says_that_it_is_about_the_points():
    bare = drawn().drop(columns=["stratum", "stratum_area_m2"])
    with pytest.raises(InputError) as refused:
        gs.assess(LAWN, town(), bare[bare.geometry.x < 950])
    assert (refused.value.layer, refused.value.rows) == ("reference", ("green",))


def test_points_beyond_the_ground_tell_that_another_map_drew_them():
    # drawn by a map that had x > 900 green; where x > 950 alone is asked for, both say the same
    names = {"A": "not_green", "B": "green"}
    points = drawn().assign(stratum=lambda frame: frame["stratum"].map(names))
    small, large = town(960), pd.concat([town(), town(960)])

    alone = gs.assess(LAWN, small, points)
    among = gs.assess(LAWN, large, points)
    assert alone.table.ratio(0).interval == among.table.ratio(1).interval
    assert alone.estimate.points == 180


def test_rounding_leaves_an_interval():
    points = drawn()
    for share in (3, 7, 11, 13):
        some = points.copy()
        some.loc[::share, "reference"] = None
        span = gs.assess(LAWN, town(700), some).whole.interval
        assert span.low < span.estimate < span.high
