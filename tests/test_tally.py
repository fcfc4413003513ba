"""Green coverage with polygons laid over an image: what changes, what is said, what is refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from shapely import Polygon, box

import greenspace as gs
from greenspace.errors import (
    ColumnError,
    CrsError,
    DataWarning,
    GeometryError,
    InputError,
)
from greenspace.model.crs import local_metre
from tests.scene import write_raster

X, Y = 500_000, 3_400_000
PLACE = Affine(1, 0, X, 0, -1, Y + 10)


def at(x0, y0, x1, y1):
    return box(X + x0, Y + y0, X + x1, Y + y1)


def layer(*places, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(places), crs=4547)


TOWN = layer(at(0, 0, 10, 10))
HALVES = layer(at(0, 0, 5, 10), at(5, 0, 10, 10), name=["west", "east"])
ADD = at(1, 0, 6.5, 2)  # 11 m2: 3 m2 outside of the green west 5 m
OFF = at(3, 4, 5, 9)  # 10 m2 of green
FIXES = layer(ADD, OFF, action=["add", "remove"])


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """10 x 10 m: red and near infrared, green west of 5 m, the east 2 m without data."""
    values = np.full((2, 10, 10), 1000, dtype="uint16")
    values[1, :, :5] = 3000
    values[:, :, 8:] = 0
    path = tmp_path_factory.mktemp("tally") / "image.tif"
    return write_raster(path, values, transform=PLACE, nodata=0)


@pytest.fixture(scope="module")
def seen(image):
    return gs.vegetation(image, bands={"red": 1, "nir": 2}, threshold=0.3)


def halves(table):
    return table.to_frame()[["numerator", "denominator", "unseen"]].to_numpy().round(9).tolist()


def found(table):
    return {f.code: f for f in table.findings if f.code != "raw_numbers"}


def test_corrections_change_what_they_say_and_no_more(seen):
    # 50 of 80 m2 green; 3 m2 added that were not green, 10 m2 removed that were
    assert halves(gs.green_coverage(seen, TOWN)) == [[50.0, 80.0, 20.0]]
    assert halves(gs.green_coverage(gs.corrected(seen, corrections=FIXES), TOWN)) == [
        [43.0, 80.0, 20.0]
    ]


def test_what_they_change_is_counted_and_listed(seen):
    table = gs.green_coverage(
        gs.corrected(seen, corrections=FIXES.set_index(np.array([8, 9]))), TOWN
    )
    told = {code: (f.rows, f.count, f.area_m2) for code, f in found(table).items()}
    assert told == {"green_added": ((8,), 1, 3.0), "green_removed": ((9,), 1, 10.0)}
    assert {f.layer for f in found(table).values()} == {"corrections"}


def test_overlapping_zones_count_a_change_once(seen):
    places = pd.concat([TOWN, HALVES], ignore_index=True)
    table = gs.green_coverage(gs.corrected(seen, corrections=FIXES), places)
    assert halves(table) == [[43.0, 80.0, 20.0], [40.0, 50.0, 0.0], [3.0, 30.0, 20.0]]
    assert found(table)["green_added"].area_m2 == pytest.approx(3.0)


def test_what_lay_unseen_is_seen_under_a_correction(seen):
    # of the east 2 m without data, 2 x 3 m become green and 2 x 1 m bare
    fixes = layer(at(8, 0, 10, 3), at(8, 5, 10, 6), action=["增", "删"])
    table = gs.green_coverage(gs.corrected(seen, corrections=fixes), TOWN)
    assert halves(table) == [[56.0, 88.0, 12.0]]
    assert table.ratio(0).bounds == pytest.approx((0.56, 0.68))
    assert "6.00 m² of that unseen" in found(table)["green_added"].text.en
    assert "2.00 m² unseen" in found(table)["green_removed"].text.en


def test_corrections_that_change_nothing_are_counted(seen):
    # over green, over bare ground, out of every zone; the last one does change something
    places = [at(0, 0, 2, 2), at(5, 0, 6, 2), at(50, 0, 51, 1), at(6, 5, 7, 6)]
    fixes = layer(*places, action=["add", "remove", "add", "add"])
    table = gs.green_coverage(gs.corrected(seen, corrections=fixes), TOWN)
    assert halves(table) == [[51.0, 80.0, 20.0]]
    idle = found(table)["changes_nothing"]
    assert (idle.rows, idle.count) == ((0, 1, 2), 3)


def test_crowns_join_the_image_without_counting_twice(seen):
    # crowns over 3..7 and 6..9 x 0..2: 2 x 4 m2 outside the green, 1 m wide of it unseen
    crowns = layer(at(3, 0, 7, 2), at(6, 0, 9, 2))
    for canopy in (crowns, crowns.geometry, [crowns.iloc[:1], crowns.iloc[1:]], [crowns, crowns]):
        table = gs.green_coverage(gs.corrected(seen, canopy=canopy), TOWN)
        assert halves(table) == [[58.0, 82.0, 18.0]]
    joined = found(gs.green_coverage(gs.corrected(seen, canopy=crowns), TOWN))["green_added"]
    assert (joined.layer, joined.count, joined.area_m2, joined.rows) == ("canopy", 2, 8.0, ())


def test_corrections_lie_over_the_canopy(seen):
    crowns, off = layer(at(5, 0, 8, 10)), layer(at(7, 0, 8, 10), action=["remove"])
    at_once = gs.corrected(seen, corrections=off, canopy=crowns)
    in_turn = gs.corrected(gs.corrected(seen, canopy=crowns), corrections=off)
    for both in (at_once, in_turn):
        table = gs.green_coverage(both, TOWN)
        assert halves(table) == [[70.0, 80.0, 20.0]]
        assert found(table)["green_removed"].area_m2 == 10.0


def test_polygons_in_degrees_and_zones_in_another_plane(seen):
    table = gs.green_coverage(
        gs.corrected(seen, corrections=FIXES.to_crs(4490)), TOWN.to_crs(4490), crs=4547
    )
    assert halves(table)[0] == pytest.approx([43.0, 80.0, 20.0], rel=1e-6)


@pytest.mark.parametrize("crs", [4326, 4548])
def test_an_image_on_another_plane_measures_on_the_ground(tmp_path, crs):
    # 5 x 5 pixels around the town, bare; the corrections green its west half, to the last m2
    town, west = TOWN.to_crs(crs), layer(at(0, 0, 5, 10), action=["add"])
    left, low, right, high = town.total_bounds
    wide, tall = (right - left) / 4, (high - low) / 4
    place = Affine(wide, 0, left - wide / 2, 0, -tall, high + tall / 2)
    values = np.zeros((5, 5), "uint8")
    path = write_raster(tmp_path / "far.tif", values, transform=place, crs=f"EPSG:{crs}")
    fixed = gs.corrected(path, corrections=west)
    table = gs.green_coverage(fixed, pd.concat([HALVES, TOWN]), crs=4547)
    assert halves(table)[0] == pytest.approx([50.0, 50.0, 0.0], abs=1e-6)
    assert halves(table)[1] == pytest.approx([0.0, 50.0, 0.0], abs=1e-6)
    assert halves(table)[2] == pytest.approx([50.0, 100.0, 0.0], abs=1e-6)


def test_a_class_raster_can_be_corrected(tmp_path):
    codes = np.full((10, 10), 50, dtype="uint8")
    codes[:5] = 10
    path = write_raster(tmp_path / "cover.tif", codes, transform=PLACE, nodata=255)
    classes = gs.vegetation(path, classes="esa-worldcover")
    # the north is green: 11 m2 are added in the south, and of the 10 m2 removed 8 lie in the north
    table = gs.green_coverage(gs.corrected(classes, corrections=FIXES), TOWN)
    assert halves(table) == [[53.0, 100.0, 0.0]]


def test_a_raster_of_shares_can_be_corrected(tmp_path):
    shares = np.full((10, 10), 0.25, dtype="float32")
    path = write_raster(tmp_path / "shares.tif", shares, transform=PLACE, nodata=-1)
    table = gs.green_coverage(gs.corrected(path, corrections=FIXES), TOWN)
    # 100 - 11 - 10 m2 at a quarter, and 11 m2 added
    assert halves(table) == [pytest.approx([79 / 4 + 11, 100.0, 0.0])]


def test_an_image_without_crs_on_the_citys_own_grid(tmp_path):
    path = write_raster(tmp_path / "s.tif", np.zeros((10, 10), "uint8"), transform=PLACE, crs=None)
    local = [frame.set_crs(local_metre(), allow_override=True) for frame in (TOWN, FIXES)]
    table = gs.green_coverage(gs.corrected(path, corrections=local[1]), local[0])
    assert halves(table) == [[11.0, 100.0, 0.0]]


def test_a_broken_correction_is_mended_and_said(seen):
    bow = Polygon([(X + 5, Y), (X + 7, Y + 2), (X + 7, Y), (X + 5, Y + 2)])
    with pytest.warns(DataWarning, match="corrections"):
        table = gs.green_coverage(gs.corrected(seen, corrections=layer(bow, action=["add"])), TOWN)
    assert halves(table) == [[52.0, 80.0, 20.0]]
    assert found(table)["made_valid"].layer == "corrections"


def test_contradicting_corrections_are_refused(seen):
    with pytest.raises(GeometryError) as refusal:
        gs.green_coverage(
            gs.corrected(seen, corrections=layer(ADD, ADD, action=["add", "删"])), TOWN
        )
    assert refusal.value.rows == (0, 1)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, InputError),
        ({"corrections": TOWN}, ColumnError),
        ({"canopy": [TOWN.set_crs(None, allow_override=True)]}, CrsError),
        ({"canopy": layer(at(0, 0, 1, 1).boundary)}, GeometryError),
    ],
)
def test_what_cannot_be_laid_over_is_refused(seen, given, error):
    with pytest.raises(error):
        gs.green_coverage(gs.corrected(seen, **given), TOWN)


def test_polygons_over_polygons_are_refused():
    with pytest.raises(InputError):
        gs.corrected(TOWN, corrections=FIXES)
