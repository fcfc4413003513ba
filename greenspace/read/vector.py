"""Vector files: one layer, as it is, with the facts that came with it.

Question   What does this file hold, in which CRS and encoding?
Enters     A path and what the user knows about it.
Leaves     A GeoDataFrame that says in ``attrs["findings"]`` what reading it took for granted.
Elsewhere  Repairing and projecting: prepare/. Whole cities: read/city.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.errors import ShapelyError

from greenspace.errors import ColumnError, CrsError, EncodingError, GeometryError, InputError
from greenspace.model.crs import parse_crs
from greenspace.model.words import Text
from greenspace.read.encoding import encoding_of, part_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyproj import CRS

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
CHUNK_BYTES = 1 << 20
UNDEFINED = "Undefined "  # how GeoPackage calls the CRS of a layer that has none
GIVE_CRS = Text(
    zh='请在清单该图层下写 crs = "EPSG:4547"（或函数参数 crs=）。',
    en='Write crs = "EPSG:4547" in the layer\'s table (or pass crs=).',
)


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """What a file says of one of its layers."""

    name: str
    geometry_type: str | None
    crs: str | None
    feature_count: int
    columns: tuple[str, ...]


def list_layers(path: Path | str) -> tuple[LayerInfo, ...]:
    """Return the layers of a vector file, in its order.

    Raises
    ------
    InputError
        The file is missing or no vector file.
    """
    path = require_file(path)
    try:
        names = pyogrio.list_layers(path)[:, 0]
        return tuple(_layer_info(path, str(name)) for name in names)
    except DataSourceError as error:
        raise _unreadable(path, error) from error


def _layer_info(path: Path, name: str) -> LayerInfo:
    encoding, _ = encoding_of(path)
    info = pyogrio.read_info(path, layer=name, encoding=encoding, force_feature_count=True)
    return LayerInfo(
        name,
        info["geometry_type"],
        None if UNDEFINED in (info["crs"] or "") else info["crs"],
        int(info["features"]),
        tuple(str(field) for field in info["fields"]),
    )


def read_layer(
    path: Path | str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    crs: object = None,
    columns: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """Read one layer of a vector file.

    Parameters
    ----------
    path
        Any file that GDAL's vector drivers read.
    layer
        Needed where the file holds several.
    encoding
        Of the attributes; needed only where the file does not say and it cannot be told.
    crs
        Used where the file has none; refused where it contradicts the file.
    columns
        Role to column name: ``{"name": "DISTRICT"}`` renames that column to ``name``.

    Returns
    -------
    GeoDataFrame
        Rows and shapes as in the file; ``attrs["findings"]`` holds what was taken for granted.

    Raises
    ------
    InputError
        The file is missing, unreadable, or holds several layers and none is named.
    GeometryError
        The layer has no shapes, or one that cannot be built.
    CrsError
        No CRS is known, or two contradict each other.
    ColumnError
        A mapped column does not exist.
    EncodingError
        The attributes cannot be decoded.

    Examples
    --------
    >>> import tempfile, geopandas, shapely
    >>> parks = geopandas.GeoDataFrame({"名称": ["人民公园"]}, geometry=[shapely.box(0, 0, 1, 1)],
    ...                                crs="EPSG:4547")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     parks.to_file(folder + "/city.gpkg", layer="parks")
    ...     read_layer(folder + "/city.gpkg", columns={"name": "名称"})["name"].tolist()
    ['人民公园']
    """
    path = require_file(path)
    layer = _one_layer(path, layer)
    found, encoding_findings = (encoding, ()) if encoding else encoding_of(path)
    frame = _read(path, layer, found)
    frame = _with_crs(frame, crs, path, layer)
    frame = _with_roles(frame, columns or {}, path, layer)
    frame.attrs["findings"] = encoding_findings
    return frame


def _read(path: Path, layer: str, encoding: str | None) -> gpd.GeoDataFrame:
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
        raise _unreadable(path, error) from error
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


def _one_layer(path: Path, layer: str | None) -> str:
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except DataSourceError as error:
        raise _unreadable(path, error) from error
    if layer is None and len(names) == 1:
        return names[0]
    if layer in names:
        return str(layer)
    listed = ", ".join(names)
    if layer is None:
        raise InputError(
            f"文件有 {len(names)} 个图层，未指定用哪一个：{listed}。",
            f"The file holds {len(names)} layers and none was named: {listed}.",
            remedy=Text(zh='请写 layer = "…"。', en='Name one with layer = "…".'),
            file=path,
            found=tuple(names),
        )
    near = get_close_matches(layer, names, n=1)
    hint_zh = f"是否指 {near[0]}？" if near else ""
    hint_en = f"Did you mean {near[0]}?" if near else f"It holds: {listed}."
    raise InputError(
        f"文件里没有图层 {layer}，只有：{listed}。",
        f"There is no layer {layer} in the file.",
        remedy=Text(zh=hint_zh, en=hint_en),
        file=path,
        layer=layer,
        expected=layer,
        found=tuple(names),
    )


def _with_crs(frame: gpd.GeoDataFrame, given: object, path: Path, layer: str) -> gpd.GeoDataFrame:
    asked = None if given is None else parse_crs(given)
    if frame.crs is None or frame.crs.name.startswith(UNDEFINED):
        if asked is None:
            raise CrsError(
                "图层没有坐标系。",
                "The layer has no CRS.",
                remedy=GIVE_CRS,
                file=path,
                layer=layer,
            )
        return frame.set_crs(asked, allow_override=True)
    if asked is not None and not _same_crs(frame.crs, asked):
        raise CrsError(
            f"文件的坐标系是 {frame.crs.name}，而给定的是 {asked.name}。",
            f"The file is in {frame.crs.name}, but {asked.name} was given.",
            remedy=Text(
                zh="请删去 crs，或先更正文件的坐标系。", en="Leave crs out, or correct the file."
            ),
            file=path,
            layer=layer,
            expected=asked.name,
            found=frame.crs.name,
        )
    return frame


def _same_crs(one: CRS, other: CRS) -> bool:
    return bool(one.equals(other, ignore_axis_order=True))


def _with_roles(
    frame: gpd.GeoDataFrame, columns: Mapping[str, str], path: Path, layer: str
) -> gpd.GeoDataFrame:
    present = [str(column) for column in frame.columns if column != frame.geometry.name]
    for role, column in columns.items():
        if column not in present:
            raise _missing_column(role, column, present, path, layer)
    renames: dict[str, str] = {}
    twins = {}
    for role, column in columns.items():
        if renames.setdefault(column, role) != role:
            twins[role] = renames[column]
    unmapped = [role for role in columns if role in present and role not in renames]
    clashing = {role: _free_name(f"{role}_in_file", present) for role in unmapped}
    frame = frame.rename(columns=clashing).rename(columns=renames)
    return frame.assign(**{role: frame[twin] for role, twin in twins.items()})


def _free_name(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _missing_column(
    role: str, column: str, present: Sequence[str], path: Path, layer: str
) -> ColumnError:
    near = get_close_matches(column, present, n=1)
    listed = ", ".join(present) or "—"
    hint = Text(
        zh=f"是否指 {near[0]}？" if near else f"现有字段：{listed}。",
        en=f"Did you mean {near[0]}?" if near else f"There are: {listed}.",
    )
    return ColumnError(
        f"没有字段 {column}（用作 {role}）。",
        f"There is no column {column} (to be used as {role}).",
        remedy=hint,
        file=path,
        layer=layer,
        column=column,
        expected=column,
        found=tuple(present),
    )


def require_file(path: Path | str) -> Path:
    """Return the path of a file that exists.

    Raises
    ------
    InputError
        It does not; a similar name beside it is suggested.
    """
    path = Path(path)
    if path.exists():
        return path
    beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, beside, n=1)
    remedy = (
        Text(zh=f"同一文件夹有 {near[0]}。", en=f"The folder holds {near[0]}.")
        if near
        else Text(zh="请核对路径。", en="Check the path.")
    )
    raise InputError(
        "找不到文件。", "The file does not exist.", remedy=remedy, file=path, found=tuple(near)
    )


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"不能作为矢量文件打开：{error}。",
        f"It cannot be opened as a vector file: {error}.",
        remedy=Text(
            zh="请核对文件是否完整；shapefile 需要 .shp、.shx、.dbf 在一起。",
            en="Check that the file is whole; a shapefile needs .shp, .shx and .dbf together.",
        ),
        file=path,
    )


def sha256_of(path: Path | str) -> str:
    """Return the checksum of a file; of a shapefile, of all its parts; of a folder, of its files."""
    path = Path(path)
    digest = hashlib.sha256()
    for part in _parts(path):
        with part.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    return digest.hexdigest()


def _parts(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(item for item in path.rglob("*") if item.is_file())
    if path.suffix.lower() != ".shp":
        return [path]
    beside = (part_of(path, suffix) for suffix in SHAPEFILE_PARTS)
    return [part for part in beside if part is not None]
