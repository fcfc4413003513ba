"""Zoning theme: a protected area cut into zones, with where the cut does not hold.

Question   Which ground is in which zone, how large is each, and where is a gap or an overlap?
Enters     A Zoning.
Leaves     A Theme.
Elsewhere  The tests: delimit/zoning. Looks of zones: looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present import style
from greenspace.present.looks import Look, zone_look
from greenspace.present.map_base import in_memory
from greenspace.present.plan_labels import Labels
from greenspace.present.theme import LegendRow, SheetFacts, Theme
from greenspace.present.theme_words import THEME_WORDS, theme_word
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from matplotlib.axes import Axes

    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.words import Language
    from greenspace.model.zoning import Zoning
    from greenspace.present.theme import Palette

BOUNDARY: Final = Look(kind="line", colour=style.INK, width=1.8)
FUNCTIONS: Final = "_functions"  # ends the name of a test that is repeated for function zones
FAULTS: Final[Mapping[str, Text]] = {
    "no_gap": Text("缝隙", "gaps"),
    "no_overlap": Text("重叠", "overlaps"),
    "inside_boundary": Text("超出边界", "beyond the boundary"),
    "names_known": Text("方案以外的分区", "zones that are none of the scheme"),
    "levels": Text("不在一个管控区内的功能区", "function zones not in one control area"),
    "core_buffer": Text("缓冲不足的核心区", "core without its buffer"),
}
AMISS: Final = Look(colour="#ffffff", edge="#b00020", hatch="xxxxx", width=1.0)


def zoning_theme(
    zoning: Zoning,
    *,
    city: str = "",
    date: date | None = None,
    report: Mapping[str, str] | None = None,
    sources: tuple[str | Text, ...] = (),
) -> Theme:
    """Return the zones of a protected area, and the places where a test of them failed.

    Raises
    ------
    InputError
        There is no zone.
    """
    zones = zoning.zones
    if zones.empty:
        raise InputError(
            "没有分区，无法绘制功能分区图。",
            "There is no zone to draw.",
            remedy=Text("请在清单中加入 [layers.park_zones]。", "Name [layers.park_zones]."),
            layer="park_zones",
        )
    shapes = zones.geometry.to_numpy()
    kinds = zones["zone"].to_numpy(dtype=object)
    edge = zoning.boundary.to_crs(zoning.crs) if zoning.boundary.crs else zoning.boundary
    outline = edge.to_numpy()

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        ax.set_facecolor("#fbfaf6")
        rows = []
        for place, kind in enumerate(dict.fromkeys(kinds)):
            own = shapes[kinds == kind]
            sample = zone_look(place, palette).draw(ax, own, zorder=3)
            title = zones["title"].to_numpy(dtype=object)[kinds == kind][0]
            label = _said(title, language) or clean(str(kind))
            area = float(shapely.union_all(own).area)
            rows.append(
                LegendRow(handle=sample, label=label, count=len(own), area_m2=area, shapes=own)
            )
        rows += _amiss(zoning, ax, language)
        sample = BOUNDARY.draw(ax, shapely.boundary(outline), zorder=7)
        area = float(shapely.union_all(outline).area)
        label = theme_word("boundary", language)
        rows.append(LegendRow(handle=sample, label=label, area_m2=area, shapes=outline))
        _write_names(zoning, ax, language)
        return rows

    facts = SheetFacts(
        city=clean(city),
        title=THEME_WORDS["zoning_map"],
        date=date,
        sources=sources
        or (in_memory("park_zones", len(zones)), in_memory("park_boundary", len(outline))),
        crs=zoning.crs,
        standard=zoning.scheme,
        report=report or {},
    )
    west, south, east, north = map(float, shapely.total_bounds([*shapes, *outline]))
    return Theme(key="zoning", facts=facts, bounds=(west, south, east, north), draw=draw)


def _amiss(zoning: Zoning, ax: Axes, language: Language) -> list[LegendRow]:
    """Draw the places of the tests that failed; each is named in the legend by its fault."""
    rows = []
    for check in zoning.checks:
        if check.passed is False and check.places is not None and len(check.places):
            places = check.places.to_numpy()
            sample = AMISS.draw(ax, places, zorder=6)
            label = clean(_fault(check).of(language))
            count = len(places) if check.count is None else check.count
            area = check.area_m2
            rows.append(
                LegendRow(handle=sample, label=label, count=count, area_m2=area, shapes=places)
            )
    return rows


def _fault(check: PlanCheck) -> Text:
    """Return what is wrong where a test failed: its title says what ought to be."""
    test = check.id.removesuffix(FUNCTIONS)
    fault = FAULTS.get(test)
    if fault is None:
        return Text(f"不符合：{check.title.zh}", f"fails: {check.title.en}")
    if test == check.id:
        return fault
    return Text(f"{fault.zh}（功能区）", f"{fault.en} (function zones)")


def _write_names(zoning: Zoning, ax: Axes, language: Language) -> None:
    """Write the name of each zone in it, the largest first, where there is room."""
    if "name" not in zoning.zones:
        return
    zones = zoning.zones
    order = zones.geometry.area.to_numpy().argsort()[::-1]
    named = zones.iloc[order]
    words = [_said(name, language) for name in named["name"]]
    places = shapely.get_coordinates(shapely.point_on_surface(named.geometry.to_numpy()))
    kept = [row for row, text in enumerate(words) if text]
    if kept:
        labels = Labels(ax, theme_word("names_hidden", language))
        labels.add(places[kept], [words[row] for row in kept], size=7.5, colour=style.INK)


def _said(words: object, language: Language) -> str:
    if isinstance(words, Text):
        return clean(words.of(language))
    return clean(words) if isinstance(words, str) else ""
