"""Point table: whether a table of control points makes the lines that it was made from.

Question   Do the rows of this table close to valid lines, as its lengths and areas say?
Enters     A PointTable as it was read.
Leaves     ControlPoints as listed, or a refusal that names the rows and what was likely meant.
Elsewhere  Reading: read/control_points. Places: delimit/point_place. Numbering: delimit/control_points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from greenspace.delimit.control_points import Plane, area_of, assemble
from greenspace.delimit.mm_grid import LEAST_CORNERS, MM, Ring, polygons_of
from greenspace.delimit.point_overlaps import overlaps_of
from greenspace.delimit.point_place import require_listed_place
from greenspace.errors import GeometryError
from greenspace.model.gauss_kruger import zone_of
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from greenspace.model.control_points import ControlPoints, PointTable

EDGE_MM = 0.6  # an edge is printed to whole mm
AREA_M2 = 0.006
SAME_LINE = ["line", "ring"]
KEEP = Text(
    zh="请用未改动的表；改过的点请在图上改后重新编号、出表（gs.control_points）。",
    en="Take the table as it was made; change points on the map and number them again "
    "(gs.control_points).",
)
ROUNDED = Text(
    zh="坐标少了小数位：Excel 另存 CSV 时只写显示的位数，请先把坐标列的格式设为 0.000，或直接用 .xlsx；"
    "坐标无误时是点的次序乱了。",
    en="The coordinates have fewer decimals than the edges: Excel writes into CSV only the digits "
    "that it shows; format the columns as 0.000 first, or use the .xlsx. Where they are right, the "
    "points are out of order.",
)
RINGS = Text(
    zh="请加环号一列（外环 0、洞 1 起），各环只在末尾重复首点；一条绿线只有一个外环。",
    en="Add the column Ring (outer ring 0, holes from 1) and repeat a first point only at the end "
    "of its ring; a line has one outer ring.",
)


def points_of_table(
    table: PointTable, *, near: gpd.GeoSeries | None = None, file: Path | str
) -> ControlPoints:
    """Return the control points of a table, with the numbers and the order that it lists.

    Parameters
    ----------
    near
        Ground that the lines should be near, in the CRS of the table.

    Raises
    ------
    CrsError
        The coordinates lie elsewhere: swapped, without the zone's number, in another unit.
    GeometryError
        The rows do not make closed valid lines, or not those that the table says they make.
    """
    rows = table.rows
    placed = require_listed_place(table, near=near, file=file)
    _require_one_place(rows, file)
    rows, sorted_ = _in_order(rows, file)
    _require_no_return(rows, file)
    rows, closed = _without_ends(rows, file)
    _require_rings(rows, file)
    told = [*table.findings, *placed, *sorted_, *closed, *_twins(rows)]
    rings, courses = _rings(rows)
    _require_edges(rows, rings, file)
    _require_sums(rows, rings, file)
    _require_counts(table, rows, file)
    names = [line for line, at, _ in courses if at == 0]
    shapes = polygons_of(rings, len(names))
    _require_valid(shapes, names, rows, file)
    told.extend(overlaps_of(shapes, names))
    told.extend(_turned(rings, rows, table, file))
    zone = zone_of(table.crs)
    plane = Plane(crs=table.crs, prefix=None if zone is None else zone.number)
    points = rows["point"].to_numpy(dtype=np.int64)
    return assemble(courses, points, plane, tuple(told))


def _refusal(
    zh: str,
    en: str,
    rows: Iterable[object],
    file: Path | str,
    remedy: Text = KEEP,
    **facts: Any,
) -> GeometryError:
    return GeometryError(
        f"控制点表：{zh}。",
        f"Table of control points: {en}.",
        remedy=remedy,
        file=file,
        rows=np.asarray(tuple(rows)).tolist(),  # numbers of Python, not of NumPy
        **facts,
    )


def _require_one_place(rows: pd.DataFrame, file: Path | str) -> None:
    """Refuse a number that stands at several places."""
    places = rows.drop_duplicates(["point", "x", "y"])
    twice = places.loc[places.duplicated("point", keep=False), "point"]
    if twice.empty:
        return
    bad = rows.loc[rows["point"].isin(twice)]
    numbers = sorted(set(twice.tolist()))
    raise _refusal(
        f"{len(numbers)} 个点号有不同的坐标：{numbers[0]}",
        f"numbers with different coordinates: {len(numbers)}, {numbers[0]} first",
        bad["row"],
        file,
        Text(
            zh="同一点号只能有一个坐标：请更正坐标，或给新点一个新点号。",
            en="One number has one place: correct the coordinates, or give a new point a number "
            "of its own.",
        ),
        found=tuple(numbers),
    )


def _in_order(rows: pd.DataFrame, file: Path | str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return rows line by line, ring by ring and in their order."""
    lines = rows["line"].drop_duplicates()
    place = rows["line"].map(dict(zip(lines, range(len(lines)), strict=True)))
    if "order" not in rows:
        order = rows.groupby(SAME_LINE, sort=False).cumcount() + 1
        there = rows.assign(order=order, place=place)
        return there.sort_values(["place", "ring", "order"], kind="stable"), ()
    there = rows.assign(place=place).sort_values(["place", "ring", "order"], kind="stable")
    expected = there.groupby(SAME_LINE, sort=False).cumcount() + 1
    wrong = there["order"] != expected
    if wrong.any():
        first = there[wrong].drop_duplicates(SAME_LINE)
        raise _refusal(
            f"{len(first)} 个环的序号有缺或重复：少了点，或多了点",
            f"rings whose order has gaps or repeats: {len(first)}; points are missing, or one is "
            "there twice",
            first["row"],
            file,
            found=tuple(first["line"]),
        )
    moved = int((there.index != rows.index).sum())
    text = Text(
        zh="行不按序号排列，已按序号还原。",
        en="The rows were not in their order; the column Order put them back.",
    )
    told = (Finding(code="control_points_sorted", text=text, count=moved),)
    return there, told if moved else ()


