"""Compensation: what green lines lost and what made up for it, as one value.

Question   Is the ground inside green lines less after a revision than before, and by how much?
Enters     What delimit/compensation measured.
Leaves     A frozen value.
Elsewhere  Measuring: delimit/compensation. Putting it together: balance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import CRS

    from greenspace.model.ledger import Ledger
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compensation:
    """The balance of green lines, in square metres of ground that existing and planned lines enclose.

    Attributes
    ----------
    before_m2, lost_m2, made_up_m2, after_m2
        ``before_m2 - lost_m2 + made_up_m2 == after_m2``, to the last digit.
    ledger
        The same by status, category and class; ecological control lines have a sum of their own.
    by_line
        What each line before lost, and what each line after adds.
    check
        Whether the loss is made up.
    """

    before_m2: float
    lost_m2: float
    made_up_m2: float
    after_m2: float
    ledger: Ledger
    by_line: Ledger
    check: PlanCheck
    crs: CRS
    findings: tuple[Finding, ...] = ()

    @property
    def net_m2(self) -> float:
        """What is gained, or with a minus sign lost, all in all."""
        return self.made_up_m2 - self.lost_m2

    @property
    def made_up(self) -> bool:
        """Whether no ground is lost all in all, but for what coordinates rounded to 1 mm explain."""
        return bool(self.check.passed)
