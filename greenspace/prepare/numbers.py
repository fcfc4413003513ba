"""Numbers: columns of counts that people fill in, with gaps.

Question   Which number of households does this row say?
Enters     A column.
Leaves     Numbers of zero or more, NaN where nothing is said; anything else is refused.
Elsewhere  Populations, which may have no gaps: prepare/allocate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLANK = ("", "nan", "none", "<na>", "-", "--", "—")
MOST_LISTED = 5


def numbers_of(column: pd.Series, layer: str) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """Return numbers, NaN where a cell is empty, which is told.

    Raises
    ------
    ColumnError
        A cell is no number, or a negative one.

    Examples
    --------
    >>> numbers, findings = numbers_of(pd.Series([726, "981", None], name="households"), "homes")
    >>> numbers.tolist(), findings[0].rows
    ([726.0, 981.0, nan], (2,))
    """
    words = [normalize("NFKC", str(cell)).strip() for cell in column]
    blank = column.isna().to_numpy() | np.array([w.lower() in BLANK for w in words], dtype=bool)
    cells = pd.Series(words, index=column.index, dtype=object).where(~blank, None)
    truth = np.array([isinstance(cell, bool | np.bool_) for cell in column], dtype=bool)
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~blank & (truth | ~np.isfinite(numbers) | (numbers < 0))
    if wrong.any():
        raise _no_number(column, wrong, layer)
    if not blank.any():
        return numbers, ()
    count = int(blank.sum())
    text = Text(
        zh=f"有 {count} 行没有填 {column.name}。",
        en=f"Rows that say nothing in {column.name}: {count}.",
    )
    rows = tuple(column.index[blank])
    finding = Finding(code="no_number", text=text, layer=layer, rows=rows, count=count)
    return numbers, (finding,)


def _no_number(column: pd.Series, wrong: NDArray[np.bool_], layer: str) -> ColumnError:
    found = tuple(dict.fromkeys(map(str, column[wrong])))
    listed = ", ".join(found[:MOST_LISTED])
    return ColumnError(
        f"有 {int(wrong.sum())} 行的 {column.name} 不是不小于零的数：{listed}。",
        f"{int(wrong.sum())} rows of {column.name} are no number of zero or more: {listed}.",
        remedy=Text(zh="请只写数字，不写单位。", en="Write the number alone, without a unit."),
        layer=layer,
        column=str(column.name),
        rows=column.index[wrong],
        expected="a number of zero or more",
        found=found,
    )
