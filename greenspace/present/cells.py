"""Cells: what every sheet of a workbook is made of.

Question   How does a value become a cell that a spreadsheet counts with, or shows and never runs?
Enters     A sheet of openpyxl, values with number formats.
Leaves     Heads that stay in sight, filters, widths; text stored as text.
Elsewhere  Which sheets there are: workbook, ledger_sheets.

Text from users is stored as text, whatever it begins with, and never as a formula.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Final

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from greenspace.present.rows import banner
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from greenspace.model.check import Check

FORMATS: Final[Mapping[str, str]] = {
    "1": "0.00%",
    "m2": "#,##0.00",
    "m2/person": "0.00",
    "m": "#,##0.00",
    "count": "#,##0.##",
    "degC": "0.00",
    "person": "#,##0",
    "date": "yyyy-mm-dd",
    "yes_no": "",
    "file": "",
    "": "",
}
HALF_FORMAT: Final = "#,##0.00"
RISKY: Final = ("=", "+", "-", "@")
WIDTHS: Final = (10, 60)

Cell = tuple[Any, str]  # a value and its number format, empty for text


def start_sheet(check: Check, sheet: Worksheet, lines: Sequence[str], head: Sequence[str]) -> int:
    """Write banner, lines and head; return the first row of the table."""
    row = 1
    for text in (banner(check, "zh"), banner(check, "en")):
        if text:
            put_text(sheet, row, 1, text)
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor="FFF3CD")
            row += 1
    return start_table(sheet, lines, head, row=row)


def start_table(
    sheet: Worksheet, lines: Sequence[str], head: Sequence[str], *, row: int = 1
) -> int:
    """Write lines and head from a row on; return the first row of the table."""
    for text in lines:
        put_text(sheet, row, 1, text)
        sheet.cell(row, 1).font = Font(bold=True)
        row += 1
    write_heads(sheet, row, head)
    return row + 1


def write_heads(sheet: Worksheet, row: int, head: Sequence[str]) -> None:
    """Write the head of a table; it stays in sight."""
    for column, text in enumerate(head, 1):
        put_text(sheet, row, column, text)
        cell = sheet.cell(row, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F7D3B")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = f"A{row + 1}"


def put(sheet: Worksheet, row: int, cells: Sequence[Cell]) -> None:
    """Write one row; what is not there stays empty."""
    for column, (value, shape) in enumerate(cells, 1):
        if isinstance(value, str):
            put_text(sheet, row, column, value)
        elif value is not None and not (isinstance(value, float) and isnan(value)):
            cell = sheet.cell(row, column, value)
            cell.number_format = shape


def put_text(sheet: Worksheet, row: int, column: int, value: str) -> None:
    """Store text as text; quoted where a spreadsheet would take it for a formula."""
    text = clean(value)
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    if text.startswith(RISKY):
        cell.quotePrefix = True


def finish_sheet(sheet: Worksheet, start: int) -> None:
    """Let columns be filtered, and as wide as the table, a Chinese character counting as two."""
    last = get_column_letter(sheet.max_column)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0  # as many pages down as it takes, one across
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{start - 1}:{start - 1}"
    sheet.auto_filter.ref = f"A{start - 1}:{last}{max(sheet.max_row, start)}"
    for column, values in enumerate(sheet.iter_cols(min_row=start - 1, values_only=True), 1):
        longest = max((_width(value) for value in values if isinstance(value, str)), default=0)
        width = min(max(longest + 2, WIDTHS[0]), WIDTHS[1])
        sheet.column_dimensions[get_column_letter(column)].width = width


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)  # noqa: PLR2004
