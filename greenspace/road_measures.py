"""Road measures: roads made ready, and what each indicator of roads makes of them.

Question   Which length of these roads is greened, complies, or is lined with trees?
Enters     City roads, plants, strips and footways in one measuring CRS.
Leaves     Sections and the status of each road, with findings.
Elsewhere  One layer at a time: streets. A city's check: road_gauge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import InputError
from greenspace.measure.linear import SECTION_M, greened_sections
from greenspace.measure.roads import complies, road_land, strip_shares
from greenspace.measure.shade import LEAST_CANOPY, Sides, shaded_roads
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.footways import lost_findings
from greenspace.prepare.roads import word_of
from greenspace.prepare.storeys import kind_of_rows
from greenspace.read.roads import read_road_classes
from greenspace.road_strips import LEAST_BESIDE, strips_beside

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.measure.linear import Sections
    from greenspace.model.roads import WidthTable
    from greenspace.model.source import Severity
    from greenspace.prepare.ready import Ready
    from greenspace.prepare.repair import Layer
    from greenspace.prepare.roads import Roads

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Shapes = NDArray[Any]

GREENING, COMPLIANCE, TREE_LINED = (
    "road_greening_rate",
    "road_green_compliance",
    "tree_lined_road_share",
)
BELTS = {"main": "main_road_green_belt_share", "secondary": "secondary_road_green_belt_share"}
SHADED_CLASSES = ("secondary", "branch")
COUNTED, LEFT_OUT = "counted", "left_out"
LEAST_LAND = 0.7  # of length times width, below which road land is told to be a part
ELSEWHERE = Text(
    zh="道路用地图层中同名的用地不在道路上（或在建成区外），改按红线宽度：{count} 个要素，{length:,.0f} m。",
    en="Road land of this name does not touch the road inside the built-up area; the ground inside "
    "the red line is taken: {count} rows, {length:,.0f} m.",
)
PART = Text(
    zh="道路用地不足长度乘以红线宽度的 {least:.0%}，可能只画了一段，绿地率只代表所画部分：{count} 个要素，"
    "{length:,.0f} m。",
    en="Road land is less than {least:.0%} of length times red-line width: it may be drawn for a part "
    "of the road, and the green share is that of the part: {count} rows, {length:,.0f} m.",
)
NARROW = Text(
    zh="宽度表对宽度不超过 {least:g} m 的道路没有要求，不计入达标率：{count} 个要素，{length:,.0f} m。",
    en="The table asks nothing of roads up to {least:g} m wide, which are in neither half: {count} "
    "rows, {length:,.0f} m.",
)
PARTLY = Text(
    zh="某一侧的人行道或非机动车道不足路长（路口除外）的 {least:.0%}，该侧按没有步道处理：{count} 个要素，"
    "{length:,.0f} m。",
    en="On a side whose footways and cycle paths run along less than {least:.0%} of the road, "
    "crossings apart, there is none: {count} rows, {length:,.0f} m.",
)
BARE = Text(
    zh="参评道路中没有画出人行道或非机动车道的，按未达林荫计：{count} 个要素，{length:,.0f} m。",
    en="Roads that count and have no footway or cycle path drawn are taken for not tree-lined: "
    "{count} rows, {length:,.0f} m.",
)
BARE_OUT = Text(
    zh="没有画出人行道或非机动车道的道路，不计入：{count} 个要素，{length:,.0f} m。",
    en="Roads without a footway or cycle path drawn are not counted: {count} rows, {length:,.0f} m.",
)
ONE_SIDE = Text(
    zh="只有一侧画有人行道或非机动车道的道路，以这一侧判定：{count} 个要素，{length:,.0f} m。",
    en="Roads with a footway or cycle path on one side only are judged by that side: {count} rows, "
    "{length:,.0f} m.",
)

LIKE_REST = Text(
    zh="全段在路口内而没有步道的道路，按同名道路的其余路段判定：{count} 个要素，{length:,.0f} m。",
    en="Rows that lie in crossings and have no footway of their own are judged like the other rows "
    "of their name: {count} rows, {length:,.0f} m.",
)
INSIDE = Text(
    zh="全段在路口内而没有步道的道路，同名的其余路段没有一致的判定，不计入：{count} 个要素，{length:,.0f} m。",
    en="Rows that lie in crossings and have no footway of their own, and of whose name the other rows "
    "do not say one thing, are not counted: {count} rows, {length:,.0f} m.",
)


@dataclass(frozen=True, slots=True)
class Status:
    """What an indicator says of each road: whether it counts, and whether it meets what is asked.

    ``shown`` are further columns by road, for ledgers.
    """

    counts: Mask
    meets: Mask
    shown: pd.DataFrame
    findings: tuple[Finding, ...] = ()


def sections_of(
    roads: Roads, plants: Shapes | None = None, section_m: float = SECTION_M
) -> Sections:
    """Return the roads in sections, greened where plants reach inside the red line.

    Raises
    ------
    InputError
        The length of a section is no length.
    """
    require_length("section_m", section_m)
    shapes = np.empty(0, dtype=object) if plants is None else plants
    half = np.nan_to_num(roads.width_m / 2)
    return greened_sections(roads.lines, half, shapes, section_m)


def lands_of(
    roads: Roads, drawn: gpd.GeoDataFrame | None, ground: Any | None
) -> tuple[Shapes, tuple[Finding, ...]]:
    """Return the land of each road inside the built-up area.

    A road whose name (and class, where it is given) stands in the layer of road land has all
    land of that name, and its rows share it; every other one, and one whose land does not touch
    it, the ground inside its red line. Land much smaller than length times width is told.
    """
    land = road_land(roads.frame["whole"].to_numpy(dtype=object), roads.width_m, ground)
    if drawn is None or "road" not in drawn:
        return land, ()
    names = np.array([word_of(value) for value in drawn["road"]], dtype=object)
    kinds = _classes_of(drawn)
    shapes = drawn.geometry.to_numpy()
    away, part = np.zeros(len(land), dtype=bool), np.zeros(len(land), dtype=bool)
    for name in set(names) - {""}:
        for kind in set(roads.kind[roads.names == name]):
            own = (names == name) & ((kinds == "") | (kinds == kind))
            if own.any():
                whole = shapely.union_all(shapes[own])
                whole = whole if ground is None else shapely.intersection(whole, ground)
                rows = (roads.names == name) & (roads.kind == kind)
                if not shapely.intersects(whole, roads.lines[rows]).any():
                    away |= rows
                    continue
                land[rows] = whole
                sized = np.nansum((roads.length_m * roads.width_m)[rows])
                part |= rows & (whole.area < LEAST_LAND * sized)
    return land, (
        *_told("road_land_elsewhere", ELSEWHERE, roads, away, severity="warning"),
        *_told("road_land_part", PART, roads, part, severity="warning", least=LEAST_LAND),
    )


def land_of_classes(
    roads: Roads,
    land: Shapes,
    drawn: gpd.GeoDataFrame | None,
    wanted: Collection[str],
    ground: Any | None,
) -> Shapes:
    """Return the land of some classes: what the layer of road land calls so, and their roads'."""
    own = land[np.isin(roads.kind, list(wanted))]
    if drawn is None:
        return own
    named = drawn.geometry.to_numpy()[np.isin(_classes_of(drawn), list(wanted))]
    return np.append(own, named if ground is None else shapely.intersection(named, ground))


