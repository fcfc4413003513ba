"""Vector sources: one layer, as it is, with the facts that came with it.

Question   What does this source hold, in which CRS and encoding?
Enters     A path and what the user knows about it.
Leaves     A GeoDataFrame that says in ``attrs["findings"]`` what reading it took for granted.
Elsewhere  Each kind of source: read/ogr and its neighbours. Repairing: prepare/. Cities: read/city.
"""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from pandas import isna
from pandas.api.types import is_numeric_dtype

from greenspace.errors import ColumnError, GreenspaceError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read import archive, csv_table, field_sheet, osm, parquet
from greenspace.read.attributes import free_name
from greenspace.read.database import is_database, redacted
from greenspace.read.files import require_file
from greenspace.read.georeference import georeferenced
from greenspace.read.kinds import kind_of_file
from greenspace.read.losses import require_finite
from greenspace.read.ogr import OgrReader
from greenspace.read.postgis import PostgisReader
from greenspace.read.shapefile import ShapefileReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from greenspace.read.layer_reader import LayerInfo, LayerReader, RawLayer


LAND_CODE = "DLBM"  # class codes of the national land survey: text, with leading zeros


def reader_of(path: Path, columns: Mapping[str, str] | None = None) -> LayerReader:
    """Return the reader for the kind of source that a path names; a table may need columns."""
    name = path.name.lower()
    if name.endswith(csv_table.SUFFIXES):
        return csv_table.CsvReader(path, columns or {})
    if name.endswith(archive.SUFFIXES):
        return archive.ArchiveReader(path, partial(reader_of, columns=columns))
    by_suffix: dict[tuple[str, ...], Callable[[Path], LayerReader]] = {
        osm.SUFFIXES: osm.OsmReader,
        parquet.SUFFIXES: parquet.ParquetReader,
        field_sheet.SUFFIXES: field_sheet.FieldSheetReader,
        (".shp",): ShapefileReader,
    }
    found = next((reader for ends, reader in by_suffix.items() if name.endswith(ends)), OgrReader)
    return found(path)


def list_layers(path: Path | str) -> tuple[LayerInfo, ...]:
    """Return the layers of a vector source, in its order.

    Raises
    ------
    InputError
        The file is missing or no vector file, or the database does not answer.
    """
    reader, source = _opened(path)
    with _guarded(source):
        return reader.layers()


