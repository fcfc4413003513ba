"""Point place: whether listed coordinates lie where their CRS says, axis by axis.

Question   Is X north and Y east in every row, with the zone's number as the CRS has it?
Enters     A PointTable, and ground that its lines should be near.
Leaves     What should be known, or a refusal that names rows and what was likely meant.
Elsewhere  Traps of layers in general: model/place. Rings: delimit/point_table.

Rows that lie together are looked at together, and each such group is held against the CRS: what
most rows say decides nothing. Where the CRS decides nothing either, the groups are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from greenspace.delimit.mm_grid import in_metres
from greenspace.errors import CrsError, GeometryError
from greenspace.model.crs import is_local, place_of
from greenspace.model.gauss_kruger import is_near, zone_of
from greenspace.model.place import require_place
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.control_points import PointTable

    Metres = NDArray[np.float64]
    Mask = NDArray[np.bool_]

SWAPPED = "north, east"
APART = "apart"
OUTSIDE = "outside"
SWAP = Text(
    zh="X 为北、Y 为东：请对调这些行的两个坐标，或对调两列的表头。",
    en="X is north and Y is east: swap the two coordinates of these rows, or the heads of the "
    "two columns.",
)
SWAP_SOME = Text(
    zh="X 为北、Y 为东：其余各行相符，请只对调这些行的两个坐标。",
    en="X is north and Y is east: the other rows fit; swap the two coordinates of these rows "
    "alone.",
)
ALIKE = Text(
    zh="其余各行与表的坐标系相符：请按该坐标系统一书写（带号、位数），更正这些行。",
    en="The other rows fit the CRS of the table: write all eastings as it has them, with the "
    "zone's number or without, and correct these rows.",
)
GIVE_NEAR = Text(
    zh="请核对这些行的坐标；确实如此时，请给 near=（绿线所在的范围）。",
    en="Check the coordinates of these rows; where they are right, give near= (ground that the "
    "lines are near).",
)
APART_M = 100_000.0  # without a point between: more than a city has
OVERLAP = 0.1  # of the cells that points are put together by, so that neighbours touch
SWAPPED_M = 10_000.0  # between two groups that are each other's mirror image
BEYOND_DEGREES = 1.0
NAMED = 3  # lines in a sentence


def require_listed_place(
    table: PointTable, *, near: gpd.GeoSeries | None, file: Path | str
) -> tuple[Finding, ...]:
    """Refuse coordinates that lie elsewhere than the CRS, or `near`, says.

    Raises
    ------
    CrsError
        ``found`` is ``"north, east"`` where X and Y are swapped, in all rows or in some; a
        likely EPSG code where the zone's number is wrong or missing; ``"outside"`` where some
        rows lie outside the CRS; else as in model/place.
    GeometryError
        A line has points that lie over 100 km apart without one between, or two groups of rows
        lie as if one of them were swapped, and `near` does not say that it is so.
    """
    rows = table.rows
    north, east = (in_metres(rows[axis].to_numpy()) for axis in ("x", "y"))
    groups = _groups(north, east)
    if near is not None:
        _require_near(north, east, near, rows, file)
    if not is_local(table.crs):
        _require_fit(north, east, groups, table, file)
    if near is not None:
        return ()
    _require_one_side(north, east, rows, file)
    return _apart(groups, rows, file)


def _groups(north: Metres, east: Metres) -> NDArray[np.int64]:
    """Return which group each point is of: those that lie in the same or touching cells."""
    cells = np.floor(np.column_stack([east, north]) / APART_M)
    places, which = np.unique(cells, axis=0, return_inverse=True)
    low, high = places - OVERLAP, places + 1 + OVERLAP
    parts = shapely.get_parts(shapely.union_all(shapely.box(*low.T, *high.T)))
    cell, part = shapely.STRtree(parts).query(shapely.points(places + 0.5), predicate="within")
    of = np.empty(len(places), dtype=np.int64)
    of[cell] = part
    return of[which.ravel()]


def _require_fit(
    north: Metres, east: Metres, groups: NDArray[np.int64], table: PointTable, file: Path | str
) -> None:
    """Refuse groups that the CRS does not fit, whatever the others are."""
    traps: list[tuple[CrsError, Mask]] = []
    outside = np.zeros(len(north), dtype=bool)
    for group in np.unique(groups):
        here = groups == group
        spots = gpd.points_from_xy(east[here], north[here])
        try:
            require_place(gpd.GeoDataFrame(geometry=spots, crs=table.crs), file=file, layer=None)
        except CrsError as error:
            traps.append((error, here))
        outside |= here & (not _lies_in(table.crs, np.median(east[here]), np.median(north[here])))
    names = table.rows["row"]
    if traps:
        first = traps[0][0]
        same = np.logical_or.reduce([here for error, here in traps if error.found == first.found])
        if first.found == SWAPPED:
            raise _swapped(names[same], file, some=not same.all()) from first
        if same.all():
            raise first
        raise _misfit(first.problem, names[same], file, first.found) from first
    if outside.any() and not outside.all():
        problem = Text(
            zh=f"坐标不在 {table.crs.name} 的使用范围内，其余各行在。",
            en=f"the coordinates lie outside {table.crs.name}, those of the other rows in it.",
        )
        raise _misfit(problem, names[outside], file, OUTSIDE)


def _lies_in(crs: CRS, east: float, north: float) -> bool:
    """Return whether a point lies where a CRS is used, as far as that is known."""
    zone, area = zone_of(crs), crs.area_of_use
    if zone is not None:
        return is_near(crs, zone, east, north)
    if area is None or area.west > area.east:
        return True
    lon, lat = place_of(crs, east, north)
    return bool(
        area.west - BEYOND_DEGREES <= lon <= area.east + BEYOND_DEGREES
        and area.south - BEYOND_DEGREES <= lat <= area.north + BEYOND_DEGREES
    )


def _misfit(problem: Text, rows: pd.Series[int], file: Path | str, found: object) -> CrsError:
    return CrsError(
        f"控制点表有 {len(rows)} 行不符：{problem.zh}",
        f"Table of control points, {len(rows)} rows: {problem.en}",
        remedy=ALIKE,
        file=file,
        rows=rows.tolist(),
        found=found,
    )


def _swapped(rows: pd.Series[int], file: Path | str, *, some: bool) -> CrsError:
    return CrsError(
        f"控制点表有 {len(rows)} 行的 X 与 Y 对调了：X（北）里是东坐标。",
        f"Table of control points: X and Y are swapped in {len(rows)} rows: X (north) holds "
        "eastings.",
        remedy=SWAP_SOME if some else SWAP,
        file=file,
        rows=rows.tolist(),
        expected="X north, Y east",
        found=SWAPPED,
    )


def _require_one_side(north: Metres, east: Metres, rows: pd.DataFrame, file: Path | str) -> None:
    """Refuse two groups that lie far apart as listed and together once one is swapped."""
    greater = north > east
    if greater.all() or not greater.any():
        return
    spots = np.column_stack([north, east])
    here, there = spots[greater], spots[~greater]
    folded = np.concatenate([here, there[:, ::-1]])
    wide = float(np.ptp(folded, axis=0).max())
    low, high = (
        np.maximum(here.min(axis=0), there.min(axis=0)),
        np.minimum(here.max(axis=0), there.max(axis=0)),
    )
    if float(np.hypot(*np.maximum(low - high, 0))) <= max(wide, SWAPPED_M):
        return
    one, other = rows[greater], rows[~greater]
    raise GeometryError(
        f"控制点表的行分为两组，只有对调其中一组的 X 与 Y 才在一处：{len(one)} 行 X 较大（{_named(one).zh}），"
        f"{len(other)} 行 Y 较大（{_named(other).zh}）；坐标系看不出哪一组对。",
        f"Table of control points: two groups of rows lie together only once X and Y of one are "
        f"swapped: {len(one)} rows with the greater X ({_named(one).en}), {len(other)} with the "
        f"greater Y ({_named(other).en}); the CRS does not tell which is right.",
        remedy=GIVE_NEAR,
        file=file,
        rows=(one if len(one) < len(other) else other)["row"].tolist(),
        expected="X north, Y east",
        found=SWAPPED,
    )


def _apart(groups: NDArray[np.int64], rows: pd.DataFrame, file: Path | str) -> tuple[Finding, ...]:
    """Tell of lines far away from others; refuse lines that are far away from themselves."""
    names, sizes = np.unique(groups, return_counts=True)
    if len(names) == 1:
        return ()
    lines = rows["line"]
    torn = lines.map(rows.assign(group=groups).groupby("line")["group"].nunique()) > 1
    away = rows[(groups != names[np.argmax(sizes)]) & (torn.to_numpy() if torn.any() else True)]
    if torn.any():
        count = int(lines[torn].nunique())
        raise GeometryError(
            f"控制点表：{count} 条绿线有相距 {APART_M / 1000:.0f} 公里以上、其间无点的点：{_named(rows[torn]).zh}。",
            f"Table of control points: lines with points over {APART_M / 1000:.0f} km apart and "
            f"none between: {count} ({_named(rows[torn]).en}).",
            remedy=GIVE_NEAR,
            file=file,
            rows=away["row"].tolist(),
            found=APART,
        )
    text = Text(
        zh=f"{_named(away).zh} 离其余绿线 {APART_M / 1000:.0f} 公里以上：请核对坐标的位数和带号。",
        en=f"{_named(away).en}: over {APART_M / 1000:.0f} km from the other lines; check the "
        "digits of their coordinates, and the zone.",
    )
    count = int(away["line"].nunique())
    found = tuple(away["row"].tolist())
    return (
        Finding(
            code="control_points_apart", text=text, severity="warning", rows=found, count=count
        ),
    )


def _named(rows: pd.DataFrame) -> Text:
    """Return the lines of rows in words, the first of them by their numbers."""
    lines = rows["line"].drop_duplicates().tolist()
    said = "、".join(lines[:NAMED]), ", ".join(lines[:NAMED])
    more = len(lines) > NAMED
    return Text(
        zh=f"绿线 {said[0]}{' 等' if more else ''}", en=f"lines {said[1]}{', ...' if more else ''}"
    )


def _require_near(
    north: Metres, east: Metres, near: gpd.GeoSeries, rows: pd.DataFrame, file: Path | str
) -> None:
    """Refuse points that lie beyond the ground by more than it is wide."""
    bounds = near.total_bounds
    margin = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    away = ~_within(east, north, bounds, margin)
    if not away.any():
        return
    mirrored = away & _within(north, east, bounds, margin)
    if mirrored.any():
        raise _swapped(rows.loc[mirrored, "row"], file, some=not mirrored.all())
    raise CrsError(
        f"控制点表有 {int(away.sum())} 行不在 near 所给的范围附近。",
        f"Control points that are not near the ground that near= gives: {int(away.sum())} rows.",
        remedy=Text(
            zh="请核对这些行的坐标、表的坐标系、带号和 near。",
            en="Check the coordinates of these rows, the CRS of the table, its zone, and near.",
        ),
        file=file,
        rows=rows.loc[away, "row"].tolist(),
        expected=tuple(bounds.tolist()),
        found=(float(east[away][0]), float(north[away][0])),
    )


def _within(east: Metres, north: Metres, bounds: Metres, margin: float) -> Mask:
    west, south, right, top = bounds
    return np.asarray(
        (west - margin <= east)
        & (east <= right + margin)
        & (south - margin <= north)
        & (north <= top + margin)
    )
