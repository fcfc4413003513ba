"""Corrections and vegetation polygons of a city: judged, shown beside, and told."""

from __future__ import annotations

import pytest

import greenspace as gs
from greenspace.errors import ColumnError, GeometryError, ManifestError
from tests.town import FIXES, IMAGE, at, corrected_town, layer


def numbers(check):
    """By label in English: green, seen and unseen hectares of the city, and whether judged."""
    return {
        item.label.en: (
            *(round(half / 1e4, 6) for half in (item.ratio.numerator, item.ratio.denominator)),
            None if item.ratio.unseen is None else round(item.ratio.unseen / 1e4, 6),
            item.judged,
        )
        for item in check.measured
        if item.ratio.indicator == "green_coverage"
    }


def found(check, code):
    return next(finding for finding in check.findings if finding.code == code)


def test_coverage_is_judged_corrected_and_shown_uncorrected(town):
    # 1 ha added of bare ground, half of one removed, and of the unseen 5 ha 4 made green
    check = gs.check(corrected_town(town, "fixes"), standard="CN-2010")

    assert numbers(check) == {
        "image": (35.0, 95.0, 5.0, False),
        "corrected image": (39.5, 99.0, 1.0, True),
        "vegetation layer": (30.0, 100.0, None, False),
    }
    row = next(row for row in check.verdicts if row.indicator == "green_coverage")
    assert row.value == pytest.approx(39.5 / 99)
    assert "image 36.84%, corrected image 39.90%" in found(check, "laid_over").text.en
    assert found(check, "green_added").area_m2 == pytest.approx(50_000)
    assert found(check, "green_removed").area_m2 == pytest.approx(5_000)
    assert found(check, "unseen").area_m2 == pytest.approx(10_000)
    assert not [finding for finding in check.findings if finding.code == "not_used"]


def test_the_corrected_number_names_the_corrections_and_the_other_does_not(town):
    check = gs.check(corrected_town(town, "fixes"), standard="CN-2010")

    roles = {
        item.label.en: {source.role for source in item.ratio.sources}
        for item in check.measured
        if item.label is not None
    }
    assert "corrections" in roles["corrected image"]
    assert "corrections" not in roles["image"]


def test_districts_and_the_picture_are_corrected_too(town):
    # district A, 40 ha: 35 green, half of one removed; the picture is of the corrected cover
    check = gs.check(corrected_town(town, "fixes"), standard="CN-2010")
    plain = gs.check(town / "city.toml", standard="CN-2010")

    judged = next(i for i in check.measured if i.judged and i.ratio.indicator == "green_coverage")
    assert judged.zones.value.tolist() == pytest.approx([34.5 / 40, 1 / 50])
    assert check.picture.green[:, 106:110].tolist() != plain.picture.green[:, 106:110].tolist()


def test_both_joins_the_layer_to_the_image(town):
    # crowns from 200 to 500 m: 15 ha beyond the image's green, counted once; then the corrections
    crowns = layer([at(200, 0, 400, 1000), at(300, 0, 500, 1000)])
    crowns.to_file(town / "city.gpkg", layer="crowns")
    path = corrected_town(town, "both", source="both")
    text = path.read_text(encoding="utf-8").replace('layer = "canopy"', 'layer = "crowns"')
    path.write_text(text, encoding="utf-8")

    check = gs.check(path, standard="CN-2010")

    assert numbers(check) == {
        "image": (35.0, 95.0, 5.0, False),
        "image and vegetation layer": (50.0, 95.0, 5.0, False),
        "corrected image and vegetation layer": (53.5, 99.0, 1.0, True),
        "vegetation layer": (30.0, 100.0, None, False),
    }


@pytest.mark.parametrize(("source", "image"), [("layer", IMAGE), ("image", "")])
def test_polygons_that_are_judged_are_not_corrected_and_it_is_said(town, source, image):
    check = gs.check(corrected_town(town, "unused", source=source, image=image), standard="CN-2010")

    assert numbers(check)["vegetation layer"] == (30.0, 100.0, None, True)
    assert found(check, "not_used").layer == "corrections"


@pytest.mark.parametrize(
    ("frame", "error", "code"),
    [
        (FIXES.assign(DO=["add", "maybe", "add"]), ColumnError, "refused_column"),
        (layer([at(0, 0, 9, 9)] * 2, DO=["add", "remove"]), GeometryError, "refused_geometry"),
    ],
)
def test_what_corrections_cannot_say_is_refused_and_validation_names_it(town, frame, error, code):
    path = corrected_town(town, code, frame)
    with pytest.raises(error) as refusal:
        gs.check(path)
    finding = next(item for item in gs.validate(path).findings if item.code == code)
    assert finding.layer == "corrections"
    assert len(finding.rows) == len(refusal.value.rows) > 0


def test_both_needs_a_vegetation_layer(town):
    path = corrected_town(town, "lone", source="both")
    text = path.read_text(encoding="utf-8")
    text = text.replace('[layers.vegetation]\npath = "city.gpkg"\nlayer = "canopy"\n', "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as refusal:
        gs.read_city(path)
    assert refusal.value.layer == "vegetation"
