"""Pairs of lines that meet only at ends of both are told without working out where."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from greenspace.prepare.encounters import encounters


def pairs(lines):
    here, there = encounters(lines, shapely.STRtree(lines))
    return set(zip(here.tolist(), there.tolist(), strict=True))


def lines_of(*texts):
    return shapely.from_wkt([f"LINESTRING ({text})" for text in texts])


@pytest.mark.parametrize(
    ("one", "two", "meet"),
    [
        ("0 0, 4 0", "4 0, 9 1", False),  # end to end
        ("0 0, 4 0", "4 0, 9 0", False),  # straight on
        ("0 0, 4 0", "4 0, 0 1", False),  # back at an angle
        ("0 0, 4 0", "4 0, 1 0", True),  # back along itself
        ("0 0, 4 0", "2 -1, 2 1", True),
        ("0 0, 4 0", "2 0, 2 1", True),  # an end inside
        ("0 0, 2 1, 4 0", "0 3, 2 1, 4 3", True),  # a vertex inside both
        ("0 0, 4 0", "0 1, 4 1", False),
        ("0 0, 4 4", "1 0, 4 3", False),  # boxes overlap
        ("0 0, 4 0, 4 4", "4 4, 2 2, 2 -1", True),  # end to end, and across
        ("0 0, 4 0", "0 0, 4 0", True),
        ("0 0, 2 1, 4 0", "0 0, 2 -1, 4 0", False),  # round a pond
    ],
)
def test_by_hand(one, two, meet):
    assert pairs(lines_of(one, two)) == ({(0, 1)} if meet else set())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_left_out_meets_at_ends_of_both_or_not_at_all(seed):
    rng = np.random.default_rng(seed)
    coords = rng.integers(0, 6, (12, 3, 2)) * rng.choice([1.0, 0.37])
    coords = coords[(np.diff(coords, axis=1) != 0).any(axis=2).all(axis=1)]
    lines = shapely.linestrings(coords)
    found = pairs(lines)
    for a, b in itertools.combinations(range(len(lines)), 2):
        shared = lines[a].intersection(lines[b])
        ends = [shapely.MultiPoint(line.coords[:: len(line.coords) - 1]) for line in lines[[a, b]]]
        beyond = not shared.difference(ends[0].intersection(ends[1])).is_empty
        beyond |= shared.length > 0
        assert not beyond or (a, b) in found
        assert (a, b) not in found or not shared.is_empty
