"""Linear: how much of a line is under shapes, and which sections of a road have some beside them.

Question   What length of a line lies under shapes, and along what length do they stand beside it?
Enters     Lines and valid polygons of one measuring CRS.
Leaves     Metres, and sections of lines with the ground on both sides.
Elsewhere  Areas: measure/areas. Roads: measure/roads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SECTION_M = 25.0
INSET_M = 0.01  # what only touches the red line is not inside it
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Pieces:
    """Straight pieces of lines: their ends, the line of each, and its section along that line."""

    start: Floats
    end: Floats
    owner: Ints
    section: Ints

    @property
    def length_m(self) -> Floats:
        """The length of each piece."""
        return np.asarray(np.hypot(*(self.end - self.start).T), dtype=float)

    @property
    def middle(self) -> NDArray[Any]:
        """The point in the middle of each piece."""
        return np.asarray(shapely.points((self.start + self.end) / 2), dtype=object)

    @property
    def lines(self) -> NDArray[Any]:
        """Each piece as a line."""
        return np.asarray(shapely.linestrings(np.stack([self.start, self.end], axis=1)), object)

    def ground(self, half_width_m: Floats, inset_m: float = INSET_M) -> NDArray[Any]:
        """Return the ground inside a rectangle about each piece, so wide on both sides of it."""
        along = (self.end - self.start) / self.length_m[:, None]
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        aside = across * np.maximum(half_width_m - inset_m, inset_m)[:, None]
        short = along * np.minimum(inset_m, self.length_m / 4)[:, None]
        start, end = self.start + short, self.end - short
        corners = [start + aside, end + aside, end - aside, start - aside]
        return np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)

    def wedges(
        self, half_width_m: Floats, inset_m: float = INSET_M
    ) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the ground on the outer side of each bend, and the piece before it."""
        along = (self.end - self.start) / self.length_m[:, None]
        turn = along[:-1, 0] * along[1:, 1] - along[:-1, 1] * along[1:, 0]
        joined = (self.owner[:-1] == self.owner[1:]) & (self.end[:-1] == self.start[1:]).all(axis=1)
        before = np.flatnonzero(joined & (np.abs(turn) > ROUNDING))
        across = np.stack([along[:, 1], -along[:, 0]], axis=1)
        first, second = (across[at] * np.sign(turn[before])[:, None] for at in (before, before + 1))
        middle = (first + second) / np.hypot(*(first + second).T)[:, None]
        bend, half = self.end[before], (half_width_m - inset_m)[before, None]
        corners = [bend, *(bend + each * half for each in (first, middle, second))]
        wide = half[:, 0] > 0
        shapes = shapely.polygons(np.stack(corners, axis=1)[wide])
        return np.asarray(shapes, dtype=object), before[wide]


@dataclass(frozen=True, slots=True)
class Sections:
    """Lines in sections of like length, each greened or not.

    Attributes
    ----------
    owner
        The line of each section.
    middle
        A point in the middle of it, by which it belongs to a zone.
    """

    owner: Ints
    length_m: Floats
    middle: NDArray[Any]
    greened: NDArray[np.bool_]


def pieces_of(lines: NDArray[Any], longest_m: float) -> Pieces:
    """Return lines cut at their bends and into sections of equal length, at most so long.

    Examples
    --------
    >>> bent = shapely.linestrings([[0, 0], [30, 0], [30, 20]])
    >>> pieces = pieces_of(np.array([bent]), 25.0)
    >>> pieces.length_m.tolist(), pieces.section.tolist()
    ([25.0, 5.0, 20.0], [0, 1, 1])
    """
    parts, line = shapely.get_parts(lines, return_index=True)
    starts, ends, owner, section = [], [], [], []
    first = 0
    for part, row in zip(parts, line, strict=True):
        corners = shapely.get_coordinates(part)
        way = np.append(0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T)))
        if way[-1] <= 0:
            continue
        count = max(int(np.ceil(way[-1] / longest_m * (1 - ROUNDING))), 1)
        cuts = np.linspace(0.0, way[-1], count + 1)
        at = np.unique(np.append(way, cuts))
        at = at[np.append(True, np.diff(at) > ROUNDING * way[-1])]
        at[-1] = way[-1]
        points = np.stack([np.interp(at, way, corners[:, axis]) for axis in (0, 1)], axis=1)
        starts.append(points[:-1])
        ends.append(points[1:])
        middle = (at[:-1] + at[1:]) / 2
        owner.append(np.full(len(middle), row))
        section.append(first + np.minimum(middle * count / way[-1], count - 1).astype(np.int64))
        first += count
    if not starts:
        return Pieces(np.empty((0, 2)), np.empty((0, 2)), _none(), _none())
    stacked = (np.concatenate(each) for each in (starts, ends, owner, section))
    return Pieces(*stacked)


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


