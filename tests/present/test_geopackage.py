"""Geopackage: the layers, their numbers, and texts that harm nothing."""

from __future__ import annotations

from dataclasses import replace

import pyogrio
import pytest
from pyproj import CRS

from greenspace.present.geopackage import write_geopackage


def read(path, layer):
    return pyogrio.read_dataframe(path, layer=layer)


def test_layers_that_exist_are_written(check, tmp_path):
    path = tmp_path / "layers.gpkg"

    names = write_geopackage(check, path)

    listed = {name for name, _ in pyogrio.list_layers(path)}
    assert listed == set(names)
    assert listed >= {"districts", "service_area", "served", "unserved", "green", "built_up"}
    assert read(path, "green").crs == check.crs


def test_districts_carry_their_numbers_and_names(check, tmp_path, nasty):
    write_geopackage(check, tmp_path / "a.gpkg")

    table = read(tmp_path / "a.gpkg", "districts")

    assert table["name"].tolist() == ["东城", nasty]
    assert table["green_coverage_numerator"].tolist() == [200_000.0, 159_960.0]
    assert table["green_coverage_unseen"].tolist() == [0.0, 1000.0]
    assert table["green_space_ratio_value"].isna().tolist() == [False, True]


def test_numbers_of_other_zones_are_not_laid_on_districts(check, tmp_path):
    other = tuple(replace(item, zone_names=("a", "b")) for item in check.measured)

    write_geopackage(replace(check, measured=other), tmp_path / "a.gpkg")

    assert "green_coverage_value" not in read(tmp_path / "a.gpkg", "districts").columns


def test_findings_are_a_table_without_shapes(check, tmp_path):
    write_geopackage(check, tmp_path / "a.gpkg")

    table = read(tmp_path / "a.gpkg", "findings")

    assert "geometry" not in table.columns
    assert table["severity"].tolist() == ["error", "warning", "note"]
    assert table["text_zh"].tolist()[0] == "有误。"


@pytest.mark.parametrize("findings", [True, False])
def test_a_check_without_layers_is_still_a_file(check, tmp_path, findings):
    bare = replace(check, layers={}, findings=check.findings if findings else ())

    assert write_geopackage(bare, tmp_path / "a.gpkg") == ("findings",)
    assert len(read(tmp_path / "a.gpkg", "findings")) == (3 if findings else 0)


def test_columns_of_the_users_own_are_left_behind(check, tmp_path):
    green = check.layers["green"].assign(fid=[9] * 5, GEOM=["x"] * 5, owner=["\x00a"] * 5)

    write_geopackage(replace(check, layers={"green": green}), tmp_path / "a.gpkg")

    table = read(tmp_path / "a.gpkg", "green")
    assert set(table.columns) == {"name", "class", "owner", "area_m2", "geometry"}
    assert table["owner"].tolist() == ["a"] * 5


def test_a_citys_own_grid_is_written(check, tmp_path):
    local = CRS.from_wkt('LOCAL_CS["city grid",UNIT["metre",1]]')
    layers = {
        "green": check.layers["green"].set_crs(local, allow_override=True),
        "built_up": check.layers["built_up"].set_crs(None, allow_override=True),
    }

    names = write_geopackage(replace(check, layers=layers), tmp_path / "a.gpkg")

    assert names == ("built_up", "green", "findings")


def test_a_second_number_of_the_same_indicator_has_columns_of_its_own(check, tmp_path):
    first = check.measured[0]
    law = replace(first, ratio=replace(first.ratio, numerator=1.0), zones=check.measured[1].zones)

    write_geopackage(replace(check, measured=(first, law)), tmp_path / "a.gpkg")

    table = read(tmp_path / "a.gpkg", "districts")
    assert table["green_coverage_numerator"].tolist() == [200_000.0, 159_960.0]
    assert table["green_coverage_beside_numerator"].tolist() == [100_000.0, 0.0]
