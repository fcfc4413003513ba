"""Terminal: a check as a table for the console, whatever the console can show.

Question   What does the check office see after one command?
Enters     A Check, a language, a width, the encoding of the console.
Leaves     Renderables of rich, or a string; nothing is printed here.
Elsewhere  Printing: cli. The words in each cell: rows.
"""

from __future__ import annotations

import unicodedata
from io import StringIO
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Line

from greenspace.present.display import UNDEFINED
from greenspace.present.districts import beside, lower_is_better, measured_name, worst
from greenspace.present.numbers import city_value
from greenspace.present.record import told_findings
from greenspace.present.rows import (
    Row,
    Section,
    banner,
    overall_sentence,
    profile_title,
    review_sentence,
    sections,
    shown_zone,
    since_text,
)
from greenspace.present.words import (
    SEVERITIES,
    VERDICTS,
    clean,
    layer_name,
    severity_counts,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

    from greenspace.model.check import Check
    from greenspace.model.source import Finding
    from greenspace.model.words import Language

COLOURS: Final[Mapping[str, str]] = {
    "pass": "green",
    "fail": "bold red",
    "not_assessable": "yellow",
}
SUBSTITUTES: Final[Mapping[str, str]] = {
    "²": "2",
    "³": "3",
    "–": "-",
    "—": "-",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "…": "...",
    "°": "deg",
    "·": "-",
    "×": "x",
    "′": "'",
    "“": '"',
    "”": '"',
    "‘": "'",  # noqa: RUF001
    "’": "'",  # noqa: RUF001
    "、": ", ",
    "。": ". ",
}
NOTES_SHOWN: Final = 5
NARROW: Final = 72
WIDEST: Final = 110


def text_table(check: Check, language: Language, width: int, *, ascii_only: bool = False) -> Group:
    """Return everything that ``greenspace check`` shows, gate rows first.

    Parameters
    ----------
    width
        Columns of the console; below 72 the column of margins is left out.
    ascii_only
        Draw frames with plain characters.
    """
    frame = box.ASCII if ascii_only else box.SIMPLE_HEAD
    parts: list[RenderableType] = [_title(check, language)]
    warning = banner(check, language)
    if warning:
        parts.append(
            Panel(Line(warning), style="yellow", box=box.ASCII if ascii_only else box.SQUARE)
        )
    own = [section for section in sections(check, language) if section.kind != "law"]
    law = [section for section in sections(check, language) if section.kind == "law"]
    for section in own:
        parts += _section(section, language, width, frame)
        if section.kind == "gate" and check.overall.review_ends:
            parts.append(Line(review_sentence(check, language), style="bold red"))
    parts += _beside(check, language, width, frame)
    parts += _lowest(check, language) + _unsure(check, language)
    style = COLOURS[check.overall.verdict]
    parts.append(Line(overall_sentence(check, language), style=f"bold {style}"))
    if check.overall.reason is not None:
        parts.append(Line(clean(check.overall.reason.of(language))))
    for section in law:
        parts += _section(section, language, width, frame)
        since = since_text(check, section.rows[0].source.standard, language)
        parts.append(Line(since, style="dim"))
    parts += findings_lines(told_findings(check), language)
    return Group(*parts)


def as_text(renderable: RenderableType, *, width: int, encoding: str = "utf-8") -> str:
    """Return what a console of this width and encoding would show, without colours."""
    page = StringIO()
    Console(file=page, width=width, color_system=None, legacy_windows=False).print(renderable)
    return printable(page.getvalue(), encoding)


def printable(text: str, encoding: str | None) -> str:
    """Return text that the encoding can hold; what it lacks is replaced by its like.

    Examples
    --------
    >>> printable("≥ 9 m²", "gbk"), printable("≥ 9 m²", "ascii")
    ('≥ 9 m2', '>= 9 m2')
    """
    codec = encoding or "ascii"
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return "".join(_nearest(char, codec) for char in text)
    except LookupError:
        return printable(text, "ascii")
    return text


def _nearest(char: str, codec: str) -> str:
    plain = unicodedata.normalize("NFKD", char)
    bare = "".join(part for part in plain if not unicodedata.combining(part))
    for candidate in (char, SUBSTITUTES.get(char, char), plain, bare):
        try:
            candidate.encode(codec)
        except UnicodeEncodeError:
            continue
        return candidate
    return "?"


def _title(check: Check, language: Language) -> Line:
    title = Line(clean(check.city.name), style="bold")
    if check.city.date is not None:
        title.append(f"  {check.city.date.isoformat()}")
    title.append(f"\n{profile_title(check, check.standard, language)}")
    title.append(f"\n{since_text(check, check.standard, language)}", style="dim")
    return title


def _section(
    section: Section, language: Language, width: int, frame: box.Box
) -> list[RenderableType]:
    """Return the rows that have a number as a table, the others by their reason below it."""
    shown = [row for row in section.rows if section.kind == "gate" or row.value != UNDEFINED]
    parts: list[RenderableType] = [Line(f"\n{section.title}", style="bold")]
    marks: dict[str, int] = {}
    for row in shown:
        for note in row.notes:
            marks.setdefault(note, len(marks) + 1)
    if shown:
        parts.append(_table(shown, marks, language, width, frame))
    parts += [Line(f"[{number}] {note}", style="dim") for note, number in marks.items()]
    parts += _unmeasured([row for row in section.rows if row not in shown], language)
    if section.note:
        parts.append(Line(section.note, style="dim"))
    return parts


def _table(
    rows: list[Row], marks: Mapping[str, int], language: Language, width: int, frame: box.Box
) -> Table:
    table = Table(box=frame, width=min(width, WIDEST), pad_edge=False)
    wide = width >= NARROW
    table.add_column(word("indicator", language), ratio=1, min_width=12, overflow="fold")
    table.add_column(word("value", language), justify="right", no_wrap=wide)
    table.add_column(word("threshold", language), justify="right", no_wrap=wide)
    if wide:
        table.add_column(word("margin", language), justify="right")
    table.add_column(word("verdict", language), no_wrap=wide)
    table.add_column(word("mark", language))
    for row in rows:
        table.add_row(*_cells(row, marks, wide=wide))
    return table


def _cells(row: Row, marks: Mapping[str, int], *, wide: bool) -> list[Line]:
    name = Line(row.name)
    for note in row.notes:
        name.append(f" [{marks[note]}]", style="dim")
    for remark in (row.place, row.levels):
        if remark:
            name.append(f"\n  {remark}", style="dim")
    cells = [name, Line(row.value), Line(row.threshold)]
    if wide:
        cells.append(Line(row.margin))
    verdict = Line(row.verdict_word, style=COLOURS[row.verdict])
    return [*cells, verdict, Line(row.mark_word)]


def _unmeasured(rows: list[Row], language: Language) -> list[Line]:
    """Name the rows without a number, those with the same reason in one line."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        reason = row.notes[0] if row.source.reason is not None else ""
        named = row.name if row.threshold == UNDEFINED else f"{row.name} {row.threshold}"
        reasons.setdefault((row.verdict, reason), []).append(named)
    lines = []
    for (verdict, reason), names in reasons.items():
        line = Line(VERDICTS[verdict].of(language), style=COLOURS[verdict])
        stop, gap = ("：", "；") if language == "zh" else (": ", "; ")
        line.append(stop + gap.join(names) + ("。" if language == "zh" else "."), style="none")
        if reason:
            line.append(reason if language == "zh" else f" {reason}", style="dim")
        lines.append(line)
    return lines


def _beside(check: Check, language: Language, width: int, frame: box.Box) -> list[RenderableType]:
    """Return the numbers that no standard judges, in a table of their own."""
    items = beside(check)
    if not items:
        return []
    table = Table(box=frame, width=min(width, WIDEST), pad_edge=False)
    table.add_column(word("indicator", language), ratio=1, min_width=12, overflow="fold")
    table.add_column(word("value", language), justify="right")
    for item in items:
        table.add_row(measured_name(check, item, language), city_value(check, item, language))
    return [
        Line(f"\n{word('beside', language)}", style="bold"),
        table,
        Line(word("never_judged", language), style="dim"),
    ]


def _lowest(check: Check, language: Language) -> list[Line]:
    """Name the worst zone of each number that a row asks for or that stands beside them."""
    lines, extra = [], beside(check)
    asked = {row.indicator for row in check.verdicts}
    for item in check.measured:
        told = item in extra or (item.judged and item.ratio.indicator in asked)
        zone = worst(check, item) if told else None
        if zone is None or len(item.zones or ()) < 2:  # noqa: PLR2004
            continue
        key = "highest" if lower_is_better(check, item) else "lowest"
        name = measured_name(check, item, language)
        value = shown_zone(check, zone.ratio, language)
        stop = "：" if language == "zh" else ": "
        gap = "" if language == "zh" else ", "
        lines.append(Line(f"{name}{gap}{word(key, language)}{stop}{zone.name} {value}"))
    return lines


def _unsure(check: Check, language: Language) -> list[Line]:
    """Say of each judged number from imagery without an interval why it has none."""
    lines = []
    for item in check.measured:
        if item.judged and item.ratio.no_interval is not None:
            stop = "：" if language == "zh" else ": "
            name = measured_name(check, item, language)
            why = clean(item.ratio.no_interval.of(language))
            lines.append(Line(f"{name}{stop}{why}", style="dim"))
    return lines


def findings_lines(
    found: tuple[Finding, ...], language: Language, *, every: bool = False
) -> list[Line]:
    """Return findings line by line, of the notes only the first few, or `every` one."""
    stop = "：" if language == "zh" else ": "
    counts = severity_counts(found, language)
    head = Line(f"\n{word('findings', language)}{stop}{counts}", style="bold")
    notes = [item for item in found if item.severity == "note"]
    most = len(notes) if every else NOTES_SHOWN
    shown = [item for item in found if item.severity != "note"] + notes[:most]
    lines = [head]
    for item in shown:
        layer = layer_name(item.layer, language)
        place = f"{layer}{stop}" if layer else ""
        style = {"error": "bold red", "warning": "yellow", "note": ""}[item.severity]
        line = Line(f"- {SEVERITIES[item.severity].of(language)} ", style=style)
        lines.append(line.append(f"{place}{clean(item.text.of(language))}", style="none"))
    if len(notes) > most:
        more = word("more", language).format(count=len(notes) - most)
        lines.append(Line(f"- {more}"))
    return lines
