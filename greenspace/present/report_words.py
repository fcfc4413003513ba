"""Report words: the headings and sentences of the report that is handed in.

Question   What is this chapter, table or column of the report called?
Enters     A key and a language.
Leaves     Words in Chinese and English.
Elsewhere  Words that every output shares: words. Where each stands: outline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language

REPORT_WORDS: Final[Mapping[str, Text]] = {
    "contents": Text("目录", "Contents"),
    "boundary": Text("边界核查", "Boundary check"),
    "table_1": Text("表 1：绿地三项指标", "Table 1: the three indicators"),
    "place": Text("地区", "Place"),
    "built_up_area": Text("建成区面积", "Built-up area"),
    "total_green": Text("绿地总面积", "Total green area"),
    "park_per_head": Text("人均公园绿地", "Park green per person"),
    "ratio_short": Text("绿地率", "Green-space ratio"),
    "coverage_short": Text("绿化覆盖率", "Green coverage"),
    "table_1_note": Text(
        "绿地总面积为计入绿地率的绿地；面积以公顷计。缺数据的项以“—”表示。",
        "Total green area is the green that counts for the ratio. A dash stands where there is no data.",
    ),
    "cap_note": Text(
        "全市绿地总面积比各区之和多 {area}：不在建设用地内的绿地有计入上限（建设用地内绿地的一定比例），"
        "全市按全市计，各区按本区计。",
        "The city counts {area} more green than its districts together: green beside construction "
        "land counts up to a limit (a share of the green inside it), taken over the whole city for the "
        "city and in each district by itself.",
    ),
    "centre_missing": Text(
        "中心区未列：清单中没有中心区图层（[layers.centre]）。",
        "The centre area is not listed: the manifest has no layer of it ([layers.centre]).",
    ),
    "parks_chapter": Text("公园与服务半径", "Parks and service radius"),
    "roads_chapter": Text("道路绿化", "Roads"),
    "homes_chapter": Text("居住区与单位绿化", "Residential land and units"),
    "heat_chapter": Text("热岛效应", "Heat island"),
    "community_chapter": Text("社区", "Communities"),
    "species_chapter": Text("植物物种", "Species"),
    "declared_chapter": Text("申报值与实测值", "Declared against measured"),
    "trajectory_chapter": Text("年度目标与进展", "Targets and progress"),
    "supplied_chapter": Text("城市填报项目", "Items that the city supplied"),
    "checklist_chapter": Text("申报日程核对", "Checklist of the application"),
    "base_tables": Text("其他基础表", "Further base tables"),
    "accuracy_chapter": Text("精度与区间", "Accuracy and intervals"),
    "accuracy_none": Text("没有由影像量算的指标。", "No indicator was measured from an image."),
    "clause": Text("条款", "Clause"),
    "no_clause": Text("不属于本次所用标准的任何一行", "not a row of the standards used here"),
    "number_extends": Text(
        "可在 extends 文件中录入本单位文本的数值（文号、页码）",
        "enter the number of your own copy in a file that extends the profile",
    ),
    "apart": Text("本标准未列的量算结果", "Measured, and no row of this standard"),
    "apart_note": Text(
        "以下数值不属于本标准的任何一行，不参与评定。",
        "No row of this standard judges these numbers, and they decide nothing.",
    ),
    "supplied_unasked": Text(
        "城市填报、本标准未要求的项目", "Supplied, not asked for by this standard"
    ),
    "software": Text("软件", "Software"),
    "checksums": Text("输入文件校验（SHA-256）", "Inputs (SHA-256)"),
    "rows_of_chapter": Text("本章各行判定", "Rows of the standard on this subject"),
    "cut": Text(
        "仅列前 {shown} 行，共 {count} 行；全部见 indicators.xlsx 的工作表“{sheet}”。",
        "The first {shown} of {count} rows; all of them stand in the sheet “{sheet}” of indicators.xlsx.",
    ),
    "no_rows": Text("没有符合的行。", "No row."),
    "page_of": Text("第 {page} 页", "Page {page}"),
    "table": Text("表", "Table"),
    "figure": Text("图", "Figure"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
}


def say(key: str, language: Language) -> str:
    """Return a word of the report.

    Examples
    --------
    >>> say("boundary", "zh"), say("boundary", "en")
    ('边界核查', 'Boundary check')
    """
    return REPORT_WORDS[key].of(language)
