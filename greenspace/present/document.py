"""Document: the report in Word, chapter by chapter as on the page.

Question   What does the office hand in that it can still edit?
Enters     A Check, a language, the map sheets.
Leaves     The bytes of a .docx: the same for the same check, without clock times.
Elsewhere  The chapters: outline. Looks: word_style. Tables: word_table. The page: report.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.shared import Cm

from greenspace.present.blocks import Cell, Facts, Grid, Heading, Note, Opened, Picture
from greenspace.present.fixed_zip import BEGINNING, without_times
from greenspace.present.front import front
from greenspace.present.outline import outline
from greenspace.present.report_words import say
from greenspace.present.word_style import add_field, dress, number_pages, turn
from greenspace.present.word_table import table_element
from greenspace.present.words import clean, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from greenspace.model.check import Check
    from greenspace.model.words import Language
    from greenspace.present.blocks import Block, Part
    from greenspace.present.front import Front
    from greenspace.present.sheets import Sheet

MANY_COLUMNS: Final = 9  # more of them lie on a page turned on its side
PICTURE_CM: Final = 19.5
CHIP_CM: Final = 5.6  # three beside one another on an upright page, and two or more below
STYLES: Final = {"banner": "Banner", "remark": "Remark", "ends": "Ends"}


def report_docx(check: Check, language: Language, sheets: Sequence[Sheet] = ()) -> bytes:
    """Return the report as a Word document; base tables stand in it whole.

    Parameters
    ----------
    sheets
        Maps to show; those whose input is missing are named as such.
    """
    head = front(check, language)
    printer = _Printer(language)
    printer.open(head)
    for part in outline(check, language, sheets):
        printer.print(part)
    printer.document.add_paragraph(head.made_with, style="Remark")
    return packed(printer.document, head.title)


class _Printer:
    """A document that grows block by block, tables and figures numbered as they come."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.document: Document = docx.Document()
        dress(self.document, language)
        self.ids = {style.name: style.style_id for style in self.document.styles}
        self.counts = {"table": 0, "figure": 0}
        self.wide = False
        self.width = turn(self.document.sections[0], wide=False)

    def open(self, head: Front) -> None:
        """Write title, title block and verdict."""
        number_pages(self.document.sections[0], head.title, say("page_of", self.language))
        self._add(head.title, "Title")
        self._say(head.standard)
        for line in head.statements:
            self._say(line, "Banner")
        if head.block:
            self._facts(Facts(tuple((label, text, "text") for label, text in head.block)))
        self._say(head.overall, "Ends")
        if head.reason:
            self._say(head.reason)

    def print(self, part: Part) -> None:
        """Write one chapter, on a page turned on its side where it holds maps or wide tables."""
        wide = any(
            (isinstance(block, Picture) and block.wide)
            or (isinstance(block, Grid) and len(block.head) > MANY_COLUMNS)
            for block in part.blocks
        )
        if wide != self.wide:
            self.wide = wide
            self.width = turn(self.document.add_section(WD_SECTION.NEW_PAGE), wide=wide)
        self.document.add_heading(part.title, level=1)
        caption = part.title.partition(". ")[2]
        opened = [block for block in part.blocks if isinstance(block, Opened)]
        for block in part.blocks:
            if isinstance(block, Heading):
                caption = block.text
            if not isinstance(block, Opened | Picture) or _is_wide(block):
                self._print(block, caption)
        self._chips([b for b in part.blocks if isinstance(b, Picture) and not b.wide])
        if opened:
            self._table(_basis(opened, self.language), caption)

    def _print(self, block: Block, caption: str) -> None:
        if isinstance(block, Heading):
            self.document.add_heading(block.text, level=2)
        elif isinstance(block, Note):
            self._say(block.text, STYLES.get(block.look, "Normal"))
        elif isinstance(block, Facts):
            self._facts(block)
        elif isinstance(block, Grid):
            self._table(block, block.caption or caption)
        elif isinstance(block, Picture):
            self.document.add_picture(BytesIO(block.png), width=Cm(min(PICTURE_CM, self.width)))
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
            self._caption("figure", block.title)

    def _chips(self, chips: Sequence[Picture]) -> None:
        """Print small pictures as a table without lines, each over its own caption."""
        if not chips:
            return
        columns = max(1, int(self.width // CHIP_CM))
        table = self.document.add_table(rows=-(-len(chips) // columns), cols=columns)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        cells = (cell for row in table.rows for cell in row.cells)
        for chip, cell in zip(chips, cells, strict=False):
            cell.paragraphs[0].add_run().add_picture(BytesIO(chip.png), width=Cm(CHIP_CM - 0.6))
            cell.paragraphs[0].paragraph_format.keep_with_next = True
            cell.add_paragraph(clean(chip.title), style="GridNote")
        self._add("", "GridNote")

    def _say(self, text: str, style: str = "Normal") -> None:
        self._add(clean(text), style)

    def _add(self, text: str, style: str) -> Paragraph:
        """Add a paragraph; to set a style by its name, python-docx goes through all of them."""
        line = self.document.add_paragraph(text)
        if style != "Normal":
            line._p.style = self.ids[style]  # noqa: SLF001
        return line

    def _facts(self, facts: Facts) -> None:
        for label, text, _ in facts.pairs:
            line = self.document.add_paragraph()
            stop = "：" if self.language == "zh" else ": "
            line.add_run(clean(label) + stop).bold = True
            line.add_run(clean(text))

    def _table(self, grid: Grid, caption: str) -> None:
        self._caption("table", caption)
        self.document.element.body[-1].addprevious(table_element(grid, self.width))
        self._add("", "GridNote")

    def _caption(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        name = say(kind, self.language)
        line = self._add(f"{name} ", "Caption")
        add_field(line, f"SEQ {name} \\* ARABIC", str(self.counts[kind]))
        line.add_run(f"  {clean(text)}")


def _is_wide(block: Block) -> bool:
    return isinstance(block, Picture) and block.wide


def _basis(opened: Sequence[Opened], language: Language) -> Grid:
    """Return what stands behind each number as one table."""
    stop = "：" if language == "zh" else ": "
    head = (word("indicator", language), word("value", language), word("numbers", language))
    rows = tuple(
        (
            Cell(item.name),
            Cell(item.value),
            Cell("", tuple(f"{label}{stop}{text}" for label, text, _ in item.facts.pairs)),
        )
        for item in opened
    )
    return Grid(head=head, rows=rows, figures=frozenset({1}))


def packed(document: Document, title: str) -> bytes:
    """Return the file without clock times."""
    about = document.core_properties
    about.author = about.last_modified_by = "greenspace"
    about.title, about.comments, about.revision = clean(title), "", 1
    about.created = about.modified = BEGINNING
    file = BytesIO()
    document.save(file)
    return without_times(file.getvalue())
