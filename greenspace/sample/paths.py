"""Paths: the walking network, split at every junction, over the river by bridges only.

Question   Where can people walk, from every home to every park?
Enters     Streets, gardens and plots.
Leaves     Lines that share their end points exactly, each with a class.
Elsewhere  Measuring distances along them: not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point

from greenspace.sample.plan import FAST
from greenspace.sample.shapes import parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.gardens import Garden
    from greenspace.sample.layout import Layout
    from greenspace.sample.plots import Built

Walk = tuple[str, LineString]
LINK_M = 220.0
STREET, BRIDGE, UNDERPASS, PARK, ACCESS = "道路", "桥", "地道", "公园园路", "小区路"


class Trunk:
    """Street lines to which links are tied: every tie becomes a vertex of the street."""

    def __init__(self, lines: Iterable[LineString], barrier: BaseGeometry) -> None:
        self.lines = list(lines)
        self.ties: list[dict[float, tuple[float, float]]] = [{} for _ in self.lines]
        self.tree = shapely.STRtree(self.lines)
        self.barrier = barrier
        shapely.prepare(barrier)

    def link(self, point: Point) -> LineString | None:
        """Return the shortest straight way to a street that crosses no barrier."""
        near = self.tree.query(point, predicate="dwithin", distance=LINK_M)
        distances = shapely.distance(np.asarray(self.lines, dtype=object)[near], point)
        for index in near[np.lexsort((near, distances))]:
            line = self.lines[index]
            at = float(shapely.line_locate_point(line, point))
            foot = line.interpolate(at)
            end = (round(foot.x, 3), round(foot.y, 3))
            way = LineString([point, end])
            if way.length > 0 and not way.intersects(self.barrier):
                self.ties[index][at] = end
                return way
        return None

    def tied(self) -> list[LineString]:
        """Return the street lines with a vertex at every tie."""
        return [self._tied(line, ties) for line, ties in zip(self.lines, self.ties, strict=True)]

    @staticmethod
    def _tied(line: LineString, ties: dict[float, tuple[float, float]]) -> LineString:
        coords = shapely.get_coordinates(line)
        at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))])
        stops = {float(where): tuple(xy) for where, xy in zip(at, coords, strict=True)}
        for where, xy in ties.items():
            stops.setdefault(where, xy)
        return LineString([stops[where] for where in sorted(stops)])


def walking_network(layout: Layout, insides: list[Garden], built: Built) -> list[Walk]:
    """Return the noded network: streets, bridges, underpasses, park walks, ways to the door."""
    barrier = shapely.union_all([layout.river, layout.rail_area])
    streets = [road.line for road in layout.roads if road.kind != FAST]
    trunk = Trunk([*streets, layout.footbridge], barrier)
    gates = [trunk.link(point) for garden in insides for point in garden.entrances]
    doors = [trunk.link(plot[-1].representative_point()) for plot in built.residential]
    units = [trunk.link(plot[-1].representative_point()) for plot in built.units]
    walks = [line for garden in insides for line in garden.paths]
    links = [link for link in [*gates, *doors, *units] if link is not None]
    noded = shapely.union_all([*trunk.tied(), *walks, *links])
    return _named(layout, parts(noded), walks, trunk)


def _named(
    layout: Layout, stretches: list[LineString], walks: list[LineString], trunk: Trunk
) -> list[Walk]:
    """Return each stretch with its class."""
    on_street = shapely.union_all(trunk.tied()).buffer(0.05)
    in_park = shapely.union_all(walks).buffer(0.05)
    shapely.prepare(on_street)
    shapely.prepare(in_park)
    named = []
    for line in stretches:
        middle = line.interpolate(0.5, normalized=True)
        if line.intersects(layout.river):
            kind = BRIDGE
        elif line.intersects(layout.rail_area):
            kind = UNDERPASS
        elif on_street.contains(middle):
            kind = STREET
        else:
            kind = PARK if in_park.contains(middle) else ACCESS
        named.append((kind, line))
    return sorted(
        named, key=lambda walk: (round(walk[1].bounds[1], 1), round(walk[1].bounds[0], 1))
    )
