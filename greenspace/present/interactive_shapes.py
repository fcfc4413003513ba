"""Interactive shapes: the shapes of a layer as whole numbers, small enough for a page.

Question   How does a city of forty thousand blocks fit into one file that opens at once?
Enters     Shapes in metres, or degrees.
Leaves     The same shapes simplified for the eye on a grid, as nested lists of steps.
Elsewhere  The page: interactive_page. Numbers come from the shapes as they were, never from these.

A polygon is a list of rings, a shape a list of polygons; a ring lists x and y of its first corner,
then the steps from each corner to the next. What is smaller than the grid stays, one step wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Shapes = NDArray[np.object_]
    Numbers = NDArray[np.int64]

FINEST, FINE, COARSE, COARSEST = 40_000, 16_000, 6_000, 2_000  # tolerances across the map: at most
# a pixel of a screen of 2000, and a twentieth of one where there is room
MOST_CORNERS: Final = 900_000  # about eight bytes each in the page


@dataclass(frozen=True, slots=True)
class Grid:
    """A corner of the map and the length of a step: half the tolerance of simplifying."""

    x: float
    y: float
    step: float

    @property
    def tolerance(self) -> float:
        """What shapes were simplified with."""
        return 2 * self.step


def covered_area(shapes: Shapes) -> float:
    """Return the ground that land covers, overlaps counted once.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> covered_area(np.array([box(0, 0, 2, 1), box(1, 0, 3, 1)]))
    3.0
    """
    apart = np.isin(shapely.get_type_id(shapes), (3, 6)).all() and shapely.coverage_is_valid(shapes)
    return float(shapely.area(shapes).sum() if apart else shapely.union_all(shapes).area)


def parts_of(shapes: Shapes, dimension: int) -> tuple[Shapes, Numbers]:
    """Return the single parts of one dimension, and the shape that each belongs to."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    chosen = (shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)
    return parts[chosen], owner[chosen]


def dimension_of(shapes: Shapes) -> int:
    """Return 2 for land, 1 for lines, 0 for points: the highest that is there."""
    return int(shapely.get_dimensions(shapes).max(initial=0))


def share_edges(shapes: Shapes) -> bool:
    """Return whether land lies side by side without overlap, and some of it corner at corner."""
    if len(shapes) < 2 or not np.isin(shapely.get_type_id(shapes), (3, 6)).all():  # noqa: PLR2004
        return False
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    order = np.lexsort(points.T)
    same = (np.diff(points[order], axis=0) == 0).all(axis=1) & (np.diff(owner[order]) != 0)
    return bool(same.any()) and bool(shapely.coverage_is_valid(shapes))


def simplified(shapes: Shapes, tolerance: float, *, together: bool) -> Shapes:
    """Return shapes with fewer corners; those that share edges go on sharing them if `together`."""
    if together:
        simple = shapely.coverage_simplify(shapes, tolerance)
    else:
        simple = shapely.simplify(shapes, tolerance, preserve_topology=True)
    lost = shapely.is_empty(simple)
    simple[lost] = shapes[lost]
    return np.asarray(simple, dtype=object)


def fit(layers: Iterable[Shapes]) -> tuple[list[Shapes], Grid]:
    """Return all layers simplified alike, as little as the size of a page allows, and their grid.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import box
    >>> _, grid = fit([np.array([box(0, 0, 4000, 1000)])])
    >>> grid.tolerance
    0.1
    """
    layers = list(layers)
    every = np.array([shapely.total_bounds(shapes) for shapes in layers])
    every = every[np.isfinite(every).all(axis=1)] if len(every) else every
    west, south, east, north = (
        (*np.nanmin(every[:, :2], axis=0), *np.nanmax(every[:, 2:], axis=0))
        if len(every)
        else (0.0, 0.0, 1.0, 1.0)
    )
    extent = max(east - west, north - south, 1e-9)
    together = [share_edges(shapes) for shapes in layers]
    for most in (FINEST, FINE, COARSE, COARSEST):
        tolerance = extent / most
        found = [
            simplified(shapes, tolerance, together=shared)
            for shapes, shared in zip(layers, together, strict=True)
        ]
        if _corners(found) <= MOST_CORNERS:
            break
    return found, Grid(float(west), float(south), float(tolerance) / 2)


