"""Wholeness: whether a file still has all that it says it has; GDAL reads on without a word.

Question   Was this file cut short, or damaged on the way?
Enters     The path of a file geodatabase, a GeoJSON, a GML, a KML or a GPX.
Leaves     Nothing where it is whole, else a refusal that says what is missing.
Elsewhere  Reading it: read/ogr. GeoPackages are told by SQLite, shapefiles in read/shapefile.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.read.geojson import is_meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import NoReturn

XML_KINDS = {"GML", "KML", "GPX"}
RECORD_MARK = b"\x1e"
GDB_VERSION, GDB_HEADER, GDB_BLOCK, GDB_TRAILER = 3, 16, 1024, 16
GDB_ROWS, GDB_SIZE = slice(4, 8), slice(24, 32)  # where a .gdbtable states them
COPY_ANEW = Text(zh="请重新复制或重新导出该文件。", en="Copy the file again, or export it anew.")


def require_whole(path: Path, kind: str) -> None:
    """Refuse a geodatabase or an XML that was cut short.

    Raises
    ------
    InputError
        It was, or the XML declares a document type, which may hold entities without end.
    """
    if kind == "OpenFileGDB" and path.is_dir():
        for table in sorted(path.glob("*.gdbtable")):
            _require_table(table, path)
    elif kind in XML_KINDS and path.suffix.lower() != ".kmz":
        _require_xml(path)


def broken(path: Path, zh: str, en: str, *, rows: tuple[int, ...] = ()) -> InputError:
    """Return the refusal of a file that is not whole."""
    return InputError(
        f"文件不完整或已损坏：{zh}。",
        f"The file is not whole, or damaged: {en}.",
        remedy=COPY_ANEW,
        file=path,
        rows=rows,
    )


def _require_table(table: Path, folder: Path) -> None:
    """Hold a table of a geodatabase to its index: as many rows, and as many bytes."""
    with table.open("rb") as stream:
        head = stream.read(32)
    rows, size = (int.from_bytes(head[part], "little") for part in (GDB_ROWS, GDB_SIZE))
    if int.from_bytes(head[:4], "little") != GDB_VERSION:
        return
    there = table.stat().st_size
    if there < size:
        raise broken(
            folder,
            f"{table.name} 应有 {size} 字节，只有 {there}",
            f"{table.name} has {there} of its {size} bytes",
        )
    index = table.with_suffix(".gdbtablx")
    listed = _rows_listed(index.read_bytes()) if index.exists() else 0
    if listed != rows:
        raise broken(
            folder,
            f"{table.name} 有 {rows} 行，索引 {index.name} 只列出 {listed} 行",
            f"{table.name} has {rows} rows, but its index {index.name} lists {listed}",
        )


def _rows_listed(index: bytes) -> int:
    """Count the rows to which an index points, of those that are wholly there."""
    blocks = int.from_bytes(index[4:8], "little")
    width = int.from_bytes(index[12:16], "little")
    size = GDB_BLOCK * blocks * width
    places = index[GDB_HEADER : GDB_HEADER + size]
    if not width or len(index) < GDB_HEADER + size + GDB_TRAILER:
        return 0
    return int(np.frombuffer(places, "u1").reshape(-1, width).any(axis=1).sum())


def _require_xml(path: Path) -> None:
    """Read an XML to its end, as a stream and without entities."""
    parser = expat.ParserCreate()

    def refuse_doctype(*_: object) -> NoReturn:
        raise broken(path, "XML 声明了 DOCTYPE，不予展开", "its DOCTYPE is not followed")

    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = parser.ErrorLineNumber
        raise broken(
            path, f"XML 第 {line} 行：{error}", f"the XML breaks off in line {line}: {error}"
        ) from error


def meant_of_records(path: Path) -> Iterator[bool]:
    """Say of each record of a GeoJSON of one record a line whether it is meant to have a shape.

    Raises
    ------
    InputError
        A line holds something else; ``rows`` has the number of the record, from 0.
    """
    for at, (line, record) in enumerate(_records(path)):
        try:
            value = json.loads(record)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise broken(
                path,
                f"第 {line} 行不是一个完整的 JSON 对象",
                f"line {line} is no whole JSON object",
                rows=(at,),
            )
        yield is_meant(value)


def _records(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the records and the lines they begin in; a record mark lets one take several."""
    with path.open("rb") as stream:
        marked = stream.read(1) == RECORD_MARK
        stream.seek(0)
        begun, record = 1, b""
        for line, text in enumerate(stream, start=1):
            if record.strip() and (not marked or text.startswith(RECORD_MARK)):
                yield begun, record
                record = b""
            if not record.strip():
                begun, record = line, b""
            record += text.lstrip(RECORD_MARK).removeprefix(b"\xef\xbb\xbf")
        if record.strip():
            yield begun, record
