"""Encounters: pairs of lines that may meet elsewhere than at an end which both have.

Question   For which pairs must the meeting points be worked out?
Enters     Lines.
Leaves     Pairs; what is left out shares an end and nothing else, or nothing at all.
Elsewhere  The points where they meet: prepare/noding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CLEAR_M = 1e-6  # what lies farther apart than this does not meet, whatever the rounding


def encounters(lines: NDArray[np.object_], tree: shapely.STRtree) -> tuple[Ints, Ints]:
    """Return pairs of lines, the lower row first, that meet and not only at ends of both.

    Examples
    --------
    >>> lines = shapely.from_wkt(
    ...     ["LINESTRING (0 0, 2 0)", "LINESTRING (2 0, 4 1)", "LINESTRING (1 0, 1 5)"]
    ... )
    >>> [rows.tolist() for rows in encounters(lines, shapely.STRtree(lines))]
    [[0], [2]]
    """
    here, there = tree.query(lines)
    here, there = here[here < there], there[here < there]
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.searchsorted(owner, np.arange(len(lines) + 1))
    maybe = np.zeros(len(here), dtype=np.bool_)
    _may_meet(coords, first, here, there, maybe)
    here, there = here[maybe], there[maybe]
    meet = shapely.intersects(lines[here], lines[there])
    return here[meet], there[meet]


@njit(nogil=True, cache=True)
def _may_meet(
    coords: Floats, first: Ints, here: Ints, there: Ints, maybe: NDArray[np.bool_]
) -> None:  # pragma: no cover - compiled
    for pair in range(len(here)):
        start, stop = first[here[pair]], first[here[pair] + 1] - 1
        other, end = first[there[pair]], first[there[pair] + 1] - 1
        near = _near(coords, other, end, _box(coords, start, stop))
        for i in _near(coords, start, stop, _box(coords, other, end)):
            for j in near:
                if _clear(coords, i, j):
                    continue
                if not _end_to_end(coords, i, j, start, stop, other, end):
                    maybe[pair] = True
                    break
            if maybe[pair]:
                break


@njit(nogil=True, cache=True)
def _box(
    coords: Floats, start: int, stop: int
) -> tuple[float, float, float, float]:  # pragma: no cover - compiled
    left = right = coords[start, 0]
    low = high = coords[start, 1]
    for at in range(start + 1, stop + 1):
        left, right = min(left, coords[at, 0]), max(right, coords[at, 0])
        low, high = min(low, coords[at, 1]), max(high, coords[at, 1])
    return left, low, right, high


@njit(nogil=True, cache=True)
def _near(
    coords: Floats, start: int, stop: int, box: tuple[float, float, float, float]
) -> Ints:  # pragma: no cover - compiled
    """Return the segments of a line whose boxes touch another box."""
    left, low, right, high = box
    found = np.empty(stop - start, dtype=np.int64)
    count = 0
    for at in range(start, stop):
        x, y, to_x, to_y = coords[at, 0], coords[at, 1], coords[at + 1, 0], coords[at + 1, 1]
        if max(x, to_x) < left or min(x, to_x) > right:
            continue
        if max(y, to_y) < low or min(y, to_y) > high:
            continue
        found[count] = at
        count += 1
    return found[:count]


@njit(nogil=True, cache=True)
def _clear(coords: Floats, i: int, j: int) -> bool:  # pragma: no cover - compiled
    """Return whether two segments lie apart for certain."""
    for axis in range(2):
        low_i, high_i = coords[i, axis], coords[i + 1, axis]
        low_j, high_j = coords[j, axis], coords[j + 1, axis]
        if max(low_i, high_i) < min(low_j, high_j) or max(low_j, high_j) < min(low_i, high_i):
            return True
    return _beside(coords, i, j) or _beside(coords, j, i)


@njit(nogil=True, cache=True)
def _beside(coords: Floats, i: int, j: int) -> bool:  # pragma: no cover - compiled
    """Return whether a segment lies wholly on one side of the line through another."""
    x, y = coords[i]
    dx, dy = coords[i + 1, 0] - x, coords[i + 1, 1] - y
    margin = CLEAR_M * np.hypot(dx, dy)
    one = dx * (coords[j, 1] - y) - dy * (coords[j, 0] - x)
    two = dx * (coords[j + 1, 1] - y) - dy * (coords[j + 1, 0] - x)
    return bool((one > margin and two > margin) or (one < -margin and two < -margin))


@njit(nogil=True, cache=True)
def _end_to_end(
    coords: Floats, i: int, j: int, start: int, stop: int, other: int, end: int
) -> bool:  # pragma: no cover - compiled
    """Return whether two segments share an end of both lines, and nothing else."""
    for a, far_a in ((i, i + 1), (i + 1, i)):
        if a not in (start, stop):
            continue
        for b, far_b in ((j, j + 1), (j + 1, j)):
            if b not in (other, end):
                continue
            x, y = coords[a]
            if coords[b, 0] != x or coords[b, 1] != y:
                continue
            ax, ay = coords[far_a, 0] - x, coords[far_a, 1] - y
            bx, by = coords[far_b, 0] - x, coords[far_b, 1] - y
            aside = abs(ax * by - ay * bx) > CLEAR_M * max(np.hypot(ax, ay), np.hypot(bx, by))
            return bool(aside or ax * bx + ay * by < 0)
    return False
