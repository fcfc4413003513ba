"""Drawing export: green lines as one DXF, for whoever draws in CAD.

Question   How do the lines get into a CAD program?
Enters     GreenLines, their points, a path.
Leaves     A DXF, whole or not at all.
Elsewhere  What is drawn: present/drawing. The folder of a whole plan: line_plan.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from greenspace.errors import CrsError, GeometryError, InputError
from greenspace.model.words import Text
from greenspace.present.drawing import drawing_dxf
from greenspace.present.folder import write_text_atomically

if TYPE_CHECKING:
    from greenspace.model.control_points import ControlPoints
    from greenspace.model.green_line import GreenLines
    from greenspace.model.words import Language


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
        The file exists, is not called ``.dxf``, or cannot be written; or the scale is not a
        positive number.
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
    if scale is not None and not scale >= 1:
        raise InputError(
            "出图比例尺的分母须不小于 1。",
            "The denominator of the plot's scale must be 1 or more.",
            remedy=Text(zh="例如 scale=2000。", en="For example scale=2000."),
            expected=">= 1",
            found=scale,
        )
    if lines.lines.empty:
        raise GeometryError(
            "没有可绘的绿线。",
            "There is no green line to draw.",
            remedy=Text(zh="请先划出绿线。", en="Draw lines with gs.green_lines first."),
            layer="green_lines",
        )
    if points is not None and points.crs != lines.crs:
        raise CrsError(
            "控制点与绿线的坐标系不同。",
            "The control points are in another CRS than the lines.",
            remedy=Text(
                zh="请用 gs.control_points 由这些绿线编点。",
                en="Number the points of these lines with gs.control_points.",
            ),
            expected=str(lines.crs),
            found=str(points.crs),
        )
    text = drawing_dxf(lines, points, language=language, title=title, scale=scale)
    return write_text_atomically(target, text, force=force)
