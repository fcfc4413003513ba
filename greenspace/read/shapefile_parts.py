"""Shapefile parts: the files that make one shapefile, and whether they belong together.

Question   Where is each shape in the .shp, and is the set whole?
Enters     The path of a .shp.
Leaves     Its parts and where its records lie; a refusal where it is cut short. A copy, in a
           folder of its own, where GDAL needs a part that is not there.
Elsewhere  The attribute table: read/dbf. The layer: read/shapefile.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import InputError
from greenspace.read.codepages import GB
from greenspace.read.dbf import COPY_AGAIN, FIELD, HEADER, NAME_BYTES
from greenspace.read.files import part_of
from greenspace.read.private import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from greenspace.read.dbf import DbfTable

MAGIC = 9994
SHAPES_AT = 100
WORD = 2  # lengths and places are counted in words of two bytes
RECORD_HEAD = 8
SHORTEST = 4  # a record without a shape holds its kind alone


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of one shapefile; ``None`` where one is missing."""

    shp: Path
    shx: Path | None
    dbf: Path | None
    prj: Path | None
    cpg: Path | None

    @classmethod
    def of(cls, path: Path) -> Parts:
        """Return the parts beside a .shp."""
        shx, dbf, prj, cpg = (part_of(path, suffix) for suffix in (".shx", ".dbf", ".prj", ".cpg"))
        return cls(path, shx, dbf, prj, cpg)

    @property
    def are_plain(self) -> bool:
        """Whether GDAL finds them: the same name, suffixes in small or in capital letters."""
        parts = filter(None, (self.shp, self.shx, self.dbf, self.prj))
        return all(
            part.stem == self.shp.stem and part.suffix in {part.suffix.lower(), part.suffix.upper()}
            for part in parts
        )


@dataclass(frozen=True, slots=True)
class Records:
    """Where the shapes lie: places and lengths in bytes, without the head of each record."""

    places: NDArray[np.int64]
    lengths: NDArray[np.int64]
    from_index: bool

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)


def read_records(parts: Parts) -> Records:
    """Return where the shapes lie, by the .shx where it fits the .shp, else by walking the .shp.

    Raises
    ------
    InputError
        The .shp is cut short, or no .shp.
    """
    size = parts.shp.stat().st_size
    with parts.shp.open("rb") as stream:
        head = stream.read(SHAPES_AT)
    if size < SHAPES_AT or int.from_bytes(head[:4], "big") != MAGIC:
        raise InputError(
            "不能作为矢量文件打开：不是 shapefile。",
            "It cannot be opened as a vector file: it is no shapefile.",
            remedy=COPY_AGAIN,
            file=parts.shp,
        )
    announced = int.from_bytes(head[24:28], "big") * WORD
    if size < announced:
        raise _cut_short(parts.shp, announced, size)
    data = np.memmap(parts.shp, np.uint8, mode="r")
    indexed = None if parts.shx is None else _indexed(parts.shx, data)
    return indexed or _walked(parts.shp, data)


def _indexed(shx: Path, shp: NDArray[np.uint8]) -> Records | None:
    """Return what the index says; nothing where it is not the index of this .shp."""
    content = shx.read_bytes()
    size = int.from_bytes(content[24:28], "big") * WORD
    if not SHAPES_AT <= size <= len(content) or (size - SHAPES_AT) % RECORD_HEAD:
        return None
    table = np.frombuffer(content[SHAPES_AT:size], ">i4").reshape(-1, 2).astype(np.int64) * WORD
    places, lengths = table[:, 0], table[:, 1]
    if len(table) and (places.min() < SHAPES_AT or (places + RECORD_HEAD).max() > len(shp)):
        return None
    numbers, lengths_there = _heads(shp, places)
    ends = places + RECORD_HEAD + lengths
    if (lengths != lengths_there * WORD).any() or (ends > len(shp)).any():
        return None
    if not _in_order(numbers):
        return None
    return Records(places, lengths, from_index=True)


def _heads(shp: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the records at these places, and their lengths in words."""
    heads = shp[places[:, None] + np.arange(RECORD_HEAD)]
    words: NDArray[np.int64] = heads.view(">i4").astype(np.int64).reshape(-1, 2).T
    return words


def _in_order(numbers: NDArray[np.int64]) -> bool:
    """Return whether records are numbered one by one; some programs begin at 0."""
    return bool((np.diff(numbers) == 1).all()) and numbers[:1].tolist() in ([], [0], [1])


def _walked(path: Path, shp: NDArray[np.uint8]) -> Records:
    places, lengths = [], []
    place, size = SHAPES_AT, len(shp)
    while place + RECORD_HEAD <= size:
        length = int.from_bytes(shp[place + 4 : place + RECORD_HEAD].tobytes(), "big") * WORD
        end = place + RECORD_HEAD + length
        if end > size or length < SHORTEST:
            raise _cut_short(path, end, size)
        places.append(place)
        lengths.append(length)
        place = end
    found, long = np.array(places, np.int64), np.array(lengths, np.int64)
    numbers = _heads(shp, found)[0]
    order = np.argsort(numbers, kind="stable")
    if _in_order(numbers[order]):  # an edited record stands at the end under its old number
        found, long = found[order], long[order]
    return Records(found, long, from_index=False)


def _cut_short(path: Path, expected: int, found: int) -> InputError:
    return InputError(
        f"图形文件不完整：应有 {expected} 字节，只有 {found} 字节。",
        f"The shapes are cut short: {expected} bytes are announced, {found} are there.",
        remedy=COPY_AGAIN,
        file=path,
        expected=expected,
        found=found,
    )


@contextmanager
def complete_copy(parts: Parts, records: Records, table: DbfTable | None) -> Iterator[Path]:
    """Copy a shapefile to a folder of its own with what it lacks; the input stays as it is.

    The copy has an index of its records, and fields named by their place.
    """
    with private_folder(parts.shp.parent) as folder:
        shp = folder / f"{parts.shp.stem}.shp"
        shutil.copyfile(parts.shp, shp)
        shp.with_suffix(".shx").write_bytes(_index(parts.shp, records))
        if table is not None:
            shutil.copyfile(table.path, shp.with_suffix(".dbf"))
            _number_fields(shp.with_suffix(".dbf"), len(table.fields))
        if parts.prj is not None:
            shp.with_suffix(".prj").write_text(words_of(parts.prj), encoding="utf-8")
        yield shp


def words_of(prj: Path) -> str:
    """Return the text of a .prj, which Chinese programs also write in GB18030."""
    content = prj.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(GB, "replace")


def _index(shp: Path, records: Records) -> bytes:
    with shp.open("rb") as stream:
        head = bytearray(stream.read(SHAPES_AT))
    entries = np.column_stack([records.places, records.lengths]) // WORD
    head[24:28] = ((SHAPES_AT + RECORD_HEAD * len(records)) // WORD).to_bytes(4, "big")
    return bytes(head) + entries.astype(">i4").tobytes()


def _number_fields(dbf: Path, count: int) -> None:
    with dbf.open("r+b") as stream:
        for number in range(count):
            stream.seek(HEADER + FIELD * number)
            stream.write(f"F{number}".encode().ljust(NAME_BYTES + 1, b"\0"))
