"""Workbook: a check as a spreadsheet with real numbers.

Question   Which cells does the office copy into its own tables?
Enters     A Check and a path.
Leaves     indicators.xlsx: verdicts, indicators, districts, findings, inputs, base tables.
Elsewhere  Cells: cells. Base tables: ledger_sheets. The same numbers for programs: record.
"""

from __future__ import annotations

from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from openpyxl import Workbook
from openpyxl.styles import PatternFill

from greenspace.present.cells import (
    FORMATS,
    HALF_FORMAT,
    finish_sheet,
    put,
    start_sheet,
    write_heads,
)
from greenspace.present.display import show_tiers, shown_unit
from greenspace.present.districts import measured_name, worst, zones_of
from greenspace.present.fixed_zip import BEGINNING, without_times
from greenspace.present.ledger_sheets import write_ledgers
from greenspace.present.numbers import source_text
from greenspace.present.record import check_record, crs_name, told_findings
from greenspace.present.rows import overall_sentence, review_sentence, sections, since_text
from greenspace.present.sheet_names import FIXED
from greenspace.present.words import (
    MARKS,
    SEVERITIES,
    VERDICTS,
    WORDS,
    both,
    clean,
    layer_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from greenspace.model.check import Check, Measured
    from greenspace.model.quantity import Ratio
    from greenspace.model.verdict import Verdict
    from greenspace.model.words import Text
    from greenspace.present.cells import Cell
    from greenspace.present.rows import Section

TINTS: Final = {"pass": "E3F2E1", "fail": "FBE3DF", "not_assessable": "F1F1EE"}

ERROR: Final = ("estimate", "interval_low", "interval_high", "confidence", "interval_remark")


def write_workbook(check: Check, path: Path) -> None:
    """Write the workbook; numbers in base units, shares formatted as percent."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "greenspace"
    book.properties.created = BEGINNING
    writers = (_verdicts, _indicators, _districts, _findings, _inputs)
    for title, write in zip(FIXED, writers, strict=True):
        write(check, book.create_sheet(title))
    write_ledgers(check, book)
    save_book(book, path)


def write_tables(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables as they are, one a sheet, numbers as numbers and text as text."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "greenspace"
    book.properties.created = BEGINNING
    for title, table in tables.items():
        sheet = book.create_sheet(title)
        write_heads(sheet, 1, [str(name) for name in table.columns])
        for row, values in enumerate(table.astype(object).itertuples(index=False), 2):
            put(sheet, row, [(value, "General") for value in values])
        finish_sheet(sheet, 2)
    save_book(book, path)


def save_book(book: Workbook, path: Path) -> None:
    """Write a workbook whose bytes do not depend on when."""
    file = BytesIO()
    book.save(file)
    path.write_bytes(without_times(file.getvalue()))


def _verdicts(check: Check, sheet: Worksheet) -> None:
    lines = [f"{clean(check.city.name)} · {check.standard}", overall_sentence(check, "zh")]
    lines.append(overall_sentence(check, "en"))
    lines += [s for lang in ("zh", "en") if (s := review_sentence(check, lang))]
    lines += [
        _since(check, standard) for standard in dict.fromkeys(v.standard for v in check.verdicts)
    ]
    keys = ("indicator", "value", "operator", "threshold", "margin", "unit", "verdict", "mark")
    head = [_head("standard_id"), _head("group"), *(_head(key) for key in keys)]
    head += [_head(key) for key in ("place", "remark", "document")]
    start = start_sheet(check, sheet, lines, head)
    row = start
    pairs = zip(sections(check, "zh"), sections(check, "en"), strict=True)
    for chinese, english in pairs:
        row = _verdict_rows(sheet, row, chinese, english)
    finish_sheet(sheet, start)


def _since(check: Check, standard: str) -> str:
    said = dict.fromkeys(since_text(check, standard, language) for language in ("zh", "en"))
    return f"{clean(standard)}: {' · '.join(said)}"


def _verdict_rows(sheet: Worksheet, row: int, chinese: Section, english: Section) -> int:
    for line, twin in zip(chinese.rows, english.rows, strict=True):
        item = line.source
        shape = _telling(_format(item), line.value)
        gap = _telling(_format(item), line.margin)
        remarks = [*line.remarks, *(t for t in twin.remarks if t not in line.remarks)]
        cells: list[Cell] = [
            (item.standard, ""),
            (f"{chinese.title} {english.title}", ""),
            (both(item.name), ""),
            (item.value, shape),
            (item.operator, ""),
            (item.threshold, shape),
            (item.margin, gap),
            (item.unit, ""),
            (both(VERDICTS[item.verdict]), ""),
            (both(MARKS[item.mark]) if item.mark else "", ""),
            ((item.ratio.place or "") if item.ratio else "", ""),
            ("; ".join(remarks), ""),
            (line.citation, ""),
        ]
        put(sheet, row, cells)
        sheet.cell(row, 9).fill = PatternFill("solid", fgColor=TINTS[item.verdict])
        row += 1
    return row


def _telling(shape: str, shown: str) -> str:
    """Give a number format the decimals that it took to show the number on its side.

    Examples
    --------
    >>> _telling("0.00%", "35.996%")
    '0.000%'
    """
    whole, point, rest = shape.partition(".")
    decimals = len("".join(takewhile(str.isdigit, shown.partition(".")[2])))
    if not point or decimals <= rest.count("0"):
        return shape
    return f"{whole}.{'0' * decimals}{rest.lstrip('0')}"


def _indicators(check: Check, sheet: Worksheet) -> None:
    head = [_head(key) for key in ("indicator", "value", "unit", "numerator", "denominator")]
    head += [_head("unseen"), "下限 Low", "上限 High", *map(_head, ERROR), _head("crs")]
    head += [_head(key) for key in ("tiers", "basis", "sources")]
    start = start_sheet(check, sheet, [], head)
    for row, item in enumerate(check.measured, start):
        ratio = item.ratio
        cells: list[Cell] = [
            (_name(check, item), ""),
            *_numbers(ratio),
            *_error(ratio),
            (crs_name(ratio.crs) or "", ""),
            (show_tiers(item.tiers, "zh") if item.tiers else "", ""),
            (both(WORDS["measured" if item.judged else "shown_only"]), ""),
            ("; ".join(source_text(source, "zh") for source in ratio.sources), ""),
        ]
        put(sheet, row, cells)
    finish_sheet(sheet, start)


def _districts(check: Check, sheet: Worksheet) -> None:
    head = [_head(key) for key in ("indicator", "zone", "value", "unit")]
    head += [_head(key) for key in ("numerator", "denominator", "unseen")]
    head += ["下限 Low", "上限 High", *map(_head, ERROR), _head("lowest")]
    start = start_sheet(check, sheet, [], head)
    row = start
    for item in check.measured:
        least = worst(check, item)
        for zone in zones_of(item):
            name = both(WORDS["outside"]) if zone.outside else zone.name
            mark = "●" if least is not None and zone == least else ""
            cells: list[Cell] = [(_name(check, item), ""), (name, "")]
            put(sheet, row, [*cells, *_numbers(zone.ratio), *_error(zone.ratio), (mark, "")])
            row += 1
    finish_sheet(sheet, start)


def _findings(check: Check, sheet: Worksheet) -> None:
    keys = ("severity", "layer", "finding", "count", "area_m2", "rows_touched", "code")
    start = start_sheet(check, sheet, [], [_head(key) for key in keys])
    for row, item in enumerate(told_findings(check), start):
        cells: list[Cell] = [
            (both(SEVERITIES[item.severity]), ""),
            (layer_name(item.layer, "zh"), ""),
            (both(item.text), ""),
            (item.count, "#,##0"),
            (item.area_m2, HALF_FORMAT),
            (", ".join(str(label) for label in item.rows), ""),
            (item.code, ""),
        ]
        put(sheet, row, cells)
    finish_sheet(sheet, start)


def _inputs(check: Check, sheet: Worksheet) -> None:
    start = start_sheet(check, sheet, [], [_head("file"), _head("role"), "SHA-256"])
    for row, item in enumerate(check_record(check)["inputs"], start):
        roles = ", ".join(item["roles"])
        put(sheet, row, [(item["path"], ""), (roles, ""), (item["sha256"] or "", "")])
    finish_sheet(sheet, start)


def _name(check: Check, item: Measured) -> str:
    chinese, english = (measured_name(check, item, lang) for lang in ("zh", "en"))
    return f"{chinese} {english}"


def _numbers(ratio: Ratio) -> list[Cell]:
    shape = _format(ratio)
    low, high = ratio.bounds if ratio.unseen is not None else (None, None)
    return [
        (ratio.value, shape),
        (ratio.unit, ""),
        (ratio.numerator, HALF_FORMAT),
        (ratio.denominator, HALF_FORMAT),
        (ratio.unseen, HALF_FORMAT),
        (low, shape),
        (high, shape),
    ]


def _error(ratio: Ratio) -> list[Cell]:
    """Return estimate, interval and confidence, then how it was made or why there is none."""
    span, shape = ratio.interval, _format(ratio)
    if span is None:
        why = "" if ratio.no_interval is None else both(ratio.no_interval)
        return [(None, ""), (None, ""), (None, ""), (None, ""), (why, "")]
    count = "" if span.points is None else both(WORDS["points"]).format(count=span.points)
    return [
        (span.estimate, shape),
        (span.low, shape),
        (span.high, shape),
        (span.confidence, "0.##%"),
        (both(WORDS[span.method]) + count, ""),
    ]


def _head(key: str) -> str:
    text: Text = WORDS[key]
    return both(text)


def _format(item: Verdict | Ratio) -> str:
    return FORMATS.get(shown_unit(item.indicator, item.unit), HALF_FORMAT)
