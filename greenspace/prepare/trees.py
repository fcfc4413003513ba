"""Trees: one shape for each tree, and what speaks against it.

Question   Which shapes of this layer are trees, each once?
Enters     Points, or polygons of crowns, made ready.
Leaves     Shapes, and findings on rows of several crowns, repeats and crowns too large for a tree.
Elsewhere  Counting those in view: measure/yardsticks. Canopy as ground: measure/coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from greenspace.model.source import Finding
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

LARGEST_CROWN_M2 = 1_000.0  # a disc 36 m wide: hardly one tree


def single_trees(trees: gpd.GeoDataFrame) -> tuple[NDArray[Any], tuple[Finding, ...]]:
    """Return one shape for each tree.

    A row in several parts is as many trees; what is there twice, to the last digit, is one.
    Crowns of more than 1 000 m2 count as one tree each, and are told.

    Examples
    --------
    >>> import geopandas as gpd
    >>> oak = shapely.Point(0, 0)
    >>> shapes, findings = single_trees(gpd.GeoDataFrame(geometry=[oak, shapely.Point(9, 0), oak]))
    >>> len(shapes), findings[0].code, findings[0].count
    (2, 'trees_repeated', 1)
    """
    shapes, row = shapely.get_parts(shapely.force_2d(trees.geometry.to_numpy()), return_index=True)
    again = pd.Index(shapely.to_wkb(shapely.normalize(shapes))).duplicated()
    large = shapely.area(shapes) > LARGEST_CROWN_M2
    several = np.bincount(row, minlength=len(trees)) > 1
    findings = (
        *_told("trees_multipart", SEVERAL, trees.index[several], int(several[row].sum())),
        *_told("trees_repeated", AGAIN, trees.index[np.unique(row[again])], int(again.sum())),
        *_told("crowns_large", LARGE, trees.index[np.unique(row[large])], int(large.sum())),
    )
    return shapes[~again], findings


def _told(code: str, text: Text, rows: pd.Index[Any], count: int) -> tuple[Finding, ...]:
    """Return one finding with its rows and the number of shapes, or nothing."""
    if not count:
        return ()
    facts = {"count": count, "rows": len(rows)}
    finding = Finding(
        code=code,
        text=Text(zh=text.zh.format(**facts), en=text.en.format(**facts)),
        severity="warning",
        layer="trees",
        rows=tuple(rows),
        count=count,
    )
    return (finding,)


SEVERAL = Text(
    zh="有 {rows} 行含多个树冠，每个树冠计为一棵树，共 {count} 棵。",
    en="Rows of several crowns: {rows}. Each crown counts as one tree, {count} in all.",
)
AGAIN = Text(
    zh="{count} 棵树与另一棵完全重合，只计一次。",
    en="Trees that are there twice, to the last digit, counted once: {count}.",
)
LARGE = Text(
    zh=f"{{count}} 个树冠大于 {LARGEST_CROWN_M2:,.0f} 平方米，多半是树丛而非单株，各计为一棵树。",
    en=f"Crowns of more than {LARGEST_CROWN_M2:,.0f} m², which are hardly single trees and count as "
    "one each: {count}.",
)
