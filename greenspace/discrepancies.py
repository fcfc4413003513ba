"""Discrepancies: parcels that are declared and what is there, where the two are apart.

Question   Which rows should the office look at first, and what would putting each right change?
Enters     The Scope of a city.
Leaves     A ledger ranked by effect on the indicators, and pictures of the first places.
Elsewhere  Finding them: claims. The effect on the ratio: effects. Pictures: chips.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.chips import chips_at
from greenspace.claims import BARE_BELOW, PATCH_M2, Claims
from greenspace.errors import InputError
from greenspace.model.declared import KINDS, SUMS, Discrepancy
from greenspace.model.gauged import Gauged
from greenspace.model.ledger import Column, Ledger
from greenspace.model.source import Finding, finding_of
from greenspace.model.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from greenspace.scope import Scope

MOST_CHIPS = 24
MOST_REMEASURED = 500  # rows whose effect on the ratio is remeasured, the largest ones
NOTHING = 1e-12  # of the ratio: how exactly areas add up
CONCERNED = ("park_area_per_capita", "green_space_ratio")
OF_SUM = Text("逐块相加之和", "a plain sum of the rows")
OF_CHECK = Text("量算值", "the measured number")
LEFT_OPEN = Text(
    zh=f"；只对面积最大的 {MOST_REMEASURED} 行重新量算，本行对绿地率的影响不定",
    en=f"; only the {MOST_REMEASURED} largest rows are measured again: what this one changes of the "
    "ratio is left open",
)
COLUMNS = (
    Column("rank", Text("序号", "rank"), "count"),
    Column("kind", Text("问题", "what is apart")),
    Column("name", Text("名称", "name")),
    Column("layer", Text("图层", "layer")),
    Column("row", Text("行", "row")),
    Column("detail", Text("说明", "detail")),
    Column("area_m2", Text("涉及面积", "area concerned"), "m2"),
    Column("of", Text("影响的是", "effect on what")),
    Column("on_parks", Text("对人均公园绿地的影响", "effect on park area per head"), "m2/person"),
    Column("on_ratio", Text("对绿地率的影响", "effect on the green-space ratio"), "1"),
    Column("x", Text("X", "x"), "m"),
    Column("y", Text("Y", "y"), "m"),
    Column("chip", Text("影像", "picture"), "file"),
)
NOTE = Text(
    f"按对指标的影响排列（占指标值的比例）。“量算值”的影响是改正该行之后重新量算的变化，各行单独计：大半不绿（影像可见的"
    f"陆地绿地不足 {BARE_BELOW:.0%}）的公园不计、未申报的绿（不小于 {PATCH_M2:,.0f} m²）补入绿地、类别按名称改。"
    "“逐块相加之和”的影响是重复计算和界线外的部分，本软件的量算值已经只计一次、只计界内。绿化覆盖率取自影像，不随申报改变。"
    "规模界线：GB 55014-2021。屋顶绿化计入覆盖率而不是绿地：植被图层没有标明的屋顶绿化也会列为未申报的绿。"
    "坐标为量算坐标系。",
    "Ranked by the effect on the indicators, as a share of their values. The effect on the measured "
    "number is that of putting the row right, alone, and measuring again: parks that are mostly bare "
    f"(less than {BARE_BELOW:.0%} of the land that the image shows is green) do not count, undeclared "
    f"green (of {PATCH_M2:,.0f} m2 and more) is added, classes follow the name. The effect on a plain "
    "sum is of ground that it counts twice or beyond the line; the numbers of this check count ground "
    "once, and inside the line, already. Green coverage is the image's and does not change with what "
    "is declared. Planted roofs count for coverage and are no green land: those that no vegetation "
    "layer tells are listed as undeclared too. Sizes by class: GB 55014-2021. Coordinates are of the "
    "measuring CRS.",
)


def gauge_discrepancies(scope: Scope) -> Gauged:
    """Hold a city's parks and green parcels against the image, the line and each other."""
    if not {"parks", "green"} & set(scope.city.layers) or scope.terrain.built_up is None:
        return Gauged()
    found: list[Discrepancy] = []
    told: dict[Finding, None] = {}
    claims = Claims(scope)
    looks = (claims.twice, claims.outside, claims.classes, claims.sizes, claims.bare)
    for look in (*looks, claims.undeclared):
        try:
            found += look()
        except InputError as error:
            told[replace(finding_of(error), severity="warning", indicators=CONCERNED)] = None
    why = claims.not_looked_for
    if why is not None:
        told[_not_looked_for(why)] = None
    if not found:
        return Gauged(findings=tuple(told))
    ranked = _ranked(_remeasured(found, claims), claims)
    firsts = [item.ground for item in ranked[:MOST_CHIPS]]
    chips = chips_at(scope.cover.image, firsts, scope.terrain.crs, prefix="declared")
    return Gauged(findings=tuple(told), ledgers=(_ledger(ranked, chips),), chips=chips)


