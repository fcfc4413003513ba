"""Scenes: from parcels, plants and buildings to what lies on top of what.

Question   Which cover does an image show at each place, on each date?
Enters     The layout, what is built on it and what grows on it.
Leaves     Two scenes; the older lacks one park and still has one lawn.
Elsewhere  Pixels: image.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import shapely

from greenspace.sample.frame import stream
from greenspace.sample.image import Scene, fields, missing_corner
from greenspace.sample.plants import shade

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from greenspace.sample.gardens import Garden
    from greenspace.sample.image import Painted
    from greenspace.sample.layout import Layout
    from greenspace.sample.plants import Row
    from greenspace.sample.plots import Built

NEWER, OLDER = date(2026, 6, 12), date(2023, 6, 18)
LATER_PARK = "南苑公园"  # laid out between the two dates
MISSING_SHARE, CLOUD_SHARE = 0.005, 0.009
SUN_AZIMUTH, COT_ELEVATION = 128.0, 0.42
PLANTS = ("grass", "shrub", "roof", "tree")


@dataclass(frozen=True, slots=True)
class Matter:
    """All that the two scenes are made of."""

    layout: Layout
    gardens: tuple[Garden, ...]
    built: Built
    rows: tuple[Row, ...]
    seed: int


def older_vegetation(matter: Matter) -> list[Row]:
    """Return the vegetation of the older date: a park less, a lawn more."""
    park = next(g.park.shape for g in matter.gardens if g.park.name == LATER_PARK)
    lawn = matter.built.built_over
    gone = shapely.union_all([park, lawn])
    shapely.prepare(gone)
    kept = [row for row in matter.rows if not gone.contains(row[1].representative_point())]
    return [*kept, ("grass", lawn)]


def newer_scene(matter: Matter) -> Scene:
    """Return the scene that is judged: a cloud, its shadow and a missing corner."""
    layout, built = matter.layout, matter.built
    cloud, shadow = _cloud(matter)
    return Scene(
        name="image_2026",
        date=NEWER,
        extent=layout.extent,
        covers=(*_ground(matter), *_plants(list(matter.rows))),
        shadows=_shadows(built),
        roofs=tuple(house.shape for house in built.buildings),
        missing=missing_corner(layout.extent, layout.built_up, share=MISSING_SHARE, tilt=0.55),
        cloud=cloud,
        cloud_shadow=shadow,
    )


def older_scene(matter: Matter) -> Scene:
    """Return the scene of three years before: no cloud, a corner missing beyond the city."""
    layout, lawn = matter.layout, matter.built.built_over
    houses = [h.shape for h in matter.built.buildings if not lawn.contains(h.shape.centroid)]
    park = next(g.park.shape for g in matter.gardens if g.park.name == LATER_PARK)
    bare: list[Painted] = [("soil", park)]
    return Scene(
        name="image_2023",
        date=OLDER,
        extent=layout.extent,
        covers=(*_ground(matter), *bare, *_plants(older_vegetation(matter))),
        shadows=tuple(
            shade(h, sun_azimuth=SUN_AZIMUTH + 6, cot_elevation=COT_ELEVATION)
            for h in matter.built.buildings
            if not lawn.contains(h.shape.centroid)
        ),
        roofs=tuple(houses),
        missing=missing_corner(layout.extent, layout.built_up.buffer(30), share=1e-9, tilt=0.7),
    )


def _ground(matter: Matter) -> list[Painted]:
    """Return everything but plants, from the bottom up."""
    layout, built = matter.layout, matter.built
    painted: list[Painted] = list(fields(layout.extent, stream(matter.seed, "fields")))
    painted.append(("paving", layout.built_up))
    painted += [("paving", lane.buffer(3.5)) for lane in built.lanes]
    painted += [("soil", shape) for shape in built.vacant]
    painted += [("soil", garden.park.shape) for garden in matter.gardens]
    painted += [("paving", garden.paved) for garden in matter.gardens]
    painted.append(("water", layout.river))
    painted.append(("soil", layout.island))
    painted += [("water", garden.water) for garden in matter.gardens]
    painted.append(("ballast", layout.rail_area))
    painted.append(("asphalt", layout.road_area))
    painted.append(("paving", layout.footbridge.buffer(3.0)))
    painted += [("grey", roof) for garden in matter.gardens for roof in garden.pavilions]
    return painted + [(house.roof, house.shape) for house in built.buildings]


def _plants(rows: list[Row]) -> list[Painted]:
    ordered = sorted(rows, key=lambda row: PLANTS.index(row[0]))
    return [(layer, shape) for layer, shape in ordered]


def _shadows(built: Built) -> tuple[Polygon, ...]:
    return tuple(
        shade(house, sun_azimuth=SUN_AZIMUTH, cot_elevation=COT_ELEVATION)
        for house in built.buildings
    )


def _cloud(matter: Matter) -> tuple[BaseGeometry, BaseGeometry]:
    """Return a cloud and its shadow, both inside the built-up area."""
    layout = matter.layout
    rng = stream(matter.seed, "cloud")
    reach = (CLOUD_SHARE * layout.built_up.area / 3.6) ** 0.5
    half = layout.plan.half_m
    place = (float(rng.uniform(-0.50, -0.35)) * half, float(rng.uniform(0.25, 0.40)) * half)
    puffs = [
        layout.frame.blob(
            (
                place[0] + float(rng.uniform(-1, 1)) * reach,
                place[1] + float(rng.normal()) * reach / 3,
            ),
            (reach * 0.75, reach * 0.6),
            rng,
        )
        for _ in range(3)
    ]
    cloud = shapely.union_all(puffs)
    moved = shapely.transform(cloud, lambda xy: np.add(xy, (-0.9 * reach, 0.8 * reach)))
    inside = layout.built_up.buffer(-5)
    return cloud.intersection(inside), moved.difference(cloud).intersection(inside)
