"""Words: what verdicts, marks, columns and notes are called in the two languages.

Question   What do people call this token?
Enters     A token or a key.
Leaves     One word or sentence in one language, free of control characters.
Elsewhere  Names of indicators and standards: model/definition. Numbers: display.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from greenspace.model.layers import LAYERS
from greenspace.model.words import Text
from greenspace.present.yardstick_words import yardstick_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.definition import Indicator
    from greenspace.model.source import Finding, Severity
    from greenspace.model.words import Language

VERDICTS: Final[Mapping[str, Text]] = {
    "pass": Text("通过", "pass"),
    "fail": Text("未通过", "fail"),
    "not_assessable": Text("无法评定", "not assessable"),
}
MARKS: Final[Mapping[str, Text]] = {
    "verified": Text("已核对", "verified"),
    "weak": Text("弱来源", "weak source"),
    "provisional": Text("暂定", "provisional"),
    "user": Text("用户录入", "entered by the user"),
}
MARKS_EXPLAINED: Final[Mapping[str, Text]] = {
    "verified": Text("在公开副本中读到该数值。", "The number was read in a public copy."),
    "weak": Text(
        "只在转载、问答等弱来源中读到，字句不可靠。",
        "The number was read only in a weak source, such as a forum answer; wording unreliable.",
    ),
    "provisional": Text(
        "未能核对原文，仅供参考，不是法定数值。",
        "The number could not be checked against any text: for orientation, not a legal value.",
    ),
    "user": Text(
        "由用户依据本单位持有的文件录入。", "Entered by the user from the office's own copy."
    ),
}
SEVERITIES: Final[Mapping[Severity, Text]] = {
    "error": Text("错误", "error"),
    "warning": Text("警告", "warning"),
    "note": Text("提示", "note"),
}
OTHER_INPUTS: Final[Mapping[str, Text]] = {
    "image": Text("影像", "image"),
    "mask": Text("云掩膜", "cloud mask"),
    "reference": Text("核查点", "reference points"),
    "stations": Text("气象站记录", "records of stations"),
    "manifest": Text("清单", "manifest"),
    "standard": Text("自己的标准", "standard of one's own"),
}
CLASS_WORDS: Final[Mapping[str, Text]] = {
    "green": Text("绿", "green"),
    "not_green": Text("非绿", "not green"),
}
REPORT_FIELDS: Final[Mapping[str, Text]] = {
    "prepared_by": Text("编制", "Prepared by"),
    "checked_by": Text("校核", "Checked by"),
    "approved_by": Text("审核", "Approved by"),
    "drawing_number": Text("图号", "Drawing number"),
    "map_approval_number": Text("审图号", "Map approval number"),
    "date": Text("日期", "Date"),
}
STATEMENT_FIELDS: Final = ("statement", "note", "made_up")

# Names for results that come without their definition, as from one function call.
NAMES: Final[Mapping[str, Text]] = {
    "green_coverage": Text("建成区绿化覆盖率", "green coverage"),
    "green_space_ratio": Text("建成区绿地率", "green-space ratio"),
    "park_area_per_capita": Text("人均公园绿地面积", "park green space per person"),
    "service_coverage": Text("公园绿地服务半径覆盖率", "park service-radius coverage"),
    "network_service_coverage": Text("公园绿地步行服务覆盖率", "park service coverage on foot"),
    "residents_served": Text(
        "公园绿地服务半径覆盖人口比例", "residents within the service radius of a park"
    ),
    "residents_served_on_foot": Text(
        "公园绿地步行覆盖人口比例", "residents with a park within walking distance"
    ),
}

WORDS: Final[Mapping[str, Text]] = {
    "indicator": Text("指标", "Indicator"),
    "value": Text("实测值", "Value"),
    "threshold": Text("标准值", "Threshold"),
    "margin": Text("差值", "Margin"),
    "verdict": Text("判定", "Verdict"),
    "mark": Text("依据", "Source"),
    "gate": Text("门槛指标", "Gate items"),
    "rows": Text("其他指标", "Other rows"),
    "law": Text("另列：随附规范", "Also held against"),
    "law_note": Text(
        "强制性规范，单独列出，不计入总评。",
        "Mandatory in law; listed on its own, not part of the overall verdict.",
    ),
    "law_provisional": Text(
        "单独列出，不计入总评；其中含暂定数值。",
        "Listed on its own, not part of the overall verdict; holds provisional numbers.",
    ),
    "review_ends": Text(
        "门槛指标未通过（{names}）：评审将在此终止。",
        "A gate item fails ({names}): the review would end here.",
    ),
    "overall": Text("总评", "Overall"),
    "overall_provisional": Text(
        "（由暂定数值得出，仅供参考）", " (decided by a provisional number: for orientation only)"
    ),
    "other_reading": Text(
        "另一口径不参与判定：{label} {value}（{told}）",
        "another reading, not judged: {label} {value} ({told})",
    ),
    "would_meet": Text("按此达标", "would be met"),
    "would_fail": Text("按此不达标", "would not be met"),
    "overall_aside": Text(
        "；另有 {count} 行未达标，不参与总评", "; rows not met that do not decide: {count}"
    ),
    "banner": Text(
        "暂定：本次评定有 {count} 行的标准值未能核对原文，结论仅供参考，不代表法定要求。",
        "Provisional: rows whose number could not be checked against the published text: {count}. "
        "For orientation only; this does not say what the law requires.",
    ),
    "lowest": Text("最低", "lowest"),
    "highest": Text("最高", "highest"),
    "outside": Text("各区之外", "outside all zones"),
    "city": Text("全市", "City"),
    "supplied": Text("城市填报", "supplied by the city"),
    "addresses": Text("数值读自", "Where the numbers were read"),
    "optional": Text("不参与总评", "no part in the overall verdict"),
    "other_levels": Text("其他等级", "other levels"),
    "conflict": Text("来源不一致", "sources disagree"),
    "unknown": Text("数值未知", "number unknown"),
    "undefined": Text("—", "—"),
    "findings": Text("发现", "Findings"),
    "findings_none": Text("无。", "None."),
    "more": Text("另有 {count} 条提示", "{count} more notes"),
    "unseen": Text("影像未见", "unseen"),
    "numerator": Text("分子", "Numerator"),
    "denominator": Text("分母", "Denominator"),
    "bounds": Text("未见部分留下的范围", "Range left open by unseen ground"),
    "estimate": Text("误差校正估计值（不用于判定）", "Error-adjusted estimate (not judged)"),
    "interval": Text("误差校正估计的区间", "Interval of the error-adjusted estimate"),
    "no_interval": Text("无误差区间的原因", "Why there is no interval"),
    "interval_low": Text("估计区间下限", "Interval from"),
    "interval_high": Text("估计区间上限", "Interval to"),
    "confidence": Text("置信度", "Confidence"),
    "interval_remark": Text("区间说明", "About the interval"),
    "direct": Text("由本区参考点直接估计", "direct: from points in this place"),
    "synthetic": Text(
        "合成估计：套用全图误分率，无区间，不具置信概率",
        "synthetic: error rates of the whole map, no interval, no probability",
    ),
    "points": Text("，参考点 {count} 个", ", reference points: {count}"),
    "matrix": Text("核查点数：行为制图，列为实际", "Points: rows as mapped, columns in truth"),
    "error_note": Text("校正估计 {estimate}", "adjusted {estimate}"),
    "synthetic_note": Text("合成估计 {estimate}", "synthetic {estimate}"),
    "error_sentence": Text(
        "判定用制图值；误差校正估计 {estimate}，区间 {interval}",
        "the mapped value is judged; error-adjusted estimate {estimate}, interval {interval}",
    ),
    "formula": Text("公式", "Formula"),
    "question": Text("问题", "Question"),
    "crs": Text("量算坐标系", "Measuring CRS"),
    "sources": Text("来源", "Sources"),
    "tiers": Text("分级", "Tiers"),
    "tier": Text("≥ {size} 公顷：{radius} m", "≥ {size} ha: {radius} m"),
    "references": Text("参考", "References"),
    "zone": Text("区", "Zone"),
    "unit": Text("单位", "Unit"),
    "basis": Text("数据依据", "Basis"),
    "measured": Text("实测", "measured"),
    "beside": Text("标准之外的参考指标", "Beside the standard"),
    "never_judged": Text(
        "参考指标，不属于标准，不参与评定。",
        "An extra: no standard judges it, and it decides nothing.",
    ),
    "shown_only": Text("仅供对照", "shown beside"),
    "green_map": Text("建成区绿地分布图", "Green space by class"),
    "vegetation_map": Text("建成区植被覆盖图", "Vegetation cover"),
    "service_map": Text("公园绿地服务范围图", "Service areas of parks"),
    "walk_map": Text("公园绿地步行服务范围图", "Service of parks on foot"),
    "walk_of": Text("步行距公园 {low}–{high} m", "{low}–{high} m of way to the park"),
    "legend": Text("图例", "Legend"),
    "legend_entry": Text("{name}\n{count} 块，{area}", "{name}\nparcels: {count}; {area}"),
    "legend_inside": Text("\n其中建成区内 {area}", "\n{area} in the built-up area"),
    "legend_area": Text("{name}\n{area}", "{name}\n{area}"),
    "built_up": Text("建成区", "built-up area"),
    "districts": Text("市辖区", "districts"),
    "water": Text("水域", "water"),
    "green_ground": Text("植被覆盖", "green"),
    "bare_ground": Text("非植被", "not green"),
    "unseen_ground": Text("影像未见", "unseen by the image"),
    "parks": Text("公园绿地", "parks"),
    "service_area": Text("服务范围", "service area"),
    "served": Text("已服务居住用地", "residential land served"),
    "unserved": Text("未服务居住用地", "residential land not served"),
    "service_area_on_foot": Text("步行服务范围", "service area on foot"),
    "served_on_foot": Text("步行已服务居住用地", "residential land served on foot"),
    "lost_on_foot": Text("仅在直线半径内，步行不可达", "within the radius, not served on foot"),
    "codes": Text("绿地分类：CJJ/T 85-{edition}", "Classes: CJJ/T 85-{edition}"),
    "codes_unknown": Text("绿地分类：未注明版本", "Classes: edition not named"),
    "date_of_data": Text("数据日期：{date}", "Date of data: {date}"),
    "date_of_image": Text("影像日期：{date}", "Date of image: {date}"),
    "source_of_map": Text("资料来源：{names}", "Source: {names}"),
    "crs_of_map": Text("坐标系：{name}", "CRS: {name}"),
    "north": Text("指北针指向真北", "The arrow points to true north"),
    "north_grid": Text("指北针指向坐标北", "The arrow points to grid north"),
    "date_unknown": Text("未注明", "not given"),
    "report_title": Text(
        "{name}城市绿化遥感核查预演", "{name}: rehearsal of the remote-sensing check"
    ),
    "made_with": Text(
        "由 greenspace {version} 生成；比较用未取整的数值，取整仅供显示。",
        "Made with greenspace {version}. Numbers were compared unrounded and rounded only to show.",
    ),
    "date_label": Text("数据日期", "Date of data"),
    "population": Text("人口", "Population"),
    "district_table": Text("分区结果", "Results by zone"),
    "maps": Text("图件", "Maps"),
    "map_missing": Text(
        "《{title}》未绘制：缺少所需图层，或影像带旋转。",
        "Not drawn, for want of a layer or because the image is rotated: {title}.",
    ),
    "class_table": Text("各类绿地面积", "Green space by class"),
    "class_name": Text("类别", "Class"),
    "parcels": Text("块数", "Parcels"),
    "area": Text("面积", "Area"),
    "inside": Text("其中建成区内", "In the built-up area"),
    "numbers": Text("数值的定义与来源", "What stands behind each number"),
    "numbers_note": Text(
        "点开各行，可见公式、分子、分母、坐标系与来源。",
        "Open a line for formula, numerator, denominator, CRS and sources.",
    ),
    "finding": Text("内容", "What was noticed"),
    "severity": Text("级别", "Severity"),
    "layer": Text("图层", "Layer"),
    "count": Text("数量", "Count"),
    "standards": Text("标准与依据", "Standards and marks"),
    "marks": Text("依据标记的含义", "What the marks mean"),
    "document": Text("文件", "Document"),
    "in_force_from": Text("施行日期", "In force from"),
    "superseded_by": Text("被替代", "Superseded by"),
    "remark": Text("说明", "Remark"),
    "inputs": Text("输入文件", "Inputs"),
    "file": Text("文件", "File"),
    "role": Text("用途", "Used as"),
    "standard_id": Text("标准", "Standard"),
    "group": Text("组别", "Group"),
    "operator": Text("条件", "Condition"),
    "place": Text("地点", "Place"),
    "area_m2": Text("面积 m²", "Area m²"),
    "rows_touched": Text("行", "Rows"),
    "code": Text("代码", "Code"),
    "gap": Text("；", "; "),
    "in_file": Text("文件 {name}", "file {name}"),
    "in_rows": Text("行 {rows}", "rows {rows}"),
    "touches": Text("涉及 {names}", "touches {names}"),
    "repairs": Text("修复", "Repairs"),
    "no_repairs": Text("无须修复：图层照原样另存。", "Nothing to repair: the layers are copied."),
    "unmended": Text(
        "未能修复：改正以下各项之前，不写 repaired/city.toml",
        "Not repaired: there is no repaired/city.toml until this is put right",
    ),
    "sound": Text("没有发现问题。", "Nothing was found."),
    "edition": Text("分类标准", "Class codes"),
    "cover_map": Text("分区绿化覆盖", "Green coverage by zone"),
    "cover_value": Text("绿化覆盖率", "Green coverage"),
    "green_area": Text("绿化面积", "Green"),
    "bounds_short": Text("未见所留范围", "Left open"),
    "estimate_short": Text("误差校正估计", "Error-adjusted"),
    "image_turned": Text(
        "影像有旋转，未绘出，图上只有分区", "The image is turned and not drawn: zones alone"
    ),
    "labels_left_out": Text(
        "图上放不下的分区名称和数值见表", "Names and values without room on the map: see the table"
    ),
    "image_not_drawn": Text(
        "影像不在分区内，或没有坐标系，未绘出",
        "The image shows no zone, or has no CRS, and is not drawn",
    ),
    "all_zones": Text("合计", "All zones"),
    "no_total": Text("无合计", "No total"),
    "more_zones": Text(
        "另有 {count} 个分区未列出；加 -o 写出全部。", "{count} more zones; -o writes all of them."
    ),
    "rule": Text("判读规则", "Rule"),
    "zones": Text("分区\n{count} 个", "zones\n{count}"),
}
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, direction, halves, breaks
NO_CHARACTERS: Final = frozenset("\ufffe\uffff")  # refused by XML


def word(key: str, language: Language) -> str:
    """Return a word of the interface.

    Examples
    --------
    >>> word("overall", "zh"), word("overall", "en")
    ('总评', 'Overall')
    """
    return WORDS[key].of(language)


def clean(text: object) -> str:
    r"""Return text on one line without control or direction-changing characters.

    Examples
    --------
    >>> clean("a\x1b[31m\nb")
    'a [31m b'
    """
    words = str(text)
    if not words.isprintable():  # what is printable holds nothing unseen
        words = "".join(
            " " if char in NO_CHARACTERS or unicodedata.category(char) in UNSEEN else char
            for char in words
        )
    return " ".join(words.split())


def json_text(value: object) -> str:
    r"""Return JSON lines that keep every character, and escape those that steer what shows them.

    Examples
    --------
    >>> json_text("清河\x9b31m\u202e")
    '"清河\\u009b31m\\u202e"\n'
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    unseen = [char for char in set(text) - {"\n"} if unicodedata.category(char) in UNSEEN]
    return text.translate({ord(char): json.dumps(char)[1:-1] for char in unseen}) + "\n"


