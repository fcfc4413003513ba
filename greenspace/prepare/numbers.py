"""Numbers: columns of counts that people fill in, with gaps.

Question   Which number of households does this row say?
Enters     A column.
Leaves     Numbers of zero or more, NaN where nothing or something else is said, which is told.
Elsewhere  Populations, which may have no gaps: prepare/allocate.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np
import pandas as pd

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLANK = ("", "nan", "none", "<na>", "-", "--", "—")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
MOST_LISTED = 5


def numbers_of(column: pd.Series, layer: str) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """Return numbers, NaN where a cell is empty, negative or no number, which is told.

    Examples
    --------
    >>> numbers, findings = numbers_of(pd.Series([726, "981", None], name="households"), "homes")
    >>> numbers.tolist(), findings[0].rows
    ([726.0, 981.0, nan], (2,))
    """
    words = [normalize("NFKC", str(cell)).strip() for cell in column]
    blank = column.isna().to_numpy() | np.array([w.lower() in BLANK for w in words], dtype=bool)
    plain = [word.replace(",", "") if THOUSANDS.fullmatch(word) else word for word in words]
    cells = pd.Series(plain, index=column.index, dtype=object).where(~blank, None)
    truth = np.array([_no_digits(cell) for cell in column], dtype=bool)
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~blank & (truth | ~np.isfinite(numbers) | (numbers < 0))
    told = (_no_number(column, wrong, layer), _nothing(column, blank, layer))
    return np.where(wrong, np.nan, numbers), tuple(finding for finding in told if finding.count)


def _no_digits(cell: object) -> bool:
    """Return whether a cell is a truth value, or holds digits such as ² that are no decimals."""
    raised = any(letter.isdigit() and not letter.isdecimal() for letter in str(cell))
    return raised or isinstance(cell, bool | np.bool_)


def _nothing(column: pd.Series, blank: NDArray[np.bool_], layer: str) -> Finding:
    count = int(blank.sum())
    text = Text(
        zh=f"有 {count} 行没有填 {column.name}。",
        en=f"Rows that say nothing in {column.name}: {count}.",
    )
    rows = tuple(column.index[blank])
    return Finding(code="no_number", text=text, layer=layer, rows=rows, count=count)


def _no_number(column: pd.Series, wrong: NDArray[np.bool_], layer: str) -> Finding:
    count, rows = int(wrong.sum()), tuple(column.index[wrong])
    listed = ", ".join(list(dict.fromkeys(map(str, column[wrong])))[:MOST_LISTED])
    text = Text(
        zh=f"有 {count} 行的 {column.name} 不是不小于零的数，按未填计：{listed}。请只写数字，不写单位。",
        en=f"Rows of {column.name} that are no number of zero or more, taken as empty: {count} "
        f"({listed}). Write the number alone, without a unit.",
    )
    return Finding(
        code="not_a_number", text=text, severity="warning", layer=layer, rows=rows, count=count
    )
