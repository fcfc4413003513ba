"""Zoning: whether zones cover their ground exactly, what share each has, and how near the edge.

Question   Where is ground in no zone, in two, or in a zone beyond the boundary?
Enters     A boundary and zones as valid polygons in one plane of metres.
Leaves     Every gap, overlap and excess with its place, and areas that add up.
Elsewhere  Schemes: read/zonings. Words, ledgers and tests: zoned_park, zoning_tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[Any]

NOISE_WIDTH_M = 0.001
COORDINATE_M = 1e-8  # the last digits of coordinates in the millions
ROUNDING = 1e-9
GAP, OVERLAP, OUTSIDE = "gap", "overlap", "outside"
QUAD_SEGMENTS = 64


@dataclass(frozen=True, slots=True)
class Faults:
    """Pieces of ground, one entry each, the largest first.

    ``first`` and ``second`` are the zones concerned, -1 where there is none; ``width_m`` is the
    mean width, twice the area over the length of the outline. Hair is cut off (`thick`).
    """

    kind: NDArray[np.str_]
    first: Ints
    second: Ints
    shape: Shapes
    area_m2: Floats
    width_m: Floats

    def of(self, kind: str) -> NDArray[np.bool_]:
        """Return which pieces are of one kind."""
        return np.asarray(self.kind == kind)


@dataclass(frozen=True, slots=True)
class Cover:
    """How zones cover a target: ``zones_m2 - twice_m2 + gap_m2 = target_m2``, all of it exact.

    Attributes
    ----------
    zones_m2
        Areas of all zones within the target, added up.
    twice_m2
        What of that counts ground again that another zone has.
    gap_m2, outside_m2
        Ground of the target in no zone; ground of zones beyond the target. Noise included.
    faults
        Pieces wider than the noise.
    noise_m2, noise_count
        Ground left out as noise, and the pieces that have some.
    """

    target_m2: float
    zones_m2: float
    twice_m2: float
    gap_m2: float
    outside_m2: float
    faults: Faults
    noise_m2: float
    noise_count: int


def cover(target: Any, zones: Shapes, noise_width_m: float = NOISE_WIDTH_M) -> Cover:
    """Hold zones against the ground that they must cover exactly.

    Ground of a piece that is nowhere wider than the noise is rounding of coordinates: counted, and
    no fault.

    Examples
    --------
    Two zones leave a gap of 1 m by 10 m and share 2 m by 10 m; one stands out by 3 m by 10 m.

    >>> found = cover(shapely.box(0, 0, 20, 10), shapely.box([0, 10, 17], 0, [9, 19, 23], 10))
    >>> found.faults.kind.tolist(), found.faults.area_m2.tolist()
    (['outside', 'overlap', 'gap'], [30.0, 20.0, 10.0])
    >>> found.zones_m2 - found.twice_m2 + found.gap_m2 == found.target_m2
    True
    """
    union = united(zones)
    shapely.prepare(target)
    across = np.flatnonzero(~shapely.contains_properly(target, zones))
    inside = np.asarray(shapely.area(zones))
    inside[across] = shapely.area(shapely.intersection(zones[across], target))
    gaps = ground_of(shapely.difference(target, union))
    first, second = _neighbours(zones)
    shared, pair_of = _pieces_of(shapely.intersection(zones[first], zones[second]))
    beyond, of_across = _pieces_of(shapely.difference(zones[across], target))
    owner = across[of_across]
    none = np.full(len(gaps), -1)
    every = np.concatenate([gaps, shared, beyond])
    kind = np.repeat([GAP, OVERLAP, OUTSIDE], [len(gaps), len(shared), len(beyond)])
    one = np.concatenate([none, first[pair_of], owner])
    other = np.concatenate([none, second[pair_of], np.full(len(beyond), -1)])
    shapes, of = thick(every, noise_width_m)
    faults = Faults(kind[of], one[of], other[of], shapes, *_sizes(shapes))
    hair = shapely.area(every) - np.bincount(of, faults.area_m2, len(every))
    noise = hair > ROUNDING * shapely.area(every)
    zones_m2 = float(inside.sum())
    return Cover(
        target_m2=float(shapely.area(target)),
        zones_m2=zones_m2,
        twice_m2=zones_m2 - float(shapely.area(shapely.intersection(union, target))),
        gap_m2=float(shapely.area(gaps).sum()),
        outside_m2=float(shapely.area(shapely.difference(union, target))),
        faults=_sorted(faults),
        noise_m2=float(hair[noise].sum()),
        noise_count=int(noise.sum()),
    )


def united(shapes: Shapes) -> Any:
    """Return the union of shapes, much sooner where they share edges vertex by vertex."""
    if len(shapes) and shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes)


def _neighbours(zones: Shapes) -> tuple[Ints, Ints]:
    """Return the pairs of zones that may share ground; none where they share edges alone."""
    if shapely.coverage_is_valid(zones):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    first, second = shapely.STRtree(zones).query(zones, predicate="intersects")
    pairs = first < second
    return first[pairs], second[pairs]


def within(shape: Any, target: Any) -> Any:
    """Return the ground of a shape in a target: no edge or corner that an overlay leaves over.

    Examples
    --------
    >>> touching = shapely.MultiPolygon([shapely.box(0, 0, 4, 10), shapely.box(10, 0, 12, 10)])
    >>> within(touching, shapely.box(0, 0, 10, 10)).geom_type
    'MultiPolygon'
    """
    return shapely.multipolygons(ground_of(shapely.intersection(shape, target)))


def ground_of(shape: Any) -> Shapes:
    """Return the polygons in a shape; lines and points are no ground."""
    return _pieces_of(np.array([shape], dtype=object))[0]


def _pieces_of(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Return the polygons in shapes and where each comes from; lines and points are no ground."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    nested = shapely.get_type_id(parts) == shapely.GeometryType.MULTIPOLYGON
    if nested.any():
        inner, of_part = shapely.get_parts(parts, return_index=True)
        parts, owner = inner, owner[of_part]
    flat = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 0)
    return parts[flat], owner[flat]


def thick(pieces: Shapes, width_m: float) -> tuple[Shapes, Ints]:
    """Return the ground of polygons that holds a disc wider than this, and where it comes from.

    A piece is shrunk by half the width, and what is left grown again: hair falls off, corners
    stay. One that has no hair is returned as it is.

    Examples
    --------
    A square of 5 m at the end of a hair of 0.5 mm by 1 km, and a hair alone.

    >>> hair = shapely.box(0, 0, 1000, 0.0005)
    >>> parts, owner = thick(np.array([hair.union(shapely.box(0, 0, 5, 5)), hair]), 0.001)
    >>> [round(part.area, 3) for part in parts], owner.tolist()
    ([25.0], [0])
    """
    if not width_m:
        return pieces, np.arange(len(pieces))
    half = (width_m + COORDINATE_M) / 2.0
    left = shapely.buffer(pieces, -half, join_style="mitre")
    grown = shapely.buffer(left, 2.0 * half, join_style="mitre")
    parts, owner = _pieces_of(shapely.intersection(pieces, grown))
    area = np.asarray(shapely.area(pieces))
    kept = np.bincount(owner, shapely.area(parts), len(pieces))
    whole = np.flatnonzero(kept >= area * (1.0 - ROUNDING))
    cut = ~np.isin(owner, whole)
    shapes, of = np.concatenate([pieces[whole], parts[cut]]), np.concatenate([whole, owner[cut]])
    order = np.argsort(of, kind="stable")
    return shapes[order], of[order]


def _sizes(shapes: Shapes) -> tuple[Floats, Floats]:
    area = np.asarray(shapely.area(shapes), dtype=np.float64)
    return area, 2.0 * area / np.asarray(shapely.length(shapes), dtype=np.float64)


def _sorted(faults: Faults) -> Faults:
    order = np.argsort(-faults.area_m2, kind="stable")
    return Faults(
        faults.kind[order],
        faults.first[order],
        faults.second[order],
        faults.shape[order],
        faults.area_m2[order],
        faults.width_m[order],
    )


@dataclass(frozen=True, slots=True)
class Portion:
    """Ground of one kind of zone within the whole, in m².

    ``least_m2`` leaves out what other kinds have too; ``most_m2`` takes in ground of no kind.
    """

    area_m2: float
    least_m2: float
    most_m2: float


def portion(
    target: Any, own: Sequence[Any], others: Sequence[Any], unsure: Sequence[Any]
) -> Portion:
    """Return how much of a target a kind of zone has, and between which bounds.

    Parameters
    ----------
    target
        The whole.
    own, others
        Shapes of this kind, and of all other kinds.
    unsure
        Shapes that may be of this kind, such as zones of no known name and gaps.

    Examples
    --------
    >>> found = portion(
    ...     shapely.box(0, 0, 10, 10),
    ...     [shapely.box(0, 0, 6, 10)],
    ...     [shapely.box(5, 0, 9, 10)],
    ...     [shapely.box(9, 0, 10, 10)],
    ... )
    >>> found.area_m2, found.least_m2, found.most_m2
    (60.0, 50.0, 70.0)
    """
    mine = within(united(np.array(own, dtype=object)), target)
    rest = united(np.array(others, dtype=object))
    maybe = shapely.intersection(shapely.union_all([mine, *unsure]), target)
    return Portion(
        float(shapely.area(mine)),
        float(shapely.area(shapely.difference(mine, rest))),
        float(shapely.area(maybe)),
    )


@dataclass(frozen=True, slots=True)
class Buffered:
    """How a core keeps away from the edge of the whole.

    Attributes
    ----------
    exposed
        Its pieces that lie within the buffer's width of ground beyond the boundary; arcs of the
        buffer are chords, at most 0.0075 % of its width short. `least_m` is exact.
    least_m
        The least distance from the core to that ground; 0 where they touch.
    interior_m2
        The core deeper inside itself than the buffer's width.
    """

    core_m2: float
    exposed: Shapes
    exposed_m2: float
    least_m: float
    interior_m2: float


def buffered(target: Any, core: Any, buffer_m: float) -> Buffered:
    """Return which part of a core has no buffer of this width around it within the whole.

    Examples
    --------
    A core of 60 m by 60 m, 20 m from one edge and 10 m from the next, asked for 15 m.

    >>> found = buffered(shapely.box(0, 0, 100, 100), shapely.box(20, 10, 80, 70), 15.0)
    >>> found.least_m, found.exposed_m2, found.interior_m2
    (10.0, 300.0, 900.0)
    """
    edge = shapely.boundary(target)
    outside = shapely.area(shapely.difference(core, target)) > 0
    inner = shapely.buffer(target, -buffer_m, quad_segs=QUAD_SEGMENTS)
    exposed, _ = thick(ground_of(shapely.difference(core, inner)), NOISE_WIDTH_M)
    area, _ = _sizes(exposed)
    order = np.argsort(-area, kind="stable")
    return Buffered(
        core_m2=float(shapely.area(core)),
        exposed=exposed[order],
        exposed_m2=float(area.sum()),
        least_m=0.0 if outside else float(shapely.distance(core, edge)),
        interior_m2=float(shapely.area(shapely.buffer(core, -buffer_m, quad_segs=QUAD_SEGMENTS))),
    )
