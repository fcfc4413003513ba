"""Cells of a table of stations: days and temperatures, as people write them.

Question   Which day is this, and how many degrees Celsius is that?
Enters     One column.
Leaves     Days without hours, numbers with NaN where nothing was measured; or a refusal.
Elsewhere  Which column it is, and whether a day is there twice: read/stations.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

DAY = re.compile(
    r"((?:19|20)\d{2})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]\d{1,2}(?::\d{2}){1,2}(?:\.0+)?)?"
)
NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")
NOTHING = {"", "na", "n/a", "nan", "null", "none", "-", "--", "缺测"}
COLDEST_C, WARMEST_C = -60.0, 60.0  # beyond the records of any station on earth
MOST_FAHRENHEIT, MOST_TENTHS, KELVIN = 140.0, 600.0, (213.0, 333.0)
FEW = 0.1
WRITE_DAYS = Text(zh="请写成 2026-06-01。", en="Write 2026-06-01.")


def days_of(column: pd.Series, name: str, file: Path | None) -> pd.Series:
    """Return days; the hour, where there is one, is not looked at.

    Raises
    ------
    ColumnError
        A cell is no day, one whose month and day could be swapped, or a moment in a time zone,
        which may lie on another day where the station stands.
    """
    zoned = np.array([getattr(value, "tzinfo", None) is not None for value in column], dtype=bool)
    if zoned.any():
        first = column[zoned].iloc[0]
        raise ColumnError(
            f"日期带时区：{first}，当地可能已是另一天。",
            f"A date has a time zone: {first} may be another day where the station stands.",
            remedy=Text(
                zh='请先换算成当地日期，例如 .dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)。',
                en='Make it a local date first: .dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).',
            ),
            file=file,
            column=name,
            rows=column.index[zoned],
            expected="2026-06-01",
            found=str(first),
        )
    days = [_day(value) for value in column]
    wrong = np.array([day is None for day in days], dtype=bool)
    if wrong.any():
        first = column[wrong].iloc[0]
        raise ColumnError(
            f"日期看不懂：{first!r}。",
            f"A date cannot be read: {first!r}.",
            remedy=WRITE_DAYS,
            file=file,
            column=name,
            rows=column.index[wrong],
            expected="2026-06-01",
            found=first,
        )
    return pd.Series(pd.DatetimeIndex(days).as_unit("s"), index=column.index)


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):  # a Timestamp is one; NaT equals nothing
        return value.date() if value == value else None  # noqa: PLR0124
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | np.integer):
        value = str(value)
    if not isinstance(value, str):
        return None
    found = DAY.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if found is None:
        return None
    year, _, *parts = found.groups()
    month, day = (part for part in parts if part is not None)
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def temperatures_of(column: pd.Series, name: str, file: Path | None) -> pd.Series:
    """Return degrees Celsius, NaN where nothing was measured.

    Raises
    ------
    ColumnError
        A cell is no number, or no air temperature in degrees Celsius: the likely unit is told.
    """
    values = [_number(value) for value in column.to_numpy()]  # keeps narrow floats narrow
    wrong = np.array([value is None for value in values], dtype=bool)
    if wrong.any():
        first = column[wrong].iloc[0]
        raise ColumnError(
            f"气温不是数：{first!r}。",
            f"A temperature is no number: {first!r}.",
            remedy=Text(zh="没有观测的请留空。", en="Leave empty what was not measured."),
            file=file,
            column=name,
            rows=column.index[wrong],
            expected="a number, or nothing",
            found=first,
        )
    degrees = pd.Series(np.array(values, dtype=float), index=column.index)
    beyond = (degrees < COLDEST_C) | (degrees > WARMEST_C)
    if beyond.any():
        likely = likely_unit(degrees)
        raise ColumnError(
            f"有 {int(beyond.sum())} 行不可能是摄氏气温，例如 {degrees[beyond].iloc[0]:g}：{likely.zh}。",
            f"Rows that cannot be air temperatures in degrees Celsius: {int(beyond.sum())}, such "
            f"as {degrees[beyond].iloc[0]:g}: {likely.en}.",
            remedy=Text(
                zh="请换算成摄氏度；缺测的请留空。",
                en="Convert to degrees Celsius; leave empty what was not measured.",
            ),
            file=file,
            column=name,
            rows=column.index[beyond],
            expected=(COLDEST_C, WARMEST_C),
            found=float(degrees[beyond].iloc[0]),
        )
    return degrees


def _number(value: Any) -> float | None:
    if value is None or value is pd.NA:
        return np.nan
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(str(value)) if not np.isinf(value) else None  # 32.1 of 4 bytes is 32.1
    if not isinstance(value, str):
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    if text.casefold() in NOTHING:
        return np.nan
    return float(text) if NUMBER.fullmatch(text) else None


def likely_unit(degrees: pd.Series) -> Text:
    """Return what numbers beyond any air temperature in degrees Celsius are likely to be.

    Examples
    --------
    >>> likely_unit(pd.Series([88.0, 95.0])).en, likely_unit(pd.Series([305.4, 299.1])).en
    ('likely degrees Fahrenheit', 'likely kelvins')
    >>> likely_unit(pd.Series([305.0, 351.0])).en, likely_unit(pd.Series([31.0, 999.9])).en
    ('likely tenths of a degree', 'likely a code for what was not measured')
    """
    known = degrees.dropna()
    beyond = known[~known.between(COLDEST_C, WARMEST_C)]
    middle = float(beyond.median())
    if len(beyond) < FEW * len(known) or not 0 < middle <= MOST_TENTHS:
        return Text(zh="可能是缺测代码", en="likely a code for what was not measured")
    if middle <= MOST_FAHRENHEIT:
        return Text(zh="可能是华氏度", en="likely degrees Fahrenheit")
    if bool((beyond == beyond.round()).all()):
        return Text(zh="可能是 0.1 度", en="likely tenths of a degree")
    if KELVIN[0] <= middle <= KELVIN[1]:
        return Text(zh="可能是开尔文", en="likely kelvins")
    return Text(zh="单位不明", en="in an unknown unit")
