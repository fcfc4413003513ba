"""Ledger sheets: the base tables of a check, one sheet each, with numbers that count.

Question   Which rows does the office sort, filter and hand on?
Enters     The ledgers of a check, a workbook.
Leaves     One sheet a ledger, in their order, after the sheets that every check has.
Elsewhere  Cells: cells. Names of sheets: sheet_names. The same tables for eyes: ledgers.
"""

from __future__ import annotations

import datetime as dt
from numbers import Real
from typing import TYPE_CHECKING, Any

from greenspace.model.words import Text
from greenspace.present.cells import FORMATS, HALF_FORMAT, finish_sheet, put, start_sheet
from greenspace.present.ledgers import is_nothing
from greenspace.present.report_words import REPORT_WORDS
from greenspace.present.sheet_names import ledger_names
from greenspace.present.words import both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from greenspace.model.check import Check
    from greenspace.model.ledger import Column, Ledger
    from greenspace.present.cells import Cell

SHOWN_UNITS = {
    "m2": "m²",
    "m": "m",
    "m2/person": "m²/人 person",
    "person": "人 persons",
    "degC": "°C",
}


def write_ledgers(check: Check, book: Workbook) -> None:
    """Write each ledger on a sheet of its own."""
    for ledger, name in zip(check.ledgers, ledger_names(check.ledgers), strict=True):
        sheet = book.create_sheet(name)
        start = start_sheet(check, sheet, *heads_of(ledger))
        fill_ledger(sheet, ledger, start)


def heads_of(ledger: Ledger) -> tuple[list[str], list[str]]:
    """Return what stands above the table, and the head of each column."""
    lines = [both(ledger.title), *([] if ledger.note is None else [both(ledger.note)])]
    return lines, [_head(column) for column in ledger.columns]


def fill_ledger(sheet: Worksheet, ledger: Ledger, start: int) -> None:
    """Write the rows of a ledger from a row on."""
    keys = [column.key for column in ledger.columns]
    units = [column.unit for column in ledger.columns]
    rows = ledger.rows[keys].astype(object).itertuples(index=False, name=None)
    for row, values in enumerate(rows, start):
        put(sheet, row, [_cell(value, unit) for value, unit in zip(values, units, strict=True)])
        _link(sheet, row, values, units)
    finish_sheet(sheet, start)


def _link(sheet: Worksheet, row: int, values: Sequence[Any], units: Sequence[str]) -> None:
    """Let the names of files of this folder open them."""
    for column, (value, unit) in enumerate(zip(values, units, strict=True), 1):
        if unit == "file" and not is_nothing(value):
            sheet.cell(row, column).hyperlink = str(value)


def _head(column: Column) -> str:
    unit = SHOWN_UNITS.get(column.unit, "")
    return both(column.title) + (f" ({unit})" if unit else "")


def _cell(value: Any, unit: str) -> Cell:
    """Return a value and its number format; text in both languages."""
    if is_nothing(value):
        return (None, "")
    if isinstance(value, Text):
        return (both(value), "")
    if unit == "yes_no":
        return (both(REPORT_WORDS["yes" if bool(value) else "no"]), "")
    if isinstance(value, dt.date):
        return (dt.date(value.year, value.month, value.day), FORMATS["date"])
    if unit and isinstance(value, Real):
        return (float(value), FORMATS.get(unit, HALF_FORMAT))
    return (str(value), "")
