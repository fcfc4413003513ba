"""Park ledger: the list of parks (公园名录), one row a row of the layer.

Question   Which parks has the city, what is each of them, and does it count?
Enters     The parks of a city made ready, and how green each is.
Leaves     A Ledger.
Elsewhere  The numbers: park_gauge. Rendering: present/.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import InputError
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding, finding_of
from greenspace.model.tiers import tiers_at
from greenspace.model.words import Text
from greenspace.prepare.answers import yes_no
from greenspace.prepare.park_findings import size_law

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from greenspace.city_parks import CityParks
    from greenspace.park_greening import Greening

COLUMNS = (
    Column("name", Text("名称", "name")),
    Column("class", Text("类别代码", "class code")),
    Column("class_name", Text("类别", "class")),
    Column("district", Text("所在区", "district")),
    Column("area_m2", Text("总面积", "area"), "m2"),
    Column("inside_m2", Text("建成区内面积", "in the built-up area"), "m2"),
    Column("water_m2", Text("其中水面", "water in it"), "m2"),
    Column("green_m2", Text("陆地上的绿化", "green on its land"), "m2"),
    Column("green_share", Text("绿化占陆地比例", "green share of land"), "1"),
    Column("unseen_m2", Text("影像看不到的陆地", "land that the image does not show"), "m2"),
    Column("short_m2", Text("绿化尚缺", "green that lacks"), "m2"),
    Column("tier_m2", Text("服务分级下限", "least area of its tier"), "m2"),
    Column("radius_m", Text("服务半径", "service radius"), "m"),
    Column("facilities", Text("设施", "facilities")),
    Column("open", Text("开放", "open"), "yes_no"),
    Column("counts", Text("计入公园面积", "counts as park area"), "yes_no"),
    Column("remark", Text("说明", "remark")),
)
DUST_M2 = 1e-6
TITLE = Text("公园名录", "list of parks")
NOTE = Text(
    "面积为投影面积，每行为图层的一行；绿化按评定所用的植被，陆地不含水面；服务半径按所评标准的分级。",
    "Areas are those of the projection, one row a row of the layer. Green is by the vegetation that "
    "is judged, on land without water; the radius is by the tiers of the judged standard.",
)
NOT_PARK = Text("代码不是公园绿地", "its code is no park green space")
NOT_INSIDE = Text("不在建成区内", "not in the built-up area")
PARTLY = Text("建成区外的部分不计", "its part beyond the built-up line does not count")
NO_RADIUS = Text("小于各级下限，没有服务半径", "below every tier, so without a service radius")
CLOSED = Text("未开放", "not open")


def ledger_of_parks(parks: CityParks, greening: Greening) -> tuple[Ledger, tuple[Finding, ...]]:
    """Return the list of parks, and what could not be read of it."""
    frame = parks.frame
    count = len(frame)
    water = np.full(count, np.nan) if parks.water is None else shapely.area(parks.water)
    water = np.where(water < DUST_M2, 0.0, water)
    share = np.full(count, np.nan)
    np.divide(greening.green, greening.land, out=share, where=greening.land > 0)
    open_, told = _open(frame)
    rows = pd.DataFrame(
        {
            "name": _words(frame, "name"),
            "class": _words(frame, "class") if parks.table is not None else [""] * count,
            "class_name": _class_names(parks),
            "district": parks.districts,
            "area_m2": frame.geometry.area.to_numpy(),
            "inside_m2": parks.inside_m2,
            "water_m2": water,
            "green_m2": greening.green,
            "green_share": share,
            "unseen_m2": greening.unseen,
            "short_m2": greening.short,
            "tier_m2": _tiers(parks),
            "radius_m": np.where(parks.radius > 0, parks.radius, np.nan),
            "facilities": _words(frame, "facilities"),
            "open": open_,
            "counts": pd.Series(parks.counts & (parks.inside_m2 > 0), dtype=object).to_numpy(),
            "remark": _remarks(parks, open_),
        }
    )
    return Ledger("parks", TITLE, COLUMNS, rows, NOTE), (*told, *_closed(parks, open_))


def _words(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame.columns:
        return [""] * len(frame)
    return ["" if pd.isna(cell) else str(cell).strip() for cell in frame[column]]


def _class_names(parks: CityParks) -> NDArray[Any]:
    """Return what each code means in its edition, empty where nobody knows."""
    names = np.full(len(parks.frame), None, dtype=object)
    if parks.table is not None:
        entries = [parks.table.entry(code) for code in parks.frame["class"]]
        names[:] = [None if entry is None else entry.name for entry in entries]
    return names


def _tiers(parks: CityParks) -> NDArray[np.float64]:
    """Return the least area of the tier that each row serves by, NaN where it serves nobody."""
    tiers, _ = tiers_at(parks.scope.profile, parks.scope.level)
    old = parks.relaxed
    area = parks.frame.geometry.area.to_numpy()
    found = np.full(len(area), np.nan)
    for least, radius in sorted((*tiers, *(() if old is None else old.tiers))):
        fits = (parks.radius == radius) & (area >= least * (1 - 1e-9))
        found[fits] = least
    return found


def _open(frame: pd.DataFrame) -> tuple[NDArray[Any], tuple[Finding, ...]]:
    """Return which parks are open, ``None`` where the layer does not say, and what is wrong."""
    found = np.full(len(frame), None, dtype=object)
    if "open" not in frame.columns:
        return found, ()
    said = frame["open"].notna().to_numpy()
    try:
        found[said] = yes_no(frame["open"], "parks")[0][said]
    except InputError as error:
        return found, (replace(finding_of(error), severity="warning"),)
    return found, ()


def _closed(parks: CityParks, open_: NDArray[Any]) -> tuple[Finding, ...]:
    """Return the parks that count and serve although the layer says that they are not open."""
    rows = np.array([said is not None and not said for said in open_], dtype=bool) & parks.counts
    if not rows.any():
        return ()
    text = Text(
        f"有 {int(rows.sum())} 块公园登记为未开放，仍计入面积和服务半径；不应计入的请移出公园图层。",
        f"Parks that the layer says are not open: {int(rows.sum())}. They count and serve all the "
        "same: take out of the layer what should not.",
    )
    finding = Finding(
        code="park_not_open",
        text=text,
        severity="warning",
        layer="parks",
        rows=tuple(parks.frame.index[rows]),
        count=int(rows.sum()),
        area_m2=float(parks.frame.geometry.area.to_numpy()[rows].sum()),
        indicators=("park_area_per_capita", "service_coverage"),
    )
    return (finding,)


def _remarks(parks: CityParks, open_: NDArray[Any]) -> NDArray[Any]:
    """Return why a row does not count, or counts otherwise than it looks; ``None`` for nothing."""
    inside, area = parks.inside_m2, parks.frame.geometry.area.to_numpy()
    found = np.full(len(area), None, dtype=object)
    for row in range(len(area)):
        said = [
            NOT_PARK if not parks.counts[row] else None,
            NOT_INSIDE if inside[row] <= 0 else None,
            PARTLY if 0 < inside[row] < area[row] * (1 - 1e-9) else None,
            NO_RADIUS if parks.counts[row] and parks.radius[row] <= 0 else None,
            _small(str(parks.classes[row]), parks.least) if parks.small[row] else None,
            CLOSED if open_[row] is not None and not open_[row] else None,
        ]
        told = [text for text in said if text is not None]
        if told:
            found[row] = Text("；".join(t.zh for t in told), "; ".join(t.en for t in told))
    return found


def _small(code: str, sizes: Mapping[str, float]) -> Text:
    least, law = sizes[code] / 1e4, size_law(code, sizes)
    return Text(
        f"不大于 {least:g} 公顷（{law.zh} 对 {code} 的要求）",
        f"no larger than the {least:g} ha that {law.en} asks of {code}",
    )
