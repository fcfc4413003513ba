"""Change theme: what became of the green between two images, for any sheet.

Question   Where was green gained, lost and kept, and where did an image see nothing?
Enters     A ChangeTable.
Leaves     A Theme whose legend has the areas of the table.
Elsewhere  The table itself: present/change. Comparing images: comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from matplotlib.colors import LinearSegmentedColormap

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present import style
from greenspace.present.display import UNDEFINED
from greenspace.present.ground import draw_ground
from greenspace.present.looks import Look, looks_of
from greenspace.present.map_base import pale_beyond, source_names
from greenspace.present.measure_words import show_ground
from greenspace.present.theme import LegendRow, SheetFacts, Theme
from greenspace.present.theme_words import THEME_WORDS, filled, theme_word
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from matplotlib.axes import Axes
    from pyproj import CRS

    from greenspace.model.change import Change, ChangeTable
    from greenspace.model.check import Picture
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

IMAGES = ("image, before", "image, after")
PATCHES = ("gained", "lost")
OUTLINE = Look(edge=style.INK, width=0.7)


def change_theme(
    table: ChangeTable,
    *,
    smallest_m2: float = 0.0,
    city: str = "",
    dates: tuple[date | None, date | None] = (None, None),
    report: Mapping[str, str] | None = None,
    sources: tuple[str | Text, ...] = (),
) -> Theme:
    """Return gained and lost patches over what both images see green.

    Raises
    ------
    InputError
        The table has no zones, or no images behind it.
    """
    zones = table.zones.geometry
    if zones.empty:
        raise InputError(
            "没有分区，无法绘制变化图。",
            "There are no zones, and nothing to draw of their change.",
            remedy=Text("请给出分区，例如建成区。", "Give zones, such as the built-up area."),
            layer="zones",
        )
    patches = table.polygons(smallest_m2=smallest_m2)
    told = [item.text for item in patches.attrs.get("findings", ())]  # smaller ones left out
    crs = table.crs if table.crs is not None else patches.crs
    if crs is not None:
        zones, patches = zones.to_crs(crs), patches.to_crs(crs)
    total = _total(table)
    picture = None if table.look is None else table.look()
    outlines = zones.to_numpy()

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        looks, rows = looks_of("change", palette), []
        if picture is not None and crs is not None:
            _draw_kept(ax, picture, looks, crs)
        kinds = patches["class"].to_numpy(dtype=object)
        for name in PATCHES:
            shapes = patches.geometry.to_numpy()[kinds == name]
            sample = looks[name].draw(ax, shapes, zorder=4)
            drawn = float(patches.loc[kinds == name, "area_m2"].sum())
            area = drawn if total is None else float(getattr(total, name))
            label = theme_word(name, language)
            count = None if told else len(shapes)
            rows.append(LegendRow(handle=sample, label=label, count=count, area_m2=area))
        rest = ("kept", "not_green", "unseen") if picture is not None else ()
        rows += [
            LegendRow(
                handle=looks[name].sample(),
                label=theme_word(name, language),
                area_m2=None if total is None else float(getattr(total, name)),
            )
            for name in rest
        ]
        sample = OUTLINE.draw(ax, outlines, zorder=8)
        label = theme_word("zone_outline", language)
        rows.append(LegendRow(handle=sample, label=label, count=len(outlines)))
        return [*rows, pale_beyond(ax, outlines, language)]

    facts = SheetFacts(
        city=clean(city),
        title=THEME_WORDS["change_map"],
        date=dates[1],
        sources=sources or source_names(table.sources, (*IMAGES, "zones")),
        crs=crs,
        standard=THEME_WORDS["change_rule"],
        report=report or {},
        remarks=(*_remarks(table, total, dates), *told),
        imagery=True,
    )
    west, south, east, north = map(float, shapely.total_bounds(outlines))
    return Theme(key="change", facts=facts, bounds=(west, south, east, north), draw=draw)


def _total(table: ChangeTable) -> Change | None:
    """Return the sums of all zones; nothing where zones overlap, so that there are none."""
    try:
        return table.total()
    except InputError:
        return None


def _draw_kept(ax: Axes, picture: Picture, looks: Mapping[str, Look], crs: CRS) -> None:
    """Draw what both images see: green on both dates in shades, unseen ground hatched."""
    colours = [looks[name].colour for name in ("not_green", "kept")]
    draw_ground(ax, picture, crs, LinearSegmentedColormap.from_list("kept", colours))
    ax.patch.set(facecolor=looks["unseen"].colour, hatch=looks["unseen"].hatch)


def _remarks(
    table: ChangeTable, total: Change | None, dates: tuple[date | None, date | None]
) -> list[Text]:
    remarks = []
    if all(dates):
        before, after = (str(day) for day in dates)
        remarks.append(filled("dates", before=before, after=after))
    if total is None:
        remarks.append(THEME_WORDS["zones_overlap"])
    elif total.edge_change > 0:
        remarks.append(filled("change_edges", area=_area(total.edge_change)))
    if table.estimate is not None:
        for kind in PATCHES:
            found = table.estimate.areas[kind]
            words = {key: _area(getattr(found, key)) for key in ("low", "high")}
            remarks.append(
                filled(
                    "change_error",
                    kind=THEME_WORDS[kind],
                    area=_area(found.value),
                    confidence=f"{table.estimate.confidence:.0%}",
                    **words,
                )
            )
    elif table.no_estimate is not None:
        remarks.append(THEME_WORDS["no_change_points"])
    return remarks


def _area(area_m2: float | None) -> Text:
    if area_m2 is None:
        return Text(UNDEFINED, UNDEFINED)
    return Text(show_ground(area_m2, "zh"), show_ground(area_m2, "en"))
