"""Plots: the parts of estates and units that lie in the city, joined to one row each.

Question   Which plots are one estate, how much of it lies inside, and in which district?
Enters     Plots in the measuring CRS, the built-up area, districts.
Leaves     One row an estate or unit; what was cut, left out and joined is counted.
Elsewhere  Their green: measure/parcels. What they are held to: estates, units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from greenspace.model.names import name_of
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.clip import clip_polygons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST_INSIDE = 0.01  # of a plot: less is a line drawn otherwise, not a plot in the city
LEAST_CUT = 1e-6  # of a plot


@dataclass(frozen=True, slots=True, eq=False)
class Plots:
    """Estates or units, one row each.

    Attributes
    ----------
    frame
        One row a name and what is `alike`, with ``name`` and ``district`` ("" where unknown),
        ``plots`` (rows joined), and the columns that the rows had.
    named
        One row a name: what titles are counted by.
    """

    frame: gpd.GeoDataFrame
    named: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def plots_of(
    inside: gpd.GeoDataFrame,
    layer: str,
    *,
    districts: gpd.GeoDataFrame | None = None,
    alike: Sequence[str] = (),
    titles: Sequence[str] = (),
) -> Plots:
    """Return estates or units, one row each: rows without a name stand alone.

    Parameters
    ----------
    inside
        Valid polygons in the measuring CRS, as `inside_of` returns them.
    districts
        With a column ``name``. An estate belongs to the one that holds most of it.
    alike
        Columns in which parts of one estate may differ that are held to other ratios.
    titles
        Columns of truth values: an estate has one where every plot has it.

    Examples
    --------
    >>> phases = gpd.GeoDataFrame({"name": ["甲苑", "甲苑", None], "status": ["new", "old", "old"]},
    ...     geometry=[shapely.box(x, 0, x + 1, 1) for x in (0, 5, 9)], crs=6933)
    >>> plots = plots_of(phases, "residential", alike=("status",))
    >>> plots.frame[["name", "plots"]].values.tolist()
    [['甲苑', 1], ['甲苑', 1], ['', 1]]
    >>> plots.named[["name", "plots"]].values.tolist()
    [['甲苑', 2], ['', 1]]
    """
    inside = inside.assign(name=_names(inside))
    groups = _groups(inside, ("name",))
    inside, differ = _with_titles(inside, groups, titles)
    joined = np.isin(
        np.arange(len(inside)), [row for rows in groups if len(rows) > 1 for row in rows]
    )
    home, spread = districts_of(inside, districts), np.zeros(len(inside), dtype=bool)
    for rows in groups:
        spread[rows] = len({home[row] for row in rows}) > 1
    told = (
        _told("plots_joined", layer, inside, joined),
        _told("plots_spread", layer, inside, spread),
        _told("titles_differ", layer, inside, differ),
    )
    return Plots(
        _one_each(inside, _groups(inside, ("name", *alike)), districts),
        _one_each(inside, groups, districts),
        tuple(finding for finding in told if finding.count),
    )


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    return [name_of(name) for name in frame["name"]] if "name" in frame else [""] * len(frame)


def districts_of(frame: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None) -> list[str]:
    """Return the name of the district that holds most of each row, "" where none does."""
    found = [""] * len(frame)
    if districts is None or frame.empty:
        return found
    zones, names = districts.geometry.to_numpy(), districts["name"].map(name_of).to_list()
    shapes = frame.geometry.to_numpy()
    row, zone = shapely.STRtree(zones).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[row], zones[zone]))
    for at in np.lexsort((-zone, shared)):  # the largest comes last; of equals, the first district
        if shared[at] > 0:
            found[row[at]] = names[zone[at]]
    return found


def inside_of(
    frame: gpd.GeoDataFrame, layer: str, ground: Any | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the plots of some ground, cut to it; without ground, those that have an area.

    Those with less than a hundredth inside are left out. What was cut and left out is counted.

    Parameters
    ----------
    frame
        Valid polygons in the measuring CRS.
    ground
        Dissolved.
    """
    whole = shapely.area(frame.geometry.to_numpy())
    if ground is None:
        return frame[whole > 0], ()
    cut = clip_polygons(frame, ground, keep_rows=True)
    area = shapely.area(cut.geometry.to_numpy())
    kept = (area > 0) & (area >= LEAST_INSIDE * whole)
    partly = kept & (whole - area > LEAST_CUT * whole)
    findings = [
        _told("plots_outside", layer, frame, ~kept, float(whole[~kept].sum())),
        _told("plots_cut", layer, frame, partly, float((whole - area)[partly].sum())),
    ]
    return cut[kept], tuple(finding for finding in findings if finding.count)


