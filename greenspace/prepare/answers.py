"""Answers: columns that say yes or no, in the words people write.

Question   Does this row say yes?
Enters     A column of words, numbers or truths.
Leaves     One answer a row, and what was noticed; rows that say something else are refused.
Elsewhere  What is asked: the composers, such as estates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Answers = tuple[NDArray[np.bool_], tuple[Finding, ...]]

YES = ("yes", "y", "true", "t", "1", "1.0", "是", "有", "对", "√", "✓", "✔")
NO = ("no", "n", "false", "f", "0", "0.0", "否", "无", "不是", "没有", "×", "✗", "✘")
BLANK = ("", "nan", "none", "<na>", "nat", "-", "--", "—", "n/a")
MOST_LISTED = 5


def yes_no(column: pd.Series, layer: str) -> Answers:
    """Return which rows say yes; a row that says nothing is a no, and is told.

    Parameters
    ----------
    column
        Named as in the layer: 是 and 否, 有 and 无, yes and no, true and false, 1 and 0.
    layer
        What errors and findings call the layer.

    Raises
    ------
    ColumnError
        A row says something else: it is neither taken for a yes nor for a no.

    Examples
    --------
    >>> import pandas as pd
    >>> answers, findings = yes_no(pd.Series(["是", "No", None], name="garden"), "units")
    >>> answers.tolist(), findings[0].code, findings[0].rows
    ([True, False, False], 'no_answer', (2,))
    """
    words = [normalize("NFKC", str(word)).strip().lower() for word in column]
    blank = column.isna().to_numpy() | np.array([word in BLANK for word in words], dtype=bool)
    yes = np.array([word in YES for word in words], dtype=bool) & ~blank
    known = yes | blank | np.array([word in NO for word in words], dtype=bool)
    if not known.all():
        raise _no_answer(column, known, layer)
    if not blank.any():
        return yes, ()
    count = int(blank.sum())
    text = Text(
        zh=f"有 {count} 行的 {column.name} 为空，按“否”计。",
        en=f"Rows that say nothing in {column.name}, taken as a no: {count}.",
    )
    rows = tuple(column.index[blank])
    finding = Finding(
        code="no_answer", text=text, severity="warning", layer=layer, rows=rows, count=count
    )
    return yes, (finding,)


def _no_answer(column: pd.Series, known: NDArray[np.bool_], layer: str) -> ColumnError:
    found = tuple(dict.fromkeys(str(word) for word in column[~known]))
    listed = ", ".join(found[:MOST_LISTED])
    return ColumnError(
        f"有 {int((~known).sum())} 行的 {column.name} 既不是“是”也不是“否”：{listed}。",
        f"{int((~known).sum())} rows of {column.name} say neither yes nor no: {listed}.",
        remedy=Text(zh="请写 是 或 否。", en="Write yes or no."),
        layer=layer,
        column=str(column.name),
        rows=column.index[~known],
        expected=(*YES, *NO),
        found=found,
    )
