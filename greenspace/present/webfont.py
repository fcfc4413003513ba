"""Webfont: the glyphs of one page, carried inside the page.

Question   How does a page show Chinese on a machine that has no Chinese font?
Enters     The text of the page.
Leaves     A WOFF file, in base64, with the glyphs that this text uses; empty where no font is at hand.
Elsewhere  Fonts for pictures: fonts. The page: report.

Only the openly licensed font of the package zhplot is embedded, never one of the system's.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from greenspace.present.fonts import carried_fonts

if TYPE_CHECKING:
    from pathlib import Path


def page_font(text: str) -> str:
    """Return the carried font, cut to the characters of `text`, as base64 of a WOFF file."""
    for path in carried_fonts():
        if path.exists():
            return base64.b64encode(
                cut_font(path, "".join(sorted(set(text))), flavor="woff")
            ).decode("ascii")
    return ""


@lru_cache(maxsize=8)
def cut_font(path: Path, text: str, *, flavor: str | None = None) -> bytes:
    """Return a font with the glyphs of `text` alone, as TrueType or as a page embeds it."""
    options = Options()
    options.flavor = flavor
    options.hinting = False
    options.layout_features = []
    options.recalc_timestamp = False
    page = BytesIO()
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        cutter = Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(font)
        font.flavor = flavor
        font.save(page)
    return page.getvalue()
