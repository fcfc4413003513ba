"""Control points: the corners of green lines numbered, ring by ring, as surveyors list them.

Question   Which number has each corner, and in which order does each line list its own?
Enters     Polygons with the numbers of their lines, in metres on a plane.
Leaves     ControlPoints: points once each, courses and closings, all from whole mm.
Elsewhere  The grid: delimit/mm_grid. The plane: delimit/survey_plane. Files: present/, read/.

The order: lines by their numbers (L2 before L10), the outer ring and then the holes by where they
begin. An outer ring runs clockwise and a hole anticlockwise, so that the land lies to the right
of whoever walks a ring. Each begins at its north-west-most corner: the largest north minus east,
and of several the northernmost. A corner gets its number where it is listed first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.mm_grid import (
    LEAST_CORNERS,
    MM,
    Noded,
    Ring,
    as_keys,
    in_metres,
    noded,
    polygons_of,
    rings_of,
)
from greenspace.delimit.point_overlaps import overlaps_of
from greenspace.errors import ColumnError, GeometryError, InputError
from greenspace.model.control_points import CLOSING, COURSES, POINTS, ControlPoints
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

LAYER = "lines"
MM2 = MM * MM
MOST_METRES = 1e8
MOST_FIRST = 10**9
MOST_ACROSS_M = 1e6
MAKE_LINES = Text(
    zh="请先用 gs.green_lines 生成或修正绿线。",
    en="Make the lines with gs.green_lines first, or mend them.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Where the corners are listed: a CRS, the zone before each easting, and its shift in mm."""

    crs: CRS
    prefix: int | None = None
    shift_mm: int = 0


def number_corners(
    lines: gpd.GeoDataFrame, plane: Plane, *, first: int = 1, keep: bool = False
) -> ControlPoints:
    """Return the corners of lines with their numbers.

    Parameters
    ----------
    lines
        A column ``number`` and polygons, in metres; `plane` says what is added to their eastings.
    first
        The first number that is given.
    keep
        Leave lines as they are: corners of neighbours that lie on their edges are only told.

    Raises
    ------
    InputError
        There are no lines, or `first` is no whole number from 0.
    ColumnError
        A line has no number, one that a table cannot hold, or that of another.
    GeometryError
        A line is no polygon, is in several parts, or is not valid on the mm grid.
    """
    if not hasattr(first, "__index__") or type(first) is bool or not 0 <= first < MOST_FIRST:
        raise InputError(
            f"起始点号应是 0 至 {MOST_FIRST} 的整数，而不是 {first!r}。",
            f"The first number should be a whole number from 0 to {MOST_FIRST}, not {first!r}.",
            remedy=Text(zh="例如 first=1。", en="For example first=1."),
            found=first,
        )
    numbers = numbers_of(lines)
    shapes, told = _plain_polygons(lines, numbers)
    rings = rings_of(shapes)
    _require_corners(rings, numbers)
    done = noded(rings)
    told = (*told, *_told(done, numbers, keep=keep))
    rings = rings if keep else done.rings
    drawn = polygons_of(rings, len(numbers))
    _require_valid(drawn, numbers)
    if not keep:  # GreenLines have their own check
        told = (*told, *overlaps_of(drawn, numbers, lines.get("status")))
    moved = [replace(ring, corners=ring.corners + np.array([plane.shift_mm, 0])) for ring in rings]
    ordered = _in_order(moved, numbers)
    return assemble(
        [(numbers[ring.line], at, ring) for at, ring in ordered],
        _numbered([ring for _, ring in ordered], first),
        plane,
        told,
    )


def assemble(
    courses: Sequence[tuple[str, int, Ring]],
    points: NDArray[np.int64],
    plane: Plane,
    findings: tuple[Finding, ...] = (),
) -> ControlPoints:
    """Return control points from rings in their order, with the number of every corner.

    Parameters
    ----------
    courses
        The number of the line, that of the ring in it, and the ring, whose easting has the zone's
        number before it where `plane` says so.
    points
        The number of each corner of all rings, one after the other.
    """
    corners = np.concatenate([ring.corners for _, _, ring in courses])
    sizes = [len(ring.corners) for _, _, ring in courses]
    edges = [np.hypot(*ring.steps.T) / MM for _, _, ring in courses]
    east, north = in_metres(corners).T
    table = pd.DataFrame(
        {
            "line": np.repeat(np.array([line for line, _, _ in courses], dtype=object), sizes),
            "ring": np.repeat([at for _, at, _ in courses], sizes),
            "order": np.concatenate([np.arange(1, size + 1) for size in sizes]),
            "point": points,
            "x": north,
            "y": east,
            "edge_m": np.concatenate(edges),
        },
        columns=list(COURSES),
    )
    closing = pd.DataFrame(
        [
            (line, at, len(ring.corners), float(edge.sum()), area_of(ring), _error(ring))
            for (line, at, ring), edge in zip(courses, edges, strict=True)
        ],
        columns=list(CLOSING),
    )
    single = table.drop_duplicates("point").sort_values("point")[list(POINTS)]
    return ControlPoints(
        points=single.reset_index(drop=True),
        courses=table,
        closing=closing,
        crs=plane.crs,
        prefix=plane.prefix,
        findings=findings,
    )


