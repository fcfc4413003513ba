"""Grids: where pixels lie, and windows that cover them once."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from greenspace.model.grid import STRIP_COLS, STRIP_ROWS, Grid

SIZE = st.integers(1, 3000)
BLOCK = st.sampled_from([1, 7, 128, 256, 500, 512, 1024, 4000])


def grid(width, height, transform=None, block=(512, 512)):
    return Grid(width, height, transform or Affine(2, 0, 100, 0, -2, 50), None, *block)


# --- by hand


@pytest.mark.parametrize(
    ("transform", "bounds"),
    [
        (Affine(2, 0, 100, 0, -2, 50), (100, 46, 108, 50)),
        (Affine(2, 0, 100, 0, 2, 50), (100, 50, 108, 54)),  # south up
        (Affine(-2, 0, 100, 0, -2, 50), (92, 46, 100, 50)),  # east to west
        (Affine(0, 2, 100, 2, 0, 50), (100, 50, 104, 58)),  # transposed: 4 wide becomes 8 high
    ],
)
def test_bounds_whatever_the_transform(transform, bounds):
    found = grid(4, 2, transform)
    assert found.bounds == bounds
    assert (found.pixel_area, found.pixel_size) == (4, 2)


def test_rotated_pixels_keep_their_area():
    turned = grid(4, 2, Affine.rotation(30) @ Affine.scale(3, -2))
    assert turned.pixel_area == pytest.approx(6)


@pytest.mark.parametrize(
    "transform",
    [
        Affine(2, 0, 100.1, 0, -2, 50),
        Affine(2.01, 0, 100, 0, -2, 50),
        Affine(2, 0, 100, 0, 2, 42),
        Affine(0, 2, 100, -2, 0, 50),  # rows and columns swapped: the same first and last corner
    ],
)
def test_other_pixels_are_another_place(transform):
    here = grid(4, 4)
    assert here.same_place(grid(4, 4, Affine(2, 0, 100.001, 0, -2, 50)))  # half a thousandth
    assert not here.same_place(grid(4, 4, transform))
    assert not here.same_place(grid(4, 5))


# --- by property


@given(width=SIZE, height=SIZE, high=BLOCK, wide=BLOCK)
def test_windows_cover_every_pixel_once_along_the_blocks(width, height, high, wide):
    count = np.zeros((height, width), np.uint8)
    for window in grid(width, height, block=(high, wide)).windows():
        assert high > STRIP_ROWS or window.row % high == 0
        assert wide > STRIP_COLS or window.col % wide == 0
        assert window.height <= STRIP_ROWS
        assert window.width <= STRIP_COLS
        count[window.row : window.row + window.height, window.col : window.col + window.width] += 1
    assert (count == 1).all()


@given(rows=st.tuples(st.integers(0, 999), st.integers(1, 999)), high=BLOCK)
def test_windows_over_some_rows_cover_just_these(rows, high):
    first, last = rows[0], min(rows[0] + rows[1], 1000)
    count = np.zeros((1000, 40), np.uint8)
    for window in grid(40, 1000, block=(high, 16)).windows((first, last), (5, 33)):
        count[window.row : window.row + window.height, window.col : window.col + window.width] += 1
    expected = np.zeros_like(count)
    expected[first:last, 5:33] = 1
    assert (count == expected).all()
