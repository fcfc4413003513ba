"""Green line: closed lines around parcels, shared between neighbours vertex by vertex.

Question   Where do the green lines of these parcels run?
Enters     Parcels with status, category, class and name in a plane CRS in metres, and edges to follow.
Leaves     One polygon a line, every decision as an event, and how far the lines changed.
Elsewhere  Making parcels ready: delimitation. Testing lines: delimit/line_checks.

A line encloses the parcels of one status, category, class and name that hang together by an edge;
what only meets in a point is two lines. Existing and planned lines lie in one plane and share no
ground. Ecological control lines, among them the zones of old trees, lie in a plane of their own
and may enclose existing and planned lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.fabric import covering, edges_between, faces_of, on_grid
from greenspace.delimit.ownership import NOBODY, Plane, overlap_events, parts_of
from greenspace.delimit.simplify import joined, simplified
from greenspace.model.green_line import CATEGORIES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from greenspace.delimit.fabric import Edges, Floats, Ints, Shapes
    from greenspace.delimit.ownership import Event

KEY: Final = ("status", "category", "class", "name")
PLANES: Final = (("existing", "planned"), ("control",))
NO_GAP: Final = ("roads", "water")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Lines as they were drawn.

    Attributes
    ----------
    lines
        Columns `KEY` and geometry, from north-west to south-east.
    events
        What was decided, with the numbers of the lines that took and gave ground, -1 for none.
    area_change, displacement_m
        What each line's area changed by simplifying, as a share; how far its edge moved in all.
    simplified_m
        How far it moved by simplifying alone.
    """

    lines: gpd.GeoDataFrame
    events: list[tuple[Event, int, int]]
    area_change: Floats
    displacement_m: Floats
    simplified_m: Floats


def draw_lines(
    parcels: gpd.GeoDataFrame,
    references: Mapping[str, Any],
    *,
    tolerance_m: float,
    max_area_change: float,
    max_displacement_m: float,
) -> Drawn:
    """Draw the lines of some parcels.

    Parameters
    ----------
    parcels
        Valid polygons with the columns `KEY`.
    references
        Dissolved ``roads``, ``water`` and ``construction_land``, as far as there are any.
    tolerance_m
        Edges nearer than this are brought together, as far as `max_displacement_m` allows.
    max_area_change, max_displacement_m
        Of one line.

    Examples
    --------
    >>> two = gpd.GeoDataFrame({"status": "existing", "category": "park", "class": ["G11", "G14"],
    ...     "name": ""}, geometry=[shapely.box(0, 0, 100, 100), shapely.box(100.3, 0, 200, 100)], crs=4547)
    >>> drawn = draw_lines(two, {}, tolerance_m=0.5, max_area_change=0.01, max_displacement_m=1.0)
    >>> drawn.lines.area.tolist(), [event.kind for event, *_ in drawn.events]
    ([10030.0, 9970.0], ['gap'])
    """
    table, shapes = _on_grid(parcels)
    if not len(table):
        return _nothing(parcels)
    grounds = {
        name: shapely.normalize(on_grid(np.array([ground]))[0])
        for name, ground in references.items()
    }
    planes = [np.flatnonzero(table["status"].isin(statuses)) for statuses in PLANES]
    faces = faces_of(
        shapes, list(grounds.values()), tolerance_m, [own for own in planes if len(own)]
    )
    edges = edges_between(faces)
    inside = shapely.point_on_surface(faces)
    within = {name: _within(inside, ground) for name, ground in grounds.items()}
    groups = np.asarray(table.groupby(list(KEY), sort=False).ngroup(), dtype=np.int64)
    kinds = table.groupby(list(KEY), sort=False).first().reset_index()[list(KEY)]
    owners: list[Ints] = []
    events: list[Event] = []
    for mine in planes:
        rank = _ranks(table.iloc[mine], shapes[mine])
        parcel, face, over = covering(faces, shapes[mine], rank)
        parcel[parcel >= 0] = mine[parcel[parcel >= 0]]
        status = kinds["status"].to_numpy()
        events += overlap_events(
            faces, parcel, (face, np.asarray(mine[over], dtype=np.int64)), groups, status
        )
        owner = np.where(parcel >= 0, groups[parcel], NOBODY)
        plane = Plane(
            faces=faces,
            edges=edges,
            owner=owner,
            status=status,
            follows=sum(
                (2**i * inside for i, inside in enumerate(within.values())),
                np.zeros(len(faces), dtype=np.int64),
            ),
            closed=_any(within, len(faces)),
            thin_m=tolerance_m,
            most_m=max_displacement_m,
        )
        if len(mine):
            plane.settle()
        owners.append(owner)
        events += plane.events
    return _finish(
        faces, edges, owners, kinds, events, parcels.crs, max_area_change, max_displacement_m
    )


def _on_grid(parcels: gpd.GeoDataFrame) -> tuple[pd.DataFrame, Shapes]:
    """Return parcels on the grid in an order that does not hang on that of the rows."""
    shapes = shapely.normalize(on_grid(parcels.geometry.to_numpy()))
    table = pd.DataFrame(parcels[list(KEY)]).reset_index(drop=True)
    order = table.assign(**dict(zip("wsen", shapely.bounds(shapes).T, strict=True)))
    order = order.assign(shape=shapely.to_wkb(shapes, byte_order=0))[~shapely.is_empty(shapes)]
    order = order.sort_values([*KEY, *"wsen", "shape"])
    return table.loc[order.index].reset_index(drop=True), shapes[order.index]


