"""City row: a folder of results as one line of a league.

Question   What does this city's check say of each row of its standard, and where does it lie?
Enters     A folder that a check wrote.
Leaves     A CityRow; the outline of the built-up area in EPSG:4326.
Elsewhere  Which folders there are and whether they are of today: province. Counting: evaluate/league.
"""

from __future__ import annotations

import datetime as dt
from math import sqrt
from typing import TYPE_CHECKING, Any

import shapely

from greenspace.errors import CrsError, InputError
from greenspace.model.crs import is_local
from greenspace.model.league import CityRow, CityVerdict
from greenspace.model.words import Text
from greenspace.read.dated_results import RECORD, own_standard, read_record
from greenspace.read.files import require_file
from greenspace.read.record_shape import AGAIN
from greenspace.read.vector import list_layers, read_layer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from greenspace.model.league import State

LAYERS, BUILT_UP = "layers.gpkg", "built_up"
COARSEST_M = 100.0
OF_ITS_SIZE = 0.01  # a small town keeps its shape, too
NOT_DRAWN = Text(zh="没有建成区图层。", en="There is no layer of the built-up area.")
OWN_GRID = Text(
    zh="坐标系是城市自己的网格，不知其在地球上的位置。",
    en="The city has a grid of its own, whose place on the globe is not known.",
)


def read_city_row(folder: Path, *, id: str, manifest: str, state: State) -> CityRow:  # noqa: A002
    """Return what a folder of results says of its city.

    Raises
    ------
    InputError
        There is no check.json, it was edited, or another version wrote it.
    """
    record = read_record(folder)
    overall = record.get("overall")
    if overall is None:
        raise InputError(
            "check.json 没有总评。",
            "check.json has no overall verdict.",
            remedy=AGAIN,
            file=folder / RECORD,
            expected="overall",
        )
    day = record["city"]["date"]
    outline, lacking = _outline(folder)
    return CityRow(
        id=id,
        manifest=manifest,
        state=state,
        name=record["city"]["name"],
        standard=record["standard"],
        standard_sha256=own_standard(record),
        year=None if day is None else _year(day, folder),
        verdict=overall["verdict"],
        provisional=overall["provisional"],
        rows=tuple(map(_row, record["verdicts"])),
        outline=outline,
        no_outline=lacking,
        version=_version(record),
    )


def _row(item: Mapping[str, Any]) -> CityVerdict:
    kept = ("standard", "indicator", "unit", "value", "threshold", "operator", "verdict", "mark")
    why = item["reason"]
    return CityVerdict(
        **{key: item[key] for key in kept},
        name=Text(zh=item["name"]["zh"], en=item["name"]["en"]),
        mandatory=item["mandatory"],
        reason=None if why is None else Text(zh=why["zh"], en=why["en"]),
    )


def _year(day: str, folder: Path) -> int:
    try:
        return dt.date.fromisoformat(day).year
    except ValueError:
        raise InputError(
            "check.json 的 city.date 不是日期。",
            "city.date in check.json is no date.",
            remedy=AGAIN,
            file=folder / RECORD,
            expected="YYYY-MM-DD",
            found=day,
        ) from None


def _version(record: Mapping[str, Any]) -> str | None:
    software = record.get("software")
    version = software.get("version") if isinstance(software, dict) else None
    return version if isinstance(version, str) else None


def _outline(folder: Path) -> tuple[BaseGeometry | None, Text | None]:
    """Return the built-up area in degrees, or why it is not known; it is shown, never measured."""
    try:
        path = require_file(folder / LAYERS)
        if BUILT_UP not in {info.name for info in list_layers(path)}:
            return None, NOT_DRAWN
        ground = read_layer(path, layer=BUILT_UP)
    except CrsError:
        return None, OWN_GRID
    except InputError as error:
        return None, error.problem
    if ground.crs is None or is_local(ground.crs):
        return None, OWN_GRID
    whole = shapely.union_all(shapely.make_valid(ground.geometry.to_numpy()))
    if whole.is_empty:
        return None, NOT_DRAWN
    step = min(COARSEST_M, OF_ITS_SIZE * sqrt(whole.area))
    simple = ground.geometry.iloc[:1].set_axis([0])
    simple.iloc[0] = shapely.simplify(whole, step)
    return simple.to_crs("EPSG:4326").iloc[0], None
