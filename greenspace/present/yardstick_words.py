"""Yardstick words: what WHO-300, 3-30-300, SDG 11.7.1, ANGSt and living circles are called.

Question   What do people call this yardstick, and what is counted in it?
Enters     An identifier, with what stands in for residents at its end.
Leaves     A name in two languages.
Elsewhere  Other indicators: words. The same names on cards: definitions/indicators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from greenspace.model.counted import SUFFIXES
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.counted import Kind

YARDSTICKS: Final[Mapping[str, Text]] = {
    "angst_100_ha": Text(
        "5 km 内有 100 公顷自然绿地（ANGSt）", "natural green space of 100 ha within 5 km (ANGSt)"
    ),
    "angst_20_ha": Text(
        "2 km 内有 20 公顷自然绿地（ANGSt）", "natural green space of 20 ha within 2 km (ANGSt)"
    ),
    "angst_2_ha": Text(
        "300 m 内有 2 公顷自然绿地（ANGSt）", "natural green space of 2 ha within 300 m (ANGSt)"
    ),
    "angst_500_ha": Text(
        "10 km 内有 500 公顷自然绿地（ANGSt）", "natural green space of 500 ha within 10 km (ANGSt)"
    ),
    "angst_nature_reserves": Text(
        "人均地方自然保护区面积（ANGSt）", "local nature reserve per person (ANGSt)"
    ),
    "living_circle_10_green": Text(
        "十分钟生活圈人均公共绿地", "public green of the 10-minute living circle per person"
    ),
    "living_circle_10_service": Text(
        "十分钟生活圈公园服务比例", "parks within the 10-minute living circle"
    ),
    "living_circle_15_green": Text(
        "十五分钟生活圈人均公共绿地", "public green of the 15-minute living circle per person"
    ),
    "living_circle_15_service": Text(
        "十五分钟生活圈公园服务比例", "parks within the 15-minute living circle"
    ),
    "living_circle_5_green": Text(
        "五分钟生活圈人均公共绿地", "public green of the 5-minute living circle per person"
    ),
    "living_circle_5_service": Text(
        "五分钟生活圈公园服务比例", "parks within the 5-minute living circle"
    ),
    "park_within_300_m": Text("300 米内有公园（3-30-300）", "park within 300 m (3-30-300)"),
    "sdg_11_7_1": Text(
        "开放公共空间与街道比例（SDG 11.7.1）", "open public space and streets (SDG 11.7.1)"
    ),
    "sdg_11_7_1_access": Text(
        "400 米内有开放公共空间（SDG 11.7.1）", "open public space within 400 m (SDG 11.7.1)"
    ),
    "thirty_percent_canopy": Text(
        "社区林冠覆盖率 30%（3-30-300）", "canopy cover of 30 % (3-30-300)"
    ),
    "three_thirty_three_hundred": Text("3-30-300 三项全满足", "all three of 3-30-300"),
    "three_trees_in_view": Text("可见三棵树（3-30-300）", "three trees in view (3-30-300)"),
    "who_300": Text("300 米内有绿地（WHO）", "green space within 300 m (WHO)"),
    "who_300_1_ha": Text("300 米内有 1 公顷绿地（WHO）", "green space of 1 ha within 300 m (WHO)"),
}
STAND_INS: Final[Mapping[Kind, Text]] = {
    "homes": Text("（按住宅）", ": homes"),
    "land": Text("（按居住用地）", ": residential land"),
}


def yardstick_name(indicator: str) -> Text | None:
    """Return the name of a yardstick, with what it counts where that is no residents.

    Examples
    --------
    >>> yardstick_name("who_300_of_land").en
    'green space within 300 m (WHO): residential land'
    """
    for kind, words in STAND_INS.items():
        rule = indicator.removesuffix(SUFFIXES[kind])
        if rule != indicator and rule in YARDSTICKS:
            name = YARDSTICKS[rule]
            return Text(zh=name.zh + words.zh, en=name.en + words.en)
    return YARDSTICKS.get(indicator)
