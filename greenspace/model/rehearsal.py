"""Rehearsal: how likely a city is to pass, and which reading of a rule decides.

Question   What should the office itself know before somebody else measures?
Enters     What evaluate/rehearsal and the composer sensitivity found.
Leaves     Frozen values for the internal annex; nothing of it is handed in.
Elsewhere  Probabilities: evaluate/rehearsal. Measuring readings: sensitivity. The page: present/annex.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenspace.model.definition import Mark, Operator, Tiers
    from greenspace.model.quantity import Unit
    from greenspace.model.verdict import Token
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """The probability that one row is met, by the error-adjusted estimate.

    Attributes
    ----------
    estimate, standard_error
        ``None`` where reference points give none.
    probability
        An approximation by the normal curve; ``None`` with `reason`.
    """

    standard: str
    indicator: str
    name: Text
    unit: Unit
    operator: Operator
    mapped: float | None
    threshold: float | None
    estimate: float | None = None
    standard_error: float | None = None
    probability: float | None = None
    reason: Text | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a rule, with where it was read.

    Attributes
    ----------
    default
        It is what a check does.
    tiers, classes, least_m2, strict
        What the measuring needs: tiers of service, and the middle classes of parks that serve,
        all where none is named; a least size, itself left out where strict.
    """

    id: str
    text: Text
    default: bool = False
    mark: Mark | None = None
    address: str = ""
    tiers: Tiers | None = None
    classes: tuple[str, ...] = ()
    least_m2: float | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One dispute: its indicators, and the readings on record."""

    id: str
    title: Text
    question: Text
    indicators: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row of a standard under one reading.

    Attributes
    ----------
    default
        It is what the check judged.
    value
        ``None`` where the reading could not be measured; `reason` says why.
    changes
        The verdict is another than the check's.
    """

    topic: Topic
    reading: Reading
    standard: str
    indicator: str
    name: Text
    unit: Unit
    operator: Operator
    value: float | None
    thresholds: tuple[float, ...]
    verdict: Token | None
    changes: bool
    reason: Text | None = None

    @property
    def default(self) -> bool:
        """Whether the check judged by this reading."""
        return self.reading.default


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """What stands in ``internal_annex.html``.

    Attributes
    ----------
    unmeasured
        Topics that could not be measured at all, or that no row asks for, and why.
    """

    passings: tuple[Passing, ...]
    outcomes: tuple[Outcome, ...]
    unmeasured: tuple[tuple[Topic, Text], ...] = ()

    @property
    def deciding(self) -> tuple[Outcome, ...]:
        """The outcomes whose reading changes a verdict."""
        return tuple(item for item in self.outcomes if item.changes)
