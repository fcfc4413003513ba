"""CSV: a table of text whose columns hold coordinates or shapes in words.

Question   Which columns are east and north, or WKT, and do their values bear it out?
Enters     The path of a table, and the columns that the user names.
Leaves     A layer without CRS; codes stay text; refusals where several columns could be meant.
Elsewhere  Names of columns: read/csv_columns. Encodings: read/text. What is lost: read/losses.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.errors import ShapelyError

from greenspace.errors import ColumnError, InputError
from greenspace.model.source import Finding
from greenspace.model.words import Text
from greenspace.read.csv_columns import Places, find_places, require_unswapped
from greenspace.read.files import require_file
from greenspace.read.gdal import wkb_of_words
from greenspace.read.layer_reader import LayerInfo, RawLayer
from greenspace.read.losses import arcs_finding, flattened, without_unbuildable
from greenspace.read.text import encoding_of_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SUFFIXES = (".csv", ".tsv", ".txt")
SEPARATORS = (",", "\t", ";", "|")
NUMBER = r"[+-]?\d+(?:\.\d*)?(?:[eE](?:-\d{1,3}|\+?\d{1,2}))?"
ARCS = re.compile(r"CURVE|CIRCULARSTRING|SURFACE", re.IGNORECASE)
KIND_LENGTH = 40
PLAIN_NUMBER = r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?"  # "0810" and long numbers are codes
NO_CRS_IN_CSV = Text(
    zh="表格不记录坐标系；经纬度可能是 WGS 84、CGCS2000（EPSG:4490），也可能是偏移过的地图坐标。",
    en="A table does not record its CRS: degrees may be WGS 84, CGCS2000 (EPSG:4490), or the "
    "shifted ones of a web map.",
)


@dataclass(frozen=True, slots=True)
class CsvReader:
    """A table of text; ``columns`` may name the columns ``x`` and ``y``, or ``wkt``."""

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Return the one layer, named as the file."""
        return (self.path.stem,)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the table says of itself; no geometry type where no column tells places."""
        read = read_text_table(self.path)
        table = read.rows
        try:
            places = find_places(table, self.columns, file=self.path, doubled=read.doubled)
        except ColumnError:
            kind = None
        else:
            kind = "Unknown" if places.wkt else "Point"
        columns = tuple(str(name) for name in table.columns)
        return (LayerInfo(self.path.stem, kind, None, len(table), columns),)

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:
        """Read the table, one shape a row.

        Raises
        ------
        ColumnError
            No column, or more than one, could hold the places; a column that is used is there
            twice; or a value is no number.
        EncodingError
            The text cannot be decoded.
        InputError
            The rows do not fit the first line, or a quote is not closed.
        """
        read = read_text_table(self.path, encoding)
        table = read.rows
        places = find_places(table, self.columns, file=self.path, doubled=read.doubled)
        if places.wkt:
            frame, lost = _from_wkt(table, places.wkt, self.path, layer)
        else:
            frame, lost = _from_numbers(table, places, self.path, layer)
        frame, flat = flattened(frame, layer=layer, measured=False)
        return RawLayer(frame, (*read.findings, *lost, *flat), why_no_crs=NO_CRS_IN_CSV)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in which every cell is text, and the names that its first line has twice."""

    rows: pd.DataFrame
    doubled: tuple[str, ...]
    findings: tuple[Finding, ...]


def require_text_table(path: Path | str, problem: Text) -> Path:
    """Return the path of a table of text that is there; `problem` says what it should hold.

    Raises
    ------
    InputError
        There is no such file, or it is of another kind.
    """
    file = require_file(path)
    if file.is_dir() or file.suffix.lower() not in SUFFIXES:
        raise InputError(
            problem.zh,
            problem.en,
            remedy=Text(zh="请另存为 CSV（UTF-8 或 GBK）。", en="Save it as CSV (UTF-8 or GBK)."),
            file=file,
            expected=SUFFIXES,
            found=file.suffix,
        )
    return file


def read_text_table(path: Path, encoding: str | None = None) -> TextTable:
    """Return the rows of a table of text as they are written.

    Raises
    ------
    EncodingError
        The text cannot be decoded.
    InputError
        The rows do not fit the first line, or a quote is not closed.
    """
    content = path.read_bytes()
    found, findings = encoding_of_text(content, file=path, encoding=encoding)
    text = content.decode(found)
    first = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        head, *rows = _parsed(text, separator)
    except csv.Error as error:
        raise _unfit(path, str(error)) from error
    wrong = tuple(at for at, row in enumerate(rows) if len(row) != len(head))
    if wrong:
        width = len(rows[wrong[0]])
        raise _unfit(path, f"{width} ≠ {len(head)}", rows=wrong, expected=len(head), found=width)
    names, renamed = _own_names(head)
    told = (*_renamed(renamed), *_line_breaks(rows, separator))
    doubled = tuple(name for name, count in Counter(head).items() if count > 1 and name.strip())
    return TextTable(pd.DataFrame(rows, columns=names, dtype=str), doubled, (*findings, *told))


def _parsed(text: str, separator: str) -> list[list[str]]:
    """Return the rows of a table; lines that are blank are none."""
    usual = csv.field_size_limit()
    csv.field_size_limit(max(usual, len(text)))  # a shape in words may be long
    try:
        lines = io.StringIO(text, newline="")
        rows = list(csv.reader(lines, delimiter=separator, strict=True))
    finally:
        csv.field_size_limit(usual)
    rows = [row for row in rows if len(row) > 1 or "".join(row).strip()]
    if not rows:
        raise csv.Error("no rows")
    return rows


