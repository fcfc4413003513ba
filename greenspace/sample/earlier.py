"""Earlier: the made-up city at two earlier dates, as layers that differ from today's.

Question   What was not yet there in 2023 and in 2020?
Enters     Today's layers and the matter of the scenes.
Leaves     For each date the layers that differ; all others are today's.
Elsewhere  The image of 2023: scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import shapely

from greenspace.sample import layers, scenes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from greenspace.sample.scenes import Matter


@dataclass(frozen=True, slots=True)
class Stage:
    """One earlier date: parks that are not laid out yet, and how many people live there."""

    day: date
    without: frozenset[str]
    people: float  # of today's
    imaged: bool


STAGES: dict[int, Stage] = {
    2020: Stage(
        date(2020, 6, 30),
        frozenset({scenes.LATER_PARK, "东滩游园", "枫林公园", "晨光口袋公园", "荷风口袋公园"}),
        0.94,
        imaged=False,
    ),
    2023: Stage(date(2023, 6, 30), frozenset({scenes.LATER_PARK}), 0.97, imaged=True),
}
TREES_THERE = 3  # in 2020, of ten trees that stand today


def earlier_layers(
    found: Mapping[str, gpd.GeoDataFrame], matter: Matter
) -> dict[int, dict[str, gpd.GeoDataFrame]]:
    """Return the layers of each earlier date that are not today's, the vegetation among them."""
    return {year: _stage(found, matter, year) for year in STAGES}


def _stage(
    found: Mapping[str, gpd.GeoDataFrame], matter: Matter, year: int
) -> dict[str, gpd.GeoDataFrame]:
    stage = STAGES[year]
    homes, districts, green = found["residential"], found["districts"], found["green"]
    there = homes["BUILT"] <= year
    missing = {f"{name}附属绿地" for name in homes["NAME"][~there]} | stage.without
    tens = (districts["POP"] * stage.people / 10).round().astype(int) * 10
    return {
        "districts": districts.assign(POP=tens),
        "green": _rows(green, ~green["名称"].isin(missing)),
        "parks": _rows(found["parks"], ~found["parks"]["NAME"].isin(stage.without)),
        "entrances": _rows(found["entrances"], ~found["entrances"]["PARK"].isin(stage.without)),
        "residential": _rows(homes, there),
        "vegetation": _vegetation(found, matter, year),
    }


def _rows(frame: gpd.GeoDataFrame, kept: object) -> gpd.GeoDataFrame:
    return frame[kept].reset_index(drop=True)


def _vegetation(
    found: Mapping[str, gpd.GeoDataFrame], matter: Matter, year: int
) -> gpd.GeoDataFrame:
    """Return the plants of a date: those of the older image, or fewer and younger than that."""
    rows = scenes.older_vegetation(matter)
    stage, parks, homes = STAGES[year], found["parks"], found["residential"]
    if stage.imaged:
        return layers.vegetation(rows)
    gone = shapely.union_all(
        [
            *parks.geometry[parks["NAME"].isin(stage.without)],
            *homes.geometry[homes["BUILT"] > year],
        ]
    )
    shapely.prepare(gone)
    points = shapely.point_on_surface([row[1] for row in rows])
    bare = shapely.contains(gone, points)
    kept = [
        row
        for number, (row, nothing) in enumerate(zip(rows, bare, strict=True))
        if not nothing and (row[0] != "tree" or number % 10 < TREES_THERE)
    ]
    return layers.vegetation(kept)
