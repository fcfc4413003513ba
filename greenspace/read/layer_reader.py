"""Layer reader: what every kind of vector source answers to.

Question   Which layers does this source hold, and what is in one of them?
Enters     The source, opened by a reader of its kind.
Leaves     What it says of its layers; one layer as it is, with what reading it took.
Elsewhere  Which reader for which source: read/vector. The kinds: read/ogr and its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.source import Finding
    from greenspace.model.words import Text


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a source says of one of its layers."""

    name: str
    geometry_type: str | None
    crs: str | None
    feature_count: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawLayer:
    """One layer as its source has it: the CRS is ``None`` where the source says none.

    ``findings`` tell what was taken for granted or changed to read it, each counted.
    ``sha256`` is a digest of the rows, where there is no file to take one of;
    ``why_no_crs`` is the reason for a refusal where the user knows no CRS either.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...] = ()
    sha256: str | None = None
    why_no_crs: Text | None = None


class LayerReader(Protocol):
    """A vector source of one kind; its problems leave as greenspace errors only."""

    def names(self) -> tuple[str, ...]:
        """Return the names of the layers, in the order of the source."""

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the source says of each layer."""

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read one layer whole."""
