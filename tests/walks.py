"""Small networks, and what networkx says of them once their edges are split at every point."""

from __future__ import annotations

import networkx as nx
import numpy as np

from greenspace.measure.snapping import EdgeIndex
from greenspace.model.network import WalkNetwork
from greenspace.model.snaps import Snaps

FIRST_POINT = 10**6


def random_network(seed, nodes=60, edges=110):
    """A network with parallel edges, loops and edges of no length, in several pieces."""
    draw = np.random.default_rng(seed)
    places = draw.uniform(0, 1000, (nodes, 2))
    places[1] = places[0]
    ends = draw.integers(0, nodes, (edges, 2))
    near = draw.integers(0, nodes, edges)
    order = np.argsort(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)), axis=1)
    ends[:, 1] = np.where(
        draw.random(edges) < 0.9, order[near, draw.integers(0, 5, edges)], ends[:, 1]
    )
    ends[:, 0] = near
    ends = np.concatenate((ends, ends[:5], ends[5:10, ::-1], [(0, 1), (3, 3)]))
    straight = np.hypot(*(places[ends[:, 1]] - places[ends[:, 0]]).T)
    length = straight * draw.uniform(1.0, 1.3, len(ends))
    return WalkNetwork.of_edges(places, ends, length_m=length)


def random_points(network, seed, count):
    """Points near a network, some of them twice, some exactly on nodes, some far away."""
    draw = np.random.default_rng(seed)
    points = draw.uniform(-50, 1050, (count, 2))
    points[: count // 5] = network.nodes[draw.integers(0, len(network.nodes), count // 5)]
    points[-2:] = points[:2]
    return points


def snapped(network, points, limit_m=200.0):
    return EdgeIndex(network).snap(points, limit_m)


def split_graph(network, snaps):
    """A networkx graph in which each point is a node on its edge."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.nodes)))
    for edge, (first, last) in enumerate(network.edges.tolist()):
        length = network.length_m[edge]
        on = np.flatnonzero(snaps.edge == edge)
        stops = sorted((snaps.along_m[i], FIRST_POINT + int(i)) for i in on)
        here, place = first, 0.0
        for along, node in [*stops, (length, last)]:
            weight = along - place
            if graph.has_edge(here, node):
                weight = min(weight, graph[here][node]["weight"])
            if here != node:
                graph.add_edge(here, node, weight=weight)
            here, place = node, along
    return graph


def oracle(network, sources, start_m, targets, group=None):
    """Distances from each group of sources to each target, by networkx."""
    both = Snaps(
        *(
            np.concatenate((getattr(sources, name), getattr(targets, name)))
            for name in ("edge", "along_m", "offset_m", "xy")
        )
    )
    graph = split_graph(network, both)
    owner = np.zeros(len(sources), dtype=int) if group is None else np.asarray(group)
    table = {}
    for each in np.unique(owner):
        own = graph.copy()
        for i in np.flatnonzero((owner == each) & sources.found):
            own.add_edge("start", FIRST_POINT + int(i), weight=start_m[i])
        if "start" not in own:
            continue
        ways = nx.single_source_dijkstra_path_length(own, "start")
        for k in np.flatnonzero(targets.found):
            node = FIRST_POINT + len(sources) + int(k)
            if node in ways:
                table[int(each), int(k)] = ways[node] + targets.offset_m[k]
    return table
