"""Fabric: parcels and the edges around them as faces that share every vertex.

Question   Which pieces of ground do all these edges cut the plane into, and which touch?
Enters     Valid polygons in a plane CRS in metres, and the polygons whose edges they may follow.
Leaves     Faces on the millimetre grid, what covers each, and the edges between them.
Elsewhere  Whose each face is: delimit/ownership. Fewer vertices: delimit/simplify.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.delimit.junctions import cuts_across
from greenspace.model.green_line import GRID_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Shapes = NDArray[Any]
    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

MARGIN_M = 100.0
MITRE = 5.0
OPENED = 0.4995  # of the width that is thin: what is left of it is narrower for sure
BRANCHING = 1.5  # times the width: where gaps meet, a wider disc has room than in each
LONG = 10.0  # times the width: shorter ends of a face are the tips of its corners
NOISE_M = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """What lies between two faces, once for each pair.

    Attributes
    ----------
    left, right
        Faces; `left` is the lower number.
    length_m
        Of all that they share.
    """

    left: Ints
    right: Ints
    length_m: Floats

    def both_ways(self) -> tuple[Ints, Ints, Floats]:
        """Return face, neighbour and length, each pair from either side."""
        return (
            np.concatenate((self.left, self.right)),
            np.concatenate((self.right, self.left)),
            np.concatenate((self.length_m, self.length_m)),
        )


def on_grid(shapes: Shapes) -> Shapes:
    """Return shapes whose every coordinate is a whole number of millimetres, still valid.

    Examples
    --------
    >>> on_grid(np.array([shapely.box(0, 0, 1.00049, 1)]))[0].bounds
    (0.0, 0.0, 1.0, 1.0)
    """
    return _rounded(shapely.set_precision(shapes, GRID_M))


def _rounded(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.transform(shapes, lambda xy: np.rint(xy / GRID_M) / (1 / GRID_M)))


def faces_of(
    parcels: Shapes, references: Sequence[Any], thin_m: float, planes: Sequence[Ints] = ()
) -> Shapes:
    """Return the faces that the edges of parcels and references cut the plane into.

    Gaps that branch are cut into arms, each between two parcels of one of the `planes`.

    The last resort of every edge is a frame around all of them, so that the ground outside is a
    face too. Where a face is narrower than `thin_m` for a while, that part is a face of its own.

    Examples
    --------
    >>> faces = faces_of(np.array([shapely.box(0, 0, 10, 10), shapely.box(10.2, 0, 20, 10)]), [], 0.5)
    >>> sorted(shapely.area(faces).round(3).tolist())[:3]
    [2.0, 98.0, 100.0]
    """
    edges = shapely.boundary(np.concatenate((parcels, np.asarray(list(references), dtype=object))))
    frame = shapely.boundary(shapely.box(*_frame(shapely.total_bounds(parcels))))
    lines = [*edges[~shapely.is_empty(edges)], frame]
    noded = shapely.union_all(lines, grid_size=GRID_M)
    faces = _polygons(noded)
    narrow = _narrow_parts(faces, thin_m)
    if len(narrow):
        noded = shapely.union_all([noded, *shapely.boundary(narrow)], grid_size=GRID_M)
        faces = _polygons(noded)
    for some in planes or (np.arange(len(parcels)),):
        gaps = faces[slim(faces, thin_m)]
        bare = covering(gaps, parcels[some], np.arange(len(some)))[0] < 0
        cuts = cuts_across(gaps[bare], parcels[some], thin_m, references)
        if cuts:
            noded = shapely.union_all([noded, *cuts], grid_size=GRID_M)
            faces = _polygons(noded)
    return faces


def _frame(bounds: Floats) -> Floats:
    grown: Floats = np.rint(bounds + MARGIN_M * np.array([-1, -1, 1, 1]))
    return grown


def _polygons(noded: Any) -> Shapes:
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return _rounded(found)


def _narrow_parts(faces: Shapes, thin_m: float) -> Shapes:
    """Return what is left of faces after opening them: necks and inlets, not tips of corners."""
    reach = OPENED * thin_m
    style = {"join_style": "mitre", "mitre_limit": MITRE}
    core = shapely.buffer(faces, -reach, **style)
    some = ~shapely.is_empty(core)
    wide = shapely.buffer(core[some], reach, **style)
    left = shapely.get_parts(shapely.get_parts(shapely.difference(faces[some], wide)))
    left = left[shapely.get_dimensions(left) == 2]  # noqa: PLR2004
    half, area = shapely.length(left) / 2, shapely.area(left)
    return np.asarray(left[(half > LONG * thin_m) & (area > NOISE_M * half)])


def thin(faces: Shapes, thin_m: float) -> Mask:
    """Return which faces hold no disc as wide as `thin_m`.

    Examples
    --------
    >>> thin(np.array([shapely.box(0, 0, 9, 0.4), shapely.box(0, 0, 9, 0.6)]), 0.5).tolist()
    [True, False]
    """
    found = 2 * shapely.area(faces) < thin_m * shapely.length(faces)
    found[found] = shapely.is_empty(shapely.buffer(faces[found], -thin_m / 2))
    return np.asarray(found)


def slim(faces: Shapes, thin_m: float) -> Mask:
    """Return which faces are on average narrower than `thin_m`, and little wider where they branch.

    Examples
    --------
    >>> cross = shapely.box(0, 4, 9, 4.4).union(shapely.box(4, 0, 4.4, 9))
    >>> thin(np.array([cross]), 0.5).tolist(), slim(np.array([cross]), 0.5).tolist()
    ([False], [True])
    """
    found = 2 * shapely.area(faces) < thin_m * shapely.length(faces)
    found[found] = thin(faces[found], BRANCHING * thin_m)
    return np.asarray(found)


def covering(faces: Shapes, parcels: Shapes, rank: Ints) -> tuple[Ints, Ints, Ints]:
    """Return for each face the parcel with the lowest rank that covers it, and every cover.

    Returns
    -------
    owner
        The number of a parcel, -1 where none covers the face.
    face, parcel
        All pairs of a face and a parcel over it.

    Examples
    --------
    >>> two = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> faces = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(9, 9, 10, 10)])
    >>> covering(faces, two, np.array([1, 0]))[0].tolist()
    [0, 1, -1]
    """
    owner = np.full(len(faces), -1)
    if not len(parcels):
        return owner, owner[:0], owner[:0]
    inside = shapely.point_on_surface(faces)
    face, parcel = shapely.STRtree(parcels).query(inside, predicate="within")
    order = np.lexsort((rank[parcel], face))
    face, parcel = face[order], parcel[order]
    first = np.r_[True, np.diff(face) != 0][: len(face)]
    owner[face[first]] = parcel[first]
    return owner, face, parcel


def edges_between(faces: Shapes) -> Edges:
    """Return the pairs of faces that share an edge, and how much of it.

    Examples
    --------
    >>> edges = edges_between(np.array([shapely.box(0, 0, 2, 1), shapely.box(2, 0, 3, 1)]))
    >>> edges.left.tolist(), edges.right.tolist(), edges.length_m.tolist()
    ([0], [1], [1.0])
    """
    start, end, face = segments_of(faces)
    spots = spot_keys(np.concatenate((start, end)))
    low, high = np.sort(spots.reshape(2, -1), axis=0)
    order = np.lexsort((face, high, low))
    low, high, face = low[order], high[order], face[order]
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1])
    at = np.flatnonzero(same & (face[1:] != face[:-1]))
    length = np.hypot(*(end - start)[order[at]].T)
    pair, where = np.unique(face[at] * len(faces) + face[at + 1], return_inverse=True)
    total = np.bincount(where, weights=length, minlength=len(pair)).astype(np.float64)
    return Edges(pair // len(faces), pair % len(faces), total)


def segments_of(shapes: Shapes) -> tuple[Floats, Floats, Ints]:
    """Return the start, the end and the shape of each segment."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    return xy[:-1][inner], xy[1:][inner], shape[part[ring[:-1][inner]]]


def spot_keys(xy: Floats) -> Ints:
    """Return one whole number for each place on the grid, the same for the same place.

    Examples
    --------
    >>> keys = spot_keys(np.array([(0.001, 5.0), (0.001, 5.0), (5.0, 0.001)]))
    >>> bool(keys[0] == keys[1]), bool(keys[0] == keys[2])
    (True, False)
    """
    grid = np.rint(xy / GRID_M).astype(np.int64)
    grid -= grid.min(axis=0, initial=np.iinfo(np.int64).max)
    return np.asarray(grid[:, 0] * (1 + grid[:, 1].max(initial=0)) + grid[:, 1])
