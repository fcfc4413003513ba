"""Walkways: a network that can be walked, from the lines of a path or road layer.

Question   Where can people walk, and does it hang together?
Enters     A layer of lines in the measuring CRS, and the table of classes that are walked.
Leaves     A network: noded, joined within a tolerance, its pieces and all changes counted.
Elsewhere  Rows and classes: prepare/paths. Cutting: prepare/noding. Distances: measure/network.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import InputError
from greenspace.model.network import WalkNetwork
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.noding import BESIDE_M, node_lines
from greenspace.prepare.paths import walked_lines

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.walkable import Walkable
    from greenspace.prepare.noding import Noded

TOLERANCE_M = 0.5
MOST_TOLERANCE_M = 20.0
LARGEST_SHARE = 0.95  # of the length: below it the pieces are a warning


def walking_network(
    paths: gpd.GeoDataFrame,
    *,
    classes: Walkable | None = None,
    tolerance_m: float = TOLERANCE_M,
    name: str = "paths",
) -> WalkNetwork:
    """Return the network of the lines that can be walked.

    Lines are cut wherever they cross or touch. Bridges and tunnels, told by their class or by
    the tags ``bridge``, ``tunnel`` and ``layer``, meet the ground at their ends only. Every way
    is walked in both directions.

    Parameters
    ----------
    paths
        Lines in a measuring CRS.
    classes
        Which classes and tags are walked, such as ``read_walkable()``; by default every line.
    tolerance_m
        An end that meets at most one other line is linked to the nearest line within this
        distance by an edge of that length.
    name
        What findings and errors call the layer.

    Raises
    ------
    GeometryError
        The layer holds points or polygons, or nothing that can be walked.
    CrsError
        Its CRS cannot measure.
    InputError
        The tolerance is no length.

    Examples
    --------
    >>> import geopandas as gpd
    >>> ways = gpd.GeoSeries.from_wkt(["LINESTRING (0 5, 9 5)", "LINESTRING (4 0, 4 9)"], crs=4547)
    >>> network = walking_network(ways.to_frame("geometry"))
    >>> len(network.nodes), network.length_m.tolist()
    (5, [4.0, 5.0, 5.0, 4.0])
    """
    _require_tolerance(tolerance_m)
    found = walked_lines(paths, classes, name)
    noded = node_lines(found.lines, found.level, tolerance_m=tolerance_m)
    made = noded.stretches
    network = WalkNetwork(
        nodes=made.nodes,
        edges=made.edges,
        coords=made.coords,
        first=made.first,
        length_m=made.length_m,
        kinds=np.append(found.kind, [""] * len(noded.links_m))[made.line],
        crs=paths.crs,
        level=np.append(found.level, noded.links_level)[made.line],
    )
    structures = int((found.level != 0).sum())
    much = network.length_m[~network.on_ground].sum() > network.length_m.sum() / 2
    told = _of_noding(noded, structures, tolerance_m, name, much=bool(much))
    return replace(network, findings=(*found.findings, *told, *_of_pieces(network, name)))


def _of_noding(
    noded: Noded, structures: int, tolerance_m: float, name: str, *, much: bool
) -> tuple[Finding, ...]:
    """Return what noding changed; it is a warning where most of the length is off the ground."""
    facts = {
        "paths_structures": structures,
        "paths_noded": noded.crossings,
        "paths_linked": len(noded.links_m) - noded.bends,
        "paths_beside": noded.bends,
        "paths_overlap": noded.stretches.repeated,
        "paths_loops": int((noded.stretches.edges[:, 0] == noded.stretches.edges[:, 1]).sum()),
    }
    words = {
        "passed": noded.passed,
        "within": f"{tolerance_m:g}",
        "beside": f"{BESIDE_M:g}",
        "greatest": f"{noded.links_m.max(initial=0.0):.2f}",
    }
    return tuple(
        Finding(
            code=code,
            text=Text(
                zh=TOLD[code].zh.format(count=count, **words),
                en=TOLD[code].en.format(count=count, **words),
            ),
            severity="warning" if code == "paths_structures" and much else "note",
            layer=name,
            count=count,
        )
        for code, count in facts.items()
        if count
    )


def _of_pieces(network: WalkNetwork, name: str) -> tuple[Finding, ...]:
    """Return how the network hangs together; nothing where it is one piece."""
    pieces = len(network.piece_length_m)
    if pieces == 1:
        return ()
    length = network.piece_length_m[0] / network.piece_length_m.sum()
    nodes = float((network.component == 0).mean())
    text = Text(
        zh=f"路网分为 {pieces} 块互不相通：最大的一块占线长的 {length:.1%}、节点的 {nodes:.1%}；"
        "从其余各块走不到它。缺的往往是没有画出的连接。",
        en=f"The network is in {pieces} pieces: the largest holds {length:.1%} of its length and "
        f"{nodes:.1%} of its nodes, and nobody walks from one to another. What lacks is often a "
        "connection that nobody drew.",
    )
    return (
        Finding(
            code="paths_pieces",
            text=text,
            severity="note" if length >= LARGEST_SHARE else "warning",
            layer=name,
            count=pieces,
        ),
    )


def _require_tolerance(tolerance_m: float) -> None:
    if 0 <= tolerance_m <= MOST_TOLERANCE_M:
        return
    raise InputError(
        f"tolerance_m 应在 0 到 {MOST_TOLERANCE_M:g} 米之间，而不是 {tolerance_m!r}。",
        f"tolerance_m should lie between 0 and {MOST_TOLERANCE_M:g} metres, not {tolerance_m!r}.",
        remedy=Text(
            zh="它只用来连接没有画到头的线端，一般 0.5 到 1 米。",
            en="It only joins ends that were not drawn to the line; 0.5 to 1 metre will do.",
        ),
        expected=f"0 to {MOST_TOLERANCE_M:g}",
        found=tolerance_m,
    )


TOLD = {
    "paths_structures": Text(
        zh="桥梁和隧道等不在地面的线 {count} 段，只在端点与地面相连：住所、出入口和用地不能从中段上下，"
        "其旁的用地不由它服务；与其他线平面相交而不相通的有 {passed} 对。",
        en="{count} lines run above or below ground and meet it at their ends only: homes and gates "
        "do not join them in mid-span, and they serve no land beside them. {passed} pairs of lines "
        "cross without meeting.",
    ),
    "paths_noded": Text(
        zh="线在中间相交或相接处视为路口：{count} 处。",
        en="Where lines cross or touch between their ends, they meet: {count} places.",
    ),
    "paths_linked": Text(
        zh="线端距最近的线不足 {within} 米的，以一小段连接：{count} 处，最长 {greatest} 米。",
        en="Ends less than {within} m short of a line were linked to it: {count}, the longest over "
        "{greatest} m.",
    ),
    "paths_beside": Text(
        zh="线的转折点与另一条线相距不足 {beside} 米的（如两个图层画了同一条路），以一小段连接："
        "{count} 处。",
        en="Bends less than {beside} m beside a line, as where two layers draw one street, were "
        "linked to it: {count}.",
    ),
    "paths_overlap": Text(
        zh="不同的线有部分路段重合，重合处只计一次：{count} 段。",
        en="Stretches that two lines share count once: {count}.",
    ),
    "paths_loops": Text(
        zh="首尾为同一节点的环线，保留：{count} 条。",
        en="Loops from a node to itself are kept: {count}.",
    ),
}
