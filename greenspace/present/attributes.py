"""Attributes: the columns of a layer as the plain values that files can hold.

Question   Is this column text, numbers, truths or dates, and which of its rows are none of them?
Enters     A GeoDataFrame of any dtypes.
Leaves     Columns of six kinds with their nulls apart, or a refusal that names column and rows.
Elsewhere  What one format cannot hold: shapefile. Writing them: vector_files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from greenspace.errors import ColumnError, EncodingError
from greenspace.model.words import Text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

Kind = Literal["text", "integer", "number", "truth", "date", "moment"]

INFERRED: Final[dict[str, Kind]] = {
    "string": "text",
    "empty": "text",
    "boolean": "truth",
    "integer": "integer",
    "floating": "number",
    "mixed-integer-float": "number",
    "date": "date",
    "datetime": "moment",
    "datetime64": "moment",
}
STAND_INS: Final[dict[Kind, tuple[object, Any]]] = {
    "text": (None, object),
    "integer": (0, np.int64),
    "number": (np.nan, np.float64),
    "truth": (False, np.bool_),
}
TO_TEXT: Final = Text(
    zh="请先把该列转为文字、数字、是/否或日期。",
    en="Turn the column into text, numbers, truths or dates first.",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: values of one kind, with a stand-in where a row has none.

    Moments are in UTC where they came with a time zone, and ``zoned`` then.
    """

    name: str
    kind: Kind
    data: NDArray[Any]
    null: NDArray[np.bool_]
    zoned: bool = False

    def series(self, index: pd.Index) -> pd.Series:
        """Return the column with its nulls, as pandas has it."""
        if self.kind in {"integer", "truth"}:
            if not self.null.any():
                return pd.Series(self.data, index)
            masked = pd.arrays.IntegerArray if self.kind == "integer" else pd.arrays.BooleanArray
            return pd.Series(masked(self.data, self.null), index)
        series = pd.Series(self.data, index, dtype=object if self.kind == "text" else None)
        return series.dt.tz_localize("UTC") if self.zoned else series


def columns_of(frame: gpd.GeoDataFrame, layer: str) -> list[Column]:
    """Return the columns beside the shapes.

    Raises
    ------
    ColumnError
        Two have one name, one has no name, or its values are of no kind that a file holds.
    EncodingError
        Text that is no text: half a character, or a NUL.

    Examples
    --------
    >>> import geopandas as gpd
    >>> parks = gpd.GeoDataFrame({"名称": ["东园", None], "k": [1, 2]}, geometry=[None, None])
    >>> [(column.name, column.kind) for column in columns_of(parks, "parks")]
    [('名称', 'text'), ('k', 'integer')]
    """
    names = [name for name in frame.columns if name != frame.geometry.name]
    _require_names(names, layer)
    return [_column(name, frame[name], layer) for name in names]


def _require_names(names: list[Any], layer: str) -> None:
    for name in names:
        if isinstance(name, str) and name.strip() and name.isprintable() and names.count(name) == 1:
            continue
        raise ColumnError(
            "列名不是可用的文字，或重复出现。",
            "The name of a column is no plain text, or is there twice.",
            remedy=Text(zh="请先改列名。", en="Rename the column first."),
            layer=layer,
            column=repr(name),
            found=tuple(names),
        )


def _column(name: str, series: pd.Series, layer: str) -> Column:
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    null = series.isna().to_numpy(dtype=bool)
    kind = _kind(series)
    try:
        if kind is None:
            raise TypeError  # noqa: TRY301  - the same refusal as for a value that does not fit
        if kind in {"date", "moment"}:
            return _in_time(name, kind, series, null, layer)
        stand_in, dtype = STAND_INS[kind]
        kept = [stand_in if gone else value for value, gone in zip(series, null, strict=True)]
        values = np.array(kept, dtype=dtype)
        if kind == "number" and not (null | (values == np.array(kept, dtype=object))).all():
            raise OverflowError  # noqa: TRY301  - a whole number that no float holds
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_kind(name, series, layer) from error
    if kind == "text":
        _require_text(name, series, layer)
    return Column(name, kind, values, null)


def _kind(series: pd.Series) -> Kind | None:
    types = pd.api.types
    if types.is_bool_dtype(series.dtype):
        return "truth"
    if types.is_integer_dtype(series.dtype):
        return "integer"
    if types.is_float_dtype(series.dtype):
        return "number"
    if types.is_datetime64_any_dtype(series.dtype):
        return "moment"
    return INFERRED.get(types.infer_dtype(series, skipna=True))


def _in_time(
    name: str, kind: Kind, series: pd.Series, null: NDArray[np.bool_], layer: str
) -> Column:
    moments = pd.Series(pd.to_datetime(series))  # refuses objects in several time zones
    zoned = moments.dt.tz is not None
    if zoned:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    values = moments.to_numpy(dtype="datetime64[ms]")
    finer = series.index[~null & (values != moments.to_numpy())]
    if len(finer):
        raise ColumnError(
            "时间细于毫秒，文件不能保存。",
            "Moments finer than a millisecond are not kept by files.",
            remedy=Text(zh="请先取整：.dt.floor('ms')。", en="Cut them first: .dt.floor('ms')."),
            layer=layer,
            column=name,
            rows=finer,
        )
    return Column(name, kind, values, null, zoned)


def _no_kind(name: str, series: pd.Series, layer: str) -> ColumnError:
    kinds = series.dropna().map(lambda value: type(value).__name__)
    common = kinds.mode().iloc[0] if len(kinds) else None
    odd = kinds.index[kinds != common]
    return ColumnError(
        "该列的值不是文件能保存的种类，或混有几种。",
        "The column holds values of a kind that files do not keep, or of several kinds.",
        remedy=TO_TEXT,
        layer=layer,
        column=name,
        rows=odd if len(odd) else kinds.index,
        found=tuple(sorted(set(kinds))),
    )


def _require_text(name: str, series: pd.Series, layer: str) -> None:
    broken = [
        row
        for row, value in series.dropna().items()
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value)
    ]
    if broken:
        raise EncodingError(
            "文字里有空字符或半个字符。",
            "The text holds a NUL or half a character.",
            remedy=Text(zh="请先删去这些字符。", en="Remove them first."),
            layer=layer,
            column=name,
            rows=broken,
        )
