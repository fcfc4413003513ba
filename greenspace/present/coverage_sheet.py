"""Coverage sheet: the green coverage of zones as a map.

Question   Where is it green in these zones, and how green is each?
Enters     A CoverageMap, the picture of its raster; Axes of the caller's own, if any.
Leaves     Axes with title, legend, scale bar, north arrow, source, date and CRS.
Elsewhere  The maps of a whole city: maps. Furniture: canvas. The picture: ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.lines import Line2D

from greenspace.model.crs import is_local
from greenspace.present import canvas, style
from greenspace.present.display import show
from greenspace.present.fonts import chinese_font, drawable
from greenspace.present.ground import draw_ground, ground_entries
from greenspace.present.record import crs_name, relative_name
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.text import Text as Label

    from greenspace.model.check import Picture
    from greenspace.model.coverage_map import CoverageMap
    from greenspace.model.words import Language

MOST_LABELS: Final = 40
LONGEST_LABEL: Final = 14
LONGEST_NOTE: Final = 60


def draw_coverage(
    cover: CoverageMap, picture: Picture | None, ax: Axes | None = None, *, language: Language
) -> Axes:
    """Draw the zones over what the image shows; without a picture, the zones alone."""
    ax = canvas.new_axes(canvas.SHEET_INCHES, canvas.MAP_BOX) if ax is None else ax
    crs = cover.ground.crs
    if picture is not None:
        draw_ground(ax, picture, crs)
    shapes = cover.ground.geometry.to_numpy()
    canvas.polygons(ax, shapes, zorder=8, facecolor="none", edgecolor=style.DISTRICT, linewidth=0.9)
    outline = (
        Line2D([], [], color=style.DISTRICT, linewidth=0.9),
        word("zones", language).format(count=len(shapes)),
    )
    entries = ground_entries(cover.total, language) if picture is not None else []
    canvas.head(ax, word("cover_map", language), [_figure(cover, language)])
    canvas.legend(ax, [*entries, outline], word("legend", language))
    west, south, east, north = cover.ground.total_bounds
    canvas.frame(ax, (west, south, east, north), crs)
    crowded = len(shapes) > MOST_LABELS or _labels(cover, ax, language) > 0
    notes = [word("labels_left_out", language)] if crowded else []
    canvas.notes(ax, [*notes, *_notes(cover, language, drawn=picture is not None)])
    return ax


def _figure(cover: CoverageMap, language: Language) -> str:
    stop = "：" if language == "zh" else ": "
    name = word("cover_value", language)
    if cover.total is None:
        return f"{name}{stop}{word('no_total', language)}"
    return f"{name}{stop}{show(cover.total.value, '1', language)}"


def _labels(cover: CoverageMap, ax: Axes, language: Language) -> int:
    """Write name and value into each zone, the largest first; return how many found no room."""
    shapes = cover.ground.geometry.to_numpy()
    kept: list[Any] = []
    left_out = 0
    for place in np.argsort(-shapely.area(shapes), kind="stable"):
        if shapes[place] is None or shapes[place].is_empty:
            continue
        label = _label(cover, ax, int(place), language)
        room = label.get_window_extent()
        if any(room.overlaps(other) for other in kept):
            label.remove()
            left_out += 1
        else:
            kept.append(room)
    return left_out


def _label(cover: CoverageMap, ax: Axes, place: int, language: Language) -> Label:
    spot = shapely.point_on_surface(cover.ground.geometry.iloc[place])
    name = clean(cover.names[place])
    short = name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"
    value = show(cover.table.ratio(place).value, "1", language)
    return ax.text(
        spot.x,
        spot.y,
        drawable(f"{short}\n{value}"),
        fontproperties=chinese_font(7.5),
        parse_math=False,
        ha="center",
        va="center",
        color=style.INK,
        clip_on=True,
        zorder=12,
        bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1.0},
    )


def _notes(cover: CoverageMap, language: Language, *, drawn: bool) -> Iterator[str]:
    place = cover.raster.grid.transform
    if not drawn:
        yield word("image_turned" if place.b or place.d else "image_not_drawn", language)
    unknown = word("date_unknown", language)
    taken = unknown if cover.taken is None else cover.taken.isoformat()
    for rule in cover.rules:
        yield _short(f"{word('rule', language)}{'：' if language == 'zh' else ': '}{clean(rule)}")
    yield word("date_of_image", language).format(date=taken)
    names = dict.fromkeys(clean(relative_name(str(path.name))) for path in cover.files)
    yield _short(word("source_of_map", language).format(names=", ".join(names)))
    name = crs_name(cover.ground.crs)
    yield word("crs_of_map", language).format(name=clean(name) if name else unknown)
    local = cover.ground.crs is None or is_local(cover.ground.crs)
    yield word("north_grid" if local else "north", language)


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_NOTE else f"{line[: LONGEST_NOTE - 1]}…"
