"""Proof: whether a file holds what was to be written.

Question   Is the layer that was read back the layer that was handed in?
Enters     Shapes and plain columns as they were, and the layer as the file gives it back.
Leaves     Findings on what the format keeps otherwise; a refusal where something is lost.
Elsewhere  Reading back, and what follows: exchange.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from greenspace.errors import ColumnError, GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from greenspace.present.attributes import Column

DBF_PRECISION: Final = 1e-9  # relative: fifteen decimals are kept, whatever stands before them
ANOTHER_FORMAT: Final = Text(
    zh="请改写 GeoPackage（.gpkg），或先更正这些行。",
    en="Write a GeoPackage (.gpkg), or correct these rows first.",
)
ADDED: Final = Text(
    zh="图层没有字段，而 shapefile 至少要有一个：加了 FID。",
    en="The layer has no columns, but a shapefile needs one: FID was added.",
)


def prove(
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    back: gpd.GeoDataFrame,
    *,
    dbase: bool,
    layer: str,
) -> list[Finding]:
    """Compare a layer with what reading its file gives.

    Parameters
    ----------
    dbase
        The table is a shapefile's, which knows no empty text and fifteen decimals.

    Raises
    ------
    GeometryError
        A shape is not the same, or rows are missing.
    ColumnError
        A value is not the same, or a column is missing.
    """
    found = list(_shapes(frame, back, layer))
    names = [str(name) for name in back.columns if name != back.geometry.name]
    wanted = [column.name for column in columns]
    if dbase and not wanted and names == ["FID"]:
        return [*found, Finding(code="field_added", text=ADDED, layer=layer)]
    if names != wanted:
        raise ColumnError(
            "写出的文件没有原来的字段。",
            "The file that was written does not have the same columns.",
            remedy=ANOTHER_FORMAT,
            layer=layer,
            expected=tuple(wanted),
            found=tuple(names),
        )
    for column in columns:
        found += _values(column, back[column.name], frame.index, dbase=dbase, layer=layer)
    return found


def _shapes(frame: gpd.GeoDataFrame, back: gpd.GeoDataFrame, layer: str) -> Iterator[Finding]:
    before, after = frame.geometry.to_numpy(), back.geometry.to_numpy()
    if len(before) != len(after):
        raise _other_shapes(layer, [], (len(before), len(after)))
    blank = shapely.is_missing(before) | shapely.is_empty(before)
    same = shapely.equals_exact(_alike(before), _alike(after), tolerance=0.0)
    same |= blank & (shapely.is_missing(after) | shapely.is_empty(after))
    if not same.all():
        raise _other_shapes(layer, list(frame.index[~same]), None)
    lost = shapely.is_empty(before) & shapely.is_missing(after)
    if lost.any():
        text = Text(
            zh=f"{int(lost.sum())} 个空图形在文件中成为无图形。",
            en=f"{int(lost.sum())} empty shapes are no shapes in the file.",
        )
        rows = tuple(frame.index[lost])
        yield Finding(code="empty_shapes", text=text, layer=layer, rows=rows, count=len(rows))


def _alike(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return shapes with their order of points and parts settled; one part is no collection."""
    shapes = shapely.from_wkb(shapely.to_wkb(shapes))  # rings are lines
    types = shapely.get_type_id(shapes)
    many = (types >= shapely.GeometryType.MULTIPOINT) & (types <= shapely.GeometryType.MULTIPOLYGON)
    lone = many & (shapely.get_num_geometries(shapes) == 1)
    plain: NDArray[Any] = np.where(lone, shapely.get_geometry(shapes, 0), shapes)
    return np.asarray(shapely.normalize(plain))


def _other_shapes(layer: str, rows: list[Any], found: object) -> GeometryError:
    return GeometryError(
        "写出的文件读回后图形与原来不同。",
        "Read back, the file does not hold the same shapes.",
        remedy=Text(
            zh="请先修复图形（自相交、部分重叠），或改写 GeoPackage（.gpkg）。",
            en="Repair the shapes (self-crossing, overlapping parts), or write a GeoPackage (.gpkg).",
        ),
        layer=layer,
        rows=rows,
        found=found,
    )


def _values(
    column: Column, series: pd.Series, index: pd.Index, *, dbase: bool, layer: str
) -> Iterator[Finding]:
    timed = column.kind in {"date", "moment"}
    before = column.data if timed else column.data.tolist()
    after = _moments(series) if timed else series.tolist()
    gone = series.isna().tolist()
    changes: dict[str, list[int]] = {}
    pairs = zip(before, column.null.tolist(), after, gone, strict=True)
    for at, (was, null, now, none) in enumerate(pairs):
        how = _null_change(was, null, none, dbase) if null or none else _change(was, now, dbase)
        if how is not None:
            changes.setdefault(how, []).append(at)
    lost = changes.pop("lost", None)
    if lost:
        raise ColumnError(
            "写出的文件读回后值与原来不同。",
            "Read back, the file does not hold the same values.",
            remedy=ANOTHER_FORMAT,
            layer=layer,
            column=column.name,
            rows=[index[at] for at in lost],
            expected=before[lost[0]],
            found=after[lost[0]],
        )
    for how, places in changes.items():
        text = _told(how, column.name, len(places))
        rows = tuple(index[at] for at in places)
        yield Finding(code=how, text=text, layer=layer, rows=rows, count=len(rows))


def _moments(series: pd.Series) -> NDArray[Any]:
    if not pd.api.types.is_datetime64_any_dtype(series.dtype):
        return series.to_numpy(dtype=object)
    plain = series.dt.tz_convert("UTC").dt.tz_localize(None) if series.dt.tz else series
    return plain.to_numpy(dtype="datetime64[ms]")


def _null_change(was: Any, null: bool, none: bool, dbase: bool) -> str | None:  # noqa: FBT001
    if null and none:
        return None
    return "empty_text" if dbase and isinstance(was, str) and not was.strip(" ") else "lost"


def _change(was: Any, now: Any, dbase: bool) -> str | None:  # noqa: FBT001
    if isinstance(was, str) == isinstance(now, str):
        if was == now:
            return None
        if dbase and isinstance(was, str) and was.strip(" ") == now.strip(" "):
            return "spaces_trimmed"
        if dbase and isinstance(was, float) and abs(was - now) <= DBF_PRECISION * abs(was):
            return "decimals_rounded"
    return "lost"


def _told(how: str, column: str, count: int) -> Text:
    name = clean(column)
    return {
        "empty_text": Text(
            zh=f"字段 {name} 有 {count} 个空文字，shapefile 记为无值。",
            en=f"Column {name} has {count} empty texts, which a shapefile keeps as no value.",
        ),
        "spaces_trimmed": Text(
            zh=f"字段 {name} 有 {count} 个值首尾的空格在 shapefile 中丢失。",
            en=f"{count} values of column {name} lose the spaces at their ends in a shapefile.",
        ),
        "decimals_rounded": Text(
            zh=f"字段 {name} 有 {count} 个数在 shapefile 中保留 15 位小数。",
            en=f"{count} numbers of column {name} are kept to 15 decimals in a shapefile.",
        ),
    }[how]
