"""Exchange: a layer into a file or a database, read back before it counts as written.

Question   Does this file hold the layer, whole and with every value?
Enters     A layer, and a path or the address of a database.
Leaves     The file in its place, and what it keeps otherwise; or everything as it was.
Elsewhere  The formats: present/vector_files, present/shapefile, present/postgis. Reading: read/vector.
"""

from __future__ import annotations

import shutil
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from greenspace.errors import CrsError, GreenspaceError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.model.written import Written
from greenspace.prepare.project import to_crs
from greenspace.prepare.repair import as_frame
from greenspace.present.attributes import columns_of
from greenspace.present.parts import replace_files, settle_leftovers
from greenspace.present.postgis import write_table
from greenspace.present.proof import prove
from greenspace.present.shapefile import (
    encoding_for,
    finish,
    fit_columns,
    parts_of,
    require_one_kind,
    told_findings,
)
from greenspace.present.vector_files import (
    kind_of,
    unwritten,
    write_vector,
)
from greenspace.read.database import connected, is_database, redacted
from greenspace.read.losses import flattened
from greenspace.read.postgis import read_back
from greenspace.read.vector import list_layers, reader_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from greenspace.prepare.repair import Layer
    from greenspace.present.attributes import Column

WGS84: Final = CRS.from_epsg(4326)
NAMED_BY_FILE: Final = (".shp", ".parquet")  # one layer, called as the file is
FORCE: Final = Text(
    zh="请换一个名称，或写 force=True 替换。",
    en="Name another, or pass force=True to replace it.",
)


def write_layer(
    frame: Layer,
    path: Path | str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    force: bool = False,
) -> Written:
    """Write a layer to a file or a PostGIS database, whole or not at all.

    The file is written beside its place, read back and compared with the layer; only then it
    takes its place. What a format cannot hold is refused with column and rows; what it keeps
    otherwise (a shapefile's empty text, say) is told in ``findings``. In a database all this is
    one transaction.

    Parameters
    ----------
    frame
        A GeoDataFrame or GeoSeries with a CRS; its index is not written.
    path
        ``.gpkg`` (also where no suffix is given), ``.shp``, ``.parquet`` or ``.geojson``; or
        ``postgresql://user@host:5432/database``.
    layer
        Its name in a GeoPackage or GeoJSON; default: the name of the file. Other layers of a
        GeoPackage stay. In a database: ``schema.table``, or ``table``.
    encoding
        Of a shapefile: ``"gbk"`` or ``"utf-8"``; default: GBK where all text fits it.
    force
        Replace the file, or in a GeoPackage or database the layer, that is there.

    Returns
    -------
    Written
        Path, name map and findings.

    Raises
    ------
    InputError
        There is such a file already, it cannot be written, or the format cannot hold the layer.
    ColumnError
        A column, or values of it, do not fit the format.
    EncodingError
        The encoding lacks a character of the text.
    GeometryError
        The format cannot hold the shapes.
    CrsError
        The layer has no CRS, or one for which the database has no SRID; or GeoJSON is asked for
        and nothing leads to WGS 84.
    MissingExtraError
        GeoParquet without pyarrow, PostGIS without psycopg.

    Examples
    --------
    >>> import tempfile
    >>> parks = gpd.GeoDataFrame({"公园绿地名称": ["东园"]}, geometry=[shapely.box(0, 0, 1, 1)],
    ...                          crs="EPSG:4547")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_layer(parks, folder + "/parks.shp")
    ...     print(written)
    parks.shp: layer parks, 1 rows, gbk
    公园绿地名 = 公园绿地名称
    1 field names were too long or alike and were cut; .names.csv keeps them: 公园绿地名称 → 公园绿地名.
    """
    if is_database(path):
        return _into_database(frame, str(path), layer, encoding, force=force)
    path = _target(path)
    kind = kind_of(path)
    name = _layer_name(path, kind, layer)
    whole = as_frame(frame, name)
    columns: Sequence[Column] = columns_of(whole, name)
    whole, findings = _flat(whole, name)
    if kind == ".geojson":
        whole, moved = _in_degrees(whole, name)
        findings += moved
    encoding, columns, names, told = _fitted(kind, whole, columns, encoding, name)
    old = _old(path, kind, name, force=force)
    proven: list[Finding] = []

    def fill(folder: Path) -> None:
        fresh = folder / path.name
        if kind == ".gpkg" and path.exists():
            shutil.copyfile(path, fresh)
        write_vector(whole, columns, fresh, layer=name, encoding=encoding)
        if encoding is not None:
            finish(fresh, encoding, names)
        proven.extend(_proven(whole, columns, names, fresh, name))

    replace_files(path, fill, old=old)
    files = parts_of(path) if kind == ".shp" else [path]
    return Written(
        path=path,
        layer=name,
        rows=len(whole),
        files=tuple(files),
        encoding=encoding,
        names=names,
        findings=(*findings, *told, *proven),
    )


