"""Sheet names: what the sheets of the workbook are called.

Question   Under which name does a spreadsheet find this table?
Enters     Titles.
Leaves     Names of at most 31 characters, none twice, none that a spreadsheet refuses.
Elsewhere  The sheets: workbook, ledger_sheets. What points at them: ledgers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from greenspace.present.words import both, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenspace.model.ledger import Ledger

FIXED: Final = (
    "结论 Verdicts",
    "指标 Indicators",
    "分区 Districts",
    "发现 Findings",
    "输入 Inputs",
)
LONGEST: Final = 31
REFUSED: Final = re.compile(r"[\[\]:*?/\\]")


def sheet_names(titles: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    """Return a name for each title, cut and numbered where needed.

    Examples
    --------
    >>> sheet_names(["roads", "Roads", "a/b", "x" * 40])
    ['roads', 'Roads 2', 'a b', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']
    """
    used = {name.casefold() for name in taken} | {"history"}
    found = []
    for title in titles:
        plain = clean(REFUSED.sub(" ", title)).strip("' ") or "table"
        name, count = plain[:LONGEST].rstrip("' "), 1
        while name.casefold() in used:
            count += 1
            tail = f" {count}"
            name = plain[: LONGEST - len(tail)].rstrip("' ") + tail
        used.add(name.casefold())
        found.append(name)
    return found


def ledger_names(ledgers: Sequence[Ledger]) -> list[str]:
    """Return the name of each ledger's sheet."""
    return sheet_names((both(ledger.title) for ledger in ledgers), taken=FIXED)


def ledger_sheet(ledgers: Sequence[Ledger], wanted: str) -> str:
    """Return the name of the sheet of one ledger."""
    spot = [ledger.id for ledger in ledgers].index(wanted)
    return ledger_names(ledgers)[spot]
