"""Encroachment: the ground inside green lines that works take, without the noise of drawing.

Question   Which line loses how much ground to which work, counted once where works overlap?
Enters     Valid polygons of lines and of works in one CRS of metres.
Leaves     One piece of ground a line and work, what was too thin to be one, areas a line.
Elsewhere  Making layers ready, images, words: guard. Lost and made up: compensation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Shapes = NDArray[Any]
    Places = NDArray[np.int64]

SLIVER_WIDTH_M: Final = 0.5
SLIVER_M2: Final = 1.0
NOISE_M2: Final = 1e-6  # a square millimetre: no drawing has it, rounding does
KINDS: Final = ("construction", "road", "image")
POLYGON: Final = shapely.GeometryType.POLYGON


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Ground that works take of lines, a row each pair of a line and a work.

    Attributes
    ----------
    line, work
        By position.
    ground
        Polygons, or several of them.
    slivers
        How many pieces were thinner or smaller than a piece of ground, and larger than 1 mm2.
    slivers_m2
        Their area, each piece of each pair.
    """

    line: Places
    work: Places
    ground: Shapes
    slivers: int
    slivers_m2: float


def taken(
    lines: Shapes,
    works: Shapes,
    *,
    width_m: float = SLIVER_WIDTH_M,
    least_m2: float = SLIVER_M2,
) -> Taken:
    """Cut works with lines; pieces that only drawing noise makes are counted and left out.

    Parameters
    ----------
    lines, works
        Valid polygons; either may overlap among themselves.
    width_m
        A piece that is nowhere wider is a sliver: what is left where two drawings of one edge
        lie apart.
    least_m2
        So is a piece smaller than this.

    Examples
    --------
    >>> park = np.array([shapely.box(0, 0, 100, 100)])
    >>> works = np.array([shapely.box(90, 0, 200, 100), shapely.box(-50, 0, 0.3, 100)])
    >>> found = taken(park, works)
    >>> found.work.tolist(), shapely.area(found.ground).tolist()
    ([0], [1000.0])
    >>> found.slivers, round(found.slivers_m2, 6)
    (1, 30.0)
    """
    line, work = shapely.STRtree(works).query(lines, predicate="intersects")
    order = np.lexsort((work, line))
    line, work = line[order], work[order]
    pieces, pair = polygon_parts(shapely.intersection(lines[line], works[work]))
    real = ~slivers(pieces, width_m, least_m2)
    pairs, first = np.unique(pair[real], return_index=True)
    ground = np.empty(len(pairs), dtype=object)
    for place, parts in enumerate(np.split(pieces[real], first[1:]) if len(pairs) else ()):
        ground[place] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    thin = pieces[~real & (shapely.area(pieces) > NOISE_M2)]
    return Taken(line[pairs], work[pairs], ground, len(thin), float(shapely.area(thin).sum()))


def slivers(pieces: Shapes, width_m: float, least_m2: float) -> NDArray[np.bool_]:
    """Return which polygons are nowhere wider than a width, or smaller than an area.

    Examples
    --------
    >>> strip, spot = shapely.box(0, 0, 100, 0.4), shapely.box(0, 0, 0.9, 0.9)
    >>> slivers(np.array([strip, spot, shapely.box(0, 0, 2, 2)]), 0.5, 1.0).tolist()
    [True, True, False]
    """
    found: NDArray[np.bool_] = (shapely.area(pieces) < least_m2) | shapely.is_empty(
        shapely.buffer(pieces, -width_m / 2, join_style="mitre")
    )
    return found


def polygon_parts(shapes: Shapes) -> tuple[Shapes, Places]:
    """Return the polygons that shapes are made of, and the position of the shape each is of."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, whole = shapely.get_parts(parts, return_index=True)
    real = (shapely.get_type_id(parts) == POLYGON) & (shapely.area(parts) > 0)
    return parts[real], owner[whole[real]]


def ranked(numbers: Sequence[str], kinds: Sequence[str], areas: Sequence[float]) -> Places:
    """Return the order of findings: the largest first; ties by line number, then by kind.

    Examples
    --------
    >>> ranked(["L002", "L001", "L003"], ["road"] * 3, [5.0, 5.0, 9.0]).tolist()
    [2, 1, 0]
    """
    place = np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64)
    order: Places = np.lexsort((place, np.array(numbers, dtype=str), -np.array(areas)))
    return order


def union_m2(shapes: Shapes) -> float:
    """Return the ground under shapes, counted once.

    Examples
    --------
    >>> union_m2(np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]))
    3.0
    """
    return float(shapely.area(shapely.union_all(shapes))) if len(shapes) else 0.0


def by_line(lines: int, line: Places, kinds: Sequence[str], ground: Shapes) -> NDArray[np.float64]:
    """Return what each line loses to each of `KINDS`, and to all of them with overlaps once.

    Examples
    --------
    >>> ground = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> by_line(2, np.array([1, 1]), ["construction", "road"], ground).tolist()
    [[0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 0.0, 3.0]]
    """
    found = np.zeros((lines, len(KINDS) + 1))
    kind = np.array(kinds, dtype=str)
    for own in np.unique(line):
        mine = line == own
        for column, name in enumerate(KINDS):
            found[own, column] = union_m2(ground[mine & (kind == name)])
        found[own, -1] = union_m2(ground[mine])
    return found
