"""Title block: who drew, checked and approved a sheet, its numbers, its notes.

Question   Who stands for this sheet, and what does it rest on?
Enters     A theme's facts, the plan of its sheet, a language.
Leaves     Ruled cells, empty where nothing was given, and the notes above them.
Elsewhere  The keys: read/manifest, words. The legend: sheet_legend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from greenspace.present.lettering import MM, fitted, width_mm, wrapped
from greenspace.present.map_base import source_words
from greenspace.present.paper import BLOCK_ROWS, LINE, Box
from greenspace.present.printed_scale import show_scale
from greenspace.present.sheet_words import SHEET_WORDS, sheet_word
from greenspace.present.style import FAINT
from greenspace.present.words import REPORT_FIELDS, clean, word

if TYPE_CHECKING:
    from greenspace.model.words import Language
    from greenspace.present.paper import Layout
    from greenspace.present.pen import Pen
    from greenspace.present.printed_scale import Plan
    from greenspace.present.theme import SheetFacts

LABEL: Final = 8.2  # widths of a letter
SMALLEST: Final = 0.62  # of the sheet's letters
SOURCES_SHOWN: Final = 6
TOLD_FACTOR: Final = 5e-5  # half a decimetre in a kilometre
INSET: Final = 0.8


@dataclass(frozen=True, slots=True)
class Notes:
    """Lines, the size of their letters in points, and the room around them in mm."""

    lines: tuple[str, ...]
    size: float
    inset: float

    @property
    def height(self) -> float:
        """What they take on paper, in mm."""
        return len(self.lines) * self.size * MM * LINE + 2 * self.inset


def draw_block(
    pen: Pen, facts: SheetFacts, plan: Plan, language: Language, page: tuple[int, int]
) -> None:
    """Rule the cells and fill those that were given; the last row tells scale and page."""
    block, em, letter = plan.layout.block, plan.layout.em, plan.layout.letter
    pen.box(block, linewidth=0.8)
    tall = block.height / BLOCK_ROWS
    pen.rules(
        [[(block.x, block.y + n * tall), (block.right, block.y + n * tall)] for n in range(1, 7)]
    )
    pen.rules([[(block.x + LABEL * em, block.y + tall), (block.x + LABEL * em, block.top)]])
    for row, (key, name) in enumerate(REPORT_FIELDS.items()):
        y = block.top - (row + 1) * tall
        _label(pen, Box(block.x, y, LABEL * em, tall), name.of(language), letter)
        cell = Box(block.x + LABEL * em, y, block.width - LABEL * em, tall)
        _fill(pen, cell, str(facts.report.get(key, "")), letter)
    told = [
        f"{sheet_word('scale', language)} {show_scale(plan.scale)}",
        sheet_word("page", language, page=page[0], pages=page[1]),
    ]
    middle = block.y + tall / 2 - 0.35 * em
    room = block.width / 2 - em
    for text, x, side in (
        (told[0], block.x + em / 2, "left"),
        (told[1], block.right - em / 2, "right"),
    ):
        line, size = fitted(text, letter, room, least=SMALLEST * letter)
        pen.write(x, middle, line, size, ha=side)


def _label(pen: Pen, cell: Box, text: str, letter: float) -> None:
    em = cell.height / 2.3
    line, size = fitted(text, letter, cell.width - 0.6 * em, least=SMALLEST * letter)
    pen.write(cell.x + 0.4 * em, cell.y + cell.height / 2 - 0.35 * em, line, size, color=FAINT)


def _fill(pen: Pen, cell: Box, text: str, letter: float) -> None:
    """Write a value on one line, on two smaller ones where it is long, cut where it is longer."""
    if not clean(text):
        return
    em = cell.height / 2.3
    room, middle = cell.width - 0.8 * em, cell.y + cell.height / 2
    least = SMALLEST * letter * 1.1
    if width_mm(clean(text), least) <= room:
        line, size = fitted(text, letter, room, least=least)
        pen.write(cell.x + 0.4 * em, middle - 0.35 * em, line, size)
        return
    small = SMALLEST * letter
    for place, line in enumerate(wrapped(text, small, room, most=2)):
        pen.write(cell.x + 0.4 * em, middle + (0.18 - 0.82 * place) * em, line, small)


def set_notes(facts: SheetFacts, plan: Plan, language: Language) -> Notes:
    """Break source, date, CRS, edition and remarks into lines, smaller where they are many."""
    side, em = plan.layout.side, plan.layout.em
    texts = note_texts(facts, plan, language)
    for share in (0.88, 0.76, SMALLEST):
        size = share * plan.layout.letter
        room = side.width - 2 * INSET * em
        lines = [line for text in texts for line in wrapped(text, size, room)]
        most = int((side.height - 2 * INSET * em) / (size * MM * LINE))
        if len(lines) <= most:
            return Notes(tuple(lines), size, INSET * em)
    told = sheet_word("more_notes", language, count=len(lines) - most + 1)
    return Notes((*lines[: most - 1], told), size, INSET * em)


def share_column(layout: Layout, notes: Notes) -> tuple[Box, Box]:
    """Return the boxes of legend and notes: in one column the notes leave what they do not need."""
    legend, side = layout.legend, layout.side
    if not layout.landscape:
        return legend, side
    tall = min(side.height, notes.height)
    return (
        Box(legend.x, side.y + tall, legend.width, legend.top - side.y - tall),
        Box(side.x, side.y, side.width, tall),
    )


def draw_notes(pen: Pen, notes: Notes, side: Box) -> None:
    """Write the notes from the top of their box."""
    y = side.top - notes.inset - 0.75 * notes.size * MM
    for line in notes.lines:
        pen.write(side.x + notes.inset, y, line, notes.size, color=FAINT)
        y -= notes.size * MM * LINE


def note_texts(facts: SheetFacts, plan: Plan, language: Language) -> list[str]:
    """Return the notes of a sheet, the most needed first."""
    unknown = word("date_unknown", language)
    when = word("date_of_image" if facts.imagery else "date_of_data", language)
    found = [when.format(date=facts.date.isoformat() if facts.date else unknown)]
    found.append(word("crs_of_map", language).format(name=crs_words(facts)))
    standard = facts.standard or SHEET_WORDS["no_standard"]
    found.append(sheet_word("standard", language, name=standard.of(language)))
    if facts.sources:
        names = source_words(facts, language)
        more = "…" if len(names) > SOURCES_SHOWN else ""
        joined = "; ".join(names[:SOURCES_SHOWN]) + more
        found.append(word("source_of_map", language).format(names=joined))
    if abs(plan.factor - 1) >= TOLD_FACTOR:
        found.append(sheet_word("plane", language, factor=f"{plan.factor:.5f}"))
    local = facts.crs is None or not facts.crs.is_projected
    found.append(word("north_grid" if local else "north", language))
    return found + [remark.of(language) for remark in facts.remarks]


def crs_words(facts: SheetFacts) -> str:
    """Return the name of a CRS with its code, where it has one."""
    if facts.crs is None:
        return "—"
    authority = facts.crs.to_authority(min_confidence=100)
    name = clean(facts.crs.name)
    return name if authority is None else f"{name} ({':'.join(authority)})"
