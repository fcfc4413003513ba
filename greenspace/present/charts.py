"""Charts: one number as a bar, many as a shaded map.

Question   How does a Ratio or a RatioTable look at a glance?
Enters     The value; Axes of the caller's own, if any.
Leaves     The Axes; a notebook shows them by themselves.
Elsewhere  The maps of a whole check: maps. Frame and legend: canvas.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from greenspace.present import canvas, style
from greenspace.present.display import UNDEFINED, half_units, show
from greenspace.present.fonts import chinese_font, drawable
from greenspace.present.words import WORDS, both, clean, indicator_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from greenspace.model.quantity import Ratio, RatioTable

RAMP: Final = "YlGn"
LABELS_SHOWN: Final = 60
LONGEST_LABEL: Final = 18
BAR_INCHES: Final = (7.2, 1.9)
TABLE_INCHES: Final = (8.0, 6.2)


def draw_ratio(ratio: Ratio, ax: Axes | None = None) -> Axes:
    """Draw a share as a bar of its whole, any other number as its two halves in words."""
    if ax is None:
        ax = canvas.new_axes(BAR_INCHES, (0.05, 0.28, 0.90, 0.30))
    name = both(indicator_name(ratio.indicator))
    place = f" · {clean(ratio.place)}" if ratio.place else ""
    value = show(ratio.value, ratio.unit, "en")
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    canvas.write(ax, 0.0, 1.15, f"{name}{place}  {value}", size=13, va="bottom")
    if ratio.reason is not None:
        canvas.write(ax, 0.0, 0.5, both(ratio.reason), size=10, va="center")
        return ax
    if ratio.unit == "1":
        _bar(ax, ratio)
    above, below = half_units(ratio)
    halves = f"{_half(ratio.numerator, above)} / {_half(ratio.denominator, below)}"
    if ratio.unseen:
        halves += f"  ({WORDS['unseen'].zh} {WORDS['unseen'].en}: {show(ratio.unseen, 'm2', 'en')})"
    height = -0.18 if ratio.unit == "1" else 0.5
    canvas.write(ax, 0.0, height, halves, size=10, color=style.FAINT, va="top")
    return ax


def draw_ratio_table(table: RatioTable, ax: Axes | None = None) -> Axes:
    """Shade the zones by value; those without a value are hatched."""
    if ax is None:
        ax = canvas.new_axes(TABLE_INCHES, (0.09, 0.08, 0.72, 0.80))
    frame = table.to_frame()
    shapes = frame.geometry.to_numpy()
    values = frame["value"].to_numpy(dtype=float)
    ramp = mpl.colormaps[RAMP]
    scale = _scale(values)
    for shape, value in zip(shapes, values, strict=True):
        if isnan(value):
            canvas.polygons(ax, [shape], facecolor="#eeeeee", edgecolor=style.FAINT, hatch="xxx")
        else:
            canvas.polygons(ax, [shape], facecolor=ramp(scale(value)), edgecolor=style.INK, lw=0.5)
    title = both(indicator_name(table.indicator))
    canvas.write(ax, 0.0, 1.03, title, size=13, va="bottom")
    if len(frame):
        canvas.frame(ax, _bounds(shapes), frame.crs)
    if not np.isnan(values).all():
        _colour_bar(ax, table, scale)
    labels = frame["name"] if "name" in frame.columns else frame.index
    if len(frame) <= LABELS_SHOWN:
        _labels(ax, table, shapes, [clean(label) for label in labels], scale)
    return ax


def shorten(name: str) -> str:
    """Return a name that fits into a zone.

    Examples
    --------
    >>> shorten("a" * 40)
    'aaaaaaaaaaaaaaaaa…'
    """
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"


def _bar(ax: Axes, ratio: Ratio) -> None:
    whole, part = (0.5, 1.0), (0.5, min(ratio.value, 1.0))
    look: dict[str, Any] = {"height": 0.8, "clip_on": False}
    ax.barh(*whole, color=style.GROUND, edgecolor=style.FAINT, linewidth=0.6, **look)
    ax.barh(*part, color=style.VEGETATION, **look)
    if ratio.unseen:
        low, high = ratio.bounds
        ax.plot([low, high], [0.5, 0.5], color=style.INK, linewidth=2.5, solid_capstyle="butt")


def _half(value: float, unit: str) -> str:
    return show(value, unit, "en") if unit else f"{value:,.2f}"


def _scale(values: NDArray[np.float64]) -> Normalize:
    known = values[~np.isnan(values)]
    if not known.size:
        return Normalize(0, 1)
    low, high = float(known.min()), float(known.max())
    spread = (high - low) or abs(high) or 1.0
    return Normalize(low - 0.15 * spread, high + 0.25 * spread)


def _bounds(shapes: NDArray[np.object_]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(shapes)
    return (float(west), float(south), float(east), float(north))


def _colour_bar(ax: Axes, table: RatioTable, scale: Normalize) -> None:
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    side = ax.inset_axes((1.04, 0.0, 0.035, 0.6))
    bar = figure.colorbar(ScalarMappable(scale, RAMP), cax=side)
    unit = table.unit
    bar.ax.yaxis.set_major_formatter(lambda value, _: show(value, unit, "en"))
    for text in bar.ax.get_yticklabels():
        text.set_parse_math(False)
    bar.ax.tick_params(labelsize=8, colors=style.FAINT)
    bar.outline.set_linewidth(0.5)


def _labels(
    ax: Axes,
    table: RatioTable,
    shapes: NDArray[np.object_],
    names: list[str],
    scale: Normalize,
) -> None:
    """Write name and value inside each zone, in ink that stands out from its shade."""
    values = table.value.to_numpy()
    for shape, name, value in zip(shapes, names, values, strict=True):
        if shape is None or shape.is_empty:
            continue
        spot = shape.representative_point()
        shown = UNDEFINED if isnan(value) else show(value, table.unit, "en")
        dark = not isnan(value) and float(scale(value)) > 0.6  # noqa: PLR2004
        ax.text(
            spot.x,
            spot.y,
            drawable(f"{shorten(name)}\n{shown}"),
            fontproperties=chinese_font(8),
            parse_math=False,
            usetex=False,
            ha="center",
            va="center",
            color="white" if dark else style.INK,
            clip_on=True,
            zorder=12,
        )
