"""Theme maps: the sheets that the provincial rule adds to those of the gate.

Question   Where are squares and shaded roads, the green of the centre, trees, waters, parking?
Enters     A Check; Axes of the caller's own, if any.
Leaves     Axes whose legend counts what is drawn.
Elsewhere  What every sheet has: map_base. The list of sheets: map_list. Colours: style.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.lines import Line2D

from greenspace.present import canvas, style
from greenspace.present.display import show
from greenspace.present.ground import draw_ground, draw_image, ground_entries
from greenspace.present.map_base import (
    ON_IMAGE,
    draw_backdrop,
    draw_lines,
    frame_map,
    furnish,
    has_layer,
    map_axes,
    missing_layer,
    require_layer,
)
from greenspace.present.map_words import map_word
from greenspace.present.words import word

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.check import Check
    from greenspace.model.words import Language

    Shapes = NDArray[np.object_]
    Entry = tuple[Artist, str]

TREE_CM: Final = 10.0  # breast height diameter of the trees that the rule maps
POINT: Final = {
    "marker": "o",
    "markersize": 6,
    "markeredgecolor": style.INK,
    "markeredgewidth": 0.5,
}
LINE: Final = {"linewidth": 2.0, "solid_capstyle": "round"}
LAKES: Final = {"facecolor": style.WATER, "edgecolor": "#6f9db5", "linewidth": 0.3}


@dataclass(frozen=True, slots=True)
class Theme:
    """Shapes drawn alike, under one entry of the legend."""

    key: str
    shapes: Shapes
    look: dict[str, Any]


def draw_image_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the image itself, with the lines of built-up area and districts.

    Raises
    ------
    InputError
        The check holds no image, or one whose bands give no colours.
    """
    picture = check.picture
    if picture is None or picture.colours is None or picture.way is None or check.crs is None:
        raise missing_layer("image")
    ax = map_axes(ax)
    draw_image(ax, picture, check.crs)
    entries = draw_lines(check, ax, language)
    told = [picture.way.of(language)]
    furnish(check, ax, language, entries, title="image_map", figures=(), remarks=told)
    frame_map(check, ax, check.crs, fallback=picture.bounds)
    return ax


def draw_park_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw parks, green squares and shaded roads.

    Raises
    ------
    InputError
        The check holds no parks.
    """
    parks = require_layer(check, "parks").geometry.to_numpy()
    squares = _of_majors(check, {"2017": "G3"})
    shaded, others = _roads(check)
    themes = [
        Theme("parks", parks, _fill(style.PARK.colour)),
        Theme("squares", squares, _fill(style.SQUARE.colour, style.SQUARE.hatch)),
        Theme("shaded_roads", shaded, {**LINE, "color": style.VEGETATION}),
        Theme("other_roads", others, {"linewidth": 0.7, "color": "#a9a294"}),
    ]
    known = not has_layer(check, "roads") or "shaded" in check.layers["roads"].columns
    remarks = [] if known else [_say("no_shade", language)]
    return _sheet(
        check, ax, language, "park_map", themes, figures=("park_area_per_capita",), remarks=remarks
    )


def draw_centre_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw what the image shows green in the centre area, and the parcels where there is no image.

    Raises
    ------
    InputError
        The check holds no centre area.
    """
    centre = require_layer(check, "centre")
    ax = map_axes(ax)
    shapes = centre.geometry.to_numpy()
    entries: list[Entry] = []
    if check.picture is not None and check.crs is not None:
        draw_ground(ax, check.picture, check.crs)
        entries = ground_entries(None, language)
        entries += draw_lines(check, ax, language)
    else:
        entries = draw_backdrop(check, ax, language)
        green = _shapes(check, "green")
        entries.insert(0, _draw(ax, Theme("green", green, _fill(style.PARK.colour)), language))
    look = {"facecolor": "none", "edgecolor": "#1f4e8c", "linewidth": 2.2}
    entries.insert(0, _draw(ax, Theme("centre", shapes, look), language))
    ledger = next((item for item in check.ledgers if item.id == "centre_green"), None)
    told = []
    if ledger is not None:
        row = ledger.rows.iloc[0]
        text = map_word("centre_told", language)
        told = [
            text.format(
                ratio=show(row["ratio"], "1", language), cover=show(row["coverage"], "1", language)
            )
        ]
    furnish(check, ax, language, entries, title="centre_map", figures=(), remarks=told)
    west, south, east, north = centre.total_bounds
    canvas.frame(ax, (west, south, east, north), check.crs)
    return ax


