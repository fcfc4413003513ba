"""A baseline and yearly targets of a manifest: read, or refused by key and year."""

from __future__ import annotations

import pytest

from greenspace.errors import ManifestError
from greenspace.model.trajectory import Baseline
from greenspace.read.city import read_city
from greenspace.read.definitions import read_indicators
from greenspace.read.manifest import read_manifest

CARDS = read_indicators()
CITY = '[city]\nname = "清河"\ndate = 2026-06-30\n'


def manifest(tmp_path, text):
    path = tmp_path / "city.toml"
    path.write_text(CITY + text, encoding="utf-8")
    return path


def refused(tmp_path, text):
    with pytest.raises(ManifestError) as caught:
        read_city(manifest(tmp_path, text))
    return caught.value


def test_a_baseline_has_a_year_and_amounts(tmp_path):
    path = manifest(
        tmp_path,
        '[baseline]\nyear = 2020\ngreen_coverage = "37.4%"\n[targets.2027]\nheat_island = 2.5\n',
    )
    read = read_manifest(path, CARDS)
    assert read.baseline == Baseline(year=2020, amounts={"green_coverage": 37.4 / 100})
    assert read.targets == {2027: {"heat_island": 2.5}}


@pytest.mark.parametrize("year", [2019, 2020])
def test_a_target_that_does_not_come_after_the_baseline_is_refused(tmp_path, year):
    error = refused(
        tmp_path,
        f"[baseline]\nyear = 2020\ngreen_coverage = 0.37\n[targets.{year}]\ngreen_coverage = 0.4\n",
    )
    assert f"targets.{year}" in error.problem.en
    assert error.found == year


def test_a_baseline_younger_than_the_city_is_refused(tmp_path):
    error = refused(tmp_path, "[baseline]\nyear = 2026\ngreen_coverage = 0.37\n")
    assert error.found == 2026
    read = read_manifest(tmp_path / "city.toml", CARDS)
    assert read.baseline.year == 2026  # the manifest alone is sound: the day makes it wrong


@pytest.mark.parametrize("year", ["", "year = true\n", 'year = "2020"\n', "year = 20\n"])
def test_a_baseline_without_a_year_is_refused(tmp_path, year):
    assert "baseline.year" in refused(tmp_path, f"[baseline]\n{year}").problem.en


def test_a_bare_percentage_in_a_baseline_is_refused_with_both_ways_to_write_it(tmp_path):
    error = refused(tmp_path, "[baseline]\nyear = 2020\ngreen_coverage = 37.4\n")
    assert "37.4%" in error.remedy.en
    assert "0.374" in error.remedy.en


def test_an_unknown_indicator_of_a_baseline_is_refused_with_the_nearest(tmp_path):
    error = refused(tmp_path, "[baseline]\nyear = 2020\ngreen_coverag = 0.4\n")
    assert error.expected == "green_coverage"
