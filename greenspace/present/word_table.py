"""Word tables: a table as rows of XML, so that thousands of rows take seconds.

Question   How does a table of the report become a table that Word and LibreOffice open?
Enters     A Grid and the width of the page's text.
Leaves     One `w:tbl` element: head repeated on every page, no row cut by a page's end.
Elsewhere  The document around it: document. Its styles: word_style.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from greenspace.present.blocks import Cell, Grid

UNIT: Final = re.compile(r"(?<=\d) (?=公顷|ha\b|m²|m\b|km\b|人|persons\b|°C|个百分点|points\b)")
TWIPS_PER_CM: Final = 567
WIDE: Final = 0x2E7F  # characters above take the room of two
LOOKED_AT: Final = 200  # rows that decide the widths
NARROWEST: Final = 9  # characters
WIDEST: Final = 30
WIDEST_NOTES: Final = 80  # of cells that hold nothing else
HEAD_FILL: Final = "E3EFE4"
WORST_FILL: Final = "FFF3CD"
COLOURS: Final = {
    "pass": "226A2F",
    "fail": "A32A20",
    "not_assessable": "7A5F12",
    "error": "A32A20",
    "warning": "8A6100",
}
BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A9B5AC"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
PROPERTIES: Final = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{width}" w:type="dxa"/>'
    "<w:tblBorders>{borders}</w:tblBorders>"
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
    '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)


def table_element(grid: Grid, width_cm: float) -> Any:
    """Return a grid as a table of a fixed layout, as wide as the text.

    Examples
    --------
    >>> from greenspace.present.blocks import Cell, Grid
    >>> table = table_element(Grid(head=("a", "b"), rows=((Cell("1"), Cell("<2>")),)), 10.0)
    >>> [text.text for text in table.iter("{*}t")]
    ['a', 'b', '1', '<2>']
    """
    widths = _widths(grid, round(width_cm * TWIPS_PER_CM))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = "".join(
        _cell(_paragraph(text, "GridHead", right=spot in grid.figures), width, HEAD_FILL)
        for spot, (text, width) in enumerate(zip(grid.head, widths, strict=True))
    )
    rows = "".join(_row(row, widths, grid) for row in grid.rows)
    properties = PROPERTIES.format(width=sum(widths), borders=BORDERS)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{columns}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _row(row: Sequence[Cell], widths: Sequence[int], grid: Grid) -> str:
    cells = "".join(
        _cell(
            _content(cell, right=spot in grid.figures),
            width,
            WORST_FILL if cell.worst else "",
        )
        for spot, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _content(cell: Cell, *, right: bool) -> str:
    token = cell.look.rpartition(" ")[2]
    text = f"{cell.text} {cell.worst}" if cell.worst else cell.text
    lines = [_paragraph(note, "GridNote", right=right) for note in cell.notes]
    if text or not lines:
        colour = COLOURS.get(token, "")
        lines.insert(0, _paragraph(text, "GridText", right=right, colour=colour))
    return "".join(lines)


def _cell(content: str, width: int, fill: str) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{content}</w:tc>'


def _paragraph(text: str, style: str, *, right: bool, colour: str = "") -> str:
    align = '<w:jc w:val="right"/>' if right else ""
    look = f'<w:rPr><w:b/><w:color w:val="{colour}"/></w:rPr>' if colour else ""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{align}</w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">{escape(_kept(clean(text)))}</w:t></w:r></w:p>'
    )


def _kept(text: str) -> str:
    """Keep a number and its unit on one line."""
    return UNIT.sub("\u00a0", text)


def _widths(grid: Grid, width: int) -> list[int]:
    """Share the width among the columns by their longest words, within limits."""
    longest = [min(_room(text), WIDEST // 2) for text in grid.head]
    for row in islice(grid.rows, LOOKED_AT):
        for spot, cell in enumerate(row):
            most = WIDEST if cell.text else WIDEST_NOTES
            lines = (cell.text, *cell.notes)
            room = min(max(_room(line) for line in lines), most)
            longest[spot] = max(longest[spot], room)
    rooms = [max(room, NARROWEST) for room in longest]
    return [round(width * room / sum(rooms)) for room in rooms]


def _room(text: str) -> int:
    return 1 + sum(2 if ord(char) > WIDE else 1 for char in text)
