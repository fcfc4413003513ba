"""Shapefile: one layer in several files, its text in bytes that need not say what they are.

Question   What does this shapefile hold, in the words that were written?
Enters     The path of a .shp, and the encoding where the user knows it.
Leaves     The layer as it is, told what was missing, cut or detected; the files untouched.
Elsewhere  Parts and records: read/shapefile_parts. Text: read/encoding. Shapes: read/ogr.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCrsError

from greenspace.errors import EncodingError, GeometryError, InputError
from greenspace.model.gauss_kruger import lacks_parameters
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.codepages import LATIN, UTF8
from greenspace.read.dbf import COPY_AGAIN, NAME_BYTES, read_dbf
from greenspace.read.dbf_cells import asterisks, require_cells
from greenspace.read.encoding import Choice, choose_encoding, decode_text
from greenspace.read.field_names import long_names
from greenspace.read.gdal import listening, opened
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.ogr import read_frame, refusing, unreadable
from greenspace.read.rings import reoriented
from greenspace.read.shapefile_parts import Parts, complete_copy, read_records, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from greenspace.model.source import Severity
    from greenspace.read.dbf import DbfField, DbfTable
    from greenspace.read.shapefile_parts import Records

GEOMETRY = "geometry"
LOST = "unbuildable_shape"
EMPTY_BYTES = 44  # a record that long or shorter has no vertex: bounds and two counts of zero


@dataclass(frozen=True, slots=True)
class ShapefileReader:
    """A shapefile; ``path`` is its .shp."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the name of the one layer: that of the file."""
        return (self.path.stem,)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the file says of its layer; names that do not decode show a � each."""
        with refusing(self.path):
            return (self._info(),)

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read the layer.

        Raises
        ------
        InputError
            The set of files is not whole.
        ColumnError
            A number or a date is none.
        EncodingError
            The text does not decode, or reads as well in two encodings.
        GeometryError
            A shape cannot be read.
        """
        with refusing(self.path, layer):
            return self._read(layer, encoding)

    def _info(self) -> LayerInfo:
        files = _open(self.path)
        try:
            names, _ = _field_names(files, files.choose(None).codec)
        except EncodingError:
            names = tuple(field.name.decode(UTF8, "replace") for field in files.fields)
        with files.for_gdal() as shp, listening(), opened(shp) as place:
            info = pyogrio.read_info(place, encoding=LATIN)
        return LayerInfo(self.path.stem, info["geometry_type"], info["crs"], files.rows, names)

    def _read(self, layer: str, encoding: str | None) -> RawLayer:
        files = _open(self.path)
        choice = files.choose(encoding)
        if files.table is not None:
            require_cells(files.table, _field_names(files, choice.codec)[0], self.path)
        with files.for_gdal() as shp:
            frame, taken = read_frame(shp, layer, LATIN)
        _require_every_row(
            frame, sum(item.count or 0 for item in taken if item.code == LOST), files
        )
        frame, turned = reoriented(frame, layer)
        frame, told = _with_text(frame, files, choice.codec)
        frame, identified = _with_epsg(frame, files)
        findings = (*choice.findings, *taken, *turned, *told, *identified, *_remarks(files))
        return RawLayer(frame, findings, why_no_crs=_why_no_crs(files.parts))


@dataclass(frozen=True, slots=True)
class _Files:
    """An opened shapefile: its parts, where its shapes lie, its table and the text of each field."""

    parts: Parts
    records: Records
    table: DbfTable | None
    texts: tuple[dict[bytes, bool], ...]
    prj: CRS | None

    @property
    def fields(self) -> tuple[DbfField, ...]:
        return () if self.table is None else self.table.fields

    @property
    def rows(self) -> int:
        return len(self.records) if self.table is None else int(self.table.live().sum())

    def choose(self, given: str | None) -> Choice:
        if self.table is None:
            return Choice(UTF8)
        texts: dict[bytes, bool] = {}
        names = {field.name: _is_full(field) for field in self.fields if not field.name.isascii()}
        for found in (names, *self.texts):
            for text, filled in found.items():
                texts[text] = texts.get(text, True) and filled
        cpg = None if self.parts.cpg is None else self.parts.cpg.read_bytes()
        path, language = self.parts.shp, self.table.language
        return choose_encoding(path, texts, given=given, cpg=cpg, language=language)

    @contextmanager
    def for_gdal(self) -> Iterator[Path]:
        """Give the .shp, or a copy beside which nothing stops GDAL."""
        names = [field.name for field in self.fields]
        twice = len({GEOMETRY.encode(), *names}) <= len(names)
        garbled = self.parts.prj is not None and self.prj is None
        foreign = not garbled and self.parts.prj is not None and not _is_utf8(self.parts.prj)
        plain = self.records.from_index and self.parts.are_plain
        if plain and not twice and not garbled and not foreign:
            yield self.parts.shp
            return
        parts = replace(self.parts, prj=None) if garbled else self.parts
        with complete_copy(parts, self.records, self.table) as shp:
            yield shp


