"""Change points: what somebody saw on two dates at places on the ground.

Question   What became of each reference point, and where does it stand?
Enters     A layer of points with a class for each date, or with the change itself.
Leaves     A place in `KINDS` for each, and coordinates in the CRS of the images.
Elsewhere  Words for one date: prepare/reference. Estimating areas: measure/change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.change import KINDS
from greenspace.model.words import Text
from greenspace.prepare.project import to_crs
from greenspace.prepare.reference import reference_classes
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from pyproj import CRS

LAYER = "reference"
CHINESE = ("非绿", "新增", "减少", "保持")
WORDS = dict(zip((*KINDS, *CHINESE), (*range(4), *range(4)), strict=True))


def points_on(points: Any, crs: CRS) -> gpd.GeoDataFrame:
    """Return reference points in the CRS of the images.

    Raises
    ------
    GeometryError
        A row has no point, or there is none.
    CrsError
        The layer has no CRS, or its coordinates do not fit it.
    """
    frame = as_frame(points, LAYER)
    wrong = (frame.geometry.geom_type != "Point") | frame.geometry.is_empty
    if not len(frame) or wrong.any():
        raise GeometryError(
            f"核查点图层有 {int(wrong.sum())} 行不是点，共 {len(frame)} 行。",
            f"{int(wrong.sum())} of {len(frame)} rows of the reference layer are no points.",
            remedy=Text(zh="每行应有一个点。", en="Each row should hold one point."),
            layer=LAYER,
            rows=frame.index[wrong],
            expected="Point",
        )
    return to_crs(frame, crs, LAYER)


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
    if {"before", "after"} & set(points.columns) or LAYER not in points.columns:
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
