"""Encroachment: what stands inside green lines and should not, and what was made up for it.

Question   Which line lost how many square metres to what, and how sure is that?
Enters     What delimit/encroachment and delimit/compensation found.
Leaves     A frozen value.
Elsewhere  Finding it: delimit/. Putting it together: guard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.declared import Chip
    from greenspace.model.ledger import Ledger
    from greenspace.model.plan_check import PlanCheck
    from greenspace.model.source import Finding

COLUMNS: Final = ("rank", "line", "kind", "name", "area_m2", "low_m2", "high_m2")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guard:
    """Green lines held against what came later.

    Attributes
    ----------
    encroachments
        Columns `COLUMNS` and a shape, the largest first; `kind` is ``construction``, ``road`` or
        ``image``. `low_m2` and `high_m2` bound the area where an error is known, else NaN.
    balance
        Lost and made up, before and after.
    chips
        Pictures of the places at both dates: ``guard_before_01`` and ``guard_after_01`` show the
        finding of rank 1.
    lines
        The lines as they were held: ``number``, ``status``, ``category``, ``class``, ``name``.
    dates
        The days of the images, "" where they are not known.
    """

    encroachments: gpd.GeoDataFrame
    balance: Ledger | None = None
    ledgers: tuple[Ledger, ...] = ()
    checks: tuple[PlanCheck, ...] = ()
    findings: tuple[Finding, ...] = ()
    chips: tuple[Chip, ...] = ()
    lines: gpd.GeoDataFrame | None = None
    dates: tuple[str, str] = ("", "")
