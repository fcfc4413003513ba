"""Standards view: the standards as tables for the console.

Question   What does someone see after ``greenspace standards``, ``show`` and ``diff``?
Enters     Rows of counts, printed lines, differences; a language and a width.
Leaves     Renderables of rich; nothing is printed here.
Elsewhere  The same for scripts: editions. Words: standards_words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from greenspace.model.printed import THRESHOLD, TIERS
from greenspace.present.display import (
    POINTS,
    UNDEFINED,
    show_margin,
    show_threshold,
    show_tiers,
    shown_unit,
)
from greenspace.present.standards_words import (
    CHANGES,
    SIGNS,
    condition_text,
    dates_of,
    dates_text,
    item_text,
    said,
)
from greenspace.present.words import MARKS, clean

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from rich.console import RenderableType

    from greenspace.model.definition import Citation, Profile
    from greenspace.model.printed import Difference, Printed
    from greenspace.model.words import Language

RELAXATION: Final = "historic_relaxation"
COUNTS: Final = ("verified", "weak", "provisional", "user", "unknown")


def list_view(
    rows: Iterable[Mapping[Hashable, Any]],
    language: Language,
    width: int,
    *,
    ascii_only: bool = False,
) -> Table:
    """Return the standards with how sure their numbers are."""
    table = _table(width, ascii_only=ascii_only)
    table.padding = 0  # what it takes goes to the titles, which else fold at every word
    table.add_column("id", no_wrap=True)
    table.add_column(said("standard", language), ratio=1, overflow="fold")
    for mark in COUNTS:
        table.add_column(said(mark, language), justify="right", no_wrap=True)
    for row in rows:
        title = f"{row[f'title_{language}']}\n{_dates_of(row, language)}"
        cells = [str(row["id"]), title, *(str(row[mark]) for mark in COUNTS)]
        table.add_row(*(Line(_lines(cell)) for cell in cells))
    return table


def show_view(
    profile: Profile,
    lines: Sequence[Printed],
    addresses: Mapping[str, str],
    language: Language,
    width: int,
    *,
    ascii_only: bool = False,
) -> Group:
    """Return every number of a standard with its mark and where it was read."""
    parts: list[RenderableType] = [
        Line(f"{clean(profile.id)}  {clean(profile.title.of(language))}", style="bold"),
        Line(said("document", language).format(name=clean(profile.document))),
        Line(dates_text(profile, language)),
    ]
    remarks = (note for note in (profile.dates_note, profile.note) if note is not None)
    parts += [Line(clean(note.of(language)), style="dim") for note in remarks]
    notes: dict[str, int] = {}
    for level in dict.fromkeys(line.level for line in lines):
        name = clean(profile.level_names[level].of(language))
        title = said("level", language).format(name=name, id=clean(level))
        parts.append(Line(f"\n{title}", style="bold"))
        own = [line for line in lines if line.level == level]
        parts.append(_level_table(own, profile, notes, language, width, ascii_only=ascii_only))
    parts += [Line(f"({number}) {note}", style="dim") for note, number in notes.items()]
    parts += _addresses(lines, addresses, language)
    return Group(*parts)


def diff_view(
    titles: tuple[str, str],
    pairs: Iterable[tuple[str, str, tuple[Difference, ...]]],
    language: Language,
    width: int,
    *,
    ascii_only: bool = False,
) -> Group:
    """Return what differs between two standards, level by level."""
    parts: list[RenderableType] = []
    for before, after, found in pairs:
        named = (f"{clean(titles[0])}:{before}", f"{clean(titles[1])}:{after}")
        title = said("against", language).format(first=named[0], second=named[1])
        parts.append(Line(f"\n{title}", style="bold"))
        if not found:
            parts.append(Line(said("same", language)))
            continue
        table = _table(width, ascii_only=ascii_only)
        table.add_column(said("indicator", language), ratio=2, min_width=12, overflow="fold")
        for name in named:
            table.add_column(name, ratio=2, overflow="fold")
        table.add_column(said("difference", language), justify="right")
        table.add_column(said("changed", language), ratio=2, overflow="fold")
        for item in found:
            table.add_row(*map(Line, _difference(item, language)))
        parts.append(table)
    return Group(*parts)


def asked(line: Printed, language: Language) -> str:
    """Return what a line asks: comparison and number, tiers, or the value of a parameter."""
    unit = shown_unit(line.indicator, line.unit)
    unit = POINTS if line.item == RELAXATION and unit == "1" else unit
    if line.item == TIERS:
        return show_tiers(line.said, language)  # type: ignore[arg-type]
    if not line.said:
        return said("number_unknown", language)
    parts = [
        show_threshold(value, unit, language) if isinstance(value, float) else clean(str(value))
        for value in line.said
    ]
    joined = (said("or", language) if line.item == THRESHOLD else ", ").join(parts)
    return f"{SIGNS[line.operator]} {joined}" if line.operator else joined


def _table(width: int, *, ascii_only: bool) -> Table:
    frame = box.ASCII if ascii_only else box.SIMPLE_HEAD
    return Table(box=frame, width=width, pad_edge=False)


def _lines(text: str) -> str:
    return "\n".join(clean(part) for part in text.split("\n"))


def _dates_of(row: Mapping[Hashable, Any], language: Language) -> str:
    levels = said("levels", language).format(levels=row["levels"])
    return f"{levels}\n{dates_of(row, language)}"


def _level_table(
    lines: Sequence[Printed],
    profile: Profile,
    notes: dict[str, int],
    language: Language,
    width: int,
    *,
    ascii_only: bool,
) -> Table:
    table = _table(width, ascii_only=ascii_only)
    table.add_column(said("indicator", language), ratio=3, min_width=12, overflow="fold")
    table.add_column(said("asks", language), ratio=2, overflow="fold")
    table.add_column(said("mark", language))
    table.add_column(said("source", language), ratio=1, overflow="fold")
    seen = ""
    for line in lines:
        note = "" if line.note is None else clean(line.note.of(language))
        number = f" ({notes.setdefault(note, len(notes) + 1)})" if note else ""
        asks = "\n".join(filter(None, [asked(line, language), condition_text(line.when, language)]))
        mark = UNDEFINED if line.mark is None else MARKS[line.mark].of(language)
        cells = (_name(line, seen, language) + number, asks, mark, _cited(line.source, profile))
        table.add_row(*map(Line, cells))
        seen = line.indicator
    return table


def _name(line: Printed, seen: str, language: Language) -> str:
    if line.item != THRESHOLD:
        return f"  · {item_text(line.item, language)}"
    if line.indicator == seen:
        return "  ·"
    role = (
        said("gate", language)
        if line.gate
        else ""
        if line.mandatory
        else said("optional", language)
    )
    return "\n".join(
        filter(None, [clean(line.name.of(language)), f"  {line.indicator}", role and f"  {role}"])
    )


def _cited(source: Citation | None, profile: Profile) -> str:
    """Return where a number was read; the standard's own document goes without saying."""
    if source is None:
        return ""
    document = source.document if source.document != profile.document else ""
    return clean(" ".join(filter(None, [document, source.clause, source.address])))


