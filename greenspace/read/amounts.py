"""Amounts that a city states of itself: shares with a percent sign, and plain numbers.

Question   Does "41.4%" or 0.414 or 12.6 mean what its indicator measures?
Enters     A table of a manifest, and the unit of every indicator.
Leaves     Indicator id to number, shares between 0 and 1.
Elsewhere  Comparing them with what was measured: evaluate/.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from greenspace.errors import refuse
from greenspace.model.words import Text
from greenspace.read.keys import unknown_name, wrong_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.errors import ManifestError, Refuse

PERCENT = 100.0
SHARE = Text(zh='份额，写作 0.414 或 "41.4%"', en='a share, written 0.414 or "41.4%"')
PLAIN = Text(zh="不带单位的数", en="a number without a unit")


def plain_number(value: object) -> float | None:
    """Return a finite number, or ``None`` where the value is something else.

    Examples
    --------
    >>> plain_number(3), plain_number("3"), plain_number(True), plain_number(float("nan"))
    (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def share_of(value: object) -> float | None:
    """Return a share between 0 and 1, or ``None`` where the value is none.

    Examples
    --------
    >>> share_of(0.414), share_of("50 %"), share_of(41.4)
    (0.414, 0.5, None)
    """
    if isinstance(value, str):
        text = normalize("NFKC", value).strip()
        try:
            number = float(text[:-1]) / PERCENT if text.endswith("%") else None
        except ValueError:
            return None
    else:
        number = plain_number(value)
    return number if number is not None and 0 <= number <= 1 else None


def read_amounts(
    table: Any, section: str, units: Mapping[str, str], path: Path, *, refuse: Refuse = refuse
) -> dict[str, float]:
    """Return the amounts of one table; where `refuse` returns, without what it was told.

    Raises
    ------
    ManifestError
        An indicator is not known, or its amount is not in its unit: for a share, a bare
        number above 1 is refused with the two ways to write it.
    """
    if not isinstance(table, dict):
        refuse(wrong_value(section, Text(zh="一个表", en="a table"), table, path))
        return {}
    amounts = {}
    for name, value in table.items():
        key = f"{section}.{name}"
        if name not in units:
            refuse(unknown_name(key, name, tuple(units), path))
            continue
        unit = units[name]
        number = share_of(value) if unit == "1" else plain_number(value)
        if number is None or (number < 0 and unit != "degC"):
            refuse(_not_an_amount(key, value, unit, path))
            continue
        amounts[name] = number
    return amounts


def _not_an_amount(key: str, value: object, unit: str, path: Path) -> ManifestError:
    if unit != "1":
        return wrong_value(key, PLAIN, value, path)
    number = plain_number(value)
    if number is None or not 1 < number <= PERCENT:
        return wrong_value(key, SHARE, value, path)
    name = key.rpartition(".")[2]
    ways = f'{name} = "{number:g}%"', f"{name} = {number / PERCENT:g}"
    remedy = Text(zh=f"请写成 {ways[0]} 或 {ways[1]}。", en=f"Write {ways[0]} or {ways[1]}.")
    return wrong_value(key, SHARE, value, path, remedy=remedy)
