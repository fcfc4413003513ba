"""Measure words: how many there are and how much, as a legend says it.

Question   How are trees, roads and places counted, and how is a small piece of ground written?
Enters     A row of a legend, a language.
Leaves     Words with numbers.
Elsewhere  Units of indicators: display. Legends: sheet_legend, theme_view.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text
from greenspace.present.display import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.words import Language
    from greenspace.present.theme import LegendRow

LEAST_HA_M2: Final = 1000.0  # 0.1 ha: smaller ground is told in square metres
LEAST_M2: Final = 0.005
ONE_MANY: Final[Mapping[str, tuple[str, str, str]]] = {
    "place": ("处", "place", "places"),
    "tree": ("株", "tree", "trees"),
    "road": ("条", "road", "roads"),
    "line": ("条", "line", "lines"),
    "stretch": ("段", "stretch", "stretches"),
    "point": ("个", "point", "points"),
}
STOP: Final = Text("，", ", ")


def figures_of(row: LegendRow, language: Language) -> str:
    """Return how many there are and how much, as a legend says it.

    Examples
    --------
    >>> from matplotlib.patches import Patch
    >>> from greenspace.present.theme import LegendRow
    >>> figures_of(LegendRow(handle=Patch(), label="G1", count=3, area_m2=25_000), "zh")
    '3 处，2.50 公顷'
    >>> figures_of(LegendRow(handle=Patch(), label="I", count=1, of="tree"), "en")
    '1 tree'
    """
    found = []
    if row.count is not None:
        zh, one, many = ONE_MANY[row.of]
        word = zh if language == "zh" else one if row.count == 1 else many
        found.append(f"{row.count:,} {word}")
    if row.area_m2 is not None:
        found.append(show_ground(row.area_m2, language))
    if row.length_m is not None:
        found.append(f"{row.length_m / 1000:,.2f} km")
    return STOP.of(language).join(found)


def show_ground(area_m2: float, language: Language) -> str:
    """Return an area in hectares, and below 0.1 ha in square metres.

    Examples
    --------
    >>> show_ground(25_000, "zh"), show_ground(42.5, "en"), show_ground(0.001, "en")
    ('2.50 公顷', '42.50 m²', '<0.01 m²')
    """
    if isnan(area_m2) or area_m2 == 0 or abs(area_m2) >= LEAST_HA_M2:
        return show(area_m2, "m2", language)
    return "<0.01 m²" if 0 < area_m2 < LEAST_M2 else f"{area_m2:,.2f} m²"
