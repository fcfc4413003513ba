"""Ownership: whose each face of a fabric is, where parcels overlap, leave gaps or miss an edge.

Question   To which parcel does this piece of ground belong, and what was decided on the way?
Enters     Faces, the parcels over each in their order of precedence, and the edges to follow.
Leaves     An owner for each face, and one event for each overlap, gap, snapped edge and sliver.
Elsewhere  Making the faces: delimit/fabric. Lines of the owned faces: delimit/green_line.

The rules, in this order. Ground that several parcels claim is the first one's. A face thinner
than the tolerance that no parcel covers is a gap, and goes to the neighbour with the longest edge
on it, unless it is road or water. A thin face of a parcel on the far side of a followed edge is
cut off, and one between a parcel and that edge is added: so the parcel's edge is moved to it. What
is left of a parcel only as a sliver goes to the neighbour with the longest edge. Nothing moves an
edge by more than the greatest displacement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from greenspace.delimit.fabric import slim, thin

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.delimit.fabric import Edges, Floats, Ints, Mask, Shapes

NOBODY = -1
SIDE = 0.3  # of a thin face's edge is what lies along one of its two sides
ROUNDS = 8
STEPS = 10  # of the greatest displacement, at which an edge is measured between its corners
LEAST_STEP_M = 0.05


@dataclass(frozen=True, slots=True)
class Event:
    """One decision about a face, an edge or a line.

    Attributes
    ----------
    kind
        ``overlap``, ``planned_yields``, ``gap``, ``snapped``, ``gap_open``, ``sliver``,
        ``sliver_kept``.
    giver, taker
        Numbers of groups of parcels, -1 for nobody.
    displacement_m
        How far an edge moved; not a number for ground that a rule of precedence gives away.
    """

    kind: str
    giver: int
    taker: int
    area_m2: float
    width_m: float
    displacement_m: float
    x: float
    y: float


@dataclass(slots=True, eq=False)
class Plane:
    """The faces of one plane of lines while they are being given to groups of parcels.

    Attributes
    ----------
    faces, edges
        The fabric.
    owner
        The group of each face, -1 for nobody; changed in place.
    status
        The status of each group.
    follows
        For each face a number that differs on the two sides of a followed edge.
    closed
        Faces that are road or water: no gap.
    thin_m, most_m
        The tolerance, and how far an edge may move at most.
    """

    faces: Shapes
    edges: Edges
    owner: Ints
    status: NDArray[Any]
    follows: Ints
    closed: Mask
    thin_m: float
    most_m: float
    events: list[Event] = field(default_factory=list)
    at_first: Ints = field(init=False)
    _waiting: Mask = field(init=False)

    def __post_init__(self) -> None:
        """Keep whose each face was, so that moves at one place add up."""
        self.at_first = self.owner.copy()
        self._waiting = np.zeros(len(self.owner), dtype=bool)

    def settle(self) -> None:
        """Give gaps, overhangs and slivers to whom they belong, each counted."""
        around = _Around(self.edges, len(self.faces))
        self._waiting = slim(self.faces, self.thin_m) & (self.owner == NOBODY) & ~self.closed
        narrow = thin(self.faces, self.thin_m) | self._waiting
        self._move_edges(np.flatnonzero(narrow), around)
        self._merge_slivers(around)
        self._tell_open(around)

    def _move_edges(self, narrow: Ints, around: _Around) -> None:
        """Decide about all thin faces by what lies around them now, until none is left."""
        waiting = narrow.tolist()
        for _ in range(ROUNDS):
            decided = [(face, self._decision(face, around)) for face in waiting]
            done = [(face, *choice) for face, choice in decided if choice is not None]
            for face, kind, taker in done:
                self._give(face, kind, taker, around)
            settled = {face for face, *_ in done}
            waiting = [face for face in waiting if face not in settled]
            if not settled:
                return

    def _decision(self, face: int, around: _Around) -> tuple[str, int] | None:
        """Return what a thin face is and who takes it, or ``None`` where it stays as it is."""
        near, length = around.of(face)
        own, other = self.owner[face], self.owner[near]
        followed = self.follows[near] != self.follows[face]
        side = SIDE * length.sum()
        if own == NOBODY:
            among = self._waiting[near] & (other == NOBODY)
            return self._filled(face, other, length, followed=followed, among=among, side=side)
        beyond = length[(other == own) & followed].sum()
        away = other != own
        if not side or beyond < side or length[away].sum() < side:
            return None
        return ("snapped", _longest(other[away], length[away], nobody=True))

    def _filled(
        self, face: int, other: Ints, length: Floats, *, followed: Mask, among: Mask, side: float
    ) -> tuple[str, int] | None:
        """Return who takes a thin face that no parcel covers: parcels lie along it, or an edge."""
        taker = _longest(other, length)
        if self.closed[face] or taker == NOBODY or length[other == taker].sum() < side / 2:
            return None
        owned = length[other != NOBODY].sum()
        edged = length[(other != NOBODY) | followed | among].sum()
        if owned < side or edged < 2 * side:
            return None
        between = length[(other != NOBODY) | (among & ~followed)].sum()
        return ("gap" if between >= 2 * side else "snapped", taker)

    def _give(self, face: int, kind: str, taker: int, around: _Around) -> None:
        giver = int(self.owner[face])
        run = np.array([face])
        groups = [group for group in (giver, taker) if group != NOBODY]
        moved = max(self._displacement(run, self.faces[face], group, around) for group in groups)
        if moved > self.most_m:
            return
        self.owner[face] = taker
        self._tell(kind, giver, taker, self.faces[face], moved)

    def _displacement(self, run: Ints, shape: Any, group: int, around: _Around) -> float:
        """Return how far a shape reaches beyond the edge that a group had at first.

        Where the shape is the group's own, which it loses: beyond the edge that is left.
        """
        near = around.beside(run)
        ring = np.union1d(near, around.beside(near[self.owner[near] != self.at_first[near]]))
        lost = (self.owner[run] == group).any()
        there = (self.owner if lost else self.at_first)[ring] == group
        sides = self.faces[ring[there & ~np.isin(ring, run)]]
        west, south, east, north = shapely.bounds(shape)
        most = self.most_m
        sides = shapely.clip_by_rect(sides, west - most, south - most, east + most, north + most)
        sides = sides[~shapely.is_empty(sides)]
        if not len(sides):
            return np.inf
        spots = shapely.segmentize(shape, max(most / STEPS, LEAST_STEP_M))
        corners = shapely.points(shapely.get_coordinates(spots))
        return float(shapely.distance(corners[:, None], sides).min(axis=1).max())

    def _merge_slivers(self, around: _Around) -> None:
        line = parts_of(self.owner, self.edges)
        owned = np.flatnonzero(self.owner != NOBODY)
        order = owned[np.argsort(line[owned], kind="stable")]
        runs = np.split(order, np.flatnonzero(np.diff(line[order])) + 1) if len(order) else []
        area, edge = shapely.area(self.faces), shapely.length(self.faces)
        for run in runs:
            if 2 * area[run].sum() >= self.thin_m * edge[run].sum():
                continue
            shape = self.faces[run[0]] if len(run) == 1 else shapely.union_all(self.faces[run])
            if thin(np.array([shape]), self.thin_m)[0]:
                self._merge(run, shape, around)

    def _merge(self, run: Ints, shape: Any, around: _Around) -> None:
        own = int(self.owner[run[0]])
        pairs = [around.of(face) for face in run]
        other = self.owner[np.concatenate([near for near, _ in pairs])]
        length = np.concatenate([shared for _, shared in pairs])
        strange = (other != own) & (other != NOBODY)
        alike = strange & (self.status[other] == self.status[own])
        for choice in (alike, strange & ~alike):
            taker = _longest(other[choice], length[choice])
            moved = np.inf
            if taker != NOBODY:
                moved = self._displacement(run, shape, taker, around)
            if moved <= self.most_m:
                self.owner[run] = taker
                self._tell("sliver", own, taker, shape, moved)
                return
        self._tell("sliver_kept", own, own, shape, 0.0)

    def _tell_open(self, around: _Around) -> None:
        """Tell of each gap that stays: too wide for the greatest displacement, or out of reach."""
        for face in np.flatnonzero(self._waiting & (self.owner == NOBODY)).tolist():
            near, length = around.of(face)
            other = self.owner[near]
            if length[other != NOBODY].sum() >= 2 * SIDE * length.sum():
                self._tell("gap_open", NOBODY, _longest(other, length), self.faces[face], np.nan)

    def _tell(self, kind: str, giver: int, taker: int, shape: Any, moved: float) -> None:
        area, edge = float(shapely.area(shape)), float(shapely.length(shape))
        spot = shapely.point_on_surface(shape)
        width = 2 * area / edge if edge else 0.0
        self.events.append(Event(kind, giver, taker, area, width, moved, spot.x, spot.y))


class _Around:
    """The neighbours of every face."""

    def __init__(self, edges: Edges, count: int) -> None:
        here, there, length = edges.both_ways()
        order = np.argsort(here, kind="stable")
        self._there, self._length = there[order], length[order]
        self._first = np.searchsorted(here[order], np.arange(count + 1))

    def of(self, face: int) -> tuple[Ints, Floats]:
        """Return the neighbours of a face and the length of the edge to each."""
        run = slice(self._first[face], self._first[face + 1])
        return self._there[run], self._length[run]

    def beside(self, faces: Ints) -> Ints:
        """Return the neighbours of some faces, each once."""
        return np.unique(np.concatenate([self.of(face)[0] for face in faces] or [faces]))


def _longest(owner: Ints, length: Floats, *, nobody: bool = False) -> int:
    """Return who has the longest edge: nobody only if asked; at a tie the lower number."""
    some = np.ones(len(owner), dtype=bool) if nobody else owner != NOBODY
    if not some.any():
        return NOBODY
    names, where = np.unique(owner[some], return_inverse=True)
    return int(names[np.argmax(np.bincount(where, weights=length[some]))])


def parts_of(owner: Ints, edges: Edges) -> Ints:
    """Return a number for each face, the same for faces of one owner that hang together.

    Examples
    --------
    >>> from greenspace.delimit.fabric import Edges
    >>> edges = Edges(np.array([0, 1]), np.array([1, 2]), np.ones(2))
    >>> parts_of(np.array([5, 5, 7]), edges).tolist()
    [0, 0, 1]
    """
    same = owner[edges.left] == owner[edges.right]
    left, right = edges.left[same], edges.right[same]
    count = len(owner)
    graph = coo_array((np.ones(len(left), dtype=bool), (left, right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def overlap_events(
    faces: Shapes, owner: Ints, cover: tuple[Ints, Ints], group: Ints, status: NDArray[Any]
) -> list[Event]:
    """Return one event for each pair of parcels of two groups that claim the same ground.

    Parameters
    ----------
    owner
        The parcel that each face was given to.
    cover
        All pairs of a face and a parcel over it.
    group, status
        The group of each parcel; the status of each group.
    """
    face, parcel = cover
    loses = group[parcel] != group[owner[face]]
    if not loses.any():
        return []
    face, giver = face[loses], parcel[loses]
    claims = np.column_stack((giver, owner[face], face))
    claims = claims[np.lexsort(claims.T[::-1])]
    pairs, first = np.unique(claims[:, :2], axis=0, return_index=True)
    events = []
    for pair, run in zip(pairs, np.split(claims[:, 2], first[1:]), strict=True):
        area, edge = shapely.area(faces[run]), shapely.length(faces[run])
        spot = shapely.point_on_surface(faces[run[np.argmax(area)]])
        one, two = group[pair]
        kind = "overlap" if status[one] == status[two] else "planned_yields"
        width, total = float(2 * area.sum() / edge.sum()), float(area.sum())
        events.append(Event(kind, int(one), int(two), total, width, np.nan, spot.x, spot.y))
    return events
