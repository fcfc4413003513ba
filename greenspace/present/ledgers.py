"""Ledgers: the base tables of a check as tables of the report.

Question   What stands in each cell of a base table, and where do long tables end?
Enters     Ledgers and a language.
Leaves     Grids of strings; a sentence beside those that are cut.
Elsewhere  The same tables with real numbers: ledger_sheets. The order in the report: outline.
"""

from __future__ import annotations

import datetime as dt
from math import isnan
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from greenspace.model.words import Text
from greenspace.present.blocks import Cell, Facts, Grid, Heading, Note
from greenspace.present.display import show
from greenspace.present.report_words import say
from greenspace.present.sheet_names import ledger_sheet
from greenspace.present.words import clean

if TYPE_CHECKING:
    from greenspace.model.check import Check
    from greenspace.model.ledger import Column, Ledger
    from greenspace.model.words import Language
    from greenspace.present.blocks import Block

LONG: Final = 60  # rows that a page shows of a table
HECTARE_M2: Final = 10_000.0
FEW_M2: Final = 100.0
WORDY: Final = frozenset({"", "date", "yes_no", "file"})


def ledger_blocks(
    check: Check, ledger: Ledger, language: Language, *, most: int | None
) -> list[Block]:
    """Return heading, note and table of one ledger.

    Parameters
    ----------
    most
        Rows shown; ``None`` shows all.
    """
    shown = len(ledger.rows) if most is None else min(most, len(ledger.rows))
    blocks: list[Block] = [Heading(ledger_title(ledger, language))]
    if ledger.note is not None:
        blocks.append(Note(clean(ledger.note.of(language)), "remark"))
    if ledger.rows.empty:
        return [*blocks, Note(say("no_rows", language))]
    blocks.append(_grid(ledger, language, shown))
    if shown < len(ledger.rows):
        sheet = ledger_sheet(check.ledgers, ledger.id)
        text = say("cut", language).format(shown=shown, count=len(ledger.rows), sheet=sheet)
        blocks.append(Note(text, "remark"))
    return [*blocks, *_sheets(ledger, language, shown)] if ledger.sheets else blocks


def _sheets(ledger: Ledger, language: Language, shown: int) -> list[Block]:
    """Return each row as a small sheet: its name, then every other column that says something."""
    blocks: list[Block] = []
    grid = _grid(ledger, language, shown)
    for name, *cells in grid.rows:
        facts = zip(grid.head[1:], cells, strict=True)
        told = tuple((title, cell.text, "text") for title, cell in facts if cell.text)
        blocks += [Heading(f"{ledger.columns[0].title.of(language)} · {name.text}"), Facts(told)]
    return blocks


def ledger_title(ledger: Ledger, language: Language) -> str:
    """Return the title of a ledger as a heading."""
    text = clean(ledger.title.of(language))
    return text[:1].upper() + text[1:]


def cell_text(value: Any, unit: str, language: Language) -> str:
    """Return one cell as people read it; empty where there is nothing.

    Areas below a hectare are told in m2, since two decimals of a hectare are 100 m2.

    Examples
    --------
    >>> cell_text(0.5, "1", "zh"), cell_text(float("nan"), "m2", "zh"), cell_text(True, "yes_no", "en")
    ('50.00%', '', 'yes')
    >>> cell_text(1234.5, "m2", "en"), cell_text(42.25, "m2", "en"), cell_text(20_000.0, "m2", "en")
    ('1,234 m²', '42.2 m²', '2.00 ha')
    """
    if is_nothing(value):
        return ""
    if isinstance(value, Text):
        return clean(value.of(language))
    if unit == "yes_no":
        return say("yes" if bool(value) else "no", language)
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    if unit not in WORDY and isinstance(value, Real):
        return _number(float(value), unit, language)
    return clean(value)


def _number(value: float, unit: str, language: Language) -> str:
    if unit == "m2" and 0 < abs(value) < HECTARE_M2:
        return f"{value:,.{0 if abs(value) >= FEW_M2 else 1}f} m²"
    if unit == "m" and value.is_integer():  # a radius as the rule prints it
        return f"{value:,.0f} m"
    return show(value, unit, language)


def is_nothing(value: Any) -> bool:
    """Return whether a cell is empty: None, NaN, NaT."""
    if value is None:
        return True
    if isinstance(value, Real):
        return isnan(float(value))
    return type(value).__name__ in {"NaTType", "NAType"}


def _grid(ledger: Ledger, language: Language, shown: int) -> Grid:
    rows = ledger.rows[[column.key for column in ledger.columns]].head(shown)
    units = [column.unit for column in ledger.columns]
    return Grid(
        head=tuple(_title(column, language) for column in ledger.columns),
        figures=frozenset(spot for spot, unit in enumerate(units) if unit not in WORDY),
        rows=tuple(
            tuple(
                Cell(cell_text(value, unit, language))
                for value, unit in zip(values, units, strict=True)
            )
            for values in rows.astype(object).itertuples(index=False, name=None)
        ),
    )


def _title(column: Column, language: Language) -> str:
    return clean(column.title.of(language))
