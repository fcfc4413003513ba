"""Change shown: zones with what they gained and lost, as a table and as a map.

Question   How does a ChangeTable look in a notebook?
Enters     A ChangeTable, and its patches.
Leaves     Escaped HTML in both languages; Axes with gained and lost ground over the zones.
Elsewhere  Other tables: tables. Frame and legend: canvas.
"""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING, Final

import shapely

from greenspace.model.words import Text
from greenspace.present import canvas, style
from greenspace.present.display import UNDEFINED, show
from greenspace.present.tables import ROWS_SHOWN, html_table
from greenspace.present.words import WORDS, both, clean

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

    from greenspace.model.change import Change, ChangeTable
    from greenspace.model.estimate import Estimate

TITLE: Final = Text("绿化变化", "green change")
TOTAL: Final = Text("合计", "total")
COLUMNS: Final = {
    "gained": Text("新增", "gained"),
    "lost": Text("减少", "lost"),
    "kept": Text("保持", "kept"),
    "not_green": Text("两期均非绿", "not green"),
    "unseen": Text("看不到", "unseen"),
    "straddling": Text("跨界像元", "straddling"),
    "edge_change": Text("边界处的变化", "change on edges"),
}
BEFORE: Final = Text("前期覆盖率", "before")
AFTER: Final = Text("后期覆盖率", "after")
NET: Final = Text("变化（百分点）", "net, points")
FILLS: Final = {"gained": "#1b7837", "lost": "#b2452e"}
MAP_INCHES: Final = (8.0, 6.2)


def change_table_html(table: ChangeTable) -> str:
    """Return what became of each zone as an HTML table, in both languages; long ones are cut."""
    frame = table.to_frame()
    labels = frame["name"] if "name" in frame.columns else frame.index
    head = [WORDS["zone"], *COLUMNS.values(), BEFORE, AFTER, NET]
    body = [
        [clean(label), *_cells(table.change(position))]
        for position, label in enumerate(list(labels)[:ROWS_SHOWN])
    ]
    more = len(frame) - len(body)
    if more > 0:
        body.append([f"… +{more}", *[""] * (len(head) - 1)])
    parts = [f"<b>{escape(both(TITLE))}</b>"]
    parts.append(html_table([both(text) for text in head], body, figures=range(1, len(head))))
    if table.no_estimate is not None:
        parts.append(f"<p>{escape(both(table.no_estimate))}</p>")
    if table.estimate is not None:
        rows = [
            (both(COLUMNS[kind]), *_error(table.estimate.areas[kind]))
            for kind in ("gained", "lost")
        ]
        confidence = f"{table.estimate.confidence:.0%}"
        title = (both(TOTAL), both(Text("校正面积", "adjusted area")), confidence)
        parts.append(html_table(title, rows, figures=(1, 2)))
    return "".join(parts)


def _cells(change: Change) -> list[str]:
    areas = [show(getattr(change, name), "m2", "en") for name in COLUMNS]
    shares = [show(value, "1", "en") for value in (change.before, change.after)]
    net = UNDEFINED if isnan(change.net_points) else f"{change.net_points:+.2f}"
    return [*areas, *shares, net]


def _error(estimate: Estimate) -> tuple[str, str]:
    ends = [show(value, "m2", "en") for value in (estimate.low, estimate.high)]
    return show(estimate.value, "m2", "en"), " – ".join(ends)


def draw_change(table: ChangeTable, patches: gpd.GeoDataFrame, ax: Axes | None = None) -> Axes:
    """Draw gained and lost patches over the outlines of the zones."""
    if ax is None:
        ax = canvas.new_axes(MAP_INCHES, (0.09, 0.08, 0.66, 0.80))
    zones = table.zones.geometry
    if patches.crs is not None and zones.crs != patches.crs:
        zones = zones.to_crs(patches.crs)
    shapes = zones.to_numpy()
    canvas.polygons(ax, shapes, facecolor=style.GROUND, edgecolor="none")
    entries = []
    for kind, colour in FILLS.items():
        chosen = patches.geometry[patches["class"] == kind]
        canvas.polygons(ax, chosen, facecolor=colour, edgecolor="none")
        area = float(patches.loc[patches["class"] == kind, "area_m2"].sum())
        label = f"{both(COLUMNS[kind])}\n{show(area, 'm2', 'en')}"
        entries.append((canvas.patch(facecolor=colour), label))
    canvas.polygons(ax, shapes, facecolor="none", edgecolor=style.INK, lw=0.6)
    canvas.write(ax, 0.0, 1.03, both(TITLE), size=13, va="bottom")
    if len(shapes):
        west, south, east, north = map(float, shapely.total_bounds(shapes))
        canvas.frame(ax, (west, south, east, north), zones.crs)
    canvas.legend(ax, entries, "")
    return ax
