"""Shapefile: what its attribute table can hold, and the names it is given.

Question   Does this layer fit a shapefile, in which encoding, and what are its fields called?
Enters     Plain columns and the kind of shapes.
Leaves     Columns that fit, a name map, the parts; or a refusal that names column and rows.
Elsewhere  Writing it: vector_files. Reading the name map: read/field_names.
"""

from __future__ import annotations

import codecs
import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from greenspace.errors import ColumnError, EncodingError, GeometryError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.model.written import NAME_MAP, defused
from greenspace.present.vector_files import shape_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from greenspace.present.attributes import Column

NAME_BYTES: Final = 10
TEXT_BYTES: Final = 254
LANGUAGE_AT: Final = 29  # the byte of a dBASE header that names a code page
LANGUAGES: Final = {"gbk": 0x4D, "utf-8": 0x00}  # 0x00: the .cpg decides
PARTS: Final = (
    *(".shp", ".shx", ".dbf", ".prj", ".cpg", NAME_MAP),
    *(".sbn", ".sbx", ".qix", ".fix", ".fbn", ".fbx", ".ain", ".aih", ".atx", ".ixs", ".mxs"),
    *(".idm", ".ind", ".qpj", ".shp.xml"),
)
AS_GEOPACKAGE: Final = Text(
    zh="请改写 GeoPackage（.gpkg），或先转为文字。",
    en="Write a GeoPackage (.gpkg), or turn the column into text first.",
)


def parts_of(path: Path) -> list[Path]:
    """Return the parts of a shapefile that lie in its folder, stale indexes included."""
    if not path.parent.is_dir():
        return []
    return sorted(
        item
        for item in path.parent.iterdir()
        if item.name.startswith(f"{path.stem}.") and item.name[len(path.stem) :].lower() in PARTS
    )


def encoding_for(columns: Sequence[Column], asked: str | None) -> str:
    """Return ``gbk`` where all text fits it, else ``utf-8``; or the one that is asked for.

    Raises
    ------
    EncodingError
        Another one is asked for.
    """
    if asked is None:
        return "gbk" if not any(_unfit(column, "gbk") for column in columns) else "utf-8"
    try:
        name = codecs.lookup(asked).name
    except LookupError:
        name = asked
    if name not in LANGUAGES:
        raise EncodingError(
            f"shapefile 只写 GBK 或 UTF-8，不写 {asked}。",
            f"Shapefiles are written in GBK or UTF-8, not in {asked}.",
            remedy=Text(
                zh='请写 encoding="gbk" 或 "utf-8"。', en='Pass encoding="gbk" or "utf-8".'
            ),
            expected=tuple(LANGUAGES),
            found=asked,
        )
    return name


def fit_columns(
    columns: Sequence[Column], encoding: str, index: pd.Index, layer: str
) -> tuple[list[Column], dict[str, str]]:
    """Return the columns under their field names, and field name to column where they differ.

    Raises
    ------
    ColumnError
        A value is longer than a field, or a moment, which dBASE does not know.
    EncodingError
        The encoding lacks a character.
    """
    for column in columns:
        _require_fit(column, encoding, index, layer)
    fields = field_names([column.name for column in columns], encoding)
    dated = [replace(item, kind="date") if item.kind == "moment" else item for item in columns]
    fitted = [replace(column, name=fields[column.name]) for column in dated]
    return fitted, {field: name for name, field in fields.items() if field != name}


def field_names(names: Sequence[str], encoding: str) -> dict[str, str]:
    """Return a field name of at most ten bytes for each, cut between characters, each its own.

    Examples
    --------
    >>> field_names(["公园绿地名称", "公园绿地名录"], "gbk")
    {'公园绿地名称': '公园绿地名', '公园绿地名录': '公园绿地_1'}
    >>> field_names(["公园绿地名称"], "utf-8")
    {'公园绿地名称': '公园绿'}
    """
    short = {name for name in names if name == _cut(name, NAME_BYTES, encoding)}
    taken = {name.lower() for name in short}
    fields: dict[str, str] = {}
    for name in names:
        unique = name in short and name.lower() not in {field.lower() for field in fields.values()}
        fields[name] = name if unique else _free_field(name, taken, encoding)
        taken.add(fields[name].lower())
    return fields


