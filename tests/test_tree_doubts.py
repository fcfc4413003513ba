"""Old trees that lack a number: what is then not decided; and projects at the very edge."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely

from greenspace.errors import InputError
from greenspace.tree_protection import tree_zones
from tests.test_tree_protection import CRS, X, Y, check, codes, ledger, project, register

HALF_STEP = math.pi / 256  # where corners of a drawn arc stand out most


def tangent(radius: float, angle: float = HALF_STEP) -> gpd.GeoDataFrame:
    """Return a square of 40 m whose side touches a circle around the first tree in its middle."""
    square = shapely.box(radius, -20, radius + 40, 20)
    turned = shapely.affinity.rotate(square, angle, origin=(0, 0), use_radians=True)
    moved = shapely.affinity.translate(turned, X, Y)
    return gpd.GeoDataFrame({"name": ["a"]}, geometry=[moved], crs=CRS)


@pytest.mark.parametrize(
    "row",
    [
        {"dbh": None, "crown": None},
        {"dbh": 40, "crown": None},
        {"dbh": None, "crown": 10.0},
        {"dbh": 800, "crown": 10.0},
    ],
)
def test_a_tree_that_lacks_a_number_near_a_project_leaves_the_test_open(
    row: dict[str, object],
) -> None:
    """A crown of 150 m and a trunk of 5 m would reach 80 m and 102.5 m; the other tree is whole."""
    trees = register({"dbh": 40, "crown": 10.0}, {**row, "at": (300.0, 0.0)})
    near = tree_zones(trees, construction=project((350, -5, 360, 5)))
    far = tree_zones(trees, construction=project((403, -5, 410, 5)))
    assert len(near.conflicts) == 0
    assert check(near, "zones_free").passed is None
    assert "102.5 m: 1" in check(near, "zones_free").text.en
    assert check(far, "zones_free").passed is True
    assert check(near, "zones_free").mark == "verified"


def test_a_trunk_that_no_rule_asks_for_is_not_missed() -> None:
    trees = register({"dbh": None, "crown": 10.0})
    found = tree_zones(trees, trunk=False, construction=project((50, -5, 60, 5)))
    assert check(found, "zones_free").passed is True


def test_a_stand_that_lacks_a_crown_is_open_between_its_trees() -> None:
    """The trees are 400 m apart: the middle is 200 m from each, and may be in the stand."""
    trees = register(
        {"dbh": 30, "crown": 10.0, "stand": "S", "at": (0.0, 0.0)},
        {"dbh": 30, "crown": 10.0, "stand": "S", "at": (0.0, 20.0)},
        {"dbh": 30, "crown": None, "stand": "S", "at": (400.0, 0.0)},
    )
    found = tree_zones(trees, construction=project((195, -5, 205, 5)))
    assert check(found, "zones_free").passed is None


@pytest.mark.parametrize(("east", "expected"), [(60.0, None), (84.0, True)])
def test_a_tree_without_a_crown_near_a_project_leaves_grading_open(
    east: float, expected: object
) -> None:
    trees = register({"dbh": 40, "crown": 10.0, "at": (900.0, 0.0)}, {"dbh": 40, "at": (0.0, 0.0)})
    found = tree_zones(trees, construction=project((east, -5, east + 9, 5)))
    assert check(found, "grading_clear").passed is expected


def test_no_zone_at_all_is_no_complete_zone() -> None:
    found = tree_zones(register({"dbh": None, "crown": None}))
    assert check(found, "zones_complete").passed is None


@pytest.mark.parametrize("angle", [0.0, HALF_STEP])
def test_a_project_that_touches_an_arc_takes_none_of_the_zone(angle: float) -> None:
    """Crown 10 m: the zone is a circle of 10 m, whose drawn corners stand out by 0.75 mm."""
    trees = register({"crown": 10.0, "dbh": 10})
    touching = tree_zones(trees, construction=tangent(10.0, angle))
    deeper = tree_zones(trees, construction=tangent(9.998, angle))
    assert check(touching, "zones_free").passed is True
    assert check(deeper, "zones_free").passed is False


@pytest.mark.parametrize("angle", [0.0, HALF_STEP])
@pytest.mark.parametrize("crown", [10.0, 16.2])
def test_three_metres_are_three_metres_whatever_the_direction(crown: float, angle: float) -> None:
    trees = register({"crown": crown, "dbh": 10})
    enough = tree_zones(trees, construction=tangent(crown / 2 + 3.0, angle))
    less = tree_zones(trees, construction=tangent(crown / 2 + 2.998, angle))
    clear = tree_zones(trees, construction=tangent(crown / 2 + 8.0, angle))
    assert check(enough, "grading_clear").passed is None
    assert ledger(enough, "tree_grading")["band"].iloc[0].en == "3 to 8 m"
    assert check(less, "grading_clear").passed is False
    assert check(clear, "grading_clear").passed is True


def test_a_dbh_in_millimetres_is_not_used_above_5_m_and_told_above_two_and_a_half() -> None:
    found = tree_zones(register({"dbh": 800}, {"dbh": 300}, {"dbh": 240}))
    assert codes(found)["dbh_implausible"] == (0,)
    assert codes(found)["trunk_very_thick"] == (1,)
    assert found.zones["tree"].tolist() == [1, 2]
    told = next(item for item in found.findings if item.code == "trunk_very_thick")
    assert "60 m" in told.text.en


def test_an_age_in_words_is_told_and_the_zone_is_drawn() -> None:
    trees = register(
        {"crown": 10.0, "age": "约300"},
        {"crown": 10.0, "age": " 320 "},
        {"crown": 10.0, "age": -1},
    )
    found = tree_zones(trees)
    assert len(found.zones) == 3
    assert codes(found)["age_unread"] == (0, 2)
    assert found.trees["age"].tolist()[1] == 320


def test_a_multiple_is_a_number() -> None:
    with pytest.raises(InputError):
        tree_zones(register({"dbh": 40}), dbh_multiple=True)
