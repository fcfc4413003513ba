"""Sheet frame: any theme as a sheet on paper.

Question   How does a map become a sheet that a planner can hand in?
Enters     A theme, a paper, a scale, a language and a palette.
Leaves     A figure in mm: map at its scale, grid, north, scale bar, legend, title block, notes.
Elsewhere  Layout: paper. Scales: printed_scale. Files: map_file. Many sheets: atlas.
"""

from __future__ import annotations

from math import ceil, cos, floor, log10, radians, sin
from typing import TYPE_CHECKING, Any, Final

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text as Drawn
from matplotlib.transforms import Bbox
from matplotlib_scalebar.scalebar import ScaleBar

from greenspace.present.canvas import grid_angle
from greenspace.present.fonts import chinese_font, font_file
from greenspace.present.lettering import fitted, literal, width_mm, wrapped
from greenspace.present.paper import LINE, MARGIN, Box
from greenspace.present.pen import Pen
from greenspace.present.printed_scale import plan_sheet, show_scale
from greenspace.present.sheet_legend import draw_legend
from greenspace.present.style import FAINT, INK
from greenspace.present.title_block import draw_block, draw_notes, set_notes, share_column
from greenspace.present.words import clean

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from greenspace.model.words import Language
    from greenspace.present.printed_scale import Plan
    from greenspace.present.theme import Palette, Theme

SPACING: Final = 14.0  # between grid lines, in sizes of the letters, at least
KILOMETRE: Final = 1000.0
CROSS: Final = 0.5  # half of a grid cross
CROSSES: Final = 10.2  # above ground, below what is written on it
ABOVE: Final = 20  # of everything that themes draw


def draw_sheet(
    theme: Theme,
    *,
    size: str = "A3",
    landscape: bool | None = None,
    scale: float | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
    page: tuple[int, int] = (1, 1),
    dots: bool = False,
) -> Figure:
    """Draw a theme as a sheet whose scale is true on paper.

    Parameters
    ----------
    theme
        What is drawn, with its facts.
    size, landscape
        A0 to A4, and which way it lies; ``None``: the way that shows the ground larger.
    scale
        The denominator, as 10000 of 1:10 000; ``None``: the largest round scale that shows it all.
    palette
        ``"safe"`` for colours that are told apart without colour vision.
    page
        Number of the sheet, and of how many.
    dots
        Whether what is mapped may be smaller than 10 mm on paper.

    Raises
    ------
    CrsError
        The CRS has degrees, is unknown, or is no plane on which a scale holds.
    InputError
        The paper or the scale does not suit what is to be shown.
    """
    plan = plan_theme(
        theme, size=size, landscape=landscape, scale=scale, language=language, dots=dots
    )
    layout = plan.layout
    pen = Pen(layout.width, layout.height)
    ax = _map_axes(pen, plan)
    rows = theme.draw(ax, language, palette)
    _settle(ax, plan)
    pen.box(
        Box(MARGIN, MARGIN, layout.width - 2 * MARGIN, layout.height - 2 * MARGIN), linewidth=1.2
    )
    _title(pen, theme, plan, language)
    _grid(pen, ax, plan)
    _scale_bar(ax, plan)
    _north(pen, ax, theme, plan)
    notes = set_notes(theme.facts, plan, language)
    legend, side = share_column(layout, notes)
    for box in (legend, side):
        pen.box(box)
    draw_legend(pen, ax, rows, legend, layout.letter, language)
    draw_notes(pen, notes, side)
    draw_block(pen, theme.facts, plan, language, page)
    return pen.figure


def plan_theme(
    theme: Theme,
    *,
    size: str,
    landscape: bool | None,
    scale: float | None,
    language: Language,
    dots: bool = False,
) -> Plan:
    """Return the plan of a theme's sheet without drawing it."""
    told = theme.facts.banner
    return plan_sheet(
        theme.bounds,
        theme.facts.crs,
        size=size,
        landscape=landscape,
        scale=scale,
        banner="" if told is None else told.of(language),
        dots=dots,
    )


def sheet_title(theme: Theme, language: Language) -> str:
    """Return the title of a sheet: the city and what is shown."""
    return f"{clean(theme.facts.city)} {clean(theme.facts.title.of(language))}".strip()


def _map_axes(pen: Pen, plan: Plan) -> Axes:
    box, layout = plan.layout.map, plan.layout
    place = (
        box.x / layout.width,
        box.y / layout.height,
        box.width / layout.width,
        box.height / layout.height,
    )
    ax = Axes(pen.figure, place)
    pen.figure.add_axes(ax)
    _hold(ax, plan)
    return ax


def _hold(ax: Axes, plan: Plan) -> None:
    """Set the limits: they are as wide for their height as the box, which stays as it is."""
    west, south, east, north = plan.ground
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect(1.0, adjustable="box")
    ax.set_xticks([])
    ax.set_yticks([])


def _settle(ax: Axes, plan: Plan) -> None:
    """Take back what a theme may have changed: limits, and words that are no plain words."""
    _hold(ax, plan)
    for spine in ax.spines.values():
        spine.set(color=INK, linewidth=0.9)
    for text in ax.findobj(Drawn):
        text.set_parse_math(False)
        text.set_text("\n".join(literal(line) for line in text.get_text().split("\n")))
        font = text.get_fontproperties()
        if font.get_file() is None:
            text.set_fontproperties(chinese_font(font.get_size_in_points()))
    for text in ax.texts:
        text.set_clip_path(ax.patch)
        text.set_clip_on(True)


