"""Line tables: the list of green lines and of everything that was decided while drawing them.

Question   Which lines are there, and what was changed to draw them?
Enters     Numbered lines; events with the numbers of the lines that took and gave ground.
Leaves     Ledgers.
Elsewhere  Before and after a revision: delimit/revision. Coordinates: delimit/control_points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from greenspace.delimit.simplify import LEAST_TOLD_M
from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.delimit.green_line import Drawn

KINDS: Final = {
    "overlap": Text("重叠，归先者", "overlap, given to one line"),
    "planned_yields": Text("规划让现状", "planned yields to existing"),
    "gap": Text("缝隙并入", "gap closed"),
    "gap_open": Text("缝隙未并", "gap left open"),
    "snapped": Text("边线对齐", "edge moved to a shared edge"),
    "sliver": Text("碎片并入", "sliver merged"),
    "sliver_kept": Text("碎片保留", "sliver kept"),
    "simplified": Text("边线化简", "edge simplified"),
}
CHANGES: Final = (
    Column("kind", Text("处理", "change")),
    Column("line", Text("绿线", "line")),
    Column("from_line", Text("原属绿线", "taken from line")),
    Column("area_m2", Text("面积", "area"), "m2"),
    Column("width_m", Text("平均宽度", "mean width"), "m"),
    Column("displacement_m", Text("边线位移", "edge moved by"), "m"),
    Column("x", Text("东坐标", "easting"), "m"),
    Column("y", Text("北坐标", "northing"), "m"),
)
LINES: Final = (
    Column("number", Text("编号", "number")),
    Column("name", Text("名称", "name")),
    Column("status", Text("状态", "status")),
    Column("category", Text("类别", "category")),
    Column("class", Text("分类代码", "class")),
    Column("area_m2", Text("面积", "area"), "m2"),
    Column("length_m", Text("边长", "length of edge"), "m"),
)


def lines_ledger(lines: gpd.GeoDataFrame) -> Ledger:
    """Return the list of lines for the office."""
    rows = pd.DataFrame(
        {
            **{
                key: lines[key].to_numpy()
                for key in ("number", "name", "class", "area_m2", "length_m")
            },
            "status": [STATUSES[status].title for status in lines["status"]],
            "category": [CATEGORIES[category] for category in lines["category"]],
        }
    )
    return Ledger("green_lines", Text("绿线一览表", "list of green lines"), LINES, rows)


def changes_ledger(drawn: Drawn | None, numbers: list[str]) -> Ledger:
    """Return one row for every gap, overlap, sliver and edge that was resolved.

    Parameters
    ----------
    drawn
        ``None`` where lines are as they were approved: no row.
    numbers
        Of its lines, in their order.
    """
    named = [*numbers, ""]
    rows: list[dict[str, Any]] = []
    if drawn is not None:
        rows = [
            {
                "kind": KINDS[event.kind],
                "line": named[taker],
                "from_line": "" if giver == taker else named[giver],
                "area_m2": event.area_m2,
                "width_m": event.width_m,
                "displacement_m": event.displacement_m,
                "x": round(event.x, 3),
                "y": round(event.y, 3),
            }
            for event, taker, giver in drawn.events
        ]
        rows += _simplified(drawn, numbers)
    frame = pd.DataFrame(rows, columns=[column.key for column in CHANGES])
    return Ledger(
        "green_line_changes",
        Text("绿线划定处理记录", "what was resolved while drawing"),
        CHANGES,
        frame,
    )


def _simplified(drawn: Drawn, numbers: list[str]) -> list[dict[str, Any]]:
    """Return a row for each line that lost vertices which did not lie in its edge."""
    shapes = drawn.lines.geometry.to_numpy()
    spots = shapely.get_coordinates(shapely.point_on_surface(shapes)).round(3)
    area = shapely.area(shapes) * drawn.area_change
    return [
        {
            "kind": KINDS["simplified"],
            "line": numbers[line],
            "from_line": "",
            "area_m2": float(area[line]),
            "width_m": float("nan"),
            "displacement_m": float(moved),
            "x": float(spots[line, 0]),
            "y": float(spots[line, 1]),
        }
        for line, moved in enumerate(drawn.simplified_m)
        if moved > LEAST_TOLD_M
    ]


def open_gaps(drawn: Drawn) -> tuple[Finding, ...]:
    """Return a finding where gaps thinner than the tolerance stay open."""
    found = [event for event, *_ in drawn.events if event.kind == "gap_open"]
    if not found:
        return ()
    count, area = len(found), sum(event.area_m2 for event in found)
    text = Text(
        f"有 {count} 处窄于容差的缝隙未能并入（共 {area:.2f} 平方米），逐处列于处理记录。",
        f"Gaps thinner than the tolerance that could not be closed: {count}, {area:.2f} m² in all; "
        "each is a row of the changes.",
    )
    finding = Finding(
        code="gaps_left_open", text=text, severity="warning", count=count, area_m2=area
    )
    return (finding,)
