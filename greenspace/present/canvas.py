"""Canvas: what every map carries besides its theme.

Question   Where is north, how long is a kilometre, and what is this a map of?
Enters     Axes, a CRS, sentences.
Leaves     The same Axes with frame, grid ticks, scale bar, north arrow, legend and notes.
Elsewhere  The theme: maps. Glyphs: fonts. Words: words.
"""

from __future__ import annotations

import textwrap
from math import cos, radians, sin
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib_scalebar.scalebar import ScaleBar
from pyproj import Proj, Transformer

from greenspace.present.fonts import chinese_font, drawable, font_file
from greenspace.present.style import FAINT, INK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from matplotlib.artist import Artist
    from matplotlib.text import Text as Drawn
    from pyproj import CRS

SHEET_INCHES: Final = (11.69, 8.27)
MAP_BOX: Final = (0.065, 0.10, 0.60, 0.76)
LONG_TITLE: Final = 44
MANY_ENTRIES: Final = 10
LETTERS: Final = ((12, 9.5), (15, 7.5), (19, 6.5), (10_000, 5.5))  # by entries, in points
ENTRY_A_LINE: Final = 0.6  # what a line adds: two of one entry stand closer than two entries
METRES_PER_DEGREE: Final = 111_320.0


class ShownAxes(Axes):
    """Axes that a notebook shows as a picture without any plotting state of its own."""

    def _repr_png_(self) -> bytes:
        from io import BytesIO

        page = BytesIO()
        figure = self.get_figure(root=True)
        assert figure is not None  # noqa: S101  - these Axes are only made by a figure
        figure.savefig(page, format="png", dpi=110)
        return page.getvalue()


def new_axes(size: tuple[float, float], place: tuple[float, float, float, float]) -> ShownAxes:
    """Return Axes on a figure of their own; no window, no global state."""
    figure = Figure(figsize=size, facecolor="white")
    FigureCanvasAgg(figure)
    ax = ShownAxes(figure, place)
    figure.add_axes(ax)
    return ax


def write(ax: Axes, x: float, y: float, text: str, *, size: float = 9, **style: Any) -> Drawn:
    """Write text in Axes coordinates, literally, in a font that has its glyphs."""
    return ax.text(
        x,
        y,
        drawable(text),
        transform=ax.transAxes,
        fontproperties=chinese_font(size),
        parse_math=False,
        usetex=False,
        clip_on=False,
        color=style.pop("color", INK),
        **style,
    )


def head(ax: Axes, title: str, lines: Sequence[str] = ()) -> None:
    """Write a title above the map, smaller lines below it."""
    size = 16 if len(title) <= LONG_TITLE else 11
    write(ax, 0.0, 1.03 + 0.036 * len(lines), title, size=size, va="bottom")
    for place, line in enumerate(reversed(lines)):
        write(ax, 0.0, 1.018 + 0.036 * place, line, size=10, color=FAINT, va="bottom")


def warn(ax: Axes, text: str, *, wide: bool) -> None:
    """Write a banner below the map; `wide` characters take two columns each."""
    wrapped = textwrap.fill(text, 56 if wide else 108)
    look = {"facecolor": "#fff3cd", "edgecolor": "#d9b44a", "boxstyle": "square,pad=0.4"}
    write(ax, 0.005, -0.065, wrapped, size=8.5, color="#6b4a00", va="top", bbox=look)


def legend(ax: Axes, entries: Sequence[tuple[Artist, str]], title: str) -> None:
    """Set the legend beside the map; the first column of the sheet's side."""
    lines = sum(label.count("\n") + 1 for _, label in entries)
    crowd = max(len(entries), lines * ENTRY_A_LINE)
    size = next(points for most, points in LETTERS if crowd <= most)
    drawn = ax.legend(
        [handle for handle, _ in entries],
        [drawable(label) for _, label in entries],
        loc="upper left",
        bbox_to_anchor=(1.03, 1.0),
        borderaxespad=0.0,
        frameon=False,
        prop=chinese_font(size),
        title=drawable(title),
        title_fontproperties=chinese_font(11),
        alignment="left",
        labelspacing=0.9 if len(entries) <= MANY_ENTRIES else 0.45,
        handlelength=2.2,
        handleheight=1.3,
    )
    for text in [*drawn.get_texts(), drawn.get_title()]:
        text.set_parse_math(False)
        text.set_linespacing(1.4)


def legend_inside(ax: Axes, entries: Sequence[tuple[Artist, str]]) -> None:
    """Set a small legend on the map itself, where it hides least."""
    drawn = ax.legend(
        [handle for handle, _ in entries],
        [drawable(label) for _, label in entries],
        loc="lower right",
        prop=chinese_font(7),
        framealpha=0.85,
        handlelength=1.6,
        labelspacing=0.4,
    )
    drawn.set_zorder(14)
    for text in drawn.get_texts():
        text.set_parse_math(False)


def notes(ax: Axes, lines: Sequence[str]) -> None:
    """Write source, date and CRS at the foot of the sheet's side."""
    write(ax, 1.03, 0.0, "\n".join(lines), size=8, color=FAINT, va="bottom", linespacing=1.5)


def polygons(ax: Axes, shapes: Iterable[Any], **style: Any) -> None:
    """Draw polygons, holes left open; anything else is passed over."""
    paths = [path for shape in shapes if (path := _path(shape)) is not None]
    if paths:
        collection = PathCollection(paths, **style)
        ax.add_collection(collection, autolim=False)


def lines(ax: Axes, shapes: Iterable[Any], **style: Any) -> None:
    """Draw lines; anything else is passed over."""
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    if len(parts):
        paths = [shapely.get_coordinates(part) for part in parts]
        ax.add_collection(LineCollection(paths, **style), autolim=False)