def draw_tree_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw registered trees of 10 cm and more at breast height.

    Raises
    ------
    InputError
        The check holds no trees with a diameter.
    """
    trees = require_layer(check, "old_trees")
    sizes = _diameters(trees)
    thick = trees.geometry.to_numpy()[sizes >= TREE_CM]
    unknown = int(np.isnan(sizes).sum())
    themes = [Theme("trees", thick, {**POINT, "color": "#1e5a32"})]
    remarks = [_say("trees_note", language)]
    if unknown:
        remarks.append(_say("trees_unknown", language).format(count=unknown))
    return _sheet(check, ax, language, "tree_map", themes, remarks=remarks)


def draw_nature_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw rivers and lakes, and green land that is not urban: hills, forests, wetlands.

    Raises
    ------
    InputError
        The check holds no water.
    """
    water = require_layer(check, "water").geometry.to_numpy()
    wild = _of_majors(check, {"2017": "EG", "2002": "G5"})
    themes = [
        Theme("wild_green", wild, _fill(style.REGIONAL.colour, style.REGIONAL.hatch)),
        Theme("rivers", water, LAKES),
    ]
    return _sheet(check, ax, language, "nature_map", themes)


def draw_parking_map(check: Check, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw parking spaces.

    Raises
    ------
    InputError
        The check holds no parking spaces.
    """
    shapes = require_layer(check, "parking").geometry.to_numpy()
    themes = [Theme("parking", shapes, _fill("#7b6fae"))]
    return _sheet(check, ax, language, "parking_map", themes)


def _sheet(
    check: Check,
    ax: Axes | None,
    language: Language,
    title: str,
    themes: list[Theme],
    *,
    figures: tuple[str, ...] = (),
    remarks: list[str] | None = None,
) -> Axes:
    ax = map_axes(ax)
    image = check.picture if title in ON_IMAGE else None
    if image is not None and image.way is not None and check.crs is not None:
        draw_image(ax, image, check.crs)
        outline = draw_lines(check, ax, language)
        remarks = [*(remarks or []), _say("on_image", language).format(way=image.way.of(language))]
    else:
        outline = draw_backdrop(check, ax, language)
    if title == "nature_map":  # the waters are its theme, with an area of their own
        outline = [entry for entry in outline if entry[1] != word("water", language)]
    entries = [_draw(ax, theme, language) for theme in themes if len(theme.shapes)]
    furnish(
        check, ax, language, entries + outline, title=title, figures=figures, remarks=remarks or []
    )
    frame_map(check, ax, check.crs)
    return ax


def _draw(ax: Axes, theme: Theme, language: Language) -> Entry:
    """Draw a theme by what its shapes are; return its entry, with count and size."""
    kind = int(shapely.get_dimensions(theme.shapes).max(initial=0))
    name, count = map_word(theme.key, language), len(theme.shapes)
    if kind == 0:
        points = shapely.get_coordinates(theme.shapes)
        ax.plot(points[:, 0], points[:, 1], linestyle="none", zorder=9, **theme.look)
        label = map_word("entry_count", language).format(name=name, count=count)
        return (Line2D([], [], linestyle="none", **theme.look), label)
    if kind == 1:
        look = {key: value for key, value in theme.look.items() if key != "solid_capstyle"}
        canvas.lines(ax, theme.shapes, zorder=5, **look)
        length = f"{float(shapely.length(theme.shapes).sum()) / 1000:,.2f} km"
        label = map_word("entry_length", language).format(name=name, count=count, length=length)
        return (Line2D([], [], **theme.look), label)
    canvas.polygons(ax, theme.shapes, zorder=4, **theme.look)
    area = show(float(shapely.union_all(theme.shapes).area), "m2", language)
    label = word("legend_entry", language).format(name=name, count=count, area=area)
    return (canvas.patch(**theme.look), label)


def _fill(colour: str, hatch: str = "") -> dict[str, Any]:
    return {"facecolor": colour, "edgecolor": style.INK, "linewidth": 0.35, "hatch": hatch}


def _say(key: str, language: Language) -> str:
    return map_word(key, language)


def _shapes(check: Check, name: str) -> Shapes:
    if not has_layer(check, name):
        return np.array([], dtype=object)
    found: Shapes = check.layers[name].geometry.to_numpy()
    return found


def _of_majors(check: Check, wanted: dict[str, str]) -> Shapes:
    """Return the green parcels of one major class, which each edition codes in its own way."""
    edition = check.city.editions.get("green")
    if not has_layer(check, "green") or edition not in wanted:
        return np.array([], dtype=object)
    green = check.layers["green"]
    chosen = [major == wanted[edition] for major in style.majors(green, edition)]
    found: Shapes = green.geometry.to_numpy()[chosen]
    return found


def _roads(check: Check) -> tuple[Shapes, Shapes]:
    """Return shaded roads and the others; no road is called shaded unless it was measured."""
    shapes = _shapes(check, "roads")
    if "shaded" not in (check.layers["roads"].columns if len(shapes) else ()):
        return shapes[:0], shapes
    shaded = check.layers["roads"]["shaded"].eq(True).to_numpy()  # noqa: FBT003
    return shapes[shaded], shapes[~shaded]


def _diameters(trees: Any) -> NDArray[np.float64]:
    import pandas as pd

    if "dbh" not in trees.columns:
        return np.full(len(trees), np.nan)
    found: NDArray[np.float64] = pd.to_numeric(trees["dbh"], errors="coerce").to_numpy(float)
    return found