def _into_database(
    frame: Layer, url: str, layer: str | None, encoding: str | None, *, force: bool
) -> Written:
    if layer is None or encoding is not None:
        raise InputError(
            "写入数据库须写明表名，且不能另选编码。",
            "A database needs the name of a table, and has an encoding of its own.",
            remedy=Text(
                zh='请写 layer = "模式.表"，并去掉 encoding。',
                en='Pass layer = "schema.table", and leave encoding out.',
            ),
            file=redacted(url),
            layer=layer,
            found=encoding,
        )
    whole = as_frame(frame, layer)
    columns = columns_of(whole, layer)
    whole, findings = _flat(whole, layer)
    with connected(url, layer=layer, read_only=False) as connection:
        table = write_table(connection, whole, columns, layer=layer, force=force)
        back = read_back(connection, table.schema, table.name, table.key)
        proven = _compared(whole, columns, back.frame, layer, dbase=False)
    return Written(
        path=redacted(url),
        layer=f"{table.schema}.{table.name}",
        rows=len(whole),
        findings=(*findings, *proven),
    )


def _target(path: Path | str) -> Path:
    target = Path(path).expanduser().resolve()
    return target if target.suffix else target.with_name(f"{target.name}.gpkg")


def _layer_name(path: Path, kind: str, layer: str | None) -> str:
    name = path.stem if layer is None else layer
    if not name.strip() or not name.isprintable():
        raise InputError(
            "图层名不是可用的文字。",
            "The name of the layer is no plain text.",
            remedy=Text(zh="请换一个图层名。", en="Give the layer another name."),
            file=path,
            layer=repr(name),
        )
    if kind in NAMED_BY_FILE and name != path.stem:
        raise InputError(
            f"{kind} 文件只有一个图层，名称同文件名 {path.stem}。",
            f"A {kind} file holds one layer, which is called as the file: {path.stem}.",
            remedy=Text(
                zh=f"请写到 {name}{kind}，或改写 GeoPackage。",
                en=f"Write to {name}{kind}, or write a GeoPackage.",
            ),
            file=path,
            layer=name,
        )
    return name