def _open(path: Path) -> _Files:
    parts = Parts.of(path)
    records = read_records(parts)
    table = None if parts.dbf is None else read_dbf(parts.dbf)
    if table is not None and table.rows != len(records):
        raise InputError(
            f"图形 {len(records)} 个，属性 {table.rows} 行，两者对不上。",
            f"There are {len(records)} shapes but {table.rows} rows of attributes.",
            remedy=COPY_AGAIN,
            file=path,
            expected=len(records),
            found=table.rows,
        )
    texts = () if table is None else tuple(table.texts(field) for field in table.fields)
    return _Files(parts, records, table, texts, _crs_of(parts))


def _is_utf8(prj: Path) -> bool:
    return prj.read_bytes() == words_of(prj).encode()


def _crs_of(parts: Parts) -> CRS | None:
    if parts.prj is None:
        return None
    try:
        crs = CRS.from_wkt(words_of(parts.prj))
    except ProjCrsError:
        return None
    return None if lacks_parameters(crs) else crs


def _require_every_row(frame: gpd.GeoDataFrame, left_out: int, files: _Files) -> None:
    count = len(files.fields) + 1
    if len(frame) + left_out != files.rows or len(frame.columns) != count:
        raise unreadable(files.parts.shp, f"{len(frame)} / {files.rows}")
    lengths = files.records.lengths
    if files.table is not None:
        lengths = lengths[files.table.live()]
    lost = frame.geometry.isna().to_numpy() & (lengths[frame.index] > EMPTY_BYTES)
    if lost.any():
        rows = frame.index[lost].tolist()
        raise GeometryError(
            f"有 {len(rows)} 个图形已损坏，不能读取。",
            f"{len(rows)} shapes are corrupt and cannot be read.",
            remedy=COPY_AGAIN,
            file=files.parts.shp,
            layer=files.parts.shp.stem,
            rows=rows,
        )


