"""Maps: the sheets of a check.

Question   Where is the green, what did the image see, and which homes does no park reach?
Enters     A Check; Axes of the caller's own, if any.
Leaves     Axes whose every number is read from the Check.
Elsewhere  Frame, north and legend: canvas. Colours: style. Files: sheets, write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely
from matplotlib.lines import Line2D

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present import canvas, style
from greenspace.present.display import show, show_tiers, shown_unit
from greenspace.present.ground import draw_ground, ground_entries
from greenspace.present.record import crs_name, relative_name
from greenspace.present.rows import banner, shown_value
from greenspace.present.words import STATEMENT_FIELDS, clean, indicator_name, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd
    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.check import Check, Measured
    from greenspace.model.words import Language
    from greenspace.present.sheets import Sheet

    Entry = tuple[Artist, str]
    Bounds = tuple[float, float, float, float]

SOURCES_SHOWN: Final = 4
NO_LAYERS: Final = frozenset({"image", "mask", "manifest", "reference", "stations"})  # other roles
ON_FOOT: Final = "_on_foot"
WHOLE: Final = 1 - 1e-9  # of a class inside the line, but for rounding


def draw_green_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the green parcels by class.

    Raises
    ------
    InputError
        The check holds no green parcels.
    """
    green = _require(check, "green")
    ax = _axes(ax)
    outline = _backdrop(check, ax, language)
    entries: list[Entry] = []
    edition = check.city.editions.get("green")
    found = style.majors(green, edition)
    for part in style.class_areas(check):
        chosen = [mine == part.code for mine in found]
        look = {
            "facecolor": part.fill.colour,
            "edgecolor": style.INK,
            "linewidth": 0.35,
            "hatch": part.fill.hatch,
        }
        canvas.polygons(ax, green.geometry.to_numpy()[chosen], zorder=4, **look)
        label = word("legend_entry", language).format(
            name=f"{part.code} {part.fill.name.of(language)}".strip(),
            count=part.count,
            area=show(part.area_m2, "m2", language),
        )
        if part.inside_m2 is not None and part.inside_m2 < part.area_m2 * WHOLE:
            inside = show(part.inside_m2, "m2", language)
            label += word("legend_inside", language).format(area=inside)
        entries.append((canvas.patch(**look), label))
    key = "codes" if edition else "codes_unknown"
    coded = [word(key, language).format(edition=clean(edition))] if "class" in green else []
    figures = ("green_space_ratio", "park_area_per_capita")
    legend = entries + outline
    _furnish(check, ax, language, legend, title="green_map", figures=figures, remarks=coded)
    _finish(check, ax, check.crs)
    return ax