def _flat(frame: gpd.GeoDataFrame, name: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the layer in two dimensions, and what is left out of it."""
    flat, found = flattened(frame, layer=name, measured=False)
    if isinstance(frame.index, pd.RangeIndex):
        return flat, [*found]
    text = Text(zh="行标签未写入文件。", en="The labels of the rows were not written.")
    return flat, [*found, Finding(code="index_not_written", text=text, layer=name)]


def _in_degrees(frame: gpd.GeoDataFrame, name: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    found = []
    if frame.crs != WGS84:
        text = Text(
            zh=f"GeoJSON 用 WGS 84 经纬度：图层由 {frame.crs.name} 转换，长于 100 m 的边已加点。",
            en=f"GeoJSON is in WGS 84 degrees: the layer was put there from {frame.crs.name}, "
            "edges longer than 100 m with points between.",
        )
        found.append(Finding(code="put_into_wgs84", text=text, layer=name, count=len(frame)))
        frame = to_crs(frame, WGS84, name)
    turned = shapely.orient_polygons(frame.geometry.to_numpy())  # as RFC 7946 has them
    return frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=WGS84)), found


def _fitted(
    kind: str,
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    encoding: str | None,
    name: str,
) -> tuple[str | None, Sequence[Column], Mapping[str, str], list[Finding]]:
    """Return encoding, columns, name map and findings: new for a shapefile alone."""
    if kind == ".shp":
        require_one_kind(frame, name)
        chosen = encoding_for(columns, encoding)
        fitted, names = fit_columns(columns, chosen, frame.index, name)
        return chosen, fitted, names, told_findings(chosen, encoding, names)
    if encoding is not None:
        raise InputError(
            f"{kind} 文件的文字总是 UTF-8，不能另选编码。",
            f"The text of a {kind} file is always UTF-8.",
            remedy=Text(zh="请去掉 encoding。", en="Leave encoding out."),
            layer=name,
            found=encoding,
        )
    return None, columns, {}, []


def _old(path: Path, kind: str, name: str, *, force: bool) -> list[Path]:
    """Return what the new file replaces, where it may."""
    if path.is_dir():
        raise _taken(path, path.name)
    settle_leftovers(path)
    beside = parts_of(path) if kind == ".shp" else [path]
    there = [part for part in beside if part.exists()]
    if kind == ".gpkg" and there:
        _require_closed(path)
        layers = [info.name for info in list_layers(path)]
        if name not in layers and name.lower() in {other.lower() for other in layers}:
            raise _taken(path, name)
        if name not in layers:
            return there
    if there and not force:
        raise _taken(path, ", ".join(part.name for part in there))
    return there


def _taken(path: Path, what: str) -> InputError:
    return InputError(
        f"{what} 已存在，未作改动。",
        f"{what} exists and was left as it is.",
        remedy=FORCE,
        file=path,
        found=what,
    )


def _require_closed(path: Path) -> None:
    """Refuse a GeoPackage that another program has open: its last changes lie beside it."""
    beside = [path.with_name(path.name + tail) for tail in ("-wal", "-journal")]
    found = [part.name for part in beside if part.exists()]
    if found:
        raise InputError(
            f"GeoPackage 正被其他程序打开（有 {found[0]}）。",
            f"Another program has the GeoPackage open ({found[0]} lies beside it).",
            remedy=Text(
                zh="请先在 QGIS 等程序中关闭它。", en="Close it there first, in QGIS for instance."
            ),
            file=path,
            found=tuple(found),
        )


def _proven(
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    names: Mapping[str, str],
    fresh: Path,
    name: str,
) -> list[Finding]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of values that are compared below
            back = (
                reader_of(fresh).read(fresh.stem if fresh.suffix in NAMED_BY_FILE else name).frame
            )
    except GreenspaceError as error:
        raise unwritten(name, error.problem.en) from error
    long = [replace(column, name=names.get(column.name, column.name)) for column in columns]
    return _compared(frame, long, back, name, dbase=fresh.suffix == ".shp")


def _compared(
    frame: gpd.GeoDataFrame,
    columns: Sequence[Column],
    back: gpd.GeoDataFrame,
    name: str,
    *,
    dbase: bool,
) -> list[Finding]:
    if back.crs is None or not back.crs.equals(frame.crs, ignore_axis_order=True):
        there = "—" if back.crs is None else back.crs.name
        raise CrsError(
            f"写出的文件读回后坐标系是 {there}，而不是 {frame.crs.name}。",
            f"Read back, the file is in {there} and not in {frame.crs.name}.",
            remedy=Text(zh="请改写 GeoPackage（.gpkg）。", en="Write a GeoPackage (.gpkg)."),
            layer=name,
            expected=frame.crs.name,
            found=there,
        )
    return prove(frame, columns, back, dbase=dbase, layer=name)
