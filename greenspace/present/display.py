"""Display: numbers in the clothes that people expect.

Question   How is this number written so that it says no more and no less than it is?
Enters     Floats in base units.
Leaves     Strings: percent, hectares, m2 a person; a dash for what is undefined.
Elsewhere  The numbers themselves: model/quantity. Words: words.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import isfinite, isnan
from typing import TYPE_CHECKING, Final

from greenspace.model.words import Text
from greenspace.present.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.definition import Indicator, Operator, Tiers
    from greenspace.model.quantity import Ratio
    from greenspace.model.words import Language

UNDEFINED: Final = "—"
MOST_DIGITS: Final = 330  # of the smallest float, as a percentage
POINTS: Final = "points"
SPEED: Final = "main_road_speed"  # no unit of the vocabulary stands for a speed
FACTORS: Final[Mapping[str, Decimal]] = {
    "1": Decimal(100),
    POINTS: Decimal(100),
    "m2": Decimal("0.0001"),
}
MOST_PARTS: Final = 9  # 1/3 and the like, which no decimal says
SUFFIXES: Final[Mapping[str, Text]] = {
    "1": Text("%", "%"),
    POINTS: Text(" 个百分点", " percentage points"),
    "m2": Text(" 公顷", " ha"),
    "m2/person": Text(" m²/人", " m²/person"),
    "m": Text(" m", " m"),
    "person": Text(" 人", " persons"),
    "count": Text("", ""),
    "degC": Text(" °C", " °C"),
    "": Text("", ""),
}
AREA_INDICATORS: Final = frozenset(
    {"green_coverage", "green_space_ratio", "service_coverage", "network_service_coverage"}
)


def shown_unit(indicator: str, unit: str) -> str:
    """Return the unit to show a number in: an index stays a plain number, as standards print it.

    Examples
    --------
    >>> shown_unit("green_coverage", "1"), shown_unit("species_index", "1")
    ('1', '')
    >>> shown_unit("main_road_speed", "count")
    'km/h'
    """
    if indicator == SPEED:
        return "km/h"
    return "" if unit == "1" and indicator.endswith("_index") else unit


def show(
    value: float | None,
    unit: str,
    language: Language,
    *,
    threshold: float | None = None,
    operator: Operator | None = None,
) -> str:
    """Return a number with its unit, rounded only to be looked at.

    Parameters
    ----------
    value
        In base units; ``None`` and NaN become a dash.
    unit
        A unit of the vocabulary, ``person``, or empty.
    threshold, operator
        What the number is held against: digits are added until the shown number stands on the
        same side.

    Examples
    --------
    >>> show(0.41234, "1", "zh"), show(123456.0, "m2", "zh"), show(float("nan"), "1", "zh")
    ('41.23%', '12.35 公顷', '—')
    >>> show(0.35996, "1", "en", threshold=0.36, operator=">=")
    '35.996%'
    """
    if value is None or isnan(value):
        return UNDEFINED
    exact = _exact(value, unit)
    digits = _digits(exact, unit)
    suffix = SUFFIXES.get(unit, Text(f" {unit}", f" {unit}")).of(language)
    if threshold is not None and operator is not None:
        digits = _telling_digits(exact, _exact(threshold, unit), operator, digits)
        return f"{_rounded(exact, digits):,f}{suffix}"
    return f"{_edge(exact, unit, digits)}{suffix}"


def show_threshold(threshold: float, unit: str, language: Language) -> str:
    """Return a threshold as the standard prints it, with no digit added or dropped.

    Examples
    --------
    >>> show_threshold(0.36, "1", "zh"), show_threshold(5.5, "m2/person", "en")
    ('36%', '5.5 m²/person')
    >>> show_threshold(1 / 3, "1", "en"), show_threshold(0.02, "points", "en")
    ('1/3', '2 percentage points')
    """
    exact = _exact(threshold, unit)
    part = Fraction(threshold).limit_denominator(MOST_PARTS) if isfinite(threshold) else None
    if unit == "1" and part and float(part) == threshold and part * 100 != Fraction(exact):
        return str(part)
    text = f"{exact:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text + SUFFIXES.get(unit, Text(f" {unit}", f" {unit}")).of(language)


def show_margin(margin: float | None, unit: str, language: Language) -> str:
    """Return a signed distance; a share in percentage points, and never a rounded zero.

    Examples
    --------
    >>> show_margin(0.0123, "1", "zh"), show_margin(-0.00004, "1", "en")
    ('+1.23 个百分点', '-0.004 points')
    """
    if margin is None or isnan(margin):
        return UNDEFINED
    exact = _exact(margin, unit)
    digits = _digits(exact, unit)
    while exact and not _rounded(exact, digits) and digits < MOST_DIGITS:
        digits += 1
    points = Text(" 个百分点", " points")
    suffix = points if unit == "1" else SUFFIXES.get(unit, Text(f" {unit}", f" {unit}"))
    return f"{_rounded(exact, digits):+,f}{suffix.of(language)}"


def show_range(low: float, high: float, unit: str, language: Language) -> str:
    """Return two ends of a range.

    Examples
    --------
    >>> show_range(0.3, 0.4, "1", "en")
    '30.00%–40.00%'
    """
    return f"{show(low, unit, language)}–{show(high, unit, language)}"


def show_tiers(tiers: Tiers, language: Language) -> str:
    """Return park sizes and the radii they reach.

    Examples
    --------
    >>> show_tiers(((5000.0, 500.0), (2000.0, 300.0)), "en")
    '≥ 0.5 ha: 500 m; ≥ 0.2 ha: 300 m'
    """
    parts = (
        word("tier", language).format(
            size=f"{Decimal(repr(float(size))) / 10000:f}".rstrip("0").rstrip("."),
            radius=f"{radius:g}",
        )
        for size, radius in tiers
    )
    return ("；" if language == "zh" else "; ").join(parts)


def half_units(ratio: Ratio, card: Indicator | None = None) -> tuple[str, str]:
    """Return the units of numerator and denominator, empty where they are not known.

    Examples
    --------
    >>> from greenspace.model.quantity import Ratio
    >>> half_units(Ratio("park_area_per_capita", 100.0, 10.0, "m2/person", None))
    ('m2', 'person')
    """
    if ratio.unit == "m2/person":
        return ("m2", "person")
    if card is not None and card.basis == "length" and ratio.unit == "1":
        return ("m", "m")
    in_area = card.of_ground if card else ratio.indicator in AREA_INDICATORS
    return ("m2", "m2") if ratio.unit == "1" and in_area else ("", "")


def _exact(value: float, unit: str) -> Decimal:
    return Decimal(repr(float(value))) * FACTORS.get(unit, Decimal(1))


def _digits(exact: Decimal, unit: str) -> int:
    whole = unit == "person" or (unit == "count" and exact == exact.to_integral_value())
    return 0 if whole else 2


def _rounded(exact: Decimal, digits: int) -> Decimal:
    shown = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return abs(shown) if shown == 0 else shown


def _edge(exact: Decimal, unit: str, digits: int) -> str:
    """Keep apart nothing and next to nothing, all and next to all."""
    shown = _rounded(exact, digits)
    step = Decimal(1).scaleb(-digits)
    if exact > 0 and shown == 0:
        return f"<{step:f}"
    if unit == "1" and exact < 100 and shown == 100:  # noqa: PLR2004
        return f">{100 - step:f}"
    return f"{shown:,f}"


def _telling_digits(exact: Decimal, bar: Decimal, operator: Operator, digits: int) -> int:
    truth = holds(exact, operator, bar)
    while digits < MOST_DIGITS and holds(_rounded(exact, digits), operator, bar) != truth:
        digits += 1
    return digits


def holds(value: Decimal | float, operator: Operator, bar: Decimal | float) -> bool:
    """Return whether a number stands on the passing side, with no tolerance."""
    return {
        ">=": value >= bar,
        ">": value > bar,
        "<=": value <= bar,
        "<": value < bar,
    }[operator]
