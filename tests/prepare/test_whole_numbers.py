"""Ratios of whole numbers, judged without dividing, beside the division in float64."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.model.grid import Numbers, Window
from greenspace.prepare.index_kernels import judge
from greenspace.prepare.whole_numbers import cut_between, half_way, read_mask

ROUND = (0.2, 0.3, 1 / 3, -0.1, 0.0, 0.6, 0.5, -1.0, 1.0)
CUTS = [near for cut in ROUND for near in (cut, np.nextafter(cut, -9), np.nextafter(cut, 9))]


def numbers_of(planes, *, blanks=None, data=None):
    count = len(planes)
    none = (np.nan,) * count
    window = Window(0, 0, *planes.shape[1:])
    return Numbers(window, planes, (1.0,) * count, (0.0,) * count, blanks or none, data)


def divided(index, planes, cut):
    """Green and seen as NumPy has them."""
    bands = planes.astype(np.float64)
    if index == "ndvi":
        above, below = bands[1] - bands[0], bands[1] + bands[0]
    else:
        above, below = 2 * bands[1] - bands[0] - bands[2], bands.sum(axis=0)
    value = np.full(below.shape, np.nan)
    np.divide(above, below, out=value, where=below > 0)
    return value > cut, below > 0


def agree(index, planes, cut):
    numbers = numbers_of(planes)
    assert cut_between(index, numbers, cut) is not None  # it is this way that is tested
    green, seen, negative = judge(index, numbers, cut)
    expected = divided(index, planes, cut)
    return (green == expected[0]).all() and (seen == expected[1]).all() and negative == 0


@pytest.mark.parametrize("cut", CUTS)
def test_every_pair_of_bytes_is_judged_as_by_division(cut):
    pairs = np.stack(np.meshgrid(np.arange(256), np.arange(256))).astype(np.uint8)
    assert agree("ndvi", pairs, cut)
    assert agree("ndvi", pairs.astype(np.uint16), cut)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    cut=st.one_of(
        st.sampled_from(CUTS), st.floats(-1.2, 2), st.fractions(-1, 2, max_denominator=500)
    ),
    most=st.sampled_from([40, 4000, 65_535]),
    index=st.sampled_from(["ndvi", "exg"]),
)
def test_pixels_beside_and_on_the_cut_are_judged_as_by_division(seed, cut, most, index):
    rng, cut = np.random.default_rng(seed), float(cut)
    planes = rng.integers(0, most, (2 if index == "ndvi" else 3, 8, 700), endpoint=True)
    # and as near the cut as whole numbers come: (nir - red) / (nir + red) = cut
    planes[1, :4] = np.clip(planes[0, :4] * (1 + cut) / max(1 - cut, 1e-9), 0, most)
    planes[1, 1] = np.minimum(planes[1, 1] + 1, most)
    assert agree(index, planes.astype(np.uint16), cut)


@settings(max_examples=200, deadline=None)
@given(below=st.integers(1, 131_070), data=st.data())
def test_a_ratio_that_is_the_cut_is_not_above_it(below, data):
    reach = min(65_535, below, 131_070 - below)
    above = data.draw(st.integers(-reach, reach).filter(lambda each: (each + below) % 2 == 0))
    red, nir = (below - above) // 2, (below + above) // 2
    planes = np.array([[[red]], [[nir]]], dtype=np.uint16)
    cut = above / below
    for near in (cut, float(np.nextafter(cut, -9)), float(np.nextafter(cut, 9))):
        assert agree("ndvi", planes, near)


@pytest.mark.parametrize("cut", [0.3, -0.25, 1 / 3, 0.123456789, 0.0, 1.0])
def test_the_middle_is_that_of_neighbours_found_one_by_one(cut):
    most = 60
    fractions = {Fraction(a, b) for b in range(1, most + 1) for a in range(-2 * b, 2 * b + 1)}
    below = max(each for each in fractions if float(each) <= cut)
    above = min(each for each in fractions if float(each) > cut)
    assert half_way(cut, most) == float((below + above) / 2)


def test_pixels_that_are_blank_or_no_data_are_neither_green_nor_seen():
    planes = np.array([[[1, 7, 1, 0, 1]], [[3, 9, 7, 0, 3]]], dtype=np.uint8)
    data = np.array([[True, True, True, True, False]])
    green, seen, _ = judge("ndvi", numbers_of(planes, blanks=(7.0, 5.5), data=data), 0.1)
    assert seen.tolist() == [[True, False, True, False, False]]
    assert green.tolist() == [[True, False, True, False, False]]


@pytest.mark.parametrize(
    ("index", "kind", "scale", "cut"),
    [
        ("ndvi", "int16", 1.0, 0.3),
        ("ndvi", "uint32", 1.0, 0.3),
        ("ndvi", "uint16", 0.1, 0.3),
        ("savi", "uint16", 1.0, 0.3),
        ("ndvi", "uint16", 1.0, 2.5),
        ("ndvi", "uint16", 1.0, np.nan),
    ],
)
def test_other_numbers_are_divided(index, kind, scale, cut):
    numbers = Numbers(
        Window(0, 0, 1, 1), np.ones((2, 1, 1), kind), (scale,) * 2, (0.0,) * 2, (np.nan,) * 2
    )
    assert cut_between(index, numbers, cut) is None


@pytest.mark.parametrize("blank", [255.0, 0.0, 1.0, np.nan, 0.5, 256.0, -1.0])
@pytest.mark.parametrize("most", [1, 2, 255])
def test_a_mask_is_read_as_numpy_compares(blank, most):
    rng = np.random.default_rng(most)
    codes = rng.choice(np.array([0, 1, most, 255], dtype=np.uint8), (3, 700))
    codes[codes == 255] = 255 if blank == 255 else 0
    green, seen = np.empty((2, *codes.shape), dtype=bool)
    pure = read_mask(codes, blank, green, seen)
    shown = codes.astype(float) != blank
    assert (seen == shown).all()
    assert (green == (shown & (codes == 1))).all()
    assert pure == bool((codes[shown] <= 1).all())
