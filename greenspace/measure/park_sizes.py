"""Park sizes: which rows are parks of a size, alone, joined to those they touch, or part by part.

Question   Which parks are large and wide enough for a rule, and would others be if drawn otherwise?
Enters     Parks of one measuring CRS, row by row, and rules of size and width.
Leaves     A mask of the rows, or the circle of each.
Elsewhere  Who is near them: measure/yardsticks. The rules: model/yardsticks. Saying it: park_remarks.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.park_rows import joined_rows
from greenspace.measure.service import AREA_NOISE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from greenspace.model.yardsticks import Circle, ReachRule

    Mask = NDArray[np.bool_]

WIDTH_NOISE_M = 0.01


def park_width_m(parks: NDArray[Any]) -> NDArray[np.float64]:
    """Return how wide each park is at its widest: the diameter of the largest circle inside.

    It is the greatest width by which the park can be eroded, half from each side, before
    nothing is left; found to the centimetre and rounded up by as much.

    Examples
    --------
    >>> park_width_m(np.array([shapely.box(0, 0, 300, 80)])).round(1).tolist()
    [80.0]
    """
    circles = shapely.maximum_inscribed_circle(parks, tolerance=WIDTH_NOISE_M / 2)
    return np.asarray(2 * shapely.length(circles) + WIDTH_NOISE_M, dtype=float)


class ParkSizes:
    """Parks with their areas and widths, each measured once.

    Parameters
    ----------
    shapes
        Valid polygons, one a row.

    Examples
    --------
    >>> from greenspace.model.yardsticks import WHO_300
    >>> halves = ParkSizes(np.array([shapely.box(0, 0, 50, 60), shapely.box(50, 0, 100, 60)]))
    >>> halves.meet(WHO_300).tolist(), halves.cut(WHO_300).tolist()
    ([False, False], [True, True])
    """

    def __init__(self, shapes: NDArray[Any]) -> None:
        self.shapes = shapes
        self.area: NDArray[np.float64] = shapely.area(shapes)
        self._width_m = np.full(len(shapes), np.nan)

    def meet(self, rule: ReachRule) -> Mask:
        """Return which rows are large and wide enough for a rule, minima included."""
        met: Mask = ~shapely.is_empty(self.shapes)
        met &= self.area >= rule.least_m2 * (1.0 - AREA_NOISE)
        if rule.least_width_m:
            unknown = met & np.isnan(self._width_m)
            self._width_m[unknown] = park_width_m(self.shapes[unknown])
            met[met] = self._width_m[met] >= rule.least_width_m
        return met

    def circle(self, circles: Sequence[Circle]) -> NDArray[np.int64]:
        """Return the position of the circle that each row is counted in, -1 in none.

        The first circle whose least size and width a park meets, and no other: a park of the
        15-minute circle is none of the 10-minute one.

        Examples
        --------
        >>> from greenspace.model.yardsticks import living_circle_rules
        >>> parks = ParkSizes(np.array([shapely.box(0, 0, 500, 100), shapely.box(0, 0, 1000, 50)]))
        >>> parks.circle(living_circle_rules()).tolist()
        [0, 1]
        """
        circle = np.full(len(self.shapes), -1)
        for position in reversed(range(len(circles))):
            circle[self.meet(circles[position].reach)] = position
        return circle

    def cut(self, rule: ReachRule) -> Mask:
        """Return which rows meet a rule only when joined to those that they touch."""
        whole, piece = self._joined
        met = np.append(whole.meet(rule), False)[piece]
        return met & ~self.meet(rule)

    def joined_circle(self, circles: Sequence[Circle]) -> NDArray[np.int64]:
        """Return the circle that each row would be counted in when joined to those it touches."""
        whole, piece = self._joined
        return np.where(
            piece < 0, self.circle(circles), np.append(whole.circle(circles), -1)[piece]
        )

    def scattered(self, rule: ReachRule) -> tuple[Mask, Mask]:
        """Return which rows meet a rule with a part that does not; and which with none that does."""
        parts, row = self._parts
        many = np.bincount(row, minlength=len(self.shapes))
        fit = np.bincount(row, parts.meet(rule), len(self.shapes))
        met = self.meet(rule)
        return met & (fit < many), met & (fit == 0)

    def part_circle(self, circles: Sequence[Circle]) -> NDArray[np.int64]:
        """Return the circle that the best part of each row would be counted in alone."""
        parts, row = self._parts
        best = np.full(len(self.shapes), len(circles))
        circle = parts.circle(circles)
        np.minimum.at(best, row, np.where(circle < 0, len(circles), circle))
        return np.where(best == len(circles), -1, best)

    @cached_property
    def _joined(self) -> tuple[ParkSizes, NDArray[np.int64]]:
        """What rows that touch, or nearly so, are together, and the piece of each row, -1 if alone."""
        whole, piece = joined_rows(self.shapes)
        return ParkSizes(whole), piece

    @cached_property
    def _parts(self) -> tuple[ParkSizes, NDArray[np.int64]]:
        parts, row = shapely.get_parts(self.shapes, return_index=True)
        return ParkSizes(parts), row


def ground_left(shapes: NDArray[Any], taken: NDArray[Any]) -> NDArray[Any]:
    """Return shapes without the ground that others have taken.

    Examples
    --------
    >>> left = ground_left(shapely.box([0, 9], 0, [4, 10], 1), shapely.box([3], 0, [9], 1))
    >>> shapely.area(left).tolist()
    [3.0, 1.0]
    """
    row, other = shapely.STRtree(taken).query(shapes, predicate="intersects")
    left = shapes.copy()
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    for first, run in zip(row[starts], np.split(other, starts)[1:], strict=True):
        left[first] = shapely.difference(left[first], shapely.union_all(taken[run]))
    return left
