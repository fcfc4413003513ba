"""Plan check: one test of drawn lines or zones, passed or not, with the places that decided it.

Question   What was tested, did it hold, and where does it not?
Enters     What a test of a plan found.
Leaves     A frozen value.
Elsewhere  The tests: delimit/. Verdicts of indicators: model/verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.definition import Mark
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanCheck:
    """One test of a plan.

    Attributes
    ----------
    passed
        ``None`` where it could not be tested; `text` says why.
    text
        What was found, with its figures.
    mark
        How sure the rule is, where a rule asks for it.
    count, area_m2
        How many places fail, and their ground.
    places
        Where it fails, in the CRS of the plan.
    """

    id: str
    title: Text
    passed: bool | None
    text: Text
    mark: Mark | None = None
    count: int | None = None
    area_m2: float | None = None
    places: gpd.GeoSeries | None = None
