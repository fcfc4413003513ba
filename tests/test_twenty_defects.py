"""Twenty planted defects: validation finds the twenty and nothing else; a check is right or refuses."""

from __future__ import annotations

import math
from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest

import greenspace as gs
from tests.defects import DEFECTS, REFUSED, Draft, plain, without_images

SEED = 20
PAIRS = list(combinations(DEFECTS, 2))
SHUFFLED = list(np.random.default_rng(SEED).permutation(list(DEFECTS)))
EACH_ONCE = list(zip(SHUFFLED[::2], SHUFFLED[1::2], strict=True))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small sample city without images, its findings and its numbers."""
    from greenspace.sample import write_sample

    folder = tmp_path_factory.mktemp("small") / "city"
    write_sample(folder, size="small")
    without_images(folder)
    canopy = gpd.read_file(folder / "layers.gpkg", layer="vegetation")
    canopy[::8].to_file(folder / "layers.gpkg", layer="vegetation")  # enough for a number
    path = folder / "city.toml"
    return folder, plain(gs.validate(path).findings), numbers(gs.check(path))


def numbers(check):
    return {name: ratio.value for name, ratio in check.ratios.items()}


@pytest.fixture(scope="module")
def sound(sample_city):
    """What is found in the sample city as it is."""
    return gs.validate(sample_city).findings


def test_the_twenty_are_found_and_nothing_else(sample_city, sound, tmp_path):
    draft = Draft.of(sample_city.parent, SEED)
    planted = {plant(draft) for plant, _ in DEFECTS.values()}
    path = draft.write(sample_city.parent, tmp_path / "city")

    found = gs.validate(path).findings

    assert len(planted) == len(DEFECTS) == 20
    assert plain(found) - plain(sound) == planted
    with pytest.raises(gs.GreenspaceError):
        gs.check(path)


def test_the_sample_city_has_no_error_and_no_warning(sound):
    assert {item.severity for item in sound} == {"note"}


def hold(small, tmp_path, names, seed):
    folder, known, right = small
    draft = Draft.of(folder, seed)
    planted = {DEFECTS[name][0](draft) for name in names}
    changes = [DEFECTS[name][1] for name in names]
    path = draft.write(folder, tmp_path / "city")

    findings = gs.validate(path).findings
    assert plain(findings) - known == planted
    if REFUSED in changes:
        with pytest.raises(gs.GreenspaceError):
            gs.check(path)
        return
    measured = numbers(gs.check(path))
    assert measured.keys() == right.keys()
    may_change = frozenset().union(*changes)
    told = {name for item in findings if plain([item]) <= planted for name in item.indicators}
    for name, value in right.items():
        if not math.isclose(measured[name], value, rel_tol=1e-9):
            assert name in may_change, name
            assert name in told, name  # by the finding of the defect that changed it


@pytest.mark.parametrize("pair", EACH_ONCE, ids=" + ".join)
def test_two_defects_are_both_found_and_the_numbers_right_or_refused(pair, small, tmp_path):
    hold(small, tmp_path, pair, SEED)


@pytest.mark.slow
@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_alone(name, small, tmp_path):
    hold(small, tmp_path, [name], SEED + 1)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "pair"), list(enumerate(PAIRS)), ids=str)
def test_every_pair_of_defects(number, pair, small, tmp_path):
    hold(small, tmp_path, pair, number)