def _addresses(
    lines: Iterable[Printed], addresses: Mapping[str, str], language: Language
) -> list[Line]:
    cited = {
        number
        for line in lines
        if line.source is not None
        for number in re.findall(r"\[(\w+)\]", line.source.address)
    }
    listed = [Line(f"[{key}] {clean(text)}") for key, text in addresses.items() if key in cited]
    return [Line(f"\n{said('addresses', language)}", style="bold"), *listed] if listed else []


def _difference(item: Difference, language: Language) -> tuple[str, ...]:
    line = item.line
    name = clean(line.name.of(language))
    if line.item != THRESHOLD:
        name += f" · {item_text(line.item, language)}"
    when = condition_text(line.when, language)
    sides = (_side(side, language) for side in (item.first, item.second))
    changes = ("、" if language == "zh" else ", ").join(
        CHANGES[key].of(language) for key in item.changes
    )
    by = show_margin(item.by, shown_unit(line.indicator, line.unit), language)
    return ("\n".join(filter(None, [name, when and f"  {when}"])), *sides, by, changes)


def _side(line: Printed | None, language: Language) -> str:
    if line is None:
        return UNDEFINED
    mark = "" if line.mark is None else MARKS[line.mark].of(language)
    return "\n".join(filter(None, [asked(line, language), mark]))
