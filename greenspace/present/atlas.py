"""Atlas: many sheets in one PDF, the first of them an index.

Question   On which page is this district or this line, and how do the sheets lie together?
Enters     A theme for each page, one for the overview, a paper, a scale.
Leaves     A PDF with numbered pages and bookmarks, whole or not at all.
Elsewhere  One sheet: sheet_frame. One sheet as a file: map_file.

Page by page: no more than one figure is in memory, and one font serves all pages.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle

from greenspace.errors import CrsError, InputError
from greenspace.model.words import Text
from greenspace.present.fonts import chinese_font
from greenspace.present.map_file import (
    CREATOR,
    DPI,
    check_free,
    pdf_facts,
    plain_settings,
    put_file,
    sheet_kind,
)
from greenspace.present.paper import check_looks
from greenspace.present.pen import INCH
from greenspace.present.sheet_frame import draw_sheet, plan_theme, sheet_title
from greenspace.present.sheet_words import SHEET_WORDS, sheet_word
from greenspace.present.style import INK
from greenspace.present.theme import LegendRow, Theme
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from greenspace.model.words import Language
    from greenspace.present.theme import Palette

    Bounds = tuple[float, float, float, float]

FRAME: Final = "#b3261e"
DRAWN: Final = "pages.part"  # beside the target, no name of a target


def write_atlas_file(
    themes: Sequence[Theme],
    path: Path | str,
    *,
    overview: Theme | None = None,
    size: str = "A3",
    landscape: bool | None = None,
    scale: float | None = None,
    language: Language = "zh",
    palette: Palette = "standard",
    force: bool = False,
    said: Callable[[int, int], None] | None = None,
) -> Path:
    """Write an index and one sheet for each theme into a PDF.

    Parameters
    ----------
    themes
        One for each page, in the order of the pages, all in one CRS.
    path
        A ``.pdf``.
    overview
        What the index shows below the frames of the pages; ``None``: nothing.
    size, landscape
        A0 to A4, and which way the sheets lie; ``None``: each as suits it.
    scale
        The denominator for every page but the index; ``None``: for each the largest round one
        that shows it all.
    said
        Called after each page with how many are done, and of how many.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        There is no page, the file exists, or the paper or scale does not suit a page: the first
        such page is named and nothing is drawn.
    CrsError
        Pages differ in their CRS, or it has no plane on which a printed scale holds.
    """
    check_looks(language, palette, landscape)
    target = Path(path).expanduser().resolve()
    sheet_kind(target, (".pdf",))
    check_free(target, force=force)
    _check(themes, overview)
    for number, theme in enumerate(themes, 2):
        _planned(theme, number, size, landscape, scale, language)
    pages = [index_theme(themes, overview), *themes]

    def fill(fresh: Path) -> None:
        with plain_settings(), PdfPages(fresh.with_name(DRAWN), metadata=pdf_facts()) as book:
            for number, theme in enumerate(pages, 1):
                figure = draw_sheet(
                    theme,
                    size=size,
                    landscape=landscape,
                    scale=None if number == 1 else scale,
                    language=language,
                    palette=palette,
                    page=(number, len(pages)),
                    dots=True,
                )
                book.savefig(figure, dpi=DPI)
                if said is not None:
                    said(number, len(pages))
        _bind(fresh.with_name(DRAWN), fresh, pages, language)

    put_file(target, fill)
    return target


def index_theme(themes: Sequence[Theme], overview: Theme | None) -> Theme:
    """Return the first page: what each sheet is about, with its page number."""
    ground = [theme.bounds for theme in themes]
    base = themes[0] if overview is None else overview
    title = SHEET_WORDS["index"]
    if overview is not None:
        told = overview.facts.title
        title = Text(f"{told.zh} · {title.zh}", f"{told.en} · {title.en}")

    def draw(ax: Axes, language: Language, palette: Palette) -> list[LegendRow]:
        rows = [] if overview is None else list(overview.draw(ax, language, palette))
        for number, bounds in enumerate(ground, 2):
            _frame(ax, bounds, number)
        rows.append(
            LegendRow(
                handle=Rectangle((0, 0), 1, 1, facecolor="none", edgecolor=FRAME, linewidth=0.9),
                label=sheet_word("sheets", language, count=len(themes)),
            )
        )
        for number, theme in enumerate(themes, 2):
            at = sheet_word("page_entry", language, page=number)
            nothing = Line2D([], [], linestyle="none")
            label = f"{at} {theme.facts.title.of(language)}"
            rows.append(LegendRow(handle=nothing, label=label))
        return rows

    bounds = _around([*ground, *([] if overview is None else [overview.bounds])])
    return Theme(key="index", facts=replace(base.facts, title=title), bounds=bounds, draw=draw)


def _planned(
    theme: Theme,
    number: int,
    size: str,
    landscape: bool | None,  # noqa: FBT001  - as its caller was asked
    scale: float | None,
    language: Language,
) -> None:
    """Refuse, with its number, a page that cannot be laid out."""
    try:
        plan_theme(theme, size=size, landscape=landscape, scale=scale, language=language, dots=True)
    except InputError as error:
        title = theme.facts.title
        raise type(error)(
            f"第 {number} 页《{clean(title.zh)}》：{error.problem.zh}",
            f"Page {number}, {clean(title.en)}: {error.problem.en}",
            remedy=error.remedy,
            expected=error.expected,
            found=error.found,
        ) from error


def _frame(ax: Axes, bounds: Bounds, number: int) -> None:
    west, south, east, north = bounds
    ax.add_patch(
        Rectangle(
            (west, south),
            east - west,
            north - south,
            facecolor="none",
            edgecolor=FRAME,
            linewidth=0.9,
            zorder=12,
        )
    )
    figure = ax.get_figure(root=True)
    inches = 1.0 if figure is None else ax.get_position().width * figure.get_figwidth()
    ax.text(
        west,
        north,
        str(number),
        fontproperties=chinese_font(max(6.0, 0.9 * inches * INCH / 25)),
        color=FRAME,
        ha="left",
        va="top",
        zorder=16,
        bbox={"facecolor": "white", "edgecolor": INK, "linewidth": 0.4, "alpha": 0.85, "pad": 1.2},
    )


def _around(bounds: Sequence[Bounds]) -> Bounds:
    west, south, east, north = zip(*bounds, strict=True)
    return min(west), min(south), max(east), max(north)


def _check(themes: Sequence[Theme], overview: Theme | None) -> None:
    if not themes:
        raise InputError(
            "图集没有一页可绘。",
            "There is no page to draw for the atlas.",
            remedy=Text("请检查图层是否为空。", "See whether the layer is empty."),
        )
    systems = [
        theme.facts.crs for theme in ([*themes] if overview is None else [*themes, overview])
    ]
    if any(crs != systems[0] for crs in systems[1:]):
        raise CrsError(
            "图集各页的坐标系不同。",
            "The pages of the atlas are in different CRSs.",
            remedy=Text("请先投影到同一坐标系。", "Project them to one CRS first."),
        )


def _bind(drawn: Path, target: Path, pages: Sequence[Theme], language: Language) -> None:
    """Copy the pages, and add bookmarks and the labels that viewers show."""
    with PdfWriter() as book:
        book.append(str(drawn), import_outline=False)
        for number, theme in enumerate(pages):
            title = theme.facts.title.of(language)
            book.add_outline_item(title=clean(title), page_number=number)
        book.set_page_label(0, len(pages) - 1, style=PageLabelStyle.DECIMAL)
        book.page_mode = "/UseOutlines"
        book.add_metadata({"/Creator": CREATOR, "/Title": sheet_title(pages[0], language)})
        book.write(str(target))
    drawn.unlink()
