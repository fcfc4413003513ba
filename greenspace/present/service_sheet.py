"""Service sheet: the land that parks serve and the way on foot to them, as maps.

Question   Which homes are out of reach, and how far is it from the others?
Enters     A ServiceMap; Axes of the caller's own, if any.
Leaves     Axes with title, legend, scale bar, north arrow, source, date, tiers and CRS.
Elsewhere  The maps of a whole city: maps. Furniture: canvas. Files: service_files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.lines import Line2D
from rich.cells import cell_len, chop_cells

from greenspace.model.crs import is_local
from greenspace.present import canvas, style
from greenspace.present.display import show, show_tiers
from greenspace.present.record import crs_name, relative_name
from greenspace.present.service_view import halves
from greenspace.present.service_words import service_word
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.service_map import ServiceMap
    from greenspace.model.words import Language

    Entry = tuple[Artist, str]
    Mask = NDArray[np.bool_]

NOTE_COLUMNS: Final = 60  # of the sheet's side; a Chinese character takes two
NOTE_LINES: Final = 3
BREAKS: Final = re.compile(r"[!-~]+ ?|.")  # words, and any other character by itself
OSM: Final = "© OpenStreetMap contributors, ODbL 1.0"
STEPS: Final = 5
NEAR_TO_FAR: Final = ("#0c2c84", "#225ea8", "#1d91c0", "#7fcdbb", "#d9f0a3")
LESS: Final[Mapping[str, Any]] = {"edgecolor": style.INK, "linewidth": 0.3}
BEYOND: Final[Mapping[str, Any]] = {"facecolor": "#f7c6a3", "hatch": "////", **LESS}
NO_WAY: Final[Mapping[str, Any]] = {
    "facecolor": "#7b1e3a",
    "hatch": "xxxx",
    "edgecolor": "#e8c9d3",
    "linewidth": 0.3,
}
NO_PATH: Final[Mapping[str, Any]] = {"facecolor": "#ffffff", "hatch": "....", **LESS}
PATH_BEYOND: Final = "#a8a8a8"
PARK: Final[Mapping[str, Any]] = {"facecolor": style.PARK.colour, **LESS}
SMALL_PARK: Final[Mapping[str, Any]] = {
    "facecolor": "#eaf3e2",
    "edgecolor": style.PARK.colour,
    "linewidth": 0.5,
    "hatch": "|||||",
}
SERVED: Final[Mapping[str, Any]] = {
    "facecolor": style.SERVED,
    "edgecolor": "#4c7396",
    "linewidth": 0.3,
}
ON_FOOT: Final[Mapping[str, Any]] = {
    "facecolor": "#3b6fa5",
    "edgecolor": "#24496f",
    "linewidth": 0.3,
}
STRAIGHT_ONLY: Final[Mapping[str, Any]] = {
    "facecolor": "#c9dcef",
    "edgecolor": "#4c7396",
    "linewidth": 0.3,
    "hatch": "....",
}
UNSERVED: Final[Mapping[str, Any]] = {
    "facecolor": "#f0b04a",
    "edgecolor": "#5a2408",
    "linewidth": 0.3,
    "hatch": "////",
}
BARRIER: Final[Mapping[str, Any]] = {
    "facecolor": style.WATER,
    "edgecolor": "#4f7286",
    "linewidth": 0.3,
    "hatch": "----",
}
RADIUS: Final[Mapping[str, Any]] = {"color": style.SERVICE, "linewidth": 0.8, "linestyle": "--"}
DOT: Final[Mapping[str, Any]] = {
    "color": style.PARK.colour,
    "marker": "o",
    "markersize": 5,
    "markeredgecolor": style.INK,
    "linestyle": "none",
}
GATE: Final[Mapping[str, Any]] = {
    "color": "#c2185b",
    "marker": "o",
    "markersize": 2.6,
    "linestyle": "none",
}


def draw_served(service: ServiceMap, ax: Axes | None = None, *, language: Language) -> Axes:
    """Draw the residential land that parks serve, on foot and in a straight line, and the rest."""
    ax = _axes(ax)
    entries = _parks(service, ax, language)
    ratio = service.ratios["service_coverage"]
    served, unserved = halves(ratio, language)
    if service.on_foot:
        foot = service.ratios["network_service_coverage"]
        on_foot, _ = halves(foot, language)
        only = show(ratio.numerator - foot.numerator, "m2", language)
        entries += [
            _land(service, ax, "foot_served", "served_on_foot", ON_FOOT, on_foot, language),
            _land(service, ax, "foot_lost", "only_straight", STRAIGHT_ONLY, only, language),
        ]
    else:
        entries.append(_land(service, ax, "served", "served_land", SERVED, served, language))
    entries.append(_land(service, ax, "unserved", "unserved_land", UNSERVED, unserved, language))
    shapes = service.ground["service_area"].geometry.to_numpy()
    look = {"edgecolor": RADIUS["color"], "linewidth": 0.8, "linestyle": "--"}
    canvas.polygons(ax, shapes, zorder=5, facecolor="none", **look)
    entries.append((Line2D([], [], **RADIUS), service_word("radius_line", language)))
    return _furnished(service, ax, "served_map", entries, language)


def draw_walking(service: ServiceMap, ax: Axes | None = None, *, language: Language) -> Axes:
    """Draw blocks and paths by the way on foot to the nearest park."""
    ax = _axes(ax)
    entries = _parks(service, ax, language)
    edges = np.linspace(0.0, service.reach_m, STEPS + 1)
    metres = service.blocks["foot_m"].to_numpy(dtype=float)
    shapes = service.blocks.geometry.to_numpy()
    network = service.ground["network"]
    walked = network["walk_m"].to_numpy(dtype=float)
    lines = network.geometry.to_numpy()
    canvas.lines(ax, lines[~(walked <= edges[-1])], zorder=3.5, color=PATH_BEYOND, linewidth=0.35)
    for step, colour in enumerate(NEAR_TO_FAR):
        low, high = edges[step], edges[step + 1]
        look = {"facecolor": colour, "edgecolor": style.INK, "linewidth": 0.2}
        canvas.polygons(ax, shapes[_between(metres, low, high)], zorder=3, **look)
        chosen = lines[_between(walked, low, high)]
        canvas.lines(ax, chosen, zorder=4, color=colour, linewidth=0.9)
        label = service_word("up_to", language).format(low=low, high=high)
        entries.append((canvas.patch(**look), label))
    far = np.isfinite(metres) & (metres > edges[-1])
    rest: Sequence[tuple[Mask, Mapping[str, Any], str]] = (
        (far, BEYOND, service_word("beyond", language).format(high=service.reach_m)),
        (np.isinf(metres), NO_WAY, service_word("no_way", language)),
        (
            np.isnan(metres),
            NO_PATH,
            service_word("far_from_paths", language).format(snap=service.snap_m),
        ),
    )
    for blocks, fill, label in rest:
        canvas.polygons(ax, shapes[blocks], zorder=3, **fill)
        if blocks.any():
            entries.append((canvas.patch(**fill), label))
    entries.append(
        (Line2D([], [], color=PATH_BEYOND, linewidth=0.8), service_word("path_beyond", language))
    )
    gates = service.ground["gates"]
    gates = gates.geometry[gates["on_path"] & (gates["radius_m"] > 0)]
    ax.plot(gates.x, gates.y, zorder=7, markeredgewidth=0, **GATE)
    label = service_word("gates", language).format(count=len(gates))
    entries.append((Line2D([], [], **GATE), label))
    note = service_word("classes", language)
    return _furnished(service, ax, "walking_map", entries, language, [note])


def _between(metres: NDArray[np.float64], low: float, high: float) -> Mask:
    """Choose what is farther than `low` and not than `high`; the first class has its zero."""
    return (metres <= high) & ((metres > low) | (low == 0.0))


def _axes(ax: Axes | None) -> Axes:
    ax = canvas.new_axes(canvas.SHEET_INCHES, canvas.MAP_BOX) if ax is None else ax
    ax.set_facecolor("#fbfaf6")
    return ax


def _parks(service: ServiceMap, ax: Axes, language: Language) -> list[Entry]:
    shapes = service.parks.geometry.to_numpy()
    reaching = service.parks["radius_m"].to_numpy() > 0
    entries: list[Entry] = []
    for chosen, look, key in (
        (reaching, PARK, "parks_with"),
        (~reaching, SMALL_PARK, "parks_without"),
    ):
        if chosen.any():
            canvas.polygons(ax, shapes[chosen], zorder=6, **look)
            label = service_word(key, language).format(count=int(chosen.sum()))
            entries.append((canvas.patch(**look), label))
    if "barriers" in service.ground:
        canvas.polygons(ax, service.ground["barriers"].geometry.to_numpy(), zorder=2, **BARRIER)
        entries.append((canvas.patch(**BARRIER), service_word("barriers", language)))
    dots = shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 0])
    ax.plot(shapely.get_x(dots), shapely.get_y(dots), zorder=6, **DOT)
    return entries


def _land(
    service: ServiceMap,
    ax: Axes,
    name: str,
    key: str,
    look: Mapping[str, Any],
    area: str,
    language: Language,
) -> Entry:
    canvas.polygons(ax, service.ground[name].geometry.to_numpy(), zorder=3, **look)
    return canvas.patch(**look), service_word(key, language).format(area=area)


def _furnished(
    service: ServiceMap,
    ax: Axes,
    title: str,
    entries: list[Entry],
    language: Language,
    remarks: Sequence[str] = (),
) -> Axes:
    if "zones" in service.ground:
        shapes = service.ground["zones"].geometry.to_numpy()
        look = {"edgecolor": style.DISTRICT, "linewidth": 0.7, "linestyle": (0, (6, 2, 1, 2))}
        canvas.polygons(ax, shapes, zorder=8, facecolor="none", **look)
        line = Line2D([], [], color=style.DISTRICT, linewidth=0.7, linestyle=(0, (6, 2, 1, 2)))
        entries.append((line, service_word("zone_lines", language)))
    canvas.head(ax, service_word(title, language), list(_figures(service, language)))
    canvas.legend(ax, entries, word("legend", language))
    canvas.frame(ax, service_bounds(service), service.blocks.crs)
    notes = [*remarks, *_notes(service, language)]
    canvas.notes(ax, [line for note in notes for line in wrapped(note)])
    return ax


def _figures(service: ServiceMap, language: Language) -> Iterator[str]:
    stop = "：" if language == "zh" else ": "
    said = [
        f"{service_word(key, language)}{stop}{show(ratio.value, '1', language)}"
        for key, ratio in service.ratios.items()
    ]
    for start in range(0, len(said), 2):
        yield "    ".join(said[start : start + 2])


def service_bounds(service: ServiceMap) -> tuple[float, float, float, float]:
    """Return the extent of the homes, and of the parks about them as far as a radius reaches."""
    homes = (service.parks if service.blocks.empty else service.blocks).geometry.to_numpy()
    widest = shapely.total_bounds(homes) + service.reach_m * np.array([-1, -1, 1, 1])
    reaching = service.parks.geometry[service.parks["radius_m"] > 0].to_numpy()
    near = shapely.clip_by_rect(reaching, *widest)
    west, south, east, north = shapely.total_bounds(np.concatenate([homes, near]))
    return float(west), float(south), float(east), float(north)


def wrapped(note: str) -> list[str]:
    """Break a note into lines that stay on the sheet; what is very long is cut, and shows it.

    Examples
    --------
    >>> [len(line) for line in wrapped("a " * 40)], [len(line) for line in wrapped("字" * 40)]
    ([59, 19], [30, 10])
    """
    lines: list[str] = [""]
    for part in BREAKS.findall(note):
        if cell_len(lines[-1] + part.rstrip()) > NOTE_COLUMNS:
            first, *rest = chop_cells(part.lstrip(), NOTE_COLUMNS)
            lines += [first, *rest]
        else:
            lines[-1] += part
    lines = [line.rstrip() for line in lines if line.strip()]
    if len(lines) <= NOTE_LINES:
        return lines
    return [*lines[: NOTE_LINES - 1], f"{lines[NOTE_LINES - 1][:-1]}…"]


def _notes(service: ServiceMap, language: Language) -> Iterator[str]:
    stop = "：" if language == "zh" else ": "
    yield f"{service_word('tiers', language)}{stop}{show_tiers(service.tiers, language)}"
    yield clean(service.tiers_note.of(language))
    unknown = word("date_unknown", language)
    when = unknown if service.taken is None else service.taken.isoformat()
    yield word("date_of_data", language).format(date=when)
    names = dict.fromkeys(clean(relative_name(str(path.name))) for path in service.files)
    yield word("source_of_map", language).format(names=", ".join(names))
    codes = {item.code for item in service.findings}
    if codes & {"osm", "osm_columns"}:
        yield OSM if "osm" in codes else f"{service_word('osm_columns', language)}{OSM}"
    name = crs_name(service.blocks.crs)
    yield word("crs_of_map", language).format(name=clean(name) if name else unknown)
    local = service.blocks.crs is None or is_local(service.blocks.crs)
    yield word("north_grid" if local else "north", language)