def points(ax: Axes, shapes: Iterable[Any], **style: Any) -> None:
    """Draw a mark at each point; anything else is passed over."""
    parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
    parts = parts[(shapely.get_type_id(parts) == 0) & ~shapely.is_empty(parts)]
    marks = Line2D(shapely.get_x(parts), shapely.get_y(parts), **style)
    marks.set_transform(ax.transData)
    ax.add_artist(marks)


def frame(ax: Axes, bounds: tuple[float, float, float, float], crs: CRS | None) -> None:
    """Show these bounds and a margin, with grid ticks, scale bar and north arrow."""
    west, south, east, north = bounds
    degrees = crs is not None and crs.is_geographic
    stretch = 1 / max(cos(radians((south + north) / 2)), 0.01) if degrees else 1.0
    box = _box_ratio(ax)
    height = 1.08 * max(north - south, (east - west) * box / stretch, 1e-9)
    width = height * stretch / box
    ax.set_xlim((west + east - width) / 2, (west + east + width) / 2)
    ax.set_ylim((south + north - height) / 2, (south + north + height) / 2)
    ax.set_aspect(stretch, adjustable="box")
    _grid_ticks(ax, degrees=degrees)
    dx = METRES_PER_DEGREE / stretch if degrees else 1.0
    bar = ScaleBar(
        dx,
        units="m",
        location="lower left",
        box_alpha=0.85,
        color=INK,
        font_properties={"fname": str(font_file()), "size": 9},
        border_pad=0.6,
        width_fraction=0.008,
    )
    bar.set_zorder(15)
    ax.add_artist(bar)
    _north_arrow(ax, grid_angle((west + east) / 2, (south + north) / 2, crs))


def grid_angle(x: float, y: float, crs: CRS | None) -> float:
    """Return by how many degrees true north lies clockwise of the grid's north.

    Zero for geographic and for local systems, whose north is not known to differ.

    Examples
    --------
    >>> from pyproj import CRS
    >>> round(grid_angle(571_000, 3_441_000, CRS.from_epsg(4547)), 2)  # east of 114 E
    -0.38
    """
    if crs is None or not crs.is_projected:
        return 0.0
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    longitude, latitude = to_degrees.transform(x, y)
    if not np.isfinite([longitude, latitude]).all():
        return 0.0
    convergence = Proj(crs).get_factors(longitude, latitude).meridian_convergence
    return -float(convergence) if np.isfinite(convergence) else 0.0


def patch(**style: Any) -> Patch:
    """Return a sample for the legend."""
    return Patch(**style)


def _path(shape: Any) -> Path | None:
    rings = shapely.get_rings(shapely.get_parts(_polygonal(shape)))
    if not len(rings):
        return None
    corners = [shapely.get_coordinates(ring) for ring in rings]
    codes = []
    for ring in corners:
        code = np.full(len(ring), Path.LINETO, dtype=Path.code_type)
        code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
        codes.append(code)
    return Path(np.concatenate(corners), np.concatenate(codes))


def _polygonal(shape: Any) -> Any:
    """Turn rings so that shells and holes wind apart, which leaves the holes open."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        parts = shapely.get_parts(parts)
    kinds = shapely.get_type_id(parts)
    parts = shapely.get_parts(parts[np.isin(kinds, (3, 6))])
    return shapely.multipolygons(shapely.orient_polygons(parts[~shapely.is_empty(parts)]))


def _grid_ticks(ax: Axes, *, degrees: bool) -> None:
    def label(value: float, _: int) -> str:
        return f"{value:.3f}°" if degrees else f"{value:.0f}"

    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(label))
    ax.tick_params(labelsize=7.5, colors=FAINT, direction="out", length=3)
    ax.tick_params(axis="y", labelrotation=90)
    ax.grid(visible=True, color="#ffffff", linewidth=0.6, alpha=0.8)
    ax.set_axisbelow(True)
    for spine in ax.spines.values():
        spine.set(color=INK, linewidth=0.8)


def _box_ratio(ax: Axes) -> float:
    """Return height over width of the Axes on paper."""
    figure = ax.get_figure(root=True)
    width, height = (1.0, 1.0) if figure is None else figure.get_size_inches()
    box = ax.get_position(original=True)
    return float(box.height * height / max(box.width * width, 1e-9))


def _north_arrow(ax: Axes, clockwise: float) -> None:
    """Point to true north from the upper right corner of the map."""
    turn = radians(clockwise)
    base, length = (0.945, 0.895), 0.045
    ratio = _box_ratio(ax)
    tip = (base[0] + length * sin(turn) * ratio, base[1] + length * cos(turn))
    tail = (base[0] - length * sin(turn) * ratio, base[1] - length * cos(turn))
    halo = FancyBboxPatch(
        (base[0] - 0.028 * ratio, base[1] - length),
        0.056 * ratio,
        2 * length + 0.045,
        boxstyle="round,pad=0.006",
        transform=ax.transAxes,
        facecolor="white",
        edgecolor="none",
        alpha=0.85,
        zorder=15,
    )
    ax.add_patch(halo)
    ax.annotate(
        "",
        xy=tip,
        xytext=tail,
        xycoords="axes fraction",
        textcoords="axes fraction",
        arrowprops={"arrowstyle": "-|>,head_length=0.7,head_width=0.3", "color": INK, "lw": 1.6},
        zorder=16,
    )
    write(ax, tip[0], tip[1] + 0.008, "N", size=10, ha="center", va="bottom", zorder=16)
