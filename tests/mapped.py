"""Themes for the tests of sheets: a square of 1 km, and a legend as long as one likes."""

from __future__ import annotations

from datetime import date

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from pyproj import CRS
from shapely import box

from greenspace.model.words import Text
from greenspace.present import canvas
from greenspace.present.theme import LegendRow, SheetFacts, Theme

SQUARE = (571_500.0, 3_441_500.0, 572_500.0, 3_442_500.0)
REPORT = {
    "prepared_by": "清河市园林绿化中心（虚构）",
    "checked_by": "清河市自然资源和规划局国土空间规划与城市园林绿化管理科（虚构单位）" * 2,
    "drawing_number": "LX-01",
}
NAMES = ("现状绿线", "规划绿线（防护绿地）", "生态控制线", "古树名木保护范围线及其后备资源保护线")


def make_theme(
    *,
    rows=4,
    title="绿线规划图",
    banner=None,
    remarks=(),
    report=REPORT,
    bounds=SQUARE,
    crs=4547,
    city="清河市",
    extra=None,
):
    def draw(ax, language, _):
        canvas.polygons(ax, [box(*SQUARE)], facecolor="#4ca64c", edgecolor="#123456", gid="square")
        if extra is not None:
            extra(ax)
        samples = [Patch(facecolor="#4ca64c", hatch=".."), Line2D([], [], color="r", ls="-.")]
        return [
            LegendRow(
                handle=samples[place % 2],
                label=NAMES[place % len(NAMES)] if language == "zh" else f"green line {place}",
                count=place + 1,
                area_m2=12_345.6 * place,
                length_m=1234.0 if place % 3 else None,
            )
            for place in range(rows)
        ]

    facts = SheetFacts(
        city=city,
        title=Text(title, title if title != "绿线规划图" else "Green-line plan"),
        date=date(2026, 6, 1),
        sources=("layers.gpkg", "roads.gpkg"),
        crs=None if crs is None else CRS.from_epsg(crs),
        standard=Text("CJJ/T 85-2017", "CJJ/T 85-2017"),
        report=report,
        remarks=remarks,
        banner=banner,
    )
    return Theme(key="test", facts=facts, bounds=bounds, draw=draw)
