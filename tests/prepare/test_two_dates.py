"""Two images as one raster of change: by hand, beside plain loops and exact overlays, by refusal."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from greenspace.errors import RasterError
from greenspace.model.crs import local_metre
from greenspace.model.grid import Grid, Strip
from greenspace.prepare.two_dates import TwoDates

PLANE = CRS.from_epsg(4547)
WEST, NORTH = 500_000.0, 3_380_000.0
SEED = st.integers(0, 2**32 - 1)
OFFSET = st.floats(-6, 6)


def placed(side, east=0.0, south=0.0, turn=0.0):
    start = Affine.translation(WEST + east, NORTH - south)
    return start @ Affine.rotation(turn) @ Affine.scale(side, -side)


class Date:
    """A GreenRaster in memory: 1 green, 0 not, 9 unseen; anything else is a share."""

    def __init__(self, values, transform=None, crs=PLANE):
        self.values = np.asarray(values, dtype=np.float32)
        height, width = self.values.shape
        self.grid = Grid(width, height, transform or placed(1), crs)
        self.sources = ()
        self.parallel = True
        self.read = 0

    def findings(self):
        return ()

    def strips(self, windows):
        for w in windows:
            part = self.values[w.row : w.row + w.height, w.col : w.col + w.width]
            self.read += part.size
            yield Strip(w, np.where(part == 9, 0, part).astype(np.float32), part != 9)


def codes_of(dates):
    found = np.zeros((dates.grid.height, dates.grid.width), dtype=np.uint8)
    for strip in dates.class_strips(dates.grid.windows()):
        w = strip.window
        found[w.row : w.row + w.height, w.col : w.col + w.width] = strip.codes
    return found


def plain(codes):
    """Return the codes without what they say of edges."""
    return np.where((codes == 255) | (codes == 8), 255, codes % 4)


def rng_date(rng, shape, transform, **kwargs):
    return Date(rng.choice([0, 1, 9], size=shape, p=[0.45, 0.45, 0.1]), transform, **kwargs)


# --- by hand


def test_four_kinds_and_unseen_on_either_date():
    before = Date([[0, 0, 1, 1, 9, 0]])
    after = Date([[0, 1, 0, 1, 1, 9]])
    assert plain(codes_of(TwoDates(before, after))).tolist() == [[0, 1, 2, 3, 255, 255]]


@pytest.mark.parametrize("swap", [False, True])
def test_the_finer_pixels_are_kept_whichever_date_has_them(swap):
    # one coarse pixel of green beside one of none; below them pixels of half the side
    coarse, fine = Date([[1, 0]], placed(2)), Date([[1, 0, 1, 0], [0, 0, 0, 0]], placed(1))
    dates = TwoDates(fine, coarse) if swap else TwoDates(coarse, fine)
    kept, lost, gained, none = 3, *((1, 2) if swap else (2, 1)), 0
    expected = [[kept, lost, gained, none], [lost, lost, none, none]]
    assert dates.nested
    assert dates.grid == fine.grid
    assert plain(codes_of(dates)).tolist() == expected


def test_pixels_across_an_edge_of_the_other_classes_straddle():
    # pixels of 2 m over pixels of 3 m: the second lies on both sides of the line at 3 m
    coarse, fine = Date([[1, 0]], placed(3)), Date([[1, 1, 1]], placed(2))
    # centres at 1, 3 and 5 m; the middle one stands on the line and goes to the east; the last
    # was gained beside the edge
    assert codes_of(TwoDates(coarse, fine)).tolist() == [[3, 1 + 4, 1 + 8]]
    same = Date([[1, 1]], placed(3))
    assert codes_of(TwoDates(same, fine)).tolist() == [[3, 3, 3]]  # no edge, nothing straddles


def test_a_pixel_that_is_partly_beyond_the_other_image_straddles():
    # the other image ends at 1.25 m and at 2.75 m: inside the second and the third pixel
    coarse, fine = Date([[1]], placed(1.5, east=1.25)), Date(np.ones((1, 4)), placed(1))
    assert codes_of(TwoDates(coarse, fine))[0].tolist() == [255, 7, 7, 255]


def test_what_is_unseen_at_the_centre_but_not_at_a_corner_is_told():
    coarse, fine = Date([[9, 1]], placed(3)), Date([[1, 1, 1]], placed(2, east=-0.5))
    # centres at 0.5, 2.5, 4.5: the second is unseen and reaches beyond 3 m
    assert codes_of(TwoDates(coarse, fine)).tolist() == [[255, 8, 3]]


def test_what_the_finer_image_does_not_see_straddles_nothing():
    coarse, fine = Date([[1, 0]], placed(3)), Date([[1, 9, 1]], placed(2))
    assert codes_of(TwoDates(coarse, fine)).tolist() == [[3, 255, 1 + 8]]


def test_only_the_common_part_of_both_images_is_read():
    before, after = Date(np.ones((600, 700))), Date(np.ones((600, 700)), placed(1, 690, 595))
    with mock.patch.multiple("greenspace.model.grid", STRIP_ROWS=512, STRIP_COLS=512):
        after.grid = Grid(700, 600, after.grid.transform, PLANE, 512, 512)
        found = codes_of(TwoDates(before, after))
    assert (found == 3).sum() == 5 * 10
    assert before.read == 6 * 11  # and one pixel around it, for edges


def test_what_changed_within_a_pixel_of_an_edge_is_told():
    # green in the first two columns; all others turn green, and the first one not
    before, after = Date([[1, 1, 0, 0, 0, 9]] * 3), Date([[0, 1, 1, 1, 1, 1]] * 3)
    assert codes_of(TwoDates(before, after))[1].tolist() == [2, 3, 1 + 8, 1, 1, 255]


@pytest.mark.parametrize("turn", [0, 90])
def test_a_shift_by_a_pixel_makes_change_on_edges_only(turn):
    ground = np.add.outer(np.arange(40) // 7, np.arange(40) // 9) % 2
    shifted = np.roll(np.rot90(ground, turn // 90), 1, axis=1)[:, 1:]
    before, after = np.rot90(ground, turn // 90)[:, 1:], shifted
    found = codes_of(TwoDates(Date(before), Date(after)))
    assert set(np.unique(found)) == {0, 3, 1 + 8, 2 + 8}


def test_a_city_s_own_grid_goes_with_an_image_without_crs():
    dates = TwoDates(Date([[1]], crs=None), Date([[0]], crs=local_metre()))
    assert codes_of(dates).tolist() == [[2]]


# --- beside plain loops


def looked_up(fine, coarse, onward=lambda x, y: (x, y)):
    """Return the other image's value at the centre of each pixel, 9 where it has none.

    And where that is clear: a centre on the line between two pixels may go to either.
    """
    height, width = fine.values.shape
    back = ~coarse.grid.transform
    found, clear = np.full((height, width), 9.0), np.ones((height, width), bool)
    for row in range(height):
        for col in range(width):
            x, y = onward(*(fine.grid.transform @ (col + 0.5, row + 0.5)))
            c, r = back @ (x, y)
            clear[row, col] = min(abs(c - round(c)), abs(r - round(r))) > 1e-6
            if 0 <= r < coarse.grid.height and 0 <= c < coarse.grid.width:
                found[row, col] = coarse.values[int(r), int(c)]
    return found, clear


def expected_codes(before, after):
    found = after + 2 * before
    found[(before == 9) | (after == 9)] = 255
    return found


@given(seed=SEED, side=st.floats(1, 4), east=OFFSET, south=OFFSET, turn=st.sampled_from([0, 0, 33]))
@settings(max_examples=30)
def test_every_centre_has_the_class_of_the_other_image(seed, side, east, south, turn):
    rng = np.random.default_rng(seed)
    fine = rng_date(rng, (12, 14), placed(1))
    coarse = rng_date(rng, (9, 8), placed(side, east, south, turn))
    found = codes_of(TwoDates(coarse, fine))
    before, clear = looked_up(fine, coarse)
    expected = expected_codes(before, fine.values.astype(float))
    assert np.array_equal(plain(found)[clear], expected[clear])


def test_images_of_two_crs_meet_on_the_ground():
    rng = np.random.default_rng(7)
    there = CRS.from_epsg(32650)
    onward = Transformer.from_crs(PLANE, there, always_xy=True).transform
    x, y = onward(WEST, NORTH)
    fine = rng_date(rng, (90, 70), placed(2))
    coarse = Date(
        rng.choice([0, 1, 9], size=(80, 60)), Affine(2.5, 0, x - 20, 0, -2.5, y + 20), there
    )
    found = codes_of(TwoDates(coarse, fine))
    before, clear = looked_up(fine, coarse, onward)
    expected = expected_codes(before, fine.values.astype(float))
    assert np.array_equal(plain(found)[clear], expected[clear])
    assert (found != 255).mean() > 0.5


@given(seed=SEED, side=st.floats(1, 3), east=OFFSET)
@settings(max_examples=15)
def test_blocks_change_nothing(seed, side, east):
    rng = np.random.default_rng(seed)
    fine, coarse = rng_date(rng, (70, 9), placed(1)), rng_date(rng, (30, 9), placed(side, east))
    whole = codes_of(TwoDates(coarse, fine))
    fine.grid = Grid(9, 70, fine.grid.transform, PLANE, 4, 4)
    with mock.patch.multiple("greenspace.model.grid", STRIP_ROWS=4, STRIP_COLS=4):
        assert np.array_equal(codes_of(TwoDates(coarse, fine)), whole)


# --- beside the exact overlay of both grids


def overlaps(count, other_count, step, start):
    """Return how much of each pixel of a line lies in each pixel of another line."""
    edges, others = np.arange(count + 1), start + step * np.arange(other_count + 1)
    low = np.maximum(edges[:-1, None], others[None, :-1])
    high = np.minimum(edges[1:, None], others[None, 1:])
    return np.maximum(high - low, 0.0)


def exact_areas(fine, coarse, side, east, south):
    """Return gained, lost, kept and not green of the overlay; the finer image is the later."""
    height, width = fine.values.shape
    down = overlaps(height, coarse.values.shape[0], side, south)
    across = overlaps(width, coarse.values.shape[1], side, east)
    green, bare = (down @ (coarse.values == value) @ across.T for value in (1, 0))
    now, not_now = fine.values == 1, fine.values == 0
    return [bare[now].sum(), green[not_now].sum(), green[now].sum(), bare[not_now].sum()]


@given(seed=SEED, side=st.floats(1, 4), east=OFFSET, south=OFFSET)
def test_no_area_is_off_by_more_than_what_straddles(seed, side, east, south):
    rng = np.random.default_rng(seed)
    fine = rng_date(rng, (20, 22), placed(1))
    coarse = rng_date(rng, (16, 15), placed(side, east, south))
    found = codes_of(TwoDates(coarse, fine))
    straddling = ((found >= 4) & (found <= 8)).sum()
    sliver = 2 * 2e-3 * found.size  # corners are looked up a five-hundredth of a pixel inside
    exact = exact_areas(fine, coarse, side, east, south)
    counted = [(plain(found) == kind).sum() for kind in (1, 2, 3, 0)]
    for ours, theirs in zip(counted, exact, strict=True):
        assert abs(ours - theirs) <= straddling + sliver


@given(seed=SEED, times=st.integers(1, 4), east=st.integers(-6, 6), south=st.integers(-6, 6))
def test_grids_that_nest_are_exact(seed, times, east, south):
    rng = np.random.default_rng(seed)
    fine = rng_date(rng, (20, 22), placed(1))
    coarse = rng_date(rng, (16, 15), placed(times, east, south))
    dates = TwoDates(coarse, fine)
    found = codes_of(dates)
    exact = exact_areas(fine, coarse, times, east, south)
    assert dates.nested
    assert not np.isin(found, [4, 5, 6, 7, 8]).any()
    assert [(plain(found) == kind).sum() for kind in (1, 2, 3, 0)] == pytest.approx(exact, abs=1e-9)


def test_a_step_that_drifts_by_a_pixel_over_the_image_does_not_nest():
    fine, coarse = Date(np.ones((1, 2000)), placed(1)), Date(np.ones((1, 1999)), placed(1.0005))
    assert not TwoDates(coarse, fine).nested
    assert not TwoDates(fine, coarse).nested


def test_mirrored_rows_nest():
    upright = Date([[1], [0]])
    mirrored = Date([[1], [0]], Affine(1, 0, WEST, 0, 1, NORTH - 2))
    dates = TwoDates(mirrored, upright)
    assert dates.nested
    assert plain(codes_of(dates)).tolist() == [[1], [2]]


# --- refusals


def test_images_without_common_ground_are_refused_with_both_extents():
    with pytest.raises(RasterError) as refused:
        TwoDates(Date([[1]]), Date([[1]], placed(1, east=5000)))
    assert refused.value.expected[0] == pytest.approx(114.0)
    assert refused.value.found[0] > refused.value.expected[0]


def test_one_image_without_crs_is_refused():
    with pytest.raises(RasterError, match="no CRS"):
        TwoDates(Date([[1]], crs=None), Date([[1]]))


def test_shares_are_no_classes():
    dates = TwoDates(Date([[0.25]]), Date([[1]]))
    with pytest.raises(RasterError) as refused:
        codes_of(dates)
    assert refused.value.found == 0.25