def _classes_of(drawn: gpd.GeoDataFrame) -> NDArray[np.object_]:
    if "class" not in drawn:
        return np.full(len(drawn), "", dtype=object)
    rule = read_road_classes()
    return np.array([rule.of(word_of(value)) or "" for value in drawn["class"]], dtype=object)


def compliance(roads: Roads, land: Shapes, strips: Shapes, table: WidthTable) -> Status:
    """Return whether each road has the green ratio asked of its width."""
    green, whole = strip_shares(land, strips)
    landscape, unsaid = roads.says("landscape")
    asked, met = complies(green, whole, roads.width_m, landscape, table)
    counts = ~np.isnan(asked)
    narrow = ~np.isnan(roads.width_m) & np.isnan(table.asked(roads.width_m, landscape))
    _, which, sharing = np.unique(
        [id(each) for each in land], return_inverse=True, return_counts=True
    )
    parts = sharing[which]
    shown = pd.DataFrame(
        {"green_m2": green / parts, "land_m2": whole / parts, "asked": asked},
        index=roads.frame.index,
    )
    told = _told("roads_narrow", NARROW, roads, narrow, least=table.least_width_m)
    return Status(counts, met & counts, shown, (*unsaid, *told))


def tree_lined(
    ready: Ready,
    roads: Roads,
    footways: Layer,
    crowns: Shapes,
    *,
    ground: Any | None = None,
    road_classes: Collection[str] | None = None,
    sides: Sides = "both",
    least_canopy: float = LEAST_CANOPY,
    without_footways: str = COUNTED,
) -> Status:
    """Return whether each road has its footways and cycle paths under trees."""
    strips, lost, partly, crossing = strips_beside(ready, roads, footways, crowns, ground)
    found = shaded_roads(strips, sides=sides, least_canopy=least_canopy)
    found = found.reindex(np.arange(len(roads.frame)))
    has = found["sides"].notna().to_numpy()
    wanted = np.ones(len(has), dtype=bool)
    if road_classes is not None:
        wanted = np.isin(roads.kind, list(road_classes))
    counted = without_footways == COUNTED
    meets = (found["tree_lined"] == True).to_numpy()  # noqa: E712  what is missing is not lined
    inside = wanted & crossing & ~has
    like = _like_their_road(roads, inside, wanted & ~inside & (has | counted), meets)
    bare, one = wanted & ~has & ~inside, wanted & (found["sides"] == 1).to_numpy()
    told = (
        *lost_findings(lost),
        *_told("footways_partial", PARTLY, roads, wanted & partly, least=LEAST_BESIDE),
        *_told("roads_without_footway", BARE if counted else BARE_OUT, roads, bare),
        *_told("roads_one_side", ONE_SIDE, roads, one),
        *_told("roads_in_crossings", LIKE_REST, roads, inside & (like >= 0)),
        *_told("roads_in_crossings_out", INSIDE, roads, inside & (like < 0), severity="warning"),
    )
    shown = found[["least", "mean"]].set_axis(roads.frame.index)
    counts = np.where(inside, like >= 0, wanted & (has | counted))
    return Status(counts, np.where(inside, like > 0, meets), shown, told)


