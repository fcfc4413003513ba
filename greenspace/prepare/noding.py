"""Noding: lines cut where they meet, and joined where they nearly do.

Question   At which points do these lines meet, and which stretches lie between?
Enters     Lines in a measuring CRS, each on its level: 0 ground, above bridges, below tunnels.
Leaves     Nodes, edges with their vertices, and a count of what was joined.
Elsewhere  Which lines, which level: prepare/paths. The network: prepare/walkways.

Lines of one level meet wherever they cross or touch. Lines of unlike levels meet only where one
of them ends: the one farther from the ground anywhere on the other, the other at a vertex of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import GeometryType

from greenspace.prepare.encounters import encounters
from greenspace.prepare.stretches import SAME_SPOT_M, Cuts, assembled, cut_lines, distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.stretches import Stretches

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Lines = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Noded:
    """Lines after noding.

    Attributes
    ----------
    stretches
        Nodes, edges, vertices and the line of each edge.
    links_m, links_level
        Lengths and levels of the links added where an end nearly met another line; they are the
        lines after the last one given.
    crossings
        Places inside two lines where both were cut.
    passed
        Pairs of lines of unlike levels that cross without meeting.
    """

    stretches: Stretches
    links_m: Floats
    links_level: Ints
    crossings: int
    passed: int


@dataclass(frozen=True, slots=True)
class _Touches:
    """Ends of lines (``end``, of line ``own``) that lie on or near a line, and whether they meet."""

    end: Ints
    own: Ints
    line: Ints
    xy: Floats
    gap_m: Floats
    may: Mask
    meets: Mask


@dataclass(frozen=True, slots=True)
class _Links:
    """New lines from the end of one line to a point of another."""

    lines: Lines
    source: Ints
    target: Ints
    foot: Floats


def simple_lines(lines: Lines) -> tuple[Lines, Ints]:
    """Return lines that do not cross themselves, and the line that each is a part of.

    Examples
    --------
    >>> loop = shapely.from_wkt(["LINESTRING (0 0, 2 0, 2 1, 1 1, 1 -1)"])
    >>> parts, source = simple_lines(loop)
    >>> shapely.length(parts).tolist(), source.tolist()
    ([1.0, 4.0, 1.0], [0, 0, 0])
    """
    own = np.arange(len(lines), dtype=np.int64)
    crossed = ~shapely.is_simple(lines)
    if not crossed.any():
        return lines, own
    parts, part_of = shapely.get_parts(shapely.node(lines[crossed]), return_index=True)
    whole = np.concatenate([lines[~crossed], parts])
    source = np.concatenate([own[~crossed], own[crossed][part_of]])
    order = np.argsort(source, kind="stable")
    return whole[order], source[order]


def node_lines(lines: Lines, level: Ints, *, tolerance_m: float) -> Noded:
    """Return the network of some lines; each is longer than nothing and does not cross itself.

    Parameters
    ----------
    lines, level
        Lines and the level of each.
    tolerance_m
        An end that meets at most one other line is linked to the nearest line within this.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 1, 2 1)", "LINESTRING (1 0, 1 2)"])
    >>> noded = node_lines(cross, np.array([0, 0]), tolerance_m=0.5)
    >>> len(noded.stretches.nodes), len(noded.stretches.edges), noded.crossings
    (5, 4, 1)
    >>> node_lines(cross, np.array([0, 1]), tolerance_m=0.5).passed
    1
    """
    tree = shapely.STRtree(lines)
    here, there = encounters(lines, tree)
    level_ground = level[here] == level[there]
    cuts, crossings = _meetings(lines, here[level_ground], there[level_ground])
    touches = _touches(lines, level, tree, tolerance_m)
    links = _links(lines, touches, tolerance_m)
    joins = Cuts(
        np.concatenate([touches.line[touches.meets], links.target]),
        np.concatenate([touches.xy[touches.meets], links.foot]),
    )
    pieces = cut_lines(np.concatenate([lines, links.lines]), cuts.and_(joins))
    ends_level = level[np.concatenate([touches.own[touches.meets], links.source])]
    stretches = assembled(pieces, np.concatenate([level, level[links.source]]), joins, ends_level)
    passed = _passed(here[~level_ground], there[~level_ground], touches, len(lines))
    return Noded(stretches, shapely.length(links.lines), level[links.source], crossings, passed)


def _meetings(lines: Lines, here: Ints, there: Ints) -> tuple[Cuts, int]:
    """Return where pairs of lines meet: points, and the ends of what they share."""
    shared = shapely.intersection(lines[here], lines[there])
    parts, pair = shapely.get_parts(shared, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    pair = pair[inner]
    kind = shapely.get_type_id(parts)
    spots, runs = kind == GeometryType.POINT, kind == GeometryType.LINESTRING
    points = np.concatenate(
        [parts[spots], shapely.get_point(parts[runs], 0), shapely.get_point(parts[runs], -1)]
    )
    pair = np.concatenate([pair[spots], pair[runs], pair[runs]])
    xy = shapely.get_coordinates(points)
    inside = _inside(lines[here[pair]], xy) & _inside(lines[there[pair]], xy)
    crossings = len(np.unique(np.round(xy[inside] / SAME_SPOT_M), axis=0))
    return Cuts(np.concatenate([here[pair], there[pair]]), np.concatenate([xy, xy])), crossings


def _inside(lines: Lines, xy: Floats) -> Mask:
    """Return whether points lie apart from both ends of their line."""
    away = [
        np.hypot(*(shapely.get_coordinates(shapely.get_point(lines, place)) - xy).T)
        for place in (0, -1)
    ]
    inside: Mask = np.minimum(*away) > SAME_SPOT_M
    return inside


def _touches(lines: Lines, level: Ints, tree: shapely.STRtree, tolerance_m: float) -> _Touches:
    """Return which ends lie within reach of another line, and which of them meet it."""
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    spots, spot = distinct(shapely.get_coordinates(ends))
    points = shapely.points(spots)
    reach = max(tolerance_m, SAME_SPOT_M)
    near_spot, near_line = tree.query(points, predicate="dwithin", distance=reach)
    near_m = shapely.distance(points[near_spot], lines[near_line])
    end, place = _each_end(spot, near_spot, len(spots))
    line, gap_m, own = near_line[place], near_m[place], end % len(lines)
    other = own != line
    end, own, line, gap_m = end[other], own[other], line[other], gap_m[other]
    near = gap_m <= SAME_SPOT_M
    may = (level[own] == level[line]) | (np.abs(level[own]) > np.abs(level[line]))
    asked = np.flatnonzero(near & ~may)
    meets = near & may
    meets[asked] = _at_vertex(ends[end[asked]], lines[line[asked]])
    return _Touches(end, own, line, spots[spot[end]], gap_m, may, meets)


def _each_end(spot: Ints, asked: Ints, count: int) -> tuple[Ints, Ints]:
    """Return, for answers about spots, every end at the spot of each answer."""
    ends = np.argsort(spot, kind="stable")
    sizes = np.bincount(spot, minlength=count)
    start = np.cumsum(sizes) - sizes
    place = np.repeat(np.arange(len(asked)), sizes[asked])
    within = np.arange(len(place)) - np.repeat(np.cumsum(sizes[asked]) - sizes[asked], sizes[asked])
    return ends[start[asked[place]] + within], place


def _at_vertex(points: Lines, lines: Lines) -> Mask:
    """Return whether points lie at a vertex of their line."""
    coords, owner = shapely.get_coordinates(lines, return_index=True)
    if not len(lines):
        return np.zeros(0, dtype=bool)
    vertices = shapely.multipoints(shapely.points(coords), indices=owner)
    at: Mask = shapely.distance(points, vertices) <= SAME_SPOT_M
    return at


def _links(lines: Lines, touches: _Touches, tolerance_m: float) -> _Links:
    """Return links from loose ends to the nearest line that they do not meet already."""
    ends = 2 * len(lines)
    met = np.bincount(touches.end[touches.meets], minlength=ends)
    partner = np.full(ends, -1, dtype=np.int64)
    partner[touches.end[touches.meets]] = touches.line[touches.meets]
    gap = ~touches.meets & touches.may & (touches.gap_m > SAME_SPOT_M)
    wanted = np.flatnonzero(gap & (touches.gap_m <= tolerance_m) & (met[touches.end] <= 1))
    near = 2 * tolerance_m
    points, targets = shapely.points(touches.xy[wanted]), lines[touches.line[wanted]]
    with_own = shapely.intersection(lines[touches.own[wanted]], targets)
    beside = partner[touches.end[wanted]]
    with_partner = shapely.intersection(lines[beside], targets)
    joined = shapely.distance(points, with_own) <= near
    joined |= (beside >= 0) & (shapely.distance(points, with_partner) <= near)
    wanted = wanted[~joined]
    nearest = wanted[np.lexsort((touches.gap_m[wanted], touches.end[wanted]))]
    _, one_each = np.unique(touches.end[nearest], return_index=True)
    chosen = nearest[one_each]
    return _linked(lines, touches.own[chosen], touches.line[chosen], touches.xy[chosen])


def _linked(lines: Lines, source: Ints, target: Ints, xy: Floats) -> _Links:
    """Return the links of some ends; one that two ends ask for is made once."""
    along = shapely.line_locate_point(lines[target], shapely.points(xy))
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[target], along))
    back = (xy[:, 0] > foot[:, 0]) | ((xy[:, 0] == foot[:, 0]) & (xy[:, 1] > foot[:, 1]))
    both = np.where(back[:, None], np.hstack([foot, xy]), np.hstack([xy, foot]))
    _, kept = np.unique(np.round(both / SAME_SPOT_M), axis=0, return_index=True)
    kept.sort()
    made = shapely.linestrings(np.stack([xy[kept], foot[kept]], axis=1))
    return _Links(np.asarray(made, dtype=object), source[kept], target[kept], foot[kept])


def _passed(here: Ints, there: Ints, touches: _Touches, count: int) -> int:
    """Return how many crossing pairs of unlike levels do not meet."""
    own, line = touches.own[touches.meets], touches.line[touches.meets]
    met = np.minimum(own, line) * count + np.maximum(own, line)
    return int((~np.isin(here * count + there, met)).sum())
