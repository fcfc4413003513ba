"""Index kernels: the formulas of prepare/indices, compiled, over numbers as files hold them.

Question   Which pixels are green and which are seen, without a float64 copy of every band?
Enters     The numbers of the bands of one window, and a threshold or bins.
Leaves     Green and seen pixels, counts of bins, and how many pixels have a band below 0.
Elsewhere  What the formulas are: prepare/indices. Reading numbers: read/raster.

Rows are worked on in chunks that stay in the nearest cache. Whatever a band is held as, the
arithmetic is that of NumPy in float64, operation by operation, so the digits are the same. Where
bands are small whole numbers, `prepare/whole_numbers` gives the same answers without dividing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from greenspace.prepare.indices import spectral_index
from greenspace.prepare.whole_numbers import cut_between, judge_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.grid import Numbers

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Row = NDArray[Any]
    Room = NDArray[np.bool_]

NDVI, EVI, SAVI, EXG = range(4)
KINDS = {"ndvi": NDVI, "evi": EVI, "savi": SAVI, "exg": EXG}
CHUNK = 2048
ALL_DATA = np.empty((0, 0), dtype=np.bool_)


def judge(
    index: str, numbers: Numbers, cut: float, room: Room | None = None
) -> tuple[Bools, Bools, int]:
    """Return where an index is above a cut, where it is defined, and the pixels below 0.

    The first two are written where there is room for them, if there is.

    Examples
    --------
    >>> from greenspace.model.grid import Numbers, Window
    >>> planes = np.array([[[1, 3, 0, 2]], [[3, 1, 0, 0]]], dtype=np.uint16)  # red, nir
    >>> numbers = Numbers(Window(0, 0, 1, 4), planes, (1, 1), (0, 0), blanks=(0, np.nan))
    >>> green, seen, _ = judge("ndvi", numbers, 0.3)
    >>> green.tolist(), seen.tolist()
    ([[True, False, False, False]], [[True, True, False, True]])
    """
    green, seen = np.empty((2, *numbers.planes.shape[1:]), dtype=np.bool_) if room is None else room
    between = cut_between(index, numbers, cut)
    if between is not None:
        judge_whole(index, numbers, between, green, seen)
        return green, seen, 0
    negative = _judge(*_parts(index, numbers), cut, green, seen)
    return green, seen, int(negative)


def tally(
    index: str, numbers: Numbers, ends: tuple[float, float], counts: NDArray[np.int64]
) -> int:
    """Count the values of an index into equal bins, as `numpy.histogram` does.

    Returns
    -------
    int
        The pixels that have a band below 0.
    """
    return int(_tally(*_parts(index, numbers), *ends, counts))


def _parts(index: str, numbers: Numbers) -> tuple[int, int, NDArray[Any], Floats, Bools]:
    """Return what a kernel is handed first: 1 in second place where a ratio may fall below 0."""
    ratio = not spectral_index(index).physical
    above = numbers.planes.dtype.kind in "ub" and min(numbers.offsets) >= 0 < min(numbers.scales)
    columns = (numbers.scales, numbers.offsets, numbers.blanks)
    terms = np.array(columns, dtype=np.float64)
    data = ALL_DATA if numbers.data is None else numbers.data
    return KINDS[index], int(ratio and not above), numbers.planes, terms, data


@njit(nogil=True, cache=True, error_model="numpy")
def _judge(
    kind: int,
    signed: int,
    planes: NDArray[Any],
    terms: Floats,
    data: Bools,
    cut: float,
    green: Bools,
    seen: Bools,
) -> int:  # pragma: no cover - compiled
    height, width = green.shape
    values, shown = np.empty(CHUNK), np.ones(CHUNK, dtype=np.bool_)
    negative = 0
    for row in range(height):
        for first in range(0, width, CHUNK):
            last = min(first + CHUNK, width)
            negative += _fill(kind, signed, planes, row, first, last, terms, data, shown, values)
            is_green, is_seen = green[row, first:last], seen[row, first:last]
            for i in range(last - first):
                defined = values[i] - values[i] == 0.0
                is_seen[i] = defined
                is_green[i] = defined & (values[i] > cut)
    return negative


@njit(nogil=True, cache=True, error_model="numpy")
def _tally(
    kind: int,
    signed: int,
    planes: NDArray[Any],
    terms: Floats,
    data: Bools,
    low: float,
    high: float,
    counts: NDArray[np.int64],
) -> int:  # pragma: no cover - compiled
    _, height, width = planes.shape
    bins = len(counts)
    step = (high - low) / bins
    values, shown = np.empty(CHUNK), np.ones(CHUNK, dtype=np.bool_)
    negative = 0
    for row in range(height):
        for first in range(0, width, CHUNK):
            last = min(first + CHUNK, width)
            negative += _fill(kind, signed, planes, row, first, last, terms, data, shown, values)
            for i in range(last - first):
                if values[i] - values[i] != 0.0:
                    continue
                value = min(max(values[i], low), high)
                place = min(int((value - low) / (high - low) * bins), bins - 1)
                if value < low + place * step:  # rounding took it over the border
                    place -= 1
                elif place < bins - 1 and value >= low + (place + 1) * step:
                    place += 1
                counts[place] += 1
    return negative


@njit(nogil=True, cache=True, error_model="numpy")
def _fill(
    kind: int,
    signed: int,
    planes: NDArray[Any],
    row: int,
    first: int,
    last: int,
    terms: Floats,
    data: Bools,
    shown: Bools,
    values: Floats,
) -> int:  # pragma: no cover - compiled
    """Fill in the index of part of a row, NaN where undefined; return pixels below 0."""
    a, b = planes[0, row, first:last], planes[1, row, first:last]
    c = planes[len(planes) - 1, row, first:last]
    if len(data):
        shown[: last - first] = data[row, first:last]
    if kind == NDVI:
        _ndvi(a, b, terms, shown, values)
    elif kind == EVI:
        _evi(a, b, c, terms, shown, values)
    elif kind == SAVI:
        _savi(a, b, terms, shown, values)
    else:
        _exg(a, b, c, terms, shown, values)
    return _unlit(planes, row, first, last, terms, shown, values) if signed else 0


@njit(nogil=True, cache=True, error_model="numpy")
def _unlit(
    planes: NDArray[Any],
    row: int,
    first: int,
    last: int,
    terms: Floats,
    shown: Bools,
    values: Floats,
) -> int:  # pragma: no cover - compiled
    """Make a ratio undefined where a band is below 0; count where all bands are data."""
    found = 0
    for i in range(last - first):
        shows, unlit = shown[i], False
        for band in range(len(planes)):
            number = float(planes[band, row, first + i])
            shows &= _is_data(number, terms[2, band])
            unlit |= number * terms[0, band] + terms[1, band] < 0.0
        if shows and unlit:
            found += 1
            values[i] = np.nan
    return found


@njit(nogil=True, cache=True, error_model="numpy")
def _is_data(number: float, blank: float) -> bool:  # pragma: no cover - compiled
    return (number - number == 0.0) & (number != blank)


@njit(nogil=True, cache=True, error_model="numpy")
def _ndvi(
    reds: Row, nirs: Row, terms: Floats, shown: Bools, values: Floats
) -> None:  # pragma: no cover - compiled
    scale_0, scale_1 = terms[0, 0], terms[0, 1]
    offset_0, offset_1 = terms[1, 0], terms[1, 1]
    blank_0, blank_1 = terms[2, 0], terms[2, 1]
    for i in range(len(reds)):
        a, b = float(reds[i]), float(nirs[i])
        shows = shown[i] & _is_data(a, blank_0) & _is_data(b, blank_1)
        red, nir = a * scale_0 + offset_0, b * scale_1 + offset_1
        below = nir + red
        value = (nir - red) / below
        values[i] = value if shows & (below > 0.0) else np.nan


@njit(nogil=True, cache=True, error_model="numpy")
def _savi(
    reds: Row, nirs: Row, terms: Floats, shown: Bools, values: Floats
) -> None:  # pragma: no cover - compiled
    scale_0, scale_1 = terms[0, 0], terms[0, 1]
    offset_0, offset_1 = terms[1, 0], terms[1, 1]
    blank_0, blank_1 = terms[2, 0], terms[2, 1]
    for i in range(len(reds)):
        a, b = float(reds[i]), float(nirs[i])
        shows = shown[i] & _is_data(a, blank_0) & _is_data(b, blank_1)
        red, nir = a * scale_0 + offset_0, b * scale_1 + offset_1
        below = nir + red + 0.5
        value = 1.5 * (nir - red) / below
        values[i] = value if shows & (below > 0.0) else np.nan


@njit(nogil=True, cache=True, error_model="numpy")
def _evi(
    blues: Row, reds: Row, nirs: Row, terms: Floats, shown: Bools, values: Floats
) -> None:  # pragma: no cover - compiled
    for i in range(len(reds)):
        a, b, c = float(blues[i]), float(reds[i]), float(nirs[i])
        shows = shown[i] & _is_data(a, terms[2, 0]) & _is_data(b, terms[2, 1])
        shows &= _is_data(c, terms[2, 2])
        blue, red = a * terms[0, 0] + terms[1, 0], b * terms[0, 1] + terms[1, 1]
        nir = c * terms[0, 2] + terms[1, 2]
        below = nir + 6.0 * red - 7.5 * blue + 1.0
        value = 2.5 * (nir - red) / below
        values[i] = value if shows & (below > 0.0) else np.nan


@njit(nogil=True, cache=True, error_model="numpy")
def _exg(
    reds: Row, greens: Row, blues: Row, terms: Floats, shown: Bools, values: Floats
) -> None:  # pragma: no cover - compiled
    for i in range(len(reds)):
        a, b, c = float(reds[i]), float(greens[i]), float(blues[i])
        shows = shown[i] & _is_data(a, terms[2, 0]) & _is_data(b, terms[2, 1])
        shows &= _is_data(c, terms[2, 2])
        red, green = a * terms[0, 0] + terms[1, 0], b * terms[0, 1] + terms[1, 1]
        blue = c * terms[0, 2] + terms[1, 2]
        below = red + green + blue
        value = (2.0 * green - red - blue) / below
        values[i] = value if shows & (below > 0.0) else np.nan
