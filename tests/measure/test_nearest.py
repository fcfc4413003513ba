"""Distances by hand, and by asking every pair."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import Polygon, box

from greenspace.measure.nearest import nearest_parks


def test_a_block_that_touches_a_park_is_no_metres_away():
    metres, park = nearest_parks(
        np.array([box(9, 9, 10, 10), box(0, 0, 1, 1)]), np.array([box(1, 0, 2, 1)])
    )

    assert (metres.tolist(), park.tolist()) == ([0.0], [1])


def test_of_parks_equally_near_the_first_is_meant():
    parks = np.array([box(3, 0, 4, 1), box(-3, 0, -2, 1), box(3, 0, 4, 1)])
    metres, park = nearest_parks(parks, np.array([box(0, 0, 1, 1)]))

    assert (metres.tolist(), park.tolist()) == ([2.0], [0])


def test_without_a_park_or_without_ground_there_is_no_distance():
    nothing = nearest_parks(np.array([], dtype=object), np.array([box(0, 0, 1, 1)]))
    empty = nearest_parks(np.array([box(0, 0, 1, 1)]), np.array([Polygon()]))

    assert [(np.isnan(m).all(), p.tolist()) for m, p in (nothing, empty)] == [(True, [-1])] * 2


def test_it_is_the_least_of_all_distances():
    rng = np.random.default_rng(3)
    parks, blocks = (
        np.array([box(x, y, x + 5, y + 8) for x, y in rng.uniform(0, 500, (40, 2))])
        for _ in range(2)
    )
    metres, park = nearest_parks(parks, blocks)
    every = shapely.distance(blocks[:, None], parks[None, :])

    assert np.array_equal(metres, every.min(axis=1))
    assert np.array_equal(park, every.argmin(axis=1))
