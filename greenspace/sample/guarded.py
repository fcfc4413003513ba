"""Guarded: green lines that the city has approved, and what came too near to them.

Question   Where do approved lines run, what is built within them, and what grows in their care?
Enters     The layout, green parcels, what is built, old trees.
Leaves     Approved green lines, ecological control, construction, a widened road; columns of trees.
Elsewhere  Planned green: planned. A national park: reserve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import box

from greenspace.sample.frame import stream
from greenspace.sample.layers import table
from greenspace.sample.shapes import direction, largest, multi, polygons_of, turned

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from shapely import Point, Polygon

    from greenspace.sample.ground import Parcel
    from greenspace.sample.layout import Layout
    from greenspace.sample.plots import Built

LINED = ("G1", "G2", "G3")
WIDER_M = 8.0  # on either side of the street that is widened
WIDENED = "A1"
BESIDE_THE_RIVER, GREAT_PARK, LAWN = "滨河绿廊", "人民公园", "文景绿地"
STAND = "老城古树群"
WET = ("东河滩生态林", "清河湿地公园", "江心洲")
Rows = list[tuple[Any, ...]]


def guarded(
    layout: Layout,
    built: Built,
    parcels: list[Parcel],
    trees: gpd.GeoDataFrame,
    planned: gpd.GeoDataFrame,
) -> dict[str, gpd.GeoDataFrame]:
    """Return approved lines and what they are held against."""
    lines = table(["NUMBER", "NAME", "CLASS", "STATUS"], _lines(parcels, built.built_over, planned))
    return {
        "green_lines": lines,
        "ecological_control": table(["NAME", "KIND"], _control(parcels)),
        "construction": table(["NAME", "KIND", "DATE"], _construction(parcels, built, trees)),
        "road_widening": table(["NAME"], _widening(layout)),
    }


def tree_columns(trees: gpd.GeoDataFrame, seed: int) -> dict[str, list[Any]]:
    """Return crown widths east-west and north-south, the stand, and which tree is famous."""
    rng = stream(seed, "crown widths")
    stretch = rng.uniform(0.9, 1.1, len(trees))
    near = trees.geometry.distance(trees.geometry.iloc[0]).sort_values().index[:3]
    return {
        "CROWN_EW": [round(c * s, 1) for c, s in zip(trees["CROWN_M"], stretch, strict=True)],
        "CROWN_NS": [round(c / s, 1) for c, s in zip(trees["CROWN_M"], stretch, strict=True)],
        "STAND": [STAND if tree in near else None for tree in trees.index],
        "FAMOUS": ["是" if tree == trees.index[-1] else "否" for tree in trees.index],
    }


def _lines(parcels: list[Parcel], lawn: Polygon, planned: gpd.GeoDataFrame) -> Rows:
    """Return a line a piece of ground: parcels as they are, a lawn since built over, a park to come."""
    kept = [parcel for parcel in parcels if parcel.code[:2] in LINED]
    ground = shapely.union_all([parcel.shape for parcel in kept])
    rows: Rows = [
        (parcel.name, parcel.code, "现状", piece)
        for parcel in kept
        for piece in polygons_of(parcel.shape)
    ]
    rows.append((LAWN, "G14", "现状", largest(polygons_of(lawn.difference(ground)))))
    coming = planned[planned["NAME"].str.endswith("（规划）")]
    rows += [
        (name, code, "规划", piece)
        for name, code, shape in coming[["NAME", "CLASS", "geometry"]].itertuples(index=False)
        for piece in polygons_of(shape.difference(ground))
    ]
    return [(f"L{number:03d}", *row) for number, row in enumerate(rows, 1)]


def _control(parcels: list[Parcel]) -> Rows:
    """Return woods, hills and wetland beyond the town."""
    return [
        (parcel.name, "湿地" if parcel.name in WET else "山体林地", multi(parcel.shape))
        for parcel in parcels
        if parcel.code.startswith("EG") and not parcel.code.startswith("EG4")
    ]


def _construction(parcels: list[Parcel], built: Built, trees: gpd.GeoDataFrame) -> Rows:
    """Return a project across a line, one beside an old tree, an older one, and one that is apart."""
    river = _largest(parcels, BESIDE_THE_RIVER)
    park = _largest(parcels, GREAT_PARK)
    tree, crown = trees.geometry.iloc[0], float(trees["CROWN_M"].iloc[0])
    rows = [
        ("滨河会所", "商业", "2025-03-15", _block(river, river.exterior.interpolate(60.0), 46, 28)),
        ("人民公园服务房", "公用设施", "2015-05-20", _block(park, park.centroid, 24, 12)),
        (
            "老城停车楼",
            "停车",
            "2026-01-10",
            box(tree.x + crown / 2 + 2, tree.y - 9, tree.x + crown / 2 + 26, tree.y + 9),
        ),
        ("仓储用房", "仓储", "2025-11-02", built.buildings[-1].shape),
    ]
    return [(*row[:-1], multi(row[-1])) for row in rows]


def _widening(layout: Layout) -> Rows:
    """Return the land that a street takes when it is widened: beyond its red lines of today."""
    street = [road for road in layout.roads if road.key == WIDENED]
    wide = shapely.union_all(
        [road.line.buffer(road.width_m / 2 + WIDER_M, cap_style="flat") for road in street]
    )
    free = wide.intersection(layout.built_up).difference(
        shapely.union_all([layout.road_area, layout.river, layout.rail_area])
    )
    return [(f"{street[0].name}拓宽", multi(free))]


def _largest(parcels: Iterable[Parcel], name: str) -> Polygon:
    return largest([piece for p in parcels if p.name == name for piece in polygons_of(p.shape)])


def _block(beside: Polygon, middle: Point, length_m: float, width_m: float) -> Polygon:
    """Return a rectangle about a point, along the long side of its neighbour."""
    shape = box(-length_m / 2, -width_m / 2, length_m / 2, width_m / 2)
    moved = shapely.transform(shape, lambda xy: np.add(xy, (middle.x, middle.y)))
    found: Polygon = turned(moved, direction(beside), middle)
    return found