def both(text: Text) -> str:
    """Return a text in both languages, once where they are equal."""
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def indicator_name(indicator: str, cards: Mapping[str, Indicator] | None = None) -> Text:
    """Return the name of an indicator, from its definition where there is one.

    Examples
    --------
    >>> indicator_name("green_coverage").zh
    '建成区绿化覆盖率'
    """
    if cards is not None and indicator in cards:
        return cards[indicator].name
    return NAMES.get(indicator) or yardstick_name(indicator) or Text(indicator, indicator)


def layer_name(layer: str | None, language: Language) -> str:
    """Return what people call a layer of the manifest; a name that is not one stays.

    Examples
    --------
    >>> layer_name("parks", "zh"), layer_name(None, "zh")
    ('公园', '')
    """
    if layer is None:
        return ""
    if layer in OTHER_INPUTS:
        return OTHER_INPUTS[layer].of(language)
    contract = LAYERS.get(layer)
    return clean(layer) if contract is None else contract.title.of(language)


def severity_counts(findings: tuple[Finding, ...], language: Language) -> str:
    """Return how many findings there are of each severity, worst first."""
    counts = Counter(item.severity for item in findings)
    if not counts:
        return word("findings_none", language)
    if language == "zh":
        return "，".join(
            f"{counts[key]} 条{SEVERITIES[key].zh}" for key in SEVERITIES if counts[key]
        )
    return ", ".join(
        f"{counts[key]} {SEVERITIES[key].en}{'s' if counts[key] > 1 else ''}"
        for key in SEVERITIES
        if counts[key]
    )


def worst_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings without repeats, errors before warnings before notes."""
    order = list(SEVERITIES)
    unique = {(item.code, item.layer, item.text, item.indicators): item for item in findings}
    return tuple(sorted(unique.values(), key=lambda item: order.index(item.severity)))
