"""OSM told: findings on what of an extract is cut, left out or not built.

Question   What should the reader of a number know of the things behind it?
Enters     The names of things by what befell them, and the layer that was made.
Leaves     Findings with names, counts and, for what is cut, the area.
Elsewhere  Telling what is cut: read/osm_edge. Reading: read/osm.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd

    from greenspace.read.osm_edge import Edge

EQUAL_AREA = "EPSG:6933"
LEFT_OUT = Text(
    zh="按标签表略去不对公众开放等的要素：{count} 个。",
    en="Left out by the tag table, as not open to the public or the like: {count}.",
)
NOT_BUILT = Text(
    zh="按标签应在此图层、却没有可用图形（不完整、未闭合或缺少成员，多在裁切边缘），已略去：{count} 个。",
    en="Things whose tags belong here but that give no shape (not whole, not closed, or members "
    "missing, mostly at the edge of the extract) were left out: {count}.",
)
CUT = Text(
    zh="有要素引用了文件中没有的节点或路径：图形只是裁切范围内的一部分，面积、长度或孔洞可能不对："
    "{count} 个。请把裁切范围放大到城市之外再裁（保留完整路径）。",
    en="Things that refer to nodes or ways which are not in the file: their shapes are only the part "
    "inside the extract, and area, length or holes may be wrong: {count}. Cut the extract wider "
    "than the city, with whole ways.",
)
DELETED = Text(
    zh="文件标为已删除的要素，已略去：{count} 个。",
    en="Things that the file marks as deleted were left out: {count}.",
)
AREAS = Text(
    zh="闭合、并作为面标注的道路或站台（如 area=yes），没有读作线：{count} 个。",
    en="Closed ways that are tagged as areas (such as area=yes) are not read as lines: {count}.",
)
NOT_CHECKED = Text(
    zh='未安装 osmium，无法得知哪些要素被裁切边缘截断、图形只剩一部分：pip install "greenspace[osm]"。',
    en="Without osmium nothing tells which shapes the edge of the extract cut to a part of "
    'themselves: pip install "greenspace[osm]".',
)


def findings_of_edge(
    edge: Edge | None, frame: gpd.GeoDataFrame, layer: str, unbuilt: Collection[str]
) -> tuple[Finding, ...]:
    """Return what is to be said of a layer; ``edge`` is ``None`` where nothing could tell."""
    if edge is None:
        unchecked = Finding(
            code="osm_not_checked", text=NOT_CHECKED, severity="warning", layer=layer
        )
        return (*told("shape_not_built", NOT_BUILT, layer, unbuilt), unchecked)
    cut = frame[frame["osm_id"].isin(edge.cut)]
    return (
        *told("osm_cut", CUT, layer, cut["osm_id"].tolist(), area_m2=_area(cut)),
        *told("shape_not_built", NOT_BUILT, layer, edge.unbuilt | set(unbuilt)),
        *told("osm_deleted", DELETED, layer, edge.deleted),
        *told("osm_areas", AREAS, layer, edge.areas, severity="note"),
    )


def told(
    code: str,
    text: Text,
    layer: str,
    names: Collection[str],
    *,
    severity: Literal["warning", "note"] = "warning",
    area_m2: float | None = None,
) -> tuple[Finding, ...]:
    """Return one finding with its names in order, or nothing where there are none."""
    if not names:
        return ()
    counted = Text(zh=text.zh.format(count=len(names)), en=text.en.format(count=len(names)))
    rows: tuple[str, ...] = tuple(sorted(names, key=_order))
    finding = Finding(
        code=code,
        text=counted,
        severity=severity,
        layer=layer,
        rows=rows,
        count=len(names),
        area_m2=area_m2,
    )
    return (finding,)


def _order(name: str) -> tuple[str, int]:
    kind, _, number = name.partition("/")
    return kind, int(number)


def _area(frame: gpd.GeoDataFrame) -> float | None:
    area = float(frame.to_crs(EQUAL_AREA).area.sum())
    return area if area and math.isfinite(area) else None
