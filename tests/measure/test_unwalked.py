"""Gaps by hand, and by an independent oracle: covered and uncovered lengths make the edge."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from greenspace.measure.unwalked import unwalked
from greenspace.measure.walks import Walks
from greenspace.model.network import WalkNetwork


def walks(*rows):
    edge, near, far = (np.array(column) for column in zip(*rows, strict=True))
    zeros = np.zeros(len(edge))
    return Walks(edge.astype(int), near.astype(float), far.astype(float), zeros, zeros.astype(int))


NOBODY = Walks(*(np.array([], dtype=kind) for kind in (int, float, float, float, int)))
STREETS = WalkNetwork.of_edges([(0, 0), (100, 0), (100, 50)], [(0, 1), (1, 2)])


@pytest.mark.parametrize(
    ("walked", "gaps"),
    [
        (NOBODY, [(0, 0, 100), (1, 0, 50)]),
        (walks((0, 0, 100), (1, 50, 0)), []),
        (walks((0, 0, 30), (0, 100, 60)), [(0, 30, 60), (1, 0, 50)]),  # from both ends
        (walks((0, 0, 70), (0, 20, 50), (1, 0, 50)), [(0, 70, 100)]),  # one within another
        (walks((0, 0, 50), (0, 100, 50), (1, 0, 50)), []),  # they meet
    ],
)
def test_gaps_lie_between_what_is_walked(walked, gaps):
    assert list(zip(*(part.tolist() for part in unwalked(STREETS, walked)), strict=True)) == gaps


def test_what_is_walked_and_what_is_not_make_the_edge():
    rng = np.random.default_rng(5)
    nodes = rng.uniform(0, 1000, (30, 2))
    network = WalkNetwork.of_edges(nodes, rng.integers(0, 30, (60, 2)))
    edge = rng.integers(0, 60, 200)
    near, far = rng.uniform(0, 1, (2, 200)) * network.length_m[edge]
    gap, low, high = unwalked(network, walks(*zip(edge, near, far, strict=True)))

    for place, length in enumerate(network.length_m):
        spans = [shapely.LineString([(a, 0), (b, 0)]) for a, b in zip(near, far, strict=True)]
        whole = shapely.union_all([s for s, e in zip(spans, edge, strict=True) if e == place])
        rest = (high - low)[gap == place].sum()
        assert whole.length + rest == pytest.approx(length, abs=1e-6)