SAID = {
    "plots_outside": Text(
        zh="{count} 块用地（{area:.2f} 平方米）不在建成区内，未计入。",
        en="Plots outside the built-up area, left out: {count}, {area:.2f} m².",
    ),
    "plots_cut": Text(
        zh="{count} 块用地跨出建成区，外面的 {area:.2f} 平方米未计入。",
        en="Plots that reach beyond the built-up area: {count}; {area:.2f} m² beyond it are left "
        "out.",
    ),
    "plots_joined": Text(
        zh="{count} 块用地与同名的用地合为一个。",
        en="Plots joined to others of the same name: {count}.",
    ),
    "plots_spread": Text(
        zh="{count} 块同名用地分在不同的区，仍合为一个；如果不是同一个，请用名称加以区分。",
        en="Plots of one name in different districts, taken for one: {count}. Tell them apart by "
        "name where they are not.",
    ),
    "titles_differ": Text(
        zh="同一名称的 {count} 块用地称号不一致，该称号按没有计。",
        en="Plots of one name that differ in a title, which is taken as not given: {count}.",
    ),
}


def _told(
    code: str,
    layer: str,
    frame: gpd.GeoDataFrame,
    rows: NDArray[np.bool_],
    area: float | None = None,
) -> Finding:
    count, text = int(rows.sum()), SAID[code]
    shown = {"count": count, "area": area or 0.0}
    return Finding(
        code=code,
        text=Text(zh=text.zh.format(**shown), en=text.en.format(**shown)),
        severity="note" if code == "plots_joined" else "warning",
        layer=layer,
        rows=tuple(frame.index[rows]),
        count=count,
        area_m2=area,
    )


def _groups(frame: gpd.GeoDataFrame, keys: tuple[str, ...]) -> list[list[int]]:
    """Return which rows are one, by position; those without a name stand alone."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for position, key in enumerate(frame[[*keys]].itertuples(index=False, name=None)):
        groups.setdefault(key if key[0] else (position,), []).append(position)
    return list(groups.values())


def _with_titles(
    frame: gpd.GeoDataFrame, groups: list[list[int]], titles: Sequence[str]
) -> tuple[gpd.GeoDataFrame, NDArray[np.bool_]]:
    """Return a title only where every plot of a name has it, and where they differ."""
    differ = np.zeros(len(frame), dtype=bool)
    for title in titles:
        held = frame[title].to_numpy(dtype=bool, copy=True)
        for rows in groups:
            differ[rows] |= held[rows].any() and not held[rows].all()
            held[rows] = held[rows].all()
        frame = frame.assign(**{title: held})
    return frame, differ


def _one_each(
    frame: gpd.GeoDataFrame, groups: list[list[int]], districts: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Return the rows of each group as one, with their number and the district of the whole."""
    shapes = frame.geometry.to_numpy()
    whole = [
        shapes[rows[0]] if len(rows) == 1 else shapely.union_all(shapes[rows]) for rows in groups
    ]
    one = frame.iloc[[rows[0] for rows in groups]]
    one = one.assign(plots=[len(rows) for rows in groups])
    one = one.set_geometry(gpd.GeoSeries(whole, index=one.index, crs=frame.crs))
    return one.assign(district=districts_of(one, districts))
