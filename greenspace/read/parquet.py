"""Parquet: layers in columns, as GeoParquet describes them.

Question   Which column holds the shapes, and in which CRS?
Enters     The path of a Parquet file.
Leaves     The layer as it is; a plain table is refused.
Elsewhere  Which reader for which source: read/vector. Shapes left out: read/losses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCrsError

from greenspace.errors import CrsError, GeometryError, InputError, MissingExtraError
from greenspace.model.words import Text
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.losses import flattened, is_shape, why_not, without_unbuildable

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".parquet", ".geoparquet")
DEFAULT_CRS = "OGC:CRS84"  # what GeoParquet means where it says nothing
WKB = "WKB"


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """A Parquet file; the one layer is called as the file."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the one layer, named as the file."""
        return (self.path.stem,)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the file says of itself; no geometry type where it is a plain table."""
        file = _open(self.path)
        geo = _geo(file.schema_arrow.metadata)
        names = file.schema_arrow.names
        if geo is None:
            return (LayerInfo(self.path.stem, None, None, file.metadata.num_rows, tuple(names)),)
        primary, column = geo
        kinds = column.get("geometry_types") or []
        kind = str(kinds[0]) if len(kinds) == 1 else "Unknown"
        crs = _crs(column, self.path)
        columns = tuple(name for name in names if name != primary)
        said = None if crs is None else crs.to_string()
        return (LayerInfo(self.path.stem, kind, said, file.metadata.num_rows, columns),)

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read the file whole; text in Parquet is always UTF-8.

        Raises
        ------
        GeometryError
            It says of no column that it holds shapes.
        InputError
            It is no Parquet, or cut off, or spells shapes in another way than WKB.
        MissingExtraError
            pyarrow is not installed.
        """
        del encoding
        file = _open(self.path)
        geo = _geo(file.schema_arrow.metadata)
        if geo is None:
            raise _plain(self.path, layer)
        primary, column = geo
        if column.get("encoding") != WKB or primary not in file.schema_arrow.names:
            raise _unread(self.path, f"{primary}: {column.get('encoding')}")
        crs = _crs(column, self.path)
        try:
            table = file.read().to_pandas()
        except (OSError, ValueError, RuntimeError) as error:
            raise _unread(self.path, str(error)) from error
        sources = table[primary].tolist()
        shapes = shapely.from_wkb(sources, on_invalid="ignore")
        frame = gpd.GeoDataFrame(table.assign(**{primary: shapes}), geometry=primary, crs=crs)
        frame = frame.reset_index(drop=True)
        frame, lost = without_unbuildable(
            frame,
            [is_shape(source) for source in sources],
            lambda at: why_not(sources[at]),
            file=self.path,
            layer=layer,
        )
        frame, flat = flattened(frame, layer=layer, measured=False)
        return RawLayer(frame, (*lost, *flat))


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
    try:
        return ParquetFile(path)
    except (OSError, ValueError) as error:
        raise _unread(path, str(error)) from error


def _geo(metadata: dict[bytes, bytes] | None) -> tuple[str, dict[str, Any]] | None:
    try:
        geo = json.loads((metadata or {})[b"geo"])
        primary = str(geo["primary_column"])
        return primary, dict(geo["columns"][primary])
    except (KeyError, TypeError, ValueError):
        return None


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
