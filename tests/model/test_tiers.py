"""Tiers: checked pairs, and the source that names them."""

from __future__ import annotations

from math import inf, nan

import pytest

from greenspace.errors import InputError
from greenspace.model.tiers import (
    CHECK_UP,
    CHECK_UP_TIERS,
    require_tiers,
    tier_source,
    tiers_at,
)
from greenspace.read.definitions import read_profile


def test_tiers_of_the_city_check_up():
    assert CHECK_UP_TIERS == ((5000.0, 500.0), (2000.0, 300.0))
    assert "2021" in CHECK_UP.zh
    assert "2021" in CHECK_UP.en


@pytest.mark.parametrize(
    "tiers",
    [
        ((0, 500),),
        [[5000, 500], [2000, 300]],
        [("5000", "500")],
        ((1e9, 0.5),),
        ((9, 9), (9, 9), (8, 9)),
    ],
)
def test_pairs_of_any_spelling_become_floats(tiers):
    found = require_tiers(tiers)
    assert found == tuple((float(area), float(radius)) for area, radius in tiers)
    assert all(isinstance(number, float) for pair in found for number in pair)


def test_source_names_every_tier():
    source = tier_source(CHECK_UP_TIERS, CHECK_UP)
    assert source.name == ">= 5000 m2: 500 m; >= 2000 m2: 300 m"
    assert (source.role, source.note) == ("tiers", CHECK_UP)


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        5000,
        None,
        (5000, 500),  # one pair, without the list around it
        ((5000, 500, 1),),
        ((5000, 0),),
        ((5000, -500),),
        ((-1, 500),),
        ((nan, 500),),
        ((5000, inf),),
        (("big", 500),),
        ((5000, 500), (2000, None)),
        "55",
        ("55", "26"),
        (b"55",),
        ((1000, 300), (1000, 500)),  # two distances for one park
        ((5000, 300), (2000, 500)),  # larger parks reach less
    ],
)
def test_what_is_no_list_of_pairs_or_contradicts_itself_is_refused(wrong):
    with pytest.raises(InputError) as caught:
        require_tiers(wrong)
    assert caught.value.found is wrong
    assert caught.value.problem.zh
    assert caught.value.problem.en
    assert caught.value.remedy is not None


@pytest.mark.parametrize(
    ("standard", "level", "tiers", "said"),
    [
        ("CN-2005", "basic", ((1000.0, 500.0),), "[15] (verified)"),
        ("CN-2022", "garden", ((5000.0, 500.0), (400.0, 300.0)), "(provisional)"),
        ("GB55014-2021", "basic", CHECK_UP_TIERS, "check-up"),
    ],
)
def test_a_standard_has_tiers_of_its_own_or_those_of_the_check_up(standard, level, tiers, said):
    found, note = tiers_at(read_profile(standard), level)

    assert found == tiers
    assert said in note.en
