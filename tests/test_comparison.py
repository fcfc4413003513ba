"""Green change from two files: by hand, with its error, by refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import Point, box

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, InputError, RasterError
from greenspace.model.city import ImageSpec
from tests.scene import write_raster

WEST, NORTH = 500_000.0, 3_400_000.0
FINE, COARSE = (Affine(side, 0, WEST, 0, -side, NORTH) for side in (10, 20))
BEFORE = np.array([[1, 0], [0, 255]], dtype="uint8")  # pixels of 20 m, one unseen
AFTER = np.array([[1, 1, 1, 0], [0, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 1]], dtype="uint8")


def ground(*sides, **columns):
    """Return zones given in metres east and south of the images' corner."""
    shapes = [box(WEST + w, NORTH - s, WEST + e, NORTH - n) for w, n, e, s in sides]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4547)


@pytest.fixture
def images(tmp_path):
    before = write_raster(tmp_path / "before.tif", BEFORE, transform=COARSE, nodata=255)
    return before, write_raster(tmp_path / "after.tif", AFTER, transform=FINE, nodata=255)


WHOLE = ground((0, 0, 40, 40))


def codes(table):
    return [finding.code for finding in table.findings]


def test_two_rasters_of_unlike_pixels_that_nest(images):
    # above left 20 x 20 m were green: 3 of 4 still are; above right and below left 1 of 4 each
    # became green; below right was not seen
    table = gs.green_change(*images, WHOLE)
    row = table.to_frame().iloc[0]
    assert row.kept_m2 == pytest.approx(300)
    assert row.lost_m2 == pytest.approx(100)
    assert row.gained_m2 == pytest.approx(200)
    assert row.not_green_m2 == pytest.approx(600)
    assert row.unseen_m2 == pytest.approx(400)
    assert row.straddling_m2 == 0
    assert row.net_points == pytest.approx(100 / 12)
    assert "unlike_grids" not in codes(table)
    assert "unseen" in codes(table)
    assert [source.role for source in table.sources[:2]] == ["image, before", "image, after"]


def test_zones_keep_their_rows_and_add_up(images):
    zones = ground((0, 0, 15, 40), (15, 0, 40, 40), name=["west", "east"]).set_index(
        np.array([9, 4])
    )
    table = gs.green_change(*images, zones)
    frame = table.to_frame()
    assert frame.index.tolist() == [9, 4]
    assert frame["name"].tolist() == ["west", "east"]
    assert table.total().gained == pytest.approx(200)
    # the east part of the upper left: 5 m of one column, of which the upper pixel is kept too
    assert frame["kept_m2"].tolist() == pytest.approx([200, 100])
    assert frame["lost_m2"].tolist() == pytest.approx([100, 0])


def test_patches_above_the_smallest_mapping_unit(images):
    table = gs.green_change(*images, WHOLE)
    every = table.polygons(smallest_m2=0)
    assert sorted(zip(every["class"], every["area_m2"], strict=True)) == [
        ("gained", 100.0),
        ("gained", 100.0),
        ("lost", 100.0),
    ]
    none = table.polygons(smallest_m2=100.5)
    assert len(none) == 0
    (left_out,) = none.attrs["findings"]
    assert (left_out.count, left_out.area_m2) == (3, 300.0)


def test_patches_stop_at_the_zones(images):
    # the gained pixels lie in columns 2 and 0; the zone is the left half
    patches = gs.green_change(*images, ground((0, 0, 20, 40))).polygons(smallest_m2=0)
    assert patches["class"].tolist() == ["gained", "lost"]
    assert patches.total_bounds[2] <= WEST + 20


def test_images_in_two_crs_give_the_areas_of_the_finer_one(images, tmp_path):
    # the same pixels, less than a metre turned against the others in a neighbouring zone
    corner = gpd.GeoSeries([Point(WEST, NORTH)], crs=4547).to_crs(4548).iloc[0]
    turned = Affine(10, 0, corner.x, 0, -10, corner.y)
    after = write_raster(tmp_path / "4548.tif", AFTER, transform=turned, crs="EPSG:4548")
    table = gs.green_change(images[0], after, WHOLE)
    assert table.crs.to_epsg() == 4548
    total = table.total()
    assert [total.gained, total.lost, total.kept] == pytest.approx([200, 100, 300], abs=30)
    assert total.gained + total.unseen + total.lost + total.kept + total.not_green == (
        pytest.approx(1600, rel=3e-3)  # 114° E is three degrees off its meridian
    )
    assert "unlike_grids" in codes(table)


def test_a_corrected_image_is_compared_as_corrected(images):
    wood = ground((20, 10, 40, 20), action=["add"])
    table = gs.green_change(images[0], gs.corrected(images[1], corrections=wood), WHOLE)
    assert table.total().gained == pytest.approx(400)


def test_grids_that_do_not_nest_come_with_a_bound(images, tmp_path):
    shifted = Affine(10, 0, WEST + 5, 0, -10, NORTH)
    after = write_raster(tmp_path / "shifted.tif", AFTER, transform=shifted, nodata=255)
    table = gs.green_change(images[0], after, WHOLE)
    (finding,) = [f for f in table.findings if f.code == "unlike_grids"]
    assert finding.area_m2 == pytest.approx(table.total().straddling)
    assert table.total().straddling > 0


def test_change_beside_an_edge_is_told(images):
    # every changed pixel lies next to the one coarse pixel that was green
    table = gs.green_change(*images, WHOLE)
    (finding,) = [f for f in table.findings if f.code == "change_on_edges"]
    assert finding.severity == "warning"
    assert finding.area_m2 == pytest.approx(300)
    assert table.to_frame()["edge_change_m2"].tolist() == pytest.approx([300])


