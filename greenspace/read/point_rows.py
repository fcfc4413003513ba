"""Point rows: the cells of a table of control points, whatever file holds them.

Question   Which cells stand in which row of this CSV, workbook or Word document?
Enters     The path of a table.
Leaves     Blocks of rows, each with the place that it has in the file; nothing is understood yet.
Elsewhere  Which column is which, and what the cells say: read/control_points.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from openpyxl import load_workbook

from greenspace.errors import InputError
from greenspace.model.control_points import CLOSES, HEADS
from greenspace.model.words import Text
from greenspace.model.written import as_before
from greenspace.read.csv_table import SEPARATORS
from greenspace.read.files import require_file
from greenspace.read.text import encoding_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docx.document import Document

    from greenspace.model.source import Finding

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".docx")
MOST_BYTES = 500_000_000
LOOKED_AT = 30
LINE = HEADS["line"]
LINE_HEADING = re.compile(rf"(?:{LINE.zh}|{LINE.en})[ :：]*(.+)")
CLOSED = {CLOSES.zh, CLOSES.en}


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together: a sheet, or all that a file of text or a document has.

    ``rows`` are pairs: what the row is called, and its cells.
    """

    name: str
    rows: list[tuple[object, tuple[Any, ...]]]


def read_blocks(path: Path | str) -> tuple[list[Block], tuple[Finding, ...]]:
    """Return the rows of a table as they stand there.

    Raises
    ------
    InputError
        There is no such file, it is of another kind, or it cannot be opened.
    EncodingError
        Text that cannot be decoded.
    """
    file = require_file(path)
    suffix = file.suffix.lower()
    if file.is_dir() or suffix not in SUFFIXES:
        raise _no_table(file, suffix or "—")
    if suffix in SUFFIXES[:3]:
        return _of_text(file)
    try:
        _require_small(file)
        return (_of_workbook(file) if suffix == ".xlsx" else _of_document(file)), ()
    except InputError:
        raise
    except Exception as error:
        raise _no_table(file, f"{type(error).__name__}: {error}") from error


def _no_table(file: Path, found: str) -> InputError:
    return InputError(
        f"控制点表应为 {'、'.join(SUFFIXES)}，且能打开。",
        f"A table of control points is one of {', '.join(SUFFIXES)}, and can be opened.",
        remedy=Text(
            zh="请另存为其中一种；.xls 请另存为 .xlsx。",
            en="Save it as one of them; .xls as .xlsx.",
        ),
        file=file,
        expected=SUFFIXES,
        found=found,
    )


def _require_small(file: Path) -> None:
    """Refuse what would fill the memory once it is unpacked."""
    with ZipFile(file) as archive:
        size = sum(item.file_size for item in archive.infolist())
    if size > MOST_BYTES:
        raise _no_table(file, f"{size} bytes once unpacked")


def _of_text(file: Path) -> tuple[list[Block], tuple[Finding, ...]]:
    content = file.read_bytes()
    encoding, findings = encoding_of_text(content, file=file)
    text = content.decode(encoding)
    sample = "\n".join(text.splitlines()[:LOOKED_AT])
    separator = max(SEPARATORS, key=sample.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise _no_table(file, str(error)) from error
    rows: list[tuple[object, tuple[Any, ...]]] = [
        (at, tuple(as_before(cell.strip()) for cell in cells)) for at, cells in enumerate(lines, 1)
    ]
    return [Block(file.stem, rows)], findings


def _of_workbook(file: Path) -> list[Block]:
    # read only: pictures that somebody put into the file are not decoded
    with closing(load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
        return [
            Block(sheet.title, list(enumerate(sheet.iter_rows(values_only=True), 1)))
            for sheet in book.worksheets
        ]


def _of_document(file: Path) -> list[Block]:
    """Return all tables of a document as one, the line of each before its rows."""
    return [Block(file.stem, list(_rows_of(docx.Document(str(file)))))]


def _rows_of(document: Document) -> Iterator[tuple[object, tuple[Any, ...]]]:
    line, begun = "", False
    for part in document.element.body:
        if part.tag == qn("w:p"):
            text = _text(part)
            found = LINE_HEADING.fullmatch(text)
            line = found[1] if found else line
            if not begun:
                yield "", tuple(re.split(r"[:：] *", text, maxsplit=1))
        elif part.tag == qn("w:tbl"):
            begun = True
            yield from _rows_of_table(part, line)


def _rows_of_table(table: Any, line: str) -> Iterator[tuple[object, tuple[Any, ...]]]:
    """Yield the rows of a table; one that closes a ring has the order that follows."""
    before = 0
    for at, row in enumerate(table.iter(qn("w:tr")), 1):
        cells = [_text(cell) for cell in row.iter(qn("w:tc"))]
        if at == 1:
            yield f"{line}/{at}", (LINE.en, *cells)
            continue
        spot = next((spot for spot, cell in enumerate(cells) if cell in CLOSED), None)
        if spot is not None:
            cells[spot] = str(before + 1)
        before = int(cells[1]) if len(cells) > 1 and cells[1].isdecimal() else 0
        yield f"{line}/{at}", (line, *cells)


def _text(part: Any) -> str:
    return "".join(text.text or "" for text in part.iter(qn("w:t"))).strip()
