"""Road layers: the roads of a check as a map draws them.

Question   Which roads are lined with trees, and along which stretches is there green?
Enters     City roads, their sections, what was judged of each road.
Leaves     Layers whose lengths are the halves of the indicators.
Elsewhere  Measuring: road_measures. The numbers of the city: road_gauge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from greenspace.measure.linear import pieces_of

if TYPE_CHECKING:
    from greenspace.measure.linear import Sections
    from greenspace.prepare.roads import Roads
    from greenspace.road_measures import Status


def drawn_roads(roads: Roads, shade: Status | None) -> gpd.GeoDataFrame:
    """Return the roads; with `judged` and `shaded` where shade was measured.

    The length of the judged roads is the denominator of the tree-lined share, that of the shaded
    ones its numerator.
    """
    frame = roads.frame.drop(columns="whole")
    if shade is None:
        return frame
    return frame.assign(judged=shade.counts, shaded=shade.counts & shade.meets)


def greened_roads(roads: Roads, sections: Sections, section_m: float) -> gpd.GeoDataFrame:
    """Return stretches of the roads that count, one row a road and answer: ``greened``, yes or no.

    Their length is that of the sections that `road_greening_rate` adds up.
    """
    pieces = pieces_of(roads.lines, section_m)
    green = sections.greened[pieces.section]
    counts = ~np.isnan(roads.width_m)[pieces.owner]
    lines = pieces.lines
    rows = []
    for greened in (True, False):
        chosen = counts & (green == greened)
        owners, first = np.unique(pieces.owner[chosen], return_index=True)
        stretches = np.split(lines[chosen], first[1:]) if len(owners) else []
        for owner, parts in zip(owners, stretches, strict=True):
            line = shapely.line_merge(shapely.multilinestrings(parts))
            rows.append((roads.names[owner], roads.kind[owner], greened, line))
    names, kinds, answers, shapes = map(list, zip(*rows, strict=True)) if rows else ([],) * 4
    columns = {"name": names, "class": kinds, "greened": np.array(answers, dtype=bool)}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=roads.frame.crs)
