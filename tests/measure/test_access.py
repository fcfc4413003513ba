"""Floating catchments, held against hand sums, other programs' figures and their own identity."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenspace.errors import InputError
from greenspace.measure.access import KERNELS, catchment_access, kernel_weights

HERE = np.array([0.0, 1.0, 2.0, 3.0, 4.0])


def of_matrix(weights, supply, population):
    """Access from a dense matrix of places by facilities."""
    place, facility = np.nonzero(weights)
    return catchment_access(
        facility,
        place,
        weights[place, facility],
        supply=np.asarray(supply, dtype=float),
        population=np.asarray(population, dtype=float),
    )


def by_hand(weights, supply, population):
    """Return access by two plain loops."""
    places, facilities = weights.shape
    access = np.zeros(places)
    for j in range(facilities):
        people = sum(weights[k, j] * population[k] for k in range(places))
        for i in range(places):
            if weights[i, j] > 0:
                access[i] += weights[i, j] * supply[j] / people
    return access


# --- kernels, against the figures of InVEST's own tests (distance 0 to 4, radius 3)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("2sfca", [1, 1, 1, 1, 0]),
        ("gaussian", [1, 0.8626563, 0.4935753, 0, 0]),
        ("density", [0.75, 2 / 3, 5 / 12, 0, 0]),
        ("power", [1, 1, 1 / 32, 1 / 243, 0]),
        ("exponential", [1, 0.71653134, 0.5134171, 0.36787945, 0]),
    ],
)
def test_kernels_give_the_published_weights(method, expected):
    assert kernel_weights(HERE, 3.0, method, beta=-5.0) == pytest.approx(expected, rel=1e-7)


def test_steps_fall_by_thirds_of_the_radius_and_hold_their_own_limit():
    # limits 10, 20 and 30: each belongs to the nearer ring
    ends = np.array([0.0, 10.0, 10.01, 20.0, 20.01, 30.0, 30.01])
    assert kernel_weights(ends, 30.0, "e2sfca").tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0]


def test_given_steps_take_the_place_of_the_usual_ones():
    halves = ((0.5, 1.0), (1.0, 0.5))
    assert kernel_weights(HERE, 4.0, "e2sfca", steps=halves).tolist() == [1, 1, 1, 0.5, 0.5]


# --- access by hand and against other programs


def test_gaussian_of_the_package_sdc_catchment():
    # its README: three places at 0, 1, 2 and two facilities at 0, 2; exp(-d²/2) without an edge
    near, middle = np.exp(-0.5), np.exp(-2.0)
    weights = np.array([[1, middle], [near, near], [middle, 1]])
    found = of_matrix(weights, [10, 10], [100, 100, 100])
    assert found.per_person == pytest.approx([0.065179, 0.069641, 0.065179], abs=5e-7)


def test_ample_radius_on_a_grid_of_25_facilities_and_5_places_gives_each_person_5():
    # every one of 25 facilities of 1 is shared by 5 persons: 25 / 5
    found = of_matrix(np.ones((5, 25)), np.ones(25), np.ones(5))
    assert found.per_person == pytest.approx(np.full(5, 5.0), rel=1e-12)


def test_radius_below_the_spacing_gives_each_place_its_own_facility():
    found = of_matrix(np.eye(25)[:5], np.ones(25), np.ones(5))
    assert found.per_person.tolist() == [1] * 5
    assert found.idle.tolist() == list(range(5, 25))


COSTS = {  # hospital example of pysal/access: cost from place (row) to facility (column)
    "gridlock": [[1, 80, 40], [80, 1, 40], [40, 40, 1]],
    "inbound": [[1, 80, 20], [80, 1, 20], [40, 40, 1]],
    "outbound": [[1, 80, 40], [80, 1, 40], [20, 20, 1]],
    "faster": [[1, 40, 20], [40, 1, 20], [20, 20, 1]],
}


def hospital(name):
    cost = np.array(COSTS[name], dtype=float)
    weights = np.where(cost < 61, 1 / cost, 0)
    return of_matrix(weights, [15, 20, 100], [100, 50, 10]).per_person


def test_hospital_gridlock_by_hand():
    # hospital 1: 15 / (100 + 10/40); 2: 20 / (50 + 10/40); 3: 100 / (100/40 + 50/40 + 10)
    one, two, three = 15 / 100.25, 20 / 50.25, 100 / 13.75
    expected = [one + three / 40, two + three / 40, one / 40 + two / 40 + three]
    assert hospital("gridlock") == pytest.approx(expected)


def test_hospital_faster_way_in_helps_suburbs_and_costs_the_centre():
    gridlock, inbound, outbound = hospital("gridlock"), hospital("inbound"), hospital("outbound")
    assert (inbound[:2] > gridlock[:2]).all()
    assert inbound[2] < gridlock[2]
    assert (outbound[:2] < gridlock[:2]).all()
    assert outbound[2] > gridlock[2]
    assert (hospital("faster")[:2] > gridlock[:2]).all()


def test_urban_nature_model_of_invest_as_a_whole():
    # its test_core_model: 30 x 30 land cover of 30 m, odd codes are nature; 10 x 10 persons of
    # 90 m, bilinear to 30 m; radius 100 m = 10/3 pixels; 100 m2 a person are asked for
    dice = random.Random(-1)  # noqa: S311 - the figures of that test rest on it
    coarse = np.array(dice.choices(range(100), k=100), dtype=float).reshape(10, 10) / 9
    nature = np.array(dice.choices(range(10), k=900)) % 2 * 900.0
    centre = np.clip((np.arange(30) + 0.5) / 3 - 0.5, 0, 9)
    left = np.minimum(centre.astype(int), 8)
    bilinear = np.zeros((30, 10))
    bilinear[np.arange(30), left] = 1 - (centre - left)
    bilinear[np.arange(30), left + 1] = centre - left
    people = (bilinear @ coarse @ bilinear.T).ravel()
    row, col = np.divmod(np.arange(900), 30)
    apart = np.hypot(row[:, None] - row, col[:, None] - col)
    weights = kernel_weights(apart.ravel(), 100 / 30).reshape(900, 900)
    accessible = weights @ nature
    assert accessible.sum() == pytest.approx(6_221_004.41, rel=1e-7)
    assert (accessible.min(), accessible.max()) == pytest.approx((1171.735, 11_898.071), rel=1e-6)
    balance = of_matrix(weights, nature, people).per_person - 100
    assert people[balance < 0].sum() == pytest.approx(3991.827, abs=1e-3)
    assert people[balance > 0].sum() == pytest.approx(1084.173, abs=1e-3)
    assert balance @ people / people.sum() == pytest.approx(-17.9078, abs=1e-4)


# --- places and facilities at the edge of what is defined


def test_place_out_of_reach_has_nothing_and_an_empty_place_still_has_access():
    weights = np.array([[1.0], [1.0], [0.0]])
    found = of_matrix(weights, [50], [10, 0, 7])
    assert found.per_person.tolist() == [5, 5, 0]


def test_facility_without_a_person_in_reach_is_listed_and_its_empty_place_undefined():
    found = of_matrix(np.array([[1.0, 0], [0, 1.0]]), [50, 30], [10, 0])
    assert found.idle.tolist() == [1]
    assert found.per_person[0] == 5
    assert np.isnan(found.per_person[1])
    assert np.isnan(found.ratio[1])


def test_facility_that_supplies_nothing_gives_nothing():
    found = of_matrix(np.array([[1.0, 1.0]]), [0, 30], [10])
    assert found.per_person.tolist() == [3]
    assert found.idle.tolist() == []
    assert of_matrix(np.array([[1.0]]), [0], [0]).per_person.tolist() == [0]


def test_nothing_in_reach_of_anything_leaves_every_facility_idle():
    found = of_matrix(np.zeros((2, 2)), [5, 6], [10, 10])
    assert found.per_person.tolist() == [0, 0]
    assert found.idle.tolist() == [0, 1]


# --- refusals


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
@pytest.mark.parametrize("which", ["supply", "population"])
def test_missing_negative_and_infinite_amounts_are_refused_with_their_rows(which, bad):
    given_ = {"supply": np.array([1.0, 2.0]), "population": np.array([1.0, 2.0])}
    given_[which][1] = bad
    pair = np.array([0, 1])
    with pytest.raises(InputError) as refused:
        catchment_access(pair, pair, np.ones(2), **given_)
    assert tuple(refused.value.rows) == (1,)


def test_pair_given_twice_is_refused():
    twice = np.array([0, 0])
    with pytest.raises(InputError):
        catchment_access(
            twice, twice, np.ones(2), supply=np.array([1.0]), population=np.array([1.0])
        )


@pytest.mark.parametrize(
    "how",
    [
        {"method": "gravity"},
        {"method": ["2sfca"]},
        {"radius_m": "300"},
        {"radius_m": None},
        {"radius_m": True},
        {"beta": "-1"},
        {"beta": None},
        {"steps": None},
        {"steps": "abc"},
        {"steps": ((1.0,),)},
        {"steps": ((0.5, "1"), (1.0, 1.0))},
        {"steps": ((0.5, 0.5), (1.0, 1.0))},
        {"radius_m": 0.0},
        {"radius_m": np.nan},
        {"beta": 1.0},
        {"steps": ()},
        {"steps": ((0.5, 1.0),)},
        {"steps": ((1.0, 1.0), (0.5, 0.5))},
        {"steps": ((0.5, 1.0), (1.0, -1.0))},
        {"distance_m": np.array([-1.0])},
        {"distance_m": np.array([np.nan])},
    ],
)
def test_kernels_without_sense_are_refused(how):
    with pytest.raises(InputError):
        kernel_weights(**{"distance_m": HERE, "radius_m": 3.0, **how})


# --- properties


AMOUNTS = st.lists(st.floats(0.1, 1e6), min_size=4, max_size=4)
MATRIX = st.lists(st.sampled_from([0.0, 0.0, 0.22, 0.68, 1.0]), min_size=16, max_size=16)


@given(MATRIX, AMOUNTS, AMOUNTS)
def test_sparse_sums_are_the_plain_loops_and_nothing_is_lost(cells, supply, population):
    weights = np.array(cells).reshape(4, 4)
    found = of_matrix(weights, supply, population)
    assert found.per_person == pytest.approx(by_hand(weights, supply, population), rel=1e-9)
    reached = np.array(supply)[weights.any(axis=0)].sum()
    assert found.per_person @ np.array(population) == pytest.approx(reached, rel=1e-9)


@given(st.sampled_from(sorted(KERNELS)), st.floats(0.5, 2000), st.floats(1, 1000))
def test_weights_never_rise_with_distance_and_end_at_the_radius(method, radius, scale):
    distance = np.linspace(0, scale, 50)
    weight = kernel_weights(distance, radius, method)
    assert (np.diff(weight) <= 1e-15).all()
    assert (weight[distance > radius] == 0).all()


@given(st.permutations(range(4)), AMOUNTS)
def test_order_of_places_does_not_matter(order, population):
    weights = np.array([[1, 0.5], [0.5, 1], [0.2, 0], [0, 0.3]])
    supply = [300.0, 500.0]
    plain = of_matrix(weights, supply, population).per_person
    moved = of_matrix(weights[order], supply, np.array(population)[order]).per_person
    assert moved == pytest.approx(plain[order], rel=1e-12)
