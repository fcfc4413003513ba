"""Ledgers: the base tables that reviewers ask for, and lists that an office works from.

Question   Which rows and columns does this table have, and what is each of them?
Enters     Rows of whoever made them, with a title for the table and each column.
Leaves     One frozen value that the report, Excel and Word render alike.
Elsewhere  Making one: the composer of each subject. Rendering: present/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from greenspace.model.ratio import Unit
    from greenspace.model.words import Text

Kind = Literal["", "date", "file", "person", "yes_no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger.

    Attributes
    ----------
    unit
        The unit of its numbers, in base units (shares 0 to 1); ``""`` for text, ``"file"`` for
        the name of a file in the folder of results. A cell that is
        a `Text` is shown in the reader's language; ``None`` or NaN is shown as empty.
    """

    key: str
    title: Text
    unit: Unit | Kind = ""


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """One table.

    Attributes
    ----------
    id
        A stable name such as ``parks``: the sheet and the section are found by it.
    rows
        With exactly the keys of `columns`, in any order.
    note
        What its reader should know: the definition it follows, what was left out.
    sheets
        Each row is also handed out on a sheet of its own, named by the first column.

    Raises
    ------
    ValueError
        The rows have other columns.

    Examples
    --------
    >>> import pandas as pd
    >>> from greenspace.model.words import Text
    >>> area = Column("area_m2", Text("面积", "area"), "m2")
    >>> Ledger("parks", Text("公园名录", "list of parks"), (area,), pd.DataFrame({"area_m2": [1.0]})).id
    'parks'
    """

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    note: Text | None = None
    sheets: bool = False

    def __post_init__(self) -> None:
        """Refuse rows whose columns are not those that are titled."""
        keys = [column.key for column in self.columns]
        if sorted(keys) != sorted(map(str, self.rows.columns)):
            raise ValueError(f"{self.id}: {list(self.rows.columns)} are not {keys}")
