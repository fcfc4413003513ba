"""Crossings: exact sums of pixels along the edges of zones, compiled.

Question   What do the pixels of one window add up to inside each zone?
Enters     Pixels of a window, and the rings of zones in pixel coordinates.
Leaves     A sum for each zone, of the part of it that lies in the window.
Elsewhere  Rings: measure/edges. Strips and shares: measure/zonal.

The sum over a polygon is the contour integral of row prefix sums along its edges; inside one
pixel the prefix sum is linear in x, so each crossing is exact. The prefix sums are kept for
every `BLOCK`-th column only; the few pixels up to the edge are added when it is met. Pixels of
0 and 1 are kept as bits, so those few are counted in one word; their sums are exact.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit, types
from numba.extending import overload

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.edges import Edges
    from greenspace.model.grid import Window

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SHIFT = 6
BLOCK = 1 << SHIFT  # as many as a word has bits
LAST = BLOCK - 1
UPRIGHT = 1e-12
ONE, TOP = np.uint64(1), np.uint64(56)
TWO, FOUR = np.uint64(2), np.uint64(4)
ODD, PAIRS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
NIBBLES, BYTES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)


def add_pixels(
    edges: Edges, zones: Ints, window: Window, weights: Floats, values: NDArray[Any] | None
) -> Floats:
    """Return the sum of the pixels of a window inside each of some zones.

    Parameters
    ----------
    edges
        Of all zones.
    zones
        Which of them are wanted.
    window
        Where the pixels lie.
    weights
        Of a pixel in each row of the window.
    values
        Booleans, or shares as floats; None where every pixel is 1.
    """
    sums = np.zeros(len(zones))
    if values is not None and not values.any():
        return sums
    kept: NDArray[Any]
    blocks: NDArray[Any]
    if values is None:
        kept, blocks = np.empty((0, 0), dtype=np.uint64), np.empty((0, 0), dtype=np.int32)
    else:
        kept, blocks = _bits(values) if values.dtype == np.bool_ else _shares(values)
    rings = (edges.points, edges.firsts, edges.signs, edges.rings, edges.lefts)
    place = (window.row, window.col, window.height, window.width)
    _add(rings, zones, kept, blocks, place, weights, sums)
    return sums


def _bits(values: NDArray[np.bool_]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return the pixels of each row as bits of words, and how many are 1 before each word."""
    height, width = values.shape
    packed = np.zeros((height, (width // BLOCK + 1) * 8), dtype=np.uint8)
    packed[:, : -(-width // 8)] = np.packbits(values, axis=1, bitorder="little")
    words = packed.view("<u8").astype(np.uint64, copy=False)
    counts = np.empty(words.shape, dtype=np.int32)
    _count(words, counts)
    return words, counts


def _shares(values: NDArray[Any]) -> tuple[NDArray[Any], Floats]:
    """Return the pixels as they are, and the sum of each row before every `BLOCK`-th column."""
    height, width = values.shape
    kept, sums = np.ascontiguousarray(values), np.zeros((height, width // BLOCK + 1))
    _add_up(kept, sums)
    return kept, sums


@njit(nogil=True, cache=True)
def _add_up(values: NDArray[Any], sums: Floats) -> None:  # pragma: no cover - compiled
    for row in range(sums.shape[0]):
        for block in range(1, sums.shape[1]):
            total = sums[row, block - 1]
            for col in range((block - 1) * BLOCK, block * BLOCK):
                total += values[row, col]
            sums[row, block] = total


@njit(nogil=True, cache=True)
def _count(
    words: NDArray[np.uint64], counts: NDArray[np.int32]
) -> None:  # pragma: no cover - compiled
    for row in range(counts.shape[0]):
        total = np.int64(0)
        for block in range(counts.shape[1]):
            counts[row, block] = total
            total += _ones(words[row, block])


@njit(nogil=True, cache=True)
def _ones(word: np.uint64) -> np.int64:  # pragma: no cover - compiled
    """Return how many bits are set, adding neighbours, pairs, nibbles and bytes."""
    word = word - ((word >> ONE) & ODD)
    word = (word & PAIRS) + ((word >> TWO) & PAIRS)
    word = (word + (word >> FOUR)) & NIBBLES
    return np.int64((word * BYTES) >> TOP)


@njit(nogil=True, cache=True, error_model="numpy")
def _add(
    edges: tuple[Floats, Ints, Floats, Ints, Ints],
    zones: Ints,
    values: NDArray[Any],
    blocks: NDArray[Any],
    place: tuple[int, int, int, int],
    weights: Floats,
    sums: Floats,
) -> None:  # pragma: no cover - compiled
    points, firsts, signs, rings, lefts = edges
    row0, col0, height, width = place
    for k in range(len(zones)):
        zone = zones[k]
        base = min(max(lefts[zone] - col0, 0), width) // BLOCK
        total = 0.0
        for ring in range(rings[zone], rings[zone + 1]):
            for i in range(firsts[ring], firsts[ring + 1] - 1):
                xa, ya = points[i, 0] - col0, points[i, 1] - row0
                xb, yb = points[i + 1, 0] - col0, points[i + 1, 1] - row0
                sign = signs[ring]
                if ya > yb:
                    xa, ya, xb, yb = xb, yb, xa, ya
                    sign = -sign
                if ya == yb or yb <= 0.0 or ya >= height:
                    continue
                slope = (xb - xa) / (yb - ya)
                for row in range(max(0, floor(ya)), min(height, ceil(yb))):
                    low, high = max(ya, float(row)), min(yb, float(row + 1))
                    x_low, x_high = xa + (low - ya) * slope, xa + (high - ya) * slope
                    left, right = min(x_low, x_high), max(x_low, x_high)
                    if len(blocks):
                        mean = _mean(values, blocks, row, left, right, width, base)
                    else:
                        mean = _mean_column(left, right, width, base * BLOCK)
                    total += sign * (high - low) * weights[row] * mean
        sums[k] = total


@njit(nogil=True, cache=True, error_model="numpy")
def _mean(
    values: NDArray[Any],
    blocks: NDArray[Any],
    row: int,
    left: float,
    right: float,
    width: int,
    base: int,
) -> float:  # pragma: no cover - compiled
    """Return the mean of the prefix sum between two x, less what it is at a base."""
    zero = blocks[row, base]
    if 0.0 <= left < width:
        cell = floor(left)
        level = float(_before(values, blocks, row, cell) - zero)
        if right <= cell + 1:
            return float(level + ((left + right) / 2.0 - cell) * _pixel(values, row, cell))
    elif right - left < UPRIGHT:
        return float(_before(values, blocks, row, 0 if left < 0.0 else width) - zero)
    else:
        cell, level = 0, float(-zero)
    total, x = 0.0, left
    if x < 0.0:
        x = min(0.0, right)
        total -= (x - left) * zero
    last = min(right, float(width))
    while x < last:
        end = min(float(cell + 1), last)
        pixel = _pixel(values, row, cell)
        total += (end - x) * (level + ((x + end) / 2.0 - cell) * pixel)
        level += pixel
        x = end
        cell += 1
    if x < right:
        total += (right - x) * (_before(values, blocks, row, width) - zero)
    return float(total / (right - left))


def _pixel(values: NDArray[Any], row: int, cell: int) -> Any:  # pragma: no cover - compiled
    return values[row, cell]


def _before(
    values: NDArray[Any], blocks: NDArray[Any], row: int, cell: int
) -> Any:  # pragma: no cover - compiled
    block = cell >> SHIFT
    total = blocks[row, block]
    for col in range(block << SHIFT, cell):
        total += values[row, col]
    return total


def _bit(values: NDArray[Any], row: int, cell: int) -> Any:  # pragma: no cover - compiled
    word = values[row, cell >> SHIFT]
    return np.int64((word >> np.uint64(cell & LAST)) & ONE)


def _bits_before(
    values: NDArray[Any], blocks: NDArray[Any], row: int, cell: int
) -> Any:  # pragma: no cover - compiled
    block = cell >> SHIFT
    below = (ONE << np.uint64(cell & LAST)) - ONE
    return blocks[row, block] + _ones(values[row, block] & below)


@overload(_pixel)
def _pixel_of(values: NDArray[Any], row: int, cell: int) -> Any:  # noqa: ARG001 - numba's way
    return _bit if values.dtype == types.uint64 else _pixel


@overload(_before)
def _before_of(values: NDArray[Any], blocks: NDArray[Any], row: int, cell: int) -> Any:  # noqa: ARG001
    return _bits_before if values.dtype == types.uint64 else _before


@njit(nogil=True, cache=True, error_model="numpy")
def _mean_column(
    left: float, right: float, width: int, base: int
) -> float:  # pragma: no cover - compiled
    """Return what `_mean` is where every pixel is 1."""
    if right - left < UPRIGHT:
        return min(max(left, 0.0), float(width)) - base
    inner, outer = min(max(left, 0.0), float(width)), min(max(right, 0.0), float(width))
    before = max(min(right, 0.0) - left, 0.0)
    after = max(right - max(left, float(width)), 0.0)
    total = (outer - inner) * ((inner + outer) / 2.0 - base)
    total += after * (width - base) - before * base
    return total / (right - left)
