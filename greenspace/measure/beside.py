"""Beside: shapes laid out straight along a road, and the ground that lies nearer to another one.

Question   Does this shape follow the bends of its road, and along what length of it?
Enters     Pieces of footways and the lines of roads, in one measuring CRS.
Leaves     Truths and shapes a piece, and exact shares of length.
Elsewhere  The ground on both sides of roads: measure/bands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.measure.bands import ALONG_DEGREES, long_sides
from greenspace.measure.linear import SECTION_M, pieces_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.measure.bands import Bands

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Shapes = NDArray[Any]

STEP_M = 5.0
SITES_M = 0.5  # so far apart are the points of a line that stand for it
SEAM = 3.0  # widths of a strip: a longer seam between two roads would part it lengthwise
SAME_M = 1e-6


def follow(pieces: Shapes, lines: Shapes) -> Mask:
    """Return whether each piece runs along its line, whatever bends they make together.

    A piece is laid out by its way along the line and its distance from it; one that is as wide as
    it is long there has no direction.

    Examples
    --------
    >>> bent = np.array([shapely.linestrings([[0, 0], [60, 0], [60, 60]])] * 2)
    >>> around = shapely.linestrings([[0, 8], [52, 8], [52, 60]]).buffer(1.5, cap_style="flat")
    >>> follow(np.array([around, shapely.box(20, 1, 23, 15)]), bent).tolist()
    [True, False]
    """
    if not len(pieces):
        return np.zeros(0, dtype=bool)
    points, of = _points(pieces)
    way = shapely.line_locate_point(lines[of], points)
    first = np.searchsorted(of, np.arange(len(pieces)))
    way = way - way[first][of]
    closed, whole = shapely.is_closed(lines)[of], shapely.length(lines)[of]
    way = np.where(closed, (way + whole / 2) % whole - whole / 2, way)
    laid = np.stack([way, shapely.distance(lines[of], points)], axis=1)
    spread = shapely.multipoints(shapely.points(laid), indices=of)
    longest, directed = long_sides(spread)
    straight = np.abs(longest[:, 0]) >= np.cos(np.radians(ALONG_DEGREES)) - SAME_M
    return np.asarray(~directed | straight)


def _points(shapes: Shapes, step_m: float = STEP_M) -> tuple[Shapes, Ints]:
    """Return points on the edges of shapes, a step apart at most, in order."""
    flat = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004
    edges = np.where(flat, shapely.boundary(shapes), shapes)
    coords, of = shapely.get_coordinates(shapely.segmentize(edges, step_m), return_index=True)
    return np.asarray(shapely.points(coords), dtype=object), of


def nearest_ground(pieces: Shapes, road: Ints, bands: Bands, said: Shapes, names: Shapes) -> Shapes:
    """Return of each piece what lies nearer to its road than to others whose face holds it.

    Of the roads, by their `names`, those of the name that is said come into question, or all
    where "" is said.
    """
    piece, face = shapely.STRtree(bands.faces).query(pieces, predicate="intersects")
    other = bands.road[face]
    rival = (other != road[piece]) & ((said[piece] == "") | (said[piece] == names[other]))
    piece, face, other = piece[rival], face[rival], other[rival]
    own = pieces.copy()
    for at, ground, line in zip(piece, bands.faces[face], bands.lines[other], strict=True):
        shared = shapely.intersection(pieces[at], ground)
        if shared.area > 0:
            own[at] = own[at].difference(_nearer(shared, line, bands.lines[road[at]]))
    return own


def _nearer(ground: Any, one: Any, other: Any) -> Any:
    """Return what of some ground lies nearer to one line than to the other."""
    points, _ = _points(np.array([ground], dtype=object), 2 * SITES_M)
    away = shapely.distance(points, one), shapely.distance(points, other)
    nearer = away[0] < away[1] - SAME_M
    if nearer.all() or not nearer.any():
        return ground if nearer.all() else shapely.MultiPolygon()
    west, south, east, north = ground.bounds
    reach = float(np.max(away)) + STEP_M
    window = shapely.box(west - reach, south - reach, east + reach, north + reach)
    both = shapely.intersection(np.array([one, other], dtype=object), window)
    cells, of = _cells(both, SITES_M, window)
    cut = ground.intersection(shapely.union_all(cells[of == 0]))
    seam = cut.intersection(ground.difference(cut)).length
    if seam <= SEAM * 2 * ground.area / ground.length:
        return cut
    cells, _ = _cells(both[1:], SECTION_M, window)
    sections = shapely.intersection(ground, cells)
    middle = shapely.centroid(sections)
    most = shapely.distance(middle, one) < shapely.distance(middle, other) - SAME_M
    return shapely.union_all(sections[most])


def _cells(lines: Shapes, step_m: float, window: Any) -> tuple[Shapes, Ints]:
    """Return the ground nearest to the middle of each even step of lines, and the line of each."""
    parts, row = shapely.get_parts(lines, return_index=True)
    counts = np.maximum(np.ceil(shapely.length(parts) / step_m), 1).astype(np.int64)
    of = np.repeat(np.arange(len(parts)), counts)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (nth + 0.5) / counts[of]
    sites = shapely.line_interpolate_point(parts[of], share, normalized=True)
    if len(sites) == 1:
        return np.array([window], dtype=object), row[of]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=window)
    )
    nearest = shapely.STRtree(sites).nearest(shapely.point_on_surface(cells))
    return cells, row[of][nearest]


def in_crossings(lines: Shapes, taken: Shapes) -> Mask:
    """Return which lines lie in the ground that is taken, but for a few metres.

    Examples
    --------
    >>> ways = shapely.linestrings([[[0, 0], [20, 0]], [[0, 0], [90, 0]], [[50, 0], [53, 0]]])
    >>> in_crossings(ways, np.array([shapely.box(3, -9, 40, 9)] * 3)).tolist()
    [True, False, False]
    """
    whole = shapely.length(lines)
    free = shapely.length(shapely.difference(lines, taken))
    return np.asarray(free <= np.minimum(STEP_M, whole / 2))


def length_beside(
    lines: Shapes, reach_m: Floats, taken: Shapes, pieces: Shapes, road: Ints, group: Ints
) -> Floats:
    """Return along what share of its road each group of pieces lies, crossings apart.

    Where a road lies wholly in crossings, all of it counts.

    Examples
    --------
    >>> way = np.array([shapely.linestrings([[0, 0], [100, 0]])])
    >>> strip, none = np.array([shapely.box(0, 6, 60, 8)]), np.array([shapely.MultiPolygon()])
    >>> zero = np.array([0])
    >>> length_beside(way, np.array([10.0]), none, strip, zero, zero).tolist()
    [0.6]
    """
    free = shapely.difference(lines, taken)
    free = np.where(shapely.length(free) > 0, free, lines)
    straight = pieces_of(free, SECTION_M)
    middle = shapely.line_locate_point(lines[straight.owner], straight.middle)
    half = straight.length_m / 2
    kept = _joined(middle - half, middle + half, straight.owner, len(lines))
    start, end, of = _ways(lines, reach_m, pieces, road)
    count = int(group.max(initial=-1)) + 1
    beside = _joined(start, end, group[of], count)
    roads = np.zeros(count, dtype=np.int64)
    roads[group] = road
    along = shapely.area(shapely.intersection(beside, kept[roads]))
    return np.asarray(along / shapely.area(kept)[roads], dtype=float)


def _ways(
    lines: Shapes, reach_m: Floats, pieces: Shapes, road: Ints
) -> tuple[Floats, Floats, Ints]:
    """Return from where to where along its line each step of a piece's edge lies."""
    points, of = _points(pieces)
    way = shapely.line_locate_point(lines[road[of]], points)
    step = np.flatnonzero(of[:-1] == of[1:])
    of = of[step]
    start, end = np.minimum(way[step], way[step + 1]), np.maximum(way[step], way[step + 1])
    far = end - start > 2 * reach_m[road[of]] + STEP_M  # over the seam of a line, or its parts
    seam = far & shapely.is_closed(lines[road[of]])
    whole = shapely.length(lines[road[of]])
    starts = np.concatenate([start[~far], np.zeros(int(seam.sum())), end[seam]])
    ends = np.concatenate([end[~far], start[seam], whole[seam]])
    return starts, ends, np.concatenate([of[~far], of[seam], of[seam]])


def _joined(start: Floats, end: Floats, owner: Ints, count: int) -> Shapes:
    """Return intervals as ground one metre wide, joined by owner."""
    real = end > start
    spans, owner = shapely.box(start[real], 0.0, end[real], 1.0), owner[real]
    order = np.argsort(owner, kind="stable")
    groups = np.split(spans[order], np.searchsorted(owner[order], np.arange(1, count)))
    return np.array([shapely.union_all(each) for each in groups[:count]], dtype=object)
