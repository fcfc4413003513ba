"""Crossings: exact sums of pixels along the edges of zones, compiled.

Question   What do the pixels of one window add up to inside each zone?
Enters     Pixels of a window, and the rings of zones in pixel coordinates.
Leaves     A sum for each zone, of the part of it that lies in the window.
Elsewhere  Rings: measure/edges. Strips and shares: measure/zonal.

The sum over a polygon is the contour integral of row prefix sums along its edges; inside one
pixel the prefix sum is linear in x, so each crossing is exact. The prefix sums are kept for
every `BLOCK`-th column only; the few pixels up to the edge are added when it is met. Sums of
0 and 1 are whole numbers and exact.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.edges import Edges
    from greenspace.model.grid import Window

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BLOCK = 32
WORD = 8  # bytes that are added at once
UPRIGHT = 1e-12


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
    if values is None:
        plain = np.empty((0, 0), dtype=np.uint8)
        blocks = np.empty((0, 0), dtype=np.int32)
    else:
        plain = np.ascontiguousarray(values.view(np.uint8) if values.dtype == np.bool_ else values)
        blocks = _blocks(plain)
    rings = (edges.points, edges.firsts, edges.signs, edges.rings, edges.lefts)
    place = (window.row, window.col, window.height, window.width)
    _add(rings, zones, plain, blocks, place, weights, sums)
    return sums


def _blocks(values: NDArray[Any]) -> NDArray[Any]:
    """Return the sum of each row before every `BLOCK`-th column."""
    height, width = values.shape
    if values.dtype != np.uint8:
        sums = np.zeros((height, width // BLOCK + 1))
        _add_up(values, sums)
        return sums
    counts = np.zeros((height, width // BLOCK + 1), dtype=np.int32)
    if width % WORD == 0 and values.ctypes.data % WORD == 0:
        _count_words(values.view(np.uint64), counts)
    else:
        _add_up(values, counts)
    return counts


@njit(nogil=True, cache=True)
def _add_up(values: NDArray[Any], sums: NDArray[Any]) -> None:  # pragma: no cover - compiled
    for row in range(sums.shape[0]):
        for block in range(1, sums.shape[1]):
            total = sums[row, block - 1]
            for col in range((block - 1) * BLOCK, block * BLOCK):
                total += values[row, col]
            sums[row, block] = total


@njit(nogil=True, cache=True)
def _count_words(
    words: NDArray[np.uint64], counts: NDArray[np.int32]
) -> None:  # pragma: no cover - compiled
    """Add bytes of 0 and 1 eight at a time: four words never carry, and one product adds up."""
    ones, top = np.uint64(0x0101010101010101), np.uint64(56)
    for row in range(counts.shape[0]):
        total = np.int64(0)
        for block in range(counts.shape[1] - 1):
            i = 4 * block
            four = words[row, i] + words[row, i + 1] + words[row, i + 2] + words[row, i + 3]
            total += np.int64((four * ones) >> top)
            counts[row, block + 1] = total


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
                        mean = _mean(values[row], blocks[row], left, right, base)
                    else:
                        mean = _mean_column(left, right, width, base * BLOCK)
                    sums[k] += sign * (high - low) * weights[row] * mean


@njit(nogil=True, cache=True, error_model="numpy")
def _mean(
    values: NDArray[Any], blocks: NDArray[Any], left: float, right: float, base: int
) -> float:  # pragma: no cover - compiled
    """Return the mean of the prefix sum between two x, less what it is at a base."""
    width, zero = len(values), blocks[base]
    if right - left < UPRIGHT:
        if left <= 0.0:
            return float(-zero)
        if left >= width:
            return float(_before(values, blocks, width) - zero)
        cell = floor(left)
        level = float(_before(values, blocks, cell) - zero)
        return float(level + (left - cell) * values[cell])
    total, x = 0.0, left
    if x < 0.0:
        end = min(0.0, right)
        total -= (end - x) * zero
        x = end
    last = min(right, float(width))
    if x < last:
        cell = floor(x)
        level = float(_before(values, blocks, cell) - zero)
        while x < last:
            end = min(float(cell + 1), last)
            total += (end - x) * (level + ((x + end) / 2.0 - cell) * values[cell])
            level += values[cell]
            x = end
            cell += 1
    if x < right:
        total += (right - x) * (_before(values, blocks, width) - zero)
    return float(total / (right - left))


@njit(nogil=True, cache=True)
def _before(
    values: NDArray[Any], blocks: NDArray[Any], cell: int
) -> Any:  # pragma: no cover - compiled
    total = blocks[cell // BLOCK]
    for col in range(cell // BLOCK * BLOCK, cell):
        total += values[col]
    return total


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
