"""Map base: what the map sheets share, whatever they show.

Question   What lies below and beside the theme of a map, and where do its numbers come from?
Enters     A Check, Axes, a language.
Leaves     Backdrop, boundary lines, legend, notes and frame on the Axes.
Elsewhere  The sheets: maps, theme_maps. Frame, north and scale: canvas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import shapely
from matplotlib.lines import Line2D

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present import canvas, style
from greenspace.present.display import show, shown_unit
from greenspace.present.map_words import map_title
from greenspace.present.record import crs_name, relative_name
from greenspace.present.rows import banner, shown_value
from greenspace.present.theme import LegendRow, SheetFacts
from greenspace.present.theme_words import THEME_WORDS, filled
from greenspace.present.words import STATEMENT_FIELDS, clean, indicator_name, word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import geopandas as gpd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.check import Check
    from greenspace.model.definition import Profile
    from greenspace.model.source import Source
    from greenspace.model.words import Language

    Entry = tuple[Artist, str]
    Bounds = tuple[float, float, float, float]

SOURCES_SHOWN: Final = 4
BEYOND: Final = 50  # of the ground's extent: more than any page shows
ROWS: Final = re.compile(r"(\d+) rows, ")  # how a layer from memory is named
OF_IMAGE: Final = frozenset({"image_map", "vegetation_map", "centre_map"})
ON_IMAGE: Final = frozenset({"park_map"})  # where there is one: the rule asks for it
DRAWN: Final[Mapping[str, tuple[str, ...]]] = {  # layers of a sheet beside those of every sheet
    "green_map": ("green",),
    "centre_map": ("centre", "green"),
    "park_map": ("parks", "green", "roads"),
    "service_map": ("parks", "residential"),
    "walk_map": ("parks", "residential", "paths"),
    "tree_map": ("old_trees",),
    "nature_map": ("green",),
    "parking_map": ("parking",),
    "road_map": ("roads", "footways", "vegetation", "green"),
    "old_tree_map": ("old_trees",),
}


class Layered(Protocol):
    """Whatever has layers by name, as a Check has."""

    @property
    def layers(self) -> Mapping[str, gpd.GeoDataFrame]:
        """The layers."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Layers by name, and nothing else."""

    layers: Mapping[str, gpd.GeoDataFrame]


def map_axes(ax: Axes | None) -> Axes:
    """Return the Axes given, or those of a sheet of its own."""
    return canvas.new_axes(canvas.SHEET_INCHES, canvas.MAP_BOX) if ax is None else ax


def has_layer(check: Layered, name: str) -> bool:
    """Return whether a layer is there and holds something."""
    layer = check.layers.get(name)
    return layer is not None and not layer.empty


def require_layer(check: Layered, name: str) -> gpd.GeoDataFrame:
    """Return a layer; refuse where it is not there."""
    if not has_layer(check, name):
        raise missing_layer(name)
    return check.layers[name]


def missing_layer(name: str) -> InputError:
    """Return the refusal of a map whose layer is missing."""
    return InputError(
        f"没有 {name}，无法绘制此图。",
        f"There is no {name} to draw this map from.",
        remedy=Text("请在清单中加入该图层。", "Name that layer in the manifest."),
        layer=name,
    )


def draw_backdrop(check: Layered, ax: Axes, language: Language) -> list[Entry]:
    """Draw ground, water and boundary lines; return their legend, lines last."""
    ax.set_facecolor("#fbfaf6")
    if has_layer(check, "built_up"):
        shapes = check.layers["built_up"].geometry.to_numpy()
        canvas.polygons(ax, shapes, zorder=1, facecolor=style.GROUND, edgecolor="none")
    entries: list[Entry] = []
    if has_layer(check, "water"):
        look = {"facecolor": style.WATER, "edgecolor": "#6f9db5", "linewidth": 0.3}
        canvas.polygons(ax, check.layers["water"].geometry.to_numpy(), zorder=2.6, **look)
        entries.append((canvas.patch(**look), word("water", language)))
    return entries + draw_lines(check, ax, language)


