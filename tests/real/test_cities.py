"""Whole checks of real cities, beside figures computed without this package."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import greenspace as gs
from greenspace.errors import DataWarning

pytestmark = pytest.mark.real_data

OLINDA = """
[city]
name = "Olinda"
[layers.built_up]
path = "{folder}/olinda/olinda1.shp"
[layers.districts]
path = "{folder}/olinda/olinda1.shp"
columns = {{ name = "CD_GEOCODI", population = "V014" }}
[[image]]
path = "{folder}/olinda/L7_ETMs.tif"
bands = {{ red = 3, nir = 4 }}
[vegetation]
threshold = 0.2
"""
HELSINKI = """
[city]
name = "Helsinki"
[layers.built_up]
path = "layers.gpkg"
layer = "built_up"
[layers.districts]
path = "layers.gpkg"
layer = "districts"
columns = { name = "name" }
[layers.parks]
path = "layers.gpkg"
layer = "parks"
columns = { name = "name" }
[layers.residential]
path = "layers.gpkg"
layer = "residential"
"""
BOX = shapely.box(24.935, 60.164, 24.953, 60.179)  # what the OSM layers cover


@pytest.fixture(scope="module")
def olinda(real_data, tmp_path_factory):
    manifest = tmp_path_factory.mktemp("olinda") / "city.toml"
    manifest.write_text(OLINDA.format(folder=real_data.as_posix()), encoding="utf-8")
    return gs.check(manifest, standard="CN-2010")


@pytest.fixture(scope="module")
def helsinki(real_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("helsinki")
    source = real_data / "helsinki"
    derived = source / "helsinki_layers_derived.gpkg"
    green = gpd.read_file(derived, layer="green")
    districts = gpd.read_file(source / "helsinki_city_districts_2021.gpkg").to_crs(4326)
    districts = districts[districts.intersects(BOX)].clip(BOX)[["name", "geometry"]]
    layers = {
        "parks": green[green["leisure"] == "park"][["name", "geometry"]],
        "residential": gpd.read_file(derived, layer="residential_landuse")[["geometry"]],
        "districts": districts,
        "built_up": districts[["geometry"]],
    }
    for name, frame in layers.items():
        frame.to_file(folder / "layers.gpkg", layer=name)
    (folder / "city.toml").write_text(HELSINKI, encoding="utf-8")
    return folder


def test_olinda_covers_what_cell_centres_say(olinda):
    ratio = olinda.ratios["green_coverage"]

    # data.md: 0.229938 of 51 292 cell centres inside the tracts, which have 4 169.17 ha
    assert ratio.value == pytest.approx(0.229938, abs=2e-4)
    assert ratio.denominator + ratio.unseen == pytest.approx(4169.17e4, rel=1e-5)


def test_olinda_says_what_the_image_does_not_reach(olinda):
    # tracts reach past the west and south edges: 51 292 centres are 4 166.19 ha
    assert olinda.ratios["green_coverage"].unseen == pytest.approx(2.98e4, rel=0.3)
    assert any(finding.code == "unseen" for finding in olinda.findings)


def test_olinda_tracts_add_up_to_the_city(olinda):
    item = olinda.measured[0]
    rows = item.zones.to_frame()

    assert len(rows) == 470
    assert rows["numerator"].sum() == pytest.approx(item.ratio.numerator, rel=1e-6)
    assert olinda.city.population == 377_779


def test_olinda_has_no_parks_and_says_so(olinda):
    row = next(v for v in olinda.verdicts if v.indicator == "park_area_per_capita")

    assert row.verdict == "not_assessable"
    assert "parks" in row.reason.en


def test_helsinki_serves_what_plain_buffers_say(helsinki):
    check = gs.check(helsinki / "city.toml", standard="CN-2005")
    for tiers in ({5000: 500, 2000: 300}, {1000: 500}):
        measured = next(item for item in check.measured if len(item.tiers) == len(tiers))
        assert measured.ratio.value == pytest.approx(by_plain_buffers(helsinki, tiers), abs=1e-4)


def test_helsinki_with_one_small_park_leaves_homes_unserved(helsinki):
    parks = gpd.read_file(helsinki / "layers.gpkg", layer="parks").to_crs(3067)
    small = parks[parks.area.between(2300, 2400)]
    homes = gpd.read_file(helsinki / "layers.gpkg", layer="residential").to_crs(3067)

    # of 26 blocks 4 are invalid, one of them a line there and back
    with (
        pytest.warns(DataWarning, match="3 invalid shapes"),
        pytest.warns(DataWarning, match="collapsed to a line or a point.*: 1"),
    ):
        ratio = gs.service_coverage(small, homes)

    ground = homes.make_valid().union_all()
    served = ground.intersection(small.union_all().buffer(300, 512)).area
    assert 0 < ratio.value < 1
    assert ratio.value == pytest.approx(served / ground.area, abs=1e-4)


def test_helsinki_coverage_and_per_head_are_not_assessable(helsinki):
    table = gs.check(helsinki / "city.toml", standard="CN-2010").table
    rows = table[table["standard"] == "CN-2010"].set_index("indicator")

    for indicator in ("green_coverage", "green_space_ratio", "park_area_per_capita"):
        assert rows.loc[indicator, "verdict"] == "not_assessable"
        assert pd.isna(rows.loc[indicator, "value"])
        assert rows.loc[indicator, "reason"]


def by_plain_buffers(folder, tiers):
    def layer(name):
        return gpd.read_file(folder / "layers.gpkg", layer=name).to_crs(3067).make_valid()

    ground = layer("built_up").union_all()
    homes = layer("residential").union_all().intersection(ground)
    reached = shapely.union_all(
        [
            park.buffer(max(radius for least, radius in tiers.items() if park.area >= least), 512)
            for park in layer("parks")
            if park.area >= min(tiers)
        ]
    )
    return homes.intersection(reached).area / homes.area
