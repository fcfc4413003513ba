"""Drawing notes: what stands around the lines in a drawing: title, legend, CRS, table of points.

Question   What must a reader of the drawing know, and where are the coordinates?
Enters     GreenLines, ControlPoints, the ground that the plan takes.
Leaves     Text and rules beside the plan.
Elsewhere  The lines: drawing. The table as files: control_point_tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ezdxf.enums import TextEntityAlignment

from greenspace.model.green_line import CATEGORIES, STATUSES
from greenspace.model.words import Text
from greenspace.present.cad_layers import CATEGORY_COLOURS, LINE_TYPES
from greenspace.present.display import show
from greenspace.present.record import crs_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line import GreenLines
    from greenspace.model.words import Language
    from greenspace.present.cad_layers import Pen

    Bounds = tuple[float, float, float, float]

TITLE: Final = Text("城市绿线图", "Plan of green lines")
LEGEND: Final = Text("图例", "Legend")
COUNTED: Final = Text("{title}  {count} 条  {area}", "{title}  {count}  {area}")
PLANE: Final = Text(
    "坐标系：{crs}。单位：米。图中 x 为东、y 为北。",
    "CRS: {crs}. Unit: metre. In the drawing x is east and y is north.",
)
AXES: Final = Text(
    "控制点表中 X 为北、Y 为东，精确到 1 毫米。",
    "In the table of control points X is north and Y is east, to 1 mm.",
)
PREFIXED: Final = Text(
    "表中 Y 前加带号 {prefix}；图中坐标不加带号。",
    "Y in the table begins with the zone {prefix}; coordinates of the drawing do not.",
)
SIZED: Final = Text(
    "文字与线型按 1:{scale} 出图设置。", "Text and line types are sized for a plot at 1:{scale}."
)
UNNAMED: Final = Text("无代码的坐标系", "a grid without code")
TABLE: Final = Text("控制点坐标表", "Table of control points")
HEADS: Final = (
    (Text("绿线", "Line"), 16.0),
    (Text("点号", "Point"), 14.0),
    (Text("X（北）", "X (north)"), 26.0),
    (Text("Y（东）", "Y (east)"), 27.0),
    (Text("边长", "Edge"), 17.0),
)
CUT: Final = Text(
    "共 {all} 行，此处列出前 {shown} 行；全部见控制点成果表。",
    "{shown} of {all} rows; all of them are in the table of control points as a file.",
)
MOST_ROWS: Final = 4000  # more belong in a file
LEAST_ROWS: Final = 40
ROW_MM, TEXT_MM, HEAD_MM, TITLE_MM, GAP_MM, SAMPLE_MM = 4.0, 2.2, 3.5, 7.0, 15.0, 20.0


def write_notes(
    pen: Pen,
    lines: GreenLines,
    points: ControlPoints | None,
    bounds: Bounds,
    *,
    language: Language,
    title: str | None,
    scale: int,
) -> None:
    """Write the title above the plan, legend and notes below it."""
    west, south, east, north = bounds
    pen.text(
        title or TITLE.of(language),
        ((west + east) / 2, north + GAP_MM * pen.mm),
        TITLE_MM,
        layer="notes",
        align=TextEntityAlignment.BOTTOM_CENTER,
    )
    y = south - GAP_MM * pen.mm
    pen.text(LEGEND.of(language), (west, y), HEAD_MM, layer="notes")
    for key, status in STATUSES.items():
        of = lines.of(key)
        if len(of):
            y -= 2 * ROW_MM * pen.mm
            end = (west + SAMPLE_MM * pen.mm, y)
            kind = LINE_TYPES[status.line][0]
            pen.rule((west, y), end, layer="notes", line_type=kind)
            _counted(pen, status.title, of["area_m2"], end, language)
    for category, name in CATEGORIES.items():
        of = lines.lines[lines.lines["category"] == category]
        if len(of):
            y -= 2 * ROW_MM * pen.mm
            pen.swatch((west, y), SAMPLE_MM, TEXT_MM, CATEGORY_COLOURS[category])
            _counted(pen, name, of["area_m2"], (west + SAMPLE_MM * pen.mm, y), language)
    y -= ROW_MM * pen.mm
    for text in _remarks(lines, points, language, scale):
        y -= ROW_MM * pen.mm
        pen.text(text, (west, y), TEXT_MM, layer="notes")


def _counted(
    pen: Pen, title: Text, areas: object, place: tuple[float, float], language: Language
) -> None:
    area = show(float(areas.sum()), "m2", language)  # type: ignore[attr-defined]
    said = COUNTED.of(language).format(title=title.of(language), count=len(areas), area=area)  # type: ignore[arg-type]
    pen.text(said, (place[0] + 2 * pen.mm, place[1]), TEXT_MM, layer="notes")


def _remarks(
    lines: GreenLines, points: ControlPoints | None, language: Language, scale: int
) -> Iterator[str]:
    name = "" if lines.crs is None else str(lines.crs.name)
    said = dict.fromkeys((name, crs_name(lines.crs) or UNNAMED.of(language)))
    yield PLANE.of(language).format(crs=" ".join(filter(None, said)))
    if points is not None:
        yield AXES.of(language)
        if points.prefix is not None:
            yield PREFIXED.of(language).format(prefix=points.prefix)
    yield SIZED.of(language).format(scale=scale)


def write_table(pen: Pen, points: ControlPoints, bounds: Bounds, language: Language) -> float:
    """Write the table of points to the right of the plan, in as many columns as its height asks.

    Returns
    -------
    float
        The east of the last column.
    """
    _, south, east, north = bounds
    step, width = ROW_MM * pen.mm, sum(wide for _, wide in HEADS) * pen.mm
    left = east + GAP_MM * pen.mm
    pen.text(TABLE.of(language), (left, north + 2 * step), HEAD_MM, layer="table")
    if len(points.courses) > MOST_ROWS:
        said = CUT.of(language).format(all=len(points.courses), shown=MOST_ROWS)
        pen.text(said, (left, north + step / 2), TEXT_MM, layer="table")
    rows = points.courses.head(MOST_ROWS)[["line", "point", "x", "y", "edge_m"]]
    deep = max(int((north - south) / step) - 1, LEAST_ROWS)
    for start in range(0, len(rows), deep):
        block = list(rows.iloc[start : start + deep].itertuples(index=False, name=None))
        _block(pen, block, (left, north), language)
        left += width + GAP_MM * pen.mm / 3
    return left


def _block(
    pen: Pen, rows: list[tuple[Any, ...]], corner: tuple[float, float], language: Language
) -> None:
    """Write one column of the table: heads, rows, and rules around them."""
    left, top = corner
    step = ROW_MM * pen.mm
    edges = [left]
    for _, wide in HEADS:
        edges.append(edges[-1] + wide * pen.mm)
    cells = [
        (line, point, *(f"{number:.3f}" for number in metres)) for line, point, *metres in rows
    ]
    for right, (title, _), texts in zip(edges[1:], HEADS, zip(*cells, strict=True), strict=True):
        place = (right - pen.mm, top - step / 2)
        align = TextEntityAlignment.MIDDLE_RIGHT
        pen.text(title.of(language), place, TEXT_MM, layer="table", align=align)
        below = (place[0], top - 1.5 * step)
        pen.column(texts, below, TEXT_MM, ROW_MM, layer="table")
    bottom = top - (1 + len(rows)) * step
    for y in (top, top - step, bottom):
        pen.rule((left, y), (edges[-1], y), layer="table")
    for x in edges:
        pen.rule((x, top), (x, bottom), layer="table")
