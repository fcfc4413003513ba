"""New columns: names that a result adds to the caller's own rows.

Question   Would a result write over a column that the caller keeps?
Enters     A layer as it was given, and the names to be added.
Leaves     Nothing; a layer that has one of them is refused.
Elsewhere  The results: new_parks, walking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenspace.errors import ColumnError
from greenspace.model.words import Text
from greenspace.prepare.repair import as_frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from greenspace.prepare.repair import Layer


def require_free(layer: Layer, columns: Iterable[str], name: str) -> None:
    """Refuse a layer that already has one of the columns that are to be added to it.

    Raises
    ------
    ColumnError
        It has.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> sites = gpd.GeoDataFrame({"rank": ["A"]}, geometry=[box(0, 0, 1, 1)], crs=6933)
    >>> require_free(sites, ["reason"], "candidates")
    >>> require_free(sites, ["rank"], "candidates")
    Traceback (most recent call last):
    greenspace.errors.ColumnError: The layer has rank already, which the result would write over. ...
    """
    own = as_frame(layer, name).columns
    taken = [column for column in columns if column in own]
    if not taken:
        return
    listed, renamed = ", ".join(taken), {column: f"my_{column}" for column in taken}
    raise ColumnError(
        f"图层已有字段 {listed}，会被结果的同名字段覆盖。",
        f"The layer has {listed} already, which the result would write over.",
        remedy=Text(
            zh=f"请先改名，例如 layer.rename(columns={renamed})，或去掉。",
            en=f"Rename it first, e.g. layer.rename(columns={renamed}), or leave it out.",
        ),
        layer=name,
        column=taken[0],
        found=tuple(taken),
    )
