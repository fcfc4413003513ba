"""Distances on foot beside SciPy's bare search, an STRtree and networkx.

``python -m benchmarks.network`` makes a network of a million nodes and prints a table: seconds of
all processors (CPU) and of the clock (wall), the ratio, and the goal. Goals hold for CPU seconds,
since the machine may do other things too. Pairs are shared among threads, which SciPy's rows are
not: for them it is enough where either the CPU or the clock reaches the goal. ``--nodes 40000`` is
quick.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.network_data import FULL, Town, town
from benchmarks.table import Table, Times, timed
from greenspace.measure.entering import walked, walked_pairs
from greenspace.measure.network import nearest
from greenspace.measure.snapping import EdgeIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenspace.model.network import WalkNetwork
    from greenspace.model.snaps import Snaps

QUICK = 10_000
REPEATS = 5
LIMIT_M, PAIRS_M, SNAP_M = 500.0, 1000.0, 200.0
ROWS = 60  # dense rows of SciPy that are timed; the rest is scaled
NEAREST_GOAL, SNAP_GOAL, PAIRS_GOAL = 1.5, 6.0, 200.0
GROWTH_GOAL, MEMORY_GOAL = 1.2, 1000
MEMORY_CODE = """
import sys
from benchmarks.network import walk
from benchmarks.network_data import town
from benchmarks.processes import peak_mb
walk(town(int(sys.argv[1])))
print(peak_mb())
"""


def walk(place: Town, index: EdgeIndex | None = None) -> None:
    """Do all that is measured, from the network and points to distances and pairs."""
    index = EdgeIndex(place.network) if index is None else index
    gates, homes = index.entries(place.gates, SNAP_M), index.entries(place.homes, SNAP_M)
    walked(place.network, gates, 0.0, homes, LIMIT_M)
    walked_pairs(place.network, gates, place.park, 0.0, homes, PAIRS_M)


def with_virtual(network: WalkNetwork, sources: Snaps) -> csr_array:
    """Return the network, one way, with a node for each source, as SciPy alone would be used.

    With ``directed=False`` SciPy makes the way back anew in each call; the stronger call has it
    ready, and is directed.
    """
    size, count = len(network.nodes), len(sources)
    ends, length = network.edges[sources.edge], network.length_m[sources.edge]
    ways = np.stack((sources.along_m, length - sources.along_m), axis=1)
    rows = np.concatenate((network.edges[:, 0], size + np.repeat(np.arange(count), 2)))
    columns = np.concatenate((network.edges[:, 1], ends.ravel()))
    values = np.concatenate((network.length_m, np.maximum(ways.ravel(), 1e-9)))
    return csr_array((values, (rows, columns)), shape=(size + count, size + count))


def nodes_by_scipy(matrix: csr_array, virtual: np.ndarray, *, directed: bool) -> np.ndarray:
    """Return how far each node is from the nearest virtual one."""
    found: np.ndarray = dijkstra(
        matrix, directed=directed, indices=virtual, limit=LIMIT_M, min_only=True
    )
    return found


def require_alike(network: WalkNetwork, gates: Snaps, homes: Snaps, node_m: np.ndarray) -> None:
    """Stop where our distances are not SciPy's, or shorter without a gate on the home's edge."""
    ends, length = network.edges[homes.edge], network.length_m[homes.edge]
    ways = np.stack((homes.along_m, length - homes.along_m), axis=1)
    theirs = (node_m[ends] + ways).min(axis=1) + homes.offset_m
    ours = nearest(network, gates, 0.0, homes, LIMIT_M)[0]
    theirs[theirs > LIMIT_M] = np.inf
    alike = np.isclose(ours, theirs, rtol=0, atol=1e-6)
    direct = np.isin(homes.edge, gates.edge) & (ours < theirs)
    if not (alike | direct | (homes.edge < 0)).all():
        sys.exit("our distances are not those of SciPy")


def tree_snap(network: WalkNetwork, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Snap as shapely does: a tree of lines, the nearest, and the place on it."""
    spots = shapely.points(points)
    lines = shapely.linestrings(network.nodes[network.edges])
    nearest_line = shapely.STRtree(lines).nearest(spots)
    return nearest_line, shapely.line_locate_point(lines[nearest_line], spots)


def compare(table: Table, place: Town, repeats: int) -> None:
    """Compare snapping, the nearest gate, and pairs with peers in the same run."""
    network = place.network
    points = np.concatenate((place.gates, place.homes))
    index = EdgeIndex(network)
    gates = index.snap(place.gates, SNAP_M)
    own, doors = index.entries(place.gates, SNAP_M), index.entries(place.homes, SNAP_M)
    entrance = np.arange(len(gates))
    bare, size = with_virtual(network, gates), len(network.nodes)
    ready = csr_array(bare + bare.T)
    virtual = np.arange(size, bare.shape[0])
    homes = index.snap(place.homes, SNAP_M)
    require_alike(network, gates, homes, nodes_by_scipy(ready, virtual, directed=True))
    few = network.edges[gates.edge[: min(ROWS, len(gates))], 0]

    def ours() -> None:
        entries = index.entries(place.gates, SNAP_M), index.entries(place.homes, SNAP_M)
        walked(network, entries[0], 0.0, entries[1], LIMIT_M)

    calls: dict[str, Callable[[], Any]] = {
        "scipy": lambda: nodes_by_scipy(ready, virtual, directed=True),
        "one way": lambda: nodes_by_scipy(bare, virtual, directed=False),
        "nearest": ours,
        "index and snap": lambda: EdgeIndex(network).snap(points, SNAP_M),
        "snap": lambda: index.snap(points, SNAP_M),
        "pairs by park": lambda: walked_pairs(network, own, place.park, 0.0, doors, PAIRS_M),
        "pairs by entrance": lambda: walked_pairs(network, own, entrance, 0.0, doors, PAIRS_M),
    }
    times = timed(calls, repeats)
    slow = {
        "tree": lambda: tree_snap(network, points),
        "rows": lambda: dijkstra(network.neighbours, indices=few, limit=PAIRS_M),
    }
    times |= timed(slow, min(repeats, 3))
    for name, each in times.items():
        table.line(NAMES[name], str(each))
    ratio(
        table,
        "nearest with snapping, of bare SciPy",
        times["nearest"],
        times["scipy"],
        peer="scipy",
        most=NEAREST_GOAL,
    )
    ratio(
        table,
        "snapping quicker than STRtree",
        times["tree"],
        times["index and snap"],
        peer="shapely",
        least=SNAP_GOAL,
    )
    scale = len(gates) / len(few)
    for name in ("pairs by entrance", "pairs by park"):
        ratio(
            table, f"{name} quicker than dense rows", times["rows"], times[name],
            peer="scipy", least=PAIRS_GOAL, scale=scale, threads=True,
        )  # fmt: skip
    if find_spec("networkx") is not None:
        walk_networkx(table, network, network.edges[gates.edge, 0])


