"""Junctions: where a gap between parcels branches, and the cuts that make arms of it.

Question   Where is a gap to be cut so that each piece lies between two parcels?
Enters     Thin faces that no parcel covers, and the parcels around them.
Leaves     Short lines across the gaps.
Elsewhere  Making faces: delimit/fabric. Who takes each arm: delimit/ownership.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.model.green_line import GRID_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.delimit.fabric import Shapes

BRANCH = 3  # parcels within reach of one corner


def cuts_across(
    gaps: Shapes, parcels: Shapes, thin_m: float, followed: Sequence[Any] = ()
) -> list[Any]:
    """Return lines across gaps, from each corner that three parcels are near to the others.

    Edges that are `followed`, as of a road, count like a parcel: a gap may run into the strip
    along one.

    A gap that one parcel lies along from end to end is left whole.

    Examples
    --------
    >>> three = np.array([shapely.box(0, 0, 9, 9), shapely.box(9.2, 0, 20, 4), shapely.box(9.2, 4.2, 20, 9)])
    >>> gap = shapely.difference(shapely.box(9, 0, 20, 9), shapely.union_all(three))
    >>> sorted({round(line.length, 3) for line in cuts_across(np.array([gap]), three, 0.5)})
    [0.2]
    """
    tree = shapely.STRtree(parcels)
    edges = [_segments(ground) for ground in followed]
    found: list[Any] = []
    for gap in gaps:
        near = parcels[np.sort(tree.query(gap, predicate="dwithin", distance=2 * GRID_M))]
        corners = shapely.points(np.unique(shapely.get_coordinates(gap), axis=0))
        away = shapely.distance(corners[:, None], near)
        if not len(near) or (away.max(axis=0) <= 2 * thin_m).any():
            continue
        beside = [lines[tree.query(gap, "dwithin", thin_m)] for lines, tree in edges]
        others = [shapely.multilinestrings(lines) for lines in beside if len(lines)]
        near = np.array([*near, *others], dtype=object)
        away = shapely.distance(corners[:, None], near)
        branch = (away <= thin_m).sum(axis=1) >= BRANCH
        corner, parcel = np.nonzero((away <= thin_m) & (away > GRID_M) & branch[:, None])
        found += list(shapely.shortest_line(corners[corner], near[parcel]))
    return found


def _segments(ground: Any) -> tuple[Shapes, shapely.STRtree]:
    """Return the edges of some ground one by one, and where to find them."""
    xy, ring = shapely.get_coordinates(shapely.get_parts(ground.boundary), return_index=True)
    inner = ring[1:] == ring[:-1]
    lines = shapely.linestrings(np.stack((xy[:-1][inner], xy[1:][inner]), axis=1))
    return lines, shapely.STRtree(lines)
