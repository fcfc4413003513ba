"""Service remarks: what somebody should know before using the numbers of a service map.

Question   Do the zones hold the residential land once each, and does any park serve at all?
Enters     What parks reach, zones, parks and their radii, in the measuring CRS.
Leaves     Findings.
Elsewhere  Repairs and overlaps within a layer: prepare/. Remarks on a whole city: remarks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from greenspace.measure.expanse import Expanse
from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from greenspace.measure.service import Reach
    from greenspace.model.quantity import RatioTable

LEAST_M2: Final = 1.0
NOISE: Final = 1e-7  # of the residential land
OSM_COLUMNS: Final = frozenset(("osm_id", "osm_way_id", "osm_type", "@id"))
INDICATORS: Final = ("service_coverage", "network_service_coverage")


def idle_parks(parks: gpd.GeoDataFrame, radius: NDArray[np.float64]) -> tuple[Finding, ...]:
    """Return a finding where no park has a radius, so that nothing can be served."""
    if (radius > 0).any():
        return ()
    text = Text(
        zh=f"{len(parks)} 个公园都小于最小一级，没有服务半径：任何用地都计为未服务。",
        en=f"None of {len(parks)} parks has a radius, all are below every tier: no land is served.",
    )
    if parks.empty:
        text = Text(
            zh="公园图层没有任何公园：任何用地都计为未服务。",
            en="The layer of parks holds no park: no land is served.",
        )
    finding = Finding(
        code="no_park_serves",
        text=text,
        severity="warning",
        layer="parks",
        count=len(parks),
        indicators=INDICATORS,
    )
    return (finding,)


def zone_findings(reach: Reach, zones: gpd.GeoDataFrame, table: RatioTable) -> tuple[Finding, ...]:
    """Return findings where zones share residential land, or leave some out."""
    found = []
    total = float(reach.block_m2.sum())
    least = max(LEAST_M2, NOISE * total)
    ground = shapely.union_all(zones.geometry.to_numpy())
    _, beyond = Expanse(ground).divided(reach.blocks)
    outside = float(shapely.area(beyond).sum())
    shared = float(table.to_frame()["denominator"].sum()) - (total - outside)
    if shared >= least:
        text = Text(
            zh=f"分区互相重叠：{shared:,.0f} 平方米居住用地在不止一个分区中计入，各区之和大于合计。",
            en=f"Zones overlap: {shared:,.0f} m² of residential land count in more than one of them, "
            "so that the zones add up to more than the total.",
        )
        found.append(_about("zones_overlap", text, shared))
    if outside >= least:
        text = Text(
            zh=f"{outside:,.0f} 平方米居住用地不在任何分区内：计入合计，不计入任何分区。",
            en=f"{outside:,.0f} m² of residential land lie in no zone: they count in the total and in "
            "no zone.",
        )
        found.append(_about("homes_outside_zones", text, outside))
    return tuple(found)


def osm_columns(layers: Iterable[tuple[str, gpd.GeoDataFrame]]) -> tuple[Finding, ...]:
    """Return a finding where columns tell that layers perhaps come from OpenStreetMap."""
    found = []
    for name, layer in layers:
        told = sorted(str(column) for column in layer if str(column).lower() in OSM_COLUMNS)
        if not told:
            continue
        text = Text(
            zh=f"有字段 {'、'.join(told)}：可能来自 OpenStreetMap，发表时须注明其贡献者；地图已注明。",
            en=f"Columns {', '.join(told)}: perhaps from OpenStreetMap, whose contributors must be "
            "named where it is published; the maps name them.",
        )
        found.append(Finding(code="osm_columns", text=text, layer=name))
    return tuple(found)


def _about(code: str, text: Text, area_m2: float) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity="warning",
        layer="zones",
        area_m2=area_m2,
        indicators=INDICATORS,
    )
