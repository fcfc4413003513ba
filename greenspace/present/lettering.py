"""Lettering: how wide words are on paper, and where their lines break.

Question   Does this text fit here, on how many lines, and in what size?
Enters     Text from anywhere, a size in points, a width in mm.
Leaves     Lines that can be drawn literally, and their width.
Elsewhere  Which font: fonts. Where the lines go: sheet_frame, sheet_legend, title_block.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from matplotlib.ft2font import FT2Font, LoadFlags

from greenspace.present.fonts import drawable, font_file
from greenspace.present.words import clean

if TYPE_CHECKING:
    from pathlib import Path

MM: Final = 25.4 / 72  # of a point
SPARE: Final = 1.02  # hinting in pictures widens a line a little
ELLIPSIS: Final = "…"
TOKENS: Final = re.compile(
    r"\s+|[（《“]?[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef][，。；：、！？）》”]*|[!-~\u00a0-\u2e7f]+|."
)


def literal(text: object) -> str:
    r"""Return one line of text as it can be drawn: no control characters, no missing glyphs.

    Examples
    --------
    >>> literal("绿线\x1b[31m\n$x$")
    '绿线 [31m $x$'
    """
    return drawable(clean(text))


def width_mm(text: str, size: float) -> float:
    """Return how wide one line is in a size in points.

    Examples
    --------
    >>> round(width_mm("绿线", 72 / 25.4 * 10), 1)  # two characters of 10 mm
    20.4
    """
    file = font_file()
    return sum(_advance(file, char) for char in text) * size * MM * SPARE


def wrapped(text: object, size: float, width: float, *, most: int | None = None) -> list[str]:
    """Return the lines of a text no wider than `width` mm; the last of too many ends in dots.

    Examples
    --------
    >>> wrapped("绿线规划图", 72 / 25.4 * 10, 31)
    ['绿线规', '划图']
    >>> wrapped("绿线规划图", 72 / 25.4 * 10, 31, most=1)
    ['绿线…']
    """
    lines, line = [], ""
    for token in _pieces(literal(text), size, width):
        if line and width_mm((line + token).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        if line or not token.isspace():
            line += token
    if line.strip():
        lines.append(line.rstrip())
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], size, width)]
    return lines


def fitted(text: object, size: float, width: float, *, least: float) -> tuple[str, float]:
    """Return one line and the size in which it fits: smaller down to `least`, then cut."""
    line = literal(text)
    wide = width_mm(line, size)
    if wide <= width:
        return line, size
    if wide * least / size <= width:
        return line, size * width / wide
    return _cut(line, least, width), least


def _cut(line: str, size: float, width: float) -> str:
    while line and width_mm(line + ELLIPSIS, size) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS


def _pieces(text: str, size: float, width: float) -> list[str]:
    """Return the parts between which a line may break; what is wider than a line in characters."""
    found: list[str] = []
    for token in TOKENS.findall(text):
        found.extend([token] if width_mm(token, size) <= width else token)
    return found


@lru_cache(maxsize=20_000)
def _advance(file: Path, char: str) -> float:
    """Return the width of a character in ems."""
    glyph = _face(file).load_char(ord(char), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / 100


@lru_cache(maxsize=4)
def _face(file: Path) -> FT2Font:
    face = FT2Font(str(file))
    face.set_size(100, 72)
    return face