def read_layer(
    path: Path | str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    crs: object = None,
    columns: Mapping[str, str] | None = None,
) -> gpd.GeoDataFrame:
    """Read one layer of a vector file or a PostGIS database.

    Parameters
    ----------
    path
        A vector file, a ``.gdb`` folder, a CSV with places, a GeoParquet, or
        ``postgresql://user@host:5432/database``, whose layers are called ``schema.table``.
    layer
        Needed where the file holds several.
    encoding
        Of the attributes; needed only where the file does not say and it cannot be told.
    crs
        Used where the file has none; refused where it contradicts the file. ``"local-metre"``
        is a grid of the city's own; ``"GCJ-02"`` and ``"BD-09"`` are moved to WGS 84, counted.
    columns
        Role to column name: ``{"name": "DISTRICT"}`` renames that column to ``name``. Of a CSV,
        ``x`` (east) and ``y`` (north), or ``wkt``, say where the places are.

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
        No CRS is known, two contradict each other, or the coordinates do not lie in it.
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
    reader, source = _opened(path, columns)
    with _guarded(source, layer):
        layer = _one_layer(source, reader.names(), layer)
        raw = reader.read(layer, encoding=encoding)
    return described(raw, source, layer, crs=crs, columns=columns)


def _opened(
    path: Path | str, columns: Mapping[str, str] | None = None
) -> tuple[LayerReader, Path | str]:
    """Return the reader of a source, and what the source is called in a refusal."""
    if is_database(path):
        return PostgisReader(str(path)), redacted(str(path))
    path = require_file(path)
    if path.is_dir():
        kind_of_file(path)  # refuses all but a file geodatabase
    return reader_of(path, columns), path


@contextmanager
def _guarded(source: Path | str, layer: str | None = None) -> Iterator[None]:
    """Turn what no reader expected into a refusal: nothing that a file holds breaks a run."""
    try:
        yield
    except (GreenspaceError, MemoryError):
        raise
    except Exception as error:
        raise InputError(
            f"不能读取：{type(error).__name__}: {error}。",
            f"It cannot be read: {type(error).__name__}: {error}.",
            remedy=Text(
                zh="请在 GIS 软件中打开，另存为 GeoPackage 后再用。",
                en="Open it in a GIS, save it as a GeoPackage and use that.",
            ),
            file=source,
            layer=layer,
            found=type(error).__name__,
        ) from error


def described(
    raw: RawLayer,
    source: Path | str,
    layer: str | None,
    *,
    crs: object,
    columns: Mapping[str, str] | None,
) -> gpd.GeoDataFrame:
    """Return a layer with the CRS and the roles that the user knows; findings ride along."""
    require_finite(raw.frame, file=source, layer=layer)
    frame, placed = georeferenced(
        raw.frame, crs, file=source, layer=layer, why_no_crs=raw.why_no_crs
    )
    frame, codes = _codes_as_text(frame, layer)
    frame = _with_roles(frame, columns or {}, source, layer)
    frame.attrs["findings"] = (*raw.findings, *placed, *codes)
    if raw.sha256 is not None:
        frame.attrs["sha256"] = raw.sha256
    return frame


def _codes_as_text(
    frame: gpd.GeoDataFrame, layer: str | None
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Turn land codes that a file keeps as numbers into text without a ``.0``."""
    named = [name for name in frame.columns if str(name).upper() == LAND_CODE]
    numeric = [name for name in named if is_numeric_dtype(frame[name])]
    findings = tuple(
        Finding(
            code="codes_are_numbers",
            text=Text(
                zh=f"字段 {name} 的地类代码存成了数，前面的 0 已丢失：0810 成了 810。"
                "请按文本字段重新导出。",
                en=f"The land codes of column {name} are kept as numbers and have lost their "
                "leading zeros: 0810 became 810. Export them as text.",
            ),
            severity="warning",
            layer=layer,
            count=int(frame[name].notna().sum()),
        )
        for name in numeric
    )
    texts = {
        name: [None if isna(value) else f"{value:.15g}" for value in frame[name]]
        for name in numeric
    }
    return frame.assign(**texts), findings


def _one_layer(path: Path | str, names: Sequence[str], layer: str | None) -> str:
    if layer is None and len(names) == 1:
        return names[0]
    if layer in names:
        return str(layer)
    listed = ", ".join(names)
    if layer is None:
        raise InputError(
            f"有 {len(names)} 个图层，未指定用哪一个：{listed}。",
            f"It holds {len(names)} layers and none was named: {listed}.",
            remedy=Text(zh='请写 layer = "…"。', en='Name one with layer = "…".'),
            file=path,
            found=tuple(names),
        )
    near = get_close_matches(str(layer), names, n=1)
    hint_zh = f"是否指 {near[0]}？" if near else ""
    hint_en = f"Did you mean {near[0]}?" if near else f"It holds: {listed}."
    raise InputError(
        f"没有图层 {layer}，只有：{listed}。",
        f"There is no layer {layer}.",
        remedy=Text(zh=hint_zh, en=hint_en),
        file=path,
        layer=str(layer),
        expected=layer,
        found=tuple(names),
    )


def _with_roles(
    frame: gpd.GeoDataFrame, columns: Mapping[str, str], path: Path | str, layer: str | None
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
    clashing = {role: free_name(f"{role}_in_file", present) for role in unmapped}
    frame = frame.rename(columns=clashing).rename(columns=renames)
    return frame.assign(**{role: frame[twin] for role, twin in twins.items()})


def _missing_column(
    role: str, column: str, present: Sequence[str], path: Path | str, layer: str | None
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
