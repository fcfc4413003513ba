"""Reference points of a change: drawn, filled in, read, and refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from shapely import box

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 200
PLACE = Affine(1, 0, WEST, 0, -1, NORTH)
BEFORE = np.zeros((SIDE, SIDE), dtype="uint8")
BEFORE[:100] = 1
AFTER = BEFORE.copy()
AFTER[100:110] = 1  # 2 000 m2 more
WHOLE = gpd.GeoDataFrame(geometry=[box(WEST, NORTH - SIDE, WEST + SIDE, NORTH)], crs=4547)


@pytest.fixture
def images(tmp_path):
    return [
        write_raster(tmp_path / f"{name}.tif", values, transform=PLACE, nodata=255)
        for name, values in (("before", BEFORE), ("after", AFTER))
    ]


def truth(count, seed=0, west=0.0, east=SIDE):
    """Return points by chance, each with what the images say there."""
    x, y = np.random.default_rng(seed).uniform([[west], [0]], [[east], [SIDE]], (2, count))
    row = y.astype(int)
    columns = {"before": BEFORE[row, 0], "after": AFTER[row, 0]}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(WEST + x, NORTH - y), crs=4547)


def lost(images, points):
    return gs.green_change(*images, WHOLE, reference=points).estimate.areas["lost"]


def codes(table):
    return [finding.code for finding in table.findings]


def test_points_that_were_drawn_come_back_filled(images, tmp_path):
    change = gs.green_change(*images, WHOLE)
    wanted = {"gained": 20, "kept": 30, "not_green": 40}
    points = change.draw_points(wanted, seed=5)
    assert points["stratum"].value_counts().to_dict() == wanted
    assert points.drop_duplicates("stratum")["stratum_area_m2"].sum() == pytest.approx(40_000)
    pd.testing.assert_frame_equal(points, change.draw_points(wanted, seed=5))
    gs.write_layer(points, tmp_path / "visit.gpkg", layer="points")
    filled = gs.read_layer(tmp_path / "visit.gpkg", layer="points")
    row = (NORTH - filled.geometry.y).astype(int)
    filled["before"], filled["after"] = BEFORE[row, 0].astype(str), AFTER[row, 0].astype(str)
    filled.loc[3, "after"] = None  # not found out
    judged = gs.green_change(*images, WHOLE, reference=filled)
    assert judged.estimate.areas["gained"].value == pytest.approx(2000)
    assert judged.estimate.points == 89
    assert "reference_unvisited" in codes(judged)


def test_nobody_looked(images):
    points = gs.green_change(*images, WHOLE).draw_points({"kept": 5}, seed=1)
    with pytest.raises(GeometryError) as refused:
        lost(images, points)
    assert refused.value.found == 5


def test_more_points_than_pixels_are_refused(images):
    with pytest.raises(InputError):
        gs.green_change(*images, WHOLE).draw_points({"lost": 1}, seed=1)


def test_points_entered_twice_are_told(images):
    points = truth(400)
    twice = pd.concat([points, points.iloc[:10]], ignore_index=True)
    table = gs.green_change(*images, WHOLE, reference=twice)
    (finding,) = [f for f in table.findings if f.code == "reference_repeated"]
    assert finding.count == 10
    assert "reference_repeated" not in codes(gs.green_change(*images, WHOLE, reference=points))


def test_unlike_answers_at_one_place_are_refused(images):
    points = truth(400)
    other = points.iloc[:3].assign(after=1 - points["after"].iloc[:3])
    with pytest.raises(GeometryError) as refused:
        lost(images, pd.concat([points, other], ignore_index=True))
    assert set(refused.value.rows) == {0, 1, 2, 400, 401, 402}


def drawn_by_halves():
    """Return points dense in the west, where three tenths of what is mapped as kept were lost."""
    west, east = truth(900, 1, east=100), truth(100, 2, west=100)
    kept = (west["before"] == 1) & (west["after"] == 1)
    gone = kept & (np.random.default_rng(3).random(900) < 0.3)
    west.loc[gone, "after"] = 0
    halves = [west.assign(stratum="west"), east.assign(stratum="east")]
    return pd.concat(halves, ignore_index=True)


def test_strata_that_are_not_the_kinds_weigh_by_their_areas(images):
    # a fourth of the ground is kept land in the west: 10 000 m2, of which 30 in 100 were lost
    points = drawn_by_halves()
    found = lost(images, points.assign(stratum_area_m2=20_000.0))
    assert found.low < 3000 < found.high
    assert found.value == pytest.approx(3000, rel=0.15)
    assert not lost(images, points.drop(columns="stratum")).low < 3000


def test_strata_without_areas_are_refused(images):
    with pytest.raises(ColumnError) as refused:
        lost(images, drawn_by_halves())
    assert refused.value.column == "stratum_area_m2"


def test_zones_weigh_by_the_strata_too(images):
    north = box(WEST, NORTH - 100, WEST + SIDE, NORTH)
    zones = gpd.GeoDataFrame(geometry=[north], crs=4547)
    points = drawn_by_halves().assign(stratum_area_m2=20_000.0)
    row = gs.green_change(*images, zones, reference=points).to_frame().iloc[0]
    assert row["lost_method"] == "weighted"
    assert row["lost_low_m2"] < 3000 < row["lost_high_m2"]


@pytest.mark.parametrize("case", ["empty", "outside", "unseen"])
def test_points_that_say_nothing_are_refused(images, tmp_path, case):
    points = truth(40)
    if case == "empty":
        points = points.iloc[:0]
    if case == "outside":
        points = points.set_geometry(points.geometry.translate(5000))
    if case == "unseen":
        blank = np.where(np.arange(SIDE)[:, None] > 195, AFTER, 255).astype("uint8")
        images[1] = write_raster(tmp_path / "c.tif", blank, transform=PLACE, nodata=255)
        points = points[(NORTH - points.geometry.y) < 190]
    with pytest.raises(GeometryError) as refused:
        lost(images, points)
    assert refused.value.found == len(points)
