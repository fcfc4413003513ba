"""Gauges: the subjects that a check measures beside the gate, in order.

Question   Which subjects are measured, and in which order do they come?
Enters     Nothing.
Leaves     Functions from a Scope to what they found.
Elsewhere  Each subject: its own composer. Running them: pipeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.checklist import gauge_checklist
from greenspace.climate import gauge_heat
from greenspace.communities import gauge_communities
from greenspace.discrepancies import gauge_discrepancies
from greenspace.estates import gauge_estates
from greenspace.greenland import gauge_greenland
from greenspace.outlines import gauge_outlines
from greenspace.park_gauge import gauge_parks
from greenspace.park_greening import gauge_squares
from greenspace.park_places import gauge_centre, gauge_historic
from greenspace.road_gauge import gauge_roads
from greenspace.species import gauge_species
from greenspace.units import gauge_units
from greenspace.wayside_gauge import gauge_waysides
from greenspace.yardstick_gauge import gauge_yardsticks

if TYPE_CHECKING:
    from collections.abc import Callable

    from greenspace.model.gauged import Gauged
    from greenspace.scope import Scope

GAUGES: tuple[Callable[[Scope], Gauged], ...] = (
    gauge_outlines,
    gauge_heat,
    gauge_estates,
    gauge_units,
    gauge_species,
    gauge_roads,
    gauge_waysides,
    gauge_greenland,
    gauge_parks,
    gauge_squares,
    gauge_centre,
    gauge_historic,
    gauge_communities,
    gauge_discrepancies,
    gauge_checklist,
    gauge_yardsticks,
)
