"""Unpack: an archive from anybody, laid out in a folder of ours, or refused.

Question   May this archive be unpacked, and how are the names in it written?
Enters     The path of a .zip; an empty folder.
Leaves     Its files in that folder; a refusal that names the rule or the limit it breaks.
Elsewhere  Reading what was unpacked: read/archive.
"""

from __future__ import annotations

import lzma
import re
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from greenspace.errors import InputError
from greenspace.model.words import Text
from greenspace.read.codepages import GB, UTF8
from greenspace.read.encoding import decodes, is_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

MOST_MEMBERS = 10_000
MOST_BYTES = 8 << 30
MOST_RATIO = 200  # of what comes out to the archive: blank columns of a .dbf come near it
BYTES_UNSUSPECTED = 64 << 20  # may come out of an archive however small
CHUNK_BYTES = 1 << 20
UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1
OLD_NAMES = "cp437"  # what names without the flag are taken for, losing nothing
PASSED_OVER = re.compile(r"(^|/)(__MACOSX/|\._[^/]*$|\.DS_Store$|Thumbs\.db$)")
LEADS_OUT = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f\x7f]")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # also a way of packing that is not known
    UnicodeError,
)
BY_HAND = Text(
    zh="如确信来源可靠，请自行解压，再指定其中的文件。",
    en="If you trust where it comes from, unpack it yourself and name the file.",
)


def members_of(path: Path) -> Mapping[str, zipfile.ZipInfo]:
    """Return the files of an archive by name; what desktops add to it is passed over.

    Raises
    ------
    InputError
        It is no archive, is encrypted, holds too many files, or a name that leads out of it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        names = _names_of(entries)
    except BROKEN as error:
        raise _broken(path, error) from error
    if len(entries) > MOST_MEMBERS:
        raise _too_much(path, f"文件数超过 {MOST_MEMBERS}", f"more than {MOST_MEMBERS} files")
    members: dict[str, zipfile.ZipInfo] = {}
    for name, entry in zip(names, entries, strict=True):
        _require_harmless(path, name, entry)
        if name.endswith("/") or PASSED_OVER.search(name):
            continue
        if name in members:
            raise _refused(path, f"{name!a} 出现两次", f"{name!a} is in it twice")
        members[name] = entry
    return members


def unpack(path: Path, members: Mapping[str, zipfile.ZipInfo], folder: Path) -> None:
    """Write files of an archive into a folder, counting every byte that comes out.

    Raises
    ------
    InputError
        More comes out than is allowed, or the archive is broken.
    """
    suspect = max(BYTES_UNSUSPECTED, path.stat().st_size * MOST_RATIO)
    out = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for name, entry in members.items():
                for chunk in _lay_out(archive, entry, folder / name):
                    out += chunk
                    _require_room(path, out, suspect)
    except BROKEN as error:
        raise _broken(path, error) from error


def _lay_out(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> Iterable[int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("xb") as copy:
        while chunk := source.read(CHUNK_BYTES):
            yield len(chunk)
            copy.write(chunk)


def _require_room(path: Path, out: int, suspect: int) -> None:
    if out > MOST_BYTES:
        raise _too_much(path, f"解压后超过 {MOST_BYTES} 字节", f"more than {MOST_BYTES} bytes")
    if out > suspect:
        raise _too_much(
            path,
            f"解压后超过压缩包的 {MOST_RATIO} 倍",
            f"more than {MOST_RATIO} times its own size",
        )


def _names_of(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the names; those without a flag are UTF-8 or GB18030 where all read like that."""
    old = {
        entry.orig_filename.encode(OLD_NAMES): False
        for entry in entries
        if not entry.flag_bits & UTF8_FLAG
    }
    wide = {name: full for name, full in old.items() if not name.isascii()}
    codec = OLD_NAMES
    if decodes(wide, UTF8):
        codec = UTF8
    elif decodes(wide, GB) and is_chinese(wide):
        codec = GB
    return [
        (
            entry.orig_filename
            if entry.flag_bits & UTF8_FLAG
            else entry.orig_filename.encode(OLD_NAMES).decode(codec)
        ).replace("\\", "/")
        for entry in entries
    ]


def _require_harmless(path: Path, name: str, entry: zipfile.ZipInfo) -> None:
    if LEADS_OUT.search(name):
        raise _refused(path, f"名称 {name!a} 指向包外", f"the name {name!a} leads out of it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(path, f"{name!a} 是链接", f"{name!a} is a link")
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise InputError(
            "压缩包有密码。",
            "The archive is encrypted.",
            remedy=Text(zh="请用密码解压后指定文件。", en="Unpack it with its password first."),
            file=path,
        )


def _refused(path: Path, zh: str, en: str) -> InputError:
    return InputError(
        f"不解压该压缩包：{zh}。", f"The archive is not unpacked: {en}.", remedy=BY_HAND, file=path
    )


def _too_much(path: Path, zh: str, en: str) -> InputError:
    return _refused(path, f"内容过多，{zh}", f"it holds too much, {en}")


def _broken(path: Path, error: Exception) -> InputError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputError(
        f"不能作为矢量文件打开：压缩包读不出（{reason}）。",
        f"It cannot be opened as a vector file: the archive cannot be read ({reason}).",
        remedy=Text(zh="请重新复制或下载。", en="Copy or download it again."),
        file=path,
    )