def _free_field(name: str, taken: set[str], encoding: str) -> str:
    field, number = _cut(name, NAME_BYTES, encoding), 0
    while field.lower() in taken:
        number += 1
        tail = f"_{number}"
        field = _cut(name, NAME_BYTES - len(tail), encoding) + tail
    return field


def _cut(name: str, most: int, encoding: str) -> str:
    return name.encode(encoding)[:most].decode(encoding, errors="ignore").strip()


def require_one_kind(frame: gpd.GeoDataFrame, layer: str) -> None:
    """Refuse shapes of several kinds, of a kind that shapefiles lack, or none.

    Raises
    ------
    GeometryError
        As above.
    """
    if shape_kind(frame) is not None:
        return
    kinds = tuple(sorted(set(frame.geom_type.dropna())))
    raise GeometryError(
        f"shapefile 只能保存一种图形，此图层有：{'、'.join(kinds) or '无'}。",
        f"A shapefile holds one kind of shape; this layer has: {', '.join(kinds) or 'none'}.",
        remedy=Text(
            zh="请按种类分开写，或改写 GeoPackage（.gpkg）。",
            en="Write each kind to a file of its own, or all to a GeoPackage (.gpkg).",
        ),
        layer=layer,
        found=kinds,
    )


def finish(path: Path, encoding: str, names: Mapping[str, str]) -> None:
    """Set the language byte, and write .cpg and name map, beside a shapefile just written."""
    with path.with_suffix(".dbf").open("r+b") as table:
        table.seek(LANGUAGE_AT)
        table.write(bytes([LANGUAGES[encoding]]))
    path.with_suffix(".cpg").write_text(encoding.upper(), encoding="ascii")
    if not names:
        return
    with path.with_suffix(NAME_MAP).open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("field", "name"))
        rows.writerows((defused(field), defused(name)) for field, name in names.items())


def told_findings(encoding: str, asked: str | None, names: Mapping[str, str]) -> list[Finding]:
    """Return what was chosen for the user: an encoding other than GBK, shorter names."""
    found = []
    if asked is None and encoding != "gbk":
        text = Text(
            zh="文字中有 GBK 以外的字，shapefile 用 UTF-8 写。",
            en="The text holds characters that GBK lacks; the shapefile is in UTF-8.",
        )
        found.append(Finding(code="encoding_chosen", text=text))
    if names:
        pairs = ", ".join(f"{name} → {field}" for field, name in names.items())
        text = Text(
            zh=f"{len(names)} 个字段名过长或重复，已缩短；原名在 {NAME_MAP} 中：{pairs}。",
            en=f"{len(names)} field names were too long or alike and were cut; {NAME_MAP} keeps "
            f"them: {pairs}.",
        )
        found.append(Finding(code="names_cut", text=text, count=len(names)))
    return found


def _unfit(column: Column, encoding: str) -> list[int]:
    """Return the rows whose text the encoding lacks; -1 stands for the column's name."""
    rows = [] if _encodes(column.name, encoding) else [-1]
    texts = column.data if column.kind == "text" else ()
    return rows + [at for at, text in enumerate(texts) if not _encodes(text or "", encoding)]


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _require_fit(column: Column, encoding: str, index: pd.Index, layer: str) -> None:
    unfit = _unfit(column, encoding)
    if unfit:
        raise EncodingError(
            f"文字里有 {encoding.upper()} 没有的字。",
            f"The text holds characters that {encoding.upper()} lacks.",
            remedy=Text(zh='请用 encoding="utf-8"。', en='Pass encoding="utf-8".'),
            layer=layer,
            column=column.name,
            rows=[index[at] for at in unfit if at >= 0],
            found=encoding,
        )
    if column.kind == "text":
        sizes = [0 if text is None else len(text.encode(encoding)) for text in column.data]
        over = np.array(sizes) > TEXT_BYTES
        zh = f"文字超过 {TEXT_BYTES} 字节，shapefile 的字段放不下。"
        en = f"Text is longer than the {TEXT_BYTES} bytes that a field of a shapefile holds."
    elif column.kind == "moment":
        over = ~column.null & (column.zoned | (column.data != column.data.astype("datetime64[D]")))
        zh = "shapefile 只有日期，没有钟点。"
        en = "A shapefile keeps dates, but no time of day."
    else:
        return
    if over.any():
        raise ColumnError(
            zh, en, remedy=AS_GEOPACKAGE, layer=layer, column=column.name, rows=index[over]
        )
