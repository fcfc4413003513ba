"""Tree conflicts: projects on the ground of old trees, and graded land close to their crowns.

Question   How much of which zone does a project take, and how near does it come to the tree?
Enters     Zones, crowns and trunks with the zone of each, and projects, all in one plane.
Leaves     One row for each project on each zone, and for each project near a crown.
Elsewhere  Drawing the zones: delimit/old_trees. Words and ledgers: tree_protection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.delimit.old_trees import corner_heights_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

TOUCH_M2 = 1e-6


@dataclass(frozen=True, slots=True)
class Taken:
    """Projects on zones, one entry each, the largest area first.

    ``tree`` is the nearest one of the zone; ``crown_gap_m`` NaN where no crown is known.
    """

    zone: Ints
    project: Ints
    tree: Ints
    ground: Shapes
    area_m2: Floats
    crown_m2: Floats
    distance_m: Floats
    crown_gap_m: Floats


def taken(
    zones: Shapes,
    projects: Shapes,
    trunks: Shapes,
    crowns: Shapes,
    zone_of: Ints,
    corner_m: Floats | float = 0.0,
) -> Taken:
    """Return which projects take ground of which zones.

    Parameters
    ----------
    zones, projects
        Valid polygons.
    trunks, crowns
        Of each tree; a crown is ``None`` where it is not known.
    zone_of
        The zone of each tree, -1 where it has none.
    corner_m
        How far corners of each zone may stand out of the ground that its rule means: a project
        that comes no deeper takes none of it.

    Examples
    --------
    A strip 2 m wide along the east side of a zone of 20 m by 20 m, 8 m from the trunk.

    >>> found = taken(
    ...     shapely.box([0], 0, 20, 20),
    ...     shapely.box([18], -5, 30, 25),
    ...     shapely.points([[10.0, 10.0]]),
    ...     shapely.box([5], 5, 15, 15),
    ...     np.array([0]),
    ... )
    >>> found.area_m2.tolist(), found.distance_m.tolist(), found.crown_gap_m.tolist()
    ([40.0], [8.0], [3.0])
    """
    zone, project = shapely.STRtree(projects).query(zones, predicate="intersects")
    inner = shapely.buffer(zones, -np.asarray(corner_m, dtype=float), join_style="mitre")
    deep = shapely.intersects(inner[zone], projects[project])
    zone, project = zone[deep], project[deep]
    ground = _ground(shapely.intersection(zones[zone], projects[project]))
    area = shapely.area(ground)
    order = np.lexsort((project, zone, -area))
    order = order[area[order] > TOUCH_M2]
    zone, project, ground, area = zone[order], project[order], ground[order], area[order]
    near = np.array(
        [
            _near(trunks, crowns, zone_of == z, projects[p])
            for z, p in zip(zone, project, strict=True)
        ]
    ).reshape(-1, 4)
    return Taken(
        zone, project, near[:, 0].astype(np.int64), ground, area, near[:, 1], near[:, 2], near[:, 3]
    )


def _ground(shapes: Shapes) -> Shapes:
    """Return what is ground of shapes: no edge or corner that an overlay leaves over."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    flat = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    pieces: Shapes = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    shapely.multipolygons(parts[flat], indices=owner[flat], out=pieces)
    return pieces


def _near(
    trunks: Shapes, crowns: Shapes, own: NDArray[np.bool_], project: Any
) -> tuple[float, ...]:
    """Return the nearest tree of a zone, the crowns' ground taken, and both distances."""
    rows = np.flatnonzero(own)
    away = shapely.distance(trunks[rows], project)
    known = crowns[rows][~shapely.is_missing(crowns[rows])]
    if not len(known):
        return float(rows[np.argmin(away)]), 0.0, float(away.min()), np.nan
    covered = shapely.area(shapely.intersection(shapely.union_all(known), project))
    gap = shapely.distance(known, project).min()
    return float(rows[np.argmin(away)]), float(covered), float(away.min()), float(gap)


def near_crowns(crowns: Shapes, projects: Shapes, within_m: float) -> tuple[Ints, Ints, Floats]:
    """Return tree, project and distance wherever a project comes nearer to a crown than this.

    Distances are from the crown as drawn: up to `corner_heights_m` short, which is made allowance
    for.

    Examples
    --------
    >>> tree, project, gap = near_crowns(
    ...     shapely.box([0], 0, 10, 10), shapely.box([14, 19], 0, [16, 21], 10), 8.0
    ... )
    >>> tree.tolist(), project.tolist(), gap.tolist()
    ([0], [0], [4.0])
    """
    known = np.flatnonzero(~shapely.is_missing(crowns))
    found, project = shapely.STRtree(projects).query(
        crowns[known], predicate="dwithin", distance=within_m
    )
    tree = known[found]
    gap = np.asarray(shapely.distance(crowns[tree], projects[project]))
    order = np.lexsort((project, tree, gap))
    order = order[gap[order] + corner_heights_m(crowns[tree[order]]) < within_m]
    return tree[order], project[order], gap[order]
