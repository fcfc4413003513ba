"""OGR: the vector files that GDAL reads, one layer at a time.

Question   What do GDAL's vector drivers say this file holds?
Enters     A path that exists.
Leaves     Layers as they are in the file, and refusals that name file and layer.
Elsewhere  Which reader for which source: read/vector. Shapefiles: read/shapefile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import ShapelyError

from greenspace.errors import EncodingError, GeometryError, InputError
from greenspace.model.words import Text
from greenspace.read.layer_reader import LayerInfo, RawLayer

if TYPE_CHECKING:
    from pathlib import Path

UNDEFINED = "Undefined "  # how GeoPackage calls the CRS of a layer that has none


@dataclass(frozen=True, slots=True)
class OgrReader:
    """A file of any kind that GDAL's vector drivers read."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the names of the layers."""
        try:
            return tuple(str(name) for name in pyogrio.list_layers(self.path)[:, 0])
        except DataSourceError as error:
            raise unreadable(self.path, error) from error

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the file says of each layer."""
        try:
            return tuple(_layer_info(self.path, name) for name in self.names())
        except DataSourceError as error:
            raise unreadable(self.path, error) from error

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read one layer.

        Raises
        ------
        InputError
            The file cannot be read.
        EncodingError
            The attributes cannot be decoded.
        GeometryError
            The layer has no shapes, or one that cannot be built.
        """
        frame = read_frame(self.path, layer, encoding)
        if frame.crs is not None and frame.crs.name.startswith(UNDEFINED):
            frame = frame.set_crs(None, allow_override=True)
        return RawLayer(frame)


def _layer_info(path: Path, name: str) -> LayerInfo:
    info = pyogrio.read_info(path, layer=name, force_feature_count=True)
    return LayerInfo(
        name,
        info["geometry_type"],
        None if UNDEFINED in (info["crs"] or "") else info["crs"],
        int(info["features"]),
        tuple(str(field) for field in info["fields"]),
    )


def read_frame(path: Path, layer: str, encoding: str | None) -> gpd.GeoDataFrame:
    """Return one layer as GDAL reads it; its problems leave as greenspace errors only."""
    try:
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise EncodingError(
            f"属性文字不能按 {encoding or 'UTF-8'} 解码。",
            f"The attributes cannot be decoded as {encoding or 'UTF-8'}.",
            remedy=Text(
                zh='请写明编码，例如 encoding = "gb18030"。',
                en='Name the encoding, for example encoding = "gb18030".',
            ),
            file=path,
            layer=layer,
            found=encoding,
        ) from error
    except (DataSourceError, DataLayerError) as error:
        raise unreadable(path, error) from error
    except ShapelyError as error:
        raise GeometryError(
            f"图层里有无法构成的图形：{error}。",
            f"The layer holds a shape that cannot be built: {error}.",
            remedy=Text(
                zh="请先在 GIS 软件中修复或删除该图形，再另存。",
                en="Repair or remove it in a GIS and save the layer anew.",
            ),
            file=path,
            layer=layer,
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise GeometryError(
            "该图层没有几何图形。",
            "The layer has no shapes.",
            remedy=Text(zh="请指定含图形的图层。", en="Name a layer with shapes."),
            file=path,
            layer=layer,
        )
    return frame


def unreadable(path: Path, error: object) -> InputError:
    """Return the refusal of a file that GDAL cannot open."""
    return InputError(
        f"不能作为矢量文件打开：{error}。",
        f"It cannot be opened as a vector file: {error}.",
        remedy=Text(
            zh="请核对文件是否完整；shapefile 需要 .shp、.shx、.dbf 在一起。",
            en="Check that the file is whole; a shapefile needs .shp, .shx and .dbf together.",
        ),
        file=path,
    )
