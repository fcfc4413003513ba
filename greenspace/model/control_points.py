"""Control points: the numbered corners of green lines, as a table that stands for the lines.

Question   Which points, at which coordinates and in which order, make each line?
Enters     What delimit/control_points numbered.
Leaves     A frozen value.
Elsewhere  Numbering: delimit/control_points. Tables as files: present/control_point_tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd
    from pyproj import CRS

POINTS: Final = ("point", "x", "y")
COURSES: Final = ("line", "ring", "order", "point", "x", "y", "edge_m")
CLOSING: Final = ("line", "ring", "points", "length_m", "area_m2", "error_m")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ControlPoints:
    """The control points of all lines.

    Coordinates are as surveyors write them: x is north, y is east, in metres to 1 mm.

    Attributes
    ----------
    points
        Columns `POINTS`: each point once, numbered city-wide.
    courses
        Columns `COURSES`: each line's points in order, ring 0 the outer one, `edge_m` to the next
        point of the ring.
    closing
        Columns `CLOSING`: one row a ring; `error_m` is what the edges miss their beginning by.
    prefix
        The number of the zone before each y, where it was asked for.
    """

    points: pd.DataFrame
    courses: pd.DataFrame
    closing: pd.DataFrame
    crs: CRS
    prefix: int | None = None
