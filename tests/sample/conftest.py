"""Cities that several tests look at: the committed one, made once, and small ones."""

from __future__ import annotations

from functools import cache

import pytest

from greenspace.sample import SampleCity, make_city

SEEDS = (1, 11, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3)))


@cache
def small_city(seed: int) -> SampleCity:
    return make_city(seed, "small")


@pytest.fixture(scope="session")
def full() -> SampleCity:
    return make_city()


@pytest.fixture(scope="session", params=SEEDS)
def small(request) -> SampleCity:
    return small_city(request.param)


@pytest.fixture(scope="session", params=["full", *SEEDS])
def city(request) -> SampleCity:
    """The full city and each small one."""
    if request.param == "full":
        return request.getfixturevalue("full")
    return small_city(request.param)
