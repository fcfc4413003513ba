"""What images leave open on green lines: shifts of a pixel, and ground that nobody saw."""

from __future__ import annotations

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from shapely import box

import greenspace as gs
from tests.scene import write_raster

WEST, NORTH, SIDE = 500_000.0, 3_400_000.0, 10.0
GRID = Affine(SIDE, 0, WEST, 0, -SIDE, NORTH)


def pixels(mask):
    """Return the ground of the pixels of a mask."""
    return shapely.union_all(
        [
            box(WEST + c * SIDE, NORTH - (r + 1) * SIDE, WEST + (c + 1) * SIDE, NORTH - r * SIDE)
            for r, c in zip(*np.nonzero(mask), strict=True)
        ]
    )


def line(*shapes):
    numbers = [f"L{place}" for place in range(len(shapes))]
    return gpd.GeoDataFrame({"number": numbers}, geometry=list(shapes), crs=4547)


TWO = line(
    box(WEST, NORTH - 300, WEST + 120, NORTH), box(WEST + 120, NORTH - 300, WEST + 300, NORTH)
)


@pytest.fixture
def guard_of_scenes(tmp_path):
    def guard(lines, before, after, **asked):
        images = [
            write_raster(
                tmp_path / f"{name}.tif", values.astype("uint8"), transform=GRID, nodata=255
            )
            for name, values in (("before", before), ("after", after))
        ]
        return gs.encroachment(lines, before=images[0], after=images[1], **asked)

    return guard


def test_a_loss_drawn_a_pixel_off_across_a_border_lies_in_the_limits(guard_of_scenes):
    before, after = np.ones((2, 30, 30))
    after[14:20, 11:15] = 0  # on the ground columns 10 to 13: 2 of them in either line
    guard = guard_of_scenes(TWO, before, after)
    found = guard.encroachments.set_index("line")
    assert found["area_m2"].to_dict() == pytest.approx({"L0": 600, "L1": 1800})
    assert ((found["low_m2"] <= 1200) & (found["high_m2"] >= 1200)).all()


@pytest.mark.parametrize("seed", [0, 1, 4, 5])
def test_the_truth_lies_in_the_limits_whichever_image_is_off_by_a_pixel(guard_of_scenes, seed):
    rng = np.random.default_rng(seed)
    before, after = np.kron(rng.random((2, 6, 6)) < [[[0.8]], [[0.4]]], np.ones((5, 5), bool))
    park = shapely.Point(WEST + 148.3, NORTH - 151.7).buffer(97.7, quad_segs=3)
    shifts = list(product((-1, 0, 1), repeat=2))
    drawn = [
        np.roll(image, shift, axis=(0, 1))
        for image, shift in zip((before, after), (shifts[seed], shifts[seed - 3]), strict=True)
    ]
    truth = shapely.intersection(pixels(before & ~after), park).area
    guard = guard_of_scenes(line(park), *drawn, smallest_patch_m2=0)
    (row,) = guard.encroachments.itertuples()
    assert row.low_m2 <= truth <= row.high_m2
    assert 0 < row.low_m2 <= row.area_m2 <= row.high_m2


def test_a_pixel_of_the_coarser_image_is_what_an_image_may_be_off_by(tmp_path):
    before, after = np.ones((2, 60, 60), dtype="uint8")
    after[26:34, 20:40] = 0  # 40 m by 100 m on pixels of 5 m
    fine = GRID @ Affine.scale(0.5)
    images = [
        write_raster(tmp_path / "before.tif", before[::2, ::2], transform=GRID),
        write_raster(tmp_path / "after.tif", after, transform=fine),
    ]
    guard = gs.encroachment(line(TWO.union_all()), before=images[0], after=images[1])
    assert guard.encroachments["low_m2"].tolist() == pytest.approx([20 * 80])


def test_ground_that_nobody_saw_does_not_pass(guard_of_scenes):
    before, after = np.ones((2, 30, 30))
    guard = guard_of_scenes(TWO, before, np.full((30, 30), 255))
    kept = guard.checks[1]
    assert (kept.id, kept.passed, kept.count) == ("green_kept", None, 0)
    assert "90,000.00" in kept.text.zh
    assert "90,000.00" in kept.text.en
    (ledger,) = (one for one in guard.ledgers if one.id == "green_line_unseen")
    assert ledger.rows["unseen_m2"].tolist() == pytest.approx([36_000, 54_000])
    assert guard_of_scenes(TWO, before, after).checks[1].passed is True


@pytest.mark.parametrize(("lost_rows", "passed"), [(0, True), (1, None)])
def test_unseen_ground_and_specks_may_be_one_finding(guard_of_scenes, lost_rows, passed):
    strip = line(box(WEST + 100, NORTH - 200, WEST + 106, NORTH - 100))  # 60 m2 of each pixel
    before, after = np.ones((2, 30, 30))
    after[14, 10] = 255
    after[15 : 15 + lost_rows, 10] = 0
    guard = guard_of_scenes(strip, before, after)
    assert guard.checks[1].passed is passed
    (ledger,) = (one for one in guard.ledgers if one.id == "green_line_unseen")
    assert [word.en for word in ledger.rows["may_hide"]] == ["no" if passed else "yes"]


def test_a_certain_loss_fails_whatever_was_not_seen(guard_of_scenes):
    before, after = np.ones((2, 30, 30))
    after[5:10, 2:8] = 0
    after[20:] = 255
    check = guard_of_scenes(TWO, before, after).checks[1]
    assert check.passed is False
    assert "30,000.00" in check.text.en


def test_float_noise_is_no_patch_that_was_left_out(guard_of_scenes):
    before, after = np.ones((2, 30, 30))
    after[14:20, 10:14] = 0
    park = line(shapely.Point(WEST + 120.1, NORTH - 160.7).buffer(90.3))
    guard = guard_of_scenes(park, before, after)
    assert "loss_below_smallest" not in [one.code for one in guard.findings]
