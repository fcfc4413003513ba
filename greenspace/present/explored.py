"""Explored: tables of zones and green lines as interactive pages for a notebook.

Question   How do these numbers lie on the map, and what is the zone under the pointer called?
Enters     A RatioTable or GreenLines, and geopandas' words for what to show.
Leaves     A page that shows itself, with the exact numbers beside the shown ones.
Elsewhere  The map of a whole check: interactive. The page: interactive_page.

`geopandas.GeoDataFrame.explore` draws on tiles from the network by a package of its own; a page here
needs neither, since offices work without a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib.colors import to_hex

from greenspace.errors import ColumnError, GeometryError, InputError
from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.page import Page
from greenspace.model.words import Text
from greenspace.present.display import half_units, show, shown_unit
from greenspace.present.interactive_layers import counted, sizes
from greenspace.present.interactive_numbers import exact
from greenspace.present.interactive_page import page_html
from greenspace.present.interactive_view import Fact, Ramp, View, ViewLayer
from greenspace.present.interactive_words import page_word
from greenspace.present.ledgers import is_nothing
from greenspace.present.record import crs_name
from greenspace.present.style import INK, UNSEEN
from greenspace.present.words import clean, indicator_name, layer_name, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.colors import Colormap
    from pyproj import CRS

    from greenspace.model.green_line import GreenLines
    from greenspace.model.ratio_table import RatioTable
    from greenspace.model.words import Language

NAMED = ("name", "NAME", "Name", "名称")
TOLD = ("value", "numerator", "denominator", "unseen", "low", "high")
GREEN_LINE = "#00843d"


def explore_ratio_table(
    table: RatioTable,
    column: str = "value",
    *,
    tooltip: bool | str | int | Sequence[str] | None = True,
    cmap: str | Colormap = "Greens",
    language: Language = "zh",
) -> Page:
    """Return the zones of a table, shaded by one column."""
    frame = table.to_frame()
    _require_shapes(frame)
    words = frame.drop(columns=frame.geometry.name)
    chosen = _chosen(words, tooltip)
    values = _numbers(words, column)
    units = _units(table)
    colours, ramp = _shades(values, cmap, units.get(column, ""), language)
    title = indicator_name(table.indicator).of(language)
    spoken = clean(title if column == "value" else f"{title} · {column}")
    layer = ViewLayer(
        key="zones",
        title=word("zone", language),
        shapes=frame.geometry.to_numpy(),
        look={"fill_color": colours, "line_color": INK, "line_width": 0.8, "fill_alpha": 0.85},
        names=_names(frame),
        facts=[_fact(name, words[name].tolist(), units, language) for name in chosen],
    )
    view = View(
        title=spoken, layers=[layer], crs=frame.crs, ramp=ramp, notes=_notes(frame.crs, language)
    )
    return Page(page_html(view, language))


def explore_green_lines(lines: GreenLines, *, language: Language = "zh") -> Page:
    """Return the lines of each status in its line type, with number, kind, area and length."""
    layers = []
    for status, known in STATUSES.items():
        frame = lines.of(status)
        if frame.empty:
            continue
        shapes = frame.geometry.to_numpy()
        size = sizes(shapes, language)
        length = Fact(
            label=page_word("length", language),
            shown=[show(float(value), "m", language) for value in frame["length_m"]],
            exact=[f"{exact(value)} m" for value in frame["length_m"]],
        )
        kinds = [
            CATEGORIES[key].of(language) if key in CATEGORIES else clean(key)
            for key in frame["category"]
        ]
        facts = [
            Fact(label=page_word("kind", language), shown=kinds),
            Fact(
                label=page_word("class", language), shown=[clean(each) for each in frame["class"]]
            ),
            *([] if size is None else [size]),
            length,
        ]
        area = show(float(frame["area_m2"].sum()), "m2", language)
        layers.append(
            ViewLayer(
                key=f"lines_{status}",
                title=known.title.of(language),
                shapes=shapes,
                look={
                    "fill_color": GREEN_LINE,
                    "fill_alpha": 0.12,
                    "line_color": GREEN_LINE,
                    "line_width": 2.4,
                    "line_dash": known.line,
                },
                names=[
                    clean(f"{number} {name}")
                    for number, name in zip(frame["number"], frame["name"], strict=True)
                ],
                facts=facts,
                told=counted(len(frame), area, "lines", language),
            )
        )
    title = layer_name("green_lines", language)
    view = View(title=title, layers=layers, crs=lines.crs, notes=_notes(lines.crs, language))
    return Page(page_html(view, language))


def _require_shapes(frame: pd.DataFrame) -> None:
    """Refuse zones that lie nowhere: rows of a plain table, or none with a shape."""
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry.to_numpy()
        if not (shapely.is_missing(shapes) | shapely.is_empty(shapes)).all():
            return
    raise GeometryError(
        "各区没有图形，不能画成地图。",
        "The zones have no shapes to draw on a map.",
        remedy=Text(
            "请用带几何的区域（GeoDataFrame）计算。", "Measure zones that are a GeoDataFrame."
        ),
        expected="GeoDataFrame",
        found=type(frame).__name__,
    )


def _chosen(
    words: pd.DataFrame,
    tooltip: str | int | Sequence[str] | bool | None,  # noqa: FBT001
) -> list[str]:
    """Return the columns that are told, as geopandas reads the word."""
    names = [str(name) for name in words.columns]
    if tooltip is None or isinstance(tooltip, bool):
        return names if tooltip else []
    if isinstance(tooltip, int):
        return names[:tooltip]
    asked = [tooltip] if isinstance(tooltip, str) else list(tooltip)
    for name in asked:
        _require(words, name)
    return asked


def _require(words: pd.DataFrame, name: str) -> None:
    if name not in words.columns:
        raise ColumnError(
            f"表中没有字段 {name}。",
            f"The table has no column {name}.",
            expected=[str(each) for each in words.columns],
            found=name,
        )


def _numbers(words: pd.DataFrame, column: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    _require(words, column)
    if not pd.api.types.is_numeric_dtype(words[column]):
        raise ColumnError(
            f"字段 {column} 不是数值，不能按它着色。",
            f"The column {column} holds no numbers to shade zones by.",
            expected="a column of numbers",
            found=str(words[column].dtype),
        )
    return words[column].to_numpy(float)


def _shades(
    values: np.ndarray[Any, np.dtype[np.float64]],
    cmap: str | Colormap,
    unit: str,
    language: Language,
) -> tuple[list[str], Ramp | None]:
    """Return a colour for each value, grey where there is none, and what the colours mean."""
    if isinstance(cmap, str) and cmap not in mpl.colormaps:
        raise InputError(
            f"没有名为 {cmap} 的色带。",
            f"There is no colour map called {cmap}.",
            remedy=Text("请用 matplotlib 的色带名。", "Take a name that matplotlib knows."),
            expected="a colour map of matplotlib",
            found=cmap,
        )
    colours = mpl.colormaps[cmap] if isinstance(cmap, str) else cmap
    known = np.isfinite(values)
    if not known.any():
        return [UNSEEN] * len(values), None
    low, high = float(values[known].min()), float(values[known].max())
    shares = np.divide(values - low, high - low) if high > low else np.full(len(values), 0.5)
    found = [to_hex(colours(share)) if np.isfinite(share) else UNSEEN for share in shares]
    steps = [to_hex(colours(share)) for share in np.linspace(0, 1, 6)]
    return found, Ramp(
        colours=steps,
        low=show(low, unit, language),
        high=show(high, unit, language),
        none="" if known.all() else UNSEEN,
    )


def _units(table: RatioTable) -> Mapping[str, str]:
    """Return the unit of each column that a table of ratios adds."""
    unit = shown_unit(table.indicator, table.unit)
    above, below = half_units(table.ratio(0)) if len(table) else ("", "")
    parts = ("value", "low", "high", "estimate", "interval_low", "interval_high")
    return dict.fromkeys(parts, unit) | {
        "numerator": above,
        "denominator": below,
        "unseen": "m2",
    }


def _fact(name: str, values: list[Any], units: Mapping[str, str], language: Language) -> Fact:
    """Return a column: numbers of the table with their unit, whatever else as it stands."""
    if name not in units:
        shown = ["" if is_nothing(value) else clean(value) for value in values]
        return Fact(label=clean(name), shown=shown)
    return Fact(
        label=page_word(name, language) if name in TOLD else clean(name),
        shown=[show(float(value), units[name], language) for value in values],
        exact=[exact(float(value)) for value in values],
    )


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    found = next((name for name in NAMED if name in frame.columns), None)
    values = frame.index if found is None else frame[found]
    return ["" if is_nothing(value) else clean(value) for value in values]


def _notes(crs: CRS | None, language: Language) -> list[str]:
    name = crs_name(crs) or word("date_unknown", language)
    return [word("crs_of_map", language).format(name=clean(name))]