def _title(pen: Pen, theme: Theme, plan: Plan, language: Language) -> None:
    layout, em = plan.layout, plan.layout.em
    box = layout.title
    text, size = fitted(
        sheet_title(theme, language),
        2.0 * layout.letter,
        box.width - 2 * em,
        least=layout.letter,
    )
    pen.write(box.x + box.width / 2, box.y + 1.1 * em, text, size, ha="center")
    told = theme.facts.banner
    if told is None:
        return
    banner = layout.banner
    shown = Box(banner.x + em, banner.y, banner.width - 2 * em, banner.height)
    pen.box(shown, facecolor="#fff3cd", edgecolor="#d9b44a")
    lines = wrapped(told.of(language), layout.letter, banner.width - 3 * em, most=4)
    y = banner.top - 1.4 * em
    for line in lines:
        pen.write(banner.x + 1.5 * em, y, line, layout.letter, color="#6b4a00")
        y -= LINE * em


def grid_step(plan: Plan) -> float:
    """Return the round distance in units of the CRS between two lines of the grid."""
    least = SPACING * plan.layout.em / 1000 * plan.scale / plan.unit
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))


def _grid(pen: Pen, ax: Axes, plan: Plan) -> None:
    """Draw crosses where round coordinates meet, and write the coordinates along the frame."""
    em, box, size = plan.layout.em, plan.layout.map, 0.78 * plan.layout.letter
    west, south, east, north = plan.ground
    step = grid_step(plan)
    xs, ys = _rounds(west, east, step), _rounds(south, north, step)
    per_mm = plan.scale / 1000 / plan.unit
    half = CROSS * em * per_mm
    crosses = [
        arm
        for x in xs
        for y in ys
        for arm in ([(x - half, y), (x + half, y)], [(x, y - half), (x, y + half)])
    ]
    ax.add_collection(
        LineCollection(
            crosses,
            colors=INK,
            linewidths=0.35,
            zorder=CROSSES,
            path_effects=[withStroke(linewidth=1.1, foreground="white")],
        ),
        autolim=False,
    )
    tick = 0.45 * em
    marks = []
    for x in xs:
        at = box.x + (x - west) / per_mm
        marks += [[(at, box.y), (at, box.y - tick)], [(at, box.top), (at, box.top + tick)]]
        label = f"{x:.0f}"
        half_wide = width_mm(label, size) / 2
        if box.x < at - half_wide and at + half_wide < box.right:
            pen.write(at, box.y - 1.5 * em, label, size, ha="center", color=FAINT)
    for y in ys:
        at = box.y + (y - south) / per_mm
        marks += [[(box.x, at), (box.x - tick, at)], [(box.right, at), (box.right + tick, at)]]
        label = f"{y:.0f}"
        half_wide = width_mm(label, size) / 2
        if box.y < at - half_wide and at + half_wide < box.top:
            pen.write(box.x - 0.8 * em, at, label, size, ha="center", rotation=90, color=FAINT)
    pen.rules(marks)


def _rounds(low: float, high: float, step: float) -> list[float]:
    return [n * step for n in range(ceil(low / step), floor(high / step) + 1)]


def _scale_bar(ax: Axes, plan: Plan) -> None:
    """Set a bar as long as a step of the grid, with the scale above it."""
    metres = grid_step(plan) * plan.unit
    bar = ScaleBar(
        plan.unit,
        units="m",
        fixed_value=_whole(metres / 1000 if metres >= KILOMETRE else metres),
        fixed_units="km" if metres >= KILOMETRE else "m",
        label=show_scale(plan.scale),
        label_loc="top",
        location="lower left",
        box_alpha=0.85,
        color=INK,
        font_properties={"fname": str(font_file()), "size": 0.9 * plan.layout.letter},
        border_pad=0.5,
        width_fraction=0.006,
    )
    bar.set_zorder(ABOVE)
    ax.add_artist(bar)


def _crowded(ax: Axes) -> bool:
    """Return whether a picture lies in the upper right corner of the map."""
    corner = Bbox([[0.85, 0.8], [1.0, 1.0]]).transformed(ax.transAxes - ax.figure.transSubfigure)
    found: list[tuple[Any, Any]] = [(each, each.get_axes_locator()) for each in ax.child_axes]
    return any(place(child, None).overlaps(corner) for child, place in found if place is not None)


def _whole(value: float) -> float:
    """Return a whole number as one, which is printed without a decimal."""
    return int(value) if value == int(value) else value


def _north(pen: Pen, ax: Axes, theme: Theme, plan: Plan) -> None:
    """Point to true north from the upper right corner, the lower one where pictures lie above."""
    em, box = plan.layout.em, plan.layout.map
    west, south, east, north = plan.ground
    angle = radians(grid_angle((west + east) / 2, (south + north) / 2, theme.facts.crs))
    arm = 2.0 * em
    x, y = box.right - 3.2 * em, box.y + 2.9 * em if _crowded(ax) else box.top - 3.4 * em

    def turned(right: float, up: float) -> tuple[float, float]:
        return (
            x + right * cos(angle) + up * sin(angle),
            y - right * sin(angle) + up * cos(angle),
        )

    halo = Circle(
        (x, y + 0.3 * em), 2.8 * em, transform=pen.mm, facecolor="white", alpha=0.85, linewidth=0
    )
    halo.set_zorder(ABOVE)
    pen.figure.add_artist(halo)
    tip, notch = turned(0, arm), turned(0, -0.55 * arm)
    left, right = turned(-0.42 * arm, -arm), turned(0.42 * arm, -arm)
    pen.shape([tip, right, notch], facecolor=INK, edgecolor=INK, linewidth=0.6, zorder=ABOVE + 1)
    pen.shape([tip, left, notch], facecolor="white", edgecolor=INK, linewidth=0.6, zorder=ABOVE + 1)
    top = turned(0, arm)
    pen.write(top[0], top[1] + 0.2 * em, "N", plan.layout.letter, ha="center", zorder=ABOVE + 1)
