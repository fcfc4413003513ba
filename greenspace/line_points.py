"""Control points: from green lines to the table that stands for them, and back.

Question   Which numbered coordinates make these lines, and which lines does this table make?
Enters     Green lines or polygons with numbers; the path of a table.
Leaves     ControlPoints, whose ``lines`` are the same lines to the last bit.
Elsewhere  The zone: delimit/survey_plane. Numbering: delimit/control_points. Files: present/, read/.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from greenspace.delimit.control_points import number_corners, numbers_of, require_shapes
from greenspace.delimit.point_table import points_of_table
from greenspace.delimit.survey_plane import on_survey_plane
from greenspace.model.green_line import GreenLines
from greenspace.prepare.project import to_crs
from greenspace.read.control_points import read_point_table

if TYPE_CHECKING:
    from pathlib import Path

    from greenspace.model.control_points import ControlPoints


def control_points(
    lines: GreenLines | gpd.GeoDataFrame,
    *,
    zone_prefix: bool = False,
    first: int = 1,
    crs: Any = None,
) -> ControlPoints:
    """Return the numbered corners of green lines, with coordinates as surveyors write them.

    Coordinates are set to whole millimetres first, so that the table and ``.lines`` are the same
    lines: x is north and y is east. Every corner has one number city-wide, in the order of the
    lines' numbers (L2 before L10), whatever the order of rows. A line lists its outer ring
    clockwise and its holes anticlockwise, each from its north-west-most corner: the largest north
    minus east, of several the northernmost. A corner of one line that lies on an edge of another,
    up to 1.5 mm beside it, becomes a corner of both, with a finding; GreenLines share their
    corners where they should, and are left as they are.

    Parameters
    ----------
    lines
        What `gs.green_lines` returned, or polygons with a column ``number``, such as lines that
        are approved.
    zone_prefix
        Write the number of the zone before each easting: 38 500 000 and not 500 000.
    first
        The first number.
    crs
        The zone, in any spelling; the prefix is not taken from it. Left out: that of the lines
        where it is a CGCS2000 3-degree zone; else the zone of their middle, with a finding; and
        outside China, or on a city's own grid, their own CRS, with a finding.

    Returns
    -------
    ControlPoints
        ``.points``, ``.courses`` with the length of each edge (m, of the listed coordinates),
        ``.closing`` with perimeter (m), area (m², shoelace in whole mm) and closing error (m) of
        each ring, ``.lines``, ``.findings``; ``.write(path)`` makes CSV, Excel and Word tables.

    Raises
    ------
    CrsError
        There is no CRS, no plane in metres, or an older datum lies between: convert first.
    ColumnError
        A line has no number of its own.
    GeometryError
        A line is missing, or not one closed valid polygon once its corners are whole millimetres.

    References
    ----------
    GB/T 51163-2016 asks for closed lines; three decimals of a metre are a custom of surveys
    (provisional), see docs/how_to/green_lines.md.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> lines = gpd.GeoDataFrame({"number": ["L001"]}, geometry=[box(500_000, 3_380_000, 500_100, 3_380_050)], crs=4547)
    >>> done = control_points(lines)
    >>> done.courses[["point", "x", "y", "edge_m"]].iloc[0].tolist()
    [1.0, 3380050.0, 500000.0, 100.0]
    >>> done.closing[["length_m", "area_m2", "error_m"]].iloc[0].tolist()
    [300.0, 5000.0, 0.0]
    """
    frame = lines.lines if isinstance(lines, GreenLines) else lines
    require_shapes(frame, numbers_of(frame))
    there, plane, told = on_survey_plane(frame, crs, zone_prefix=zone_prefix)
    done = number_corners(there, plane, first=first, keep=isinstance(lines, GreenLines))
    return replace(done, findings=(*told, *done.findings))


def read_control_points(path: Path | str, *, crs: Any = None, near: Any = None) -> ControlPoints:
    """Read a table of control points back; its ``.lines`` are the lines that it was made from.

    What `ControlPoints.write` made as CSV, Excel or Word gives the same lines to the last bit;
    tables of others are read where their heads say what the columns are: at least line, point,
    X (north) and Y (east). Rows are named in refusals as the file counts them, from 1.

    Parameters
    ----------
    path
        A ``.csv`` (UTF-8 or GBK), ``.xlsx`` or ``.docx``.
    crs
        Where the table does not say it; otherwise it must be what the table says.
    near
        A layer that the lines should be near, such as the built-up area: tells swapped axes on a
        city's own grid.

    Returns
    -------
    ControlPoints
        With the numbers, and the order, that the table lists; what was rounded, sorted or runs
        against the custom is among ``.findings``.

    Raises
    ------
    CrsError
        The table names no CRS, or another; X and Y are swapped, in all rows or in some; the
        zone's number is missing or wrong.
    ColumnError
        A cell that is needed is empty or no number.
    GeometryError
        A number has two places; the order has gaps; a ring is open or crosses itself; an edge, a
        perimeter, an area or the count of points is not what the coordinates give.
    InputError
        The file holds no such table.
    EncodingError
        Text that cannot be decoded.

    Examples
    --------
    >>> read_control_points("missing.xlsx")
    Traceback (most recent call last):
    greenspace.errors.InputError: The file does not exist. ...
    """
    table = read_point_table(path, crs)
    ground = None if near is None else near.geometry
    if ground is not None and ground.crs != table.crs:
        ground = to_crs(gpd.GeoDataFrame(geometry=ground), table.crs, "near").geometry
    return points_of_table(table, near=ground, file=path)
