"""Cities exactly at the edge of a class: the row that the printed table means for them."""

from __future__ import annotations

import pytest

from greenspace.evaluate.compare import applicable
from greenspace.model.definition import Threshold
from greenspace.read.definitions import read_profile

LAND, PEOPLE = "construction_land_per_head_m2", "population"
PARK = "park_area_per_capita"


@pytest.mark.parametrize(
    ("profile", "level", "land", "printed"),
    [
        ("CN-1993", "2000", 74.999, 5.0),
        ("CN-1993", "2000", 75.0, 6.0),  # 75 to 105
        ("CN-1993", "2000", 105.0, 6.0),
        ("CN-1993", "2000", 105.001, 7.0),  # above 105
        ("CN-1993", "2010", 75.0, 7.0),
        ("CN-1993", "2010", 105.0, 7.0),
        ("CN-2010", "basic", 79.999, 7.5),  # below 80
        ("CN-2010", "basic", 80.0, 8.0),  # 80 to 100
        ("CN-2010", "basic", 100.0, 8.0),
        ("CN-2010", "basic", 100.001, 9.0),
        ("CN-2010", "higher", 80.0, 10.0),
        ("CN-2010", "higher", 100.0, 10.0),
        ("CN-2016", "garden", 104.999, 8.0),
        ("CN-2016", "garden", 105.0, 9.0),  # 105 and more
        ("CN-2016", "eco", 105.0, 12.0),
    ],
)
def test_a_city_at_an_edge_of_construction_land_a_head(profile, level, land, printed):
    assert number(profile, level, PARK, {LAND: land}) == printed


@pytest.mark.parametrize(
    ("region", "people", "printed"),
    [
        ("south", 499_999, 9.0),
        ("south", 500_000, 8.0),
        ("south", 999_999, 8.0),
        ("south", 1_000_000, 7.5),
        ("north", 499_999, 8.5),
        ("north", 500_000, 7.5),
        ("north", 999_999, 7.5),
        ("north", 1_000_000, 7.0),
    ],
)
def test_a_city_at_an_edge_of_population(region, people, printed):
    assert number("CN-2005", "basic", PARK, {"region": region, PEOPLE: people}) == printed


def number(profile, level, indicator, facts):
    row = next(row for row in read_profile(profile).at(level) if row.indicator == indicator)
    found = applicable(row, facts)
    assert isinstance(found, Threshold)
    return found.values[0]
