"""Names: what a cell of a table calls something.

Question   Which name does this cell hold, whatever type the column has?
Enters     A cell.
Leaves     A word; "" where it says nothing.
Elsewhere  Which column holds names: read/, prepare/plots.
"""

from __future__ import annotations

from typing import Any

import pandas as pd


def name_of(value: Any) -> str:
    """Return a name; 54511.0, as a column with gaps has it, is 54511.

    Examples
    --------
    >>> name_of(101.0), name_of(" 东社区 "), name_of(None), name_of(float("nan"))
    ('101', '东社区', '', '')
    """
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
