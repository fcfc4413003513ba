"""Control-point tables: the corners of green lines as CSV, Excel and Word.

Question   What does the table say above its rows, and in which columns do the corners stand?
Enters     ControlPoints, a city's name and date.
Leaves     One file, from which read/control_points makes the same lines.
Elsewhere  Numbering: delimit/control_points. Cells: cells. Word: word_table, word_style.

Coordinates have three decimals in all of them, and are whole millimetres to begin with.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from greenspace.errors import InputError
from greenspace.model.control_points import CLOSES, CLOSING, COURSES, FACTS, HEADS, POINTS, TITLE
from greenspace.model.gauss_kruger import zone_of
from greenspace.model.words import Text
from greenspace.model.written import defused
from greenspace.present.blocks import Cell, Grid
from greenspace.present.cells import finish_sheet, put, put_text, write_heads
from greenspace.present.document import packed
from greenspace.present.fixed_zip import BEGINNING, without_times
from greenspace.present.folder import FORCE
from greenspace.present.parts import replace_files
from greenspace.present.report_words import say
from greenspace.present.word_style import dress, number_pages, turn
from greenspace.present.word_table import table_element
from greenspace.present.words import clean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.words import Language

    Facts = list[tuple[str, str]]

COLUMNS: Final = (*COURSES, "length_m", "area_m2")
PRINTED: Final = tuple(name for name in COURSES if name != "line")
SHAPES: Final = {"ring": "0", "order": "0", "point": "0", "points": "0", "line": ""}
WIDEST: Final = 15.0  # characters of a coordinate with its zone
METRES: Final = "0.000"
SQUARE_METRES: Final = "0.00"
MOST_ROWS: Final = 1_048_000
SHEETS: Final = {
    "courses": Text("控制点", "Control points"),
    "points": Text("点表", "Points"),
    "closing": Text("闭合", "Closing"),
}
CLOSING_HEADS: Final = {
    "points": Text("点数", "Points"),
    "error_m": Text("坐标闭合差（m）", "Closing error (m)"),
}
UNIT: Final = Text(
    "米（m），坐标与边长取至 0.001；X 为北、Y 为东",
    "metres, coordinates and edges to 0.001; X is north, Y is east",
)
ORDER: Final = Text(
    "外环（0）顺时针、内环（1 起）逆时针，自西北角起；边长为至下一点，由表列坐标算得",
    "outer ring (0) clockwise, holes (1 on) anticlockwise, from the north-west; an edge leads to "
    "the next point and is computed from the coordinates in this table",
)
GREEN_LINE: Final = HEADS["line"]
RINGS: Final = {True: Text("外环", "outer ring"), False: Text("内环", "hole")}
SUM: Final = Text(
    "{ring} {at}：{points} 点，周长 {length:.3f} m，面积 {area:.2f} m²，坐标闭合差 {error:.3f} m。",
    "{ring} {at}: {points} points, perimeter {length:.3f} m, area {area:.2f} m², closing error "
    "{error:.3f} m.",
)


def write_control_points(
    points: ControlPoints,
    path: Path,
    *,
    language: Language,
    city: str = "",
    date: dt.date | None = None,
    force: bool = False,
) -> Path:
    """Write the table in the format that the file's name asks for, whole or not at all.

    Raises
    ------
    InputError
        As `ControlPoints.write`.
    """
    make = MAKERS.get(path.suffix.lower())
    if make is None:
        raise InputError(
            f"控制点表写成 {'、'.join(MAKERS)}，而不是 {path.suffix or '无后缀'}。",
            f"A table of control points is written as {', '.join(MAKERS)}, not as "
            f"{path.suffix or 'a file without suffix'}.",
            remedy=Text(zh="请改文件名的后缀。", en="Name the file with one of them."),
            file=path,
            expected=tuple(MAKERS),
            found=path.suffix,
        )
    if path.is_dir() or (path.exists() and not force):
        raise InputError(
            f"{path.name} 已存在，未作改动。",
            f"{path.name} exists and was left as it is.",
            remedy=FORCE,
            file=path,
        )
    data = make(points, language, city, date)
    old = [path] if path.exists() else []
    replace_files(path, lambda new: _put(new / path.name, data), old=old)
    return path


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def table_facts(
    points: ControlPoints, language: Language, city: str, date: dt.date | None
) -> Facts:
    """Return what stands above the rows: labels and texts."""
    crs, zone = points.crs, zone_of(points.crs)
    code = crs.to_epsg()
    said = {
        "city": clean(city),
        "crs": f"{crs.name} {crs.to_wkt()}" if code is None else f"{crs.name} (EPSG:{code})",
        "zone": "" if zone is None else _zone(zone.step, zone.meridian, points).of(language),
        "unit": UNIT.of(language),
        "date": "" if date is None else f"{date:%Y-%m-%d}",
        "lines": str(points.closing["line"].nunique()),
        "points": str(len(points.points)),
        "order": ORDER.of(language),
    }
    return [(FACTS[key].of(language), text) for key, text in said.items() if text]


def _zone(step: int, meridian: float, points: ControlPoints) -> Text:
    if points.prefix is None:
        return Text(
            f"{step} 度带，中央子午线 {meridian:g}°，Y 不含带号",
            f"{step}-degree zone, central meridian {meridian:g}°, Y without the zone's number",
        )
    return Text(
        f"{step} 度带第 {points.prefix} 带，中央子午线 {meridian:g}°，Y 含带号 {points.prefix}",
        f"{step}-degree zone {points.prefix}, central meridian {meridian:g}°, Y begins with "
        f"{points.prefix}",
    )


def csv_bytes(points: ControlPoints, language: Language, city: str, date: dt.date | None) -> bytes:
    """Return the table as CSV in UTF-8 with its mark, no text of which is a formula."""
    file = StringIO(newline="")
    rows = csv.writer(file)
    width = len(COLUMNS)
    facts = [(TITLE.of(language), ""), *table_facts(points, language, city, date)]
    for label, text in facts:
        rows.writerow([label, defused(text), *[""] * (width - 2)])
    rows.writerow([HEADS[name].of(language) for name in COLUMNS])
    for line, *whole, x, y, edge, length, area in _rows(points):
        ring = ("", "") if length is None else (f"{length:.3f}", f"{area:.2f}")
        rows.writerow([defused(line), *whole, f"{x:.3f}", f"{y:.3f}", f"{edge:.3f}", *ring])
    return file.getvalue().encode("utf-8-sig")


def _rows(points: ControlPoints) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the table; the first of a ring has its perimeter and area."""
    sums = iter(points.closing[["length_m", "area_m2"]].itertuples(index=False, name=None))
    columns = [points.courses[name].tolist() for name in COURSES]
    for row in zip(*columns, strict=True):
        yield (*row, *(next(sums) if row[2] == 1 else (None, None)))


