"""Verdicts: one row of a standard held against one measured number.

Question   Does the city meet this row, and if nobody can say, why not?
Enters     A criterion, a ratio.
Leaves     Frozen rows and the overall verdict.
Elsewhere  The comparison itself: evaluate/compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from greenspace.model.definition import Citation, Mark, Operator
    from greenspace.model.quantity import Ratio, Unit
    from greenspace.model.words import Text

Token = Literal["pass", "fail", "not_assessable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One judged row.

    Attributes
    ----------
    standard
        Profile id, with the level where it is not the default: ``CN-2010:higher``.
    indicator, name, unit
        The id of its card, what it is called, and its base unit: shares are 0 to 1.
    operator
        How the value is held against the number.
    verdict
        ``pass``, ``fail`` or ``not_assessable``.
    source
        Where the number was read.
    gate, mandatory
        If it fails, the review stops; it takes part in the overall verdict.
    ratio
        What was measured, ``None`` where nothing could be.
    threshold
        The number that decided, ``None`` where none is known or the readings disagree.
    readings
        All numbers on record, two where sources disagree.
    margin
        Signed distance to the threshold in the indicator's unit, positive on the passing side.
    mark
        How sure the number is; ``None`` where there is no number.
    reason
        Why it is not assessable, or a remark on the row.
    other_levels
        The thresholds of the profile's other levels, for show.
    basis
        ``measured`` or ``supplied``.
    """

    standard: str
    indicator: str
    name: Text
    unit: Unit
    operator: Operator
    ratio: Ratio | None
    threshold: float | None
    readings: tuple[float, ...]
    margin: float | None
    verdict: Token
    mark: Mark | None
    reason: Text | None
    source: Citation | None
    gate: bool
    mandatory: bool
    basis: Literal["measured", "supplied"] = "measured"
    other_levels: tuple[tuple[str, float], ...] = ()

    @property
    def value(self) -> float | None:
        """The measured value, ``None`` where nothing was measured."""
        return None if self.ratio is None else self.ratio.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """The verdict over all mandatory rows of the judged standard.

    Attributes
    ----------
    standard
        The judged one, with its level.
    verdict
        ``pass``, ``fail`` or ``not_assessable``.
    reason
        Why it could not be assessed.
    provisional
        A row whose number is provisional decided.
    review_ends
        Gate items that fail: the review would end there.
    """

    standard: str
    verdict: Token
    provisional: bool
    review_ends: tuple[str, ...] = ()
    reason: Text | None = None
