"""Encounters: where lines cross, and which of their vertices lie on or near a line.

Question   At which places do these lines come together, to the millimetre or nearly?
Enters     Drawn lines, and how near an end and a bend must lie to count.
Leaves     Crossings and touches, also of a line with itself; nothing is judged by exact equality.
Elsewhere  Which of them are junctions: prepare/noding.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

import numpy as np
import shapely
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.stretches import Drawn

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

CHUNK = 24  # segments that share a box: long lines are looked at by parts
ALONG_M = 1e-6  # segments that part by no more than this run along each other
FOUND_EACH = 4  # room for what is found, to begin with, per pair of boxes


@dataclass(frozen=True, slots=True)
class _Rows:
    """Columns of one length."""

    def of(self, rows: Mask | Ints) -> Self:
        """Return some of the rows."""
        return type(self)(*(getattr(self, each.name)[rows] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Crossings(_Rows):
    """Segments that cross: both lines, how far along each, and the point."""

    here: Ints
    there: Ints
    here_at: Floats
    there_at: Floats
    xy: Floats


@dataclass(frozen=True, slots=True)
class Touches(_Rows):
    """Vertices on or near a line: whose vertex, and the nearest point (``foot``) of the line.

    ``end`` says that it is an end of its line, and ``bend_m`` how far the foot lies from the
    nearest vertex of the other line. They are in the order of the vertices.
    """

    vertex: Ints
    end: Mask
    own: Ints
    own_at: Floats
    xy: Floats
    line: Ints
    at: Floats
    foot: Floats
    gap_m: Floats
    bend_m: Floats


def encounters(drawn: Drawn, *, end_m: float, bend_m: float) -> tuple[Crossings, Touches]:
    """Return where lines cross, and the vertices that lie within reach of a line.

    Parameters
    ----------
    drawn
        The lines.
    end_m, bend_m
        Reach of the ends of lines, and of their other vertices.

    Examples
    --------
    >>> from greenspace.prepare.stretches import drawn_lines
    >>> texts = ["LINESTRING (0 0, 8 0)", "LINESTRING (2 1, 2 -1)", "LINESTRING (5 0.2, 5 4)"]
    >>> drawn = drawn_lines(shapely.from_wkt(texts))
    >>> crossings, touches = encounters(drawn, end_m=0.5, bend_m=0.1)
    >>> crossings.xy.tolist(), touches.own.tolist(), touches.foot.tolist()
    ([[2.0, 0.0]], [2], [[5.0, 0.0]])
    """
    reach = np.where(drawn.is_end, end_m, bend_m)
    start, stop, here, there = _pairs_of_boxes(drawn, max(end_m, bend_m))
    facts = (drawn.coords, drawn.line, reach, start, stop, here, there)
    found = np.empty((FOUND_EACH * len(here) + CHUNK, 3), dtype=np.int64)
    count = _search(*facts, found)
    if count > len(found):
        found = np.empty((count, 3), dtype=np.int64)
        _search(*facts, found)
    found = found[:count]
    cross = found[:, 2] == 1
    return _crossings(drawn, *found[cross, :2].T), _touches(drawn, *found[~cross, :2].T)


def _pairs_of_boxes(drawn: Drawn, reach_m: float) -> tuple[Ints, Ints, Ints, Ints]:
    """Return runs of segments, from vertex to vertex, and the pairs whose boxes lie within reach."""
    segments = np.diff(drawn.first) - 1
    runs = -(-segments // CHUNK)
    owner = np.repeat(np.arange(len(runs)), runs)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(runs) - runs, runs)
    start = drawn.first[owner] + CHUNK * within
    stop = np.minimum(start + CHUNK, drawn.first[owner + 1] - 1)
    one = np.delete(np.arange(len(drawn.coords)), drawn.first[1:] - 1)
    low = np.minimum(drawn.coords[one], drawn.coords[one + 1])
    high = np.maximum(drawn.coords[one], drawn.coords[one + 1])
    at = np.r_[0, np.cumsum(stop - start)[:-1]]
    low, high = np.minimum.reduceat(low, at), np.maximum.reduceat(high, at)
    tree = shapely.STRtree(shapely.box(*low.T, *high.T))
    here, there = tree.query(shapely.box(*(low - reach_m).T, *(high + reach_m).T))
    once = here <= there
    return start, stop, here[once], there[once]


def _crossings(drawn: Drawn, i: Ints, j: Ints) -> Crossings:
    """Return where segments cross; those that run along each other touch with their ends instead.

    Rounding may say that such two cross, and cannot say where.
    """
    a, b = drawn.coords[i], drawn.coords[j]
    da, db = drawn.coords[i + 1] - a, drawn.coords[j + 1] - b
    here_m, there_m = np.hypot(*da.T), np.hypot(*db.T)
    turn = da[:, 0] * db[:, 1] - da[:, 1] * db[:, 0]
    askew = np.abs(turn) > ALONG_M * np.maximum(here_m, there_m)
    i, j, a, b, da, db = (each[askew] for each in (i, j, a, b, da, db))
    turn, gap = turn[askew], b - a
    t = np.clip((gap[:, 0] * db[:, 1] - gap[:, 1] * db[:, 0]) / turn, 0, 1)
    u = np.clip((gap[:, 0] * da[:, 1] - gap[:, 1] * da[:, 0]) / turn, 0, 1)
    return Crossings(
        here=drawn.line[i],
        there=drawn.line[j],
        here_at=drawn.along[i] + t * here_m[askew],
        there_at=drawn.along[j] + u * there_m[askew],
        xy=a + t[:, None] * da,
    )


def _touches(drawn: Drawn, vertex: Ints, segment: Ints) -> Touches:
    """Return the nearest points, one for each time that the distance to a line is least."""
    order = np.lexsort((segment, vertex))
    vertex, segment = vertex[order], segment[order]
    xy, start = drawn.coords[vertex], drawn.coords[segment]
    step = drawn.coords[segment + 1] - start
    t = np.clip(((xy - start) * step).sum(axis=1) / (step**2).sum(axis=1), 0, 1)
    foot = start + t[:, None] * step
    length = np.hypot(*step.T)
    found = Touches(
        vertex=vertex,
        end=drawn.is_end[vertex],
        own=drawn.line[vertex],
        own_at=drawn.along[vertex],
        xy=xy,
        line=drawn.line[segment],
        at=drawn.along[segment] + t * length,
        foot=foot,
        gap_m=np.hypot(*(xy - foot).T),
        bend_m=np.minimum(t, 1 - t) * length,
    )
    runs_on = (np.diff(vertex) == 0) & (np.diff(segment) == 1)
    runs_on &= drawn.line[segment[1:]] == drawn.line[segment[:-1]]
    least = np.ones(len(vertex), dtype=bool)
    least[:-1] &= ~(runs_on & (t[:-1] == 1))
    least[1:] &= ~(runs_on & (t[1:] == 0) & (t[:-1] < 1))
    return found.of(least)


@njit(nogil=True, cache=True)
def _search(
    coords: Floats,
    line: Ints,
    reach: Floats,
    start: Ints,
    stop: Ints,
    here: Ints,
    there: Ints,
    found: Ints,
) -> int:  # pragma: no cover - compiled
    """Write rows of (vertex, segment, 0) and (segment, segment, 1); return how many there are."""
    count = 0
    for pair in range(len(here)):
        a, b = here[pair], there[pair]
        for i in range(start[a], stop[a]):
            for j in range(i + 1 if a == b else start[b], stop[b]):
                if _apart(coords, i, j, _reach_of(reach, i, j)):
                    continue
                for vertex, segment in ((i, j), (i + 1, j), (j, i), (j + 1, i)):
                    if _touching(coords, line, reach, vertex, segment, i if segment == j else j):
                        if count < len(found):
                            found[count] = vertex, segment, 0
                        count += 1
                if _crossing(coords, line, i, j):
                    if count < len(found):
                        found[count] = i, j, 1
                    count += 1
    return count


@njit(nogil=True, cache=True)
def _reach_of(reach: Floats, i: int, j: int) -> float:  # pragma: no cover - compiled
    return float(max(reach[i], reach[i + 1], reach[j], reach[j + 1]))


@njit(nogil=True, cache=True)
def _apart(coords: Floats, i: int, j: int, reach: float) -> bool:  # pragma: no cover - compiled
    """Return whether the boxes of two segments lie farther apart than the reach."""
    for axis in range(2):
        low_i, high_i = coords[i, axis], coords[i + 1, axis]
        low_j, high_j = coords[j, axis], coords[j + 1, axis]
        if max(low_i, high_i) + reach < min(low_j, high_j):
            return True
        if max(low_j, high_j) + reach < min(low_i, high_i):
            return True
    return False


@njit(nogil=True, cache=True)
def _touching(
    coords: Floats, line: Ints, reach: Floats, vertex: int, segment: int, own: int
) -> bool:  # pragma: no cover - compiled
    """Return whether a vertex lies within reach of a segment that does not begin or end there.

    A vertex between two segments of its line is looked at with the one that it begins.
    """
    if vertex > own and vertex + 1 < len(line) and line[vertex + 1] == line[vertex]:
        return False
    if segment in (vertex, vertex - 1):
        return False
    x, y = coords[segment]
    dx, dy = coords[segment + 1, 0] - x, coords[segment + 1, 1] - y
    px, py = coords[vertex, 0] - x, coords[vertex, 1] - y
    t = min(max((px * dx + py * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return bool((px - t * dx) ** 2 + (py - t * dy) ** 2 <= reach[vertex] ** 2)


@njit(nogil=True, cache=True)
def _crossing(coords: Floats, line: Ints, i: int, j: int) -> bool:  # pragma: no cover - compiled
    """Return whether two segments cross between their ends."""
    if line[i] == line[j] and abs(i - j) == 1:
        return False
    return _parted(coords, i, j) and _parted(coords, j, i)


@njit(nogil=True, cache=True)
def _parted(coords: Floats, i: int, j: int) -> bool:  # pragma: no cover - compiled
    """Return whether the ends of a segment lie on both sides of the line through another."""
    x, y = coords[i]
    dx, dy = coords[i + 1, 0] - x, coords[i + 1, 1] - y
    one = dx * (coords[j, 1] - y) - dy * (coords[j, 0] - x)
    two = dx * (coords[j + 1, 1] - y) - dy * (coords[j + 1, 0] - x)
    return bool((one > 0 and two < 0) or (one < 0 and two > 0))