def workbook_bytes(
    points: ControlPoints, language: Language, city: str, date: dt.date | None
) -> bytes:
    """Return the table as a workbook: courses, points once each, and what closes the rings.

    Raises
    ------
    InputError
        There are more rows than a sheet holds.
    """
    if len(points.courses) > MOST_ROWS:
        raise InputError(
            f"控制点表有 {len(points.courses)} 行，工作表最多 {MOST_ROWS} 行。",
            f"The table has {len(points.courses)} rows; a sheet holds {MOST_ROWS}.",
            remedy=Text(
                zh="请写成 .csv，或分片编号。", en="Write .csv, or number the city in parts."
            ),
        )
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "greenspace"
    book.properties.created = BEGINNING
    facts = [(TITLE.of(language), ""), *table_facts(points, language, city, date)]
    heads = {"courses": COLUMNS, "points": POINTS, "closing": CLOSING}
    tables = {
        "courses": _rows(points),
        "points": _of(points.points),
        "closing": _of(points.closing),
    }
    for key, columns in heads.items():
        sheet = book.create_sheet(SHEETS[key].of(language))
        _fill(sheet, facts, columns, tables[key], language)
    file = BytesIO()
    book.save(file)
    return without_times(file.getvalue())


def _of(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].tolist() for name in table.columns), strict=True)


