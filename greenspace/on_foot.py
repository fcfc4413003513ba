"""On foot: the network of a city with the gates of its parks, and what they reach by it.

Question   Which ways lead from parks, and what is reached along them?
Enters     Layers that are ready; the straight-line Reach of the same parks.
Leaves     Ways, a WalkReach, and findings on paths, gates and land.
Elsewhere  The network and the gates: prepare/. Walks and ground: measure/. Public names: walking.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import GeometryError
from greenspace.measure import walk_service
from greenspace.measure.barriers import Barriers
from greenspace.measure.entering import started_m, walked, walked_pairs
from greenspace.measure.far_land import far_area
from greenspace.measure.snapping import EdgeIndex
from greenspace.measure.walk_service import SNAP_M, WalkReach, walk_reach
from greenspace.model.source import Finding, Source
from greenspace.model.words import Text
from greenspace.prepare.datum import datum_findings, same_datum
from greenspace.prepare.gates import EVERY_M, gates_of
from greenspace.prepare.project import to_crs
from greenspace.prepare.repair import as_frame
from greenspace.prepare.walkways import walking_network
from greenspace.read.walkable import read_walkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.entering import Walked
    from greenspace.measure.network import Pairs
    from greenspace.measure.service import Reach
    from greenspace.model.gates import Gates
    from greenspace.model.network import WalkNetwork
    from greenspace.model.snaps import Entries
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer
    from greenspace.terrain import Terrain

LEAST_M2 = 1.0
MUCH = 0.05  # of the residential land: above it, far land is a warning


@dataclass(frozen=True, eq=False)
class Ways:
    """A network and the gates that lead from parks onto it.

    Attributes
    ----------
    gates
        All gates; ``entries`` says where each meets the network, if anywhere.
    parks
        Labels of the park rows.
    ground
        Their polygons.
    snap_m
        How far a gate or a home may lie from a path.
    """

    network: WalkNetwork
    gates: Gates
    parks: tuple[object, ...]
    ground: NDArray[Any]
    snap_m: float

    @cached_property
    def index(self) -> EdgeIndex:
        """The edges by place."""
        return EdgeIndex(self.network)

    @cached_property
    def entries(self) -> Entries:
        """The places where each gate leads onto the network: one of each piece near by."""
        found = self.index.entries(self.gates.xy, self.snap_m)
        return found.at(self.gates.lead_to(found.point, self.network.piece(found.snaps.edge)))

    @property
    def walked_m(self) -> NDArray[np.float64]:
        """How far it is from each gate's park to each of these places."""
        return started_m(self.entries, self.gates.offset_m)

    def only(self, chosen: NDArray[np.bool_]) -> Ways:
        """Return the ways to some of the parks, by a mask, as if there were no others."""
        gates = self.gates.at(chosen[self.gates.park])
        return replace(
            self,
            gates=replace(gates, park=(np.cumsum(chosen) - 1)[gates.park]),
            parks=tuple(compress(self.parks, chosen)),
            ground=self.ground[chosen],
        )

    def walk_to(
        self, xy: NDArray[np.float64], *, gates: Any = slice(None), limit_m: float = np.inf
    ) -> Walked:
        """Return how far the nearest of some gates, or of all, is from each point."""
        chosen = np.zeros(len(self.gates.park), dtype=bool)
        chosen[gates] = True
        starts = self.entries.at(chosen[self.entries.point])
        homes = self.index.entries(xy, self.snap_m)
        return walked(self.network, starts, self.gates.offset_m, homes, limit_m)

    def pairs_with(
        self, xy: NDArray[np.float64], limit_m: float
    ) -> tuple[Pairs, NDArray[np.bool_]]:
        """Return the parks within a walk of each point, and which points have a path."""
        homes = self.index.entries(xy, self.snap_m)
        park, before = self.gates.park, self.gates.offset_m
        found = walked_pairs(self.network, self.entries, park, before, homes, limit_m)
        return found, homes.found

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed of paths and gates."""
        return (
            *self.network.findings,
            *self.gates.findings,
            *self._far_gates(),
            *self._aside(),
        )

    def _far_gates(self) -> tuple[Finding, ...]:
        lost = ~self.entries.found
        if not lost.any():
            return ()
        cut_off = np.setdiff1d(self.gates.park[lost], self.gates.park[~lost])
        names = tuple(self.parks[row] for row in cut_off)
        text = Text(
            zh=f"{int(lost.sum())} 个公园出入口 {self.snap_m:g} m 内没有步行路，未采用；"
            f"因此没有任何出入口可用的公园：{len(names)} 个。",
            en=f"Gates of parks with no path within {self.snap_m:g} m, not used: "
            f"{int(lost.sum())}. Parks left without any gate by that: {len(names)}.",
        )
        finding = Finding(
            code="gates_off_network",
            text=text,
            severity="warning" if names else "note",
            layer="parks",
            rows=names,
            count=int(lost.sum()),
            indicators=(walk_service.INDICATOR,),
        )
        return (finding,)

    def _aside(self) -> tuple[Finding, ...]:
        """Return the parks from which no way leads onto the largest piece of the network."""
        park = self.gates.park[self.entries.point]
        piece = self.network.piece(self.entries.snaps.edge)
        aside = np.setdiff1d(park, park[piece == 0])
        if not len(aside):
            return ()
        text = Text(
            zh=f"{len(aside)} 个公园的出入口都只通到路网的零散小块，走不到最大的一块："
            "它们只服务小块上的住所。缺的往往是没有画出的连接。",
            en=f"Parks whose gates all lead onto lesser pieces of the network: {len(aside)}. Nobody"
            " walks to them from its largest piece; often a connection was not drawn.",
        )
        return (
            Finding(
                code="parks_off_main_piece",
                text=text,
                severity="warning",
                layer="parks",
                rows=tuple(self.parks[row] for row in aside),
                count=len(aside),
                indicators=(walk_service.INDICATOR,),
            ),
        )


def ways_to(
    parks: gpd.GeoDataFrame,
    paths: gpd.GeoDataFrame,
    entrances: gpd.GeoDataFrame | None = None,
    *,
    snap_m: float = SNAP_M,
    every_m: float = EVERY_M,
) -> Ways:
    """Return the network and the gates of parks on it; all layers in the measuring CRS.

    Raises
    ------
    GeometryError
        No gate of any park lies within `snap_m` of a path: the layers do not belong together.
    """
    network = walking_network(paths, classes=read_walkable())
    gates = gates_of(parks, network, entrances=entrances, every_m=every_m, near_m=snap_m)
    ways = Ways(network, gates, tuple(parks.index), parks.geometry.to_numpy(), snap_m)
    if len(parks) and not len(ways.entries.point):
        raise _apart(parks, network, snap_m)
    return ways


def _apart(parks: gpd.GeoDataFrame, network: WalkNetwork, snap_m: float) -> GeometryError:
    here = tuple(round(float(value), 1) for value in parks.total_bounds)
    there = (
        *network.nodes.min(axis=0).round(1).tolist(),
        *network.nodes.max(axis=0).round(1).tolist(),
    )
    return GeometryError(
        f"没有任何公园出入口在步行路 {snap_m:g} m 之内：步行路网与公园不相接。",
        f"No gate of any park lies within {snap_m:g} m of a path: the network does not meet the"
        " parks.",
        remedy=Text(
            zh="请核对两个图层的坐标系和范围，或放宽 snap_m。",
            en="Check CRS and extent of both layers, or give a greater snap_m.",
        ),
        layer="paths",
        expected=here,
        found=there,
    )


def ready_ways(
    ready: Ready,
    parks: gpd.GeoDataFrame,
    paths: Layer,
    entrances: Layer | None = None,
    *,
    snap_m: float = SNAP_M,
    every_m: float = EVERY_M,
) -> tuple[Ways, tuple[Finding, ...], tuple[Source, ...]]:
    """Return the ways of layers in any CRS; `parks` are ready.

    Raises
    ------
    GeometryError, CrsError
        As in `ways_to`, and where a layer cannot be brought into the measuring CRS.
    """
    frame = as_frame(paths, "paths")
    apart = not same_datum(frame.crs, ready.crs)
    shifted = datum_findings(frame, ready.crs, "paths") if apart else ()
    lines = to_crs(frame, ready.crs, "paths")
    gates = None if entrances is None else ready.points(entrances, "entrances")
    source = Source(role="paths", name=f"{len(frame)} rows, {frame.crs.name}")
    ways = ways_to(parks, lines, gates, snap_m=snap_m, every_m=every_m)
    return ways, shifted, (source,)


def reach_on_foot(straight: Reach, ways: Ways, barriers: Any = None) -> WalkReach:
    """Return what parks reach on foot, beside what they reach in a straight line."""
    walls = None if barriers is None or barriers.empty else Barriers(barriers.geometry.to_numpy())
    return walk_reach(
        straight,
        ways.network,
        ways.entries.snaps,
        ways.gates.park[ways.entries.point],
        ways.walked_m,
        parks=ways.ground,
        snap_m=ways.snap_m,
        barriers=walls,
    )


def snap_source(snap_m: float) -> Source:
    """Return the source that names the cap beside a number.

    Examples
    --------
    >>> snap_source(100.0).name
    '100 m'
    """
    note = Text(
        zh="离步行路的最大距离（约定，非标准规定）",
        en="how far off a path land is served at most: a convention, no standard's",
    )
    return Source(role="off_path", name=f"{snap_m:.12g} m", note=note)


def on_foot_of_city(
    terrain: Terrain, straight: Reach, layers: Mapping[str, gpd.GeoDataFrame]
) -> tuple[WalkReach, tuple[Finding, ...]]:
    """Return what the parks of a city reach on foot, by its paths, entrances and water.

    Raises
    ------
    InputError
        The paths or entrances cannot be used, or do not fit the parks.
    """
    given = terrain.city.layers
    ways, shifted, _ = ready_ways(
        terrain.ready, layers["parks"], given["paths"], given.get("entrances")
    )
    reach = reach_on_foot(straight, ways, layers.get("water"))
    return reach, (*shifted, *ways.findings, *foot_findings(reach, ways))


def named_paths(reach: WalkReach, parks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what is reached of the network, with the name of each park, or its label."""
    labels = parks.index.to_series().astype(str)
    names = (
        labels if "name" not in parks else parks["name"].where(parks["name"] != "").fillna(labels)
    )
    paths = reach.paths()
    return paths.assign(park=names.to_numpy(dtype=object)[paths["park"]])


def foot_findings(reach: WalkReach, ways: Ways) -> tuple[Finding, ...]:
    """Return what of the residential land cannot be served on foot, wherever the parks are."""
    far = far_area(reach.unserved_parts, ways.index, ways.snap_m)
    if far < LEAST_M2:
        return ()
    share = far / float(reach.block_m2.sum())
    text = Text(
        zh=f"约 {far / 1e4:.2f} 公顷（{share:.1%}）居住用地距任何步行路超过 {ways.snap_m:g} m，"
        "步行上计为服务不到：可能是路网缺小区内道路。",
        en=f"About {far / 1e4:.2f} ha ({share:.1%}) of the residential land lie farther than"
        f" {ways.snap_m:g} m from every path and count as out of reach on foot: ways inside"
        " blocks may be missing from the network.",
    )
    finding = Finding(
        code="land_off_network",
        text=text,
        severity="warning" if share > MUCH else "note",
        layer="residential",
        area_m2=far,
        indicators=(walk_service.INDICATOR,),
    )
    return (finding,)
