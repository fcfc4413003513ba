"""Zoning tables: the area table of a zoning, how its areas add up, and its faults.

Question   How many square metres and which share has each zone, and where is the cut wrong?
Enters     Zones of one park beside its boundary.
Leaves     Ledgers.
Elsewhere  The geometry: delimit/zoning. Tests: zoning_tests. Rendering: present/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.delimit.zoning import GAP, OUTSIDE, OVERLAP, united
from greenspace.model.ledger import Column, Ledger
from greenspace.model.words import Text
from greenspace.present.words import MARKS

if TYPE_CHECKING:
    from greenspace.model.zoning_scheme import ZoneKind
    from greenspace.zoning_held import Held

AREA = Column("area_m2", Text("面积", "area"), "m2")
SHARE = Column("share", Text("占边界", "share of the park"), "1")
FAULTS = {
    GAP: Text("缝隙", "gap"),
    OVERLAP: Text("重叠", "overlap"),
    OUTSIDE: Text("越界", "beyond the boundary"),
}
SEASONAL = Text("季节性", "in a season only")
WHOLE = Text("全园", "whole park")
UNKNOWN = Text("未知", "unknown")


def zoning_ledgers(held: Held) -> tuple[Ledger, ...]:
    """Return areas and shares, how they add up, the faults, and the core with its buffer."""
    core = () if held.buffered is None else (_core(held),)
    return (_areas(held), _sums(held), _faults(held), *core)


def _areas(held: Held) -> Ledger:
    rows = [row for kind in held.rows.scheme.of_level(1) for row in _area_rows(held, kind)]
    lost = held.lost(1)
    if lost.any():
        rows.append(_row(held, UNKNOWN, None, lost, None))
    everything = {"level": WHOLE, "zone": None, "count": int(held.rows.areas.sum())}
    rows.append(everything | {"area_m2": held.whole_m2, "share": 1.0, "mark": None})
    columns = (
        Column("level", Text("管控区", "control area")),
        Column("zone", Text("功能区", "function zone")),
        Column("count", Text("图斑数", "polygons"), "count"),
        AREA,
        SHARE,
        Column("mark", Text("名称依据", "sureness of the name")),
    )
    note = Text(
        zh=f"按 {held.rows.scheme.name.zh}。同类土地只计一次，截至边界；有重叠时各行之和可大于全园。",
        en=f"By {held.rows.scheme.name.en}. Ground of one kind counts once, up to the boundary; "
        "where kinds overlap, rows add up to more than the park.",
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    return Ledger("zoning_areas", Text("分区面积", "areas of zones"), columns, frame, note)


def _area_rows(held: Held, kind: ZoneKind) -> list[dict[str, Any]]:
    """Return a control area, what of it is so in a season only, and its function zones."""
    rows, own = held.rows, held.of_kind(kind)
    found = [_row(held, kind.name, None, own & ~rows.seasonal, kind)]
    if (own & rows.seasonal).any():
        beside = {"area_m2": held.seasonal_m2(kind)}
        beside["share"] = beside["area_m2"] / held.whole_m2
        found.append(_row(held, kind.name, SEASONAL, own & rows.seasonal, kind) | beside)
    inside = np.array([level == kind.id for level in rows.level])
    for function in rows.scheme.of_level(2):
        part = held.of_kind(function) & inside
        if part.any():
            found.append(_row(held, kind.name, function.name, part, function))
    return found


def _row(
    held: Held, level: Text, zone: Text | None, own: Any, kind: ZoneKind | None
) -> dict[str, Any]:
    ground = shapely.intersection(united(held.rows.shapes[own]), held.whole)
    area = float(shapely.area(ground))
    return {
        "level": level,
        "zone": zone,
        "count": int(np.count_nonzero(own)),
        "area_m2": area,
        "share": area / held.whole_m2,
        "mark": None if kind is None else MARKS[kind.mark],
    }


def _sums(held: Held) -> Ledger:
    rows: list[tuple[Text, float]] = []
    for part in held.covered:
        of = Text("（功能区）", " (function zones)") if part.functions else Text("", "")
        cover = part.cover
        rows += [
            (Text(f"分区面积之和{of.zh}", f"zones added up{of.en}"), cover.zones_m2),
            (Text(f"减：重复计算{of.zh}", f"less: counted again{of.en}"), 0.0 - cover.twice_m2),
            (Text(f"加：缝隙{of.zh}", f"plus: gaps{of.en}"), cover.gap_m2),
            (Text(f"等于：应覆盖面积{of.zh}", f"is: ground to cover{of.en}"), cover.target_m2),
        ]
    frame = pd.DataFrame({"item": [item for item, _ in rows], "area_m2": [m2 for _, m2 in rows]})
    columns = (Column("item", Text("项目", "item")), AREA)
    title = Text("面积平衡", "how the areas add up")
    note = Text("只计边界以内。", "Within the boundary.")
    return Ledger("zoning_balance", title, columns, frame, note)


def _faults(held: Held) -> Ledger:
    labels = [str(label) for label in held.rows.frame.index]
    rows = []
    for part in held.covered:
        faults = part.cover.faults
        for n, kind in enumerate(faults.kind):
            at = faults.shape[n].representative_point()
            pair = (int(faults.first[n]), int(faults.second[n]))
            named = [labels[part.rows[zone]] for zone in pair if zone >= 0]
            rows.append(
                {
                    "kind": FAULTS[str(kind)],
                    "zones": ", ".join(named),
                    "area_m2": float(faults.area_m2[n]),
                    "width_m": float(faults.width_m[n]),
                    "x": at.x,
                    "y": at.y,
                }
            )
    columns = (
        Column("kind", Text("问题", "fault")),
        Column("zones", Text("所涉行", "rows")),
        AREA,
        Column("width_m", Text("平均宽度", "mean width"), "m"),
        Column("x", Text("东坐标", "east"), "m"),
        Column("y", Text("北坐标", "north"), "m"),
    )
    frame = pd.DataFrame(rows, columns=[column.key for column in columns])
    width = held.noise_width_m * 1000
    note = Text(f"宽于 {width:g} 毫米的。", f"Those wider than {width:g} mm.")
    return Ledger("zoning_faults", Text("分区问题", "faults of the cut"), columns, frame, note)


def _core(held: Held) -> Ledger:
    found = held.buffered
    if found is None:
        raise ValueError("no buffer was asked for")
    rows: tuple[tuple[Text, float], ...] = (
        (Text("核心保护区", "core"), found.core_m2),
        (Text("其中距边界外不足缓冲宽度", "of it nearer to the outside"), found.exposed_m2),
        (
            Text("距核心区边缘超过缓冲宽度的内部", "deeper inside than the buffer"),
            found.interior_m2,
        ),
    )
    frame = pd.DataFrame({"item": [item for item, _ in rows], "area_m2": [m2 for _, m2 in rows]})
    columns = (Column("item", Text("项目", "item")), AREA)
    note = Text(
        f"缓冲宽度 {held.buffer_m:g} 米，由用户给定；最近 {found.least_m:,.2f} 米。",
        f"A buffer of {held.buffer_m:g} m, as the user gave it; the least distance is "
        f"{found.least_m:,.2f} m.",
    )
    return Ledger("zoning_core", Text("核心区缓冲", "buffer of the core"), columns, frame, note)