def _fill(
    sheet: Worksheet,
    facts: Facts,
    columns: tuple[str, ...],
    rows: Iterator[tuple[Any, ...]],
    language: Language,
) -> None:
    for at, (label, text) in enumerate(facts, 1):
        put_text(sheet, at, 1, label)
        put_text(sheet, at, 2, text)
        sheet.cell(at, 1).font = Font(bold=True)
    start = len(facts) + 2
    heads = {**HEADS, **CLOSING_HEADS} if "error_m" in columns else HEADS
    write_heads(sheet, start - 1, [heads[name].of(language) for name in columns])
    shapes = [_shape(name) for name in columns]
    for at, row in enumerate(rows, start):
        put(sheet, at, list(zip(row, shapes, strict=True)))
    finish_sheet(sheet, start)
    for at, name in enumerate(columns, 1):
        width = sheet.column_dimensions[get_column_letter(at)]
        width.width = max(width.width, WIDEST if name in {"x", "y"} else 0)
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "&P / &N"


def _shape(column: str) -> str:
    return SHAPES.get(column, SQUARE_METRES if column == "area_m2" else METRES)


def document_bytes(
    points: ControlPoints, language: Language, city: str, date: dt.date | None
) -> bytes:
    """Return the table as a Word document: one table a line, ended by what closes it."""
    document = docx.Document()
    dress(document, language)
    width = turn(document.sections[0], wide=False)
    title = TITLE.of(language)
    number_pages(document.sections[0], title, say("page_of", language))
    document.add_paragraph(title, style="Title")
    for label, text in table_facts(points, language, city, date):
        fact = document.add_paragraph()
        fact.add_run(f"{label}{'：' if language == 'zh' else ': '}").bold = True
        fact.add_run(clean(text))
    pairs = zip(
        _by_line(points.courses).items(),
        points.closing.groupby("line", sort=False),
        strict=True,
    )
    styles = {name: str(document.styles[name].style_id) for name in ("Heading 2", "Remark")}
    end = document.element.body[-1]
    for (line, rows), (_, closing) in pairs:
        end.addprevious(_paragraph(f"{GREEN_LINE.of(language)} {line}", styles["Heading 2"]))
        end.addprevious(table_element(_grid(rows, language), width))
        for text in _sums(closing, language):
            end.addprevious(_paragraph(text, styles["Remark"]))
    return packed(document, title)


def _paragraph(text: str, style: str) -> Any:
    """Return a paragraph; python-docx looks its style up anew each time, for ten times as long."""
    return parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r></w:p>'
    )


def _by_line(courses: pd.DataFrame) -> dict[Any, list[tuple[Any, ...]]]:
    """Return the rows of each line, as they are printed."""
    found: dict[Any, list[tuple[Any, ...]]] = {}
    columns = [courses[name].tolist() for name in PRINTED]
    for line, *row in zip(courses["line"].tolist(), *columns, strict=True):
        found.setdefault(line, []).append(tuple(row))
    return found


def _grid(rows: list[tuple[Any, ...]], language: Language) -> Grid:
    return Grid(
        head=tuple(HEADS[name].of(language) for name in PRINTED),
        rows=tuple(_closed(rows, language)),
        figures=frozenset(range(len(PRINTED))),
    )


def _sums(closing: pd.DataFrame, language: Language) -> Iterator[str]:
    """Yield a sentence for each ring of a line: what closes it."""
    for _, at, points, length, area, error in closing.itertuples(index=False, name=None):
        yield SUM.of(language).format(
            ring=RINGS[at == 0].of(language),
            at=at,
            points=points,
            length=length,
            area=area,
            error=error,
        )


def _closed(rows: list[tuple[Any, ...]], language: Language) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a line; each ring ends with its first point again."""
    for _, listed in groupby(rows, key=itemgetter(0)):
        cells = [
            tuple(
                map(Cell, (str(at), str(order), str(point), f"{x:.3f}", f"{y:.3f}", f"{edge:.3f}"))
            )
            for at, order, point, x, y, edge in listed
        ]
        at, _, point, x, y, _ = cells[0]
        yield from cells
        yield (at, Cell(CLOSES.of(language)), point, x, y, Cell(""))


MAKERS: Final[dict[str, Callable[..., bytes]]] = {
    ".csv": csv_bytes,
    ".xlsx": workbook_bytes,
    ".docx": document_bytes,
}
