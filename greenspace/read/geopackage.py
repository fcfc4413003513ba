"""GeoPackage: read so that neither it nor its folder changes, also while another program has it.

Question   Would SQLite write beside this file, or into it, only because it is opened?
Enters     The path of a GeoPackage, or of any other file.
Leaves     The path to be opened: the file itself, or a private copy; a note where it is in use.
Elsewhere  Opening it: read/gdal. Private folders: read/private.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.private import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SQLITE = b"SQLite format 3\0"
HEADER = 100
READ_VERSION, WAL = 19, 2  # the byte of the header that says: read with a write-ahead log
PENDING = ("-wal", "-journal")  # what belongs to the content, though it lies beside the file


@contextmanager
def left_alone(path: Path) -> Iterator[Path]:
    """Give what may be opened in place of a file without a trace; the file itself where it may.

    Raises
    ------
    InputError
        Another program writes into it at this moment.
    """
    parts = [path, *pending_parts(path)]
    if len(parts) == 1 and not _has_log(path):
        yield path
        return
    with private_folder(path.parent) as folder:
        before = [part.stat() for part in parts]
        for part in parts:
            shutil.copyfile(part, folder / part.name)
        after = [part.stat() for part in parts if part.exists()]
        if [(item.st_size, item.st_mtime_ns) for item in before] != [
            (item.st_size, item.st_mtime_ns) for item in after
        ]:
            raise InputError(
                "另一个程序正在写这个文件。",
                "Another program is writing into the file.",
                remedy=Text(zh="请在那里保存并关闭。", en="Save and close it there."),
                file=path,
            )
        yield folder / path.name


def pending_parts(path: Path) -> list[Path]:
    """Return the files beside a GeoPackage that hold changes not yet in it."""
    if not _is_sqlite(path):
        return []
    beside = [path.with_name(path.name + ends) for ends in PENDING]
    return [part for part in beside if part.exists() and part.stat().st_size]


def in_use_finding(path: Path, layer: str) -> tuple[Finding, ...]:
    """Say that a GeoPackage is open in another program, and was read as it stands there."""
    beside = ", ".join(part.name for part in pending_parts(path))
    if not beside:
        return ()
    text = Text(
        zh=f"旁边有 {beside}：文件正由另一个程序打开，或未正常关闭。"
        "已连同其中保存的改动，从副本读取。",
        en=f"Beside it lies {beside}: it is open in another program, or was not closed properly. "
        "It was read from a copy, with the changes saved there.",
    )
    return (Finding(code="open_elsewhere", text=text, layer=layer),)


def stamp_of(path: Path) -> tuple[object, ...] | None:
    """Return what changes whenever a GeoPackage does; None for any other file, or one in use.

    Number, size and times of the file (the second one cannot be set), and the counters that
    SQLite keeps in its header of what was written and of changes to its tables.
    """
    if path.is_dir() or not _is_sqlite(path) or _has_log(path) or pending_parts(path):
        return None
    said = path.stat()
    with path.open("rb") as stream:
        head = stream.read(HEADER)
    return said.st_ino, said.st_size, said.st_mtime_ns, said.st_ctime_ns, head


def _is_sqlite(path: Path) -> bool:
    return _head(path).startswith(SQLITE)


def _has_log(path: Path) -> bool:
    head = _head(path)
    return head.startswith(SQLITE) and head[READ_VERSION : READ_VERSION + 1] == bytes([WAL])


def _head(path: Path) -> bytes:
    if path.is_dir():
        return b""
    with path.open("rb") as stream:
        return stream.read(READ_VERSION + 1)