def _unfit(path: Path, reason: str, **facts: Any) -> InputError:
    return InputError(
        f"表格各行与表头不一致：{reason}。",
        f"The rows of the table do not fit its first line: {reason}.",
        remedy=Text(
            zh="第一行应为字段名，各行列数相同；含分隔符的文字请加引号，引号要成对。",
            en="The first line names the columns, and every row has as many; quote text "
            "that holds the separator, and close every quote.",
        ),
        file=path,
        **facts,
    )


def _own_names(head: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return a name of its own for each column, and which were renamed."""
    names: list[str] = []
    renamed = []
    for said in head:
        name = said if said.strip() else "field"
        while name in names or (name != said and name in head):
            name += "_"
        if name != said:
            renamed.append(f"{said} → {name}")
        names.append(name)
    return names, renamed


def _renamed(renamed: Sequence[str]) -> tuple[Finding, ...]:
    if not renamed:
        return ()
    text = Text(
        zh=f"字段重名或无名，已改名：{'；'.join(renamed)}。",
        en=f"Columns without a name of their own were renamed: {'; '.join(renamed)}.",
    )
    return (Finding(code="field_renamed", text=text, severity="warning", count=len(renamed)),)


def _line_breaks(rows: Sequence[Sequence[str]], separator: str) -> tuple[Finding, ...]:
    """Tell of quoted text over several lines, in which a stray quote may have swallowed rows."""
    broken = {
        at: lines
        for at, row in enumerate(rows)
        if (lines := [line for cell in row if "\n" in cell for line in cell.split("\n")[1:]])
    }
    if not broken:
        return ()
    most = max(1, len(rows[0]) - 1)
    swallowed = any(line.count(separator) >= most for each in broken.values() for line in each)
    text = Text(
        zh=f"{len(broken)} 行的引号内有换行；若不是多行文字，就是多余的引号吞掉了后面的行，请核对。",
        en=f"Rows with line breaks inside quotes: {len(broken)}. If they are no text of several "
        "lines, a stray quote has swallowed the rows after it: check them.",
    )
    finding = Finding(
        code="text_with_line_breaks",
        text=text,
        severity="warning" if swallowed else "note",
        rows=tuple(broken),
        count=len(broken),
    )
    return (finding,)


def _from_wkt(
    table: pd.DataFrame, column: str, path: Path, layer: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    words = table[column].str.strip()
    shapes = np.array([_shape(text) for text in words], dtype=object)
    arcs = [at for at, text in enumerate(words) if shapes[at] is None and ARCS.search(text)]
    if arcs:
        drawn = wkb_of_words([words.iloc[at] for at in arcs])
        shapes[arcs] = shapely.from_wkb(np.array(drawn, dtype=object), on_invalid="ignore")
    frame, lost = without_unbuildable(
        _layer(table, shapes, {column}),
        [bool(text) for text in words],
        lambda at: words.iloc[at].partition("(")[0].strip()[:KIND_LENGTH],
        file=path,
        layer=layer,
    )
    count = sum(shapes[at] is not None for at in arcs)
    return frame, (*lost, *arcs_finding(count, layer))


def _shape(text: str) -> shapely.Geometry | None:
    try:
        return shapely.from_wkt(text) if text else None
    except (ShapelyError, RuntimeError):  # the latter where there are arcs
        return None


def _from_numbers(
    table: pd.DataFrame, places: Places, path: Path, layer: str
) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    x, y = (_numbers(table[column], path, layer) for column in (places.x, places.y))
    require_unswapped(places, x, y, file=path)
    missing = np.isnan(x) | np.isnan(y)
    points = shapely.points(np.where(missing, 0, x), np.where(missing, 0, y))
    points[missing] = None
    return _layer(table, points, {places.x, places.y}), _missing(missing, layer)


def _missing(missing: np.ndarray, layer: str) -> tuple[Finding, ...]:
    count = int(missing.sum())
    if not count:
        return ()
    text = Text(zh=f"{count} 行没有坐标。", en=f"Rows without coordinates: {count}.")
    rows = tuple(np.flatnonzero(missing).tolist())
    finding = Finding(
        code="coordinates_missing",
        text=text,
        severity="warning",
        layer=layer,
        rows=rows,
        count=count,
    )
    return (finding,)


def _numbers(column: pd.Series, path: Path, layer: str) -> np.ndarray:
    spelt = column.map(lambda text: unicodedata.normalize("NFKC", text).strip())
    wrong = (spelt != "") & ~spelt.str.fullmatch(NUMBER)
    if wrong.any():
        first = spelt[wrong].iloc[0]
        raise ColumnError(
            f"坐标不是数：{first!r}。",
            f"A coordinate is no number: {first!r}.",
            remedy=Text(
                zh="请写成十进制数（不用千分位，不用度分秒）；没有坐标的请留空。",
                en="Write decimal numbers, without thousands separators, degrees not in minutes "
                "and seconds; leave empty what is unknown.",
            ),
            file=path,
            layer=layer,
            column=str(column.name),
            rows=column.index[wrong].tolist(),
            expected="a decimal number",
            found=first,
        )
    return np.array([float(number or "nan") for number in spelt])  # exact to the last digit


def _layer(table: pd.DataFrame, shapes: np.ndarray, as_text: set[str]) -> gpd.GeoDataFrame:
    name = "geometry"
    while name in table.columns:
        name += "_"
    typed = {
        column: table[column] if column in as_text else _typed(table[column])
        for column in table.columns
    }
    return gpd.GeoDataFrame({**typed, name: shapes}, geometry=name, index=table.index)


def _typed(column: pd.Series) -> pd.Series:
    """Return numbers as numbers; a column with one code in it stays text."""
    filled = column[column != ""]
    if filled.empty or not filled.str.fullmatch(PLAIN_NUMBER).all():
        return column.where(column != "")
    return pd.to_numeric(column.where(column != ""))
