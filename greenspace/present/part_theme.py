"""Part theme: a map cut to a part of its ground, such as a district, with the part's own figures.

Question   How much of what a map shows lies in this district?
Enters     A theme, the ground of a part, its name.
Leaves     A Theme whose legend counts what lies in the part, overlaps once.
Elsewhere  Themes: plan_maps, check_themes. Which parts: map_sheets.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import shapely

from greenspace.present import style
from greenspace.present.looks import Look
from greenspace.present.theme import LegendRow, Theme
from greenspace.present.theme_words import THEME_WORDS, filled, theme_word
from greenspace.present.words import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

EDGE: Final = Look(kind="line", colour=style.INK, width=1.4, line=(0, (6, 2, 1, 2)))
LEAST_M2: Final = 0.01  # what shapes share with a neighbour's edge is less
LEAST_M: Final = 0.01


def part_theme(whole: Theme, ground: BaseGeometry, name: str) -> Theme:
    """Return a map around a part: areas and lengths are cut at its edge.

    A thing that lies across the edge counts in each part that it touches. Figures that are of no
    shapes, such as those of an image, are left out.

    Parameters
    ----------
    whole
        The map.
    ground
        The part, valid, in the CRS of the map.
    name
        What the part is called.
    """
    shapely.prepare(ground)

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        rows = [_within(row, ground) for row in whole.draw(ax, language, palette)]
        sample = EDGE.draw(ax, [shapely.boundary(ground)], zorder=10)
        return [*rows, LegendRow(handle=sample, label=theme_word("part_edge", language))]

    facts = replace(
        whole.facts,
        title=filled("part_title", title=whole.facts.title, name=clean(name)),
        remarks=(THEME_WORDS["part_told"], *whole.facts.remarks),
    )
    west, south, east, north = map(float, ground.bounds)
    return replace(whole, bounds=(west, south, east, north), facts=facts, draw=draw)


def _within(row: LegendRow, ground: BaseGeometry) -> LegendRow:
    label = row.label if row.plain is None else row.plain
    if row.shapes is None:
        return replace(row, label=label, count=None, area_m2=None, length_m=None)
    cut = _cut(row.shapes, ground)
    return replace(
        row,
        label=label,
        shapes=cut,
        count=None if row.count is None else len(cut),
        area_m2=None if row.area_m2 is None else float(shapely.union_all(cut).area),
        length_m=None if row.length_m is None else float(shapely.length(cut).sum()),
    )


def _cut(shapes: NDArray[Any], ground: BaseGeometry) -> NDArray[Any]:
    """Return what of each shape lies in the ground; what only touches its edge is left out."""
    near = shapes[shapely.intersects(shapes, ground)]
    cut = shapely.intersection(near, ground)
    kind = shapely.get_dimensions(near)
    keep = (
        ((kind == 2) & (shapely.area(cut) > LEAST_M2))  # noqa: PLR2004
        | ((kind == 1) & (shapely.length(cut) > LEAST_M))
        | (kind == 0)
    )
    found: NDArray[Any] = cut[keep]
    return found
