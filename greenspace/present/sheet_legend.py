"""Sheet legend: samples, names, counts and areas, in the room that a sheet has.

Question   What does each colour and line mean, how many are there, and how much?
Enters     Rows of any number, a box in mm.
Leaves     The rows in columns, smaller where they are many; the last one says what was left out.
Elsewhere  The rows: themes. The box: paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from matplotlib.legend import Legend
from matplotlib.transforms import Affine2D

from greenspace.present.lettering import MM, width_mm, wrapped
from greenspace.present.measure_words import figures_of
from greenspace.present.pen import INCH
from greenspace.present.sheet_words import sheet_word
from greenspace.present.style import FAINT
from greenspace.present.words import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from greenspace.model.words import Language
    from greenspace.present.paper import Box
    from greenspace.present.pen import Pen
    from greenspace.present.theme import LegendRow

SHARES: Final = (1.0, 0.9, 0.8, 0.7)  # of the sheet's letters, tried in turn
NARROWEST: Final = 15.0  # widths of a letter: a column of the legend
SAMPLE: Final = 2.6
HEAD: Final = 2.6
INSET: Final = 0.8
GAP: Final = 0.55
MOST_LINES: Final = 3
PITCH: Final = 1.3  # from one line to the next, in sizes of the letters


@dataclass(frozen=True, slots=True)
class _Entry:
    row: LegendRow | None
    lines: tuple[str, ...]
    figures: tuple[str, ...]  # on lines of their own; none where they stand beside the name
    height: float


@dataclass(frozen=True, slots=True)
class _Set:
    """A legend in one size: its columns, and how many rows did not fit."""

    letter: float
    width: float
    columns: list[list[_Entry]]
    left: int


def draw_legend(
    pen: Pen, ax: Axes, rows: Sequence[LegendRow], box: Box, letter: float, language: Language
) -> None:
    """Set the legend into its box; what does not fit is counted in the last row."""
    em = letter * MM
    pen.write(box.x + INSET * em, box.top - 1.5 * em, word("legend", language), letter * 1.15)
    chosen = _choose(rows, box, letter, language)
    keeper = Legend(ax, [], [])  # what the makers of samples ask for their defaults
    x = box.x + INSET * em
    for column in chosen.columns:
        y = box.top - HEAD * em
        for entry in column:
            _draw(pen, keeper, entry, (x, y), chosen.letter)
            y -= entry.height
        x += chosen.width


def _choose(rows: Sequence[LegendRow], box: Box, letter: float, language: Language) -> _Set:
    """Return the first setting that holds every row, else the one that holds most."""
    tried: list[_Set] = []
    for share in SHARES:
        size = share * letter
        most = max(1, int((box.width - 2 * INSET * letter * MM) / (NARROWEST * size * MM)))
        for columns in range(1, most + 1):
            found = _set(rows, box, letter, size, columns, language)
            if not found.left:
                return found
            tried.append(found)
    return min(tried, key=lambda one: one.left)


def _set(
    rows: Sequence[LegendRow], box: Box, letter: float, size: float, count: int, language: Language
) -> _Set:
    em = size * MM
    width = (box.width - 2 * INSET * letter * MM) / count
    room = box.height - HEAD * letter * MM - 0.5 * em
    entries = [_entry(row, width, size, language) for row in rows]
    columns, placed = _flow(entries, room, count)
    left = len(rows) - placed
    if left:
        last_line = PITCH * em
        columns, placed = _flow(entries, room, count, spare=last_line)
        left = len(rows) - placed
        text = sheet_word("more_rows", language, count=left)
        line = wrapped(text, size, width - em, most=1)[0]
        columns[-1].append(_Entry(None, (line,), (), last_line))
    return _Set(letter=size, width=width, columns=columns, left=left)


def _flow(
    entries: Sequence[_Entry], room: float, count: int, spare: float = 0.0
) -> tuple[list[list[_Entry]], int]:
    """Return the columns and how many entries they hold; `spare` is kept free in the last one."""
    columns: list[list[_Entry]] = [[]]
    used = 0.0
    for placed, entry in enumerate(entries):
        free = room - (spare if len(columns) == count else 0.0)
        if used + entry.height > free:
            if len(columns) == count:
                return columns, placed
            columns.append([])
            used = 0.0
            free = room - (spare if len(columns) == count else 0.0)
            if entry.height > free:
                return columns, placed
        columns[-1].append(entry)
        used += entry.height
    return columns, len(entries)


def _entry(row: LegendRow, width: float, size: float, language: Language) -> _Entry:
    """Return a row broken into lines; its figures stand beside a short name."""
    em = size * MM
    room = width - (SAMPLE + 2.0) * em
    lines = wrapped(row.label, size, room, most=MOST_LINES)
    figures = figures_of(row, language)
    if figures and len(lines) == 1:
        beside = sheet_word("beside", language, name=lines[0], figures=figures)
        if width_mm(beside, size) <= room:
            lines, figures = [beside], ""
    below = tuple(wrapped(figures, 0.9 * size, room))
    count = len(lines) + len(below)
    return _Entry(row, tuple(lines), below, (count * PITCH + GAP) * em)


def _draw(
    pen: Pen, keeper: Legend, entry: _Entry, place: tuple[float, float], letter: float
) -> None:
    x, y = place
    em = letter * MM
    if entry.row is not None:
        _sample(pen, keeper, entry.row.handle, (x, y - 1.1 * em), letter)
        x += (SAMPLE + 0.8) * em
    base = y - em
    for line in entry.lines:
        pen.write(x, base, line, letter)
        base -= PITCH * em
    for line in entry.figures:
        pen.write(x, base, line, 0.9 * letter, color=FAINT)
        base -= PITCH * em


def _sample(
    pen: Pen, keeper: Legend, handle: Any, place: tuple[float, float], letter: float
) -> None:
    """Draw a sample as matplotlib's own legends do, in a box of points at a place in mm."""
    maker = Legend.get_legend_handler(Legend.get_default_handler_map(), handle)
    if maker is None:
        return
    to_page = (
        Affine2D().scale(1 / 72).translate(place[0] / INCH, place[1] / INCH)
        + pen.figure.dpi_scale_trans
    )
    made = maker.create_artists(
        keeper, handle, 0.0, 0.0, SAMPLE * letter, 1.1 * letter, letter, to_page
    )
    for artist in made:
        pen.figure.add_artist(artist)
