"""Printed: a standard as the lines that someone would print of it, one a number.

Question   What does a standard say, number by number, and how sure is each of them?
Enters     A Profile and the indicator cards.
Leaves     Frozen lines, in the order of the review: the gate first.
Elsewhere  Holding two standards against each other: evaluate/editions. Showing them: present/standards_view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from greenspace.model.definition import (
        Citation,
        Condition,
        Criterion,
        Indicator,
        Mark,
        Operator,
        Parameter,
        Profile,
    )
    from greenspace.model.words import Text

THRESHOLD, TIERS = "threshold", "tiers"
Value = float | str | tuple[float, ...]
Change = Literal["only_first", "only_second", "number", "comparison", "tiers", "mark", "role"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One number of a standard, or one list of them.

    Attributes
    ----------
    item
        ``threshold``, ``tiers``, or the name of a parameter.
    operator
        Of a threshold; empty for tiers and parameters.
    said
        One number; two where sources disagree; none where it is unknown; for tiers one pair of
        least area and radius each; for a parameter whatever it holds.
    when
        The cities that the number is meant for; empty: all.
    """

    level: str
    indicator: str
    name: Text
    item: str
    said: tuple[Value, ...]
    unit: str
    operator: Operator | str = ""
    when: tuple[Condition, ...] = ()
    mark: Mark | None = None
    source: Citation | None = None
    note: Text | None = None
    gate: bool = False
    mandatory: bool = True

    @property
    def place(self) -> tuple[str, str, tuple[Condition, ...]]:
        """Where in a level the line stands: indicator, item and condition."""
        return (self.indicator, self.item, self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A line of which two standards say different things.

    Attributes
    ----------
    changes
        ``only_first``, ``only_second``, or what of the line differs: ``number``,
        ``comparison``, ``tiers``, ``mark``, ``role`` (gate or mandatory in one of them alone).
    by
        The second number less the first, where each has one.
    """

    first: Printed | None
    second: Printed | None
    changes: tuple[Change, ...]
    by: float | None = None

    @property
    def line(self) -> Printed:
        """The line of the first standard, or of the second where the first has none."""
        line = self.first or self.second
        if line is None:
            raise ValueError(self)
        return line


def printed(
    profile: Profile, cards: Mapping[str, Indicator], level: str | None = None
) -> tuple[Printed, ...]:
    """Return every line of a standard, or of one of its levels.

    Examples
    --------
    >>> from greenspace.read.definitions import read_indicators, read_profile
    >>> lines = printed(read_profile("CN-2010"), read_indicators(), "higher")
    >>> lines[0].indicator, lines[0].said, lines[0].mark
    ('green_coverage', (0.4,), 'verified')
    """
    levels = profile.levels if level is None else (level,)
    return tuple(
        line
        for key in levels
        for row in sorted(profile.at(key), key=lambda row: not row.gate)
        for line in _lines(row, cards[row.indicator])
    )


def _lines(row: Criterion, card: Indicator) -> Iterator[Printed]:
    for number in row.thresholds:
        yield Printed(
            level=row.level,
            indicator=row.indicator,
            name=card.name,
            item=THRESHOLD,
            said=tuple(number.values),
            unit=card.unit,
            operator=row.operator,
            when=number.when,
            mark=number.mark,
            source=number.source,
            note=number.note or row.note,
            gate=row.gate,
            mandatory=row.mandatory,
        )
    if row.tiers is not None:
        yield Printed(
            level=row.level,
            indicator=row.indicator,
            name=card.name,
            item=TIERS,
            said=row.tiers,
            unit="",
            mark=row.tiers_mark,
            source=row.tiers_source,
            gate=row.gate,
            mandatory=row.mandatory,
        )
    for item in row.parameters:
        yield Printed(
            level=row.level,
            indicator=row.indicator,
            name=card.name,
            item=item.name,
            said=_said(item),
            unit=item.unit,
            mark=item.mark,
            source=item.source,
            note=item.note,
            gate=row.gate,
            mandatory=row.mandatory,
        )


def _said(item: Parameter) -> tuple[Value, ...]:
    return item.value if isinstance(item.value, tuple) else (item.value,)


def count_marks(profile: Profile, cards: Mapping[str, Indicator]) -> dict[str, int]:
    """Return how many numbers there are of each mark, and how many are unknown.

    Two readings of one number are two, each pair of a park size and a radius is two, and so is
    each number of a list.

    Examples
    --------
    >>> from greenspace.read.definitions import read_indicators, read_profile
    >>> count_marks(read_profile("CN-2005"), read_indicators())["unknown"]
    1
    """
    found = dict.fromkeys(("verified", "weak", "provisional", "user", "unknown"), 0)
    for line in printed(profile, cards):
        if line.mark is None:
            found["unknown"] += 1
            continue
        numbers = (value if isinstance(value, tuple) else (value,) for value in line.said)
        found[line.mark] += sum(len(part) for part in numbers)
    return found
