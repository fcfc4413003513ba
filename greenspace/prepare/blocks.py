"""Blocks: residential land in which every piece of ground belongs to one row.

Question   Which block does ground belong to that several rows of residential land claim?
Enters     Residential land, valid and in the measuring CRS.
Leaves     The same rows without overlaps, some perhaps empty, and a finding of what they shared.
Elsewhere  The rule that settles a claim: prepare/overlaps. Measuring blocks: measure/service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.prepare.overlaps import settle_overlaps
from greenspace.prepare.repair import overlap_findings

if TYPE_CHECKING:
    import geopandas as gpd

    from greenspace.model.source import Finding


def disjoint_blocks(
    residential: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return residential land whose rows share no ground, in the caller's order.

    Shared ground stays with the smaller row, among equals with the earlier one; a row that
    repeats another is left empty.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> twice = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 1), box(0, 0, 2, 1)], crs=6933)
    >>> blocks, findings = disjoint_blocks(twice)
    >>> blocks.area.tolist(), findings[0].area_m2
    ([2.0, 0.0], 2.0)
    """
    findings = overlap_findings(residential, "residential")
    return (settle_overlaps(residential) if findings else residential), findings
