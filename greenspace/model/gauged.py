"""Gauged: what one subject's composer found of a city.

Question   Which numbers, reasons, tables and shapes does this subject add to the check?
Enters     Values of a composer.
Leaves     One frozen value that the survey takes in.
Elsewhere  What a gauge may look at: scope. Which gauges there are: gauges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from greenspace.model.check import Measured
    from greenspace.model.declared import Chip
    from greenspace.model.ledger import Ledger
    from greenspace.model.source import Finding
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gauged:
    """What one gauge adds.

    Attributes
    ----------
    measured
        Numbers; zones are districts, or none: other lists are ledgers.
    missing
        By indicator: why it has no number.
    layers
        Shapes in the measuring CRS for maps and ``layers.gpkg``.
    used
        Names of the manifest layers that it looked at.
    chips
        Pictures of places that a ledger names.
    """

    measured: tuple[Measured, ...] = ()
    missing: Mapping[str, Text] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    ledgers: tuple[Ledger, ...] = ()
    used: frozenset[str] = frozenset()
    chips: tuple[Chip, ...] = ()