def _nothing(parcels: gpd.GeoDataFrame) -> Drawn:
    empty = parcels.iloc[:0][[*KEY, parcels.geometry.name]].reset_index(drop=True)
    return Drawn(empty, [], np.empty(0), np.empty(0), np.empty(0))


def _within(spots: Shapes, ground: Any) -> NDArray[np.bool_]:
    parts = shapely.get_parts(ground)
    found = np.zeros(len(spots), dtype=bool)
    found[shapely.STRtree(parts).query(spots, predicate="within")[0]] = True
    return found


def _any(within: Mapping[str, NDArray[np.bool_]], count: int) -> NDArray[np.bool_]:
    closed = np.zeros(count, dtype=bool)
    for name in NO_GAP:
        closed |= within.get(name, False)
    return closed


def _ranks(table: pd.DataFrame, shapes: Shapes) -> Ints:
    """Return the order in which parcels of one plane claim ground that several cover.

    Existing before planned; the zone of an old tree first; a parcel that lies in another before
    that one; the category that `CATEGORIES` names first; the smaller parcel; the more western one.
    """
    tree = shapely.STRtree(shapes)
    inner, outer = tree.query(shapes, predicate="covered_by")
    area = shapely.area(shapes)
    status = table["status"].map(list(STATUSES).index).to_numpy(dtype=np.int64)
    nested = (area[inner] < area[outer]) & (status[inner] == status[outer])
    depth = np.bincount(inner[nested], minlength=len(shapes))
    category = table["category"].map(list(CATEGORIES).index).to_numpy(dtype=np.int64)
    tree_last = (table["category"] != "old_tree").to_numpy()
    order = np.lexsort((area, category, -depth, tree_last, status))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _finish(
    faces: Shapes,
    edges: Edges,
    owners: Sequence[Ints],
    kinds: pd.DataFrame,
    events: list[Event],
    crs: Any,
    max_area_change: float,
    max_displacement_m: float,
) -> Drawn:
    """Join faces to lines, simplify them together, and name the lines of each event."""
    line = np.column_stack([_line_numbers(owner, edges) for owner in owners])
    line[:, 1][line[:, 1] >= 0] += line[:, 0].max() + 1
    count = int(line.max()) + 1
    group = np.empty(count, dtype=np.int64)
    for owner, own in zip(owners, line.T, strict=True):
        group[own[own >= 0]] = owner[own >= 0]
    _, cell = np.unique(line, axis=0, return_inverse=True)
    cells = joined(faces, _members(cell, int(cell.max()) + 1))
    pairs = [np.unique(np.column_stack((own, cell))[own >= 0], axis=0) for own in line.T]
    pair = np.concatenate(pairs)
    members = _split(pair[:, 0], pair[:, 1], count)
    before = joined(cells, members)
    taker, giver = (
        _lines_of(events, [getattr(event, side) for event in events], group, before)
        for side in ("taker", "giver")
    )
    moved = np.zeros(count)
    for some in (taker, giver):
        known = some >= 0
        np.maximum.at(
            moved, some[known], np.nan_to_num([event.displacement_m for event in events])[known]
        )
    left = np.maximum(max_displacement_m - moved, 0.0)
    left[kinds["category"].to_numpy()[group] == "old_tree"] = 0.0  # their rule is a distance
    done = simplified(cells, members, max_area_change=max_area_change, max_displacement_m=left)
    order = _north_west_first(done.lines)
    place = np.empty(count + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(count), NOBODY
    lines = gpd.GeoDataFrame(
        kinds.iloc[group[order]].reset_index(drop=True), geometry=done.lines[order], crs=crs
    )
    named = list(zip(events, place[taker].tolist(), place[giver].tolist(), strict=True))
    in_all = moved + done.displacement_m
    return Drawn(lines, named, done.area_change[order], in_all[order], done.displacement_m[order])


def _line_numbers(owner: Ints, edges: Edges) -> Ints:
    """Return the line of each face from 0, -1 where it is nobody's."""
    part = parts_of(owner, edges)
    owned = owner != NOBODY
    number = np.full(len(owner), NOBODY)
    number[owned] = np.unique(part[owned], return_inverse=True)[1]
    return number


def _members(cell: Ints, count: int) -> list[Ints]:
    return _split(cell, np.arange(len(cell)), count)


def _split(owner: Ints, item: Ints, count: int) -> list[Ints]:
    order = np.argsort(owner, kind="stable")
    return np.split(item[order], np.searchsorted(owner[order], np.arange(1, count)))


def _lines_of(events: Sequence[Event], groups: Sequence[int], group: Ints, lines: Shapes) -> Ints:
    """Return for each event the line of a group that is nearest to it, -1 where there is none."""
    found = np.full(len(events), NOBODY)
    wanted = np.array(groups, dtype=np.int64)
    spots = shapely.points([(event.x, event.y) for event in events]) if events else np.empty(0)
    for one in np.unique(wanted[wanted >= 0]):
        own = np.flatnonzero(group == one)
        here = np.flatnonzero(wanted == one)
        if len(own):
            found[here] = own[shapely.STRtree(lines[own]).nearest(spots[here])]
    return found


def _north_west_first(lines: Shapes) -> Ints:
    """Return the order of lines by their north-west-most point: greatest N - E, ties to the north."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    reach = xy[:, 1] - xy[:, 0]
    order = np.lexsort((-xy[:, 1], -reach, line))
    first = order[np.searchsorted(line[order], np.arange(len(lines)))]
    return np.lexsort((np.arange(len(lines)), -xy[first, 1], -reach[first]))
