"""The sample's stations: one row a station and day, and a city a little warmer than around it."""

from __future__ import annotations

from decimal import Decimal

import pytest

import greenspace as gs
from greenspace.sample.stations import station_lines


def test_committed_stations_are_those_of_the_default_seed(sample_city):
    stored = (sample_city.parent / "stations.csv").read_text(encoding="utf-8")

    assert stored.splitlines() == station_lines(7)


@pytest.mark.parametrize("seed", range(5))
def test_three_stations_tell_every_day_of_a_summer_but_one(seed):
    rows = [line.split(",") for line in station_lines(seed)[1:]]

    assert len({(name, day) for name, _, day, _ in rows}) == 3 * 92
    assert [name for name, _, _, value in rows if not value] == ["农科所"]
    assert all(10 < float(value) < 45 for _, _, _, value in rows if value)


def test_the_heat_island_is_that_of_its_decimals(sample_city):
    means = {}
    for name in ("城中站", "林场", "农科所"):
        rows = [line.split(",") for line in station_lines(7) if line.startswith(name)]
        told = [Decimal(value) for *_, value in rows if value]
        means[name] = sum(told) / len(told)
    island = means["城中站"] - (means["林场"] + means["农科所"]) / 2
    heat = gs.heat_island(
        sample_city.parent / "stations.csv", urban=["城中站"], hinterland=["林场", "农科所"]
    )

    assert heat.value == pytest.approx(float(island), abs=1e-12)
    assert {finding.code for finding in heat.findings} == {"days_missing"}
