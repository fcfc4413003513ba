"""Change points: what somebody saw on two dates at places on the ground.

Question   What became of each reference point, and where does it stand?
Enters     A layer of points with a class for each date, or with the change itself.
Leaves     A place in `KINDS` for each, its stratum, and coordinates in the CRS of the images.
Elsewhere  Points of one date: prepare/reference_points. Estimating areas: measure/change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.change import KINDS
from greenspace.model.words import Text
from greenspace.prepare.project import to_crs
from greenspace.prepare.reference import reference_classes
from greenspace.prepare.reference_points import (
    blank_rows,
    repeated_findings,
    require_points,
    require_visited,
    unvisited_findings,
)
from greenspace.prepare.repair import as_frame
from greenspace.prepare.strata import strata_columns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.source import Finding
    from greenspace.prepare.repair import Layer

LAYER = "reference"
CHINESE = ("非绿", "新增", "减少", "保持")
WORDS = dict(zip((*KINDS, *CHINESE), (*range(4), *range(4)), strict=True))


def change_points(layer: Layer, crs: CRS) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return reference points of change in the CRS of the images.

    Returns
    -------
    points
        ``visited``, ``kind`` (a place in `KINDS`; 0 where not visited), and where the layer has
        them ``stratum`` as text and ``stratum_area_m2``.
    findings
        Points without a class, and points at the place of an earlier one.

    Raises
    ------
    GeometryError
        The layer holds anything but points, no point has a class, or two at one place say
        unlike things.
    ColumnError
        The columns are missing or hold something else, or strata do not each have one area.
    CrsError
        The layer has no CRS, or its coordinates do not fit it.
    """
    frame = as_frame(layer, LAYER)
    require_points(frame)
    columns = ("before", "after") if _by_dates(frame) else (LAYER,)
    blank = np.zeros(len(frame), dtype=bool)
    for name in columns:
        if name in frame.columns:
            blank |= blank_rows(frame[name])
    require_visited(~blank)
    kinds = np.zeros(len(frame), dtype=np.int64)
    kinds[~blank] = reference_kinds(frame[~blank])
    strata, told = strata_columns(frame)
    points = gpd.GeoDataFrame(
        {"visited": ~blank, "kind": kinds} | strata,
        index=frame.index,
        geometry=frame.geometry.to_numpy(),
        crs=frame.crs,
    )
    _require_one_answer(points[~blank])
    findings = (*told, *unvisited_findings(frame, blank), *repeated_findings(points[~blank]))
    return to_crs(points, crs, LAYER), findings


def _by_dates(frame: pd.DataFrame) -> bool:
    return bool({"before", "after"} & set(frame.columns)) or LAYER not in frame.columns


def _require_one_answer(points: gpd.GeoDataFrame) -> None:
    """Refuse two points at one place that say unlike things."""
    answers = points["kind"].groupby(points.geometry.to_wkb())
    unlike = (answers.transform("nunique") > 1).to_numpy()
    if unlike.any():
        raise GeometryError(
            f"有 {unlike.sum()} 个核查点位置完全相同，判读却不同。",
            f"{unlike.sum()} reference points are at one place and say unlike things.",
            remedy=Text(zh="每处只留一个点。", en="Keep one point a place."),
            layer=LAYER,
            rows=points.index[unlike],
            expected="one answer a place",
        )


def reference_kinds(points: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return what became of each point, as a place in `KINDS`.

    From two columns ``before`` and ``after`` with the words of `reference_classes`; else from
    one column ``reference`` with ``gained``, ``lost``, ``kept``, ``not_green`` (新增, 减少, 保持,
    非绿).

    Raises
    ------
    ColumnError
        The columns are missing, or hold something else; names the rows.

    Examples
    --------
    >>> import geopandas as gpd
    >>> frame = gpd.GeoDataFrame({"before": ["绿", 0], "after": [0, "green"]})
    >>> [KINDS[place] for place in reference_kinds(frame)]
    ['lost', 'gained']
    """
    if _by_dates(points):
        before = reference_classes(points, "before", layer=LAYER)
        after = reference_classes(points, "after", layer=LAYER)
        return after.astype(np.int64) + 2 * before
    words = [str(value).strip().casefold() for value in points[LAYER]]
    strange = [place for place, word in enumerate(words) if word not in WORDS]
    if strange:
        rows = [points.index[place] for place in strange]
        found = points[LAYER].iloc[strange[0]]
        raise ColumnError(
            f"有 {len(rows)} 行的变化类别认不出，例如 {found!r}。",
            f"The change of {len(rows)} rows is not known, such as {found!r}.",
            remedy=Text(
                zh=f"请写其一：{'、'.join(CHINESE)}；或用 before 和 after 两列。",
                en=f"Write one of: {', '.join(KINDS)}; or give columns before and after.",
            ),
            layer=LAYER,
            column=LAYER,
            rows=rows,
            expected=tuple(WORDS),
            found=found,
        )
    return np.array([WORDS[word] for word in words], dtype=np.int64)