def greened_sections(
    lines: NDArray[Any],
    half_width_m: Floats,
    plants: NDArray[Any],
    section_m: float = SECTION_M,
) -> Sections:
    """Return lines in sections; one is greened where a plant reaches into its ground.

    What only touches the edge of the ground, to a centimetre, does not reach into it.

    Examples
    --------
    >>> road = np.array([shapely.linestrings([[0, 0], [100, 0]])])
    >>> tree = np.array([shapely.box(30, 5, 35, 9), shapely.box(60, 10, 99, 20)])
    >>> greened_sections(road, np.array([10.0]), tree).greened.tolist()
    [False, True, False, False]
    """
    pieces = pieces_of(lines, section_m)
    count = int(pieces.section.max(initial=-1)) + 1
    greened = np.zeros(count, dtype=bool)
    ground = pieces.ground(half_width_m[pieces.owner])
    tree = shapely.STRtree(plants)
    piece, _ = tree.query(ground, predicate="intersects")
    bends, before = pieces.wedges(half_width_m[pieces.owner])
    greened[pieces.section[before[tree.query(bends, predicate="intersects")[0]]]] = True
    greened[pieces.section[piece]] = True
    length = np.bincount(pieces.section, pieces.length_m, count).astype(float)
    first = np.searchsorted(pieces.section, np.arange(count))
    return Sections(pieces.owner[first], length, _middles(pieces, length, first), greened)


def _middles(pieces: Pieces, length: Floats, first: Ints) -> NDArray[Any]:
    """Return the point half way along each section."""
    way = np.cumsum(pieces.length_m) - pieces.length_m
    half = way[first] + length / 2
    last = np.append(first[1:], len(way)) - 1
    holds = np.clip(np.searchsorted(way, half, side="right") - 1, first, last)
    share = (half - way[holds]) / pieces.length_m[holds]
    along = pieces.end[holds] - pieces.start[holds]
    points = pieces.start[holds] + np.clip(share, 0.0, 1.0)[:, None] * along
    return np.asarray(shapely.points(points), dtype=object)


def covered_length(shapes: NDArray[Any], pieces: Pieces) -> Floats:
    """Return the length of each piece that lies under the union of some shapes.

    Where shapes overlap, the length counts once: the parts of a piece under each shape are
    joined as intervals along it, so that rounding across it cannot part them.

    Examples
    --------
    >>> way = pieces_of(np.array([shapely.linestrings([[0, 0], [10, 0]])]), 25.0)
    >>> crowns = np.array([shapely.box(0, -1, 4, 1), shapely.box(3, -1, 6, 1)])
    >>> covered_length(crowns, way).tolist()
    [6.0]
    """
    covered = np.zeros(len(pieces.owner))
    lines = pieces.lines
    piece, shape = shapely.STRtree(shapes).query(lines, predicate="intersects")
    shapely.prepare(shapes)
    whole = shapely.covers(shapes[shape], lines[piece])
    covered[piece[whole]] = pieces.length_m[piece[whole]]
    left = ~whole & (covered[piece] == 0.0)
    cut = shapely.intersection(lines[piece[left]], shapes[shape[left]])
    parts, of = shapely.get_parts(cut, return_index=True)
    coords, part = shapely.get_coordinates(parts, return_index=True)
    if not len(coords):
        return covered
    on = piece[left][of][part]
    along = (pieces.end - pieces.start)[on] / pieces.length_m[on][:, None]
    way = np.einsum("ij,ij->i", coords - pieces.start[on], along)
    begin = np.full(len(parts), np.inf)
    end = np.full(len(parts), -np.inf)
    np.minimum.at(begin, part, way)
    np.maximum.at(end, part, way)
    covered += _joined(piece[left][of], begin, end, len(covered))
    return np.minimum(covered, pieces.length_m)


def _joined(owner: Ints, begin: Floats, end: Floats, count: int) -> Floats:
    """Return the length that intervals cover together, by owner."""
    order = np.lexsort((begin, owner))
    owner, begin, end = owner[order], begin[order], end[order]
    total = np.zeros(count)
    reached, last = -np.inf, -1
    for row, start, stop in zip(owner.tolist(), begin.tolist(), end.tolist(), strict=True):
        if row != last:
            reached, last = -np.inf, row
        if stop > reached:
            total[row] += stop - max(start, reached)
            reached = stop
    return total
