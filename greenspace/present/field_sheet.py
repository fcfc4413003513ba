"""Field sheet: 野外核查表, with a row, two coordinates and a picture for each place to visit.

Question   What does a surveyor take along, and fill in?
Enters     A ReferenceSample and a folder.
Leaves     reference.gpkg and field_sheet.xlsx, both whole or neither.
Elsewhere  Drawing the points: field_check. Reading the filled sheet: read/field_sheet.

What the map says is on a sheet that spreadsheets do not show: whoever stands there judges blind.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyogrio
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image as Picture
from PIL import ImageDraw

from greenspace.errors import InputError
from greenspace.model.crs import is_local
from greenspace.model.reference_sample import ANSWER, NUMBER
from greenspace.model.words import Text
from greenspace.present.folder import FORCE
from greenspace.present.parts import replace_files, settle_leftovers
from greenspace.present.words import both, clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray
    from openpyxl.worksheet.worksheet import Worksheet

    from greenspace.model.reference_sample import ReferenceSample

POINTS_FILE: Final = "reference.gpkg"
SHEET_FILE: Final = "field_sheet.xlsx"
SHEET: Final = "野外核查表"
HIDDEN: Final = "sample"
ANSWERS: Final = ("绿", "非绿")
LONLAT: Final = "EPSG:4326"
CHIP_SIDE: Final = 160  # points on the sheet: about 4 cm in print
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
COLUMNS: Final = (  # key of the word, width
    ("point_id", 7),
    ("east", 14),
    ("north", 14),
    ("longitude", 13),
    ("latitude", 13),
    ("answer", 12),
    ("surveyor", 12),
    ("visited_on", 12),
    ("remark", 24),
    ("chip", 30),
)
WORDS: Final[Mapping[str, Text]] = {
    "point_id": NUMBER,
    "east": Text("东坐标", "East"),
    "north": Text("北坐标", "North"),
    "longitude": Text("经度", "Longitude"),
    "latitude": Text("纬度", "Latitude"),
    "answer": ANSWER,
    "surveyor": Text("核查人", "Surveyor"),
    "visited_on": Text("日期", "Date"),
    "chip": Text("影像（十字中心为核查点）", "Image (the point is in the middle of the cross)"),
    "sheet_how": Text(
        "到点位处判断：十字中心的一个像元大小的地面，从上往下看，绿（树冠、灌木、草地、屋顶绿化）"
        "过半的填“绿”，否则填“非绿”；不能到达的留空并写明原因。请勿改动编号和坐标；"
        "填好后在 city.toml 的 [accuracy] 中写 reference。",
        "Go to the point and judge the ground of one pixel from above: where over half of it is "
        "under crowns, shrubs, grass or planted roofs choose 绿 (green), else 非绿 (not green). "
        "Leave blank what cannot be reached and say why. Leave numbers and coordinates as they "
        "are; then name the file as reference in [accuracy] of city.toml.",
    ),
    "sheet_crs": Text(
        "坐标系：{name}；经纬度：WGS 84；随机种子：{seed}；影像：{colours}",
        "CRS: {name}; degrees: WGS 84; seed: {seed}; image: {colours}",
    ),
    "remark": Text("备注", "Remark"),
}
ANSWER_COLUMN: Final = 6
KEPT: Final = ("id", "stratum", "stratum_area_m2", "map")


def write_reference_sample(sample: ReferenceSample, folder: Path, *, force: bool = False) -> Path:
    """Write the points as a layer and as a sheet into a folder.

    Raises
    ------
    InputError
        One of the files exists and `force` is not set, or a file cannot be written.
    """
    folder = folder.expanduser().resolve()
    target = folder / SHEET_FILE
    files = [target, folder / POINTS_FILE]
    settle_leftovers(target)
    there = [path for path in files if path.exists()]
    if folder.is_file() or (there and not force):
        raise InputError(
            "核查表已存在，未作改动：其中可能有已填写的核查结果。",
            "There is a reference sample already, perhaps filled in; it was left as it is.",
            remedy=FORCE,
            file=folder,
            rows=[path.name for path in there],
        )

    def fill(fresh: Path) -> None:
        _write_points(sample.points, fresh / POINTS_FILE)
        _workbook(sample).save(fresh / SHEET_FILE)

    replace_files(target, fill, old=there)
    return folder


def _write_points(points: gpd.GeoDataFrame, path: Path) -> None:
    frame = points[[*KEPT, "geometry"]].copy()
    frame.insert(len(KEPT), "reference", np.full(len(frame), None, dtype=object))
    frame["surveyor"] = frame["visited_on"] = frame["remark"] = frame["reference"]
    pyogrio.write_dataframe(frame, path, layer="reference", driver="GPKG", geometry_type="Point")


def _workbook(sample: ReferenceSample) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    book.properties.creator = "greenspace"
    book.properties.created = BEGINNING
    first = _head(sheet, sample)
    _rows(sheet, sample, first)
    _behind(book.create_sheet(HIDDEN), sample)
    return book


def _head(sheet: Worksheet, sample: ReferenceSample) -> int:
    """Write title, instructions and column heads; return the first row of the points."""
    crs = sample.points.crs
    name = "—" if crs is None else clean(crs.name)
    colours = "—" if sample.colours is None else both(sample.colours)
    lines = [
        f"{SHEET} Field-check sheet",
        both(WORDS["sheet_how"]),
        both(WORDS["sheet_crs"]).format(name=name, seed=sample.seed, colours=colours),
    ]
    for row, text in enumerate(lines, 1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(COLUMNS))
        _text(sheet, row, 1, text)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.row_dimensions[2].height = 64
    sheet.row_dimensions[3].height = 32
    head = len(lines) + 1
    for column, (key, width) in enumerate(COLUMNS, 1):
        _text(sheet, head, column, f"{WORDS[key].zh}\n{WORDS[key].en}")
        cell = sheet.cell(head, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="2F7D3B")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"B{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return head + 1


def _rows(sheet: Worksheet, sample: ReferenceSample, first: int) -> None:
    points = sample.points
    lonlat = _lonlat(points)
    edge = Side(style="thin", color="C8D0C8")
    for place, (number, point) in enumerate(zip(points["id"], points.geometry, strict=True)):
        row = first + place
        cells = (int(number), point.x, point.y, *(() if lonlat is None else lonlat[place]))
        for column, value in enumerate(cells, 1):
            cell = sheet.cell(row, column, value)
            cell.number_format = _format(column, geographic=bool(points.crs.is_geographic))
        for column in range(1, len(COLUMNS) + 1):
            cell = sheet.cell(row, column)
            cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
        if sample.chips is not None:
            picture = Image(BytesIO(chip_png(sample.chips[place])))
            picture.width = picture.height = CHIP_SIDE
            sheet.add_image(picture, f"{get_column_letter(len(COLUMNS))}{row}")
            sheet.row_dimensions[row].height = CHIP_SIDE * 0.75 + 4
    letter = get_column_letter(ANSWER_COLUMN)
    choice = DataValidation(
        type="list", formula1=f'"{",".join(ANSWERS)}"', allow_blank=True, showErrorMessage=True
    )
    choice.error = "/".join(ANSWERS)
    sheet.add_data_validation(choice)
    choice.add(f"{letter}{first}:{letter}{first + len(points) - 1}")


def _format(column: int, *, geographic: bool) -> str:
    degrees = column > 3 or (geographic and column > 1)  # noqa: PLR2004
    return "0" if column == 1 else ("0.0000000" if degrees else "0.00")


def _lonlat(points: gpd.GeoDataFrame) -> list[tuple[float, float]] | None:
    """Return degrees for a hand-held receiver; none on a grid that has no place on the globe."""
    if points.crs is None or is_local(points.crs):
        return None
    there = points.geometry.to_crs(LONLAT)
    return list(zip(there.x.tolist(), there.y.tolist(), strict=True))


def _behind(sheet: Worksheet, sample: ReferenceSample) -> None:
    """Keep what reading the filled sheet needs where no spreadsheet shows it."""
    sheet.sheet_state = "veryHidden"
    crs = sample.points.crs
    _text(sheet, 1, 1, "crs")
    _text(sheet, 1, 2, "" if crs is None else crs.to_wkt())
    head = [*KEPT, "x", "y"]
    for column, name in enumerate(head, 1):
        _text(sheet, 2, column, name)
    frame = sample.points
    columns: list[Any] = [frame[name] for name in KEPT]
    columns += [frame.geometry.x, frame.geometry.y]
    for row, cells in enumerate(zip(*columns, strict=True), 3):
        for column, value in enumerate(cells, 1):
            if isinstance(value, str):
                _text(sheet, row, column, value)
            else:
                sheet.cell(row, column, float(value) if column > 1 else int(value))


def chip_png(chip: NDArray[np.uint8]) -> bytes:
    """Return a chip as PNG, pixels enlarged, with a cross that leaves the middle pixel free."""
    zoom = max(1, round(2 * CHIP_SIDE / len(chip)))
    picture = Picture.fromarray(np.ascontiguousarray(chip)).resize(
        (chip.shape[1] * zoom, chip.shape[0] * zoom), Picture.Resampling.NEAREST
    )
    draw = ImageDraw.Draw(picture)
    middle = (len(chip) // 2 + 0.5) * zoom
    near, far = 1.5 * zoom, len(chip) * zoom / 6
    for width, colour in ((5, "black"), (2, "yellow")):
        for sign in (-1, 1):
            draw.line((middle + sign * near, middle, middle + sign * far, middle), colour, width)
            draw.line((middle, middle + sign * near, middle, middle + sign * far), colour, width)
    file = BytesIO()
    picture.save(file, format="PNG")
    return file.getvalue()


def _text(sheet: Worksheet, row: int, column: int, value: str) -> None:
    cell = sheet.cell(row, column)
    cell.value = value
    cell.data_type = "s"
    if value.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