NAMES = {
    "scipy": "SciPy alone: nearest gate, both ways ready",
    "one way": "SciPy alone: the same, way back made in it",
    "nearest": "ours: snap all, nearest gate of each home",
    "index and snap": "ours: index and snap",
    "snap": "ours: snap once the index stands",
    "pairs by park": "ours: pairs, the gates of a park together",
    "pairs by entrance": "ours: pairs, each gate by itself",
    "tree": "STRtree: build, nearest, locate",
    "rows": f"SciPy: {ROWS} dense rows (one for each gate)",
}


def ratio(
    table: Table,
    name: str,
    above: Times,
    below: Times,
    *,
    peer: str,
    least: float = 0.0,
    most: float = np.inf,
    scale: float = 1.0,
    threads: bool = False,
) -> None:
    """Print how many times as long one takes as the other, by CPU and by wall."""
    cpu = scale * median(above.cpu) / median(below.cpu)
    wall = scale * median(above.wall) / median(below.wall)
    goal = f"<= {most} x" if least == 0 else f">= {least} x"
    shown = f"CPU {cpu:.2f} x, wall {wall:.2f} x"
    ours, theirs = (above, below) if least == 0 else (below, above)
    table.line(
        name,
        shown,
        goal=goal,
        reached=least <= (max(cpu, wall) if threads else cpu) <= most,
        ours=median(ours.cpu),
        theirs=median(theirs.cpu) * (1.0 if least == 0 else scale),
        unit="CPU s",
        peer=peer,
        ratio=cpu,
    )


def walk_networkx(table: Table, network: WalkNetwork, sources: np.ndarray) -> None:
    """Time networkx once, from nodes: it knows no places on edges."""
    import networkx as nx

    graph, build, search = nx.Graph(), Times(), Times()
    with build.taken():
        graph.add_weighted_edges_from(
            zip(*network.edges.T.tolist(), network.length_m.tolist(), strict=True)
        )
    with search.taken():
        nx.multi_source_dijkstra_path_length(graph, set(sources.tolist()), cutoff=LIMIT_M)
    said = {"unit": "CPU s", "peer": "networkx"}
    table.line("networkx: build (once)", str(build), theirs=build.cpu[0], **said)
    table.line("networkx: nearest of nodes (once)", str(search), theirs=search.cpu[0], **said)


def growth(table: Table, nodes: int, repeats: int) -> None:
    """Print how time grows with the network and its points together."""
    sizes = [nodes // 4, nodes // 2, nodes]
    places = [town(size) for size in sizes]
    times = timed({str(len(p.homes)): (lambda p=p: walk(p)) for p in places}, repeats)
    seconds = [median(each.cpu) for each in times.values()]
    slope = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    shown = ", ".join(f"{each:.2f}" for each in seconds) + f" s: n^{slope:.2f}"
    table.line(
        "growth of all: index, snap, nearest, pairs",
        shown,
        goal=f"<= n^{GROWTH_GOAL}",
        reached=slope <= GROWTH_GOAL,
    )


def memory(table: Table, nodes: int) -> None:
    """Measure the peak memory of a process that does all of it."""
    command = [sys.executable, "-c", MEMORY_CODE, str(nodes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr)
    peak = float(done.stdout)
    table.line(
        "peak memory of all",
        f"{peak:.0f} MB",
        goal=f"< {MEMORY_GOAL} MB",
        reached=peak < MEMORY_GOAL,
    )


def measure(nodes: int, repeats: int) -> Table:
    """Print the table and return it."""
    table = Table(nodes, full=FULL)
    place = town(nodes)
    shown = f"{len(place.network.nodes)} nodes, {len(place.network.edges)} edges"
    table.line("network", f"{shown}, {len(place.gates)} gates, {len(place.homes)} homes")
    compare(table, place, repeats)
    del place
    growth(table, nodes, min(repeats, 3))
    memory(table, nodes)
    return table.ended(f"--nodes {FULL}")


def run(*, quick: bool = False) -> Table:
    """Run as `python -m benchmarks` does."""
    return measure(QUICK if quick else FULL, 1 if quick else 3)


def main() -> int:
    """Run in the size asked for; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--nodes", type=int, default=FULL)
    words.add_argument("--repeats", type=int, default=REPEATS)
    asked = words.parse_args()
    return 1 if measure(asked.nodes, asked.repeats).missed else 0


if __name__ == "__main__":
    sys.exit(main())
