"""Rims: where paths, bridges and tunnels enter a park.

Question   Where does the network lead into a park, and which pieces of it do?
Enters     Parts of parks and a network in the measuring CRS.
Leaves     Points, each with its part, and the pieces of the network that enter each part.
Elsewhere  Gates, and parts that nothing enters: prepare/gates.

What a line says about a point of the edge depends on the line near by only. So a line that is cut
at a vertex makes the same points, and no line takes a point away from another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from greenspace.prepare.stretches import SAME_SPOT_M
from greenspace.prepare.walkways import TOLERANCE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

RUN_M = 0.1  # what runs along the edge for less only touches it


class Meetings(NamedTuple):
    """Points where lines enter parks: place, park and line; a place may stand more than once."""

    xy: Floats
    park: Ints
    line: Ints


def entered(
    parks: Shapes, network: WalkNetwork, tree: shapely.STRtree, step: float
) -> tuple[tuple[Ints, Floats], Ints]:
    """Return where a network enters parks, each with its park, and rows of park and piece.

    Parameters
    ----------
    parks
        Polygons, each a park or a part of one.
    network, tree
        The network, and a tree of its lines.
    step
        Distance of points where a line runs along an edge.

    Examples
    --------
    >>> from greenspace.model.network import WalkNetwork
    >>> network = WalkNetwork.of_edges([(5, 5), (5, 20)], [(0, 1)])
    >>> tree = shapely.STRtree(network.lines)
    >>> (park, xy), crossed = entered(shapely.box([0.0], 0, 10, 10), network, tree, 50)
    >>> park.tolist(), xy.tolist(), crossed.tolist()
    ([0], [[5.0, 10.0]], [[0, 0]])
    """
    lines: Shapes = tree.geometries
    park, line = tree.query(shapely.boundary(parks), predicate="dwithin", distance=TOLERANCE_M)
    ground = network.on_ground[line]
    walked = meetings(parks, lines, park[ground], line[ground].astype(np.int64), step)
    above = np.flatnonzero(~network.on_ground)
    over = shapely.STRtree(lines[above])
    park, line = over.query(parks, predicate="dwithin", distance=TOLERANCE_M)
    landed = _landings(parks, network, lines, park, above[line])
    both = Meetings(*(np.concatenate(pair) for pair in zip(walked, landed, strict=True)))
    crossed: Ints = np.unique(np.column_stack([both.park, network.piece(both.line)]), axis=0)
    return (both.park, both.xy), crossed


def _landings(
    parks: Shapes, network: WalkNetwork, lines: Shapes, park: Ints, line: Ints
) -> Meetings:
    """Return the ends, on the ground or loose, of bridges and tunnels that lead into parks.

    Those that hang together lead into a park if one of them leaves it, at whichever end.
    """
    chain = _chains(network)[line]
    out = shapely.length(shapely.difference(lines[line], parks[park])) > SAME_SPOT_M
    key = park * len(network.edges) + chain
    leads = np.isin(key, key[out])
    node = network.edges[line]
    near = shapely.dwithin(parks[park][:, None], shapely.points(network.nodes[node]), TOLERANCE_M)
    row, end = np.nonzero(near & network.open_nodes[node] & leads[:, None])
    return Meetings(network.nodes[node[row, end]], park[row], line[row])


def _chains(network: WalkNetwork) -> Ints:
    """Return, by edge, which bridges and tunnels hang together by their nodes."""
    here, there = network.edges[~network.on_ground].T
    size = len(network.nodes)
    links = coo_array((np.ones(len(here), dtype=bool), (here, there)), shape=(size, size))
    label: Ints = connected_components(links, directed=False)[1].astype(np.int64)
    return label[network.edges[:, 0]]


def meetings(parks: Shapes, lines: Shapes, park: Ints, line: Ints, step: float) -> Meetings:
    """Return where lines meet the edges of parks from outside, or run along them.

    A line meets an edge where it comes within the tolerance of joining ends: at its own vertices,
    and at points of the edge at most `step` apart. A line inside that ends at the edge leads
    nowhere.

    Parameters
    ----------
    parks, lines
        Polygons, and lines on the ground.
    park, line
        Pairs to look at, such as all within the tolerance.
    step
        Distance of points where a line runs along the edge.

    Examples
    --------
    >>> park = shapely.box([0.0], 0, 100, 100)
    >>> lines = shapely.from_wkt(["LINESTRING (50 200, 50 100.4)", "LINESTRING (9 9, 9 100)"])
    >>> np.unique(meetings(park, lines, np.array([0, 0]), np.array([0, 1]), 50).xy, axis=0).tolist()
    [[50.0, 100.0]]
    """
    rims = shapely.boundary(parks)
    shapely.prepare(rims)
    beyond, outer = _outside(parks, lines, park, line)
    segments, runs, inner = _along(rims, lines, park, line)
    spots = [
        _vertices(beyond, rims[park[outer]], TOLERANCE_M),
        _vertices(segments, runs, 2 * SAME_SPOT_M),
    ]
    own = np.concatenate([outer[spots[0][1]], inner[spots[1][1]]])
    points = np.concatenate([spots[0][0], spots[1][0]])
    feet = shapely.get_point(shapely.shortest_line(rims[park[own]], points), 0)
    pair = np.concatenate([outer, inner])
    along, way = _of_edges(rims, np.concatenate([beyond, runs]), park[pair], step)
    both = np.concatenate([own, pair[way]])
    return Meetings(np.concatenate([shapely.get_coordinates(feet), along]), park[both], line[both])


def _outside(parks: Shapes, lines: Shapes, park: Ints, line: Ints) -> tuple[Shapes, Ints]:
    """Return what of each pair's line lies outside its park, and the pair."""
    beyond = shapely.difference(lines[line], parks[park])
    parts, pair = shapely.get_parts(beyond, return_index=True)
    out = shapely.length(parts) > SAME_SPOT_M
    return parts[out], pair[out]


