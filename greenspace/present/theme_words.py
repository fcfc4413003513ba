"""Theme words: what the classes of the planners' maps are called.

Question   What is this line, zone or mark of a map called?
Enters     A key and a language.
Leaves     Words in Chinese and English.
Elsewhere  Titles and words of the report's sheets: map_words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language

THEME_WORDS: Final[Mapping[str, Text]] = {
    "by_standard": Text("依据：{name}", "Standard: {name}"),
    "in_memory": Text("内存数据 {name} {count} 行", "{name} in memory, rows: {count}"),
    "tree_rule": Text(
        "保护范围：GB 55014-2021、GB 51192-2016",
        "protection zones: GB 55014-2021, GB 51192-2016",
    ),
    "change_rule": Text(
        "无专门标准；两期影像逐像元比较",
        "none for change; two images compared pixel by pixel",
    ),
    "outside_counted": Text("范围以外（不计入图例）", "beyond (not counted)"),
    "class_inside": Text("{name}（建成区内 {area}）", "{name} ({area} in the built-up area)"),
    "green_line_plan": Text("绿线规划图", "Green-line plan"),
    "green_line_rule": Text(
        "《城市绿线划定技术规范》GB/T 51163-2016", "GB/T 51163-2016 on delimiting urban green lines"
    ),
    "control_points": Text(
        "控制点（比例足够大时注号）", "control points (numbered where the scale allows)"
    ),
    "lines_beside": Text("图幅以外的绿线（不计）", "lines of other pages (not counted)"),
    "not_labelled": Text(
        "本图比例下有 {count} 个绿线编号注不下，见绿线一览表",
        "At this scale {count} line numbers find no room; see the list of lines",
    ),
    "line_page": Text("绿线 {name}", "Green line {name}"),
    "line_told": Text(
        "{status}，{category}；面积 {area} m²，周长 {length} m",
        "{status}, {category}; area {area} m², length {length} m",
    ),
    "whole_map": Text("图例中的数字为全图合计", "Numbers of the legend are those of the whole map"),
    "part_title": Text("{title}（{name}）", "{title}: {name}"),
    "part_edge": Text("本区界", "edge of this district"),
    "part_told": Text(
        "图例为本区数字：面积和长度裁到区界，跨界者各区都计数；下文若有指标值，为全市数",
        "Numbers of the legend are those of this district: areas and lengths are cut at its edge, "
        "what lies across it counts in each; indicators told below are of the whole city",
    ),
    "beyond_parts": Text(
        "图例为全图合计；各区之外的内容只见于本页",
        "The legend counts the whole map; what lies in no district is on this page alone",
    ),
    "road_map": Text("林荫路分布图", "Tree-lined roads"),
    "tree_lined": Text("林荫路", "tree-lined roads"),
    "not_lined": Text("参评而未达林荫的道路", "roads that count and are not tree-lined"),
    "not_judged": Text("不参评林荫路的道路", "roads that do not count for shade"),
    "greened": Text("红线内有绿化的路段", "stretches with green inside the red line"),
    "not_greened": Text("红线内没有绿化的路段", "stretches without green inside the red line"),
    "change_map": Text("绿化变化图", "Change of green"),
    "gained": Text("新增绿化", "green gained"),
    "lost": Text("减少绿化", "green lost"),
    "kept": Text("保持绿化", "green kept"),
    "not_green": Text("两期均非绿", "not green on either date"),
    "unseen": Text("至少一期看不到", "not seen on one date or both"),
    "zone_outline": Text("分区界", "zones"),
    "change_error": Text(
        "经核查点校正：{kind} {area}（{confidence} 置信区间 {low} – {high}）",
        "Corrected by reference points: {kind} {area} ({confidence} interval {low} – {high})",
    ),
    "change_edges": Text(
        "新增和减少中有 {area}在绿与非绿交界一个像元内，可能只是两期影像错位",
        "Of what was gained and lost, {area} lies within a pixel of an edge of green, and may be a "
        "shift of the images",
    ),
    "no_change_points": Text(
        "没有变化核查点，变化面积的误差未知",
        "No reference points of change: the error of its areas is not known",
    ),
    "zones_overlap": Text(
        "分区相互重叠，图例面积为绘出图斑之和",
        "Zones overlap; areas of the legend are those of the patches drawn",
    ),
    "dates": Text("前期 {before}，后期 {after}", "Earlier {before}, later {after}"),
    "old_tree_map": Text("古树名木分布图", "Old and famous trees"),
    "no_grade": Text("登记而不足分级树龄", "registered, too young for a grade"),
    "no_age": Text("树龄未知", "age not known"),
    "tree_scheme": Text("分级方案：{name}", "Grades: {name}"),
    "weak_scheme": Text("{name}（来源较弱）", "{name} (a weak source)"),
    "road": Text("道路", "roads"),
    "tree_zone": Text("保护范围", "protection zones"),
    "conflict": Text("保护范围内的建设", "construction inside a protection zone"),
    "zoning_map": Text("功能分区图", "Functional zoning"),
    "boundary": Text("范围边界", "boundary"),
    "names_hidden": Text(
        "本图比例下有 {count} 个分区名称注不下", "At this scale {count} names find no room"
    ),
}


def theme_word(key: str, language: Language) -> str:
    """Return a word of the planners' maps.

    Examples
    --------
    >>> theme_word("tree_lined", "zh"), theme_word("tree_lined", "en")
    ('林荫路', 'tree-lined roads')
    """
    return THEME_WORDS[key].of(language)


def filled(key: str, **parts: Text | str) -> Text:
    """Return words with their parts filled in, in both languages.

    Examples
    --------
    >>> filled("tree_scheme", name=Text("城建", "city")).en
    'Grades: city'
    """

    def of(language: Language) -> str:
        said = {
            name: part.of(language) if isinstance(part, Text) else part
            for name, part in parts.items()
        }
        return theme_word(key, language).format(**said)

    return Text(zh=of("zh"), en=of("en"))
