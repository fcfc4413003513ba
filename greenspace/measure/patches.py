"""Patches: interpreted polygons laid over a map of vegetation, exact at their own edges.

Question   How much of each shape is green once these polygons stand over the map?
Enters     A way to measure the map under any shapes; layers of patches, the lowest first.
Leaves     Green, seen and unseen m2 of each shape, before and after each layer.
Elsewhere  Words for add and remove: prepare/corrections. The map alone: measure/coverage.

What a patch covers is taken off the map and put back as the patch says, so no ground counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from greenspace.measure.areas import covered, dust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Shapes: TypeAlias = NDArray[Any]
    Land: TypeAlias = NDArray[np.float64]  # green, seen and unseen m2: three rows
    Surface: TypeAlias = Callable[[Shapes], Land]

GREEN, SEEN, UNSEEN = range(3)


@dataclass(frozen=True, slots=True)
class Patches:
    """Polygons whose ground is green, and polygons whose ground is bare.

    Those of a kind may overlap. Ground of both is green: whoever cannot have it refuses it first.
    """

    green: Shapes
    bare: Shapes

    def over(self, shapes: Shapes) -> tuple[Shapes, Shapes]:
        """Return the ground of each shape that is made green, and that is made bare."""
        green, bare = covered(self.green, shapes), covered(self.bare, shapes)
        both = ~shapely.is_empty(green) & ~shapely.is_empty(bare)
        bare[both] = shapely.difference(bare[both], green[both])
        return green, bare


def stated(layers: Sequence[Patches], shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Return the ground of each shape that layers of patches, the lowest first, leave green or bare.

    Examples
    --------
    >>> crown = Patches(np.array([shapely.box(0, 0, 2, 1)]), np.array([]))
    >>> felled = Patches(np.array([]), np.array([shapely.box(1, 0, 3, 1)]))
    >>> green, bare = stated([crown, felled], np.array([shapely.box(0, 0, 9, 9)]))
    >>> green[0].bounds, bare[0].bounds
    ((0.0, 0.0, 1.0, 1.0), (1.0, 0.0, 3.0, 1.0))
    """
    green = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    bare = green.copy()
    for layer in layers:
        more, less = layer.over(shapes)
        green = shapely.union(shapely.difference(green, less), more)
        bare = shapely.union(shapely.difference(bare, more), less)
    return green, bare


@dataclass(frozen=True, slots=True)
class Layered:
    """What one layer of patches changed under each shape.

    Attributes
    ----------
    before, after
        Land of each shape below the layer, and with it.
    under_green, under_bare
        Land below the layer where its patches lie.
    """

    before: Land
    after: Land
    under_green: Land
    under_bare: Land

    def of(self, count: int) -> Layered:
        """Return the first shapes alone."""
        parts = (self.before, self.after, self.under_green, self.under_bare)
        return Layered(*(part[:, :count] for part in parts))


def lay(surface: Surface, layers: Sequence[Patches], shapes: Shapes) -> tuple[Layered, ...]:
    """Measure shapes under layers of patches; the map is measured once for all of them.

    Parameters
    ----------
    surface
        Measures the map under an array of shapes.
    layers
        The lowest first; a later one lies over an earlier one.
    shapes
        Valid polygons on the plane of the patches.

    Returns
    -------
    tuple of Layered
        One a layer.

    Examples
    --------
    >>> def bare(shapes):
    ...     area = shapely.area(shapes)
    ...     return np.array([0 * area, area, 0 * area])
    >>> crown = Patches(np.array([shapely.box(0, 0, 2, 1)]), np.array([]))
    >>> lay(bare, [crown], np.array([shapely.box(1, 0, 5, 1)]))[0].after.tolist()
    [[1.0], [4.0], [0.0]]
    """
    if not layers:
        return ()
    *lower, top = layers
    kinds = top.over(shapes)
    touched = [np.flatnonzero(shapely.area(pieces) > 0) for pieces in kinds]
    pieces = [pieces[rows] for pieces, rows in zip(kinds, touched, strict=True)]
    every = np.concatenate((shapes, *pieces))
    below = lay(surface, lower, every)
    land = below[-1].after if below else surface(every)
    count, middle = len(shapes), len(shapes) + len(pieces[0])
    before = land[:, :count]
    under = [np.zeros_like(before), np.zeros_like(before)]
    under[0][:, touched[0]] = land[:, count:middle]
    under[1][:, touched[1]] = land[:, middle:]
    after = before - under[0] - under[1]
    after[GREEN] += shapely.area(kinds[0])
    after[SEEN] += shapely.area(kinds[0]) + shapely.area(kinds[1])
    boxes = shapely.bounds(shapes)
    last_digit = float(np.spacing(np.nanmax(np.abs(boxes), initial=0.0)))
    slack = dust(shapely.area(shapes), boxes, last_digit)
    after[after < slack] = 0.0
    after[GREEN] = np.where(after[GREEN] > after[SEEN] - slack, after[SEEN], after[GREEN])
    return (*(layer.of(count) for layer in below), Layered(before, after, *under))
