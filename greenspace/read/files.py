"""Files: whether they are there, and what their bytes add up to.

Question   Does this file exist, and is it the same file as last time?
Enters     A path.
Leaves     The path, or a refusal that names a similar one; a checksum.
Elsewhere  What is in them: read/vector, read/raster.
"""

from __future__ import annotations

import hashlib
import re
from difflib import get_close_matches
from os.path import relpath
from pathlib import Path

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.model.written import NAME_MAP

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", NAME_MAP)
NOT_IMAGES = {".csv", ".geojson", ".gpkg", ".json", ".kml", ".parquet", ".toml", ".xlsx", ".zip"}
AFTER_NAME = (".aux.xml", ".msk", ".msk.aux.xml")
IN_PLACE = (".wld", ".aux", ".prj", ".hdr", ".ige", ".tab")
SAYS_HOW = re.compile(
    rb"<(GeoTransform|SRS|GCP|NoDataValue|Scale|Offset|ColorInterp|Description|Mask)|NODATA_VALUES"
)
CHUNK_BYTES = 1 << 20


def require_file(path: Path | str) -> Path:
    """Return the path of a file or folder that exists.

    Raises
    ------
    InputError
        It does not; a similar name beside it is suggested. Or it is a pipe, a device or a socket,
        on which reading could wait for ever.
    """
    path = Path(path)
    if path.is_file() or path.is_dir():
        return path
    if path.exists():
        raise _special(path)
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


def _special(path: Path) -> InputError:
    return InputError(
        "这不是普通文件。",
        "This is no plain file but a pipe, a device or a socket.",
        remedy=Text(zh="请先把数据存成文件。", en="Save the data as a file first."),
        file=path,
        expected="file",
        found="special",
    )


def sha256_of(path: Path | str) -> str:
    """Return the checksum of a file with what is read beside it; of a folder, of its files.

    Beside a shapefile that is its parts; beside a GeoPackage, rows of one in use; beside an image,
    what says where its pixels lie, which of them hold data and what their numbers mean.
    """
    return _digest(_parts(Path(path)))


def sha256_alone(path: Path) -> str:
    """Return the checksum of one file, whatever lies beside it."""
    return _digest([path])


def _digest(parts: list[Path]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    return digest.hexdigest()


def name_from(path: Path, folder: Path) -> str:
    """Return a path as it is named from a folder, with slashes."""
    try:
        return Path(relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.name


def _parts(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(item for item in path.rglob("*") if item.is_file())
    if path.suffix.lower() != ".shp":
        return [path, *_beside(path)]
    beside = (part_of(path, suffix) for suffix in SHAPEFILE_PARTS)
    return [part for part in beside if part is not None]


def _beside(path: Path) -> list[Path]:
    """Return the plain files that are read with one that is no shapefile, in a fixed order."""
    log = path.with_name(f"{path.name}-wal")  # rows of a GeoPackage in use
    found = [log] if log.is_file() and log.stat().st_size else []
    if path.suffix.lower() in NOT_IMAGES:
        return found
    short = path.suffix[1:2] + path.suffix[-1:] + "w"  # .tif: .tfw, .jpeg: .jgw
    ends = (f".{short}", f"{path.suffix}w", *IN_PLACE)
    names = [path.stem + spelt for end in ends for spelt in (end.lower(), end.upper())]
    names += [path.name + end for end in AFTER_NAME]
    there = (path.with_name(name) for name in dict.fromkeys(names))
    return found + [item for item in there if item != path and item.is_file() and _matters(item)]


def _matters(path: Path) -> bool:
    """Return whether a file beside an image says how it is read, and not its statistics alone."""
    if path.suffix.lower() != ".xml":
        return True
    return SAYS_HOW.search(path.read_bytes()) is not None


def part_of(path: Path, suffix: str) -> Path | None:
    """Return the part of a shapefile with a suffix, in small or capital letters or a mix.

    A part whose name differs in case too is taken where it is no other shapefile's.

    Raises
    ------
    InputError
        The part is a pipe, a device or a socket.
    """
    spelt = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    exact = next((part for part in spelt if part.exists()), None)
    if exact is not None and not exact.is_file():
        raise _special(exact)
    if exact is not None or not path.parent.is_dir():
        return exact
    beside = sorted(path.parent.iterdir())
    shp = path.suffix.lower()
    others = {item.stem for item in beside if item.suffix.lower() == shp} - {path.stem}
    wanted = spelt[0].name.lower()
    like = (item for item in beside if item.name.lower() == wanted and item.stem not in others)
    return min(like, key=lambda item: item.stem != path.stem, default=None)