def draw_lines(check: Layered, ax: Axes, language: Language) -> list[Entry]:
    """Draw the lines of built-up area and districts; return their legend."""
    looks: Mapping[str, dict[str, Any]] = {
        "districts": {"color": style.DISTRICT, "linewidth": 0.9, "linestyle": (0, (6, 2, 1, 2))},
        "built_up": {"color": style.BUILT_UP, "linewidth": 1.6, "linestyle": "-"},
    }
    entries: list[Entry] = []
    for order, (name, look) in enumerate(looks.items()):
        if not has_layer(check, name):
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


def furnish(
    check: Check,
    ax: Axes,
    language: Language,
    entries: Sequence[Entry],
    *,
    title: str,
    figures: Sequence[str],
    remarks: Sequence[str] = (),
) -> None:
    """Write title, figures, legend, notes and banner."""
    spoken = [
        figure_of(check, key, language)
        for key in figures
        if any(item.ratio.indicator == key for item in check.measured)
    ]
    lines = ["    ".join(spoken)] if spoken else []
    lines += [clean(check.city.report[key]) for key in STATEMENT_FIELDS if key in check.city.report]
    name = clean(check.city.name)
    canvas.head(ax, f"{name} {map_title(title, language)}", lines)
    canvas.legend(ax, entries, word("legend", language))
    canvas.notes(ax, [*remarks, *provenance(facts_of(check, title), language)])
    warning = banner(check, language)
    if warning:
        canvas.warn(ax, warning, wide=language == "zh")


def pale_beyond(ax: Axes, ground: NDArray[Any], language: Language) -> LegendRow:
    """Lay a pale veil over all but the ground that a legend counts; return its row."""
    west, south, east, north = shapely.total_bounds(ground)
    far = BEYOND * max(east - west, north - south)
    page = shapely.box(west - far, south - far, east + far, north + far)
    beyond = shapely.difference(page, shapely.union_all(ground))
    canvas.polygons(ax, [beyond], zorder=2, facecolor="white", alpha=0.8, edgecolor="none")
    sample = canvas.patch(facecolor="#f7f7f7", edgecolor=style.FAINT, lw=0.35)
    return LegendRow(handle=sample, label=THEME_WORDS["outside_counted"].of(language))


def figure_of(check: Check, indicator: str, language: Language) -> str:
    """Return what an indicator is called, and its number."""
    stop = "：" if language == "zh" else ": "
    name = indicator_name(indicator, check.indicators).of(language)
    return f"{name}{stop}{_figure(check, indicator, language)}"


def _figure(check: Check, indicator: str, language: Language) -> str:
    """Return the judged number, or one that is never judged, as it stands beside it."""
    if indicator in check.ratios:
        return shown_value(check, indicator, language)
    ratio = next(item.ratio for item in check.measured if item.ratio.indicator == indicator)
    return show(ratio.value, shown_unit(indicator, ratio.unit), language)


def _sources(check: Check, title: str) -> list[str | Text]:
    """Return the files that a sheet is drawn from, and no others."""
    drawn = {"built_up", "districts", *DRAWN.get(title, ())}
    if title not in OF_IMAGE:
        drawn.add("water")
    vectors = [item for item in check.inputs if item.role.partition(":")[0] in drawn]
    image, picture = check.city.image, check.picture
    shown = title in OF_IMAGE or (
        title in ON_IMAGE and picture is not None and picture.colours is not None
    )
    files = [clean(relative_name(image.name))] if image is not None and shown else []
    return list(dict.fromkeys([*files, *files_and_layers(vectors)]))


def facts_of(check: Check, title: str, remarks: Sequence[Text] = ()) -> SheetFacts:
    """Return what a sheet of this title says of its data."""
    image, imagery = check.city.image, title in OF_IMAGE
    profile = check.profiles[0] if check.profiles else None
    warning = banner(check, "zh")
    return SheetFacts(
        city=clean(check.city.name),
        title=THEME_WORDS.get(title) or Text(map_title(title, "zh"), map_title(title, "en")),
        date=image.date if imagery and image else check.city.date,
        sources=tuple(_sources(check, title)),
        crs=check.crs,
        standard=None if profile is None else _edition(profile),
        report={key: clean(text) for key, text in check.city.report.items()},
        remarks=tuple(remarks),
        banner=Text(zh=warning, en=banner(check, "en")) if warning else None,
        imagery=imagery,
    )


