"""Compiled indices beside the formulas in NumPy, digit by digit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.model.grid import Numbers, Window
from greenspace.prepare.index_kernels import judge, tally
from greenspace.prepare.indices import INDICES, unlit_pixels

TYPES = ("uint8", "uint16", "int16", "float32", "float64")
SHAPE = (3, 2500)  # wider than what is worked on at once


def in_numpy(index, numbers):
    """The value of an index, where it is seen, and the pixels below 0."""
    seen = np.ones(numbers.planes.shape[1:], bool) if numbers.data is None else numbers.data
    bands = []
    for plane, scale, offset, blank in zip(
        numbers.planes, numbers.scales, numbers.offsets, numbers.blanks, strict=True
    ):
        number = plane.astype(np.float64)
        seen = seen & np.isfinite(number) & (number != blank)
        bands.append(number * scale + offset)
    with np.errstate(invalid="ignore", over="ignore"):
        values = INDICES[index].compute(*bands)
        unlit = unlit_pixels(INDICES[index], tuple(bands))
    return values, seen & np.isfinite(values) & ~unlit, int((seen & unlit).sum())


def numbers_of(rng, index, kind):
    count = len(INDICES[index].bands)
    if kind.startswith("float"):
        planes = rng.normal(0.2, 0.2, (count, *SHAPE)).astype(kind)
        planes[rng.random(planes.shape) < 0.02] = rng.choice([np.nan, np.inf, -np.inf, 0.0])
        scales, offsets = (1.0,) * count, (0.0,) * count
    else:
        limits = np.iinfo(kind)
        planes = rng.integers(max(limits.min, -20), min(limits.max, 3000), (count, *SHAPE))
        planes = (planes // rng.choice([1, 40])).astype(kind)  # many equal, many 0
        scales = tuple(rng.choice([1.0, 0.0001], count).tolist())
        offsets = tuple(rng.choice([0.0, -0.1, 0.2], count).tolist())
    blanks = tuple(rng.choice([np.nan, 0.0, 5.0], count).tolist())
    data = rng.random(SHAPE) < 0.9 if rng.random() < 0.5 else None
    return Numbers(Window(0, 0, *SHAPE), planes, scales, offsets, blanks, data)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("index", INDICES)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), cut=st.sampled_from([0.3, 0.0, 1 / 3, -0.2, 0.5]))
def test_green_and_seen_are_those_of_the_formula(index, kind, seed, cut):
    numbers = numbers_of(np.random.default_rng(seed), index, kind)
    values, seen, negative = in_numpy(index, numbers)
    found = judge(index, numbers, cut)
    assert (found[1] == seen).all()
    assert (found[0] == (seen & (values > cut))).all()
    assert found[2] == negative


@pytest.mark.parametrize("index", INDICES)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), bins=st.sampled_from([4096, 10, 7]))
def test_bins_are_those_of_the_histogram_in_numpy(index, seed, bins):
    numbers = numbers_of(np.random.default_rng(seed), index, "uint8")
    values, seen, negative = in_numpy(index, numbers)
    counts = np.zeros(bins, dtype=np.int64)
    assert tally(index, numbers, (-1.0, 1.0), counts) == negative
    inside = np.clip(values[seen], -1, 1)
    assert counts.tolist() == np.histogram(inside, bins=bins, range=(-1, 1))[0].tolist()


def test_an_index_equal_to_the_cut_is_not_green():
    # (2 - 1) / (2 + 1) is the float64 nearest a third, as 1 / 3 is: equal, so not above
    planes = np.array([[[1, 1]], [[2, 3]]], dtype=np.uint8)
    numbers = Numbers(Window(0, 0, 1, 2), planes, (1.0, 1.0), (0.0, 0.0), (np.nan, np.nan))
    assert judge("ndvi", numbers, 1 / 3)[0].tolist() == [[False, True]]
