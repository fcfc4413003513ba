"""Sheets: maps as files, the same on every machine whatever its settings.

Question   How does a map become a picture and a page that prints?
Enters     A Check and a language.
Leaves     PNG and PDF bytes by name; fonts embedded, no time stamps.
Elsewhere  Drawing: map_list. Writing: write. Inlining: report.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib import style as mpl_style
from matplotlib.figure import Figure
from matplotlib.text import Text as Drawn
from matplotlib_scalebar.scalebar import ScaleBar

from greenspace.present.fonts import font_file
from greenspace.present.map_list import DRAWERS, drawable_maps
from greenspace.present.map_words import map_title
from greenspace.present.webfont import cut_font

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from greenspace.model.check import Check
    from greenspace.model.words import Language

DPI: Final = 200
TRUETYPE: Final = 42
ALWAYS: Final = "−°·—–µ"  # what ticks and scale bars may write when they are drawn anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One map as files."""

    name: str
    title: str
    png: bytes
    pdf: bytes


def draw_sheets(check: Check, language: Language) -> tuple[Sheet, ...]:
    """Return the maps whose input is there."""
    names = drawable_maps(check)
    files = render_all([partial(DRAWERS[name][1], check, language=language) for name in names])
    return tuple(
        Sheet(name=name, title=map_title(DRAWERS[name][0], language), png=png, pdf=pdf)
        for name, (png, pdf) in zip(names, files, strict=True)
    )


def render(draw: Callable[[], Axes]) -> tuple[bytes, bytes]:
    """Draw under default settings and return the figure as PNG and as PDF."""
    ((png, pdf),) = render_all([draw])
    return png, pdf


def render_all(draws: Sequence[Callable[[], Axes]]) -> list[tuple[bytes, bytes]]:
    """Draw several figures; one small font with the glyphs of all of them goes into each PDF."""
    with mpl_style.context("default"), mpl.rc_context({"pdf.fonttype": TRUETYPE}):
        figures = [_figure(draw) for draw in draws]
        pngs = [_saved(figure, "png", {"Software": None}) for figure in figures]
        with TemporaryDirectory(ignore_cleanup_errors=True) as home:
            small = Path(home) / "small.ttf"
            small.write_bytes(cut_font(font_file(), _glyphs(figures)))
            for figure in figures:
                _set_font(figure, small)
            about = {"CreationDate": None, "Producer": None, "Creator": "greenspace"}
            pdfs = [_saved(figure, "pdf", about) for figure in figures]
    return list(zip(pngs, pdfs, strict=True))


def _figure(draw: Callable[[], Axes]) -> Figure:
    figure = draw().get_figure(root=True)
    if not isinstance(figure, Figure):
        raise TypeError("a map was drawn on no figure")
    return figure


def _glyphs(figures: Sequence[Figure]) -> str:
    texts = (text.get_text() for figure in figures for text in figure.findobj(Drawn))
    return "".join(sorted({*string.printable, *ALWAYS, *(char for text in texts for char in text)}))


def _set_font(figure: Figure, file: Path) -> None:
    for text in figure.findobj(Drawn):
        font = text.get_fontproperties().copy()
        font.set_file(str(file))
        text.set_fontproperties(font)
    for bar in figure.findobj(ScaleBar):
        bar.set_font_properties({"fname": str(file), "size": 9})


def _saved(figure: Figure, kind: str, metadata: dict[str, str | None]) -> bytes:
    page = BytesIO()
    figure.savefig(page, format=kind, dpi=DPI, metadata=metadata)
    return page.getvalue()
