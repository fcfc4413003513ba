"""Gathering: what read_city would stop at is kept as a finding, and the rest goes on."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, box

from greenspace.errors import CrsError, GeometryError, GreenspaceError, ManifestError
from greenspace.model.source import finding_of
from greenspace.model.words import Text
from greenspace.read.city import gather_city, read_city
from tests.town import LAYERS, MANIFEST


@pytest.fixture
def town(tmp_path):
    for name, frame in LAYERS.items():
        frame.to_file(tmp_path / "city.gpkg", layer=name)
    (tmp_path / "city.toml").write_text(MANIFEST, encoding="utf-8")
    return tmp_path / "city.toml"


def edit(manifest, old, new):
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new), encoding="utf-8")


def refusals(manifest):
    city, _ = gather_city(manifest)
    found = [item for item in city.findings if item.severity == "error"]
    with pytest.raises(GreenspaceError) as strict:
        read_city(manifest)
    assert any(item.text.en in finding_of(strict.value).text.en for item in found)
    return city, [(item.code, item.layer) for item in found]


def test_a_sound_city_is_read_alike_in_both_ways(town):
    city, left_out = gather_city(town)
    strict = read_city(town)

    assert city.findings == strict.findings
    assert city.inputs == strict.inputs
    assert list(city.layers) == list(strict.layers)
    assert left_out == {}


def test_every_unknown_key_and_wrong_value_is_told_at_once(town):
    edit(town, 'population_basis = "城区人口"', 'populaton = 3\nregion = "east"')
    edit(town, "[layers.construction_land]", "[layers.constructions]")
    edit(town, 'edition = "2017"', 'edition = "2019"')

    _, found = refusals(town)

    assert sorted(found, key=str) == [
        ("refused_manifest", "constructions"),
        ("refused_manifest", "green"),  # the edition that does not exist
        ("refused_manifest", "green"),  # and so no edition for the codes
        ("refused_manifest", None),
        ("refused_manifest", None),
    ]


@pytest.mark.parametrize(
    "manifest", ["", "city = 3", "[city]\n", '[city]\nname = ""\n', "image = 3\n", "[[layers]]\n"]
)
def test_a_manifest_without_its_facts_is_told_and_read(tmp_path, manifest):
    path = tmp_path / "city.toml"
    path.write_text(manifest, encoding="utf-8")

    city, found = refusals(path)

    assert {code for code, _ in found} == {"refused_manifest"}
    assert city.name == "—"
    assert not city.layers


def test_a_manifest_that_is_no_toml_stops(tmp_path):
    path = tmp_path / "city.toml"
    path.write_text("[city", encoding="utf-8")

    with pytest.raises(ManifestError):
        gather_city(path)


def test_layers_that_cannot_be_read_do_not_hide_each_other(town):
    edit(town, 'path = "city.gpkg"\nlayer = "parks"', 'path = "none.gpkg"')
    edit(town, 'layer = "homes"', 'layer = "house"')
    edit(town, 'layer = "canopy"', "")

    city, found = refusals(town)

    assert found == [
        ("refused_input", "parks"),
        ("refused_input", "residential"),
        ("refused_input", "vegetation"),
    ]
    assert list(city.layers) == ["built_up", "districts", "construction_land", "green"]


def test_a_layer_goes_on_without_the_column_that_it_lacks(town):
    edit(town, 'population = "POP"', 'population = "PPO"')

    city, found = refusals(town)

    assert found == [("refused_column", "districts")]
    assert list(city.districts["name"]) == ["甲区", "乙区"]
    assert "population" not in city.districts


def test_people_that_are_no_number_are_told_and_left_out(town):
    LAYERS["districts"].assign(POP=["4000", "many"]).to_file(
        town.parent / "city.gpkg", layer="districts"
    )

    city, found = refusals(town)

    assert found == [("refused_column", "districts")]
    assert "population" not in city.districts


def test_rows_of_another_kind_are_told_and_kept_aside(town):
    shapes = [*LAYERS["homes"].geometry, Point(500_100, 3_380_100), None]
    homes = gpd.GeoDataFrame({"N": [1, 2, 3]}, geometry=shapes, crs=LAYERS["homes"].crs)
    homes.to_file(town.parent / "city.gpkg", layer="homes")

    city, found = refusals(town)
    _, left_out = gather_city(town)

    assert found == [("refused_geometry", "residential")]
    assert len(city.residential) == 1
    assert left_out["residential"]["N"].tolist() == [2, 3]


def test_a_layer_elsewhere_is_told_and_left_out(town):
    far = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=4326)
    far.to_file(town.parent / "city.gpkg", layer="homes")

    city, found = refusals(town)

    assert found == [("refused_geometry", "residential")]
    assert "residential" not in city.layers


def test_an_image_that_is_not_there_is_told(town):
    edit(town, "[layers.built_up]", '[[image]]\npath = "no.tif"\n[layers.built_up]')

    city, found = refusals(town)

    assert found == [("refused_input", "image")]
    assert city.image is None


def test_a_refusal_says_the_same_as_a_finding():
    error = CrsError(
        "图层没有坐标系。",
        "The layer has no CRS.",
        remedy=Text(zh="请指定。", en="Give one."),
        file="a.shp",
        layer="parks",
        rows=[3, 4],
    )

    found = finding_of(error)

    assert found.text == Text(zh="图层没有坐标系。请指定。", en="The layer has no CRS. Give one.")
    assert (found.severity, found.file, found.layer) == ("error", "a.shp", "parks")
    assert (found.rows, found.count) == ((3, 4), 2)
    assert finding_of(GeometryError("空", "empty")).count is None
