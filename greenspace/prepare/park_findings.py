"""Park findings: what should be told of parks whose class decides a number.

Question   Which parks count by their code although their size or name gives reason to look again?
Enters     Parks in the measuring CRS, and the class of each.
Leaves     Findings with their rows.
Elsewhere  Their classes: prepare/park_classes. Rows that touch: park_remarks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.class_claims import LEAST_M2, least_size
from greenspace.prepare.park_classes import (
    COMMUNITY,
    COMPREHENSIVE,
    NEAR_M,
    exceeds,
    one_park,
    said_to_be_one,
    sizes_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.model.classes import ClassTable
    from greenspace.model.source import Severity

    Mask = NDArray[np.bool_]

LAW = "GB 55014-2021 [96b]"
TITLES = {
    COMPREHENSIVE: Text(zh="综合公园", en="comprehensive parks"),
    COMMUNITY: Text(zh="社区公园", en="community parks"),
}
PER_HEAD = {
    COMPREHENSIVE: "comprehensive_park_per_capita",
    COMMUNITY: "community_park_per_capita",
}
PER_10K = "comprehensive_parks_per_10k"
ALL_PARKS = "park_area_per_capita"


def parks_that_count(
    parks: gpd.GeoDataFrame, table: ClassTable | None
) -> tuple[Mask, tuple[Finding, ...]]:
    """Return which rows count as parks, and those that do not by their code.

    Rows without a code, or of one that the edition does not know, count: the layer says that they
    are parks.
    """
    if table is None:
        return np.ones(len(parks), dtype=bool), ()
    counts = np.array([table.role(code) in {"park", None} for code in parks["class"]], dtype=bool)
    return counts, no_park_findings(parks, ~counts)


def undersized(
    parks: gpd.GeoDataFrame,
    codes: Iterable[object],
    sizes: Mapping[str, float] = LEAST_M2,
) -> Mask:
    """Return which rows belong to a park that is not larger than the law asks of its class.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> rows = gpd.GeoDataFrame(geometry=[box(0, 0, 100, 100), box(0, 0, 100, 100.1)])
    >>> undersized(rows, ["G12", "G12"]).tolist()
    [True, False]
    """
    least = np.array([least_size(code, sizes) or -1.0 for code in codes])
    return ~exceeds(sizes_of(parks, one_park(parks)), np.maximum(least, 0.0)) & (least >= 0)


def undersized_findings(
    parks: gpd.GeoDataFrame,
    classes: NDArray[Any],
    small: Mask,
    sizes: Mapping[str, float] = LEAST_M2,
) -> tuple[Finding, ...]:
    """Return the parks that count by their class and are smaller than the law asks of it."""
    found: tuple[Finding, ...] = ()
    for code, title in TITLES.items():
        rows = small & (classes == code)
        least = sizes[code] / 1e4
        law = size_law(code, sizes)
        text = Text(
            zh=f"有 {int(rows.sum())} 块编为{title.zh}（{code}）的公园不大于 {least:g} 公顷（{law.zh} 要求大于）；"
            "按分类代码计入，请核对分类。",
            en=f"Rows coded as {title.en} ({code}) whose park is no larger than {least:g} ha, where "
            f"{law.en} asks for more: {int(rows.sum())}. They count by their code: check the class.",
        )
        touched = (PER_HEAD[code], *((PER_10K,) if code == COMPREHENSIVE else ()))
        found += _told("park_undersized", text, "warning", parks, rows, touched)
    return found


def size_law(code: str, sizes: Mapping[str, float]) -> Text:
    """Return who asks for such a size: the law, or a standard of the user's own."""
    if sizes[code] == LEAST_M2[code]:
        return Text(zh=LAW, en=LAW)
    return Text(zh="自行录入的标准", en="the standard as the user entered it")


def no_park_findings(parks: gpd.GeoDataFrame, rows: Mask) -> tuple[Finding, ...]:
    """Return the rows of a layer of parks that are no park by their code."""
    codes = ", ".join(sorted({str(code) for code in parks["class"][rows]}))
    text = Text(
        zh=f"公园图层有 {int(rows.sum())} 块的代码不是公园绿地（{codes}），未计入公园面积，也不服务居住用地。",
        en=f"Rows of the layer of parks whose code is no park green space ({codes}): {int(rows.sum())}. "
        "They are left out of the area of parks, and serve no homes.",
    )
    touched = (ALL_PARKS, f"lowest_district_{ALL_PARKS}", "service_coverage")
    return _told("class_no_park", text, "warning", parks, rows, touched)


def lacking_class(parks: gpd.GeoDataFrame, rows: Mask) -> tuple[Finding, ...]:
    """Return the parks that are coded G1 alone: of which class they are nobody can tell."""
    text = Text(
        zh=f"有 {int(rows.sum())} 块公园只编到 G1，不知是综合公园、社区公园还是其他公园。",
        en=f"Parks coded G1 alone, so that their class is not known: {int(rows.sum())}.",
    )
    touched = (*PER_HEAD.values(), PER_10K)
    return _told("park_class_unsaid", text, "warning", parks, rows, touched)


def several_rows_findings(parks: gpd.GeoDataFrame) -> tuple[Finding, ...]:
    """Return the rows of comprehensive parks that count as one, and those that share only a name."""
    park, said = pd.Series(one_park(parks)), pd.Series(said_to_be_one(parks))
    rows = park.duplicated(keep=False).to_numpy()
    apart = (park.groupby(said).transform("nunique") > 1).to_numpy()
    joined = Text(
        zh=f"同名的 {int(rows.sum())} 块计为 {park[rows].nunique()} 座综合公园：{_names(parks, rows)}。",
        en=f"Rows of one name count as one comprehensive park: {int(rows.sum())} rows are "
        f"{park[rows].nunique()} ({_names(parks, rows)}).",
    )
    alike = Text(
        zh=f"同名而相距超过 {NEAR_M:g} 米的综合公园计为 {park[apart].nunique()} 座：{_names(parks, apart)}；"
        "若属同一公园，请合并为一行。",
        en=f"Comprehensive parks of one name more than {NEAR_M:g} m apart count as "
        f"{park[apart].nunique()} parks ({_names(parks, apart)}): join the rows of what is one park.",
    )
    return (
        *_told("park_of_several_rows", joined, "note", parks, rows, (PER_10K,)),
        *_told("parks_of_one_name", alike, "warning", parks, apart, (PER_10K,)),
    )


def _names(parks: gpd.GeoDataFrame, rows: Mask) -> str:
    return "、".join(sorted({str(name).strip() for name in parks.loc[rows].get("name", ())}))


def _told(
    code: str,
    text: Text,
    severity: Severity,
    parks: gpd.GeoDataFrame,
    rows: Mask,
    indicators: tuple[str, ...],
) -> tuple[Finding, ...]:
    if not rows.any():
        return ()
    finding = Finding(
        code=code,
        text=text,
        severity=severity,
        layer="parks",
        rows=tuple(parks.index[rows]),
        count=int(rows.sum()),
        area_m2=float(parks.geometry.area.to_numpy()[rows].sum()),
        indicators=indicators,
    )
    return (finding,)
