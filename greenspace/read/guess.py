"""Guesses: which layer a name means, and which role a column plays.

Question   Is "绿地.shp" the green parcels, and is its column 绿地类型 the class code?
Enters     Names in Chinese or English, as offices give them.
Leaves     The name of a manifest layer, columns by role, a date, bands; or nothing.
Elsewhere  Looking into files: read/scan. Everything guessed is marked for confirmation.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from greenspace.model.layers import LayerContract

LAYER_WORDS: Mapping[str, tuple[str, ...]] = {
    "built_up": ("建成区", "城区范围", "built up", "builtup", "urban area"),
    "districts": ("行政区划", "行政区", "市辖区", "区界", "分区", "district", "borough", "ward"),
    "construction_land": ("建设用地", "construction land"),
    "green": ("绿地", "绿化用地", "green", "green space", "greenspace", "green parcel"),
    "parks": ("公园", "公园绿地", "park", "park area"),
    "residential": ("居住用地", "居住区", "居住", "住宅", "小区", "residential", "housing"),
    "units": ("单位", "unit"),
    "roads": ("道路", "路网", "road", "street"),
    "footways": ("人行道", "footway", "sidewalk", "pavement"),
    "paths": ("步行路网", "步行道", "步行", "path", "walkway", "walking", "walking path"),
    "entrances": ("出入口", "公园出入口", "入口", "大门", "entrance", "gate"),
    "vegetation": ("植被", "树冠", "绿化覆盖", "vegetation", "canopy"),
    "corrections": ("修正", "订正", "correction"),
    "old_trees": ("古树名木", "古树", "old tree", "ancient tree", "veteran tree"),
    "water": ("水域", "水体", "水系", "水面", "河流", "湖泊", "water", "river", "lake"),
    "historic": ("历史城区", "历史文化街区", "historic", "historic district"),
    "centre": ("中心区", "中心城区", "centre", "center", "cbd"),
    "communities": ("社区", "community", "communities"),
    "plantable": ("宜绿化", "可绿化", "plantable"),
    "greenways": ("绿道", "greenway"),
    "park_ground": ("公园内部用地", "park ground"),
    "road_land": ("道路用地", "road land"),
    "corridors": ("通道绿化", "出入城道路", "corridor", "entry road"),
    "paving": ("铺装", "paving", "pavement surface"),
    "riverbanks": ("岸线", "河岸", "riverbank", "river bank"),
    "city_area": ("城市面积范围", "city area"),
    "noise_sources": ("噪声源", "noise source"),
    "exemplary_yards": ("示范庭院", "exemplary yard"),
    "parking": ("停车场", "parking place"),
    "returned_farmland": ("退耕还林", "returned farmland"),
    "vertical_greening": ("立体绿化", "垂直绿化", "vertical greening"),
    "planned_green": ("规划绿地", "planned green"),
    "green_lines": ("绿线", "green line"),
    "ecological_control": ("生态控制", "ecological control"),
    "construction": ("建设项目", "construction project"),
    "road_widening": ("道路拓宽", "road widening"),
    "park_boundary": ("国家公园边界", "national park boundary", "park boundary"),
    "park_zones": ("国家公园分区", "功能分区", "park zone"),
}
MASK_WORDS = ("mask", "cloud", "掩膜", "云", "阴影")
ROLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "名称", "区名", "名字", "district", "park_name", "mc", "title"),
    "class": (
        "绿地类型",
        "绿地类别",
        "绿地分类",
        "class",
        "类别",
        "类型",
        "编码",
        "代码",
        "用地代码",
        "分类",
        "code",
        "type",
    ),
    "population": (
        "pop",
        "population",
        "人口",
        "常住人口",
        "城区人口",
        "residents",
        "人口数",
        "rk",
    ),
    "status": ("status", "状态", "新旧", "新建旧改"),
    "built": ("built", "建成年份", "建成年代", "建成年", "year_built", "start_date"),
    "kind": ("kind", "性质", "单位性质", "类型", "type"),
    "width": ("width", "红线宽度", "红线", "宽度", "路宽"),
    "road": ("road", "道路", "路名"),
    "side": ("side", "侧", "左右"),
    "park": ("park", "公园", "所属公园"),
    "layer": ("layer", "层次", "植被层"),
    "action": ("action", "操作", "增删"),
    "age": ("age", "树龄"),
    "dbh": ("dbh", "胸径"),
    "crown": ("crown", "冠幅"),
    "crown_ew": ("crown_ew", "东西冠幅"),
    "crown_ns": ("crown_ns", "南北冠幅"),
    "stand": ("stand", "古树群", "树群"),
    "famous": ("famous", "名木"),
    "number": ("number", "编号", "绿线编号"),
    "category": ("category", "绿线类别"),
    "date": ("date", "日期", "批准日期"),
    "zone": ("zone", "分区", "功能区"),
    "level": ("level", "管控分区"),
    "season": ("season", "季节", "季节性"),
    "owner": ("owner", "权属", "单位"),
    "landscape": ("landscape", "景观路"),
    "class_name": ("class_name", "类别名称"),
    "facilities": ("facilities", "设施"),
    "open": ("open", "是否开放", "开放"),
    "garden": ("garden", "园林式", "是否园林式"),
    "advanced": ("advanced", "先进单位"),
    "households": ("households", "户数"),
    "resident": ("resident", "常住"),
    "floating": ("floating", "流动人口"),
    "demonstration": ("demonstration", "示范街", "示范路"),
    "noise_sources": ("noise_sources", "噪声源数"),
    "community": ("community", "所属社区"),
    "permeable": ("permeable", "透水"),
    "runoff": ("runoff", "径流系数"),
    "area_m2": ("area_m2", "面积"),
    "year": ("year", "年份"),
    "district": ("district", "所属区"),
}
BAND_WORDS: Mapping[str, tuple[str, ...]] = {
    "red": ("red", "红"),
    "nir": ("nir", "near infrared", "近红外"),
}
FOUR_BANDS = {"red": 3, "nir": 4}
DATE = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")


def guess_layer(names: Iterable[str]) -> str | None:
    """Return the manifest layer that the first telling name means.

    The last word of a name is its noun, in both languages: 公园出入口 are entrances.

    Examples
    --------
    >>> guess_layer(["绿地"]), guess_layer(["公园出入口"]), guess_layer(["built_up_2026"])
    ('green', 'entrances', 'built_up')
    >>> guess_layer(["parking"]) is None
    True
    """
    for name in names:
        text = re.sub(r"[^a-z\u4e00-\u9fff]+", " ", _words(name))
        hits = [
            (match.end(), len(word), layer)
            for layer, words in LAYER_WORDS.items()
            for word in words
            for match in re.finditer(_pattern(word), text)
        ]
        if hits:
            return max(hits)[2]
    return None


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _pattern(word: str) -> str:
    return rf"(?<![a-z]){word}(?:s|es)?(?![a-z])" if word.isascii() else re.escape(word)


def guess_roles(columns: Sequence[str], contract: LayerContract) -> dict[str, str]:
    """Return the columns that seem to play the roles of a layer; a required one always finds one.

    Examples
    --------
    >>> from greenspace.model.layers import LAYERS
    >>> guess_roles(["FID", "DISTRICT", "常住人口"], LAYERS["districts"])
    {'name': 'DISTRICT', 'population': '常住人口'}
    """
    roles: dict[str, str] = {}
    for role in (*contract.required, *contract.optional):
        free = [column for column in columns if column not in roles.values()]
        found = _column(free, ROLE_WORDS.get(role, (role,)))
        if found is None and role in contract.required:
            found = next(iter(free), None)
        if found is not None:
            roles[role] = found
    return roles


def _column(columns: Sequence[str], words: Sequence[str]) -> str | None:
    lowered = {column.lower(): column for column in reversed(columns)}
    for word in words:
        if word in lowered:
            return lowered[word]
    for word in words:
        if not word.isascii():
            near = next((column for column in columns if word in column), None)
            if near is not None:
                return near
    return None


def guess_date(name: str) -> date | None:
    """Return the date that a file name carries.

    Examples
    --------
    >>> guess_date("GF2_PMS1_20260612_L1A.tif")
    datetime.date(2026, 6, 12)
    """
    match = DATE.search(name)
    try:
        return None if match is None else date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def guess_bands(descriptions: Sequence[str | None]) -> dict[str, int]:
    """Return the red and near-infrared band by their descriptions, or of four bands the usual.

    Examples
    --------
    >>> guess_bands(["B", "G", "R", "NIR"]), guess_bands(["Red", "NIR"]), guess_bands([None] * 3)
    ({'red': 3, 'nir': 4}, {'red': 1, 'nir': 2}, {})
    """
    found = {}
    for number, text in enumerate(descriptions, start=1):
        for band, words in BAND_WORDS.items():
            if text and text.strip().lower() in words:
                found[band] = number
    if len(found) == len(BAND_WORDS):
        return found
    return dict(FOUR_BANDS) if len(descriptions) == len(("b", "g", "r", "nir")) else {}


def is_mask(name: str, bands: int) -> bool:
    """Return whether a raster looks like a cloud mask.

    Examples
    --------
    >>> is_mask("mask_2026.tif", 1), is_mask("云掩膜.tif", 1), is_mask("image.tif", 4)
    (True, True, False)
    """
    return bands == 1 and any(word in name.lower() for word in MASK_WORDS)
