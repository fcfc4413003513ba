"""Words of rows: columns that hold names, read from whatever the file holds.

Question   What is each row called?
Enters     A layer and a column that it may have.
Leaves     One plain word a row, empty where nothing is said.
Elsewhere  Columns of numbers: amounts_of_rows. Columns of yes and no: answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    import pandas as pd

BLANK = ("", "nan", "none", "<na>", "nat", "-", "--", "—", "/", "无")


def words_of_rows(frame: pd.DataFrame, column: str) -> list[str]:
    """Return a column as plain words, ``""`` where it is blank or missing.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"stand": ["古树群a ", None, "-"]})
    >>> words_of_rows(frame, "stand"), words_of_rows(frame, "name")
    (['古树群a', '', ''], ['', '', ''])
    """
    if column not in frame.columns:
        return [""] * len(frame)
    words = [normalize("NFKC", str(word)).strip() for word in frame[column]]
    return ["" if word.lower() in BLANK else word for word in words]
