"""Plots: what is built on the land that parks and streets leave.

Question   Which plots fill a block, what stands on them and how much of them is green?
Enters     Free ground, the quarters of the plan and a seed.
Leaves     Residential land, units, buildings and attached green parcels.
Elsewhere  Parks and belts: parks. Trees and lawns: plants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely
from shapely import Polygon, box

from greenspace.sample.frame import stream
from greenspace.sample.ground import Ground, Parcel
from greenspace.sample.shapes import direction, multi, polygons_of, shrunk_to, split, turned

if TYPE_CHECKING:
    import numpy as np
    from shapely import LineString, MultiPolygon

    from greenspace.sample.layout import Layout

LEAST_PLOT_M2 = 900.0
LANE_M = 8.0
HOMES_BY_FACTORIES, SHOPS, OLD_HOMES = 0.15, 0.12, 0.34  # of blocks without a quarter


@dataclass(frozen=True, slots=True)
class Use:
    """How a plot of one use is built: sizes in metres, share of green, roof."""

    code: str
    length_m: float
    depth_m: float
    spacing_m: float
    height_m: float
    share: float
    largest_m2: float
    roof: str
    roof_green: float  # probability that a roof is planted


USES = {
    "new": Use("RG", 46, 13, 38, 33, 0.315, 34_000, "grey", 0.01),
    "old": Use("RG", 34, 10, 21, 15, 0.215, 15_000, "red", 0.0),
    "学校": Use("AG", 62, 17, 52, 17, 0.37, 45_000, "red", 0.10),
    "行政": Use("AG", 52, 20, 46, 26, 0.35, 30_000, "grey", 0.20),
    "医院": Use("AG", 56, 22, 46, 30, 0.36, 40_000, "white", 0.15),
    "商业": Use("BG", 62, 36, 56, 30, 0.17, 26_000, "white", 0.28),
    "工业": Use("MG", 76, 34, 50, 12, 0.21, 52_000, "blue", 0.0),
    "物流": Use("WG", 90, 40, 60, 12, 0.15, 60_000, "blue", 0.0),
    "公用设施": Use("UG", 30, 20, 40, 10, 0.38, 20_000, "white", 0.05),
}


@dataclass(frozen=True, slots=True)
class Building:
    """One building: its footprint, height and roof."""

    shape: Polygon
    height_m: float
    roof: str
    planted: bool


@dataclass(slots=True)
class Built:
    """Everything that plots bring: residential land, units, buildings, green, lanes."""

    residential: list[tuple[str, str, int, Polygon]] = field(default_factory=list)
    units: list[tuple[str, str, Polygon]] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    green: list[Parcel] = field(default_factory=list)
    lanes: list[LineString] = field(default_factory=list)
    vacant: list[Polygon] = field(default_factory=list)
    built_over: Polygon = field(default_factory=Polygon)


def build(layout: Layout, ground: Ground, seed: int) -> Built:
    """Fill all free ground inside the built-up area."""
    built = Built()
    rng = stream(seed, "plots")
    quarters = {}
    for place, use in layout.plan.quarters:
        quarters[ground.find(layout.place(place)).wkb] = use
    for block in ground.free:
        quarter = quarters.get(block.wkb)
        for piece in polygons_of(block.intersection(layout.built_up), least_m2=200):
            _fill(piece, quarter or _use(layout, piece, rng), built, rng)
    lawn = layout.place(layout.plan.built_over)
    plots = [row[-1] for row in built.units] or [row[-1] for row in built.residential]
    built.built_over = min(plots, key=lambda shape: shape.distance(lawn))
    return built


def _use(layout: Layout, block: Polygon, rng: np.random.Generator) -> str:
    """Return what a block without a quarter of its own is used for."""
    u, v = layout.frame.plan_point(block.representative_point())
    (west, south), (east, north) = layout.plan.old_town
    drawn = float(rng.random())
    if u > layout.plan.rail[0]:
        return "new" if drawn < HOMES_BY_FACTORIES else "工业"
    if west < u < east and south < v < north:
        return "old"
    if drawn < SHOPS:
        return "商业"
    return "old" if drawn < OLD_HOMES else "new"


def _fill(block: Polygon, name: str, built: Built, rng: np.random.Generator) -> None:
    use = USES[name]
    pieces, lanes = split(block, largest_m2=use.largest_m2, gap_m=LANE_M)
    built.lanes += lanes
    for plot in pieces:
        if plot.area < LEAST_PLOT_M2:
            built.vacant.append(plot)
            continue
        houses = _houses(plot, use, rng)
        built.buildings += houses
        _register(plot, name, built, rng)
        green = _attached_green(plot, houses, use, rng)
        if green.area > 0:
            built.green.append(Parcel(use.code, f"{_last_name(name, built)}附属绿地", green))


def _register(plot: Polygon, name: str, built: Built, rng: np.random.Generator) -> None:
    """Enter a plot as residential land or as a unit, with a name."""
    if name in {"new", "old"}:
        year = int(rng.integers(2003, 2024) if name == "new" else rng.integers(1978, 2002))
        title = f"{_syllables(rng)}{'家园' if name == 'new' else '新村'}"
        number = sum(row[0].startswith(title) for row in built.residential)
        built.residential.append((title + (f"{number + 1}区" if number else ""), name, year, plot))
    else:
        number = sum(kind == name for _, kind, _ in built.units) + 1
        built.units.append((f"清河{name}{number}号", name, plot))


def _last_name(name: str, built: Built) -> str:
    return built.residential[-1][0] if name in {"new", "old"} else built.units[-1][0]


def _syllables(rng: np.random.Generator) -> str:
    first, second = "翠锦明和安福景云", "苑溪湖泉桥堂竹林"
    return first[int(rng.integers(len(first)))] + second[int(rng.integers(len(second)))]


def _houses(plot: Polygon, use: Use, rng: np.random.Generator) -> list[Building]:
    """Return rows of buildings, parallel to the plot, that keep off its edge."""
    angle, middle = direction(plot), plot.centroid
    inner = turned(plot.buffer(-6.0), -angle, middle)
    shapely.prepare(inner)
    west, south, east, north = inner.bounds if not inner.is_empty else (0.0, 0.0, 0.0, 0.0)
    houses = []
    y = south + float(rng.uniform(1, 6))
    while y + use.depth_m < north:
        x = west + float(rng.uniform(0, 8))
        while x < east:
            length = use.length_m * float(rng.uniform(0.75, 1.2))
            slab = box(x, y, x + length, y + use.depth_m)
            if inner.contains(slab):
                height = use.height_m * float(rng.uniform(0.6, 1.3))
                planted = bool(rng.random() < use.roof_green)
                houses.append(Building(turned(slab, angle, middle), height, use.roof, planted))
                x += length + float(rng.uniform(9, 16))
            else:
                x += 5.0
        y += use.spacing_m * float(rng.uniform(0.95, 1.1))
    return houses


def _attached_green(
    plot: Polygon, houses: list[Building], use: Use, rng: np.random.Generator
) -> MultiPolygon:
    """Return the green parcels of a plot: between its houses, beside its drives."""
    angle, middle = direction(plot), plot.centroid
    west, south, east, north = turned(plot, -angle, middle).bounds
    drives = [box((west + east) / 2 - 3, south, (west + east) / 2 + 3, north)]
    y = south + use.spacing_m * 0.55
    while y < north:
        drives.append(box(west, y, east, y + 4.5))
        y += use.spacing_m * 1.03
    for _ in range(int(plot.area / 2500)):
        x, y = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        drives.append(box(x, y, x + 22, y + 8))
    paved = turned(shapely.union_all(drives), angle, middle)
    footprints = shapely.union_all([house.shape for house in houses])
    taken = footprints.buffer(3.0, join_style="mitre").union(paved)
    free = plot.buffer(-2.0, join_style="mitre").difference(taken)
    free = free.buffer(-0.8, join_style="mitre").buffer(0.8, join_style="mitre")
    target = use.share * float(rng.uniform(0.85, 1.1)) * plot.area
    return shrunk_to(multi(free), area_m2=target, least_m2=25.0)
