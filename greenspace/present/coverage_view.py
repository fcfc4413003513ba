"""Coverage view: the green coverage of zones as a table for the console.

Question   What does someone see after ``greenspace coverage``?
Enters     A CoverageMap, a language, a width.
Leaves     Renderables of rich; nothing is printed here.
Elsewhere  The table of a check: terminal. Files: coverage_files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.model.quantity import Interval
from greenspace.present.display import UNDEFINED, show, show_range
from greenspace.present.inspection import shown_area
from greenspace.present.record import crs_name
from greenspace.present.terminal import findings_lines
from greenspace.present.uncertainty import error_notes, error_sentence
from greenspace.present.words import clean, word, worst_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from greenspace.model.coverage_map import CoverageMap
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language

MOST_ROWS: Final = 200
ROOMY: Final = 100  # characters


def coverage_view(
    cover: CoverageMap, language: Language, width: int, *, ascii_only: bool = False
) -> Group:
    """Return everything that ``greenspace coverage`` shows: zones, total, rules, findings."""
    parts: list[RenderableType] = [Line(word("cover_map", language), style="bold")]
    parts.append(_table(cover, language, width, ascii_only=ascii_only))
    more = len(cover.table) - MOST_ROWS
    if more > 0:
        parts.append(Line(word("more_zones", language).format(count=more)))
    parts += [Line(text) for text in _remarks(cover, language)]
    parts += findings_lines(worst_first(cover.findings), language)
    return Group(*parts)


def _table(cover: CoverageMap, language: Language, width: int, *, ascii_only: bool) -> Table:
    spans = any(isinstance(item, Interval) for item in cover.table.intervals)
    table = Table(box=box.ASCII if ascii_only else box.SIMPLE_HEAD, width=width, pad_edge=False)
    wide = 1 if width >= ROOMY else None  # in a narrow table it would get what others leave
    table.add_column(word("zone", language), ratio=wide, min_width=8, overflow="fold")
    keys = ["cover_value", "green_area", "unseen", "bounds_short"]
    keys += ["estimate_short"] if spans else []
    for key in keys:
        table.add_column(word(key, language), justify="right", overflow="fold")
    for place in range(min(len(cover.table), MOST_ROWS)):
        cells = _cells(cover.table.ratio(place), language, spans=spans)
        table.add_row(Line(clean(cover.names[place])), *map(Line, cells))
    if cover.total is not None:
        table.add_section()
        cells = _cells(cover.total, language, spans=spans)
        table.add_row(
            Line(word("all_zones", language), style="bold"), *(Line(c, style="bold") for c in cells)
        )
    return table


def _cells(ratio: Ratio, language: Language, *, spans: bool) -> Iterator[str]:
    yield show(ratio.value, "1", language)
    yield shown_area(ratio.numerator, language)
    whole = ratio.denominator + (ratio.unseen or 0.0)
    yield show((ratio.unseen or 0.0) / whole if whole else None, "1", language)
    yield show_range(*ratio.bounds, "1", language) if ratio.unseen else UNDEFINED
    if spans:
        yield "\n".join(error_notes(ratio, language)) or UNDEFINED


def _remarks(cover: CoverageMap, language: Language) -> Iterator[str]:
    stop = "：" if language == "zh" else ": "
    if cover.no_total is not None:
        yield f"{word('no_total', language)}{stop}{clean(cover.no_total.of(language))}"
    for rule in cover.rules:
        yield f"{word('rule', language)}{stop}{clean(rule)}"
    name = crs_name(cover.table.crs)
    if name:
        yield f"{word('crs', language)}{stop}{clean(name)}"
    reasons = dict.fromkeys(cover.table.ratio(i).no_interval for i in range(len(cover.table)))
    if cover.total is not None:
        reasons |= dict.fromkeys([cover.total.no_interval])
        if cover.total.interval is not None:
            said = error_sentence(cover.total, language)
            yield said[:1].upper() + said[1:]
    for reason in reasons:
        if reason is not None:
            yield f"{word('no_interval', language)}{stop}{clean(reason.of(language))}"
