"""Neighbourhoods: what speaks against homes and the places about them.

Question   Which homes lie in no neighbourhood, beyond the canopy layer, or are no single homes?
Enters     Homes, their neighbourhoods and the canopy, in the measuring CRS.
Leaves     Findings.
Elsewhere  Canopy of a neighbourhood: measure/yardsticks. 3-30-300: three_thirty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

LARGEST_HOME_M2 = 5_000.0  # above it, a row is a block of buildings rather than one


def unplaced_findings(lost: NDArray[Any]) -> tuple[Finding, ...]:
    """Return a warning on homes that lie in no neighbourhood."""
    text = Text(
        zh="{count} 处住宅不在任何社区内，未计入林冠覆盖率和三项全满足的比例。",
        en="Homes in no neighbourhood, left out of canopy and of all three: {count}.",
    )
    return _told("homes_without_neighbourhood", text, "homes", int(lost.sum()))


def beyond_findings(places: NDArray[Any], canopy: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return a warning where the canopy layer ends within the homes' neighbourhoods."""
    extent = shapely.box(*canopy.total_bounds) if len(canopy) else shapely.Polygon()
    text = Text(
        zh="{count} 处住宅的社区伸出林冠图层的范围之外：那里的林冠也许未测绘，覆盖率按没有林冠计。",
        en="Homes whose neighbourhood reaches beyond the extent of the canopy layer: {count}. "
        "Canopy there may be unmapped; it is taken for none.",
    )
    return _told("canopy_beyond", text, "canopy", int((~shapely.covers(extent, places)).sum()))


def large_findings(homes: NDArray[Any]) -> tuple[Finding, ...]:
    """Return a warning on polygons that are blocks of land rather than homes.

    Examples
    --------
    >>> large_findings(shapely.box(0, 0, [10, 100], 100))[0].count
    1
    """
    text = Text(
        zh=f"{{count}} 处住宅面大于 {LARGEST_HOME_M2:,.0f} 平方米：按一处住宅计，"
        "其全部居民共用一个结果，只要有一边够近即算够近。请尽量给出建筑物。",
        en=f"Polygons of homes of more than {LARGEST_HOME_M2:,.0f} m²: {{count}}. Each counts as one "
        "home, near to whatever is near to any side of it, and so do all persons of it: give "
        "buildings where you have them.",
    )
    return _told("homes_large", text, "homes", int((shapely.area(homes) > LARGEST_HOME_M2).sum()))


def _told(code: str, text: Text, layer: str, count: int) -> tuple[Finding, ...]:
    if not count:
        return ()
    words = Text(zh=text.zh.format(count=count), en=text.en.format(count=count))
    return (Finding(code=code, text=words, severity="warning", layer=layer, count=count),)
