"""Map file: one sheet as a PDF, an SVG or a PNG.

Question   How does a sheet become a file that prints alike everywhere?
Enters     A theme, a path whose ending says the kind, a paper, a scale.
Leaves     The file, whole or not at all: words as words, fonts inside, no time stamps.
Elsewhere  Drawing: sheet_frame. Many sheets in one file: atlas.
"""

from __future__ import annotations

import base64
import string
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib import style as mpl_style
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text as Drawn
from matplotlib_scalebar.scalebar import ScaleBar

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.present.folder import FORCE
from greenspace.present.fonts import carried_fonts, font_file
from greenspace.present.paper import check_looks
from greenspace.present.parts import replace_files, settle_leftovers
from greenspace.present.sheet_frame import draw_sheet, sheet_title
from greenspace.present.sheets import ALWAYS, TRUETYPE
from greenspace.present.webfont import cut_font
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

    from greenspace.model.words import Language
    from greenspace.present.theme import Palette, Theme

KINDS: Final = (".pdf", ".svg", ".png")
DPI: Final = 200
LEAST_DPI, MOST_PIXELS = 36, 200_000_000
SALT: Final = "greenspace"
CREATOR: Final = "greenspace"


def write_sheet(
    theme: Theme,
    path: Path | str,
    *,
    size: str = "A3",
    landscape: bool | None = None,
    scale: float | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
    page: tuple[int, int] = (1, 1),
    dpi: int = DPI,
    force: bool = False,
) -> Path:
    """Write a theme as a sheet: ``.pdf``, ``.svg`` or ``.png``.

    Parameters
    ----------
    theme
        What is drawn.
    path
        The file; its ending says the kind.
    size, landscape, scale
        A0 to A4, which way it lies, and the denominator of the scale; ``None`` chooses.
    dpi
        Dots to an inch in a PNG, and in pictures inside the others.
    force
        Replace a file that is there.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        The file exists, is of no kind that is written, cannot be written, or the paper, scale or
        dots do not suit.
    CrsError
        The CRS has no plane on which a printed scale holds.
    """
    check_looks(language, palette, landscape)
    target = Path(path).expanduser().resolve()
    kind = sheet_kind(target, KINDS)
    check_free(target, force=force)
    with plain_settings():
        figure = draw_sheet(
            theme,
            size=size,
            landscape=landscape,
            scale=scale,
            language=language,
            palette=palette,
            page=page,
        )
        _check_dots(figure, dpi)
        data = sheet_bytes(figure, kind, title=sheet_title(theme, language), dpi=dpi)
    put_file(target, lambda fresh: _put(fresh, data))
    return target


def sheet_bytes(figure: Figure, kind: str, *, title: str, dpi: int = DPI) -> bytes:
    """Return a sheet as a file of a kind; call it within `plain_settings`."""
    if kind == ".png":
        return _saved(figure, "png", dpi, {"Software": None})
    source = svg_font() if kind == ".svg" else font_file()
    small = cut_font(source, _glyphs(figure))
    with TemporaryDirectory(ignore_cleanup_errors=True) as home:
        file = Path(home) / "small.ttf"
        file.write_bytes(small)
        _set_font(figure, file)
        if kind == ".pdf":
            return _saved(figure, "pdf", dpi, {**pdf_facts(), "Title": title})
        about = {"Date": None, "Creator": CREATOR, "Title": title}
        page = _saved(figure, "svg", dpi, about)
        return _with_font(page, FT2Font(str(file)).family_name, source, figure)


def sheet_kind(target: Path, kinds: tuple[str, ...]) -> str:
    """Return the ending that says how a sheet is written; refuse another."""
    kind = target.suffix.lower()
    if kind in kinds:
        return kind
    shown = clean(target.suffix) or "—"
    raise InputError(
        f"图不能写成 {shown} 文件。",
        f"A map is not written as a file of the kind {shown}.",
        remedy=Text(f"请用 {'、'.join(kinds)}。", f"Use {', '.join(kinds)}."),
        file=target,
        expected=kinds,
        found=target.suffix,
    )


def check_free(target: Path, *, force: bool) -> None:
    """Refuse a file that is there, unless it may be replaced."""
    settle_leftovers(target)
    if target.is_dir() or (target.exists() and not force):
        raise InputError(
            f"{target.name} 已存在，未作改动。",
            f"{target.name} exists and was left as it is.",
            remedy=FORCE,
            file=target,
        )


def put_file(target: Path, write: Callable[[Path], None]) -> None:
    """Let a file be written aside, and put it in place whole."""
    replace_files(
        target,
        lambda fresh: write(fresh / target.name),
        old=[target] if target.exists() else [],
    )


@contextmanager
def plain_settings() -> Iterator[None]:
    """Draw under default settings; those of the caller come back."""
    with (
        mpl_style.context("default"),
        mpl.rc_context(
            {
                "pdf.fonttype": TRUETYPE,
                "svg.fonttype": "none",
                "svg.hashsalt": SALT,
                "text.hinting": "none",
            }
        ),
    ):
        yield


def pdf_facts() -> dict[str, str | None]:
    """Return what a PDF tells of itself: nothing of the hour or the machine."""
    return {"CreationDate": None, "Producer": None, "Creator": CREATOR}


def svg_font() -> Path:
    """Return the font that may be carried inside a file, else the one that draws here."""
    return next((path for path in carried_fonts() if path.exists()), font_file())


def _put(file: Path, data: bytes) -> None:
    file.write_bytes(data)


def _glyphs(figure: Figure) -> str:
    texts = (text.get_text() for text in figure.findobj(Drawn))
    return "".join(sorted({*string.printable, *ALWAYS, *(char for text in texts for char in text)}))


def _set_font(figure: Figure, file: Path) -> None:
    """Give every word a font file, and its name for files that only name fonts."""
    name = FT2Font(str(file)).family_name
    for text in figure.findobj(Drawn):
        text.set_fontproperties(
            FontProperties(fname=str(file), family=name, size=text.get_fontsize())
        )
    for bar in figure.findobj(ScaleBar):
        size = bar.font_properties.get_size_in_points()
        bar.set_font_properties({"fname": str(file), "family": name, "size": size})


def _with_font(page: bytes, name: str, source: Path, figure: Figure) -> bytes:
    """Put the font of a page's words into the page, where its licence allows it."""
    if source not in set(carried_fonts()):
        return page
    font = base64.b64encode(cut_font(source, _glyphs(figure), flavor="woff")).decode("ascii")
    rule = (
        f"<style>@font-face{{font-family:'{name}';"
        f"src:url(data:font/woff;base64,{font}) format('woff')}}</style>"
    )
    head, mark, rest = page.partition(b"</metadata>")
    return head + mark + b"\n " + rule.encode() + rest


def _check_dots(figure: Figure, dpi: int) -> None:
    width, height = figure.get_size_inches()
    most = int((MOST_PIXELS / (width * height)) ** 0.5)
    if isinstance(dpi, bool) or not isinstance(dpi, int) or not LEAST_DPI <= dpi <= most:
        raise InputError(
            f"分辨率应在每英寸 {LEAST_DPI} 到 {most} 点之间。",
            f"This sheet takes {LEAST_DPI} to {most} dots per inch.",
            remedy=Text("请改 dpi。", "Change dpi."),
            expected=(LEAST_DPI, most),
            found=dpi,
        )


def _saved(figure: Figure, kind: str, dpi: int, metadata: dict[str, str | None]) -> bytes:
    page = BytesIO()
    figure.savefig(page, format=kind, dpi=dpi, metadata=metadata)
    return page.getvalue()
