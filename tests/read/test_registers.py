"""Registers beside the layers: one that is empty, and inspections that cannot be read."""

from __future__ import annotations

import geopandas as gpd
import pytest

from greenspace.errors import ColumnError, GeometryError
from greenspace.estates import gauge_estates
from greenspace.read.city import read_city
from tests.quarter import gauge, ratio
from tests.town import CRS, LAYERS, MANIFEST

YARDS = '[layers.exemplary_yards]\npath = "city.gpkg"\nlayer = "yards"\n'
ROUNDS = '[inspections]\nlists = "rounds.csv"\n'


@pytest.fixture
def folder(tmp_path):
    for name, frame in LAYERS.items():
        frame.to_file(tmp_path / "city.gpkg", layer=name)
    return tmp_path


def city(folder, table):
    (folder / "city.toml").write_text(f"{MANIFEST}\n{table}", encoding="utf-8")
    return read_city(folder / "city.toml")


def test_a_register_of_yards_without_a_row_says_that_there_is_none(folder):
    nothing = gpd.GeoDataFrame({"name": []}, geometry=[], crs=CRS)
    nothing.to_file(folder / "city.gpkg", layer="yards")

    assert ratio(gauge(gauge_estates, city(folder, YARDS)), "exemplary_yard_count").value == 0


def test_any_other_layer_without_a_row_is_refused(folder):
    gpd.GeoDataFrame({"name": []}, geometry=[], crs=CRS).to_file(
        folder / "city.gpkg", layer="yards"
    )

    with pytest.raises(GeometryError):
        city(folder, YARDS.replace("exemplary_yards", "plantable"))


def test_inspections_with_a_cell_that_cannot_be_read_cost_nothing_else(folder):
    (folder / "rounds.csv").write_text("社区,日期,评级\n东,2026-13-01,优\n", encoding="utf-8")

    read = city(folder, ROUNDS)

    assert read.inspections is None
    (told,) = (finding for finding in read.findings if finding.layer == "inspections")
    assert (told.severity, told.rows) == ("warning", (0,))


def test_inspections_without_a_column_are_refused(folder):
    (folder / "rounds.csv").write_text("社区,日期\n东,2026-06-01\n", encoding="utf-8")

    with pytest.raises(ColumnError):
        city(folder, ROUNDS)
