"""Amounts that a city states of itself: shares with a percent sign, plain numbers, classes.

Question   Does "41.4%" or 12.6 or "III类" mean what its indicator measures, and can it be so?
Enters     A table of a manifest, and the card of every indicator.
Leaves     Indicator id to number, shares between 0 and 1; for supplied ones, where each is from.
Elsewhere  Comparing them with what was measured: evaluate/declared.
"""

from __future__ import annotations

from decimal import Decimal
from math import inf, isfinite
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from greenspace.errors import refuse
from greenspace.model.words import Text
from greenspace.read.keys import unknown_name, wrong_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from greenspace.errors import ManifestError, Refuse
    from greenspace.model.definition import Indicator

    Cards = Mapping[str, Indicator]

PERCENT = 100.0
WHOLE_PERCENT = 0.01
SHARE = Text(zh='份额，写作 0.414 或 "41.4%"', en='a share, written 0.414 or "41.4%"')
PLAIN = Text(
    zh='不带单位的数，写作 11.4 或 "11.40"', en='a number without a unit, written 11.4 or "11.40"'
)
CLASS = Text(
    zh='级别，写作 2、"II"、"2级"、"二级" 或 "III类"',
    en='a class, written 2, "II", "2级", "二级" or "III类"',
)
SUPPLIED_KEYS = ("value", "source", "date")
NUMERALS = {
    **dict(zip(("I", "II", "III", "IV", "V", "VI"), range(1, 7), strict=True)),
    **dict(zip("一二三四五六", range(1, 7), strict=True)),
    **{str(digit): digit for digit in range(1, 7)},
    **dict.fromkeys(("劣V", "劣五", "劣5"), 6),
}


