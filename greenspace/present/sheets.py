"""Sheets: maps as files, the same on every machine whatever its settings.

Question   How does a map become a picture and a page that prints?
Enters     A Check and a language.
Leaves     PNG and PDF bytes by name; fonts embedded, no time stamps.
Elsewhere  Drawing: map_list. Writing: write. Inlining: report.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib import style as mpl_style
from matplotlib.figure import Figure

from greenspace.present.map_list import DRAWERS, drawable_maps
from greenspace.present.map_words import map_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from greenspace.model.check import Check
    from greenspace.model.words import Language

DPI: Final = 200
TRUETYPE: Final = 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One map as files."""

    name: str
    title: str
    png: bytes
    pdf: bytes


def draw_sheets(check: Check, language: Language) -> tuple[Sheet, ...]:
    """Return the maps whose input is there."""
    sheets = []
    for name in drawable_maps(check):
        key, draw = DRAWERS[name]
        png, pdf = render(partial(draw, check, language=language))
        sheets.append(Sheet(name=name, title=map_title(key, language), png=png, pdf=pdf))
    return tuple(sheets)


def render(draw: Callable[[], Axes]) -> tuple[bytes, bytes]:
    """Draw under default settings and return the figure as PNG and as PDF."""
    with mpl_style.context("default"), mpl.rc_context({"pdf.fonttype": TRUETYPE}):
        figure = draw().get_figure(root=True)
        if not isinstance(figure, Figure):
            raise TypeError("a map was drawn on no figure")
        return (
            _saved(figure, "png", {"Software": None}),
            _saved(
                figure, "pdf", {"CreationDate": None, "Producer": None, "Creator": "greenspace"}
            ),
        )


def _saved(figure: Figure, kind: str, metadata: dict[str, str | None]) -> bytes:
    page = BytesIO()
    figure.savefig(page, format=kind, dpi=DPI, metadata=metadata)
    return page.getvalue()
