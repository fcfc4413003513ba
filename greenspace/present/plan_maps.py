"""Plan maps: the green lines of a city as a planner hands them in.

Question   Which ground does each line enclose, of which kind and status, and what is its number?
Enters     GreenLines, with their control points where there are any.
Leaves     A Theme: fills by category, line types by status, numbers that never overlap.
Elsewhere  Line types and categories: model/green_line. Placing numbers: plan_labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Transformer

from greenspace.errors import InputError
from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.words import Text
from greenspace.present import style
from greenspace.present.looks import Look, looks_of
from greenspace.present.map_base import source_names
from greenspace.present.plan_labels import Labels
from greenspace.present.theme import LegendRow, SheetFacts, Theme
from greenspace.present.theme_words import THEME_WORDS, theme_word
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas as gpd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.city import City
    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line import GreenLines
    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

    Floats = NDArray[np.float64]

UPWARDS: Final = ("control", "planned", "existing")
GIVEN: Final = ("green", "planned", "control", "trees")
MOST_LETTERS: Final = 24
BESIDE: Final = Look(colour="#ecebe6", edge="#b5b2a8", width=0.3)


def enclosed_roles(city: City) -> tuple[str, ...]:
    """Return the layers of a city that its lines are drawn around: parks only without green."""
    base = "green" if city.layers.get("green") is not None else "parks"
    return base, "planned_green", "ecological_control", "old_trees"


def green_line_theme(
    lines: GreenLines,
    points: ControlPoints | None = None,
    *,
    city: str = "",
    date: date | None = None,
    report: Mapping[str, str] | None = None,
    sources: tuple[str | Text, ...] = (),
    beside: NDArray[np.object_] | None = None,
) -> Theme:
    """Return the green-line plan.

    Parameters
    ----------
    beside
        Ground of other lines, drawn behind in grey: no row of the legend counts it.

    Raises
    ------
    InputError
        There is no line.
    """
    frame = lines.lines
    if frame.empty:
        raise InputError(
            "没有绿线，无法绘制绿线图。",
            "There is no green line to draw.",
            remedy=Text("请先划定绿线。", "Delimit green lines first: gs.green_lines."),
            layer="green_lines",
        )

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        ax.set_facecolor("#fbfaf6")
        looks = looks_of("green_line", palette)
        if beside is not None and len(beside):
            BESIDE.draw(ax, beside, zorder=1)
        rows = _outlines(frame, ax, looks, language) + _fills(frame, ax, looks, language)
        labels = Labels(ax, theme_word("not_labelled", language))
        _write_numbers(frame, labels)
        if points is not None:
            places = _places(points, lines)
            rows.append(_control_points(points, places, labels, looks["point"], language))
        if beside is not None and len(beside):
            label = theme_word("lines_beside", language)
            rows.append(LegendRow(handle=BESIDE.sample(), label=label))
        return rows

    facts = SheetFacts(
        city=clean(city),
        title=THEME_WORDS["green_line_plan"],
        date=date,
        sources=sources or source_names(lines.sources, GIVEN),
        crs=lines.crs,
        standard=THEME_WORDS["green_line_rule"],
        report=report or {},
    )
    west, south, east, north = map(float, frame.total_bounds)
    return Theme(key="green_line", facts=facts, bounds=(west, south, east, north), draw=draw)


def _outlines(
    frame: gpd.GeoDataFrame, ax: Axes, looks: Mapping[str, Look], language: Language
) -> list[LegendRow]:
    """Draw the lines of each status, an edge that two of them share once."""
    rows = []
    for order, status in enumerate(UPWARDS):
        own = frame.geometry[frame["status"] == status].to_numpy()
        if len(own):
            edges = shapely.line_merge(shapely.union_all(shapely.boundary(own)))
            sample = looks[status].draw(ax, [edges], zorder=6 + order)
            label = STATUSES[status].title.of(language)
            rows.append(_row(sample, label, own, "line"))
    return rows[::-1]


def _fills(
    frame: gpd.GeoDataFrame, ax: Axes, looks: Mapping[str, Look], language: Language
) -> list[LegendRow]:
    """Draw the ground of each category; what exists lies above what is planned."""
    shapes = frame.geometry.to_numpy()
    status, category = (frame[name].to_numpy(dtype=object) for name in ("status", "category"))
    rows = []
    for key, title in CATEGORIES.items():
        own = category == key
        if not own.any():
            continue
        for order, each in enumerate(UPWARDS):
            look = looks[key]
            sample = look.draw(ax, shapes[own & (status == each)], zorder=2 + order)
        rows.append(_row(sample, title.of(language), shapes[own]))
    return rows


def _row(sample: Artist, label: str, shapes: NDArray[np.object_], of: str = "place") -> LegendRow:
    area = float(shapely.union_all(shapes).area)
    count = len(shapes)
    return LegendRow(handle=sample, label=label, count=count, area_m2=area, of=of, shapes=shapes)


def shorten(number: str) -> str:
    """Return a number as it can stand on a map; of a very long one its beginning.

    Examples
    --------
    >>> shorten("L001"), shorten("L" * 300)
    ('L001', 'LLLLLLLLLLLLLLLLLLLLLLL…')
    """
    return number if len(number) <= MOST_LETTERS else f"{number[: MOST_LETTERS - 1]}…"


def _write_numbers(frame: gpd.GeoDataFrame, labels: Labels) -> None:
    """Write the number of each line in it, the largest first."""
    order = np.argsort(-frame.geometry.area.to_numpy(), kind="stable")
    places = shapely.get_coordinates(shapely.point_on_surface(frame.geometry.to_numpy()))
    words = [shorten(clean(frame["number"].iloc[row])) for row in order]
    labels.add(places[order], words, size=6.5, colour=style.INK)


def _places(points: ControlPoints, lines: GreenLines) -> Floats:
    """Return the control points as x to the east and y to the north, in the CRS of the lines."""
    if points.plane == lines.crs:
        return points.places
    way = Transformer.from_crs(points.plane, lines.crs, always_xy=True)
    return np.column_stack(way.transform(*points.places.T))


def _control_points(
    points: ControlPoints, places: Floats, labels: Labels, look: Look, language: Language
) -> LegendRow:
    """Draw the control points, and their numbers, where the scale keeps them apart."""
    edges = points.courses["edge_m"].to_numpy(dtype=float)
    words = [str(number) for number in points.points["point"]]
    labels.mark(places, words, look, float(np.median(edges)) if len(edges) else 0.0)
    return LegendRow(
        handle=look.sample(),
        label=theme_word("control_points", language),
        count=len(places),
        of="point",
        shapes=shapely.points(places),
    )