def plain_number(value: object) -> float | None:
    """Return a finite number, or ``None`` where the value is something else.

    Examples
    --------
    >>> plain_number(3), plain_number("3"), plain_number(True), plain_number(float("nan"))
    (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return None
    return number if isfinite(number) else None


def number_of(value: object) -> float | None:
    """Return a finite number, also one that is written as text to keep its digits.

    Examples
    --------
    >>> number_of(11.4), number_of("11.40"), number_of("11.4 m2")
    (11.4, 11.4, None)
    """
    if not isinstance(value, str):
        return plain_number(value)
    number = _decimal(normalize("NFKC", value))
    return None if number is None else plain_number(float(number))


def share_of(value: object) -> float | None:
    """Return a share between 0 and 1, or ``None`` where the value is none.

    Examples
    --------
    >>> share_of(0.414), share_of("50 %"), share_of(41.4), share_of("43.2%") == 0.432
    (0.414, 0.5, None, True)
    """
    if isinstance(value, str):
        text = normalize("NFKC", value).strip()
        percent = _decimal(text[:-1]) if text.endswith("%") else None
        number = None if percent is None else _hundredth(percent)
    else:
        number = plain_number(value)
    return number + 0.0 if number is not None and 0 <= number <= 1 else None


def _decimal(text: str) -> Decimal | None:
    """Return the number that a text is, digit by digit; ``None`` where it is none."""
    try:
        number = Decimal(text.strip())
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _hundredth(percent: Decimal) -> float:
    """Return a percentage as a share: the float that its own digits would be written as."""
    sign, digits, exponent = percent.as_tuple()
    return float(Decimal((sign, digits, int(exponent) - 2)))


def step_of(value: object, card: Indicator) -> float:
    """Return the step of the last digit that an amount is written with.

    A bare share has lost the noughts at its end, if it had any (0.4 may be 40 %): its step is no
    more than a whole percent. That of a bare number is no more than 1; a class has none.

    Examples
    --------
    >>> from greenspace.read.definitions import read_indicators
    >>> cards = read_indicators()
    >>> share, per_head = cards["green_coverage"], cards["park_area_per_capita"]
    >>> [step_of(value, share) for value in ("42.0%", "42%", 0.414, 0.4, 1)]
    [0.001, 0.01, 0.001, 0.01, 0.01]
    >>> [step_of(value, per_head) for value in (11.4, "11.40", 12)]
    [0.1, 0.01, 1.0]
    """
    if card.classes:
        return 0.0
    share = card.unit == "1"
    written = normalize("NFKC", value).strip() if isinstance(value, str) else repr(_plain(value))
    number = _decimal(written.removesuffix("%"))
    if number is None:
        return 0.0
    digits = int(number.as_tuple().exponent) - (2 if written.endswith("%") else 0)
    return min(float(Decimal((0, (1,), digits))), WHOLE_PERCENT if share else 1.0)


def _plain(value: object) -> object:
    """Return a number of Python for one of numpy; others as they are."""
    return float(value) if isinstance(value, float) else value


def class_of(value: object) -> float | None:
    """Return the number of a class, or ``None`` where the value is none.

    Water that is worse than class V (劣Ⅴ类) is in class 6.

    Examples
    --------
    >>> class_of(2), class_of("Ⅱ类"), class_of("2级"), class_of("二级"), class_of("劣Ⅴ类")
    (2.0, 2.0, 2.0, 2.0, 6.0)
    >>> class_of(2.5), class_of("good")
    (None, None)
    """
    if isinstance(value, str):
        text = "".join(normalize("NFKC", value).upper().split())
        found = NUMERALS.get(text.removesuffix("类").removesuffix("级"))
        return None if found is None else float(found)
    number = plain_number(value)
    return number if number is not None and number.is_integer() else None


def limits_of(card: Indicator) -> tuple[float, float]:
    """Return the least and the greatest number that an indicator can have.

    Examples
    --------
    >>> from greenspace.read.definitions import read_indicators
    >>> cards = read_indicators()
    >>> limits_of(cards["green_coverage"]), limits_of(cards["surface_water_class"])
    ((0.0, 1.0), (1.0, 6.0))
    """
    least, most = {"1": (0.0, 1.0), "degC": (-inf, inf)}.get(card.unit, (0.0, inf))
    return (
        least if card.least is None else card.least,
        most if card.most is None else card.most,
    )


def read_amounts(
    table: Any, section: str, cards: Cards, path: Path, *, refuse: Refuse = refuse
) -> dict[str, float]:
    """Return the amounts of one table; where `refuse` returns, without what it was told.

    Raises
    ------
    ManifestError
        An indicator is not known, or its amount is not in its unit or range: for a share, a
        bare number above 1 is refused with the two ways to write it.
    """
    if not isinstance(table, dict):
        refuse(wrong_value(section, Text(zh="一个表", en="a table"), table, path))
        return {}
    amounts = {}
    for name, value in table.items():
        key = f"{section}.{name}"
        if name not in cards:
            refuse(unknown_name(key, name, tuple(cards), path))
            continue
        number = _amount(value, cards[name])
        if number is None:
            refuse(_not_an_amount(key, value, cards[name], path))
            continue
        amounts[name] = number
    return amounts


def read_supplied(
    table: Any, cards: Cards, path: Path, *, refuse: Refuse = refuse
) -> dict[str, dict[str, Any]]:
    """Return what a city supplies: the number, and where it says that the number is from.

    Parameters
    ----------
    table
        Amounts as `read_amounts` takes them, each alone or as
        ``{ value = "90%", source = "统计年鉴 2025", date = 2026-01-10 }``.

    Raises
    ------
    ManifestError
        As `read_amounts`; or such a table has another key, or no value.
    """
    if not isinstance(table, dict):
        read_amounts(table, "supplied", cards, path, refuse=refuse)
        return {}
    told: dict[str, dict[str, Any]] = {}
    for name, value in table.items():
        if not isinstance(value, dict) or name not in cards:
            told[name] = {"value": value}
            continue
        for key in value:
            if key not in SUPPLIED_KEYS:
                refuse(unknown_name(f"supplied.{name}.{key}", key, SUPPLIED_KEYS, path))
        told[name] = {key: value[key] for key in SUPPLIED_KEYS if key in value}
    values = {name: told_of.get("value") for name, told_of in told.items()}
    amounts = read_amounts(values, "supplied", cards, path, refuse=refuse)
    return {name: {**told[name], "value": number} for name, number in amounts.items()}


def _amount(value: object, card: Indicator) -> float | None:
    if card.classes:
        number = class_of(value)
    else:
        number = share_of(value) if card.unit == "1" else number_of(value)
    least, most = limits_of(card)
    return number if number is not None and least <= number <= most else None


def _not_an_amount(key: str, value: object, card: Indicator, path: Path) -> ManifestError:
    expected = CLASS if card.classes else SHARE if card.unit == "1" else PLAIN
    number = plain_number(value)
    if card.unit != "1":
        return wrong_value(key, _between(expected, *limits_of(card)), value, path)
    if number is None or not 1 < number <= PERCENT:
        return wrong_value(key, expected, value, path)
    name = key.rpartition(".")[2]
    ways = f'{name} = "{number:g}%"', f"{name} = {number / PERCENT:g}"
    remedy = Text(zh=f"请写成 {ways[0]} 或 {ways[1]}。", en=f"Write {ways[0]} or {ways[1]}.")
    return wrong_value(key, expected, value, path, remedy=remedy)


def _between(what: Text, least: float, most: float) -> Text:
    if isfinite(least) and isfinite(most):
        return Text(
            zh=f"{what.zh}，在 {least:g} 与 {most:g} 之间",
            en=f"{what.en}, from {least:g} to {most:g}",
        )
    if isfinite(least):
        return Text(zh=f"{what.zh}，不小于 {least:g}", en=f"{what.en}, of at least {least:g}")
    return what