def test_the_error_of_the_change_rests_on_points(images):
    # two points in each kind; one of those mapped as gained was green before too
    spots = [(5, 5, 1, 1), (15, 5, 1, 1), (5, 15, 1, 0), (5, 15, 1, 0)]
    spots += [(25, 5, 0, 1), (5, 35, 1, 1), (35, 5, 0, 0), (35, 15, 0, 0)]
    spots += [(35, 35, 1, 1), (500, 5, 0, 0)]  # not seen before; beyond the zone
    points = gpd.GeoDataFrame(
        {"before": [s[2] for s in spots], "after": [s[3] for s in spots]},
        geometry=[Point(WEST + x, NORTH - y) for x, y, *_ in spots],
        crs=4547,
    )
    table = gs.green_change(*images, WHOLE, reference=points.to_crs(4326))
    # gained is mapped on 200 m2, of which half is kept by its two points
    areas = table.total().estimate.areas
    assert areas["gained"].value == pytest.approx(100)
    assert areas["kept"].value == pytest.approx(400)
    assert areas["gained"].low < 100 < areas["gained"].high
    frame = table.to_frame()
    assert frame["gained_method"].tolist() == ["synthetic"]  # eight points are no thirty
    assert frame["gained_estimate_m2"].tolist() == pytest.approx([100])
    assert frame["gained_low_m2"].isna().all()
    (unused,) = [f for f in table.findings if f.code == "reference_unused"]
    assert (unused.count, unused.rows) == (2, (8, 9))


def test_without_points_the_reason_is_told(images):
    table = gs.green_change(*images, WHOLE)
    assert table.estimate is None
    assert "product" in table.total().no_estimate.en


def test_overlapping_zones_weigh_once_in_the_error(images):
    points = gpd.GeoDataFrame(
        {"reference": ["kept", "kept", "lost", "减少", "新增", "gained", "not_green", "非绿"]},
        geometry=[
            Point(WEST + x, NORTH - y)
            for x, y in [(5, 5), (15, 5), (5, 15), (6, 15), (25, 5), (5, 35), (35, 5), (35, 15)]
        ],
        crs=4547,
    )
    table = gs.green_change(*images, ground((0, 0, 40, 40), (0, 0, 40, 40)), reference=points)
    assert table.estimate.total_area == pytest.approx(1200)
    assert "overlap" in table.change(0).no_estimate.en
    assert "gained_low_m2" not in table.to_frame()


# --- dates of a city's images


def spec(path, day):
    return ImageSpec(path=path, name=path.name, date=day, bands={"red": 1, "nir": 2})


@pytest.fixture
def pair(tmp_path):
    rng = np.random.default_rng(3)
    green = rng.random((30, 30)) < 0.5
    bands = np.stack([np.where(green, 10, 60), np.where(green, 90, 60)]).astype("uint16")
    bands += rng.integers(0, 5, bands.shape).astype("uint16")
    files = [tmp_path / "2023.tif", tmp_path / "2026.tif"]
    for file in files:
        write_raster(file, bands, transform=FINE, nodata=0)
    return [spec(files[0], dt.date(2023, 6, 18)), spec(files[1], dt.date(2026, 6, 12))]


def test_images_of_a_city_can_be_given_as_they_are(pair):
    total = gs.green_change(*pair, ground((0, 0, 300, 300))).total()
    assert total.gained == total.lost == 0
    assert total.kept > 0


def test_images_in_the_wrong_order_are_refused(pair):
    with pytest.raises(InputError):
        gs.green_change(*reversed(pair), ground((0, 0, 300, 300)))


def test_another_month_is_told(pair):
    early = replace(pair[0], date=dt.date(2023, 4, 18))
    table = gs.green_change(early, pair[1], ground((0, 0, 300, 300)))
    assert "other_season" in codes(table)
    assert "other_season" not in codes(gs.green_change(*pair, ground((0, 0, 300, 300))))


def test_december_and_january_are_one_season(pair):
    days = [dt.date(2022, 12, 30), dt.date(2024, 1, 2)]
    dated = [replace(image, date=day) for image, day in zip(pair, days, strict=True)]
    assert "other_season" not in codes(gs.green_change(*dated, ground((0, 0, 300, 300))))


# --- refusals


def test_images_apart_are_refused(images, tmp_path):
    far = Affine(10, 0, WEST + 9000, 0, -10, NORTH)
    after = write_raster(tmp_path / "far.tif", AFTER, transform=far, nodata=255)
    with pytest.raises(RasterError) as refused:
        gs.green_change(images[0], after, WHOLE)
    assert len(refused.value.expected) == len(refused.value.found) == 4


def test_polygons_are_refused(images):
    with pytest.raises(InputError):
        gs.green_change(WHOLE, images[1], WHOLE)


def test_points_must_say_both_dates(images):
    point = gpd.GeoDataFrame({"before": [1]}, geometry=[Point(WEST, NORTH)], crs=4547)
    with pytest.raises(ColumnError) as refused:
        gs.green_change(*images, WHOLE, reference=point)
    assert refused.value.column == "after"
    strange = gpd.GeoDataFrame({"reference": ["grün"]}, geometry=[Point(WEST, NORTH)], crs=4547)
    with pytest.raises(ColumnError) as refused:
        gs.green_change(*images, WHOLE, reference=strange)
    assert refused.value.rows == (0,)


def test_reference_polygons_are_refused(images):
    with pytest.raises(GeometryError):
        gs.green_change(*images, WHOLE, reference=WHOLE.assign(before=1, after=1))
