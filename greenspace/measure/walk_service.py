"""Walk service: how much residential land has a park within its radius on foot.

Question   What share of residential land is within reach of a park along ways that can be walked?
Enters     The straight-line Reach, a network, and how far each gate of a park still leads.
Leaves     The ground served on foot as geometry, what is reached of the network, a Ratio or
           RatioTable: m² over m².
Elsewhere  In a straight line: measure/service. Distances of homes: walking.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.measure.areas import within
from greenspace.measure.barriers import SHARE
from greenspace.measure.expanse import Expanse
from greenspace.measure.network import spread
from greenspace.measure.ribbons import ribbons, segments
from greenspace.measure.walks import ROUNDING_M, Walks, lines_of, reached
from greenspace.model.quantity import NO_HOMES, Ratio, RatioTable

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.measure.barriers import Barriers
    from greenspace.measure.service import Reach
    from greenspace.model.network import WalkNetwork
    from greenspace.model.snaps import Snaps

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

INDICATOR = "network_service_coverage"
SNAP_M = 100.0  # how far a home or a gate may lie from the path that leads to it


@dataclass(frozen=True, eq=False)
class WalkReach:
    """Residential land and the part of it that parks serve on foot.

    A park is left by its gates, and its radius is walked along the network. From wherever the
    walk still goes, the ground is served as far as what is left of the radius, and no farther
    than ``snap_m``. Without that cap every disc would lie within the one about the gate, and the
    answer would be the straight line again. Land served on foot is land served in a straight
    line, too.

    Attributes
    ----------
    straight
        What the same parks reach in a straight line.
    network
        The ways.
    walks
        What is reached of each edge; ``source`` is the position of a gate.
    gate_park
        The row of the park that each gate leads to.
    area
        All ground served on foot, residential or not.
    snap_m
        How far off a path ground is served at most.
    """

    straight: Reach
    network: WalkNetwork
    walks: Walks
    gate_park: Ints
    area: Any
    snap_m: float

    @property
    def crs(self) -> CRS:
        """The measuring CRS."""
        return self.straight.crs

    @cached_property
    def _parts(self) -> tuple[Shapes, Shapes]:
        return Expanse(self.area).divided(self.straight.served_parts)

    @property
    def served_parts(self) -> Shapes:
        """The part of each block that is served on foot, empty where there is none."""
        return self._parts[0]

    @property
    def lost_parts(self) -> Shapes:
        """The part that is served in a straight line alone."""
        return self._parts[1]

    @cached_property
    def unserved_parts(self) -> Shapes:
        """The rest of each block, empty where there is none."""
        far, rest = self.straight.unserved_parts.astype(object), self.lost_parts
        both = ~shapely.is_empty(far) & ~shapely.is_empty(rest)
        far[both] = shapely.union(far[both], rest[both])
        return np.where(shapely.is_empty(far), rest, far)

    @cached_property
    def served_m2(self) -> Floats:
        """How much of each block is served on foot; never more than in a straight line."""
        straight = self.straight.served_m2
        return np.minimum(within(shapely.area(self.served_parts), straight), straight)

    @property
    def block_m2(self) -> Floats:
        """The area of each block."""
        return self.straight.block_m2

    def paths(self) -> gpd.GeoDataFrame:
        """Return what is reached of the network, for a map.

        ``from_m`` and ``to_m`` are walked from the edge of the park to the beginning and the end
        of the stretch, ``left_m`` is what is left of the radius at its end, ``park`` the row of
        the park: the one whose radius leads on farthest from there.
        """
        part = self.walks
        park = self.gate_park[part.source]
        radius = self.straight.radius[park]
        columns = {
            "from_m": radius - part.left_m,
            "to_m": radius - part.left_m + part.length_m,
            "left_m": np.maximum(part.left_m - part.length_m, 0.0),
            "park": park,
        }
        lines = lines_of(self.network, part.edge, part.near_m, part.far_m)
        return gpd.GeoDataFrame(columns, geometry=lines, crs=self.crs)


def walk_reach(
    straight: Reach,
    network: WalkNetwork,
    sources: Snaps,
    gate_park: Ints,
    walked_m: Floats,
    *,
    parks: Shapes | None = None,
    snap_m: float = SNAP_M,
    barriers: Barriers | None = None,
) -> WalkReach:
    """Return what parks reach on foot.

    Parameters
    ----------
    straight
        What they reach in a straight line, with the radius of each.
    sources
        The gates on the edges of the network.
    gate_park
        The row of each gate's park.
    walked_m
        How far each gate's snapped position is from its park.
    parks
        Their polygons: ground within a park that has a radius is served.
    snap_m
        How far off a path ground is served at most.
    barriers
        Ground, such as water, that nobody crosses but by a path. Of the ground about a path only
        what is reached from it in a straight line, past these, is kept.

    Examples
    --------
    A street of 1 km leads from a park of radius 500 m; land is served 100 m to both sides of its
    first 400 m, and a half circle at either end: there, at 400 m, 100 m are left.

    >>> import geopandas as gpd
    >>> from greenspace.measure.service import reach_of
    >>> from greenspace.model.network import WalkNetwork
    >>> from greenspace.model.snaps import Snaps
    >>> park = gpd.GeoSeries([shapely.box(-100, -50, 0, 50)], crs=6933)
    >>> homes = gpd.GeoSeries([shapely.box(0, 0, 1000, 300)], crs=6933)
    >>> street = WalkNetwork.of_edges([(0, 0), (1000, 0)], [(0, 1)])
    >>> gate = Snaps(np.array([0]), np.array([0.0]), np.array([0.0]), np.array([[0.0, 0.0]]))
    >>> straight = reach_of(park, homes, ((5000, 500),))
    >>> foot = walk_reach(straight, street, gate, np.array([0]), np.array([0.0]))
    >>> round(foot.served_m2[0]), round(400 * 100 + np.pi * 100**2 / 4)
    (47854, 47854)
    """
    radius = straight.radius[gate_park]
    most = float(radius.max(initial=0.0))
    ready = np.flatnonzero((sources.edge >= 0) & (walked_m < radius))
    starts = sources.at(ready)
    spent = walked_m[ready] + most - radius[ready]
    found = spread(network, starts, spent, most)
    left = most - spent
    walks, gates = reached(network, most - found.node_m, found.node_source, starts, left)
    about = (starts.xy[gates], np.minimum(left[gates], snap_m))
    area = _ground(network, walks, about, snap_m, barriers)
    if parks is not None:
        area = shapely.union_all([area, *parks[straight.radius > 0]])
    return WalkReach(straight, network, walks, gate_park[ready], area, snap_m)


def _ground(
    network: WalkNetwork,
    walks: Walks,
    about: tuple[Floats, Floats],
    snap_m: float,
    barriers: Barriers | None,
) -> Any:
    """Return the ground within what is left of the reach, at most `snap_m`, of the stretches.

    Less is left at the end of a way than at its beginning, by as much as was walked, so a disc
    of what is left lies within every earlier one: those of less than `snap_m` within the one
    where `snap_m` was left. What remains are ribbons of that width along the core, and the discs
    about gates where less is left from the outset, and about the open ends of bridges and tunnels,
    which serve no ground beside them. Beside a barrier an earlier disc may not be seen whole: there
    all discs count, every tenth of `snap_m`.
    """
    exits, rest = _exits(network, walks)
    spots, left = np.vstack([about[0], exits]), np.append(about[1], np.minimum(rest, snap_m))
    walks = walks.take(network.on_ground[walks.edge])
    core = walks.core(snap_m)
    lines = lines_of(network, core.edge, core.near_m, core.far_m)
    if barriers is not None:
        lines, _ = barriers.on_land(lines)
        later, rest = _later(network, walks.tail(snap_m), barriers, SHARE * snap_m)
        spots, left = np.vstack([spots, later]), np.concatenate([left, rest])
    begin, end = segments(lines)
    width = np.concatenate([np.full(len(begin), snap_m), left])
    begin, end = np.vstack([begin, spots]), np.vstack([end, spots])
    if barriers is not None:
        return barriers.ground(begin, end, width)
    return shapely.union_all(ribbons(begin, end, width))


def _exits(network: WalkNetwork, walks: Walks) -> tuple[Floats, Floats]:
    """Return where walks come to the open end of a bridge or a tunnel, and what is left there."""
    above = walks.take(~network.on_ground[walks.edge])
    onward = (above.far_m > above.near_m).astype(np.int64)  # to the second node
    end_m = np.where(onward == 1, network.length_m[above.edge], 0.0)
    node, left = network.edges[above.edge, onward], above.left_m - above.length_m
    out = (np.abs(end_m - above.far_m) <= ROUNDING_M) & network.open_nodes[node] & (left > 0)
    return network.nodes[node[out]], left[out]


def _later(
    network: WalkNetwork, tail: Walks, barriers: Barriers, step_m: float
) -> tuple[Floats, Floats]:
    """Return spots on land along walks near barriers, also where they land, and what is left."""
    steps = tail.every(step_m)
    lines = lines_of(network, steps.edge, steps.near_m, steps.far_m)
    begin = shapely.get_coordinates(shapely.get_point(lines, 0))
    close = barriers.near(begin, steps.left_m + 2 * step_m)
    lines, steps = lines[close], steps.take(close)
    parts, owner = barriers.on_land(lines)
    whole, walk = lines[owner], steps.take(owner)
    share = shapely.line_locate_point(whole, shapely.get_point(parts, 0), normalized=True)
    other = shapely.line_locate_point(whole, shapely.get_point(parts, -1), normalized=True)
    share = np.minimum(share, other)
    spots = shapely.get_coordinates(shapely.line_interpolate_point(whole, share, normalized=True))
    rest = walk.left_m - share * walk.length_m
    return spots[rest > 0], rest[rest > 0]


def network_service_coverage(reach: WalkReach) -> Ratio:
    """Measure the share of residential land that is served on foot.

    ``area(residential ∩ straight-line service area ∩ ground along paths) / area(residential)``.
    """
    whole = float(reach.block_m2.sum())
    served = min(float(reach.served_m2.sum()), whole)
    why = None if whole else NO_HOMES
    return Ratio(INDICATOR, served, whole, "1", reach.crs, undefined=why)


def network_service_coverage_by_zone(reach: WalkReach, zones: gpd.GeoDataFrame) -> RatioTable:
    """Measure the share of the residential land in each zone that is served on foot."""
    ground = zones.geometry.to_numpy()
    whole = _within_zones(reach.straight.blocks, reach.block_m2, ground)
    served = _within_zones(reach.served_parts, reach.served_m2, ground)
    table = RatioTable(INDICATOR, zones, within(served, whole), whole, "1", zones.crs)
    return table.undefined_by([None if land else NO_HOMES for land in whole])


def _within_zones(parts: Shapes, area_m2: Floats, zones: Shapes) -> Floats:
    """Return the area of disjoint shapes in each zone; only those that its edge cuts are cut."""
    zone, part = shapely.STRtree(parts).query(zones, predicate="intersects")
    shapely.prepare(zones)
    cut = ~shapely.contains_properly(zones[zone], parts[part])
    areas = area_m2[part]
    areas[cut] = shapely.area(shapely.intersection(parts[part[cut]], zones[zone[cut]]))
    return np.bincount(zone, areas, len(zones)).astype(float)