def _not_looked_for(why: Text) -> Finding:
    text = Text(
        zh=f"没有查找未申报的绿：{why.zh}。", en=f"Undeclared green was not looked for: {why.en}."
    )
    return Finding(code="undeclared_not_looked_for", text=text, severity="note")


def _remeasured(found: list[Discrepancy], claims: Claims) -> list[Discrepancy]:
    """Return the rows with what each changes of the ratio, the largest first."""
    left = MOST_REMEASURED
    rows = []
    for item in sorted(found, key=lambda item: item.area_m2, reverse=True):
        if item.correction is None or claims.effects is None:
            rows.append(item)
        elif left:
            left -= 1
            change = claims.effects.of(item.correction)
            rows.append(replace(item, on_ratio=change if abs(change) > NOTHING else None))
        else:
            more = Text(zh=item.detail.zh + LEFT_OPEN.zh, en=item.detail.en + LEFT_OPEN.en)
            rows.append(replace(item, detail=more))
    return rows


def _ranked(found: list[Discrepancy], claims: Claims) -> list[Discrepancy]:
    """Return rows by how much they matter: their effect as a share of the indicator, their area."""
    park_area = claims.a_head(claims.park_area) or 1.0
    ratio = 0.0 if claims.effects is None else claims.effects.value

    def weight(item: Discrepancy) -> tuple[float, float]:
        on_parks = abs(item.on_parks or 0.0) / park_area
        on_ratio = abs(item.on_ratio or 0.0) / (ratio or 1.0)
        return max(on_parks, on_ratio), item.area_m2

    return sorted(found, key=weight, reverse=True)


def _of(item: Discrepancy) -> Text | None:
    if item.on_parks is None and item.on_ratio is None:
        return None
    return OF_SUM if item.kind in SUMS else OF_CHECK


def _ledger(found: list[Discrepancy], chips: tuple[Any, ...]) -> Ledger:
    points = shapely.point_on_surface(np.array([item.ground for item in found], dtype=object))
    pictures: NDArray[Any] = np.full(len(found), None, dtype=object)
    for chip in chips:
        pictures[chip.place] = f"chips/{chip.id}.png"
    rows = pd.DataFrame(
        {
            "rank": range(1, len(found) + 1),
            "kind": [KINDS[item.kind] for item in found],
            "name": [item.name for item in found],
            "layer": [item.layer for item in found],
            "row": ["" if item.row is None else str(item.row) for item in found],
            "detail": [item.detail for item in found],
            "area_m2": [item.area_m2 for item in found],
            "of": [_of(item) for item in found],
            "on_parks": pd.array([item.on_parks for item in found], dtype="Float64"),
            "on_ratio": pd.array([item.on_ratio for item in found], dtype="Float64"),
            "x": shapely.get_x(points),
            "y": shapely.get_y(points),
            "chip": pictures,
        }
    )
    rows[["on_parks", "on_ratio"]] = rows[["on_parks", "on_ratio"]].astype(float)
    title = Text("申报与实地不符清单", "where what is declared and what is there are apart")
    return Ledger("declared_parks", title, COLUMNS, rows, NOTE)
