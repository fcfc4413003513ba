"""Whole checks on a town whose numbers can be redone by hand."""

from __future__ import annotations

from dataclasses import replace

import geopandas.testing
import pytest

import greenspace as gs
from greenspace.errors import GeometryError, ManifestError, UnverifiedProfileError
from greenspace.pipeline import LAW
from tests.town import LAYERS, MANIFEST, measured, write_image


@pytest.fixture(scope="module")
def check(town):
    return gs.check(town / "city.toml", standard="CN-2010")


def test_the_image_is_judged_and_counts_what_it_does_not_show(check):
    ratio = check.ratios["green_coverage"]

    # seen: 950 m of 1000; green: 350 of them
    assert ratio.unseen == pytest.approx(50 * 1000)
    assert ratio.denominator == pytest.approx(950 * 1000)
    assert ratio.value == pytest.approx(350 / 950)
    assert ratio.bounds == pytest.approx((0.35, 0.40))


def test_too_much_unseen_is_not_assessable(check):
    # bounds 35 % to 40 % lie on both sides of 36 %
    row = next(v for v in check.verdicts if v.indicator == "green_coverage")

    assert row.verdict == "not_assessable"
    assert any(finding.code == "unseen" for finding in check.findings)


def test_canopy_polygons_are_shown_beside_it(check, town):
    beside = measured(check, "green_coverage", judged=False)
    alone = gs.check(town / "polygons.toml", standard="CN-2010")

    assert beside.ratio.value == pytest.approx(0.30)
    assert alone.ratios["green_coverage"].value == pytest.approx(0.30)


def test_other_green_land_counts_up_to_a_fifth_of_that_inside(check):
    # inside 15 ha, adjacent 10 ha, capped at 3 ha: 18 of 100 ha
    assert check.ratios["green_space_ratio"].value == pytest.approx(0.18)


def test_parks_are_cut_at_the_built_up_line(check):
    ratio = check.ratios["park_area_per_capita"]

    assert ratio.numerator == pytest.approx(100_000)  # not the 20 m west of the line
    assert ratio.value == pytest.approx(10.0)


def test_service_counts_residential_land(check):
    # the park's east side is x = 100: homes from 100 to 800, served up to 600
    assert check.ratios["service_coverage"].value == pytest.approx(500 / 700)


def test_districts_are_their_own_built_up_area_and_the_rest_is_named(check):
    item = measured(check, "green_coverage", judged=False)
    rows = item.zones.to_frame()

    assert item.zone_names == ("甲区", "乙区")
    assert rows["denominator"].tolist() == pytest.approx([400_000, 500_000])
    assert item.outside.denominator == pytest.approx(100_000)
    whole = rows["numerator"].sum() + item.outside.numerator
    assert whole == pytest.approx(item.ratio.numerator)


def test_the_lowest_district_is_named(check):
    rows = {v.indicator: v for v in check.verdicts if v.standard == "CN-2010"}

    # 甲区: 10 of 40 ha; 乙区: 5 of 50 ha
    lowest = rows["lowest_district_green_space_ratio"]
    assert (lowest.ratio.place, lowest.verdict) == ("乙区", "fail")
    assert lowest.value == pytest.approx(0.10)
    assert rows["lowest_district_park_area_per_capita"].ratio.place == "乙区"
    assert rows["lowest_district_park_area_per_capita"].value == 0.0


def test_the_gate_comes_first_and_says_that_the_review_would_end(check):
    gate = [v.indicator for v in check.verdicts if v.gate]

    assert gate == ["green_coverage", "green_space_ratio", "park_area_per_capita"]
    assert [v.indicator for v in check.verdicts[:3]] == gate
    assert check.verdict == "fail"
    assert check.overall.review_ends == ("green_space_ratio",)


def test_the_law_follows_in_rows_of_its_own(check):
    law = [v for v in check.verdicts if v.standard == LAW]

    assert {v.indicator for v in law} >= {"park_area_per_capita", "service_coverage"}
    assert check.verdicts[-len(law) :] == tuple(law)


def test_a_missing_layer_is_a_reason_not_an_error(town):
    text = MANIFEST.replace("[layers.residential]", "[layers.units]")
    (town / "less.toml").write_text(text, encoding="utf-8")

    check = gs.check(town / "less.toml", standard="CN-2010")

    row = next(v for v in check.verdicts if v.indicator == "service_coverage")
    assert row.verdict == "not_assessable"
    assert "residential" in row.reason.en
    assert check.ratios["green_space_ratio"].value == pytest.approx(0.18)


def test_without_districts_the_city_stands_for_the_lowest(town):
    city = gs.read_city(town / "polygons.toml")
    layers = {name: frame for name, frame in city.layers.items() if name != "districts"}

    check = gs.check(replace(city, layers=layers), standard="CN-2010")

    row = next(v for v in check.verdicts if v.indicator == "lowest_district_green_space_ratio")
    assert row.value == pytest.approx(0.18)


def test_each_standard_measures_service_by_its_own_tiers(town):
    check = gs.check(town / "polygons.toml", standard="CN-2005")

    tiers = {item.tiers for item in check.measured if item.tiers}
    assert tiers == {((1000.0, 500.0),), ((5000.0, 500.0), (2000.0, 300.0))}


def test_supplied_numbers_are_judged_as_supplied(town):
    text = MANIFEST + '[supplied]\npublic_satisfaction = "85%"\n'
    (town / "supplied.toml").write_text(text, encoding="utf-8")

    check = gs.check(town / "supplied.toml", standard="CN-2010")

    row = next(v for v in check.verdicts if v.indicator == "public_satisfaction")
    assert (row.verdict, row.basis) == ("pass", "supplied")


def test_declared_numbers_stand_beside_the_measured(town):
    text = MANIFEST + '[declared]\ngreen_coverage = "41.4%"\n'
    (town / "declared.toml").write_text(text, encoding="utf-8")

    found = [f for f in gs.check(town / "declared.toml").findings if f.code == "declared"]

    assert "41.40%" in found[0].text.en
    assert "+11.40" in found[0].text.en


def test_verified_only_refuses_a_provisional_number(town):
    with pytest.raises(UnverifiedProfileError):
        gs.check(town / "polygons.toml", standard="CN-2016", verified_only=True)


def test_an_image_of_another_place_is_refused_with_both_extents(town, tmp_path):
    write_image(tmp_path, shift=50_000)
    city = gs.read_city(town / "city.toml")
    elsewhere = replace(city.images[0], path=tmp_path / "image.tif")

    with pytest.raises(GeometryError) as caught:
        gs.check(replace(city, images=(elsewhere,)))

    assert caught.value.layer == "built_up"
    assert len(caught.value.expected) == len(caught.value.found) == 4


def test_a_city_without_layers_is_refused(town):
    city = replace(gs.read_city(town / "city.toml"), layers={})

    with pytest.raises(ManifestError):
        gs.check(city)


def test_checks_leave_the_city_as_it_was(town):
    city = gs.read_city(town / "city.toml")
    before = {name: frame.copy() for name, frame in city.layers.items()}

    gs.check(city)

    for name, frame in city.layers.items():
        geopandas.testing.assert_geodataframe_equal(frame, before[name])


def test_progress_is_told(town):
    steps = []

    gs.check(town / "polygons.toml", progress=lambda *step: steps.append(step[:2]))

    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]


def test_float_populations_are_not_written_to():
    towns = LAYERS["districts"].assign(POP=[4000.0, 6000.0])

    gs.park_area_per_capita(LAYERS["parks"], "POP", zones=towns)

    assert towns["POP"].tolist() == [4000.0, 6000.0]
