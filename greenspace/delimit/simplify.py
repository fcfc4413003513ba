"""Simplify: fewer vertices on edges that neighbours share, within stated bounds.

Question   Which vertices may go so that no line changes by more than was allowed?
Enters     Cells that cover the plane edge to edge, and which cells each line consists of.
Leaves     The cells with fewer vertices, and the area change and displacement of each line.
Elsewhere  Making the cells: delimit/green_line. The bounds themselves: `gs.green_lines`.

Vertices are dropped, never moved, by GEOS' simplification of coverages (Visvalingam and Whyatt),
from a fine tolerance to a coarse one. After each step every line is measured against what it was
at first. A line beyond its bounds keeps the vertices of the step before, and so does every edge
of it; the others go on. So each line is as simple as its own bounds allow, and what was on the
millimetre grid stays there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.fabric import spot_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.delimit.fabric import Floats, Ints, Mask, Shapes

LEAST_TOLD_M = 0.0005
STEPS = (0.25, 0.5, 1.0, 2.0)  # times the greatest displacement
ATTEMPTS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Simplified:
    """Cells after simplifying, and each line's share of the change."""

    cells: Shapes
    lines: Shapes
    area_change: Floats
    displacement_m: Floats


def simplified(
    cells: Shapes,
    members: Sequence[Ints],
    *,
    max_area_change: float,
    max_displacement_m: Floats,
) -> Simplified:
    """Return cells with as few vertices as the bounds of every line allow.

    Parameters
    ----------
    cells
        Polygons that cover a frame edge to edge; those of nobody are there too.
    members
        The cells of each line.
    max_area_change, max_displacement_m
        Of one line, as a share of its area; and for each line, in metres.

    Examples
    --------
    >>> wavy = shapely.Polygon([(0, 0), (5, 0.01), (10, 0), (10, 10), (0, 10)])
    >>> around = shapely.difference(shapely.box(-9, -9, 19, 19), wavy)
    >>> done = simplified(np.array([wavy, around]), [np.array([0])], max_area_change=0.01,
    ...                   max_displacement_m=np.array([1.0]))
    >>> shapely.get_num_coordinates(done.lines).tolist(), done.displacement_m.round(3).tolist()
    ([5], [0.01])
    """
    at_first = joined(cells, members)
    none = np.zeros(len(members))
    state = Simplified(cells, at_first, none, none)
    frozen = np.zeros(len(cells), dtype=bool)
    if not len(members) or not max_area_change or not max_displacement_m.max(initial=0.0):
        return state
    frozen[_cells_of(members, np.flatnonzero(max_displacement_m <= 0.0))] = True
    for step in STEPS:
        tolerance = step * float(max_displacement_m.max())
        for _ in range(ATTEMPTS):
            tried = _step(state.cells, frozen, tolerance)
            lines = joined(tried, members)
            change = np.abs(shapely.area(lines) / shapely.area(at_first) - 1.0)
            moved = displacement(at_first, lines)
            valid = shapely.is_valid(lines) & (shapely.get_type_id(lines) == 3)  # noqa: PLR2004
            kept = valid & (change <= max_area_change) & (moved <= max_displacement_m)
            if kept.all():
                state = Simplified(tried, lines, change, moved)
                break
            before = int(frozen.sum())
            frozen[_cells_of(members, np.flatnonzero(~kept))] = True
            if int(frozen.sum()) == before:
                return state
        else:
            return state
    return state


def _cells_of(members: Sequence[Ints], lines: Ints) -> Ints:
    some = [members[line] for line in lines]
    return np.concatenate(some) if some else np.empty(0, dtype=np.int64)


def _step(cells: Shapes, frozen: Mask, tolerance: float) -> Shapes:
    free = np.flatnonzero(~frozen)
    done = cells.copy()
    done[free] = shapely.coverage_simplify(cells[free], tolerance, simplify_boundary=False)
    return done


def joined(cells: Shapes, members: Sequence[Ints]) -> Shapes:
    """Return the polygon of each line, by joining its cells."""
    lines = np.empty(len(members), dtype=object)
    for line, some in enumerate(members):
        lines[line] = cells[some[0]] if len(some) == 1 else shapely.coverage_union_all(cells[some])
    return lines


def displacement(before: Shapes, after: Shapes) -> Floats:
    """Return how far the edge of each shape has moved where vertices were dropped from it.

    The greatest distance of a dropped vertex from the edge that replaces it. This bounds the
    Hausdorff distance both ways: the distance to a straight edge is greatest at a vertex, and
    the vertices dropped between its ends lie along all of it.

    Examples
    --------
    >>> corner = shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 5), (0, 4)])
    >>> displacement(np.array([corner]), np.array([shapely.box(0, 0, 4, 4)])).tolist()
    [1.0]
    """
    xy, ring, shape = _corners(before)
    kept = _is_kept(xy, after)
    greatest = np.zeros(len(before))
    count = len(xy)
    if not count:
        return greatest
    first = np.searchsorted(ring, ring, side="left")
    last = np.searchsorted(ring, ring, side="right") - 1
    spots = np.where(kept, np.arange(count), -1)
    back = np.maximum.accumulate(spots)
    ahead = np.minimum.accumulate(np.where(kept, np.arange(count), count)[::-1])[::-1]
    lasts, firsts = _ends(ring, kept)
    back = np.where(back < first, lasts[ring], back)
    ahead = np.where(ahead > last, firsts[ring], ahead)
    gone = np.flatnonzero(~kept)
    away = _to_segment(xy[gone], xy[back[gone]], xy[ahead[gone]])
    away[(back[gone] < 0) | (ahead[gone] < 0)] = np.inf
    np.maximum.at(greatest, shape[gone], away)
    return greatest


def _ends(ring: Ints, kept: Mask) -> tuple[Ints, Ints]:
    """Return the last and the first kept vertex of each ring, -1 where there is none."""
    lasts = np.full(int(ring.max()) + 1, -1)
    firsts = lasts.copy()
    spots = np.flatnonzero(kept)
    lasts[ring[spots]] = spots
    firsts[ring[spots[::-1]]] = spots[::-1]
    return lasts, firsts


def _corners(shapes: Shapes) -> tuple[Floats, Ints, Ints]:
    """Return the vertices of all rings without their repeated ends, with ring and shape."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.r_[ring[1:] == ring[:-1], False][: len(ring)]
    return xy[inner], ring[inner], shape[part[ring[inner]]]


def _is_kept(xy: Floats, after: Shapes) -> Mask:
    """Return which vertices are still there: one that neighbours share is kept by all or by none."""
    there = _corners(after)[0]
    spots = spot_keys(np.concatenate((xy, there)))
    return np.asarray(pd.Series(spots[: len(xy)]).isin(spots[len(xy) :]))


def _to_segment(spots: Floats, start: Floats, end: Floats) -> Floats:
    along = end - start
    length = (along**2).sum(axis=1)
    share = np.divide(
        ((spots - start) * along).sum(axis=1), length, out=np.zeros(len(spots)), where=length > 0
    )
    foot = start + np.clip(share, 0.0, 1.0)[:, None] * along
    return np.asarray(np.hypot(*(spots - foot).T))
