"""Amounts of rows: columns that hold a number a row, read from whatever the file holds.

Question   How old, wide or large is each row by its own column?
Enters     A column of numbers or of numbers written as text.
Leaves     One number a row, NaN where none is given; rows that hold something else are refused.
Elsewhere  Columns of yes and no: answers. Persons: read/people.
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

    Amounts = tuple[NDArray[np.float64], tuple[Finding, ...]]

BLANK = ("", "nan", "none", "<na>", "nat", "—", "-", "/")
MOST_LISTED = 5


def amounts_of_rows(column: pd.Series, layer: str) -> Amounts:
    """Return a column as numbers of zero or more; rows without one are NaN, and are told.

    Raises
    ------
    ColumnError
        A row holds a word, a negative number or an infinite one.

    Examples
    --------
    >>> values, findings = amounts_of_rows(pd.Series([310, "75", None], name="age"), "old_trees")
    >>> values.tolist(), findings[0].code, findings[0].count
    ([310.0, 75.0, nan], 'no_amount', 1)
    """
    words = [normalize("NFKC", str(word)).strip() for word in column]
    blank = column.isna().to_numpy() | np.array([w.lower() in BLANK for w in words], dtype=bool)
    values: NDArray[np.float64] = pd.to_numeric(pd.Series(words), errors="coerce").to_numpy(
        dtype=float, na_value=np.nan
    )
    wrong = ~blank & ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        raise _no_number(column, wrong, layer)
    values = np.where(blank, np.nan, values)
    if not blank.any():
        return values, ()
    text = Text(
        zh=f"字段 {column.name} 有 {int(blank.sum())} 行没有数值。",
        en=f"{int(blank.sum())} rows of the column {column.name} hold no number.",
    )
    rows = tuple(column.index[blank])
    finding = Finding(
        code="no_amount",
        text=text,
        severity="warning",
        layer=layer,
        rows=rows,
        count=len(rows),
    )
    return values, (finding,)


def _no_number(column: pd.Series, wrong: NDArray[np.bool_], layer: str) -> ColumnError:
    odd = sorted({str(word) for word in column[wrong]})[:MOST_LISTED]
    return ColumnError(
        f"字段 {column.name} 有的行不是非负数：{'、'.join(odd)}。",
        f"Some rows of the column {column.name} are no numbers of zero or more: {', '.join(odd)}.",
        remedy=Text(
            zh="请改成不带单位的数，或留空。", en="Write numbers without a unit, or nothing."
        ),
        layer=layer,
        column=str(column.name),
        rows=column.index[wrong],
        expected="numbers of zero or more",
        found=tuple(odd),
    )
