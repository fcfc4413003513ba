"""League words: what the page and the workbook of many cities say.

Question   How is this said of many cities?
Enters     A key and a language.
Leaves     Words.
Elsewhere  Words of verdicts and marks: words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.league import Kind, State
    from greenspace.model.words import Language

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
STATES: Final[Mapping[State, Text]] = {
    "checked": Text("本次核查", "checked in this run"),
    "kept": Text("沿用先前结果", "kept from an earlier run"),
    "stale": Text("已过期，不计入", "out of date, not counted"),
    "failed": Text("无结果", "no result"),
}
IN_SHORT: Final[Mapping[State, Text]] = {
    "checked": Text("已核查", "checked"),
    "kept": Text("沿用", "kept"),
    "stale": Text("已过期", "stale"),
    "failed": Text("无结果", "no result"),
}
KINDS: Final[Mapping[Kind, Text]] = {
    "mandatory": Text("必须达标的行", "Mandatory rows"),
    "other": Text("其他行", "Other rows"),
    "law": Text("随附规范，不计入总评", "The law, apart from the overall verdict"),
}
T: Final[Mapping[str, Text]] = {
    "title": Text("各城市核查汇总", "Cities held against their standards"),
    "city": Text("城市", "City"),
    "state": Text("状态", "State"),
    "overall": Text("总评", "Overall"),
    "year": Text("年份", "Year"),
    "undated": Text("无日期", "no date"),
    "count": Text(
        "{count} 个城市计入，其中通过 {passed}、未通过 {failed}、无法评定 {not_assessable}。",
        "Cities counted: {count}; {passed} pass, {failed} fail, {not_assessable} not assessable.",
    ),
    "uncounted": Text("不计入的城市", "Cities not counted"),
    "why": Text("原因和下一步", "Why, and the next step"),
    "which": Text("哪一项未通过的城市最多", "Which row most cities fail"),
    "indicator": Text("指标", "Indicator"),
    "failed": Text("未通过", "Fail"),
    "assessed": Text("能评定", "Assessed"),
    "share": Text("未通过比例", "Share that fail"),
    "not_assessable": Text("无法评定", "Not assessable"),
    "by_year": Text("分年份：未通过 / 能评定", "By year: fail / assessed"),
    "failing": Text("未通过的城市", "Cities that fail"),
    "more": Text("等 {count} 个", "and {count} more"),
    "matrix": Text("城市与指标", "Cities and indicators"),
    "map": Text("城市位置", "Where the cities are"),
    "map_note": Text(
        "经纬度简图，不作量算；圆点颜色为总评。没有位置的城市：{count} 个。",
        "A sketch in degrees, not for measuring; dots show the overall verdict. Cities without a "
        "place: {count}.",
    ),
    "findings": Text("发现", "Findings"),
    "severity": Text("程度", "Severity"),
    "finding": Text("内容", "Finding"),
    "stale_mark": Text("过期", "out of date"),
    "no_cities": Text("没有城市。", "There are no cities."),
    "note": Text(
        "判定取自各城市的 check.json，此处不重新评定。清单每一行计一次；同一城市有两个日期的，各计一次。"
        "各标准分别统计；过期和无结果的城市不计入。",
        "Verdicts are those of each city's check.json; nothing is judged again. Each line of the "
        "list counts once, so a city listed at two dates counts at each. Standards are counted "
        "apart; cities out of date or without a result are not counted.",
    ),
    "made": Text("由 greenspace {version} 生成", "Made with greenspace {version}"),
    "no_parquet": Text(
        '没有 pyarrow，未写 league.parquet。请运行 pip install "greenspace[parquet]"。',
        "pyarrow is not installed, so league.parquet is not written. "
        'Run pip install "greenspace[parquet]".',
    ),
}
