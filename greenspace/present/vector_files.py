"""Vector files: one layer into a file, through GDAL or Arrow.

Question   How does this layer look as a GeoPackage, Shapefile, GeoJSON or GeoParquet?
Enters     A layer, its columns, and a folder that holds nothing of anyone else's.
Leaves     The file, or all parts of it, in that folder.
Elsewhere  What a shapefile cannot hold: shapefile. Putting it in place: folder.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError
from pyogrio.util import vsi_path

from greenspace.errors import GreenspaceError, InputError, MissingExtraError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from greenspace.present.attributes import Column

DRIVERS: Final = {".gpkg": "GPKG", ".shp": "ESRI Shapefile"}
SUFFIXES: Final = (*DRIVERS, ".geojson", ".parquet")
FAMILIES: Final = {
    "Point": "Point",
    "LineString": "LineString",
    "LinearRing": "LineString",
    "Polygon": "Polygon",
    "MultiPoint": "Point",
    "MultiLineString": "LineString",
    "MultiPolygon": "Polygon",
}


def kind_of(path: Path) -> str:
    """Return the suffix that says how to write a path.

    Raises
    ------
    InputError
        No file of that kind is written.
    """
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    raise InputError(
        f"不写 {suffix} 文件。",
        f"Files of the kind {suffix} are not written.",
        remedy=Text(
            zh=f"请用 {'、'.join(SUFFIXES)} 之一。", en=f"Use one of {', '.join(SUFFIXES)}."
        ),
        file=path,
        expected=SUFFIXES,
        found=suffix,
    )


def shape_kind(frame: gpd.GeoDataFrame) -> str | None:
    """Return what shapes a layer holds as formats name it; None for none, or for several kinds.

    Examples
    --------
    >>> parts = [shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(2, 0, 3, 1)])]
    >>> shape_kind(gpd.GeoDataFrame(geometry=parts))
    'MultiPolygon'
    """
    types = {str(name) for name in frame.geom_type.dropna()}
    families = {FAMILIES.get(name) for name in types}
    family = families.pop() if len(families) == 1 else None
    if family is None:
        return None
    return f"Multi{family}" if any(name.startswith("Multi") for name in types) else family


def write_vector(
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    path: Path,
    *,
    layer: str,
    encoding: str | None = None,
) -> None:
    """Write one layer; in a GeoPackage that exists, in place of the layer of that name.

    Raises
    ------
    InputError
        The file could not be written.
    MissingExtraError
        GeoParquet needs pyarrow.
    """
    kind = kind_of(path)
    if kind not in DRIVERS:
        plain = _plain(frame, columns)
        if kind == ".parquet":
            _write_parquet(plain, path)
        else:
            _write_geojson(plain, path, layer)
        return
    try:
        with _plain_place(path) as place:
            _write_ogr(frame, columns, place, layer, encoding)
    except (CRSError, DataLayerError, DataSourceError, FeatureError, FieldError) as error:
        raise unwritten(layer, str(error).replace(f"{path.parent}{os.sep}", "")) from error


def _write_ogr(
    frame: gpd.GeoDataFrame, columns: Sequence[Column], path: Path, layer: str, encoding: str | None
) -> None:
    kind = shape_kind(frame)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what it loses, reading back will tell
        pyogrio.raw.write(
            str(path),
            shapely.to_wkb(frame.geometry.to_numpy()),
            [_values(column) for column in columns],
            np.array([column.name for column in columns], dtype=object),
            [column.null for column in columns],
            layer=layer,
            driver=DRIVERS[path.suffix.lower()],
            geometry_type=kind or "Unknown",
            promote_to_multi=bool(kind and kind.startswith("Multi")),
            crs=_crs(frame),
            encoding=encoding,
            layer_options=_options(path.suffix.lower(), columns),
            gdal_tz_offsets={
                column.name: np.full(len(frame), 100) for column in columns if column.zoned
            },
        )


@contextmanager
def _plain_place(path: Path) -> Iterator[Path]:
    """Give the path, or one elsewhere where pyogrio would take its ``!`` or ``?`` for its own."""
    if vsi_path(str(path)) == str(path):
        yield path
        return
    with TemporaryDirectory() as folder:
        place = Path(folder) / f"layer{path.suffix}"
        if path.exists():
            shutil.copyfile(path, place)
        yield place
        for part in Path(folder).iterdir():
            shutil.copyfile(part, path.with_name(path.stem + part.name.removeprefix("layer")))


def unwritten(layer: str, why: str) -> GreenspaceError:
    """Return the refusal for a layer that did not become a file."""
    return InputError(
        f"图层不能这样写入：{why}。",
        f"The layer cannot be written like this: {why}.",
        remedy=Text(
            zh="请检查磁盘空间和权限，或改用 GeoPackage（.gpkg）。",
            en="Check disk space and permissions, or write a GeoPackage (.gpkg).",
        ),
        layer=layer,
    )


def _values(column: Column) -> NDArray[Any]:
    return column.data.astype("datetime64[D]") if column.kind == "date" else column.data


def _crs(frame: gpd.GeoDataFrame) -> str:
    code = frame.crs.to_epsg(min_confidence=100)
    return f"EPSG:{code}" if code else str(frame.crs.to_wkt())


def _options(kind: str, columns: Sequence[Column]) -> dict[str, str]:
    if kind != ".gpkg":
        return {}
    taken = {column.name.lower() for column in columns}
    return {"FID": _free("fid", taken), "GEOMETRY_NAME": _free("geom", taken)}


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _plain(frame: gpd.GeoDataFrame, columns: Sequence[Column]) -> gpd.GeoDataFrame:
    plain: dict[str, Any] = {column.name: column.series(frame.index) for column in columns}
    shapes = _free("geometry", set(plain))
    return gpd.GeoDataFrame(plain | {shapes: frame.geometry}, geometry=shapes, crs=frame.crs)


def _write_geojson(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    """Write RFC 7946; GDAL's own writer trims and turns what it takes for rounding."""
    features = frame.to_geo_dict(na="null", drop_id=True)["features"]
    content = {"type": "FeatureCollection", "name": layer, "features": features}
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, default=_iso)
    except ValueError as error:
        raise unwritten(layer, str(error)) from error
    path.write_text(text, encoding="utf-8")


def _iso(value: Any) -> str:
    moment = pd.Timestamp(value)
    plain = moment.tz_localize(None).isoformat(timespec="milliseconds")
    return plain if moment.tz is None else f"{plain}Z"


def _write_parquet(frame: gpd.GeoDataFrame, path: Path) -> None:
    try:
        frame.to_parquet(path, index=False)
    except ImportError as error:
        raise MissingExtraError(
            "写 GeoParquet 需要 pyarrow。",
            "Writing GeoParquet needs pyarrow.",
            remedy=Text(
                zh='请运行 pip install "greenspace[parquet]"。',
                en='Run pip install "greenspace[parquet]".',
            ),
            file=path.name,
        ) from error
