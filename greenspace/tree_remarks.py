"""Tree remarks: what the reader of protection zones should know of the trees behind them.

Question   Which trees have no zone or only part of one, and which stands look wrong?
Enters     Trees, what is known of each, and the zones drawn from it.
Leaves     Findings with the rows.
Elsewhere  Drawing: tree_protection. Widths that cannot be right: prepare/tree_register.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from greenspace.delimit.old_trees import widest_gap_m
from greenspace.model.crs import SCALE_LIMIT, degrees_of, is_local, linear_error
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.tree_register import LAYER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.source import Severity
    from greenspace.prepare.tree_register import Register

    Rows = NDArray[np.bool_]

OLD_YEARS = 100.0
APART_M = 50.0


def tree_findings(
    frame: gpd.GeoDataFrame,
    register: Register,
    points: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    stands: Mapping[str, NDArray[np.int64]],
    *,
    trunk: bool,
) -> tuple[Finding, ...]:
    """Return what should be known of trees and stands, whatever is built near them."""
    no_crown, no_dbh = np.isnan(register.half_ew), np.isnan(register.dbh_m)
    in_stand = np.zeros(len(frame), dtype=bool)
    for rows in stands.values():
        in_stand[rows] = True
    none = points["zone"].isna().to_numpy(dtype=bool)
    told = [
        *_widths(frame, none, no_crown & ~none, no_dbh & ~no_crown & ~in_stand & trunk),
        *_stand_members(frame, register, in_stand),
        *_far_apart(frame, points, stands),
        *_same_place(frame),
        *_young(frame, register),
        *_long_scale(zones),
    ]
    return tuple(told)


def _widths(frame: gpd.GeoDataFrame, none: Rows, no_crown: Rows, no_dbh: Rows) -> Iterator[Finding]:
    if none.any():
        text = Text(
            zh=f"{_n(none)} 株既无冠幅又无可用胸径，未划保护范围；请补测后重划。",
            en=f"Trees with no crown width and no DBH to go by, which have no zone: {_n(none)}. "
            "Measure them and draw again.",
        )
        yield _told(frame, none, "trees_without_zone", text)
    if no_crown.any():
        text = Text(
            zh=f"{_n(no_crown)} 株没有冠幅，只划了树干倍数部分，保护范围不完整。",
            en="Trees without a crown width, whose zones have the part of the trunk alone and are "
            f"incomplete: {_n(no_crown)}.",
        )
        yield _told(frame, no_crown, "trees_without_crown", text)
    if no_dbh.any():
        text = Text(
            zh=f"{_n(no_dbh)} 株没有可用胸径，只划了树冠外 5 米部分，保护范围不完整。",
            en="Trees without a DBH to go by, whose zones have the part of the crown alone and are "
            f"incomplete: {_n(no_dbh)}.",
        )
        yield _told(frame, no_dbh, "trees_without_dbh", text)


def _stand_members(
    frame: gpd.GeoDataFrame, register: Register, in_stand: Rows
) -> Iterator[Finding]:
    named = np.array([bool(stand) for stand in register.stand], dtype=bool)
    drawn = {stand for stand, inside in zip(register.stand, in_stand, strict=True) if inside}
    outside = named & ~in_stand
    missing = outside & np.array([stand in drawn for stand in register.stand], dtype=bool)
    alone = outside & ~missing
    if missing.any():
        text = Text(
            zh=f"{_n(missing)} 株属于林地但没有冠幅，未参与划定林地外缘，按单株处理。",
            en="Trees of stands without a crown width, which take no part in the outline of their "
            f"stand and are drawn as single trees: {_n(missing)}.",
        )
        yield _told(frame, missing, "stand_member_without_crown", text)
    if alone.any():
        text = Text(
            zh=f"{_n(alone)} 株填了 stand，但该林地有冠幅的树不足两株，按单株处理。",
            en="Trees of stands with less than two crowns that are known, drawn as single trees: "
            f"{_n(alone)}.",
        )
        yield _told(frame, alone, "stand_of_one", text)


def _far_apart(
    frame: gpd.GeoDataFrame, points: gpd.GeoDataFrame, stands: Mapping[str, NDArray[np.int64]]
) -> Iterator[Finding]:
    for stand, rows in stands.items():
        gap = widest_gap_m(points.geometry.to_numpy()[rows])
        if gap <= APART_M:
            continue
        text = Text(
            zh=f"林地 {stand} 的树相距达 {gap:.0f} 米，stand 可能填错；其间土地已划入保护范围。",
            en=f"Trees of the stand {stand} are {gap:.0f} m apart: the value of stand may be wrong. "
            "The ground between them is in the zone.",
        )
        chosen = np.isin(np.arange(len(frame)), rows)
        yield _told(frame, chosen, "stand_far_apart", text)


def _same_place(frame: gpd.GeoDataFrame) -> Iterator[Finding]:
    twice = frame.geometry.to_wkb().duplicated(keep=False).to_numpy()
    if twice.any():
        text = Text(
            zh=f"{_n(twice)} 株与另一株坐标相同，可能重复登记或用了代用坐标。",
            en="Trees at the very place of another, listed twice or with a stand-in for their "
            f"place: {_n(twice)}.",
        )
        yield _told(frame, twice, "trees_at_one_place", text)


def _young(frame: gpd.GeoDataFrame, register: Register) -> Iterator[Finding]:
    young = (register.age < OLD_YEARS) & ~register.famous
    if young.any():
        text = Text(
            zh=f"{_n(young)} 株树龄不足 100 年：不是国务院令第 800 号所称古树；保护范围照划。",
            en=f"Trees below 100 years, which Order 800 does not call old: {_n(young)}. Their zones "
            "are drawn all the same.",
        )
        yield _told(frame, young, "below_100_years", text, "note")


def _long_scale(zones: gpd.GeoDataFrame) -> Iterator[Finding]:
    if zones.empty or is_local(zones.crs):
        return
    west, south, east, north = (float(value) for value in zones.total_bounds)
    error = linear_error(zones.crs, degrees_of((west, south, east, north), zones.crs))
    if error > SCALE_LIMIT:
        text = Text(
            zh=f"{zones.crs.name} 在本区域的长度变形达 {error:.1%}，保护距离会失真；请改用当地投影。",
            en=f"Lengths in {zones.crs.name} are off by up to {error:.1%} here, and so are the "
            "distances of zones: use a local projection.",
        )
        yield Finding(code="linear_scale", text=text, severity="warning", layer=LAYER)


def _n(rows: Rows) -> int:
    return int(np.count_nonzero(rows))


def _told(
    frame: gpd.GeoDataFrame, rows: Rows, code: str, text: Text, severity: Severity = "warning"
) -> Finding:
    return Finding(
        code=code,
        text=text,
        severity=severity,
        layer=LAYER,
        rows=tuple(frame.index[rows]),
        count=_n(rows),
    )
