"""Parameters of a user's own standard: what is entered is what is measured by."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

import greenspace as gs
from greenspace.read.city import read_city

X, Y = 500_000, 3_380_000
MANIFEST = """
[city]
name = "试城"
population = 1000
[layers.built_up]
path = "built_up.gpkg"
[layers.construction_land]
path = "land.gpkg"
[layers.green]
path = "green.gpkg"
columns = { class = "class" }
edition = "2017"
[layers.parks]
path = "parks.gpkg"
columns = { name = "name", class = "class" }
edition = "2017"
[layers.residential]
path = "homes.gpkg"
"""


def layer(*shapes, **columns):
    placed = [box(X + a, Y + b, X + c, Y + d) for a, b, c, d in shapes]
    return gpd.GeoDataFrame(columns, geometry=placed, crs="EPSG:4547")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Built-up 1000 x 1000 m, the western 800 m construction land; a park of 10 and one of 12 ha."""
    folder = tmp_path_factory.mktemp("town")
    layer((0, 0, 1000, 1000)).to_file(folder / "built_up.gpkg")
    layer((0, 0, 800, 1000)).to_file(folder / "land.gpkg")
    parks = ((0, 0, 400, 300), (0, 500, 500, 700))
    layer(*parks, name=["东园", "西园"], **{"class": ["G11", "G11"]}).to_file(folder / "parks.gpkg")
    every = (*parks, (800, 0, 1000, 1000))
    layer(*every, **{"class": ["G11", "G11", "EG1"]}).to_file(folder / "green.gpkg")
    layer((0, 900, 800, 1000)).to_file(folder / "homes.gpkg")
    path = folder / "city.toml"
    path.write_text(MANIFEST, encoding="utf-8")
    return read_city(path)


def own(folder, base, indicator, level, name, value):
    path = folder / "own.toml"
    path.write_text(
        f'extends = "{base}"\n[[criterion]]\nindicator = "{indicator}"\nlevel = "{level}"\n'
        f'[[criterion.parameter]]\nname = "{name}"\nvalue = {value}\nmark = "user"\n'
        'source = { document = "文号", page = 7 }\n',
        encoding="utf-8",
    )
    return f"{path}:{level}"


def test_the_cap_of_other_green_is_the_standards(city, tmp_path):
    """22 ha inside, 20 ha adjacent: 22 + 0.05 x 22 = 23.1 of 100 ha, not 22 + 0.2 x 22."""
    standard = own(tmp_path, "CN-2016", "green_space_ratio", "garden", "other_green_cap", 0.05)
    ratio = gs.check(city, standard=standard).ratios["green_space_ratio"]

    assert ratio.value == pytest.approx(0.231, abs=1e-9)
    assert any("other_green_cap = 0.05" in source.name for source in ratio.sources)
    assert gs.check(city, standard="CN-2016").ratios["green_space_ratio"].value == pytest.approx(
        0.264, abs=1e-9
    )


def test_the_least_size_of_a_comprehensive_park_decides_the_reading_beside(city, tmp_path):
    """12 ha and 10 ha: both have 10 ha, one has 11 ha, whatever decides the judged number."""
    standard = own(
        tmp_path, "CN-2016", "comprehensive_parks_per_10k", "garden", "area_min_m2", 110_000
    )
    found = {
        item.judged: item.ratio.numerator
        for item in gs.check(city, standard=standard).measured
        if item.ratio.indicator == "comprehensive_parks_per_10k"
    }
    assert found == {True: 2.0, False: 1.0}


def test_a_rule_of_reach_is_measured_in_the_numbers_entered(city, tmp_path):
    """Homes lie 200 to 300 m north of a park of 10 ha, 500 m wide of 800 m."""
    near = own(tmp_path, "WHO-300", "who_300", "basic", "within_m", 150)
    found = {item.ratio.indicator: item.ratio for item in gs.check(city, standard=near).measured}

    assert found["who_300_of_land"].value == 0.0
    assert any(
        "文号 p. 7" in source.note.en for source in found["who_300_of_land"].sources if source.note
    )
    assert found["who_300_1_ha_of_land"].value > 0.5
