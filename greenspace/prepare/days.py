"""Days: when each row of a register is of, and which rows are older than a day.

Question   Was this built before the line was approved, after it, or is that not said?
Enters     A column of dates as offices write them, and a day.
Leaves     Which rows are older, and which say nothing; words that are no date are refused.
Elsewhere  Years of building: prepare/statuses.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError, InputError
from greenspace.model.names import name_of
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
WRITTEN: Final = re.compile(
    r"(\d{4})(?:年|(?:[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?))?(?:[ t]\d\d:\d\d.*)?"
)
DECEMBER: Final = 12
MOST_LISTED: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The day of each row, as late as what is written allows.

    Attributes
    ----------
    last
        ``None`` where nothing is written; of a year or month alone its last day.
    words
        The day, month or year as ISO has it, "" where nothing is written.
    """

    last: tuple[dt.date | None, ...]
    words: tuple[str, ...]

    @property
    def unsaid(self) -> NDArray[np.bool_]:
        """Which rows say nothing."""
        return np.array([day is None for day in self.last], dtype=bool)

    def before(self, since: dt.date) -> NDArray[np.bool_]:
        """Return which rows are older than a day, whatever is left open of them."""
        return np.array([day is not None and day < since for day in self.last], dtype=bool)


def days_of(column: pd.Series, layer: str) -> Days:
    """Read the dates of a column.

    Raises
    ------
    ColumnError
        A cell holds what is no date.

    Examples
    --------
    >>> read = days_of(pd.Series(["2024年5月", 2023, None, "2024-02-30 "[:7]]), "construction")
    >>> read.words, read.last[0]
    (('2024-05', '2023', '', '2024-02'), datetime.date(2024, 5, 31))
    """
    found = [_day_of(cell) for cell in column]
    strange = np.array([day is None for day in found], dtype=bool)
    if strange.any():
        words = tuple(dict.fromkeys(str(cell) for cell in column[strange]))
        raise ColumnError(
            f"有 {int(strange.sum())} 行的日期读不出：{', '.join(words[:MOST_LISTED])}。",
            f"{int(strange.sum())} rows hold what is no date: {', '.join(words[:MOST_LISTED])}.",
            remedy=Text(zh="请写 2026-06-30 这样的日期。", en="Write dates such as 2026-06-30."),
            layer=layer,
            column=str(column.name),
            rows=column.index[strange],
            expected="2026-06-30",
            found=words,
        )
    known = [day for day in found if day is not None]
    return Days(tuple(last for last, _ in known), tuple(word for _, word in known))


def day_of(given: Any, name: str) -> dt.date | None:
    """Return one day that a caller names.

    Raises
    ------
    InputError
        It is no day.

    Examples
    --------
    >>> day_of("2024-05-01", "since"), day_of(None, "since")
    (datetime.date(2024, 5, 1), None)
    """
    if given is None:
        return None
    found = _day_of(given)
    if found is None or found[0] is None or len(found[1]) != len("2026-06-30"):
        raise InputError(
            f"{name} 不是日期：{given!r}。",
            f"{name} is no day: {given!r}.",
            remedy=Text(zh="请写 2026-06-30 这样的日期。", en="Write a day such as 2026-06-30."),
            expected="2026-06-30",
            found=repr(given),
        )
    return found[0]


def _day_of(cell: Any) -> tuple[dt.date | None, str] | None:
    """Return the last day that is meant and how it is written; ``None`` where it is no date."""
    if cell is None or cell is pd.NaT or cell is pd.NA or cell != cell:  # noqa: PLR0124 - NaN
        return None, ""
    if isinstance(cell, dt.datetime | pd.Timestamp):
        return cell.date(), cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell, cell.isoformat()
    if isinstance(cell, np.datetime64):
        return _day_of(pd.Timestamp(cell))
    word = normalize("NFKC", name_of(cell)).casefold()
    if not word:
        return None, ""
    match = COMPACT.fullmatch(word) or WRITTEN.fullmatch(word)
    return None if match is None else _calendar(*(match.group(n) for n in (1, 2, 3)))


def _calendar(year: str, month: str | None, day: str | None) -> tuple[dt.date, str] | None:
    try:
        y, m = int(year), DECEMBER if month is None else int(month)
        last = dt.date(y, m, monthrange(y, m)[1] if day is None else int(day))
    except ValueError:
        return None
    return last, last.isoformat()[: 4 if month is None else 7 if day is None else 10]
