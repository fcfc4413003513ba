"""Point place: whether listed coordinates lie where their CRS says, axis by axis.

Question   Is X north and Y east in every row, with the zone's number as the CRS has it?
Enters     A PointTable, and ground that its lines should be near.
Leaves     Nothing, or a refusal that names what was likely meant.
Elsewhere  Traps of layers in general: model/place. Rings: delimit/point_table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from greenspace.delimit.mm_grid import in_metres
from greenspace.errors import CrsError
from greenspace.model.crs import is_local
from greenspace.model.place import require_place
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from greenspace.model.control_points import PointTable

SWAPPED = "north, east"
SWAP = Text(
    zh="X 为北、Y 为东：请对调这些行的两个坐标，或对调两列的表头。",
    en="X is north and Y is east: swap the two coordinates of these rows, or the heads of the "
    "two columns.",
)
APART_M = 100_000.0  # between north and east, where a row that is swapped can be told
NEARER = 0.1


def require_listed_place(
    table: PointTable, *, near: gpd.GeoSeries | None, file: Path | str
) -> None:
    """Refuse coordinates that lie elsewhere than the CRS, or `near`, says.

    Raises
    ------
    CrsError
        ``found`` is ``"north, east"`` where X and Y are swapped, in all rows or in some; a
        likely EPSG code where the zone's number is wrong or missing; else as in model/place.
    """
    north, east = (in_metres(table.rows[axis].to_numpy()) for axis in ("x", "y"))
    names = table.rows["row"].to_numpy()
    if near is not None:
        _require_near(north, east, near, names, file)
    if is_local(table.crs):
        return
    strays = _strays(north, east)
    if strays.any() and not strays.all():
        raise _swapped(names[strays], file)
    spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy(east, north), crs=table.crs)
    try:
        require_place(spots, file=file, layer=None)
    except CrsError as error:
        if error.found == SWAPPED:
            raise _swapped(names, file) from error
        raise


def _strays(north: NDArray[np.float64], east: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the rows that lie beside the others only once they are swapped."""
    middle_north, middle_east = float(np.median(north)), float(np.median(east))
    if abs(middle_north - middle_east) < APART_M:
        return np.zeros(len(north), dtype=bool)
    off = np.hypot(north - middle_north, east - middle_east)
    other = np.hypot(east - middle_north, north - middle_east)
    return np.asarray((off > APART_M) & (other < NEARER * off), dtype=bool)


def _swapped(rows: Iterable[object], file: Path | str) -> CrsError:
    rows = tuple(rows)
    return CrsError(
        f"控制点表有 {len(rows)} 行的 X 与 Y 对调了：X（北）里是东坐标。",
        f"Table of control points: X and Y are swapped in {len(rows)} rows: X (north) holds "
        "eastings.",
        remedy=SWAP,
        file=file,
        rows=rows,
        expected="X north, Y east",
        found=SWAPPED,
    )


def _require_near(
    north: NDArray[np.float64],
    east: NDArray[np.float64],
    near: gpd.GeoSeries,
    names: NDArray[np.object_],
    file: Path | str,
) -> None:
    """Refuse points whose middle lies beyond the ground by more than it is wide."""
    bounds = near.total_bounds
    margin = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    point = (float(np.median(east)), float(np.median(north)))
    if _within(point, bounds, margin):
        return
    if _within(point[::-1], bounds, margin):
        raise _swapped(names, file)
    raise CrsError(
        "控制点不在 near 所给的范围附近。",
        "The control points are not near the ground that near= gives.",
        remedy=Text(
            zh="请核对表的坐标系、带号和 near。",
            en="Check the CRS of the table, its zone, and near.",
        ),
        file=file,
        expected=tuple(bounds.tolist()),
        found=point,
    )


def _within(point: tuple[float, float], bounds: NDArray[np.float64], margin: float) -> bool:
    west, south, east, north = bounds
    return bool(
        west - margin <= point[0] <= east + margin and south - margin <= point[1] <= north + margin
    )