def packed(shapes: Shapes, grid: Grid) -> list[Any]:
    """Return each shape as whole steps on the grid.

    Examples
    --------
    >>> import numpy as np
    >>> from shapely import Point, box
    >>> packed(np.array([box(0, 0, 4, 2)]), Grid(0.0, 0.0, 1.0))
    [[[[4, 0, 0, 2, -4, 0, 0, -2]]]]
    >>> packed(np.array([box(0, 0, 0.1, 0.1)]), Grid(0.0, 0.0, 1.0))  # does not vanish
    [[[[0, 0, 0, 1, 1, 0, 0, -1]]]]
    >>> packed(np.array([Point(3.2, 1)]), Grid(0.0, 0.0, 1.0))
    [[[3, 1]]]
    """
    dimension = dimension_of(shapes)
    found: list[Any] = [[] for _ in shapes]
    parts, owner = parts_of(shapes, dimension)
    if dimension < 2:  # noqa: PLR2004
        for mine, steps in zip(owner, _tracks(parts, grid).steps(), strict=True):
            found[mine].append(steps)
        return found
    rings, polygon = shapely.get_rings(parts, return_index=True)
    polygons: list[list[list[int]]] = [[] for _ in parts]
    tracks = _tracks(rings, grid)
    for place, (steps, flat) in enumerate(zip(tracks.steps(), tracks.flat(), strict=True)):
        mine = polygons[polygon[place]]
        if not flat:
            mine.append(steps[:-2])  # the last corner is the first again
        elif not mine:  # a hole that came to nothing is left out, a shell is not
            mine.append(_square(tracks.corners(place)))
    for mine, inner in zip(owner, polygons, strict=True):
        found[mine].append(inner)
    return found


def metres_shown(tolerance: float) -> str:
    """Return a length as short as it may be, never less than it is.

    Examples
    --------
    >>> metres_shown(0.0712), metres_shown(1.2), metres_shown(15.0)
    ('0.08', '1.2', '15')
    """
    digits = 2 if tolerance < 1 else 1 if tolerance < 10 else 0  # noqa: PLR2004
    scale = 10**digits
    return f"{ceil(round(tolerance * scale, 6)) / scale:.{digits}f}"


def _corners(layers: Iterable[Shapes]) -> int:
    return sum(int(shapely.get_num_coordinates(shapes).sum()) for shapes in layers)


@dataclass(frozen=True, slots=True)
class _Tracks:
    """The corners of many lines or rings on the grid, one after the other, none twice in a row."""

    points: Numbers
    owner: Numbers
    starts: Numbers

    def corners(self, place: int) -> Numbers:
        return self.points[self.starts[place] : self.starts[place + 1]]

    def steps(self) -> Iterator[list[int]]:
        """Give the first corner of each, then the steps from there."""
        moves = np.diff(self.points, axis=0, prepend=0)
        moves[self.starts[:-1]] = self.points[self.starts[:-1]]
        every, spots = moves.ravel().tolist(), (2 * self.starts).tolist()
        for start, end in pairwise(spots):
            yield every[start:end]

    def flat(self) -> NDArray[np.bool_]:
        """Tell which rings enclose nothing."""
        x, y = self.points.T
        turns = (x[:-1] * y[1:] - x[1:] * y[:-1]) * (self.owner[:-1] == self.owner[1:])
        count = len(self.starts) - 1
        areas = np.bincount(self.owner[:-1], weights=turns, minlength=count)[:count]
        return np.equal(areas, 0)


def _tracks(shapes: Shapes, grid: Grid) -> _Tracks:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    whole = np.rint((points - (grid.x, grid.y)) / grid.step).astype(np.int64)
    fresh = np.ones(len(whole), dtype=bool)
    fresh[1:] = (whole[1:] != whole[:-1]).any(axis=1) | (owner[1:] != owner[:-1])
    whole, owner = whole[fresh], owner[fresh]
    return _Tracks(whole, owner, np.searchsorted(owner, np.arange(len(shapes) + 1)))


def _square(corners: Numbers) -> list[int]:
    """Return the box around a ring that came to nothing, at least one step wide."""
    (west, south), (east, north) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    width, height = max(east - west, 1), max(north - south, 1)
    return [west, south, 0, height, width, 0, 0, -height]
