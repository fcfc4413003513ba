"""Interactive words: what stands on an interactive map besides the words of every output.

Question   What are the switches, the search and the panel of a page called?
Enters     A key and a language.
Leaves     Words in Chinese and English.
Elsewhere  Words that every output shares: words, map_words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language

PAGE_WORDS: Final[Mapping[str, Text]] = {
    "layers": Text("图层与图例", "Layers and legend"),
    "search": Text("按名称查找", "Search by name"),
    "nothing": Text("没有此名称", "No such name"),
    "of_all": Text("{shown} / {count}，请输入更多字", "{shown} / {count}: type more of the name"),
    "no_value": Text("无数值", "no value"),
    "others_of": Text("其余 {count} 项数值", "{count} more numbers"),
    "here": Text("指针处", "Under the pointer"),
    "pinned": Text("已固定（再点一次或按 Esc 放开）", "Pinned (click again or Esc to release)"),
    "hint": Text(
        "指向图上地物查看数值，点击固定。", "Point at the map for numbers; click to pin them."
    ),
    "exact": Text("未取整的数值", "unrounded"),
    "north": Text("北", "N"),
    "no_script": Text(
        "地图需要浏览器运行本页内的脚本。",
        "The map needs the browser to run the scripts in this page.",
    ),
}
WORDS_BELOW: Final[Mapping[str, Text]] = {
    "title": Text("{name}绿地互动图", "{name}: interactive map of green space"),
    "simplified": Text(
        "图形为显示而简化（容差 {tolerance} m）；数值由未简化的图形算出。",
        "Shapes are simplified for view (tolerance {tolerance} m); numbers come from the shapes "
        "before that.",
    ),
    "simplified_degrees": Text(
        "图形为显示而简化；数值由未简化的图形算出。",
        "Shapes are simplified for view; numbers come from the shapes before that.",
    ),
    "green": Text("绿地（按类）", "Green parcels by class"),
    "service": Text("公园绿地服务", "Service of parks"),
    "boundaries": Text("界线", "Boundaries"),
    "others": Text("其他", "Others"),
    "residential": Text("居住用地", "residential land"),
    "shaded": Text("林荫路", "tree-lined roads"),
    "vegetation": Text("植被覆盖（影像判读）", "vegetation, as the image shows it"),
    "image": Text("影像", "the image itself"),
    "class": Text("类别", "class"),
    "area": Text("面积", "area"),
    "area_inside": Text("建成区内面积", "area in the built-up area"),
    "area_whole": Text("全部面积", "whole area"),
    "asked_of_city": Text("全市要求 {threshold}", "asked of the city: {threshold}"),
    "length": Text("长度", "length"),
    "population": Text("人口", "population"),
    "households": Text("户数", "households"),
    "age": Text("树龄（年）", "age (years)"),
    "dbh": Text("胸径（cm）", "breast height diameter (cm)"),
    "crown": Text("冠幅（m）", "crown (m)"),
    "width": Text("宽度（m）", "width (m)"),
    "status": Text("状态", "status"),
    "kind": Text("种类", "kind"),
    "class_name": Text("类别名称", "class name"),
    "parcels": Text("{count} 块，{size}", "parcels: {count}; {size}"),
    "pieces": Text("{count} 条，{size}", "pieces: {count}; {size}"),
    "lines": Text("{count} 条，{size}", "lines: {count}; {size}"),
    "trees": Text("{count} 株", "trees: {count}"),
    "value": Text("数值", "value"),
    "numerator": Text("分子", "numerator"),
    "denominator": Text("分母", "denominator"),
    "unseen": Text("影像未见", "unseen by the image"),
    "low": Text("未见所留范围下限", "least that unseen ground leaves open"),
    "high": Text("未见所留范围上限", "most that unseen ground leaves open"),
    "pan": Text("拖动平移", "Pan"),
    "wheel": Text("滚轮缩放", "Zoom by wheel"),
    "box": Text("框选放大", "Zoom to a box"),
    "reset": Text("回到全图", "Whole map"),
    "point": Text("指向查看", "Point at things"),
}


def page_word(key: str, language: Language) -> str:
    """Return a word of an interactive map.

    Examples
    --------
    >>> page_word("search", "zh"), page_word("area", "en")
    ('按名称查找', 'area')
    """
    return (PAGE_WORDS.get(key) or WORDS_BELOW[key]).of(language)
