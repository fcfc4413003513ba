"""OSM edge: what an extract cut through, which GDAL reads as if it were whole.

Question   Which things of a layer refer to nodes or ways that the file does not hold?
Enters     A file that GDAL has read, the rule of a layer, and the names of the shapes built.
Leaves     The names of things that are cut, deleted, not built, or areas instead of lines.
Elsewhere  Reading the shapes: read/osm. The rules: read/osm_tags.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from greenspace.read.osm_tags import TagRule

AREA_RELATIONS = {"multipolygon", "boundary"}


@dataclass(frozen=True, slots=True)
class Edge:
    """What is known of the things that match a rule, by their names (``way/1``)."""

    cut: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    unbuilt: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Way:
    nodes: tuple[int, ...]

    @property
    def closed(self) -> bool:
        return len(self.nodes) > 1 and self.nodes[0] == self.nodes[-1]


def edge_of(path: Path, rule: TagRule, built: Collection[str]) -> Edge:
    """Return what the edge of the extract did to the things that match a rule.

    Raises
    ------
    ImportError
        osmium is not installed.
    OSError, RuntimeError, ValueError
        osmium cannot read the file.
    """
    edge = Edge()
    relations, carriers = _relations(path, rule, edge)
    members = set[int]().union(*relations.values())
    matching = _matching_ways(path, rule, edge)
    ways = {**matching, **_ways(path, members - set(matching))}
    missing = _missing_nodes(path, {node for way in ways.values() for node in way.nodes})
    cut = {number for number, way in ways.items() if not missing.isdisjoint(way.nodes)}
    for number, inside in relations.items():
        name = f"relation/{number}"
        if name not in built:
            edge.unbuilt.add(name)
        elif not inside <= set(ways) or not inside.isdisjoint(cut):
            edge.cut.add(name)
    for number, way in matching.items():
        name = f"way/{number}"
        carried = carriers.get(number, set()) & set(built)
        if number in cut:
            edge.cut.update(carried or ({name} & set(built)))
        if name not in built and not carried:
            whole_ring = rule.origin == "lines" and way.closed and number not in cut
            (edge.areas if whole_ring else edge.unbuilt).add(name)
    return edge


def _relations(
    path: Path, rule: TagRule, edge: Edge
) -> tuple[dict[int, set[int]], dict[int, set[str]]]:
    """Return the ways of each relation that matches, and the relations of areas of each way."""
    import osmium

    found: dict[int, set[int]] = {}
    carriers: dict[int, set[str]] = {}
    if rule.origin == "lines":
        return found, carriers
    for relation in _read(path, osmium.osm.RELATION):
        tags = dict(relation.tags)
        if tags.get("type") not in AREA_RELATIONS:
            continue
        ways = {member.ref for member in relation.members if member.type == "w"}
        name = f"relation/{relation.id}"
        for way in ways:
            carriers.setdefault(way, set()).add(name)
        if rule.match(tags) is None:
            continue
        if not relation.visible:
            edge.deleted.add(name)
        elif not rule.shut_out(tags):
            found[relation.id] = ways
    return found, carriers


def _matching_ways(path: Path, rule: TagRule, edge: Edge) -> dict[int, _Way]:
    import osmium

    found = {}
    for way in _read(path, osmium.osm.WAY, osmium.filter.KeyFilter(*rule.tags)):
        tags = dict(way.tags)
        if rule.match(tags) is None:
            continue
        if not way.visible:
            edge.deleted.add(f"way/{way.id}")
        elif not rule.shut_out(tags):
            found[way.id] = _way(way)
    return found


def _ways(path: Path, numbers: set[int]) -> dict[int, _Way]:
    import osmium

    return {way.id: _way(way) for way in _read_these(path, osmium.osm.WAY, numbers)}


def _way(way: Any) -> _Way:
    return _Way(tuple(node.ref for node in way.nodes))


def _missing_nodes(path: Path, numbers: set[int]) -> set[int]:
    import osmium

    return numbers - {node.id for node in _read_these(path, osmium.osm.NODE, numbers)}


def _read_these(path: Path, kind: Any, numbers: set[int]) -> Iterator[Any]:
    import osmium

    if not numbers:
        return
    known = min(numbers) >= 0  # an editor numbers new things below zero; the filter cannot
    tests = [osmium.filter.IdFilter(numbers)] if known else []
    for thing in _read(path, kind, *tests):
        if known or thing.id in numbers:
            yield thing


def _read(path: Path, kind: Any, *tests: Any) -> Iterator[Any]:
    import osmium

    form = "osm" if path.name.lower().endswith(".osm") else "pbf"
    source = osmium.io.File(str(path.absolute()), form)  # absolute: never an address to fetch from
    processor = osmium.FileProcessor(source, kind)
    for test in tests:
        processor = processor.with_filter(test)
    yield from processor
