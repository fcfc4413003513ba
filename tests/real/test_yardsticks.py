"""Yardsticks on Amsterdam: beside figures known of it, beside other ways to measure, and recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import greenspace as gs
from greenspace.measure.park_sizes import ParkSizes
from greenspace.measure.yardsticks import straight_share
from greenspace.model.counted import Counted
from greenspace.model.yardsticks import WHO_300
from greenspace.read.vector import read_layer

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def town(real_data):
    names = {
        "homes": "Ams_Houses.gpkg",
        "parks": "Ams_Parks.gpkg",
        "places": "Ams_Neighborhoods.gpkg",
        "canopy": "Testarea_canopy_AMS.gpkg",
    }
    return {name: read_layer(real_data / "amsterdam" / file) for name, file in names.items()}


@pytest.mark.parametrize(("within_m", "known"), [(300.0, 256), (500.0, 372)])
def test_centre_points_near_a_park_of_any_size_are_as_known(town, within_m, known):
    rule = replace(WHO_300, least_m2=0.0, within_m=within_m)
    shapes = town["homes"].geometry.to_numpy()
    rows = np.arange(len(shapes))
    homes = Counted(shapes, np.ones(len(shapes)), "homes", rows, town["homes"].crs, True)
    assert straight_share(homes, ParkSizes(town["parks"].geometry.to_numpy()), rule).sum() == known


@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_who_300_of_centre_points_and_of_land(town):
    homes = gs.who_300(town["parks"], town["homes"])
    large = town["parks"][town["parks"].area >= 5_000].union_all()
    near = int((town["homes"].distance(large) <= 300).sum())
    assert homes["who_300_of_homes"].numerator == near == 250  # recorded
    land = gs.who_300(town["parks"], town["places"])["who_300_of_land"]
    served = town["places"].intersection(large.buffer(300, quad_segs=64)).area.sum()
    assert land.denominator == pytest.approx(243_646_185, abs=1)
    assert land.numerator == pytest.approx(served, rel=1.5e-4)  # 256 segments lack 1e-4
    assert land.value == pytest.approx(0.33501, abs=1e-5)  # recorded; parks of any size: 0.33837


@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_tiers_of_angst_and_living_circles_are_as_recorded(town):
    tiers = gs.angst(town["parks"], town["homes"])
    assert [ratio.numerator for ratio in tiers.values()] == [198, 496, 383, 469]
    circles = gs.living_circles(town["parks"], town["homes"])
    assert [ratio.numerator for ratio in circles.values()] == [368, 335, 254]


@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_canopy_in_web_mercator_is_measured_on_the_ground(town):
    # 274 crowns in EPSG:3857, whose areas are 2.7 times too large at 52 degrees north
    table = gs.three_thirty_three_hundred_by_home(
        town["homes"].iloc[185:200],
        town["canopy"],
        town["canopy"],
        town["parks"],
        view_m=50,
        neighbourhood_m=300,
    )
    (share,) = table.loc[table["trees_in_view"] >= 3, "canopy_share"]
    (home,) = table.geometry[table["trees_in_view"] >= 3]
    ground = town["canopy"].to_crs(28992).union_all()
    other = ground.intersection(home.buffer(300, quad_segs=64)).area / (np.pi * 300**2)
    assert share == pytest.approx(other, rel=1e-3)
    assert share == pytest.approx(0.1028, abs=1e-4)  # recorded


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::greenspace.errors.DataWarning")
def test_a_network_of_one_part_of_the_town_is_told_to_miss_most_homes(town, real_data):
    paths = read_layer(real_data / "amsterdam" / "network.gpkg")
    walked = gs.living_circles(town["parks"], town["homes"], paths=paths)
    # recorded: 24, 29 and 30 lie in such a park, and 4, 1 and 6 others have a path to one; of
    # the 487 without a path these 24, 29 and 30 are not lost
    assert [ratio.numerator for ratio in walked.values()] == [24 + 4, 29 + 1, 30 + 6]
    lost = [
        (item.count, item.severity)
        for ratio in walked.values()
        for item in ratio.findings
        if item.code == "homes_off_network"
    ]
    assert lost == [(487 - inside, "error") for inside in (24, 29, 30)]
