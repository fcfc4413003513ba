"""Drawing export: green lines as one DXF, for whoever draws in CAD.

Question   How do the lines get into a CAD program?
Enters     GreenLines, their points, a path.
Leaves     A DXF, whole or not at all.
Elsewhere  What is drawn: present/drawing. The folder of a whole plan: line_plan.
"""

from __future__ import annotations

from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely

from greenspace.errors import CrsError, GeometryError, InputError
from greenspace.model.green_line import GreenLines
from greenspace.model.words import Text
from greenspace.present.drawing import drawing_dxf, without_zone
from greenspace.present.folder import write_text_atomically

if TYPE_CHECKING:
    from greenspace.model.control_points import ControlPoints
    from greenspace.model.words import Language

MOST_SCALE: Final = 1_000_000
APART_M: Final = 0.002  # a corner of a neighbour beside an edge may be a corner of both


def write_drawing(
    lines: GreenLines,
    path: Path | str,
    *,
    points: ControlPoints | None = None,
    title: str | None = None,
    scale: int | None = None,
    language: Language = "zh",
    force: bool = False,
) -> Path:
    """Write green lines as a DXF of AutoCAD 2010, which CAD programs open with Chinese text.

    Every ring is one closed polyline with the coordinates of the lines: x is east, y is north, in
    metres of the lines' CRS, which a DXF cannot record and a note in the drawing names. Layers
    tell status and category apart; existing lines are solid, planned ones dashed, ecological
    control lines dash-dot (GB/T 51163-2016). Hatches show the category, labels the number, name
    and area. The same lines give the same bytes.

    Parameters
    ----------
    path
        Of the file, such as ``"lines.dxf"``.
    points
        Control points: drawn with their numbers, and listed beside the plan (the first 4000
        rows) with X north and Y east.
    title
        Above the plan; default: 城市绿线图.
    scale
        Text and dashes are sized for a plot at 1:scale; default: a round one at which the plan
        fits an A1.
    language
        Of layers and text. English names of layers are plain ASCII.
    force
        Replace a file that is there.

    Returns
    -------
    Path
        The file, absolute.

    Raises
    ------
    InputError
        The file exists, is not called ``.dxf``, or cannot be written; the scale is none; there is
        no such language; or `lines` are no GreenLines, or `points` not their corners.
    GeometryError
        There is no line.
    CrsError
        The points are in another CRS than the lines.

    Examples
    --------
    >>> write_drawing(None, "lines.dwg")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    greenspace.errors.InputError: The drawing is written as DXF... Call it lines.dxf...
    """
    target = Path(path).expanduser().resolve()
    if target.suffix.lower() != ".dxf":
        name = target.with_suffix(".dxf").name
        raise InputError(
            "图纸以 DXF 格式写出。",
            "The drawing is written as DXF.",
            remedy=Text(zh=f"请命名为 {name}。", en=f"Call it {name}; CAD saves it as DWG."),
            file=target,
            expected=".dxf",
            found=target.suffix,
        )
    _require_place(target, force=force)
    _require_words(scale, language)
    if not isinstance(lines, GreenLines):
        raise InputError(
            "要绘制的不是绿线。",
            "What is to be drawn are no green lines.",
            remedy=Text(
                zh="请传入 gs.green_lines 或 gs.approved_lines 的结果。",
                en="Hand in what gs.green_lines or gs.approved_lines returned.",
            ),
            expected="GreenLines",
            found=type(lines).__name__,
        )
    if lines.lines.empty:
        raise GeometryError(
            "没有可绘的绿线。",
            "There is no green line to draw.",
            remedy=Text(zh="请先划出绿线。", en="Draw lines with gs.green_lines first."),
            layer="green_lines",
        )
    if points is not None:
        _require_own(points, lines)
    text = drawing_dxf(lines, points, language=language, title=title, scale=scale)
    return write_text_atomically(target, text, force=force)


def _require_place(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise InputError(
            f"{target.name} 是文件夹。",
            f"{target.name} is a folder.",
            remedy=Text(zh="请换一个文件名。", en="Name a file."),
            file=target,
        )
    if target.exists() and not force:
        raise InputError(
            f"{target.name} 已存在，未作改动。",
            f"{target.name} exists and was left as it is.",
            remedy=Text(
                zh="请换一个文件名，或加 force=True 覆盖。",
                en="Name another file, or replace it with force=True.",
            ),
            file=target,
        )


def _require_words(scale: object, language: object) -> None:
    """Refuse a scale that is no denominator, and a language that nothing is written in."""
    number = isinstance(scale, Real) and not isinstance(scale, bool)
    if scale is not None and not (number and 1 <= float(scale) <= MOST_SCALE):  # type: ignore[arg-type]
        raise InputError(
            f"出图比例尺的分母须在 1 至 {MOST_SCALE} 之间。",
            f"The denominator of the plot's scale is a number from 1 to {MOST_SCALE}.",
            remedy=Text(zh="例如 scale=2000。", en="For example scale=2000."),
            expected=f"1 to {MOST_SCALE}",
            found=scale,
        )
    if language not in {"zh", "en"}:
        raise InputError(
            f"没有这种语言：{language}。",
            f"There is no such language: {language}.",
            remedy=Text(zh="请用 zh 或 en。", en="Use zh or en."),
            expected="zh, en",
            found=language,
        )


def _require_own(points: ControlPoints, lines: GreenLines) -> None:
    """Refuse points that are not the corners of these lines, on the plane that is drawn."""
    drawn = without_zone(lines)
    numbers = sorted(map(str, drawn.lines["number"]))
    if points.plane != drawn.crs:
        raise CrsError(
            "控制点与绿线的坐标系不同。",
            "The control points are in another CRS than the lines.",
            remedy=Text(
                zh="请对同一坐标系的绿线编点：gs.control_points(lines, crs=lines.crs)。",
                en="Number them in the plane of the lines: gs.control_points(lines, crs=lines.crs).",
            ),
            expected=str(drawn.crs),
            found=str(points.crs),
        )
    mine = drawn.lines.set_index(drawn.lines["number"].astype(str)).geometry
    theirs = points.drawn_lines.set_index("number").geometry
    others = sorted(set(numbers) ^ set(theirs.index))
    if not others:
        apart = shapely.hausdorff_distance(mine.to_numpy(), theirs.reindex(mine.index).to_numpy())
        others = mine.index[apart > APART_M].tolist()
    if others:
        raise InputError(
            f"控制点不是这些绿线的拐点：{len(others)} 条不符。",
            f"The control points are not the corners of these lines: {len(others)} differ.",
            remedy=Text(
                zh="请由这些绿线编点：gs.control_points(lines)。",
                en="Number the points of these lines: gs.control_points(lines).",
            ),
            layer="green_lines",
            rows=others,
        )