def draw_vegetation_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw what the image shows: green, not green, unseen.

    Raises
    ------
    InputError
        The check holds no picture of the vegetation.
    """
    if check.picture is None:
        raise _missing("picture")
    ax = _axes(ax)
    crs = check.crs if check.crs is not None else check.picture.crs
    bounds = draw_ground(ax, check.picture, crs)
    ratio = next((item.ratio for item in _imagery(check)), None)
    entries = ground_entries(ratio, language) + _lines(check, ax, language)
    _furnish(check, ax, language, entries, title="vegetation_map", figures=("green_coverage",))
    _finish(check, ax, crs, bounds)
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
    if not _has(check, f"served{suffix}") and not _has(check, f"unserved{suffix}"):
        raise _missing("paths" if suffix else "residential")
    ax = _axes(ax)
    outline = _backdrop(check, ax, language)
    entries: list[Entry] = []
    item = next((item for item in check.measured if item.ratio.indicator == indicator), None)
    looks: Mapping[str, dict[str, object]] = {
        f"service_area{suffix}": {
            "facecolor": "#dfeaf5",
            "edgecolor": style.SERVICE,
            "linewidth": 0.7,
            "linestyle": "--",
        },
        f"served{suffix}": {"facecolor": style.SERVED, "edgecolor": "#4c7396", "linewidth": 0.35},
        f"lost{suffix}": {
            "facecolor": style.LOST,
            "edgecolor": "#7a5c00",
            "linewidth": 0.35,
            "hatch": "....",
        },
        "unserved": {
            "facecolor": style.UNSERVED,
            "edgecolor": "#5a2408",
            "linewidth": 0.35,
            "hatch": "////",
        },
        "parks": {"facecolor": style.PARK.colour, "edgecolor": style.INK, "linewidth": 0.35},
    }
    for order, (name, look) in enumerate(looks.items()):
        if _has(check, name):
            shapes = check.layers[name].geometry.to_numpy()
            canvas.polygons(ax, shapes, zorder=2.5 + order / 4, **look)
            label = _layer_label(name, shapes, _halves(check), language)
            entries.insert(0, (canvas.patch(**look), label))
    if suffix:
        entries += _walks(check, ax, language)
    tiers = [] if item is None or item.tiers is None else [show_tiers(item.tiers, language)]
    stop = "：" if language == "zh" else ": "
    remarks = [word("tiers", language) + stop + text for text in tiers]
    if suffix:
        remarks.append(word("never_judged", language))
    _furnish(
        check, ax, language, entries + outline, title=title, figures=(indicator,), remarks=remarks
    )
    _finish(check, ax, check.crs)
    return ax


def _walks(check: Check, ax: Axes, language: Language) -> list[Entry]:
    """Draw the paths that are reached, in shades of the way from the park; return their legend."""
    if not _has(check, "walking_network"):
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


DRAWERS: Final[Mapping[str, tuple[str, Callable[..., Axes]]]] = {
    "green_space": ("green_map", draw_green_map),
    "vegetation": ("vegetation_map", draw_vegetation_map),
    "service": ("service_map", draw_service_map),
    "service_on_foot": ("walk_map", draw_walk_map),
}


def missing_maps(sheets: Sequence[Sheet], language: Language) -> list[str]:
    """Return a sentence for each map that is not among the sheets."""
    drawn = {sheet.name for sheet in sheets}
    return [
        word("map_missing", language).format(title=word(key, language))
        for name, (key, _) in DRAWERS.items()
        if name not in drawn
    ]


def drawable_maps(check: Check) -> tuple[str, ...]:
    """Return the maps whose input is there."""
    there = {
        "green_space": _has(check, "green"),
        "vegetation": check.picture is not None,
        "service": _has(check, "served") or _has(check, "unserved"),
        "service_on_foot": any(_has(check, f"{name}{ON_FOOT}") for name in ("served", "unserved")),
    }
    return tuple(name for name in DRAWERS if there[name])


def _axes(ax: Axes | None) -> Axes:
    return canvas.new_axes(canvas.SHEET_INCHES, canvas.MAP_BOX) if ax is None else ax


def _has(check: Check, name: str) -> bool:
    layer = check.layers.get(name)
    return layer is not None and not layer.empty


def _require(check: Check, name: str) -> gpd.GeoDataFrame:
    if not _has(check, name):
        raise _missing(name)
    return check.layers[name]


def _missing(name: str) -> InputError:
    return InputError(
        f"没有 {name}，无法绘制此图。",
        f"There is no {name} to draw this map from.",
        remedy=Text("请在清单中加入该图层。", "Name that layer in the manifest."),
        layer=name,
    )


def _backdrop(check: Check, ax: Axes, language: Language) -> list[Entry]:
    """Draw ground, water and boundary lines; return their legend, lines last."""
    ax.set_facecolor("#fbfaf6")
    if _has(check, "built_up"):
        shapes = check.layers["built_up"].geometry.to_numpy()
        canvas.polygons(ax, shapes, zorder=1, facecolor=style.GROUND, edgecolor="none")
    entries: list[Entry] = []
    if _has(check, "water"):
        look = {"facecolor": style.WATER, "edgecolor": "#6f9db5", "linewidth": 0.3}
        canvas.polygons(ax, check.layers["water"].geometry.to_numpy(), zorder=2.6, **look)
        entries.append((canvas.patch(**look), word("water", language)))
    return entries + _lines(check, ax, language)


def _lines(check: Check, ax: Axes, language: Language) -> list[Entry]:
    looks: Mapping[str, dict[str, Any]] = {
        "districts": {"color": style.DISTRICT, "linewidth": 0.9, "linestyle": (0, (6, 2, 1, 2))},
        "built_up": {"color": style.BUILT_UP, "linewidth": 1.6, "linestyle": "-"},
    }
    entries: list[Entry] = []
    for order, (name, look) in enumerate(looks.items()):
        if not _has(check, name):
            continue
        canvas.polygons(
            ax,
            check.layers[name].geometry.to_numpy(),
            zorder=8 + order,
            facecolor="none",
            edgecolor=look["color"],
            linewidth=look["linewidth"],
            linestyle=look["linestyle"],
        )
        entries.insert(0, (Line2D([], [], **look), word(name, language)))
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


def _halves(check: Check) -> Mapping[str, float]:
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


def _furnish(
    check: Check,
    ax: Axes,
    language: Language,
    entries: Sequence[Entry],
    *,
    title: str,
    figures: Sequence[str],
    remarks: Sequence[str] = (),
) -> None:
    stop = "：" if language == "zh" else ": "
    spoken = [
        indicator_name(key, check.indicators).of(language) + stop + _figure(check, key, language)
        for key in figures
        if any(item.ratio.indicator == key for item in check.measured)
    ]
    lines = ["    ".join(spoken)] if spoken else []
    lines += [clean(check.city.report[key]) for key in STATEMENT_FIELDS if key in check.city.report]
    name = clean(check.city.name)
    canvas.head(ax, f"{name} {word(title, language)}", lines)
    canvas.legend(ax, entries, word("legend", language))
    canvas.notes(ax, [*remarks, *_provenance(check, language, imagery=title == "vegetation_map")])
    warning = banner(check, language)
    if warning:
        canvas.warn(ax, warning, wide=language == "zh")


def _figure(check: Check, indicator: str, language: Language) -> str:
    """Return the judged number, or one that is never judged, as it stands beside it."""
    if indicator in check.ratios:
        return shown_value(check, indicator, language)
    ratio = next(item.ratio for item in check.measured if item.ratio.indicator == indicator)
    return show(ratio.value, shown_unit(indicator, ratio.unit), language)


def _provenance(check: Check, language: Language, *, imagery: bool) -> list[str]:
    image = check.city.image
    unknown = word("date_unknown", language)
    when = image.date if imagery and image else check.city.date
    key = "date_of_image" if imagery else "date_of_data"
    vectors = [item.name for item in check.inputs if item.role not in NO_LAYERS]
    used = ([image.name] if image else []) if imagery else vectors
    names = list(dict.fromkeys(clean(relative_name(name)) for name in used))
    more = "…" if len(names) > SOURCES_SHOWN else ""
    crs = crs_name(check.crs)
    local = check.crs is None or not check.crs.is_projected
    lines = [word(key, language).format(date=when.isoformat() if when else unknown)]
    if names:
        joined = ", ".join(names[:SOURCES_SHOWN]) + more
        lines.append(word("source_of_map", language).format(names=joined))
    lines.append(word("crs_of_map", language).format(name=clean(crs) if crs else unknown))
    lines.append(word("north_grid" if local else "north", language))
    return lines


def _finish(check: Check, ax: Axes, crs: CRS | None, fallback: Bounds | None = None) -> None:
    """Frame the built-up area, or whatever else there is."""
    for name in ("built_up", "districts", "green", "residential", "parks"):
        if _has(check, name):
            west, south, east, north = check.layers[name].total_bounds
            canvas.frame(ax, (west, south, east, north), crs)
            return
    if fallback is not None:
        canvas.frame(ax, fallback, crs)
