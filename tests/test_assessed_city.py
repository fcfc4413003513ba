"""A check with reference points: the mapped value is judged, the estimate stands beside it."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

import greenspace as gs
from greenspace.cover import OTHER_MAP
from greenspace.errors import InputError
from greenspace.model.quantity import NO_REFERENCE, SYNTHETIC
from greenspace.present.record import check_json
from tests.town import CRS, IMAGE, MANIFEST, X, Y, measured, write_town

MATRIX = "[accuracy]\nmatrix = [[36, 4], [3, 37]]\nareas = [{}, {}]\n"
POINTS = '[accuracy]\nreference = "reference.gpkg"\n'
# how many, from x to x, green in truth: the image is green to x = 350 and unseen from 950 on,
# district A ends at 400, B at 900, the town at 1000
GROUPS = (
    (36, 0, 350, 1),
    (4, 0, 350, 0),
    (8, 350, 400, 0),
    (3, 400, 900, 1),
    (27, 400, 900, 0),
    (2, 900, 950, 0),
    (2, 950, 1000, 1),
    (1, 1100, 1200, 1),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = write_town(tmp_path_factory.mktemp("town"))
    rng = np.random.default_rng(11)
    rows = [
        (truth, Point(X + rng.uniform(west + 1, east - 1), Y + rng.uniform(1, 999)))
        for count, west, east, truth in GROUPS
        for _ in range(count)
    ]
    truths, shapes = zip(*rows, strict=True)
    frame = gpd.GeoDataFrame({"reference": truths}, geometry=list(shapes), crs=CRS)
    frame.to_crs(4490).to_file(folder / "reference.gpkg")
    return folder


def check_of(town, text):
    path = town / "assessed.toml"
    path.write_text(MANIFEST + IMAGE + text, encoding="utf-8")
    return gs.check(path)


@pytest.fixture(scope="module")
def plain(town):
    return check_of(town, "")


@pytest.fixture(scope="module")
def pointed(town):
    return check_of(town, POINTS)


def test_the_city_by_hand(pointed, plain):
    ratio = pointed.ratios["green_coverage"]
    # mapped 350 / 950; of what is so mapped 36 / 40 is green, of the rest 3 / 40
    assert ratio.value == pytest.approx(350 / 950)
    assert ratio.value == plain.ratios["green_coverage"].value
    expected = (350 * 36 / 40 + 600 * 3 / 40) / 950
    assert ratio.interval.estimate == pytest.approx(expected, rel=1e-6)
    assert ratio.interval.points == 80
    assert any(source.name == "reference.gpkg" for source in ratio.sources)


def test_districts_and_what_lies_in_none_by_hand(pointed):
    item = measured(pointed, "green_coverage", judged=True)
    west, east = (item.zones.ratio(row) for row in (0, 1))
    # of A is mapped green 7/8: 7/8 * 36/40 + 1/8 * 0/8; of B nothing: 3/30
    assert west.interval.estimate == pytest.approx(7 / 8 * 0.9, rel=1e-6)
    assert east.interval.estimate == pytest.approx(0.1)
    assert [west.interval.method, east.interval.method] == ["direct", "direct"]
    # two points lie outside the districts: the rest's 3/40 is lent
    assert item.outside.interval.estimate == pytest.approx(3 / 40)
    assert item.outside.no_interval == SYNTHETIC


def test_the_layer_shown_beside_is_assessed_too(pointed):
    beside = measured(pointed, "green_coverage", judged=False)
    # canopy to x = 300, and the points know no cloud: seen are all in the town
    assert beside.ratio.value == pytest.approx(0.3)
    assert beside.ratio.interval.points == 82


def test_points_that_do_not_count_are_told_once(pointed):
    told = {item.code: item for item in pointed.findings}
    assert told["reference_unseen"].count == 2
    assert told["reference_outside"].count == 1
    assert [item.code for item in pointed.findings].count("assessed") == 1
    assert "not_used" not in told or "accuracy" not in told["not_used"].text.en


def test_no_verdict_changes(pointed, plain):
    same = [(row.verdict, row.value, row.margin) for row in plain.verdicts]
    assert [(row.verdict, row.value, row.margin) for row in pointed.verdicts] == same
    assert pointed.verdict == plain.verdict


def test_without_accuracy_every_number_from_the_image_says_why(plain):
    item = measured(plain, "green_coverage", judged=True)
    every = (item.ratio, item.outside, *(item.zones.ratio(row) for row in range(2)))
    assert {ratio.no_interval for ratio in every} == {NO_REFERENCE}
    record = json.loads(check_json(plain))["ratios"][0]
    assert (record["interval"], record["no_interval"]["en"]) == (None, NO_REFERENCE.en)


def test_a_matrix_says_the_same_of_the_city_and_lends_to_districts(town):
    check = check_of(town, MATRIX.format("350_000", "600_000"))
    item = measured(check, "green_coverage", judged=True)
    expected = (350 * 36 / 40 + 600 * 3 / 40) / 950
    assert item.ratio.interval.estimate == pytest.approx(expected)
    west = item.zones.ratio(0).interval
    assert west.estimate == pytest.approx(7 / 8 * 36 / 40 + 1 / 8 * 3 / 40)
    assert west.confidence is None
    assert "few" not in item.zones.ratio(0).no_interval.en  # how many lie here is not known
    told = {finding.code: finding.text.en for finding in check.findings}
    assert "of the ground that areas in [accuracy] mean" in told["assessed"]
    beside = measured(check, "green_coverage", judged=False)
    assert beside.ratio.no_interval == OTHER_MAP
    assert "matrix_areas_differ" not in {finding.code for finding in check.findings}


def test_a_matrix_of_other_areas_is_told(town):
    check = check_of(town, MATRIX.format("450_000", "500_000"))
    assert "matrix_areas_differ" in {finding.code for finding in check.findings}

    check = check_of(town, MATRIX.format("0.4", "0.6"))
    (told,) = [item.text.en for item in check.findings if item.code == "matrix_areas_differ"]
    assert "0.4 m2 of green and 0.6 m2" in told


def test_validation_reads_the_classes_too(town):
    seen = gpd.read_file(town / "reference.gpkg").astype({"reference": str})
    seen.loc[[1, 2], "reference"] = ["grass", None]
    seen.to_file(town / "words.gpkg")
    text = '[accuracy]\nreference = "words.gpkg"\n'
    path = town / "words.toml"
    path.write_text(MANIFEST + IMAGE + text, encoding="utf-8")
    told = {item.layer: item for item in gs.validate(path).findings if item.severity == "error"}
    assert told["reference"].rows == (1,)


def test_a_class_without_points_stops_the_check(town):
    seen = gpd.read_file(town / "reference.gpkg")
    seen[:36].to_file(town / "west.gpkg")
    with pytest.raises(InputError) as caught:
        check_of(town, '[accuracy]\nreference = "west.gpkg"\n')
    assert caught.value.rows == ("not_green",)
