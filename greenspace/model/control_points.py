"""Control points: the numbered corners of green lines, as a table that stands for the lines.

Question   Which points, at which coordinates and in which order, make each line?
Enters     What delimit/control_points numbered.
Leaves     A frozen value.
Elsewhere  Numbering: delimit/control_points. Tables as files: present/control_point_tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from greenspace.model.gauss_kruger import ZONE_M, zone_of
from greenspace.model.words import Text

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from greenspace.model.source import Finding
    from greenspace.model.words import Language

POINTS: Final = ("point", "x", "y")
COURSES: Final = ("line", "ring", "order", "point", "x", "y", "edge_m")
HEADS: Final = {  # of the table as a file, by which it is read back
    "line": Text("绿线编号", "Green line"),
    "ring": Text("环号", "Ring"),
    "order": Text("序号", "Order"),
    "point": Text("点号", "Point"),
    "x": Text("X（北）", "X (north)"),
    "y": Text("Y（东）", "Y (east)"),
    "edge_m": Text("边长（m）", "Edge (m)"),
    "length_m": Text("周长（m）", "Perimeter (m)"),
    "area_m2": Text("面积（m²）", "Area (m²)"),
}
FACTS: Final = {  # above the table
    "city": Text("城市", "City"),
    "crs": Text("坐标系", "CRS"),
    "zone": Text("投影带", "Zone"),
    "unit": Text("单位", "Unit"),
    "date": Text("日期", "Date"),
    "lines": Text("绿线数", "Lines"),
    "points": Text("控制点数", "Points"),
    "order": Text("次序", "Order"),
}
TITLE: Final = Text("城市绿线控制点坐标表", "Control points of green lines")
CLOSES: Final = Text("闭合", "closes")
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
        The number of the zone before each y, where it was asked for; `crs` has it too then.
    findings
        What was changed so that they could be numbered, and what a reader should know.
    """

    points: pd.DataFrame
    courses: pd.DataFrame
    closing: pd.DataFrame
    crs: CRS
    prefix: int | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def lines(self) -> gpd.GeoDataFrame:
        """The lines rebuilt from their courses: ``number`` and one polygon each, in `crs`.

        Outer rings run clockwise and holes anticlockwise, from where the courses begin.
        """
        rings = self.courses.groupby(["line", "ring"], sort=False)
        drawn: dict[str, list[shapely.LinearRing]] = {}
        for (line, _), rows in rings:
            corners = np.column_stack([rows["y"], rows["x"]])
            drawn.setdefault(str(line), []).append(shapely.linearrings(corners))
        shapes = [shapely.Polygon(shell, holes) for shell, *holes in drawn.values()]
        return gpd.GeoDataFrame({"number": list(drawn)}, geometry=shapes, crs=self.crs)

    @property
    def plane(self) -> CRS:
        """The CRS of drawings: `crs` without the zone's number before its eastings."""
        zone = None if self.prefix is None else zone_of(self.crs)
        return self.crs if zone is None else replace(zone, number=None).crs

    @property
    def places(self) -> NDArray[np.float64]:
        """Each of `points` as x to the east and y to the north, in `plane`."""
        return self.in_plane(self.points[["y", "x"]].to_numpy(dtype=float))

    @property
    def drawn_lines(self) -> gpd.GeoDataFrame:
        """The same as `lines`, in `plane`."""
        lines = self.lines
        shapes = shapely.transform(lines.geometry.to_numpy(), self.in_plane)
        return lines.set_geometry(gpd.GeoSeries(shapes, index=lines.index, crs=self.plane))

    def in_plane(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take the zone's number off eastings, which stay whole millimetres."""
        if self.prefix is None:
            return xy
        return np.asarray(np.round(xy - [self.prefix * ZONE_M, 0.0], 3), dtype=np.float64)

    def write(
        self,
        path: Path | str,
        *,
        language: Language = "zh",
        city: str = "",
        date: dt.date | None = None,
        force: bool = False,
    ) -> Path:
        """Write the table as ``.csv``, ``.xlsx`` or ``.docx``; `gs.read_control_points` reads it.

        Parameters
        ----------
        city, date
            Said at its head.
        force
            Replace a file that is there.

        Raises
        ------
        InputError
            The file is of another kind, exists and `force` is not set, or cannot be written; or
            there are more rows than a spreadsheet holds.
        """
        from greenspace.present.control_point_tables import write_control_points

        return write_control_points(
            self, Path(path), language=language, city=city, date=date, force=force
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointTable:
    """A table of control points as it was read, not yet held against itself.

    Attributes
    ----------
    rows
        One a corner: ``row`` (its place in the file), ``line``, ``ring``, ``order`` where the
        table has it, ``point``, ``x`` and ``y`` (north and east in whole mm), and what the table
        says of ``edge_m``, ``length_m``, ``area_m2``, NaN where it says nothing.
    lines, points
        How many the head of the table says that there are.
    """

    rows: pd.DataFrame
    crs: CRS
    lines: int | None = None
    points: int | None = None
    findings: tuple[Finding, ...] = ()
