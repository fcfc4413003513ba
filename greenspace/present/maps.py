"""Maps: the sheets of a check.

Question   Where is the green, what did the image see, and which homes does no park reach?
Enters     A Check; Axes of the caller's own, if any.
Leaves     Axes whose every number is read from the Check.
Elsewhere  What they share: map_base. Further sheets: theme_maps. Files: sheets, write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely
from matplotlib.lines import Line2D

from greenspace.model.words import Text
from greenspace.present import canvas, style
from greenspace.present.display import show, show_tiers
from greenspace.present.ground import draw_ground, ground_entries
from greenspace.present.looks import looks_of
from greenspace.present.map_base import (
    draw_backdrop,
    draw_lines,
    frame_map,
    furnish,
    has_layer,
    map_axes,
    missing_layer,
    require_layer,
)
from greenspace.present.words import WORDS, clean, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.check import Check, Measured
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

    Shapes = NDArray[np.object_]
    Entry = tuple[Artist, str]
    Bounds = tuple[float, float, float, float]

ON_FOOT: Final = "_on_foot"
WHOLE: Final = 1 - 1e-9  # of a class inside the line, but for rounding


def draw_green_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the green parcels by class.

    Raises
    ------
    InputError
        The check holds no green parcels.
    """
    green = require_layer(check, "green")
    ax = map_axes(ax)
    outline = draw_backdrop(check, ax, language)
    entries: list[Entry] = []
    for part, sample in draw_classes(check, ax):
        label = word("legend_entry", language).format(
            name=class_label(part, language),
            count=part.count,
            area=show(part.area_m2, "m2", language),
        )
        inside = inside_of(part)
        if inside is not None:
            area = show(inside, "m2", language)
            label += word("legend_inside", language).format(area=area)
        entries.append((sample, label))
    coded = [text.of(language) for text in coded_by(check)] if "class" in green else []
    figures = ("green_space_ratio", "park_area_per_capita")
    legend = entries + outline
    furnish(check, ax, language, legend, title="green_map", figures=figures, remarks=coded)
    frame_map(check, ax, check.crs)
    return ax


def draw_classes(
    check: Check, ax: Axes, palette: Palette = "standard"
) -> list[tuple[style.ClassArea, Artist]]:
    """Draw the green parcels by class; return each class with its sample."""
    green = check.layers["green"]
    shapes, edition = green.geometry.to_numpy(), check.city.editions.get("green")
    found = style.majors(green, edition)
    looks = looks_of("green_space", palette)
    drawn = []
    for part in style.class_areas(check):
        chosen = shapes[[mine == part.code for mine in found]]
        drawn.append((part, looks[part.fill.key].draw(ax, chosen, zorder=4)))
    return drawn


def class_label(part: style.ClassArea, language: Language) -> str:
    """Return code and name of a class."""
    return f"{part.code} {part.fill.name.of(language)}".strip()


def inside_of(part: style.ClassArea) -> float | None:
    """Return how much of a class lies in the built-up area, where that is not all of it."""
    if part.inside_m2 is None or part.inside_m2 >= part.area_m2 * WHOLE:
        return None
    return part.inside_m2


def coded_by(check: Check) -> list[Text]:
    """Return the edition that the classes of the green parcels are of."""
    edition = check.city.editions.get("green")
    text = WORDS["codes" if edition else "codes_unknown"]
    zh, en = (each.format(edition=clean(edition)) for each in (text.zh, text.en))
    return [Text(zh=zh, en=en)]


def draw_vegetation_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw what the image shows: green, not green, unseen.

    Raises
    ------
    InputError
        The check holds no picture of the vegetation.
    """
    if check.picture is None:
        raise missing_layer("picture")
    ax = map_axes(ax)
    crs = check.crs if check.crs is not None else check.picture.crs
    bounds = draw_ground(ax, check.picture, crs)
    ratio = next((item.ratio for item in _imagery(check)), None)
    entries = ground_entries(ratio, language) + draw_lines(check, ax, language)
    furnish(check, ax, language, entries, title="vegetation_map", figures=("green_coverage",))
    frame_map(check, ax, crs, bounds)
    return ax


def draw_service_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw parks, the ground they serve, and the residential land they do not reach.

    Raises
    ------
    InputError
        The check holds neither served nor unserved residential land.
    """
    return _service(check, ax, language, title="service_map", indicator="service_coverage")


