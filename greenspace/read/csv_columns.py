"""Columns of places: which columns of a table hold east and north, or shapes in words.

Question   Does a name say it, does exactly one, and do the values agree?
Enters     A table of text, and the columns that the user names.
Leaves     The columns, or a refusal that shows how to name them.
Elsewhere  Reading the table: read/csv_table.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from greenspace.errors import ColumnError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

EAST_NAMES = {"lon", "lng", "long", "longitude", "easting", "east"}
EAST_NAMES |= {"经度", "东经", "东坐标", "横坐标"}
NORTH_NAMES = {"lat", "latitude", "northing", "north"}
NORTH_NAMES |= {"纬度", "北纬", "北坐标", "纵坐标"}
X_NAMES = {"x", "xcoord", "coordx", "pointx", "x坐标", "坐标x"}
Y_NAMES = {"y", "ycoord", "coordy", "pointy", "y坐标", "坐标y"}
WKT_NAMES = {"wkt", "geomwkt", "wktgeom", "geometry", "geom", "thegeom", "shape", "几何", "图形"}
PLACE_NAMES = EAST_NAMES | NORTH_NAMES | X_NAMES | Y_NAMES | WKT_NAMES
WKT = re.compile(
    r"\s*(?:MULTI|COMPOUND|CIRCULAR|CURVE)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION|STRING|"
    r"CURVE|SURFACE|TIN|TRIANGLE|POLYHEDRALSURFACE)\b",
    re.IGNORECASE,
)
DEGREE_NAMES = {"lon", "lng", "long", "longitude", "经度", "东经"}
DEGREE_NAMES |= {"lat", "latitude", "纬度", "北纬"}
LONGITUDE, LATITUDE = 180.0, 90.0
NORTHING_M, EASTING_M = (1e6, 1e7), (1e5, 9e5)
ZONED_EASTING_M = (13e6, 46e6)
CHINA_LONGITUDE, CHINA_LATITUDE = (73.0, 136.0), (3.0, 54.0)
NAME_THEM = Text(
    zh='请写明字段，x 为东向（经度）、y 为北向（纬度）：columns = { x = "…", y = "…" }，'
    '或 columns = { wkt = "…" }。',
    en='Name them, x being east (longitude) and y north (latitude): columns = { x = "…", '
    'y = "…" }, or columns = { wkt = "…" }.',
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a table keeps its places: ``wkt``, or ``x`` (east) and ``y`` (north).

    ``named`` tells that the user said so.
    """

    x: str = ""
    y: str = ""
    wkt: str = ""
    named: bool = False


def find_places(
    table: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    file: Path,
    doubled: Sequence[str] = (),
) -> Places:
    """Return the columns of places of a table; ``doubled`` are names that it has twice.

    Raises
    ------
    ColumnError
        A column that was named is not there, or twice; none or several could be meant.
    """
    names = [str(name) for name in table.columns]
    asked = {role: columns[role] for role in ("x", "y", "wkt") if role in columns}
    guessed = [name for name in doubled if not asked and plain(name) in PLACE_NAMES]
    _require_single([name for name in doubled if name in columns.values()] or guessed, file, names)
    if asked:
        if set(asked) not in ({"x", "y"}, {"wkt"}):
            raise _unclear("坐标字段只写了一半。", "Half of the columns is named.", file, names)
        for role, column in asked.items():
            if column not in names:
                raise _unclear(
                    f"没有字段 {column}（用作 {role}）。",
                    f"There is no column {column} (to be used as {role}).",
                    file,
                    names,
                )
        return Places(**asked, named=True)
    found = _candidates(table, names)
    if len(found) == 1:
        return found[0]
    if not found:
        raise _unclear("看不出哪些字段是坐标。", "No columns tell where the rows are.", file, names)
    listed = "; ".join(item.wkt or f"{item.x}, {item.y}" for item in found)
    raise _unclear(
        f"有几组字段都可能是坐标：{listed}。",
        f"Several columns could be meant: {listed}.",
        file,
        names,
    )


def _require_single(twice: Sequence[str], file: Path, names: Sequence[str]) -> None:
    if not twice:
        return
    listed = ", ".join(twice)
    raise ColumnError(
        f"要用的字段重名：{listed}，无法得知指哪一列。",
        f"Columns that are to be used are there twice, and nothing tells which is meant: {listed}.",
        remedy=Text(zh="请在表头中改名。", en="Rename one in the first line."),
        file=file,
        column=twice[0],
        found=tuple(names),
    )


def _candidates(table: pd.DataFrame, names: Sequence[str]) -> list[Places]:
    found = [Places(wkt=name) for name in names if _is_wkt(name, table[name])]
    for east, north in ((EAST_NAMES, NORTH_NAMES), (X_NAMES, Y_NAMES)):
        xs = [name for name in names if plain(name) in east]
        ys = [name for name in names if plain(name) in north]
        found.extend(Places(x, y) for x in xs for y in ys)
    return found


def _is_wkt(name: str, values: pd.Series) -> bool:
    filled = values[values != ""]
    return plain(name) in WKT_NAMES and bool(len(filled)) and bool(WKT.match(filled.iloc[0]))


def plain(name: str) -> str:
    """Return a column's name without case, width, blanks, underlines and units in brackets.

    Examples
    --------
    >>> plain("X_坐标（m）"), plain(" Longitude ")
    ('x坐标', 'longitude')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s_-]", "", text)


def require_unswapped(places: Places, x: np.ndarray, y: np.ndarray, *, file: Path) -> None:
    """Refuse columns whose values contradict their names: Chinese surveys call north X.

    What the user names is believed.

    Raises
    ------
    ColumnError
        The values look like north and east, or like no degrees.
    """
    known = ~(np.isnan(x) | np.isnan(y))
    if places.named or not known.any():
        return
    x, y = x[known], y[known]
    if _swapped(x, y):
        raise ColumnError(
            f"字段 {places.x}、{places.y} 的数值像是北坐标在前（测量习惯 X 为北、Y 为东）。",
            f"The values of {places.x} and {places.y} look like north first, as Chinese surveys "
            "write it (X is north, Y is east).",
            remedy=Text(
                zh=f'若是，请写 columns = {{ x = "{places.y}", y = "{places.x}" }}；'
                f'若不是，请写 columns = {{ x = "{places.x}", y = "{places.y}" }}。',
                en=f'If so, write columns = {{ x = "{places.y}", y = "{places.x}" }}; '
                f'if not, columns = {{ x = "{places.x}", y = "{places.y}" }}.',
            ),
            file=file,
            column=places.x,
            found=(float(np.median(x)), float(np.median(y))),
        )
    degrees = {plain(places.x), plain(places.y)} & DEGREE_NAMES
    if degrees and (np.abs(x).max() > LONGITUDE or np.abs(y).max() > LATITUDE):
        raise _unclear(
            f"字段 {places.x}、{places.y} 名为经纬度，数值却不是度。",
            f"The columns {places.x} and {places.y} are called degrees, but their values are none.",
            file,
            (places.x, places.y),
        )


def _swapped(x: np.ndarray, y: np.ndarray) -> bool:
    east, north = float(np.median(y)), float(np.median(x))
    degrees = _within(east, CHINA_LONGITUDE) and _within(north, CHINA_LATITUDE)
    metres = _within(north, NORTHING_M) and (
        _within(east, EASTING_M) or _within(east, ZONED_EASTING_M)
    )
    return degrees or metres


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _unclear(zh: str, en: str, file: Path, names: Sequence[str]) -> ColumnError:
    return ColumnError(zh, en, remedy=NAME_THEM, file=file, found=tuple(names))