def _like_their_road(roads: Roads, rows: Mask, judged: Mask, meets: Mask) -> NDArray[np.int64]:
    """Return 1 or 0 for rows whose road is judged so in all its other rows, else -1."""
    like = np.full(len(rows), -1)
    for row in np.flatnonzero(rows & (roads.names != "")):
        same = judged & (roads.names == roads.names[row]) & (roads.kind == roads.kind[row])
        said = np.unique(meets[same])
        if len(said) == 1:
            like[row] = int(said[0])
    return like


def _told(
    code: str,
    text: Text,
    roads: Roads,
    rows: Mask,
    *,
    severity: Severity = "note",
    **words: float,
) -> tuple[Finding, ...]:
    if not rows.any():
        return ()
    count, length = int(rows.sum()), float(roads.length_m[rows].sum())
    zh, en = (each.format(count=count, length=length, **words) for each in (text.zh, text.en))
    return (
        Finding(
            code=code,
            text=Text(zh=zh, en=en),
            severity=severity,
            layer="roads",
            rows=tuple(roads.frame.index[rows]),
            count=count,
        ),
    )


def width_table(edition: str) -> WidthTable:
    """Return what an edition asks of a road by its width.

    Raises
    ------
    InputError
        The edition is not known.
    """
    tables = read_road_classes().widths
    require_word("edition", edition, tables)
    return tables[edition]


def without_roofs(plants: gpd.GeoDataFrame, name: str) -> NDArray[Any]:
    """Return plants on the ground: all rows, or those whose layer is no roof."""
    shapes = np.asarray(plants.geometry, dtype=object)
    return shapes if "layer" not in plants else shapes[kind_of_rows(plants, name) != "roof"]


def trees_of(plants: gpd.GeoDataFrame, name: str) -> NDArray[Any]:
    """Return crowns of trees: all rows, or those whose layer is tree."""
    shapes = np.asarray(plants.geometry, dtype=object)
    return shapes if "layer" not in plants else shapes[kind_of_rows(plants, name) == "tree"]


def require_word(name: str, value: object, known: Collection[str]) -> None:
    """Refuse a word that is none of those known."""
    if value not in known:
        raise refusal_of(name, value, tuple(known))


def refusal_of(name: str, value: object, expected: object) -> InputError:
    """Return the refusal of an option."""
    return InputError(
        f"{name} 不能是 {value!r}。",
        f"{name} cannot be {value!r}.",
        remedy=Text(zh=f"应为：{expected}。", en=f"It should be: {expected}."),
        expected=expected,
        found=value,
    )


def require_length(name: str, value: object) -> None:
    """Refuse what is no length of more than zero.

    Raises
    ------
    InputError
        It is none.
    """
    if not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise refusal_of(name, value, "> 0")
