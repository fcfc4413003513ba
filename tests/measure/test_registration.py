"""The step between outlines and edges: known steps are found, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize

from greenspace.measure.registration import Fit, contrasts, edges_of, fit, settled, within

SIDE = 384


def parcels(seed, count=60):
    rng = np.random.default_rng(seed)
    at, size = rng.uniform(0, SIDE, (count, 2)), rng.uniform(8, 40, (count, 2))
    return shapely.box(*at.T, *(at + size).T)


def drawn(shapes, seed=1, noise=0.3):
    """Return an image of the shapes, each as bright as chance has it, under noise."""
    rng = np.random.default_rng(seed)
    fine = rasterize(
        ((shapely.transform(s, lambda xy: xy * 4), rng.uniform(0.2, 1)) for s in shapes),
        out_shape=(4 * SIDE, 4 * SIDE),
        dtype="float64",
    )
    image = fine.reshape(SIDE, 4, SIDE, 4).mean(axis=(1, 3))
    return image + rng.normal(0, noise, image.shape)


def fitted(image, shapes):
    edges = edges_of(np.asarray(shapes))
    edges = edges.at(within(edges, 0, 0, *image.shape[::-1]))
    return fit([(edges, contrasts(image, edges, 0, 0))])


def moved(shapes, right, down):
    return shapely.transform(shapes, lambda xy: np.add(xy, (right, down)))


@settings(max_examples=15)
@given(st.floats(-6.5, 6.5), st.floats(-6.5, 6.5), st.integers(0, 5))
def test_a_known_step_is_found_within_a_third_of_a_pixel(right, down, seed):
    shapes = parcels(seed)
    found = fitted(drawn(moved(shapes, right, down)), shapes)

    assert found.sure
    assert (found.right, found.down) == pytest.approx((right, down), abs=0.34)


@pytest.mark.parametrize(
    ("step", "above"), [((0, 0), False), ((0.4, -0.4), False), ((1.6, 0), True), ((-3, 2), True)]
)
def test_more_than_a_pixel_is_above_one(step, above):
    shapes = parcels(7)
    found = fitted(drawn(moved(shapes, *step), noise=0.1), shapes)

    assert (found.sure, found.above_one) == (True, above)


def test_a_step_that_others_nearly_share_is_not_off():
    mine = Fit(right=1.7, down=0.0, spread=0.3, points=4000)

    assert mine.above_one
    assert mine.is_off([Fit(0.0, 0.0, 0.1, 4000)])
    assert not mine.is_off([Fit(0.9, 0.0, 0.1, 4000), Fit(0.0, 0.0, 0.1, 4000)])


def test_a_near_step_stands_where_a_look_further_says_the_same_and_finds_no_rival():
    near = Fit(2.0, 0.0, 0.2, 4000)
    same, rival, elsewhere = (
        Fit(2.5, 0.0, 3.0, 900, 0.4),
        Fit(2.0, 0.0, 0.1, 900, 0.9),
        Fit(9.0, 0.0, 0.1, 900, 0.4),
    )

    assert settled(near, same) is near
    assert not settled(near, rival).sure
    assert settled(near, elsewhere) is elsewhere


@pytest.mark.parametrize("seed", range(12))
def test_outlines_of_something_else_tell_nothing(seed):
    assert not fitted(drawn(parcels(seed)), parcels(seed + 100)).sure


@pytest.mark.parametrize("seed", range(12))
def test_noise_tells_nothing(seed):
    noise = np.random.default_rng(seed).normal(0, 1, (SIDE, SIDE))
    assert not fitted(noise, parcels(seed)).sure


def test_a_flat_image_few_outlines_and_none_tell_nothing():
    shapes = parcels(3)
    for image, some in (
        (np.zeros((SIDE, SIDE)), shapes),
        (np.full((SIDE, SIDE), np.nan), shapes),
        (drawn(shapes), shapes[:2]),
        (drawn(shapes), shapes[:0]),
    ):
        assert not fitted(image, some).sure
    assert not fit([]).sure


def test_less_than_a_hundred_points_a_part_tell_nothing():
    some = shapely.box(
        *np.array([(x, y, x + 10, y + 10) for x in (70, 200, 300) for y in (70, 200)]).T
    )
    many = shapely.box(
        *np.array(
            [(x, y, x + 20, y + 20) for x in range(20, 340, 40) for y in range(20, 340, 40)]
        ).T
    )
    few, enough = (fitted(drawn(moved(s, 1, 1), noise=0.0), s) for s in (some, many))

    assert (few.points, few.sure) == (240, False)
    assert enough.sure


def test_what_is_further_apart_than_the_reach_is_not_told():
    shapes = parcels(4)
    assert not fitted(drawn(moved(shapes, 14, 0)), shapes).above_one


def test_unseen_pixels_take_their_points_out_and_change_no_step():
    shapes = parcels(5)
    image = drawn(moved(shapes, 2, -3), noise=0.1)
    whole = fitted(image, shapes)
    image[:130] = np.nan
    part = fitted(image, shapes)

    assert part.points < whole.points
    assert (part.right, part.down) == pytest.approx((2, -3), abs=0.25)


def test_a_contrast_is_inside_less_outside():
    square = np.array([shapely.box(20, 20, 44, 44)])
    image = np.zeros((64, 64))
    image[20:44, 20:44] = 1.0
    edges = edges_of(square)
    middle = edges.at(np.abs(edges.points - 32).min(axis=1) < 8)  # away from the corners
    found = contrasts(image, middle, 0, 0)

    assert np.allclose(found[:, 8, 8], 1)
    right_side = middle.points[:, 0] == 44
    assert np.allclose(found[right_side, 8, 8 + 3], 0)  # both outside
    assert np.allclose(found[right_side, 8, 8 - 3], 0)  # both inside


def test_points_lie_a_pixel_apart_with_normals_outwards():
    holed = shapely.Polygon(shapely.box(0, 0, 8, 8).exterior, [shapely.box(2, 2, 6, 6).exterior])
    edges = edges_of(np.array([holed, None, shapely.Point(1, 1)]))

    assert len(edges.points) == 32 + 16
    assert len(np.unique(edges.outlines)) == 2
    outwards = shapely.points(edges.points + 0.1 * edges.normals)
    assert not shapely.contains(holed, outwards).any()
    assert np.allclose(np.hypot(*edges.normals.T), 1)
