"""Standards words: what the tables of standards say, in both languages.

Question   What are a condition, a parameter and a change called?
Enters     Conditions, names of parameters, tokens of change.
Leaves     Words.
Elsewhere  The tables: standards_view. Numbers: display. Names of indicators: their cards.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from greenspace.model.definition import Condition, Profile
    from greenspace.model.words import Language

SIGNS: Final[Mapping[str, str]] = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}
REGIONS: Final[Mapping[str, Text]] = {
    "north": Text("秦岭—淮河以北", "north of Qinling-Huaihe"),
    "south": Text("秦岭—淮河以南", "south of Qinling-Huaihe"),
}
FACTS: Final[Mapping[str, Text]] = {
    "population": Text("人口", "persons"),
    "construction_land_per_head_m2": Text("人均建设用地 m²", "construction land m² per head"),
}
PARAMETERS: Final[Mapping[str, Text]] = {
    "api_max": Text("API 上限", "highest index"),
    "area_above_m2": Text("面积大于", "area above"),
    "area_min_m2": Text("最小面积", "least area"),
    "block_area_max_m2": Text("街坊面积上限", "largest block"),
    "block_area_min_m2": Text("街坊面积下限", "smallest block"),
    "canopy_min": Text("林冠覆盖下限", "least canopy"),
    "excluded_road_classes": Text("不计的道路", "roads left out"),
    "historic_area_min_m2": Text("历史城区公园最小面积", "least park area, historic district"),
    "historic_radius_m": Text("历史城区服务半径", "service radius, historic district"),
    "historic_relaxation": Text("历史城市放宽", "lowered for historic cities by"),
    "historic_share_above": Text("历史城区占比大于", "historic share above"),
    "industry_min": Text("工业仓储商业下限", "industry, storage, trade at least"),
    "institution_min": Text("学校医院机关下限", "schools, hospitals, offices at least"),
    "most": Text("上限", "at most"),
    "old_tree_clearance_min_m": Text("古树保护距离", "clear of old trees"),
    "other_green_cap": Text("其他绿地上限", "most other green"),
    "persons_max": Text("人口上限", "persons at most"),
    "persons_min": Text("人口下限", "persons at least"),
    "planned_population": Text("规划人口", "planned population"),
    "pocket_park_width_above_m": Text("游园宽度大于", "pocket park wider than"),
    "public_min": Text("公共建筑下限", "public buildings at least"),
    "radius_m": Text("服务半径", "service radius"),
    "road_classes": Text("计入的道路", "roads that count"),
    "runoff_below": Text("径流系数小于", "runoff coefficient below"),
    "section_m": Text("路段长度", "length of a section"),
    "share_of_new": Text("为新建的", "of that for new areas"),
    "sides": Text("两侧规则", "sides"),
    "sports_ground_max": Text("体育场地上限", "sports ground at most"),
    "sports_ground_min": Text("体育场地下限", "sports ground at least"),
    "sunlit_share_min": Text("阴影线外下限", "outside the shadow line at least"),
    "trees_min": Text("树木不少于", "trees at least"),
    "width_min_m": Text("最小宽度", "least width"),
    "width_table": Text("宽度表", "width table"),
    "without_footways": Text("无人行道的道路", "roads without footways"),
    "within_m": Text("距离不超过", "within"),
    "within_most_m": Text("距离上限", "within, upper end"),
}
CHANGES: Final[Mapping[str, Text]] = {
    "only_first": Text("仅前者有", "only in the first"),
    "only_second": Text("仅后者有", "only in the second"),
    "number": Text("数值", "number"),
    "comparison": Text("比较方式", "comparison"),
    "tiers": Text("分级", "tiers"),
    "mark": Text("依据", "mark"),
    "role": Text("门槛或必须", "gate or mandatory"),
}
STANDARDS_WORDS: Final[Mapping[str, Text]] = {
    "standard": Text("标准", "standard"),
    "levels": Text("级别：{levels}", "levels: {levels}"),
    "in_force": Text("{day} 起施行", "in force from {day}"),
    "superseded": Text("已被 {id} 取代", "superseded by {id}"),
    "undated": Text("未见施行日期", "no day of coming into force was read"),
    "verified": Text("已核对", "verified"),
    "weak": Text("弱来源", "weak"),
    "provisional": Text("暂定", "provis."),
    "user": Text("录入", "user"),
    "unknown": Text("未知", "unknown"),
    "document": Text("文件：{name}", "Document: {name}"),
    "level": Text("级别：{name}（{id}）", "Level: {name} ({id})"),
    "indicator": Text("指标", "Indicator"),
    "asks": Text("要求", "Asks"),
    "mark": Text("依据", "Mark"),
    "source": Text("出处", "Source"),
    "gate": Text("门槛", "gate"),
    "optional": Text("不参与总评", "no part in the overall verdict"),
    "number_unknown": Text("数值未知", "number unknown"),
    "or": Text(" 或 ", " or "),
    "tiers": Text("分级", "tiers"),
    "note": Text("注", "Notes"),
    "addresses": Text("数值读自", "Where the numbers were read"),
    "difference": Text("差", "Difference"),
    "changed": Text("不同之处", "What differs"),
    "same": Text("没有不同。", "Nothing differs."),
    "against": Text("{first} 与 {second}", "{first} and {second}"),
}


def said(key: str, language: Language) -> str:
    """Return a word of the tables of standards."""
    return STANDARDS_WORDS[key].of(language)


def condition_text(when: Iterable[Condition], language: Language) -> str:
    """Return the cities that a number is meant for; nothing where it is meant for all.

    Examples
    --------
    >>> from greenspace.model.definition import Condition
    >>> condition_text([Condition(fact="population", operator=">=", value=1e6)], "en")
    'persons ≥ 1,000,000'
    """
    parts = []
    for item in when:
        if isinstance(item.value, str):
            parts.append(REGIONS[item.value].of(language))
        else:
            parts.append(
                f"{FACTS[item.fact].of(language)} {SIGNS[item.operator]} {item.value:,.12g}"
            )
    return ("，" if language == "zh" else ", ").join(parts)


def item_text(item: str, language: Language) -> str:
    """Return what a parameter is called; its own name where nothing better is known.

    Examples
    --------
    >>> item_text("radius_m", "en"), item_text("of_my_own", "en")
    ('service radius', 'of_my_own')
    """
    if item == "tiers":
        return said("tiers", language)
    return PARAMETERS[item].of(language) if item in PARAMETERS else item


def dates_text(profile: Profile, language: Language) -> str:
    """Return since when a standard is in force and what replaced it, as far as it was read.

    Examples
    --------
    >>> from greenspace.read.definitions import read_profile
    >>> dates_text(read_profile("CN-2010"), "en")
    'in force from 2010-12-01; superseded by CN-2016'
    """
    found = {"in_force_from": profile.in_force_from, "superseded_by": profile.superseded_by}
    return dates_of(found, language)


def dates_of(found: Mapping[Any, Any], language: Language) -> str:
    """Return the same of a row with `in_force_from` and `superseded_by`."""
    day, later = found["in_force_from"], found["superseded_by"]
    parts = []
    if isinstance(day, date):
        parts.append(said("in_force", language).format(day=day))
    if isinstance(later, str):
        parts.append(said("superseded", language).format(id=later))
    return stop(language).join(parts) or said("undated", language)


def stop(language: Language) -> str:
    """Return what parts remarks on one line."""
    return "；" if language == "zh" else "; "
