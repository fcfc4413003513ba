"""Paving: which road and square land lets water through.

Question   Is this ground road or square land, and does it let water through?
Enters     A layer of paving with a runoff coefficient or an answer of yes and no.
Leaves     Two truths a row, and findings; what is no answer is refused.
Elsewhere  The share: waysides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.prepare.answers import yes_no
from greenspace.prepare.roads import word_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

LEAST_RUNOFF = 0.60  # from which on ground does not let water through
SLIVER = 1e-9
ROADS = ("road", "roads", "street", "footway", "道路", "车行道", "人行道", "非机动车道")
SQUARES = ("square", "squares", "plaza", "广场")
KINDS = frozenset((*ROADS, *SQUARES, ""))


def paved_rows(
    frame: gpd.GeoDataFrame, name: str, *, runoff_below: float = LEAST_RUNOFF
) -> tuple[Mask, Mask, tuple[Finding, ...]]:
    """Return which rows are road and square land, which of them let water through, and remarks.

    A runoff coefficient below `runoff_below` lets water through; it decides over the answer of
    ``permeable``. Rows that say neither do not, and are told.

    Raises
    ------
    ColumnError
        Neither column is there, a coefficient is no number from 0 to 1, or an answer is neither
        yes nor no.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame({"runoff": [0.59, 0.6]}, geometry=[box(0, 0, 1, 1)] * 2)
    >>> paved_rows(frame, "paving")[1].tolist()
    [True, False]
    """
    if "runoff" not in frame and "permeable" not in frame:
        raise _silent(frame, name)
    found: list[Finding] = []
    words = [word_of(value).lower() for value in frame.get("kind", [""] * len(frame))]
    counts = np.array([word in KINDS for word in words], dtype=bool)
    found += _told("paving_other", OTHER, frame, ~counts, name)
    runoff = _runoff(frame, name)
    said = ~np.isnan(runoff)
    lets = np.zeros(len(frame), dtype=bool)
    if "permeable" in frame:
        rest = frame[~said]
        lets[~said], told = yes_no(rest["permeable"], name)
        found += told
        answers = np.zeros(len(frame), dtype=bool)
        answers[said], _ = yes_no(frame["permeable"][said], name)
        found += _told("paving_odd", ODD, frame, said & answers & (runoff >= runoff_below), name)
    else:
        found += _told("no_runoff", UNSAID, frame, ~said, name)
    lets[said] = runoff[said] < runoff_below
    return counts, lets, tuple(found)


def disagreeing(shapes: NDArray[Any], lets: Mask, name: str = "paving") -> tuple[Finding, ...]:
    """Return a finding for ground that one row calls permeable and another does not.

    Examples
    --------
    >>> from shapely import box
    >>> ground = np.array([box(0, 0, 2, 1), box(1, 0, 3, 1)])
    >>> disagreeing(ground, np.array([True, False]))[0].area_m2
    1.0
    """
    through, sealed = shapely.union_all(shapes[lets]), shapely.union_all(shapes[~lets])
    area = float(shapely.intersection(through, sealed).area)
    if area <= SLIVER * float(through.area + sealed.area):
        return ()
    zh, en = (text.format(area=area) for text in (DISAGREE.zh, DISAGREE.en))
    text = Text(zh=zh, en=en)
    return (
        Finding(code="paving_disagrees", text=text, severity="warning", layer=name, area_m2=area),
    )


def _runoff(frame: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    if "runoff" not in frame:
        return np.full(len(frame), np.nan)
    words = pd.Series([word_of(value) for value in frame["runoff"]], dtype=object)
    runoff = pd.to_numeric(words, errors="coerce").to_numpy(dtype=float)
    bad = (words != "").to_numpy() & ~((runoff >= 0) & (runoff <= 1))
    if bad.any():
        found = tuple(dict.fromkeys(words[bad]))
        raise ColumnError(
            f"有 {int(bad.sum())} 行的径流系数不是 0 到 1 之间的数：{'、'.join(found[:5])}。",
            f"{int(bad.sum())} rows have a runoff coefficient that is no number from 0 to 1: "
            f"{', '.join(found[:5])}.",
            remedy=Text(zh="径流系数如 0.45。", en="Write it as 0.45."),
            layer=name,
            column="runoff",
            rows=frame.index[bad],
            expected="0 to 1",
            found=found,
        )
    return runoff


def _silent(frame: gpd.GeoDataFrame, name: str) -> ColumnError:
    return ColumnError(
        "铺装图层没有字段 runoff 或 permeable，不知哪些地面透水。",
        "The paving has no column runoff or permeable: which ground lets water through is not "
        "known.",
        remedy=Text(
            zh='请给出其一；清单中可写 columns = { runoff = "…" }。',
            en='Give one; in a manifest, columns = { runoff = "…" }.',
        ),
        layer=name,
        column="runoff",
        expected=("runoff", "permeable"),
        found=tuple(str(column) for column in frame.columns),
    )


def _told(
    code: str, text: Text, frame: gpd.GeoDataFrame, rows: Mask, name: str
) -> tuple[Finding, ...]:
    if not rows.any():
        return ()
    count = int(rows.sum())
    return (
        Finding(
            code=code,
            text=Text(zh=text.zh.format(count=count), en=text.en.format(count=count)),
            severity="warning",
            layer=name,
            rows=tuple(frame.index[rows]),
            count=count,
        ),
    )


OTHER = Text(
    zh="不是道路或广场用地的铺装（按 kind），未计入：{count} 个要素。",
    en="Paving that is no road or square land, by its kind, was left out: {count} rows.",
)
DISAGREE = Text(
    zh="有 {area:,.1f} m² 铺装既画作透水又画作不透水，按不透水计。",
    en="{area:,.1f} m2 of paving are drawn both as permeable and as not: they count as not.",
)
ODD = Text(
    zh="径流系数达到上限而又称透水的，以径流系数为准：{count} 个要素。",
    en="Ground that is called permeable although its runoff coefficient is too high goes by the "
    "coefficient: {count} rows.",
)
UNSAID = Text(
    zh="没有径流系数的，按不透水计：{count} 个要素。",
    en="Rows without a runoff coefficient count as not permeable: {count}.",
)
