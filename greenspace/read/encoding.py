"""Encoding: which bytes a shapefile's text is written in, where it does not say.

Question   Is the text of this attribute table UTF-8, GB18030, or neither?
Enters     The path of a vector file.
Leaves     An encoding, and a finding where it had to be told from the bytes.
Elsewhere  Reading the layer: read/vector.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DBF_FIELD = 32


def encoding_of(path: Path) -> tuple[str | None, tuple[Finding, ...]]:
    """Tell the encoding of a shapefile that does not say, by its attribute bytes."""
    table = part_of(path, ".dbf")
    silent = path.suffix.lower() == ".shp" and part_of(path, ".cpg") is None
    if not silent or table is None:
        return None, ()
    texts = [text for text in _dbf_texts(table.read_bytes()) if not text.isascii()]
    if _decodes(texts, "utf-8"):
        return "utf-8", ()
    if _decodes(texts, "gb18030"):
        text = Text(
            zh=f"{path.name} 没有 .cpg，文字按 GB18030 读取。",
            en=f"{path.name} has no .cpg; its text was read as GB18030.",
        )
        return "gb18030", (Finding(code="encoding_detected", text=text),)
    text = Text(
        zh=f"{path.name} 没有 .cpg，文字既非 UTF-8 也非 GB18030，可能是乱码。",
        en=f"{path.name} has no .cpg, and its text is neither UTF-8 nor GB18030: it may be garbled.",
    )
    return None, (Finding(code="encoding_unknown", text=text, severity="warning"),)


def _decodes(texts: Iterable[bytes], encoding: str) -> bool:
    try:
        for text in texts:
            text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _dbf_texts(table: bytes) -> Iterator[bytes]:
    """Yield the field names and the text values of a dBASE table, and none of its numbers."""
    rows, start, width = struct.unpack("<IHH", table[4:12].ljust(8, b"\0"))
    at = 1
    for place in range(DBF_FIELD, start - 1, DBF_FIELD):
        field = table[place : place + DBF_FIELD]
        if len(field) < DBF_FIELD:
            return
        yield field[:11].split(b"\0")[0]
        if field[11:12] == b"C":
            first = range(start + at, start + at + rows * width, width or 1)
            yield from (table[i : i + field[16]] for i in first)
        at += field[16]


def part_of(path: Path, suffix: str) -> Path | None:
    """Return the part of a shapefile with a suffix, in small or capital letters."""
    spelt = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((part for part in spelt if part.exists()), None)