def _edition(profile: Profile) -> Text:
    names = (profile.title.of(language) for language in ("zh", "en"))
    zh, en = (" ".join(dict.fromkeys((clean(name), clean(profile.document)))) for name in names)
    return Text(zh=zh, en=en)


def source_names(sources: Iterable[Source], roles: Collection[str]) -> tuple[str | Text, ...]:
    """Return each file among some sources with the layers of it, and no rule.

    Examples
    --------
    >>> from greenspace.model.source import Source
    >>> layers = [Source(role=name, name="a.gpkg", layer=name) for name in ("green", "parks")]
    >>> source_names([*layers, Source(role="image", name="b.tif")], ("green", "parks", "image"))
    ('a.gpkg: green, parks', 'b.tif')
    """
    return files_and_layers(item for item in sources if item.role in roles and item.name)


def files_and_layers(sources: Iterable[Source]) -> tuple[str | Text, ...]:
    """Return each file once, with the layers that are read of it; and what came from memory."""
    files: dict[str, dict[str, None]] = {}
    memory: dict[str, Text] = {}
    for item in sources:
        rows = ROWS.match(item.name)
        if rows is not None and item.sha256 is None:
            memory[item.role] = in_memory(item.role, int(rows[1]))
            continue
        name = clean(relative_name(item.name))
        layers = files.setdefault(name, {})
        if item.layer:
            layers[clean(item.layer)] = None
    named = [f"{name}: {', '.join(layers)}" if layers else name for name, layers in files.items()]
    return (*named, *memory.values())


def in_memory(role: str, rows: int) -> Text:
    """Return what a sheet calls data that came from no file."""
    return filled("in_memory", name=clean(role), count=str(rows))


def source_words(facts: SheetFacts, language: Language) -> list[str]:
    """Return the sources of a sheet in words."""
    return [each.of(language) if isinstance(each, Text) else clean(each) for each in facts.sources]


def provenance(facts: SheetFacts, language: Language) -> list[str]:
    """Return date, source and CRS of a sheet, and which north its arrow shows."""
    unknown = word("date_unknown", language)
    key = "date_of_image" if facts.imagery else "date_of_data"
    names = source_words(facts, language)
    more = "…" if len(names) > SOURCES_SHOWN else ""
    crs = crs_name(facts.crs)
    local = facts.crs is None or not facts.crs.is_projected
    lines = [word(key, language).format(date=facts.date.isoformat() if facts.date else unknown)]
    if names:
        joined = "; ".join(names[:SOURCES_SHOWN]) + more
        lines.append(word("source_of_map", language).format(names=joined))
    lines.append(word("crs_of_map", language).format(name=clean(crs) if crs else unknown))
    lines.append(word("north_grid" if local else "north", language))
    return lines


def frame_map(check: Check, ax: Axes, crs: CRS | None, fallback: Bounds | None = None) -> None:
    """Frame the built-up area, or whatever else there is."""
    bounds = extent_of(check) or fallback
    if bounds is not None:
        canvas.frame(ax, bounds, crs)


def hold(bounds: Bounds | None, *others: Bounds) -> Bounds:
    """Return the extent that holds all of these."""
    every = [*others, *([] if bounds is None else [bounds])]
    west, south, east, north = zip(*every, strict=True)
    return min(west), min(south), max(east), max(north)


def extent_with(check: Check, subjects: Iterable[gpd.GeoDataFrame]) -> Bounds | None:
    """Return the extent of the city and of what a sheet counts, wherever that lies."""
    found = [layer.total_bounds for layer in subjects if not layer.empty]
    drawn = [(float(w), float(s), float(e), float(n)) for w, s, e, n in found]
    city = extent_of(check)
    return hold(city, *drawn) if drawn else city


def extent_of(check: Check) -> Bounds | None:
    """Return the extent of the built-up area, or of whatever else there is."""
    for name in ("built_up", "districts", "green", "residential", "parks"):
        if has_layer(check, name):
            west, south, east, north = map(float, check.layers[name].total_bounds)
            return west, south, east, north
    return None
