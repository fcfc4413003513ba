"""Field sheet: the filled 野外核查表, read back as reference points.

Question   What did the surveyors write, and at which of the drawn points?
Enters     A workbook that ReferenceSample.write made and somebody filled in.
Leaves     A GeoDataFrame of points, those not visited without a class.
Elsewhere  Writing the sheet: present/field_sheet. Other files of points: read/vector.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import geopandas as gpd
from openpyxl import load_workbook
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import points as points_at

from greenspace.errors import InputError
from greenspace.model.crs import local_metre
from greenspace.model.reference_sample import ANSWER, NUMBER
from greenspace.model.words import Text
from greenspace.read.layer_reader import LayerInfo, RawLayer

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

SUFFIX = ".xlsx"
SUFFIXES = (SUFFIX,)
LAYER = "reference"
HIDDEN = "sample"
MOST_BYTES = 500_000_000
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class FieldSheetReader:
    """The one layer of a filled field-check sheet."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Return the one layer."""
        return (LAYER,)

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return what the sheet says of itself."""
        frame = read_field_sheet(self.path)
        columns = tuple(str(name) for name in frame.columns if name != "geometry")
        return (LayerInfo(LAYER, "Point", frame.crs.to_wkt(), len(frame), columns),)

    def read(self, layer: str, *, encoding: str | None = None) -> RawLayer:  # noqa: ARG002
        """Read the points; a workbook is Unicode whatever the encoding said."""
        return RawLayer(read_field_sheet(self.path))


def read_field_sheet(path: Path) -> gpd.GeoDataFrame:
    """Return the points of a filled field-check sheet.

    Returns
    -------
    GeoDataFrame
        ``id``, ``stratum``, ``stratum_area_m2``, ``map`` as drawn; ``reference`` as written,
        ``None`` where nothing was.

    Raises
    ------
    InputError
        It is no such workbook, or its points were changed: numbers missing, new or repeated.
    """
    try:
        _require_small(path)
        # read only: pictures that somebody put into the file are not decoded
        with closing(load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
            return _points(book, path)
    except InputError:
        raise
    except Exception as error:
        raise _no_sheet(path, f"{type(error).__name__}: {error}") from error


def _require_small(path: Path) -> None:
    """Refuse what would fill the memory once it is unpacked."""
    try:
        with ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except BadZipFile as error:
        raise _no_sheet(path, "no zip archive") from error
    if size > MOST_BYTES:
        raise _no_sheet(path, f"{size} bytes once unpacked")


def _points(book: Workbook, path: Path) -> gpd.GeoDataFrame:
    if HIDDEN not in book.sheetnames:
        raise _no_sheet(path, ", ".join(book.sheetnames))
    first, head, *rows = book[HIDDEN].iter_rows(max_row=MOST_ROWS, values_only=True)
    crs = _crs(first[1], path)
    names = [str(name) for name in head]
    columns: dict[str, list[Any]] = {
        name: [row[place] for row in rows] for place, name in enumerate(names)
    }
    answers = _answers(book, path)
    numbers = [int(number) for number in columns["id"]]
    _require_same(numbers, list(answers), path)
    kept = {name: columns[name] for name in names if name not in {"x", "y"}}
    x, y = ([float(value) for value in columns[name]] for name in ("x", "y"))
    reference = [answers[number] for number in numbers]
    return gpd.GeoDataFrame({**kept, "reference": reference}, geometry=points_at(x, y), crs=crs)


def _crs(text: Any, path: Path) -> CRS:
    if not text:
        return local_metre()
    try:
        return CRS.from_wkt(str(text))
    except CRSError as error:
        raise _no_sheet(path, "no CRS") from error


def _answers(book: Workbook, path: Path) -> dict[int, Any]:
    """Return what is written for each number; rows may be sorted anew, columns put between."""
    found: dict[int, Any] = {}
    rows, number_at, answer_at = _headed(book, path)
    for row in rows:
        number = _number(row[number_at]) if len(row) > number_at else None
        if number is None:
            continue
        if number in found:
            raise _changed(path, [number])
        found[number] = row[answer_at] if len(row) > answer_at else None
    return found


def _headed(book: Workbook, path: Path) -> tuple[list[tuple[Any, ...]], int, int]:
    """Return the rows below the headings, and where numbers and answers stand in them."""
    found: list[tuple[list[tuple[Any, ...]], list[int], list[int]]] = []
    for sheet in book.worksheets:
        if sheet.title == HIDDEN:
            continue
        rows = list(sheet.iter_rows(max_row=MOST_ROWS, values_only=True))
        for place, row in enumerate(rows):
            numbers, answers = (
                [at for at, cell in enumerate(row) if _is_heading(cell, words)]
                for words in (NUMBER, ANSWER)
            )
            if numbers and answers:
                found.append((rows[place + 1 :], numbers, answers))
    if len(found) == 1:
        below, numbers, answers = found[0]
        if len(numbers) == len(answers) == 1:
            return below, numbers[0], answers[0]
    raise InputError(
        f"核查表的标题行应有且只有一个“{NUMBER.zh}”和一个“{ANSWER.zh}”：不知哪一列是答案。",
        f"The sheet should have one row of headings with one {NUMBER.zh} ({NUMBER.en}) and one "
        f"{ANSWER.zh} ({ANSWER.en}): which column holds the answers is not known.",
        remedy=Text(
            zh="请恢复这两列的标题，并删去重复的标题或工作表。",
            en="Put both headings back, and remove those, or sheets, that repeat them.",
        ),
        file=path,
        layer=LAYER,
        expected=(NUMBER.zh, ANSWER.zh),
        found=f"{len(found)} rows of headings",
    )


def _is_heading(cell: object, words: Text) -> bool:
    """Return whether a heading says a word in either language, each on a line of its own."""
    if not isinstance(cell, str):
        return False
    lines = {line.strip().casefold() for line in cell.splitlines()}
    return bool(lines & {words.zh.casefold(), words.en.casefold()})


def _number(cell: object) -> int | None:
    """Return the number of a point, as a number or as text, else nothing."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    try:
        number = float(cell)
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _require_same(drawn: list[int], written: list[int], path: Path) -> None:
    wrong = sorted(set(drawn) ^ set(written))
    if wrong:
        raise _changed(path, wrong)


def _changed(path: Path, rows: list[int]) -> InputError:
    return InputError(
        f"核查表中有 {len(rows)} 个编号缺失、多出或重复：不知对应哪个点。",
        f"{len(rows)} numbers of the sheet are missing, new or repeated: which points are meant "
        "is not known.",
        remedy=Text(
            zh="编号应与抽样时一致；未核查的点请保留该行、留空类别。",
            en="Numbers stay as they were drawn; keep the row of a point not visited and leave "
            "its class blank.",
        ),
        file=path,
        layer=LAYER,
        rows=rows,
    )


def _no_sheet(path: Path, found: str) -> InputError:
    return InputError(
        "不是能读取的种类：工作簿中只读 gs.draw_reference_sample 写出的野外核查表。",
        "It is of no kind that is read: of workbooks, only a field-check sheet that "
        "gs.draw_reference_sample wrote.",
        remedy=Text(
            zh="其他工作表请另存为 CSV 或 GeoPackage。",
            en="Save any other sheet as CSV or GeoPackage.",
        ),
        file=path,
        layer=LAYER,
        found=found,
    )
