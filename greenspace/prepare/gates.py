"""Gates: where people on the network enter each park.

Question   Through which points is a park reached, given, crossed by paths, or along its edge?
Enters     Parks, the network, and entrances where somebody surveyed them, in the measuring CRS.
Leaves     Gates with park, offset and origin, and a count of which parks have which.
Elsewhere  Entrances and their parks: prepare/entrances. Walking from gates: measure/network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import GeometryType

from greenspace.errors import InputError
from greenspace.model.gates import Gates
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.entrances import given_gates
from greenspace.prepare.stretches import SAME_SPOT_M

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Spots = tuple[Ints, Floats]  # the park of each point, and where it lies

EVERY_M = 50.0
LEAST_EVERY_M = 1.0
HOW = {
    "given": Text(zh="{parks} 个按给定的（{gates} 处）", en="given for {parks} ({gates} gates)"),
    "crossing": Text(
        zh="{parks} 个由道路与公园边界的交点推定（{gates} 处）",
        en="taken where paths cross the edge for {parks} ({gates})",
    ),
    "edge": Text(
        zh="{parks} 个没有道路相交，沿边界每隔至多 {step} 米取点（{gates} 处）",
        en="points of the edge at most {step} m apart for {parks} that no path crosses ({gates})",
    ),
}


def gates_of(
    parks: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    entrances: gpd.GeoDataFrame | None = None,
    every_m: float | None = None,
) -> Gates:
    """Return the gates of parks: given ones, else crossings of paths, else points of the edge.

    A path crosses where it meets the edge of the park and does not run inside it only. A
    bridge or tunnel counts where it ends in the park, not where it passes over or under it.

    Parameters
    ----------
    parks
        Polygons in the measuring CRS; their ``name`` is looked at where entrances name parks, in capitals too.
    network
        The network in the same CRS.
    entrances
        Points in the same CRS, each a gate of the park that its column ``park`` names, else of
        the nearest one.
    every_m
        Distance between gates on the edge of a park that has no other gate; 50 m by default.

    Raises
    ------
    InputError
        The distance between gates is no length, or less than a metre.
    GeometryError
        The entrances are not points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from greenspace.model.network import WalkNetwork
    >>> squares = [shapely.box(0, 0, 100, 100), shapely.box(300, 0, 400, 100)]
    >>> parks = gpd.GeoDataFrame(geometry=squares, crs=4547)
    >>> street = WalkNetwork.of_edges([(50, 50), (50, 150), (250, 150)], [(0, 1), (1, 2)])
    >>> gates = gates_of(parks, street)
    >>> gates.xy[0].tolist(), gates.origin[0]
    ([50.0, 100.0], 'crossing')
    >>> gates.origin[gates.park == 1].tolist() == ["edge"] * 8
    True
    """
    step = EVERY_M if every_m is None else every_m
    _require_step(step)
    shapes = parks.geometry.to_numpy()
    (owner, points), findings = given_gates(parks, entrances)
    given = _distinct(owner, points)
    lacking = np.setdiff1d(np.arange(len(parks)), given[0])
    crossing = _crossings(shapes, lacking, network, step)
    lacking = np.setdiff1d(lacking, crossing[0])
    edge = _along_edges(shapes, lacking, step)
    spots = {"given": given, "crossing": crossing, "edge": edge}
    park = np.concatenate([owner for owner, _ in spots.values()]).astype(np.int64)
    xy = np.concatenate([points for _, points in spots.values()])
    origin = np.repeat(np.array(list(spots), dtype=object), [len(own) for own, _ in spots.values()])
    return Gates(
        xy=xy,
        park=park,
        offset_m=shapely.distance(shapely.points(xy), shapes[park]),
        origin=origin,
        findings=(*findings, *_told(parks, spots, step)),
        crs=parks.crs,
    )


def _crossings(shapes: NDArray[np.object_], rows: Ints, network: WalkNetwork, step: float) -> Spots:
    """Return where edges of the network meet the edge of a park and lead out of it."""
    lines = network.lines
    tree = shapely.STRtree(lines)
    rims = shapely.boundary(shapes[rows])
    park, line = tree.query(rims, predicate="dwithin", distance=SAME_SPOT_M)
    rims, park, line = rims[park], rows[park], line.astype(np.int64)
    shared = shapely.intersection(lines[line], rims)
    beyond = shapely.length(shapely.difference(lines[line], shapes[park])) > SAME_SPOT_M
    leads = beyond | (shapely.length(shared) > SAME_SPOT_M)
    leads &= _on_ground(network, line) | _ends_inside(network, line, shapes[park])
    missed = shapely.is_empty(shared)  # within a millimetre, but not on it
    shared[missed] = shapely.get_point(shapely.shortest_line(lines[line], rims)[missed], 0)
    return _distinct(*_points(shared[leads], park[leads], step))


def _on_ground(network: WalkNetwork, line: Ints) -> NDArray[np.bool_]:
    if network.level is None:
        return np.ones(len(line), dtype=bool)
    on_ground: NDArray[np.bool_] = network.level[line] == 0
    return on_ground


def _ends_inside(
    network: WalkNetwork, line: Ints, shapes: NDArray[np.object_]
) -> NDArray[np.bool_]:
    ends = [shapely.points(network.nodes[network.edges[line, end]]) for end in (0, 1)]
    inside: NDArray[np.bool_] = np.any([shapely.intersects(shapes, end) for end in ends], axis=0)
    return inside


def _points(shared: NDArray[np.object_], park: Ints, step: float) -> Spots:
    """Return points, and for stretches that lie on the edge points along them, ends included."""
    parts, row = shapely.get_parts(shared, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    row = row[inner]
    runs = shapely.get_type_id(parts) == GeometryType.LINESTRING
    counts = np.ceil(shapely.length(parts[runs]) / step).astype(np.int64) + 1
    points, run = _spaced(parts[runs], counts, counts - 1)
    xy = shapely.get_coordinates(np.concatenate([parts[~runs], points]))
    return np.concatenate([park[row[~runs]], park[row[runs]][run]]), xy


def _along_edges(shapes: NDArray[np.object_], rows: Ints, step: float) -> Spots:
    """Return points of the outer edge of every part of some parks, at most `step` apart."""
    parts, part_of = shapely.get_parts(shapes[rows], return_index=True)
    rings = shapely.get_exterior_ring(parts)
    counts = np.ceil(shapely.length(rings) / step).astype(np.int64)
    points, ring = _spaced(rings, counts, counts)
    return rows[part_of[ring]], shapely.get_coordinates(points)


def _spaced(
    lines: NDArray[np.object_], counts: Ints, steps: Ints
) -> tuple[NDArray[np.object_], Ints]:
    """Return `counts` points of each line, a `steps`-th of its length apart, and their lines."""
    owner = np.repeat(np.arange(len(lines)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    points = shapely.line_interpolate_point(lines[owner], number / steps[owner], normalized=True)
    return points, owner


def _distinct(park: Ints, xy: Floats) -> Spots:
    """Return gates in the order of their parks, each place once."""
    keys = np.column_stack([park, np.round(xy / SAME_SPOT_M)])
    _, kept = np.unique(keys, axis=0, return_index=True)
    return park[kept], xy[kept]


def _told(parks: gpd.GeoDataFrame, spots: dict[str, Spots], step: float) -> tuple[Finding, ...]:
    """Return how many parks have which gates, and the parks that have none."""
    facts = {
        origin: {"parks": len(np.unique(owner)), "gates": len(owner), "step": f"{step:g}"}
        for origin, (owner, _) in spots.items()
        if len(owner)
    }
    zh = "；".join(HOW[origin].zh.format(**each) for origin, each in facts.items())
    en = "; ".join(HOW[origin].en.format(**each) for origin, each in facts.items())
    count = sum(len(owner) for owner, _ in spots.values())
    text = Text(
        zh=f"公园 {len(parks)} 个的出入口：{zh}。", en=f"Gates of {len(parks)} parks: {en}."
    )
    found = [Finding(code="park_gates", text=text, layer="parks", count=count)]
    with_gates = np.concatenate([owner for owner, _ in spots.values()])
    without = np.setdiff1d(np.arange(len(parks)), with_gates)
    if len(without):
        text = Text(
            zh=f"没有图形、因而没有出入口的公园：{len(without)} 个。",
            en=f"Parks without a shape, and so without a gate: {len(without)}.",
        )
        rows = tuple(parks.index[without])
        found.append(
            Finding(
                code="parks_without_gates",
                text=text,
                severity="warning",
                layer="parks",
                rows=rows,
                count=len(rows),
            )
        )
    return tuple(found)


def _require_step(every_m: float) -> None:
    number = isinstance(every_m, int | float | np.number) and not isinstance(every_m, bool)
    if number and LEAST_EVERY_M <= every_m < np.inf:
        return
    raise InputError(
        f"every_m 应为不小于 {LEAST_EVERY_M:g} 的米数，而不是 {every_m!r}。",
        f"every_m should be a number of metres, at least {LEAST_EVERY_M:g}, not {every_m!r}.",
        remedy=Text(zh="例如 50。", en="E.g. 50."),
        expected=f"at least {LEAST_EVERY_M:g}",
        found=every_m,
    )