def _with_text(
    frame: gpd.GeoDataFrame, files: _Files, codec: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the frame with names and values decoded from the bytes that GDAL handed through."""
    names, findings = _field_names(files, codec)
    frame = frame.set_axis([*names, GEOMETRY], axis=1).set_geometry(GEOMETRY)
    cut: dict[str, int] = {}
    for name, values in zip(names, files.texts, strict=True):
        if not values:
            continue
        told = {
            raw.decode(LATIN): decode_text(raw, codec, filled=filled)
            for raw, filled in values.items()
        }
        column = frame[name]
        tails = [raw for raw, (_, tail) in told.items() if tail]
        if tails:
            cut[name] = int(column.isin(tails).sum())
        shown = {raw: text for raw, (text, _) in told.items()}
        decoded = column.map(lambda raw, shown=shown: shown.get(raw, raw), na_action="ignore")
        frame[name] = decoded.astype(column.dtype)
    if cut:
        listed = ", ".join(f"{name} {count}" for name, count in cut.items())
        text = Text(
            zh=f"有文字在字段末尾被截断半个字，残余字节已舍去：{listed}。",
            en=f"Values were cut in mid-character by the width of their field; "
            f"the rest of the character is left out: {listed}.",
        )
        count = sum(cut.values())
        findings = (*findings, Finding(code="text_cut", text=text, severity="warning", count=count))
    return frame, findings


def _is_full(field: DbfField) -> bool:
    return len(field.name) >= NAME_BYTES


def _field_names(files: _Files, codec: str) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    names: list[str] = []
    cut, twice = [], []
    for field in files.fields:
        text, tail = decode_text(field.name, codec, filled=_is_full(field))
        name = _free_name(text or "field", {GEOMETRY, *names})
        if tail:
            cut.append(f"{field.name.hex(' ')} → {name}")
        elif name != text:
            twice.append(f"{text} → {name}")
        names.append(name)
    findings = []
    if cut:
        zh = f"字段名在半个字处被截断，残余字节已舍去：{'；'.join(cut)}。"
        en = f"Field names are cut in mid-character; the rest is left out: {'; '.join(cut)}."
        findings.append(_finding("field_name_cut", "warning", zh, en, len(cut)))
    if twice:
        zh = f"字段重名或无名，已改名：{'；'.join(twice)}。"
        en = f"Fields without a name of their own were renamed: {'; '.join(twice)}."
        findings.append(_finding("field_renamed", "warning", zh, en, len(twice)))
    long, told = long_names(files.parts.shp, (*names, GEOMETRY))
    return tuple(long.get(name, name) for name in names), (*findings, *told)


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 0
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def _with_epsg(
    frame: gpd.GeoDataFrame, files: _Files
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """Return the frame in the one EPSG code that its .prj describes under another name."""
    if frame.crs is None or files.prj is None or frame.crs.to_epsg() is not None:
        return frame, ()
    codes = files.prj.list_authority(auth_name="EPSG")
    if len(codes) != 1:
        return frame, ()
    known = CRS.from_epsg(int(codes[0].code))
    zh = f".prj 的坐标系 {files.prj.name} 即 EPSG:{codes[0].code}（{known.name}）。"
    en = f"The CRS of the .prj, {files.prj.name}, is EPSG:{codes[0].code} ({known.name})."
    told = _finding("crs_identified", "note", zh, en)
    return frame.set_crs(known, allow_override=True), (told,)


def _why_no_crs(parts: Parts) -> Text:
    name = parts.shp.with_suffix(".prj").name
    if parts.prj is None:
        return Text(
            zh=f"图层没有坐标系：旁边没有 {name}。",
            en=f"The layer has no CRS: there is no {name} beside it.",
        )
    return Text(
        zh=f"图层没有坐标系：{name} 无法识别。",
        en=f"The layer has no CRS: {name} cannot be read.",
    )


def _remarks(files: _Files) -> Iterator[Finding]:
    name = files.parts.shp.name
    if not files.records.from_index:
        zh = f"{name} 的 .shx 缺失或与图形不符，已从 .shp 重新推出（未写入原文件夹）。"
        en = f"The .shx of {name} is missing or not its own: the .shp was read record by record."
        yield _finding("shx_rebuilt", "warning", zh, en, len(files.records))
    if files.parts.prj is not None and files.prj is None:
        zh, en = f"{files.parts.prj.name} 无法识别。", f"{files.parts.prj.name} cannot be read."
        yield _finding("prj_unreadable", "warning", zh, en)
    if files.table is None:
        zh = f"{name} 没有 .dbf：只有图形，没有属性。"
        en = f"{name} has no .dbf: there are shapes without attributes."
        yield _finding("attributes_missing", "warning", zh, en, len(files.records))
        return
    deleted = files.table.rows - files.rows
    if deleted:
        zh = f"{deleted} 行在 .dbf 中标为已删除，未读取。"
        en = f"{deleted} rows are marked as deleted in the .dbf and were left out."
        yield _finding("rows_deleted", "note", zh, en, deleted)
    starred = asterisks(files.table)
    if starred:
        zh = f"{starred} 个数字写作星号：为空，或超出字段宽度；按空值读取。"
        en = f"{starred} numbers are asterisks: empty, or too long for their field; read as empty."
        yield _finding("number_overflow", "note", zh, en, starred)


def _finding(code: str, severity: Severity, zh: str, en: str, count: int | None = None) -> Finding:
    return Finding(code=code, text=Text(zh=zh, en=en), severity=severity, count=count)
