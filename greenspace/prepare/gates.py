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

from greenspace.errors import InputError
from greenspace.model.gates import Gates
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.entrances import given_gates
from greenspace.prepare.rims import entered
from greenspace.prepare.stretches import SAME_SPOT_M

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.network import WalkNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Spots = tuple[Ints, Floats]  # the park of each point, or its part, and where it lies

EVERY_M = 50.0
LEAST_EVERY_M = 1.0
NEAR_M = 100.0
ON_IT_M = 1.0  # a gate that near is on a bridge, as far as can be told
HOW = {
    "given": Text(zh="{parks} 个按给定的（{gates} 处）", en="given for {parks} ({gates} gates)"),
    "point": Text(
        zh="{parks} 个公园是点，以该点为出入口（{gates} 处）",
        en="the park itself for {parks} that are points ({gates})",
    ),
    "crossing": Text(
        zh="{parks} 个由道路与公园边界的交点推定（{gates} 处）",
        en="taken where paths cross the edge for {parks} ({gates})",
    ),
    "edge": Text(
        zh="{parks} 个（或其一部分）没有道路相交，沿边界每隔至多 {step} 米取点（{gates} 处）",
        en="points of the edge at most {step} m apart for {parks} that, whole or in part, no path "
        "crosses ({gates})",
    ),
    "beside": Text(
        zh="{parks} 个另沿边界取点（{gates} 处），通向附近与公园不相交、又与相交道路不相通的路块",
        en="points of the edge besides for {parks} ({gates}), onto pieces of the network near by "
        "that do not cross it",
    ),
}


def gates_of(
    parks: gpd.GeoDataFrame,
    network: WalkNetwork,
    *,
    entrances: gpd.GeoDataFrame | None = None,
    every_m: float | None = None,
    near_m: float = NEAR_M,
) -> Gates:
    """Return the gates of parks: given ones, else crossings of paths, else points of the edge.

    A path crosses where it meets the edge of the park, or ends within half a metre of it, and does
    not run inside it only. A bridge or tunnel that ends in the park makes its end a gate, not the
    place where it passes over or under the edge. Each part of a park is looked at by itself. Each
    piece of the network is looked at by itself: a path that hangs together with nothing takes no
    way into the park from the others. A park that is a point is its gate.

    Parameters
    ----------
    parks
        Polygons in the measuring CRS; their ``name`` is looked at where entrances name parks, in
        capitals too.
    network
        The network in the same CRS.
    entrances
        Points in the same CRS, each a gate of the park that its column ``park`` names, else of
        the nearest one.
    every_m
        Distance between gates on the edge of a park that has no other gate; 50 m by default.
    near_m
        How far from a park a piece of the network that does not cross it is looked for.

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
    dots = shapely.get_dimensions(shapes[lacking]) == 0
    own, lacking = _own_points(shapes, lacking[dots]), lacking[~dots]
    parts, of = shapely.get_parts(shapes[lacking], return_index=True)
    tree = shapely.STRtree(network.lines)
    places, crossed = entered(parts, network, tree, step)
    crossing = _distinct(*places)
    beside = _beside(parts, np.unique(crossing[0]), network, tree, crossed, near_m)
    apart = np.setdiff1d(np.arange(len(parts)), crossing[0])
    edges = (crossing, _along_edges(parts, apart, step), _along_edges(parts, beside, step))
    inferred = ((lacking[of[part]], xy) for part, xy in edges)
    spots = dict(zip(HOW, (given, own, *inferred), strict=True))
    park = np.concatenate([owner for owner, _ in spots.values()]).astype(np.int64)
    xy = np.concatenate([points for _, points in spots.values()])
    none = np.full(len(given[0]) + len(own[0]), -1, dtype=np.int64)
    origins = np.array(["given", "given", "crossing", "edge", "edge"], dtype=object)
    return Gates(
        xy=xy,
        park=park,
        offset_m=shapely.distance(shapely.points(xy), shapes[park]),
        origin=np.repeat(origins, [len(owner) for owner, _ in spots.values()]),
        findings=(*findings, *_told(parks, spots, step), *_on_bridges(parks, given, network, tree)),
        crs=parks.crs,
        part=np.concatenate([none, *(part for part, _ in edges)]),
        crossed=crossed,
    )


def _own_points(shapes: NDArray[np.object_], rows: Ints) -> Spots:
    xy, part = shapely.get_coordinates(shapes[rows], return_index=True)
    return rows[part], xy


def _beside(
    shapes: NDArray[np.object_],
    rows: Ints,
    network: WalkNetwork,
    tree: shapely.STRtree,
    crossed: Ints,
    near_m: float,
) -> Ints:
    """Return the parts that paths enter and near which lies a piece of the network that does not."""
    if not network.component.any():
        return np.empty(0, dtype=np.int64)
    park, line = tree.query(shapes[rows], predicate="dwithin", distance=near_m)
    piece = network.piece(line)
    near = np.unique(np.column_stack([rows[park], piece]), axis=0)
    every, count = np.unique(np.concatenate([near, crossed, crossed]), axis=0, return_counts=True)
    alone: Ints = np.unique(every[count == 1, 0])
    return alone


def _along_edges(parts: NDArray[np.object_], rows: Ints, step: float) -> Spots:
    """Return points of the outer edge of some parts of parks, at most `step` apart."""
    rings = shapely.get_exterior_ring(parts[rows])
    counts = np.ceil(shapely.length(rings) / step).astype(np.int64)
    ring = np.repeat(np.arange(len(rings)), counts)
    number = np.arange(len(ring)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = number / counts[ring]
    points = shapely.line_interpolate_point(rings[ring], share, normalized=True)
    return rows[ring], shapely.get_coordinates(points)


def _distinct(park: Ints, xy: Floats) -> Spots:
    """Return gates in the order of their parks, each place once."""
    keys = np.column_stack([park, np.round(xy / SAME_SPOT_M)])
    _, kept = np.unique(keys, axis=0, return_index=True)
    return park[kept], xy[kept]


def _told(parks: gpd.GeoDataFrame, spots: dict[str, Spots], step: float) -> tuple[Finding, ...]:
    """Return how many parks have which gates, and the parks that have none."""
    if parks.empty:
        return ()
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


def _on_bridges(
    parks: gpd.GeoDataFrame, given: Spots, network: WalkNetwork, tree: shapely.STRtree
) -> tuple[Finding, ...]:
    """Return the given gates that lie on a bridge or a tunnel and on no path on the ground."""
    gate, line = tree.query(shapely.points(given[1]), predicate="dwithin", distance=ON_IT_M)
    ground = network.on_ground[line]
    above = np.setdiff1d(gate[~ground], gate[ground])
    if not len(above):
        return ()
    rows = tuple(parks.index[np.unique(given[0][above])])
    text = Text(
        zh=f"给定的出入口中有 {len(above)} 处位于桥梁或隧道上：桥隧只在两端上下，这些出入口按最近的"
        "地面道路计。确从桥上进园的，请把该段线改为地面。",
        en=f"Given gates that lie on a bridge or in a tunnel: {len(above)}. These are entered at "
        "their ends only, so the nearest path on the ground was taken. Where people do enter the "
        "park from the bridge, tag that stretch as lying on the ground.",
    )
    return (
        Finding(
            code="gates_on_structures",
            text=text,
            severity="warning",
            layer="parks",
            rows=rows,
            count=len(above),
        ),
    )


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
