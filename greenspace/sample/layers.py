"""Layers: the tables of the sample city, as a city's office would hand them in.

Question   Which rows and columns does each layer have?
Enters     Parcels, plots, streets, gardens and plants.
Leaves     GeoDataFrames in EPSG:4547 by layer name.
Elsewhere  The file: write. What the manifest calls the columns: manifest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon

from greenspace.sample.frame import EPSG, stream
from greenspace.sample.plan import FAST
from greenspace.sample.shapes import crowns, multi, parts, scatter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from greenspace.sample.gardens import Garden
    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout
    from greenspace.sample.paths import Walk
    from greenspace.sample.plants import Row
    from greenspace.sample.plots import Built

SHORT_M = 5.0
OLD_TREES = ("国槐", "银杏", "侧柏", "香樟", "朴树", "皂荚")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> gpd.GeoDataFrame:
    """Return rows, whose last item is the shape, as a layer."""
    listed = [list(row) for row in rows]
    data = {name: [row[i] for row in listed] for i, name in enumerate(columns)}
    shapes = [row[-1] for row in listed]
    if len({shape.geom_type for shape in shapes}) > 1:  # a file holds one type
        shapes = [MultiPolygon([s]) if isinstance(s, Polygon) else s for s in shapes]
    return gpd.GeoDataFrame(data, geometry=shapes, crs=EPSG)


def districts(layout: Layout, built: Built) -> gpd.GeoDataFrame:
    """Return the districts with the people who live there, in whole tens."""
    homes = shapely.union_all([plot for *_, plot in built.residential])
    rows = []
    for (name, shape), density in zip(layout.districts, layout.plan.people_per_ha, strict=True):
        residents = homes.intersection(shape).area / 1e4 * density
        rows.append((name, round(residents / 10) * 10, shape))
    return table(["DISTRICT", "POP"], rows)


def green_layers(
    parcels: list[Parcel], insides: list[Garden], layout: Layout
) -> dict[str, gpd.GeoDataFrame]:
    """Return green parcels, parks, their entrances, and water."""
    waters = [("清河", shapely.difference(layout.river, layout.island))]
    waters += [(f"{g.park.name}水面", part) for g in insides for part in parts(g.water)]
    gates = [(garden.park.name, gate) for garden in insides for gate in garden.entrances]
    return {
        "green": table(["绿地类型", "名称"], [(p.code, p.name, p.shape) for p in parcels]),
        "parks": table(
            ["NAME", "CLASS"], [(g.park.name, g.park.code, g.park.shape) for g in insides]
        ),
        "entrances": table(["PARK"], gates),
        "water": table(["NAME"], waters),
    }


def plot_layers(built: Built) -> dict[str, gpd.GeoDataFrame]:
    """Return residential land and the plots of units."""
    return {
        "residential": table(["NAME", "STATUS", "BUILT"], built.residential),
        "units": table(["NAME", "KIND"], built.units),
    }


def street_layers(layout: Layout, walks: list[Walk]) -> dict[str, gpd.GeoDataFrame]:
    """Return streets, footways and walking paths."""
    roads = [(road.name, road.kind, road.width_m, road.line) for road in layout.roads]
    return {
        "roads": table(["NAME", "CLASS", "WIDTH"], roads),
        "footways": table(["ROAD", "SIDE"], _footways(layout)),
        "paths": table(["CLASS"], walks),
    }


def _footways(layout: Layout) -> list[tuple[str, str, Any]]:
    rows = []
    for road in layout.roads:
        if road.kind == FAST:
            continue
        crossing = shapely.union_all(
            [
                other.line.buffer(other.width_m / 2, cap_style="flat")
                for other in layout.roads
                if other.key != road.key
            ]
        )
        for side, sign in (("left", 1.0), ("right", -1.0)):
            offset = sign * (road.width_m / 2 - 2.6 * layout.plan.width_scale)
            line = road.line.offset_curve(offset, join_style="mitre").difference(crossing)
            rows += [(road.name, side, part) for part in parts(line) if part.length > SHORT_M]
    return rows


def historic(layout: Layout) -> Polygon:
    """Return the old town north of the river."""
    (west, south), (east, north) = layout.plan.old_town
    steps = np.linspace(0, 1, 12, endpoint=False)
    ring = np.vstack(
        [
            np.column_stack([west + steps * (east - west), np.full(12, south)]),
            np.column_stack([np.full(12, east), south + steps * (north - south)]),
            np.column_stack([east - steps * (east - west), np.full(12, north)]),
            np.column_stack([np.full(12, west), north - steps * (north - south)]),
        ]
    )
    town = Polygon(layout.frame.ground(ring)).intersection(layout.built_up)
    return max(multi(town.difference(layout.river)).geoms, key=lambda part: part.area)


def old_trees(town: Polygon, built: Built, seed: int) -> gpd.GeoDataFrame:
    """Return old trees of the old town: age in years, trunk in cm, crown width in m."""
    rng = stream(seed, "old trees")
    houses = shapely.union_all([house.shape.buffer(2) for house in built.buildings])
    points = scatter(town.buffer(-10).difference(houses), rng, per_ha=2.0)[:14]
    rows = []
    for number, xy in enumerate(np.round(points, 2), start=1):
        age = int(rng.choice([75, 110, 160, 220, 310, 520]) + rng.integers(0, 30))
        trunk = round(35 + age * 0.22 + float(rng.uniform(-8, 8)))
        crown = round(7 + age * 0.02 + float(rng.uniform(0, 4)), 1)
        kind = OLD_TREES[int(rng.integers(len(OLD_TREES)))]
        rows.append((f"{kind}{number:02d}", age, trunk, crown, Point(xy)))
    return table(["NAME", "AGE", "DBH_CM", "CROWN_M"], rows)


def old_crowns(trees: gpd.GeoDataFrame, seed: int) -> list[Row]:
    """Return the crowns of the old trees as vegetation."""
    points = shapely.get_coordinates(trees.geometry.to_numpy())
    radii = trees["CROWN_M"].to_numpy() / 2
    return [("tree", crown) for crown in crowns(points, radii, stream(seed, "old crowns"))]


def vegetation(rows: Iterable[Row]) -> gpd.GeoDataFrame:
    """Return plants as a layer."""
    return table(["LAYER"], rows)
