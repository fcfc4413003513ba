"""Parks below every tier are no parks to walk to: what is told of the way on foot is as without.

The street runs along y = 0. Where there are pocket parks they lie farther east on it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest

import greenspace as gs
from greenspace.model.tiers import CHECK_UP, CHECK_UP_TIERS
from greenspace.service_ground import ServiceGround
from tests.street import ground, way

CRS = 32650
STREET = way((-50, 0), (600, 0))
BESIDE = ground(0, 20, 100, 120)  # no path crosses it: entered from its edge, 20 m off the street
ON_IT = ground(-100, 0, 0, 100)  # the street leaves it at x = 0
HOME = ground(250, 5, 270, 25)
POCKET = ground(400, -30, 430, -10)  # 600 m2


def named(shapes):
    return gpd.GeoDataFrame({"name": list(shapes)}, geometry=list(shapes.values()), crs=CRS)


def blocks(parks, homes, *streets):
    """Return what is told of each block on foot, by its name."""
    paths = gpd.GeoDataFrame(geometry=list(streets), crs=CRS)
    layers = {"parks": named(parks), "residential": named(homes), "paths": paths}
    service = ServiceGround(layers, CHECK_UP_TIERS, CHECK_UP)
    service.walk(snap_m=100, every_m=50)
    return service.blocks.set_index("name")


@pytest.mark.parametrize("pockets", [0, 1, 5])
@pytest.mark.parametrize("first", [True, False])
def test_gates_of_lesser_parks_leave_the_way_to_a_park_as_it_is(pockets, first):
    lesser = {f"口袋{n}": ground(400 + 30 * n, -10, 420 + 30 * n, 10) for n in range(pockets)}
    parks = lesser | {"大": BESIDE} if first else {"大": BESIDE} | lesser
    home = blocks(parks, {"家": HOME}, STREET).loc["家"]

    # From (260, 15): 15 m to the street, 160 m to x = 100, 20 m to the corner of the park.
    assert home["foot_m"] == pytest.approx(15 + 160 + 20, abs=1e-6)
    # From (250, 5), the corner of the block.
    assert home["foot_edge_m"] == pytest.approx(5 + 150 + 20, abs=1e-6)
    assert (home["foot_reason"], home["foot_park"]) == ("", "大")


def test_a_home_beside_or_on_a_lesser_park_walks_to_one_with_a_radius():
    homes = {"旁": ground(380, -60, 450, -30), "上": POCKET}
    found = blocks({"大": ON_IT, "口袋": POCKET}, homes, STREET)

    # From (415, -45) and (415, -20) to the street, and along it to x = 0.
    assert found["foot_m"].tolist() == pytest.approx([45 + 415, 20 + 415], abs=1e-6)
    # From (380, -30) and (400, -10), corners of the blocks.
    assert found["foot_edge_m"].tolist() == pytest.approx([30 + 380, 10 + 400], abs=1e-6)
    assert found["foot_park"].tolist() == ["大", "大"]


def test_where_no_park_has_a_radius_there_is_no_way_to_one():
    homes = {"上": POCKET, "远": ground(250, 10_000, 270, 10_100)}
    found = blocks({"口袋": POCKET}, homes, STREET)

    assert found["foot_reason"].tolist() == ["no_way", "no_path"]
    assert not np.isfinite(found[["foot_m", "foot_edge_m"]].to_numpy()).any()
    assert found["foot_park"].tolist() == [None, None]


def test_the_numbers_are_those_of_walking_to_the_parks_with_a_radius_alone():
    # A jumble of 60 parks, every other one below every tier, and streets 150 m and 300 m apart.
    draw = np.random.default_rng(6)
    side = np.where(np.arange(60) % 2, 30, 90)
    low = draw.uniform(0, 1500, (60, 2))
    parks = {f"{n}": ground(*at, *(at + side[n])) for n, at in enumerate(low)}
    corner = 150 * np.indices((10, 10)).reshape(2, -1).T + draw.uniform(0, 100, (100, 2))
    homes = {f"{n}": ground(*at, *(at + 40)) for n, at in enumerate(corner)}
    streets = [way((0, y), (1600, y)) for y in range(0, 1600, 150)]
    streets += [way((x, 0), (x, 1600)) for x in range(0, 1600, 300)]
    found = blocks(parks, homes, *streets)

    green, paths = named(parks), gpd.GeoDataFrame(geometry=streets, crs=CRS)
    walked = gs.walking_distance(green[green.area >= 2000], named(homes), paths)
    assert np.isfinite(walked["distance_m"]).sum() > 90
    for name, column in (("foot_m", "distance_m"), ("foot_edge_m", "edge_distance_m")):
        assert found[name].tolist() == pytest.approx(walked[column].tolist(), abs=1e-6)
    assert found["foot_park_row"].tolist() == walked["park"].tolist()
