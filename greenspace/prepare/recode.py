"""Recode: parcels under the codes of another edition, every change counted.

Question   Which code does each parcel get, and what should somebody look at?
Enters     Parcels with codes in the measuring CRS, and what becomes of each code.
Leaves     New codes in the order of the rows, and findings with rows and areas.
Elsewhere  The changes: model/class_change. Asking for it: class_codes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError
from greenspace.model.classes import spell
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.park_classes import one_park, sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.class_change import ClassChange, ClassChanges, LandUseScheme

    Recoded = tuple[list[str], tuple[Finding, ...]]

MARKS = {
    "verified": Text("已核实", "verified"),
    "weak": Text("来源较弱", "weak source"),
    "provisional": Text("凭记忆，未核实", "from memory, provisional"),
    "user": Text("用户填写", "user"),
}
NO_HOMES = Text(
    zh="没有给出居住用地，无法判断小区游园（G122）是否位于其内，全部改为 G14。",
    en="No residential land is given, so nobody can tell which gardens of estates (G122) lie in it: "
    "all became G14.",
)
NO_LAND = Text(
    zh="没有给出建设用地，风景名胜公园（G135）全部按建设用地内改为 G139。",
    en="No construction land is given: all scenic parks (G135) became G139, as if inside it.",
)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where parcels lie, as far as the layers tell: one answer a row, or ``None``."""

    in_homes: NDArray[np.bool_] | None
    outside: NDArray[np.bool_] | None


def recoded(frame: gpd.GeoDataFrame, changes: ClassChanges, place: Place) -> Recoded:
    """Return the codes of 2017 of parcels that have known codes of 2002.

    The size of a parcel is that of its park where several rows are one.
    """
    areas = np.nan_to_num(frame.area.to_numpy())
    sizes = sizes_of(frame, one_park(frame))
    nobody = np.zeros(len(frame), dtype=bool)
    homes = nobody if place.in_homes is None else place.in_homes
    outside = nobody if place.outside is None else place.outside
    old = [spell(code) for code in frame["class"]]
    rules = [_known(changes, code) for code in old]
    new = [
        rule.becomes(float(sizes[i]), in_homes=bool(homes[i]), outside=bool(outside[i]))
        for i, rule in enumerate(rules)
    ]
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, pair in enumerate(zip(old, new, strict=True)):
        groups[pair].append(row)
    findings = list(_counted(frame, groups, areas, {c: _known(changes, c).mark for c in set(old)}))
    findings += _cautions(frame, rules, areas)
    if place.in_homes is None:
        findings += _unplaced(frame, rules, areas, "homes", NO_HOMES)
    if place.outside is None:
        findings += _unplaced(frame, rules, areas, "beyond", NO_LAND)
    return new, tuple(findings)


def _known(changes: ClassChanges, code: str) -> ClassChange:
    rule = changes.of(code)
    if rule is None:  # codes were held against the table before
        raise ValueError(code)
    return rule


def _counted(
    frame: gpd.GeoDataFrame,
    groups: dict[tuple[str, str], list[int]],
    areas: NDArray[np.float64],
    marks: dict[str, str],
) -> Iterator[Finding]:
    for (before, after), rows in sorted(groups.items()):
        mark, area = MARKS[marks[before]], float(areas[rows].sum())
        verb = ("不变", "stays") if before == after else (f"→ {after}", f"→ {after}")
        yield Finding(
            code="class_kept" if before == after else "class_changed",
            text=Text(
                zh=f"{before} {verb[0]}：{len(rows)} 个地块，{area / 1e4:.2f} 公顷（{mark.zh}）。",
                en=f"{before} {verb[1]}: {len(rows)} parcels, {area / 1e4:.2f} ha ({mark.en}).",
            ),
            layer="green",
            rows=tuple(frame.index[rows]),
            count=len(rows),
            area_m2=area,
        )


def _cautions(
    frame: gpd.GeoDataFrame, rules: list[ClassChange], areas: NDArray[np.float64]
) -> list[Finding]:
    said: dict[Text, list[int]] = defaultdict(list)
    for row, rule in enumerate(rules):
        if rule.caution is not None:
            said[rule.caution].append(row)
    return [_caution(frame, text, rows, areas) for text, rows in said.items()]


def _unplaced(
    frame: gpd.GeoDataFrame,
    rules: list[ClassChange],
    areas: NDArray[np.float64],
    key: str,
    text: Text,
) -> list[Finding]:
    rows = [row for row, rule in enumerate(rules) if getattr(rule, key)]
    return [_caution(frame, text, rows, areas)] if rows else []


def _caution(
    frame: gpd.GeoDataFrame, text: Text, rows: list[int], areas: NDArray[np.float64]
) -> Finding:
    area = float(areas[rows].sum())
    return Finding(
        code="class_caution",
        text=Text(
            zh=f"{text.zh}涉及 {len(rows)} 个地块，{area / 1e4:.2f} 公顷。",
            en=f"{text.en} {len(rows)} parcels, {area / 1e4:.2f} ha.",
        ),
        severity="warning",
        layer="green",
        rows=tuple(frame.index[rows]),
        count=len(rows),
        area_m2=area,
    )


def recoded_land_use(frame: gpd.GeoDataFrame, scheme: LandUseScheme) -> Recoded:
    """Return the codes of 2017 of parcels that have land-use codes.

    Raises
    ------
    ColumnError
        A code is missing or unknown, or is no class of green: names its rows and the reason.
    """
    old = ["" if pd.isna(code) else spell(code) for code in frame["class"]]
    areas = np.nan_to_num(frame.area.to_numpy())
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    marks = {}
    for row, code in enumerate(old):
        entry = scheme.entry(code)
        if entry is None or not entry.to:
            raise _no_class(frame, scheme, old, code)
        groups[code, entry.to].append(row)
        marks[code] = entry.mark
    new = dict(groups.keys())
    return [new[code] for code in old], tuple(_counted(frame, groups, areas, dict(marks)))


def _no_class(
    frame: gpd.GeoDataFrame, scheme: LandUseScheme, old: list[str], code: str
) -> ColumnError:
    entry = scheme.entry(code)
    near = get_close_matches(code, [item.code for item in scheme.codes if item.to], n=1, cutoff=0.5)
    rows = frame.index[[other == code for other in old]]
    if entry is not None and entry.why is not None:
        why = entry.why
    else:
        why = Text(
            zh=f"{scheme.name.zh}没有与绿地有关的代码 {code!r}。",
            en=f"The {scheme.name.en} has no code {code!r} that concerns green land.",
        )
    hint = f" {near[0]}?" if near else ""
    return ColumnError(
        f"代码 {code!r} 不能转换：{why.zh}",
        f"The code {code!r} has no class of green: {why.en}",
        remedy=Text(
            zh=f"请改正这些行的代码，或先把它们移出绿地图层。{hint}",
            en=f"Correct the codes of these rows, or take them out of the layer first.{hint}",
        ),
        layer="green",
        column="class",
        rows=rows,
        expected=tuple(near) or None,
        found=code,
    )
