"""Decision: a threshold as a number, with how it was found.

Question   Above which value is a pixel green, and by whose word?
Enters     What a number, a histogram or field points gave.
Leaves     One frozen Decision.
Elsewhere  Histograms: prepare/otsu. Field points: prepare/calibration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenspace.model.source import Finding


@dataclass(frozen=True, slots=True)
class Decision:
    """A threshold and how it was found.

    Attributes
    ----------
    cut
        Green is what lies above it, strictly.
    told
        The number and its origin, for the rule that a result rests on.
    findings
        What a reader should know of it.
    """

    cut: float
    told: str
    findings: tuple[Finding, ...] = ()


def fixed(number: float) -> Decision:
    """Return a threshold that was given.

    Examples
    --------
    >>> fixed(0.30).told
    '0.3'
    """
    return Decision(float(number), f"{number:g}")
