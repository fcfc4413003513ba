"""Seasons: north, south and between the tropics, to the day."""

from __future__ import annotations

from datetime import date

import pytest

from greenspace.model.season import in_season


@pytest.mark.parametrize(
    ("day", "north", "south"),
    [
        (date(2026, 3, 31), False, True),
        (date(2026, 4, 1), True, True),
        (date(2026, 4, 30), True, True),
        (date(2026, 5, 1), True, False),
        (date(2026, 9, 30), True, False),
        (date(2026, 10, 1), True, True),
        (date(2026, 10, 31), True, True),
        (date(2026, 11, 1), False, True),
        (date(2026, 1, 1), False, True),
    ],
    ids=str,
)
def test_the_season_turns_with_the_hemisphere(day, north, south):
    assert in_season(day, 39.9) is north
    assert in_season(day, -33.9) is south


@pytest.mark.parametrize("latitude", [0, -8.0, 23.1, 23.44, -23.44])
def test_between_the_tropics_nothing_is_said(latitude):
    assert in_season(date(2026, 1, 1), latitude) is None


def test_just_beyond_the_tropics_the_season_counts():
    assert in_season(date(2026, 1, 1), 23.5) is False
    assert in_season(date(2026, 7, 1), -23.5) is False
