"""Soundness: what is odd about the shapes of one layer, and about layers side by side.

Question   Which rows repeat, overlap, are too thin, lie outside, or do not agree with others?
Enters     Layers in the measuring CRS.
Leaves     Spots: findings, and the ground each is about.
Elsewhere  Gathering them for a city: validation. The geometry: prepare/overlaps, prepare/slivers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from greenspace.model.inspection import Spot
from greenspace.model.layers import INDICATORS
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.clip import polygonal
from greenspace.prepare.overlaps import overlaps, repeated_rows
from greenspace.prepare.slivers import gaps, thin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyproj import CRS

    from greenspace.model.grid import Grid
    from greenspace.model.source import Severity

MAY_OVERLAP = {"vegetation"}
INSIDE = {"districts"}  # layers of which no row should lie outside the built-up area
LEAST_M2 = 1.0
LEAST_SHARE = 1e-6


def of_layer(
    raw: gpd.GeoDataFrame, sound: gpd.GeoDataFrame, name: str, built_up: Any | None
) -> Iterator[Spot]:
    """Yield what is odd about one layer.

    Parameters
    ----------
    raw, sound
        The layer as it is, and with valid shapes on the same rows.
    built_up
        The dissolved built-up area, where there is one.
    """
    copies, twins = repeated_rows(raw)
    if copies.any():
        yield _rows("repeated", raw[copies], name, REPEATED)
    if twins.any():
        yield _rows("same_shape", raw[twins], name, SAME_SHAPE)
    areal = bool(shapely.get_dimensions(sound.geometry.to_numpy()).max(initial=0) == 2)  # noqa: PLR2004
    if not areal:
        collapsed = (raw.geometry.length == 0) & (shapely.get_dimensions(raw.geometry) == 1)
        if collapsed.any():
            yield _rows("collapsed", raw[collapsed], name, COLLAPSED)
    elif name not in MAY_OVERLAP:
        yield from _shared(sound[~sound.index.isin(raw.index[copies])], name)
        slivers = thin(sound.geometry.to_numpy())
        if slivers.any():
            yield _rows("sliver", sound[slivers], name, SLIVER)
        yield from _gaps(sound, name)
    if built_up is not None and name != "built_up":
        shapely.prepare(built_up)
        outside = ~shapely.intersects(built_up, sound.geometry.to_numpy())
        if outside.any():
            severity: Severity = "warning" if name in INSIDE else "note"
            yield _rows("outside_built_up", sound[outside], name, OUTSIDE, severity)


REPEATED = Text(
    zh="{n} 行的图形和属性与前面的行完全重复。",
    en="Rows that repeat the shape and the attributes of an earlier row: {n}.",
)
SAME_SHAPE = Text(
    zh="{n} 行与别的行图形相同而属性不同；请确定哪一行正确。",
    en="Rows that have the shape of another row but other attributes: {n}. Decide which is right.",
)
COLLAPSED = Text(zh="{n} 条线长度为零。", en="Lines without length: {n}.")
SLIVER = Text(
    zh="{n} 个碎片：平均宽不足 0.5 米的狭长图形。",
    en="Slivers, long shapes that are under 0.5 m wide on average: {n}.",
)
OUTSIDE = Text(zh="{n} 行完全在建成区之外。", en="Rows wholly outside the built-up area: {n}.")
NAMELESS = Text(
    zh="{n} 个区没有名称或重名，结果中按行号区分。",
    en="Districts without a name or with a shared one: {n}. Results tell them apart by number.",
)
EMPTY = Text(zh="{n} 个区的人口为零。", en="Districts without residents: {n}.")


def _rows(
    code: str, rows: gpd.GeoDataFrame, name: str, text: Text, severity: Severity = "warning"
) -> Spot:
    area = float(rows.geometry.area.sum())
    finding = Finding(
        code=code,
        text=Text(zh=text.zh.format(n=len(rows)), en=text.en.format(n=len(rows))),
        severity=severity,
        layer=name,
        rows=tuple(rows.index),
        count=len(rows),
        area_m2=area or None,
    )
    return Spot(finding=finding, shapes=rows.geometry)


def _shared(layer: gpd.GeoDataFrame, name: str) -> Iterator[Spot]:
    """Yield ground that two rows share and that is not a whole row of both."""
    pairs = overlaps(layer, identical=False)
    if pairs.empty:
        return
    area = float(pairs["area_m2"].sum())
    rows = tuple(dict.fromkeys([*pairs["left"], *pairs["right"]]))
    text = Text(
        zh=f"{len(pairs)} 对图形相互重叠 {area:.6g} 平方米；量算时只计一次。",
        en=f"Pairs of shapes that overlap: {len(pairs)}, by {area:.6g} m²; measures count it once.",
    )
    finding = Finding(
        code="overlap",
        text=text,
        severity="warning",
        layer=name,
        rows=rows,
        count=len(pairs),
        area_m2=area,
    )
    yield Spot(finding=finding, shapes=gpd.GeoSeries(pairs.geometry.to_numpy(), pairs["left"]))


def _gaps(layer: gpd.GeoDataFrame, name: str) -> Iterator[Spot]:
    found = gaps(layer.geometry.to_numpy())
    if not len(found):
        return
    area = float(shapely.area(found).sum())
    text = Text(
        zh=f"相邻图形之间有 {len(found)} 条宽不足 0.5 米的缝隙。",
        en=f"Gaps under 0.5 m wide between neighbouring shapes: {len(found)}.",
    )
    finding = Finding(
        code="gap", text=text, severity="warning", layer=name, count=len(found), area_m2=area
    )
    yield Spot(finding=finding, shapes=gpd.GeoSeries(found))


def of_districts(districts: gpd.GeoDataFrame | None, built_up: Any | None) -> Iterator[Spot]:
    """Yield districts without a name of their own or without people, and ground in none."""
    if districts is None:
        return
    if "name" in districts.columns:
        names = districts["name"].fillna("").astype(str).str.strip()
        doubtful = (names == "") | names.duplicated(keep=False)
        if doubtful.any():
            yield _rows("district_names", districts[doubtful], "districts", NAMELESS)
    if "population" in districts.columns and (districts["population"] == 0).any():
        empty = districts[districts["population"] == 0]
        yield _rows("population_zero", empty, "districts", EMPTY)
    if built_up is None:
        return
    rest = built_up.difference(shapely.union_all(districts.geometry.to_numpy()))
    if rest.area <= LEAST_SHARE * built_up.area:
        return
    text = Text(
        zh=f"建成区有 {rest.area / 1e4:.2f} 公顷不在任何区内。",
        en=f"{rest.area / 1e4:.2f} ha of the built-up area lie in no district.",
    )
    yield _ground("outside_districts", text, "districts", rest)


def of_parks(parks: gpd.GeoDataFrame, green: gpd.GeoDataFrame) -> Iterator[Spot]:
    """Yield parks that no park parcel of green covers, and the reverse."""
    for code, one, other, layer, text in (
        ("park_not_green", parks, green, "parks", PARK_NOT_GREEN),
        ("green_not_park", green, parks, "green", GREEN_NOT_PARK),
    ):
        covered = shapely.union_all(other.geometry.to_numpy())
        rest = polygonal(shapely.difference(one.geometry.to_numpy(), covered))
        real = shapely.area(rest) > LEAST_M2
        if real.any():
            shapes = gpd.GeoSeries(rest[real], one.index[real])
            area = float(shapely.area(rest[real]).sum())
            shown = {"n": int(real.sum()), "area": f"{area / 1e4:.2f}"}
            finding = Finding(
                code=code,
                text=Text(zh=text.zh.format(**shown), en=text.en.format(**shown)),
                severity="warning",
                layer=layer,
                rows=tuple(one.index[real]),
                count=int(real.sum()),
                area_m2=area,
                indicators=(*INDICATORS["parks"], "green_space_ratio"),
            )
            yield Spot(finding=finding, shapes=shapes)


PARK_NOT_GREEN = Text(
    zh="{n} 个公园有 {area} 公顷不在绿地图层的公园绿地（G1）内。",
    en="{area} ha of {n} parks are in no park parcel (G1) of the green layer.",
)
GREEN_NOT_PARK = Text(
    zh="{n} 块公园绿地（G1）有 {area} 公顷不在公园图层内。",
    en="{area} ha of {n} park parcels (G1) are in no park of the parks layer.",
)


def of_extent(built_up: Any, moved: Any, grid: Grid, crs: CRS, name: str) -> Iterator[Spot]:
    """Yield built-up ground that an image does not reach; `moved` is that ground in its CRS."""
    corners = [(0, 0), (grid.width, 0), (grid.width, grid.height), (0, grid.height)]
    frame = shapely.Polygon([grid.transform @ corner for corner in corners])
    rest = moved.difference(frame)
    share = rest.area / moved.area
    if share <= LEAST_SHARE:
        return
    text = Text(
        zh=f"影像 {name} 没有覆盖建成区的 {share:.2%}。",
        en=f"The image {name} does not reach {share:.2%} of the built-up area.",
    )
    there = gpd.GeoSeries([rest], crs=grid.crs).to_crs(crs).iloc[0] if grid.crs else rest
    severity: Severity = "error" if share >= 1 else "warning"
    area = share * built_up.area
    yield _ground("image_short", text, "image", there, area_m2=area, severity=severity, file=name)


def _ground(
    code: str,
    text: Text,
    layer: str,
    ground: Any,
    *,
    area_m2: float | None = None,
    severity: Severity = "warning",
    file: str | None = None,
) -> Spot:
    finding = Finding(
        code=code,
        text=text,
        severity=severity,
        layer=layer,
        area_m2=float(ground.area) if area_m2 is None else area_m2,
        file=file,
    )
    return Spot(finding=finding, shapes=gpd.GeoSeries([ground]))
