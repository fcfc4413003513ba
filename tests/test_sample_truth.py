"""The sample city measured, beside what its generator knows from the shapes alone."""

from __future__ import annotations

import tomllib

import pytest

import greenspace as gs
from greenspace.model.tiers import CHECK_UP_TIERS
from greenspace.read.definitions import list_profiles

STANDARDS = [
    f"{p.id}:{p.levels[0]}" for p in list_profiles() if p.id.startswith(("CN-", "GB55014"))
]


@pytest.fixture(scope="module")
def truth(sample_city):
    return tomllib.loads((sample_city.parent / "truth.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def check(sample_check):
    return sample_check("CN-2010")


def measured(check, indicator, *, judged=True, tiers=None):
    return next(
        item
        for item in check.measured
        if item.ratio.indicator == indicator and item.judged == judged and item.tiers == tiers
    )


def test_coverage_from_the_image_is_within_a_percentage_point(check, truth):
    ratio = check.ratios["green_coverage"]

    assert ratio.value == pytest.approx(truth["city"]["green_coverage"], abs=0.01)
    assert ratio.unseen == pytest.approx(truth["city"]["unseen_m2"], rel=1e-6)


def test_the_interval_of_coverage_holds_the_truth(check, truth):
    interval = check.ratios["green_coverage"].interval

    assert interval.points == 400
    assert interval.low <= truth["city"]["green_coverage"] <= interval.high
    assert interval.high - interval.low < 0.05


def test_coverage_from_vectors_is_exact(check, truth):
    item = measured(check, "green_coverage", judged=False)

    assert item.ratio.value == pytest.approx(truth["city"]["green_coverage"], rel=1e-6)
    values = item.zones.value.tolist()
    expected = [district["green_coverage"] for district in truth["district"]]
    assert values == pytest.approx(expected, rel=1e-6)


def test_green_space_ratio_is_exact_and_the_cap_bites(check, truth):
    item = measured(check, "green_space_ratio")

    assert item.ratio.numerator == pytest.approx(truth["city"]["green_space_counted_m2"], rel=1e-6)
    assert item.ratio.value == pytest.approx(truth["city"]["green_space_ratio"], rel=1e-6)
    expected = [district["green_space_ratio"] for district in truth["district"]]
    assert item.zones.value.tolist() == pytest.approx(expected, rel=1e-6)
    city = truth["city"]
    assert city["green_space_other_adjacent_m2"] > 0.2 * city["green_space_inside_m2"]


def test_park_area_is_exact(check, truth):
    item = measured(check, "park_area_per_capita")

    assert item.ratio.numerator == pytest.approx(truth["city"]["park_area_m2"], rel=1e-6)
    assert item.ratio.value == pytest.approx(truth["city"]["park_area_per_capita"], rel=1e-6)
    expected = [district["park_area_per_capita"] for district in truth["district"]]
    assert item.zones.value.tolist() == pytest.approx(expected, rel=1e-6)


def test_service_coverage_is_that_of_true_circles(check, truth):
    item = measured(check, "service_coverage", tiers=CHECK_UP_TIERS)

    assert item.ratio.value == pytest.approx(truth["city"]["service_coverage"], abs=1e-4)
    expected = [district["service_coverage"] for district in truth["district"]]
    assert item.zones.value.tolist() == pytest.approx(expected, abs=1e-4)


def test_plain_functions_give_the_numbers_of_the_check(sample_city, check):
    city = gs.read_city(sample_city)

    ratio = gs.green_space_ratio(
        city.green, city.built_up, edition="2017", construction_land=city.construction_land
    )
    coverage = gs.green_coverage(gs.vegetation(city.image), city.built_up)

    assert ratio.value == pytest.approx(check.ratios["green_space_ratio"].value, rel=1e-12)
    assert coverage.value.iloc[0] == pytest.approx(check.ratios["green_coverage"].value, rel=1e-12)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    from greenspace.sample import write_sample

    return gs.read_city(write_sample(tmp_path_factory.mktemp("small") / "city", size="small"))


def assert_every_row_is_judged_or_says_why_not(rows):
    unjudged = rows[rows["verdict"] == "not_assessable"]
    assert set(rows["verdict"]) <= {"pass", "fail", "not_assessable"}
    assert unjudged["reason"].str.len().gt(0).all()


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_standard_judges_every_row_or_says_why_not(small, standard):
    assert_every_row_is_judged_or_says_why_not(gs.check(small, standard=standard).table)


@pytest.mark.slow
@pytest.mark.parametrize("standard", STANDARDS)
def test_so_does_every_standard_in_the_whole_sample(sample_check, standard):
    assert_every_row_is_judged_or_says_why_not(sample_check(standard).table)


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_other_seeds_lie_as_near(tmp_path, seed):
    from greenspace.sample import write_sample

    manifest = write_sample(tmp_path / "city", seed=seed, size="small")
    known = tomllib.loads((manifest.parent / "truth.toml").read_text(encoding="utf-8"))["city"]

    ratios = gs.check(manifest).ratios

    # half of the pixels of a small city lie on an edge: 1.5 points instead of one
    assert ratios["green_coverage"].value == pytest.approx(known["green_coverage"], abs=0.015)
    assert ratios["green_space_ratio"].value == pytest.approx(known["green_space_ratio"], rel=1e-6)
