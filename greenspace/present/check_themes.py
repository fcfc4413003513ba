"""Check themes: green classes, service areas and tree-lined roads, for any sheet.

Question   Which green is where, which homes no park serves, and which roads lie in shade?
Enters     A Check or a ServiceMap.
Leaves     Themes whose legends carry the numbers of the check.
Elsewhere  The report's own sheets, of the same drawing: maps. Showing a theme: theme_view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present.display import show, show_tiers
from greenspace.present.looks import looks_of
from greenspace.present.map_base import (
    draw_backdrop,
    extent_with,
    facts_of,
    figure_of,
    has_layer,
    hold,
    in_memory,
    missing_layer,
    require_layer,
)
from greenspace.present.maps import (
    class_label,
    coded_by,
    draw_classes,
    draw_served,
    inside_of,
    residential_halves,
)
from greenspace.present.record import relative_name
from greenspace.present.service_sheet import OSM, service_bounds
from greenspace.present.service_words import service_word
from greenspace.present.style import majors
from greenspace.present.theme import LegendRow, SheetFacts, Theme
from greenspace.present.theme_words import theme_word
from greenspace.present.words import WORDS, clean, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import geopandas as gpd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.check import Check
    from greenspace.model.service_map import ServiceMap
    from greenspace.model.words import Language
    from greenspace.present.map_base import Layered
    from greenspace.present.theme import Palette

    Draw = Callable[[Axes, Language, Palette], Sequence[LegendRow]]

COUNTED: Final = ("parks", "served", "unserved", "service_area")  # of the service map
STRETCHES: Final = frozenset({"greened", "not_greened"})
NO_ROADS: Final = Text(
    zh="请在清单中加入 [layers.roads]，并有 [layers.vegetation]；林荫路还须有 [layers.footways]。",
    en="Name [layers.roads] and [layers.vegetation] in the manifest, and [layers.footways] for "
    "tree-lined roads.",
)


def green_space_theme(check: Check) -> Theme:
    """Return the green parcels by class.

    Raises
    ------
    InputError
        The check holds no green parcels.
    """
    green = require_layer(check, "green")
    shapes = green.geometry.to_numpy()
    classes = np.array(majors(green, check.city.editions.get("green")), dtype=object)

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        outline = backdrop_rows(check, ax, language)
        rows = []
        for part, sample in draw_classes(check, ax, palette):
            label, inside = class_label(part, language), inside_of(part)
            if inside is not None:
                area = show(inside, "m2", language)
                label = theme_word("class_inside", language).format(name=label, area=area)
            rows.append(
                LegendRow(
                    handle=sample,
                    label=label,
                    count=part.count,
                    area_m2=part.area_m2,
                    shapes=shapes[classes == part.code],
                    plain=class_label(part, language),
                )
            )
        return rows + outline

    remarks = figures_of(check, "green_space_ratio", "park_area_per_capita")
    remarks += coded_by(check) if "class" in green else []
    return _theme(check, "green_space", "green_map", remarks, draw, [green])


def service_theme(result: Check | ServiceMap) -> Theme:
    """Return parks, the ground they serve, and the residential land that they do not reach.

    Raises
    ------
    InputError
        The check holds neither served nor unserved residential land.
    """
    from greenspace.model.check import Check

    if not isinstance(result, Check):
        return _service_map_theme(result)
    check = result
    if not has_layer(check, "served") and not has_layer(check, "unserved"):
        raise missing_layer("residential")

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        outline = backdrop_rows(check, ax, language)
        areas = residential_halves(check)
        rows = []
        for name, shapes, sample in draw_served(check, ax, palette=palette):
            label, area = word(name, language), areas.get(name)
            if name == "parks":
                rows.append(_counted(sample, label, shapes))
            elif name == "service_area":
                rows.append(LegendRow(handle=sample, label=label))
            else:
                ground = float(shapely.union_all(shapes).area) if area is None else area
                rows.append(LegendRow(handle=sample, label=label, area_m2=ground, shapes=shapes))
        return rows[::-1] + outline

    remarks = figures_of(check, "service_coverage")
    for item in check.measured:
        if item.ratio.indicator == "service_coverage" and item.tiers is not None:
            zh, en = (show_tiers(item.tiers, language) for language in ("zh", "en"))
            remarks.append(Text(f"{WORDS['tiers'].zh}：{zh}", f"{WORDS['tiers'].en}: {en}"))
            break
    subjects = [check.layers[name] for name in COUNTED if has_layer(check, name)]
    return _theme(check, "service", "service_map", remarks, draw, subjects)


def _service_map_theme(service: ServiceMap) -> Theme:
    ratio = service.ratios["service_coverage"]

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        ax.set_facecolor("#fbfaf6")
        looks, rows = looks_of("service", palette), []
        areas = {"served": ratio.numerator, "unserved": ratio.denominator - ratio.numerator}
        for order, name in enumerate(("service_area", "served", "unserved", "parks")):
            frame = service.parks if name == "parks" else service.ground[name]
            shapes = frame.geometry.to_numpy()
            sample = looks[name].draw(ax, shapes, zorder=2.5 + order / 4)
            label = word(name, language)
            if name == "parks":
                rows.append(_counted(sample, label, shapes))
            else:
                rows.append(LegendRow(handle=sample, label=label, area_m2=areas.get(name)))
        return rows[::-1]

    zh, en = (show_tiers(service.tiers, language) for language in ("zh", "en"))
    remarks = [
        Text(f"{service_word('tiers', 'zh')}：{zh}", f"{service_word('tiers', 'en')}: {en}"),
        Text(clean(service.tiers_note.zh), clean(service.tiers_note.en)),
    ]
    if any(item.code == "osm" for item in service.findings):
        remarks.append(Text(OSM, OSM))
    names = dict.fromkeys(clean(relative_name(str(path.name))) for path in service.files)
    memory = [
        in_memory(role, len(frame))
        for role, frame in (("parks", service.parks), ("residential", service.blocks))
    ]
    facts = SheetFacts(
        city="",
        title=WORDS["service_map"],
        date=service.taken,
        sources=tuple(names) or tuple(memory),
        crs=service.blocks.crs,
        remarks=tuple(remarks),
    )
    bounds = service_bounds(service)
    if len(service.parks):
        west, south, east, north = map(float, service.parks.total_bounds)
        bounds = hold(bounds, (west, south, east, north))
    return Theme(key="service", facts=facts, bounds=bounds, draw=draw)


def road_theme(check: Check) -> Theme:
    """Return the roads: in shade or not, and where there is green inside the red line.

    Raises
    ------
    InputError
        Neither shade nor greening of roads was measured.
    """
    roads = require_layer(check, "roads")
    greening = check.layers.get("road_greening")
    if "judged" not in roads and greening is None:
        raise InputError(
            "道路的绿化和林荫都没有量算，无法绘制林荫路图。",
            "Neither the green nor the shade of roads was measured: there is no map to draw.",
            remedy=NO_ROADS,
            layer="roads",
        )

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        outline = backdrop_rows(check, ax, language)
        looks, rows = looks_of("roads", palette), []
        for order, (name, frame) in enumerate(reversed(parts.items())):
            sample = looks[name].draw(ax, frame.geometry.to_numpy(), zorder=4 + order / 10)
            length = float(frame.length.sum())
            label = theme_word(name, language)
            rows.append(
                LegendRow(
                    handle=sample,
                    label=label,
                    count=len(frame),
                    length_m=length,
                    of="stretch" if name in STRETCHES else "road",
                    shapes=frame.geometry.to_numpy(),
                )
            )
        return rows[::-1] + outline

    remarks = figures_of(check, "tree_lined_road_share", "road_greening_rate")
    parts = _road_parts(roads, greening)
    return _theme(check, "roads", "road_map", remarks, draw, parts.values())


def _road_parts(
    roads: gpd.GeoDataFrame, greening: gpd.GeoDataFrame | None
) -> dict[str, gpd.GeoDataFrame]:
    """Return the roads of each kind, what is drawn last first."""
    parts = {}
    if "judged" in roads:
        judged, shaded = (roads[name].to_numpy(dtype=bool) for name in ("judged", "shaded"))
        parts = {
            "tree_lined": roads[shaded],
            "not_lined": roads[judged & ~shaded],
            "not_judged": roads[~judged],
        }
    if greening is not None:
        green = greening["greened"].to_numpy(dtype=bool)
        parts |= {"greened": greening[green], "not_greened": greening[~green]}
    return parts


def _counted(sample: Artist, label: str, shapes: NDArray[Any]) -> LegendRow:
    area = float(shapely.union_all(shapes).area)
    count = len(shapes)
    return LegendRow(handle=sample, label=label, count=count, area_m2=area, shapes=shapes)


def backdrop_rows(check: Layered, ax: Axes, language: Language) -> list[LegendRow]:
    """Draw ground, water and the lines of the city; return their legend."""
    return [LegendRow(handle=h, label=text) for h, text in draw_backdrop(check, ax, language)]


def figures_of(check: Check, *indicators: str) -> list[Text]:
    """Return the numbers of a check that a map shows, in words."""
    return [
        Text(figure_of(check, key, "zh"), figure_of(check, key, "en"))
        for key in indicators
        if any(item.ratio.indicator == key for item in check.measured)
    ]


def _theme(
    check: Check,
    key: str,
    title: str,
    remarks: list[Text],
    draw: Draw,
    subjects: Iterable[gpd.GeoDataFrame],
) -> Theme:
    bounds = extent_with(check, subjects)
    if bounds is None:
        raise missing_layer("built_up")
    return Theme(key=key, facts=facts_of(check, title, remarks), bounds=bounds, draw=draw)
