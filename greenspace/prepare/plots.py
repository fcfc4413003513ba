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
        With ``name`` and ``district`` ("" where unknown), ``plots`` (rows joined), and the
        columns that the rows had.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


def plots_of(
    frame: gpd.GeoDataFrame,
    layer: str,
    *,
    ground: Any | None = None,
    districts: gpd.GeoDataFrame | None = None,
    alike: Sequence[str] = (),
    titles: Sequence[str] = (),
) -> Plots:
    """Return the estates or units of some ground, one row each.

    Rows of one name in one district that agree in `alike` are plots of one; rows without a name
    stand alone.

    Parameters
    ----------
    frame
        Valid polygons in the measuring CRS.
    ground
        Dissolved; plots are cut to it, and those with less than a hundredth inside are left out.
    districts
        With a column ``name``. A plot belongs to the one that holds most of it.
    alike
        Columns that plots of one estate share.
    titles
        Columns of truth values: an estate has one where every plot has it.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame({"name": ["甲苑", "甲苑", None]},
    ...     geometry=[shapely.box(x, 0, x + 1, 1) for x in (0, 5, 9)], crs=6933)
    >>> plots_of(halves, "residential").frame[["name", "plots"]].values.tolist()
    [['甲苑', 2], ['', 1]]
    """
    inside, findings = _inside(frame, layer, ground)
    inside = inside.assign(name=_names(inside), district=districts_of(inside, districts))
    return _joined(inside, layer, (*alike,), (*titles,), findings)


def _names(frame: gpd.GeoDataFrame) -> list[str]:
    if "name" not in frame.columns:
        return [""] * len(frame)
    blank = frame["name"].isna()
    names = zip(frame["name"], blank, strict=True)
    return ["" if missing else str(name).strip() for name, missing in names]


def districts_of(frame: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None) -> list[str]:
    """Return the name of the district that holds most of each row, "" where none does."""
    found = [""] * len(frame)
    if districts is None or frame.empty:
        return found
    zones, names = districts.geometry.to_numpy(), districts["name"].to_list()
    shapes = frame.geometry.to_numpy()
    row, zone = shapely.STRtree(zones).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[row], zones[zone]))
    for at in np.lexsort((-zone, shared)):  # the largest comes last; of equals, the first district
        if shared[at] > 0:
            found[row[at]] = str(names[zone[at]])
    return found


def _inside(
    frame: gpd.GeoDataFrame, layer: str, ground: Any | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
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
        zh="{count} 块用地与同区同名的用地合为一个。",
        en="Plots joined to others of the same name in the same district: {count}.",
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


def _joined(
    frame: gpd.GeoDataFrame,
    layer: str,
    alike: tuple[str, ...],
    titles: tuple[str, ...],
    findings: tuple[Finding, ...],
) -> Plots:
    groups: dict[tuple[object, ...], list[int]] = {}
    keys = frame[["name", "district", *alike]].itertuples(index=False, name=None)
    for position, key in enumerate(keys):
        groups.setdefault(key if key[0] else (position,), []).append(position)
    joined, differ = np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    shapes = frame.geometry.to_numpy()
    whole, firsts = [], [rows[0] for rows in groups.values()]
    held: dict[str, list[bool]] = {title: [] for title in titles}
    for rows in groups.values():
        whole.append(shapes[rows[0]] if len(rows) == 1 else shapely.union_all(shapes[rows]))
        joined[rows] = len(rows) > 1
        for title in titles:
            given = frame[title].to_numpy()[rows]
            held[title].append(bool(given.all()))
            differ[rows] |= bool(given.any() and not given.all())
    one = frame.iloc[firsts].assign(plots=[len(rows) for rows in groups.values()], **held)
    one = one.set_geometry(gpd.GeoSeries(whole, index=one.index, crs=frame.crs))
    told = (
        _told("plots_joined", layer, frame, joined),
        _told("titles_differ", layer, frame, differ),
    )
    return Plots(one, (*findings, *(finding for finding in told if finding.count)))
