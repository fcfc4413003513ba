"""A street of homes by two parks: every share of it can be worked out by hand.

West to east, all between y = 0 and y = 100: the old park (1 ha), blocks A (3 ha) and B (4 ha),
then 1.2 km of nothing, block C (1 ha), the new park (1 ha), block D (1 ha). Within 500 m of a
park lie all of A, half of B and all of C: 6 of 9 ha, and 600 of 1 000 persons. A path leads from
the old park along A and B; another one passes D, and comes from nowhere.
"""

from __future__ import annotations

import geopandas as gpd
from shapely import LineString, Point, box

from tests.test_cli import run

CRS = 4547
WEST, SOUTH = 500_000.0, 3_380_000.0


def ground(left, low, right, high):
    return box(WEST + left, SOUTH + low, WEST + right, SOUTH + high)


def way(*corners):
    return LineString([(WEST + x, SOUTH + y) for x, y in corners])


PARKS = {
    "老公园": ground(0, 0, 100, 100),
    "新公园": ground(2400, 0, 2500, 100),
    "园中园": ground(20, 20, 95, 95),  # within the old one: what it serves is served without it
    "口袋": ground(0, 5000, 10, 5010),  # 100 m2: below every tier
}
BLOCKS = {
    "A": (ground(100, 0, 400, 100), 300),
    "B": (ground(400, 0, 800, 100), 400),
    "C": (ground(2000, 0, 2100, 100), 100),
    "D": (ground(3200, 0, 3300, 100), 200),
}
ZONES = {"西": ground(-100, -100, 1000, 200), "东": ground(1900, -100, 3400, 200)}


def write_street(folder, **changes):
    """Write the layers into ``street.gpkg``; a layer that is given takes the place of its like."""
    layers = {
        "parks": gpd.GeoDataFrame({"NAME": list(PARKS)}, geometry=list(PARKS.values()), crs=CRS),
        "homes": gpd.GeoDataFrame(
            {"NAME": list(BLOCKS), "POP": [persons for _, persons in BLOCKS.values()]},
            geometry=[shape for shape, _ in BLOCKS.values()],
            crs=CRS,
        ),
        "zones": gpd.GeoDataFrame({"NAME": list(ZONES)}, geometry=list(ZONES.values()), crs=CRS),
        "paths": gpd.GeoDataFrame(
            geometry=[way((100, 50), (800, 50)), way((3200, 50), (3300, 50))], crs=CRS
        ),
        "gates": gpd.GeoDataFrame(geometry=[Point(WEST + 100, SOUTH + 50)], crs=CRS),
        **changes,
    }
    for name, layer in layers.items():
        layer.to_file(folder / "street.gpkg", layer=name)
    return folder


def layer(folder, name):
    return f"{folder / 'street.gpkg'}|layername={name}"


NAMES = ("--park-name", "NAME", "--block-name", "NAME")


def service(folder, *words, names=NAMES):
    return run("service", layer(folder, "parks"), layer(folder, "homes"), *names, *words)
