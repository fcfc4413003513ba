"""League workbook: many cities as a spreadsheet with real numbers.

Question   Which cells does a provincial office sort and copy?
Enters     A League and a path.
Leaves     league.xlsx: failures, by year, cities, rows, findings.
Elsewhere  Cells: cells. The same columns for a GIS: league_tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from greenspace.present.cells import FORMATS, HALF_FORMAT, finish_sheet, put, start_table
from greenspace.present.display import shown_unit
from greenspace.present.fixed_zip import BEGINNING
from greenspace.present.league_tables import (
    city_frame,
    column_name,
    columns_of,
    failure_frame,
    league_banner,
    line_frame,
)
from greenspace.present.league_words import LANGUAGES
from greenspace.present.words import clean, worst_first
from greenspace.present.workbook import TINTS, save_book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from greenspace.model.league import League

TEXT: Final = "General"
CELL_HOLDS: Final = 32_000  # of the 32 767 characters of a cell; the rest tells what is left out


def write_league_workbook(league: League, path: Path) -> None:
    """Write the workbook; numbers in base units, shares formatted as percent."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "greenspace"
    book.properties.created = BEGINNING
    share = {"share": FORMATS["1"]}
    told = [text for language in LANGUAGES if (text := league_banner(league, language))]
    failures = _fitted(failure_frame(league.tallies).drop(columns="year"))
    _sheet(book, "failures", failures, share, told)
    by_year = _fitted(failure_frame(league.tallies_by_year))
    if len(by_year):
        _sheet(book, "failures by year", by_year, share, told)
    _sheet(book, "cities", city_frame(league), _shapes(league), told)
    lines = line_frame(league)
    pairs = zip(lines["indicator"], lines["unit"], strict=True)
    shapes = [_shape(indicator, unit) for indicator, unit in pairs]
    _sheet(book, "rows", lines, {"value": shapes, "threshold": shapes}, told)
    found = [
        {"severity": item.severity, "zh": clean(item.text.zh), "en": clean(item.text.en)}
        for item in worst_first(league.findings)
    ]
    _sheet(book, "findings", pd.DataFrame(found, columns=["severity", "zh", "en"]), {})
    save_book(book, path)


def _fitted(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with lists of cities cut at a whole id, saying how many more there are."""
    return table.assign(cities=[_cut(text) for text in table["cities"]])


def _cut(text: str) -> str:
    if len(text) <= CELL_HOLDS:
        return text
    kept = text[:CELL_HOLDS].rpartition(", ")[0]
    return f"{kept}, … {text.count(', ') - kept.count(', ')} more"


def _shapes(league: League) -> dict[str, str]:
    """Return the number format of every indicator's column."""
    units = {key: row.unit for city in league.rows for key, row in city.judged.items()}
    return {column_name(key): _shape(key[1], units[key]) for key in columns_of(league)}


def _shape(indicator: str, unit: str) -> str:
    return FORMATS.get(shown_unit(indicator, unit), HALF_FORMAT)


def _sheet(
    book: Workbook,
    title: str,
    table: pd.DataFrame,
    shapes: Mapping[str, str | list[str]],
    told: Sequence[str] = (),
) -> None:
    sheet = book.create_sheet(title)
    names = [str(name) for name in table.columns]
    start = start_table(sheet, told, names)
    for at, values in enumerate(table.astype(object).itertuples(index=False)):
        cells = []
        for name, value in zip(names, values, strict=True):
            shape = shapes.get(name, TEXT)
            cells.append((_plain(value), shape if isinstance(shape, str) else shape[at]))
        put(sheet, start + at, cells)
        for column, (value, _) in enumerate(cells, 1):
            if isinstance(value, str) and value in TINTS:
                tint = PatternFill("solid", fgColor=TINTS[value])
                sheet.cell(start + at, column).fill = tint
    finish_sheet(sheet, start)


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124
