"""Parquet: layers in columns, as GeoParquet describes them.

Question   Which column holds the shapes, and in which CRS?
Enters     The path of a Parquet file.
Leaves     The layer as it is; a plain table is refused.
Elsewhere  Which reader for which source: read/vector. Shapes left out: read/losses.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCrsError

from greenspace.errors import (
    CrsError,
    GeometryError,
    GreenspaceError,
    InputError,
    MissingExtraError,
)
from greenspace.model.words import Text
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.losses import (
    columns_left_out,
    flattened,
    is_shape,
    why_not,
    without_unbuildable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SUFFIXES = (".parquet", ".geoparquet")
DEFAULT_CRS = "OGC:CRS84"  # what GeoParquet means where it says nothing
WKB = "WKB"
UNNAMED_INDEX = re.compile(r"__index_level_\d+__")  # how pandas writes one; it counts rows
DAMAGE: tuple[type[Exception], ...] = (OSError, ValueError, RuntimeError, LookupError, TypeError)
DAMAGE += (AttributeError, ArithmeticError, MemoryError)


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """A Parquet file; the one layer is called as the file."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the one layer, named as the file."""
        return (self.path.stem,)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the file says of itself; no geometry type where it is a plain table."""
        with _refusing(self.path):
            return (self._info(_open(self.path)),)

    def _info(self, file: Any) -> LayerInfo:
        names = tuple(file.schema_arrow.names)
        rows = file.metadata.num_rows
        geo = _geo(file.schema_arrow.metadata)
        if geo is None:
            return LayerInfo(self.path.stem, None, None, rows, names)
        kinds = geo.column.get("geometry_types") or []
        kind = str(kinds[0]) if len(kinds) == 1 else "Unknown"
        crs = _crs(geo.column, self.path)
        columns = tuple(name for name in names if name not in (geo.primary, *geo.others))
        said = None if crs is None else crs.to_string()
        return LayerInfo(self.path.stem, kind, said, rows, columns)

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read the file whole; text in Parquet is always UTF-8.

        What pandas wrote as a named index is a column like any other.

        Raises
        ------
        GeometryError
            It says of no column that it holds shapes.
        InputError
            It is no Parquet, or damaged, has a name twice, or spells shapes in another way than
            WKB.
        MissingExtraError
            pyarrow is not installed.
        """
        del encoding
        with _refusing(self.path):
            file = _open(self.path)
            geo = _geo(file.schema_arrow.metadata)
            if geo is None:
                raise _plain(self.path, layer)
            _require_shapes(file.schema_arrow, geo, self.path)
            crs = _crs(geo.column, self.path)
            table = file.read()
            sources = table.column(geo.primary).to_pylist()
            frame = gpd.GeoDataFrame(
                _values(table, geo).assign(**{geo.primary: _shapes(sources)}),
                geometry=geo.primary,
                crs=crs,
            )
        frame, lost = without_unbuildable(
            frame,
            [is_shape(source) for source in sources],
            lambda at: why_not(sources[at]),
            file=self.path,
            layer=layer,
        )
        frame, flat = flattened(frame, layer=layer, measured=False)
        left = [name for name in table.column_names if name in geo.others]
        return RawLayer(frame, (*lost, *flat, *columns_left_out(left)))


def _open(path: Path) -> Any:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise MissingExtraError(
            "读取 Parquet 需要 pyarrow。",
            "Reading Parquet needs pyarrow.",
            remedy=Text(
                zh='请运行 pip install "greenspace[parquet]"。',
                en='Run pip install "greenspace[parquet]".',
            ),
            file=path,
            expected="pyarrow",
        ) from error
    return ParquetFile(path)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn whatever pyarrow or pandas say of a damaged file into a refusal."""
    try:
        yield
    except GreenspaceError:
        raise
    except DAMAGE as error:
        raise _unread(path, f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Geo:
    primary: str
    column: dict[str, Any]
    others: frozenset[str]


def _geo(metadata: dict[bytes, bytes] | None) -> _Geo | None:
    try:
        geo = json.loads((metadata or {})[b"geo"])
        primary = str(geo["primary_column"])
        column = dict(geo["columns"][primary])
        return _Geo(primary, column, frozenset(geo["columns"]) - {primary})
    except (KeyError, TypeError, ValueError):
        return None


def _require_shapes(schema: Any, geo: _Geo, path: Path) -> None:
    """Refuse shapes that are no WKB, and names that are there twice."""
    from pyarrow import types

    twice = [name for name, count in Counter(schema.names).items() if count > 1]
    if twice:
        raise _unread(path, f"2 × {twice[0]}")
    encoding = geo.column.get("encoding")
    if encoding != WKB or geo.primary not in schema.names:
        raise _unread(path, f"{geo.primary}: {encoding}")
    kind = schema.field(geo.primary).type
    if not (types.is_binary(kind) or types.is_large_binary(kind)):
        raise _unread(path, f"{geo.primary}: {kind}")


def _values(table: Any, geo: _Geo) -> pd.DataFrame:
    """Return the columns beside the shapes; whole numbers stay whole where some are missing."""
    from pyarrow import types

    kept = [
        name
        for name in table.column_names
        if name not in geo.others and not UNNAMED_INDEX.fullmatch(name)
    ]
    plain = table.select(kept)
    frame: pd.DataFrame = plain.to_pandas(ignore_metadata=True)
    for field in plain.schema:
        column = plain.column(field.name)
        if types.is_integer(field.type) and column.null_count:
            sign = "UInt64" if types.is_unsigned_integer(field.type) else "Int64"
            frame[field.name] = pd.array(column.to_pylist(), dtype=sign)
    return frame


def _shapes(sources: Sequence[bytes | None]) -> Any:
    given = np.empty(len(sources), dtype=object)
    given[:] = sources
    return shapely.from_wkb(given, on_invalid="ignore")


def _crs(column: dict[str, Any], path: Path) -> CRS | None:
    said = column.get("crs", DEFAULT_CRS)
    if said is None:
        return None
    try:
        return CRS.from_user_input(said)
    except (ProjCrsError, TypeError, ValueError) as error:
        raise CrsError(
            "无法识别文件写明的坐标系。",
            "The CRS that the file names is not known.",
            remedy=Text(
                zh="请在 GIS 软件中重新指定坐标系后另存。",
                en="Set the CRS anew in a GIS and save the layer.",
            ),
            file=path,
        ) from error


def _plain(path: Path, layer: str) -> GeometryError:
    return GeometryError(
        "这是普通的 Parquet 表，没有说明哪一列是图形（不是 GeoParquet）。",
        "This is a plain Parquet table: it does not say which column holds shapes.",
        remedy=Text(
            zh="请用 geopandas 的 to_parquet 或 GIS 软件写成 GeoParquet。",
            en="Write a GeoParquet, with geopandas' to_parquet or a GIS.",
        ),
        file=path,
        layer=layer,
    )


def _unread(path: Path, reason: str) -> InputError:
    return InputError(
        f"不能读取此 Parquet 文件：{reason}。",
        f"The Parquet file cannot be read: {reason}.",
        remedy=Text(
            zh="请核对文件是否完整；图形列应为 WKB 编码。",
            en="Check that the file is whole, and that its shapes are encoded as WKB.",
        ),
        file=path,
    )
