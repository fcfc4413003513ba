"""Storeys: which rows of a vegetation layer are trees and shrubs.

Question   Is this plant a tree, a shrub, or something lower?
Enters     A vegetation layer with a column ``layer``.
Leaves     The kind of each row; rows that say something unknown are refused.
Elsewhere  The share: measure/storeys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np

from greenspace.errors import ColumnError
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

KINDS = {
    "tree": ("tree", "trees", "乔木", "乔"),
    "shrub": ("shrub", "shrubs", "灌木", "灌"),
    "grass": ("grass", "lawn", "herb", "herbs", "草地", "草坪", "草本", "草", "地被"),
    "roof": ("roof", "屋顶绿化", "屋顶"),
}
WOODY = ("tree", "shrub")
MOST_LISTED = 5


def woody_rows(plants: gpd.GeoDataFrame, name: str) -> NDArray[np.bool_]:
    """Return which rows are trees or shrubs.

    Raises
    ------
    ColumnError
        As `kind_of_rows`.
    """
    return np.isin(kind_of_rows(plants, name), WOODY)


def kind_of_rows(plants: gpd.GeoDataFrame, name: str) -> NDArray[np.str_]:
    """Return of each row whether it is ``tree``, ``shrub``, ``grass`` or ``roof``.

    Raises
    ------
    ColumnError
        There is no column ``layer``, or a row says a word that is not known: whatever it
        means, taking it for grass would make the share too low.
    """
    if "layer" not in plants.columns:
        columns = tuple(str(column) for column in plants.columns)
        raise ColumnError(
            "植被图层没有字段 layer，不知哪些是乔木、哪些是灌木。",
            "The vegetation has no column layer: which rows are trees or shrubs is not known.",
            remedy=Text(
                zh='请加上该字段（tree、shrub、grass、roof）；清单中可写 columns = { layer = "…" }。',
                en="Add one that says tree, shrub, grass or roof; in a manifest, map it with "
                'columns = { layer = "…" }.',
            ),
            layer=name,
            column="layer",
            found=columns,
        )
    kinds = {word: kind for kind, words in KINDS.items() for word in words}
    words = [normalize("NFKC", str(word)).strip().lower() for word in plants["layer"]]
    strange = [row for row, word in zip(plants.index, words, strict=True) if word not in kinds]
    if strange:
        found = tuple(dict.fromkeys(word for word in words if word not in kinds))
        known = ", ".join(kinds)
        raise ColumnError(
            f"植被图层有 {len(strange)} 行的 layer 不认识：{'、'.join(found[:MOST_LISTED])}。",
            f"{len(strange)} rows of the vegetation have a layer that is not known: "
            f"{', '.join(found[:MOST_LISTED])}.",
            remedy=Text(zh=f"请改用：{known}。", en=f"Write one of {known}."),
            layer=name,
            column="layer",
            rows=strange,
            expected=tuple(kinds),
            found=found,
        )
    return np.array([kinds[word] for word in words], dtype=str)