def area_of(ring: Ring) -> float:
    """Return the area inside a ring in m², by the shoelace in whole mm.

    Examples
    --------
    >>> area_of(Ring(0, True, np.array([[0, 0], [0, 1], [1, 1], [1, 0]])))
    1e-06
    """
    return abs(ring.twice_area) / 2 / MM2


def _error(ring: Ring) -> float:
    return float(np.hypot(*ring.steps.sum(axis=0))) / MM


def numbers_of(lines: gpd.GeoDataFrame) -> list[str]:
    """Return the numbers of lines as text.

    Raises
    ------
    InputError
        There are no lines.
    ColumnError
        There is no column ``number``, or a number is missing, is no plain text, or is there twice.
    """
    if lines.empty:
        raise InputError("没有绿线。", "There are no lines.", remedy=MAKE_LINES, layer=LAYER)
    if "number" not in lines.columns:
        raise ColumnError(
            "绿线没有 number（编号）字段。",
            "The lines have no column number.",
            remedy=Text(
                zh='请改名，例如 lines.rename(columns={"编号": "number"})。',
                en='Rename it, for example lines.rename(columns={"code": "number"}).',
            ),
            layer=LAYER,
            column="number",
            found=tuple(map(str, lines.columns)),
        )
    numbers = [_as_text(value) for value in lines["number"]]
    bad = [row for row, number in zip(lines.index, numbers, strict=True) if not is_plain(number)]
    if bad:
        raise _wrong_number(
            "编号缺失，或不是一行普通文字（整数也可）",
            "a number is missing, or is no plain text on one line (whole numbers will do)",
            bad,
        )
    again = pd.Series(numbers, index=lines.index).duplicated(keep=False)
    if again.any():
        raise _wrong_number("编号重复", "two lines have one number", lines.index[again])
    return numbers


def _wrong_number(zh: str, en: str, rows: Iterable[object]) -> ColumnError:
    return ColumnError(
        f"绿线：{zh}。",
        f"Green lines: {en}.",
        remedy=Text(zh="请给每条绿线一个编号。", en="Give every line a number of its own."),
        layer=LAYER,
        column="number",
        rows=rows,
    )


def _as_text(value: Any) -> str:
    return "" if isinstance(value, float | bool) or value is None else str(value)


def is_plain(text: str) -> bool:
    r"""Return whether a table gives text back as it is: one line, no blanks at its ends.

    Examples
    --------
    >>> is_plain("L001"), is_plain(""), is_plain(" L1"), is_plain("L1\n")
    (True, False, False, False)
    """
    return bool(text) and text.isprintable() and " ".join(text.split()) == text


def require_shapes(lines: gpd.GeoDataFrame, numbers: Sequence[str]) -> None:
    """Refuse lines without a geometry, by their numbers, before anything is asked of the rest.

    Raises
    ------
    GeometryError
        A geometry is missing or empty.
    """
    shapes = lines.geometry.to_numpy()
    _require(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), numbers, *NO_SHAPE)


def _plain_polygons(
    lines: gpd.GeoDataFrame, numbers: Sequence[str]
) -> tuple[NDArray[np.object_], tuple[Finding, ...]]:
    """Return each line as one polygon without heights."""
    shapes = lines.geometry.to_numpy()
    single = (shapely.get_num_geometries(shapes) == 1) & ~shapely.is_empty(shapes)
    parts = np.array(
        [
            part if one else None
            for one, part in zip(single, shapely.get_geometry(shapes, 0), strict=True)
        ],
        dtype=object,
    )
    _require(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON, numbers, *NO_POLYGON)
    spots, of = shapely.get_coordinates(parts, return_index=True)
    near = np.ones(len(parts), dtype=bool)
    near[of[~(np.abs(spots) < MOST_METRES).all(axis=1)]] = False
    west, south, east, north = shapely.bounds(parts).T
    near &= (east - west < MOST_ACROSS_M) & (north - south < MOST_ACROSS_M)
    _require(near, numbers, *NO_PLACE)
    _require_valid(parts, numbers)
    high = shapely.has_z(parts)
    text = Text(
        zh=f"{int(high.sum())} 条绿线带高程；控制点只列平面坐标。",
        en=f"Lines with heights: {int(high.sum())}; control points have none.",
    )
    told = (_finding("control_points_heights", text, np.flatnonzero(high), numbers),)
    return shapely.force_2d(parts), told if high.any() else ()


