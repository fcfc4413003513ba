"""Image themes: the image itself, and what it shows green, for any sheet.

Question   What does the image look like, and where does it show green, not green, nothing?
Enters     A Check.
Leaves     Themes of the same drawing as the report's sheets.
Elsewhere  The report's sheets: theme_maps, maps. Drawing pictures: ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.present.check_themes import figures_of
from greenspace.present.ground import draw_ground, draw_image, ground_entries
from greenspace.present.map_base import (
    draw_lines,
    extent_of,
    facts_of,
    has_layer,
    missing_layer,
    pale_beyond,
)
from greenspace.present.theme import LegendRow, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from greenspace.model.check import Check
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette


def image_theme(check: Check) -> Theme:
    """Return the image with the lines of built-up area and districts.

    Raises
    ------
    InputError
        The check holds no image, or one whose bands give no colours.
    """
    picture, crs = check.picture, check.crs
    if picture is None or picture.colours is None or picture.way is None or crs is None:
        raise missing_layer("image")

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        del palette
        draw_image(ax, picture, crs)
        return _rows(check, ax, language)

    facts = facts_of(check, "image_map", (picture.way,))
    bounds = extent_of(check) or picture.bounds
    return Theme(key="image", facts=facts, bounds=bounds, draw=draw)


def vegetation_theme(check: Check) -> Theme:
    """Return what the image shows: green, not green, unseen.

    Raises
    ------
    InputError
        The check holds no picture of the vegetation.
    """
    picture = check.picture
    if picture is None:
        raise missing_layer("image")
    crs = picture.crs if check.crs is None else check.crs
    ratio = next((item.ratio for item in check.measured if _seen(item.ratio)), None)

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        del palette  # green, light and hatched ground differ in lightness
        draw_ground(ax, picture, crs)
        areas = (None,) * 3 if ratio is None else _areas(ratio)
        names = ground_entries(None, language)
        rows = [
            LegendRow(handle=handle, label=label, area_m2=area)
            for (handle, label), area in zip(names, areas, strict=True)
        ]
        if ratio is not None and has_layer(check, "built_up"):
            ground = check.layers["built_up"].geometry.to_numpy()
            rows.append(pale_beyond(ax, ground, language))
        return rows + _rows(check, ax, language)

    facts = facts_of(check, "vegetation_map", figures_of(check, "green_coverage"))
    bounds = extent_of(check) or picture.bounds
    return Theme(key="vegetation", facts=facts, bounds=bounds, draw=draw)


def _rows(check: Check, ax: Axes, language: Language) -> list[LegendRow]:
    return [LegendRow(handle=h, label=text) for h, text in draw_lines(check, ax, language)]


def _seen(ratio: Ratio) -> bool:
    return ratio.indicator == "green_coverage" and ratio.unseen is not None


def _areas(ratio: Ratio) -> tuple[float | None, ...]:
    return ratio.numerator, ratio.denominator - ratio.numerator, ratio.unseen
