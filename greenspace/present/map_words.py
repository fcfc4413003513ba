"""Map words: titles and legends of the sheets that the provincial rule names.

Question   What is this sheet, this colour or this gap called?
Enters     A key and a language.
Leaves     Words in Chinese and English.
Elsewhere  Words that every output shares: words. The sheets: theme_maps, map_list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text
from greenspace.present.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language

MAP_WORDS: Final[Mapping[str, Text]] = {
    "image_map": Text("建成区影像图", "Image map of the built-up area"),
    "centre_map": Text("中心区绿地判读图", "Green of the centre area, interpreted"),
    "park_map": Text("公园绿地专题图", "Parks, green squares and shaded roads"),
    "heat_map": Text("热岛效应图", "Heat island"),
    "tree_map": Text("胸径 10 厘米以上树木分布图", "Trees of 10 cm and more at breast height"),
    "nature_map": Text("湿地山林与河湖水系图", "Wetland, hills and forest, rivers and lakes"),
    "parking_map": Text("停车场分布图", "Parking spaces"),
    "squares": Text("绿化广场", "green squares"),
    "shaded_roads": Text("林荫路", "shaded roads"),
    "other_roads": Text("其他道路", "other roads"),
    "parks": Text("公园绿地", "parks"),
    "green": Text("绿地", "green parcels"),
    "centre": Text("中心区", "centre area"),
    "trees": Text("登记树木", "registered trees"),
    "rivers": Text("河湖水系", "rivers and lakes"),
    "wild_green": Text(
        "区域绿地、其他绿地（含湿地、山林）", "regional and other green: wetland, hills, forest"
    ),
    "parking": Text("停车场", "parking spaces"),
    "entry_count": Text("{name}\n{count} 株", "{name}\ntrees: {count}"),
    "entry_length": Text("{name}\n{count} 条，{length}", "{name}\npieces: {count}; {length}"),
    "centre_told": Text(
        "中心区绿地率 {ratio}，绿化覆盖率 {cover}",
        "Centre: green-space ratio {ratio}, coverage {cover}",
    ),
    "no_shade": Text(
        "林荫路未量算（须有 footways 和分层的 vegetation 图层），道路一律画作其他道路",
        "Shaded roads were not measured (it takes footways, and vegetation that tells trees): all drawn alike",
    ),
    "trees_note": Text("仅绘登记在册的树木", "Registered trees only"),
    "trees_unknown": Text(
        "另有 {count} 株未登记胸径，未绘", "Not drawn, without a diameter: {count}"
    ),
    "needs": Text("《{title}》未绘制：{reason}", "Not drawn: {title}. {reason}"),
    "needs_layer": Text(
        "清单中没有{name}图层（[layers.{key}]）。",
        "The manifest has no layer of {name} ([layers.{key}]).",
    ),
    "needs_image": Text(
        "清单中没有影像，或影像带旋转。", "The manifest has no image, or the image is rotated."
    ),
    "needs_colours": Text(
        "影像没有可作图的颜色：须有红、绿、蓝波段（或近红外和红波段），并在 bands 中说明，且能读出。",
        "The image gives no colours: it takes bands of red, green and blue (or near infrared and red) that its bands name and that can be read.",
    ),
    "on_image": Text("底图为影像，{way}", "On the image, {way}"),
    "needs_heat_map": Text(
        "清单不收地表温度栅格；气象站的气温记录只给出城郊温差，画不成图。",
        "The manifest takes no raster of surface temperature; the air temperature of stations gives a difference, not a map.",
    ),
}


def map_word(key: str, language: Language) -> str:
    """Return a word of the map sheets.

    Examples
    --------
    >>> map_word("squares", "zh"), map_word("squares", "en")
    ('绿化广场', 'green squares')
    """
    return MAP_WORDS[key].of(language)


def map_title(key: str, language: Language) -> str:
    """Return the title of a sheet."""
    return map_word(key, language) if key in MAP_WORDS else word(key, language)
