"""A shapefile written byte by byte, so that a test says every one of them."""

from __future__ import annotations

import struct
from pathlib import Path

from pyproj import CRS

CGCS2000 = CRS.from_epsg(4547).to_wkt("WKT1_ESRI")
SQUARE = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0))


def text(name, width=40, encoding="gbk"):
    """Return a text field; its name may be given as bytes."""
    return (name if isinstance(name, bytes) else name.encode(encoding), "C", width)


def dbf(fields, rows, *, language=0, deleted=()):
    """Return a table: fields of (name, kind, width), rows of bytes as they shall stand."""
    width = 1 + sum(field[2] for field in fields)
    start = 33 + 32 * len(fields)
    head = struct.pack("<4BIHH17xB2x", 3, 126, 11, 26, len(rows), start, width, language)
    for name, kind, size in fields:
        head += name.ljust(11, b"\0")[:11] + kind.encode() + bytes(4) + bytes([size]) + bytes(15)
    body = b""
    for number, row in enumerate(rows):
        body += b"*" if number in deleted else b" "
        for value, (_, kind, size) in zip(row, fields, strict=True):
            body += (value.rjust(size) if kind in "NF" else value.ljust(size))[:size]
    return head + b"\r" + body + b"\x1a"


def shapes(count):
    """Return a .shp of unit squares in a row, and its .shx."""
    records, index, place = b"", b"", 50
    for number in range(count):
        ring = [(x + 2 * number, y) for x, y in SQUARE]
        content = struct.pack("<i4d3i", 5, 2 * number, 0, 2 * number + 1, 1, 1, 5, 0)
        content += b"".join(struct.pack("<2d", *point) for point in ring)
        records += struct.pack(">2i", number + 1, len(content) // 2) + content
        index += struct.pack(">2i", place, len(content) // 2)
        place += 4 + len(content) // 2
    bounds = struct.pack("<2i8d", 1000, 5, 0, 0, max(2 * count - 1, 0), 1, 0, 0, 0, 0)
    return tuple(
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(part) // 2) + bounds + part
        for part in (records, index)
    )


def write_shapefile(path, fields, rows, *, cpg=None, language=0, deleted=(), prj=CGCS2000):
    """Write a shapefile of as many squares as rows; ``None`` leaves a part out."""
    path = Path(path)
    shp, shx = shapes(len(rows))
    path.write_bytes(shp)
    path.with_suffix(".shx").write_bytes(shx)
    path.with_suffix(".dbf").write_bytes(dbf(fields, rows, language=language, deleted=deleted))
    if cpg is not None:
        path.with_suffix(".cpg").write_bytes(cpg.encode() if isinstance(cpg, str) else cpg)
    if prj is not None:
        path.with_suffix(".prj").write_text(prj, encoding="utf-8")
    return path


def polygons(path, shapes_of_rings):
    """Write a .shp of polygons, each a list of closed rings as they shall run, and its .shx."""
    records, index, place = b"", b"", 50
    for number, rings in enumerate(shapes_of_rings, 1):
        points = [point for ring in rings for point in ring]
        starts = [sum(map(len, rings[:at])) for at in range(len(rings))]
        (west, east), (south, north) = (
            (min(axis), max(axis)) for axis in zip(*points, strict=True)
        )
        content = struct.pack("<i4d2i", 5, west, south, east, north, len(rings), len(points))
        content += struct.pack(f"<{len(rings)}i", *starts)
        content += b"".join(struct.pack("<2d", *point) for point in points)
        records += struct.pack(">2i", number, len(content) // 2) + content
        index += struct.pack(">2i", place, len(content) // 2)
        place += 4 + len(content) // 2
    bounds = struct.pack("<2i8d", 1000, 5, 0, 0, 100, 100, 0, 0, 0, 0)
    for suffix, part in ((".shp", records), (".shx", index)):
        head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(part) // 2)
        path.with_suffix(suffix).write_bytes(head + bounds + part)
