"""Boundary: the line that everything is divided by, its parts, holes, gaps and overlaps.

Question   How large is the built-up area, in how many parts, and do the districts fill it?
Enters     Polygons in one plane CRS, in metres.
Leaves     A table with a row for the built-up area, one a district and one for all of them.
Elsewhere  Making the ground ready: terrain. The table of the report: outlines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILT_UP: Final = "built_up"
DISTRICT: Final = "district"
TOGETHER: Final = "together"
DUST: Final = 1e-9  # of the built-up area: what is left of adding up
COLUMNS: Final = (
    "kind",
    "name",
    "area_m2",
    "share",
    "parts",
    "holes",
    "hole_area_m2",
    "beyond_construction_m2",
    "gap_m2",
    "overlap_m2",
)


def boundary_table(
    built_up: Any,
    districts: Sequence[Any] = (),
    names: Sequence[str] = (),
    construction_land: Any | None = None,
) -> pd.DataFrame:
    """Describe a built-up area and the districts that lie in it.

    Parameters
    ----------
    built_up, construction_land
        Polygons, dissolved.
    districts
        Each district's part of the built-up area; `names` beside them.

    Returns
    -------
    DataFrame
        ``area_m2`` of the place, its ``share`` of the built-up area, ``parts`` and ``holes``,
        what lies beyond construction land, what no district covers (``gap_m2``) and what
        several cover (``overlap_m2``: of one district what it shares with others; together the
        sum of the districts less the ground they cover). NaN where a thing is not asked.

    Examples
    --------
    >>> from shapely import box
    >>> table = boundary_table(box(0, 0, 10, 10), [box(0, 0, 6, 10), box(5, 0, 9, 10)], ["a", "b"])
    >>> table[["name", "area_m2", "gap_m2", "overlap_m2"]].values.tolist()
    [['', 100.0, 10.0, nan], ['a', 60.0, nan, 10.0], ['b', 40.0, nan, 10.0], ['', 100.0, 10.0, 10.0]]
    """
    whole = float(shapely.area(built_up))
    cells = np.asarray([*districts], dtype=object)
    covered = shapely.union_all(cells) if len(cells) else None
    gap = np.nan if covered is None else float(shapely.area(shapely.difference(built_up, covered)))
    rows = [(BUILT_UP, "", *_facts(built_up, whole, construction_land), gap, np.nan)]
    for spot, (shape, name) in enumerate(zip(cells, names, strict=True)):
        others = shapely.union_all(np.delete(cells, spot))
        shared = float(shapely.area(shapely.intersection(shape, others)))
        rows.append((DISTRICT, name, *_facts(shape, whole, construction_land), np.nan, shared))
    if covered is not None:
        total = float(shapely.area(cells).sum())
        facts = _facts(covered, whole, construction_land)
        overlap = total - float(shapely.area(covered))
        overlap = overlap if overlap > DUST * whole else 0.0
        share = total / whole if whole else np.nan
        rows.append((TOGETHER, "", total, share, *facts[2:], gap, overlap))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _facts(shape: Any, whole: float, construction_land: Any | None) -> tuple[float, ...]:
    """Return area, share, parts, holes, their area, and what lies beyond construction land."""
    parts = shapely.get_parts(shape)
    parts = parts[~shapely.is_empty(parts)]
    area = float(shapely.area(parts).sum())
    holes = int(shapely.get_num_interior_rings(parts).sum())
    shells = shapely.polygons(shapely.get_exterior_ring(parts))
    hole_area = float(shapely.area(shells).sum()) - area
    beyond = np.nan
    if construction_land is not None:
        beyond = float(shapely.area(shapely.difference(shape, construction_land)))
    share = area / whole if whole else np.nan
    return (area, share, len(parts), holes, max(hole_area, 0.0) if holes else 0.0, beyond)
