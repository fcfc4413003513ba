"""Zone estimates: what a district's own points say, and what the city's say for it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from greenspace.errors import InputError
from greenspace.measure.accuracy import area_estimate
from greenspace.measure.zone_estimates import zone_estimates

AREAS = pd.DataFrame(
    [[300.0, 700.0], [50.0, 50.0], [0.0, 0.0]], index=["north", "south", "dark"], columns=list("gn")
)
CITY = {"g": 350.0, "n": 750.0}


def points(*groups):
    """Return zone, map and reference of points given as (zone, map, reference, number)."""
    rows = [row[:3] for row in groups for _ in range(row[3])]
    return [[row[i] for row in rows] for i in range(3)]


NORTH = [
    ("north", "g", "g", 16),
    ("north", "g", "n", 4),
    ("north", "n", "n", 19),
    ("north", "n", "g", 1),
]
SOUTH = [("south", "g", "g", 4), ("south", "n", "n", 5), (None, "n", "n", 15)]


def test_a_zone_with_thirty_points_speaks_for_itself():
    north, *_ = zone_estimates(*points(*NORTH, *SOUTH), AREAS, CITY, label="g")

    alone = area_estimate([[16, 4], [1, 19]], [300.0, 700.0]).shares[0]
    assert (north.method, north.points) == ("poststratified", 40)
    assert north.share.value == pytest.approx(0.3 * 0.8 + 0.7 * 0.05)
    assert north.share == alone


def test_a_zone_with_fewer_takes_the_citys_errors_and_no_probability():
    _, south, dark = zone_estimates(*points(*NORTH, *SOUTH), AREAS, CITY, label="g")

    # in the city 20 of 24 mapped green are green, and 1 of 40 mapped not
    assert (south.method, south.points) == ("synthetic", 9)
    assert south.share.value == pytest.approx(0.5 * 20 / 24 + 0.5 * 1 / 40)
    assert math.isnan(south.share.standard_error)
    assert math.isnan(south.share.low)
    assert "synthetic" in south.basis.en
    assert dark.share.undefined is not None


def test_the_least_number_of_points_can_be_chosen():
    found = zone_estimates(*points(*NORTH, *SOUTH), AREAS, CITY, label="g", least_points=41)

    assert {item.method for item in found} == {"synthetic"}


def test_a_zone_with_one_point_in_a_class_weighs_its_points_as_they_were_drawn():
    lone = [("north", "g", "g", 1), ("north", "n", "n", 36), ("north", "n", "g", 4)]
    rest = [("south", "g", "g", 7), ("south", "n", "n", 40)]
    north, *_ = zone_estimates(*points(*lone, *rest), AREAS, CITY, label="g")

    # 1 of the 8 points mapped green stand for 350 / 8 each, 40 of 80 mapped not for 750 / 80
    green, not_green = 350 / 8 + 4 * 750 / 80, 36 * 750 / 80
    assert north.method == "weighted"
    assert north.share.value == pytest.approx(green / (green + not_green))
    assert north.share.low < north.share.value < north.share.high


def test_a_zone_of_one_class_needs_points_of_that_class_alone():
    areas = pd.DataFrame([[300.0, 1e-11]], index=["north"], columns=list("gn"))
    zone = [("north", "g", "g", 28), ("north", "g", "n", 7)]
    (north,) = zone_estimates(*points(*zone, *SOUTH), areas, CITY, label="g")

    assert north.method == "poststratified"
    assert north.share.value == pytest.approx(0.8)


def test_strata_of_another_map_weigh_the_points():
    zone, mapped, true = points(*NORTH)
    strata = ["a"] * 10 + ["b"] * 30
    north, *_ = zone_estimates(
        zone, mapped, true, AREAS, {"a": 900.0, "b": 200.0}, label="g", strata=strata
    )

    # a: 10 of 10 green; b: 7 of 30
    assert north.method == "weighted"
    assert north.share.value == pytest.approx((900 * 1.0 + 200 * 7 / 30) / 1100)


def test_a_map_class_without_points_leaves_a_synthetic_zone_undefined():
    areas = AREAS.assign(w=[0.0, 100.0, 0.0])
    found = zone_estimates(
        *points(*NORTH, *SOUTH), areas, {"all": 1.0}, label="g", strata=["all"] * 64
    )

    assert found[1].method == "synthetic"
    assert "without reference points" in found[1].share.undefined.en


def test_a_city_that_cannot_be_estimated_is_refused():
    with pytest.raises(InputError) as refusal:
        zone_estimates(*points(("north", "g", "g", 40)), AREAS, CITY, label="g")

    assert refusal.value.rows == ("n",)


@pytest.mark.parametrize("method", ["poststratified", "weighted"])
def test_intervals_of_zones_hold_the_truth_as_often_as_promised(method):
    rng = np.random.Generator(np.random.PCG64(5))
    zone_is, green_is, map_right = 0.4, 0.35, 0.92
    held = 0
    draws = 400
    for _ in range(draws):
        here, green = rng.random(300) < zone_is, rng.random(300) < green_is
        said = green == (rng.random(300) < map_right)
        share = green_is * map_right + (1 - green_is) * (1 - map_right)
        areas = pd.DataFrame([[share, 1 - share]], index=[True], columns=[True, False])
        extra = {"strata": ["all"] * 300} if method == "weighted" else {}
        strata = {"all": 1.0} if method == "weighted" else {True: share, False: 1 - share}
        (found,) = zone_estimates(here, said, green, areas, strata, label=True, **extra)
        assert found.method == method
        held += found.share.low <= green_is <= found.share.high

    assert 0.93 <= held / draws <= 0.98
