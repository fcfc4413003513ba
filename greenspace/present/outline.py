"""Outline: the technical report, chapter by chapter, in the order of the rule.

Question   What does the office hand in, and in which order?
Enters     A Check, a language, map sheets; how many rows of a base table are shown.
Leaves     Parts made of blocks, numbered.
Elsewhere  Tables: outline_tables. Subjects: chapters. Rendering: report, document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from greenspace.present.blocks import Cell, Facts, Grid, Heading, Note, Part, Picture
from greenspace.present.chapters import CHAPTERS, CHARTS, PLACED, SUBJECTS
from greenspace.present.chips import outlined_png
from greenspace.present.display import UNDEFINED, show
from greenspace.present.districts import groups
from greenspace.present.ledgers import cell_text, ledger_blocks
from greenspace.present.numbers import LOWEST, centre_numbers, numbers
from greenspace.present.outline_accuracy import accuracy_blocks
from greenspace.present.outline_tables import (
    beside_grid,
    cap_note,
    class_grid,
    district_grids,
    in_force,
    table_1,
    verdict_grid,
)
from greenspace.present.record import check_record, relative_name, told_findings
from greenspace.present.report_words import say
from greenspace.present.rows import banner, review_sentence, sections
from greenspace.present.supplied import supplied_numbers, unasked_grid
from greenspace.present.words import (
    MARKS,
    MARKS_EXPLAINED,
    SEVERITIES,
    clean,
    layer_name,
    severity_counts,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenspace.model.check import Check, Measured
    from greenspace.model.declared import Chip
    from greenspace.model.definition import Profile
    from greenspace.model.words import Language
    from greenspace.present.blocks import Block
    from greenspace.present.chapters import Chapter
    from greenspace.present.rows import Row, Section
    from greenspace.present.sheets import Sheet

CITED: Final = re.compile(r"\[([^\]]+)\]")


def outline(
    check: Check, language: Language, sheets: Sequence[Sheet] = (), *, most: int | None = None
) -> tuple[Part, ...]:
    """Return the chapters of the report, numbered, without those that hold nothing.

    Parameters
    ----------
    sheets
        Maps and charts to show; maps whose input is missing are named as such.
    most
        Rows shown of a base table; ``None`` shows all.
    """
    held = sections(check, language)
    parts = [
        (say("boundary", language), _ledgers(check, ("boundary",), language, most)),
        *_verdicts(check, held, language),
        *_results(check, language),
        *(
            (say(chapter.title, language), _chapter(check, chapter, held, sheets, language, most))
            for chapter in CHAPTERS
        ),
        (say("supplied_chapter", language), _supplied(check, held, language)),
        (say("base_tables", language), _others(check, held, language, most)),
        (word("maps", language), _maps(check, sheets, language)),
        *_laws(check, held, language),
        (say("checklist_chapter", language), _ledgers(check, ("checklist",), language, most)),
        (say("accuracy_chapter", language), accuracy_blocks(check, language)),
        (word("inputs", language), _inputs(check, language)),
        (word("findings", language), _findings(check, language)),
        (word("numbers", language), _numbers(check, language)),
        (word("standards", language), _standards(check, language)),
    ]
    filled = [(title, blocks) for title, blocks in parts if blocks]
    return tuple(
        Part(title=f"{spot}. {title}", blocks=tuple(blocks))
        for spot, (title, blocks) in enumerate(filled, 1)
    )


def _banner(check: Check, language: Language) -> list[Block]:
    text = banner(check, language)
    return [Note(text, "banner")] if text else []


def _ledgers(
    check: Check, names: Iterable[str], language: Language, most: int | None
) -> list[Block]:
    found = {ledger.id: ledger for ledger in check.ledgers}
    return [
        block
        for name in names
        if name in found
        for block in ledger_blocks(check, found[name], language, most=most)
    ]


def _verdicts(
    check: Check, held: Sequence[Section], language: Language
) -> list[tuple[str, list[Block]]]:
    """Return the gate, then the other rows of the standard that is judged."""
    parts = []
    for section in held:
        if section.kind == "law":
            continue
        blocks: list[Block] = [in_force(check, check.standard, language)]
        blocks += _banner(check, language)
        ends = review_sentence(check, language)
        if section.kind == "gate" and ends:
            blocks.append(Note(ends, "ends"))
        blocks.append(verdict_grid(check, section.rows, language))
        parts.append((section.title, blocks))
    return parts


def _results(check: Check, language: Language) -> list[tuple[str, list[Block]]]:
    """Return table 1, the zones of every number, and the areas of the classes."""
    first: list[Block] = []
    grid = table_1(check, language)
    if grid is not None:
        first = [*_banner(check, language), grid, Note(say("table_1_note", language), "remark")]
        capped = cap_note(check, language)
        first += [] if capped is None else [capped]
        if all(ledger.id != "centre_green" for ledger in check.ledgers):
            first.append(Note(say("centre_missing", language), "remark"))
    zones: list[Block] = []
    for group in groups(check):
        zones += [*_banner(check, language), *district_grids(check, group, language)]
    return [
        (say("table_1", language), first),
        (word("district_table", language), zones),
        (word("class_table", language), _classes(check, language)),
    ]


def _classes(check: Check, language: Language) -> list[Block]:
    grid = class_grid(check, language)
    if grid is None:
        return []
    edition = check.city.editions.get("green")
    key = "codes" if edition else "codes_unknown"
    return [grid, Note(word(key, language).format(edition=clean(edition)), "remark")]


def _chapter(
    check: Check,
    chapter: Chapter,
    held: Sequence[Section],
    sheets: Sequence[Sheet],
    language: Language,
    most: int | None,
) -> list[Block]:
    rows = [row for row in _own(held) if row.source.indicator in chapter.indicators]
    blocks: list[Block] = []
    if rows:
        blocks = [Heading(say("rows_of_chapter", language)), *_banner(check, language)]
        blocks += [
            in_force(check, check.standard, language),
            verdict_grid(check, rows, language),
        ]
    mine = [item for item in apart(check, held) if item.ratio.indicator in chapter.indicators]
    blocks += _apart(check, mine, language)
    drawn = [_picture(sheet) for sheet in sheets if sheet.name.startswith(chapter.pictures)]
    tables = _ledgers(check, chapter.ledgers, language, most)
    shots = [
        _chip(check, chip, language) for chip in check.chips if chip.id.startswith(chapter.pictures)
    ]
    return [*blocks, *drawn, *tables, *shots]


def _own(held: Sequence[Section]) -> list[Row]:
    return [row for section in held if section.kind != "law" for row in section.rows]


def _supplied(check: Check, held: Sequence[Section], language: Language) -> list[Block]:
    rows = [row for row in _own(held) if row.source.basis == "supplied" and row.source.ratio]
    blocks: list[Block] = []
    if rows:
        note = in_force(check, check.standard, language)
        blocks = [*_banner(check, language), note, verdict_grid(check, rows, language)]
    unasked = unasked_grid(check, _asked(held), language)
    if unasked is not None:
        blocks += [Heading(unasked.caption), unasked]
    return blocks


def _others(
    check: Check, held: Sequence[Section], language: Language, most: int | None
) -> list[Block]:
    names = [ledger.id for ledger in check.ledgers if ledger.id not in PLACED]
    rest = [item for item in apart(check, held) if item.ratio.indicator not in SUBJECTS]
    return [*_apart(check, rest, language), *_ledgers(check, names, language, most)]


def _asked(held: Sequence[Section]) -> frozenset[str]:
    return frozenset(row.source.indicator for row in _own(held))


def apart(check: Check, held: Sequence[Section]) -> list[Measured]:
    """Return the numbers of indicators that the judged standard has no row for."""
    asked = {name.removeprefix(LOWEST) for name in _asked(held)} | _asked(held)
    return [item for item in check.measured if item.ratio.indicator not in asked]


def _apart(check: Check, items: Sequence[Measured], language: Language) -> list[Block]:
    grid = beside_grid(check, items, language)
    if grid is None:
        return []
    note = Note(say("apart_note", language), "remark")
    return [Heading(say("apart", language)), grid, note]


def _maps(check: Check, sheets: Sequence[Sheet], language: Language) -> list[Block]:
    from greenspace.present.map_list import missing_maps

    blocks: list[Block] = [_picture(sheet) for sheet in sheets if not sheet.name.startswith(CHARTS)]
    return [*blocks, *(Note(text) for text in missing_maps(check, sheets, language))]


def _picture(sheet: Sheet) -> Picture:
    return Picture(title=sheet.title, png=sheet.png)


def _chip(check: Check, chip: Chip, language: Language) -> Picture:
    """Return a chip under the name, the kind and the area of the row that it shows."""
    ledger = next((item for item in check.ledgers if item.id == "declared_parks"), None)
    told = [clean(chip.id)]
    if ledger is not None and chip.place < len(ledger.rows):
        row = ledger.rows.iloc[chip.place]
        name = cell_text(row["name"], "", language) or cell_text(row["row"], "", language)
        kind, area = (
            cell_text(row["kind"], "", language),
            cell_text(row["area_m2"], "m2", language),
        )
        told += [text for text in (name, kind, area) if text]
    told.append(clean(chip.colours.of(language)))
    title = (" · ").join(told)
    return Picture(title=title, png=outlined_png(chip), wide=False)


def _laws(
    check: Check, held: Sequence[Section], language: Language
) -> list[tuple[str, list[Block]]]:
    return [
        (
            section.title,
            [
                in_force(check, section.rows[0].source.standard, language),
                *_banner(check, language),
                Note(section.note),
                verdict_grid(check, section.rows, language),
            ],
        )
        for section in held
        if section.kind == "law"
    ]


def _inputs(check: Check, language: Language) -> list[Block]:
    stop = "、" if language == "zh" else ", "
    rows = []
    for item in check_record(check)["inputs"]:
        kinds = dict.fromkeys(name.partition(":")[0] for name in item["roles"])
        roles = stop.join(layer_name(kind, language) for kind in kinds)
        path, checksum = clean(relative_name(item["path"])), item["sha256"] or UNDEFINED
        rows.append((Cell(path), Cell(roles), Cell(checksum, look="code")))
    if not rows:
        return []
    head = (word("file", language), word("role", language), "SHA-256")
    return [Grid(head=head, rows=tuple(rows))]


def _findings(check: Check, language: Language) -> list[Block]:
    found = told_findings(check)
    blocks: list[Block] = [Note(severity_counts(found, language))]
    if found:
        keys = ("severity", "layer", "finding", "count", "area")
        rows = tuple(
            (
                Cell(SEVERITIES[item.severity].of(language), look=f"severity {item.severity}"),
                Cell(layer_name(item.layer, language)),
                Cell(clean(item.text.of(language))),
                Cell("" if item.count is None else f"{item.count:,}"),
                Cell("" if item.area_m2 is None else show(item.area_m2, "m2", language)),
            )
            for item in found
        )
        head = tuple(word(key, language) for key in keys)
        blocks.append(Grid(head=head, rows=rows, figures=frozenset({3, 4})))
    return blocks


def _numbers(check: Check, language: Language) -> list[Block]:
    found = [
        *numbers(check, language),
        *centre_numbers(check, language),
        *supplied_numbers(check, language),
    ]
    note = Note(word("numbers_note", language), "remark")
    return [note, *_banner(check, language), *found] if found else []


def _standards(check: Check, language: Language) -> list[Block]:
    blocks: list[Block] = [*_banner(check, language)]
    for profile in check.profiles:
        blocks.append(Heading(clean(f"{profile.id} {profile.title.of(language)}")))
        blocks.append(Facts(_profile(profile, language)))
    marks = ((MARKS[key].of(language), MARKS_EXPLAINED[key].of(language), "text") for key in MARKS)
    blocks += [Heading(word("marks", language)), Facts(tuple(marks))]
    addresses = _addresses(check)
    if addresses:
        blocks += [Heading(word("addresses", language)), Facts(addresses)]
    return blocks


def _profile(profile: Profile, language: Language) -> tuple[tuple[str, str, str], ...]:
    unknown = word("date_unknown", language)
    since = profile.in_force_from
    facts = [
        ("document", profile.document),
        ("in_force_from", since.isoformat() if since else unknown),
        ("superseded_by", profile.superseded_by or unknown),
    ]
    notes = (note for note in (profile.dates_note, profile.note) if note is not None)
    facts += [("remark", note.of(language)) for note in notes]
    return tuple((word(key, language), clean(text), "text") for key, text in facts)


def _addresses(check: Check) -> tuple[tuple[str, str, str], ...]:
    cited = " ".join(row.source.address for row in check.verdicts if row.source is not None)
    keys = dict.fromkeys(CITED.findall(cited))
    return tuple(
        (f"[{key}]", clean(check.addresses[key]), "text") for key in check.addresses if key in keys
    )
