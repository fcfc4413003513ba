"""DBF: the attribute table beside a shapefile, byte by byte.

Question   Which fields has this table, how many rows, and which bytes are its text?
Enters     The path of a .dbf.
Leaves     Its header, and the text values of a field as bytes; a refusal where it is cut short.
Elsewhere  What the bytes mean: read/encoding. Numbers and dates: GDAL, through read/ogr.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import InputError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HEADER = FIELD = 32
NAME_BYTES = 10  # and one for the end
END = b"\r"
DELETED, STAR, LAST_ASCII = ord("*"), ord("*"), 0x7F
COPY_AGAIN = Text(
    zh="请重新复制或导出整套文件（.shp、.shx、.dbf）。",
    en="Copy or export the whole set (.shp, .shx, .dbf) again.",
)

SAVE_AGAIN = Text(
    zh="可能有超过 255 字节的文本字段（Clipper、FoxPro）：请在原软件中缩短字段，或在 GIS 软件中另存。",
    en="It may hold text fields of more than 255 bytes (Clipper, FoxPro): shorten them in the "
    "program that wrote it, or save the layer as a GeoPackage there.",
)


@dataclass(frozen=True, slots=True)
class DbfField:
    """One field: its name as bytes, its kind (C, N, F, D, L), where it stands in a row."""

    name: bytes
    kind: str
    at: int
    width: int
    decimals: int = 0

    @property
    def cells(self) -> slice:
        """The columns of bytes that hold its values."""
        return slice(self.at, self.at + self.width)


@dataclass(frozen=True, slots=True)
class DbfTable:
    """The header of a table, and its rows where they lie."""

    path: Path
    language: int
    rows: int
    start: int
    width: int
    fields: tuple[DbfField, ...]

    def live(self) -> NDArray[np.bool_]:
        """Return for every row whether it is not marked as deleted."""
        mask: NDArray[np.bool_] = self._bytes()[:, 0] != DELETED
        return mask

    def texts(self, field: DbfField) -> dict[bytes, bool]:
        """Return the distinct texts of a field that are not ASCII, and whether each fills it.

        Without the spaces around them, and ended by the first zero byte, as GDAL reads them.
        """
        if field.kind != "C" or field.width == 0:
            return {}
        cells = self._bytes()[:, field.cells]
        cells = cells[(cells > LAST_ASCII).any(axis=1) & self.live()]
        distinct = np.unique(np.ascontiguousarray(cells).view(f"S{field.width}"))
        texts: dict[bytes, bool] = {}
        for cell in distinct.tolist():
            text = cell.split(b"\0")[0]
            filled = len(text) == field.width and not text.endswith(b" ")
            key = text.strip(b" ")
            texts[key] = texts.get(key, True) and filled
        return {text: filled for text, filled in texts.items() if not text.isascii()}

    def cells(self, field: DbfField) -> list[bytes]:
        """Return what stands in a field, row by row, without zero bytes at the end."""
        if field.width == 0:
            return [b""] * int(self.live().sum())
        cells = np.ascontiguousarray(self._bytes()[self.live(), field.cells])
        return [bytes(cell) for cell in cells.view(f"S{field.width}").ravel().tolist()]

    def starred(self, field: DbfField) -> int:
        """Return how many cells of a field hold an asterisk."""
        stars = self._bytes()[:, field.cells] == STAR
        return int((stars.any(axis=1) & self.live()).sum())

    def _bytes(self) -> NDArray[np.uint8]:
        if self.rows == 0:
            return np.empty((0, self.width), np.uint8)
        shape = (self.rows, self.width)
        return np.memmap(self.path, np.uint8, mode="r", offset=self.start, shape=shape)


def read_dbf(path: Path) -> DbfTable:
    """Read the header of a dBASE table.

    Raises
    ------
    InputError
        It is no dBASE table, its fields do not fill its rows, or it is shorter than its header says.
    """
    with path.open("rb") as stream:
        head = stream.read(HEADER)
        rows, start, width = struct.unpack("<IHH", head[4:12].ljust(8, b"\0"))
        fields = _fields(stream.read(max(start - HEADER, 0)))
    size = path.stat().st_size
    if not fields or fields[-1].at + fields[-1].width > width:
        raise _broken(
            path, "属性表的文件头不可读。", "The header of the attribute table is broken."
        )
    described = fields[-1].at + fields[-1].width
    if described != width:
        raise InputError(
            f"属性表的字段共 {described} 字节，每行却有 {width} 字节：其后的值会错位。",
            f"The fields of the attribute table take {described} bytes, but a row has {width}: "
            "values would be read at the wrong place.",
            remedy=SAVE_AGAIN,
            file=path,
            expected=width,
            found=described,
        )
    if size < start + rows * width:
        raise _broken(
            path,
            f"属性表不完整：应有 {rows} 行，文件只到第 {max(size - start, 0) // width} 行。",
            f"The attribute table is cut short: {rows} rows are announced, "
            f"{max(size - start, 0) // width} are there.",
        )
    return DbfTable(path, head[29], rows, start, width, fields)


def _fields(head: bytes) -> tuple[DbfField, ...]:
    fields: list[DbfField] = []
    at = 1
    for place in range(0, len(head) - FIELD + 1, FIELD):
        field = head[place : place + FIELD]
        if field[:1] == END:
            break
        name = field[:11].split(b"\0")[0].rstrip(b" ")
        kind = field[11:12].decode("latin-1").upper()
        fields.append(DbfField(name, kind, at, field[16], field[17]))
        at += field[16]
    return tuple(fields)


def _broken(path: Path, zh: str, en: str) -> InputError:
    return InputError(zh, en, remedy=COPY_AGAIN, file=path)
