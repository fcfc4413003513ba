"""Red lines: the ground of roads that are drawn as centre lines, by their width.

Question   Where do the edges of these roads run?
Enters     Centre lines in a plane CRS in metres, with a width between their red lines.
Leaves     Polygons, and a finding for the roads whose width is not known; none known is refused.
Elsewhere  Reading widths: prepare/roads. Following the edges: delimit/ownership.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.roads import widths_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def red_lines(lines: gpd.GeoDataFrame, name: str) -> tuple[NDArray[Any], tuple[Finding, ...]]:
    """Return the ground of each road with a width, and which roads have none.

    Raises
    ------
    ColumnError
        There is no column ``width``, or no width in it that can be used.

    Examples
    --------
    >>> import geopandas as gpd
    >>> road = shapely.LineString([(0, 0), (10, 0)])
    >>> roads = gpd.GeoDataFrame({"width": [20, None]}, geometry=[road, road], crs=4547)
    >>> land, findings = red_lines(roads, "roads")
    >>> [shape.area for shape in land], [finding.rows for finding in findings]
    ([200.0], [(1,)])
    """
    width = np.full(len(lines), np.nan)
    if "width" in lines.columns:
        width = np.asarray(widths_of(lines, name)[0], dtype=float)
    known = width > 0
    if not known.any():
        raise ColumnError(
            "道路是中心线，却没有可用的红线宽度 width。",
            "Roads are centre lines without a usable width, so where the red lines run is not known.",
            remedy=Text(
                zh="请给出道路用地面，或红线宽度字段 width（米，2 至 200）。",
                en="Give road land as polygons, or a column width in metres, from 2 to 200.",
            ),
            layer=name,
            column="width",
            rows=lines.index,
            found=tuple(map(str, lines.columns)),
        )
    land = shapely.buffer(lines.geometry.to_numpy()[known], width[known] / 2, cap_style="flat")
    return np.asarray(land), () if known.all() else (_told(lines[~known], name),)


def _told(lines: gpd.GeoDataFrame, name: str) -> Finding:
    count, length = len(lines), f"{lines.length.sum():,.0f}"
    text = Text(
        zh=f"{count} 条道路没有可用的宽度（米，2 至 200），红线位置不明，绿线未与其对齐：{length} 米。",
        en=f"Roads without a usable width (2 to 200 m), whose red lines are not known and were not "
        f"followed: {count}, {length} m.",
    )
    return Finding(
        code="road_edges_unknown",
        text=text,
        severity="warning",
        layer=name,
        rows=tuple(lines.index),
        count=count,
    )
