"""Coverage map: the green coverage of zones by one image, with all that stands behind it.

Question   How green is each zone, and all of them together?
Enters     What the composer gathered.
Leaves     A frozen value to be shown and written.
Elsewhere  Gathering: coverage_map (the composer). Files and pictures: present/.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas as gpd

    from greenspace.model.grid import GreenRaster
    from greenspace.model.quantity import Ratio, RatioTable
    from greenspace.model.source import Finding
    from greenspace.model.words import Text

LAYER_NAME = "|layername="  # as QGIS writes it


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A vector file, with the layer of it that is meant where it holds several."""

    path: Path
    layer: str | None = None

    @classmethod
    def of(cls, said: Path | str) -> Self:
        """Return a file as it was said; what comes after ``|layername=`` is its layer.

        Examples
        --------
        >>> LayerFile.of("hand.gpkg|layername=trees").layer
        'trees'
        """
        path, bar, layer = str(said).partition(LAYER_NAME)
        if not (bar and path and layer) or Path(said).exists():
            return cls(Path(said))
        return cls(Path(path), layer)

    def __str__(self) -> str:
        """Say it as it was said."""
        return str(self.path) if self.layer is None else f"{self.path}{LAYER_NAME}{self.layer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageMap:
    """Green coverage of zones by one image.

    Attributes
    ----------
    table
        One row a zone, in the order of the file.
    names
        Of the zones, as the file has them.
    total
        Of all zones together, or ``None`` where `no_total` says why there is none.
    raster
        Where it is green; read again by whoever draws or writes it.
    ground
        The zones in the CRS of the raster.
    taken
        The date of the image, where it is known.
    files
        What was read, and must not be overwritten.
    asked
        The options, for run.json.
    """

    table: RatioTable
    names: tuple[str, ...]
    total: Ratio | None
    no_total: Text | None
    findings: tuple[Finding, ...]
    raster: GreenRaster
    ground: gpd.GeoDataFrame
    taken: date | None
    files: tuple[Path, ...]
    asked: Mapping[str, object]

    @property
    def rules(self) -> tuple[str, ...]:
        """How green pixels were told from others."""
        return tuple(item.name for item in self.table.sources if item.role == "vegetation rule")
