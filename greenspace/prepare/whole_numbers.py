"""Whole numbers: a ratio of small whole numbers judged without dividing.

Question   Which pixels of whole numbers have a ratio above a cut, to the last digit; or are 1?
Enters     Bands of 8 or 16 bits without a sign, as the file holds them, and a cut.
Leaves     Green and seen pixels, the same as after a division in float64.
Elsewhere  All other numbers: prepare/index_kernels. Formulas: prepare/indices.

Numerator and divisor are whole, so the ratio is one of finitely many fractions, and rounding to
float64 keeps their order. The cut lies between two neighbours among them, and every number
between those two cuts alike. Half-way, any fraction d/s is at least 1 / (2 most²) away, or 1e-11:
`d > cut * s` in float64, wrong by some 1e-16, cannot miss.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.grid import Numbers

    Bools = NDArray[np.bool_]

MOST = {"uint8": 255, "uint16": 65_535}
HIGHEST = 2.0  # of NDVI and ExG: where the bounds above hold
NONE = -1


def cut_between(index: str, numbers: Numbers, cut: float) -> float | None:
    """Return a cut that no ratio of such numbers is near, and that divides them as `cut` does.

    None where the numbers are not plain whole numbers of 8 or 16 bits, or the index is no ratio.
    """
    plain = set(numbers.scales) == {1.0} and set(numbers.offsets) == {0.0}
    most = MOST.get(numbers.planes.dtype.name)
    if most is None or index not in ("ndvi", "exg") or not plain or not abs(cut) <= HIGHEST:
        return None
    return half_way(cut, len(numbers.planes) * most)


@lru_cache
def half_way(cut: float, most: int) -> float:
    """Return the middle of the two neighbours around a cut, of fractions divided by up to `most`.

    The upper one is the least whose float64 is above the cut.

    Examples
    --------
    >>> half_way(0.5, 3), half_way(0.49, 3)  # of 0, 1/3, 1/2, 2/3, 1
    (0.5833333333333334, 0.4166666666666667)
    """
    near = Fraction(cut).limit_denominator(most)
    above, below = near.numerator, near.denominator
    side = -1 if above / below > cut else 1
    # neighbours have other * below - above * other_below = side, and the greatest divisor
    other_below = most - (most + side * pow(above, -1, below)) % below
    other = (above * other_below + side) // below
    return float((near + Fraction(other, other_below)) / 2)


def judge_whole(index: str, numbers: Numbers, cut: float, green: Bools, seen: Bools) -> None:
    """Fill in where a ratio is above a cut of `cut_between`, and where it is defined."""
    kernel = _ndvi if index == "ndvi" else _exg
    kernel(numbers.planes, np.array(list(map(_whole, numbers.blanks))), cut, green, seen)
    if numbers.data is not None:
        green &= numbers.data
        seen &= numbers.data


def read_mask(codes: NDArray[np.uint8], blank: float, green: Bools, seen: Bools) -> bool:
    """Fill in where a mask is 1 and where it is not blank; return whether it has only 0 and 1.

    Examples
    --------
    >>> codes = np.array([[0, 1, 255]], dtype=np.uint8)
    >>> green, seen = np.empty((2, 1, 3), dtype=bool)
    >>> read_mask(codes, 255, green, seen), green.tolist(), seen.tolist()
    (True, [[False, True, False]], [[True, True, False]])
    """
    whole = _whole(blank)
    holds = 0 <= whole <= MOST["uint8"]
    return not _codes(codes, np.uint8(whole if holds else 0), np.bool_(not holds), green, seen)


def _whole(blank: float) -> np.int32:
    possible = float(blank).is_integer() and 0 <= blank <= MOST["uint16"]
    return np.int32(blank if possible else NONE)


@njit(nogil=True, cache=True, error_model="numpy")
def _ndvi(
    planes: NDArray[Any], blanks: NDArray[np.int32], cut: float, green: Bools, seen: Bools
) -> None:  # pragma: no cover - compiled
    blank_0, blank_1 = blanks[0], blanks[1]
    for row in range(green.shape[0]):
        reds, nirs, is_green, is_seen = planes[0, row], planes[1, row], green[row], seen[row]
        for i in range(len(reds)):
            red, nir = np.int32(reds[i]), np.int32(nirs[i])
            below = nir + red
            shows = (red != blank_0) & (nir != blank_1) & (below > 0)
            is_seen[i] = shows
            is_green[i] = shows & (float(nir - red) > cut * float(below))


@njit(nogil=True, cache=True, error_model="numpy")
def _exg(
    planes: NDArray[Any], blanks: NDArray[np.int32], cut: float, green: Bools, seen: Bools
) -> None:  # pragma: no cover - compiled
    blank_0, blank_1, blank_2 = blanks[0], blanks[1], blanks[2]
    for row in range(green.shape[0]):
        reds, greens, blues = planes[0, row], planes[1, row], planes[2, row]
        is_green, is_seen = green[row], seen[row]
        for i in range(len(reds)):
            a, b, c = np.int32(reds[i]), np.int32(greens[i]), np.int32(blues[i])
            below = a + b + c
            shows = (a != blank_0) & (b != blank_1) & (c != blank_2) & (below > 0)
            is_seen[i] = shows
            is_green[i] = shows & (float(2 * b - a - c) > cut * float(below))


@njit(nogil=True, cache=True)
def _codes(
    codes: NDArray[np.uint8], blank: np.uint8, every: np.bool_, green: Bools, seen: Bools
) -> bool:  # pragma: no cover - compiled
    """Fill in green and seen; return whether a seen code is above 1."""
    beyond = False
    for row in range(codes.shape[0]):
        line, is_green, is_seen = codes[row], green[row], seen[row]
        for i in range(len(line)):
            shows = (line[i] != blank) | every
            is_seen[i] = shows
            is_green[i] = shows & (line[i] == 1)
            beyond |= shows & (line[i] > 1)
    return beyond
