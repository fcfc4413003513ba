"""Claims: what several parcels claim of the same ground, and what a parcel claims beyond a line.

Question   Which ground do two parcels share, which has one alone, and which lies outside?
Enters     Valid polygons of one measuring CRS.
Leaves     Square metres and shapes, by parcel or by pair.
Elsewhere  The ledger of discrepancies: discrepancies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.model.layers import overlapping_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BEYOND_M2 = 1.0
BEYOND_SHARE = 1e-3  # of the parcel: less is how exactly lines are drawn


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Pairs of parcels that overlap, by position, and the ground that both claim."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    ground: NDArray[Any]

    def again(self) -> Iterator[tuple[int, NDArray[np.int64], Any]]:
        """Yield each parcel that claims ground of earlier ones, which those are, and the ground.

        The areas add up to what the sum of all parcels has more than their union.

        Examples
        --------
        >>> square = shapely.box(0, 0, 1, 1)
        >>> [(row, which.tolist()) for row, which, _ in shared_ground(np.array([square] * 3)).again()]
        [(1, [0]), (2, [0, 1])]
        """
        for later in np.unique(self.right):
            mine = self.right == later
            yield int(later), self.left[mine], shapely.union_all(self.ground[mine])


def shared_ground(shapes: NDArray[Any]) -> Shared:
    """Return each pair of parcels that claims the same ground.

    Examples
    --------
    >>> pair = shared_ground(np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]))
    >>> pair.left.tolist(), pair.right.tolist(), pair.ground[0].area
    ([0], [1], 1.0)
    """
    left, right, ground = overlapping_pairs(shapes)
    return Shared(left, right, ground)


def rows_within(
    rows: NDArray[Any], wholes: NDArray[Any], share: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of a row and a whole, by position, where the row lies in it to this share.

    Examples
    --------
    >>> wholes = np.array([shapely.box(0, 0, 4, 4), shapely.box(2, 0, 8, 4)])
    >>> [side.tolist() for side in rows_within(np.array([shapely.box(0, 0, 1, 1)]), wholes, 0.99)]
    [[0], [0]]
    """
    row, whole = shapely.STRtree(wholes).query(rows, predicate="intersects")
    area = shapely.area(shapely.intersection(rows[row], wholes[whole]))
    there = area >= share * shapely.area(rows[row])
    return row[there], whole[there]


def own_area(shapes: NDArray[Any], shared: Shared) -> NDArray[np.float64]:
    """Return the area of each parcel that no other claims: what striking it out would take away.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> own_area(squares, shared_ground(squares)).tolist()
    [1.0, 1.0]
    """
    pieces: dict[int, list[Any]] = {}
    for left, right, ground in zip(shared.left, shared.right, shared.ground, strict=True):
        pieces.setdefault(int(left), []).append(ground)
        pieces.setdefault(int(right), []).append(ground)
    own: NDArray[np.float64] = shapely.area(shapes).copy()
    for place, grounds in pieces.items():
        own[place] -= shapely.union_all(grounds).area
    return np.maximum(own, 0.0)


def beyond(shapes: NDArray[Any], line: Any) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the parcels that reach beyond a line, by position, and what lies there of each.

    Less than 1 m² or a thousandth of the parcel is how exactly lines are drawn.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 2, 2), shapely.box(9, 0, 11, 2)])
    >>> places, outside = beyond(squares, shapely.box(0, 0, 10, 10))
    >>> places.tolist(), outside[0].area
    ([1], 2.0)
    """
    shapely.prepare(line)
    crossing = np.flatnonzero(~shapely.contains(line, shapes))
    outside = shapely.difference(shapes[crossing], line)
    least = np.maximum(BEYOND_M2, BEYOND_SHARE * shapely.area(shapes[crossing]))
    real = shapely.area(outside) >= least
    return crossing[real], outside[real]
