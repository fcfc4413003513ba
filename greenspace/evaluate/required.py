"""Required: what one row of a standard asks of a single estate or unit.

Question   Does this estate meet its ratio, whichever way the row may be read?
Enters     Numbers that the row may mean, a ratio.
Leaves     Met, not met or undecided, and the number that decides.
Elsewhere  The city as a whole: compare. What units owe by their kind: unit_rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING

from greenspace.evaluate.compare import RISING, applicable, meets
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from greenspace.model.definition import Operator, Profile

NO_SOURCE = Text(zh="没有查到规定的绿地率。", en="No source read says which ratio is required.")


@dataclass(frozen=True, slots=True)
class Required:
    """The numbers that a row may mean: none, one, or two where sources disagree.

    Attributes
    ----------
    reason
        Why there is no number.
    """

    readings: tuple[float, ...] = ()
    operator: Operator = ">="
    reason: Text | None = None

    def decide(self, value: float) -> tuple[float, bool | None]:
        """Return the number that decides, and whether it is met.

        Of two readings the stricter decides for those who meet both, the milder for those who
        meet neither; between them nothing is decided.

        Examples
        --------
        >>> both = Required((0.25, 0.35))
        >>> both.decide(0.4), both.decide(0.2), both.decide(0.3)
        ((0.35, True), (0.25, False), (nan, None))
        """
        if not self.readings:
            return nan, None
        if isnan(value):
            return (self.readings[0] if len(self.readings) == 1 else nan), None
        met = {bool(meets(value, self.operator, least)) for least in self.readings}
        if len(met) > 1:
            return nan, None
        strict = met.pop()
        pick = max if strict == (self.operator in RISING) else min
        return pick(self.readings), strict


def required_of(
    profile: Profile, level: str, indicator: str, facts: Mapping[str, object]
) -> Required | None:
    """Return what a standard's row asks, ``None`` where it has no such row."""
    rows = [row for row in profile.at(level) if row.indicator == indicator]
    if not rows:
        return None
    number = applicable(rows[0], facts)
    if isinstance(number, Text):
        return Required((), rows[0].operator, number)
    values = tuple(dict.fromkeys(number.values))
    return Required(values, rows[0].operator, None if values else NO_SOURCE)
