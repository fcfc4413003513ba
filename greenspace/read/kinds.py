"""Kinds: what a vector file is by its first bytes, and that it reaches for nothing else.

Question   Is this a map that may be opened, or one that would open others?
Enters     A path that exists.
Leaves     The kind of file, or a refusal; GDAL has not seen the file yet.
Elsewhere  Opening it: read/gdal. The CRS that a GeoJSON names: read/geojson.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

HEAD_BYTES = 1 << 16
REACHING = (  # in small letters
    b"<ogrvrtdatasource",
    b"<ogrwfsdatasource",
    b"<ogrcswdatasource",
    b"wfs_capabilities",
    b"gdal_streamed_alg",
)
FIRST_BYTES = {
    b"SQLite format 3\0": "GPKG",
    b"fgb\x03": "FlatGeobuf",
    b"\x00\x00\x27\x0a": "ESRI Shapefile",
    b"!table": "MapInfo File",
    b"AutoCAD Binary DXF": "DXF",
}
PBF, PBF_BYTES = b"OSMHeader", 32
ROOTS = {"osm": "OSM", "kml": "KML", "gpx": "GPX", "featurecollection": "GML"}
BY_SUFFIX = {
    (".gdb.zip",): "OpenFileGDB",
    (".kmz",): "KML",
    (".shz", ".shp.zip"): "ESRI Shapefile",
    (".gpkg.zip",): "GPKG",
}
ELEMENT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
GEOJSON = re.compile(rb'"(?:FeatureCollection|Feature|esriGeometry\w+)"')
SHAPE = re.compile(rb'"type"\s*:\s*"(?:Multi)?(?:Point|LineString|Polygon)"')
TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')
DXF = re.compile(rb"\s*(?:999\s[^\n]*\s)*0\s+SECTION\s")
MIF = re.compile(rb"version\s+\d+", re.IGNORECASE)

SAVE_AS = Text(
    zh="请在 GIS 软件中另存为 GeoPackage（.gpkg）。", en="Save it as a GeoPackage (.gpkg) in a GIS."
)
ADVICE = {
    ".dbf": Text(zh="请给出旁边的 .shp 文件。", en="Name the .shp file beside it."),
    ".shx": Text(zh="请给出旁边的 .shp 文件。", en="Name the .shp file beside it."),
    ".dwg": Text(zh="请在 CAD 软件中另存为 DXF。", en="Save it as DXF in a CAD program."),
    ".mdb": Text(
        zh="请导出为文件地理数据库（.gdb）或 GeoPackage。",
        en="Export it as a file geodatabase (.gdb) or a GeoPackage.",
    ),
    ".xlsx": Text(zh="请把工作表另存为 CSV。", en="Save the sheet as CSV."),
    ".xls": Text(zh="请把工作表另存为 CSV。", en="Save the sheet as CSV."),
}


def kind_of_file(path: Path) -> str:
    """Return the kind of a vector file, told from its content.

    Raises
    ------
    InputError
        It is none of those that are read, or one that would open other files or addresses.
    """
    if path.is_dir():
        if path.suffix.lower() == ".gdb":
            return "OpenFileGDB"
        raise _folder(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(
            f"不能读取：{error.strerror}。",
            f"It cannot be read: {error.strerror}.",
            remedy=Text(zh="请核对文件与权限。", en="Check the file and its permissions."),
            file=path,
        ) from error
    small = head.lower()
    if any(word in small for word in REACHING):
        raise _reaching(path)
    kind = _kind(path.name.lower(), head)
    if kind is None:
        raise _unknown(path)
    return kind


def _kind(name: str, head: bytes) -> str | None:
    if head.startswith(b"PK\x03\x04"):
        return next((kind for ends, kind in BY_SUFFIX.items() if name.endswith(ends)), None)
    if name.endswith(".shx"):  # begins like the .shp, which alone is read with its encoding
        return None
    if PBF in head[:PBF_BYTES]:
        return "OSM"
    found = next((kind for first, kind in FIRST_BYTES.items() if head.startswith(first)), None)
    return found or _kind_of_text(name, head)


def _kind_of_text(name: str, head: bytes) -> str | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x1e \t\r\n")
    if text.startswith((b"{", b"[")):
        return "GeoJSON" if _is_geojson(text) else None
    if text.startswith(b"<"):
        return _kind_of_xml(text)
    if DXF.match(text):
        return "DXF"
    if name.endswith((".mif", ".tab")) and MIF.match(text):
        return "MapInfo File"
    return None


def _is_geojson(text: bytes) -> bool:
    return not TOPOLOGY.search(text) and bool(GEOJSON.search(text) or SHAPE.search(text))


def _kind_of_xml(text: bytes) -> str | None:
    bare = re.sub(rb"<!--.*?-->|<\?.*?\?>|<![^>]*>", b"", text, flags=re.DOTALL)
    root = ELEMENT.search(bare)
    if root is None:
        return None
    known = ROOTS.get(root.group(1).decode("ascii", "replace").lower())
    return known or ("GML" if b"opengis.net/gml" in text else None)


def _folder(path: Path) -> InputError:
    return InputError(
        "这是文件夹，不是文件。",
        "This is a folder, not a file.",
        remedy=Text(
            zh="请写明其中的文件；文件地理数据库的文件夹名以 .gdb 结尾。",
            en="Name a file in it; the folder of a file geodatabase ends in .gdb.",
        ),
        file=path,
    )


def _reaching(path: Path) -> InputError:
    return InputError(
        "该文件本身没有图形，而是引用别的文件或网址，不予打开。",
        "The file holds no shapes itself: it points at other files or addresses. It is not opened.",
        remedy=Text(zh="请直接给出它引用的文件。", en="Name the file that it points at."),
        file=path,
        expected="a file with shapes of its own",
    )


def _unknown(path: Path) -> InputError:
    return InputError(
        "不能作为矢量文件打开：内容不是可读取的格式。",
        "It cannot be opened as a vector file: its content is of no kind that is read.",
        remedy=ADVICE.get(path.suffix.lower(), SAVE_AS),
        file=path,
    )
