"""Yards: what an office registers of estates, units, parks and walls.

Question   Which estates and units are gardens, and what is registered within plots and parks?
Enters     What is built, and the insides of the parks.
Leaves     Columns for estates and units; plantable land, parking, yards, walls, park ground.
Elsewhere  The plots themselves: plots. The insides of parks: gardens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from shapely import box

from greenspace.sample.communities import PERSONS_A_HOME, apportioned
from greenspace.sample.frame import stream
from greenspace.sample.layers import table
from greenspace.sample.shapes import direction, multi, turned

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import Point, Polygon

    from greenspace.sample.gardens import Garden
    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout
    from greenspace.sample.plots import Built

GARDEN = {"new": 0.75, "old": 0.3}  # chance by age of the estate
GARDEN_UNIT, ADVANCED_UNIT = 0.7, 0.25
EXEMPLARY = 0.2  # of all yards
PARKING_M = (42.0, 18.0)
Rows = list[tuple[Any, ...]]


def _yes(flags: list[bool]) -> list[str]:
    return ["是" if flag else "否" for flag in flags]


def estate_columns(
    homes: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, seed: int
) -> dict[str, list[Any]]:
    """Return which estates are garden estates, and their households."""
    rng = stream(seed, "garden estates")
    chances = [GARDEN[status] for status in homes["STATUS"]]
    draws = [float(rng.random()) < chance for chance in chances]
    persons = int(districts["POP"].sum())
    households = apportioned(round(persons / PERSONS_A_HOME), homes.area.tolist())
    return {"GARDEN": _yes(draws), "HOUSEHOLDS": households}


def unit_columns(units: gpd.GeoDataFrame, seed: int) -> dict[str, list[str]]:
    """Return which units are garden units, and which of them advanced ones."""
    rng = stream(seed, "garden units")
    garden = [float(rng.random()) < GARDEN_UNIT for _ in range(len(units))]
    advanced = [flag and float(rng.random()) < ADVANCED_UNIT / GARDEN_UNIT for flag in garden]
    return {"GARDEN": _yes(garden), "ADVANCED": _yes(advanced)}


def registers(
    layout: Layout, built: Built, parcels: list[Parcel], insides: list[Garden], seed: int
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that an office registers within plots and parks."""
    return {
        "plantable": table(["NAME"], _plantable(layout, built, parcels)),
        "vertical_greening": table(["NAME", "KIND", "AREA_M2"], _walls(layout, built, seed)),
        "exemplary_yards": table(["NAME", "DISTRICT"], _exemplary(layout, built, seed)),
        "parking": table(["NAME"], _parking(built)),
        "park_ground": table(["PARK", "KIND"], _park_ground(insides)),
    }


def _plantable(layout: Layout, built: Built, parcels: list[Parcel]) -> Rows:
    """Return land that could be planted: green parcels of the city, and vacant plots."""
    rows: Rows = [
        (parcel.name, multi(parcel.shape.intersection(layout.built_up)))
        for parcel in parcels
        if not parcel.code.startswith("EG")
    ]
    rows += [("闲置地", multi(plot)) for plot in built.vacant]
    return [row for row in rows if row[-1].area > 0]


def _walls(layout: Layout, built: Built, seed: int) -> Rows:
    """Return planted walls of units, and the planted footbridge."""
    rng = stream(seed, "walls")
    rows: Rows = []
    for name, kind, plot in built.units:
        if kind in {"商业", "行政"}:
            area = round(float(rng.uniform(20, 160)), 1)
            rows.append((f"{name}墙面绿化", "wall", area, plot.representative_point()))
    bridge = layout.footbridge
    middle = bridge.interpolate(0.5, normalized=True)
    return [*rows, ("步行桥桥体绿化", "bridge", round(0.8 * bridge.length, 1), middle)]


def _district(layout: Layout, point: Point) -> str:
    return min(layout.districts, key=lambda row: row[1].distance(point))[0]


def _exemplary(layout: Layout, built: Built, seed: int) -> Rows:
    """Return about a fifth of all yards as points."""
    rng = stream(seed, "yards")
    plots = [(name, plot) for name, *_, plot in built.residential]
    plots += [(name, plot) for name, _, plot in built.units]
    chosen = [plot for plot in plots if float(rng.random()) < EXEMPLARY] or plots[:1]
    middles = [(name, shape.representative_point()) for name, shape in chosen]
    return [(name, _district(layout, point), point) for name, point in middles]


def _parking(built: Built) -> Rows:
    """Return a car park on the open ground of each larger unit."""
    houses = shapely.union_all([house.shape for house in built.buildings])
    rows: Rows = []
    for name, _, plot in built.units or [(row[0], "", row[-1]) for row in built.residential]:
        shape = _lot(plot).intersection(plot).difference(houses)
        if shape.area > PARKING_M[0] * PARKING_M[1] / 3:
            rows.append((f"{name}停车场", multi(shape)))
    return rows


def _lot(plot: Polygon) -> Any:
    middle = plot.representative_point()
    long, wide = PARKING_M
    lot = box(middle.x - long / 2, middle.y - wide / 2, middle.x + long / 2, middle.y + wide / 2)
    return turned(lot, direction(plot), middle)


def _park_ground(insides: list[Garden]) -> Rows:
    """Return what each park's ground is: water, paving, buildings, and planted ground."""
    rows: Rows = []
    for garden in insides:
        roofs = shapely.union_all(list(garden.pavilions)).intersection(garden.park.shape)
        water = garden.water.difference(roofs)
        paved = garden.paved.difference(roofs).difference(water)
        taken = shapely.union_all([roofs, water, paved])
        kinds = (("建筑", roofs), ("水面", water), ("铺装", paved))
        planted = ("绿化", garden.park.shape.difference(taken))
        for kind, shape in (*kinds, planted):
            ground = multi(shape, least_m2=0.01)
            if ground.area > 0:
                rows.append((garden.park.name, kind, ground))
    return rows
