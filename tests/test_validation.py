"""Validation: each kind of trouble in a small town, with its rows, its ground and what rests on it."""

from __future__ import annotations

import math
import shutil

import pyproj
import pytest

import greenspace as gs
from greenspace.model.crs import local_metre
from greenspace.model.layers import INDICATORS
from tests.town import IMAGE, LAYERS, MANIFEST, at, layer, write_image

SEVERITIES = ["error", "warning", "note"]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    for name, frame in LAYERS.items():
        frame.to_file(folder / "city.gpkg", layer=name)
    green = layer(  # parks are the G1 parcels, so that the two layers agree
        [at(-20, 0, 100, 1000), at(500, 0, 600, 500)], CLASS=["G11", "RG"]
    )
    green.to_file(folder / "city.gpkg", layer="green")
    (folder / "city.toml").write_text(MANIFEST, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(sound, tmp_path_factory):
    """The numbers of the sound town with an image."""
    folder = shutil.copytree(sound, tmp_path_factory.mktemp("whole") / "town")
    write_image(folder)
    (folder / "city.toml").write_text(MANIFEST + IMAGE, encoding="utf-8")
    return gs.check(folder / "city.toml").ratios


@pytest.fixture
def town(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "town") / "city.toml"


def put(town, name, frame):
    frame.to_file(town.parent / "city.gpkg", layer=name)


def edit(town, old, new):
    text = town.read_text(encoding="utf-8")
    assert old in text
    town.write_text(text.replace(old, new), encoding="utf-8")


def found(town, code):
    """Return the one finding of a code."""
    (item,) = [item for item in gs.validate(town).findings if item.code == code]
    return item


def codes(town):
    return {item.code for item in gs.validate(town).findings}


ALWAYS = {"outside_districts"}  # the east 100 m of the town are in neither district


def test_a_sound_town_has_only_what_is_true_of_it(town):
    assert codes(town) == ALWAYS
    # 100 x 1000 m of the built-up area
    assert found(town, "outside_districts").area_m2 == pytest.approx(100_000)


def test_worst_first_and_then_the_larger_ground(town):
    put(town, "homes", layer([at(100, 400, 800, 500), at(0, 0, 100, 100), at(0, 0, 100, 100)]))
    edit(town, "population = 10_000", "population = 99")
    edit(town, 'edition = "2017"', 'edition = "2002"')

    findings = gs.validate(town).findings
    order = [(SEVERITIES.index(item.severity), -(item.area_m2 or 0)) for item in findings]

    assert order == sorted(order)
    assert {item.severity for item in findings} >= {"error", "warning"}


def test_codes_of_the_other_edition_are_told_as_such(town):
    edit(town, 'edition = "2017"', 'edition = "2002"')

    item = found(town, "class_of_other_edition")

    # RG is of 2017 only; 100 x 500 m
    assert (item.severity, item.layer, item.rows) == ("error", "green", (1,))
    assert item.area_m2 == pytest.approx(50_000)
    assert "2017" in item.text.en
    assert item.indicators == INDICATORS["green"]
    with pytest.raises(gs.GreenspaceError):
        gs.check(town)


def test_a_missing_and_an_unknown_code_are_two_things(town):
    green = layer([at(-20, 0, 100, 1000), at(300, 0, 310, 9)], CLASS=["G11", None])
    put(town, "green", green)
    assert found(town, "class_missing").rows == (1,)

    put(town, "green", green.assign(CLASS=["G11", "QX"]))
    assert found(town, "class_unknown").rows == (1,)

    put(town, "green", green.assign(CLASS=["G11", "G29"]))
    item = found(town, "class_unlisted")
    assert (item.severity, item.rows, item.area_m2) == ("warning", (1,), pytest.approx(90))


def test_a_district_without_people_or_name_is_told(town):
    districts = LAYERS["districts"].assign(NAME=["甲区", None], POP=[10_000, 0])
    put(town, "districts", districts)

    assert found(town, "population_zero").rows == (1,)
    assert found(town, "district_names").rows == (1,)


def test_a_district_outside_the_built_up_area_is_a_warning_and_a_home_a_note(town):
    put(town, "homes", layer([at(100, 400, 800, 500), at(5000, 0, 5100, 100)]))
    assert found(town, "outside_built_up").severity == "note"

    edit(town, 'layer = "homes"', 'layer = "districts"\ncolumns = { name = "NAME" }')
    far = layer([at(-50, 0, 900, 1000), at(3000, 0, 3100, 9)], NAME=["甲", "乙"], POP=[9000, 1000])
    put(town, "districts", far)
    outside = [item for item in gs.validate(town).findings if item.code == "outside_built_up"]
    assert {item.layer: item.severity for item in outside} == {
        "districts": "warning",
        "residential": "note",
    }


def test_parks_and_park_parcels_that_differ_are_told_with_their_ground(town):
    put(town, "parks", layer([at(-20, 0, 90, 1000), at(600, 600, 610, 610)], NAME=["西", "东"]))

    beyond, short = found(town, "park_not_green"), found(town, "green_not_park")

    assert (beyond.layer, beyond.rows, beyond.area_m2) == ("parks", (1,), pytest.approx(100))
    assert (short.layer, short.rows, short.area_m2) == ("green", (0,), pytest.approx(10_000))


def test_what_is_not_given_is_a_note_with_what_rests_on_it(town):
    text = MANIFEST.partition("[layers.green]")[0].replace("population = 10_000", "")
    text = text.replace(', population = "POP"', "")
    town.write_text(text, encoding="utf-8")

    missing = {item.layer: item for item in gs.validate(town).findings if item.code == "not_given"}

    assert set(missing) == {"green", "parks", "residential", "image", "population"}
    assert {item.severity for item in missing.values()} == {"note"}
    assert {"service_coverage", "network_service_coverage"} < set(missing["residential"].indicators)


def test_a_standard_that_does_not_exist_is_told(town):
    edit(town, 'name = "试城"', 'name = "试城"\nstandard = "CN-1999"')

    assert found(town, "refused_definition").layer == "manifest"


def test_an_image_that_reaches_half_the_town_is_told_with_the_rest(town):
    town.write_text(MANIFEST + IMAGE, encoding="utf-8")
    write_image(town.parent, shift=-600.0)

    item = found(town, "image_short")

    # 1200 m wide from x = -700: to x = 500, so 500 x 1000 m are not shown
    assert (item.severity, item.area_m2) == ("warning", pytest.approx(500_000))
    assert item.file == "image.tif"


def test_an_image_elsewhere_or_without_its_bands_is_an_error(town):
    town.write_text(MANIFEST + IMAGE, encoding="utf-8")
    write_image(town.parent, shift=9000.0)
    assert found(town, "image_short").severity == "error"

    edit(town, "nir = 2", "nir = 7")
    item = found(town, "refused_raster")
    assert (item.layer, item.indicators) == ("image", INDICATORS["image"])
    assert "green_coverage" in item.indicators


def test_a_file_that_is_no_map_is_told_and_the_rest_goes_on(town):
    (town.parent / "broken.gpkg").write_bytes(b"not a map")
    edit(town, 'path = "city.gpkg"\nlayer = "homes"', 'path = "broken.gpkg"')

    item = found(town, "refused_input")

    assert (item.layer, item.file, item.severity) == ("residential", "broken.gpkg", "error")
    assert codes(town) > ALWAYS


def test_a_city_in_memory_is_validated_too(town):
    city = gs.read_city(town)

    assert gs.validate(city).findings == gs.validate(town).findings


def test_a_city_without_any_layer_is_told(tmp_path):
    (tmp_path / "city.toml").write_text('[city]\nname = "空"\n', encoding="utf-8")

    inspection = gs.validate(tmp_path / "city.toml", repair=True)

    assert {item.code for item in inspection.findings} == {"not_given"}
    assert inspection.sound
    assert inspection.crs is None
    assert inspection.mended == ()


def test_a_citys_own_grid_is_looked_at_in_its_own_metres(town):
    for name, frame in LAYERS.items():
        put(town, name, frame.set_crs(local_metre(), allow_override=True))
    edit(town, "[layers.built_up]", '[measure]\ncrs = "local-metre"\n[layers.built_up]')

    assert found(town, "outside_districts").area_m2 == pytest.approx(100_000)


def test_degrees_are_measured_in_metres(town):
    for name, frame in LAYERS.items():
        put(town, name, frame.to_crs(4490))

    inspection = gs.validate(town)

    assert inspection.crs == pyproj.CRS.from_epsg(4547)
    gap = next(item for item in inspection.findings if item.code == "outside_districts")
    assert gap.area_m2 == pytest.approx(100_000, rel=1e-4)


@pytest.mark.parametrize("name", [*INDICATORS])
def test_an_indicator_that_loses_its_number_with_an_input_is_said_to_rest_on_it(name, town, whole):
    write_image(town.parent)
    town.write_text(MANIFEST + IMAGE, encoding="utf-8")
    layers = {
        "districts": "[layers.districts]",
        "image": "[[image]]",
        "population": "population = 10_000",
    }
    text = town.read_text(encoding="utf-8")
    text = text.replace("population_basis", "# population_basis")
    if name == "population":
        text = text.replace("population = 10_000", "").replace(', population = "POP"', "")
    else:
        head, _, rest = text.partition(layers.get(name, f"[layers.{name}]"))
        rest = rest[rest.index("\n[") + 1 :] if "\n[" in rest else ""
        text = head + rest
    town.write_text(text, encoding="utf-8")

    left = gs.check(town).ratios

    lost = {k for k in whole if k not in left or not math.isclose(whole[k].value, left[k].value)}
    assert lost <= set(INDICATORS[name])
