"""Old trees: the ground to protect around a single tree, and around a stand of them.

Question   Which ground lies within 5 m of a crown, or within 20 trunk diameters of the trunk?
Enters     Trunks as points in a plane of metres, widths of crowns and trunks in metres.
Leaves     Polygons that hold all of that ground; they are never smaller than the rule.
Elsewhere  Reading widths: prepare/tree_register. What is built there: delimit/tree_conflicts.

Every part of a zone is convex, so it is drawn from its support function: the distance of its
tangent from the trunk, for `TANGENTS` directions. The polygon of these tangents holds the round
shape and touches it at every side. Around a circle its area is 0.0050 % too large, and its corners
stand out by 0.0075 % of the radius: 1.5 mm at 20 m. A GEOS buffer is as much too small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[Any]

CROWN_MARGIN_M = 5.0
DBH_MULTIPLE = 20.0
TANGENTS = 256
CHUNK = 4_000
CORNER = 1.0 / np.cos(np.pi / TANGENTS) - 1.0  # how far corners stand out, of the radius
ROUNDING_M = 1e-6  # above the last digits of coordinates in the millions


def crowns(points: Floats, half_ew: Floats, half_ns: Floats, margin_m: float = 0.0) -> Shapes:
    """Return the ground within a margin of each crown; ``None`` where its width is not known.

    Parameters
    ----------
    points
        x (east) and y (north) of each trunk, in metres.
    half_ew, half_ns
        Half the widths of the crown, an ellipse around the trunk; NaN where not known.
    margin_m
        How far outside the crown; 0 for its projection.

    Examples
    --------
    A crown of 10 m reaches 10 m with its margin of 5 m.

    >>> zone = crowns(np.zeros((1, 2)), np.array([5.0]), np.array([5.0]), 5.0)[0]
    >>> round(zone.area / (np.pi * 10**2), 4)
    1.0001
    """
    cos, sin = _directions()

    def support(rows: NDArray[np.int64]) -> Floats:
        reach = np.hypot(np.outer(half_ew[rows], cos), np.outer(half_ns[rows], sin))
        return np.asarray(reach + margin_m)

    return _drawn(points, np.isfinite(half_ew) & np.isfinite(half_ns), support)


def discs(points: Floats, radius: Floats) -> Shapes:
    """Return the ground within a radius of each point; ``None`` where it is NaN.

    Examples
    --------
    >>> disc = discs(np.zeros((1, 2)), np.array([10.0]))[0]
    >>> bool(shapely.Point(0, 0).buffer(9.9999, quad_segs=500).within(disc))
    True
    """
    return crowns(points, radius, radius)


def trunk_reach_m(dbh_m: Floats, multiple: float = DBH_MULTIPLE) -> Floats:
    """Return how far the rule of trunk diameters reaches from the middle of the trunk.

    It is measured from the outer edge of the trunk: ``dbh / 2 + multiple * dbh``.

    Examples
    --------
    A trunk of 0.80 m: 0.40 + 20 * 0.80.

    >>> float(trunk_reach_m(np.array([0.8]))[0])
    16.4
    """
    return np.asarray(dbh_m / 2.0 + multiple * dbh_m)


def corner_heights_m(crowns: Shapes) -> Floats:
    """Return how far the corners of drawn crowns may stand out of them; NaN where there is none.

    Examples
    --------
    >>> crown = discs(np.zeros((1, 2)), np.array([20.0]))
    >>> round(float(corner_heights_m(crown)[0]), 4)
    0.0015
    """
    west, south, east, north = shapely.bounds(crowns).T
    return np.asarray(CORNER * np.fmax(east - west, north - south) / 2.0 + ROUNDING_M)


def single_zones(around_crown: Shapes, around_trunk: Shapes) -> Shapes:
    """Return the union of both parts of each tree; ``None`` where it has neither.

    Where one part holds the other, the zone is that part itself.
    """
    none = shapely.is_missing(around_crown)
    zones = np.where(none, around_trunk, around_crown)
    both = np.flatnonzero(~none & ~shapely.is_missing(around_trunk))
    crown, trunk = around_crown[both], around_trunk[both]
    larger = shapely.contains(trunk, crown)
    apart = ~larger & ~shapely.contains(crown, trunk)
    zones[both[larger]] = trunk[larger]
    zones[both[apart]] = shapely.union(crown[apart], trunk[apart])
    return np.asarray(zones, dtype=object)


def stand_zone(around_crowns: Shapes, outline: str = "hull") -> Any:
    """Return the zone of one stand, from the ground within 5 m of each of its crowns.

    Parameters
    ----------
    around_crowns
        Of every tree of the stand whose crown is known.
    outline
        ``hull``: what a string around the outermost of them encloses, which is the ground within
        5 m of the hull of the crowns. ``crowns``: they themselves, and what they enclose.

    Examples
    --------
    Two crowns of 10 m, 30 m apart: a rectangle of 30 m by 20 m and two half circles of 10 m.

    >>> both = crowns(np.array([[0.0, 0.0], [30.0, 0.0]]), np.full(2, 5.0), np.full(2, 5.0), 5.0)
    >>> round(stand_zone(both).area / (30 * 20 + np.pi * 10**2), 4)
    1.0
    """
    union = shapely.union_all(around_crowns)
    if outline == "hull":
        return shapely.convex_hull(union)
    rings = shapely.get_exterior_ring(shapely.get_parts(union))
    return shapely.union_all(shapely.polygons(rings))


def widest_gap_m(shapes: Shapes) -> float:
    """Return the longest step that must be taken to walk from each shape to every other.

    Examples
    --------
    >>> float(widest_gap_m(shapely.box([0, 3, 20], 0, [1, 4, 21], 1)))
    16.0
    """
    if not len(shapes):
        return 0.0
    nearest = np.asarray(shapely.distance(shapes, shapes[0]))
    waiting = np.ones(len(shapes), dtype=bool)
    waiting[0] = False
    widest = 0.0
    while waiting.any():
        row = int(np.flatnonzero(waiting)[np.argmin(nearest[waiting])])
        widest = max(widest, float(nearest[row]))
        waiting[row] = False
        nearest = np.minimum(nearest, shapely.distance(shapes, shapes[row]))
    return widest


def _directions() -> tuple[Floats, Floats]:
    turn = np.arange(TANGENTS) * (2.0 * np.pi / TANGENTS)
    return np.cos(turn), np.sin(turn)


def _drawn(points: Floats, known: NDArray[np.bool_], support: Any) -> Shapes:
    """Return the polygon whose sides are the tangents at these distances from each point."""
    shapes = np.full(len(points), None, dtype=object)
    cos, sin = _directions()
    next_cos, next_sin = np.roll(cos, -1), np.roll(sin, -1)
    wide = np.sin(2.0 * np.pi / TANGENTS)
    for rows in np.array_split(np.flatnonzero(known), max(1, int(known.sum()) // CHUNK)):
        near = support(rows)
        far = np.roll(near, -1, axis=1)
        x = points[rows, :1] + (near * next_sin - far * sin) / wide
        y = points[rows, 1:] + (far * cos - near * next_cos) / wide
        shapes[rows] = shapely.polygons(np.stack([x, y], axis=-1))
    return shapes
