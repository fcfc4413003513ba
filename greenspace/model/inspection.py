"""Inspection: everything that was found in a city's inputs, and what mending them gave.

Question   What is wrong with these inputs, where exactly, and which numbers does it touch?
Enters     What validation gathered.
Leaves     A frozen value that shows, tabulates and writes itself.
Elsewhere  Gathering: validation. Files and tables: present/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from pyproj import CRS

    from greenspace.model.city import City
    from greenspace.model.definition import Indicator
    from greenspace.model.source import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One finding, and the ground it is about, in the measuring CRS.

    ``shapes`` is indexed by the rows of the layer, ``None`` where nothing can be drawn.
    """

    finding: Finding
    shapes: gpd.GeoSeries | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One layer repaired: its rows, those dropped, and a count for every reason.

    ``layer`` and each of ``dropped`` have ``area_before_m2``, ``area_after_m2`` and ``repair``,
    the reasons.
    """

    name: str
    layer: gpd.GeoDataFrame
    dropped: tuple[gpd.GeoDataFrame, ...] = ()
    changes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything found in the inputs of one city, worst first.

    Attributes
    ----------
    spots
        Findings with the ground they are about.
    indicators
        Definitions, for the names of the indicators that a finding touches.
    mended
        The repaired layers, where they were asked for.
    unmended
        What a repair was asked for and could not mend: while there is any, the repaired layers
        have no manifest, so that no check goes on without what is missing.
    crs
        The measuring CRS, ``None`` where no layer could be brought into one.
    """

    city: City
    spots: tuple[Spot, ...]
    mended: tuple[Mended, ...] = ()
    unmended: tuple[Finding, ...] = ()
    crs: CRS | None = None
    indicators: Mapping[str, Indicator] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found: errors, warnings, notes; the larger ground first."""
        return tuple(spot.finding for spot in self.spots)

    @property
    def sound(self) -> bool:
        """Whether nothing was found that a check would refuse or get wrong."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def table(self) -> pd.DataFrame:
        """One row a finding: severity, code, file, layer, rows, count, area, indicators, words."""
        from greenspace.present.inspection import findings_frame

        return findings_frame(self.findings)

    def write(self, folder: Path | str, *, force: bool = False) -> Path:
        """Write ``findings.gpkg``, and ``repaired/`` where repairs were asked for.

        Raises
        ------
        InputError
            As `Check.write`.
        """
        from greenspace.present.inspection import write_inspection

        return write_inspection(self, folder, force=force)

    def _repr_html_(self) -> str:
        from greenspace.present.inspection import inspection_html

        return inspection_html(self)
