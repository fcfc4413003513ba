"""Registration: the step that lays outlines on the edges which an image shows.

Question   How many pixels do image and outlines lie apart, and can that be told at all?
Enters     Outlines in pixels of an image, and the values of some of its windows.
Leaves     A Fit: the step, how far parts of the ground agree on it, and whether it is sure.
Elsewhere  Choosing and reading windows, metres, words for people: alignment.

What lies 1.5 pixels inside an outline is compared with what lies as far outside; of each outline the
mean difference counts, whatever its sign. Moved over the image, outlines that stand for something
differ most where they lie on its edges. That step is sure where four parts of the ground, taken by
themselves, all say the same within a pixel, and where no other step within 32 pixels does nearly as
well: rows of houses fit again one house further on, and then nobody knows which of the steps it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NEAR, FAR = 8, 32  # pixels each way: all points are tried near, some of them far
BESIDE = 1.5
PARTS = 4
CELL = 64
LEAST_POINTS = 100  # a part
ALIKE = 1.0
RIVAL = 0.8  # of the height of the best step above the middle of all
OWN = 2  # pixels each way that a peak is wide
CANDIDATES = 200_000


@dataclass(frozen=True, slots=True)
class Edges:
    """Points on outlines in pixels (column, row), normals outwards, and the outline of each."""

    points: Floats
    normals: Floats
    outlines: NDArray[np.int64]

    def at(self, chosen: Any) -> Edges:
        """Return some of the points."""
        return Edges(self.points[chosen], self.normals[chosen], self.outlines[chosen])


@dataclass(frozen=True, slots=True)
class Fit:
    """The step in pixels, to the right and down, from outlines to the edges of the image.

    Attributes
    ----------
    spread
        How far the four parts are from the step at most; infinite where one has none.
    points
        Points on outlines that were looked at.
    rival
        Height of the next best step, as a share of that of the best; 1 where they are equal.
    """

    right: float
    down: float
    spread: float
    points: int
    rival: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether all parts of the ground say the same, and no other step does nearly as well."""
        return self.spread <= ALIKE and not self.repeats

    @property
    def repeats(self) -> bool:
        """Whether another step does nearly as well."""
        return self.rival >= RIVAL

    @property
    def above_one(self) -> bool:
        """Whether the step is longer than a pixel, less what the parts differ by."""
        return self.sure and hypot(self.right, self.down) - self.spread > 1

    def is_off(self, others: Iterable[Fit]) -> bool:
        """Whether it is more than a pixel from each of some others too, its own spread taken off."""
        return all(
            hypot(self.right - other.right, self.down - other.down) - self.spread > 1
            for other in others
        )


UNTOLD = Fit(nan, nan, np.inf, 0)


def edges_of(shapes: NDArray[Any]) -> Edges:
    """Return points along the outlines of polygons, a pixel apart or further where they are many.

    Examples
    --------
    >>> edges = edges_of(np.array([shapely.box(0, 0, 3, 3)]))
    >>> len(edges.points), edges.points[0].tolist()
    (12, [3.0, 0.5])
    """
    parts = shapely.get_parts(shapes)
    areal = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings = shapely.get_rings(shapely.orient_polygons(areal))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.diff(corners, axis=0)
    lengths = np.where(ring[1:] == ring[:-1], np.hypot(steps[:, 0], steps[:, 1]), 0.0)
    ends = np.cumsum(lengths)
    if not len(ends) or not 0 < ends[-1] < np.inf:
        nothing = np.empty((0, 2))
        return Edges(nothing, nothing, np.empty(0, dtype=np.int64))
    apart = max(1.0, ends[-1] / CANDIDATES)
    along = np.arange(apart / 2, ends[-1], apart)
    at = np.searchsorted(ends, along, side="right")
    ahead = steps[at] / lengths[at, None]
    points = corners[at] + ahead * (along - ends[at] + lengths[at])[:, None]
    # outlines run counter-clockwise in (column, row) as in (x, y): outside is on the right
    normals = np.column_stack([ahead[:, 1], -ahead[:, 0]])
    return Edges(points, normals, ring[at])


def within(
    edges: Edges, left: float, top: float, width: int, height: int, *, reach: int = NEAR
) -> NDArray[np.bool_]:
    """Return which points can be moved by the whole reach inside a window."""
    x, y = edges.points[:, 0] - left, edges.points[:, 1] - top
    margin = reach + 3
    inside: NDArray[np.bool_] = (
        (x >= margin) & (y >= margin) & (x <= width - margin) & (y <= height - margin)
    )
    return inside