def draw_walk_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw what parks serve on foot, and how far it is to them along the paths that lead there.

    Raises
    ------
    InputError
        The check holds no residential land that was measured on foot.
    """
    title, indicator = "walk_map", "network_service_coverage"
    return _service(check, ax, language, title=title, indicator=indicator, suffix=ON_FOOT)


def _service(
    check: Check,
    ax: Axes | None,
    language: Language,
    *,
    title: str,
    indicator: str,
    suffix: str = "",
) -> Axes:
    if not has_layer(check, f"served{suffix}") and not has_layer(check, f"unserved{suffix}"):
        raise missing_layer("paths" if suffix else "residential")
    ax = map_axes(ax)
    outline = draw_backdrop(check, ax, language)
    entries: list[Entry] = []
    item = next((item for item in check.measured if item.ratio.indicator == indicator), None)
    for name, shapes, sample in draw_served(check, ax, suffix):
        entries.insert(0, (sample, _layer_label(name, shapes, residential_halves(check), language)))
    if suffix:
        entries += _walks(check, ax, language)
    tiers = [] if item is None or item.tiers is None else [show_tiers(item.tiers, language)]
    stop = "：" if language == "zh" else ": "
    remarks = [word("tiers", language) + stop + text for text in tiers]
    if suffix:
        remarks.append(word("never_judged", language))
    furnish(
        check, ax, language, entries + outline, title=title, figures=(indicator,), remarks=remarks
    )
    frame_map(check, ax, check.crs)
    return ax


def draw_served(
    check: Check, ax: Axes, suffix: str = "", palette: Palette = "standard"
) -> list[tuple[str, Shapes, Artist]]:
    """Draw what parks serve and do not serve; return layers, shapes and samples, parks last."""
    names = {f"{name}{suffix}": name for name in ("service_area", "served", "lost")}
    names |= {"unserved": "unserved", "parks": "parks"}
    drawn = []
    for order, (layer, name) in enumerate(names.items()):
        if has_layer(check, layer):
            shapes = check.layers[layer].geometry.to_numpy()
            look = looks_of("service", palette)[name]
            drawn.append((layer, shapes, look.draw(ax, shapes, zorder=2.5 + order / 4)))
    return drawn


def _walks(check: Check, ax: Axes, language: Language) -> list[Entry]:
    """Draw the paths that are reached, in shades of the way from the park; return their legend."""
    if not has_layer(check, "walking_network"):
        return []
    paths = check.layers["walking_network"]
    shapes, way = paths.geometry.to_numpy(), paths["to_m"].to_numpy().round(3)
    entries: list[Entry] = []
    for low, high, colour in style.WALKS:
        chosen = shapes[(way > low) & (way <= high)]
        if len(chosen):
            canvas.lines(ax, chosen, color=colour, linewidth=1.1, zorder=4)
            text = word("walk_of", language).format(low=f"{max(low, 0.0):g}", high=f"{high:g}")
            entries.append((Line2D([], [], color=colour, linewidth=1.4), text))
    return entries


def _layer_label(
    name: str, shapes: NDArray[np.object_], halves: Mapping[str, float], language: Language
) -> str:
    """Name a layer; areas of residential land are those of the numbers of the map."""
    if name.startswith("service_area"):
        return word(name, language)
    area = halves.get(name)
    if area is None:
        area = float(shapely.union_all(shapes).area)
    key = "legend_entry" if name == "parks" else "legend_area"
    return word(key, language).format(
        name=word(name, language), count=len(shapes), area=show(area, "m2", language)
    )


def residential_halves(check: Check) -> Mapping[str, float]:
    """Return how much residential land is served in a straight line, on foot, or not at all.

    Of two numbers by unlike tiers the first is that of the map.
    """
    found = {item.ratio.indicator: item.ratio for item in reversed(check.measured)}
    straight, foot = (found.get(name) for name in ("service_coverage", "network_service_coverage"))
    if straight is None:
        return {}
    halves = {"served": straight.numerator, "unserved": straight.denominator - straight.numerator}
    if foot is not None:
        halves[f"served{ON_FOOT}"] = foot.numerator
        halves[f"lost{ON_FOOT}"] = straight.numerator - foot.numerator
    return halves


def _imagery(check: Check) -> list[Measured]:
    return [
        item
        for item in check.measured
        if item.ratio.indicator == "green_coverage" and item.ratio.unseen is not None
    ]
