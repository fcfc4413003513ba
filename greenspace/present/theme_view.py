"""Theme view: a theme on Axes, those of a caller or a page of its own.

Question   How does a map look in a notebook, or in a figure that somebody composes?
Enters     A Theme; Axes of the caller's own, if any.
Leaves     The same Axes with the map, its legend, scale bar and north arrow.
Elsewhere  Sheets on paper with a title block: sheet_frame. Themes: plan_maps, check_themes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.present import canvas
from greenspace.present.map_base import provenance
from greenspace.present.measure_words import figures_of
from greenspace.present.paper import check_looks
from greenspace.present.service_sheet import wrapped
from greenspace.present.sheet_words import SHEET_WORDS
from greenspace.present.theme_words import theme_word
from greenspace.present.words import STATEMENT_FIELDS, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from greenspace.model.words import Language
    from greenspace.present.theme import LegendRow, Palette, Theme


def show_theme(
    theme: Theme, ax: Axes | None, *, language: Language = "zh", palette: Palette = "standard"
) -> Axes:
    """Draw a theme; on Axes of its own with title, legend and notes beside the map.

    On Axes that are given nothing is drawn outside their frame but the title and the coordinates
    along it, so that several maps stand in one figure.
    """
    check_looks(language, palette)
    own = ax is None
    ax = canvas.new_axes(canvas.SHEET_INCHES, canvas.MAP_BOX) if ax is None else ax
    rows = theme.draw(ax, language, palette)
    canvas.frame(ax, theme.bounds, theme.facts.crs)
    entries = [(row.handle, legend_text(row, language)) for row in rows]
    title = f"{theme.facts.city} {theme.facts.title.of(language)}".strip()
    if own:
        _furnish(theme, ax, title, language)
        canvas.legend(ax, entries, word("legend", language))
        return ax
    canvas.write(ax, 0.0, 1.02, title, size=11, va="bottom")
    canvas.legend_inside(ax, entries)
    return ax


def _furnish(theme: Theme, ax: Axes, title: str, language: Language) -> None:
    facts = theme.facts
    canvas.head(ax, title, [facts.report[key] for key in STATEMENT_FIELDS if key in facts.report])
    notes = [text.of(language) for text in facts.remarks]
    standard = facts.standard or SHEET_WORDS["no_standard"]
    notes.append(theme_word("by_standard", language).format(name=standard.of(language)))
    notes += provenance(facts, language)
    canvas.notes(ax, [line for note in notes for line in wrapped(note)])
    if facts.banner is not None:
        canvas.warn(ax, facts.banner.of(language), wide=language == "zh")


def legend_text(row: LegendRow, language: Language) -> str:
    r"""Return a row of a legend in words: what it is called, how many there are and how much.

    Examples
    --------
    >>> from matplotlib.patches import Patch
    >>> from greenspace.present.theme import LegendRow
    >>> row = LegendRow(handle=Patch(), label="parks", count=2, area_m2=15_000.0)
    >>> legend_text(row, "en")
    'parks\n2 places, 1.50 ha'
    """
    figures = figures_of(row, language)
    return row.label + (f"\n{figures}" if figures else "")
