"""Noding: lines cut where they meet, and joined where they nearly do.

Question   At which points do these lines meet, and which stretches lie between?
Enters     Lines in a measuring CRS, each on its level: 0 ground, above bridges, below tunnels.
Leaves     Nodes, edges with their vertices, and a count of what was joined.
Elsewhere  Which lines, which level: prepare/paths. The network: prepare/walkways.

Lines of one level meet wherever they cross or touch, and so does a line with itself. Where a bend
lies a little beside a line, as on a street that two layers draw, a link joins them. Lines of
unlike levels meet only where the one farther from the ground ends: anywhere on the other, unless
it goes on from there on its own level; or where one ends at a vertex of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from greenspace.prepare.encounters import encounters
from greenspace.prepare.stretches import (
    COLLAPSED_M,
    SAME_SPOT_M,
    Cuts,
    assembled,
    cut_lines,
    drawn_lines,
    nodes_of,
    turning_points,
    with_links,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.prepare.encounters import Crossings, Touches
    from greenspace.prepare.stretches import Drawn, Stretches

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Lines = NDArray[np.object_]

BESIDE_M = 0.1  # what a parallel of latitude of 2 to 3 km swerves from the straight line
WAY_ROUND = 4  # a line is joined to itself where the way along it is this many times the gap


@dataclass(frozen=True, slots=True)
class Noded:
    """Lines after noding.

    Attributes
    ----------
    stretches
        Nodes, edges, vertices and the line of each edge.
    links_m, links_level
        Lengths and levels of the links added where an end or a bend nearly met another line; they
        are the lines after the last one given.
    bends
        How many of the links start from a bend.
    crossings
        Places inside two lines where both were cut.
    passed
        Pairs of lines of unlike levels that cross without meeting.
    """

    stretches: Stretches
    links_m: Floats
    links_level: Ints
    bends: int
    crossings: int
    passed: int


def node_lines(lines: Lines, level: Ints, *, tolerance_m: float) -> Noded:
    """Return the network of some lines, each longer than nothing and without repeated points.

    Parameters
    ----------
    lines, level
        Lines and the level of each.
    tolerance_m
        An end that meets at most one other line is linked to the nearest line within this.

    Examples
    --------
    >>> import shapely
    >>> cross = shapely.from_wkt(["LINESTRING (0 1, 2 1)", "LINESTRING (1 0, 1 2)"])
    >>> noded = node_lines(cross, np.array([0, 0]), tolerance_m=0.5)
    >>> len(noded.stretches.nodes), len(noded.stretches.edges), noded.crossings
    (5, 4, 1)
    >>> node_lines(cross, np.array([0, 1]), tolerance_m=0.5).passed
    1
    """
    drawn = drawn_lines(lines)
    end_m = max(tolerance_m, SAME_SPOT_M)
    crossings, touches = encounters(drawn, end_m=end_m, bend_m=BESIDE_M)
    touches = touches.of(_not_its_own_course(touches))
    may, meets = _judged(touches, level)
    on_level = level[crossings.here] == level[crossings.there]
    here, there = _spots(crossings.of(on_level), touches.of(meets))
    links = touches.of(_linked(touches, may & ~meets, meets, (here, there), tolerance_m))
    tips = turning_points(drawn)
    own = here.and_(tips).and_(Cuts(links.own, links.own_at, links.xy))
    other = there.and_(tips).and_(Cuts(links.line, links.at, links.foot))
    pieces, stop = cut_lines(drawn, own.and_(other))
    spots, ends = np.split(stop.reshape(2, -1).T, [len(own.line) - len(links.own)])
    node = nodes_of(spots, len(pieces.stop_xy))
    once = _once(node[ends])
    links, ends = links.of(once), ends[once]
    pieces = with_links(pieces, ends, len(lines) + np.arange(len(ends)))
    links_level = level[links.own]
    return Noded(
        stretches=assembled(pieces, node, np.abs(np.r_[level, links_level])),
        links_m=links.gap_m,
        links_level=links_level,
        bends=int((~links.end).sum()),
        crossings=_inside(drawn, here, there),
        passed=_passed(crossings, touches, level, meets),
    )


def _not_its_own_course(touches: Touches) -> Mask:
    """Return the touches that are more than a line lying near itself beside each of its bends."""
    least = np.where(
        touches.gap_m <= SAME_SPOT_M, COLLAPSED_M, WAY_ROUND * np.maximum(touches.gap_m, BESIDE_M)
    )
    far: Mask = (np.abs(touches.own_at - touches.at) > least) | (touches.own != touches.line)
    return far


def _judged(touches: Touches, level: Ints) -> tuple[Mask, Mask]:
    """Return which touches may be joined across a gap, and which meet."""
    near = touches.gap_m <= SAME_SPOT_M
    own, other = level[touches.own], level[touches.line]
    same = own == other
    goes_on = np.isin(touches.vertex, touches.vertex[near & same & (touches.own != touches.line)])
    at_bend = touches.bend_m <= SAME_SPOT_M
    lands = touches.end & (np.abs(own) > np.abs(other)) & (~goes_on | at_bend)
    return same | lands, near & (same | lands | (touches.end & at_bend))


def _spots(crossings: Crossings, met: Touches) -> tuple[Cuts, Cuts]:
    """Return the places on two lines that are one spot, in the same order for both."""
    xy = np.concatenate([crossings.xy, met.xy])
    here = np.concatenate([crossings.here, met.own])
    there = np.concatenate([crossings.there, met.line])
    here_at = np.concatenate([crossings.here_at, met.own_at])
    return Cuts(here, here_at, xy), Cuts(there, np.concatenate([crossings.there_at, met.at]), xy)


def _linked(
    touches: Touches, gap: Mask, meets: Mask, spots: tuple[Cuts, Cuts], tolerance_m: float
) -> Mask:
    """Return the gaps that get a link: every one beside a line, and the nearest of a loose end.

    None where the two lines, or the line that the end meets and the other, are joined close by.
    """
    met = touches.of(meets & touches.end & (touches.own != touches.line))
    new = np.r_[True, (np.diff(met.vertex) != 0) | (np.diff(met.line) != 0)][: len(met.vertex)]
    met = met.of(new)
    near = np.where(touches.end, 2 * tolerance_m, 2 * BESIDE_M)
    wanted = np.flatnonzero(gap)
    asked = touches.of(wanted)
    joined = _joined(spots, asked.own, asked.line, asked.own_at, near[wanted])
    first = np.searchsorted(met.vertex, asked.vertex)
    lines_met = np.searchsorted(met.vertex, asked.vertex, side="right") - first
    by_one = np.flatnonzero((lines_met == 1) & (asked.own != asked.line))
    beside = met.of(first[by_one])
    joined[by_one] |= _joined(
        spots, beside.line, asked.line[by_one], beside.at, near[wanted[by_one]]
    )
    linked = np.zeros(len(gap), dtype=bool)
    linked[wanted[~joined & (asked.gap_m <= BESIDE_M)]] = True
    loose = np.flatnonzero(~joined & asked.end & (lines_met <= 1))
    loose = loose[np.lexsort((asked.gap_m[loose], asked.vertex[loose]))]
    _, nearest = np.unique(asked.vertex[loose], return_index=True)
    linked[wanted[loose[nearest]]] = True
    return linked


def _joined(spots: tuple[Cuts, Cuts], own: Ints, other: Ints, at: Floats, near: Floats) -> Mask:
    """Return whether a line is one spot with another within some way along it of a place."""
    here, there = spots
    line = np.concatenate([here.line, there.line])
    if not len(line) or not len(own):
        return np.zeros(len(own), dtype=bool)
    beyond = np.concatenate([there.line, here.line])
    count = 1 + max(line.max(), own.max(), other.max())
    pairs, pair = np.unique(line * count + beyond, return_inverse=True)
    along = np.concatenate([here.at, there.at])
    stride = 1 + max(along.max(), at.max()) + 2 * near.max()
    places = np.sort(pair * stride + along)
    asked = own * count + other
    rank = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    low = np.searchsorted(places, rank * stride + at - near)
    high = np.searchsorted(places, rank * stride + at + near, side="right")
    joined: Mask = (pairs[rank] == asked) & (low < high)
    return joined


def _once(ends: Ints) -> Ints:
    """Return the links between two nodes, one for each pair."""
    pairs = np.sort(ends, axis=1)
    _, first = np.unique(pairs, axis=0, return_index=True)
    once: Ints = np.sort(first[pairs[first, 0] != pairs[first, 1]])
    return once


def _inside(drawn: Drawn, here: Cuts, there: Cuts) -> int:
    """Return at how many places two lines are one spot between their ends."""
    inside = np.ones(len(here.line), dtype=bool)
    for cuts in (here, there):
        inside &= np.minimum(cuts.at, drawn.length_m[cuts.line] - cuts.at) > SAME_SPOT_M
    return len(np.unique(np.round(here.xy[inside] / SAME_SPOT_M), axis=0))


def _passed(crossings: Crossings, touches: Touches, level: Ints, meets: Mask) -> int:
    """Return how many pairs of lines of unlike levels cross without meeting."""
    over = touches.of((touches.gap_m <= SAME_SPOT_M) & ~meets)
    here = np.concatenate([crossings.here, over.own])
    there = np.concatenate([crossings.there, over.line])
    unlike = level[here] != level[there]
    met = _pairs(touches.own[meets], touches.line[meets], len(level))
    return len(np.setdiff1d(_pairs(here[unlike], there[unlike], len(level)), met))


def _pairs(here: Ints, there: Ints, count: int) -> Ints:
    pairs: Ints = np.minimum(here, there) * count + np.maximum(here, there)
    return pairs