def contrasts(
    values: NDArray[Any], edges: Edges, left: int, top: int, *, reach: int = NEAR
) -> NDArray[np.float32]:
    """Return inside less outside for every point and step (down, right); NaN where unseen.

    Parameters
    ----------
    values
        One window, NaN where nothing is seen.
    edges
        Points `within` that window.
    left, top
        Its first column and row.
    reach
        The longest step, in pixels each way.
    """
    side = 2 * reach + 1
    found = np.zeros((len(edges.points), side, side), dtype=np.float32)
    if not len(edges.points):
        return found
    around = np.lib.stride_tricks.sliding_window_view(
        values.astype(np.float32), (side + 1, side + 1)
    )
    for sign in (-1, 1):
        beside = edges.points + sign * BESIDE * edges.normals - (left + 0.5, top + 0.5)
        base = np.floor(beside).astype(np.int64)
        part = (beside - base).astype(np.float32)[:, :, None, None]
        block = around[base[:, 1] - reach, base[:, 0] - reach]
        rows = block[:, :-1] * (1 - part[:, 1]) + block[:, 1:] * part[:, 1]
        found -= sign * (rows[:, :, :-1] * (1 - part[:, 0]) + rows[:, :, 1:] * part[:, 0])
    return found


def fit(pieces: Sequence[tuple[Edges, NDArray[np.float32]]]) -> Fit:
    """Return the step at which the outlines of some windows show the greatest contrast."""
    if not pieces:
        return UNTOLD
    points = np.concatenate([edges.points for edges, _ in pieces])
    outlines = np.concatenate([edges.outlines for edges, _ in pieces])
    steps = np.concatenate([found for _, found in pieces])
    seen = np.isfinite(steps).all(axis=(1, 2))
    points, outlines, steps = points[seen], outlines[seen], steps[seen]
    part = _parts(points)
    if np.bincount(part, minlength=PARTS).min() < LEAST_POINTS:
        return replace(UNTOLD, points=len(points))
    sums, group = _sums(steps, outlines * PARTS + part)
    score = _score(_sums(sums, group // PARTS)[0])
    whole = _peak(score)
    if whole is None:
        return replace(UNTOLD, points=len(points))
    own = [_peak(_score(sums[group % PARTS == p])) for p in range(PARTS)]
    apart = [np.inf if q is None else hypot(q[0] - whole[0], q[1] - whole[1]) for q in own]
    return Fit(*whole, max(apart), len(points), _rival(score))


def settled(near: Fit, far: Fit) -> Fit:
    """Return the near fit where the far one does not gainsay it, else the far one."""
    same = hypot(near.right - far.right, near.down - far.down) <= ALIKE
    return near if near.sure and same and not far.repeats else far


def _parts(points: Floats) -> NDArray[np.int64]:
    """Return the part of each point: squares of 64 pixels, dealt out at random, always alike."""
    _, square = np.unique(points // CELL, axis=0, return_inverse=True)
    square = square.reshape(-1)
    dealt = np.random.default_rng(0).permutation(int(square.max(initial=-1)) + 1)
    parts: NDArray[np.int64] = dealt[square] % PARTS
    return parts


def _sums(
    steps: NDArray[np.float32], groups: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the sum of each group of points at each step, and the groups in order."""
    order = np.argsort(groups, kind="stable")
    first = np.flatnonzero(np.diff(groups[order], prepend=-1))
    return np.add.reduceat(steps[order], first, axis=0), groups[order][first]


def _score(sums: NDArray[np.float32]) -> Floats:
    """Return how much every outline stands out, one with the other, at each step (down, right)."""
    score: Floats = np.abs(sums).sum(axis=0, dtype=np.float64)
    return score


def _peak(score: Floats) -> tuple[float, float] | None:
    """Return the step (right, down) of the greatest contrast, ``None`` at the rim of the reach."""
    side = len(score)
    row, col = divmod(int(score.argmax()), side)
    if not (0 < row < side - 1 and 0 < col < side - 1):
        return None
    right = col - side // 2 + _vertex(*score[row, col - 1 : col + 2])
    down = row - side // 2 + _vertex(*score[row - 1 : row + 2, col])
    return right, down


def _rival(score: Floats) -> float:
    """Return the height of the highest peak but the best, above the middle, as a share of its own."""
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(score, OWN, constant_values=-np.inf), (2 * OWN + 1, 2 * OWN + 1)
    )
    peaks = np.where(score >= around.max(axis=(2, 3)), score, -np.inf)
    row, col = divmod(int(score.argmax()), len(score))
    peaks[max(0, row - OWN) : row + OWN + 1, max(0, col - OWN) : col + OWN + 1] = -np.inf
    middle = float(np.median(score))
    return max(0.0, (float(peaks.max()) - middle) / (float(score.max()) - middle))


def _vertex(before: float, at: float, after: float) -> float:
    """Return where a parabola through three values has its top, from the middle one."""
    bend = before - 2 * at + after
    return float((before - after) / (2 * bend)) if bend else 0.0