def _along(rims: Shapes, lines: Shapes, park: Ints, line: Ints) -> tuple[Shapes, Shapes, Ints]:
    """Return segments that run along the edge of their pair's park, the stretches, and the pair."""
    xy, owner = shapely.get_coordinates(lines[line], return_index=True)
    here = np.flatnonzero(owner[:-1] == owner[1:])
    segments = shapely.linestrings(np.stack([xy[here], xy[here + 1]], axis=1))
    pair = owner[here]
    close = shapely.dwithin(rims[park[pair]], segments, SAME_SPOT_M)
    segments, pair = segments[close], pair[close]
    beside = shapely.buffer(segments, SAME_SPOT_M, quad_segs=1)
    shared = shapely.intersection(rims[park[pair]], beside)
    parts, segment = shapely.get_parts(shared, return_index=True)
    runs = shapely.length(parts) > RUN_M
    return segments[segment[runs]], parts[runs], pair[segment[runs]]


def _vertices(lines: Shapes, near: Shapes, within_m: float) -> tuple[Shapes, Ints]:
    """Return the vertices of lines that lie near a shape each, and which line's they are."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    points = shapely.points(xy)
    close = shapely.dwithin(points, near[owner], within_m)
    return points[close], owner[close]


def _of_edges(rims: Shapes, ways: Shapes, park: Ints, step: float) -> tuple[Floats, Ints]:
    """Return points of edges, at most `step` apart, that ways come near, and the ways."""
    rows = np.unique(park)
    xy, owner = shapely.get_coordinates(shapely.segmentize(rims[rows], step), return_index=True)
    point, way = shapely.STRtree(ways).query(
        shapely.points(xy), predicate="dwithin", distance=TOLERANCE_M
    )
    own = park[way] == rows[owner[point]]
    return xy[point[own]], way[own]