def _without_ends(rows: pd.DataFrame, file: Path | str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return rings without the first point that is said again at the end; refuse open ones."""
    groups = rows.groupby(SAME_LINE, sort=False)
    size, order = groups["order"].transform("size"), rows["order"]
    first = groups[["x", "y"]].transform("first")
    last = order == size
    again = last & (size > 1) & (rows["x"] == first["x"]) & (rows["y"] == first["y"])
    ends = rows[last]
    closed = again[last]
    if closed.any() and not closed.all():
        raise _open(ends[~closed], file)
    kept = rows[~again]
    blank = kept["edge_m"].isna()
    if blank.any() and not blank.all():
        raise _open(kept[blank], file)
    if blank.all() and not closed.any():
        text = Text(
            zh=f"表中没有边长，也没有重复首点；{len(ends)} 个环按末点连回首点闭合。",
            en="The table has no edges and repeats no first point; each last point was joined to "
            f"its first: {len(ends)} rings.",
        )
        finding = Finding(
            code="control_points_closed", text=text, severity="warning", count=len(ends)
        )
        return kept, (finding,)
    return kept, ()


def _require_no_return(rows: pd.DataFrame, file: Path | str) -> None:
    """Refuse rings that come back to a place before their end: two rings are written as one."""
    again = rows.duplicated([*SAME_LINE, "x", "y"])
    starts = rows.groupby(SAME_LINE, sort=False)[["x", "y"]].transform("first")
    last = ~rows.duplicated(SAME_LINE, keep="last")
    ends = last & (rows["x"] == starts["x"]) & (rows["y"] == starts["y"])
    back = rows[again & ~ends]
    if len(back):
        raise _refusal(
            f"{len(back)} 处在环的中途回到已有的点：多个环写成了一个，或多了一行",
            f"rings that come back to a point before their end: {len(back)}; several rings are "
            "written as one, or a row is there twice",
            back["row"],
            file,
            RINGS,
            found=tuple(back["line"].drop_duplicates()),
        )


def _open(rows: pd.DataFrame, file: Path | str) -> GeometryError:
    return _refusal(
        f"{len(rows)} 处没有闭合：没有回到首点的边",
        f"rings that are open, or edges that are missing: {len(rows)}",
        rows["row"],
        file,
        Text(
            zh="请在每个环的末尾补上首点，或补全到下一点的边长。",
            en="End every ring with its first point again, or fill in the edge to the next point.",
        ),
    )


def _require_rings(rows: pd.DataFrame, file: Path | str) -> None:
    """Refuse rings of too few points, and lines whose rings are not numbered 0, 1, 2, ..."""
    rings = rows.groupby(SAME_LINE, sort=False).agg(size=("row", "size"), row=("row", "first"))
    few = rings[rings["size"] < LEAST_CORNERS]
    if len(few):
        raise _refusal("有环不足三点", "a ring has fewer than three points", few["row"], file)
    rings = rings.reset_index()
    expected = rings.groupby("line", sort=False).cumcount()
    wrong = rings[rings["ring"] != expected]
    if len(wrong):
        raise _refusal(
            "环号不是 0（外环）、1、2……",
            "rings are not numbered 0 (outer), 1, 2, ...",
            wrong["row"],
            file,
        )


def _rings(rows: pd.DataFrame) -> tuple[list[Ring], list[tuple[str, int, Ring]]]:
    heads = rows.drop_duplicates(SAME_LINE)
    starts = np.flatnonzero(~rows.duplicated(SAME_LINE).to_numpy())[1:]
    corners = np.split(rows[["y", "x"]].to_numpy(dtype=np.int64), starts)
    places = np.cumsum(heads["ring"].to_numpy() == 0) - 1
    courses = [
        (str(name), int(at), Ring(int(line), at == 0, part))
        for name, at, line, part in zip(
            heads["line"].tolist(), heads["ring"].tolist(), places, corners, strict=True
        )
    ]
    return [ring for _, _, ring in courses], courses


def _require_edges(rows: pd.DataFrame, rings: list[Ring], file: Path | str) -> None:
    """Refuse edges that are not as long as their coordinates make them."""
    made = np.concatenate([np.hypot(*ring.steps.T) for ring in rings])
    off = np.abs(rows["edge_m"].to_numpy(dtype=float) * MM - made)
    wrong = off > EDGE_MM  # NaN, where the table has no edges, is not
    if wrong.any():
        most = float(off[wrong].max()) / MM
        raise _refusal(
            f"{int(wrong.sum())} 条边长与坐标不符（最多差 {most:.3f} m）：点的次序乱了、坐标被改过，或小数被截去",
            f"edges that are not as long as their coordinates say: {int(wrong.sum())}, by up to "
            f"{most:.3f} m; points are out of order, or coordinates were changed or cut",
            rows["row"].to_numpy()[wrong],
            file,
            ROUNDED if _is_cut(rows, most) else KEEP,
            found=most,
        )


def _is_cut(rows: pd.DataFrame, off_m: float) -> bool:
    """Return whether all coordinates of an axis end in noughts that explain what edges are off by."""
    steps = [int(np.gcd.reduce(rows[axis].to_numpy(dtype=np.int64))) for axis in ("x", "y")]
    return any(step % 10 == 0 and off_m * MM < 2 * step for step in steps)


def _require_sums(rows: pd.DataFrame, rings: list[Ring], file: Path | str) -> None:
    """Refuse rings whose perimeter or area is not the one that is said."""
    said = (
        rows.groupby(SAME_LINE, sort=False)[["length_m", "area_m2"]].first().to_numpy(dtype=float)
    )
    length = np.array([float(np.hypot(*ring.steps.T).sum()) / MM for ring in rings])
    area = np.array([area_of(ring) for ring in rings])
    wrong = (np.abs(said[:, 0] - length) > EDGE_MM / MM) | (np.abs(said[:, 1] - area) > AREA_M2)
    if wrong.any():
        starts = rows.groupby(SAME_LINE, sort=False)["row"].first().to_numpy()
        raise _refusal(
            f"{int(wrong.sum())} 个环的周长或面积与坐标不符",
            f"rings whose perimeter or area is not that of their coordinates: {int(wrong.sum())}",
            starts[wrong],
            file,
        )


def _require_counts(table: PointTable, rows: pd.DataFrame, file: Path | str) -> None:
    """Refuse a table that has lost lines or points since it was made."""
    found = (rows["line"].nunique(), rows["point"].nunique())
    said = (table.lines, table.points)
    if any(
        number is not None and number != there for number, there in zip(said, found, strict=True)
    ):
        raise _refusal(
            f"表头写有 {said[0]} 条绿线、{said[1]} 个点，表中有 {found[0]} 条、{found[1]} 个",
            f"its head says {said[0]} lines and {said[1]} points; it holds {found[0]} and {found[1]}",
            (),
            file,
            expected=said,
            found=found,
        )


def _require_valid(
    shapes: NDArray[np.object_], lines: list[str], rows: pd.DataFrame, file: Path | str
) -> None:
    """Refuse lines that cross themselves."""
    good = shapely.is_valid(shapes)
    bad = [line for line, fits in zip(lines, good, strict=True) if not fits]
    if bad:
        raise _refusal(
            f"{len(bad)} 条绿线自相交，或内环不在外环之内（{bad[0]}）：{shapely.is_valid_reason(shapes[~good][0])}",
            f"lines that cross themselves, or whose holes lie outside: {len(bad)}, {bad[0]} first: "
            f"{shapely.is_valid_reason(shapes[~good][0])}",
            rows.loc[rows["line"].isin(bad), "row"],
            file,
            Text(
                zh="点的次序乱了：请按地上的次序排列，外环为 0、内环从 1 起。",
                en="Points are out of order: list them as they follow each other on the ground, "
                "the outer ring as 0 and holes from 1.",
            ),
            found=tuple(bad),
        )


def _twins(rows: pd.DataFrame) -> tuple[Finding, ...]:
    """Tell of places that have several numbers."""
    places = rows.drop_duplicates(["point", "x", "y"])
    twins = places[places.duplicated(["x", "y"], keep=False)]
    if twins.empty:
        return ()
    count = len(twins.drop_duplicates(["x", "y"]))
    text = Text(
        zh=f"{count} 个位置有不止一个点号。", en=f"Places with more than one number: {count}."
    )
    return (
        Finding(
            code="control_points_twins",
            text=text,
            severity="warning",
            rows=tuple(twins["row"].tolist()),
            count=count,
        ),
    )


def _turned(
    rings: list[Ring], rows: pd.DataFrame, table: PointTable, file: Path | str
) -> tuple[Finding, ...]:
    """Tell of rings that run the other way: on a grid without place that may be swapped axes."""
    against = np.array([(ring.twice_area > 0) == ring.shell for ring in rings])
    if not against.any():
        return ()
    starts = rows.groupby(SAME_LINE, sort=False)["row"].first().to_numpy()[against]
    if against.all() and table.crs.type_name == "Engineering CRS":
        raise _refusal(
            "所有外环都逆时针、内环都顺时针：X（北）与 Y（东）可能对调了，地方坐标网格上无从核对",
            "all outer rings run anticlockwise and all holes clockwise: X (north) and Y (east) may "
            "be swapped, and nothing tells on a city's own grid",
            starts,
            file,
            Text(
                zh="请给 near=（绿线所在的范围）核对，或对调两列，或按外环顺时针排列。",
                en="Give near= (ground that the lines are near), swap the columns, or list outer "
                "rings clockwise.",
            ),
            found="north, east",
        )
    count = int(against.sum())
    text = Text(
        zh=f"{count} 个环的走向与惯例相反（外环顺时针、内环逆时针）；地方坐标网格上可能是 X 与 Y 对调了。",
        en=f"Rings that run against the custom (outer clockwise, holes anticlockwise): {count}. On "
        "a city's own grid X and Y may be swapped there.",
    )
    return (
        Finding(
            code="control_points_turned",
            text=text,
            severity="warning",
            rows=tuple(starts.tolist()),
            count=count,
        ),
    )