NO_SHAPE = ("没有图形，或图形为空", "their geometry is missing or empty")
NO_POLYGON = (
    "不是单个面（须闭合；一条绿线一个面，可有洞）",
    "no single polygon: a line is closed, in one part, with or without holes",
)
NO_PLACE = ("坐标不是数，或大得不像米", "coordinates are no numbers, or too large for metres")
TOO_SMALL = ("有一圈在毫米格网上不足三点", "a ring has fewer than three corners on the mm grid")
INVALID = ("自相交、圈与圈相交或洞在外", "a ring crosses itself or another, or a hole lies outside")


def _require(
    good: NDArray[np.bool_], numbers: Sequence[str], zh: str, en: str, remedy: Text = MAKE_LINES
) -> None:
    bad = [number for number, fits in zip(numbers, good, strict=True) if not fits]
    if bad:
        raise GeometryError(
            f"{len(bad)} 条绿线不能编控制点：{zh}。",
            f"Lines whose corners cannot be numbered: {len(bad)}; {en}.",
            remedy=remedy,
            layer=LAYER,
            rows=bad,
        )


def _require_corners(rings: Sequence[Ring], numbers: Sequence[str]) -> None:
    good = np.ones(len(numbers), dtype=bool)
    good[[ring.line for ring in rings if len(ring.corners) < LEAST_CORNERS]] = False
    _require(good, numbers, *TOO_SMALL)


def _require_valid(shapes: NDArray[np.object_], numbers: Sequence[str]) -> None:
    _require(shapely.is_valid(shapes), numbers, *INVALID)


def _in_order(rings: Sequence[Ring], numbers: Sequence[str]) -> list[tuple[int, Ring]]:
    """Return the rings as they are listed, each with its place in its line."""
    turned = [_turned(ring) for ring in rings]
    turned.sort(key=lambda ring: (_natural(numbers[ring.line]), not ring.shell, _from_nw(ring)))
    found: list[tuple[int, Ring]] = []
    for ring in turned:
        found.append((0 if ring.shell else found[-1][0] + 1, ring))
    return found


def _turned(ring: Ring) -> Ring:
    """Return a ring that runs as it should, from its north-west-most corner."""
    corners = ring.corners
    if (ring.twice_area > 0) == ring.shell:
        corners = corners[::-1]
    east, north = corners.T
    start = np.lexsort((-north, east - north))[0]
    return replace(ring, corners=np.concatenate([corners[start:], corners[:start]]))


def _from_nw(ring: Ring) -> tuple[int, int]:
    east, north = ring.corners[0].tolist()
    return east - north, -north


def _natural(number: str) -> tuple[list[Any], str]:
    """Return what numbers are sorted by: L2 before L10."""
    pieces: list[Any] = re.split(r"([0-9]+)", number)
    pieces[1::2] = map(int, pieces[1::2])
    return pieces, number


def _numbered(rings: Sequence[Ring], first: int) -> NDArray[np.int64]:
    """Return the number of every corner: in the order in which corners are met first."""
    corners = np.concatenate([ring.corners for ring in rings])
    _, met, which = np.unique(as_keys(corners), return_index=True, return_inverse=True)
    rank = np.empty(len(met), dtype=np.int64)
    rank[np.argsort(met)] = np.arange(first, first + len(met))
    return np.asarray(rank[which], dtype=np.int64)


def _told(done: Noded, numbers: Sequence[str], *, keep: bool) -> tuple[Finding, ...]:
    if not done.count:
        return ()
    farthest = done.farthest_mm
    if keep:
        text = Text(
            zh=f"{done.count} 处另一条绿线的拐点落在本线的边上（最大偏移 {farthest:.1f} mm），不是本线的"
            "控制点；绿线未改。",
            en=f"Corners of other lines that lie on an edge of a line and are none of its own: "
            f"{done.count}, at most {farthest:.1f} mm off; the lines were left as they are.",
        )
        return (_finding("control_points_beside", text, done.lines, numbers, count=done.count),)
    text = Text(
        zh=f"{done.count} 处相邻绿线的拐点落在本线的边上，已作为本线的控制点（最大偏移 {farthest:.1f} mm）。",
        en=f"Corners of neighbours that lie on an edge of a line became corners of it too: "
        f"{done.count}, at most {farthest:.1f} mm off.",
    )
    return (_finding("control_points_noded", text, done.lines, numbers, count=done.count),)


def _finding(
    code: str,
    text: Text,
    lines: Iterable[Any],
    numbers: Sequence[str],
    count: int | None = None,
) -> Finding:
    rows = tuple(numbers[at] for at in lines)
    return Finding(
        code=code, text=text, layer=LAYER, rows=rows, count=len(rows) if count is None else count
    )
